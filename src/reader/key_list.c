#include "reader/key_list.h"
#include "base/error.h"
#include "encoding/pem.h"
#include "format/format.h"
#include "reader/key_received.h"
#include "reader/lenient.h"
#include "reader/lenient_rejoin.h"

#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

struct key_list
key_list_of(struct slice text, int reading)
{
	return (struct key_list){ .feed = key_feed_of(text), .reading = reading };
}

/* What was refused and is not reported yet, as one error. All of an input needs no numbers. */
static int
refused(struct key_list *l, struct key_file *f)
{
	const int e = l->bad;

	f->format = NULL;
	f->line = l->bad_first;
	l->last = l->bad_first == 1 && l->feed.eof && l->feed.rest.n == 0 ? 1 : l->bad_last;
	l->bad = ERROR_NONE;
	return e;
}

static int
is_no_key(int e)
{
	return e == ERROR_NOT_KEY || e == ERROR_UNTIDY || e == ERROR_UNBEGUN;
}

/* Goes on at next, behind a line that is refused for e: 0, and it is reported when it is known how
 * many follow. Or, where lines before it were refused for something else, their error. */
static int
refuse(struct key_list *l, int e, size_t next, struct key_file *f)
{
	const int same = e == l->bad || l->passing || (is_no_key(e) && is_no_key(l->bad));

	if (e == ERROR_SYSTEM || e == ERROR_MEMORY)
		return e;
	if (l->bad != ERROR_NONE && !same)
		return refused(l, f);
	key_feed_use(&l->feed, next, 1);
	if (l->bad == ERROR_NONE)
		l->bad_first = l->feed.line;
	l->bad_last = l->feed.line;
	if (l->bad == ERROR_NONE || (e == ERROR_UNTIDY && !l->passing))
		l->bad = e;
	return 0;
}

/* The same for a line of a text that cannot be read: what follows is its rest until another
 * begins that can. */
static int
damaged(struct key_list *l, int e, size_t next, struct key_file *f)
{
	e = refuse(l, e, next, f);
	l->passing |= e == 0;
	return e;
}

/* The same for a line longer than any key's, of which nothing is kept. An endless one ends the
 * reading. */
static int
pass_line(struct key_list *l, struct key_file *f)
{
	struct key_feed *in = &l->feed;
	size_t passed = 0, n;
	int e = ERROR_NONE;

	if (l->bad != ERROR_NONE && l->bad != ERROR_LONG_LINE && !l->passing)
		return refused(l, f);
	while ((n = slice_find(in->rest, "\n")) == in->rest.n && !in->eof && e == ERROR_NONE) {
		passed += n;
		key_feed_use(in, n, 0);
		key_feed_drop(in);
		e = passed > KEY_LIST_PASSED ? ERROR_TOO_BIG : key_feed_more(in, 0);
	}
	l->dead = e != ERROR_NONE;
	if (e != ERROR_NONE)
		return e == ERROR_TOO_BIG && l->bad != ERROR_NONE ? refused(l, f) : e;
	return refuse(l, ERROR_LONG_LINE, n + (n < in->rest.n), f);
}

/* Whether line, inside a PEM block, is the first of another one: 1; or a key line: 2, which
 * a header may look like. */
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

/* The key of f, parsed with the result e, in so many lines that end at next; but first what was
 * refused before it. Without a format it is no key, and is passed over. */
static int
found(struct key_list *l, int e, size_t next, unsigned long lines, struct key_file *f)
{
	if (l->bad != ERROR_NONE)
		return refused(l, f);
	key_feed_use(&l->feed, next, lines);
	l->passing = 0;
	l->attributes &= f->format == NULL;
	return e != ERROR_NONE ? e : f->format != NULL;
}

/* A block whose second line is at next; without a format it ends as PEM. Nothing in one that cannot
 * be read hides a key. */
static int
block(struct key_list *l, size_t next, const struct format *format, struct key_file *f)
{
	unsigned long lines = 1;
	struct slice line;
	size_t at = next;
	int e, keys = 0;

	do {
		if ((e = key_feed_line(&l->feed, at, BUFFER_MAX, &line, &at)) <= 0)
			return damaged(l, e == 0 ? ERROR_UNENDED : e, next, f);
		if (at > BUFFER_MAX)
			return damaged(l, ERROR_TOO_BIG, next, f);
		if ((e = begins_other(line)) == 1)
			return damaged(l, ERROR_UNENDED, next, f);
		keys |= e;
		lines++;
	} while (!slice_starts(slice_trim(line), format != NULL ? format->end_line : PEM_END));
	e = format != NULL ? format_parse(format, slice_of(l->feed.rest.p, at), f) :
	    keys ? ERROR_MALFORMED : ERROR_NONE;
	return keys && e != ERROR_NONE ? damaged(l, e, next, f) : found(l, e, at, lines, f);
}

/* What openssl pkcs12 writes before a key. */
static int
is_attribute(struct key_list *l, struct slice line)
{
	if (slice_starts(line, "Bag Attributes"))
		l->attributes = 1;
	else if (!slice_starts(line, "Key Attributes") && !slice_starts(line, "    "))
		l->attributes = 0;
	return l->attributes;
}

/* The last line of a key, or one from its middle. */
static int
is_unbegun(struct slice line)
{
	return slice_starts(line, PEM_END) || slice_starts(line, "---- END ") ||
	    slice_starts(line, "Private-Lines:") || slice_starts(line, "Private-MAC:") ||
	    slice_starts(line, "Private-Hash:");
}

int
key_list_is_indented(struct slice line)
{
	return line.n > 0 && line.p[0] != '\0' && strchr(" \t>|", line.p[0]) != NULL;
}

unsigned long
key_list_lenient(struct key_list *l)
{
	struct buffer mended = BUFFER_EMPTY;
	struct key_file f = KEY_FILE_EMPTY;
	struct lenient_repairs repairs;
	struct key_list lax;
	unsigned long line = 0;
	struct stat st;

	if (fstat(l->feed.fd, &st) == 0 && S_ISREG(st.st_mode))
		(void)key_feed_more(&l->feed, SIZE_MAX);
	if (lenient_repair(l->feed.rest, &mended, &repairs) == ERROR_NONE) {
		lax = key_list_of(buffer_slice(&mended), KEY_LENIENT);
		line = key_list_next(&lax, &f) > 0 ? f.line : 0;
	}
	format_free(&f);
	buffer_free(&mended);
	return line;
}

/* Whether the lenient reader reads what strict refuses here, and not only passes it over for a key
 * that strict reads too. Asked once: it takes the time of all the rest. */
static int
untidy(struct key_list *l)
{
	unsigned long n = 0;
	struct slice rest, line;

	if (l->reading != KEY_LENIENT && !l->tried)
		n = key_list_lenient(l);
	l->tried = 1;
	if (n <= 1)
		return n == 1 ? ERROR_UNTIDY : ERROR_NOT_KEY;
	for (rest = l->feed.rest; n > 0; n--)
		line = slice_line(&rest);
	return key_list_is_indented(line) || format_recognizing(line) == NULL ? ERROR_UNTIDY : ERROR_NOT_KEY;
}

/* A format of private keys between RFC 7468's boundaries. */
static int
is_pem(const struct format *f)
{
	return f != NULL && (f->can & FORMAT_PRIVATE) && f->end_line != NULL && strcmp(f->end_line, PEM_END) == 0;
}

int
key_list_is_around(struct key_list *l)
{
	size_t keys = l->keys, ends = l->keys;
	struct slice rest, line;
	const struct format *f;
	int e;

	if (l->around != 0)
		return l->around > 0;
	l->around = -1;
	if (l->reading > KEY_STRICT || keys > 1 || (keys == 1 && !is_pem(l->given)))
		return 0;
	e = key_feed_more(&l->feed, SIZE_MAX);
	if (e != ERROR_NONE)
		return e == ERROR_TOO_BIG ? 0 : e;
	rest = l->feed.rest;
	if (keys == 0 && slice_find(rest, "PRIVATE KEY-----") == rest.n)
		return 0;       /* the rule: a list of public keys */
	while (rest.n > 0) {
		line = slice_line(&rest);
		/* the others begin no block, and no key line has no AAAA */
		f = slice_starts(line, "-") || slice_find(line, "AAAA") < line.n ?
		    format_recognizing(line) : NULL;
		if (key_received_begins(line) && (keys++ > 0 || !is_pem(f)))
			return 0;
		if (slice_starts(line, PEM_END) && slice_find(line, "PRIVATE KEY") < line.n && ++ends > keys)
			return 0;
		if (f != NULL && (f->can & FORMAT_PUBLIC) && l->reading == KEY_STRICT)
			return 0;
	}
	l->around = keys == 1 && ends == 1 ? 1 : -1;
	return l->around > 0;
}

/* A key line of n bytes, parsed with the result e. Where it goes on in the next line that is one
 * error, and not two. */
static int
key_line(struct key_list *l, int e, size_t n, size_t next, struct key_file *f)
{
	struct slice line;
	size_t after;
	int r;

	if (e == ERROR_MALFORMED && l->reading != KEY_LENIENT && lenient_rejoin_is_cut(f->text)) {
		if ((r = key_feed_line(&l->feed, next, FORMAT_LINE, &line, &after)) == ERROR_MEMORY)
			return r;
		if (r > 0 && slice_trim(line).n > 0 && line.p[0] != '#' && format_recognizing(line) == NULL)
			return damaged(l, untidy(l), next, f);
		f->text = slice_of(l->feed.rest.p, n);  /* reading on may have moved it */
	}
	return found(l, e, next, 1, f);
}

/* A line that begins no key. */
static int
other_line(struct key_list *l, struct slice line, size_t next, struct key_file *f)
{
	struct slice label;
	int e, begun, unbegun;

	if (pem_label(line, &label) && (slice_ends(label, " PARAMETERS") || slice_ends(label, "CERTIFICATE")))
		return block(l, next, NULL, f);
	if (!is_attribute(l, line) && !l->passing) {
		unbegun = is_unbegun(line);     /* reading on may move it */
		begun = unbegun || slice_find(line, PEM_BEGIN) < line.n;
		if ((e = key_list_is_around(l)) < 0)
			return e;
		if (e == 0) {
			e = unbegun ? ERROR_UNBEGUN : untidy(l);
			return begun ? damaged(l, e, next, f) : refuse(l, e, next, f);
		}
	}
	key_feed_use(&l->feed, next, 1);
	return 0;
}

/* What the line, whose end is at next, is or begins: 1, 0 for no key, or an error. No block begins
 * with a small letter, and nearly every key line does. */
static int
take(struct key_list *l, struct slice line, size_t next, struct key_file *f)
{
	const struct format *format = &format_openssh_public;
	struct slice shown;
	int e;

	if (line.n == 0 || line.p[0] < 'a' || line.p[0] > 'z') {
		shown = slice_trim(line);
		if (shown.n == 0 || shown.p[0] == '#') {
			key_feed_use(&l->feed, next, 1);
			return 0;
		}
		format = format_recognizing(line);
		if (format != NULL && format->end_line != NULL)
			return block(l, next, format, f);
	}
	if (format != NULL && (e = format_parse(format, line, f)) != ERROR_NOT_KEY)
		return key_line(l, e, line.n, next, f);
	f->format = NULL;
	return other_line(l, line, next, f);
}

int
key_list_next(struct key_list *l, struct key_file *f)
{
	struct slice line;
	size_t next;
	int e;

	do {
		key_feed_drop(&l->feed);
		f->format = NULL;
		f->line = l->last = l->feed.line + 1;
		e = key_feed_line(&l->feed, 0, FORMAT_LINE, &line, &next);
		if (e > 0)
			e = take(l, line, next, f);
		else if (e == ERROR_LONG_LINE)
			e = pass_line(l, f);
		else
			return e == 0 && l->bad != ERROR_NONE ? refused(l, f) : e;
	} while (e == 0);
	return e;
}
