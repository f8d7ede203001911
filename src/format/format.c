#include "format/format.h"
#include "base/error.h"
#include "base/escape.h"

#include <string.h>
#include <strings.h>

#define ROW(name) &format_##name,
static const struct format *const formats[] = { FORMATS(ROW) };

const struct format *
format_row(size_t i)
{
	return i < sizeof formats / sizeof formats[0] ? formats[i] : NULL;
}

const struct format *
format_named(const char *name, unsigned what)
{
	const struct format *f;
	size_t i;

	for (i = 0; (f = format_row(i)) != NULL; i++)
		if (strcasecmp(f->name, name) == 0 && (f->can & what) == what)
			return f;
	return NULL;
}

const struct format *
format_recognizing(struct slice line)
{
	const struct format *f;
	size_t i;

	for (i = 0; (f = format_row(i)) != NULL; i++)
		if (f->can & FORMAT_READ && f->recognizes(line))
			return f;
	return NULL;
}

const struct format *
format_default(const struct key_type *t, int encrypted)
{
	const char *name = t->format[encrypted != 0];

	return name == NULL ? &format_openssh_private :
	    format_named(name, FORMAT_PRIVATE | FORMAT_WRITE);
}

/* With the comment escaped. */
static int
frame_shown(const struct format *format, const struct key_file *f, struct buffer *text)
{
	struct buffer shown = BUFFER_INIT(4 * BUFFER_MAX);
	struct key_file escaped = { .format = format, .blob = f->blob };
	int r = escape_put(&shown, f->comment) == 0 ? ERROR_NONE : ERROR_MEMORY;

	escaped.comment = buffer_slice(&shown);
	if (r == ERROR_NONE)
		r = format->frame(&escaped, text);
	buffer_free(&shown);
	return r;
}

int
format_public(const struct format *format, const struct key_file *f, struct buffer *text)
{
	const size_t from = text->n;
	int r = escape_needed(f->comment) ? frame_shown(format, f, text) : format->frame(f, text);

	if (r == ERROR_NONE && text->n - from > BUFFER_MAX)
		r = ERROR_TOO_BIG;
	if (r != ERROR_NONE)
		buffer_truncate(text, from);
	return r;
}

int
format_line(const struct key *k, struct buffer *line)
{
	struct key_file f = { .comment = buffer_slice(&k->comment) };
	int r = key_blob_parse(buffer_slice(&k->pub), &f.blob);

	return r != ERROR_NONE ? r : format_public(&format_openssh_public, &f, line);
}

/* All but its line and its memory. This is done for each key of a list: a protection that is all
 * zeros stays, and whatever fills it in begins with its kdf or its mac. */
static void
clear(struct key_file *f)
{
	f->bytes.failed = 0;    /* of another key */
	f->type = NULL;
	f->blob = (struct key_blob){ .type = NULL };
	f->options = f->comment = f->encrypted = slice_of(NULL, 0);
	f->deviations = 0;
	if (f->protection.kdf != KDF_NONE || f->protection.mac != MAC_NONE)
		f->protection = (struct protection){ .kdf = KDF_NONE };
}

int
format_parse(const struct format *format, struct slice text, struct key_file *f)
{
	int r;

	clear(f);
	if (format->end_line != NULL)
		buffer_truncate(&f->bytes, 0);
	f->format = format;
	f->text = text;
	r = format->parse(text, f);
	if (f->blob.bytes.n > 0)
		f->type = f->blob.type;
	return r != ERROR_NONE && f->bytes.failed ? ERROR_MEMORY : r;
}

int
format_decode(const struct key_file *f, struct slice plain, struct key_parts *parts)
{
	int r = f->format->decode(f, plain, parts);

	return key_parts_failed(parts) ? ERROR_MEMORY : r;
}

void
format_free(struct key_file *f)
{
	buffer_free(&f->bytes);
	*f = (struct key_file)KEY_FILE_EMPTY;
}
