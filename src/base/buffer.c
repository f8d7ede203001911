#include "base/buffer.h"
#include "base/error.h"
#include "base/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST 256       /* bytes: enough for most parts of a key */

/* Wipes only the bytes in use: the others were never used, or buffer_truncate wiped them. */
static void
release(const struct buffer *b)
{
	secret_wipe(b->p, b->n);
	ASAN_UNPOISON_MEMORY_REGION(b->p, b->room);
	free(b->p);
}

static int
grow(struct buffer *b, size_t room)
{
	unsigned char *p;

	/* Not realloc: it may leave the old bytes behind, unwiped. */
	p = malloc(room);
	if (p == NULL)
		return ERROR_MEMORY;
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	release(b);
	b->p = p;
	b->room = room;
	ASAN_POISON_MEMORY_REGION(p + b->n, room - b->n);
	return ERROR_NONE;
}

void
buffer_fail(struct buffer *b)
{
	b->failed = ERROR_MEMORY;
	b->room = b->n;         /* so the next append calls buffer_make_room */
}

int
buffer_make_room(struct buffer *b, size_t n)
{
	size_t room = b->room > 0 ? b->room : b->max < FIRST ? b->max : FIRST;
	int r = b->failed;

	if (r == ERROR_NONE && (n > b->max || b->n > b->max - n))
		r = ERROR_TOO_BIG;
	if (r == ERROR_NONE) {
		if (room - b->n < n)
			room = room > b->max / 2 ? b->max : room * 2;
		if (room - b->n < n)
			room = b->n + n;        /* a large append: the caller knows the final size */
		r = grow(b, room);
	}
	if (r != ERROR_NONE)
		buffer_fail(b);
	return b->failed = r;
}

unsigned char *
buffer_extend(struct buffer *b, size_t n)
{
	unsigned char *p = buffer_space(b, n);

	return p == NULL ? NULL : memset(p, 0, n);
}

int
buffer_printf(struct buffer *b, const char *format, ...)
{
	unsigned char *p;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n < 0)
		buffer_fail(b);
	if (n < 0 || (p = buffer_space(b, (size_t)n + 1)) == NULL)
		return b->failed;
	va_start(ap, format);
	(void)vsnprintf((char *)p, (size_t)n + 1, format, ap);
	va_end(ap);
	b->n--;         /* the NUL */
	return 0;
}

int
buffer_put_decimal(struct buffer *b, unsigned long n)
{
	char digits[3 * sizeof n], *at = digits + sizeof digits;

	do
		*--at = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	return buffer_put(b, at, (size_t)(digits + sizeof digits - at));
}

int
buffer_put_utc(struct buffer *b, time_t t)
{
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		(void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return buffer_puts(b, text);
}

void
buffer_truncate(struct buffer *b, size_t n)
{
	if (n < b->n) {
		secret_wipe(b->p + n, b->n - n);
		ASAN_POISON_MEMORY_REGION(b->p + n, b->n - n);
		b->n = n;
	}
}

void
buffer_move(struct buffer *to, struct buffer *from)
{
	size_t max = to->max;

	buffer_free(to);
	*to = *from;
	to->max = max;
	*from = (struct buffer)BUFFER_INIT(from->max);
}

struct slice
buffer_slice(const struct buffer *b)
{
	return slice_of(b->p, b->n);
}

const char *
buffer_string(struct buffer *b)
{
	if (buffer_put(b, "", 1) != 0)
		return NULL;
	b->n--;
	return (const char *)b->p;
}

void
buffer_free(struct buffer *b)
{
	release(b);
	*b = (struct buffer)BUFFER_INIT(b->max);
}
