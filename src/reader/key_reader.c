#include "reader/key_reader.h"
#include "base/error.h"
#include "encoding/der.h"
#include "encoding/pem.h"
#include "key/key_blob.h"
#include "keyfile/key_deviation.h"
#include "reader/key_received.h"
#include "reader/lenient_charset.h"

#include <stdint.h>

#define DER_HEAD ((size_t)5)      /* bytes that tell how long a file of less than 16 MiB is */
#define TAGS 9

/* What RFC 8017, 5915, 5958, 5280 and OpenSSL's DSA begin with: 2 INTEGER, 3 BIT STRING, 4 OCTET
 * STRING, 0x30 SEQUENCE. Where one is the beginning of another, the longer one is first. */
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
	    .list.reading = reading == KEY_LENIENT_IDENTITY ? KEY_LENIENT : reading };
	key_feed_init(&r->list.feed, fd);
}

/* Where der is one SEQUENCE with one of these outlines, appends it in PEM. 1, 0 or ERROR_MEMORY. */
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

/* One object in DER and nothing else becomes the text that it is in PEM; what may be one is read
 * whole, and one byte more. 1, 0 or an error. */
static int
begin_der(struct key_reader *r)
{
	struct buffer text = BUFFER_INIT(2 * BUFFER_MAX);
	struct key_feed *in = &r->list.feed;
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

/* Whether strict reads all of a text: there is nothing to mend then, and no guess may harm it. Only a
 * CR may end a line that strict sees go on. What was mailed is strict's where it refuses a spelling,
 * and a CR in it hides no second key (key_input_public). 1, 0 or ERROR_MEMORY. */
static int
is_whole(struct slice text, int mailed)
{
	struct key_list strict = key_list_of(text, KEY_STRICT);
	struct key_file f = KEY_FILE_EMPTY;
	size_t keys = 0;
	int e, indented = 0;

	if (!mailed && has_cr_alone(text))
		return 0;
	strict.around = -1;     /* which must be reported */
	strict.tried = 1;
	while (!indented && (e = key_list_next(&strict, &f)) > 0) {
		keys++;
		indented = key_list_is_indented(f.text);
	}
	indented |= f.format != NULL && key_list_is_indented(f.text);
	format_free(&f);
	if (e == ERROR_MEMORY)
		return e;
	return !indented && (e == 0 ? keys > 0 : mailed && key_blob_is_spelling(e));
}

/* Of an input that is not DER: its byte order mark, or all that is mended. */
static int
begin_text(struct key_reader *r, int mailed)
{
	struct key_feed *in = &r->list.feed;
	struct slice head = in->rest;
	struct buffer mended = BUFFER_EMPTY;
	int e;

	if (slice_starts(head, "\xef\xbb\xbf")) {
		key_feed_use(in, 3, 0);
		r->deviations = KEY_DEVIATION_BOM;
	}
	if (r->list.reading == KEY_LENIENT && (e = is_whole(in->rest, mailed)) != 1) {
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
	return key_list_lenient(&r->list) > 0 ? ERROR_UTF16 : ERROR_NOT_KEY;
}

static int
begin(struct key_reader *r)
{
	const int received = r->list.reading >= KEY_RECEIVED, mailed = r->list.reading == KEY_MAILED;
	struct key_feed *in = &r->list.feed;
	int e, der, seen;

	r->started = 1;
	if ((e = key_feed_more(in, 2)) < 0 || (e = der = begin_der(r)) < 0)
		return e;
	e = !der && r->list.reading > KEY_STRICT ? key_feed_more(in, SIZE_MAX) : ERROR_NONE;
	if (received && (e == ERROR_NONE || e == ERROR_TOO_BIG) &&
	    (seen = key_received_check(in->rest, e == ERROR_NONE && !der && mailed ? r->names : NULL)) != ERROR_NONE)
		return seen;
	if (mailed)
		r->list.reading = KEY_LENIENT;
	return e != ERROR_NONE || der ? e : begin_text(r, mailed);
}

/* Whether what l has given and has left is one private key, public keys and nothing else. */
static int
is_only(const struct key_list *l)
{
	struct key_list ahead = key_list_of(l->feed.rest, KEY_LENIENT);
	struct key_file f = KEY_FILE_EMPTY;
	size_t keys = l->keys;
	int e;

	while ((e = key_list_next(&ahead, &f)) > 0 || f.format != NULL)
		keys += (f.format->can & FORMAT_PRIVATE) != 0;
	format_free(&f);
	return e == 0 && keys == 1;
}

/* A public key beside the one private key is passed over in KEY_IDENTITY. */
static int
next_identity(struct key_reader *r, struct key_file *f)
{
	struct key_list *l = &r->list;
	size_t from;
	int e, around;

	while ((e = key_list_next(l, f)) != 0 && f->format != NULL && r->identity &&
	    (f->format->can & FORMAT_PUBLIC)) {
		if (l->around == 0 && l->reading == KEY_LENIENT)
			l->around = is_only(l) ? 1 : -1;
		else if (l->around == 0) {
			from = (size_t)(l->feed.rest.p - f->text.p);
			if ((around = key_list_is_around(l)) < 0)
				return around;
			/* reading on may have moved it */
			e = format_parse(f->format, slice_of(l->feed.rest.p - from, f->text.n), f);
			e = e != ERROR_NONE ? e : 1;
		}
		if (l->around < 0)
			break;
	}
	if (f->format != NULL) {
		l->given = f->format;
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
	if (e == ERROR_SYSTEM || e == ERROR_MEMORY) {
		l->dead = 1;
		f->format = NULL;
	}
	f->deviations = r->deviations;
	return e;
}

void
key_reader_free(struct key_reader *r)
{
	key_feed_free(&r->list.feed);
}
