#include "key_forgive.h"
#include "key_error.h"

/* Keys are ASCII; a comment's other characters become '?'. */
static int
from_utf16(struct buffer *text, struct buffer *out)
{
	size_t low = text->p[0] == 0xff ? 0 : 1, i;
	unsigned char c;

	if (text->n % 2 != 0)
		return KEY_E_MALFORMED;
	for (i = 2; i < text->n; i += 2) {
		c = text->p[i + 1 - low] == 0 ? text->p[i + low] : '?';
		if (buffer_put(out, &c, 1) != 0)
			return KEY_E_MEMORY;
	}
	return KEY_OK;
}

/* One line without what stands before it; non-breaking spaces are spaces. */
static int
tidy_line(struct slice line, struct buffer *out, const char **what)
{
	size_t i, skip = 0;

	while (skip < line.n && (line.p[skip] == ' ' || line.p[skip] == '\t' ||
	    line.p[skip] == '>' || line.p[skip] == '|'))
		skip++;
	if (skip > 0 && skip < line.n && *what == NULL)
		*what = "indentation or quoting";
	for (i = skip; i < line.n; i++) {
		if (line.p[i] == 0xc2 && i + 1 < line.n && line.p[i + 1] == 0xa0) {
			*what = *what != NULL ? *what : "non-breaking spaces";
			buffer_puts(out, " ");
			i++;
		} else
			buffer_put(out, line.p + i, 1);
	}
	return buffer_puts(out, "\n");
}

int
key_forgive(struct buffer *text, const char **what)
{
	struct buffer out = BUFFER_INIT(text->max);
	struct slice rest = buffer_slice(text);
	int r = KEY_OK;

	if (slice_starts(rest, "\xff\xfe") || slice_starts(rest, "\xfe\xff")) {
		*what = "UTF-16";
		r = from_utf16(text, &out);
		buffer_move(text, &out);
		rest = buffer_slice(text);
	}
	if (slice_starts(rest, "\xef\xbb\xbf"))
		rest = slice_skip(rest, 3);
	while (r == KEY_OK && rest.n > 0)
		if (tidy_line(slice_line(&rest), &out, what) != 0)
			r = KEY_E_MEMORY;
	buffer_move(text, &out);
	buffer_free(&out);
	return r;
}
