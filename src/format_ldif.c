#include "format_ldif.h"
#include "base64.h"
#include "escape.h"
#include "format_openssh_public.h"
#include "key_error.h"

#include <stdint.h>
#include <string.h>

#define ATTRIBUTE "sshPublicKey"

/* RFC 2849's SAFE-STRING, which does not begin or end with a blank. */
static int
is_safe(struct slice v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (v.p[i] == '\0' || v.p[i] == '\r' || v.p[i] == '\n' || v.p[i] > 0x7f)
			return 0;
	return v.n == 0 || (strchr(" :<", v.p[0]) == NULL && v.p[v.n - 1] != ' ');
}

static void
put(struct buffer *text, const char *attribute, struct slice value)
{
	buffer_puts(text, attribute);
	if (is_safe(value)) {
		buffer_puts(text, ": ");
		buffer_put_slice(text, value);
	} else {
		buffer_puts(text, ":: ");
		base64_put(text, value, 0);
	}
	buffer_puts(text, "\n");
}

static int
is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* The type's name or number, and "=". */
static int
take_type(struct slice *in)
{
	size_t n = 0;

	while (slice_starts(*in, " "))
		*in = slice_skip(*in, 1);
	while (n < in->n && (is_letter(in->p[n]) || is_digit(in->p[n]) || in->p[n] == '-' ||
	    in->p[n] == '.'))
		n++;
	if (n == 0 || n == in->n || in->p[n] != '=' || in->p[0] == '-' || in->p[0] == '.')
		return 0;
	*in = slice_skip(*in, n + 1);
	return 1;
}

/* As far as the "," or "+" before the next type. A backslash stands before two digits, or
 * before one of RFC 4514's special characters. */
static int
take_value(struct slice *in)
{
	unsigned char byte;
	size_t n = 0;

	while (n < in->n && in->p[n] != ',' && in->p[n] != '+') {
		if (strchr("\";<>", in->p[n]) != NULL)
			return 0;
		if (in->p[n++] != '\\')
			continue;
		if (in->n - n >= 2 && slice_hex(slice_of(in->p + n, 2), &byte, 1) == 0)
			n += 2;
		else if (n < in->n && strchr(" \"#+,;<=>\\", in->p[n]) != NULL)
			n++;
		else
			return 0;
	}
	*in = slice_skip(*in, n);
	return n > 0;
}

int
format_ldif_is_dn(struct slice dn)
{
	int good = !escape_needed(dn);

	while (good) {
		good = take_type(&dn) && take_value(&dn);
		if (dn.n == 0)
			break;
		dn = slice_skip(dn, 1);
	}
	return good;
}

void
format_ldif_begin(struct buffer *text, struct slice dn, int remove)
{
	put(text, "dn", dn);
	put(text, "changetype", slice_str("modify"));
	put(text, remove ? "delete" : "add", slice_str(ATTRIBUTE));
}

void
format_ldif_end(struct buffer *text)
{
	buffer_puts(text, "-\n\n");
}

int
format_ldif_is_twice(struct slice text, size_t from, struct buffer *lines)
{
	const struct slice line = slice_skip(text, from);
	const uint32_t offset = (uint32_t)from;
	size_t low = 0, high = lines->n / sizeof offset, middle;
	uint32_t other;
	int order;

	while (low < high) {
		middle = (low + high) / 2;
		memcpy(&other, lines->p + middle * sizeof other, sizeof other);
		/* its LF is the last that can be the same, and ends the shorter one */
		order = memcmp(line.p, text.p + other, line.n);
		if (order == 0)
			return 1;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	low *= sizeof offset;
	if (buffer_put(lines, &offset, sizeof offset) != 0)
		return KEY_E_MEMORY;
	memmove(lines->p + low + sizeof offset, lines->p + low, lines->n - sizeof offset - low);
	memcpy(lines->p + low, &offset, sizeof offset);
	return 0;
}

static int
frame(const struct envelope *e, struct buffer *text)
{
	struct buffer line = BUFFER_EMPTY;
	int r = format_openssh_public.frame(e, &line);

	if (r == KEY_OK) {
		buffer_truncate(&line, line.n - 1);
		put(text, ATTRIBUTE, buffer_slice(&line));
		if (text->failed)
			r = KEY_E_MEMORY;
	}
	buffer_free(&line);
	return r;
}

const struct key_format format_ldif = {
	.name = "LDIF", .can = KEY_WRITE | KEY_PUBLIC, .frame = frame
};
