#include "key_summary.h"
#include "fips_pkcs8.h"
#include "key_error.h"
#include "key_loads.h"
#include "key_policy.h"
#include "key_unlock.h"

#include <limits.h>
#include <stdio.h>

/* The column of FIPS mode. RSA is judged by its bits, where they can be seen; encrypted PKCS#8
 * shows nothing of its key. */
static const char *
fips_column(const struct envelope *e, const struct key_view *view, const struct key_loads *loads)
{
	const struct key_type *type = view->type != NULL ? view->type : e->type;
	const char *why;

	if (type != NULL &&
	    key_policy_fips(type, view->type != NULL ? view->bits : UINT_MAX, &why) != KEY_GOOD)
		return why;
	if (loads->libcrypto != NULL || !fips_pkcs8_may_load(e))
		return "convert";
	return view->type != NULL ? "loads" : "-";
}

static void
put_column(struct buffer *out, const char *text)
{
	buffer_puts(out, text != NULL ? text : "-");
	buffer_puts(out, "\t");
}

int
key_summary_put(struct buffer *out, const struct key_text *text, const struct envelope *e)
{
	struct passphrase none = { .kind = PASSPHRASE_NONE };
	struct key_view view = { .blob = e->pub };
	struct key k = KEY_EMPTY;
	const struct key_type *type;
	struct key_loads loads;
	char bits[16] = "-";
	int r = KEY_OK;

	if (e->pub.n == 0 && e->prot.kdf == KDF_NONE &&
	    (r = key_unlock(e, &none, "", &k)) == KEY_OK)
		view.blob = buffer_slice(&k.pub);
	if (r == KEY_OK && view.blob.n > 0 && (r = key_view_parse(view.blob, &view)) == KEY_OK)
		(void)snprintf(bits, sizeof bits, "%u", view.bits);
	if (r != KEY_OK)
		goto out;
	type = view.type != NULL ? view.type : e->type;
	loads = key_loads(text, e, type, view.type != NULL ? view.bits : 0);
	put_column(out, e->format->name);
	put_column(out, e->prot.cipher != NULL ? e->prot.cipher->ssh : "none");
	put_column(out, type != NULL ? type->show : NULL);
	put_column(out, bits);
	put_column(out, fips_column(e, &view, &loads));
	put_column(out, loads.ssh);
	buffer_puts(out, loads.libssh2 != NULL ? loads.libssh2 : "-");
	r = buffer_puts(out, "\n") == 0 ? KEY_OK : KEY_E_MEMORY;
out:
	key_free(&k);
	return r;
}
