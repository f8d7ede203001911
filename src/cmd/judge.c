/* judge: a helper of who: lists the keys in accounts' files, and what sshd says of the files and lines. */
#include "authorized/authorized_judge.h"
#include "base/error.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "crypto/crypto.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "judge";

static const char usage[] =
"usage: xferkey-judge [-p upstream|debian] <LINES\n"
"\n"
"Reads lines USER:FILE, or :FILE for the invoking user, with absolute names of\n"
"authorized_keys files. Prints tab-separated columns for each key in them:\n"
"\n"
"   1 account      6 fingerprint  11 yes, or no or not known and the reason,\n"
"   2 file         7 options         which is not in 10\n"
"   3 line         8 expires      12 the value of from=\n"
"   4 type         9 comment      13 command, if there is command=\n"
"   5 bits        10 which owner  14 the key\n"
"                    or mode is refused\n"
"\n"
"Status: 0, or 2 if a file could not be judged.\n";

/* Prints the rows of the file, or says why it has none. */
static int
judge(struct authorized_judge *j, const struct account *a, const char *home, const char *file)
{
	int r;

	if (strpbrk(file, "*?[") != NULL)
		return die_warn("%s: %.1024s: its keys are not listed: since OpenSSH 10, this may be a pattern",
		    a->name, file);
	r = authorized_judge_file(j, a, home, file);
	if (j->out.n > 0)
		fwrite(j->out.p, 1, j->out.n, stdout);
	if (j->out.failed)
		buffer_free(&j->out);
	buffer_truncate(&j->out, 0);
	if (r == 1)
		die_warn("%s: its keys are not listed: sshd refuses the file: %.*s", a->name, (int)j->other.n,
		    (const char *)j->other.p);
	if (r < 0)
		return die_warn("%s: %.1024s: its keys are not listed: %s", a->name, file,
		    r == ERROR_TOO_BIG ? "more than 8 MiB" : error_text(r));
	return STATUS_YES;
}

/* Judges the file as the account. */
static int
look_at(struct authorized_judge *j, const char *user, const char *file)
{
	const int own = *user == '\0';
	struct account a = { 0 };
	const char *home = NULL;
	int r = own ? account_own(&j->table, &a) : account_by_name(&j->table, user, &a);

	if (r == 1)
		home = own ? getenv("HOME") : *a.home == '\0' ? "/" : a.home;
	if (r != 1 || home == NULL || home[0] != '/')
		r = die_warn("%s: %s", own ? "the invoking user" : user,
		    error_text(r == 1 ? ERROR_HOME : r == 0 ? ERROR_NO_USER : ERROR_SYSTEM));
	else if (file[0] != '/')
		r = die_warn("%s: %.1024s: not an absolute path", own ? "the invoking user" : user, file);
	else if (account_become(&j->table, &a) < 0)
		r = die_warn("%s: %s", user, error_text(!ACCOUNT_ALL ? ERROR_STATIC : errno == EPERM ? ERROR_ONLY_ROOT :
		    ERROR_SYSTEM));
	else
		r = judge(j, &a, home, file);
	if (account_return() != 0)
		die("cannot become root again:");
	account_free(&a);
	return r;
}

static int
look_at_lines(struct authorized_judge *j)
{
	char *line = NULL, *colon;
	size_t room = 0;
	ssize_t n;
	int status = STATUS_YES;

	while ((n = getline(&line, &room, stdin)) > 0) {
		line[n - (line[n - 1] == '\n')] = '\0';
		colon = strchr(line, ':');
		if (colon == NULL)
			die("standard input: not USER:FILE: %.1024s", line);
		*colon = '\0';
		if (look_at(j, line, colon + 1) != STATUS_YES)
			status = STATUS_TROUBLE;
	}
	if (!feof(stdin))       /* without memory, getline(3) sets no flag */
		die("standard input:");
	free(line);
	return status;
}

int
main(int argc, char **argv)
{
	static struct authorized_judge j = { .out = BUFFER_INIT(4 * AUTHORIZED_JUDGE_MAX),
	    .modes = BUFFER_EMPTY, .other = BUFFER_EMPTY, .first = BUFFER_EMPTY };  /* has no secrets to wipe */
	int c, status;

	secret_guard();
	j.now = time(NULL);
	while ((c = getopt(argc, argv, ":p:h")) != -1) {
		if (c != 'p')
			die_option(c, argv, usage);
		j.profile = strcmp(optarg, "debian") == 0 ? PERMISSION_DEBIAN : PERMISSION_UPSTREAM;
	}
	unsetenv("TZ"); /* sshd uses the system's time zone */
	crypto_init(0, die_memory);
	if ((j.digest = digest_new("SHA256")) == NULL)
		die("SHA256: %s", error_text(ERROR_CRYPTO));
	if (chdir("/") != 0)    /* as sshd: a link may lead through /proc/self/cwd */
		die("/:");
	if (getuid() == 0 && account_load(&j.table) != 0)
		die("the accounts of this machine:");
	status = look_at_lines(&j);
	die_output();
	return status;
}
