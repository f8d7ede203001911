/* key_generate: makes new keys. */
#ifndef KEY_GENERATE_H
#define KEY_GENERATE_H

#include "key/key.h"

/* key_generate: sets k to a new key of type t; bits, of RSA only, is 2048 to 16384. progress, where
 * not NULL, is called with arg now and then. 0, ERROR_CRYPTO or ERROR_MEMORY. */
int key_generate(struct key *k, const struct key_type *t, unsigned bits,
    void (*progress)(void *), void *arg);

#endif
