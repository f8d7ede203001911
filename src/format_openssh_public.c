#include "format_openssh_public.h"
#include "base64.h"
#include "key_blob.h"
#include "key_error.h"
#include "ssh_wire.h"

/* A type's name: one we know, or one that is made like one of theirs and
 * followed by a blob that says the same name ("AAAA" is its length). */
static int
is_name(struct slice w, struct slice base64)
{
	size_t i;

	if (key_type_of(w) != NULL)
		return 1;
	if (!slice_starts(base64, "AAAA") || w.n == 0 || w.n > 64)
		return 0;
	for (i = 0; i < w.n; i++)
		if (!((w.p[i] >= 'a' && w.p[i] <= 'z') || (w.p[i] >= '0' && w.p[i] <= '9') ||
		    w.p[i] == '-' || w.p[i] == '.' || w.p[i] == '@'))
			return 0;
	return slice_find(w, "-") < w.n;
}

int
format_openssh_public_split(struct slice text, struct key_line *line)
{
	text = slice_trim(text);
	(void)key_line_split(text, KEY_LINE_TYPE, line);
	if (!is_name(line->type, line->base64) && (key_line_split(text, KEY_LINE_OPTIONS, line) != 0 ||
	    !is_name(line->type, line->base64)))
		return 0;
	/* A type alone is a key line cut off, but not behind other words. */
	return line->base64.n > 0 || line->options.n == 0;
}

int
format_openssh_public_plain(struct slice text, unsigned char *to, size_t room, struct key_line *line,
    struct key_view *view)
{
	const size_t n = key_line_plain(text, to, room, line);

	return n > 0 && key_view_parse(slice_of(to, n), view) == KEY_OK && view->type != NULL &&
	    slice_eq(view->name, line->type);
}

static int
claims(struct slice line)
{
	struct key_line l;

	return format_openssh_public_split(line, &l);
}

static int
open_line(struct slice text, struct envelope *e)
{
	struct key_line line;
	int r;

	if (!format_openssh_public_split(text, &line))
		return KEY_E_MALFORMED;
	e->options = line.options;
	e->comment = line.comment;
	r = key_blob_decode(line.base64, &e->bytes, &e->view);
	if (r != KEY_OK && !key_blob_is_spelling(r))
		return r;
	e->pub = e->view.blob;
	if (slice_eq(e->view.name, line.type))
		return r;
	/* a word that sshd takes for the same type */
	return e->view.type != NULL && key_type_spelled(line.type) == e->view.type ? KEY_E_ALIAS :
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
