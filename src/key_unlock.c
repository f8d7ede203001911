#include "key_unlock.h"
#include "key_crypto.h"
#include "key_error.h"
#include "key_seal.h"
#include "secret.h"

int
key_unlock(const struct envelope *e, struct passphrase *pass, const char *subject,
    struct key *k)
{
	struct buffer plain = BUFFER_EMPTY;
	const int locked = e->prot.kdf != KDF_NONE;
	int r;

	if (e->sealed.n == 0)
		return KEY_E_NOT_PRIVATE;
	if (locked && (r = passphrase_read(pass, subject, 0)) != KEY_OK)
		goto out;
	r = KEY_E_NO_PASSPHRASE;
	if (locked && pass->text.n == 0)
		goto out;
	r = key_seal_open(e, locked ? buffer_slice(&pass->text) : slice_str(""), &plain);
	if (r != KEY_OK)
		goto out;
	r = e->format->decode(e, buffer_slice(&plain), k);
	/* Padding fits by chance once in 256 times; a mac never does. */
	if (r == KEY_E_MALFORMED && locked && e->prot.mac == MAC_NONE)
		r = KEY_E_PASSPHRASE;
	if (r == KEY_OK)
		r = key_crypto_complete(k);
out:
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
	if ((r = key_unlock(e, pass, subject, k)) == KEY_OK)
		r = key_crypto_check(k);
	return r;
}
