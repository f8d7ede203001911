#include "base/escape.h"

#include <stdint.h>

/* The number of printable ASCII bytes that text begins with. */
static size_t
plain(struct slice text)
{
	const uint64_t each = UINT64_MAX / 255;
	uint64_t v;
	size_t i;

	for (i = 0; text.n - i >= sizeof v; i += sizeof v) {
		memcpy(&v, text.p + i, sizeof v);
		/* a bit for each byte above 127, equal to 127 or below 32 */
		if ((v | (v + each) | (v - each * 0x20)) & each * 0x80)
			break;
	}
	while (i < text.n && text.p[i] >= 0x20 && text.p[i] < 0x7f)
		i++;
	return i;
}

/* Sets *c to the UTF-8 character at p and returns its length in bytes; 0 if it is malformed. */
static inline size_t
character(const unsigned char *p, size_t n, unsigned long *c)
{
	size_t i, len;

	*c = p[0];
	if (p[0] < 0x80)
		return 1;
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n < len)
		return 0;
	*c = p[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	return (len == 3 && *c < 0x800) || (len == 4 && *c < 0x10000) || *c > 0x10ffff ||
	    (*c >= 0xd800 && *c <= 0xdfff) ? 0 : len;
}

static int
harmless(unsigned long c)
{
	return c >= 0x20 && (c < 0x7f || c >= 0xa0) && c != 0x61c && c != 0x200e && c != 0x200f &&
	    !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

/* The length of the character at p if it is well-formed and harmless, else 0. */
static size_t
shown(const unsigned char *p, size_t n)
{
	unsigned long c;
	const size_t len = character(p, n, &c);

	return harmless(c) ? len : 0;
}

int
escape_put(struct buffer *out, struct slice text)
{
	size_t i, n, from = 0;

	for (i = 0; i < text.n; i += n) {
		i += plain(slice_skip(text, i));        /* usually the whole text */
		n = i < text.n ? shown(text.p + i, text.n - i) : 1;
		if (n > 0)
			continue;
		n = 1;
		if (buffer_put(out, text.p + from, i - from) != 0 ||
		    buffer_printf(out, "\\%03o", text.p[i]) != 0)
			return -1;
		from = i + 1;
	}
	return buffer_put_slice(out, slice_skip(text, from));
}

int
escape_put_json(struct buffer *out, struct slice text)
{
	unsigned long c;
	size_t n;

	for (; text.n > 0; text = slice_skip(text, n > 0 ? n : 1)) {
		n = character(text.p, text.n, &c);
		if (n == 0) {
			buffer_printf(out, "\\\\%03o", text.p[0]);
		} else if (!harmless(c)) {
			buffer_printf(out, "\\u%04lx", c);
		} else {
			if (c == '"' || c == '\\')
				buffer_puts(out, "\\");
			buffer_put(out, text.p, n);
		}
	}
	return out->failed;
}

int
escape_needed(struct slice text)
{
	size_t n;

	for (text = slice_skip(text, plain(text)); text.n > 0; text = slice_skip(text, n))
		if ((n = shown(text.p, text.n)) == 0)
			return 1;
	return 0;
}
