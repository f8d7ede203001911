#include "seal.h"
#include "bcrypt_pbkdf.h"
#include "digest.h"
#include "key_error.h"
#include "secret.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>

#define KEY_IV_MAX 80

/* A libcrypto KDF with the parameters every one of ours takes, and more. */
static int
kdf_run(OSSL_LIB_CTX *lib, const char *name, OSSL_PARAM *params, unsigned char *out, size_t n)
{
	EVP_KDF *kdf = EVP_KDF_fetch(lib, name, NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	int r = ctx != NULL && EVP_KDF_derive(ctx, out, n, params) == 1 ? KEY_OK : KEY_E_CRYPTO;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return r;
}

#define OCTETS(name, s) OSSL_PARAM_construct_octet_string((name), (void *)(uintptr_t)(s).p, (s).n)

static int
derive_pbkdf2(OSSL_LIB_CTX *lib, const struct protection *prot, struct slice pass,
    unsigned char *out, size_t n)
{
	struct slice salt = slice_of(prot->salt, prot->salt_n);
	uint64_t rounds = prot->rounds;
	int lax = lib != NULL;  /* reading: files with short salts exist */
	OSSL_PARAM params[] = {
		OCTETS(OSSL_KDF_PARAM_PASSWORD, pass),
		OCTETS(OSSL_KDF_PARAM_SALT, salt),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &rounds),
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
		    (char *)(uintptr_t)prot->digest, 0),
		OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &lax),
		OSSL_PARAM_construct_end()
	};

	return kdf_run(lib, "PBKDF2", params, out, n);
}

static int
derive_scrypt(OSSL_LIB_CTX *lib, const struct protection *prot, struct slice pass,
    unsigned char *out, size_t n)
{
	struct slice salt = slice_of(prot->salt, prot->salt_n);
	uint64_t cost = prot->rounds, r = prot->r, p = prot->p, memory = (uint64_t)512 << 20;
	OSSL_PARAM params[] = {
		OCTETS(OSSL_KDF_PARAM_PASSWORD, pass),
		OCTETS(OSSL_KDF_PARAM_SALT, salt),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &cost),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_R, &r),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_P, &p),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
		OSSL_PARAM_construct_end()
	};

	return kdf_run(lib, "SCRYPT", params, out, n);
}

static int
derive_pkcs12(OSSL_LIB_CTX *lib, const struct protection *prot, struct slice pass,
    int id, unsigned char *out, size_t n)
{
	struct slice salt = slice_of(prot->salt, prot->salt_n);
	uint64_t rounds = prot->rounds;
	unsigned char *uni = NULL;      /* UTF-16 and its NUL, as RFC 7292 wants it */
	int uni_n = 0, r;
	OSSL_PARAM params[6];

	if (pass.n > INT_MAX ||
	    OPENSSL_utf82uni((const char *)pass.p, (int)pass.n, &uni, &uni_n) == NULL)
		return KEY_E_CRYPTO;
	params[0] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, uni, (size_t)uni_n);
	params[1] = OCTETS(OSSL_KDF_PARAM_SALT, salt);
	params[2] = OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &rounds);
	params[3] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
	    (char *)(uintptr_t)prot->digest, 0);
	params[4] = OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS12_ID, &id);
	params[5] = OSSL_PARAM_construct_end();
	r = kdf_run(lib, "PKCS12KDF", params, out, n);
	OPENSSL_clear_free(uni, (size_t)uni_n);
	return r;
}

/* PBKDF1: the digest of passphrase and salt, digested again rounds - 1 times.
 * EVP_BytesToKey with one round: as many digests of the last digest,
 * passphrase and salt as fill the key. */
static int
derive_digest(const struct protection *prot, struct slice pass, unsigned char *out, size_t n)
{
	unsigned char hash[DIGEST_MAX];
	struct digest *d = digest_new(prot->kdf == KDF_DEK ? "MD5" : prot->digest);
	struct slice piece[3] = { { hash, 0 }, pass, slice_of(prot->salt, prot->salt_n) };
	size_t have, take;
	uint32_t i;
	int r = KEY_E_CRYPTO;

	for (have = 0; d != NULL && have < n; have += take) {
		if (digest_of(d, piece, 3, hash) != 0)
			goto out;
		piece[0].n = digest_size(d);
		for (i = 1; prot->kdf == KDF_PBKDF1 && i < prot->rounds; i++)
			if (digest_of(d, piece, 1, hash) != 0)
				goto out;
		take = n - have < piece[0].n ? n - have : piece[0].n;
		memcpy(out + have, hash, take);
		r = KEY_OK;
	}
out:
	digest_free(d);
	secret_wipe(hash, sizeof hash);
	return r;
}

/* Fills key and iv, one after the other, in key_iv. lib is NULL for writing. */
static int
derive(OSSL_LIB_CTX *lib, const struct protection *prot, struct slice pass,
    unsigned char key_iv[KEY_IV_MAX])
{
	const struct cipher *c = prot->cipher;
	int r;

	memcpy(key_iv + c->key, prot->iv, c->iv);
	switch (prot->kdf) {
	case KDF_BCRYPT:
		return bcrypt_pbkdf(pass, slice_of(prot->salt, prot->salt_n), prot->rounds,
		    key_iv, c->key + c->iv) == 0 ? KEY_OK : KEY_E_CRYPTO;
	case KDF_PBKDF2:
		return derive_pbkdf2(lib, prot, pass, key_iv, c->key);
	case KDF_SCRYPT:
		return derive_scrypt(lib, prot, pass, key_iv, c->key);
	case KDF_PKCS12:
		r = derive_pkcs12(lib, prot, pass, PKCS12_KEY_ID, key_iv, c->key);
		return r != KEY_OK ? r :
		    derive_pkcs12(lib, prot, pass, PKCS12_IV_ID, key_iv + c->key, c->iv);
	case KDF_PBKDF1:
		return derive_digest(prot, pass, key_iv, c->key + c->iv);
	case KDF_DEK:
		return derive_digest(prot, pass, key_iv, c->key);
	default:
		return KEY_E_CRYPTO;
	}
}

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

static int
poly1305(OSSL_LIB_CTX *lib, const unsigned char key[32], struct slice in, unsigned char tag[16])
{
	EVP_MAC *mac = EVP_MAC_fetch(lib, "POLY1305", NULL);
	EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	size_t n;
	int r = ctx != NULL && EVP_MAC_init(ctx, key, 32, NULL) == 1 &&
	    EVP_MAC_update(ctx, in.p, in.n) == 1 &&
	    EVP_MAC_final(ctx, tag, &n, 16) == 1 ? KEY_OK : KEY_E_CRYPTO;

	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
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

static int
crypt_all(OSSL_LIB_CTX *lib, const struct protection *prot, struct slice pass, int closing,
    struct slice in, unsigned char tag[16], struct buffer *out)
{
	const struct cipher *c = prot->cipher;
	unsigned char key_iv[KEY_IV_MAX];
	int r;

	if ((r = derive(lib, prot, pass, key_iv)) != KEY_OK)
		goto out;
	if (c->mode == CIPHER_CHACHAPOLY) {
		r = chachapoly(lib, c, key_iv, closing, in, tag, out);
		goto out;
	}
	if (c->key == 8) {      /* DES as EDE3: the key three times, the iv behind it */
		memmove(key_iv + 24, key_iv + 8, 8);
		memcpy(key_iv + 8, key_iv, 8);
		memcpy(key_iv + 16, key_iv, 8);
	}
	r = cipher_run(lib, c, key_iv, key_iv + (c->key == 8 ? 24 : c->key), closing,
	    c->mode == CIPHER_CBC && prot->kdf != KDF_BCRYPT, in, tag, out);
out:
	secret_wipe(key_iv, sizeof key_iv);
	return r;
}

int
seal_open(const struct protection *prot, struct slice pass, struct slice sealed,
    struct buffer *plain)
{
	const struct cipher *c = prot->cipher;
	unsigned char tag[16];
	OSSL_LIB_CTX *lib;
	int r;

	buffer_truncate(plain, 0);
	if (prot->kdf == KDF_NONE)
		return buffer_put_slice(plain, sealed) == 0 ? KEY_OK : KEY_E_MEMORY;
	if (sealed.n <= c->tag || (sealed.n - c->tag) % c->block != 0)
		return KEY_E_MALFORMED;
	sealed.n -= c->tag;
	memcpy(tag, sealed.p + sealed.n, c->tag);
	lib = OSSL_LIB_CTX_new();
	r = lib == NULL ? KEY_E_MEMORY : crypt_all(lib, prot, pass, 0, sealed, tag, plain);
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
seal_close(const struct protection *prot, struct slice pass, struct slice plain,
    struct buffer *sealed)
{
	unsigned char tag[16];
	int r;

	buffer_truncate(sealed, 0);
	if (prot->kdf == KDF_NONE)
		return buffer_put_slice(sealed, plain) == 0 ? KEY_OK : KEY_E_MEMORY;
	r = crypt_all(NULL, prot, pass, 1, plain, tag, sealed);
	if (r == KEY_OK && buffer_put(sealed, tag, prot->cipher->tag) != 0)
		r = KEY_E_MEMORY;
	return r;
}
