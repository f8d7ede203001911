#include "der.h"
#include "ssh_wire.h"

#include <string.h>

int
der_next_is(struct slice in, unsigned tag)
{
	return in.n > 0 && in.p[0] == tag;
}

int
der_get(struct slice *in, unsigned tag, struct slice *contents)
{
	size_t n, k, octets;

	if (!der_next_is(*in, tag) || in->n < 2)
		return -1;
	n = in->p[1];
	*in = slice_skip(*in, 2);
	if (n >= 0x80) {
		octets = n & 0x7f;
		if (octets < 1 || octets > 4 || in->n < octets || in->p[0] == 0)
			return -1;
		for (n = 0, k = 0; k < octets; k++)
			n = n << 8 | in->p[k];
		if (n < 0x80)
			return -1;
		*in = slice_skip(*in, octets);
	}
	return ssh_wire_get_bytes(in, n, contents);
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

int
der_wrap(struct buffer *out, size_t from, unsigned tag)
{
	unsigned char head[6];
	size_t n = out->n - from, octets = 0, i;

	head[0] = (unsigned char)tag;
	if (n >= 0x80)
		for (octets = 1; octets < 4 && n >> (8 * octets) != 0; octets++)
			continue;
	head[1] = (unsigned char)(octets > 0 ? 0x80 | octets : n);
	for (i = 0; i < octets; i++)
		head[2 + i] = (unsigned char)(n >> (8 * (octets - 1 - i)));
	if (buffer_extend(out, 2 + octets) == NULL)
		return -1;
	memmove(out->p + from + 2 + octets, out->p + from, n);
	memcpy(out->p + from, head, 2 + octets);
	return 0;
}

int
der_put(struct buffer *out, unsigned tag, struct slice contents)
{
	size_t from = out->n;

	if (buffer_put_slice(out, contents) != 0)
		return -1;
	return der_wrap(out, from, tag);
}

int
der_put_integer(struct buffer *out, struct slice magnitude)
{
	size_t from = out->n;

	while (magnitude.n > 0 && magnitude.p[0] == 0)
		magnitude = slice_skip(magnitude, 1);
	if ((magnitude.n == 0 || magnitude.p[0] & 0x80) && buffer_extend(out, 1) == NULL)
		return -1;
	if (buffer_put_slice(out, magnitude) != 0)
		return -1;
	return der_wrap(out, from, DER_INTEGER);
}

int
der_put_u32(struct buffer *out, uint32_t v)
{
	unsigned char b[4] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16),
	    (unsigned char)(v >> 8), (unsigned char)v };

	return der_put_integer(out, slice_of(b, sizeof b));
}

int
der_put_bits(struct buffer *out, struct slice bytes)
{
	size_t from = out->n;

	if (buffer_extend(out, 1) == NULL || buffer_put_slice(out, bytes) != 0)
		return -1;
	return der_wrap(out, from, DER_BIT_STRING);
}
