#include "run.h"
#include "buffer.h"
#include "escape.h"
#include "key_error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define KIB_MAX (32 * 1024)
#define SECONDS_MAX 1.0
#define TIMEOUT 20      /* seconds, for what hangs */

extern char **environ;

static const struct {
	const char *name;
	int file;               /* writes the file "result" */
	int secret;             /* writes a private key, and nothing in trouble */
	const char *argv[8];    /* behind the name; "?" is the passphrase's source */
} filters[] = {
	[FILTER_FPR] = { "fpr", 0, 0, { "-P", "?", "key" } },
	[FILTER_PUBFMT] = { "pubfmt", 0, 0, { "-P", "?", "key" } },
	[FILTER_PRIVFMT] = { "privfmt", 0, 1, { "-P", "?", "-N", "none", "key" } },
	[FILTER_LIST] = { "privfmt", 0, 0, { "-l", "key" } },
	[FILTER_FIPS] = { "fips-convert", 1, 1, { "-P", "?", "-N", "none", "-o", "result", "key" } },
	[FILTER_AUTHKEYS] = { "authkeys", 1, 1, { "-f", "result" } },
};

const char *
run_name(enum filter filter)
{
	return filter == FILTER_LIST ? "privfmt -l" : filters[filter].name;
}

static volatile sig_atomic_t late;

static void
on_alarm(int signal)
{
	late = signal;
}

/* posix_spawn copies nothing of this process: a third of fork's time. */
static pid_t
start(const struct run *r, const int fd[3])
{
	char path[4096];
	const char *argv[10] = { path };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	size_t i;

	(void)snprintf(path, sizeof path, "%s/xferkey-%s", r->programs, filters[r->filter].name);
	for (i = 0; filters[r->filter].argv[i] != NULL; i++)
		argv[i + 1] = strcmp(filters[r->filter].argv[i], "?") == 0 ? r->pass :
		    filters[r->filter].argv[i];
	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	for (i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&actions, fd[i], (int)i);
	if (posix_spawn(&pid, path, &actions, NULL, (char *const *)(void *)argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

/* Its end, or that of what hangs. */
static int
finish(struct run *r, pid_t pid)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct rusage usage;
	int status;

	sigaction(SIGALRM, &action, NULL);
	(void)alarm(TIMEOUT);
	while (wait4(pid, &status, 0, &usage) != pid)
		if (errno != EINTR || !late || kill(pid, SIGKILL) != 0)
			return -1;
	(void)alarm(0);
	late = 0;
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_OF_SIGNAL + WTERMSIG(status);
	r->kib = usage.ru_maxrss;
	r->seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	return 0;
}

/* A file of our own, with these bytes in it. */
static int
scratch(const char *name, struct slice text)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd >= 0 && (write(fd, text.p, text.n) != (ssize_t)text.n ||
	    lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static void
slurp(int fd, struct buffer *to)
{
	unsigned char chunk[4096];
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) == 0)
		while ((n = read(fd, chunk, sizeof chunk)) > 0)
			buffer_put(to, chunk, (size_t)n);
}

static void
complain(struct run *r, const char *what, struct slice shown)
{
	if (r->wrong[0] == '\0')
		(void)snprintf(r->wrong, sizeof r->wrong, "%s%s%.*s", what, shown.n > 0 ? ": " : "",
		    (int)(shown.n < 150 ? shown.n : 150), (const char *)shown.p);
}

static int
known_fact(struct slice fact)
{
	int e;

	for (e = KEY_E_MEMORY; e <= KEY_E_CRYPTO; e++)
		if (slice_is(fact, key_error_text(e)))
			return 1;
	/* a policy's */
	return slice_starts(fact, "refused: ") || slice_starts(fact, "RSA under 2048 bits") ||
	    slice_is(fact, "DSA keys are no longer accepted");
}

/* Lines "xferkey-NAME: PLACE: FACT", one where not many. */
static void
check_said(struct run *r, struct slice said)
{
	struct slice rest = said, line = slice_line(&rest), fact = line;
	char start_of[64];

	(void)snprintf(start_of, sizeof start_of, "xferkey-%s: %s: ", filters[r->filter].name,
	    r->filter == FILTER_AUTHKEYS ? "standard input" : "key");
	if (said.n == 0 || (rest.n != 0 && !r->many)) {
		complain(r, said.n == 0 ? "nothing is said" : "not one line", said);
		return;
	}
	if (!slice_starts(line, start_of)) {
		complain(r, "said of what", line);
		return;
	}
	fact = slice_skip(line, strlen(start_of));
	if (slice_starts(fact, "line ") || slice_starts(fact, "lines ")) {
		size_t colon = slice_find(fact, ": ");

		fact = slice_skip(fact, colon < fact.n ? colon + 2 : fact.n);
	}
	if (!known_fact(fact))
		complain(r, "no fact that is known", line);
	(void)snprintf(r->fact, sizeof r->fact, "%.*s", (int)fact.n, (const char *)fact.p);
	if (rest.n > 0)
		check_said(r, rest);
}

static void
check_shown(struct run *r, struct slice shown)
{
	struct buffer escaped = BUFFER_EMPTY;
	struct slice line;

	if (shown.n == 0 || shown.p[shown.n - 1] != '\n')
		complain(r, "no result", shown);
	while (shown.n > 0) {
		line = slice_line(&shown);
		buffer_truncate(&escaped, 0);
		escape_put(&escaped, line);
		if (!slice_eq(buffer_slice(&escaped), line) &&
		    slice_find(line, "\t") == line.n)
			complain(r, "shows what a terminal should not see", line);
	}
	buffer_free(&escaped);
}

/* What is in the folder beside the files of our own; a result is removed. */
static void
check_files(struct run *r)
{
	int wanted = r->status == 0 && filters[r->filter].file;
	struct dirent *d;
	DIR *folder = opendir(".");

	while (folder != NULL && (d = readdir(folder)) != NULL) {
		if (d->d_name[0] == '.' || strcmp(d->d_name, "key") == 0 ||
		    strcmp(d->d_name, "said") == 0 || strcmp(d->d_name, "shown") == 0)
			continue;
		if (!wanted || strcmp(d->d_name, "result") != 0)
			complain(r, "leaves a file", slice_str(d->d_name));
		else
			wanted = 0;
		(void)unlink(d->d_name);
	}
	if (wanted)
		complain(r, "no result", slice_str(""));
	if (folder != NULL)
		closedir(folder);
}

static void
check(struct run *r, struct slice shown, struct slice said)
{
	check_files(r);
	if (r->status >= STATUS_OF_SIGNAL) {
		complain(r, "ended by a signal", said);
		return;
	}
	if (r->status != 0) {
		check_said(r, said);
		if (filters[r->filter].secret && shown.n > 0 && !r->some)
			complain(r, "writes in trouble", slice_str(""));
	} else {
		if (said.n > 0 && r->filter != FILTER_FIPS)
			complain(r, "says", said);
		if (!filters[r->filter].file)
			check_shown(r, shown);
	}
	if (r->seconds > SECONDS_MAX)
		complain(r, "slow", slice_str(""));
#ifndef XFERKEY_SANITIZE
	if (r->kib > KIB_MAX)
		complain(r, "much memory", slice_str(""));
#endif
}

int
run_filter(struct run *r, struct slice text)
{
	struct buffer shown = BUFFER_EMPTY, said = BUFFER_EMPTY;
	int fd[3] = { scratch("key", text), scratch("shown", slice_str("")),
	    scratch("said", slice_str("")) };
	int e = -1, i;
	pid_t pid = -1;

	r->fact[0] = r->wrong[0] = '\0';
	if (fd[0] >= 0 && fd[1] >= 0 && fd[2] >= 0)
		pid = start(r, fd);
	if (pid > 0 && (e = finish(r, pid)) == 0) {
		slurp(fd[1], &shown);
		slurp(fd[2], &said);
		check(r, buffer_slice(&shown), buffer_slice(&said));
	}
	for (i = 0; i < 3; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	buffer_free(&shown);
	buffer_free(&said);
	return e;
}
