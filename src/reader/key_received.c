#include "reader/key_received.h"
#include "base/error.h"
#include "encoding/base64.h"
#include "encoding/der.h"
#include "encoding/key_line.h"
#include "key/key_type.h"
#include "reader/key_reader.h"
#include "reader/lenient.h"

#define HEAD ((size_t)64)       /* most characters of a base64 word that are decoded */
#define SHORTEST ((size_t)20)   /* least characters of such a word */
#define SHA256 "SHA256:"
#define SHA256_TEXT ((size_t)43)

static size_t
base64_word(struct slice s)
{
	size_t n = 0;

	while (n < s.n && base64_value(s.p[n]) < 64)
		n++;
	return n;
}

/* Takes the next base64 word off *text, without its padding; empty at the end. */
static struct slice
take_base64(struct slice *text)
{
	size_t n = 0;
	struct slice w;

	while (text->n > 0 && base64_value(text->p[0]) > 63)
		*text = slice_skip(*text, 1);
	n = base64_word(*text);
	w = slice_of(text->p, n);
	*text = slice_skip(*text, n);
	return w;
}

static struct slice
head_of(struct slice word, unsigned char bytes[BASE64_ROOM(HEAD)])
{
	word.n = word.n < HEAD ? word.n / 4 * 4 : HEAD;
	return slice_of(bytes, word.n < SHORTEST ? 0 : base64_take(bytes, BASE64_ROOM(HEAD), &word));
}

/* 1 for the beginning of a private key in DER. RFC 8017, 5208 and 5915, SSLeay's DSA and RFC 7292
 * begin with a version. If encrypted, RFC 5958 begins with the OID of PKCS#5 or PKCS#12. */
static int
is_private_der(struct slice head)
{
	size_t n;

	if (der_get_head(&head, DER_SEQUENCE, &n) != 0)
		return 0;
	if (slice_starts(head, "\x02\x01"))
		return head.n > 2 && (head.p[2] <= 1 || head.p[2] == 3);
	return der_get_head(&head, DER_SEQUENCE, &n) == 0 && head.n > 9 && head.p[0] == DER_OID &&
	    slice_starts(slice_skip(head, 2), "\x2a\x86\x48\x86\xf7\x0d\x01") &&
	    (head.p[9] == 5 || head.p[9] == 12);
}

int
key_received_begins(struct slice line)
{
	if (slice_find(line, "PuTTY-User-Key-File") < line.n ||
	    slice_find(line, "Private-Lines:") < line.n)
		return 1;
	line = slice_skip(line, slice_find(line, "BEGIN "));
	return slice_find(line, "PRIVATE KEY") < line.n;
}

/* Whether a private key begins in text; if der is 1, also in DER at the beginning of a line. */
static int
has_private(struct slice text, int der)
{
	unsigned char bytes[BASE64_ROOM(HEAD)];
	struct slice line, word, head;

	while (text.n > 0) {
		if (der && is_private_der(text))
			return 1;
		line = slice_line(&text);
		if (key_received_begins(line))
			return 1;
		while ((word = take_base64(&line)).n > 0) {
			head = head_of(word, bytes);
			if (slice_starts(head, "openssh-key-v1") || is_private_der(head) ||
			    key_received_begins(head))
				return 1;
		}
	}
	return 0;
}

/* Decodes lines of nothing but base64, such as those of an attachment, and appends the bytes. If a
 * line is longer than the previous one, another base64 text begins there. */
static void
decode(struct slice text, struct buffer *bytes)
{
	struct lenient l = { .rest = text, .out = BUFFER_EMPTY };
	unsigned long bits = 0;
	size_t i, n = 0, last = 0;

	for (; lenient_more(&l); l.line.n = 0) {
		if (l.line.n > last) {
			buffer_puts(bytes, "\n");
			n = 0;
		}
		for (last = 0; last < l.line.n && base64_value(l.line.p[last]) <= 64; last++)
			continue;
		last = last < l.line.n ? 0 : last;
		for (i = 0; i < last && base64_value(l.line.p[i]) < 64; i++) {
			bits = (bits << 6 | base64_value(l.line.p[i])) & 0xffffff;
			if (++n % 4 == 0)
				buffer_put(bytes, (unsigned char[]){ (unsigned char)(bits >> 16),
				    (unsigned char)(bits >> 8), (unsigned char)bits }, 3);
		}
	}
}

static int
check_mended(struct slice text)
{
	struct buffer mended = BUFFER_EMPTY;
	struct key_file f = KEY_FILE_EMPTY;
	struct lenient_repairs repairs;
	int got, e = lenient_repair(text, &mended, &repairs);
	struct key_reader lax = key_reader_of(buffer_slice(&mended), KEY_LENIENT);

	while (e == ERROR_NONE && (got = key_reader_next(&lax, &f)) != 0)
		if (got == ERROR_MEMORY || (f.format != NULL && (f.format->can & FORMAT_PRIVATE)))
			e = got == ERROR_MEMORY ? got : ERROR_NOT_PUBLIC;
	if (e == ERROR_NONE && has_private(buffer_slice(&mended), 1))
		e = ERROR_NOT_PUBLIC;
	format_free(&f);
	buffer_free(&mended);
	return e;
}

/* 1 if a base64 word begins a public key of a known type: a uint32, then its name. */
static int
begins_key(struct slice word)
{
	unsigned char bytes[BASE64_ROOM(HEAD)];
	struct slice head;

	if (!slice_starts(word, "AAAA"))
		return 0;
	head = head_of(word, bytes);
	return head.n > 4 && head.n - 4 >= head.p[3] &&
	    key_type_of(slice_of(head.p + 4, head.p[3])) != NULL;
}

int
key_received_has_key(struct slice words)
{
	struct slice word;

	if (lenient_pem_has_boundary(words))
		return 1;
	while ((word = take_base64(&words)).n > 0)
		if (begins_key(word))
			return 1;
	return 0;
}

/* Counts in *n the words of a phrase that have been read in order. Returns 1 after the last. */
static int
is_said(struct slice word, const char *const *phrase, size_t *n)
{
	if (!slice_is(word, phrase[*n]))
		*n = 0;
	if (slice_is(word, phrase[*n]))
		++*n;
	if (phrase[*n] != NULL)
		return 0;
	*n = 0;
	return 1;
}

static void
put_name(struct buffer *names, const char *what, struct slice name)
{
	buffer_puts(names, what);
	buffer_put_slice(names, name);
	buffer_puts(names, "\n");
}

static void
put_fingerprint(struct slice word, int *replaced, struct buffer *names)
{
	size_t at, n;

	while ((at = slice_find(word, SHA256)) < word.n) {
		word = slice_skip(word, at + strlen(SHA256));
		n = base64_word(word);
		if (n == SHA256_TEXT && !*replaced)
			put_name(names, SHA256, slice_of(word.p, n));
		*replaced &= n != SHA256_TEXT;
		word = slice_skip(word, n);
	}
}

static void
put_keys(struct slice text, struct buffer *names)
{
	struct slice word;

	while ((word = take_base64(&text)).n > 0)
		if (begins_key(word))
			put_name(names, "key ", word);
}

/* What was read of the phrases of mail and rotate, which may be broken into lines. */
struct sayings {
	size_t whose, which, rotated;   /* number of words of each phrase so far */
	int account;            /* 1: the name of the account follows, in its own line */
	int replaced;           /* 1: the next fingerprint is that of the replaced key */
};

static void
read_line(struct sayings *s, struct slice line, struct buffer *names)
{
	static const char *const whose[] = { "individual", "user,", "for", "ASPERA", NULL };
	static const char *const which[] = { "key", "that", "it", "replaces:", NULL };
	static const char *const rotated[] = { "It", "replaces", "this", "key,", NULL };
	struct slice word;

	while ((word = key_line_field(&line)).n > 0) {
		put_fingerprint(word, &s->replaced, names);
		s->account |= is_said(word, whose, &s->whose);
		s->replaced |= is_said(word, which, &s->which) | is_said(word, rotated, &s->rotated) |
		    slice_is(word, "--replaces");
	}
}

/* Appends to names the statements of a text about its key; bytes are its decoded base64. */
static void
put_names(struct slice plain, struct slice bytes, struct buffer *names)
{
	struct sayings s = { 0 };
	struct lenient l = { .rest = plain, .out = BUFFER_EMPTY };
	int ends = 0;

	for (; lenient_more(&l); l.line.n = 0) {
		if (s.account && (ends || l.marks & LENIENT_EMPTY)) {
			put_name(names, "account ", l.line);
			s.account = 0;
		}
		ends = l.line.p[l.line.n - 1] == ':';
		put_keys(l.line, names);
		read_line(&s, l.line, names);
	}
	put_keys(bytes, names);
}

int
key_received_check(struct slice text, struct buffer *names)
{
	struct buffer room = BUFFER_INIT(8 * BUFFER_MAX), bytes = BUFFER_INIT(4 * BUFFER_MAX);
	struct slice plain = text;
	unsigned what = 0;
	int e = has_private(text, 1) ? ERROR_NOT_PUBLIC : lenient_charset_mend(&plain, &room, &what);

	if (e == ERROR_NONE) {
		decode(plain, &bytes);
		e = bytes.failed ? bytes.failed :
		    has_private(buffer_slice(&bytes), 0) ? ERROR_NOT_PUBLIC : check_mended(text);
	}
	if (e == ERROR_NONE && names != NULL) {
		put_names(plain, buffer_slice(&bytes), names);
		e = names->failed;
	}
	buffer_free(&room);
	buffer_free(&bytes);
	return e;
}
