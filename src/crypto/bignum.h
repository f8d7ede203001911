/* bignum: libcrypto's numbers. They belong to a context, and are wiped and freed with it. */
#ifndef BIGNUM_H
#define BIGNUM_H

#include "base/buffer.h"

#include <openssl/bn.h>

/* bignum_context: a new one, or NULL. BN_CTX_free ends it. */
BN_CTX *bignum_context(void);

/* bignum_of: the number with this magnitude, big-endian; an empty one is 0. It is computed with in
 * constant time. NULL without memory, or without ctx. */
BIGNUM *bignum_of(BN_CTX *ctx, struct slice magnitude);

/* bignum_take: the n numbers that in begins with, as mpints. 0, ERROR_MALFORMED, or ERROR_MEMORY,
 * also if ctx had no memory before. */
int bignum_take(BN_CTX *ctx, struct slice in, BIGNUM **v, size_t n);

/* bignum_put: appends n as an mpint. 0, ERROR_CRYPTO for more than 16,384 bits, or out->failed. */
int bignum_put(struct buffer *out, const BIGNUM *n);

#endif
