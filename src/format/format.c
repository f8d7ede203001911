#include "format/format.h"
#include "base/error.h"
#include "base/escape.h"

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

static int
begins(const struct format *f, struct slice line)
{
	size_t i;

	for (i = 0; i < sizeof f->begin / sizeof f->begin[0] && f->begin[i] != NULL; i++)
		if (slice_is(line, f->begin[i]))
			return 1;
	return 0;
}

const struct format *
format_recognizing(struct slice line)
{
	const struct slice trimmed = slice_trim(line);
	const struct format *f;
	size_t i;

	for (i = 0; (f = format_row(i)) != NULL; i++)
		if (f->recognizes != NULL ? f->recognizes(line) : begins(f, trimmed))
			return f;
	return NULL;
}

const struct format *
format_default(const struct key_type *t, int encrypted)
{
	const char *name = t->format[encrypted != 0];

	return format_named(name != NULL ? name : "OPENSSH", FORMAT_PRIVATE | FORMAT_WRITE);
}

static int
frame_escaped(const struct format *format, const struct key_file *f, struct buffer *text)
{
	struct buffer comment = BUFFER_INIT(4 * BUFFER_MAX);
	struct key_file escaped = { .blob = f->blob };
	int r = escape_put(&comment, f->comment) != 0 ? comment.failed : 0;

	escaped.comment = buffer_slice(&comment);
	if (r == 0)
		r = format->frame(&escaped, text);
	buffer_free(&comment);
	return r;
}

int
format_public(const struct format *format, const struct key_file *f, struct buffer *text)
{
	const size_t from = text->n;
	int r = escape_needed(f->comment) ? frame_escaped(format, f, text) : format->frame(f, text);

	if (r == 0 && text->n - from > BUFFER_MAX)
		r = ERROR_TOO_BIG;
	if (r != 0)
		buffer_truncate(text, from);
	return r;
}

int
format_line(const struct key *k, struct buffer *line)
{
	struct key_file f = { .comment = buffer_slice(&k->comment) };
	int r = key_blob_parse(buffer_slice(&k->pub), &f.blob);

	return r != 0 ? r : format_public(&format_openssh_public, &f, line);
}

/* Empties f for the next key of a list, but keeps f->line and the memory of f->bytes. A protection
 * without kdf and mac is already all zeros, because every parser first sets kdf or mac in it. */
static void
clear(struct key_file *f)
{
	f->bytes.failed = 0;    /* the error of another key */
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
	r = format->parse(f);
	if (f->blob.bytes.n > 0)
		f->type = f->blob.type;
	if (r == 0 && f->encrypted.n == 0 && (format->can & FORMAT_PRIVATE))
		r = ERROR_MALFORMED;
	return r != 0 && f->bytes.failed ? f->bytes.failed : r;
}

int
format_decode(const struct key_file *f, struct slice plain, struct key_parts *parts)
{
	const int r = f->format->decode(f, plain, parts);

	return key_parts_failed(parts) ? ERROR_MEMORY : r;
}

int
format_stated_cipher(struct key_file *f, struct slice name)
{
	if (slice_is(name, "none"))
		return 0;
	if (!slice_is(name, f->format->encryption.cipher))
		return ERROR_CIPHER;
	f->protection.kdf = f->format->encryption.kdf;
	f->protection.digest = f->format->encryption.digest;
	f->protection.cipher = protection_cipher(name);
	return 0;
}

void
format_free(struct key_file *f)
{
	buffer_free(&f->bytes);
	*f = (struct key_file)KEY_FILE_EMPTY;
}
