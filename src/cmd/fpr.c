/* fpr: fingerprints of keys, as ssh-keygen -l prints them. */
#include "base/error.h"
#include "base/escape.h"
#include "base/row.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "cmd/option.h"
#include "cmd/output.h"
#include "crypto/crypto.h"
#include "keyfile/fingerprint.h"
#include "keyfile/key_file.h"
#include "keyfile/key_policy.h"

#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "fpr";

static const char usage[] =
"usage: xferkey fpr [-jvxBFw] [-E hash] [-c fingerprint] [-P source] [file ...]\n"
"       xferkey fpr -n fingerprint\n"
"\n"
"Prints the fingerprint of every key, public or private, in the files or on\n"
"standard input: bits, fingerprint, comment, (TYPE).\n"
"\n"
"  -E hash         md5, sha1, sha256 (default), sha384 or sha512\n"
"  -v              adds the random art picture\n"
"  -j              one JSON object a line: bits, fingerprint, comment, type\n"
"  -B              prints Bubble Babble of the SHA-1 digest\n"
"  -x              prints the digest in hex; with -E sha1, for aspera.conf\n"
"  -c fingerprint  status 1 unless every key has this fingerprint\n"
"  -n fingerprint  prints this fingerprint in fpr's form; reads no key\n"
"  -w              warns, with status 1, of keys that no server should let in\n"
"  -P source       passphrase: env:VAR file:PATH fd:N stdin ask none\n"
"  -F              lenient: quoted, indented, UTF-16, text around the keys\n"
"\n"
"Status: 0 done, 1 another fingerprint or a warning of -w, 2 error.\n";

struct job {
	const char *hash, *wanted;      /* wanted: -c, or NULL */
	unsigned char print[FINGERPRINT_TEXT];
	int art, babble, json, policy, reading, hex;
	struct digest *digest, *sha1;   /* sha1: of -B, or NULL */
	struct passphrase pass;
	struct buffer out;
};

static void
put_line(struct job *job, const struct key_blob *blob, const struct fingerprint *f,
    struct slice print, struct slice comment)
{
	struct slice type = blob->type != NULL ? slice_str(blob->type->show) : blob->name;
	struct row row = { &job->out, ROW_JSON, 0 };

	if (job->json) {
		row_put_number(&row, "bits", blob->bits);
		row_put(&row, "fingerprint", print);
		row_put(&row, "comment", comment);
		row_put(&row, "type", type);
		row_end(&row);
		return;
	}
	buffer_put_decimal(&job->out, blob->bits);
	buffer_put(&job->out, " ", 1);
	buffer_put_slice(&job->out, print);
	buffer_put(&job->out, " ", 1);
	escape_put(&job->out, comment.n > 0 ? comment : slice_str("no comment"));
	buffer_put(&job->out, " (", 2);
	buffer_put_slice(&job->out, type);
	buffer_put(&job->out, ")\n", 2);
	if (job->art) {
		fingerprint_put_art(&job->out, f, type, blob->bits);
		buffer_puts(&job->out, "\n");
	}
}

/* Prints a public blob. spelling: its error, if it is only spelled oddly, else ERROR_NONE. */
static int
print_blob(struct job *job, const struct key_blob *blob, struct slice comment, int spelling,
    struct key_input *in)
{
	unsigned char room[2][FINGERPRINT_TEXT + 1];    /* the hex of SHA-512, and printf's NUL */
	struct buffer print = BUFFER_IN(room[0]), shown = BUFFER_IN(room[1]);
	struct fingerprint f, babble;
	enum key_verdict verdict = KEY_GOOD;
	const char *why;
	size_t i;
	int same;

	if (fingerprint_of(job->digest, job->hash, blob, &f) != 0 ||
	    (job->sha1 != NULL && fingerprint_of(job->sha1, "SHA1", blob, &babble) != 0))
		return die_warn("%s", error_text(ERROR_CRYPTO));
	fingerprint_put(&print, &f);
	if (job->sha1 != NULL)
		fingerprint_put_babble(&shown, &babble);
	for (i = 0; job->hex && i < f.n; i++)
		buffer_printf(&shown, "%02x", f.raw[i]);
	same = job->wanted == NULL || slice_is(buffer_slice(&print), job->wanted);
	if (job->policy &&
	    ((verdict = key_policy_server(blob->bytes, &why)) != KEY_GOOD || spelling != ERROR_NONE)) {
		die_warn("%s: %s", key_input_subject(in), spelling != ERROR_NONE ? error_text(spelling) : why);
		same = 0;
	}
	if (verdict == KEY_UNJUDGED)
		return STATUS_TROUBLE;
	put_line(job, blob, &f, buffer_slice(shown.n > 0 ? &shown : &print), comment);
	return same ? STATUS_YES : STATUS_NO;
}

/* Returns a status, or an error. */
static int
print_private(struct job *job, const struct key_file *f, struct key_input *in)
{
	struct key_blob blob;
	struct key k = KEY_EMPTY;
	int r = key_file_read_public(f, &job->pass, key_input_subject(in), &k);

	if (r == ERROR_NONE && (r = key_blob_parse(buffer_slice(&k.pub), &blob)) == ERROR_NONE)
		r = print_blob(job, &blob, buffer_slice(&k.comment), ERROR_NONE, in);
	key_free(&k);
	return r;
}

/* The comment that ssh-keygen -l shows. */
static struct slice
shown_comment(const struct key_file *f)
{
	return f->encrypted.n == 0 && (f->comment.n == 0 || f->comment.p[0] == '#') ? f->options :
	    f->comment;
}

/* sshd reads a key that is only spelled oddly: its fingerprint is shown. */
static int
put(void *to, struct key_file *f, int r, struct key_input *in)
{
	struct job *job = to;

	if (r > 0 && f->encrypted.n > 0 && (f->blob.bytes.n == 0 || f->type != NULL))
		r = print_private(job, f, in);
	else if (r > 0 || key_blob_is_spelling(r))
		r = print_blob(job, &f->blob, shown_comment(f), r > 0 ? ERROR_NONE : r, in);
	return r >= 0 ? r : output_error(&job->pass, key_input_subject(in), r);
}

static void
parse(int argc, char **argv, struct job *job)
{
	int c;

	while ((c = getopt(argc, argv, ":E:vBwc:n:P:Fhjx")) != -1)
		switch (c) {
		case 'E':
			if ((job->hash = fingerprint_hash(slice_str(optarg))) == NULL)
				die("-E %s: not one of md5 sha1 sha256 sha384 sha512", optarg);
			break;
		case 'v': job->art = 1; break;
		case 'j': job->json = 1; break;
		case 'B': job->babble = 1; break;
		case 'x': job->hex = 1; break;
		case 'w': job->policy = 1; break;
		case 'c': job->wanted = option_fingerprint(c, optarg, job->print); break;
		case 'n':
			buffer_puts(&job->out, option_fingerprint(c, optarg, job->print));
			buffer_puts(&job->out, "\n");
			exit(output_flush(&job->out, 1));
		case 'P': option_source(&job->pass, c, optarg); break;
		case 'F': job->reading = KEY_LENIENT; break;
		default: die_option(c, argv, usage);
		}
	if (job->json && job->art)
		die("-j and -v: a JSON object has no picture");
	if (job->babble && job->hex)
		die("-B and -x: only one form of the digest can be printed");
	job->hash = job->wanted != NULL ? fingerprint_named(job->wanted) : job->hash;
	option_streams(&job->pass, argv[optind]);
}

int
main(int argc, char **argv)
{
	struct job job = { .hash = "SHA256", .reading = KEY_STRICT, .pass = PASSPHRASE_EMPTY,
	    .out = BUFFER_INIT(8 * BUFFER_MAX) };
	int status;

	secret_guard();
	parse(argc, argv, &job);
	crypto_init(0, die_memory);
	if ((job.digest = digest_new(job.hash)) == NULL ||
	    (job.babble && (job.sha1 = digest_new("SHA1")) == NULL))
		die("%s: %s", job.hash, error_text(ERROR_CRYPTO));
	status = output_keys(argv + optind, job.reading, &job.out, put, &job);
	passphrase_free(&job.pass);
	digest_free(job.digest);
	digest_free(job.sha1);
	buffer_free(&job.out);
	return status;
}
