/*
 * base64_avx2: RFC 4648 section 4, 32 characters at a time, on a processor with AVX2.
 * On any other, with BASE64_TABLES, and for what is left over, base64 has its tables.
 */
#ifndef BASE64_AVX2_H
#define BASE64_AVX2_H

#include <stddef.h>

/* base64_avx2_put: encodes blocks of 24 bytes, as many as can be; returns how many
 * bytes those are, each three of which became four characters at to. */
size_t base64_avx2_put(unsigned char *to, const unsigned char *bytes, size_t n);

/* base64_avx2_take: decodes groups of four characters, up to the first in which there is
 * another one; returns how many characters those are, each four of which became three
 * bytes. At to there is BASE64_ROOM (base64.h). */
size_t base64_avx2_take(unsigned char *to, const unsigned char *text, size_t n);

#endif
