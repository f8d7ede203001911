/*
 * open: any text, taken apart by the format that claims its first line, or by
 * one that its first byte chooses.
 */
#undef NDEBUG
#include "base64.h"
#include "escape.h"
#include "key_error.h"
#include "key_format.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define GROWTH 64       /* of the bytes in base64, by one change, at most */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
size_t LLVMFuzzerMutate(uint8_t *, size_t, size_t);
size_t LLVMFuzzerCustomMutator(uint8_t *, size_t, size_t, unsigned);

/* Of the formats that can be read. */
static const struct key_format *
format_row(size_t i)
{
	const struct key_format *f;
	size_t rows;

	for (rows = 0; (f = key_format_row(rows)) != NULL && f->can & KEY_READ; rows++)
		continue;
	return key_format_row(i % rows);
}

static void
check_protection(const struct protection *prot)
{
	assert((prot->kdf == KDF_NONE) == (prot->cipher == NULL));
	assert(prot->salt_n <= sizeof prot->salt);
	assert(protection_check(prot) == KEY_OK);
}

static void
check_same(const struct envelope *a, const struct envelope *b)
{
	assert(slice_eq(a->pub, b->pub));
	assert(slice_eq(a->sealed, b->sealed));
	assert(a->prot.kdf == b->prot.kdf && a->prot.cipher == b->prot.cipher);
	assert(a->prot.rounds == b->prot.rounds);
	assert(a->prot.r == b->prot.r && a->prot.p == b->prot.p && a->prot.mac == b->prot.mac);
	assert(slice_eq(slice_of(a->prot.salt, a->prot.salt_n),
	    slice_of(b->prot.salt, b->prot.salt_n)));
	assert(memcmp(a->prot.tag, b->prot.tag, sizeof a->prot.tag) == 0);
}

/* What a format writes of an envelope, its comment escaped as it should be, is
 * claimed by a format that opens it as the same envelope. */
static void
check_frame(const struct key_format *f, const struct envelope *e, struct slice comment)
{
	struct envelope written = *e, read = ENVELOPE_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	const struct key_format *claims;
	int r;

	written.comment = comment;
	if (e->pub.n > 0)
		assert(key_view_parse(e->pub, &written.view) == KEY_OK);
	r = f->frame(&written, &text);
	if (r == KEY_OK) {
		claims = key_format_claiming(slice_line(&(struct slice){ text.p, text.n }));
		assert(claims == f || (claims != NULL && f->can & KEY_PUBLIC));
		read.format = claims;
		assert(claims->open(buffer_slice(&text), &read) == KEY_OK);
		check_same(&written, &read);
		assert(slice_eq(read.comment, comment) || read.comment.n == 0);
	} else
		assert(r == KEY_E_FORMAT && f != e->format);
	buffer_free(&text);
	envelope_free(&read);
}

/* Written as it came, and a public key in another format that the input chooses. */
static void
check_envelope(const struct envelope *e, const struct key_format *other)
{
	struct buffer comment = BUFFER_EMPTY;
	struct key_view view;

	check_protection(&e->prot);
	assert(e->pub.n > 0 || e->sealed.n > 0);
	if (e->pub.n > 0) {
		assert(key_view_parse(e->pub, &view) == KEY_OK);
		escape_put(&comment, slice_trim(e->comment));
		if (e->format->can & KEY_WRITE)
			check_frame(e->format, e, buffer_slice(&comment));
		if (other->can & KEY_PUBLIC && e->sealed.n == 0 && view.type != NULL &&
		    view.type->certified == NULL)
			check_frame(other, e, buffer_slice(&comment));
	}
	buffer_free(&comment);
}

static int
is_base64(unsigned char c)
{
	return c != '\0' && (isalnum(c) || strchr("+/=", c) != NULL);
}

/* The longest run of whole words of base64, with line ends between them. */
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

/* A change to what the longest base64 stands for; 0 where there is none. */
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
	struct envelope e = ENVELOPE_EMPTY;
	struct slice text = slice_of(p, n), rest = text, line = slice_line(&rest);

	e.format = key_format_claiming(line);
	if (e.format == NULL)
		e.format = format_row(n > 0 ? p[0] : 0);
	if (e.format->open(e.format->last == NULL ? line : text, &e) == KEY_OK)
		check_envelope(&e, format_row(n));
	envelope_free(&e);
	return 0;
}
