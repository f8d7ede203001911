/* key_check: whether the numbers of a key are one, and whether libcrypto loads it. */
#ifndef KEY_CHECK_H
#define KEY_CHECK_H

#include "key/key.h"
#include "key/key_blob.h"

/* key_check: 0; ERROR_INVALID if the point is not on its curve, n is not p q, a prime is composite
 * to base 2, d, the coefficient or the CRT exponents are wrong; ERROR_MISMATCH if the halves
 * differ; ERROR_NOT_PRIVATE, or another error. Opaque types pass. */
int key_check(const struct key *k);

/* key_check_public: ERROR_INVALID when the point of an ECDSA key is not on its curve, else 0. */
int key_check_public(const struct key_blob *blob);

/* key_check_modulus: ERROR_INVALID if an RSA modulus, a magnitude, is a prime, so that anybody can
 * compute the private exponent, or, with *small 1, if an odd prime under 2^16 divides it, as in no
 * generator's key. ERROR_CRYPTO if that cannot be known, else 0. */
int key_check_modulus(struct slice modulus, int *small);

/* key_check_loads: 0 when libcrypto's own decoder, configured as on this host, loads k from the PEM
 * private key, as ascp would; ERROR_MISMATCH when that is another key; or another error. */
int key_check_loads(const struct key *k, struct slice pem, struct slice pass);

#endif
