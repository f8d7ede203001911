/* privfmt: a private key in, the same key out, in another format or protection. */
#include "die.h"
#include "key_crypto.h"
#include "key_error.h"
#include "key_input.h"
#include "key_seal.h"
#include "key_unlock.h"
#include "option.h"
#include "output.h"
#include "secret.h"

#include <stdio.h>
#include <unistd.h>

const char die_tool[] = "privfmt";

static const char usage[] =
    "usage: xferkey privfmt [-m format] [-Z cipher] [-a rounds] [-P source]\n"
    "                       [-N source] [-C comment] [-o file] [file]\n"
    "       xferkey privfmt -l [file]\n"
    "\n"
    "Writes a private key again, in another format or under another passphrase;\n"
    "the key that is read is never changed. Without -N it keeps its passphrase.\n"
    "\n"
    "  -m format   OPENSSH, PEM or PKCS8; default as keygen's\n"
    "  -Z cipher   OPENSSH: aes256-ctr (default) and ssh's others; PKCS8: aes128\n"
    "              (default), aes192, aes256\n"
    "  -a rounds   OPENSSH: of bcrypt (24); PKCS8: PBKDF2 iterations (600000)\n"
    "  -P source   unlocks: env:VAR file:PATH fd:N stdin ask none\n"
    "  -N source   protects the result; none leaves it unprotected\n"
    "  -o file     the result, which must not exist; default standard output\n"
    "  -l          only shows format, protection, type and bits; asks nothing\n";

struct job {
	const struct key_format *format;
	const char *cipher, *comment, *file;
	uint32_t rounds;
	int list;
	struct passphrase old, new;
};

static void
parse(int argc, char **argv, struct job *job)
{
	int c;

	while ((c = getopt(argc, argv, ":m:Z:a:P:N:C:o:lh")) != -1)
		switch (c) {
		case 'm':
			job->format = option_format(optarg, KEY_PRIVATE | KEY_WRITE);
			break;
		case 'Z':
			job->cipher = optarg;
			break;
		case 'a':
			job->rounds = option_number(c, optarg, 1, UINT32_MAX);
			break;
		case 'P':
			option_source(&job->old, c, optarg);
			break;
		case 'N':
			option_source(&job->new, c, optarg);
			break;
		case 'C':
			job->comment = option_comment(c, optarg);
			break;
		case 'o':
			job->file = option_file(optarg);
			break;
		case 'l':
			job->list = 1;
			break;
		default:
			die_option(c, usage);
		}
	if (job->list && (job->format != NULL || job->cipher != NULL || job->rounds != 0 ||
	    job->comment != NULL || job->file != NULL || job->new.kind != PASSPHRASE_UNSET))
		die("-l only shows: no other option goes with it");
	if (argv[optind] != NULL && argv[optind + 1] != NULL)
		die("%s: one key at a time", argv[optind + 1]);
	option_streams(&job->old, argv[optind]);
	option_streams(&job->new, argv[optind]);
}

/* What can be told without a passphrase; "-" for what cannot. */
static int
list(const struct envelope *e, const char *place)
{
	struct passphrase none = { .kind = PASSPHRASE_NONE };
	struct buffer out = BUFFER_EMPTY;
	struct key_view view = { .blob = e->pub };
	struct key k = KEY_EMPTY;
	char bits[16] = "-";
	int r = KEY_OK, status;

	if (e->pub.n == 0 && e->prot.kdf == KDF_NONE &&
	    (r = key_unlock(e, &none, place, &k)) == KEY_OK)
		view.blob = buffer_slice(&k.pub);
	if (r == KEY_OK && view.blob.n > 0 && (r = key_view_parse(view.blob, &view)) == KEY_OK)
		(void)snprintf(bits, sizeof bits, "%u", view.bits);
	buffer_puts(&out, e->format->name);
	buffer_puts(&out, "\t");
	buffer_puts(&out, e->prot.cipher != NULL ? e->prot.cipher->ssh : "none");
	buffer_puts(&out, "\t");
	buffer_puts(&out, view.type != NULL ? view.type->show :
	    e->type != NULL ? e->type->show : "-");
	buffer_puts(&out, "\t");
	buffer_puts(&out, bits);
	buffer_puts(&out, "\n");
	status = r != KEY_OK ? warn_line("%s: %s", place, key_error_text(r)) :
	    output_flush(&out, 1);
	buffer_free(&out);
	key_free(&k);
	return status;
}

/* Seals k with pass and writes it. */
static int
write_key(const struct job *job, const struct key *k, struct slice pass)
{
	const struct key_format *f = job->format;
	struct protection prot = { 0 };
	struct buffer text = BUFFER_EMPTY;
	int r = KEY_OK, status;

	if (f == NULL)
		f = key_format_default(k->type, pass.n > 0);
	if (pass.n > 0)
		r = key_seal_protection(f, job->cipher, job->rounds, &prot);
	if (r == KEY_OK)
		r = key_seal(k, f, &prot, pass, &text);
	if (r == KEY_OK)
		r = key_seal_check(k, f, pass, buffer_slice(&text));
	if (r != KEY_OK)
		status = warn_line("-m %s: %s", f->name, key_error_text(r));
	else
		status = output_private(job->file, buffer_slice(&text));
	buffer_free(&text);
	return status;
}

static int
convert(struct job *job, const struct envelope *e, const char *place)
{
	struct passphrase *pass = &job->new;
	struct key k = KEY_EMPTY;
	int r, status;

	if ((r = passphrase_in_order(&job->old, &job->new)) == KEY_OK)
		r = key_unlock(e, &job->old, place, &k);
	if (r == KEY_OK)
		r = key_crypto_check(&k);
	if (r == KEY_OK && job->comment != NULL)
		r = key_set_comment(&k, slice_str(job->comment));
	if (r != KEY_OK) {
		status = warn_line("%s: %s", place, key_error_text(r));
		goto out;
	}
	if (pass->kind == PASSPHRASE_UNSET && e->prot.kdf != KDF_NONE)
		pass = &job->old;
	else if (pass->kind == PASSPHRASE_UNSET)
		pass->known = 1;        /* none before, none now */
	else if ((r = passphrase_read(pass, job->file != NULL ? job->file : place, 1)) != KEY_OK) {
		status = warn_line("-N: %s", key_error_text(r));
		goto out;
	}
	if (pass->text.n == 0 && (job->cipher != NULL || job->rounds != 0))
		status = warn_line("-Z, -a: %s", key_error_text(KEY_E_UNSEALED));
	else
		status = write_key(job, &k, buffer_slice(&pass->text));
out:
	key_free(&k);
	return status;
}

int
main(int argc, char **argv)
{
	struct job job = { .old = PASSPHRASE_EMPTY, .new = PASSPHRASE_EMPTY };
	struct envelope e = ENVELOPE_EMPTY;
	struct key_input in;
	int r, status;

	secret_guard();
	key_crypto_init(1);
	parse(argc, argv, &job);
	if (!job.list)
		output_check(job.file);
	key_input_init(&in, argv + optind, 0);
	if ((r = key_input_only(&in, &e, NULL)) != KEY_OK)
		status = warn_line("%s: %s", key_input_place(&in), key_error_text(r));
	else
		status = job.list ? list(&e, in.name) : convert(&job, &e, in.name);
	envelope_free(&e);
	key_input_free(&in);
	passphrase_free(&job.old);
	passphrase_free(&job.new);
	secret_stack();
	return status;
}
