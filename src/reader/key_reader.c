#include "reader/key_reader.h"
#include "base/error.h"
#include "encoding/der.h"
#include "encoding/pem.h"
#include "format/format.h"
#include "key/key_blob.h"
#include "keyfile/key_deviation.h"
#include "reader/key_received.h"

#include <stdint.h>
#include <sys/stat.h>

#define DER_HEAD ((size_t)5)      /* bytes that hold the length of a file of less than 16 MiB */
#define TAGS 9

/* The first tags of the structures of RFC 8017, 5915, 5958, 5280 and of OpenSSL's DSA: 2 INTEGER, 3
 * BIT STRING, 4 OCTET STRING, 0x30 SEQUENCE. If one list begins with another, the longer list is
 * first. */
static const struct {
	const char *tags, *label;
} outlines[] = {
	{ "\2\2\2\2\2\2\2\2\2", "RSA PRIVATE KEY" },
	{ "\2\2\2\2\2\2", "DSA PRIVATE KEY" },
	{ "\2\2", "RSA PUBLIC KEY" },
	{ "\2\4", "EC PRIVATE KEY" },
	{ "\2\x30\4", "PRIVATE KEY" },
	{ "\x30\4", "ENCRYPTED PRIVATE KEY" },
	{ "\x30\3", "PUBLIC KEY" },
};

void
key_reader_init(struct key_reader *r, int fd, int reading)
{
	*r = (struct key_reader){ .identity = reading < KEY_STRICT,
	    .reading = reading == KEY_LENIENT_IDENTITY ? KEY_LENIENT : reading };
	key_feed_init(&r->feed, fd);
}

struct key_reader
key_reader_of(struct slice text, int reading)
{
	return (struct key_reader){ .feed = key_feed_of(text), .started = 1, .reading = reading };
}

/* Reports the refused lines as one error; without line numbers if they are the whole input. */
static int
refused(struct key_reader *r, struct key_file *f)
{
	const int e = r->bad;

	f->format = NULL;
	f->line = r->bad_first;
	r->last = r->bad_first == 1 && r->feed.eof && r->feed.rest.n == 0 ? 1 : r->bad_last;
	r->bad = ERROR_NONE;
	return e;
}

static int
is_no_key(int e)
{
	return e == ERROR_NOT_KEY || e == ERROR_UNTIDY || e == ERROR_UNBEGUN;
}

/* Refuses a line with error e and continues at next. Returns 0: the error is reported later, with
 * the refused lines that follow. Or returns the error of earlier lines, refused for another
 * reason. */
static int
refuse(struct key_reader *r, int e, size_t next, struct key_file *f)
{
	const int same = e == r->bad || r->passing || (is_no_key(e) && is_no_key(r->bad));

	if (e == ERROR_SYSTEM || e == ERROR_MEMORY)
		return e;
	if (r->bad != ERROR_NONE && !same)
		return refused(r, f);
	key_feed_use(&r->feed, next, 1);
	if (r->bad == ERROR_NONE)
		r->bad_first = r->feed.line;
	r->bad_last = r->feed.line;
	if (r->bad == ERROR_NONE || (e == ERROR_UNTIDY && !r->passing))
		r->bad = e;
	return 0;
}

/* Like refuse, for a line of a damaged text, to which all lines up to the next good key belong. */
static int
damaged(struct key_reader *r, int e, size_t next, struct key_file *f)
{
	e = refuse(r, e, next, f);
	r->passing |= e == 0;
	return e;
}

/* Like refuse, for a line too long for a key. It is not stored; an endless line ends the
 * reading. */
static int
pass_line(struct key_reader *r, struct key_file *f)
{
	struct key_feed *in = &r->feed;
	size_t passed = 0, n;
	int e = ERROR_NONE;

	if (r->bad != ERROR_NONE && r->bad != ERROR_LONG_LINE && !r->passing)
		return refused(r, f);
	while ((n = slice_find(in->rest, "\n")) == in->rest.n && !in->eof && e == ERROR_NONE) {
		passed += n;
		key_feed_use(in, n, 0);
		key_feed_drop(in);
		e = passed > KEY_READER_PASSED ? ERROR_TOO_BIG : key_feed_more(in, 0);
	}
	r->dead = e != ERROR_NONE;
	if (e != ERROR_NONE)
		return e == ERROR_TOO_BIG && r->bad != ERROR_NONE ? refused(r, f) : e;
	return refuse(r, ERROR_LONG_LINE, n + (n < in->rest.n), f);
}

/* Returns 1 if a line inside a block begins another block; 2 if it looks like a key line, as a
 * header may; else 0. */
static int
begins_other(struct slice line)
{
	const struct format *f;
	struct slice label;

	line = slice_trim(line);
	if (line.n == 0 || (line.p[0] != '-' && memchr(line.p, ' ', line.n) == NULL))
		return 0;
	f = format_recognizing(line);
	return f == &format_openssh_public ? 2 : f != NULL || pem_label(line, &label);
}

/* Returns the key f, whose parser returned e and whose lines end at next; but first reports the
 * lines that were refused before it. If f has no format, it is not a key, and is skipped. */
static int
found(struct key_reader *r, int e, size_t next, unsigned long lines, struct key_file *f)
{
	if (r->bad != ERROR_NONE)
		return refused(r, f);
	key_feed_use(&r->feed, next, lines);
	r->passing = 0;
	r->attributes &= f->format == NULL;
	return e != ERROR_NONE ? e : f->format != NULL;
}

/* The line, from 1, where the lenient reader finds the first key of a text; 0 for none. */
static unsigned long
lenient_line(struct slice text)
{
	struct buffer mended = BUFFER_EMPTY;
	struct key_file f = KEY_FILE_EMPTY;
	struct lenient_repairs repairs;
	struct key_reader lax;
	unsigned long line = 0;

	if (lenient_repair(text, &mended, &repairs) == ERROR_NONE) {
		lax = key_reader_of(buffer_slice(&mended), KEY_LENIENT);
		line = key_reader_next(&lax, &f) > 0 ? f.line : 0;
	}
	format_free(&f);
	buffer_free(&mended);
	return line;
}

/* ERROR_UNTIDY if the lenient reader reads this block, which the strict reader refuses with e; else e. */
static int
unless_untidy(const struct key_reader *r, struct slice block, int e)
{
	return r->reading != KEY_LENIENT && lenient_line(block) == 1 ? ERROR_UNTIDY : e;
}

/* Reads a block whose second line is at next; if format is NULL, skips a block in PEM. If its end
 * is missing, or it is damaged with key lines inside, uses up its first line only, to hide no
 * key. */
static int
block(struct key_reader *r, size_t next, const struct format *format, struct key_file *f)
{
	unsigned long lines = 1;
	struct slice line;
	size_t at = next;
	int e, keys = 0;

	do {
		if ((e = key_feed_line(&r->feed, at, BUFFER_MAX, &line, &at)) <= 0)
			return damaged(r, e == 0 ? unless_untidy(r, r->feed.rest, ERROR_UNENDED) : e, next, f);
		if (at > BUFFER_MAX)
			return damaged(r, ERROR_TOO_BIG, next, f);
		if ((e = begins_other(line)) == 1)
			return damaged(r, ERROR_UNENDED, next, f);
		keys |= e;
		lines++;
	} while (!slice_starts(slice_trim(line), format != NULL ? format->end_line : PEM_END));
	e = format != NULL ? format_parse(format, slice_of(r->feed.rest.p, at), f) :
	    keys ? ERROR_MALFORMED : ERROR_NONE;
	if (e == ERROR_MALFORMED)
		e = unless_untidy(r, slice_of(r->feed.rest.p, at), e);
	return e == ERROR_UNTIDY || (keys && e != ERROR_NONE) ? damaged(r, e, next, f) :
	    found(r, e, at, lines, f);
}

/* 1 for a line that openssl pkcs12 writes before a key. */
static int
is_attribute(struct key_reader *r, struct slice line)
{
	if (slice_starts(line, "Bag Attributes"))
		r->attributes = 1;
	else if (!slice_starts(line, "Key Attributes") && !slice_starts(line, "    "))
		r->attributes = 0;
	return r->attributes;
}

/* 1 for the last line of a key, or a line from its middle. */
static int
is_unbegun(struct slice line)
{
	return slice_starts(line, PEM_END) || slice_starts(line, "---- END ") ||
	    slice_starts(line, "Private-Lines:") || slice_starts(line, "Private-MAC:") ||
	    slice_starts(line, "Private-Hash:");
}

/* 1 if the line begins with a character that the strict reader reads as options or as a blank
 * before a key, and the lenient reader as quoting or indentation. */
static int
is_indented(struct slice line)
{
	return line.n > 0 && line.p[0] != '\0' && strchr(" \t>|", line.p[0]) != NULL;
}

/* Returns ERROR_UNTIDY if the lenient reader reads the text that the strict reader refuses here;
 * ERROR_NOT_KEY if it reads nothing, or only a later key that the strict reader reads too. Tries
 * this once: the lenient reader reads all the rest. */
static int
untidy(struct key_reader *r)
{
	unsigned long n = 0;
	struct slice rest, line;
	struct stat st;

	if (r->reading != KEY_LENIENT && !r->tried) {
		/* a pipe may have no end for long */
		if (fstat(r->feed.fd, &st) == 0 && S_ISREG(st.st_mode))
			(void)key_feed_more(&r->feed, SIZE_MAX);
		n = lenient_line(r->feed.rest);
	}
	r->tried = 1;
	if (n <= 1)
		return n == 1 ? ERROR_UNTIDY : ERROR_NOT_KEY;
	for (rest = r->feed.rest; n > 0; n--)
		line = slice_line(&rest);
	return is_indented(line) || format_recognizing(line) == NULL ? ERROR_UNTIDY : ERROR_NOT_KEY;
}

static int
is_pem(const struct format *f)
{
	return f != NULL && (f->can & FORMAT_PRIVATE) && f->end_line != NULL &&
	    strcmp(f->end_line, PEM_END) == 0;
}

/* 1 if the input is one private key and text around it that ssh skips: the output of openssl -text,
 * Bag Attributes, certificates, with KEY_IDENTITY public keys too. Nothing else in it may look like
 * a private key. Reads the whole feed if it may contain a private key. Returns 1, 0 or an error. */
static int
is_around(struct key_reader *r)
{
	size_t keys = r->keys, ends = r->keys;
	struct slice rest, line;
	const struct format *f;
	int e;

	if (r->around != 0)
		return r->around > 0;
	r->around = -1;
	if (r->reading > KEY_STRICT || keys > 1 || (keys == 1 && !is_pem(r->given)))
		return 0;
	e = key_feed_more(&r->feed, SIZE_MAX);
	if (e != ERROR_NONE)
		return e == ERROR_TOO_BIG ? 0 : e;
	rest = r->feed.rest;
	if (keys == 0 && slice_find(rest, "PRIVATE KEY-----") == rest.n)
		return 0;       /* the usual case: a list of public keys */
	while (rest.n > 0) {
		line = slice_line(&rest);
		/* a block in PEM begins with a dash; every key line contains AAAA */
		f = slice_starts(line, "-") || slice_find(line, "AAAA") < line.n ?
		    format_recognizing(line) : NULL;
		if (key_received_begins(line) && (keys++ > 0 || !is_pem(f)))
			return 0;
		if (slice_starts(line, PEM_END) && slice_find(line, "PRIVATE KEY") < line.n && ++ends > keys)
			return 0;
		if (f != NULL && (f->can & FORMAT_PUBLIC) && r->reading == KEY_STRICT)
			return 0;
	}
	r->around = keys == 1 && ends == 1 ? 1 : -1;
	return r->around > 0;
}

/* Returns the key line of n bytes, whose parser returned e. If the next line is its rest, both
 * lines are one error. */
static int
key_line(struct key_reader *r, int e, size_t n, size_t next, struct key_file *f)
{
	struct slice line;
	size_t after;
	int got;

	if (e == ERROR_MALFORMED && r->reading != KEY_LENIENT && lenient_rejoin_is_cut(f->text)) {
		if ((got = key_feed_line(&r->feed, next, FORMAT_LINE, &line, &after)) == ERROR_MEMORY)
			return got;
		if (got > 0 && slice_trim(line).n > 0 && line.p[0] != '#' && format_recognizing(line) == NULL)
			return damaged(r, untidy(r), next, f);
		f->text = slice_of(r->feed.rest.p, n);  /* reading on may have moved it */
	}
	return found(r, e, next, 1, f);
}

/* Skips or refuses a line that begins no key. */
static int
other_line(struct key_reader *r, struct slice line, size_t next, struct key_file *f)
{
	struct slice label;
	int e, begun, unbegun;

	if (pem_label(line, &label) &&
	    (slice_ends(label, " PARAMETERS") || slice_ends(label, "CERTIFICATE")))
		return block(r, next, NULL, f);
	if (!is_attribute(r, line) && !r->passing) {
		unbegun = is_unbegun(line);     /* reading on may move it */
		begun = unbegun || slice_find(line, PEM_BEGIN) < line.n;
		if ((e = is_around(r)) < 0)
			return e;
		if (e == 0) {
			e = unbegun ? ERROR_UNBEGUN : untidy(r);
			return begun ? damaged(r, e, next, f) : refuse(r, e, next, f);
		}
	}
	key_feed_use(&r->feed, next, 1);
	return 0;
}

/* Reads the key, if the line is a key line or begins a block; the line ends at the offset next.
 * Returns 1, 0 for no key, or an error. A block never begins with a lower-case letter; nearly
 * every key line does. */
static int
take(struct key_reader *r, struct slice line, size_t next, struct key_file *f)
{
	const struct format *format = &format_openssh_public;
	struct slice shown;
	int e;

	if (line.n == 0 || line.p[0] < 'a' || line.p[0] > 'z') {
		shown = slice_trim(line);
		if (shown.n == 0 || shown.p[0] == '#') {
			key_feed_use(&r->feed, next, 1);
			return 0;
		}
		format = format_recognizing(line);
		if (format != NULL && format->end_line != NULL)
			return block(r, next, format, f);
	}
	if (format != NULL && (e = format_parse(format, line, f)) != ERROR_NOT_KEY)
		return key_line(r, e, line.n, next, f);
	f->format = NULL;
	return other_line(r, line, next, f);
}

/* key_reader_next, except for the beginning and the end of an input, and for KEY_IDENTITY. */
static int
next_key(struct key_reader *r, struct key_file *f)
{
	struct slice line;
	size_t next;
	int e;

	do {
		key_feed_drop(&r->feed);
		f->format = NULL;
		f->line = r->last = r->feed.line + 1;
		e = key_feed_line(&r->feed, 0, FORMAT_LINE, &line, &next);
		if (e > 0)
			e = take(r, line, next, f);
		else if (e == ERROR_LONG_LINE)
			e = pass_line(r, f);
		else
			return e == 0 && r->bad != ERROR_NONE ? refused(r, f) : e;
	} while (e == 0);
	return e;
}

/* If der is a SEQUENCE with one of the outlines, appends its PEM. Returns 1, 0 or ERROR_MEMORY. */
static int
guess_pem(struct slice der, struct buffer *text)
{
	struct slice rest = der, in, skipped;
	char tags[TAGS + 1] = "";
	size_t i;

	if (der_get(&rest, DER_SEQUENCE, &in) != 0 || rest.n != 0)
		return 0;
	for (i = 0; i < TAGS && in.n > 0; i++) {
		tags[i] = (char)in.p[0];
		if (der_get(&in, in.p[0], &skipped) != 0)
			return 0;
	}
	for (i = 0; i < sizeof outlines / sizeof outlines[0]; i++)
		if (slice_starts(slice_str(tags), outlines[i].tags))
			return pem_frame(text, outlines[i].label, der, 64) == 0 ? 1 : ERROR_MEMORY;
	return 0;
}

/* If the input is one object in DER, replaces it by its PEM. Returns 1, 0 or an error. */
static int
begin_der(struct key_reader *r)
{
	struct buffer text = BUFFER_INIT(2 * BUFFER_MAX);
	struct key_feed *in = &r->feed;
	struct slice head;
	size_t n;
	int e;

	if (in->rest.n == 0 || in->rest.p[0] != DER_SEQUENCE)
		return 0;
	if ((e = key_feed_more(in, DER_HEAD)) != ERROR_NONE)
		return e;
	head = slice_of(in->rest.p, in->rest.n < DER_HEAD ? in->rest.n : DER_HEAD);
	if (der_get_head(&head, DER_SEQUENCE, &n) != 0)
		return 0;
	n += (size_t)(head.p - in->rest.p);
	if ((e = key_feed_more(in, n)) == ERROR_NONE && in->eof && in->rest.n == n &&
	    (e = guess_pem(in->rest, &text)) > 0) {
		buffer_move(&in->buf, &text);
		in->rest = buffer_slice(&in->buf);
		r->deviations = KEY_DEVIATION_DER;
	}
	buffer_free(&text);
	return e;
}

static int
has_cr_alone(struct slice text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if (text.p[i] == '\r' && !slice_starts(slice_skip(text, i), "\r\n"))
			return 1;
	return 0;
}

/* Returns 1 if the text is whole: the strict reader reads all of it, and mending could only do
 * harm; else 0, or ERROR_MEMORY. To the strict reader, a CR alone does not end a line: a text with
 * a lone CR is not whole, unless it was mailed (key_input_public finds a second key that the CR
 * hides). A mailed text is also whole if the strict reader refuses a key only for its spelling. */
static int
is_whole(struct slice text, int mailed)
{
	struct key_reader strict = key_reader_of(text, KEY_STRICT);
	struct key_file f = KEY_FILE_EMPTY;
	size_t keys = 0;
	int e, indented = 0;

	if (!mailed && has_cr_alone(text))
		return 0;
	strict.around = -1;     /* text around a key must be reported */
	strict.tried = 1;
	while (!indented && (e = key_reader_next(&strict, &f)) > 0) {
		keys++;
		indented = is_indented(f.text);
	}
	indented |= f.format != NULL && is_indented(f.text);
	format_free(&f);
	if (e == ERROR_MEMORY)
		return e;
	return !indented && (e == 0 ? keys > 0 : mailed && key_blob_is_spelling(e));
}

/* Begins an input not in DER: skips its byte order mark, mends it if lenient, or refuses UTF-16. */
static int
begin_text(struct key_reader *r, int mailed)
{
	struct key_feed *in = &r->feed;
	struct slice head = in->rest;
	struct buffer mended = BUFFER_EMPTY;
	int e;

	if (slice_starts(head, "\xef\xbb\xbf")) {
		key_feed_use(in, 3, 0);
		r->deviations = KEY_DEVIATION_BOM;
	}
	if (r->reading == KEY_LENIENT && (e = is_whole(in->rest, mailed)) != 1) {
		r->deviations = KEY_DEVIATION_MENDED;
		if (e >= 0)
			e = lenient_repair(head, &mended, &r->repairs);
		buffer_move(&in->buf, &mended);
		in->rest = buffer_slice(&in->buf);
		return e;
	}
	if (head.n < 2 || lenient_charset_utf16(slice_of(head.p, 2)) == 0)
		return ERROR_NONE;
	if ((e = key_feed_more(in, SIZE_MAX)) < 0 && e != ERROR_TOO_BIG)
		return e;
	return lenient_line(in->rest) > 0 ? ERROR_UTF16 : ERROR_NOT_KEY;
}

static int
begin(struct key_reader *r)
{
	const int received = r->reading >= KEY_RECEIVED, mailed = r->reading == KEY_MAILED;
	struct key_feed *in = &r->feed;
	struct buffer *names = NULL;
	int e, der, seen;

	r->started = 1;
	if ((e = key_feed_more(in, 2)) < 0 || (e = der = begin_der(r)) < 0)
		return e;
	e = !der && r->reading > KEY_STRICT ? key_feed_more(in, SIZE_MAX) : ERROR_NONE;
	r->attachment = r->reading > KEY_STRICT && slice_find(in->rest, "ncoding: base64") < in->rest.n;
	if (e == ERROR_NONE && !der && mailed)
		names = r->names;
	if (received && (e == ERROR_NONE || e == ERROR_TOO_BIG) &&
	    (seen = key_received_check(in->rest, names)) != ERROR_NONE)
		return seen;
	if (mailed)
		r->reading = KEY_LENIENT;
	return e != ERROR_NONE || der ? e : begin_text(r, mailed);
}

/* 1 if the keys returned so far and the rest are one private key, public keys and nothing else. */
static int
is_only(const struct key_reader *r)
{
	struct key_reader ahead = key_reader_of(r->feed.rest, KEY_LENIENT);
	struct key_file f = KEY_FILE_EMPTY;
	size_t keys = r->keys;
	int e;

	while ((e = key_reader_next(&ahead, &f)) > 0 || f.format != NULL)
		keys += (f.format->can & FORMAT_PRIVATE) != 0;
	format_free(&f);
	return e == 0 && keys == 1;
}

/* Like next_key, but with KEY_IDENTITY it skips public keys beside the only private key. */
static int
next_identity(struct key_reader *r, struct key_file *f)
{
	size_t from;
	int e, around;

	while ((e = next_key(r, f)) != 0 && f->format != NULL && r->identity &&
	    (f->format->can & FORMAT_PUBLIC)) {
		if (r->around == 0 && r->reading == KEY_LENIENT)
			r->around = is_only(r) ? 1 : -1;
		else if (r->around == 0) {
			from = (size_t)(r->feed.rest.p - f->text.p);
			if ((around = is_around(r)) < 0)
				return around;
			/* reading on may have moved it */
			e = format_parse(f->format, slice_of(r->feed.rest.p - from, f->text.n), f);
			e = e != ERROR_NONE ? e : 1;
		}
		if (r->around < 0)
			break;
	}
	if (f->format != NULL) {
		r->given = f->format;
		r->keys++;
	}
	return e;
}

int
key_reader_next(struct key_reader *r, struct key_file *f)
{
	int e = ERROR_NONE;

	f->format = NULL;
	f->line = r->last = 0;
	if (r->dead)
		return 0;
	if (!r->started)
		r->dead = (e = begin(r)) != ERROR_NONE;
	if (e == ERROR_NONE)
		e = next_identity(r, f);
	if (e == ERROR_SYSTEM || e == ERROR_MEMORY) {
		r->dead = 1;
		f->format = NULL;
	}
	f->deviations = r->deviations;
	return e;
}

void
key_reader_free(struct key_reader *r)
{
	key_feed_free(&r->feed);
}
