#include "encoding/der.h"
#include "encoding/ssh_wire.h"

int
der_next_is(struct slice in, unsigned tag)
{
	return in.n > 0 && in.p[0] == tag;
}

int
der_get_head(struct slice *in, unsigned tag, size_t *n)
{
	struct slice length;

	if (!der_next_is(*in, tag) || in->n < 2)
		return -1;
	*n = in->p[1];
	*in = slice_skip(*in, 2);
	if (*n < 0x80)
		return 0;
	if (*n == 0x80 || tag == DER_NULL || ssh_wire_get_bytes(in, *n & 0x7f, &length) != 0)
		return -1;
	length = slice_without_zeros(length);
	for (*n = 0; length.n > 0 && length.n <= 4; length = slice_skip(length, 1))
		*n = *n << 8 | length.p[0];
	return length.n > 0 ? -1 : 0;
}

int
der_get(struct slice *in, unsigned tag, struct slice *contents)
{
	size_t n;

	return der_get_head(in, tag, &n) != 0 ? -1 : ssh_wire_get_bytes(in, n, contents);
}

int
der_get_integer(struct slice *in, struct slice *magnitude)
{
	struct slice v;

	if (der_get(in, DER_INTEGER, &v) != 0 || v.n == 0 || v.p[0] & 0x80)
		return -1;
	if (v.p[0] == 0) {
		if (v.n > 1 && !(v.p[1] & 0x80))
			return -1;
		v = slice_skip(v, 1);
	}
	*magnitude = v;
	return v.n > SSH_WIRE_MPINT_BITS / 8 ? -1 : 0;
}

int
der_get_unsigned(struct slice *in, struct slice *magnitude)
{
	if (der_get(in, DER_INTEGER, magnitude) != 0 || magnitude->n == 0)
		return -1;
	*magnitude = slice_without_zeros(*magnitude);
	return magnitude->n > SSH_WIRE_MPINT_BITS / 8 ? -1 : 0;
}

int
der_get_u32(struct slice *in, uint32_t *v)
{
	struct slice m;
	size_t i;

	if (der_get_integer(in, &m) != 0 || m.n > 4)
		return -1;
	for (*v = 0, i = 0; i < m.n; i++)
		*v = *v << 8 | m.p[i];
	return 0;
}

int
der_get_bits(struct slice *in, struct slice *bytes)
{
	if (der_get(in, DER_BIT_STRING, bytes) != 0 || bytes->n == 0 || bytes->p[0] != 0)
		return -1;
	*bytes = slice_skip(*bytes, 1);
	return 0;
}

/* Writes tag and length (X.690 sections 8.1.2 and 10.1) for n bytes of contents; returns the number
 * of bytes in head. */
static size_t
make_head(unsigned char head[6], unsigned tag, size_t n)
{
	size_t i, octets = 0;

	if (n >= 0x80)
		for (octets = 1; octets < 4 && n >> (8 * octets) != 0; octets++)
			continue;
	head[0] = (unsigned char)tag;
	head[1] = (unsigned char)(octets > 0 ? 0x80 | octets : n);
	for (i = 0; i < octets; i++)
		head[2 + i] = (unsigned char)(n >> (8 * (octets - 1 - i)));
	return 2 + octets;
}

int
der_wrap(struct buffer *out, size_t from, unsigned tag)
{
	unsigned char head[6];
	const size_t n = out->n - from, m = make_head(head, tag, n);

	if (out->failed || buffer_space(out, m) == NULL)
		return -1;
	memmove(out->p + from + m, out->p + from, n);
	memcpy(out->p + from, head, m);
	return 0;
}

int
der_put(struct buffer *out, unsigned tag, struct slice contents)
{
	unsigned char head[6];

	buffer_put(out, head, make_head(head, tag, contents.n));
	buffer_put_slice(out, contents);
	return out->failed;
}

int
der_put_integer(struct buffer *out, struct slice magnitude)
{
	unsigned char head[7];
	size_t zero, n;

	magnitude = slice_without_zeros(magnitude);
	zero = magnitude.n == 0 || magnitude.p[0] & 0x80;
	n = make_head(head, DER_INTEGER, magnitude.n + zero);
	head[n] = 0;
	buffer_put(out, head, n + zero);
	buffer_put_slice(out, magnitude);
	return out->failed;
}

int
der_put_u32(struct buffer *out, uint32_t v)
{
	unsigned char room[4];
	struct buffer b = BUFFER_IN(room);

	ssh_wire_put_u32(&b, v);
	return der_put_integer(out, buffer_slice(&b));
}

int
der_put_bits(struct buffer *out, struct slice bytes)
{
	size_t from = out->n;

	buffer_put(out, "", 1);
	buffer_put_slice(out, bytes);
	return der_wrap(out, from, DER_BIT_STRING);
}
