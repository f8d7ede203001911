#include "log/log_event.h"

#define FINGERPRINT (7 + 43)    /* bytes: SHA256: and base64 of 32 bytes */

const char *
log_event_word(enum log_event_kind kind)
{
	static const char *const words[] = { "none", "login", "certificate", "authorized", "revoked", "superseded" };

	return words[kind];
}

/* Removes s from the beginning of text, and returns 1 if it is there. */
static int
take(struct slice *text, const char *s)
{
	if (!slice_starts(*text, s))
		return 0;
	*text = slice_skip(*text, strlen(s));
	return 1;
}

/* Removes the first word and the blank after it. Returns the word. */
static struct slice
take_word(struct slice *text)
{
	const unsigned char *end = text->n > 0 ? memchr(text->p, ' ', text->n) : NULL;
	const struct slice word = slice_of(text->p, end != NULL ? (size_t)(end - text->p) : text->n);

	*text = slice_skip(*text, word.n + (end != NULL));
	return word;
}

/* 1 if text has 1 to max bytes, each a letter, a digit or in also. */
static int
consists(struct slice text, size_t max, const char *also)
{
	unsigned char c;
	size_t i;

	for (i = 0; i < text.n && i < max; i++) {
		c = text.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) &&
		    memchr(also, c, strlen(also)) == NULL)
			return 0;
	}
	return text.n > 0 && text.n <= max;
}

static int
is_number(struct slice text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return 0;
	return text.n > 0 && text.n <= 10;
}

static int
take_fingerprint(struct slice *text, struct slice *fingerprint)
{
	if (text->n < FINGERPRINT || !slice_starts(*text, "SHA256:") ||
	    !consists(slice_of(text->p + 7, FINGERPRINT - 7), FINGERPRINT - 7, "+/"))
		return 0;
	*fingerprint = slice_of(text->p, FINGERPRINT);
	*text = slice_skip(*text, FINGERPRINT);
	return 1;
}

/* Removes the structured data (RFC 5424, 6.3) and the blank after it. Returns 1 or 0. */
static int
take_data(struct slice *text)
{
	int element = 0, quoted = 0;
	size_t i;

	if (take(text, "- "))
		return 1;
	for (i = 0; i < text->n && (i == 0 || element || text->p[i] != ' '); i++) {
		if (!element && text->p[i] != '[')
			return 0;
		if (quoted && text->p[i] == '\\')
			i++;
		else if (text->p[i] == '"')
			quoted = !quoted;
		else if (!quoted)
			element = text->p[i] != ']';
	}
	if (i >= text->n)
		return 0;
	*text = slice_skip(*text, i + 1);
	return 1;
}

/* Removes the tag from text and leaves the message. Returns the program's name, empty if the line has
 * another form, and sets its process. */
static struct slice
take_tag(struct slice *text, int classic, int rfc5424, struct slice *process)
{
	struct slice tag = take_word(text);
	const unsigned char *bracket;

	*process = slice_of(NULL, 0);
	if (!rfc5424 && slice_ends(tag, ":")) {
		tag.n--;
		bracket = memchr(tag.p, '[', tag.n);
		if (bracket == NULL || !slice_ends(tag, "]"))
			return tag;
		*process = slice_of(bracket + 1, (size_t)(tag.p + tag.n - bracket) - 2);
		return slice_of(tag.p, (size_t)(bracket - tag.p));
	}
	*process = take_word(text);
	(void)take_word(text);
	if (classic || !take_data(text))
		return slice_of(NULL, 0);
	take(text, " ");        /* rsyslog's RSYSLOG_SyslogProtocol23Format has two blanks */
	return tag;
}

/* The byte of three octal digits at the beginning of text, or -1. */
static int
octal(struct slice text)
{
	int i, c = 0;

	for (i = 0; i < 3; i++) {
		if (text.n < 3 || text.p[i] < '0' || text.p[i] > '7')
			return -1;
		c = 8 * c + (text.p[i] - '0');
	}
	return c <= 255 ? c : -1;
}

/* sshd shows the name of an account with \\ and \ooo, as vis(3) does. Returns 1, or 0 if it cannot be a
 * name. */
static int
decode_name(struct log_event *e)
{
	const struct slice text = e->account;
	size_t i, n;
	int c;

	for (i = n = 0; i < text.n; e->name[n++] = (unsigned char)c) {
		c = text.p[i++];
		if (c == '\\' && i < text.n && text.p[i] == '\\') {
			i++;
		} else if (c == '\\') {
			c = octal(slice_skip(text, i));
			i += 3;
		}
		if (c < 0 || n == LOG_EVENT_NAME)
			return 0;
	}
	e->account = slice_of(e->name, n);
	return n > 0;
}

/* Reads the message after " from ". Returns the kind. */
static enum log_event_kind
read_peer(struct slice text, struct log_event *e)
{
	struct slice type;

	e->address = take_word(&text);
	if (e->address.n == 0 || !take(&text, "port ") || !is_number(take_word(&text)) || !take(&text, "ssh2: "))
		return LOG_EVENT_NONE;
	type = take_word(&text);
	if (!consists(type, 64, "-") || !take_fingerprint(&text, &e->fingerprint))
		return LOG_EVENT_NONE;
	if (slice_ends(type, "-CERT"))
		return slice_starts(text, " ID ") ? LOG_EVENT_CERTIFICATE : LOG_EVENT_NONE;
	return text.n == 0 ? LOG_EVENT_LOGIN : LOG_EVENT_NONE;
}

/* The first " from " that begins the rest of such a message ends the name: the ID of a certificate is
 * chosen by whoever signed it, and may contain such a rest, too. */
static enum log_event_kind
read_login(struct slice text, struct log_event *e)
{
	enum log_event_kind kind = LOG_EVENT_NONE;
	struct slice rest = text;
	size_t n;

	if (!take(&text, "Accepted publickey for "))
		return LOG_EVENT_NONE;
	for (rest = text; kind == LOG_EVENT_NONE && (n = slice_find(rest, " from ")) < rest.n;) {
		rest = slice_skip(rest, n + 5);
		e->account = slice_of(text.p, (size_t)(rest.p - text.p) - 5);
		kind = read_peer(slice_skip(rest, 1), e);
	}
	return kind != LOG_EVENT_NONE && decode_name(e) ? kind : LOG_EVENT_NONE;
}

/* Reads the message of log_change in lib/server.sh. FILE is an absolute path, and may contain " by ". */
static enum log_event_kind
read_change(struct slice text, struct log_event *e)
{
	struct slice second = { NULL, 0 }, admin;
	enum log_event_kind kind;
	size_t n;

	if (!take_fingerprint(&text, &e->fingerprint))
		return LOG_EVENT_NONE;
	if (take(&text, " is authorized for "))
		kind = LOG_EVENT_AUTHORIZED;
	else if (take(&text, " is revoked for "))
		kind = LOG_EVENT_REVOKED;
	else if (take(&text, " is superseded by ") && take_fingerprint(&text, &second) && take(&text, " for "))
		kind = LOG_EVENT_SUPERSEDED;
	else
		return LOG_EVENT_NONE;
	n = slice_find(text, " in /");
	if (n == 0 || n == text.n)
		return LOG_EVENT_NONE;
	e->account = slice_of(text.p, n);
	admin = slice_skip(text, n);
	if (slice_find(admin, " by ") == admin.n)
		return LOG_EVENT_NONE;
	while ((n = slice_find(admin, " by ")) < admin.n)
		admin = slice_skip(admin, n + 3);
	admin = slice_skip(admin, 1);
	e->address = second.n > 0 ? second : admin;
	return admin.n > 0 && slice_word(admin) == admin.n ? kind : LOG_EVENT_NONE;
}

int
log_event_read(struct log_stamp *s, struct slice line, struct log_event *e)
{
	enum log_stamp_form form;
	struct slice text = line, name, process, number;
	int rfc5424 = 0;

	if (take(&text, "<")) {
		number = slice_of(text.p, slice_find(text, ">1 "));
		text = slice_skip(text, number.n);
		if (!is_number(number) || !take(&text, ">1 "))
			return 0;
		rfc5424 = 1;
	}
	form = log_stamp_take(s, &text, &e->when);
	if (form == LOG_STAMP_NONE || (rfc5424 && form != LOG_STAMP_ISO) || take_word(&text).n == 0)
		return 0;
	name = take_tag(&text, form == LOG_STAMP_CLASSIC, rfc5424, &process);
	e->sshd = slice_is(name, "sshd") || slice_is(name, "sshd-session");
	if (e->sshd) {
		e->kind = read_login(text, e);
		return is_number(process);
	}
	e->kind = slice_is(name, "xferkey") ? read_change(text, e) : LOG_EVENT_NONE;
	return e->kind != LOG_EVENT_NONE;
}
