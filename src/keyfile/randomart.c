#include "keyfile/randomart.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 17, HEIGHT = 9, MOST = 14 };

/* A border with a word in the middle of it. */
static void
border(struct buffer *out, const char *word)
{
	static const char dashes[] = "-----------------";
	const size_t left = WIDTH - strlen(word);

	buffer_puts(out, "+");
	buffer_put(out, dashes, left / 2);
	buffer_puts(out, word);
	buffer_put(out, dashes, left - left / 2);
	buffer_puts(out, "+");
}

static int
clamp(int v, int max)
{
	return v < 0 ? 0 : v > max ? max : v;
}

/* The bishop starts in the middle and takes a diagonal step for every two
 * bits, the low ones first; fields count his visits, but for the first and the last. */
static void
walk(const struct fingerprint *f, unsigned char field[HEIGHT][WIDTH])
{
	int step, bits, x = WIDTH / 2, y = HEIGHT / 2;
	size_t i;

	for (i = 0; i < f->n; i++) {
		bits = f->raw[i];
		for (step = 0; step < 4; step++, bits >>= 2) {
			x = clamp(x + (bits & 1 ? 1 : -1), WIDTH - 1);
			y = clamp(y + (bits & 2 ? 1 : -1), HEIGHT - 1);
			if (field[y][x] < MOST)
				field[y][x]++;
		}
	}
	field[HEIGHT / 2][WIDTH / 2] = MOST + 1;
	field[y][x] = MOST + 2;
}

int
randomart_put(struct buffer *out, const struct fingerprint *f, struct slice show, unsigned bits)
{
	static const char marks[] = " .o+=*BOX@%&#/^SE";
	unsigned char field[HEIGHT][WIDTH] = { { 0 } };
	char word[WIDTH];
	int x, y, n;

	n = snprintf(word, sizeof word, "[%.*s %u]", (int)show.n, (const char *)show.p, bits);
	if (n < 0 || n > (int)sizeof word)   /* as ssh-keygen compares */
		(void)snprintf(word, sizeof word, "[%.*s]", (int)show.n, (const char *)show.p);
	border(out, word);
	walk(f, field);
	for (y = 0; y < HEIGHT; y++) {
		buffer_puts(out, "\n|");
		for (x = 0; x < WIDTH; x++)
			buffer_put(out, &marks[field[y][x]], 1);
		buffer_puts(out, "|");
	}
	buffer_puts(out, "\n");
	(void)snprintf(word, sizeof word, "[%s]", f->hash);
	border(out, word);
	return out->failed;
}
