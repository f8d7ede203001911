/*
 * base64: RFC 4648 section 4, strict.
 */
#ifndef BASE64_H
#define BASE64_H

#include "base/buffer.h"

/* base64_put: appends bytes in base64 with padding. If width > 0, in lines of width characters,
 * each with LF, also the last. 0 or -1. */
int base64_put(struct buffer *out, struct slice bytes, size_t width);

/* base64_get: appends the bytes that text decodes to. Skips blanks, tabs, CR and LF. Other
 * characters outside the base64 alphabet, missing or misplaced padding, and unused bits that are
 * not zero are errors. Returns 0, or -1 with out unchanged. */
int base64_get(struct buffer *out, struct slice text);

/* The room in bytes that base64_take requires for n characters. */
#define BASE64_ROOM(n) ((n) / 4 * 3 + 4)

/* base64_take: decodes the base64 at the beginning of *text and removes it there. Stops after the
 * padding, before the first character outside the alphabet, or when the buffer (the argument to) is
 * full; its size (the argument room) is at least BASE64_ROOM(0). Returns the number of bytes, or 0
 * for an error. */
size_t base64_take(unsigned char *to, size_t room, struct slice *text);

/* base64_value: the value of a character, 0 to 63; 64 for padding; 65 for a blank, tab, CR or LF;
 * 66 for any other character. */
unsigned base64_value(unsigned char c);

/* For base64.c; both return 0 without AVX2 in the processor, or with BASE64_TABLES defined.
 * base64_avx2_put: encodes whole blocks of 24 bytes; returns the number of bytes. base64_avx2_take:
 * decodes groups of four characters, up to the first group with a character outside the base64
 * alphabet; returns the number of characters; may store BASE64_ROOM(n) bytes. */
size_t base64_avx2_put(unsigned char *to, const unsigned char *bytes, size_t n);
size_t base64_avx2_take(unsigned char *to, const unsigned char *text, size_t n);

#endif
