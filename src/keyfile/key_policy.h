/*
 * key_policy: which well-formed keys should be used with FIPS mode and with servers.
 */
#ifndef KEY_POLICY_H
#define KEY_POLICY_H

#include "format/format.h"

/* KEY_SHARED: refused, because the private half comes with Aspera's software. KEY_UNJUDGED: the
 * verdict could not be computed. Unless the verdict is KEY_GOOD, *why becomes a
 * phrase for a message. */
enum key_verdict { KEY_GOOD, KEY_DOUBTFUL, KEY_REFUSED, KEY_SHARED, KEY_UNJUDGED };

/* key_policy_fips: returns whether a FIPS-mode OpenSSL may sign with such a key (FIPS 186-5, SP
 * 800-131A). fips-convert, keyinfo and check report this verdict. */
enum key_verdict key_policy_fips(const struct key_type *t, unsigned bits, const char **why);

/* key_policy_fips_passphrase: judges the length n, in bytes, of a passphrase. 0: good, no
 * passphrase; 1 to 7: refused, as by all FIPS modules that have a minimum; 8 to 13: doubtful, some
 * refuse it. */
enum key_verdict key_policy_fips_passphrase(size_t n, const char **why);

/* key_policy_fips_file: returns 1 for an encrypted file in the one form that every FIPS-mode
 * OpenSSL since 3.0 loads: PKCS#8 with PBES2, AES-CBC, PBKDF2, HMAC-SHA-256, a salt of 16 bytes (SP
 * 800-132) and enough iterations. */
#define KEY_POLICY_FIPS_ROUNDS 10000u
int key_policy_fips_file(const struct key_file *f);

/* key_policy_server: returns whether a server should let in the key with these bytes.
 *
 *	KEY_DOUBTFUL	RSA of 1024 to 2047 bits, which a migration may have to accept for a while
 *	KEY_SHARED	the keys whose private halves come with Aspera's software
 *	KEY_REFUSED	DSA; RSA of fewer bits; RSA with a prime factor under 65536; types that
 *			OpenSSH does not know; keys for which anybody can sign: RSA with the
 *			exponent 1 or a prime modulus, Ed25519 points of small order */
enum key_verdict key_policy_server(struct slice bytes, const char **why);

#endif
