/* fpr: fingerprints of keys, as ssh-keygen -l prints them. */
#include "crypto.h"
#include "die.h"
#include "escape.h"
#include "fingerprint.h"
#include "key_blob.h"
#include "key_error.h"
#include "key_input.h"
#include "key_policy.h"
#include "key_unlock.h"
#include "option.h"
#include "output.h"
#include "randomart.h"
#include "secret.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char die_tool[] = "fpr";

static const char usage[] =
    "usage: xferkey fpr [-vBFw] [-E hash] [-c fingerprint] [-P source] [file ...]\n"
    "       xferkey fpr -n fingerprint\n\n"
    "Prints the fingerprint of every key, public or private, in the files or on\n"
    "standard input: bits, fingerprint, comment, (TYPE).\n"
    "\n"
    "  -E hash         md5, sha1, sha256 (default), sha384 or sha512\n"
    "  -v              with the random art picture\n"
    "  -B              Bubble Babble of the SHA-1 digest\n"
    "  -c fingerprint  status 1 unless every key has this fingerprint\n"
    "  -n fingerprint  prints it as fpr would, and reads no key\n"
    "  -w              warn, with status 1, of keys that no server should let in\n"
    "  -P source       passphrase: env:VAR file:PATH fd:N stdin ask none\n"
    "  -F              forgiving: quoted, indented, UTF-16, text around the keys\n"
    "\n"
    "Status: 0 done or the same, 1 not the same, 2 trouble.\n";

struct job {
	const char *hash, *wanted;      /* wanted: -c, or NULL */
	unsigned char print[FINGERPRINT_TEXT];
	int art, babble, policy;
	int spelling;           /* of the key, where it is one of key_blob.h */
	int lost;               /* standard output takes no more */
	struct digest *digest, *sha1;   /* sha1: of -B, or NULL */
	struct envelope e;      /* of one key after the other */
	struct buffer out;
};

static void
put_line(struct job *job, const struct key_view *view, const struct fingerprint *f,
    const struct fingerprint *babble, struct slice comment)
{
	struct slice type = view->type != NULL ? slice_str(view->type->show) : view->name;

	buffer_put_decimal(&job->out, view->bits);
	buffer_put(&job->out, " ", 1);
	if (babble != NULL)
		fingerprint_put_babble(&job->out, babble);
	else
		fingerprint_put(&job->out, f);
	buffer_put(&job->out, " ", 1);
	escape_put(&job->out, comment.n > 0 ? comment : slice_str("no comment"));
	buffer_put(&job->out, " (", 2);
	buffer_put_slice(&job->out, type);
	buffer_put(&job->out, ")\n", 2);
	if (job->art) {
		randomart_put(&job->out, f, type, view->bits);
		buffer_puts(&job->out, "\n");
	}
}

static int
is_wanted(struct job *job, const struct fingerprint *f)
{
	unsigned char room[FINGERPRINT_TEXT];
	struct buffer text = BUFFER_IN(room);

	return job->wanted == NULL || (fingerprint_put(&text, f) == 0 &&
	    slice_is(buffer_slice(&text), job->wanted));
}

/* One public blob: its line, and whether it is the one wanted. */
static int
print_key(struct job *job, const struct key_view *view, struct slice comment, struct key_input *in)
{
	struct fingerprint f, babble;
	enum key_verdict verdict = KEY_GOOD;
	const char *why;
	int same;

	if (fingerprint_of(job->digest, job->hash, view, &f) != 0 ||
	    (job->sha1 != NULL && fingerprint_of(job->sha1, "SHA1", view, &babble) != 0))
		return warn_line("%s", key_error_text(KEY_E_CRYPTO));
	same = is_wanted(job, &f);
	if (job->policy &&
	    ((verdict = key_policy_server(view->blob, &why)) != KEY_GOOD || job->spelling != KEY_OK)) {
		(void)warn_line("%s: %s", key_input_place(in),
		    job->spelling != KEY_OK ? key_error_text(job->spelling) : why);
		same = 0;
	}
	if (verdict == KEY_UNJUDGED)
		return STATUS_TROUBLE;
	put_line(job, view, &f, job->sha1 != NULL ? &babble : NULL, comment);
	job->lost = output_more(&job->out) != STATUS_YES;
	return job->lost ? STATUS_TROUBLE : same ? STATUS_YES : STATUS_NO;
}

/* As ssh-keygen -l has it. */
static struct slice
shown_comment(struct slice comment, struct slice options)
{
	return comment.n == 0 || comment.p[0] == '#' ? options : comment;
}

static int
print_text(struct job *job, const struct key_text *text, struct passphrase *pass,
    struct key_input *in)
{
	struct envelope *e = &job->e;
	struct key k = KEY_EMPTY;
	struct slice comment;
	int r = key_reader_open(text, e), status;

	comment = e->sealed.n > 0 ? e->comment : shown_comment(e->comment, e->options);
	if (r == KEY_OK && e->sealed.n > 0 && (e->pub.n == 0 || e->type != NULL)) {
		r = key_unlock_public(e, pass, key_input_place(in), &k);
		e->pub = buffer_slice(&k.pub);
		comment = buffer_slice(&k.comment);
	}
	/* sshd reads such a key, so its fingerprint is shown */
	job->spelling = key_blob_is_spelling(r) ? r : KEY_OK;
	if (r == KEY_OK)
		r = envelope_view(e);
	status = r == KEY_OK || r == job->spelling ? print_key(job, &e->view, comment, in) :
	    warn_line("%s: %s", passphrase_subject(pass, r, key_input_place(in)), key_error_text(r));
	job->spelling = KEY_OK;
	key_free(&k);
	return status;
}

static void
parse(int argc, char **argv, struct job *job, struct passphrase *pass, int *forgiving)
{
	int c;

	while ((c = getopt(argc, argv, ":E:vBwc:n:P:Fh")) != -1)
		switch (c) {
		case 'E':
			if ((job->hash = fingerprint_hash(slice_str(optarg))) == NULL)
				die("-E %s: not one of md5 sha1 sha256 sha384 sha512", optarg);
			break;
		case 'v': job->art = 1; break;
		case 'B': job->babble = 1; break;
		case 'w': job->policy = 1; break;
		case 'c': job->wanted = option_fingerprint(c, optarg, job->print); break;
		case 'n': exit(output_line(option_fingerprint(c, optarg, job->print)));
		case 'P': option_source(pass, c, optarg); break;
		case 'F': *forgiving = 1; break;
		default: die_option(c, usage);
		}
	job->hash = job->wanted != NULL ? fingerprint_named(job->wanted) : job->hash;
	option_streams(pass, argv[optind]);
}

int
main(int argc, char **argv)
{
	struct job job = { .hash = "SHA256", .e = ENVELOPE_EMPTY, .out = BUFFER_INIT(8 * BUFFER_MAX) };
	struct passphrase pass = PASSPHRASE_EMPTY;
	struct key_input in;
	struct key_text text;
	int forgiving = 0, status = STATUS_YES, r, one;

	secret_guard();
	parse(argc, argv, &job, &pass, &forgiving);
	crypto_init(0, die_memory);
	if ((job.digest = digest_new(job.hash)) == NULL ||
	    (job.babble && (job.sha1 = digest_new("SHA1")) == NULL))
		die("%s: %s", job.hash, key_error_text(KEY_E_CRYPTO));
	key_input_init(&in, argv + optind, forgiving);
	while (!job.lost && (r = key_input_next(&in, &text)) != 0) {
		one = r < 0 ? warn_line("%s: %s", key_input_place(&in), key_error_text(r)) :
		    text.view.blob.n == 0 ? print_text(&job, &text, &pass, &in) :
		    print_key(&job, &text.view,
		    shown_comment(text.fields.comment, text.fields.options), &in);
		if (forgiving && one != STATUS_TROUBLE)
			output_forgiven(&in);
		status = one > status ? one : status;
	}
	if (!job.lost && output_flush(&job.out, 1) != STATUS_YES)
		status = STATUS_TROUBLE;
	key_input_free(&in);
	passphrase_free(&pass);
	digest_free(job.digest);
	digest_free(job.sha1);
	envelope_free(&job.e);
	buffer_free(&job.out);
	return status;
}
