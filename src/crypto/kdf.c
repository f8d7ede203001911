#include "crypto/kdf.h"
#include "base/error.h"
#include "base/secret.h"
#include "crypto/bcrypt_pbkdf.h"
#include "crypto/digest.h"

#include <limits.h>

#ifdef XFERKEY_LIBARGON2
#include <argon2.h>
#endif
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pkcs12.h>

/* OpenSSL before 3.2 has no Argon2. */
static int
derive_libargon2(const struct protection *prot, struct slice pass, unsigned char *out, size_t n)
{
#ifdef XFERKEY_LIBARGON2
	argon2_context ctx = { .out = out, .outlen = (uint32_t)n,
	    .pwd = (unsigned char *)(uintptr_t)pass.p, .pwdlen = (uint32_t)pass.n,
	    .salt = (unsigned char *)(uintptr_t)prot->salt, .saltlen = (uint32_t)prot->salt_n,
	    .t_cost = prot->rounds, .m_cost = prot->r, .lanes = prot->p, .threads = 1,
	    .version = ARGON2_VERSION_13 };

	return argon2_ctx(&ctx, prot->kdf == KDF_ARGON2I ? Argon2_i :
	    prot->kdf == KDF_ARGON2D ? Argon2_d : Argon2_id) == ARGON2_OK ? 0 : ERROR_MEMORY;
#else
	(void)prot, (void)pass, (void)out, (void)n;
	return ERROR_ARGON2;
#endif
}

static int
is_argon2(enum kdf kdf)
{
	return kdf >= KDF_ARGON2I && kdf <= KDF_ARGON2ID;
}

/* Runs the libcrypto KDF called name; it ignores parameters that it does not know. mode: 1 lifts
 * the limits of PBKDF2, 0 does not; for PKCS12KDF it is PKCS12_KEY_ID or PKCS12_IV_ID. */
static int
derive(OSSL_LIB_CTX *lib, const char *name, int mode, const struct protection *prot,
    struct slice pass, unsigned char *out, size_t n)
{
	EVP_KDF *kdf = EVP_KDF_fetch(lib, name, NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	struct protection x = *prot;    /* OSSL_PARAM is not const */
	char *digest = (char *)(uintptr_t)(prot->digest != NULL ? prot->digest : "");
	uint64_t memory = (uint64_t)512 << 20;
	OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_PASSWORD, (void *)(uintptr_t)pass.p, pass.n),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, x.salt, x.salt_n),
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, strlen(digest)),
		OSSL_PARAM_uint32(OSSL_KDF_PARAM_ITER, &x.rounds),
		OSSL_PARAM_int(OSSL_KDF_PARAM_PKCS5, &mode),
		OSSL_PARAM_int(OSSL_KDF_PARAM_PKCS12_ID, &mode),
		OSSL_PARAM_uint32(OSSL_KDF_PARAM_SCRYPT_N, &x.rounds),
		OSSL_PARAM_uint32(OSSL_KDF_PARAM_SCRYPT_R, &x.r),
		OSSL_PARAM_uint32(OSSL_KDF_PARAM_SCRYPT_P, &x.p),
		OSSL_PARAM_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
		OSSL_PARAM_uint32("memcost", &x.r),
		OSSL_PARAM_uint32("lanes", &x.p),
		OSSL_PARAM_END
	};
	int ok = ctx != NULL && EVP_KDF_derive(ctx, out, n, params) == 1;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	if (kdf == NULL && is_argon2(prot->kdf))
		return derive_libargon2(prot, pass, out, n);
	return ok ? 0 : ERROR_CRYPTO;
}

static int
derive_pkcs12(OSSL_LIB_CTX *lib, const struct protection *prot, struct slice pass,
    unsigned char *out)
{
	const struct cipher *c = prot->cipher;
	unsigned char *uni = NULL;      /* UTF-16 and its NUL, which RFC 7292 requires */
	int n = 0, r;

	if (pass.n > INT_MAX ||
	    OPENSSL_utf82uni((const char *)pass.p, (int)pass.n, &uni, &n) == NULL)
		return ERROR_CRYPTO;
	pass = slice_of(uni, (size_t)n);
	r = derive(lib, "PKCS12KDF", PKCS12_KEY_ID, prot, pass, out, c->key);
	if (r == 0)
		r = derive(lib, "PKCS12KDF", PKCS12_IV_ID, prot, pass, out + c->key, c->iv);
	OPENSSL_clear_free(uni, (size_t)n);
	return r;
}

/* Appends digests until the key is full. The input of each digest:
 *	KDF_DEK         the digest before, passphrase, salt (EVP_BytesToKey, one round)
 *	KDF_PPK2        counter, passphrase
 *	KDF_SSHCOM      passphrase, the digest before; at most two digests
 *	KDF_PBKDF1      passphrase, salt; the result is digested again rounds - 1 times */
static int
derive_digest(const struct protection *prot, struct slice pass, unsigned char *out, size_t n)
{
	unsigned char hash[DIGEST_MAX], counter[4] = { 0 };
	struct digest *d = digest_new(prot->digest);
	struct slice last = { hash, 0 }, none = { hash, 0 }, piece[3];
	struct slice salt = slice_of(prot->salt, prot->salt_n);
	size_t have, take;
	uint32_t i;
	int r = d != NULL ? 0 : ERROR_CRYPTO;

	for (have = 0; r == 0 && have < n; have += take, counter[3]++) {
		piece[0] = prot->kdf == KDF_DEK ? last :
		    prot->kdf == KDF_PPK2 ? slice_of(counter, sizeof counter) : none;
		piece[1] = pass;
		piece[2] = prot->kdf == KDF_SSHCOM ? last : prot->kdf == KDF_PPK2 ? none : salt;
		r = digest_of(d, piece, 3, hash);
		last.n = digest_size(d);
		for (i = 1; r == 0 && prot->kdf == KDF_PBKDF1 && i < prot->rounds; i++)
			r = digest_of(d, &last, 1, hash);
		take = n - have < last.n ? n - have : last.n;
		memcpy(out + have, hash, take);
	}
	digest_free(d);
	secret_wipe(hash, sizeof hash);
	return r;
}

int
kdf_derive(OSSL_LIB_CTX *lib, const struct protection *prot, struct slice pass,
    unsigned char out[KDF_MAX])
{
	const struct cipher *c = prot->cipher;
	const size_t both = c->key + c->iv;

	memcpy(out + c->key, prot->iv, c->iv);
	switch (prot->kdf) {
	case KDF_BCRYPT:
		return bcrypt_pbkdf(pass, slice_of(prot->salt, prot->salt_n), prot->rounds, out,
		    both);
	case KDF_PKCS12:
		return derive_pkcs12(lib, prot, pass, out);
	case KDF_PPK2:
	case KDF_SSHCOM:
		memset(out + c->key, 0, c->iv);
		return derive_digest(prot, pass, out, c->key);
	case KDF_PBKDF1:
		return derive_digest(prot, pass, out, both);
	case KDF_DEK:
		return derive_digest(prot, pass, out, c->key);
	default:        /* PBKDF2 reads without limits: files with short salts exist */
		return derive(lib, protection_kdf(prot->kdf), lib != NULL, prot, pass, out,
		    is_argon2(prot->kdf) ? both + 32 : c->key);
	}
}
