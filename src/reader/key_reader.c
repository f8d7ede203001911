#include "reader/key_reader.h"
#include "base/error.h"
#include "encoding/der.h"
#include "key/key_blob.h"
#include "keyfile/key_deviation.h"
#include "reader/der_guess.h"
#include "reader/key_received.h"
#include "reader/lenient_charset.h"

#include <stdint.h>

void
key_reader_init(struct key_reader *r, int fd, int forgiving)
{
	*r = (struct key_reader){ .identity = forgiving < KEY_STRICT,
	    .list.forgiving = forgiving == KEY_LENIENT_IDENTITY ? KEY_LENIENT : forgiving };
	key_feed_init(&r->list.feed, fd);
}

/* One object in DER and nothing else becomes the text that it is in PEM; what
 * may be one is read whole, and one byte more. 1, 0 or an error. */
static int
begin_der(struct key_reader *r)
{
	struct buffer text = BUFFER_INIT(2 * BUFFER_MAX);
	struct key_feed *in = &r->list.feed;
	size_t size;
	int e = ERROR_NONE;

	if (in->rest.n > 0 && in->rest.p[0] == DER_SEQUENCE)
		e = key_feed_more(in, DER_GUESS_HEAD);
	size = der_guess_size(in->rest);
	if (e != ERROR_NONE || size == 0)
		return e;
	if ((e = key_feed_more(in, size)) == ERROR_NONE && in->eof && in->rest.n == size &&
	    (e = der_guess_pem(in->rest, &text)) > 0) {
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

/* Whether strict takes all of a text: there is nothing to forgive then, and no guess may harm it.
 * Only a CR may end a line that strict sees go on. What was mailed is strict's where it refuses a
 * spelling, and a CR in it hides no second key (key_input_public). 1, 0 or ERROR_MEMORY. */
static int
is_whole(struct slice text, int mailed)
{
	struct key_list strict = key_list_of(text, KEY_STRICT);
	struct key_file f = KEY_FILE_EMPTY;
	size_t keys = 0;
	int end, e = ERROR_NONE;

	if (!mailed && has_cr_alone(text))
		return 0;
	strict.around = -1;     /* which must be said */
	strict.tried = 1;
	while ((end = key_list_next(&strict, &f)) > 0 && e == ERROR_NONE) {
		keys++;
		e = key_list_is_indented(f.text) ? ERROR_UNTIDY :
		    end == KEY_LIST_TEXT ? format_parse(f.format, f.text, &f) : ERROR_NONE;
	}
	format_free(&f);
	if (end == ERROR_MEMORY || e == ERROR_MEMORY)
		return ERROR_MEMORY;
	return (mailed && key_blob_is_spelling(e)) || (keys > 0 && end == 0 && e == ERROR_NONE);
}

/* ERROR_NOT_PUBLIC where a text holds a private key in any form that is ever read, or
 * ERROR_MEMORY. */
static int
check_public(struct slice text)
{
	struct buffer mended = BUFFER_INIT(4 * BUFFER_MAX);
	struct key_file f = KEY_FILE_EMPTY;
	struct lenient_repairs repairs;
	struct key_list lax;
	int e, got;

	if (key_received_is_private(text))
		return ERROR_NOT_PUBLIC;
	if ((e = key_received_attached(text)) != ERROR_NONE)
		return e;
	if (buffer_put_slice(&mended, text) != 0 || lenient_repair(&mended, &repairs) != ERROR_NONE)
		e = ERROR_MEMORY;
	lax = key_list_of(buffer_slice(&mended), KEY_LENIENT);
	while (e == ERROR_NONE && (got = key_list_next(&lax, &f)) != 0)
		if (got == ERROR_MEMORY || (got > 0 && (f.format->can & FORMAT_PRIVATE)))
			e = got > 0 ? ERROR_NOT_PUBLIC : got;
	if (e == ERROR_NONE && key_received_is_private(buffer_slice(&mended)))
		e = ERROR_NOT_PUBLIC;
	format_free(&f);
	buffer_free(&mended);
	return e;
}

/* Of an input that is not DER: its byte order mark, or all that is mended. */
static int
begin_text(struct key_reader *r, int mailed)
{
	struct key_feed *in = &r->list.feed;
	struct slice head = in->rest;
	int e;

	if (slice_starts(head, "\xef\xbb\xbf")) {
		key_feed_use(in, 3, 0);
		r->deviations = KEY_DEVIATION_BOM;
	}
	if (r->list.forgiving == KEY_LENIENT && (e = is_whole(in->rest, mailed)) != 1) {
		r->deviations = KEY_DEVIATION_MENDED;
		if (e >= 0)
			e = lenient_repair(&in->buf, &r->repairs);
		in->rest = buffer_slice(&in->buf);
		return e;
	}
	if (head.n < 2 || lenient_charset_utf16(slice_of(head.p, 2)) == 0)
		return ERROR_NONE;
	if ((e = key_feed_more(in, SIZE_MAX)) < 0 && e != ERROR_TOO_BIG)
		return e;
	return key_list_lenient(&r->list) > 0 ? ERROR_UTF16 : ERROR_NOT_KEY;
}

static int
begin(struct key_reader *r)
{
	const int received = r->list.forgiving >= KEY_RECEIVED, mailed = r->list.forgiving == KEY_MAILED;
	struct key_feed *in = &r->list.feed;
	int e, seen;

	r->started = 1;
	if ((e = key_feed_more(in, 2)) < 0 || (e = begin_der(r)) < 0 || (e > 0 && !received))
		return e > 0 ? ERROR_NONE : e;
	if (r->list.forgiving > KEY_STRICT && e == 0)
		e = key_feed_more(in, SIZE_MAX);
	if (received && (e >= 0 || e == ERROR_TOO_BIG) && (seen = check_public(in->rest)) != ERROR_NONE)
		return seen;
	if (e == 0 && mailed) {
		e = key_received_names(in->rest, r->names);
		r->list.forgiving = KEY_LENIENT;
	}
	return e > 0 ? ERROR_NONE : e < 0 ? e : begin_text(r, mailed);
}

/* Whether what l has given and has left is one private key, public keys and nothing else. */
static int
is_only(const struct key_list *l)
{
	struct key_list ahead = key_list_of(l->feed.rest, KEY_LENIENT);
	struct key_file f = KEY_FILE_EMPTY;
	size_t keys = l->keys;
	int e;

	while ((e = key_list_next(&ahead, &f)) > 0)
		keys += (f.format->can & FORMAT_PRIVATE) != 0;
	format_free(&f);
	return e == 0 && keys == 1;
}

/* A public key beside the one private key is passed over in KEY_IDENTITY. */
static int
next_identity(struct key_reader *r, struct key_file *f)
{
	struct key_list *l = &r->list;
	const unsigned char *p;
	size_t from;
	int e, asked, around;

	while ((e = key_list_next(l, f)) > 0 && r->identity && (f->format->can & FORMAT_PUBLIC)) {
		if (l->forgiving == KEY_LENIENT && l->around == 0)
			l->around = is_only(l) ? 1 : -1;
		asked = l->around;
		p = l->feed.rest.p;
		from = (size_t)(p - f->text.p);
		if ((around = key_list_is_around(l)) < 0)
			return around;
		if (around == 0 && asked != 0)
			break;
		if (around == 0) {      /* reading on may have moved it: once more */
			l->feed.rest = slice_of(l->feed.rest.p - from, l->feed.rest.n + from);
			l->feed.line = f->line - 1;
		}
	}
	if (e > 0) {
		l->pem = key_list_is_pem(f->format);
		l->keys++;
	}
	return e;
}

int
key_reader_next(struct key_reader *r, struct key_file *f)
{
	struct key_list *l = &r->list;
	int e = ERROR_NONE;

	f->format = NULL;
	f->line = l->last = 0;
	if (l->dead)
		return 0;
	if (!r->started)
		l->dead = (e = begin(r)) != ERROR_NONE;
	if (e == ERROR_NONE)
		e = next_identity(r, f);
	l->dead |= e == ERROR_SYSTEM || e == ERROR_MEMORY;
	if (e <= 0) {
		f->format = NULL;
		return e;
	}
	e = e == KEY_LIST_TEXT ? format_parse(f->format, f->text, f) : ERROR_NONE;
	f->deviations = r->deviations;
	return e != ERROR_NONE ? e : 1;
}

void
key_reader_free(struct key_reader *r)
{
	key_feed_free(&r->list.feed);
}
