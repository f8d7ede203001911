/* fips-convert: converts any private key to PKCS#8 that ascp in FIPS mode loads. */
#include "base/error.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "cmd/option.h"
#include "cmd/output.h"
#include "crypto/crypto.h"
#include "crypto/fips.h"
#include "format/format.h"
#include "keyfile/key_file.h"
#include "keyfile/key_policy.h"

#include <strings.h>
#include <unistd.h>

#define FORM "name the key as operand, the result with -o: xferkey fips-convert -o new-id_rsa id_rsa"

const char die_tool[] = "fips-convert";

static const char usage[] =
"usage: xferkey fips-convert [-Z aes128|aes256] [-a iterations] [-P source]\n"
"                            [-N source] [-o file] file\n"
"\n"
"Converts a private key for ascp in FIPS mode: PKCS#8, AES-CBC, PBKDF2. The\n"
"result is loaded and compared before it is written; the source never changes.\n"
"\n"
"  -Z cipher       aes128 (default, as in the documented command) or aes256\n"
"  -a iterations   10000 to 20000000; default 600000\n"
"  -P source       old passphrase: env:VAR file:PATH fd:N stdin ask none\n"
"  -N source       new passphrase, or none; default the old passphrase\n"
"  -o file         the result, which must not exist; default standard output\n"
"\n"
"If the key has no passphrase and there is no terminal, -N is required.\n";

struct job {
	struct key_file_form form;
	struct fips_proof proof;
	const char *file;
	struct passphrase old, new;
};

static void
parse(int argc, char **argv, struct job *job)
{
	int c;

	while ((c = getopt(argc, argv, ":Z:a:P:N:o:ih")) != -1)
		switch (c) {
		case 'Z':
			job->form.cipher = strcasecmp(optarg, "aes256") == 0 ? "aes256" : "aes128";
			if (strcasecmp(optarg, job->form.cipher) != 0)
				die("-Z %s: not one of aes128 aes256", optarg);
			break;
		case 'a':
			job->form.rounds = option_number(c, optarg, KEY_POLICY_FIPS_ROUNDS, 20000000);
			break;
		case 'P': option_source(&job->old, c, optarg); break;
		case 'N': option_source(&job->new, c, optarg); break;
		case 'o': job->file = option_file(optarg); break;
		case 'i': die("%s", FORM);      /* ssh's -i KEY, openssl's -in KEY -out FILE */
		default: die_option(c, argv, usage);
		}
	if (argv[optind] == NULL || (job->file != NULL && strcmp(job->file, "ut") == 0))
		die("%s", FORM);
	if (argv[optind + 1] != NULL)
		die("%s: convert one key at a time, options first", argv[optind + 1]);
	option_streams(&job->old, argv[optind]);
	option_streams(&job->new, argv[optind]);
}

static int
new_passphrase(struct job *job, const struct key_file *f, const char *subject, struct slice *pass)
{
	const char *result = job->file != NULL ? job->file : subject;
	struct passphrase *from = &job->new;
	int r = ERROR_NONE;

	if (from->kind == PASSPHRASE_UNSET && f->protection.kdf != KDF_NONE)
		from = &job->old;
	else
		r = passphrase_read(from, result, 1);
	if (r == ERROR_NO_TERMINAL && from->kind == PASSPHRASE_UNSET)
		return die_warn("%s: the key has no passphrase: set one with -N, or "
		    "write it unencrypted with -N none", subject);
	if (r != ERROR_NONE)
		return output_error(from, result, r);
	*pass = buffer_slice(&from->text);
	return STATUS_YES;
}

static void
report_form(const char *subject, const char *was, const struct key_file *f)
{
	unsigned char room[512];
	struct buffer line = BUFFER_IN(room);

	protection_put(&line, &f->protection);
	die_warn("%s: %sin %s format, encryption: %s", subject, was, f->format->name, buffer_string(&line));
}

static void
report(const struct job *job, const struct key_file *f, const char *subject,
    const char *const doubts[2], int same, const struct key_file *now)
{
	const char *cipher = job->form.cipher != NULL ? job->form.cipher : "aes128", *lack = job->proof.lack;
	const int encrypted = now->protection.kdf != KDF_NONE;
	size_t i;

	report_form(subject, "was ", f);
	for (i = 0; i < 2; i++)
		if (doubts[i] != NULL)
			die_warn("%s: warning: %s", subject, doubts[i]);
	if (same)
		die_warn("already converted; its encryption is kept");
	else if (f->format->loaded == FORMAT_AS_PEM)
		die_warn("equivalent: openssl pkcs8 -topk8 %s%s -in KEY -out NEW",
		    encrypted ? "-v2 " : "-nocrypt", encrypted ? cipher : "");
	else
		die_warn("no openssl command is equivalent: openssl cannot read %s format", f->format->name);
	report_form(job->file != NULL ? job->file : "standard output", "", now);
	die_warn("%s%sproven with %s%s", lack != NULL ? lack : "", lack != NULL ? ": " : "", job->proof.provider,
	    lack != NULL ? " only" : "");
}

/* Prints a refusal at once; a doubt is left in *why for the report. */
static int
allowed(const char *subject, enum key_verdict verdict, const char **why)
{
	if (verdict == KEY_GOOD)
		*why = NULL;
	return verdict == KEY_REFUSED ? die_warn("%s: refused: %s", subject, *why) : STATUS_YES;
}

static int
convert(struct job *job, const struct key_file *f, const char *subject, struct buffer *text)
{
	const int wish = job->form.cipher != NULL || job->form.rounds != 0;
	int r, status, same = !wish && job->new.kind == PASSPHRASE_UNSET && key_policy_fips_file(f);
	const char *doubts[2] = { NULL, NULL };
	struct key k = KEY_EMPTY;
	struct key_file now = KEY_FILE_EMPTY;
	struct key_blob blob;
	struct slice pass;

	if ((r = passphrase_in_order(&job->old, &job->new)) != ERROR_NONE ||
	    (r = key_file_read(f, &job->old, subject, &k)) != ERROR_NONE ||
	    (r = key_blob_parse(buffer_slice(&k.pub), &blob)) != ERROR_NONE) {
		status = output_error(&job->old, subject, r);
		goto out;
	}
	if ((status = allowed(subject, key_policy_fips(blob.type, blob.bits, &doubts[0]), &doubts[0])) != STATUS_YES ||
	    (status = new_passphrase(job, f, subject, &pass)) != STATUS_YES ||
	    (status = allowed(subject, key_policy_fips_passphrase(pass.n, &doubts[1]), &doubts[1])) != STATUS_YES)
		goto out;
	if (same)
		r = fips_loads(&k, buffer_slice(text), pass, &job->proof);
	else {
		buffer_truncate(text, 0);
		r = wish && pass.n == 0 ? ERROR_UNENCRYPTED : key_file_write(&k, &job->form, pass, text);
	}
	if (r == ERROR_NONE)
		r = format_parse(&format_pkcs8_private, buffer_slice(text), &now);
	if (r != ERROR_NONE)
		status = die_warn("%s: the result: %s%s%s", subject, job->proof.provider,
		    job->proof.provider[0] != '\0' ? ": " : "", error_text(r));
	else if ((status = output_key(job->file, buffer_slice(text), slice_str(""))) == STATUS_YES)
		report(job, f, subject, doubts, same, &now);
out:
	format_free(&now);
	key_free(&k);
	return status;
}

int
main(int argc, char **argv)
{
	struct job job = { .form = { .format = &format_pkcs8_private, .prove = fips_loads, .proof = &job.proof },
	    .old = PASSPHRASE_EMPTY, .new = PASSPHRASE_EMPTY };
	struct key_file f = KEY_FILE_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	struct key_input in;
	int r, status;

	secret_guard();
	crypto_init(1, die_memory);
	parse(argc, argv, &job);
	output_check(job.file, 0);
	key_input_init(&in, argv + optind, KEY_IDENTITY);
	if ((r = key_input_only(&in, &f, &text)) != ERROR_NONE)
		status = output_error(NULL, key_input_subject(&in), r);
	else
		status = convert(&job, &f, in.name, &text);
	buffer_free(&text);
	format_free(&f);
	key_input_free(&in);
	passphrase_free(&job.old);
	passphrase_free(&job.new);
	secret_stack();
	return status;
}
