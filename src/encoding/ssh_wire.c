#include "encoding/ssh_wire.h"

int
ssh_wire_get_mpint(struct slice *in, struct slice *v)
{
	if (ssh_wire_get_string(in, v) != 0 || v->n == 0 || v->p[0] & 0x80)
		return -1;
	if (v->p[0] == 0) {
		if (v->n == 1 || !(v->p[1] & 0x80))
			return -1;
		*v = slice_skip(*v, 1);
	}
	return v->n > SSH_WIRE_MPINT_BITS / 8 ? -1 : 0;
}

int
ssh_wire_get_padded_mpint(struct slice *in, struct slice *v)
{
	if (ssh_wire_get_string(in, v) != 0 || v->n == 0 || v->p[0] & 0x80 ||
	    v->n > SSH_WIRE_MPINT_BITS / 8 + 1)
		return -1;
	*v = slice_without_zeros(*v);
	return v->n == 0 || v->n > SSH_WIRE_MPINT_BITS / 8 ? -1 : 0;
}

int
ssh_wire_put_u8(struct buffer *out, uint8_t v)
{
	return buffer_put(out, &v, 1);
}

int
ssh_wire_put_u32(struct buffer *out, uint32_t v)
{
	unsigned char b[4] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16),
	    (unsigned char)(v >> 8), (unsigned char)v };

	return buffer_put(out, b, sizeof b);
}

int
ssh_wire_put_string(struct buffer *out, struct slice v)
{
	ssh_wire_put_u32(out, (uint32_t)v.n);
	buffer_put_slice(out, v);
	return out->failed;
}

int
ssh_wire_put_cstring(struct buffer *out, const char *v)
{
	return ssh_wire_put_string(out, slice_str(v));
}

int
ssh_wire_put_mpint(struct buffer *out, struct slice v)
{
	size_t zero;

	v = slice_without_zeros(v);
	zero = v.n > 0 && v.p[0] & 0x80;
	ssh_wire_put_u32(out, (uint32_t)(v.n + zero));
	buffer_put(out, "", zero);
	buffer_put_slice(out, v);
	return out->failed;
}

unsigned
ssh_wire_bits(struct slice magnitude)
{
	unsigned bits = (unsigned)magnitude.n * 8, top;

	for (top = bits > 0 ? magnitude.p[0] : 0x80; !(top & 0x80) && bits > 0; top <<= 1)
		bits--;
	return bits;
}
