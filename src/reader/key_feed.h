/*
 * key_feed: the bytes of an input, line by line, from a descriptor or from a slice. From a
 * descriptor no more is read than is asked for, and a chunk.
 */
#ifndef KEY_FEED_H
#define KEY_FEED_H

#include "base/buffer.h"

/* A window on the input: rest moves with each read, so slices into it last until then. */
struct key_feed {
	int fd;                 /* stays the caller's; not looked at after the end */
	int eof;
	struct slice rest;      /* read, and not used up yet */
	unsigned long line;     /* lines that are used up */
	size_t dropped;         /* bytes before rest that the next read may overwrite */
	struct buffer buf;      /* what rest points into, where it was read */
};

/* key_feed_of: the lines of a slice. Nothing has to be freed. */
struct key_feed key_feed_of(struct slice text);

/* key_feed_init: the lines that fd gives, until key_feed_free. */
void key_feed_init(struct key_feed *f, int fd);
void key_feed_free(struct key_feed *f);

/* key_feed_more: reads until rest has more than n bytes, or all is read. Moves rest. Returns 0,
 * ERROR_SYSTEM, ERROR_MEMORY, or ERROR_TOO_BIG where rest has more than BUFFER_MAX bytes. */
int key_feed_more(struct key_feed *f, size_t n);

/* key_feed_line: the whole line at offset from in rest, without its end; *next is the offset
 * behind it. Moves rest. Returns 1, 0 at the end of the input, ERROR_LONG_LINE where it has more
 * than max bytes, or an error of key_feed_more. */
int key_feed_line(struct key_feed *f, size_t from, size_t max, struct slice *line, size_t *next);

/* key_feed_use: the first n bytes of rest, so many lines, are used up. They stay before rest until
 * a read after key_feed_drop. */
static inline void
key_feed_use(struct key_feed *f, size_t n, unsigned long lines)
{
	f->rest = slice_skip(f->rest, n);
	f->line += lines;
}

static inline void
key_feed_drop(struct key_feed *f)
{
	f->dropped = f->buf.n - f->rest.n;
}

#endif
