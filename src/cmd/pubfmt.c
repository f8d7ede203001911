/* pubfmt: any keys in, public keys out, in the format asked for. */
#include "base/error.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "cmd/option.h"
#include "cmd/output.h"
#include "crypto/crypto.h"
#include "keyfile/key_file.h"
#include "reader/key_input.h"

#include <stdlib.h>
#include <string.h>
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
    "  -F          forgiving: quoted, indented, UTF-16, text around the keys\n"
    "  -R          received: exactly one public key, read as with -F, no private one\n"
    "              in any form, and no message for another account than that of -u\n"
    "\n"
    "An OPENSSH private key needs no passphrase here, but its comment does.\n";

struct job {
	const struct format *format;
	const char *comment;
	const char *account;    /* -u, for -R, or NULL */
	struct buffer out;
	int lost;               /* standard output takes no more */
};

static int
convert(struct job *job, struct key_file *f)
{
	if (job->comment != NULL)
		f->comment = slice_str(job->comment);
	return format_public(job->format, f, &job->out);
}

static int
convert_private(struct job *job, const struct key_file *f, struct passphrase *pass, const char *subject)
{
	struct key k = KEY_EMPTY;
	struct key_file half = KEY_FILE_EMPTY;
	int r = key_file_read_public(f, pass, subject, &k);

	half.comment = buffer_slice(&k.comment);
	if (r == ERROR_NONE && (r = key_blob_parse(buffer_slice(&k.pub), &half.blob)) == ERROR_NONE)
		r = convert(job, &half);
	key_free(&k);
	return r;
}

static int
convert_key(struct job *job, struct key_file *f, struct passphrase *pass, struct key_input *in)
{
	int r = f->encrypted.n > 0 ? convert_private(job, f, pass, key_input_subject(in)) :
	    convert(job, f);

	if (r != ERROR_NONE)
		return die_warn("%s: %s", passphrase_subject(pass, r, key_input_subject(in)), error_text(r));
	job->lost = output_more(&job->out) != STATUS_YES;
	return job->lost ? STATUS_TROUBLE : STATUS_YES;
}

static void
parse(int argc, char **argv, struct job *job, struct passphrase *pass, int *forgiving)
{
	int c, received = 0;

	job->format = option_format("OPENSSH", FORMAT_PUBLIC | FORMAT_WRITE);
	while ((c = getopt(argc, argv, ":m:u:C:P:FRh")) != -1)
		switch (c) {
		case 'm':
			job->format = option_format(optarg, FORMAT_PUBLIC | FORMAT_WRITE);
			break;
		case 'u': job->account = optarg; break;
		case 'C': job->comment = option_comment(c, optarg); break;
		case 'P': option_source(pass, c, optarg); break;
		case 'F': *forgiving = KEY_LENIENT; break;
		case 'R': received = 1; break;
		default:
			die_option(c, usage);
		}
	if (received && (argc > optind + 1 || optind > (job->account != NULL ? 4 : 2)))
		die("-R takes one file, and no other option but -u goes with it");
	if (!received && job->account != NULL)
		die("-u is for -R");
	if (received)
		*forgiving = KEY_MAILED;
	else
		option_streams(pass, argv[optind]);
}

int
main(int argc, char **argv)
{
	struct job job = { .out = BUFFER_INIT(8 * BUFFER_MAX) };
	struct passphrase pass = PASSPHRASE_EMPTY;
	struct key_input in;
	struct key_file f = KEY_FILE_EMPTY;
	int forgiving = KEY_STRICT, status = STATUS_YES, r;

	secret_guard();
	parse(argc, argv, &job, &pass, &forgiving);
	crypto_init(0, die_memory);
	key_input_init(&in, argv + optind, forgiving);
	if (forgiving == KEY_MAILED)
		status = output_received(&in, job.account);
	while (forgiving != KEY_MAILED && !job.lost && (r = key_input_next(&in, &f)) != 0)
		if (r < 0)
			status = die_warn("%s: %s", key_input_subject(&in), error_text(r));
		else if (convert_key(&job, &f, &pass, &in) != STATUS_YES)
			status = STATUS_TROUBLE;
		else if (forgiving)
			output_repairs(&in);
	if (!job.lost && output_flush(&job.out, 1) != STATUS_YES)
		status = STATUS_TROUBLE;
	key_input_free(&in);
	passphrase_free(&pass);
	format_free(&f);
	buffer_free(&job.out);
	return status;
}
