#include "crypto/bignum.h"
#include "base/error.h"
#include "base/secret.h"
#include "encoding/ssh_wire.h"

#include <limits.h>

BN_CTX *
bignum_context(void)
{
	BN_CTX *ctx = BN_CTX_secure_new();

	if (ctx != NULL)
		BN_CTX_start(ctx);
	return ctx;
}

BIGNUM *
bignum_of(BN_CTX *ctx, struct slice magnitude)
{
	BIGNUM *n = ctx != NULL ? BN_CTX_get(ctx) : NULL;

	if (n == NULL || magnitude.n > INT_MAX ||
	    BN_bin2bn(magnitude.p, (int)magnitude.n, n) == NULL)
		return NULL;
	BN_set_flags(n, BN_FLG_CONSTTIME);
	return n;
}

int
bignum_take(BN_CTX *ctx, struct slice in, BIGNUM **v, size_t n)
{
	struct slice magnitude;

	for (; n > 0; n--) {
		if (ssh_wire_get_mpint(&in, &magnitude) != 0)
			return ERROR_MALFORMED;
		if ((*v++ = bignum_of(ctx, magnitude)) == NULL)
			return ERROR_MEMORY;
	}
	return 0;
}

int
bignum_put(struct buffer *out, const BIGNUM *n)
{
	unsigned char bytes[SSH_WIRE_MPINT_BITS / 8];

	if (BN_num_bytes(n) > (int)sizeof bytes)
		return ERROR_CRYPTO;
	ssh_wire_put_mpint(out, slice_of(bytes, (size_t)BN_bn2bin(n, bytes)));
	secret_wipe(bytes, sizeof bytes);
	return out->failed;
}
