#include "ascp/ascp_arguments.h"
#include "base/shell_quote.h"

enum value {
	NONE,
	ATTACHED,       /* the rest of the word, which may be empty: -w */
	VALUE           /* the rest of the word, or the next word */
};

struct option {
	const char *name;       /* a letter, or a long name without its hyphens; NULL: unknown */
	enum value value;
	enum ascp_meaning meaning;
};

/* -D may be repeated, and an option with a value may follow in the same word: -DDL- */
static const char flags[] = "AdDhpqrvQT67";
static const char valued[] = "@CcEefGgIjKmMNOoRStuWXxYyZ";

#define FLAG(name) { name, NONE, ASCP_OTHER }
#define VALUED(name) { name, VALUE, ASCP_OTHER }

static const struct option flag = FLAG(NULL), with_value = VALUED(NULL),
	rest = { NULL, ATTACHED, ASCP_OTHER }, unknown = { NULL, NONE, ASCP_UNKNOWN };

static const struct option options[] = {
	{ "i", VALUE, ASCP_KEY },
	{ "k", VALUE, ASCP_RESUME },
	{ "L", VALUE, ASCP_LOG },
	{ "l", VALUE, ASCP_RATE },
	{ "P", VALUE, ASCP_PORT },
	{ "file-list", VALUE, ASCP_FILE_LIST },
	{ "file-pair-list", VALUE, ASCP_FILE_PAIR_LIST },
	{ "host", VALUE, ASCP_HOST },
	{ "mode", VALUE, ASCP_MODE },
	{ "user", VALUE, ASCP_USER },
	FLAG("apply-local-docroot"), FLAG("delete-before-transfer"), FLAG("dest64"),
	FLAG("help"), FLAG("ignore-host-key"), FLAG("keepalive"), FLAG("no-open"),
	FLAG("no-read"), FLAG("no-write"), FLAG("precalculate-job-size"),
	FLAG("preserve-access-time"), FLAG("preserve-creation-time"),
	FLAG("preserve-file-owner-gid"), FLAG("preserve-file-owner-uid"),
	FLAG("preserve-modification-time"), FLAG("preserve-source-access-time"),
	FLAG("remove-after-transfer"), FLAG("remove-empty-directories"),
	FLAG("remove-empty-source-directory"), FLAG("save-before-overwrite"),
	FLAG("skip-special-files"), FLAG("version"),
	VALUED("check-sshfp"), VALUED("exclude-newer-than"), VALUED("exclude-older-than"),
	VALUED("file-checksum"), VALUED("file-crypt"), VALUED("file-manifest"),
	VALUED("file-manifest-inprogress-suffix"), VALUED("file-manifest-path"),
	VALUED("move-after-transfer"), VALUED("multi-session-threshold"), VALUED("overwrite"),
	VALUED("partial-file-suffix"), VALUED("policy"), VALUED("preserve-acls"),
	VALUED("preserve-xattrs"), VALUED("proxy"), VALUED("remote-preserve-acls"),
	VALUED("remote-preserve-xattrs"), VALUED("retry-timeout"), VALUED("source-prefix"),
	VALUED("source-prefix64"), VALUED("src-base"), VALUED("src-base64"), VALUED("ssh-arg"),
	VALUED("symbolic-links"), VALUED("tags"), VALUED("tags64"),
};

static const struct option *
option_letter(char c)
{
	size_t i;

	for (i = 0; i < sizeof options / sizeof options[0]; i++)
		if (options[i].name[0] == c && options[i].name[1] == '\0')
			return &options[i];
	return strchr(flags, c) != NULL ? &flag : c == 'w' ? &rest :
	    strchr(valued, c) != NULL ? &with_value : &unknown;
}

/* The option with this name of n bytes or, as in getopt_long(3), the only option whose name begins
 * with it. */
static const struct option *
option_long(const char *name, size_t n)
{
	const struct option *found = &unknown;
	size_t i;

	for (i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (options[i].name[1] == '\0' || strncmp(options[i].name, name, n) != 0)
			continue;
		if (options[i].name[n] == '\0')
			return &options[i];
		found = found == &unknown ? &options[i] : &flag;
	}
	return found->name != NULL ? found : &unknown;
}

void
ascp_arguments_init(struct ascp_arguments *a)
{
	const struct buffer list = BUFFER_INIT(ASCP_ARGUMENTS_MAX);

	*a = (struct ascp_arguments){ .mode = "", .given = list, .sources = list, .other = list,
	    .unknown = list, .wrong = BUFFER_EMPTY };
}

void
ascp_arguments_free(struct ascp_arguments *a)
{
	buffer_free(&a->given);
	buffer_free(&a->sources);
	buffer_free(&a->other);
	buffer_free(&a->unknown);
	buffer_free(&a->wrong);
}

struct place {
	struct slice user, host, path;  /* parts of the word; no host if the path is local */
};

/* What is wrong with s, or NULL: ssh, sftp or ascp could read a leading "-" as an option. */
static const char *
check(struct slice s)
{
	size_t i;

	if (s.n > 0 && s.p[0] == '-')
		return "begins with -";
	for (i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] == 0x7f)
			return "a control character";
	return NULL;
}

static const char *
check_host(struct slice host)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._:%-";
	size_t i;

	for (i = 0; i < host.n; i++)
		if (memchr(plain, host.p[i], sizeof plain - 1) == NULL)
			return "not the name of a host";
	return host.n > 0 ? check(host) : "no host before the colon";
}

/* The length of the text before the colon that ends the host, or of the whole word. */
static size_t
colon(const char *word)
{
	size_t n = strcspn(word, "/:[");
	const char *close;

	if (word[n] == '[' && (n == 0 || word[n - 1] == '@') &&
	    (close = strstr(word + n, "]:")) != NULL)
		return (size_t)(close - word) + 1;
	n = strcspn(word, "/:");
	return word[n] == ':' && strncmp(word + n, "://", 3) != 0 ? n : strlen(word);
}

/* Splits word into p. Returns NULL, or what is wrong with the word. */
static const char *
parse_place(const char *word, struct place *p)
{
	size_t n = colon(word);
	const char *why = NULL;
	size_t i;

	*p = (struct place){ .path = slice_str(word) };
	if (word[n] != ':')
		return check(p->path);
	p->host = slice_of(word, n);
	p->path = slice_skip(p->path, n + 1);
	for (i = n; i > 0 && word[i - 1] != '@'; i--)
		continue;
	if (i > 0) {
		p->user = slice_of(word, i - 1);
		p->host = slice_skip(p->host, i);
		why = i > 1 ? check(p->user) : "no user before the @";
	}
	if (p->host.n > 2 && p->host.p[0] == '[')
		p->host = slice_of(p->host.p + 1, p->host.n - 2);
	if (why == NULL)
		why = check_host(p->host);
	return why != NULL ? why : check(p->path);
}

/* Returns 0 if wrong is NULL, else -1. */
static int
refuse(struct ascp_arguments *a, const char *name, const char *word, const char *wrong)
{
	if (wrong == NULL)
		return 0;
	buffer_printf(&a->wrong, "%s%s: %s", name, word, wrong);
	return -1;
}

static void
put_word(struct buffer *list, struct slice word)
{
	buffer_puts(list, list->n > 0 ? " " : "");
	shell_quote_word(list, word);
}

/* Stores one option by its name with hyphens. value is the text joined to it, or NULL: then it is
 * the next word, if o requires a value. */
static int
take(struct ascp_arguments *a, const struct option *o, const char *name, const char *value,
    char ***words)
{
	struct buffer word = BUFFER_EMPTY;

	if (value == NULL && o->value == VALUE && (value = **words) != NULL)
		++*words;
	else if (value == NULL && o->value == VALUE)
		return refuse(a, name, "", "requires a value");
	buffer_printf(&word, "%s%s%s", name, value != NULL && name[1] == '-' ? "=" : "",
	    value != NULL ? value : "");
	a->value[o->meaning] = value != NULL ? value : "";
	buffer_printf(&a->given, "%s%s ", a->given.n > 0 ? "" : " ", name);
	if (o->meaning == ASCP_OTHER || o->meaning == ASCP_UNKNOWN)
		put_word(&a->other, buffer_slice(&word));
	if (o->meaning == ASCP_UNKNOWN)
		put_word(&a->unknown, buffer_slice(&word));
	if (word.failed)
		buffer_fail(&a->other);
	buffer_free(&word);
	return 0;
}

static int
take_long(struct ascp_arguments *a, const char *word, char ***words)
{
	const size_t n = strcspn(word, "=");
	const struct option *o = option_long(word + 2, n - 2);
	struct buffer name = BUFFER_EMPTY;
	int r = -1;

	buffer_put(&name, word, o->name != NULL ? 2 : n);
	buffer_puts(&name, o->name != NULL ? o->name : "");
	if (buffer_string(&name) == NULL)
		buffer_fail(&a->wrong);
	else
		r = take(a, o, (const char *)name.p, word[n] == '=' ? word + n + 1 : NULL, words);
	buffer_free(&name);
	return r;
}

static int
take_letters(struct ascp_arguments *a, const char *word, char ***words)
{
	char name[] = "-x";
	const struct option *o;
	int r = 0;

	for (; r == 0 && *++word != '\0';) {
		o = option_letter(*word);
		name[1] = *word;
		/* -DDP is a level of debugging; this P is not the port */
		if (o->value != NONE || strcmp(word, "DP") == 0)
			return take(a, o, name, word[1] != '\0' ? word + 1 : NULL, words);
		r = take(a, o, name, NULL, words);
	}
	return r;
}

static int
take_remote(struct ascp_arguments *a)
{
	const char *mode = a->value[ASCP_MODE], *host = a->value[ASCP_HOST], *user = a->value[ASCP_USER];
	int r = 0;

	if (mode != NULL && strcmp(mode, "send") != 0 && strcmp(mode, "recv") != 0)
		r = refuse(a, "--mode=", mode, "neither send nor recv");
	a->mode = mode != NULL ? mode : "";
	if (host != NULL) {
		a->host = slice_str(host);
		r = r != 0 ? r : refuse(a, "--host=", host, check_host(a->host));
	}
	if (user != NULL) {
		a->user = slice_str(user);
		r = r != 0 ? r : refuse(a, "--user=", user, check(a->user));
	}
	return r;
}

static int
take_place(struct ascp_arguments *a, const char *word, int last)
{
	struct place p = { .path = slice_str(word), .host = a->host, .user = a->user };
	const char *wrong;

	wrong = a->value[ASCP_HOST] != NULL ? check(p.path) : parse_place(word, &p);
	if (wrong == NULL && a->value[ASCP_HOST] == NULL && p.host.n > 0) {
		if (a->host.n > 0 && last)
			wrong = "both sides have a host";
		else if (p.user.n == 0)
			p.user = a->value[ASCP_USER] != NULL ? slice_str(a->value[ASCP_USER]) : p.user;
	}
	if (wrong == NULL && !last && a->sources.n > 0 &&
	    (!slice_eq(a->host, p.host) || (p.host.n > 0 && !slice_eq(a->user, p.user))))
		wrong = "another host or user than that of the source before it";
	if (wrong != NULL)
		return refuse(a, "", word, wrong);
	if (a->value[ASCP_HOST] == NULL && p.host.n > 0) {
		a->host = p.host;
		a->user = p.user;
		a->mode = last ? "send" : "recv";
	}
	if (last)
		a->destination = p.path;
	else
		put_word(&a->sources, p.path);
	return 0;
}

int
ascp_arguments_read(struct ascp_arguments *a, char **words)
{
	char **operand = words, **operands = words;
	int r = 0, n, list;

	while (r == 0 && *words != NULL && strcmp(*words, "--") != 0) {
		char *word = *words++;

		if (word[0] != '-' || word[1] == '\0')
			*operand++ = word;
		else
			r = (word[1] == '-' ? take_long : take_letters)(a, word, &words);
	}
	for (words += *words != NULL; r == 0 && *words != NULL;)
		*operand++ = *words++;
	if (r == 0)
		r = take_remote(a);
	list = a->value[ASCP_FILE_LIST] != NULL || a->value[ASCP_FILE_PAIR_LIST] != NULL;
	for (n = 0; r == 0 && operands < operand; operands++, n++)
		r = take_place(a, *operands, operands + 1 == operand && (n > 0 || list));
	return r;
}

long long
ascp_arguments_kbits(const char *rate)
{
	static const char units[] = "KkMmGg";
	const char *unit;
	long long n = 0, parts;
	int digits = 0, decimals = -1;

	for (; (*rate >= '0' && *rate <= '9') || *rate == '.'; rate++)
		if (*rate == '.') {
			if (++decimals > 0)
				return -1;
		} else if (decimals < 6) {
			if (++digits > 9)
				return -1;
			n = n * 10 + (*rate - '0');
			decimals += decimals >= 0;
		}
	unit = *rate != '\0' ? strchr(units, *rate) : units;
	if (digits == 0 || unit == NULL || (*rate != '\0' && rate[1] != '\0'))
		return -1;
	for (decimals = decimals < 0 ? 0 : decimals; decimals < 6; decimals++)
		n *= 10;
	parts = unit - units < 2 ? 1000000 : unit - units < 4 ? 1000 : 1;
	return (n + parts - 1) / parts;
}
