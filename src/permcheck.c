#include "die.h"
#include "escape.h"
#include "permission_repair.h"
#include "permission_rules.h"
#include "permission_scan.h"
#include "permission_target.h"
#include "secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char die_tool[] = "permcheck";

static const char usage[] =
"usage: xferkey permcheck [-s|-c] [-p upstream|debian] [-x] [operand ...]\n"
"\n"
"Prints what sshd or ssh refuses for its owner or mode, one finding a line:\n"
"refuse or note, path, rule, consequence. Silent when there is nothing.\n"
"\n"
"  user            ~user/.ssh/authorized_keys, as sshd sees it\n"
"  folder          the same for the home of its account\n"
"  user:home       the same for another home\n"
"  user:file       another authorized_keys file; relative to the user's home\n"
"  file            a private key, as ssh sees it; or an authorized_keys file\n"
"  -               user:home lines on standard input\n"
"  (none)          your own authorized_keys and private keys\n"
"\n"
"  -s              look as sshd does\n"
"  -c              look as ssh does: a key file, or the keys in a home's .ssh\n"
"  -p debian       accept a group of exactly the user, as Debian's OpenSSH does\n"
"  -x              print the repairing commands instead\n"
"\n"
"exit status: 0 nothing refused, 1 something refused, 2 not decided\n";

struct run {
	unsigned sides;                 /* asked for; 0: what the operand suggests */
	int repair, status;
	int shown;                      /* on a terminal */
	enum permission_profile profile;
	struct permission_target_known known;
};

static void
found(void *to, const struct permission_finding *f)
{
	struct run *run = to;
	struct buffer line = BUFFER_EMPTY;

	if (f->refused && run->status == STATUS_YES)
		run->status = STATUS_NO;
	if (run->repair) {
		permission_repair_put(&line, f, run->shown);
	} else {
		buffer_puts(&line, f->refused ? "refuse\t" : "note\t");
		escape_put(&line, slice_str(f->path));
		buffer_puts(&line, "\t");
		buffer_puts(&line, permission_rules_word(f->rule));
		buffer_puts(&line, "\t");
		permission_rules_put_reason(&line, f);
		buffer_puts(&line, "\n");
	}
	if (line.failed)
		run->status = warn_line("%.1024s: out of memory", f->path);
	else if (line.n > 0)
		fwrite(line.p, 1, line.n, stdout);
	buffer_free(&line);
}

/* A message has room for 2,047 bytes, a path may have more. */
static void
trouble(struct run *run, const char *path, const char *why)
{
	run->status = warn_line("%.1024s: %s", path, why);
}

static void
judge(struct run *run, const struct permission_target *t)
{
	const struct permission_check check = {
		.account = &t->account, .home = t->home, .folder = t->folder, .profile = run->profile,
		.table = &run->known.table, .parent = &run->known.parent, .found = found, .to = run,
	};
	char *where = NULL;

	if ((t->sides & PERMISSION_SERVER) && t->file != NULL) {
		if (permission_rules_authorized_keys(&check, t->file) != 0)
			trouble(run, t->file, strerror(errno));
	} else if (t->sides & PERMISSION_SERVER) {
		if (permission_scan_server(&check, &where) != 0)
			trouble(run, where == NULL ? t->home : where, strerror(errno));
		free(where);
	}
	if ((t->sides & PERMISSION_CLIENT) && t->file != NULL) {
		if (permission_rules_key(&check, t->file) != 0)
			trouble(run, t->file, strerror(errno));
	} else if (t->sides & PERMISSION_CLIENT) {
		if (permission_scan_client(&check, &where) != 0)
			trouble(run, where == NULL ? t->home : where, strerror(errno));
		free(where);
	}
}

/* One operand, or NULL. */
static void
look_at(struct run *run, const char *operand)
{
	struct permission_target t;
	const char *error;

	error = permission_target_become(&t, &run->known, operand, run->sides);
	if (error == NULL)
		judge(run, &t);
	else
		trouble(run, operand != NULL ? operand : "the invoking user", error);
	if (t.changed && account_return() != 0)
		die("cannot become root again:");
	permission_target_free(&t);
}

/* Reads a line without its LF into room bytes. 1; 0 when it does not fit or
 * holds a NUL; -1 at the end. */
static int
read_line(char *line, size_t room)
{
	size_t n = 0;
	int c, fits = 1;

	while ((c = getc_unlocked(stdin)) != EOF && c != '\n') {
		fits = fits && c != '\0' && n < room - 1;
		if (fits)
			line[n++] = (char)c;
	}
	line[n] = '\0';
	return c == EOF && n == 0 && fits ? -1 : fits;
}

static void
look_at_lines(struct run *run)
{
	char line[8192];
	unsigned long number = 0;
	size_t user;
	int fits;

	if (account_load(&run->known.table) != 0)
		die("the accounts of this machine:");
	while ((fits = read_line(line, sizeof line)) != -1) {
		number++;
		user = strcspn(line, ":/");
		if (!fits || user == 0 || strncmp(line + user, ":/", 2) != 0)
			run->status = warn_line("standard input: line %lu: not user:home", number);
		else
			look_at(run, line);
	}
	if (ferror(stdin))
		run->status = warn_line("standard input:");
}

static enum permission_profile
profile(const char *name)
{
	if (strcmp(name, "upstream") != 0 && strcmp(name, "debian") != 0)
		die("%s: not a profile; there are upstream and debian", name);
	return name[0] == 'd' ? PERMISSION_DEBIAN : PERMISSION_UPSTREAM;
}

int
main(int argc, char *argv[])
{
	struct run run = { .status = STATUS_YES };
	int c, i;

	secret_guard();
	while ((c = getopt(argc, argv, ":scp:xh")) != -1) {
		switch (c) {
		case 's': run.sides |= PERMISSION_SERVER; break;
		case 'c': run.sides |= PERMISSION_CLIENT; break;
		case 'p': run.profile = profile(optarg); break;
		case 'x': run.repair = 1; break;
		default: die_option(c, usage);
		}
	}
	run.shown = isatty(STDOUT_FILENO);
	if (!run.shown)
		setvbuf(stdout, NULL, _IOFBF, 65536);
	if (optind == argc)
		look_at(&run, NULL);
	for (i = optind; i < argc; i++)
		if (strcmp(argv[i], "-") == 0)
			look_at_lines(&run);
		else
			look_at(&run, argv[i]);
	permission_target_forget(&run.known);
	if (fflush(stdout) == EOF || ferror(stdout))
		die_output();
	return run.status;
}
