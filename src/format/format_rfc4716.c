/* format_rfc4716: the SSH2 public key file of RFC 4716. */
#include "base/error.h"
#include "encoding/base64.h"
#include "format/format.h"

#include <strings.h>

#define BEGIN "---- BEGIN "
#define END "---- END "
#define NAME "SSH2 PUBLIC KEY ----"

/* RFC 4716 section 3.3: a header with a backslash at the end of its line goes on in the next line.
 * Removes a header from *in and appends it, unfolded, to header. Returns 0 if the next line is no
 * header. */
static int
take_header(struct slice *in, struct buffer *header)
{
	struct slice rest = *in, line = slice_line(&rest);

	if (slice_find(line, ":") == line.n)
		return 0;
	while (line.n > 0 && line.p[line.n - 1] == '\\' && rest.n > 0) {
		buffer_put(header, line.p, line.n - 1);
		line = slice_line(&rest);
	}
	buffer_put_slice(header, line);
	*in = rest;
	return 1;
}

static struct slice
unquoted(struct slice v)
{
	v = slice_trim(v);
	if (v.n >= 2 && v.p[0] == '"' && v.p[v.n - 1] == '"')
		return slice_of(v.p + 1, v.n - 2);
	return v;
}

int
format_rfc4716_armour(struct key_file *f, struct slice *body)
{
	const char *begin = f->format->begin[0], *end = f->format->end_line;
	struct buffer header = BUFFER_EMPTY;
	struct slice text = f->text, value;
	size_t comment = 0;
	int r = ERROR_MALFORMED;

	if (!slice_is(slice_trim(slice_line(&text)), begin))
		return r;
	while (take_header(&text, &header)) {
		if (header.failed)
			buffer_fail(&f->bytes);
		value = buffer_slice(&header);
		if (comment == 0 && value.n > 8 &&
		    strncasecmp((const char *)value.p, "comment:", 8) == 0) {
			value = unquoted(slice_skip(value, 8));
			buffer_put_slice(&f->bytes, value);
			comment = value.n;
		}
		buffer_truncate(&header, 0);
	}
	*body = slice_of(text.p, slice_find(text, end));
	text = slice_skip(text, body->n);
	value = slice_trim(slice_line(&text));
	if (slice_starts(value, end) && slice_trim(text).n == 0 &&
	    slice_is(slice_skip(value, strlen(end)), begin + strlen(BEGIN)) &&
	    base64_get(&f->bytes, *body) == 0) {
		f->comment = slice_of(f->bytes.p, comment);
		*body = slice_skip(buffer_slice(&f->bytes), comment);
		r = 0;
	}
	buffer_free(&header);
	return r;
}

static int
parse(struct key_file *f)
{
	struct slice blob;

	return format_rfc4716_armour(f, &blob) == 0 ? key_blob_parse(blob, &f->blob) :
	    ERROR_MALFORMED;
}

/* Section 3.3 limits lines to 72 bytes. But PuTTYgen reads no folded header, and PuTTYgen and
 * ssh-keygen read longer lines: only a very long comment is folded. */
static void
put_comment(struct buffer *text, struct slice comment)
{
	const size_t room = 1000;

	buffer_puts(text, "Comment: \"");
	while (comment.n > room) {
		buffer_put(text, comment.p, room);
		buffer_puts(text, "\\\n");
		comment = slice_skip(comment, room);
	}
	buffer_put_slice(text, comment);
	buffer_puts(text, "\"\n");
}

static int
frame(const struct key_file *f, struct buffer *text)
{
	buffer_puts(text, BEGIN NAME "\n");
	if (f->comment.n > 0)
		put_comment(text, f->comment);
	base64_put(text, f->blob.bytes, 70);
	buffer_puts(text, END NAME "\n");
	return text->failed;
}

const struct format format_rfc4716 = {
	.name = "RFC4716", .can = FORMAT_WRITE | FORMAT_PUBLIC, .begin = { BEGIN NAME },
	.end_line = END, .parse = parse, .frame = frame
};
