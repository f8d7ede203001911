#include "encoding/pem.h"
#include "encoding/base64.h"

#define DASHES "-----"

static int
label_of(struct slice line, const char *start, struct slice *label)
{
	line = slice_trim(line);
	if (!slice_starts(line, start) || line.n < strlen(start) + 5)
		return 0;
	*label = slice_skip(line, strlen(start));
	label->n -= 5;
	return slice_find(*label, DASHES) == label->n && slice_ends(line, DASHES);
}

int
pem_label(struct slice line, struct slice *label)
{
	return label_of(line, PEM_BEGIN, label);
}

int
pem_open(struct slice text, struct slice *label, struct slice *headers,
    struct buffer *bytes)
{
	struct slice line, body, last;

	line = slice_line(&text);
	if (!pem_label(line, label))
		return -1;
	*headers = slice_of(text.p, 0);
	body = text;
	line = slice_line(&body);
	while (slice_find(line, ":") < line.n) {
		headers->n = (size_t)(body.p - text.p);
		line = slice_line(&body);
	}
	if (headers->n > 0) {
		if (slice_trim(line).n != 0)
			return -1;
		text = body;
	}
	body = slice_of(text.p, slice_find(text, PEM_END));
	text = slice_skip(text, body.n);
	line = slice_line(&text);
	if (!label_of(line, PEM_END, &last) || !slice_eq(*label, last) ||
	    slice_trim(text).n != 0)
		return -1;
	return base64_get(bytes, body);
}

struct slice
pem_header(struct slice headers, const char *name)
{
	struct slice line;

	while (headers.n > 0) {
		line = slice_line(&headers);
		if (slice_starts(line, name) && line.n > strlen(name) &&
		    line.p[strlen(name)] == ':')
			return slice_trim(slice_skip(line, strlen(name) + 1));
	}
	return slice_of(headers.p, 0);
}

int
pem_frame(struct buffer *out, const char *label, struct slice bytes, size_t width)
{
	buffer_puts(out, PEM_BEGIN);
	buffer_puts(out, label);
	buffer_puts(out, "-----\n");
	base64_put(out, bytes, width);
	buffer_puts(out, PEM_END);
	buffer_puts(out, label);
	buffer_puts(out, "-----\n");
	return out->failed;
}
