#include "key_format.h"
#include "escape.h"
#include "format_openssh_private.h"
#include "format_openssh_public.h"
#include "format_pkcs1_sec1.h"
#include "format_pkcs8.h"
#include "format_ppk.h"
#include "format_public_pem.h"
#include "format_rfc4716.h"
#include "format_sshcom.h"
#include "key_error.h"

#include <string.h>
#include <strings.h>

/* Key lines are the last that can be read: they claim whatever no armour does. */
static const struct key_format *const formats[] = {
	&format_openssh_private,
	&format_pkcs1_sec1_private,
	&format_pkcs8_private,
	&format_ppk_2,
	&format_ppk_3,
	&format_sshcom,
	&format_rfc4716,
	&format_public_pem_pkcs1,
	&format_public_pem_spki,
	&format_openssh_public,
};

const struct key_format *
key_format_row(size_t i)
{
	return i < sizeof formats / sizeof formats[0] ? formats[i] : NULL;
}

const struct key_format *
key_format_named(const char *name, unsigned what)
{
	const struct key_format *f;
	size_t i;

	for (i = 0; (f = key_format_row(i)) != NULL; i++)
		if (strcasecmp(f->name, name) == 0 && (f->can & what) == what)
			return f;
	return NULL;
}

const struct key_format *
key_format_claiming(struct slice line)
{
	const struct key_format *f;
	size_t i;

	for (i = 0; (f = key_format_row(i)) != NULL; i++)
		if (f->can & KEY_READ && f->claims(line))
			return f;
	return NULL;
}

const struct key_format *
key_format_default(const struct key_type *t, int sealed)
{
	const char *name = t->format[sealed != 0];

	return name == NULL ? &format_openssh_private :
	    key_format_named(name, KEY_PRIVATE | KEY_WRITE);
}

int
key_format_public(const struct key_format *f, const struct key_view *view, struct slice comment,
    struct buffer *text)
{
	struct buffer shown = BUFFER_INIT(4 * BUFFER_MAX);
	struct envelope e = { .format = f, .pub = view->blob, .view = *view, .comment = comment };
	const size_t from = text->n;
	int r = KEY_OK;

	if (escape_needed(comment)) {
		r = escape_put(&shown, comment) == 0 ? KEY_OK : KEY_E_MEMORY;
		e.comment = buffer_slice(&shown);
	}
	if (r == KEY_OK && (r = f->frame(&e, text)) == KEY_OK && text->n - from > BUFFER_MAX)
		r = KEY_E_TOO_BIG;
	if (r != KEY_OK)
		buffer_truncate(text, from);
	buffer_free(&shown);
	return r;
}

int
key_format_line(const struct key *k, struct buffer *line)
{
	struct key_view view;
	int r = key_view_parse(buffer_slice(&k->pub), &view);

	return r != KEY_OK ? r :
	    key_format_public(&format_openssh_public, &view, buffer_slice(&k->comment), line);
}

int
key_format_open(const struct key_format *f, struct slice text, struct envelope *e)
{
	int r;

	e->format = f;
	r = f->open(text, e);
	return r != KEY_OK && e->bytes.failed ? KEY_E_MEMORY : r;
}

int
key_format_decode(const struct envelope *e, struct slice plain, struct key_parts *parts)
{
	int r = e->format->decode(e, plain, parts);

	return key_parts_failed(parts) ? KEY_E_MEMORY : r;
}

int
envelope_view(struct envelope *e)
{
	return e->view.blob.n > 0 && e->view.blob.p == e->pub.p ? KEY_OK :
	    key_view_parse(e->pub, &e->view);
}

void
envelope_clear(struct envelope *e)
{
	const struct buffer bytes = e->bytes;

	*e = (struct envelope)ENVELOPE_EMPTY;
	e->bytes = bytes;
	buffer_truncate(&e->bytes, 0);
	e->bytes.failed = 0;    /* of another key */
}

void
envelope_free(struct envelope *e)
{
	buffer_free(&e->bytes);
	*e = (struct envelope)ENVELOPE_EMPTY;
}
