/*
 * slice: a pointer to bytes that something else owns, and their number, without a NUL.
 */
#ifndef SLICE_H
#define SLICE_H

#include <stddef.h>
#include <string.h>
#include <strings.h>

struct slice {
	const unsigned char *p;
	size_t n;
};

/* slice_of: the slice of n bytes at p. */
static inline struct slice
slice_of(const void *p, size_t n)
{
	return (struct slice){ p, n };
}

/* slice_str: the slice of a C string, without its NUL. */
static inline struct slice
slice_str(const char *s)
{
	return slice_of(s, strlen(s));
}

/* slice_eq: 1 if both hold the same bytes; not in constant time, so not for secrets. */
static inline int
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 ||
	    (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

/* slice_is: slice_eq with a C string. */
static inline int
slice_is(struct slice a, const char *s)
{
	return slice_eq(a, slice_str(s));
}

/* slice_names: slice_is, ignoring case. */
static inline int
slice_names(struct slice a, const char *s)
{
	return a.n == strlen(s) && strncasecmp(s, (const char *)a.p, a.n) == 0;
}

/* slice_starts: 1 when a begins with the C string s. */
static inline int
slice_starts(struct slice a, const char *s)
{
	size_t n = strlen(s);

	return a.n >= n && slice_eq(slice_of(a.p, n), slice_of(s, n));
}

/* slice_ends: 1 when a ends with the C string s. */
static inline int
slice_ends(struct slice a, const char *s)
{
	size_t n = strlen(s);

	return a.n >= n && slice_eq(slice_of(a.p + a.n - n, n), slice_of(s, n));
}

/* slice_find: offset of the first s in a, or a.n when there is none. */
size_t slice_find(struct slice a, const char *s);

/* slice_word: the number of bytes of a before its first blank or tab, or a.n. */
size_t slice_word(struct slice a);

/* slice_skip: a without its first n bytes; n is at most a.n. */
static inline struct slice
slice_skip(struct slice a, size_t n)
{
	return n == 0 ? a : slice_of(a.p + n, a.n - n);
}

/* slice_without_zeros: a big-endian number, without its leading zero bytes. */
static inline struct slice
slice_without_zeros(struct slice a)
{
	while (a.n > 0 && a.p[0] == 0)
		a = slice_skip(a, 1);
	return a;
}

/* slice_line: removes the first line from *a and returns it without its LF or CRLF. */
struct slice slice_line(struct slice *a);

/* slice_trim: a without blanks, tabs, CR and LF at either end. */
struct slice slice_trim(struct slice a);

/* slice_hex: decodes hex, which must be 2n digits in upper or lower case. Returns 0 or -1. */
int slice_hex(struct slice hex, unsigned char *bytes, size_t n);

#endif
