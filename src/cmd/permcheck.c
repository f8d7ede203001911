/* permcheck: prints which files sshd or ssh refuses because of owner or mode. */
#include "base/error.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "permission/permission_report.h"
#include "permission/permission_scan.h"
#include "permission/permission_target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "permcheck";

static const char usage[] =
"usage: xferkey permcheck [-jsc] [-p upstream|debian] [-x] [operand ...]\n"
"\n"
"Prints which files sshd or ssh refuses because of owner or mode, one finding a\n"
"line: refuse or note, path, rule, reason. Prints nothing if there is none.\n"
"\n"
"  user       ~user/.ssh/authorized_keys, as sshd sees it\n"
"  directory  a home: its authorized_keys, for the account whose home it is\n"
"  user:home  authorized_keys in another home of the user\n"
"  user:file  another file of the user; a relative name begins in the home\n"
"  file       a private key, as ssh sees it; or an authorized_keys file\n"
"  -          user:home lines on standard input\n"
"  (none)     your own authorized_keys and private keys\n"
"\n"
"  -j         prints one JSON object a line: verdict, path, rule, reason\n"
"  -s         judge as sshd does\n"
"  -c         judge as ssh does: a key file, or keys in a home's .ssh; -sc both\n"
"  -p debian  accept a group whose only member is the user: the default if\n"
"             there is a file /etc/debian_version; -p upstream never does\n"
"  -x         print commands that repair the findings instead\n"
"\n"
"Status: 0 nothing refused, 1 something refused, 2 something not judged.\n";

#define LINE 8192                       /* bytes: a line of user:home must have fewer */

struct run {
	unsigned sides;                 /* 0: the operand decides */
	int json, repair, status;
	int shown;                      /* output goes to a terminal */
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
	if (run->repair)
		permission_report_put_repair(&line, f, run->shown);
	else
		permission_report_put(&line, f, run->json);
	if (line.failed)
		run->status = die_warn("%.1024s: out of memory", f->path);
	else if (line.n > 0)
		fwrite(line.p, 1, line.n, stdout);
	buffer_free(&line);
}

/* A message has room for 2,047 bytes, a path may have more. */
static void
undecided(void *to, const char *path, int error)
{
	struct run *run = to;

	run->status = die_warn("%.1024s: %s", path, error_text(error));
}

static void
look_at(struct run *run, const char *operand)
{
	struct permission_target t;
	struct permission_check check = {
		.account = &t.account, .home_st = &t.home_st, .profile = run->profile, .table = &run->known.table,
		.parent = &run->known.parent, .found = found, .undecided = undecided, .to = run,
	};
	int r = permission_target_become(&t, &run->known, operand, run->sides);

	check.home = t.home;
	if (r == ERROR_NONE)
		permission_scan(&check, t.sides, t.file);
	else
		undecided(run, operand != NULL ? operand : "the invoking user", r);
	if (t.changed && account_return() != 0)
		die("cannot become root again:");
	permission_target_free(&t);
}

static void
look_at_lines(struct run *run)
{
	char *line = NULL;
	size_t room = 0, n, user;
	unsigned long number = 0;
	ssize_t got;

	if (account_load(&run->known.table) != 0)
		die("the accounts of this machine:");
	while ((got = getline(&line, &room, stdin)) > 0) {
		number++;
		n = (size_t)got - (line[got - 1] == '\n');
		line[n] = '\0';
		user = strcspn(line, ":/");
		if (strlen(line) < n || n >= LINE || user == 0 || strncmp(line + user, ":/", 2) != 0)
			run->status = die_warn("standard input: line %lu: not user:home", number);
		else
			look_at(run, line);
	}
	if (!feof(stdin))       /* without memory, getline(3) sets no flag */
		run->status = die_warn("standard input:");
	free(line);
}

static enum permission_profile
profile(const char *name)
{
	if (strcmp(name, "upstream") != 0 && strcmp(name, "debian") != 0)
		die("-p %s: not one of upstream debian", name);
	return name[0] == 'd' ? PERMISSION_DEBIAN : PERMISSION_UPSTREAM;
}

/* The profile of this system's sshd. */
static enum permission_profile
own_profile(void)
{
	static const char file[] = "/etc/debian_version";

	if (!ACCOUNT_ALL)
		return PERMISSION_UPSTREAM;
	if (access(file, F_OK) == 0)
		return PERMISSION_DEBIAN;
	if (errno != ENOENT && errno != ENOTDIR)
		die("not known whether this is Debian, which -p can say: %s:", file);
	return PERMISSION_UPSTREAM;
}

int
main(int argc, char *argv[])
{
	struct run run = { .status = STATUS_YES };
	int c, i, named = 0;

	secret_guard();
	while ((c = getopt(argc, argv, ":jscp:xh")) != -1) {
		switch (c) {
		case 'j': run.json = 1; break;
		case 's': run.sides |= PERMISSION_SERVER; break;
		case 'c': run.sides |= PERMISSION_CLIENT; break;
		case 'p': run.profile = profile(optarg), named = 1; break;
		case 'x': run.repair = 1; break;
		default: die_option(c, argv, usage);
		}
	}
	if (!named)
		run.profile = own_profile();
	if (run.json && run.repair)
		die("-j and -x: commands cannot be printed as JSON");
	if (permission_target_settle(&run.known) != 0)
		die("/:");
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
	die_output();
	return run.status;
}
