#include "authorized/authorized_keys.h"
#include "base/error.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

/* The time in word, "+" with a number and a unit, from now; -1 for another form. */
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

/* The time that tm is here in standard time. sshd reads a local time so in summer, too. */
static time_t
standard_time(struct tm tm)
{
	tm.tm_isdst = 0;
	return mktime(&tm);
}

/* The time in the digits of word, or -1 if it does not exist. */
static time_t
absolute(const char *word, int utc)
{
	struct tm tm = { 0 }, same;
	time_t t;

	(void)sscanf(word, "%4d%2d%2d%2d%2d%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
	    &tm.tm_min, &tm.tm_sec);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	same = tm;
	t = timegm(&tm);
	if (tm.tm_mon != same.tm_mon || tm.tm_mday != same.tm_mday || tm.tm_hour != same.tm_hour ||
	    tm.tm_min != same.tm_min || tm.tm_sec != same.tm_sec)
		return -1;
	return utc ? t : standard_time(same);
}

/* The time in a value of expiry-time, local, or in UTC with Z or UTC after it; else -1. */
static time_t
expiry(struct slice text)
{
	char word[18];
	size_t n;
	int utc;

	if (text.n >= sizeof word)
		return -1;
	memcpy(word, text.p, text.n);
	word[text.n] = '\0';
	n = strspn(word, "0123456789");
	utc = strcasecmp(word + n, "Z") == 0 || strcasecmp(word + n, "UTC") == 0;
	return (word[n] == '\0' || utc) && (n == 8 || n == 12 || n == 14) ? absolute(word, utc) : -1;
}

static int
is_cidr(const char *text, const char *slash)
{
	char host[INET6_ADDRSTRLEN];
	unsigned char address[16];
	const size_t n = (size_t)(slash - text), digits = strspn(slash + 1, "0123456789");
	const int family = memchr(text, ':', n) != NULL ? AF_INET6 : AF_INET;
	const size_t size = family == AF_INET6 ? 16 : 4;
	size_t bits;

	if (n >= sizeof host || digits == 0 || digits > 3 || slash[1 + digits] != '\0')
		return 0;
	memcpy(host, text, n);
	host[n] = '\0';
	bits = (size_t)atoi(slash + 1);
	if (inet_pton(family, host, address) != 1 || bits > size * 8)
		return 0;
	/* sshd refuses an address with bits set behind the mask */
	for (; bits < size * 8; bits++)
		if (address[bits / 8] & 0x80 >> bits % 8)
			return 0;
	return 1;
}

#define ALNUM "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static int
is_from(char *value)
{
	char *word, *rest = NULL, *slash;
	int admits = 0;         /* sshd lets nobody in if all patterns are negated or one is "!*" */

	if (value[0] == '\0' || strspn(value, ALNUM ".:*?!,/_%-") != strlen(value) ||
	    strstr(value, ",,") != NULL || value[0] == ',' || value[strlen(value) - 1] == ',')
		return 0;
	for (word = strtok_r(value, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
		admits |= word[0] != '!';
		if (word[0] == '!' && word[1 + strspn(word + 1, "*?")] == '\0')
			return 0;
		word += word[0] == '!';
		if ((slash = strchr(word, '/')) != NULL && !is_cidr(word, slash))
			return 0;
	}
	return admits;
}

static int
is_port(const char *text)
{
	const size_t n = strspn(text, "0123456789");

	if (n > 0)
		return n < 6 && text[n] == '\0' && atoi(text) > 0 && atoi(text) < 65536;
	return strcmp(text, "*") == 0 || (text[0] != '\0' && getservbyname(text, "tcp") != NULL);
}

/* HOST:PORT. A HOST with a colon must be in brackets; an empty HOST means any host. */
static int
is_place(char *value)
{
	char *colon = strrchr(value, ':');
	size_t n;

	if (colon == NULL || !is_port(colon + 1))
		return 0;
	*colon = '\0';
	n = strlen(value);
	if (n > 2 && value[0] == '[' && value[n - 1] == ']')
		return strspn(value + 1, ALNUM ":._%-") == n - 2;
	return strspn(value, ALNUM "._*%-") == n;
}

static int
is_listen_place(char *value)
{
	return is_port(value) || is_place(value);
}

static int
is_variable(char *value)
{
	const size_t n = strspn(value, ALNUM "_");

	return n > 0 && value[n] == '=';
}

static int
is_device(char *value)
{
	const size_t n = strspn(value, "0123456789");

	/* 0x7ffffffe and 0x7fffffff mean something else to sshd */
	return strcasecmp(value, "any") == 0 ||
	    (n > 0 && n < 11 && value[n] == '\0' && strtoll(value, NULL, 10) < 0x7ffffffe);
}

static int
is_anything(char *value)
{
	return value != NULL;
}

static int
is_time(char *value)
{
	return expiry(slice_str(value)) != -1;
}

enum kind { ANY, ONCE, AUTHORITY, PRINCIPALS, EXPIRY };

#define FLAG(name) { name, NULL, ANY }

static const struct option {
	const char *name;
	int (*is)(char *value); /* whether sshd accepts the value; NULL: it has no value */
	enum kind kind;         /* ONCE, PRINCIPALS: sshd refuses a second one */
} known[] = {
	FLAG("agent-forwarding"), FLAG("no-agent-forwarding"), FLAG("no-port-forwarding"),
	FLAG("no-pty"), FLAG("no-touch-required"), FLAG("no-user-rc"), FLAG("no-verify-required"),
	FLAG("no-x11-forwarding"), FLAG("port-forwarding"), FLAG("pty"), FLAG("restrict"),
	FLAG("touch-required"), FLAG("user-rc"), FLAG("verify-required"), FLAG("x11-forwarding"),
	{ "cert-authority", NULL, AUTHORITY },
	{ "command", is_anything, ONCE },
	{ "environment", is_variable, ANY },
	{ "expiry-time", is_time, EXPIRY },
	{ "from", is_from, ONCE },
	{ "permitlisten", is_listen_place, ANY },
	{ "permitopen", is_place, ANY },
	{ "principals", is_anything, PRINCIPALS },
	{ "tunnel", is_device, ANY },
};

#define KNOWN (sizeof known / sizeof known[0])
#define VALUE 4096      /* bytes: a longer one has no valid form */

/* The length of the quoted value that begins text, with its quotes; or 0. */
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

/* n is the length of the value with its quotes. */
static int
has_form(const struct option *o, const unsigned char *p, size_t n)
{
	char value[VALUE];

	if (o->is == is_anything)
		return 1;
	if (n - 2 >= sizeof value)
		return 0;
	memcpy(value, p + 1, n - 2);
	value[n - 2] = '\0';
	return o->is(value);
}

static const struct option *
option_named(struct slice name)
{
	size_t i;

	for (i = 0; i < KNOWN; i++)
		if (slice_names(name, known[i].name))
			return &known[i];
	return NULL;
}

/* Removes the next option and its value from text; value gets it without the quotes. NULL if the
 * option is unknown or its value is malformed. */
static const struct option *
take_option(struct slice *text, struct slice *value)
{
	const struct option *o;
	size_t n;

	for (n = 0; n < text->n && text->p[n] != ',' && text->p[n] != '=';)
		n++;
	o = option_named(slice_of(text->p, n));
	*text = slice_skip(*text, n);
	if (o == NULL || o->is == NULL)
		return o;
	if (text->n == 0 || text->p[0] != '=' || (n = quoted(slice_skip(*text, 1))) == 0 ||
	    !has_form(o, text->p + 1, n))
		return NULL;
	*value = slice_of(text->p + 2, n - 2);
	*text = slice_skip(*text, 1 + n);
	return o;
}

int
authorized_keys_options(struct slice text, time_t now)
{
	int seen[KNOWN] = { 0 }, r = ERROR_NONE;
	const struct option *o;
	struct slice value;
	size_t more;

	do {
		o = take_option(&text, &value);
		if (o == NULL || (seen[o - known]++ > 0 && (o->kind == ONCE || o->kind == PRINCIPALS)))
			return ERROR_UNKNOWN_OPTIONS;
		if (o->kind == AUTHORITY || o->kind == PRINCIPALS)
			r = o->kind == AUTHORITY ? ERROR_AUTHORITY : ERROR_PRINCIPALS;
		else if (r == ERROR_NONE && o->kind == EXPIRY && expiry(value) <= now)
			r = ERROR_EXPIRED;
		if (text.n == 0)
			return r;
		more = text.p[0] == ',';
		text = slice_skip(text, 1);
	} while (more);
	return ERROR_UNKNOWN_OPTIONS;
}

int
authorized_keys_is_forced(struct slice options)
{
	int restricted = 0, forced = 0;
	const struct option *o;
	struct slice value;

	while (options.n > 0) {
		if ((o = take_option(&options, &value)) == NULL)
			return 0;
		if (strcmp(o->name, "restrict") == 0)
			restricted = 1;
		else if (strcmp(o->name, "command") == 0)
			forced = value.n > 0;
		else if (o->kind != EXPIRY && strcmp(o->name, "from") != 0)
			return 0;
		options = slice_skip(options, options.n > 0);
	}
	return restricted && forced;
}

struct authorized_limits
authorized_keys_limits(struct slice options)
{
	struct authorized_limits limits = { 0 };
	const struct option *o;
	struct slice value;
	time_t t;

	while (options.n > 0 && (o = take_option(&options, &value)) != NULL) {
		if (o->kind == EXPIRY && ((t = expiry(value)) < limits.expires || limits.expires == 0))
			limits.expires = t;
		if (o->is == is_from)
			limits.from = value;
		limits.command |= strcmp(o->name, "command") == 0;
		options = slice_skip(options, options.n > 0);
	}
	return limits;
}

int
authorized_keys_until(struct slice options, struct buffer *rest, time_t *until)
{
	const size_t begin = rest->n;
	const struct option *o;
	struct slice from, value;
	time_t t;

	*until = AUTHORIZED_NEVER;
	while (options.n > 0) {
		from = options;
		if ((o = take_option(&options, &value)) == NULL)
			return ERROR_UNKNOWN_OPTIONS;
		if (o->kind == EXPIRY) {
			t = expiry(value);
			if (*until == AUTHORIZED_NEVER || t < *until)
				*until = t;
		} else {
			buffer_puts(rest, rest->n > begin ? "," : "");
			buffer_put(rest, from.p, from.n - options.n);
		}
		if (options.n > 0)
			options = slice_skip(options, 1);
	}
	return rest->failed;
}

/* Finds the key, a type without quotes and base64, in text. Returns 1, 0 if there is no key, or an
 * error. */
static int
find_key(struct slice text, enum key_line_begin begin, struct authorized_line *line,
    struct buffer *blob)
{
	int r;

	(void)key_line_split(text, begin, &line->fields);
	if (memchr(line->fields.type.p, '"', line->fields.type.n) != NULL)
		return 0;
	r = key_blob_decode(line->fields.base64, blob, &line->blob);
	if (r != ERROR_NONE && !key_blob_is_spelling(r))
		return r == ERROR_MALFORMED ? 0 : r;
	line->odd |= r != ERROR_NONE || !slice_eq(line->blob.name, line->fields.type);
	return 1;
}

int
authorized_keys_next(struct slice *file, struct authorized_line *line, struct buffer *blob)
{
	struct slice text;
	size_t n;
	int found = 0;

	while (found == 0 && file->n > 0) {
		*line = (struct authorized_line){ .all = *file };
		text = slice_line(file);
		line->all.n -= file->n;
		/* for sshd, a NUL ends a string */
		n = text.n;
		text.n = n > 0 ? strnlen((const char *)text.p, n) : 0;
		line->odd = text.n < n;
		while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t'))
			text = slice_skip(text, 1);
		if (text.n == 0 || text.p[0] == '#')
			continue;
		found = find_key(text, KEY_LINE_TYPE, line, blob);
		if (found == 0)
			found = find_key(text, KEY_LINE_OPTIONS, line, blob);
	}
	return found;
}

/* Whether text has the name of this option. */
static int
names_authority(struct slice text)
{
	static const char option[] = "cert-authority";
	const size_t before = strcspn(option, "-"), n = sizeof option - 1;
	size_t at;

	for (; (at = slice_find(text, "-")) < text.n; text = slice_skip(text, at + 1))
		if (at >= before && text.n - at + before >= n &&
		    strncasecmp((const char *)text.p + at - before, option, n) == 0)
			return 1;
	return 0;
}

int
authorized_keys_has_authority(struct slice file)
{
	struct buffer blob = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct authorized_line line;
	int more = names_authority(file);       /* few files have one, and to decode their keys takes long */

	while (more > 0 && (more = authorized_keys_next(&file, &line, &blob)) > 0 &&
	    !names_authority(line.fields.options))
		continue;
	buffer_free(&blob);
	return more;
}

int
authorized_keys_judge(const struct authorized_line *line, time_t now)
{
	if (line->odd)
		return ERROR_UNCERTAIN;
	return line->fields.options.n > 0 ? authorized_keys_options(line->fields.options, now) : ERROR_NONE;
}

enum authorized_answer
authorized_keys_lets_in(const struct authorized_line *line, time_t now)
{
	const struct key_type *named = key_type_of(line->fields.type), *type = line->blob.type;
	int r;

	if ((named != NULL && named != type) || (type != NULL && (type->certified != NULL || type->foreign)))
		return AUTHORIZED_NO;
	if (type == NULL)
		return AUTHORIZED_UNKNOWN;
	r = authorized_keys_judge(line, now);
	return r == ERROR_NONE ? AUTHORIZED_YES :
	    r == ERROR_AUTHORITY || r == ERROR_EXPIRED ? AUTHORIZED_NO : AUTHORIZED_UNKNOWN;
}

/* Sets text to the local time that sshd reads as t. Returns 0 if there is none with a year of four digits. */
static int
put_local(char *text, size_t size, time_t t)
{
	struct tm tm;
	time_t shown;

	if (gmtime_r(&t, &tm) == NULL)
		return 0;
	shown = t + (t - standard_time(tm));
	return gmtime_r(&shown, &tm) != NULL && strftime(text, size, "%Y%m%d%H%M%S", &tm) == 14 &&
	    expiry(slice_str(text)) == t;
}

int
authorized_keys_expiry(struct buffer *options, const char *word, time_t now)
{
	const time_t t = word[0] == '+' ? later(word, now) : expiry(slice_str(word));
	char text[32];

	if (t <= now)
		return ERROR_NOT_TO_COME;
	if (word[0] == '+') {
		if (!put_local(text, sizeof text, t))
			return ERROR_NOT_TO_COME;
		word = text;
	}
	return buffer_printf(options, "%sexpiry-time=\"%s\"", options->n > 0 ? "," : "", word) == 0 ?
	    ERROR_NONE : ERROR_MEMORY;
}
