#include "fingerprint.h"
#include "base64.h"
#include "ssh_wire.h"

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

static int
is_written(const char *text, const char *word)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if (strcmp(word, "MD5") != 0 ? base64_value((unsigned char)text[i]) > 63 :
		    i % 3 == 2 ? text[i] != ':' : strchr("0123456789abcdef", text[i]) == NULL)
			return 0;
	return 1;
}

const char *
fingerprint_named(const char *text)
{
	const char *colon = strchr(text, ':');
	size_t i;

	for (i = 0; colon != NULL && i < sizeof hashes / sizeof hashes[0]; i++)
		if (slice_is(slice_of(text, (size_t)(colon - text)), hashes[i].word) &&
		    strlen(colon + 1) == hashes[i].text && is_written(colon + 1, hashes[i].word))
			return hashes[i].word;
	return NULL;
}

int
fingerprint_of(struct digest *d, const char *hash, const struct key_view *view,
    struct fingerprint *f)
{
	const struct key_type *plain = key_view_plain(view);
	unsigned char length[4] = { 0 };
	struct slice piece[3] = { view->blob };
	size_t pieces = 1;

	if (plain != view->type) {
		length[3] = (unsigned char)strlen(plain->name);
		piece[0] = slice_of(length, sizeof length);
		piece[1] = slice_str(plain->name);
		piece[2] = view->fields;
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
	char pair[3];
	size_t i;

	buffer_puts(out, f->hash);
	if (f->hash[0] != 'M') {
		buffer_put(out, ":", 1);
		base64_put_bare(out, slice_of(f->raw, f->n));
		return out->failed ? -1 : 0;
	}
	for (i = 0; i < f->n; i++) {
		pair[0] = ':';
		pair[1] = hex[f->raw[i] >> 4];
		pair[2] = hex[f->raw[i] & 15];
		buffer_put(out, pair, sizeof pair);
	}
	return out->failed ? -1 : 0;
}

int
fingerprint_text(struct buffer *out, struct digest *d, const char *hash,
    const struct key_view *view)
{
	struct fingerprint f;

	return fingerprint_of(d, hash, view, &f) == 0 ? fingerprint_put(out, &f) : -1;
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
