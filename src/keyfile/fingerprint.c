#include "keyfile/fingerprint.h"
#include "base/error.h"
#include "encoding/base64.h"
#include "encoding/ssh_wire.h"

#include <stdio.h>

enum { WIDTH = 17, HEIGHT = 9, MOST = 14 };     /* of the art; a field counts at most MOST visits */

static const struct row {
	const char *word;
	size_t text;            /* characters behind the colon */
} hashes[] = {
	{ "MD5", 47 }, { "SHA1", 27 }, { "SHA256", 43 }, { "SHA384", 64 }, { "SHA512", 86 },
};

static const struct row *
row_of(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
		if (slice_names(name, hashes[i].word))
			return &hashes[i];
	return NULL;
}

const char *
fingerprint_hash(struct slice name)
{
	const struct row *row = row_of(name);

	return row != NULL ? row->word : NULL;
}

/* The second word of a line that ssh-keygen -l printed; of any other text, the whole text. */
static struct slice
second_word(struct slice typed)
{
	struct slice word = slice_trim(typed);
	size_t digits = 0;

	while (digits < word.n && word.p[digits] >= '0' && word.p[digits] <= '9')
		digits++;
	if (digits == 0 || slice_word(word) != digits)
		return word;
	word = slice_trim(slice_skip(word, digits));
	word.n = slice_word(word);
	return word;
}

/* 16 pairs of hex digits, of either case, with colons between them. */
static int
put_md5(struct buffer *text, struct slice hex)
{
	char c;
	size_t i;

	for (i = 0; i < hex.n; i++) {
		c = (char)(hex.p[i] >= 'A' && hex.p[i] <= 'F' ? hex.p[i] + 'a' - 'A' : hex.p[i]);
		if (i % 3 == 2 ? c != ':' : c == '\0' || strchr("0123456789abcdef", c) == NULL)
			return -1;
		buffer_put(text, &c, 1);
	}
	return hex.n == hashes[0].text ? 0 : -1;
}

/* Appends the base64 of a digest; or returns -1 and sets why to what is wrong with base64. */
static int
put_base64(struct buffer *text, struct slice base64, const struct row *row, char *why)
{
	const size_t n = row->text;
	size_t i = 0, padding;

	for (padding = (4 - n % 4) % 4; padding > 0; padding--)
		base64.n -= base64.n > 0 && base64.p[base64.n - 1] == '=';
	while (i < base64.n && base64_value(base64.p[i]) < 64)
		i++;
	if (i < base64.n)
		(void)snprintf(why, FINGERPRINT_TEXT, "a character behind %s: is not base64", row->word);
	else if (i != n)
		(void)snprintf(why, FINGERPRINT_TEXT, "%zu characters behind %s:, instead of %zu", i,
		    row->word, n);
	else if (base64_value(base64.p[n - 1]) & ((1u << n * 6 % 8) - 1))
		(void)snprintf(why, FINGERPRINT_TEXT, "its last character cannot end a fingerprint by %s", row->word);
	else
		return buffer_put_slice(text, base64);
	return -1;
}

int
fingerprint_typed(struct slice typed, struct buffer *text)
{
	char why[FINGERPRINT_TEXT] = "it does not begin with SHA256: SHA512: SHA384: SHA1: or MD5:";
	struct slice word = second_word(typed);
	const size_t colon = slice_find(word, ":"), from = text->n;
	const struct row *row = colon < word.n ? row_of(slice_of(word.p, colon)) : NULL;
	int r = -1;

	if (row != NULL)
		word = slice_skip(word, colon + 1);
	else if (colon == 2)
		row = hashes;
	if (row != NULL) {
		buffer_puts(text, row->word);
		buffer_puts(text, ":");
		r = row != hashes ? put_base64(text, word, row, why) : put_md5(text, word);
	}
	if (r == 0)
		return 0;
	buffer_truncate(text, from);
	buffer_puts(text, row == hashes ? "MD5 has 16 pairs of hex digits with colons between them" : why);
	return -1;
}

const char *
fingerprint_named(const char *text)
{
	return fingerprint_hash(slice_of(text, strcspn(text, ":")));
}

int
fingerprint_of(struct digest *d, const char *hash, const struct key_blob *blob,
    struct fingerprint *f)
{
	const struct key_type *plain = key_blob_plain(blob);
	unsigned char length[4] = { 0 };
	struct slice piece[3] = { blob->bytes };
	size_t pieces = 1;

	if (plain != blob->type) {
		length[3] = (unsigned char)strlen(plain->name);
		piece[0] = slice_of(length, sizeof length);
		piece[1] = slice_str(plain->name);
		piece[2] = blob->fields;
		pieces = 3;
	}
	f->hash = hash;
	f->n = digest_size(d);
	return digest_of(d, piece, pieces, f->raw);
}

int
fingerprint_put(struct buffer *out, const struct fingerprint *f)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	buffer_puts(out, f->hash);
	if (f->hash[0] != 'M') {
		buffer_puts(out, ":");
		if (base64_put(out, slice_of(f->raw, f->n), 0) == 0)
			buffer_truncate(out, out->n - (3 - f->n % 3) % 3);      /* its padding */
	} else
		for (i = 0; i < f->n; i++)
			buffer_put(out, (char[]){ ':', hex[f->raw[i] >> 4], hex[f->raw[i] & 15] }, 3);
	return out->failed;
}

int
fingerprint_put_babble(struct buffer *out, const struct fingerprint *f)
{
	static const char vowels[] = "aeiouy", consonants[] = "bcdfghklmnprstvz";
	unsigned a, b, i, sum = 1;

	buffer_puts(out, "x");
	for (i = 0; i + 1 < f->n; i += 2) {
		a = f->raw[i];
		b = f->raw[i + 1];
		buffer_put(out, (char[]){ vowels[((a >> 6) + sum) % 6], consonants[a >> 2 & 15],
		    vowels[((a & 3) + sum / 6) % 6], consonants[b >> 4], '-', consonants[b & 15] }, 6);
		sum = (sum * 5 + a * 7 + b) % 36;
	}
	return buffer_put(out, (char[]){ vowels[sum % 6], 'x', vowels[sum / 6], 'x' }, 4);
}

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

/* The bishop starts in the middle and takes a diagonal step for every two bits, the low bits first.
 * field counts his visits; the first and last field of his walk get marks of their own. */
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
fingerprint_put_art(struct buffer *out, const struct fingerprint *f, struct slice show,
    unsigned bits)
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

int
fingerprint_text(struct buffer *out, struct digest *d, const char *hash,
    const struct key_blob *blob)
{
	struct fingerprint f;
	int r = fingerprint_of(d, hash, blob, &f);

	return r == ERROR_NONE ? fingerprint_put(out, &f) : r;
}
