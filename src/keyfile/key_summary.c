#include "keyfile/key_summary.h"
#include "format/format_pkcs1_sec1.h"
#include "format/format_pkcs8.h"
#include "keyfile/key_deviation.h"
#include "base/key_error.h"
#include "keyfile/key_file.h"
#include "keyfile/key_policy.h"

#include <limits.h>
#include <stdio.h>

/* If FIPS-mode OpenSSL accepts the key, and its parameters and passphrase, it loads such a file. */
static int
may_load(const struct key_file *f)
{
	const enum kdf kdf = f->protection.kdf;

	return !(f->deviations & KEY_DEVIATION_PEM) && ((f->format == &format_pkcs8_private &&
	    (kdf == KDF_NONE || kdf == KDF_PBKDF2)) || (f->format == &format_pkcs1_sec1_private && kdf == KDF_NONE));
}

/* The column of FIPS mode. RSA is judged by its bits, where they can be seen; encrypted PKCS#8
 * shows nothing of its key. */
static const char *
fips_column(const struct key_file *f, const struct key_blob *blob)
{
	const struct key_type *type = blob->type != NULL ? blob->type : f->type;
	const char *why;

	if (type != NULL &&
	    key_policy_fips(type, blob->type != NULL ? blob->bits : UINT_MAX, &why) != KEY_GOOD)
		return why;
	return !may_load(f) ? "convert" : blob->type != NULL ? "loads" : "-";
}

static void
put_column(struct buffer *out, const char *text)
{
	buffer_puts(out, text != NULL ? text : "-");
	buffer_puts(out, "\t");
}

int
key_summary_put(struct buffer *out, struct key_file *f)
{
	struct passphrase none = { .kind = PASSPHRASE_NONE };
	struct key_blob blob = f->blob;
	struct key k = KEY_EMPTY;
	const struct key_type *type;
	char bits[16] = "-";
	const char *why;
	int r = KEY_OK;

	if (blob.bytes.n == 0 && f->protection.kdf == KDF_NONE &&
	    (r = key_file_read(f, &none, "", &k)) == KEY_OK)
		r = key_blob_parse(buffer_slice(&k.pub), &blob);
	if (r != KEY_OK)
		goto out;
	if (blob.bytes.n > 0)
		(void)snprintf(bits, sizeof bits, "%u", blob.bits);
	type = blob.type != NULL ? blob.type : f->type;
	key_deviation_judge(f, type, blob.bits);
	put_column(out, f->format->name);
	put_column(out, f->protection.cipher != NULL ? f->protection.cipher->ssh : "none");
	put_column(out, type != NULL ? type->show : NULL);
	put_column(out, bits);
	put_column(out, fips_column(f, &blob));
	put_column(out, key_deviation_phrase(f->deviations, KEY_DEVIATION_SSH));
	why = key_deviation_phrase(f->deviations, KEY_DEVIATION_LIBSSH2);
	buffer_puts(out, why != NULL ? why : "-");
	r = buffer_puts(out, "\n") == 0 ? KEY_OK : KEY_E_MEMORY;
out:
	key_free(&k);
	return r;
}
