/*
 * fips_pkcs8: the one form of a private key that every FIPS-mode OpenSSL from
 * 3.0 on loads: PKCS#8, and under a passphrase PBES2 with AES-CBC, PBKDF2,
 * HMAC-SHA-256, a salt of 16 bytes (SP 800-132) and enough iterations.
 */
#ifndef FIPS_PKCS8_H
#define FIPS_PKCS8_H

#include "base/buffer.h"
#include "format/format.h"

#define FIPS_PKCS8_ROUNDS_MIN 10000u

/* fips_pkcs8_already: 1 when the file has that form and is encrypted. */
int fips_pkcs8_already(const struct key_file *f);

#endif
