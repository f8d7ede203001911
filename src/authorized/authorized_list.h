/*
 * authorized_list: the keys of an authorized_keys file in tab-separated columns: SHA256
 * fingerprint, bits, type, options or "-", comment. Unprintable characters are escaped.
 */
#ifndef AUTHORIZED_LIST_H
#define AUTHORIZED_LIST_H

#include "base/buffer.h"
#include "base/slice.h"
#include "crypto/digest.h"

/* authorized_list_put: appends every key in the lines of text; d is of SHA256. If word is not NULL,
 * there are two more columns: the first is word for the first key and next for all others, and the
 * bare key, type and base64, comes before the comment. Returns 0 or an enum error. */
int authorized_list_put(struct buffer *out, struct digest *d, const char *word, const char *next,
    struct slice text);

#endif
