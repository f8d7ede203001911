#include "crypto/cipher.h"
#include "base/error.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/kdf.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

struct context {
	OSSL_LIB_CTX *lib;              /* NULL: the process's default */
	const struct protection *prot;
	int encrypt;
	unsigned char derived[KDF_MAX]; /* key, iv and mac key */
	unsigned char tag[16];          /* of an AEAD */
	unsigned char mac[PROTECTION_TAG];
};

static int
evp_cipher(struct context *x, const unsigned char *key, const unsigned char *iv, struct slice in,
    struct buffer *out)
{
	const struct cipher *c = x->prot->cipher;
	EVP_CIPHER *evp = EVP_CIPHER_fetch(x->lib, c->evp, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const int tag = c->mode == CIPHER_GCM ? (int)c->tag : 0;
	unsigned char *to = buffer_extend(out, in.n + EVP_MAX_BLOCK_LENGTH);
	int n = 0, last = 0, r = ERROR_CRYPTO;

	if (to == NULL)
		r = out->failed;
	else if (evp != NULL && ctx != NULL &&
	    EVP_CipherInit_ex2(ctx, evp, key, iv, x->encrypt, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, protection_pads(x->prot)) == 1 &&
	    (tag == 0 || x->encrypt || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, tag,
	    x->tag) == 1) &&
	    EVP_CipherUpdate(ctx, to, &n, in.p, (int)in.n) == 1)
		r = EVP_CipherFinal_ex(ctx, to + n, &last) != 1 || (tag > 0 && x->encrypt &&
		    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, tag, x->tag) != 1) ?
		    ERROR_PASSPHRASE : 0;
	if (r == 0)
		buffer_truncate(out, out->n - in.n - EVP_MAX_BLOCK_LENGTH + (size_t)(n + last));
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(evp);
	return r;
}

static int
evp_mac(struct context *x, const char *name, const char *digest, struct slice key,
    struct slice text, unsigned char *tag, size_t n)
{
	return EVP_Q_mac(x->lib, name, NULL, digest, NULL, key.p, key.n, text.p, text.n, tag, n,
	    NULL) != NULL ? 0 : ERROR_CRYPTO;
}

/* PROTOCOL.chacha20poly1305 with sequence number 0 and no length field: block 0 of the first key
 * stream is the Poly1305 key, the text begins at block 1. */
static int
chachapoly(struct context *x, struct slice in, struct buffer *out)
{
	unsigned char counter[16] = { 0 }, tag[16];
	const unsigned char zero[32] = { 0 };
	struct buffer one_time = BUFFER_INIT(128);
	int r = evp_cipher(x, x->derived, counter, slice_of(zero, sizeof zero), &one_time);

	counter[0] = 1;
	if (r == 0)
		r = evp_cipher(x, x->derived, counter, in, out);
	if (r == 0)
		r = evp_mac(x, "POLY1305", NULL, buffer_slice(&one_time),
		    x->encrypt ? buffer_slice(out) : in, tag, sizeof tag);
	if (r == 0 && x->encrypt)
		memcpy(x->tag, tag, sizeof tag);
	else if (r == 0 && !secret_eq(tag, x->tag, sizeof tag))
		r = ERROR_PASSPHRASE;
	buffer_free(&one_time);
	return r;
}

static int
encrypt_or_decrypt(struct context *x, struct slice in, struct buffer *out)
{
	const struct cipher *c = x->prot->cipher;
	unsigned char *key = x->derived;

	if (x->prot->kdf == KDF_NONE)
		return buffer_put_slice(out, in);
	if (c->mode == CIPHER_CHACHAPOLY)
		return chachapoly(x, in, out);
	if (c->key != 8)
		return evp_cipher(x, key, key + c->key, in, out);
	memcpy(key + 24, key + 8, 8);   /* DES as EDE3: the key three times */
	memcpy(key + 8, key, 8);
	memcpy(key + 16, key, 8);
	return evp_cipher(x, key, key + 24, in, out);
}

/* PuTTY, C.2 and C.3. Key of the MAC: in PPK 3 the last part of Argon2's output, empty if nothing
 * is encrypted; in PPK 2 a digest of the passphrase. */
static int
ppk_mac(struct context *x, struct slice pass, struct slice over, struct slice plain)
{
	const struct protection *prot = x->prot;
	const struct slice from[2] = { slice_str("putty-private-key-file-mac-key"), pass };
	unsigned char key[DIGEST_MAX];
	struct buffer text = BUFFER_INIT(2 * BUFFER_MAX);
	struct digest *sha1;
	int r = ERROR_CRYPTO;

	buffer_put_slice(&text, over);
	buffer_put_slice(&text, plain);
	if (text.failed)
		r = text.failed;
	else if (prot->mac == MAC_PPK3)
		r = evp_mac(x, "HMAC", "SHA256", prot->kdf == KDF_NONE ? slice_of(key, 0) :
		    slice_of(x->derived + prot->cipher->key + prot->cipher->iv, 32),
		    buffer_slice(&text), x->mac, 32);
	else if ((sha1 = digest_new("SHA1")) != NULL) {
		if ((r = digest_of(sha1, from, 2, key)) == 0)
			r = evp_mac(x, "HMAC", "SHA1", slice_of(key, 20), buffer_slice(&text),
			    x->mac, 20);
		digest_free(sha1);
	}
	buffer_free(&text);
	secret_wipe(key, sizeof key);
	return r;
}

static int
derive_and_apply(struct context *x, struct slice pass, struct slice over, struct slice in,
    struct buffer *out)
{
	int r = 0;

	if (x->prot->kdf != KDF_NONE)
		r = kdf_derive(x->lib, x->prot, pass, x->derived);
	if (r == 0)
		r = encrypt_or_decrypt(x, in, out);
	if (r == 0 && x->prot->mac != MAC_NONE)
		r = ppk_mac(x, pass, over, x->encrypt ? in : buffer_slice(out));
	secret_wipe(x->derived, sizeof x->derived);
	return r;
}

int
cipher_decrypt(const struct protection *prot, struct slice pass, struct slice over,
    struct slice encrypted, struct buffer *plain)
{
	const struct cipher *c = prot->cipher;
	struct context x = { .prot = prot };
	int r = ERROR_MALFORMED;

	buffer_truncate(plain, 0);
	if (prot->kdf != KDF_NONE) {
		if (encrypted.n <= c->tag || (encrypted.n - c->tag) % c->block != 0)
			return r;
		encrypted.n -= c->tag;
		memcpy(x.tag, encrypted.p + encrypted.n, c->tag);
	}
	if ((prot->kdf != KDF_NONE || prot->mac != MAC_NONE) &&
	    (x.lib = OSSL_LIB_CTX_new()) == NULL)
		return ERROR_MEMORY;
	r = derive_and_apply(&x, pass, over, encrypted, plain);
	if (r == 0 && !secret_eq(x.mac, prot->tag, protection_tag(prot->mac)))
		r = prot->kdf == KDF_NONE ? ERROR_MAC : ERROR_PASSPHRASE;
	if (r != 0)
		buffer_truncate(plain, 0);
	OSSL_LIB_CTX_free(x.lib);
	return r;
}

int
cipher_randomize(struct protection *prot)
{
	return RAND_bytes(prot->salt, (int)prot->salt_n) == 1 &&
	    RAND_bytes(prot->iv, sizeof prot->iv) == 1 ? 0 : ERROR_CRYPTO;
}

int
cipher_encrypt(struct protection *prot, struct slice pass, struct slice over,
    struct slice plain, struct buffer *encrypted)
{
	struct context x = { .prot = prot, .encrypt = 1 };
	int r;

	buffer_truncate(encrypted, 0);
	r = derive_and_apply(&x, pass, over, plain, encrypted);
	memcpy(prot->tag, x.mac, sizeof x.mac);
	if (r == 0 && prot->kdf != KDF_NONE)
		r = buffer_put(encrypted, x.tag, prot->cipher->tag);
	return r;
}
