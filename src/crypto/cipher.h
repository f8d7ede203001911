/*
 * cipher: encrypts and decrypts the private part of a key file, and computes the
 * mac over it.
 */
#ifndef CIPHER_H
#define CIPHER_H

#include "base/buffer.h"
#include "base/slice.h"
#include "key/protection.h"

/* cipher_decrypt: derives the key from pass, decrypts encrypted into plain (which
 * is emptied first) and checks the mac of over followed by plain. It uses a
 * libcrypto context of its own without configuration, so that MD5, PBES1 and
 * scrypt can be read on a FIPS host too. The caller has checked the cost
 * (protection_check). Returns 0, ERROR_PASSPHRASE when padding, tag or mac is
 * wrong, ERROR_MAC where nothing is encrypted and the mac is wrong,
 * ERROR_MALFORMED, ERROR_ARGON2 in a build without it, ERROR_CRYPTO or
 * ERROR_MEMORY; plain is then empty. */
int cipher_decrypt(const struct protection *prot, struct slice pass, struct slice over,
    struct slice encrypted, struct buffer *plain);

/* cipher_randomize: fills in a random salt of prot->salt_n bytes and a random iv
 * for the ciphers whose iv is not derived. Returns 0 or ERROR_CRYPTO. */
int cipher_randomize(struct protection *prot);

/* cipher_encrypt: encrypts plain into encrypted, which is emptied first, and sets
 * prot->tag to the mac of over followed by plain. It uses the process's own
 * configuration: what a FIPS provider forbids is ERROR_CRYPTO. Returns as
 * cipher_decrypt. */
int cipher_encrypt(struct protection *prot, struct slice pass, struct slice over,
    struct slice plain, struct buffer *encrypted);

#endif
