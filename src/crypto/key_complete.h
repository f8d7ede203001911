/* key_complete: makes a key from the parts in its file; libcrypto computes the missing parts. */
#ifndef KEY_COMPLETE_H
#define KEY_COMPLETE_H

#include "key/key.h"

/* The most bits that DSA's p (libcrypto's own limit) and q (a digest; FIPS 186-4 section 4.2) may
 * have. */
#define KEY_COMPLETE_DSA_P 10000
#define KEY_COMPLETE_DSA_Q 512

struct evp_pkey_st;

/* key_complete: sets k from parts. Computes, if they are missing, the public half from the secret
 * number and, of RSA, q^-1 mod p, d mod (p-1) and d mod (q-1). Whether the numbers are a valid key,
 * only key_check tells. Returns 0; or, with k empty,
 *	ERROR_MISMATCH          the file states another public half
 *	ERROR_CURVE             the file states another curve
 *	ERROR_MALFORMED, ERROR_INVALID, ERROR_CRYPTO or ERROR_MEMORY */
int key_complete(const struct key_parts *parts, struct key *k);

/* key_complete_pkey: sets k, a key of type t, from libcrypto's key pkey. Returns as
 * key_complete. */
int key_complete_pkey(const struct key_type *t, const struct evp_pkey_st *pkey, struct key *k);

#endif
