/*
 * ssh_wire: the data types of RFC 4251 section 5, read and written.
 *
 * A getter removes its value from the beginning of *in and returns 0. If the value is truncated or
 * not well formed, it returns -1, and *in must not be used again. A slice that it returns points
 * into the same bytes.
 */
#ifndef SSH_WIRE_H
#define SSH_WIRE_H

#include "base/buffer.h"

#include <stdint.h>

/* The largest integer in a key, in bits: OpenSSH's own limit. */
#define SSH_WIRE_MPINT_BITS 16384u

/* ssh_wire_get_bytes: n bytes as they are. */
static inline int
ssh_wire_get_bytes(struct slice *in, size_t n, struct slice *v)
{
	if (in->n < n)
		return -1;
	*v = slice_of(in->p, n);
	*in = slice_skip(*in, n);
	return 0;
}

/* ssh_wire_get_u8, _u32, _string: byte, uint32 and string. */
static inline int
ssh_wire_get_u8(struct slice *in, uint8_t *v)
{
	struct slice b;

	if (ssh_wire_get_bytes(in, 1, &b) != 0)
		return -1;
	*v = b.p[0];
	return 0;
}

static inline int
ssh_wire_get_u32(struct slice *in, uint32_t *v)
{
	struct slice b;

	if (ssh_wire_get_bytes(in, 4, &b) != 0)
		return -1;
	*v = (uint32_t)b.p[0] << 24 | (uint32_t)b.p[1] << 16 | (uint32_t)b.p[2] << 8 | b.p[3];
	return 0;
}

static inline int
ssh_wire_get_string(struct slice *in, struct slice *v)
{
	uint32_t n;

	if (ssh_wire_get_u32(in, &n) != 0)
		return -1;
	return ssh_wire_get_bytes(in, n, v);
}

/* ssh_wire_get_mpint: a positive integer in its only encoding; v is its
 * big-endian magnitude, without the leading zero byte. */
int ssh_wire_get_mpint(struct slice *in, struct slice *v);

/* ssh_wire_get_padded_mpint: the same, but accepts extra leading zeros, as some writers put them
 * before private numbers: at most 2049 bytes in all, OpenSSH's own limit. v is without the
 * zeros. */
int ssh_wire_get_padded_mpint(struct slice *in, struct slice *v);

/* Putters append to out. Return 0, or out->failed if it is full. */
int ssh_wire_put_u8(struct buffer *out, uint8_t v);
int ssh_wire_put_u32(struct buffer *out, uint32_t v);
int ssh_wire_put_string(struct buffer *out, struct slice v);
int ssh_wire_put_cstring(struct buffer *out, const char *v);

/* ssh_wire_put_mpint: v is a big-endian magnitude; leading zeros are dropped. */
int ssh_wire_put_mpint(struct buffer *out, struct slice v);

/* ssh_wire_bits: the length in bits of a magnitude without leading zeros. */
unsigned ssh_wire_bits(struct slice magnitude);

#endif
