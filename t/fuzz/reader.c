/*
 * reader: a stream of key texts. Of eight inputs one, as its last byte says, is
 * read twice: strictly at once and in pieces, which must give the same texts,
 * lines and end; or, where FORGIVING chooses that mode, strictly too: if all of
 * it is keys that open, the same keys must come.
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static ssize_t give(int, void *, size_t);

/* key_reader with another read(2): no system call for each input. */
#define read give
#include "../../src/key_reader.c"
#undef read

#ifndef FORGIVING
#define FORGIVING 0
#endif

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct slice input;      /* still to be given */
static size_t piece;            /* at most, at a time */

static ssize_t
give(int fd, void *to, size_t n)
{
	(void)fd;
	n = n < piece ? n : piece;
	n = n < input.n ? n : input.n;
	memcpy(to, input.p, n);
	input = slice_skip(input, n);
	return (ssize_t)n;
}

/* FNV-1a: what was found, as one number. */
static uint64_t
mix(uint64_t hash, const void *p, size_t n)
{
	const unsigned char *c = p;

	while (n-- > 0)
		hash = (hash ^ *c++) * 0x100000001b3;
	return hash;
}

/* What the short way has taken apart is what the long way finds. */
static void
check_short_way(const struct key_text *text)
{
	struct envelope e = ENVELOPE_EMPTY;

	if (text->view.blob.n == 0)
		return;
	e.format = text->format;
	assert(text->format->open(text->text, &e) == KEY_OK);
	assert(slice_eq(e.pub, text->view.blob) && slice_eq(e.comment, text->fields.comment));
	assert(e.options.n == 0 && e.view.type == text->view.type && e.view.bits == text->view.bits);
	envelope_free(&e);
}

static uint64_t
read_all(struct slice all, size_t at_a_time)
{
	uint64_t hash = 0xcbf29ce484222325;
	struct key_reader r;
	struct key_text text;
	unsigned long line = 0;
	int e;

	input = all;
	piece = at_a_time;
	key_reader_init(&r, 0, FORGIVING);
	while ((e = key_reader_next(&r, &text)) != 0) {
		hash = mix(hash, &e, sizeof e);
		if (e < 0) {    /* it goes on behind what was wrong, and ends */
			hash = mix(hash, &text.line, sizeof text.line);
			hash = mix(hash, &text.last, sizeof text.last);
			continue;
		}
		check_short_way(&text);
		assert(text.text.n > 0 && text.format != NULL);
		assert(text.line > line);
		line = text.line;
		hash = mix(hash, text.text.p, text.text.n);
		hash = mix(hash, &text.format, sizeof text.format);
		hash = mix(hash, &text.line, sizeof text.line);
	}
	assert(key_reader_next(&r, &text) == 0);
	key_reader_free(&r);
	return hash;
}

#if FORGIVING
/* The keys in it, as one number; 0 where there is anything else. */
static uint64_t
keys(struct slice all, int forgiving)
{
	uint64_t hash = 0xcbf29ce484222325;
	struct envelope e = ENVELOPE_EMPTY;
	struct key_reader r;
	struct key_text text;
	int end, opened = KEY_OK, n = 0;

	input = all;
	piece = all.n;
	key_reader_init(&r, 0, forgiving);
	r.around = -1;          /* text around a key is not all keys */
	while ((end = key_reader_next(&r, &text)) > 0 && opened == KEY_OK) {
		n++;
		e.format = text.format;
		opened = text.format->open(text.text, &e);
		hash = mix(hash, e.pub.p, e.pub.n);
		hash = mix(hash, e.sealed.p, e.sealed.n);
		envelope_free(&e);
	}
	key_reader_free(&r);
	return n > 0 && end == 0 && opened == KEY_OK ? hash : 0;
}

static void
read_again(struct slice all, uint64_t found)
{
	uint64_t strict = keys(all, 0);

	(void)found;
	if (slice_find(all, "\r") < all.n)
		return;         /* alone, it ends a line here and does not there */
	assert(strict == 0 || keys(all, 1) == strict);
}
#else
static void
read_again(struct slice all, uint64_t found)
{
	assert(found == read_all(all, 1 + all.n / (2 + all.p[all.n - 1] / 8 % 4)));
}
#endif

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice all = slice_of(p, n);
	uint64_t found = read_all(all, n);

	if (n > 0 && p[n - 1] % 8 == 0)
		read_again(all, found);
	return 0;
}
