#include "keyfile/fingerprint.h"
#include "base/error.h"
#include "encoding/base64.h"
#include "encoding/ssh_wire.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *word;
	size_t text;            /* characters behind it and the colon */
} hashes[] = {
	{ "MD5", 47 }, { "SHA1", 27 }, { "SHA256", 43 }, { "SHA384", 64 }, { "SHA512", 86 },
};

const char *
fingerprint_hash(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
		if (name.n == strlen(hashes[i].word) &&
		    strncasecmp(hashes[i].word, (const char *)name.p, name.n) == 0)
			return hashes[i].word;
	return NULL;
}

/* Of what ssh-keygen -l prints, the second word; of anything else all of it. */
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

/* The characters of base64 that a digest needs; else why not, in place of what text has from from. */
static int
put_base64(struct buffer *text, size_t from, struct slice base64, const char *hash, size_t n)
{
	char why[FINGERPRINT_TEXT] = "";
	size_t i = 0, padding;

	for (padding = (4 - n % 4) % 4; padding > 0; padding--)
		base64.n -= base64.n > 0 && base64.p[base64.n - 1] == '=';
	while (i < base64.n && base64_value(base64.p[i]) < 64)
		i++;
	if (i < base64.n)
		(void)snprintf(why, sizeof why, "a character behind %s: is none of base64", hash);
	else if (i != n)
		(void)snprintf(why, sizeof why, "%zu characters behind %s:, which has %zu", i, hash, n);
	else if (base64_value(base64.p[n - 1]) & ((1u << n * 6 % 8) - 1))
		(void)snprintf(why, sizeof why, "no %s ends with its last character", hash);
	else
		return buffer_put_slice(text, base64);
	buffer_truncate(text, from);
	buffer_puts(text, why);
	return -1;
}

int
fingerprint_typed(struct slice typed, struct buffer *text)
{
	struct slice word = second_word(typed);
	const size_t colon = slice_find(word, ":"), from = text->n;
	const char *hash = colon < word.n ? fingerprint_hash(slice_of(word.p, colon)) : NULL;
	size_t i = 0;

	if (hash == NULL && colon == 2)
		hash = hashes[0].word;
	else if (hash != NULL)
		word = slice_skip(word, colon + 1);
	if (hash == NULL) {
		buffer_puts(text, "it begins with no SHA256: SHA512: SHA384: SHA1: or MD5:");
		return -1;
	}
	while (strcmp(hash, hashes[i].word) != 0)
		i++;
	buffer_puts(text, hash);
	buffer_puts(text, ":");
	if (i > 0)
		return put_base64(text, from, word, hash, hashes[i].text);
	if (put_md5(text, word) == 0)
		return 0;
	buffer_truncate(text, from);
	buffer_puts(text, "MD5 has 16 pairs of hex digits with colons between them");
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
		base64_put_bare(out, slice_of(f->raw, f->n));
	} else
		for (i = 0; i < f->n; i++)
			buffer_put(out, (char[]){ ':', hex[f->raw[i] >> 4], hex[f->raw[i] & 15] }, 3);
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

int
fingerprint_put_babble(struct buffer *out, const struct fingerprint *f)
{
	static const char vowels[] = "aeiouy", consonants[] = "bcdfghklmnprstvzx";
	const unsigned char *raw = f->raw;
	size_t i, rounds = f->n / 2 + 1;
	unsigned sum = 1;
	char five[6];

	buffer_puts(out, "x");
	for (i = 0; i < rounds; i++, raw += 2) {
		if (i + 1 < rounds || f->n % 2 != 0) {
			five[0] = vowels[((raw[0] >> 6) + sum) % 6];
			five[1] = consonants[raw[0] >> 2 & 15];
			five[2] = vowels[((raw[0] & 3) + sum / 6) % 6];
		} else {
			five[0] = vowels[sum % 6];
			five[1] = consonants[16];
			five[2] = vowels[sum / 6];
		}
		buffer_put(out, five, 3);
		if (i + 1 >= rounds)
			break;
		five[3] = consonants[raw[1] >> 4];
		five[4] = '-';
		five[5] = consonants[raw[1] & 15];
		buffer_put(out, five + 3, 3);
		sum = (sum * 5 + raw[0] * 7u + raw[1]) % 36;
	}
	return buffer_puts(out, "x");
}
