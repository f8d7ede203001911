/* key_complete: a key from what its file holds. libcrypto computes what the file left out. */
#ifndef KEY_COMPLETE_H
#define KEY_COMPLETE_H

#include "key/key.h"

/* Bits of DSA's p and q, at most: libcrypto's own limit, and about a digest (FIPS 186-4 section
 * 4.2). */
#define KEY_COMPLETE_DSA_P 10000
#define KEY_COMPLETE_DSA_Q 512

struct evp_pkey_st;

/* key_complete: sets k from parts: computes the public half from the secret number, and of RSA q^-1
 * mod p, d mod (p-1) and d mod (q-1), if they are missing. key_check then tells whether the numbers
 * are a key. Returns 0, or with k empty ERROR_MISMATCH if the file states another public half,
 * ERROR_CURVE if another curve, or ERROR_MALFORMED, ERROR_INVALID, ERROR_CRYPTO, ERROR_MEMORY. */
int key_complete(const struct key_parts *parts, struct key *k);

/* key_complete_pkey: sets k, a key of type t, from libcrypto's. Returns as key_complete. */
int key_complete_pkey(const struct key_type *t, const struct evp_pkey_st *pkey, struct key *k);

#endif
