#include "key_seal.h"
#include "cipher.h"
#include "escape.h"
#include "key_complete.h"
#include "key_error.h"
#include "secret.h"

#include <stdio.h>
#include <string.h>

#define SALT 16
#define PBKDF2_LEAST 1000       /* SP 800-132 section 5.2, and libcrypto's limit */

/* "aes128" is openssl's word for what OpenSSH calls aes128-cbc. */
static const struct cipher *
cipher_named(const char *name, const char *usual)
{
	const struct cipher *c = protection_cipher(slice_str(name));
	char cbc[32];

	if (c == NULL && strstr(usual, "-cbc") != NULL &&
	    snprintf(cbc, sizeof cbc, "%s-cbc", name) < (int)sizeof cbc)
		c = protection_cipher(slice_str(cbc));
	return c;
}

static int
choose_protection(const struct key_format *f, const char *cipher, uint32_t rounds,
    struct protection *prot)
{
	*prot = (struct protection){ .kdf = f->seal.kdf, .digest = f->seal.digest, .salt_n = SALT,
	    .rounds = rounds != 0 ? rounds : f->seal.rounds, .r = f->seal.r, .p = f->seal.p };
	if (prot->kdf == KDF_NONE)
		return KEY_E_NO_SEAL;
	if (rounds != 0 && f->seal.rounds == 0)
		return KEY_E_NO_ROUNDS;
	if (rounds != 0 && rounds < PBKDF2_LEAST && prot->kdf == KDF_PBKDF2)
		return KEY_E_FEW_ROUNDS;
	prot->cipher = cipher_named(cipher != NULL ? cipher : f->seal.cipher, f->seal.cipher);
	if (prot->cipher == NULL || !f->admits(prot->cipher))
		return KEY_E_CIPHER;
	return protection_check(prot);
}

static int
covered(const struct envelope *e, size_t n, struct buffer *over)
{
	return e->format->covers != NULL ? e->format->covers(e, n, over) : KEY_OK;
}

int
key_seal(const struct key *k, const struct key_format *f, const char *cipher, uint32_t rounds,
    struct slice pass, struct buffer *text)
{
	struct envelope e = ENVELOPE_EMPTY;
	struct buffer plain = BUFFER_EMPTY, sealed = BUFFER_EMPTY, over = BUFFER_EMPTY;
	struct buffer shown = BUFFER_EMPTY;
	size_t from = text->n;
	int r = KEY_OK;

	if (pass.n > 0 && (r = choose_protection(f, cipher, rounds, &e.prot)) != KEY_OK)
		goto out;
	e.prot.mac = f->mac;
	e.format = f;
	e.pub = buffer_slice(&k->pub);
	if (escape_put(&shown, buffer_slice(&k->comment)) != 0) {
		r = KEY_E_MEMORY;
		goto out;
	}
	e.comment = buffer_slice(&shown);
	if (((pass.n > 0 || f->draws) &&
	    (r = cipher_randomize(&e.prot)) != KEY_OK) ||
	    (r = f->encode(k, &e, &plain)) != KEY_OK ||
	    (r = covered(&e, plain.n, &over)) != KEY_OK ||
	    (r = cipher_encrypt(&e.prot, pass, buffer_slice(&over), buffer_slice(&plain),
	    &sealed)) != KEY_OK)
		goto out;
	e.sealed = buffer_slice(&sealed);
	r = f->frame(&e, text);
out:
	if (r != KEY_OK && text->n > from)
		buffer_truncate(text, from);
	buffer_free(&plain);
	buffer_free(&sealed);
	buffer_free(&over);
	buffer_free(&shown);
	secret_stack();
	return r;
}

int
key_seal_open(const struct envelope *e, struct slice pass, struct buffer *plain)
{
	struct buffer over = BUFFER_EMPTY;
	int r = covered(e, e->sealed.n, &over);

	if (r == KEY_OK)
		r = cipher_decrypt(&e->prot, pass, buffer_slice(&over), e->sealed, plain);
	buffer_free(&over);
	return r;
}

int
key_seal_check(const struct key *k, const struct key_format *f, struct slice pass,
    struct slice text)
{
	struct envelope e = ENVELOPE_EMPTY;
	struct buffer plain = BUFFER_EMPTY;
	struct key_parts parts = KEY_PARTS_EMPTY;
	struct key again = KEY_EMPTY;
	int r;

	if ((r = key_format_open(f, text, &e)) == KEY_OK &&
	    (r = key_seal_open(&e, pass, &plain)) == KEY_OK &&
	    (r = key_format_decode(&e, buffer_slice(&plain), &parts)) == KEY_OK &&
	    (r = key_complete(&parts, &again)) == KEY_OK && !key_same(k, &again))
		r = KEY_E_MISMATCH;
	key_parts_free(&parts);
	key_free(&again);
	buffer_free(&plain);
	envelope_free(&e);
	return r;
}
