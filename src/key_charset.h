/*
 * key_charset: UTF-16, quoted-printable (RFC 2045 section 6.7) and characters
 * that look like a space or like nothing, made plain UTF-8.
 */
#ifndef KEY_CHARSET_H
#define KEY_CHARSET_H

#include "buffer.h"
#include "slice.h"

/* key_charset_utf16: 1 when text is little-endian UTF-16, 2 when big-endian:
 * by its mark, or because its first 64 characters would all be ASCII; else 0. */
int key_charset_utf16(struct slice text);

/* key_charset_mend: does it in place and adds to *what (key_forgive.h).
 * Returns 0, or -1 without memory. */
int key_charset_mend(struct buffer *text, unsigned *what);

#endif
