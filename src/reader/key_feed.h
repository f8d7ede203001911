/*
 * key_feed: the bytes of an input, line by line, from a descriptor or from a slice. Of a
 * descriptor no more is read than is asked for, and a chunk.
 */
#ifndef KEY_FEED_H
#define KEY_FEED_H

#include "base/buffer.h"
#include "base/slice.h"

struct key_feed {
	int fd;                 /* stays the caller's; not looked at after the end */
	int eof;
	size_t came;            /* bytes that have been read */
	struct slice rest;      /* read, and not used up yet */
	unsigned long line;     /* lines that are used up */
	struct buffer buf;      /* what rest points into, where it was read */
};

/* key_feed_of: the lines of a slice. Nothing is to be freed. */
struct key_feed key_feed_of(struct slice text);

/* key_feed_init: those of what fd gives, until key_feed_free. */
void key_feed_init(struct key_feed *f, int fd);
void key_feed_free(struct key_feed *f);

/* key_feed_more: reads until rest has more than n bytes, or all is read. Moves rest. Returns 0,
 * ERROR_SYSTEM, ERROR_MEMORY, or ERROR_TOO_BIG where rest has more than BUFFER_MAX bytes. */
int key_feed_more(struct key_feed *f, size_t n);

/* key_feed_line: the line at offset from in rest, whole, without its end; *next is the offset
 * behind it. Moves rest. Returns 1, 0 at the end of the input, ERROR_LONG_LINE where it has more
 * than max bytes, or an error of key_feed_more. */
int key_feed_line(struct key_feed *f, size_t from, size_t max, struct slice *line, size_t *next);

/* key_feed_shift: moves rest to the beginning of buf, if little must be moved or much is used up. */
#define KEY_FEED_USED ((size_t)32 << 10)
void key_feed_shift(struct key_feed *f);

/* key_feed_use: the first n bytes of rest, so many lines, are used up. They stay before rest until
 * key_feed_drop, which may move it. */
static inline void
key_feed_use(struct key_feed *f, size_t n, unsigned long lines)
{
	f->rest = slice_skip(f->rest, n);
	f->line += lines;
}

static inline void
key_feed_drop(struct key_feed *f)
{
	if (!f->eof && f->buf.n - f->rest.n > KEY_FEED_USED)
		key_feed_shift(f);
}

#endif
