/*
 * drive: runs one command line again and again, each time with another
 * allocation refused (refuse.c), and judges every run.
 *
 *	drive [-anr] [-e STEP] [-i FILE] [-f FOLDER] REFUSE.SO NAME COMMAND [ARGUMENT ...]
 *
 * It works in ./work. The command runs in a copy of FOLDER, or in an empty one,
 * with FILE on standard input. -r: what it writes is another thing in each run.
 * -n: with any other status than 0 and any message, files may be left.
 * -a: those of libcrypto too, one of each stack. -e: every STEPth of them only.
 *
 * Right is the status, the output, the messages and the files of the undisturbed
 * run; or status 2, a message that tells of memory on top of those of that run,
 * whole lines of its output, and the files that were there. Anything else is a
 * line on standard output, and status 1. The last line is
 *
 *	total NAME OURS THEIRS RUNS WRONG CRASHES CRASHES_ELSEWHERE
 *
 * with the allocations counted; a crash is elsewhere where it is within libc's own
 * functions, or within what we called when another library was refused memory.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECONDS 30              /* for one run */
#define LOADER 127              /* the status with which ld.so gives up */
#define HANGS 1000              /* the status of one that took longer */

struct text {
	char *p;
	size_t n;
};

struct result {
	int status;             /* of exit; or 256 and the signal; or HANGS */
	struct text out, err, files;
};

static int random_output, theirs_too, any_failure;
static const char *input = "/dev/null", *folder, *library, *name;
static unsigned long step = 1;
static char **command;
static unsigned long runs, wrongs, crashes, elsewhere;

static void
fail(const char *what)
{
	perror(what);
	exit(2);
}

static struct text
contents(const char *path)
{
	struct text t = { NULL, 0 };
	FILE *f = fopen(path, "r"), *to = open_memstream(&t.p, &t.n);
	char block[65536];
	size_t n;

	if (to == NULL)
		fail("memory");
	while (f != NULL && (n = fread(block, 1, sizeof block, f)) > 0)
		fwrite(block, 1, n, to);
	if (f != NULL)
		fclose(f);
	fclose(to);
	return t;
}

static int
same(struct text a, struct text b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* What is in a folder, with its files' sums: a line each. */
static void
list(FILE *to, const char *path)
{
	struct dirent **entry;
	struct text t;
	struct stat st;
	char below[4096];
	uint64_t hash;
	size_t k;
	int i, n = scandir(path, &entry, NULL, by_name);

	for (i = 0; i < n; free(entry[i++])) {
		if (strcmp(entry[i]->d_name, ".") == 0 || strcmp(entry[i]->d_name, "..") == 0)
			continue;
		/* the lock of who was ended at once, empty: the next run takes it over */
		if (strcmp(entry[i]->d_name, ".authorized_keys.xferkey") == 0)
			continue;
		snprintf(below, sizeof below, "%s/%s", path, entry[i]->d_name);
		if (lstat(below, &st) != 0)
			continue;
		hash = 14695981039346656037u;
		if (S_ISREG(st.st_mode) && !random_output) {
			t = contents(below);
			for (k = 0; k < t.n; k++)
				hash = (hash ^ (unsigned char)t.p[k]) * 1099511628211u;
			free(t.p);
		}
		fprintf(to, "%s %o %016llx %d\n", below, (unsigned)st.st_mode,
		    (unsigned long long)hash, st.st_size > 0);
		if (S_ISDIR(st.st_mode))
			list(to, below);
	}
	if (n >= 0)
		free(entry);
}

static struct text
files(void)
{
	struct text t;
	FILE *to = open_memstream(&t.p, &t.n);

	list(to, "work/folder");
	fclose(to);
	return t;
}

static void
refill(void)
{
	char line[4096];

	snprintf(line, sizeof line, "rm -rf work/folder && if [ -n '%s' ]; then cp -a '%s' work/folder; "
	    "else mkdir work/folder; fi", folder != NULL ? folder : "", folder != NULL ? folder : "");
	if (system(line) != 0)
		fail("work/folder");
}

/* plan: what refuse.c reads, or NULL. */
static struct result
run(const char *plan)
{
	extern char **environ;
	posix_spawn_file_actions_t act;
	struct timespec tick = { 0, 200000 };
	char preload[4096], planned[128], report[4096], cwd[2048];
	char **env, **e = environ;
	struct result r = { .status = HANGS };
	size_t n = 0;
	time_t start;
	int status;
	pid_t pid;

	if (getcwd(cwd, sizeof cwd) == NULL)
		fail("getcwd");
	snprintf(preload, sizeof preload, "LD_PRELOAD=%s", library);
	snprintf(report, sizeof report, "ALLOCATIONS_REPORT=%s/work/report", cwd);
	snprintf(planned, sizeof planned, "ALLOCATIONS=%s", plan != NULL ? plan : "");
	while (e[n] != NULL)
		n++;
	if ((env = calloc(n + 4, sizeof *env)) == NULL)
		fail("memory");
	memcpy(env, e, n * sizeof *env);
	env[n++] = preload;
	env[n++] = report;
	if (plan != NULL)
		env[n++] = planned;
	unlink("work/report");
	posix_spawn_file_actions_init(&act);
	posix_spawn_file_actions_addopen(&act, 0, input, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&act, 1, "work/out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&act, 2, "work/err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addchdir_np(&act, "work/folder");
	if ((errno = posix_spawn(&pid, command[0], &act, NULL, command, env)) != 0)
		fail(command[0]);
	posix_spawn_file_actions_destroy(&act);
	free(env);
	for (start = time(NULL); waitpid(pid, &status, WNOHANG) == 0; nanosleep(&tick, NULL))
		if (time(NULL) - start > SECONDS) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			status = -1;
			break;
		}
	if (status != -1)
		r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
	r.out = contents("work/out");
	r.err = contents("work/err");
	r.files = files();
	return r;
}

static void
done(struct result *r)
{
	free(r->out.p);
	free(r->err.p);
	free(r->files.p);
}

/* The next line of *t, without its end; 0 where there is none. */
static int
next_line(struct text *t, struct text *line)
{
	char *lf = t->n > 0 ? memchr(t->p, '\n', t->n) : NULL;

	if (t->n == 0)
		return 0;
	line->p = t->p;
	line->n = lf != NULL ? (size_t)(lf - t->p) : t->n;
	t->p += line->n + (lf != NULL);
	t->n -= line->n + (lf != NULL);
	return 1;
}

static int
has_line(struct text t, struct text line)
{
	struct text other;

	while (next_line(&t, &other))
		if (same(other, line))
			return 1;
	return 0;
}

/* A hint may be missing. */
static int
begins_line(struct text t, struct text start)
{
	struct text line;

	while (next_line(&t, &line))
		if (line.n >= start.n && memcmp(line.p, start.p, start.n) == 0)
			return 1;
	return 0;
}

static int
all_there(struct text lines, struct text in)
{
	struct text line;

	while (next_line(&lines, &line))
		if (!has_line(in, line))
			return 0;
	return 1;
}

static int
is_whole(struct text t)
{
	return t.n == 0 || t.p[t.n - 1] == '\n';
}

static int
tells(struct text line, const char *words)
{
	return memmem(line.p, line.n, words, strlen(words)) != NULL;
}

/* Why the messages of a run that was refused memory are not right, or NULL. */
static const char *
judge_messages(struct text err, struct text usual, int usual_trouble)
{
	struct text line;
	int told = usual_trouble;

	if (err.n == 0)
		return "no message";
	if (!is_whole(err))
		return "half a message";
	while (next_line(&err, &line))
		if (line.n < 8 || memcmp(line.p, "xferkey-", 8) != 0)
			return "a line that is no message";
		else if (tells(line, "out of memory") || tells(line, "Cannot allocate memory"))
			told = 1;
		else if (!has_line(usual, line) && !(usual_trouble && begins_line(usual, line)))
			return "a message that tells of something else";
	return told ? NULL : "no message that tells of memory";
}

static size_t
lines(struct text t)
{
	struct text line;
	size_t n = 0;

	while (next_line(&t, &line))
		n++;
	return n;
}

/* Whether that in the report was within libc: not in what we call ourselves, such as
 * strlen(NULL), but in what that has called. */
static int
in_libc(struct text report, const char *word)
{
	char first[64] = "", second[64] = "", number[16];
	struct text line;

	while (next_line(&report, &line))
		if (line.n > 8 && memcmp(line.p, word, strlen(word)) == 0 &&
		    sscanf(line.p, word[0] == 'c' ? "crash %15s %63s %63s" : "%15s %63s %63s", number, first,
		    second) == 3)
			return strncmp(first, "libc.", 5) == 0 && strncmp(second, "libc.", 5) == 0;
	return 0;
}

/* Why a run is not right, or NULL. libcs: what libc says of its own shortage may be
 * another thing. */
static const char *
judge(const struct result *r, const struct result *usual, struct text before, int libcs)
{
	const char *why;

	if (r->status == HANGS)
		return "it hangs";
	if (r->status >= 256)
		return "it crashes";
	if (r->status == usual->status && (same(r->out, usual->out) || (random_output &&
	    lines(r->out) == lines(usual->out))) && same(r->err, usual->err) &&
	    same(r->files, usual->files))
		return NULL;
	if (any_failure && r->status != 0)
		return r->err.n == 0 ? "no message" : is_whole(r->err) ? NULL : "half a message";
	if (r->status != 2)
		return r->status != usual->status ? "another status" :
		    !same(r->err, usual->err) ? "the status, with other messages" :
		    !same(r->files, usual->files) ? "the status, with other files" : "the status, with other output";
	if ((why = judge_messages(r->err, usual->err, usual->status == 2)) != NULL &&
	    !(libcs && r->err.n > 0 && is_whole(r->err)))
		return why;
	if (!is_whole(r->out) || (!random_output && !all_there(r->out, usual->out)))
		return "garbage on standard output";
	if (!same(r->files, before) && !(usual->status == 2 && same(r->files, usual->files)))
		return "files were left or changed";
	return NULL;
}

/* The innermost frame of the program itself in a line of the report. */
static struct text
own_frame(struct text line)
{
	const char *slash = strrchr(command[0], '/'), *own = slash != NULL ? slash + 1 : command[0];
	char start[256];
	struct text t = { NULL, 0 };

	snprintf(start, sizeof start, " %s+0x", own);
	if ((t.p = memmem(line.p, line.n, start, strlen(start))) != NULL)
		t.n = strcspn(t.p + 1, " \n") + 1;
	return t;
}

/* Of what was called from there when memory was refused, did that crash? The first
 * own frames of a refusal are the allocator that we give libcrypto. */
static int
is_elsewhere(const struct result *r, struct text report, int theirs)
{
	struct text rest = report, line, refused = { NULL, 0 }, crash = { NULL, 0 }, frame;

	while (next_line(&rest, &line))
		if (line.n > 7 && memcmp(line.p, "refused", 7) == 0)
			refused = line;
		else if (line.n > 5 && memcmp(line.p, "crash", 5) == 0)
			crash = line;
	frame = own_frame(crash);
	if (tells(r->err, "free()") || tells(r->err, "malloc") || tells(r->err, "corrupt"))
		return 0;       /* libc aborts, but what it found is ours */
	if (in_libc(report, "crash") || tells(r->err, "for thread-local data: ABORT"))
		return 1;
	return theirs && frame.n > 0 && refused.n > 0 &&
	    memmem(refused.p, refused.n, frame.p, frame.n) != NULL;
}

static void
show(const char *word, const char *why, const char *plan, const struct result *r, struct text report)
{
	struct text err = r->err, line;

	printf("%s: %s: %s: %s; status %d", word, name, plan, why, r->status);
	if (next_line(&err, &line))
		printf("; %.*s", (int)line.n, line.p);
	putchar('\n');
	while (next_line(&report, &line))
		printf("\t%.*s\n", (int)line.n, line.p);
}

static void
try(char kind, unsigned long n, int lasting, const struct result *usual, struct text before)
{
	struct result r;
	struct text report;
	const char *why;
	char plan[64];

	snprintf(plan, sizeof plan, "%c,%lu,%d", kind, n, lasting);
	r = run(plan);
	report = contents("work/report");
	runs++;
	if ((why = judge(&r, usual, before, in_libc(report, "refused"))) != NULL) {
		if ((r.status < 256 && r.status != LOADER) || r.status == HANGS)
			wrongs++;
		else if (is_elsewhere(&r, report, kind == 'c'))
			elsewhere++;
		else
			crashes++;
		show(is_elsewhere(&r, report, kind == 'c') ? "elsewhere" : "wrong", why, plan, &r, report);
	}
	free(report.p);
	if (!same(r.files, before))
		refill();
	done(&r);
}

static void
parse(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "+anre:i:f:")) != -1)
		switch (c) {
		case 'a': theirs_too = 1; break;
		case 'r': random_output = 1; break;
		case 'n': any_failure = 1; break;
		case 'e': step = strtoul(optarg, NULL, 10); break;
		case 'i': input = optarg; break;
		case 'f': folder = optarg; break;
		default: exit(2);
		}
	if (argc - optind < 3 || step == 0)
		exit(2);
	library = argv[optind];
	name = argv[optind + 1];
	command = argv + optind + 2;
}

int
main(int argc, char **argv)
{
	struct result usual;
	struct text before, report, line, rest;
	unsigned long ours = 0, theirs = 0, n, tried = 0;

	parse(argc, argv);
	setvbuf(stdout, NULL, _IOLBF, 0);
	refill();
	before = files();
	usual = run(NULL);
	report = contents("work/report");
	if (usual.status > 2 || (report.n == 0 && usual.status != 2))
		fail(name);
	if (!same(usual.files, before))
		refill();
	for (rest = report; next_line(&rest, &line);) {
		n = strtoul(line.p + 2, NULL, 10);
		ours += line.p[0] == 'o';
		theirs += line.p[0] == 'c';
		if ((line.p[0] != 'o' && !theirs_too) || tried++ % step != 0)
			continue;
		try(line.p[0], n, 0, &usual, before);
		try(line.p[0], n, 1, &usual, before);
	}
	printf("total %s %lu %lu %lu %lu %lu %lu\n", name, ours, theirs, runs, wrongs, crashes, elsewhere);
	return wrongs + crashes > 0;
}
