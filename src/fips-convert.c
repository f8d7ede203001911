/* fips-convert: any private key in, PKCS#8 out that ascp in FIPS mode loads. */
#include "crypto.h"
#include "die.h"
#include "fips_pkcs8.h"
#include "key_check.h"
#include "key_error.h"
#include "key_input.h"
#include "key_policy.h"
#include "key_unlock.h"
#include "option.h"
#include "output.h"
#include "secret.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

const char die_tool[] = "fips-convert";

static const char usage[] =
    "usage: xferkey fips-convert [-Z aes128|aes256] [-a iterations] [-P source]\n"
    "                            [-N source] [-o file] file\n"
    "\n"
    "Converts a private key for ascp in FIPS mode: PKCS#8, AES-CBC, PBKDF2. libcrypto\n"
    "loads and compares the result before it gets its name; the source never changes.\n"
    "\n"
    "  -Z cipher       aes128 (default, the documented one) or aes256\n"
    "  -a iterations   10000 to 20000000; default 600000\n"
    "  -P source       unlocks: env:VAR file:PATH fd:N stdin ask none\n"
    "  -N source       protects the result; default the key's own passphrase\n"
    "  -o file         the result, which must not exist; default standard output\n"
    "\n"
    "A key without a passphrase wants -N; -N none gives plain PKCS#8.\n";

static const char form[] =
    "the key is the operand, the result -o: xferkey fips-convert -o new-id_rsa id_rsa";

struct job {
	const char *cipher, *file;
	uint32_t rounds;
	struct passphrase old, new;
};

static void
parse(int argc, char **argv, struct job *job)
{
	int c;

	while ((c = getopt(argc, argv, ":Z:a:P:N:o:ih")) != -1)
		switch (c) {
		case 'Z':
			job->cipher = strcasecmp(optarg, "aes256") == 0 ? "aes256" : "aes128";
			if (strcasecmp(optarg, job->cipher) != 0)
				die("-Z %s: aes128 or aes256", optarg);
			break;
		case 'a':
			job->rounds = option_number(c, optarg, FIPS_PKCS8_ROUNDS_MIN, 20000000);
			break;
		case 'P': case 'N':
			option_source(c == 'P' ? &job->old : &job->new, c, optarg);
			break;
		case 'o':
			job->file = option_file(optarg);
			break;
		case 'i':       /* ssh's -i KEY, openssl's -in KEY -out FILE */
			die("%s", form);
		default:
			die_option(c, usage);
		}
	if (argv[optind] == NULL || (job->file != NULL && strcmp(job->file, "ut") == 0))
		die("%s", form);
	if (argv[optind + 1] != NULL)
		die("%s: one key at a time, and the options before it", argv[optind + 1]);
	option_streams(&job->old, argv[optind]);
	option_streams(&job->new, argv[optind]);
}

/* The passphrase of the result: -N, or the key's own, or a new one. */
static int
new_passphrase(struct job *job, const struct envelope *e, const char *place,
    struct slice *pass)
{
	struct passphrase *from = &job->new;
	int r;

	if (from->kind == PASSPHRASE_UNSET && e->prot.kdf != KDF_NONE)
		from = &job->old;
	else if (from->kind == PASSPHRASE_UNSET && !passphrase_can_ask())
		return warn_line("%s: it has no passphrase: give one with -N, or -N none for "
		    "a plain key", place);
	else if ((r = passphrase_read(from, job->file != NULL ? job->file : place, 1)) != KEY_OK)
		return warn_line("%s: %s", passphrase_subject(from, r, job->file != NULL ? job->file : place),
		    key_error_text(r));
	*pass = buffer_slice(&from->text);
	return STATUS_YES;
}

/* Said when all is done: what the key was, what to beware of, and what it is now. */
static void
report(const struct job *job, const struct envelope *e, const char *place,
    const char *const doubts[2], int same, int sealed, const char *now)
{
	unsigned char room[512];
	struct buffer line = BUFFER_IN(room);
	size_t i;

	protection_put(&line, &e->prot);
	buffer_put(&line, "", 1);
	(void)warn_line("%s: was in %s format, encryption: %s", place, e->format->name,
	    (char *)line.p);
	for (i = 0; i < 2; i++)
		if (doubts[i] != NULL)
			(void)warn_line("%s: warning: %s", place, doubts[i]);
	buffer_truncate(&line, 0);
	if (same)
		buffer_puts(&line, "already converted; its encryption is kept");
	else
		fips_pkcs8_command(&line, e->format, job->cipher, sealed);
	buffer_put(&line, "", 1);
	(void)warn_line("%s", (char *)line.p);
	(void)warn_line("%s: %s", job->file != NULL ? job->file : "standard output", now);
}

/* A refusal is said at once; a doubt waits for the report. */
static int
allowed(const char *place, enum key_verdict verdict, const char **why)
{
	if (verdict == KEY_REFUSED)
		return warn_line("%s: refused: %s", place, *why);
	if (verdict == KEY_GOOD)
		*why = NULL;
	return STATUS_YES;
}

static int
convert(struct job *job, const struct envelope *e, const char *place, struct buffer *text)
{
	const int wish = job->cipher != NULL || job->rounds != 0;
	int r, status, same = !wish && job->new.kind == PASSPHRASE_UNSET && fips_pkcs8_already(e);
	const char *doubts[2] = { NULL, NULL };
	unsigned char room[256];
	struct buffer now = BUFFER_IN(room);
	struct key k = KEY_EMPTY;
	struct key_view view;
	struct slice pass;

	if ((r = passphrase_in_order(&job->old, &job->new)) != KEY_OK ||
	    (r = key_unlock(e, &job->old, place, &k)) != KEY_OK ||
	    (r = key_view_parse(buffer_slice(&k.pub), &view)) != KEY_OK) {
		status = warn_line("%s: %s", passphrase_subject(&job->old, r, place), key_error_text(r));
		goto out;
	}
	if ((status = allowed(place, key_policy_fips(view.type, view.bits, &doubts[0]),
	    &doubts[0])) != STATUS_YES ||
	    (status = new_passphrase(job, e, place, &pass)) != STATUS_YES ||
	    (status = allowed(place, key_policy_fips_passphrase(pass.n, &doubts[1]),
	    &doubts[1])) != STATUS_YES)
		goto out;
	if (!same) {
		buffer_truncate(text, 0);
		r = wish && pass.n == 0 ? KEY_E_UNSEALED :
		    fips_pkcs8_make(&k, job->cipher, job->rounds, pass, text);
	}
	if (r == KEY_OK && (r = key_check_loads(&k, buffer_slice(text), pass)) == KEY_OK)
		r = fips_pkcs8_put(&now, buffer_slice(text));
	if (r != KEY_OK)
		status = warn_line("%s: the result: %s", place, key_error_text(r));
	else if ((status = output_private(job->file, buffer_slice(text))) == STATUS_YES)
		report(job, e, place, doubts, same, pass.n > 0, (char *)now.p);
out:
	key_free(&k);
	return status;
}

int
main(int argc, char **argv)
{
	struct job job = { .old = PASSPHRASE_EMPTY, .new = PASSPHRASE_EMPTY };
	struct envelope e = ENVELOPE_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	struct key_input in;
	int r, status;

	secret_guard();
	crypto_init(1, die_memory);
	parse(argc, argv, &job);
	output_check(job.file);
	key_input_init(&in, argv + optind, KEY_IDENTITY);
	if ((r = key_input_only(&in, &e, &text)) != KEY_OK)
		status = warn_line("%s: %s", key_input_place(&in), key_error_text(r));
	else
		status = convert(&job, &e, in.name, &text);
	buffer_free(&text);
	envelope_free(&e);
	key_input_free(&in);
	passphrase_free(&job.old);
	passphrase_free(&job.new);
	secret_stack();
	return status;
}
