/* format_rfc4716: the SSH2 public key file of RFC 4716. */
#ifndef FORMAT_RFC4716_H
#define FORMAT_RFC4716_H

#include "format/format.h"

/* format_rfc4716_armour: takes a text between these two lines apart, which has
 * RFC 4716's headers: bytes, empty before, gets the comment, whose length is
 * *comment, and then what the base64 decodes to. Returns 0 or ERROR_MALFORMED. */
int format_rfc4716_armour(struct slice text, const char *begin, const char *end,
    struct buffer *bytes, size_t *comment);

#endif
