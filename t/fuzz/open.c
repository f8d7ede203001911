/*
 * open: any text, parsed by the format that recognizes its first line, or by
 * one that its first byte chooses.
 */
#include "fuzz.h"
#include "base/error.h"
#include "base/escape.h"
#include "encoding/base64.h"
#include "format/format.h"

#include <ctype.h>

#define GROWTH 64       /* the most bytes that one change adds to the base64 */

size_t LLVMFuzzerMutate(uint8_t *, size_t, size_t);
size_t LLVMFuzzerCustomMutator(uint8_t *, size_t, size_t, unsigned);

static const struct format *
any_format(size_t i)
{
	size_t rows;

	for (rows = 0; format_row(rows) != NULL; rows++)
		continue;
	return format_row(i % rows);
}

static void
check_protection(const struct protection *prot)
{
	assert((prot->kdf == KDF_NONE) == (prot->cipher == NULL));
	assert(prot->salt_n <= sizeof prot->salt);
	assert(protection_check(prot) == ERROR_NONE);
}

static void
check_same(const struct key_file *a, const struct key_file *b)
{
	const struct protection *pa = &a->protection, *pb = &b->protection;

	assert(slice_eq(a->blob.bytes, b->blob.bytes));
	assert(slice_eq(a->encrypted, b->encrypted));
	assert(pa->kdf == pb->kdf && pa->cipher == pb->cipher && pa->mac == pb->mac);
	assert(pa->rounds == pb->rounds && pa->r == pb->r && pa->p == pb->p);
	assert(slice_eq(slice_of(pa->salt, pa->salt_n), slice_of(pb->salt, pb->salt_n)));
	assert(memcmp(pa->tag, pb->tag, sizeof pa->tag) == 0);
}

/* A format's output for a key file, with its comment escaped, is recognized by a format that
 * parses it as the same. */
static void
check_frame(const struct format *f, const struct key_file *e, struct slice comment)
{
	struct key_file written = *e, read = KEY_FILE_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	const struct format *reads;
	int r;

	written.comment = comment;
	r = f->frame(&written, &text);
	if (r == ERROR_NONE) {
		reads = format_recognizing(slice_line(&(struct slice){ text.p, text.n }));
		assert(reads == f || (reads != NULL && f->can & FORMAT_PUBLIC));
		assert(format_parse(reads, buffer_slice(&text), &read) == ERROR_NONE);
		check_same(&written, &read);
		assert(slice_eq(read.comment, comment) || read.comment.n == 0);
	} else
		assert(r == ERROR_FORMAT && f != e->format);
	buffer_free(&text);
	format_free(&read);
}

/* Written in its own format, and a public key in another one that the input chooses. */
static void
check_file(const struct key_file *e, const struct format *other)
{
	struct buffer comment = BUFFER_EMPTY;
	struct key_blob blob;

	check_protection(&e->protection);
	assert(e->blob.bytes.n > 0 || e->encrypted.n > 0);
	if (e->blob.bytes.n > 0) {
		assert(key_blob_parse(e->blob.bytes, &blob) == ERROR_NONE);
		escape_put(&comment, slice_trim(e->comment));
		if (e->format->can & FORMAT_WRITE)
			check_frame(e->format, e, buffer_slice(&comment));
		if (other->can & FORMAT_PUBLIC && e->encrypted.n == 0 && blob.type != NULL &&
		    blob.type->certified == NULL)
			check_frame(other, e, buffer_slice(&comment));
	}
	buffer_free(&comment);
}

static int
is_base64(unsigned char c)
{
	return c != '\0' && (isalnum(c) || strchr("+/=", c) != NULL);
}

/* The longest run of whole base64 groups, with line ends between them. */
static struct slice
find_base64(struct slice text)
{
	struct slice longest = slice_of(text.p, 0), run = longest;
	size_t i, n = 0;

	for (i = 0; i <= text.n; i++) {
		if (i < text.n && is_base64(text.p[i])) {
			n++;
			continue;
		}
		if (n >= 16 && (i == text.n || isspace(text.p[i]))) {
			if (run.n == 0)
				run.p = text.p + i - n;
			run.n = (size_t)(text.p + i - run.p);
			if (run.n > longest.n)
				longest = run;
		}
		if (n < 16 || i == text.n || text.p[i] != '\n')
			run.n = 0;
		n = 0;
	}
	return longest;
}

/* A change to the bytes that the longest base64 encodes; 0 if there is none. */
static size_t
mutate_base64(uint8_t *p, size_t n, size_t max)
{
	struct slice text = slice_of(p, n), body = find_base64(text);
	struct buffer bytes = BUFFER_EMPTY, out = BUFFER_EMPTY;
	size_t width = slice_find(body, "\n"), from = (size_t)(body.p - p), was;

	if (base64_get(&bytes, body) == 0 && bytes.n > 0) {
		was = bytes.n;
		buffer_extend(&bytes, GROWTH);
		was = LLVMFuzzerMutate(bytes.p, was, bytes.n);
		buffer_put(&out, p, from);
		base64_put(&out, slice_of(bytes.p, was), width);
		buffer_truncate(&out, out.n - 1);
		buffer_put_slice(&out, slice_skip(text, from + body.n));
	}
	n = out.n < max ? out.n : max;
	if (n > 0)
		memcpy(p, out.p, n);
	buffer_free(&bytes);
	buffer_free(&out);
	return n;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t max, unsigned seed)
{
	size_t mutated = seed % 4 == 0 ? mutate_base64(p, n, max) : 0;

	return mutated > 0 ? mutated : LLVMFuzzerMutate(p, n, max);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct key_file e = KEY_FILE_EMPTY;
	struct slice text = slice_of(p, n), rest = text, line = slice_line(&rest);
	const struct format *format;

	format = format_recognizing(line);
	if (format == NULL)
		format = any_format(n > 0 ? p[0] : 0);
	if (format_parse(format, format->end_line == NULL ? line : text, &e) == ERROR_NONE)
		check_file(&e, any_format(n));
	format_free(&e);
	return 0;
}
