#include "reader/lenient.h"
#include "base/error.h"
#include "encoding/base64.h"
#include "format/format.h"
#include "key/key_type.h"

/* A key in a line: [before] name [after]. after begins with the base64. */
struct found {
	const struct key_type *type;
	struct slice before, name, after;
	int assigned;           /* 1: no blank is between before and name */
	unsigned char quote;    /* the quote that ends the key, or 0 */
};

static int
is_one_of(const char *set, unsigned char c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Finds the first name of a key type that is the last field of line or precedes a blob. A quote, or
 * a name with "=" or ":", may stand directly before the type. */
static int
find(struct slice line, struct found *f)
{
	struct slice rest = slice_trim(line), w;
	unsigned char c;
	size_t i;

	f->type = NULL;
	while (f->type == NULL && (w = key_line_field(&rest)).n > 0) {
		if (rest.n > 0 && !slice_starts(rest, "AAAA"))
			continue;
		for (i = w.n; i > 0 && !is_one_of("\"'`=:>", w.p[i - 1]); i--)
			continue;
		c = i > 0 ? w.p[i - 1] : '\0';
		f->assigned = i > 0;
		/* an HTML tag ends before the key: the next tag ends the key */
		f->quote = c == '>' ? '<' : is_one_of("\"'`", c) ? c : '\0';
		f->name = slice_skip(w, i);
		f->type = key_type_of(f->name);
	}
	f->before = slice_of(line.p, f->type != NULL ? (size_t)(f->name.p - line.p) : 0);
	f->after = rest;
	return f->type != NULL;
}

static size_t
characters(size_t bytes)
{
	return (bytes + 2) / 3 * 4;
}

/* Sets *n to a uint32 of the decoded base64; its offset is the argument at. Returns 1; 0 if the
 * base64 ends before the end of the uint32; -1 if the base64 is not valid. */
static int
length_at(struct slice base64, size_t at, size_t *n)
{
	size_t i = at / 3 * 4, end = characters(at + 4);
	unsigned long long bits = 0;

	if (end > base64.n)
		return 0;
	for (; i < end; i++) {
		if (base64_value(base64.p[i]) > 64)
			return -1;
		bits = bits << 6 | (base64_value(base64.p[i]) & 63);
	}
	*n = bits >> (8 * (2 - at % 3)) & 0xffffffff;
	return 1;
}

/* Returns the size in bytes of the blob of type t that begins with base64, or 0 if no blob of this
 * type begins so. If base64 ends before the last length field, returns more bytes than base64
 * encodes, so that the caller looks for another piece, and at most the size of the blob. */
static size_t
blob_size(const struct key_type *t, struct slice base64)
{
	size_t at = 0, n, i = 0;
	char c = 's';           /* the name */
	int r;

	for (; c != '\0'; c = key_type_letter(t, i++)) {
		if (c == '1' || c == '4' || c == '8') {
			at += (size_t)(c - '0');
			continue;
		}
		if ((r = length_at(base64, at, &n)) == 0)
			return at + 4;
		if (r < 0 || n > FORMAT_LINE || at > FORMAT_LINE || (at == 0 && n != strlen(t->name)))
			return 0;
		at += 4 + n;
	}
	return at;
}

static struct slice
take_base64(struct slice *in)
{
	struct slice piece = *in = slice_trim(*in);

	for (piece.n = 0; piece.n < in->n && base64_value(in->p[piece.n]) <= 64; piece.n++)
		continue;
	*in = slice_skip(*in, piece.n);
	return piece;
}

/* 1 if the '=' that ends n characters of base64 is not padding of the blob, but a soft line end of
 * quoted-printable. */
static int
is_soft(size_t n, size_t bytes)
{
	size_t all = characters(bytes), padding = (3 - bytes % 3) % 3;

	return n > all || n + padding <= all;
}

/* Joins the pieces of f's blob, the first of which begins l->line. Returns 1 if the blob is whole;
 * then l->line is the text after it. */
static int
join(struct lenient *l, const struct found *f, struct buffer *base64)
{
	struct slice piece;
	size_t bytes = 0;

	do {
		if (!lenient_more(l))
			return 0;
		piece = take_base64(&l->line);
		if (piece.n == 0 || (base64->n == 0 && !slice_starts(piece, "AAAA")))
			return 0;
		l->marks |= base64->n > 0 || f->after.n == 0 ? LENIENT_BROKEN : 0;
		l->what |= base64->n > 0 ? l->marks : l->marks & ~(unsigned)LENIENT_EMPTY;
		buffer_put_slice(base64, piece);
		if (base64->n >= characters(bytes))
			bytes = blob_size(f->type, buffer_slice(base64));
		if (l->line.n == 0 && piece.p[piece.n - 1] == '=' && is_soft(base64->n, bytes)) {
			buffer_truncate(base64, base64->n - 1);
			bytes = blob_size(f->type, buffer_slice(base64));
			l->what |= LENIENT_QUOTED_PRINTABLE;
		}
		if (l->line.n > 0 && !is_one_of(" \t", l->line.p[0]) && l->line.p[0] != f->quote)
			return 0;
	} while (base64->n < characters(bytes) && (l->line.n == 0 || l->line.p[0] != f->quote));
	return base64->n > 0 && base64->n == characters(bytes);
}

static int
is_options(struct slice before)
{
	struct slice options;

	before = slice_trim(before);
	return before.n > 0 && before.p[before.n - 1] != ':' && key_line_options(&before, &options) >= 0 &&
	    before.n == 0;
}

/* Puts out the key, and leaves in l->line the quote that ends it and the text after that. */
static void
put(struct lenient *l, const struct found *f, struct slice base64)
{
	struct slice comment = slice_trim(l->line);
	char quote[2] = { (char)f->quote, '\0' };
	size_t n = f->quote != 0 ? slice_find(comment, quote) : comment.n;

	l->line = slice_skip(comment, n);
	comment = slice_trim(slice_of(comment.p, n));
	if (f->quote != 0 && slice_ends(comment, "\\n"))
		comment.n -= 2;
	if (!f->assigned && is_options(f->before))
		buffer_put_slice(&l->out, f->before);
	else
		lenient_drop(l, f->before);
	buffer_put_slice(&l->out, f->name);
	buffer_puts(&l->out, " ");
	buffer_put_slice(&l->out, base64);
	if (comment.n > 0)
		buffer_puts(&l->out, " ");
	lenient_give(l, comment);
}

/* A key line of an unknown type is also put out as it stands. */
int
lenient_rejoin_take_whole(struct lenient *l)
{
	struct key_file f = { .text = l->line, .bytes = BUFFER_EMPTY };
	struct key_line line;

	if (!format_openssh_public_split(l->line, &line) || (key_type_of(line.type) != NULL &&
	    format_openssh_public.parse(&f) != ERROR_NONE)) {
		if (f.bytes.failed)
			buffer_fail(&l->out);
		buffer_free(&f.bytes);
		return 0;
	}
	buffer_free(&f.bytes);
	lenient_begin(l);
	l->what |= l->marks & ~(unsigned)LENIENT_EMPTY;
	lenient_give(l, slice_trim(l->line));
	l->line.n = 0;
	return 1;
}

/* Puts out the first key in the rest of the line. Returns 1, or 0 if there is none. */
static int
take(struct lenient *l)
{
	struct buffer base64 = BUFFER_EMPTY;
	struct lenient before;
	struct found f;
	int taken = 1;

	/* every type's name has a hyphen */
	if (slice_find(l->line, "-") == l->line.n || !find(l->line, &f))
		return 0;
	lenient_begin(l);
	before = *l;
	l->line = f.after;
	if (join(l, &f, &base64)) {
		l->what |= before.marks & ~(unsigned)LENIENT_EMPTY;
		put(l, &f, buffer_slice(&base64));
	} else {
		*l = before;
		if ((taken = base64.n > 0) != 0) {
			buffer_put_slice(&l->out, f.name);
			buffer_puts(&l->out, " ");
			lenient_give(l, f.after.n > 0 ? f.after : buffer_slice(&base64));
			l->line.n = 0;
		}
	}
	if (base64.failed)
		buffer_fail(&l->out);
	buffer_free(&base64);
	return taken;
}

/* Drops what is left of the line. The caller has checked that no boundary is in it. */
int
lenient_rejoin_take(struct lenient *l)
{
	const unsigned long line = l->taken;
	int taken = 0;

	while (l->line.n > 0 && l->taken == line && take(l))
		taken = 1;
	if (taken && l->taken == line) {
		lenient_drop(l, l->line);
		l->line.n = 0;
	}
	return taken;
}

void
lenient_rejoin_front(struct lenient *l, size_t n)
{
	const struct slice line = l->line, rest = l->rest;
	const unsigned marks = l->marks;

	l->line.n = n;
	l->rest.n = 0;
	if (!lenient_rejoin_take(l))
		lenient_drop(l, l->line);
	l->line = line;
	l->rest = rest;
	l->marks = marks;
}

int
lenient_rejoin_is_cut(struct slice line)
{
	const struct key_type *t;
	struct key_line l;

	if (!format_openssh_public_split(line, &l) || l.comment.n > 0 || (t = key_type_of(l.type)) == NULL)
		return 0;
	return characters(blob_size(t, l.base64)) > l.base64.n;
}
