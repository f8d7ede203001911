#include "key_seal.h"
#include "key_crypto.h"
#include "key_error.h"
#include "seal.h"
#include "secret.h"

#include <stdio.h>
#include <string.h>

#define SALT 16

/* "aes128" is openssl's word for what OpenSSH calls aes128-cbc. */
static const struct cipher *
cipher_named(const char *name, int pkcs8)
{
	const struct cipher *c = protection_cipher(slice_str(name));
	char cbc[32];

	if (c == NULL && pkcs8 && snprintf(cbc, sizeof cbc, "%s-cbc", name) < (int)sizeof cbc)
		c = protection_cipher(slice_str(cbc));
	return c;
}

int
key_seal_protection(const struct key_format *f, const char *cipher, uint32_t rounds,
    struct protection *prot)
{
	int pkcs8 = strcmp(f->name, "PKCS8") == 0;

	memset(prot, 0, sizeof *prot);
	if (strcmp(f->name, "PEM") == 0)
		return KEY_E_NO_SEAL;
	prot->kdf = pkcs8 ? KDF_PBKDF2 : KDF_BCRYPT;
	prot->digest = "SHA256";
	prot->salt_n = SALT;
	prot->rounds = rounds != 0 ? rounds : pkcs8 ? 600000 : 24;
	if (cipher == NULL)
		cipher = pkcs8 ? "aes128-cbc" : "aes256-ctr";
	prot->cipher = cipher_named(cipher, pkcs8);
	if (prot->cipher == NULL || prot->cipher->key < 16 ||
	    (pkcs8 && (prot->cipher->oid.n == 0 || prot->cipher->block != 16)))
		return KEY_E_CIPHER;
	return protection_check(prot);
}

int
key_seal(const struct key *k, const struct key_format *f, const struct protection *prot,
    struct slice pass, struct buffer *text)
{
	struct envelope e = ENVELOPE_EMPTY;
	struct buffer plain = BUFFER_EMPTY, sealed = BUFFER_EMPTY;
	size_t from = text->n;
	int r;

	if (pass.n > 0)
		e.prot = *prot;
	e.format = f;
	e.pub = buffer_slice(&k->pub);
	if ((r = seal_fresh(&e.prot, e.prot.salt_n)) != KEY_OK ||
	    (r = f->encode(k, &e, &plain)) != KEY_OK ||
	    (r = seal_close(&e.prot, pass, buffer_slice(&plain), &sealed)) != KEY_OK)
		goto out;
	e.sealed = buffer_slice(&sealed);
	r = f->frame(&e, text);
out:
	if (r != KEY_OK && text->n > from)
		buffer_truncate(text, from);
	buffer_free(&plain);
	buffer_free(&sealed);
	secret_stack();
	return r;
}

int
key_seal_check(const struct key *k, const struct key_format *f, struct slice pass,
    struct slice text)
{
	struct envelope e = ENVELOPE_EMPTY;
	struct buffer plain = BUFFER_EMPTY;
	struct key again = KEY_EMPTY;
	int r;

	e.format = f;
	if ((r = f->open(text, &e)) == KEY_OK &&
	    (r = seal_open(&e.prot, pass, e.sealed, &plain)) == KEY_OK &&
	    (r = f->decode(&e, buffer_slice(&plain), &again)) == KEY_OK &&
	    (r = key_crypto_complete(&again)) == KEY_OK && !key_same(k, &again))
		r = KEY_E_MISMATCH;
	key_free(&again);
	buffer_free(&plain);
	envelope_free(&e);
	return r;
}
