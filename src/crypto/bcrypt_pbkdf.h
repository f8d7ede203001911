/*
 * bcrypt_pbkdf: OpenSSH's key derivation (PROTOCOL.key, kdf "bcrypt"): PBKDF2 by bcrypt on SHA-512
 * digests of passphrase and salt, with its 32-byte blocks interleaved. libcrypto's Blowfish has no
 * salted key schedule.
 */
#ifndef BCRYPT_PBKDF_H
#define BCRYPT_PBKDF_H

#include "base/slice.h"

#include <stdint.h>

/* bcrypt_pbkdf: fills n bytes (1 to 1024) at out. rounds is at least 1, and salt not empty; a round
 * of 64 bytes or less takes about 3 ms. Returns 0 or ERROR_CRYPTO. */
int bcrypt_pbkdf(struct slice pass, struct slice salt, uint32_t rounds,
    unsigned char *out, size_t n);

#endif
