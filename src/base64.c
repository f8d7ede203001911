#include "base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int
base64_put(struct buffer *out, struct slice bytes, size_t width)
{
	size_t i, k, chars = (bytes.n + 2) / 3 * 4, column = 0;
	unsigned long v;
	unsigned char *to;

	if (bytes.n == 0)
		return 0;
	to = buffer_extend(out, chars + (width > 0 ? (chars + width - 1) / width : 0));
	if (to == NULL)
		return -1;
	for (i = 0; i < bytes.n; i += 3) {
		v = (unsigned long)bytes.p[i] << 16;
		v |= i + 1 < bytes.n ? (unsigned long)bytes.p[i + 1] << 8 : 0;
		v |= i + 2 < bytes.n ? bytes.p[i + 2] : 0;
		for (k = 0; k < 4; k++) {
			*to++ = i + k > bytes.n ? '=' :
			    (unsigned char)alphabet[v >> (18 - 6 * k) & 63];
			if (++column == width) {
				*to++ = '\n';
				column = 0;
			}
		}
	}
	if (width > 0 && column > 0)
		*to = '\n';
	return 0;
}

unsigned
base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26u;
	if (c >= '0' && c <= '9')
		return c - '0' + 52u;
	if (c == '+')
		return 62;
	if (c == '/')
		return 63;
	if (c == '=')
		return 64;
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' ? 65 : 66;
}

int
base64_get(struct buffer *out, struct slice text)
{
	size_t i, start = out->n, have = 0, pad = 0, n = 0;
	unsigned long v = 0;
	unsigned char *to;
	unsigned d;

	to = buffer_extend(out, text.n / 4 * 3 + 3);
	if (to == NULL)
		return -1;
	for (i = 0; i < text.n; i++) {
		d = base64_value(text.p[i]);
		if (d == 65)
			continue;
		if (d == 66 || (d < 64 && pad > 0) || (d == 64 && (have < 2 || pad == 2)))
			goto fail;
		pad += d == 64;
		v = v << 6 | (d & 63);
		if (++have < 4)
			continue;
		if ((pad == 1 && (v & 0xff)) || (pad == 2 && (v & 0xffff)))
			goto fail;
		to[n++] = (unsigned char)(v >> 16);
		if (pad < 2)
			to[n++] = (unsigned char)(v >> 8);
		if (pad < 1)
			to[n++] = (unsigned char)v;
		have = 0;
		v = 0;
	}
	if (have != 0)
		goto fail;
	buffer_truncate(out, start + n);
	return 0;
fail:
	buffer_truncate(out, start);
	return -1;
}
