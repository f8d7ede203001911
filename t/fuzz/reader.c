/*
 * reader: a stream of key texts. One of eight inputs, chosen by its last byte, is read twice:
 * strictly as a whole and in pieces, which must give the same texts, lines and end; or, if LENIENT
 * selects that mode, strictly too: if the whole input is keys that can be parsed, the keys must be the same.
 */
#include "fuzz.h"
#include <unistd.h>

static ssize_t give(int, void *, size_t);

/* key_feed with another read(2): no system call for each input. */
#define read give
#include "reader/key_feed.c"
#undef read
#include "base/error.h"
#include "format/format.h"
#include "key/key_blob.h"
#include "reader/key_reader.h"

#ifndef LENIENT
#define LENIENT 0
#endif

static struct slice input;      /* the bytes not yet read */
static size_t piece;            /* the most bytes in one read */

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

/* The short way of parsing gives the result of the long one. */
static void
check_short_way(const struct key_file *f)
{
	struct buffer bytes = BUFFER_EMPTY;
	struct key_line line;
	struct key_blob blob;

	if (f->format != &format_openssh_public)
		return;
	assert(format_openssh_public_split(f->text, &line));
	assert(key_blob_decode(line.base64, &bytes, &blob) == ERROR_NONE);
	assert(slice_eq(blob.bytes, f->blob.bytes) && slice_eq(line.comment, f->comment));
	assert(slice_eq(line.options, f->options) && blob.type == f->blob.type && blob.bits == f->blob.bits);
	buffer_free(&bytes);
}

static uint64_t
read_all(struct slice all, size_t at_a_time)
{
	uint64_t hash = 0xcbf29ce484222325;
	struct key_reader r;
	struct key_file f = KEY_FILE_EMPTY;
	unsigned long line = 0;
	int e;

	input = all;
	piece = at_a_time;
	key_reader_init(&r, 0, LENIENT);
	while ((e = key_reader_next(&r, &f)) != 0) {
		if (e == ERROR_UNTIDY)  /* the format has a fact only for what has been read */
			e = ERROR_NOT_KEY;
		hash = mix(hash, &e, sizeof e);
		hash = mix(hash, &f.line, sizeof f.line);
		if (e < 0)      /* it continues after the error, and ends */
			hash = mix(hash, &r.last, sizeof r.last);
		if (f.format == NULL) {
			assert(e < 0);
			continue;
		}
		if (e > 0)
			check_short_way(&f);
		assert(f.text.n > 0 && f.line > line);
		line = f.line;
		hash = mix(hash, f.text.p, f.text.n);
		hash = mix(hash, &f.format, sizeof f.format);
	}
	assert(key_reader_next(&r, &f) == 0);
	key_reader_free(&r);
	format_free(&f);
	return hash;
}

#if LENIENT
/* The keys in the input, as one number; 0 if there is anything else. */
static uint64_t
keys(struct slice all, int reading)
{
	uint64_t hash = 0xcbf29ce484222325;
	struct key_file f = KEY_FILE_EMPTY;
	struct key_reader r;
	int e, n = 0;

	input = all;
	piece = all.n;
	key_reader_init(&r, 0, reading);
	r.around = -1;     /* text around a key is not accepted here */
	while ((e = key_reader_next(&r, &f)) > 0) {
		n++;
		hash = mix(hash, f.blob.bytes.p, f.blob.bytes.n);
		hash = mix(hash, f.encrypted.p, f.encrypted.n);
	}
	key_reader_free(&r);
	format_free(&f);
	return n > 0 && e == 0 ? hash : 0;
}

static void
read_again(struct slice all, uint64_t found)
{
	uint64_t strict = keys(all, 0);

	(void)found;
	if (slice_find(all, "\r") < all.n)
		return;         /* alone, it ends a line here and not there */
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
