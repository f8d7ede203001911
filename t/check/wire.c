/*
 * wire: the edge values of lengths and integers of RFC 4251 and of DER, each in memory of exactly its
 * size. Prints "as specified", or the assertion that fails.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encoding/der.h"
#include "encoding/ssh_wire.h"

#define BYTES(text) text, sizeof text - 1

static int
get_octets(struct slice *in, struct slice *v)
{
	return der_get(in, DER_OCTET_STRING, v);
}

enum { MPINT, PADDED, OCTETS, INTEGER, UNSIGNED, BITS };

static int (*const getters[])(struct slice *, struct slice *) = { ssh_wire_get_mpint,
	ssh_wire_get_padded_mpint, get_octets, der_get_integer, der_get_unsigned, der_get_bits };

/* A getter reads text and the zeros after it as one value of want bytes, and nothing is left; or, if want
 * is -1, refuses them. */
static const struct {
	int getter;
	const char *text;
	size_t n, zeros;
	long want;
} reads[] = {
	{ MPINT, BYTES(""), 0, -1 },
	{ MPINT, BYTES("\0\0\0"), 0, -1 },
	{ MPINT, BYTES("\0\0\0\2\1"), 0, -1 },
	{ MPINT, BYTES("\0\0\0\0"), 0, -1 },
	{ MPINT, BYTES("\0\0\0\1\0"), 0, -1 },
	{ MPINT, BYTES("\0\0\0\1\1"), 0, 1 },
	{ MPINT, BYTES("\0\0\0\1\177"), 0, 1 },
	{ MPINT, BYTES("\0\0\0\1\200"), 0, -1 },
	{ MPINT, BYTES("\0\0\0\2\377\1"), 0, -1 },
	{ MPINT, BYTES("\0\0\0\2\0\177"), 0, -1 },
	{ MPINT, BYTES("\0\0\0\2\0\200"), 0, 1 },
	{ PADDED, BYTES("\0\0\0\0"), 0, -1 },
	{ PADDED, BYTES("\0\0\0\2\0\0"), 0, -1 },
	{ PADDED, BYTES("\0\0\0\1\200"), 0, -1 },
	{ PADDED, BYTES("\0\0\0\1\177"), 0, 1 },
	{ PADDED, BYTES("\0\0\0\4\0\0\1\0"), 0, 2 },
	{ OCTETS, BYTES("\4"), 0, -1 },
	{ OCTETS, BYTES("\4\0"), 0, 0 },
	{ OCTETS, BYTES("\5\0"), 0, -1 },
	{ OCTETS, BYTES("\4\177"), 127, 127 },
	{ OCTETS, BYTES("\4\177"), 126, -1 },
	/* X.690 section 8.1.3: any definite form, never the indefinite one */
	{ OCTETS, BYTES("\4\200"), 0, -1 },
	{ OCTETS, BYTES("\4\201\177"), 127, 127 },
	{ OCTETS, BYTES("\4\201\0"), 0, 0 },
	{ OCTETS, BYTES("\4\201\200"), 128, 128 },
	{ OCTETS, BYTES("\4\201"), 0, -1 },
	{ OCTETS, BYTES("\4\202\0\200"), 128, 128 },
	{ OCTETS, BYTES("\4\202\0\200"), 127, -1 },
	{ OCTETS, BYTES("\4\210\0\0\0\0\0\0\1\0"), 256, 256 },
	{ OCTETS, BYTES("\4\210\0\0\0\0\0\0\1"), 0, -1 },
	{ OCTETS, BYTES("\4\202\1\0"), 256, 256 },
	{ OCTETS, BYTES("\4\202\1"), 0, -1 },
	{ OCTETS, BYTES("\4\203\1\0\0"), 65536, 65536 },
	{ OCTETS, BYTES("\4\204\1\0\0\0"), 16777216, 16777216 },
	/* lengths that overflow a size_t of 64 or of 32 bits */
	{ OCTETS, BYTES("\4\205\1\0\0\0\200"), 128, -1 },
	{ OCTETS, BYTES("\4\211\1\0\0\0\0\0\0\0\200"), 128, -1 },
	{ INTEGER, BYTES("\2\0"), 0, -1 },
	{ INTEGER, BYTES("\2\1\0"), 0, 0 },
	{ INTEGER, BYTES("\2\1\200"), 0, -1 },
	{ INTEGER, BYTES("\2\2\0\177"), 0, -1 },
	{ INTEGER, BYTES("\2\2\0\200"), 0, 1 },
	{ UNSIGNED, BYTES("\2\0"), 0, -1 },
	{ UNSIGNED, BYTES("\2\1\0"), 0, 0 },
	{ UNSIGNED, BYTES("\2\2\0\0"), 0, 0 },
	{ UNSIGNED, BYTES("\2\1\200"), 0, 1 },
	{ UNSIGNED, BYTES("\2\3\0\0\177"), 0, 1 },
	{ BITS, BYTES("\3\0"), 0, -1 },
	{ BITS, BYTES("\3\1\0"), 0, 0 },
	{ BITS, BYTES("\3\2\1\2"), 0, -1 },
	/* integers of 16,384 bits are the largest */
	{ MPINT, BYTES("\0\0\10\0\1"), 2047, 2048 },
	{ MPINT, BYTES("\0\0\10\1\1"), 2048, -1 },
	{ PADDED, BYTES("\0\0\10\0\1"), 2047, 2048 },
	{ PADDED, BYTES("\0\0\10\1\1"), 2048, -1 },
	{ INTEGER, BYTES("\2\202\10\0\1"), 2047, 2048 },
	{ INTEGER, BYTES("\2\202\10\1\1"), 2048, -1 },
	{ UNSIGNED, BYTES("\2\202\10\0\1"), 2047, 2048 },
	{ UNSIGNED, BYTES("\2\202\10\1\1"), 2048, -1 },
};

static void
read_row(size_t row)
{
	const size_t n = reads[row].n + reads[row].zeros;
	unsigned char *p = calloc(1, n > 0 ? n : 1);
	struct slice in = slice_of(p, n), v = slice_str("left as it was");
	long r = -1;

	assert(p != NULL);
	memcpy(p, reads[row].text, reads[row].n);
	if (getters[reads[row].getter](&in, &v) == 0) {
		assert(in.n == 0 && memcmp(v.p, p + n - v.n, v.n) == 0);
		r = (long)v.n;
	}
	free(p);
	if (r != reads[row].want)
		printf("row %zu of reads: %ld\n", row, r);
	assert(r == reads[row].want);
}

/* put: a putter of ssh_wire appends want to a buffer of at most max bytes; if want is empty, it
 * returns -1. */
static void
put(int (*putter)(struct buffer *, struct slice), size_t max, const char *text, size_t n,
    const char *want, size_t want_n)
{
	unsigned char *p = malloc(n > 0 ? n : 1);
	struct buffer out = BUFFER_INIT(max);
	int r;

	assert(p != NULL);
	memcpy(p, text, n);
	r = putter(&out, slice_of(p, n));
	assert((r == 0) == (want_n > 0) && (out.failed == 0) == (r == 0));
	assert(r != 0 || (out.n == want_n && memcmp(out.p, want, want_n) == 0));
	buffer_free(&out);
	free(p);
}

static void
ssh_writes(void)
{
	put(ssh_wire_put_string, 4, BYTES(""), BYTES("\0\0\0\0"));
	put(ssh_wire_put_string, 7, BYTES("abc"), BYTES("\0\0\0\3abc"));
	put(ssh_wire_put_string, 3, BYTES(""), BYTES(""));
	put(ssh_wire_put_string, 3, BYTES("abc"), BYTES(""));
	put(ssh_wire_put_string, 6, BYTES("abc"), BYTES(""));
	put(ssh_wire_put_mpint, 8, BYTES(""), BYTES("\0\0\0\0"));
	put(ssh_wire_put_mpint, 8, BYTES("\0"), BYTES("\0\0\0\0"));
	put(ssh_wire_put_mpint, 8, BYTES("\0\0"), BYTES("\0\0\0\0"));
	put(ssh_wire_put_mpint, 8, BYTES("\0\0\1\0"), BYTES("\0\0\0\2\1\0"));
	put(ssh_wire_put_mpint, 8, BYTES("\0\177"), BYTES("\0\0\0\1\177"));
	put(ssh_wire_put_mpint, 8, BYTES("\200"), BYTES("\0\0\0\2\0\200"));
	put(ssh_wire_put_mpint, 8, BYTES("\0\377\0"), BYTES("\0\0\0\3\0\377\0"));
	put(ssh_wire_put_mpint, 3, BYTES(""), BYTES(""));
	put(ssh_wire_put_mpint, 3, BYTES("\1"), BYTES(""));
	put(ssh_wire_put_mpint, 4, BYTES("\200"), BYTES(""));
	put(ssh_wire_put_mpint, 5, BYTES("\200"), BYTES(""));
}

/* n bytes are written in two ways: each has the head want, and is read back. */
static void
head(size_t n, const char *want, size_t want_n)
{
	struct buffer bytes = BUFFER_INIT(n + 1), put = BUFFER_INIT(n + 8);
	struct buffer wrapped = BUFFER_INIT(n + 8);
	struct slice in, v;

	assert(buffer_extend(&bytes, n) != NULL || n == 0);
	assert(der_put(&put, DER_OCTET_STRING, buffer_slice(&bytes)) == 0);
	assert(put.n == want_n + n && memcmp(put.p, want, want_n) == 0);
	assert(buffer_put_slice(&wrapped, buffer_slice(&bytes)) == 0);
	assert(der_wrap(&wrapped, 0, DER_OCTET_STRING) == 0);
	assert(slice_eq(buffer_slice(&put), buffer_slice(&wrapped)));
	in = buffer_slice(&put);
	assert(get_octets(&in, &v) == 0 && v.n == n && in.n == 0);
	buffer_free(&put);
	buffer_free(&wrapped);
	buffer_free(&bytes);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof reads / sizeof reads[0]; i++)
		read_row(i);
	ssh_writes();
	head(0, BYTES("\4\0"));
	head(127, BYTES("\4\177"));
	head(128, BYTES("\4\201\200"));
	head(255, BYTES("\4\201\377"));
	head(256, BYTES("\4\202\1\0"));
	head(65535, BYTES("\4\202\377\377"));
	head(65536, BYTES("\4\203\1\0\0"));
	head(16777215, BYTES("\4\203\377\377\377"));
	head(16777216, BYTES("\4\204\1\0\0\0"));
	puts("as specified");
	return 0;
}
