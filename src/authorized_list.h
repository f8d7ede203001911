/*
 * authorized_list: keys of an authorized_keys file in columns apart by tabs:
 * SHA256 fingerprint, bits, type, options or "-", comment; what cannot be
 * printed is escaped.
 */
#ifndef AUTHORIZED_LIST_H
#define AUTHORIZED_LIST_H

#include "buffer.h"
#include "digest.h"
#include "slice.h"

/* authorized_list_put: appends every key in the lines of text, d being of SHA256; where word is not
 * NULL, it is the first column, and next is that behind the first key; the bare key, type
 * and base64, stands before the comment then. Returns 0 or an enum key_error. */
int authorized_list_put(struct buffer *out, struct digest *d, const char *word, const char *next,
    struct slice text);

#endif
