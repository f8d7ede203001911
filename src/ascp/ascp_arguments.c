#include "ascp/ascp_arguments.h"
#include "base/shell_quote.h"

#include <string.h>

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

/* wrong: NULL where nothing is. */
static int
refuse(struct ascp_arguments *a, const char *name, const char *word, const char *wrong)
{
	if (wrong == NULL)
		return 0;
	buffer_puts(&a->wrong, name);
	buffer_puts(&a->wrong, word);
	buffer_puts(&a->wrong, ": ");
	buffer_puts(&a->wrong, wrong);
	return -1;
}

static void
put_word(struct buffer *list, struct slice name, const char *joint, const char *value)
{
	struct buffer word = BUFFER_EMPTY;

	buffer_put_slice(&word, name);
	buffer_puts(&word, joint);
	buffer_puts(&word, value);
	buffer_puts(list, list->n > 0 ? " " : "");
	if (buffer_string(&word) == NULL)
		buffer_fail(list);
	else
		shell_quote_word(list, buffer_string(&word));
	buffer_free(&word);
}

/* One option by its name with hyphens; value is what is joined to it, or NULL:
 * then it is the next word where o wants one. */
static int
take(struct ascp_arguments *a, const struct ascp_option *o, struct slice name, const char *value,
    char ***words)
{
	const char *joint = "";

	if (value == NULL && o->value == ASCP_OPTION_VALUE && (value = **words) != NULL)
		++*words;
	else if (value == NULL && o->value == ASCP_OPTION_VALUE)
		return refuse(a, (const char *)name.p, "", "requires a value");
	if (value != NULL && slice_starts(name, "--"))
		joint = "=";
	value = value != NULL ? value : "";
	a->value[o->meaning] = value;
	buffer_puts(&a->given, a->given.n > 0 ? "" : " ");
	buffer_put_slice(&a->given, name);
	buffer_puts(&a->given, " ");
	if (o->meaning == ASCP_OTHER || o->meaning == ASCP_UNKNOWN)
		put_word(&a->other, name, joint, value);
	if (o->meaning == ASCP_UNKNOWN)
		put_word(&a->unknown, name, joint, value);
	return 0;
}

static int
take_long(struct ascp_arguments *a, const char *word, char ***words)
{
	const size_t n = strcspn(word, "=");
	const struct ascp_option *o = ascp_option_long(word + 2, n - 2);
	struct buffer name = BUFFER_EMPTY;
	int r = -1;

	buffer_put(&name, word, o->name != NULL ? 2 : n);
	buffer_puts(&name, o->name != NULL ? o->name : "");
	if (buffer_string(&name) == NULL)
		buffer_fail(&a->wrong);
	else
		r = take(a, o, buffer_slice(&name), word[n] == '=' ? word + n + 1 : NULL, words);
	buffer_free(&name);
	return r;
}

static int
take_letters(struct ascp_arguments *a, const char *word, char ***words)
{
	char name[] = "-x";
	const struct ascp_option *o;
	int r = 0;

	for (; r == 0 && *++word != '\0';) {
		o = ascp_option_letter(*word);
		name[1] = *word;
		/* -DDP is a level of debugging, and no port */
		if (o->value != ASCP_OPTION_NONE || strcmp(word, "DP") == 0)
			return take(a, o, slice_str(name), word[1] != '\0' ? word + 1 : NULL, words);
		r = take(a, o, slice_str(name), NULL, words);
	}
	return r;
}

/* What --mode, --host and --user say. */
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
		r = r != 0 ? r : refuse(a, "--host=", host, ascp_place_check_host(a->host));
	}
	if (user != NULL) {
		a->user = slice_str(user);
		r = r != 0 ? r : refuse(a, "--user=", user, ascp_place_check(user));
	}
	return r;
}

/* A source, or the destination, which comes last. */
static int
take_place(struct ascp_arguments *a, const char *word, int last)
{
	struct ascp_place p = { .path = slice_str(word), .host = a->host, .user = a->user };
	const char *wrong;

	wrong = a->value[ASCP_HOST] != NULL ? ascp_place_check(word) : ascp_place_parse(word, &p);
	if (wrong == NULL && a->value[ASCP_HOST] == NULL && p.host.n > 0) {
		if (a->host.n > 0 && last)
			wrong = "both sides have a host";
		else if (p.user.n == 0)
			p.user = a->value[ASCP_USER] != NULL ? slice_str(a->value[ASCP_USER]) : p.user;
	}
	if (wrong == NULL && !last && a->sources.n > 0 &&
	    (!slice_eq(a->host, p.host) || (p.host.n > 0 && !slice_eq(a->user, p.user))))
		wrong = "not of the host and user of the source before it";
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
		put_word(&a->sources, p.path, "", "");
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
