/*
 * key_crypto: what only arithmetic can do with a key: make one, fill in what a
 * file left out, tell whether its numbers are a key. libcrypto does it.
 *
 * All return 0 or a key_error.
 */
#ifndef KEY_CRYPTO_H
#define KEY_CRYPTO_H

#include "key.h"
#include "slice.h"

/* key_crypto_init: the first call into libcrypto. Its memory is wiped when it is
 * freed; its messages, and names other than the providers' own, are not loaded.
 * With config 0 openssl.cnf is not read, and nothing is done at the exit; a
 * converter reads it, and so obeys the administrator's providers.
 * shortage is called when libcrypto cannot have the memory that it asks for, and does
 * not return: libcrypto takes a shortage for a verdict about a key, or crashes. With
 * NULL it gets none. Blocks of 1 MiB or more only key derivations ask for, which fail
 * properly: those are refused. */
void key_crypto_init(int config, void (*shortage)(void));

/* key_crypto_generate: a new key of type t; bits for RSA only (others: 0), 2048
 * to 16384. progress, where not NULL, is called with arg now and then. */
int key_crypto_generate(struct key *k, const struct key_type *t, unsigned bits,
    void (*progress)(void *), void *arg);

/* key_crypto_complete: fills k->pub and k->priv from k->seed (RSA: computes
 * q^-1 mod p), and for RSA k->crt (d mod p-1, d mod q-1), where they are missing. */
int key_crypto_complete(struct key *k);

/* key_crypto_check: KEY_E_INVALID when the point is not on its curve, n is not
 * p q, a prime is composite to base 2, d or the coefficient is wrong;
 * KEY_E_MISMATCH when the halves differ. Opaque types pass. */
int key_crypto_check(const struct key *k);

/* key_crypto_check_public: KEY_E_INVALID when the point of an ECDSA key is not
 * on its curve; other types pass. */
int key_crypto_check_public(const struct key_view *view);

/* key_crypto_check_modulus: KEY_E_INVALID where that of an RSA key, a magnitude, is a
 * prime: its private exponent can be computed by anybody. */
int key_crypto_check_modulus(struct slice modulus);

/* key_crypto_check_factors: KEY_E_INVALID where an odd prime under 2^16 divides that of an
 * RSA key, a magnitude: no generator makes such a key, and it may be factored with ease.
 * KEY_E_CRYPTO where that cannot be known. */
int key_crypto_check_factors(struct slice modulus);

/* key_crypto_load: reads a PEM private key by libcrypto's own decoder and the
 * process's configuration, as ascp does: proof that others can. */
int key_crypto_load(struct slice pem, struct slice pass, struct key *k);

#endif
