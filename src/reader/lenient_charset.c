#include "reader/lenient.h"
#include "base/error.h"

#define CERTAIN ((size_t)64)    /* characters */

static const struct {
	const char *bytes, *plain;
	unsigned what;
} odd[] = {
	{ "\xc2\xa0", " ", LENIENT_SPACES },           /* U+00A0 no-break space */
	{ "\xe2\x80\xaf", " ", LENIENT_SPACES },       /* U+202F narrow no-break space */
	{ "&nbsp;", " ", LENIENT_SPACES },
	{ "\xc2\xad", "", LENIENT_INVISIBLE },         /* U+00AD soft hyphen */
	{ "\xe2\x80\x8b", "", LENIENT_INVISIBLE },     /* U+200B zero width space */
	{ "\xe2\x81\xa0", "", LENIENT_INVISIBLE },     /* U+2060 word joiner */
	{ "\xef\xbb\xbf", "", LENIENT_INVISIBLE },     /* U+FEFF byte order mark */
	{ "\xe2\x80\x9c", "\"", LENIENT_QUOTES },      /* U+201C to U+201E: double quotes */
	{ "\xe2\x80\x9d", "\"", LENIENT_QUOTES },
	{ "\xe2\x80\x9e", "\"", LENIENT_QUOTES },
	{ "\xe2\x80\x98", "'", LENIENT_QUOTES },       /* U+2018 to U+201A: single quotes */
	{ "\xe2\x80\x99", "'", LENIENT_QUOTES },
	{ "\xe2\x80\x9a", "'", LENIENT_QUOTES },
	{ "\xc2\xab", "\"", LENIENT_QUOTES },          /* U+00AB, U+00BB: guillemets */
	{ "\xc2\xbb", "\"", LENIENT_QUOTES },
};

/* The 16 bits at offset i, which must be inside s. */
static unsigned
unit(struct slice s, size_t i, int big)
{
	return (unsigned)(big ? s.p[i] << 8 | s.p[i + 1] : s.p[i + 1] << 8 | s.p[i]);
}

static int
all_ascii(struct slice s, int big)
{
	unsigned c;
	size_t i;

	for (i = 0; i + 1 < s.n && i < 2 * CERTAIN; i += 2) {
		c = unit(s, i, big);
		if (c != '\t' && c != '\n' && c != '\r' && (c < ' ' || c > '~'))
			return 0;
	}
	return i > 0;
}

int
lenient_charset_utf16(struct slice s)
{
	if (slice_starts(s, "\xff\xfe") || all_ascii(s, 0))
		return 1;
	return slice_starts(s, "\xfe\xff") || all_ascii(s, 1) ? 2 : 0;
}

static void
put_utf8(struct buffer *out, unsigned long c)
{
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	const size_t n = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;    /* bytes after the
	                                                                           first */
	unsigned char b[4];
	size_t i;

	for (i = n; i > 0; i--, c >>= 6)
		b[i] = (unsigned char)(0x80 | (c & 63));
	b[0] = (unsigned char)(lead[n] | c);
	buffer_put(out, b, n + 1);
}

/* Each of these three functions appends s in plain UTF-8 to out and adds the faults to *what.
 * Returns 1, or 0 if s needs no change. */

/* RFC 2781 section 2.2; half a surrogate pair becomes '?'; an odd last byte is dropped. */
static int
from_utf16(struct slice s, struct buffer *out, unsigned *what)
{
	const int order = lenient_charset_utf16(s), big = order == 2;
	unsigned long c, low;
	size_t i;

	if (order == 0)
		return 0;
	*what |= LENIENT_UTF16;
	for (i = 0; i + 1 < s.n; i += 2) {
		c = unit(s, i, big);
		if (c >= 0xd800 && c < 0xe000) {
			low = c < 0xdc00 && i + 3 < s.n ? unit(s, i + 2, big) - 0xdc00UL : 0x400;
			c = low < 0x400 ? 0x10000 + ((c - 0xd800) << 10) + low : '?';
			i += low < 0x400 ? 2 : 0;
		}
		if (c != 0xfeff || i > 0)
			put_utf8(out, c);
	}
	return 1;
}

static int
hex(unsigned char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that =XX at i stands for, or -1. */
static int
encoded(struct slice s, size_t i)
{
	int high, low;

	if (s.n - i < 3 || (high = hex(s.p[i + 1])) < 0 || (low = hex(s.p[i + 2])) < 0)
		return -1;
	return high << 4 | low;
}

/* The length of a soft line end at i, or 0. */
static size_t
soft_end(struct slice s, size_t i)
{
	s = slice_skip(s, i);
	return slice_starts(s, "=\n") ? 2 : slice_starts(s, "=\r\n") ? 3 : 0;
}

/* 1 if s has an encoded '=' (=3D), which base64 never has, and either a header announces the
 * encoding (RFC 2045 section 6) or each '=' is valid in it. '=' before a boundary, or "==", is
 * padding of base64: then s is not encoded. */
static int
is_quoted_printable(struct slice s)
{
	size_t i, n;

	if (slice_find(s, "=3D") == s.n)
		return 0;
	if (slice_find(s, "uoted-printable") < s.n || slice_find(s, "uoted-Printable") < s.n)
		return 1;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] != '=' || encoded(s, i) >= 0)
			continue;
		n = soft_end(s, i);
		if (n == 0 || (i + n < s.n && s.p[i + n] == '-'))
			return 0;
	}
	return 1;
}

static int
from_quoted_printable(struct slice s, struct buffer *out, unsigned *what)
{
	size_t i, n;
	int byte;

	if (!is_quoted_printable(s))
		return 0;
	*what |= LENIENT_QUOTED_PRINTABLE;
	for (i = 0; i < s.n; i += n) {
		if (s.p[i] == '=' && (n = soft_end(s, i)) > 0)
			continue;
		byte = s.p[i] == '=' ? encoded(s, i) : -1;
		n = byte < 0 ? 1 : 3;
		buffer_put(out, byte < 0 ? s.p + i : &(unsigned char){ (unsigned char)byte }, 1);
	}
	return 1;
}

/* If s begins with an odd character, returns its length, and sets *plain to its replacement; or
 * 0. */
static size_t
odd_at(struct slice s, const char **plain, unsigned *what)
{
	size_t k;

	if (s.p[0] == '\r' && !slice_starts(s, "\r\n")) {
		*plain = "\n";
		*what |= LENIENT_CR;
		return 1;
	}
	for (k = 0; k < sizeof odd / sizeof odd[0]; k++)
		if (slice_starts(s, odd[k].bytes)) {
			*plain = odd[k].plain;
			*what |= odd[k].what;
			return strlen(odd[k].bytes);
		}
	return 0;
}

/* A byte order mark at the beginning is not reported. */
static int
from_odd(struct slice s, struct buffer *out, unsigned *what)
{
	const char *plain = "";
	size_t i, n, done = slice_starts(s, "\xef\xbb\xbf") ? 3 : 0;

	for (i = done; i < s.n; i++)
		if ((s.p[i] == '\r' || s.p[i] == '&' || s.p[i] == 0xc2 || s.p[i] == 0xe2 || s.p[i] == 0xef) &&
		    (n = odd_at(slice_skip(s, i), &plain, what)) > 0) {
			buffer_put(out, s.p + done, i - done);
			buffer_puts(out, plain);
			done = i + n;
			i = done - 1;
		}
	if (done == 0)
		return 0;
	buffer_put(out, s.p + done, s.n - done);
	return 1;
}

int
lenient_charset_mend(struct slice *text, struct buffer *plain, unsigned *what)
{
	static int (*const step[])(struct slice s, struct buffer *out, unsigned *what) =
	    { from_utf16, from_quoted_printable, from_odd };
	struct buffer out = BUFFER_INIT(8 * BUFFER_MAX);
	size_t i;
	int failed = 0;

	for (i = 0; i < sizeof step / sizeof step[0]; i++)
		if (step[i](*text, &out, what)) {
			failed |= out.failed;
			buffer_move(plain, &out);
			*text = buffer_slice(plain);
		}
	return failed ? ERROR_MEMORY : ERROR_NONE;
}
