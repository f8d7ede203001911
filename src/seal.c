#include "seal.h"
#include "digest.h"
#include "kdf.h"
#include "key_error.h"
#include "secret.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

/* libcrypto's cipher over in, into out; tag is read or written with an AEAD.
 * padded: PKCS#7, as in PEM files; openssh-key-v1 pads by itself. */
static int
cipher_run(OSSL_LIB_CTX *lib, const struct cipher *c, const unsigned char *key,
    const unsigned char *iv, int closing, int padded, struct slice in, unsigned char *tag,
    struct buffer *out)
{
	EVP_CIPHER *evp = EVP_CIPHER_fetch(lib, c->evp, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0, last = 0, r = KEY_E_CRYPTO;
	unsigned char *to;

	if (evp == NULL || ctx == NULL || in.n > INT_MAX - 2 * EVP_MAX_BLOCK_LENGTH ||
	    EVP_CipherInit_ex2(ctx, evp, key, iv, closing, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, padded) != 1)
		goto out;
	if (c->mode == CIPHER_GCM && !closing &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)c->tag, tag) != 1)
		goto out;
	r = KEY_E_MEMORY;
	if ((to = buffer_extend(out, in.n + EVP_MAX_BLOCK_LENGTH)) == NULL)
		goto out;
	r = KEY_E_CRYPTO;
	if (EVP_CipherUpdate(ctx, to, &n, in.p, (int)in.n) != 1)
		goto out;
	r = KEY_E_PASSPHRASE;
	if (EVP_CipherFinal_ex(ctx, to + n, &last) != 1)
		goto out;
	if (c->mode == CIPHER_GCM && closing &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, (int)c->tag, tag) != 1)
		goto out;
	buffer_truncate(out, out->n - in.n - EVP_MAX_BLOCK_LENGTH + (size_t)(n + last));
	r = KEY_OK;
out:
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(evp);
	return r;
}

/* A libcrypto MAC over the pieces, one after the other; digest for HMAC. */
static int
mac_run(OSSL_LIB_CTX *lib, const char *name, const char *digest, struct slice key,
    const struct slice *piece, size_t pieces, unsigned char *tag, size_t tag_n)
{
	EVP_MAC *mac = EVP_MAC_fetch(lib, name, NULL);
	EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	OSSL_PARAM params[2] = { OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end() };
	size_t i, n;
	int ok;

	if (digest != NULL)
		params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
		    (char *)(uintptr_t)digest, 0);
	ok = ctx != NULL && EVP_MAC_init(ctx, key.p, key.n, params) == 1;
	for (i = 0; ok && i < pieces; i++)
		ok = EVP_MAC_update(ctx, piece[i].p, piece[i].n) == 1;
	ok = ok && EVP_MAC_final(ctx, tag, &n, tag_n) == 1 && n == tag_n;
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return ok ? KEY_OK : KEY_E_CRYPTO;
}

static int
poly1305(OSSL_LIB_CTX *lib, const unsigned char key[32], struct slice in, unsigned char tag[16])
{
	return mac_run(lib, "POLY1305", NULL, slice_of(key, 32), &in, 1, tag, 16);
}

/* PuTTY, C.2 and C.3: the key of the mac is the end of what Argon2 gave, or a
 * digest of the passphrase. */
static int
ppk_mac(OSSL_LIB_CTX *lib, const struct protection *prot, struct slice pass,
    const unsigned char *derived, struct slice over, struct slice plain,
    unsigned char tag[PROTECTION_TAG])
{
	const struct slice text[2] = { over, plain };
	const struct slice from[2] = { slice_str("putty-private-key-file-mac-key"), pass };
	unsigned char key[DIGEST_MAX];
	struct digest *sha1;
	int r = KEY_E_CRYPTO;

	if (prot->mac == MAC_PPK3)
		return mac_run(lib, "HMAC", "SHA256",
		    slice_of(derived, prot->kdf == KDF_NONE ? 0 : 32), text, 2, tag, 32);
	if ((sha1 = digest_new("SHA1")) != NULL && digest_of(sha1, from, 2, key) == 0)
		r = mac_run(lib, "HMAC", "SHA1", slice_of(key, 20), text, 2, tag, 20);
	digest_free(sha1);
	secret_wipe(key, sizeof key);
	return r;
}

/* PROTOCOL.chacha20poly1305 with sequence number 0 and no length field: block
 * 0 of the first key stream is the Poly1305 key, the text begins at block 1. */
static int
chachapoly(OSSL_LIB_CTX *lib, const struct cipher *c, const unsigned char *key, int closing,
    struct slice in, unsigned char tag[16], struct buffer *out)
{
	unsigned char counter[16] = { 0 }, right[16];
	const unsigned char zero[32] = { 0 };
	struct buffer one_time = BUFFER_INIT(128);
	int r;

	r = cipher_run(lib, c, key, counter, 1, 0, slice_of(zero, sizeof zero), NULL, &one_time);
	if (r == KEY_OK && !closing) {
		r = poly1305(lib, one_time.p, in, right);
		if (r == KEY_OK && !secret_eq(right, tag, sizeof right))
			r = KEY_E_PASSPHRASE;
	}
	counter[0] = 1;
	if (r == KEY_OK)
		r = cipher_run(lib, c, key, counter, closing, 0, in, NULL, out);
	if (r == KEY_OK && closing)
		r = poly1305(lib, one_time.p, buffer_slice(out), tag);
	buffer_free(&one_time);
	return r;
}

/* in is encrypted or decrypted into out by what kdf_derive gave. */
static int
crypt_all(OSSL_LIB_CTX *lib, const struct protection *prot, unsigned char *key_iv, int closing,
    struct slice in, unsigned char tag[16], struct buffer *out)
{
	const struct cipher *c = prot->cipher;
	unsigned char ede[24 + 8];
	int r;

	if (prot->kdf == KDF_NONE)
		return buffer_put_slice(out, in) == 0 ? KEY_OK : KEY_E_MEMORY;
	if (c->mode == CIPHER_CHACHAPOLY)
		return chachapoly(lib, c, key_iv, closing, in, tag, out);
	if (c->key != 8)
		return cipher_run(lib, c, key_iv, key_iv + c->key, closing,
		    protection_pads(prot), in, tag, out);
	memcpy(ede, key_iv, 8);         /* DES as EDE3: the key three times */
	memcpy(ede + 8, key_iv, 8);
	memcpy(ede + 16, key_iv, 16);
	r = cipher_run(lib, c, ede, ede + 24, closing, protection_pads(prot), in, tag, out);
	secret_wipe(ede, sizeof ede);
	return r;
}

/* Both directions; mac is what the mac over the plain text should be. */
static int
run(OSSL_LIB_CTX *lib, const struct protection *prot, struct slice pass, int closing,
    struct slice over, struct slice in, unsigned char tag[16],
    unsigned char mac[PROTECTION_TAG], struct buffer *out)
{
	unsigned char key_iv[KDF_MAX];
	int r;

	r = prot->kdf == KDF_NONE ? KEY_OK : kdf_derive(lib, prot, pass, key_iv);
	if (r == KEY_OK)
		r = crypt_all(lib, prot, key_iv, closing, in, tag, out);
	if (r == KEY_OK && prot->mac != MAC_NONE)
		r = ppk_mac(lib, prot, pass,
		    key_iv + (prot->kdf == KDF_NONE ? 0 : prot->cipher->key + prot->cipher->iv),
		    over, closing ? in : buffer_slice(out), mac);
	secret_wipe(key_iv, sizeof key_iv);
	return r;
}

int
seal_open(const struct protection *prot, struct slice pass, struct slice over,
    struct slice sealed, struct buffer *plain)
{
	const struct cipher *c = prot->cipher;
	unsigned char tag[16], mac[PROTECTION_TAG];
	OSSL_LIB_CTX *lib = NULL;
	int r = KEY_E_MALFORMED;

	buffer_truncate(plain, 0);
	if (prot->kdf != KDF_NONE) {
		if (sealed.n <= c->tag || (sealed.n - c->tag) % c->block != 0)
			goto out;
		sealed.n -= c->tag;
		memcpy(tag, sealed.p + sealed.n, c->tag);
	}
	r = KEY_E_MEMORY;
	if ((prot->kdf != KDF_NONE || prot->mac != MAC_NONE) && (lib = OSSL_LIB_CTX_new()) == NULL)
		goto out;
	r = run(lib, prot, pass, 0, over, sealed, tag, mac, plain);
	if (r == KEY_OK && !secret_eq(mac, prot->tag, protection_tag(prot->mac)))
		r = prot->kdf == KDF_NONE ? KEY_E_MAC : KEY_E_PASSPHRASE;
out:
	if (r != KEY_OK)
		buffer_truncate(plain, 0);
	OSSL_LIB_CTX_free(lib);
	return r;
}

int
seal_fresh(struct protection *prot, size_t salt_n)
{
	prot->salt_n = salt_n;
	return RAND_bytes(prot->salt, (int)salt_n) == 1 &&
	    RAND_bytes(prot->iv, sizeof prot->iv) == 1 ? KEY_OK : KEY_E_CRYPTO;
}

int
seal_close(struct protection *prot, struct slice pass, struct slice over,
    struct slice plain, struct buffer *sealed)
{
	unsigned char tag[16];
	int r;

	buffer_truncate(sealed, 0);
	r = run(NULL, prot, pass, 1, over, plain, tag, prot->tag, sealed);
	if (r == KEY_OK && prot->kdf != KDF_NONE &&
	    buffer_put(sealed, tag, prot->cipher->tag) != 0)
		r = KEY_E_MEMORY;
	return r;
}
