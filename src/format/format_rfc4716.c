#include "format/format_rfc4716.h"
#include "base/error.h"
#include "encoding/base64.h"

#include <strings.h>

#define BEGIN "---- BEGIN SSH2 PUBLIC KEY ----"
#define END "---- END SSH2 PUBLIC KEY ----"

static int
recognizes(struct slice line)
{
	return slice_is(slice_trim(line), BEGIN);
}

/* RFC 4716 section 3.3: a header may be continued by a backslash at the end of
 * a line. Appends one header, unfolded, to header; 0 when the next line is
 * none, and then nothing is taken. */
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
format_rfc4716_armour(struct slice text, const char *begin, const char *end,
    struct buffer *bytes, size_t *comment)
{
	struct buffer header = BUFFER_EMPTY;
	struct slice body, tag;
	int r = ERROR_MALFORMED;

	*comment = 0;
	if (!slice_is(slice_trim(slice_line(&text)), begin))
		goto out;
	while (take_header(&text, &header)) {
		if (header.failed)
			buffer_fail(bytes);
		tag = buffer_slice(&header);
		if (tag.n > 8 && strncasecmp((const char *)tag.p, "comment:", 8) == 0 &&
		    *comment == 0) {
			tag = unquoted(slice_skip(tag, 8));
			if (buffer_put_slice(bytes, tag) != 0)
				goto out;
			*comment = tag.n;
		}
		buffer_truncate(&header, 0);
	}
	body = slice_of(text.p, slice_find(text, end));
	text = slice_skip(text, body.n);
	if (slice_is(slice_trim(slice_line(&text)), end) && slice_trim(text).n == 0 &&
	    base64_get(bytes, body) == 0)
		r = ERROR_NONE;
out:
	buffer_free(&header);
	return r;
}

static int
parse(struct slice text, struct key_file *f)
{
	size_t comment;
	int r;

	if ((r = format_rfc4716_armour(text, BEGIN, END, &f->bytes, &comment)) != ERROR_NONE)
		return r;
	f->comment = slice_of(f->bytes.p, comment);
	return key_blob_parse(slice_skip(buffer_slice(&f->bytes), comment), &f->blob);
}

/* Section 3.3 has lines of 72 bytes, but PuTTYgen reads no header that is folded,
 * and it and ssh-keygen one that is longer. */
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
	buffer_puts(text, BEGIN "\n");
	if (f->comment.n > 0)
		put_comment(text, f->comment);
	base64_put(text, f->blob.bytes, 70);
	buffer_puts(text, END "\n");
	return text->failed ? ERROR_MEMORY : ERROR_NONE;
}

const struct format format_rfc4716 = {
	.name = "RFC4716", .can = FORMAT_READ | FORMAT_WRITE | FORMAT_PUBLIC,
	.end_line = "---- END ", .recognizes = recognizes, .parse = parse, .frame = frame
};
