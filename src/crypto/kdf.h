/*
 * kdf: derives the key of a cipher from a passphrase, in each way of protection.h. By libcrypto;
 * Argon2 by libargon2 beside OpenSSL 3.0 and 3.1.
 */
#ifndef KDF_H
#define KDF_H

#include "key/protection.h"

#define KDF_MAX 80              /* bytes: the longest key, iv and mac key */

struct ossl_lib_ctx_st;

/* kdf_derive: out gets the cipher's key, its iv and, with Argon2, 32 bytes more. For reading lib is
 * a libcrypto context of its own, and weak parameters are accepted; for writing NULL. Returns 0,
 * ERROR_ARGON2 in a build without it, ERROR_CRYPTO or ERROR_MEMORY. */
int kdf_derive(struct ossl_lib_ctx_st *lib, const struct protection *prot, struct slice pass,
    unsigned char out[KDF_MAX]);

#endif
