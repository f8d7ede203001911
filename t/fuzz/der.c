/*
 * der: DER has one encoding for each value: its putter must write again whatever a getter
 * accepts, byte for byte, or shorter if a length or number was longer than needed; and
 * whatever a putter writes can be read.
 */
#include "fuzz.h"
#include "encoding/der.h"

#define BYTES 300       /* written by a putter, for lengths of one to three octets */
#define ELEMENTS 32     /* of one input; keys have fewer than 20 */

static void
written_is(struct buffer *out, struct slice element)
{
	assert(out->n < element.n || slice_eq(buffer_slice(out), element));
	buffer_truncate(out, 0);
}

/* get reads the same from element and from the element that was written again. */
static void
reads_back(int (*get)(struct slice *, struct slice *), const struct buffer *out, struct slice v)
{
	struct slice in = buffer_slice(out), again;

	assert(get(&in, &again) == 0 && in.n == 0 && slice_eq(again, v));
}

/* One element, by each getter that accepts it. */
static void
check_element(struct slice element, struct buffer *out)
{
	struct slice in, v;
	uint32_t u;

	in = element;
	if (der_get_integer(&in, &v) == 0) {
		assert(der_put_integer(out, v) == 0);
		reads_back(der_get_integer, out, v);
		written_is(out, element);
	}
	in = element;
	if (der_get_unsigned(&in, &v) == 0) {
		assert(der_put_integer(out, v) == 0);
		reads_back(der_get_integer, out, v);
		buffer_truncate(out, 0);        /* with the sign it may be longer */
	}
	in = element;
	if (der_get_u32(&in, &u) == 0) {
		assert(der_put_u32(out, u) == 0);
		written_is(out, element);
	}
	in = element;
	if (der_get_bits(&in, &v) == 0) {
		assert(der_put_bits(out, v) == 0);
		reads_back(der_get_bits, out, v);
		written_is(out, element);
	}
}

static void
check_elements(struct slice in, unsigned *elements, struct buffer *out)
{
	struct slice element, contents, written, again;
	unsigned tag;

	for (element = in; in.n > 0; element = in) {
		tag = in.p[0];
		assert(der_next_is(in, tag));
		if (der_get(&in, tag, &contents) != 0 || (*elements)++ >= ELEMENTS)
			return;
		element.n -= in.n;
		assert(der_put(out, tag, contents) == 0);
		written = buffer_slice(out);
		assert(der_get(&written, tag, &again) == 0 && slice_eq(again, contents));
		written_is(out, element);
		check_element(element, out);
		if (tag & 0x20 || tag == DER_OCTET_STRING)
			check_elements(contents, elements, out);
	}
}

/* Any bytes as an integer, as bits, as contents; and all of them wrapped. */
static void
check_putters(struct slice bytes, struct buffer *out)
{
	struct slice in, all, v, want;
	uint32_t u = 0, w;

	bytes.n = bytes.n < BYTES ? bytes.n : BYTES;
	want = bytes;
	memcpy(&u, bytes.p, bytes.n < sizeof u ? bytes.n : sizeof u);
	while (want.n > 0 && want.p[0] == 0)
		want = slice_skip(want, 1);
	assert(der_put_u32(out, u) == 0 && der_put_bits(out, bytes) == 0 &&
	    der_put_integer(out, want) == 0 && der_wrap(out, 0, DER_SEQUENCE) == 0);
	in = buffer_slice(out);
	assert(der_get(&in, DER_SEQUENCE, &all) == 0 && in.n == 0);
	assert(der_get_u32(&all, &w) == 0 && w == u);
	assert(der_get_bits(&all, &v) == 0 && slice_eq(v, bytes));
	assert(der_get_integer(&all, &v) == 0 && slice_eq(v, want) && all.n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buffer out = BUFFER_EMPTY;
	struct slice in = slice_of(p, n);
	unsigned elements = 0;

	if (n > 0) {
		check_elements(in, &elements, &out);
		check_putters(in, &out);
	}
	buffer_free(&out);
	return 0;
}
