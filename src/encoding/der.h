/*
 * der: ASN.1 DER (X.690), the part that keys need: single-byte tags, definite lengths. A length in
 * more octets than necessary is accepted, as in libcrypto and BER (X.690 section 8.1.3.5);
 * everything else is strict.
 *
 * A getter removes its element from the beginning of *in and returns 0, or -1 if the element is
 * missing or is not DER. The result points into the same bytes.
 */
#ifndef DER_H
#define DER_H

#include "base/buffer.h"

#include <stdint.h>

enum der_tag {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_CONTEXT = 0x80,             /* | number: [n] IMPLICIT, primitive */
	DER_CONTEXT_CONSTRUCTED = 0xa0  /* | number: [n] EXPLICIT, or a SET */
};

/* der_get: the contents of an element. A NULL must be 05 00. */
int der_get(struct slice *in, unsigned tag, struct slice *contents);

/* der_get_head: removes only tag and length; *n is the length of the contents. */
int der_get_head(struct slice *in, unsigned tag, size_t *n);

/* der_next_is: 1 when the next element has this tag. */
int der_next_is(struct slice in, unsigned tag);

/* der_get_integer: a non-negative INTEGER, as a magnitude without leading
 * zeros (empty for 0), of at most 16,384 bits. */
int der_get_integer(struct slice *in, struct slice *magnitude);

/* der_get_unsigned: an INTEGER as libcrypto reads it in a private key: its bytes are the magnitude,
 * with or without a sign byte and unnecessary zeros. */
int der_get_unsigned(struct slice *in, struct slice *magnitude);

/* der_get_u32: an INTEGER from 0 to 2^32 - 1. */
int der_get_u32(struct slice *in, uint32_t *v);

/* der_get_bits: a BIT STRING of whole bytes. */
int der_get_bits(struct slice *in, struct slice *bytes);

/* Putters append an element. Return 0, or not 0 if out has failed. */
int der_put(struct buffer *out, unsigned tag, struct slice contents);
int der_put_integer(struct buffer *out, struct slice magnitude);
int der_put_u32(struct buffer *out, uint32_t v);
int der_put_bits(struct buffer *out, struct slice bytes);

/* der_wrap: turns the last bytes of out into an element: inserts its tag and length before them, at
 * the offset from. Returns 0 or -1. */
int der_wrap(struct buffer *out, size_t from, unsigned tag);

#endif
