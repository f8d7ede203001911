#include "digest.h"

#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

struct digest {
	OSSL_LIB_CTX *own;      /* without configuration; NULL while the default one serves */
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

struct digest *
digest_new(const char *name)
{
	struct digest *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
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
	return (size_t)EVP_MD_get_size(d->md);
}

int
digest_of(struct digest *d, const struct slice *piece, size_t pieces,
    unsigned char out[DIGEST_MAX])
{
	size_t i;

	if (EVP_DigestInit_ex2(d->ctx, d->md, NULL) != 1)
		return -1;
	for (i = 0; i < pieces; i++)
		if (EVP_DigestUpdate(d->ctx, piece[i].p, piece[i].n) != 1)
			return -1;
	return EVP_DigestFinal_ex(d->ctx, out, NULL) == 1 ? 0 : -1;
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	EVP_MD_free(d->md);
	OSSL_LIB_CTX_free(d->own);
	free(d);
}
