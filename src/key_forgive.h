/*
 * key_forgive: mends what mail programs, editors and shells do to a key file:
 * UTF-16 in either order, indentation, "> " quoting, non-breaking spaces.
 */
#ifndef KEY_FORGIVE_H
#define KEY_FORGIVE_H

#include "buffer.h"

/* key_forgive: tidies text in place. *what becomes a phrase that names the
 * most telling thing that was mended, or stays NULL. Returns 0, KEY_E_MALFORMED
 * for broken UTF-16, or KEY_E_MEMORY. */
int key_forgive(struct buffer *text, const char **what);

#endif
