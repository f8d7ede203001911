/*
 * arguments: the input is arguments of ascp, one on each line. The results point into them; shell_quote makes
 * as many words as there are; and a rate is unknown or a number.
 */
#include "fuzz.h"
#include "ascp/ascp_arguments.h"

#define WORDS 64

/* The number of words that shell_quote made, separated by a blank. */
static size_t
count(struct slice quoted)
{
	size_t i, words = quoted.n > 0;
	int within = 0;

	for (i = 0; i < quoted.n; i++) {
		if (quoted.p[i] == '\'')
			within = !within;
		else if (quoted.p[i] == '\\' && !within)
			i++;
		words += quoted.p[i] == ' ' && !within;
	}
	assert(!within);
	return words;
}

static int
is_within(struct slice s, const char *text, size_t n)
{
	return s.n == 0 || ((const char *)s.p >= text && (const char *)s.p + s.n <= text + n);
}

static void
check(char **words, size_t n, const char *text, size_t size)
{
	struct ascp_arguments a;
	const char *rate;

	ascp_arguments_init(&a);
	if (ascp_arguments_read(&a, words) == 0) {
		assert(a.wrong.n == 0);
		assert(is_within(a.host, text, size) && is_within(a.user, text, size) &&
		    is_within(a.destination, text, size));
		assert(a.host.n == 0 || (a.host.p[0] != '-' && memchr(a.host.p, '/', a.host.n) == NULL));
		assert(a.user.n == 0 || a.user.p[0] != '-');
		assert(a.destination.n == 0 || a.destination.p[0] != '-');
		assert(count(buffer_slice(&a.sources)) <= n);
		(void)count(buffer_slice(&a.other));
		rate = a.value[ASCP_RATE];
		assert(rate == NULL || ascp_arguments_kbits(rate) >= -1);
	} else
		assert(a.wrong.n > 1);
	ascp_arguments_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char text[2049], *words[WORDS + 1], *at = text;
	size_t i;

	n = n < sizeof text ? n : sizeof text - 1;
	memcpy(text, p, n);
	text[n] = '\0';
	for (i = 0; i < WORDS && at < text + n; i++) {
		words[i] = at;
		at += strcspn(at, "\n");
		*at++ = '\0';
	}
	words[i] = NULL;
	check(words, i, text, sizeof text);
	return 0;
}
