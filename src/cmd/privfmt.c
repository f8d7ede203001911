/* privfmt: writes a private key in another format or under another passphrase. */
#include "base/error.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "cmd/option.h"
#include "cmd/output.h"
#include "crypto/crypto.h"
#include "keyfile/key_file.h"

#include <unistd.h>

const char die_tool[] = "privfmt";

static const char usage[] =
"usage: xferkey privfmt [-F] [-m format] [-Z cipher] [-a rounds] [-P source]\n"
"                       [-N source] [-C comment] [-o file | -f file] [file ...]\n"
"\n"
"Writes private keys in another format or under another passphrase; the files\n"
"that are read are never changed. Without -N a key keeps its own passphrase.\n"
"\n"
"  -m format   OPENSSH, PEM, PKCS8, PPK2 or PPK3; default as keygen's\n"
"  -Z cipher   OPENSSH: aes256-ctr (default) and ssh's others; PKCS8: aes128\n"
"              (default), aes192, aes256\n"
"  -a rounds   OPENSSH: bcrypt (24); PKCS8: PBKDF2 (600000); PPK3: Argon2 (21)\n"
"  -P source   old passphrase: env:VAR file:PATH fd:N stdin ask none\n"
"  -N source   new passphrase; none leaves the key unprotected\n"
"  -o file     the one result, which must not exist; default standard output\n"
"  -f file     as -o, and also its public half as file.pub\n"
"  -F          lenient: quoted, indented, UTF-16, text around the key\n";

struct job {
	struct key_file_form form;      /* its format may be NULL */
	const char *comment, *file;
	int reading;            /* enum key_reading */
	int pair;               /* write file.pub too */
	struct passphrase old, new;
	struct buffer out, pub;
	size_t keys;            /* that were read for file, which holds one */
};

static void
parse(int argc, char **argv, struct job *job)
{
	int c;

	while ((c = getopt(argc, argv, ":m:Z:a:P:N:C:o:f:Fh")) != -1)
		switch (c) {
		case 'm': job->form.format = option_format(optarg, FORMAT_PRIVATE); break;
		case 'Z': job->form.cipher = optarg; break;
		case 'a': job->form.rounds = option_number(c, optarg, 1, UINT32_MAX); break;
		case 'P': option_source(&job->old, c, optarg); break;
		case 'N': option_source(&job->new, c, optarg); break;
		case 'C': job->comment = option_comment(optarg); break;
		case 'f':
		case 'o':
			if (job->file != NULL)
				die("-o and -f: name only one result file");
			job->pair = c == 'f';
			job->file = option_file(optarg);
			break;
		case 'F': job->reading = KEY_LENIENT_IDENTITY; break;
		default: die_option(c, argv, usage);
		}
	option_streams(&job->old, argv[optind]);
	option_streams(&job->new, argv[optind]);
}

static int
put_key(struct job *job, const struct key *k, struct slice pass, const char *subject)
{
	struct key_file_form form = job->form;
	int r;

	if (form.format == NULL)
		form.format = format_default(k->type, pass.n > 0);
	r = key_file_write(k, &form, pass, &job->out);
	if (r == ERROR_NONE && job->pair)
		r = format_line(k, &job->pub);
	if (r == ERROR_NONE)
		return STATUS_YES;
	if (r == ERROR_CIPHER && form.cipher != NULL)
		return die_warn("%s: -Z %s: not a cipher that %s can be written with", subject, form.cipher,
		    form.format->name);
	return die_warn("%s: %s%s: %s", subject, job->form.format != NULL ? "-m " : "", form.format->name,
	    error_text(r));
}

static int
convert(struct job *job, const struct key_file *f, const char *subject)
{
	struct passphrase *pass = &job->new;
	struct key k = KEY_EMPTY;
	int r, status;

	if ((r = passphrase_in_order(&job->old, &job->new)) == ERROR_NONE)
		r = key_file_read(f, &job->old, subject, &k);
	if (r == ERROR_NONE && job->comment != NULL)
		r = key_set_comment(&k, slice_str(job->comment));
	if (r != ERROR_NONE) {
		status = output_error(&job->old, subject, r);
		goto out;
	}
	if (pass->kind == PASSPHRASE_UNSET && f->protection.kdf != KDF_NONE)
		pass = &job->old;
	else if (pass->kind == PASSPHRASE_UNSET)
		pass->known = 1;        /* the key had none, and gets none */
	else if ((status = output_passphrase(pass, job->file != NULL ? job->file : subject)) != STATUS_YES)
		goto out;
	if (pass->text.n == 0 && (job->form.cipher != NULL || job->form.rounds != 0))
		status = die_warn("-%c: %s", job->form.cipher != NULL ? 'Z' : 'a', error_text(ERROR_UNENCRYPTED));
	else
		status = put_key(job, &k, buffer_slice(&pass->text), subject);
out:
	if (job->old.kind == PASSPHRASE_UNSET)
		passphrase_free(&job->old);     /* another key may have another passphrase */
	key_free(&k);
	return status;
}

static int
put(void *to, struct key_file *f, int r, struct key_input *in)
{
	struct job *job = to;

	if (f->format != NULL && !(f->format->can & FORMAT_PRIVATE))
		r = ERROR_NOT_PRIVATE;
	else if (f->format != NULL && job->file != NULL && job->keys++ > 0)
		r = ERROR_SECOND;
	return r > 0 ? convert(job, f, key_input_subject(in)) :
	    output_error(NULL, key_input_subject(in), r);
}

int
main(int argc, char **argv)
{
	struct job job = { .reading = KEY_IDENTITY, .old = PASSPHRASE_EMPTY, .new = PASSPHRASE_EMPTY,
	    .out = BUFFER_INIT(8 * BUFFER_MAX), .pub = BUFFER_INIT(8 * BUFFER_MAX) };
	int status;

	secret_guard();
	crypto_init(1, die_memory);
	parse(argc, argv, &job);
	output_check(job.file, job.pair);
	/* file holds one key: it is written after all input has been read */
	status = output_keys(argv + optind, job.reading, job.file == NULL ? &job.out : NULL, put, &job);
	if (job.file != NULL && status == STATUS_YES)
		status = output_key(job.file, buffer_slice(&job.out), buffer_slice(&job.pub));
	buffer_free(&job.out);
	buffer_free(&job.pub);
	passphrase_free(&job.old);
	passphrase_free(&job.new);
	secret_stack();
	return status;
}
