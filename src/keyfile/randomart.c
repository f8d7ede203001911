#include "keyfile/randomart.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 17, HEIGHT = 9 };

/* A border with a word in the middle of it. */
static void
border(struct buffer *out, const char *word)
{
	size_t n = strlen(word), i;

	buffer_puts(out, "+");
	for (i = 0; i < (WIDTH - n) / 2; i++)
		buffer_puts(out, "-");
	buffer_puts(out, word);
	for (i += n; i < WIDTH; i++)
		buffer_puts(out, "-");
	buffer_puts(out, "+");
}

static int
clamp(int v, int max)
{
	return v < 0 ? 0 : v > max ? max : v;
}

/* The bishop starts in the middle and takes a diagonal step for every two
 * bits, the low ones first; fields count his visits. */
static void
walk(const struct fingerprint *f, unsigned char field[HEIGHT][WIDTH], int *x, int *y)
{
	size_t i;
	int step, bits;

	memset(field, 0, HEIGHT * WIDTH);
	*x = WIDTH / 2;
	*y = HEIGHT / 2;
	for (i = 0; i < f->n; i++) {
		bits = f->raw[i];
		for (step = 0; step < 4; step++, bits >>= 2) {
			*x = clamp(*x + (bits & 1 ? 1 : -1), WIDTH - 1);
			*y = clamp(*y + (bits & 2 ? 1 : -1), HEIGHT - 1);
			if (field[*y][*x] < 14)
				field[*y][*x]++;
		}
	}
}

int
randomart_put(struct buffer *out, const struct fingerprint *f, struct slice show,
    unsigned bits)
{
	static const char marks[] = " .o+=*BOX@%&#/^";
	unsigned char field[HEIGHT][WIDTH];
	char word[WIDTH], mark;
	int x, y, end_x, end_y, n;

	n = snprintf(word, sizeof word, "[%.*s %u]", (int)show.n, (const char *)show.p, bits);
	if (n < 0 || n > (int)sizeof word)   /* as ssh-keygen compares */
		(void)snprintf(word, sizeof word, "[%.*s]", (int)show.n, (const char *)show.p);
	border(out, word);
	buffer_puts(out, "\n");
	walk(f, field, &end_x, &end_y);
	for (y = 0; y < HEIGHT; y++) {
		buffer_puts(out, "|");
		for (x = 0; x < WIDTH; x++) {
			mark = marks[field[y][x]];
			if (y == HEIGHT / 2 && x == WIDTH / 2)
				mark = 'S';
			if (y == end_y && x == end_x)
				mark = 'E';
			buffer_put(out, &mark, 1);
		}
		buffer_puts(out, "|\n");
	}
	(void)snprintf(word, sizeof word, "[%s]", f->hash);
	border(out, word);
	return out->failed;
}
