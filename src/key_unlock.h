/*
 * key_unlock: from an opened envelope to a key, with a passphrase where it
 * takes one.
 */
#ifndef KEY_UNLOCK_H
#define KEY_UNLOCK_H

#include "key_format.h"
#include "passphrase.h"

/* key_unlock: decrypts, decodes, completes and checks the private key. subject
 * names the file in a prompt. Returns 0 or a key_error. */
int key_unlock(const struct envelope *e, struct passphrase *pass, const char *subject,
    struct key *k);

/* key_unlock_public: gives k the public half, or the certificate that the file
 * has in its place, and, where it can be had without a passphrase or one was
 * offered, the comment; the halves are then compared. Asks only where the public
 * half itself is locked. */
int key_unlock_public(const struct envelope *e, struct passphrase *pass, const char *subject,
    struct key *k);

#endif
