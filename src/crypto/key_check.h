/* key_check: checks whether the numbers of a key are valid. */
#ifndef KEY_CHECK_H
#define KEY_CHECK_H

#include "key/key.h"
#include "key/key_blob.h"

/* key_check: checks a whole key, except an opaque type. Returns 0, another error, or
 *	ERROR_INVALID       the point is not on its curve, n is not p q, a prime fails Fermat's test to
 *	                    base 2, or d, the coefficient or a CRT exponent is wrong
 *	ERROR_MISMATCH      the halves differ
 *	ERROR_NOT_PRIVATE   there is no private half */
int key_check(const struct key *k);

/* key_check_public: ERROR_INVALID when the point of an ECDSA key is not on its curve, else 0. */
int key_check_public(const struct key_blob *blob);

/* key_check_modulus: ERROR_INVALID if an RSA modulus, a big-endian magnitude, is prime, so that
 * anybody can compute the private exponent; or if an odd prime below 2^16 divides it, as in no
 * generator's key: *small is then set to 1. ERROR_CRYPTO if libcrypto cannot check this, else 0. */
int key_check_modulus(struct slice modulus, int *small);

#endif
