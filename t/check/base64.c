/*
 * base64: compares the decoder and the encoder with simple ones, on inputs in memory of exactly their size. Prints
 * "same", or where the results differ.
 */
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encoding/base64.h"

#define LONGEST 200u
#define ROOM BASE64_ROOM(LONGEST)

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static unsigned
bits_at(const unsigned char *p, size_t n, size_t bit)
{
	unsigned v = 0;
	size_t i;

	for (i = bit; i < bit + 6; i++)
		v = v << 1 | (i / 8 < n ? p[i / 8] >> (7 - i % 8) & 1 : 0);
	return v;
}

static size_t
simple_put(char *to, const unsigned char *p, size_t n, size_t width)
{
	size_t i, at = 0, chars = (n + 2) / 3 * 4;

	for (i = 0; i < chars; i++) {
		to[at++] = i * 6 < n * 8 ? alphabet[bits_at(p, n, i * 6)] : '=';
		if (width > 0 && (i % width == width - 1 || i == chars - 1))
			to[at++] = '\n';
	}
	return at;
}

/* As base64_take; *used becomes the length of the text that was read. */
static size_t
simple_take(unsigned char *to, const unsigned char *text, size_t n, size_t *used)
{
	const char *at;
	unsigned long v;
	size_t i, k, pad, out = 0;

	for (i = 0; i < n; i += 4) {
		for (k = 0, v = 0, pad = 0; k < 4 && i + k < n; k++) {
			at = text[i + k] == 0 ? NULL : strchr(alphabet, text[i + k]);
			if (text[i + k] == '=' && k > 1)
				pad++;
			else if (at == NULL || pad > 0)
				break;
			v = v << 6 | (at != NULL && text[i + k] != '=' ? (unsigned long)(at - alphabet) : 0);
		}
		if (k == 0 && text[i] != '=')
			break;          /* text may follow a complete group */
		if (k < 4 || (pad == 1 && v & 0xff) || (pad == 2 && v & 0xffff))
			return 0;
		for (k = 0; k < 3 - pad; k++)
			to[out++] = (unsigned char)(v >> (16 - 8 * k));
		if (pad > 0) {
			i += 4;
			break;
		}
	}
	*used = i < n ? i : n;
	return out;
}

static unsigned char *
exact(const void *p, size_t n)
{
	unsigned char *own = malloc(n > 0 ? n : 1);

	assert(own != NULL);
	memcpy(own, p, n);
	return own;
}

static void
try_take(const void *text, size_t n)
{
	unsigned char *own = exact(text, n), *room = malloc(ROOM), want[ROOM];
	struct buffer got = BUFFER_EMPTY;
	struct slice rest = slice_of(own, n);
	size_t used = 0, have = simple_take(want, own, n, &used), i;

	assert(room != NULL && base64_take(room, ROOM, &rest) == have);
	if (have > 0)
		assert(rest.n == n - used && memcmp(room, want, have) == 0);
	for (i = used; i < n && strchr(" \t\r\n", own[i]) != NULL && own[i] != 0; i++)
		continue;
	/* where only blanks follow, base64_get gives the same result */
	if (have > 0 && i == n)
		assert(base64_get(&got, slice_of(own, n)) == 0 && slice_eq(buffer_slice(&got), slice_of(want, have)));
	buffer_free(&got);
	free(room);
	free(own);
}

static void
try_put(const unsigned char *p, size_t n, size_t width)
{
	unsigned char *own = exact(p, n);
	struct buffer got = BUFFER_EMPTY, back = BUFFER_EMPTY;
	char want[2 * ROOM + LONGEST];
	size_t have = simple_put(want, p, n, width);

	assert(base64_put(&got, slice_of(own, n), width) == 0);
	assert(slice_eq(buffer_slice(&got), slice_of(want, have)));
	assert(base64_get(&back, buffer_slice(&got)) == 0 && slice_eq(buffer_slice(&back), slice_of(p, n)));
	buffer_free(&got);
	buffer_free(&back);
	free(own);
}

int
main(void)
{
	static const size_t widths[] = { 0, 64, 70, 76, 1, 4 };
	unsigned char bytes[ROOM], text[LONGEST];
	size_t n, i, w;
	unsigned c;

	srandom(1);
	for (n = 0; n < ROOM; n++)
		bytes[n] = (unsigned char)random();
	for (n = 0; n < ROOM; n++)
		for (w = 0; w < sizeof widths / sizeof widths[0]; w++)
			try_put(bytes + n % 7, n < 7 ? 0 : n - 7, widths[w]);
	/* every byte value at every position, and every possible end */
	for (i = 0; i < 140; i++)
		for (c = 0; c < 256; c++) {
			for (n = 0; n < sizeof text; n++)
				text[n] = (unsigned char)alphabet[random() % 64];
			text[i] = (unsigned char)c;
			try_take(text, sizeof text);
			try_take(text, i + 1);
			try_take(text, i / 4 * 4 + 4);
			text[i | 1] = c % 2 ? '=' : 'A';
			text[i | 3] = '=';
			try_take(text, i / 4 * 4 + 4 + c % 3);
		}
	puts("same");
	return 0;
}
