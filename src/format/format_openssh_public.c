/*
 * format_openssh_public: the key line of sshd(8), AUTHORIZED_KEYS FILE FORMAT, and of .pub files:
 * [options] type base64 [comment].
 */
#include "base/error.h"
#include "encoding/base64.h"
#include "format/format.h"

/* 1 if w is the name of a known key type; or if a blob follows w ("AAAA" begins the length of the
 * name in the blob), and w has a hyphen and only characters that names of key types have. */
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
	if (!is_name(line->type, line->base64) &&
	    (key_line_split(text, KEY_LINE_OPTIONS, line) != 0 ||
	    !is_name(line->type, line->base64)))
		return 0;
	/* A type without base64 is a key line that was cut off, unless options precede it. */
	return line->base64.n > 0 || line->options.n == 0;
}

static int
recognizes(struct slice line)
{
	struct key_line l;

	return format_openssh_public_split(line, &l);
}

/* Parses the form that nearly all lines have: a known type, its blob and a comment, separated by
 * one blank. Returns 1, or 0 for another form. Overwrites f's bytes without wiping them: that would
 * take a tenth of the time of a list. */
static int
parse_plain(struct key_file *f)
{
	const size_t room = BASE64_ROOM(f->text.n), had = f->bytes.n;
	struct key_line line;
	size_t n;

	if (had < room && buffer_space(&f->bytes, room - had) == NULL)
		return 0;
	n = key_line_plain(f->text, f->bytes.p, room, &line);
	f->comment = line.comment;
	return n > 0 && key_blob_parse(slice_of(f->bytes.p, n), &f->blob) == 0 &&
	    f->blob.type != NULL && slice_eq(f->blob.name, line.type);
}

static int
parse(struct key_file *f)
{
	struct key_line line;
	int r;

	if (parse_plain(f))
		return 0;
	if (!format_openssh_public_split(f->text, &line))
		return ERROR_NOT_KEY;
	f->options = line.options;
	f->comment = line.comment;
	r = key_blob_decode(line.base64, &f->bytes, &f->blob);
	if (r != 0 && !key_blob_is_spelling(r))
		return r;
	if (slice_eq(f->blob.name, line.type))
		return r;
	return f->blob.type != NULL && key_type_spelled(line.type) == f->blob.type ? ERROR_ALIAS :
	    ERROR_MALFORMED;
}

static int
frame(const struct key_file *f, struct buffer *text)
{
	const size_t from = text->n;

	if (!is_name(f->blob.name, slice_str("AAAA")))
		return ERROR_TYPE;      /* parse would refuse it */
	buffer_put_slice(text, f->blob.name);
	buffer_puts(text, " ");
	base64_put(text, f->blob.bytes, 0);
	if (f->comment.n > 0)
		buffer_puts(text, " ");
	buffer_put_slice(text, f->comment);
	buffer_puts(text, "\n");
	return text->failed ? text->failed : text->n - from > FORMAT_LINE + 1 ? ERROR_TOO_BIG : 0;
}

const struct format format_openssh_public = {
	.name = "OPENSSH", .can = FORMAT_WRITE | FORMAT_PUBLIC,
	.recognizes = recognizes, .parse = parse, .frame = frame
};
