/*
 * kdf: derives the key of a cipher from a passphrase, with each enum kdf of protection.h. Uses
 * libcrypto; for Argon2 with OpenSSL 3.0 or 3.1, libargon2.
 */
#ifndef KDF_H
#define KDF_H

#include "key/protection.h"

#define KDF_MAX 80              /* bytes: the longest key, iv and mac key */

struct ossl_lib_ctx_st;

/* kdf_derive: sets out to the cipher's key, its iv and, with Argon2, 32 bytes more. To read a file,
 * the argument lib is a libcrypto context of its own, and weak parameters are accepted; to write a
 * file, lib is NULL. Returns 0, ERROR_ARGON2 in a build without Argon2, ERROR_CRYPTO or
 * ERROR_MEMORY. */
int kdf_derive(struct ossl_lib_ctx_st *lib, const struct protection *prot, struct slice pass,
    unsigned char out[KDF_MAX]);

#endif
