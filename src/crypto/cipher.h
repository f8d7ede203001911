/* cipher: encrypts and decrypts the private part of a key file, and computes the mac over it. */
#ifndef CIPHER_H
#define CIPHER_H

#include "key/protection.h"

/* cipher_decrypt: derives the key from pass, decrypts encrypted into plain, which is emptied first,
 * and checks the mac of over followed by plain. Its libcrypto context has no configuration: MD5,
 * PBES1 and scrypt are read on a FIPS host too. The caller has checked the cost (protection_check).
 * Returns 0, or with plain empty ERROR_PASSPHRASE if padding, tag or mac is wrong, ERROR_MAC if the
 * mac is wrong and nothing encrypted, ERROR_MALFORMED, ERROR_ARGON2 in a build without it,
 * ERROR_CRYPTO, ERROR_MEMORY or ERROR_TOO_BIG. */
int cipher_decrypt(const struct protection *prot, struct slice pass, struct slice over,
    struct slice encrypted, struct buffer *plain);

/* cipher_randomize: fills in a random salt of prot->salt_n bytes and a random iv. 0 or
 * ERROR_CRYPTO. */
int cipher_randomize(struct protection *prot);

/* cipher_encrypt: encrypts plain into encrypted, which is emptied first, and sets prot->tag to the
 * mac of over followed by plain. What this host's FIPS provider forbids is ERROR_CRYPTO. Returns as
 * cipher_decrypt. */
int cipher_encrypt(struct protection *prot, struct slice pass, struct slice over,
    struct slice plain, struct buffer *encrypted);

#endif
