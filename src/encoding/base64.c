#include "encoding/base64.h"

#include <arpa/inet.h>
#include <stdint.h>

/* The two characters for each value of twelve bits. */
#define CHAR(i) ((i) < 26 ? 'A' + (i) : (i) < 52 ? 'a' + (i) - 26 : (i) < 62 ? '0' + (i) - 52 : \
	(i) == 62 ? '+' : '/')
#define PAIR(i) { (char)CHAR((i) >> 6), (char)CHAR((i) & 63) }
#define PAIR4(i) PAIR(i), PAIR((i) + 1), PAIR((i) + 2), PAIR((i) + 3)
#define PAIR16(i) PAIR4(i), PAIR4((i) + 4), PAIR4((i) + 8), PAIR4((i) + 12)
#define PAIR64(i) PAIR16(i), PAIR16((i) + 16), PAIR16((i) + 32), PAIR16((i) + 48)
#define PAIR256(i) PAIR64(i), PAIR64((i) + 64), PAIR64((i) + 128), PAIR64((i) + 192)
#define PAIR1024(i) PAIR256(i), PAIR256((i) + 256), PAIR256((i) + 512), PAIR256((i) + 768)

static const char pairs[4096][2] = { PAIR1024(0), PAIR1024(1024), PAIR1024(2048), PAIR1024(3072) };

static inline void
encode_group(unsigned char *to, const unsigned char *p)
{
	memcpy(to, pairs[p[0] << 4 | p[1] >> 4], 2);
	memcpy(to + 2, pairs[(p[1] & 15) << 8 | p[2]], 2);
}

static void
encode(unsigned char *to, struct slice bytes)
{
	const size_t n = bytes.n % 3, done = base64_avx2_put(to, bytes.p, bytes.n);
	const unsigned char *p = bytes.p + done, *end = bytes.p + bytes.n - n;
	unsigned char tail[3] = { 0 };

	to += done / 3 * 4;
	for (; p < end; p += 3, to += 4)
		encode_group(to, p);
	if (n == 0)
		return;
	memcpy(tail, p, n);
	encode_group(to, tail);
	if (n == 1)
		to[2] = '=';
	to[3] = '=';
}

int
base64_put(struct buffer *out, struct slice bytes, size_t width)
{
	size_t n, left = (bytes.n + 2) / 3 * 4, lines = width > 0 ? (left + width - 1) / width : 0;
	unsigned char *to, *from;

	if (bytes.n == 0)
		return 0;
	if ((to = buffer_space(out, left + lines)) == NULL)
		return -1;
	from = to + lines;
	encode(from, bytes);
	/* each line moves forward, and LF is put after it */
	for (; lines > 0; lines--, left -= n, from += n) {
		n = left < width ? left : width;
		memmove(to, from, n);
		to += n;
		*to++ = '\n';
	}
	return 0;
}

/* value_at[i][c]: the value of the character c at position i of a group of four, shifted to its
 * place in 24 bits; OTHER, a higher bit, marks a byte outside the base64 alphabet. */
#define OTHER 0x80000000u
#define IS(c, first, last) ((c) >= (first) && (c) <= (last))
#define VALUE(c) (IS(c, 'A', 'Z') ? (c) - 'A' : IS(c, 'a', 'z') ? (c) - 'a' + 26 : \
	IS(c, '0', '9') ? (c) - '0' + 52 : (c) == '+' ? 62 : (c) == '/' ? 63 : 64)
#define AT(shift, c) (VALUE(c) == 64 ? OTHER : (uint32_t)VALUE(c) << (shift))
#define ROW4(s, c) AT(s, c), AT(s, (c) + 1), AT(s, (c) + 2), AT(s, (c) + 3)
#define ROW16(s, c) ROW4(s, c), ROW4(s, (c) + 4), ROW4(s, (c) + 8), ROW4(s, (c) + 12)
#define ROW64(s, c) ROW16(s, c), ROW16(s, (c) + 16), ROW16(s, (c) + 32), ROW16(s, (c) + 48)
#define ROWS(s) { ROW64(s, 0), ROW64(s, 64), ROW64(s, 128), ROW64(s, 192) }

static const uint32_t value_at[4][256] = { ROWS(18), ROWS(12), ROWS(6), ROWS(0) };

unsigned
base64_value(unsigned char c)
{
	if (value_at[3][c] != OTHER)
		return value_at[3][c];
	if (c == '=')
		return 64;
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' ? 65 : 66;
}

static inline uint32_t
group(const unsigned char *p)
{
	return value_at[0][p[0]] | value_at[1][p[1]] | value_at[2][p[2]] | value_at[3][p[3]];
}

/* Stores the three bytes of a group and a meaningless fourth, in one store. */
static inline void
put_group(unsigned char *to, uint32_t v)
{
	v = htonl(v << 8);
	memcpy(to, &v, sizeof v);
}

/* Decodes groups of four characters of the alphabet, two at a time; returns the number of bytes.
 * May store BASE64_ROOM(text->n) bytes. */
static size_t
take_groups(unsigned char *to, struct slice *text)
{
	const size_t done = base64_avx2_take(to, text->p, text->n);
	const unsigned char *p = text->p + done, *end = p + (text->n - done) / 8 * 8;
	unsigned char *from = to;
	uint32_t v, w;

	for (to += done / 4 * 3; p < end; p += 8, to += 6) {
		v = group(p);
		w = group(p + 4);
		if ((v | w) & OTHER)
			break;
		put_group(to, v);
		put_group(to + 3, w);
	}
	*text = slice_skip(*text, (size_t)(p - text->p));
	return (size_t)(to - from);
}

/* Decodes a group, with its padding. Returns the number of bytes, or 0 for an error. */
static size_t
take_last(unsigned char *to, struct slice *text)
{
	const unsigned char *p = text->p;
	unsigned char four[4];
	size_t n;
	uint32_t v;

	if (text->n < 4)
		return 0;
	n = p[3] != '=' ? 4 : p[2] != '=' ? 3 : 2;
	four[0] = p[0];
	four[1] = p[1];
	four[2] = n > 2 ? p[2] : 'A';
	four[3] = n > 3 ? p[3] : 'A';
	v = group(four);
	if (v & (OTHER | (n == 2 ? 0xffff : n == 3 ? 0xff : 0)))
		return 0;
	*text = slice_skip(*text, 4);
	put_group(to, v);
	return n - 1;
}

size_t
base64_take(unsigned char *to, size_t room, struct slice *text)
{
	struct slice in = *text;
	size_t n, k = 3;

	if (BASE64_ROOM(in.n) > room)
		in.n = (room - BASE64_ROOM(0)) / 3 * 4;
	n = take_groups(to, &in);
	while (k == 3 && in.n > 0 && base64_value(in.p[0]) <= 64) {
		if ((k = take_last(to + n, &in)) == 0)
			return 0;
		n += k;
	}
	*text = slice_skip(*text, (size_t)(in.p - text->p));
	return n;
}

int
base64_get(struct buffer *out, struct slice text)
{
	const size_t start = out->n;
	unsigned char four[4], *to = buffer_space(out, BASE64_ROOM(text.n));
	size_t n = 0, have = 0, k = 3;
	struct slice last;

	if (to == NULL)
		return -1;
	while (text.n > 0 && k > 0) {
		if (have == 0 && k == 3)
			n += take_groups(to + n, &text);
		if (text.n == 0)
			break;
		four[have] = text.p[0];
		have += base64_value(text.p[0]) != 65;
		text = slice_skip(text, 1);
		if (have < 4)
			continue;
		last = slice_of(four, have);
		k = k == 3 ? take_last(to + n, &last) : 0;
		n += k;
		have = 0;
	}
	if (have > 0 || k == 0) {
		buffer_truncate(out, start);
		return -1;
	}
	buffer_truncate(out, start + n);
	return 0;
}
