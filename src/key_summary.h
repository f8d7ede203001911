/*
 * key_summary: what can be told of a private key file without its passphrase.
 */
#ifndef KEY_SUMMARY_H
#define KEY_SUMMARY_H

#include "buffer.h"
#include "key_format.h"

/* key_summary_put: appends one line of four columns, parted by tabs: format,
 * cipher or "none", type as ssh-keygen -l shows it, bits; "-" for what is
 * locked. Returns 0 or a key_error, with out as it was. */
int key_summary_put(struct buffer *out, const struct envelope *e);

#endif
