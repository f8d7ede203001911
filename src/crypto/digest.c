/* For SHA256_Init, _Update and _Final; see struct digest. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/digest.h"
#include "base/error.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

/* Most fingerprints are SHA-256 of small blobs, and EVP would allocate and free memory for each. If
 * libcrypto has SHA256_Init, md and ctx are NULL for SHA-256. */
struct digest {
	OSSL_LIB_CTX *own;      /* context without configuration; NULL if the default has the digest */
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

struct digest *
digest_new(const char *name)
{
	struct digest *d = OPENSSL_zalloc(sizeof *d);

	if (d == NULL)
		return NULL;
#ifndef OPENSSL_NO_DEPRECATED_3_0
	if (strcmp(name, "SHA256") == 0)
		return d;
#endif
	d->md = EVP_MD_fetch(NULL, name, NULL);
	if (d->md == NULL && (d->own = OSSL_LIB_CTX_new()) != NULL)
		d->md = EVP_MD_fetch(d->own, name, NULL);
	d->ctx = EVP_MD_CTX_new();
	if (d->md == NULL || d->ctx == NULL) {
		digest_free(d);
		return NULL;
	}
	return d;
}

size_t
digest_size(const struct digest *d)
{
	return d->md == NULL ? SHA256_DIGEST_LENGTH : (size_t)EVP_MD_get_size(d->md);
}

#ifndef OPENSSL_NO_DEPRECATED_3_0
static int
sha256_of(const struct slice *piece, size_t pieces, unsigned char *out)
{
	SHA256_CTX ctx;
	size_t i;

	if (SHA256_Init(&ctx) != 1)
		return ERROR_CRYPTO;
	for (i = 0; i < pieces; i++)
		if (SHA256_Update(&ctx, piece[i].p, piece[i].n) != 1)
			return ERROR_CRYPTO;
	return SHA256_Final(out, &ctx) == 1 ? 0 : ERROR_CRYPTO;
}
#endif

int
digest_of(struct digest *d, const struct slice *piece, size_t pieces,
    unsigned char out[DIGEST_MAX])
{
	size_t i;

#ifndef OPENSSL_NO_DEPRECATED_3_0
	if (d->md == NULL)
		return sha256_of(piece, pieces, out);
#endif
	if (EVP_DigestInit_ex2(d->ctx, d->md, NULL) != 1)
		return ERROR_CRYPTO;
	for (i = 0; i < pieces; i++)
		if (EVP_DigestUpdate(d->ctx, piece[i].p, piece[i].n) != 1)
			return ERROR_CRYPTO;
	return EVP_DigestFinal_ex(d->ctx, out, NULL) == 1 ? 0 : ERROR_CRYPTO;
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	EVP_MD_free(d->md);
	OSSL_LIB_CTX_free(d->own);
	OPENSSL_free(d);
}
