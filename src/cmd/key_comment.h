/* key_comment: what a new key is called. */
#ifndef KEY_COMMENT_H
#define KEY_COMMENT_H

#include "key/key.h"

/* key_comment_default: gives k the comment user@host, as ssh-keygen does. Returns 0 or
 * ERROR_MEMORY. */
int key_comment_default(struct key *k);

#endif
