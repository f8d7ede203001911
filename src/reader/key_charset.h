/*
 * key_charset: converts UTF-16, quoted-printable (RFC 2045 section 6.7), and characters that look
 * like a space, a quotation mark or like nothing, to plain UTF-8.
 */
#ifndef KEY_CHARSET_H
#define KEY_CHARSET_H

#include "base/buffer.h"
#include "base/slice.h"

/* key_charset_utf16: 1 when text is little-endian UTF-16, 2 when big-endian: it has a byte order
 * mark, or its first 64 characters would all be ASCII; else 0. */
int key_charset_utf16(struct slice text);

/* key_charset_mend: converts text in place, and adds what was found to *what, a set of enum
 * forgiven (key_forgive.h). Returns 0, or KEY_E_MEMORY. */
int key_charset_mend(struct buffer *text, unsigned *what);

#endif
