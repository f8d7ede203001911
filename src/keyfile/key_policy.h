/*
 * key_policy: what keys are good for, apart from being well formed.
 */
#ifndef KEY_POLICY_H
#define KEY_POLICY_H

#include "format/format.h"

/* KEY_UNJUDGED: what could not be computed. Where the verdict is not KEY_GOOD, *why is a phrase. */
enum key_verdict { KEY_GOOD, KEY_DOUBTFUL, KEY_REFUSED, KEY_UNJUDGED };

/* key_policy_fips: may a FIPS-mode OpenSSL sign with it (FIPS 186-5, SP 800-131A)? What
 * fips-convert, keyinfo and check say is this. */
enum key_verdict key_policy_fips(const struct key_type *t, unsigned bits, const char **why);

/* key_policy_fips_passphrase: the lengths in bytes that FIPS modules insist on: under 8 no module
 * that has a minimum accepts it, under 14 some do not; 0 is no passphrase at all, and good. */
enum key_verdict key_policy_fips_passphrase(size_t n, const char **why);

/* key_policy_fips_file: 1 for an encrypted file in the one form that every FIPS-mode OpenSSL from
 * 3.0 on loads: PKCS#8 with PBES2, AES-CBC, PBKDF2, HMAC-SHA-256, a salt of 16 bytes (SP 800-132)
 * and enough iterations. */
#define KEY_POLICY_FIPS_ROUNDS 10000u
int key_policy_fips_file(const struct key_file *f);

/* key_policy_server: should a server let in the key with these bytes? Doubtful is RSA of 1024 to
 * 2047 bits, which a migration may have to admit for a while. Refused are DSA, shorter RSA, RSA
 * with a prime factor under 65536, what OpenSSH does not know, the keys whose private halves come
 * with Aspera's software, and those for which anybody can sign: RSA with the exponent 1 or a prime
 * modulus, Ed25519 points of small order. */
enum key_verdict key_policy_server(struct slice bytes, const char **why);

#endif
