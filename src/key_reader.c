#include "key_reader.h"
#include "der.h"
#include "format_openssh_public.h"
#include "key_blob.h"
#include "key_charset.h"
#include "key_der.h"
#include "key_error.h"
#include "key_received.h"
#include "key_rewrap.h"
#include "pem.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST ((size_t)4 * 1024)        /* most files are no longer */
#define CHUNK ((size_t)64 * 1024)

void
key_reader_init(struct key_reader *r, int fd, int forgiving)
{
	*r = (struct key_reader){ .fd = fd,
	    .forgiving = forgiving == KEY_FORGIVING_IDENTITY ? KEY_FORGIVING : forgiving,
	    .identity = forgiving < KEY_STRICT,
	    .buf = BUFFER_INIT(BUFFER_MAX + 8 * CHUNK) };
}

/* Reads more, after what is still wanted: first what most files have, then a chunk. */
static int
fill(struct key_reader *r)
{
	size_t want = r->came < FIRST ? FIRST : CHUNK;
	unsigned char *to;
	ssize_t n;

	if (r->buf.n - r->at > BUFFER_MAX)
		return KEY_E_TOO_BIG;
	to = buffer_space(&r->buf, want);
	if (to == NULL)
		return KEY_E_MEMORY;
	do
		n = read(r->fd, to, want);
	while (n < 0 && errno == EINTR);
	buffer_truncate(&r->buf, r->buf.n - want + (n > 0 ? (size_t)n : 0));
	if (n == 0)
		r->eof = 1;
	r->came += n > 0 ? (size_t)n : 0;
	return n < 0 ? KEY_E_SYSTEM : KEY_OK;
}

/* Reads on while there are at most n bytes. */
static int
fill_past(struct key_reader *r, size_t n)
{
	int e = KEY_OK;

	while (e == KEY_OK && !r->eof && r->buf.n <= n)
		e = fill(r);
	return e;
}

/* One object in DER and nothing else becomes the text that it is in PEM; what
 * may be one is read whole, and one byte more. 1, 0 or an error. */
static int
begin_der(struct key_reader *r)
{
	struct buffer text = BUFFER_INIT(2 * BUFFER_MAX);
	size_t size;
	int e = KEY_OK;

	if (r->buf.n > 0 && r->buf.p[0] == DER_SEQUENCE)
		e = fill_past(r, KEY_DER_HEAD);
	size = key_der_size(buffer_slice(&r->buf));
	if (e != KEY_OK || size == 0)
		return e;
	if ((e = fill_past(r, size)) == KEY_OK && r->eof && r->buf.n == size &&
	    (e = key_der_armour(buffer_slice(&r->buf), &text)) > 0) {
		buffer_move(&r->buf, &text);
		r->found = KEY_IN_DER;
	}
	buffer_free(&text);
	return e;
}

/* The line at offset from, whole, without its end; *next is the offset behind
 * it. 1, 0 at the end of input, or an error. */
static int
line_at(struct key_reader *r, size_t from, size_t max, struct slice *line, size_t *next)
{
	const unsigned char *lf;
	size_t seen = from;
	int e;

	if (r->eof && from == r->buf.n)
		return 0;
	while ((lf = memchr(r->buf.p + seen, '\n', r->buf.n - seen)) == NULL && !r->eof) {
		seen = r->buf.n;
		if (seen - from > max + 1)      /* and a CR */
			return KEY_E_LONG_LINE;
		if ((e = fill(r)) != KEY_OK)
			return e;
	}
	*next = lf != NULL ? (size_t)(lf - r->buf.p) + 1 : r->buf.n;
	*line = slice_of(r->buf.p + from, *next - from - (lf != NULL));
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return line->n > max ? KEY_E_LONG_LINE : *next > from;
}

/* What was refused and is not said yet, as one error. All of an input needs no numbers. */
static int
refused(struct key_reader *r, struct key_text *text)
{
	const int e = r->bad;

	text->line = r->bad_first;
	text->last = r->bad_first == 1 && r->eof && r->at == r->buf.n ? 1 : r->bad_last;
	r->bad = KEY_OK;
	return e;
}

static int
is_no_key(int e)
{
	return e == KEY_E_NOT_KEY || e == KEY_E_UNTIDY || e == KEY_E_UNBEGUN;
}

/* Goes on at next, behind a line that is refused for e: 0, and it is said when it is known how
 * many follow. Or, where lines before it were refused for something else, their error. */
static int
refuse(struct key_reader *r, int e, size_t next, struct key_text *text)
{
	const int same = e == r->bad || r->passing || (is_no_key(e) && is_no_key(r->bad));

	if (e == KEY_E_SYSTEM || e == KEY_E_MEMORY)
		return e;
	if (r->bad != KEY_OK && !same)
		return refused(r, text);
	r->at = next;
	r->line++;
	if (r->bad == KEY_OK)
		r->bad_first = r->line;
	r->bad_last = r->line;
	if (r->bad == KEY_OK || (e == KEY_E_UNTIDY && !r->passing))
		r->bad = e;
	return 0;
}

/* The same for a line of a text that cannot be read: what follows is its rest until another
 * begins that can. */
static int
damaged(struct key_reader *r, int e, size_t next, struct key_text *text)
{
	e = refuse(r, e, next, text);
	r->passing |= e == 0;
	return e;
}

/* The same for a line longer than any key's, of which nothing is kept. An endless one ends the
 * reading. */
static int
pass_line(struct key_reader *r, struct key_text *text)
{
	const unsigned char *lf;
	size_t passed = 0;
	int e = KEY_OK;

	if (r->bad != KEY_OK && r->bad != KEY_E_LONG_LINE && !r->passing)
		return refused(r, text);
	while ((lf = memchr(r->buf.p + r->at, '\n', r->buf.n - r->at)) == NULL && !r->eof && e == KEY_OK) {
		passed += r->buf.n - r->at;
		buffer_truncate(&r->buf, r->at = 0);
		e = passed > KEY_READER_PASSED ? KEY_E_TOO_BIG : fill(r);
	}
	r->dead = e != KEY_OK;
	if (e != KEY_OK)
		return e == KEY_E_TOO_BIG && r->bad != KEY_OK ? refused(r, text) : e;
	return refuse(r, KEY_E_LONG_LINE,
	    lf != NULL ? (size_t)(lf - r->buf.p) + 1 : r->buf.n, text);
}

/* Whether line, inside an armoured block, is the first of another one: 1; or a key line: 2, which
 * a header may look like. */
static int
begins_other(struct slice line)
{
	const struct key_format *f;
	struct slice label;

	line = slice_trim(line);
	if (line.n == 0 || (line.p[0] != '-' && memchr(line.p, ' ', line.n) == NULL))
		return 0;
	f = key_format_claiming(line);
	return f == &format_openssh_public ? 2 : f != NULL || pem_label(line, &label);
}

/* A text of so many lines that ends at next: 1, but after what was refused before it. */
static int
found(struct key_reader *r, size_t next, unsigned long lines, struct key_text *text)
{
	if (r->bad != KEY_OK)
		return refused(r, text);
	r->at = next;
	r->line += lines;
	r->passing = 0;
	return 1;
}

/* An armoured block from r->at, whose second line is at next, to the line that begins with last.
 * Nothing in one that cannot be read hides a key. */
static int
block(struct key_reader *r, size_t next, const char *last, struct key_text *text)
{
	size_t from = r->at, at = next;
	struct envelope opened = ENVELOPE_EMPTY;
	unsigned long lines = 1;
	struct slice line;
	int e, keys = 0;

	do {
		if ((e = line_at(r, at, BUFFER_MAX, &line, &at)) <= 0)
			return damaged(r, e == 0 ? KEY_E_UNENDED : e, next, text);
		if (at - from > BUFFER_MAX)
			return damaged(r, KEY_E_TOO_BIG, next, text);
		if ((e = begins_other(line)) == 1)
			return damaged(r, KEY_E_UNENDED, next, text);
		keys |= e;
		lines++;
	} while (!slice_starts(slice_trim(line), last));
	text->text = slice_of(r->buf.p + from, at - from);
	e = keys ? key_reader_open(text, &opened) : KEY_OK;
	envelope_free(&opened);
	if (e != KEY_OK)
		return damaged(r, e, next, text);
	return found(r, at, lines, text);
}

static int
ends_with(struct slice a, const char *s)
{
	return a.n >= strlen(s) && slice_is(slice_skip(a, a.n - strlen(s)), s);
}

/* What openssl pkcs12 writes before a key. */
static int
is_attribute(struct key_reader *r, struct slice line)
{
	if (slice_starts(line, "Bag Attributes"))
		r->attributes = 1;
	else if (!slice_starts(line, "Key Attributes") && !slice_starts(line, "    "))
		r->attributes = 0;
	return r->attributes;
}

/* The last line of a key, or one from its middle. */
static int
is_unbegun(struct slice line)
{
	return slice_starts(line, PEM_END) || slice_starts(line, "---- END ") ||
	    slice_starts(line, "Private-Lines:") || slice_starts(line, "Private-MAC:") ||
	    slice_starts(line, "Private-Hash:");
}

/* What strict takes for options or for blanks before a key, and the lenient reader for quoting. */
static int
is_indented(struct slice line)
{
	return line.n > 0 && line.p[0] != '\0' && strchr(" \t>|", line.p[0]) != NULL;
}

static int next_text(struct key_reader *, struct key_text *);

/* The first key that the lenient reader finds in what is left: its line, counted from here, or 0.
 * More is read of a file only: a pipe may have no end for long. */
static unsigned long
lenient_line(struct key_reader *r)
{
	struct key_reader lax = { .fd = -1, .forgiving = KEY_FORGIVING, .eof = 1,
	    .buf = BUFFER_INIT(2 * r->buf.max) };
	struct envelope e = ENVELOPE_EMPTY;
	struct key_text text = { .line = 0 };
	struct stat st;

	if (fstat(r->fd, &st) == 0 && S_ISREG(st.st_mode))
		(void)fill_past(r, SIZE_MAX);
	if (buffer_put_slice(&lax.buf, slice_skip(buffer_slice(&r->buf), r->at)) != 0 ||
	    key_forgive(&lax.buf, &lax.forgave) != KEY_OK || next_text(&lax, &text) <= 0 ||
	    key_reader_open(&text, &e) != KEY_OK)
		text.line = 0;
	envelope_free(&e);
	key_reader_free(&lax);
	return text.line;
}

/* Whether the lenient reader reads what strict refuses here, and not only passes it over for a key
 * that strict reads too. Asked once: it takes the time of all the rest. */
static int
untidy(struct key_reader *r)
{
	unsigned long n = 0;
	struct slice rest, line;

	if (r->forgiving != KEY_FORGIVING && !r->tried)
		n = lenient_line(r);
	r->tried = 1;
	if (n <= 1)
		return n == 1 ? KEY_E_UNTIDY : KEY_E_NOT_KEY;
	for (rest = slice_skip(buffer_slice(&r->buf), r->at); n > 0; n--)
		line = slice_line(&rest);
	return is_indented(line) || key_format_claiming(line) == NULL ? KEY_E_UNTIDY : KEY_E_NOT_KEY;
}

/* A private key between RFC 7468's boundaries. */
static int
is_pem(const struct key_format *f)
{
	return f != NULL && (f->can & KEY_PRIVATE) && f->last != NULL && strcmp(f->last, PEM_END) == 0;
}

/* Whether the input is one private key and text around it, which ssh passes over: openssl's
 * -text, Bag Attributes, a chain of certificates, in KEY_IDENTITY public keys too. Anything
 * else in it that could be a private key is a doubt. 1, 0 or an error. */
static int
is_around(struct key_reader *r)
{
	size_t keys = r->keys, ends = r->keys;
	struct slice rest, line;
	const struct key_format *f;
	int e;

	if (r->around != 0)
		return r->around > 0;
	r->around = -1;
	if (r->forgiving > KEY_STRICT || keys > 1 || (keys == 1 && !r->pem))
		return 0;
	e = fill_past(r, SIZE_MAX);
	if (e != KEY_OK)
		return e == KEY_E_TOO_BIG ? 0 : e;
	rest = slice_skip(buffer_slice(&r->buf), r->at);
	if (keys == 0 && slice_find(rest, "PRIVATE KEY-----") == rest.n)
		return 0;       /* the rule: a list of public keys */
	while (rest.n > 0) {
		line = slice_line(&rest);
		/* the others are no armour's first, and no key line has no AAAA */
		f = slice_starts(line, "-") || slice_find(line, "AAAA") < line.n ?
		    key_format_claiming(line) : NULL;
		if (key_received_begins(line) && (keys++ > 0 || !is_pem(f)))
			return 0;
		if (slice_starts(line, PEM_END) && slice_find(line, "PRIVATE KEY") < line.n && ++ends > keys)
			return 0;
		if (f != NULL && (f->can & KEY_PUBLIC) && r->forgiving == KEY_STRICT)
			return 0;
	}
	r->around = keys == 1 && ends == 1 ? 1 : -1;
	return r->around > 0;
}

/* A key line, all of it; where it goes on in the next line that is an error,
 * and not two. */
static int
key_line(struct key_reader *r, size_t n, size_t next, struct key_text *text)
{
	size_t from = r->at, after;
	struct slice line;
	int e = 0;

	if (r->forgiving != KEY_FORGIVING && key_rewrap_is_cut(&text->fields))
		e = line_at(r, next, KEY_FORMAT_LINE, &line, &after);
	if (e == KEY_E_MEMORY)
		return e;
	if (e > 0 && slice_trim(line).n > 0 && line.p[0] != '#' && key_format_claiming(line) == NULL)
		return damaged(r, untidy(r), next, text);
	text->text = slice_of(r->buf.p + from, n);
	return found(r, next, 1, text);
}

static const struct key_format *
claiming(struct slice line, struct key_line *fields)
{
	const struct key_format *f;

	/* no armour begins with a small letter, and nearly every key line does */
	if (line.p[0] >= 'a' && line.p[0] <= 'z')
		return format_openssh_public_split(line, fields) ? &format_openssh_public : NULL;
	f = key_format_claiming(line);
	if (f == &format_openssh_public)
		(void)format_openssh_public_split(line, fields);
	return f;
}

/* What the line at r->at begins, if it is no plain key: 1 and the text, 0 for nothing, or an error. */
static int
begin_text(struct key_reader *r, struct slice line, size_t next, struct key_text *text)
{
	struct slice shown = slice_trim(line), label;
	int e, around, begun, unbegun;

	if (shown.n > 0 && shown.p[0] != '#') {
		text->format = claiming(line, &text->fields);
		r->attributes &= text->format == NULL;
		if (text->format != NULL)
			return text->format->last == NULL ? key_line(r, line.n, next, text) :
			    block(r, next, text->format->last, text);
		if (pem_label(line, &label) &&
		    (ends_with(label, " PARAMETERS") || ends_with(label, "CERTIFICATE")))
			return (e = block(r, next, PEM_END, text)) < 0 ? e : 0;
		if (!is_attribute(r, line) && !r->passing) {
			unbegun = is_unbegun(line);     /* reading on may move it */
			begun = unbegun || slice_find(line, PEM_BEGIN) < line.n;
			if ((around = is_around(r)) < 0)
				return around;
			if (!around) {
				e = unbegun ? KEY_E_UNBEGUN : untidy(r);
				return begun ? damaged(r, e, next, text) : refuse(r, e, next, text);
			}
		}
	}
	r->at = next;
	r->line++;
	return 0;
}

static int
next_text(struct key_reader *r, struct key_text *text)
{
	struct slice line;
	size_t next;
	int e;

	do {
		/* what is used up goes when little else is to be moved */
		if (!r->eof && (r->at > 4 * CHUNK || (r->at > CHUNK / 2 && r->buf.n - r->at < FIRST))) {
			buffer_shift(&r->buf, r->at);
			r->at = 0;
		}
		text->line = text->last = r->line + 1;
		e = line_at(r, r->at, KEY_FORMAT_LINE, &line, &next);
		if (e == KEY_E_LONG_LINE)
			e = pass_line(r, text);
		else if (e == 0 && r->bad != KEY_OK)
			return refused(r, text);
		else if (e <= 0)
			return e;
		else if (format_openssh_public_plain(line, r->blob, sizeof r->blob, &text->fields, &text->view)) {
			text->format = &format_openssh_public;
			text->text = line;
			r->attributes = 0;
			return found(r, next, 1, text);
		} else {
			text->view.blob.n = 0;
			e = begin_text(r, line, next, text);
		}
	} while (e == 0);
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

/* Whether strict takes all of a text that has been read to its end: there is
 * nothing to forgive then, and no guess may harm it. Only a CR may end a line
 * that strict sees go on. What was mailed is strict's where it refuses a spelling, and a CR in it
 * hides no second key (key_input_public). 1, 0 or KEY_E_MEMORY. */
static int
is_whole(const struct key_reader *r, int mailed)
{
	struct key_reader strict = *r;
	struct envelope e = ENVELOPE_EMPTY;
	struct key_text text;
	size_t keys = 0;
	int end, opened = KEY_OK;

	if (!mailed && has_cr_alone(buffer_slice(&r->buf)))
		return 0;
	strict.forgiving = KEY_STRICT;
	strict.around = -1;     /* which is to be said */
	strict.tried = 1;
	while ((end = next_text(&strict, &text)) > 0 && opened == KEY_OK) {
		keys++;
		opened = is_indented(text.text) ? KEY_E_UNTIDY : key_reader_open(&text, &e);
	}
	envelope_free(&e);
	if (end == KEY_E_MEMORY || opened == KEY_E_MEMORY)
		return KEY_E_MEMORY;
	return (mailed && key_blob_is_spelling(opened)) || (keys > 0 && end == 0 && opened == KEY_OK);
}

/* KEY_E_NOT_PUBLIC where all that has been read holds a private key in any form that is
 * ever read, or KEY_E_MEMORY. */
static int
check_public(const struct key_reader *r)
{
	struct key_reader lax = { .fd = -1, .forgiving = KEY_FORGIVING, .started = 1, .eof = 1,
	    .buf = BUFFER_INIT(2 * r->buf.max) };
	struct key_text text;
	int e = KEY_OK, got;

	if (key_received_is_private(buffer_slice(&r->buf)))
		return KEY_E_NOT_PUBLIC;
	if ((e = key_received_attached(buffer_slice(&r->buf))) != KEY_OK)
		return e;
	if (buffer_put_slice(&lax.buf, buffer_slice(&r->buf)) != 0 ||
	    key_forgive(&lax.buf, &lax.forgave) != KEY_OK)
		e = KEY_E_MEMORY;
	while (e == KEY_OK && (got = key_reader_next(&lax, &text)) != 0)
		if (got > 0 && (text.format->can & KEY_PRIVATE))
			e = KEY_E_NOT_PUBLIC;
	if (e == KEY_OK && key_received_is_private(buffer_slice(&lax.buf)))
		e = KEY_E_NOT_PUBLIC;
	key_reader_free(&lax);
	return e;
}

static int
begin(struct key_reader *r)
{
	const int received = r->forgiving >= KEY_RECEIVED, mailed = r->forgiving == KEY_MAILED;
	struct slice head;
	int e, seen;

	r->started = 1;
	if ((e = fill_past(r, 2)) < 0 || (e = begin_der(r)) < 0 || (e > 0 && !received))
		return e > 0 ? KEY_OK : e;
	if (r->forgiving > KEY_STRICT && e == 0)
		e = fill_past(r, SIZE_MAX);
	if (received && (e >= 0 || e == KEY_E_TOO_BIG) && (seen = check_public(r)) != KEY_OK)
		return seen;
	if (e == 0 && mailed) {
		e = key_received_names(buffer_slice(&r->buf), r->names);
		r->forgiving = KEY_FORGIVING;
	}
	if (e != 0)
		return e > 0 ? KEY_OK : e;
	head = buffer_slice(&r->buf);
	if (slice_starts(head, "\xef\xbb\xbf")) {
		r->at = 3;
		r->found = KEY_BEHIND_MARK;
	}
	if (r->forgiving == KEY_FORGIVING && (e = is_whole(r, mailed)) != 1) {
		r->at = 0;
		r->found = KEY_MENDED;
		return e < 0 ? e : key_forgive(&r->buf, &r->forgave);
	}
	if (head.n < 2 || key_charset_utf16(slice_of(head.p, 2)) == 0)
		return KEY_OK;
	if ((e = fill_past(r, SIZE_MAX)) < 0 && e != KEY_E_TOO_BIG)
		return e;
	return lenient_line(r) > 0 ? KEY_E_UTF16 : KEY_E_NOT_KEY;
}

/* Whether r->keys private keys and what follows are one private key, public keys and nothing else. */
static int
is_only(const struct key_reader *r)
{
	struct key_reader ahead = *r;
	struct key_text text;
	size_t keys = r->keys;
	int e;

	while ((e = next_text(&ahead, &text)) > 0)
		keys += (text.format->can & KEY_PRIVATE) != 0;
	return e == 0 && keys == 1;
}

/* A public key beside the one private key is passed over in KEY_IDENTITY. */
static int
next_identity(struct key_reader *r, struct key_text *text)
{
	size_t from;
	int e, asked, around;

	while ((e = next_text(r, text)) > 0 && r->identity &&
	    (text->format->can & KEY_PUBLIC)) {
		if (r->forgiving == KEY_FORGIVING && r->around == 0)
			r->around = is_only(r) ? 1 : -1;
		from = (size_t)(text->text.p - r->buf.p);
		asked = r->around;
		if ((around = is_around(r)) < 0)
			return around;
		if (around == 0 && asked != 0)
			break;
		if (around == 0) {      /* reading on may have moved it: once more */
			r->at = from;
			r->line = text->line - 1;
		}
	}
	if (e > 0) {
		r->pem = is_pem(text->format);
		r->keys++;
	}
	return e;
}

int
key_reader_next(struct key_reader *r, struct key_text *text)
{
	int e = KEY_OK;

	text->line = text->last = 0;
	if (r->dead)
		return 0;
	if (!r->started)
		r->dead = (e = begin(r)) != KEY_OK;
	if (e == KEY_OK)
		e = next_identity(r, text);
	r->dead |= e == KEY_E_SYSTEM || e == KEY_E_MEMORY;
	text->found = r->found;
	return e;
}

int
key_reader_open(const struct key_text *text, struct envelope *e)
{
	envelope_clear(e);
	return key_format_open(text->format, text->text, e);
}

void
key_reader_free(struct key_reader *r)
{
	buffer_free(&r->buf);
}
