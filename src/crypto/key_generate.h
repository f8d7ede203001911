/* key_generate: makes new keys. */
#ifndef KEY_GENERATE_H
#define KEY_GENERATE_H

#include "key/key.h"

/* key_generate: sets k to a new key of type t. bits is for RSA only, from 2048 to 16384. If
 * progress is not NULL, it is called with arg from time to time. 0, ERROR_CRYPTO or
 * ERROR_MEMORY. */
int key_generate(struct key *k, const struct key_type *t, unsigned bits,
    void (*progress)(void *), void *arg);

#endif
