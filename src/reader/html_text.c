#include "reader/html_text.h"

#include <stdio.h>
#include <stdlib.h>

/* The length of the name at the beginning of s. */
static size_t
name_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n && ((s.p[n] | 32) >= 'a' || (n > 0 && s.p[n] >= '0' && s.p[n] <= '9')) &&
	    (s.p[n] | 32) <= 'z')
		n++;
	return n;
}

/* Whether one of the names, a list that ends with NULL, is name. */
static int
is_among(struct slice name, const char *const *names)
{
	while (*names != NULL && !slice_names(name, *names))
		names++;
	return *names != NULL;
}

/* The bytes up to and with the end of the tag whose "<" has been removed; ">" in a quoted attribute
 * does not end it. A tag without an end is the rest of the text. */
static size_t
tag_length(struct slice s)
{
	unsigned char quote = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		if (quote != 0)
			quote = s.p[i] == quote ? 0 : quote;
		else if (s.p[i] == '>')
			return i + 1;
		else if ((s.p[i] == '"' || s.p[i] == '\'') && i > 0 && s.p[i - 1] == '=')
			quote = s.p[i];
	return s.n;
}

/* Removes the element, whose first tag has been removed, up to its last tag. */
static struct slice
skip_element(struct slice s, struct slice name)
{
	size_t n;

	while ((n = slice_find(s, "</")) < s.n) {
		s = slice_skip(s, n + strlen("</"));
		if (s.n >= name.n && strncasecmp((const char *)s.p, (const char *)name.p, name.n) == 0)
			return slice_skip(s, tag_length(s));
	}
	return slice_of(s.p, 0);
}

/* Appends what the tag at the beginning of s, without its "<", stands for; returns the rest. */
static struct slice
take_tag(struct buffer *out, struct slice s)
{
	static const char *const unseen[] = { "script", "style", "head", "title", NULL };
	static const char *const inside[] = { "a", "abbr", "b", "big", "code", "em", "font", "i", "ins",
	    "kbd", "mark", "o", "s", "samp", "small", "span", "strong", "sub", "sup", "tt", "u", "wbr", NULL };
	const int closes = s.n > 0 && s.p[0] == '/';
	struct slice name;

	if (slice_starts(s, "!--")) {
		s = slice_skip(s, slice_find(s, "-->"));
		return slice_skip(s, s.n < 3 ? s.n : 3);
	}
	name = slice_skip(s, (size_t)closes);
	name.n = name_length(name);
	if (name.n == 0 && !slice_starts(s, "!") && !slice_starts(s, "?")) {
		buffer_puts(out, "<");
		return s;
	}
	s = slice_skip(s, tag_length(s));
	if (!is_among(name, inside))
		buffer_puts(out, "\n");
	return !closes && is_among(name, unseen) ? skip_element(s, name) : s;
}

/* Appends the character of the reference at the beginning of s, whose "&" has been removed, and
 * returns the bytes that it takes; 0 if it is not one of these. */
static size_t
take_reference(struct buffer *out, struct slice s)
{
	static const char *const names[][2] = { { "amp;", "&" }, { "lt;", "<" }, { "gt;", ">" },
	    { "quot;", "\"" }, { "nbsp;", " " }, { "apos;", "'" }, { "plus;", "+" }, { "equals;", "=" },
	    { "sol;", "/" }, { "commat;", "@" }, { "zwnj;", "" }, { "shy;", "" } };
	char digits[12], *end;
	unsigned long c;
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (slice_starts(s, names[i][0])) {
			buffer_puts(out, names[i][1]);
			return strlen(names[i][0]);
		}
	if (s.n < 3 || s.p[0] != '#')
		return 0;
	snprintf(digits, sizeof digits, "%.*s", (int)(s.n < 11 ? s.n - 1 : 10), (const char *)s.p + 1);
	if (digits[0] == 'x' || digits[0] == 'X')
		c = strtoul(digits + 1, &end, 16);
	else
		c = strtoul(digits, &end, 10);
	if (*end != ';' || (c != '\t' && c != '\n' && (c < ' ' || c > '~') && c != 0xa0))
		return 0;
	buffer_put(out, (unsigned char[]){ c == 0xa0 ? ' ' : (unsigned char)c }, 1);
	return (size_t)(end - digits) + 2;
}

int
html_text_put(struct buffer *out, struct slice html)
{
	size_t n;

	while (html.n > 0 && !out->failed) {
		for (n = 0; n < html.n && html.p[n] != '<' && html.p[n] != '&';)
			n++;
		buffer_put(out, html.p, n);
		html = slice_skip(html, n);
		if (html.n == 0)
			break;
		if (html.p[0] == '<') {
			html = take_tag(out, slice_skip(html, 1));
		} else if ((n = take_reference(out, slice_skip(html, 1))) > 0) {
			html = slice_skip(html, 1 + n);
		} else {
			buffer_puts(out, "&");
			html = slice_skip(html, 1);
		}
	}
	return out->failed;
}
