#include "key_unlock.h"
#include "key_check.h"
#include "key_complete.h"
#include "key_error.h"
#include "key_seal.h"
#include "secret.h"

/* What a wrong passphrase gives, or damage, may look sound: padding fits once in
 * 256 times, other sizes hardly ever. A mac never does; and a public half in the
 * clear that is found again inside shows that the passphrase was right. */
static int
verdict(const struct envelope *e, int r)
{
	if (e->prot.kdf == KDF_NONE || e->prot.mac != MAC_NONE)
		return r;
	return r == KEY_E_MALFORMED || (e->pub.n == 0 &&
	    (r == KEY_E_INVALID || r == KEY_E_MISMATCH)) ? KEY_E_PASSPHRASE : r;
}

int
key_unlock(const struct envelope *e, struct passphrase *pass, const char *subject,
    struct key *k)
{
	struct buffer plain = BUFFER_EMPTY;
	struct key_parts parts = KEY_PARTS_EMPTY;
	const int locked = e->prot.kdf != KDF_NONE;
	int r;

	if (e->sealed.n == 0)
		return KEY_E_NOT_PRIVATE;
	if (locked && (r = passphrase_read(pass, subject, 0)) != KEY_OK)
		goto out;
	r = pass->kind == PASSPHRASE_NONE ? KEY_E_NO_PASSPHRASE : KEY_E_BLANK_PASSPHRASE;
	if (locked && pass->text.n == 0)
		goto out;
	r = key_seal_open(e, locked ? buffer_slice(&pass->text) : slice_str(""), &plain);
	if (r != KEY_OK)
		goto out;
	if ((r = key_format_decode(e, buffer_slice(&plain), &parts)) == KEY_OK &&
	    (r = key_complete(&parts, k)) == KEY_OK)
		r = key_check(k);
	r = verdict(e, r);
out:
	key_parts_free(&parts);
	buffer_free(&plain);
	secret_stack();
	return r;
}

int
key_unlock_public(const struct envelope *e, struct passphrase *pass, const char *subject,
    struct key *k)
{
	int r;

	if (e->pub.n > 0 && (e->sealed.n == 0 ||
	    (e->prot.kdf != KDF_NONE && pass->kind == PASSPHRASE_UNSET))) {
		r = key_set_public(k, e->pub);
		return r == KEY_OK ? key_set_comment(k, e->comment) : r;
	}
	if ((r = key_unlock(e, pass, subject, k)) == KEY_OK && e->pub.n > 0)
		r = key_set_public(k, e->pub);  /* maybe its certificate */
	return r;
}
