/* authkeys: adds, removes or lists the keys of one authorized_keys file. */
#include "authorized/authorized_edit.h"
#include "authorized/authorized_keys.h"
#include "base/account.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "cmd/option.h"
#include "cmd/output.h"
#include "crypto/crypto.h"
#include "keyfile/key_policy.h"

#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "authkeys";

static const char usage[] =
"usage: xferkey authkeys [-aTvwr] [-O options] [-e expiry] [-u user] [-f file]\n"
"       xferkey authkeys -A | -d fingerprint [-v] [-u user] [-f file]\n"
"       xferkey authkeys -l [-v] | -k fingerprint [-u user] [-f file]\n"
"\n"
"Adds the public key on standard input to authorized_keys, without its options;\n"
"removes a key, or lists the keys. All other lines stay byte for byte.\n"
"\n"
"  -d fingerprint  removes the key with this fingerprint (of ssh-keygen -l, fpr)\n"
"  -A              appends the lines on standard input, with their options\n"
"  -l              lists for each key: fingerprint, bits, type, options, comment\n"
"  -k fingerprint  asks ssh-keygen in which lines OpenSSH finds the key\n"
"  -f file         the file; default .ssh/authorized_keys in the home\n"
"  -u user         becomes user first (root only); -f is relative to its home\n"
"  -O options      adds the key with these options, as in sshd(8)\n"
"  -e expiry       the key expires: +90d, or a date: YYYYMMDD or YYYYMMDDHHMM\n"
"  -w              accepts RSA of 1024 to 2047 bits\n"
"  -T              accepts only Aspera's shared keys; -O must force a command\n"
"  -r              if the file is new, all may read it (mode 0644)\n"
"  -v              prints what was done to which key; with -d the removed lines\n"
"\n"
"Status: 0 done, 1 no such key, 2 error: the file is unchanged, unless the\n"
"message says that it was changed.\n";

struct job {
	const char *file, *base, *expiry;
	int letter, say, weak, shared;
	unsigned char print[FINGERPRINT_TEXT];
	struct authorized_edit edit;
	struct buffer path, blob, lines, options, dropped;
	struct account account;
};

static void
whole(const struct buffer *b)
{
	if (b->failed)
		die_memory();
}

/* What was done: for the message when the report on it cannot be written. */
static const char *
done(enum authorized_edit_kind kind)
{
	return kind == AUTHORIZED_REMOVE ? "the key was removed, but the report was lost" :
	    kind == AUTHORIZED_ADD ? "the key was added, but the report was lost" :
	    kind == AUTHORIZED_APPEND ? "the lines were appended, but the report was lost" : "not changed";
}

/* A relative path begins at the home, except that of -f without -u. */
static void
become(struct job *job)
{
	const struct account_table none = { 0 };
	const int own = job->edit.user == NULL;

	if (!own && account_by_name(&none, job->edit.user, &job->account) != 1)
		die("-u %s: %s", job->edit.user, ACCOUNT_ALL ? "no such account" : error_text(ERROR_STATIC));
	if (!own && account_drop(&job->account) != 0)
		die("-u %s: %s", job->edit.user, ACCOUNT_ALL ? "only root may do this for somebody else" :
		    error_text(ERROR_STATIC));
	if (!own || job->file == NULL) {
		job->base = own ? getenv("HOME") : *job->account.home != '\0' ? job->account.home :
		    "/";                /* as for login(1) and sshd */
		if (job->base == NULL || job->base[0] != '/')
			die("%s%s is not an absolute path", own ? "" : job->edit.user, own ? "HOME" : ": the home");
	}
	if (job->file == NULL)
		job->file = ".ssh/authorized_keys";
	if (job->base != NULL && job->file[0] != '/')
		buffer_printf(&job->path, "%s/", job->base);
	if (buffer_puts(&job->path, job->file) != 0 || buffer_string(&job->path) == NULL)
		die_memory();
	if (job->path.p[0] == '/' && chdir("/") != 0)   /* as sshd: a link may lead through /proc/self/cwd */
		die("/:");
}

/* Makes the line to add from the key on standard input, if servers should let that key in. */
static void
receive(struct job *job)
{
	enum key_verdict verdict;
	struct key_input in;
	const char *why;
	int r;

	buffer_put_slice(&job->lines, buffer_slice(&job->options));
	buffer_puts(&job->lines, job->options.n > 0 ? " " : "");
	key_input_init(&in, (char *const []){ NULL }, KEY_RECEIVED);
	r = key_input_public(&in, &job->blob, &job->lines, &job->dropped);
	key_input_free(&in);    /* the input may be a private key */
	if (r != ERROR_NONE)
		die("standard input: %s", error_text(r));
	whole(&job->blob);
	whole(&job->lines);
	verdict = key_policy_server(buffer_slice(&job->blob), &why);
	if (job->shared && verdict != KEY_SHARED && verdict != KEY_UNJUDGED)
		die("standard input: -T: not a key that comes with Aspera software");
	if (verdict != (job->shared ? KEY_SHARED : KEY_GOOD) && (verdict != KEY_DOUBTFUL || !job->weak))
		die("standard input: %s%s", why, verdict == KEY_DOUBTFUL ? " (-w accepts it)" : "");
	job->edit.blob = buffer_slice(&job->blob);
	job->edit.options = buffer_slice(&job->options);
}

static void
parse(int argc, char **argv, struct job *job)
{
	static const char letters[] = "aAdlk";  /* in the order of enum authorized_edit_kind */
	int c, r;

	while ((c = getopt(argc, argv, ":aAd:k:le:f:O:u:rvwhT")) != -1)
		switch (c) {
		case 'd': case 'k':
			job->edit.fingerprint = option_fingerprint(c, optarg, job->print);
			/* FALLTHROUGH */
		case 'a': case 'A': case 'l':
			if (job->letter != 0 && job->letter != c)
				die("only one of -a, -A, -d, -k and -l can be given");
			job->letter = c;
			break;
		case 'e': job->expiry = optarg; break;
		case 'f': job->file = optarg; break;
		case 'O':
			r = authorized_keys_options(slice_str(optarg), time(NULL));
			if (r != ERROR_NONE || escape_needed(slice_str(optarg)) || job->options.n > 0)
				die("-O: %s: %s", r != ERROR_NONE ? error_text(r) : "given twice, or not printable", optarg);
			buffer_puts(&job->options, optarg);
			whole(&job->options);
			break;
		case 'u': job->edit.user = optarg; break;
		case 'r': job->edit.mode = 0644; break;
		case 'v': job->say = job->edit.whole = 1; break;
		case 'w': job->weak = 1; break;
		case 'T': job->shared = 1; break;
		default: die_option(c, argv, usage);
		}
	if (job->letter != 0)
		job->edit.kind = (enum authorized_edit_kind)(strchr(letters, job->letter) - letters);
	if (argv[optind] != NULL)
		die("%s: unexpected: a key comes on standard input; -u names an account, -f a file", argv[optind]);
	if (job->edit.kind != AUTHORIZED_ADD && (job->options.n > 0 || job->expiry != NULL || job->weak ||
	    job->shared || job->edit.mode != 0600))
		die("-O, -T, -e, -w and -r are only for adding a key");
	if (job->shared && !authorized_keys_is_forced(buffer_slice(&job->options)))
		die("-T: requires -O with restrict and command=, and no options besides from= and expiry-time=");
	if (job->expiry != NULL && (r = authorized_keys_expiry(&job->options, job->expiry, time(NULL))) != ERROR_NONE)
		die("-e: %s: %s", error_text(r), job->expiry);
}

int
main(int argc, char **argv)
{
	struct job job = { .edit.mode = 0600, .edit.terminal = isatty(1), .path = BUFFER_EMPTY, .blob = BUFFER_EMPTY,
	    .lines = BUFFER_INIT(AUTHORIZED_KEYS_MAX), .options = BUFFER_EMPTY, .dropped = BUFFER_EMPTY };
	struct buffer text = BUFFER_INIT(AUTHORIZED_KEYS_MAX), out = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	int none, r;

	secret_guard();
	unsetenv("TZ"); /* sshd uses the system's time zone */
	crypto_init(0, die_memory);
	parse(argc, argv, &job);
	become(&job);
	if (job.edit.kind == AUTHORIZED_ADD)
		receive(&job);
	else if (job.edit.kind == AUTHORIZED_APPEND && (r = authorized_edit_lines(0, &job.lines)) != ERROR_NONE)
		die("standard input: %s", error_text(r));
	job.edit.lines = buffer_slice(&job.lines);
	if (job.say || job.edit.kind == AUTHORIZED_LIST || job.edit.kind == AUTHORIZED_ASK)
		job.edit.out = &out;
	r = authorized_edit_do(&job.edit, job.base, job.file, &text);
	if (r == ERROR_LINK && job.say && output_flush(&out, 1) != STATUS_YES)
		die("%s: not changed", (char *)job.path.p);
	if ((r == ERROR_UNCERTAIN || r == ERROR_LINK || r == ERROR_OPTIONS) && buffer_string(&text) != NULL)
		die("%s: %s: %.*s", (char *)job.path.p, error_text(r), (int)strcspn((char *)text.p, "\r\n"), (char *)text.p);
	if (r < ERROR_NONE)
		die("%s: %s", (char *)job.path.p, error_text(r));
	none = (job.edit.kind == AUTHORIZED_REMOVE && text.n == 0) || (job.edit.kind == AUTHORIZED_ASK && out.n == 0);
	if (out.n > 0 && output_flush(&out, 1) != STATUS_YES)
		die("%s: %s", (char *)job.path.p, r == ERROR_NONE ? done(job.edit.kind) : "not changed");
	output_dropped("standard input", &job.dropped);
	exit(none ? STATUS_NO : STATUS_YES);
}
