/*
 * key_seal: from a key to the text of a private key file, protected or not.
 */
#ifndef KEY_SEAL_H
#define KEY_SEAL_H

#include "key_format.h"
#include "protection.h"

/* key_seal_protection: the default protection of a format: OPENSSH aes256-ctr
 * and 24 bcrypt rounds, PKCS8 aes128-cbc and 600,000 iterations of
 * PBKDF2-HMAC-SHA-256; changed by cipher (a name, or NULL) and rounds (or 0).
 * Returns 0, KEY_E_NO_SEAL where the format cannot be protected, KEY_E_CIPHER
 * or KEY_E_COST. */
int key_seal_protection(const struct key_format *f, const char *cipher, uint32_t rounds,
    struct protection *prot);

/* key_seal: appends the file's text; pass is empty for an unprotected file
 * (prot is then not used). Returns 0 or a key_error, with text as it was. */
int key_seal(const struct key *k, const struct key_format *f, const struct protection *prot,
    struct slice pass, struct buffer *text);

/* key_seal_check: opens and decodes such a text like any other file: 0 when it
 * holds the key k, else a key_error. Derives the key again. */
int key_seal_check(const struct key *k, const struct key_format *f, struct slice pass,
    struct slice text);

#endif
