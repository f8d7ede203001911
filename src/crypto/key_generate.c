#include "crypto/key_generate.h"
#include "base/error.h"
#include "crypto/key_complete.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

struct ticker {
	void (*progress)(void *);
	void *arg;
};

static int
tick(EVP_PKEY_CTX *ctx)
{
	const struct ticker *ticker = EVP_PKEY_CTX_get_app_data(ctx);

	ticker->progress(ticker->arg);
	return 1;
}

int
key_generate(struct key *k, const struct key_type *t, unsigned bits,
    void (*progress)(void *), void *arg)
{
	struct ticker ticker = { progress, arg };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, t->evp, NULL);
	EVP_PKEY *pkey = NULL;
	int r = ERROR_CRYPTO;

	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    (t->family == KEY_RSA && EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) != 1) ||
	    (t->group != NULL && EVP_PKEY_CTX_set_group_name(ctx, t->group) != 1))
		goto out;
	if (progress != NULL) {
		EVP_PKEY_CTX_set_app_data(ctx, &ticker);
		EVP_PKEY_CTX_set_cb(ctx, tick);
	}
	if (EVP_PKEY_generate(ctx, &pkey) == 1)
		r = key_complete_pkey(t, pkey, k);
out:
	EVP_PKEY_free(pkey);
	EVP_PKEY_CTX_free(ctx);
	return r;
}
