#include "authorized_keys.h"
#include "base64.h"
#include "key_error.h"
#include "ssh_wire.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FLAG, ONCE, REPEATED };

static const struct {
	const char *name;
	int value;
} known[] = {
	{ "agent-forwarding", FLAG }, { "command", ONCE }, { "environment", REPEATED },
	{ "expiry-time", REPEATED }, { "from", ONCE }, { "no-agent-forwarding", FLAG },
	{ "no-port-forwarding", FLAG }, { "no-pty", FLAG }, { "no-touch-required", FLAG },
	{ "no-user-rc", FLAG }, { "no-verify-required", FLAG }, { "no-x11-forwarding", FLAG },
	{ "permitlisten", REPEATED }, { "permitopen", REPEATED }, { "port-forwarding", FLAG },
	{ "pty", FLAG },
	{ "restrict", FLAG }, { "touch-required", FLAG }, { "tunnel", REPEATED },
	{ "user-rc", FLAG }, { "verify-required", FLAG }, { "x11-forwarding", FLAG },
};

/* The length of the quoted value that text begins with, or 0. */
static size_t
quoted(struct slice text)
{
	size_t n;

	for (n = 1; n < text.n && text.p[0] == '"' && text.p[n] != '"'; n++) {
		if ((text.p[n] < ' ' && text.p[n] != '\t') || text.p[n] == 0x7f)
			return 0;
		if (text.p[n] == '\\' && n + 1 < text.n && text.p[n + 1] == '"')
			n++;
	}
	return n < text.n && text.p[0] == '"' ? n + 1 : 0;
}

int
authorized_keys_options(struct slice text)
{
	const size_t count = sizeof known / sizeof known[0];
	int seen[sizeof known / sizeof known[0]] = { 0 };
	size_t i, n;

	do {
		for (n = 0; n < text.n && text.p[n] != ',' && text.p[n] != '='; n++)
			continue;
		for (i = 0; i < count; i++)
			if (n == strlen(known[i].name) &&
			    strncasecmp(known[i].name, (const char *)text.p, n) == 0)
				break;
		if (i == count || (seen[i]++ > 0 && known[i].value == ONCE))
			return 0;
		text = slice_skip(text, n);
		if (known[i].value != FLAG) {
			if (text.n == 0 || (n = quoted(slice_skip(text, 1))) == 0)
				return 0;
			text = slice_skip(text, 1 + n);
		}
		if (text.n == 0)
			return 1;
		n = text.p[0] == ',';
		text = slice_skip(text, 1);
	} while (n);
	return 0;
}

static int
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static struct slice
skip_blanks(struct slice text)
{
	while (text.n > 0 && is_blank(text.p[0]))
		text = slice_skip(text, 1);
	return text;
}

/* Takes n bytes off text, and the blanks behind them. */
static struct slice
take(struct slice *text, size_t n)
{
	struct slice word = slice_of(text->p, n);

	*text = skip_blanks(slice_skip(*text, n));
	return word;
}

static struct slice
take_word(struct slice *text)
{
	return take(text, slice_word(*text));
}

/* Options end at a blank that is not between quotes; \" is none. */
static struct slice
take_options(struct slice *text)
{
	size_t n;
	int quoting = 0;

	for (n = 0; n < text->n && (quoting || !is_blank(text->p[n])); n++)
		if (text->p[n] == '\\' && n + 1 < text->n && text->p[n + 1] == '"')
			n++;
		else if (text->p[n] == '"')
			quoting = !quoting;
	return take(text, n);
}

/* An RSA key as RFC 4253 has it; sshd passes over zeros before its numbers. */
static int
trim_numbers(struct buffer *blob)
{
	struct buffer trimmed = BUFFER_EMPTY;
	struct slice in = buffer_slice(blob), name, e, n;
	int r = ssh_wire_get_string(&in, &name) == 0 && slice_is(name, "ssh-rsa") &&
	    ssh_wire_get_string(&in, &e) == 0 && ssh_wire_get_string(&in, &n) == 0 && in.n == 0 &&
	    ssh_wire_put_string(&trimmed, name) == 0 && ssh_wire_put_mpint(&trimmed, e) == 0 &&
	    ssh_wire_put_mpint(&trimmed, n) == 0;

	if (r)
		buffer_move(blob, &trimmed);
	buffer_free(&trimmed);
	return r;
}

/* With white space in it. */
static int
decode_odd(struct slice word, struct authorized_line *line, struct buffer *blob)
{
	struct buffer bare = BUFFER_EMPTY;
	size_t i;
	int found;

	for (i = 0; i < word.n && !bare.failed; i++) {
		line->odd |= base64_value(word.p[i]) > 64;
		if (word.p[i] < '\v' || word.p[i] > '\r')
			buffer_put(&bare, word.p + i, 1);
	}
	found = !bare.failed && base64_get(blob, buffer_slice(&bare)) == 0;
	buffer_free(&bare);
	return found;
}

/* Sets blob to what word is the base64 of; white space in it is odd. */
static int
decode(struct slice word, struct authorized_line *line, struct buffer *blob)
{
	const size_t room = BASE64_ROOM(word.n);
	struct slice rest = word;
	unsigned char *to;
	size_t n;
	int found = 1;

	line->odd = 0;
	buffer_truncate(blob, 0);
	if ((to = buffer_space(blob, room)) == NULL)
		return 0;
	n = base64_take(to, room, &rest);
	buffer_truncate(blob, rest.n == 0 ? n : 0);
	if (blob->n == 0)
		found = decode_odd(word, line, blob);
	if (found && key_view_parse(buffer_slice(blob), &line->view) != KEY_OK) {
		line->odd = 1;
		found = trim_numbers(blob) && key_view_parse(buffer_slice(blob), &line->view) == KEY_OK;
	}
	return found;
}

/* The key that text begins with: a word without quotes, and base64. */
static int
take_key(struct slice text, struct authorized_line *line, struct buffer *blob)
{
	struct slice name = take_word(&text);

	if (slice_find(name, "\"") < name.n || !decode(take_word(&text), line, blob))
		return 0;
	line->odd |= !slice_eq(line->view.name, name);
	line->comment = slice_trim(text);
	return 1;
}

/* One of the two places where sshd looks: the line's beginning, or behind options. */
static int
find_key(struct slice text, struct authorized_line *line, struct buffer *blob)
{
	text = skip_blanks(text);
	if (text.n == 0 || text.p[0] == '#')
		return 0;
	if (take_key(text, line, blob))
		return 1;
	line->options = take_options(&text);
	return take_key(text, line, blob);
}

int
authorized_keys_next(struct slice *file, struct authorized_line *line, struct buffer *blob)
{
	const unsigned char *end;
	struct slice text;
	size_t n;
	int found = 0;

	while (!found && file->n > 0) {
		*line = (struct authorized_line){ .all = *file };
		text = slice_line(file);
		line->all.n -= file->n;
		/* C's strings end at a NUL */
		end = text.n > 0 ? memchr(text.p, '\0', text.n) : NULL;
		n = end != NULL ? (size_t)(end - text.p) : text.n;
		found = find_key(slice_of(text.p, n), line, blob);
		line->odd |= n < text.n;
	}
	return found;
}

int
authorized_keys_lets_in(const struct authorized_line *line)
{
	return !line->odd && (line->options.n == 0 || authorized_keys_options(line->options));
}

/* From now: +N and a unit. */
static time_t
later(const char *word, time_t now)
{
	static const char units[] = "smhdw";
	static const time_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	const char *unit;
	char *end;
	long n = strtol(word + 1, &end, 10);

	if (word[1] < '0' || word[1] > '9' || n > 1000000000 || *end == '\0' || end[1] != '\0' ||
	    (unit = strchr(units, *end)) == NULL)
		return -1;
	return now + n * seconds[unit - units];
}

static int
two(const char *at)
{
	return (at[0] - '0') * 10 + at[1] - '0';
}

/* n digits, which are a time that there is. */
static time_t
absolute(const char *word, size_t n, int utc)
{
	struct tm tm = { .tm_isdst = -1 }, same;
	time_t t;

	tm.tm_year = two(word) * 100 + two(word + 2) - 1900;
	tm.tm_mon = two(word + 4) - 1;
	tm.tm_mday = two(word + 6);
	tm.tm_hour = n > 8 ? two(word + 8) : 0;
	tm.tm_min = n > 8 ? two(word + 10) : 0;
	tm.tm_sec = n > 12 ? two(word + 12) : 0;
	same = tm;
	t = utc ? timegm(&tm) : mktime(&tm);
	return tm.tm_mon == same.tm_mon && tm.tm_mday == same.tm_mday &&
	    tm.tm_min == same.tm_min && tm.tm_sec == same.tm_sec ? t : -1;
}

int
authorized_keys_expiry(struct buffer *options, const char *word, time_t now)
{
	size_t n = strspn(word, "0123456789");
	int utc = strcmp(word + n, "Z") == 0;
	char text[32];
	struct tm tm;
	time_t t = -1;

	if (word[0] == '+')
		t = later(word, now);
	else if ((word[n] == '\0' || utc) && (n == 8 || n == 12 || n == 14))
		t = absolute(word, n, utc);
	if (t <= now)
		return -1;
	if (word[0] == '+') {
		if (localtime_r(&t, &tm) == NULL || strftime(text, sizeof text, "%Y%m%d%H%M%S", &tm) != 14)
			return -1;
		word = text;
	}
	buffer_puts(options, options->n > 0 ? ",expiry-time=\"" : "expiry-time=\"");
	buffer_puts(options, word);
	return buffer_puts(options, "\"");
}
