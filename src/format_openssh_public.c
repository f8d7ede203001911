#include "format_openssh_public.h"
#include "base64.h"
#include "key_error.h"
#include "ssh_wire.h"

static struct slice
word(struct slice *in)
{
	struct slice w = *in;
	size_t n = 0;

	while (n < in->n && in->p[n] != ' ' && in->p[n] != '\t')
		n++;
	w.n = n;
	*in = slice_trim(slice_skip(*in, n));
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
format_openssh_public_split(struct slice line, struct slice *options,
    struct slice *name, struct slice *base64, struct slice *comment)
{
	struct slice rest;

	rest = line = slice_trim(line);
	*options = slice_of(line.p, 0);
	*name = word(&rest);
	if (!is_name(*name, rest)) {
		rest = line;
		*options = take_options(&rest);
		*name = word(&rest);
		if (!is_name(*name, rest))
			return 0;
	}
	*base64 = word(&rest);
	*comment = rest;
	/* A type alone is a key line cut off, but not behind other words. */
	return base64->n > 0 || options->n == 0;
}

static int
claims(struct slice line)
{
	struct slice options, name, base64, comment;

	return format_openssh_public_split(line, &options, &name, &base64, &comment);
}

static int
open_line(struct slice text, struct envelope *e)
{
	struct slice name, base64;
	struct key_view view;

	if (!format_openssh_public_split(text, &e->options, &name, &base64, &e->comment) ||
	    base64_get(&e->bytes, base64) != 0)
		return KEY_E_MALFORMED;
	e->pub = buffer_slice(&e->bytes);
	if (key_view_parse(e->pub, &view) != KEY_OK || !slice_eq(view.name, name))
		return KEY_E_MALFORMED;
	return KEY_OK;
}

static int
frame(const struct envelope *e, struct buffer *text)
{
	struct slice in = e->pub, name;

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
	return text->failed ? KEY_E_MEMORY : KEY_OK;
}

const struct key_format format_openssh_public = {
	.name = "OPENSSH", .can = KEY_READ | KEY_WRITE | KEY_PUBLIC,
	.claims = claims, .open = open_line, .frame = frame
};
