/*
 * base64: RFC 4648 section 4, strict.
 */
#ifndef BASE64_H
#define BASE64_H

#include "base/buffer.h"

/* base64_put: appends bytes in base64 with padding; with width > 0 in lines of
 * width characters, each with LF, the last one too. */
int base64_put(struct buffer *out, struct slice bytes, size_t width);

/* base64_get: appends what text decodes to. Passes over blanks, tabs and line ends; any other
 * character, missing or misplaced padding, and unused bits that are not zero are an error. Returns
 * 0, or -1 with out unchanged. */
int base64_get(struct buffer *out, struct slice text);

/* The room that base64_take requires for n characters. */
#define BASE64_ROOM(n) ((n) / 4 * 3 + 4)

/* base64_take: decodes and takes off the base64 that *text begins with, up to its padding, the
 * first other character, or what room holds, which is BASE64_ROOM(0) at least. Returns how many
 * bytes that gave, or 0 for an error. */
size_t base64_take(unsigned char *to, size_t room, struct slice *text);

/* base64_value: 0 to 63; 64 for padding, 65 for what base64_get passes over, 66
 * for any other character. */
unsigned base64_value(unsigned char c);

/* For base64.c, on a processor with AVX2; on any other, or with BASE64_TABLES, they return 0.
 * base64_avx2_put: encodes as many blocks of 24 bytes as there are; returns how many bytes.
 * base64_avx2_take: decodes groups of four characters, up to the first that has another one in it;
 * returns how many characters. At to there is BASE64_ROOM. */
size_t base64_avx2_put(unsigned char *to, const unsigned char *bytes, size_t n);
size_t base64_avx2_take(unsigned char *to, const unsigned char *text, size_t n);

#endif
