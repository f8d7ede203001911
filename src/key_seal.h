/*
 * key_seal: from a key to the text of a private key file, protected or not.
 */
#ifndef KEY_SEAL_H
#define KEY_SEAL_H

#include "key_format.h"
#include "protection.h"

/* key_seal_protection: how format f protects a key, changed by cipher (a name, or
 * NULL) and rounds (or 0). Returns 0, KEY_E_NO_SEAL where the format cannot be
 * protected, KEY_E_CIPHER, KEY_E_NO_ROUNDS, KEY_E_MALFORMED or KEY_E_COST. */
int key_seal_protection(const struct key_format *f, const char *cipher, uint32_t rounds,
    struct protection *prot);

/* key_seal: appends the file's text; pass is empty for an unprotected file
 * (prot is then not used). Returns 0 or a key_error, with text as it was. */
int key_seal(const struct key *k, const struct key_format *f, const struct protection *prot,
    struct slice pass, struct buffer *text);

/* key_seal_open: the private part of an opened envelope, decrypted and its mac
 * verified. pass is not looked at where nothing is encrypted. Returns as
 * seal_open does. */
int key_seal_open(const struct envelope *e, struct slice pass, struct buffer *plain);

/* key_seal_check: opens and decodes such a text like any other file: 0 when it
 * holds the key k, else a key_error. Derives the key again. */
int key_seal_check(const struct key *k, const struct key_format *f, struct slice pass,
    struct slice text);

#endif
