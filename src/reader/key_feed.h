/*
 * key_feed: the bytes of an input, line by line, from a descriptor or from a slice. It reads at
 * most one chunk beyond the bytes that the caller asks for.
 */
#ifndef KEY_FEED_H
#define KEY_FEED_H

#include "base/buffer.h"

/* A window on the input. A read may move rest: slices into rest are valid until the next read. */
struct key_feed {
	int fd;                 /* the caller closes it; not read after the end */
	int eof;
	struct slice rest;      /* bytes read, but not used up yet */
	unsigned long line;     /* number of lines that are used up */
	size_t dropped;         /* bytes before rest that the next read may overwrite */
	struct buffer buf;      /* holds rest, if that was read from fd */
};

/* key_feed_of: feeds the lines of a slice. Nothing has to be freed. */
struct key_feed key_feed_of(struct slice text);

/* key_feed_init: feeds the lines of fd, until key_feed_free. */
void key_feed_init(struct key_feed *f, int fd);
void key_feed_free(struct key_feed *f);

/* key_feed_more: reads until rest has more than n bytes, or to the end. Moves rest. Returns 0,
 * ERROR_SYSTEM, ERROR_MEMORY, or ERROR_TOO_BIG if rest has more than BUFFER_MAX bytes. */
int key_feed_more(struct key_feed *f, size_t n);

/* key_feed_line: sets *line to the whole line at this offset in rest, without its end, and *next to
 * the offset after it. Moves rest. Returns 1, 0 at the end of the input, ERROR_LONG_LINE if the
 * line has more than max bytes, or an error of key_feed_more. */
int key_feed_line(struct key_feed *f, size_t from, size_t max, struct slice *line, size_t *next);

/* key_feed_use: marks the first n bytes of rest, which are this number of lines, as used up. They
 * stay in memory before rest until a read after key_feed_drop. */
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
