/* keyinfo: prints what is known of each key without a passphrase, one row a key. */
#include "base/error.h"
#include "base/row.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "cmd/output.h"
#include "crypto/crypto.h"
#include "crypto/key_complete.h"
#include "keyfile/fingerprint.h"
#include "keyfile/key_deviation.h"
#include "keyfile/key_file.h"
#include "keyfile/key_policy.h"

#include <limits.h>
#include <unistd.h>

const char die_tool[] = "keyinfo";

static const char usage[] =
"usage: xferkey keyinfo [-ijF] [file ...]\n"
"\n"
"Prints tab-separated columns for every key, public or private, in the files or\n"
"on standard input; on a terminal, a line for each column that is not empty.\n"
"Asks for no passphrase. \"-\" means unknown or none.\n"
"\n"
"   1 file         as typed              8 fingerprint   SHA256\n"
"   2 line         where the key begins  9 server        ok, or why not\n"
"   3 half         public or private    10 fips          loads, convert, why not\n"
"   4 format       PEM, PPK3 and so on  11 ssh           loads, or why not\n"
"   5 protection   none, or the cipher  12 libssh2       as ssh, for ascp\n"
"   6 type         as fpr shows it      13 comment\n"
"   7 bits                              14 derivation    of the passphrase\n"
"\n"
"  -i    as ssh -i: reads only the one private key of each file\n"
"  -j    prints one JSON object a line; null means unknown or none\n"
"  -F    lenient: quoted, indented, UTF-16, text around the keys\n";

struct job {
	struct digest *digest;
	const char *loaded;     /* the file of the private key that was read last */
	struct buffer out;
	struct row row;         /* in out */
};

static void
put(struct row *row, const char *name, const char *text)
{
	row_put(row, name, slice_str(text != NULL ? text : ""));
}

/* Reads a private key that is not encrypted. Sets k, with the comment; if the file does not state
 * the public half, also sets blob, to the computed public half. Returns 0 or an error. */
static int
read_plain(const struct key_file *f, struct key *k, struct key_blob *blob)
{
	struct passphrase none = { .kind = PASSPHRASE_NONE };
	struct key_parts parts = KEY_PARTS_EMPTY;
	struct buffer plain = BUFFER_EMPTY;
	int r;

	if (blob->bytes.n == 0)
		return (r = key_file_read(f, &none, "", k)) == ERROR_NONE ?
		    key_blob_parse(buffer_slice(&k->pub), blob) : r;
	if ((r = key_file_decrypt(f, slice_str(""), &plain)) == ERROR_NONE &&
	    (r = format_decode(f, buffer_slice(&plain), &parts)) == ERROR_NONE)
		r = key_complete(&parts, k);
	else if (r == ERROR_TYPE && (blob->type == NULL || blob->type->priv == NULL))
		r = ERROR_NONE;         /* ssh may know the type */
	key_parts_free(&parts);
	buffer_free(&plain);
	secret_stack();
	return r;
}

/* 1 if a FIPS-mode OpenSSL loads files of this form. It must also accept the key, the parameters
 * and the passphrase. */
static int
may_load(const struct key_file *f)
{
	const enum kdf kdf = f->protection.kdf;

	return f->format->loaded == FORMAT_AS_PEM && !(f->deviations & KEY_DEVIATION_PEM) &&
	    (kdf == KDF_NONE || kdf == KDF_PBKDF2);
}

/* The column fips, or NULL: encrypted PKCS#8 shows nothing of its key. */
static const char *
fips(const struct key_file *f, const struct key_type *type, const struct key_blob *blob)
{
	const char *why;

	if (type != NULL && key_policy_fips(type, blob->type != NULL ? blob->bits : UINT_MAX,
	    &why) != KEY_GOOD)
		return why;
	return !may_load(f) ? "convert" : blob->type != NULL ? "loads" : NULL;
}

static const char *
server(const struct key_blob *blob, int spelling)
{
	enum key_verdict verdict;
	const char *why;

	if (blob->bytes.n == 0)
		return NULL;
	verdict = key_policy_server(blob->bytes, &why);
	return verdict == KEY_UNJUDGED ? NULL : verdict != KEY_GOOD ? why :
	    spelling < 0 ? error_text(spelling) : "ok";
}

static const char *
loads(const struct key_file *f, enum key_deviation_reader reader)
{
	const char *why = key_deviation_phrase(f, reader);

	return why != NULL ? why : "loads";
}

/* Prints the row of a key; r: > 0, or the error of its spelling. Returns 0 or an error. */
static int
put_row(struct job *job, struct key_file *f, int r, const char *file)
{
	const int private = f->encrypted.n > 0, plain = private && f->protection.kdf == KDF_NONE;
	unsigned char room[128];
	struct buffer print = BUFFER_EMPTY, kdf = BUFFER_IN(room);
	struct key_blob blob = f->blob;
	struct row *row = &job->row;
	const struct key_type *type;
	struct key k = KEY_EMPTY;
	int told, e = plain ? read_plain(f, &k, &blob) : ERROR_NONE;

	if (e == ERROR_NONE && blob.bytes.n > 0)
		e = fingerprint_text(&print, job->digest, "SHA256", &blob);
	if (e != ERROR_NONE)
		goto out;
	type = blob.type != NULL ? blob.type : f->type;
	if (private)
		key_deviation_judge(f, type, blob.bits);
	if (job->loaded == file)
		f->deviations |= KEY_DEVIATION_SECOND;
	protection_put_kdf(&kdf, &f->protection);
	put(row, "file", file);
	row_put_number(row, "line", f->line);
	put(row, "half", private ? "private" : "public");
	put(row, "format", f->format->name);
	put(row, "protection", f->protection.cipher != NULL ? f->protection.cipher->ssh : plain ? "none" : NULL);
	row_put(row, "type", type != NULL ? slice_str(type->show) : blob.name);
	row_put_number(row, "bits", blob.bits);
	row_put(row, "fingerprint", buffer_slice(&print));
	put(row, "server", server(&blob, r));
	/* nothing loads a public half, and who knows about an unknown type */
	told = private && (blob.bytes.n == 0 || blob.type != NULL);
	put(row, "fips", told ? fips(f, type, &blob) : NULL);
	put(row, "ssh", told ? loads(f, KEY_DEVIATION_SSH) : NULL);
	put(row, "libssh2", told ? loads(f, KEY_DEVIATION_LIBSSH2) : NULL);
	row_put(row, "comment", k.comment.n > 0 ? buffer_slice(&k.comment) : f->comment);
	row_put(row, "derivation", buffer_slice(&kdf));
	row_end(row);
out:
	buffer_free(&print);
	key_free(&k);
	return e;
}

static int
put_key(void *job, struct key_file *f, int r, struct key_input *in)
{
	if (r > 0 || key_blob_is_spelling(r))
		r = put_row(job, f, r, in->file[-1]);
	if (f->format != NULL && f->format->loaded != FORMAT_BY_NONE)
		((struct job *)job)->loaded = in->file[-1];
	return r >= 0 ? STATUS_YES : output_error(NULL, key_input_subject(in), r);
}

int
main(int argc, char **argv)
{
	struct job job = {
		.out = BUFFER_INIT(8 * BUFFER_MAX),
		.row = { .out = &job.out, .form = isatty(STDOUT_FILENO) ? ROW_LABELS : ROW_COLUMNS },
	};
	int c, lenient = 0, identity = 0, status;

	secret_guard();
	while ((c = getopt(argc, argv, ":ijFh")) != -1)
		switch (c) {
		case 'i': identity = 1; break;
		case 'j': job.row.form = ROW_JSON; break;
		case 'F': lenient = 1; break;
		default: die_option(c, argv, usage);
		}
	crypto_init(0, die_memory);
	if ((job.digest = digest_new("SHA256")) == NULL)
		die("SHA256: %s", error_text(ERROR_CRYPTO));
	status = output_keys(argv + optind, lenient ? (identity ? KEY_LENIENT_IDENTITY : KEY_LENIENT) :
	    identity ? KEY_IDENTITY : KEY_STRICT, &job.out, put_key, &job);
	digest_free(job.digest);
	buffer_free(&job.out);
	return status;
}
