#include "ascp/ascp_place.h"

#include <string.h>

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

const char *
ascp_place_check(const char *word)
{
	return check(slice_str(word));
}

const char *
ascp_place_check_host(struct slice host)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._:%-";
	size_t i;

	for (i = 0; i < host.n; i++)
		if (memchr(plain, host.p[i], sizeof plain - 1) == NULL)
			return "not the name of a host";
	return host.n > 0 ? check(host) : "no host before the colon";
}

/* The length of what is before the colon, or of the word where there is none. */
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

const char *
ascp_place_parse(const char *word, struct ascp_place *p)
{
	size_t n = colon(word);
	const char *why = NULL;
	size_t i;

	*p = (struct ascp_place){ .path = slice_str(word) };
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
		why = ascp_place_check_host(p->host);
	return why != NULL ? why : check(p->path);
}
