/*
 * wire: the edge values of RFC 4251's and of DER's lengths and integers, each in memory of just
 * its size. Prints "as specified", or an assertion that fails.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encoding/der.h"
#include "encoding/ssh_wire.h"

#define BYTES(text) text, sizeof text - 1

/* get: takes one value off text, and all of it: -1, or the length of the value, which ends where
 * text does. */
static long
get(int (*getter)(struct slice *, struct slice *), const char *text, size_t n)
{
	unsigned char *p = malloc(n > 0 ? n : 1);
	struct slice in = slice_of(p, n), v = slice_str("left as it was");
	long r = -1;

	assert(p != NULL);
	memcpy(p, text, n);
	if (getter(&in, &v) == 0) {
		assert(in.n == 0 && memcmp(v.p, text + n - v.n, v.n) == 0);
		r = (long)v.n;
	}
	free(p);
	return r;
}

static int
get_octets(struct slice *in, struct slice *v)
{
	return der_get(in, DER_OCTET_STRING, v);
}

/* get_head: as get, for a head and n bytes behind it. */
static long
get_head(const char *head, size_t head_n, size_t n)
{
	char *text = calloc(1, head_n + n);
	long r;

	assert(text != NULL);
	memcpy(text, head, head_n);
	r = get(get_octets, text, head_n + n);
	free(text);
	return r;
}

/* Integers of 16,384 bits are the largest: of them and one byte more. */
static void
largest(int (*getter)(struct slice *, struct slice *), const char *head, size_t head_n)
{
	char text[8 + 2049] = { 0 };

	memcpy(text, head, head_n);
	text[head_n] = 1;
	assert(get(getter, text, head_n + 2048) == 2048);
	text[head_n - 1]++;
	assert(get(getter, text, head_n + 2049) == -1);
}

static void
ssh_reads(void)
{
	assert(get(ssh_wire_get_mpint, BYTES("")) == -1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0")) == -1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0\2\1")) == -1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0\0")) == -1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0\1\0")) == -1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0\1\1")) == 1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0\1\177")) == 1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0\1\200")) == -1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0\2\377\1")) == -1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0\2\0\177")) == -1);
	assert(get(ssh_wire_get_mpint, BYTES("\0\0\0\2\0\200")) == 1);
	largest(ssh_wire_get_mpint, BYTES("\0\0\10\0"));
	assert(get(ssh_wire_get_padded_mpint, BYTES("\0\0\0\0")) == -1);
	assert(get(ssh_wire_get_padded_mpint, BYTES("\0\0\0\2\0\0")) == -1);
	assert(get(ssh_wire_get_padded_mpint, BYTES("\0\0\0\1\200")) == -1);
	assert(get(ssh_wire_get_padded_mpint, BYTES("\0\0\0\1\177")) == 1);
	assert(get(ssh_wire_get_padded_mpint, BYTES("\0\0\0\4\0\0\1\0")) == 2);
	largest(ssh_wire_get_padded_mpint, BYTES("\0\0\10\0"));
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

static void
der_reads(void)
{
	assert(get_head(BYTES("\4"), 0) == -1);
	assert(get_head(BYTES("\4\0"), 0) == 0);
	assert(get_head(BYTES("\5\0"), 0) == -1);
	assert(get_head(BYTES("\4\177"), 127) == 127);
	assert(get_head(BYTES("\4\177"), 126) == -1);
	/* X.690 section 8.1.3: any definite form, never the indefinite one */
	assert(get_head(BYTES("\4\200"), 0) == -1);
	assert(get_head(BYTES("\4\201\177"), 127) == 127);
	assert(get_head(BYTES("\4\201\0"), 0) == 0);
	assert(get_head(BYTES("\4\201\200"), 128) == 128);
	assert(get_head(BYTES("\4\201"), 0) == -1);
	assert(get_head(BYTES("\4\202\0\200"), 128) == 128);
	assert(get_head(BYTES("\4\202\0\200"), 127) == -1);
	assert(get_head(BYTES("\4\210\0\0\0\0\0\0\1\0"), 256) == 256);
	assert(get_head(BYTES("\4\210\0\0\0\0\0\0\1"), 0) == -1);
	assert(get_head(BYTES("\4\202\1\0"), 256) == 256);
	assert(get_head(BYTES("\4\202\1"), 0) == -1);
	assert(get_head(BYTES("\4\203\1\0\0"), 65536) == 65536);
	assert(get_head(BYTES("\4\204\1\0\0\0"), 16777216) == 16777216);
	/* what a size_t of 64 bits, or of 32, would forget of it */
	assert(get_head(BYTES("\4\205\1\0\0\0\200"), 128) == -1);
	assert(get_head(BYTES("\4\211\1\0\0\0\0\0\0\0\200"), 128) == -1);
	assert(get(der_get_integer, BYTES("\2\0")) == -1);
	assert(get(der_get_integer, BYTES("\2\1\0")) == 0);
	assert(get(der_get_integer, BYTES("\2\1\200")) == -1);
	assert(get(der_get_integer, BYTES("\2\2\0\177")) == -1);
	assert(get(der_get_integer, BYTES("\2\2\0\200")) == 1);
	largest(der_get_integer, BYTES("\2\202\10\0"));
	assert(get(der_get_unsigned, BYTES("\2\0")) == -1);
	assert(get(der_get_unsigned, BYTES("\2\1\0")) == 0);
	assert(get(der_get_unsigned, BYTES("\2\2\0\0")) == 0);
	assert(get(der_get_unsigned, BYTES("\2\1\200")) == 1);
	assert(get(der_get_unsigned, BYTES("\2\3\0\0\177")) == 1);
	largest(der_get_unsigned, BYTES("\2\202\10\0"));
	assert(get(der_get_bits, BYTES("\3\0")) == -1);
	assert(get(der_get_bits, BYTES("\3\1\0")) == 0);
	assert(get(der_get_bits, BYTES("\3\2\1\2")) == -1);
}

/* What is written of n bytes, by both ways: the head, and it is read again. */
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
	ssh_reads();
	ssh_writes();
	der_reads();
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
