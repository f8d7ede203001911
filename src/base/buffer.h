/*
 * buffer: a growing array of at most max bytes that wipes itself: bytes are overwritten when the
 * buffer moves, shrinks or is freed, so every buffer may hold a secret. It grows by doubling.
 *
 * A failed append changes no byte. It returns ERROR_MEMORY, or ERROR_TOO_BIG beyond max, and stores
 * the error in the member failed; all later appends fail too, until the buffer is freed. So a
 * writer may append many times and check that member once at the end.
 */
#ifndef BUFFER_H
#define BUFFER_H

#include "base/slice.h"

#include <time.h>

#ifdef XFERKEY_SANITIZE         /* it reports any access to unused room */
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)
#define ASAN_UNPOISON_MEMORY_REGION(p, n)
#endif

struct buffer {
	unsigned char *p;
	size_t n;       /* bytes in use */
	size_t room;    /* bytes allocated */
	size_t max;     /* limit of n and room */
	int failed;     /* ERROR_NONE, or the error of a failed append */
};

/* The limit for a file, and for a key in any form, in bytes. */
#define BUFFER_MAX ((size_t)1 << 20)

#define BUFFER_INIT(max) { NULL, 0, 0, (max), 0 }
#define BUFFER_EMPTY BUFFER_INIT(BUFFER_MAX)

/* A buffer in an array, for data that is not secret: it cannot grow and is not freed. */
#define BUFFER_IN(array) { (array), 0, sizeof (array), sizeof (array), 0 }

/* buffer_make_room: makes room for n more bytes, for functions that append. 0 or an error. */
int buffer_make_room(struct buffer *b, size_t n);

/* buffer_space: appends n bytes, which the caller sets or truncates. Returns a pointer to the
 * first, valid until the next append, or NULL. */
static inline unsigned char *
buffer_space(struct buffer *b, size_t n)
{
	unsigned char *p;

	if ((b->p == NULL || b->room - b->n < n) && buffer_make_room(b, n) != 0)
		return NULL;
	p = b->p + b->n;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	b->n += n;
	return p;
}

/* buffer_put: appends n bytes at p. 0 or an error. */
static inline int
buffer_put(struct buffer *b, const void *p, size_t n)
{
	unsigned char *to;

	if (n == 0)
		return 0;
	if ((to = buffer_space(b, n)) == NULL)
		return b->failed;
	memcpy(to, p, n);
	return 0;
}

/* buffer_put_slice, buffer_puts: the same for a slice and a C string. */
static inline int
buffer_put_slice(struct buffer *b, struct slice s)
{
	return buffer_put(b, s.p, s.n);
}

static inline int
buffer_puts(struct buffer *b, const char *s)
{
	return buffer_put(b, s, strlen(s));
}

/* buffer_extend: as buffer_space, but the bytes are zeros. */
unsigned char *buffer_extend(struct buffer *b, size_t n);

/* buffer_printf: appends what printf(3) would print. 0 or an error. Not for secrets. */
int buffer_printf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* buffer_put_decimal: appends the digits of n. */
int buffer_put_decimal(struct buffer *b, unsigned long n);

/* buffer_put_utc: appends t as YYYY-MM-DDTHH:MM:SSZ (ISO 8601, in UTC), or nothing if its year is no int. */
int buffer_put_utc(struct buffer *b, time_t t);

/* buffer_truncate: keeps the first n bytes and wipes the rest. */
void buffer_truncate(struct buffer *b, size_t n);

/* buffer_fail: puts b into the state after an append without memory. */
void buffer_fail(struct buffer *b);

/* buffer_move: wipes the first buffer and moves the contents of the second into it; the second is
 * then empty. */
void buffer_move(struct buffer *to, struct buffer *from);

/* buffer_slice: the bytes that b holds now. */
struct slice buffer_slice(const struct buffer *b);

/* buffer_string: the bytes as a C string, valid until the next append; NULL if b has failed or has
 * no room for the NUL. */
const char *buffer_string(struct buffer *b);

/* buffer_free: wipes and frees the bytes; the buffer is then empty and usable. */
void buffer_free(struct buffer *b);

#endif
