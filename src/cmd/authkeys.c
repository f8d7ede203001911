/* authkeys: adds, removes or lists the keys of one authorized_keys file. */
#include "authorized/authorized_edit.h"
#include "authorized/authorized_exact.h"
#include "authorized/authorized_keys.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "cmd/home.h"
#include "cmd/option.h"
#include "cmd/output.h"
#include "cmd/receive.h"
#include "crypto/crypto.h"

#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "authkeys";

static const char usage[] =
"usage: xferkey authkeys [-aTvwr] [-O options] [-e expiry] [-u user] [-f file]\n"
"       xferkey authkeys -R fpr -e expiry [-vwr] [-O options] [-u user] [-f file]\n"
"       xferkey authkeys -E fpr -e expiry [-v] [-u user] [-f file]\n"
"       xferkey authkeys -A | -d fpr | -x [-vr] [-u user] [-f file]\n"
"       xferkey authkeys -l [-v] | -k fpr [-u user] [-f file]\n"
"\n"
"Adds the public key on standard input to authorized_keys, without its options;\n"
"removes a key, or lists the keys. All other lines stay byte for byte.\n"
"\n"
"  -R fpr      adds the key in place of the one with this fingerprint, till -e\n"
"  -E fpr      puts -e on the lines of a key; an earlier expiry stays\n"
"  -d fpr      removes the key with this fingerprint (of ssh-keygen -l, fpr)\n"
"  -A          appends the lines on standard input, with their options\n"
"  -x          the lines on standard input are the exact set: other keys go\n"
"  -l          lists for each key: fingerprint, bits, type, options, comment\n"
"  -k fpr      asks ssh-keygen in which lines OpenSSH finds the key\n"
"  -f file     the file; default .ssh/authorized_keys in the home\n"
"  -u user     becomes user first (root only); -f is relative to its home\n"
"  -O options  adds the key with these options, as in sshd(8)\n"
"  -e expiry   the key expires: +90d, or a date: YYYYMMDD or YYYYMMDDHHMM\n"
"  -T          accepts only Aspera's shared keys; -O must force a command\n"
"  -w -r       accepts RSA of 1024 to 2047 bits; makes a new file with mode 0644\n"
"  -v          prints what was done; with -d and -x the lines that undo it\n"
"Status: 0 done, 1 no such key, 2 error: no change, unless the message says so.\n";

struct job {
	const char *file, *expiry;
	int letter, say, weak, shared;
	unsigned char print[FINGERPRINT_TEXT];
	struct authorized_edit edit;
	struct buffer path, blob, lines, out, options, until, dropped;
	struct account account;
};

static void
whole(const struct buffer *b)
{
	if (b->failed)
		die_memory();
}

/* Which options there may be, and -e. */
static void
check(struct job *job)
{
	const enum authorized_edit_kind kind = job->edit.kind;
	const int adds = kind == AUTHORIZED_ADD || kind == AUTHORIZED_REPLACE;
	const int expires = kind == AUTHORIZED_REPLACE || kind == AUTHORIZED_EXPIRE, e = job->expiry != NULL;
	struct buffer *options = expires ? &job->until : &job->options, rest = BUFFER_EMPTY;
	int r;

	if ((!adds && (job->options.n > 0 || job->weak || (e && !expires) ||
	    (job->edit.mode != 0600 && kind != AUTHORIZED_EXACT))) || (job->shared && kind != AUTHORIZED_ADD))
		die("-O, -T, -e, -w and -r are only for adding a key (-e also for -E, -r for -x)");
	if (job->shared && !authorized_keys_is_forced(buffer_slice(&job->options)))
		die("-T: requires -O with restrict and command=, and no options besides from= and expiry-time=");
	if (expires && !e)
		die("-%c requires -e: until when the old key is accepted", job->letter);
	if (e && (r = authorized_keys_expiry(options, job->expiry, time(NULL))) != ERROR_NONE)
		die("-e: %s: %s", error_text(r), job->expiry);
	job->edit.expiry = buffer_slice(&job->until);
	if (authorized_keys_until(job->edit.expiry, &rest, &job->edit.until) != ERROR_NONE)
		die_memory();
}

static void
parse(int argc, char **argv, struct job *job)
{
	static const char letters[] = "aAdlkREx";       /* in the order of enum authorized_edit_kind */
	int c, r;

	while ((c = getopt(argc, argv, ":aAd:k:lR:E:xe:f:O:u:rvwhT")) != -1)
		switch (c) {
		case 'd': case 'k': case 'R': case 'E':
			job->edit.fingerprint = option_fingerprint(c, optarg, job->print);
			/* FALLTHROUGH */
		case 'a': case 'A': case 'l': case 'x':
			if (job->letter != 0 && job->letter != c)
				die("only one of -a, -A, -d, -k and -l, or of -E, -R and -x, can be given");
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
	check(job);
}

/* Reads what the change needs from standard input. */
static void
take(struct job *job)
{
	unsigned long line = 0;
	int r = ERROR_NONE;

	if (job->edit.kind == AUTHORIZED_ADD && job->options.n > 0)
		buffer_printf(&job->lines, "%.*s ", (int)job->options.n, (const char *)job->options.p);
	if (job->edit.kind == AUTHORIZED_ADD || job->edit.kind == AUTHORIZED_REPLACE)
		receive_key(job->weak, job->shared, &job->blob, &job->lines, &job->dropped);
	else if (job->edit.kind == AUTHORIZED_APPEND)
		r = authorized_edit_lines(0, &job->lines);
	else if (job->edit.kind == AUTHORIZED_EXACT)
		r = authorized_exact_lines(0, &job->lines, &line);
	if (r != ERROR_NONE && line > 0)
		die("standard input: line %lu: %s", line, error_text(r));
	if (r != ERROR_NONE)
		die("standard input: %s", error_text(r));
	job->edit.blob = buffer_slice(&job->blob);
	job->edit.options = buffer_slice(&job->options);
	job->edit.lines = buffer_slice(&job->lines);
	if (job->say || job->edit.kind == AUTHORIZED_LIST || job->edit.kind == AUTHORIZED_ASK)
		job->edit.out = &job->out;
}

int
main(int argc, char **argv)
{
	struct job job = { .edit.mode = 0600, .edit.terminal = isatty(1), .path = BUFFER_EMPTY, .blob = BUFFER_EMPTY,
	    .lines = BUFFER_INIT(AUTHORIZED_KEYS_MAX), .out = BUFFER_INIT(AUTHORIZED_KEYS_MAX),
	    .options = BUFFER_EMPTY, .until = BUFFER_EMPTY, .dropped = BUFFER_EMPTY };
	struct buffer text = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	const char *base;
	int none, r, authority = 0;

	secret_guard();
	unsetenv("TZ"); /* sshd uses the system's time zone */
	crypto_init(0, die_memory);
	parse(argc, argv, &job);
	job.edit.authority = &authority;
	base = home_become(job.edit.user, &job.file, ".ssh/authorized_keys", &job.account, &job.path);
	take(&job);
	r = authorized_edit_do(&job.edit, base, job.file, &text);
	if (r == ERROR_LINK && job.say && output_flush(&job.out, 1) != STATUS_YES)
		die("%s: not changed", (char *)job.path.p);
	if (r < ERROR_NONE && text.n > 0 && buffer_string(&text) != NULL)
		die("%s: %s: %.*s", (char *)job.path.p, error_text(r),
		    (int)strcspn((char *)text.p, "\r\n"), (char *)text.p);
	if (r < ERROR_NONE)
		die("%s: %s", (char *)job.path.p, error_text(r));
	none = (text.n == 0 && job.edit.fingerprint != NULL && job.edit.kind != AUTHORIZED_ASK) ||
	    (job.edit.kind == AUTHORIZED_ASK && job.out.n == 0);
	if (job.out.n > 0 && output_flush(&job.out, 1) != STATUS_YES)
		die("%s: %s", (char *)job.path.p, r == ERROR_NONE && job.edit.kind != AUTHORIZED_LIST &&
		    job.edit.kind != AUTHORIZED_ASK ? "the file was changed, but the report was lost" : "not changed");
	if (authority > 0)
		(void)die_warn("%s: a line has cert-authority, and lets in what its key signs", (char *)job.path.p);
	output_dropped("standard input", &job.dropped);
	exit(none ? STATUS_NO : STATUS_YES);
}
