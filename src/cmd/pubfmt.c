/* pubfmt: prints the public halves of keys in the requested format. */
#include "base/error.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "cmd/option.h"
#include "cmd/output.h"
#include "crypto/crypto.h"
#include "keyfile/key_file.h"

#include <unistd.h>

const char die_tool[] = "pubfmt";

static const char usage[] =
"usage: xferkey pubfmt [-F] [-m format] [-C comment] [-P source] [file ...]\n"
"       xferkey pubfmt -R [-u account] [file]\n"
"\n"
"Prints the public half of every key, public or private, in the files or on\n"
"standard input.\n"
"\n"
"  -m format   OPENSSH  one line, for authorized_keys and .pub files (default)\n"
"              RFC4716  what PuTTYgen saves as a public key\n"
"              PKCS8    SubjectPublicKeyInfo in PEM, as openssl reads it\n"
"              PEM      RSA: PKCS#1; other types as PKCS8\n"
"  -C comment  instead of the key's own\n"
"  -P source   passphrase: env:VAR file:PATH fd:N stdin ask none\n"
"  -F          lenient: quoted, indented, UTF-16, text around the keys\n"
"  -R          received: exactly one public key, read as with -F; a private key,\n"
"              or a message for another account than that of -u, is refused\n"
"\n"
"In an OPENSSH private key only the comment, not the public half, needs a\n"
"passphrase.\n";

struct job {
	const struct format *format;
	const char *comment;
	const char *account;    /* -u, for -R, or NULL */
	int reading;            /* enum key_reading */
	struct passphrase pass;
	struct buffer out;
};

static int
convert(struct job *job, struct key_file *f)
{
	if (job->comment != NULL)
		f->comment = slice_str(job->comment);
	return format_public(job->format, f, &job->out);
}

static int
convert_private(struct job *job, const struct key_file *f, const char *subject)
{
	struct key k = KEY_EMPTY;
	struct key_file half = KEY_FILE_EMPTY;
	int r = key_file_read_public(f, &job->pass, subject, &k);

	half.comment = buffer_slice(&k.comment);
	if (r == ERROR_NONE && (r = key_blob_parse(buffer_slice(&k.pub), &half.blob)) == ERROR_NONE)
		r = convert(job, &half);
	key_free(&k);
	return r;
}

static int
put(void *to, struct key_file *f, int r, struct key_input *in)
{
	struct job *job = to;

	if (r > 0)
		r = f->encrypted.n > 0 ? convert_private(job, f, key_input_subject(in)) : convert(job, f);
	return r == ERROR_NONE ? STATUS_YES : output_error(&job->pass, key_input_subject(in), r);
}

/* The text around the key may name its account and its fingerprint: checks both. */
static int
check_names(struct key_input *in, struct slice bytes, const char *account)
{
	struct slice names = buffer_slice(&in->names), name;
	struct buffer print = BUFFER_EMPTY;
	struct digest *d = digest_new("SHA256");
	struct key_blob blob;
	int r = d == NULL ? ERROR_CRYPTO : key_blob_parse(bytes, &blob);

	if (r == ERROR_NONE && (r = fingerprint_text(&print, d, "SHA256", &blob)) == ERROR_NONE &&
	    buffer_string(&print) == NULL)
		r = ERROR_MEMORY;
	r = r == ERROR_NONE ? STATUS_YES : die_warn("%s", error_text(r));
	while (r == STATUS_YES && names.n > 0) {
		name = slice_line(&names);
		if (slice_starts(name, "SHA256:") && !slice_is(name, (char *)print.p))
			r = die_warn("%s: its text names the fingerprint %.*s, but its key has %s", in->name,
			    (int)name.n, (const char *)name.p, (char *)print.p);
		if (!slice_starts(name, "account ") || account == NULL)
			continue;
		name = slice_skip(name, strlen("account "));
		if (!slice_is(name, account))
			r = die_warn("%s: a message for the account %.*s, not for %s", in->name,
			    (int)name.n, (const char *)name.p, account);
	}
	digest_free(d);
	buffer_free(&print);
	return r;
}

/* -R: writes the one public key in the input as a line of OPENSSH format without options, or
 * nothing. */
static int
put_received(struct job *job, char *const *files)
{
	struct buffer blob = BUFFER_EMPTY, options = BUFFER_EMPTY;
	struct key_input in;
	int r, status;

	key_input_init(&in, files, KEY_MAILED);
	r = key_input_public(&in, &blob, &job->out, &options);
	if (r == ERROR_NONE) {
		status = check_names(&in, buffer_slice(&blob), job->account);
		if (status == STATUS_YES && (status = output_flush(&job->out, 1)) == STATUS_YES) {
			output_repairs(&in);
			output_dropped(in.name, &options);
		}
	} else if (r == ERROR_NOT_PUBLIC)
		status = die_warn("%s: a private key: only the public half, KEY.pub, may be sent; "
		    "if sent, the key is compromised: its owner must replace it", in.name);
	else if (r == ERROR_SEVERAL)
		status = die_warn("%s: more than one public key", in.name);
	else if (r == ERROR_TOO_BIG)
		status = die_warn("%s: larger than 1 MiB", in.name);
	else
		status = output_error(NULL, key_input_subject(&in), r);
	key_input_free(&in);
	buffer_free(&blob);
	buffer_free(&options);
	return status;
}

static void
parse(int argc, char **argv, struct job *job)
{
	int c, received = 0;

	job->format = option_format("OPENSSH", FORMAT_PUBLIC);
	while ((c = getopt(argc, argv, ":m:u:C:P:FRh")) != -1)
		switch (c) {
		case 'm': job->format = option_format(optarg, FORMAT_PUBLIC); break;
		case 'u': job->account = optarg; break;
		case 'C': job->comment = option_comment(optarg); break;
		case 'P': option_source(&job->pass, c, optarg); break;
		case 'F': job->reading = KEY_LENIENT; break;
		case 'R': received = 1; break;
		default: die_option(c, argv, usage);
		}
	if (received && (argc > optind + 1 || optind > (job->account != NULL ? 4 : 2)))
		die("-R takes one file, and no other option except -u");
	if (!received && job->account != NULL)
		die("-u can be given only with -R");
	if (received)
		job->reading = KEY_MAILED;
	else
		option_streams(&job->pass, argv[optind]);
}

int
main(int argc, char **argv)
{
	struct job job = { .reading = KEY_STRICT, .pass = PASSPHRASE_EMPTY,
	    .out = BUFFER_INIT(8 * BUFFER_MAX) };
	int status;

	secret_guard();
	parse(argc, argv, &job);
	crypto_init(0, die_memory);
	status = job.reading == KEY_MAILED ? put_received(&job, argv + optind) :
	    output_keys(argv + optind, job.reading, &job.out, put, &job);
	passphrase_free(&job.pass);
	buffer_free(&job.out);
	return status;
}
