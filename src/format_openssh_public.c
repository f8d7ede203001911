#include "format_openssh_public.h"
#include "base64.h"
#include "key_blob.h"
#include "key_error.h"
#include "ssh_wire.h"

#include <string.h>

static struct slice
word(struct slice *in)
{
	struct slice w = slice_of(in->p, slice_word(*in));

	*in = slice_trim(slice_skip(*in, w.n));
	return w;
}

/* The options before a key: quoted strings may hold blanks, and \" a quote. With a
 * control character in a name, or a NUL, as far as which sshd reads, there are none. */
static struct slice
take_options(struct slice *in)
{
	struct slice w = *in;
	size_t n = 0;
	int quoted = 0;

	for (; n < in->n && (quoted || (in->p[n] != ' ' && in->p[n] != '\t')); n++) {
		if (in->p[n] == '\0' || (!quoted && (in->p[n] < ' ' || in->p[n] == 0x7f)))
			return slice_of(in->p, 0);
		if (in->p[n] == '\\' && n + 1 < in->n && in->p[n + 1] == '"')
			n++;
		else if (in->p[n] == '"')
			quoted = !quoted;
	}
	w.n = n;
	*in = slice_trim(slice_skip(*in, n));
	return w;
}

/* A type's name: one we know, or one that is made like one of theirs and
 * followed by a blob that says the same name ("AAAA" is its length). */
static int
is_name(struct slice w, struct slice rest)
{
	size_t i;

	if (key_type_of(w) != NULL)
		return 1;
	if (!slice_starts(rest, "AAAA") || w.n == 0 || w.n > 64)
		return 0;
	for (i = 0; i < w.n; i++)
		if (!((w.p[i] >= 'a' && w.p[i] <= 'z') || (w.p[i] >= '0' && w.p[i] <= '9') ||
		    w.p[i] == '-' || w.p[i] == '.' || w.p[i] == '@'))
			return 0;
	return slice_find(w, "-") < w.n;
}

int
format_openssh_public_split(struct slice line, struct key_words *w)
{
	struct slice rest;

	rest = line = slice_trim(line);
	w->options = slice_of(line.p, 0);
	w->name = word(&rest);
	if (!is_name(w->name, rest)) {
		rest = line;
		w->options = take_options(&rest);
		w->name = word(&rest);
		if (!is_name(w->name, rest))
			return 0;
	}
	w->base64 = word(&rest);
	w->comment = rest;
	/* A type alone is a key line cut off, but not behind other words. */
	return w->base64.n > 0 || w->options.n == 0;
}

int
format_openssh_public_plain(struct slice line, unsigned char *to, size_t room, struct key_words *w,
    struct key_view *view)
{
	const unsigned char *blank = memchr(line.p, ' ', line.n < 48 ? line.n : 48);
	struct slice rest;
	size_t n;

	if (blank == NULL)
		return 0;
	w->options = slice_of(line.p, 0);
	w->name = slice_of(line.p, (size_t)(blank - line.p));
	rest = w->base64 = slice_skip(line, w->name.n + 1);
	if ((n = base64_take(to, room, &rest)) == 0 || (rest.n > 0 && rest.p[0] != ' '))
		return 0;
	w->base64.n -= rest.n;
	w->comment = slice_trim(rest);
	return key_view_parse(slice_of(to, n), view) == KEY_OK && view->type != NULL &&
	    slice_eq(view->name, w->name);
}

static int
claims(struct slice line)
{
	struct key_words w;

	return format_openssh_public_split(line, &w);
}

static int
open_line(struct slice text, struct envelope *e)
{
	struct key_words w;
	int r;

	if (!format_openssh_public_split(text, &w))
		return KEY_E_MALFORMED;
	e->options = w.options;
	e->comment = w.comment;
	r = key_blob_decode(w.base64, &e->bytes, &e->view);
	if (r != KEY_OK && !key_blob_is_spelling(r))
		return r;
	e->pub = e->view.blob;
	if (slice_eq(e->view.name, w.name))
		return r;
	/* a word that sshd takes for the same type */
	return e->view.type != NULL && key_type_spelled(w.name) == e->view.type ? KEY_E_ALIAS :
	    KEY_E_MALFORMED;
}

static int
frame(const struct envelope *e, struct buffer *text)
{
	struct slice in = e->pub, name;
	const size_t from = text->n;

	if (ssh_wire_get_string(&in, &name) != 0)
		return KEY_E_MALFORMED;
	if (!is_name(name, slice_str("AAAA")))
		return KEY_E_TYPE;      /* it could not be read again */
	buffer_put_slice(text, name);
	buffer_puts(text, " ");
	base64_put(text, e->pub, 0);
	if (e->comment.n > 0)
		buffer_puts(text, " ");
	buffer_put_slice(text, e->comment);
	buffer_puts(text, "\n");
	return text->failed ? KEY_E_MEMORY : text->n - from > KEY_FORMAT_LINE + 1 ? KEY_E_TOO_BIG : KEY_OK;
}

const struct key_format format_openssh_public = {
	.name = "OPENSSH", .can = KEY_READ | KEY_WRITE | KEY_PUBLIC,
	.claims = claims, .open = open_line, .frame = frame
};
