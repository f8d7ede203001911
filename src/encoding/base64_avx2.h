/*
 * base64_avx2: base64 for blocks of 32 characters, on a processor with AVX2. On any other, with
 * BASE64_TABLES, and for what is left over, base64 has its tables.
 */
#ifndef BASE64_AVX2_H
#define BASE64_AVX2_H

#include <stddef.h>

/* base64_avx2_put: encodes as many blocks of 24 bytes as there are; returns how many bytes that are. */
size_t base64_avx2_put(unsigned char *to, const unsigned char *bytes, size_t n);

/* base64_avx2_take: decodes groups of four characters, up to the first that has another one in it;
 * returns how many characters that are. At to there is BASE64_ROOM (base64.h). */
size_t base64_avx2_take(unsigned char *to, const unsigned char *text, size_t n);

#endif
