#include "permission_text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* A blob in base64 begins with the length of its type's name, so with "AAAA";
 * with fewer characters than this in all a word is none. */
enum { SHORTEST_BLOB = 32 };

/* Where in a line the reader is. */
struct place {
	unsigned long line;
	unsigned blobs;
	size_t word;            /* characters of the word so far that may be a blob */
	int padded;             /* it has had a "=" */
	int broken;             /* it, or the line's first blob, is no base64 */
	int begun;              /* a character that is not blank was seen */
	int ignored;            /* the rest: a comment line, or after a NUL */
	int quoted;
	int escaped;
	int in_word;
};

static void
next_line(struct place *p)
{
	*p = (struct place){ .line = p->line + 1 };
}

/* A word has ended: the fault when it makes a second key on the line, or 0. */
static int
end_word(struct place *p)
{
	int blob = p->word >= SHORTEST_BLOB;

	if (p->blobs == 0)
		p->broken = p->broken || p->word % 4 != 0;
	p->word = 0;
	p->in_word = 0;
	p->blobs += (unsigned)blob;
	if (!blob || p->blobs != 2)
		return 0;
	return p->broken ? PERMISSION_TEXT_JOINED : PERMISSION_TEXT_SECOND;
}

/* Quotes group words only in the options, which come before the key. */
static int
is_quoted(struct place *p, char c)
{
	if (p->blobs > 0)
		return 0;
	if (c == '"' && !p->escaped)
		p->quoted = !p->quoted;
	p->escaped = c == '\\' && !p->escaped;
	return p->quoted;
}

static int
is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	    c == '+' || c == '/';
}

/* Counts the next character of a word that may be a blob, or the first of one that may not. */
static void
count(struct place *p, char c)
{
	if (p->in_word ? p->word == 0 || (p->word < 4 && c != 'A') : c != 'A') {
		p->word = 0;
		return;
	}
	p->word++;
	if (p->blobs > 0)
		return;
	if (p->word == 1)
		p->broken = p->padded = 0;
	p->padded = p->padded || c == '=';
	if (p->padded ? c != '=' : !is_base64(c))
		p->broken = 1;
}

/* Takes one character: the fault when it ends a second key on the line, or 0. */
static int
step(struct place *p, char c)
{
	int fault = 0;

	if (c == '\n' || (c == '\0' && !p->ignored)) {
		fault = end_word(p);
		if (c == '\n')
			next_line(p);
		p->ignored = c == '\0';
	} else if (p->ignored || is_quoted(p, c)) {
		p->word = 0;
		p->in_word = 1;
	} else if (c == ' ' || c == '\t') {
		fault = end_word(p);
	} else if (c != '\r') {         /* which ends no word, and is passed over in base64 */
		p->ignored = c == '#' && !p->begun;
		p->begun = 1;
		count(p, c);
		p->in_word = 1;
	}
	return fault;
}

/* sshd reads bytes: UTF-16 has no key for it, and a mark spoils the first line. */
static int
is_encoded(const unsigned char *p, size_t n)
{
	if (n >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff) ||
	    (p[0] == '\0') != (p[1] == '\0')))
		return 1;
	return n >= 4 && memcmp(p, "\xef\xbb\xbf", 3) == 0 && strchr("#\r\n", p[3]) == NULL;
}

int
permission_text_check(int fd, off_t size,
    void (*found)(void *to, enum permission_text_fault fault, unsigned long line), void *to)
{
	struct place place = { .line = 1 };
	char text[16384];
	off_t done = 0;
	ssize_t n;
	size_t i;
	int first = 1, fault;
	unsigned long line;

	while ((done != size || size == 0) && (n = read(fd, text, sizeof text)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if (first && is_encoded((const unsigned char *)text, (size_t)n)) {
			found(to, PERMISSION_TEXT_ENCODING, 1);
			return 0;
		}
		first = 0;
		done += n;
		for (i = 0; i < (size_t)n; i++) {
			line = place.line;
			fault = step(&place, text[i]);
			if (fault != 0)
				found(to, (enum permission_text_fault)fault, line);
		}
	}
	fault = step(&place, '\n');
	if (fault != 0)
		found(to, (enum permission_text_fault)fault, place.line - 1);
	return 0;
}
