/* bignum: libcrypto's numbers. They belong to a context, and are wiped and freed with it. */
#ifndef BIGNUM_H
#define BIGNUM_H

#include "base/buffer.h"

#include <openssl/bn.h>

/* bignum_context: a new context, or NULL. BN_CTX_free frees it. */
BN_CTX *bignum_context(void);

/* bignum_of: the number with this big-endian magnitude; an empty magnitude is 0. libcrypto computes
 * with the number in constant time. NULL if there is no memory, or if ctx is NULL. */
BIGNUM *bignum_of(BN_CTX *ctx, struct slice magnitude);

/* bignum_take: sets v to the first n mpints of in. Returns 0; ERROR_MALFORMED; or ERROR_MEMORY,
 * also if ctx is NULL or ran out of memory before. */
int bignum_take(BN_CTX *ctx, struct slice in, BIGNUM **v, size_t n);

/* bignum_put: appends n as an mpint. 0, ERROR_CRYPTO for more than 16,384 bits, or out->failed. */
int bignum_put(struct buffer *out, const BIGNUM *n);

#endif
