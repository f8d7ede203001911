#include "base/slice.h"

size_t
slice_find(struct slice a, const char *s)
{
	const unsigned char *at;
	struct slice rest = a;
	size_t n = strlen(s);

	while (rest.n >= n && rest.n > 0 &&
	    (at = memchr(rest.p, (unsigned char)s[0], rest.n - n + 1)) != NULL) {
		if (memcmp(at, s, n) == 0)
			return (size_t)(at - a.p);
		rest = slice_skip(rest, (size_t)(at - rest.p) + 1);
	}
	return a.n;
}

size_t
slice_word(struct slice a)
{
	const unsigned char *end;
	size_t n, part;

	/* in parts: a word before a tab must not cost a search of all the text after it */
	for (n = 0; n < a.n; n += part) {
		part = a.n - n < 256 ? a.n - n : 256;
		if ((end = memchr(a.p + n, ' ', part)) != NULL) {
			a.n = (size_t)(end - a.p);
			part = a.n - n;
		}
		if ((end = memchr(a.p + n, '\t', part)) != NULL)
			return (size_t)(end - a.p);
	}
	return a.n;
}

struct slice
slice_line(struct slice *a)
{
	const unsigned char *lf;
	struct slice line = *a;

	lf = a->n == 0 ? NULL : memchr(a->p, '\n', a->n);
	if (lf != NULL)
		line.n = (size_t)(lf - a->p);
	*a = slice_skip(*a, lf != NULL ? line.n + 1 : line.n);
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static int
blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice
slice_trim(struct slice a)
{
	while (a.n > 0 && blank(a.p[0]))
		a = slice_skip(a, 1);
	while (a.n > 0 && blank(a.p[a.n - 1]))
		a.n--;
	return a;
}

int
slice_hex(struct slice hex, unsigned char *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const char *at;
	size_t i;

	if (hex.n != 2 * n)
		return -1;
	for (i = 0; i < hex.n; i++) {
		at = memchr(digits, hex.p[i] >= 'A' ? hex.p[i] | 0x20 : hex.p[i], sizeof digits - 1);
		if (at == NULL)
			return -1;
		bytes[i / 2] = (unsigned char)(bytes[i / 2] << 4 | (at - digits));
	}
	return 0;
}
