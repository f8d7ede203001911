/*
 * lenient_charset: converts UTF-16, quoted-printable (RFC 2045 section 6.7), and characters that look
 * like a space, a quotation mark or like nothing, to plain UTF-8.
 */
#ifndef LENIENT_CHARSET_H
#define LENIENT_CHARSET_H

#include "base/buffer.h"

/* lenient_charset_utf16: 1 when text is little-endian UTF-16, 2 when big-endian: it has a byte order
 * mark, or its first 64 characters would all be ASCII; else 0. */
int lenient_charset_utf16(struct slice text);

/* lenient_charset_mend: changes *text to the plain text, which plain holds if anything was converted,
 * and adds what was found to *what, a set of enum lenient_repair (lenient.h). 0 or ERROR_MEMORY. */
int lenient_charset_mend(struct slice *text, struct buffer *plain, unsigned *what);

#endif
