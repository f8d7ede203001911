#include "reader/key_feed.h"
#include "base/error.h"

#include <errno.h>
#include <unistd.h>

#define FIRST ((size_t)4 * 1024)        /* most files are no longer */
#define CHUNK ((size_t)64 * 1024)

struct key_feed
key_feed_of(struct slice text)
{
	return (struct key_feed){ .fd = -1, .eof = 1, .rest = text };
}

void
key_feed_init(struct key_feed *f, int fd)
{
	*f = (struct key_feed){ .fd = fd, .buf = BUFFER_INIT(BUFFER_MAX + 8 * CHUNK) };
}

void
key_feed_free(struct key_feed *f)
{
	buffer_free(&f->buf);
	f->rest = slice_of(NULL, 0);
}

/* Reads a chunk behind rest, and overwrites the dropped bytes. The first chunk holds most files. */
static int
fill(struct key_feed *f)
{
	const size_t want = f->buf.n < FIRST ? FIRST : CHUNK, kept = f->buf.n - f->dropped;
	const size_t used = kept - f->rest.n;
	ssize_t n;

	if (f->rest.n > BUFFER_MAX)
		return ERROR_TOO_BIG;
	if (f->dropped < want && buffer_space(&f->buf, want - f->dropped) == NULL)
		return f->buf.failed;
	memmove(f->buf.p, f->buf.p + f->dropped, kept);
	f->dropped = 0;
	do
		n = read(f->fd, f->buf.p + kept, want);
	while (n < 0 && errno == EINTR);
	buffer_truncate(&f->buf, kept + (n > 0 ? (size_t)n : 0));
	f->eof = n == 0;
	f->rest = slice_skip(buffer_slice(&f->buf), used);
	return n < 0 ? ERROR_SYSTEM : ERROR_NONE;
}

int
key_feed_more(struct key_feed *f, size_t n)
{
	int e = ERROR_NONE;

	while (e == ERROR_NONE && !f->eof && f->rest.n <= n)
		e = fill(f);
	return e;
}

int
key_feed_line(struct key_feed *f, size_t from, size_t max, struct slice *line, size_t *next)
{
	const unsigned char *lf;
	size_t seen = from;
	int e;

	if (f->eof && from == f->rest.n)
		return 0;
	while ((lf = memchr(f->rest.p + seen, '\n', f->rest.n - seen)) == NULL && !f->eof) {
		seen = f->rest.n;
		if (seen - from > max + 1)      /* 1 for a CR */
			return ERROR_LONG_LINE;
		if ((e = fill(f)) != ERROR_NONE)
			return e;
	}
	*next = lf != NULL ? (size_t)(lf - f->rest.p) + 1 : f->rest.n;
	*line = slice_of(f->rest.p + from, *next - from - (lf != NULL));
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return line->n > max ? ERROR_LONG_LINE : *next > from;
}
