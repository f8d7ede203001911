/*
 * bignum: the numbers of keys as libcrypto computes with them. They belong to a
 * context, and are wiped and freed with it.
 */
#ifndef BIGNUM_H
#define BIGNUM_H

#include "base/buffer.h"
#include "base/slice.h"

#include <openssl/bn.h>

/* bignum_context: a new one, or NULL. BN_CTX_free ends it. */
BN_CTX *bignum_context(void);

/* bignum_of: the number with this magnitude, big-endian; an empty one is 0. It is
 * computed with in constant time. NULL without memory. */
BIGNUM *bignum_of(BN_CTX *ctx, struct slice magnitude);

/* bignum_put: appends n as an mpint. 0, ERROR_CRYPTO when it is longer than 16,384 bits,
 * or out->failed. */
int bignum_put(struct buffer *out, const BIGNUM *n);

#endif
