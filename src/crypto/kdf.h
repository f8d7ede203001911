/*
 * kdf: from a passphrase to the key of a cipher, in every way that key files
 * know: bcrypt_pbkdf, Argon2 (RFC 9106), PBKDF2 and PBKDF1 (RFC 8018), scrypt
 * (RFC 7914), PKCS#12 (RFC 7292 appendix B), and the digests of DEK-Info, PPK 2
 * and ssh.com. By libcrypto; Argon2 by libargon2 beside OpenSSL 3.0 and 3.1.
 */
#ifndef KDF_H
#define KDF_H

#include "base/slice.h"
#include "key/protection.h"

#define KDF_MAX 80              /* bytes: the longest key, iv and mac key */

struct ossl_lib_ctx_st;

/* kdf_derive: out gets the cipher's key, its iv and, with Argon2, 32 bytes more.
 * lib is a libcrypto context of one's own for reading, where weak parameters are
 * accepted, and NULL for writing. Returns 0, ERROR_ARGON2 in a build without it,
 * ERROR_CRYPTO or ERROR_MEMORY. */
int kdf_derive(struct ossl_lib_ctx_st *lib, const struct protection *prot, struct slice pass,
    unsigned char out[KDF_MAX]);

#endif
