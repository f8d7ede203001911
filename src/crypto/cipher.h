/* cipher: encrypts and decrypts the private part of a key file, and computes the MAC over it. */
#ifndef CIPHER_H
#define CIPHER_H

#include "key/protection.h"

/* cipher_decrypt: derives the key from pass, sets plain to the decrypted contents of the argument
 * encrypted, and checks the MAC, whose input is plain preceded by the argument over. Uses a
 * libcrypto context without configuration: MD5, PBES1 and scrypt work on a FIPS host too. The caller
 * has checked the cost (protection_check). Returns 0; or, with plain empty,
 *	ERROR_PASSPHRASE    padding, tag or MAC is wrong
 *	ERROR_MAC           the MAC is wrong, and nothing is encrypted
 *	ERROR_ARGON2        this build has no Argon2
 *	ERROR_MALFORMED, ERROR_CRYPTO, ERROR_MEMORY or ERROR_TOO_BIG */
int cipher_decrypt(const struct protection *prot, struct slice pass, struct slice over,
    struct slice encrypted, struct buffer *plain);

/* cipher_randomize: sets a random salt of prot->salt_n bytes and a random iv. 0 or ERROR_CRYPTO. */
int cipher_randomize(struct protection *prot);

/* cipher_encrypt: sets the argument encrypted to the encrypted contents of plain, and prot->tag to
 * the MAC (input: see cipher_decrypt). ERROR_CRYPTO if this host's FIPS provider forbids an
 * algorithm. Returns the errors of cipher_decrypt. */
int cipher_encrypt(struct protection *prot, struct slice pass, struct slice over,
    struct slice plain, struct buffer *encrypted);

#endif
