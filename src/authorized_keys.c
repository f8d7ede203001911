#include "authorized_keys.h"
#include "base64.h"
#include "format_openssh_public.h"
#include "key_error.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LONGEST 65536   /* characters of a key */
#define TRIES 100       /* places in a line where one may begin */

enum { FLAG, ONCE, REPEATED };

static const struct {
	const char *name;
	int value;
} known[] = {
	{ "agent-forwarding", FLAG }, { "command", ONCE }, { "environment", REPEATED },
	{ "expiry-time", REPEATED }, { "from", ONCE }, { "no-agent-forwarding", FLAG },
	{ "no-port-forwarding", FLAG }, { "no-pty", FLAG }, { "no-touch-required", FLAG },
	{ "no-user-rc", FLAG }, { "no-x11-forwarding", FLAG }, { "permitlisten", REPEATED },
	{ "permitopen", REPEATED }, { "port-forwarding", FLAG }, { "pty", FLAG },
	{ "restrict", FLAG }, { "tunnel", REPEATED }, { "user-rc", FLAG },
	{ "verify-required", FLAG }, { "x11-forwarding", FLAG },
};

/* The length of the quoted value that text begins with, or 0. */
static size_t
quoted(struct slice text)
{
	size_t n;

	for (n = 1; n < text.n && text.p[0] == '"' && text.p[n] != '"'; n++) {
		if (text.p[n] < ' ' || text.p[n] == 0x7f)
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

/* The key whose base64 begins text, with white space in it as sshd lets it be. */
static int
decode(struct slice text, struct key_view *view, struct buffer *blob)
{
	struct buffer base64 = BUFFER_INIT(LONGEST);
	int found;
	size_t i;

	for (i = 0; i < text.n && !base64.failed; i++)
		if (base64_value(text.p[i]) <= 64)
			buffer_put(&base64, text.p + i, 1);
		else if (text.p[i] < '\v' || text.p[i] > '\r')
			break;
	buffer_truncate(blob, 0);
	found = base64_get(blob, buffer_slice(&base64)) == 0 &&
	    key_view_parse(buffer_slice(blob), view) == KEY_OK;
	buffer_free(&base64);
	return found;
}

/* The first key that is anywhere in text; before becomes what stands there. */
static int
search(struct slice text, struct slice *before, struct key_view *view, struct buffer *blob)
{
	struct slice rest = text;
	size_t i, tries = 0;
	int found = 0;

	while (!found && (i = slice_find(rest, "AAAA")) < rest.n && tries < TRIES) {
		rest = slice_skip(rest, i);
		*before = slice_of(text.p, text.n - rest.n);
		if (before->n == 0 || base64_value(rest.p[-1]) > 63) {
			found = decode(rest, view, blob);
			tries++;
		}
		rest = slice_skip(rest, 4);
	}
	return found;
}

int
authorized_keys_next(struct slice *file, struct authorized_line *line, struct buffer *blob)
{
	struct slice text, name, base64;

	while (file->n > 0) {
		*line = (struct authorized_line){ .all = *file };
		text = slice_trim(slice_line(file));
		line->all.n -= file->n;
		if (text.n == 0 || text.p[0] == '#')
			continue;
		buffer_truncate(blob, 0);
		line->odd = !format_openssh_public_split(text, &line->options, &name, &base64,
		    &line->comment) || base64_get(blob, base64) != 0 ||
		    key_view_parse(buffer_slice(blob), &line->view) != KEY_OK ||
		    !slice_eq(line->view.name, name);
		if (line->odd)
			line->comment.n = 0;
		if (!line->odd || search(text, &line->options, &line->view, blob))
			return 1;
	}
	return 0;
}

int
authorized_keys_find(struct slice *file, struct slice blob, struct authorized_line *line)
{
	struct buffer bytes = BUFFER_EMPTY;
	int found = 0;

	while (!found && authorized_keys_next(file, line, &bytes))
		found = !line->odd && slice_eq(line->view.blob, blob) &&
		    (line->options.n == 0 || authorized_keys_options(line->options));
	line->view = (struct key_view){ 0 };
	buffer_free(&bytes);
	return found;
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
