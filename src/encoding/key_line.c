#include "encoding/key_line.h"
#include "encoding/base64.h"

/* Removes n bytes from *text, with the blanks and tabs after them. */
static struct slice
take(struct slice *text, size_t n)
{
	const struct slice field = slice_of(text->p, n);

	while (n < text->n && (text->p[n] == ' ' || text->p[n] == '\t'))
		n++;
	*text = slice_skip(*text, n);
	return field;
}

struct slice
key_line_field(struct slice *text)
{
	return take(text, slice_word(*text));
}

int
key_line_options(struct slice *text, struct slice *options)
{
	int quoted = 0, control = 0;
	size_t n;

	for (n = 0; n < text->n; n++) {
		const unsigned char c = text->p[n];

		if (!quoted && (c == ' ' || c == '\t'))
			break;
		control |= c == '\0' || (!quoted && (c < ' ' || c == 0x7f));
		if (c == '\\' && n + 1 < text->n && text->p[n + 1] == '"')
			n++;
		else if (c == '"')
			quoted = !quoted;
	}
	*options = take(text, n);
	return quoted ? -1 : control;
}

int
key_line_split(struct slice text, enum key_line_begin begin, struct key_line *line)
{
	int r = 0;

	line->options = slice_of(text.p, 0);
	if (begin == KEY_LINE_OPTIONS)
		r = key_line_options(&text, &line->options);
	line->type = key_line_field(&text);
	line->base64 = key_line_field(&text);
	line->comment = slice_trim(text);
	return r;
}

size_t
key_line_plain(struct slice text, unsigned char *to, size_t room, struct key_line *line)
{
	const unsigned char *blank = memchr(text.p, ' ', text.n < 48 ? text.n : 48);
	struct slice rest;
	size_t n;

	if (blank == NULL)
		return 0;
	line->options = slice_of(text.p, 0);
	line->type = slice_of(text.p, (size_t)(blank - text.p));
	rest = line->base64 = slice_skip(text, line->type.n + 1);
	n = base64_take(to, room, &rest);
	line->base64.n -= rest.n;
	line->comment = slice_trim(rest);
	return rest.n > 0 && rest.p[0] != ' ' ? 0 : n;
}
