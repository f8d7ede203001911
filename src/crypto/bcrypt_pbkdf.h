/*
 * bcrypt_pbkdf: OpenSSH's key derivation (PROTOCOL.key, kdf "bcrypt"): PBKDF2 with bcrypt on
 * SHA-512 digests of passphrase and salt; the bytes of its 32-byte blocks are interleaved.
 * libcrypto's Blowfish has no salted key schedule.
 */
#ifndef BCRYPT_PBKDF_H
#define BCRYPT_PBKDF_H

#include "base/slice.h"

#include <stdint.h>

/* bcrypt_pbkdf: fills n bytes (1 to 1024) at out. rounds is at least 1, and salt is not empty. If n
 * is at most 64, a round takes about 3 ms. Returns 0 or ERROR_CRYPTO. */
int bcrypt_pbkdf(struct slice pass, struct slice salt, uint32_t rounds,
    unsigned char *out, size_t n);

#endif
