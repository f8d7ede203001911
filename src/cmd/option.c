#include "cmd/option.h"
#include "base/escape.h"
#include "cmd/die.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#define COMMENT 1023

void
option_source(struct passphrase *p, int letter, const char *word)
{
	const int r = passphrase_source(p, word);

	if (r == -2)
		die("-%c: env: takes the name of a variable in capital letters", letter);
	if (r != 0)
		die("-%c takes a source, not a passphrase: env:VAR file:PATH fd:N stdin ask none",
		    letter);
}

uint32_t
option_number(int letter, const char *word, uint32_t min, uint32_t max)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(word, &end, 10);
	if (word[0] < '0' || word[0] > '9' || *end != '\0' || errno != 0 || n < min || n > max)
		die("-%c %s: not a number from %lu to %lu", letter, word, (unsigned long)min,
		    (unsigned long)max);
	return (uint32_t)n;
}

const struct format *
option_format(const char *word, unsigned half)
{
	const struct format *f = format_named(word, half | FORMAT_WRITE);

	if (f == NULL)
		die("-m %s: not a format that can be written here (xferkey %s -h)", word, die_typed());
	return f;
}

const char *
option_comment(const char *word)
{
	if (escape_needed(slice_str(word)) || strlen(word) > COMMENT)
		die("-C: a comment is one line of printable text, at most %d bytes", COMMENT);
	return word;
}

const char *
option_fingerprint(int letter, const char *word, unsigned char room[FINGERPRINT_TEXT])
{
	struct buffer text = { room, 0, FINGERPRINT_TEXT, FINGERPRINT_TEXT, 0 };
	int r = fingerprint_typed(slice_str(word), &text);

	if (buffer_string(&text) != NULL && r == 0)
		return (const char *)room;
	/* several lines may be a private key: do not print them */
	die("-%c: not a whole fingerprint as ssh-keygen -l prints it (%s)%s%s", letter, (const char *)room,
	    escape_needed(slice_str(word)) ? "" : ": ", escape_needed(slice_str(word)) ? "" : word);
}

const char *
option_file(const char *word)
{
	const size_t n = strlen(word);

	if (n >= 4 && strcasecmp(word + n - 4, ".pub") == 0)
		die("%s: a name that ends in .pub is for a public key, not for a private one", word);
	return strcmp(word, "-") == 0 ? NULL : word;
}

void
option_streams(const struct passphrase *p, const char *path)
{
	if (p->kind == PASSPHRASE_FD && p->fd == STDIN_FILENO &&
	    (path == NULL || strcmp(path, "-") == 0))
		die("the passphrase and the key cannot both come from standard input");
}
