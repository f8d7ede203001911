/*
 * key_seal: from a key to the text of a private key file, protected or not.
 */
#ifndef KEY_SEAL_H
#define KEY_SEAL_H

#include "key_format.h"

/* key_seal: appends the text of a file in format f, protected by pass as the
 * format does it, with another cipher (a name, or NULL) or other rounds (or 0);
 * with an empty pass unprotected. Returns 0, KEY_E_NO_SEAL where the format
 * cannot be protected, KEY_E_NO_ROUNDS, KEY_E_FORMAT where it cannot hold such a
 * key, or another key_error, with text as it was. */
int key_seal(const struct key *k, const struct key_format *f, const char *cipher,
    uint32_t rounds, struct slice pass, struct buffer *text);

/* key_seal_open: the private part of an opened envelope, decrypted and its mac
 * verified. pass is not looked at where nothing is encrypted. Returns as
 * cipher_decrypt does. */
int key_seal_open(const struct envelope *e, struct slice pass, struct buffer *plain);

/* key_seal_check: opens and decodes such a text like any other file: 0 when it
 * holds the key k, else a key_error. Derives the key again. */
int key_seal_check(const struct key *k, const struct key_format *f, struct slice pass,
    struct slice text);

#endif
