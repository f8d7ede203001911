#include "permission/permission_text.h"
#include "base/error.h"
#include "base/io.h"
#include "encoding/base64.h"
#include "encoding/key_line.h"

#include <errno.h>

/* A blob in base64 begins with the length of its type's name, so with "AAAA". */
#define SHORTEST_BLOB 32
#define LARGEST ((size_t)256 << 20)     /* bytes, of a file */

/* sshd reads bytes: UTF-16 has no key for it, and a mark spoils the first line. */
static int
is_encoded(struct slice text)
{
	const unsigned char *p = text.p;

	if (text.n >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff) ||
	    (p[0] == '\0') != (p[1] == '\0')))
		return 1;
	return text.n >= 4 && slice_starts(text, "\xef\xbb\xbf") && strchr("#\r\n", p[3]) == NULL;
}

/* Not whether bits are left over: that is no sign of two lines joined. */
static int
is_base64(struct slice word)
{
	size_t i, n = 0, padding = 0;

	for (i = 0; i < word.n; i++) {
		const unsigned v = base64_value(word.p[i]);

		if (v > 65 || (v < 64 && padding > 0))
			return 0;
		n += v <= 64;
		padding += v == 64;
	}
	return n % 4 == 0;
}

static void
report(struct permission_finding *f, enum permission_rule rule, int refused, unsigned long line)
{
	f->rule = rule;
	f->refused = refused;
	f->line = line;
	f->check->found(f->check->to, f);
}

/* Reports a line, number n, with a second key after its first. */
static void
check_line(struct permission_finding *f, struct slice line, unsigned long n)
{
	struct slice word, first = { NULL, 0 };

	if ((word = slice_trim(line)).n == 0 || word.p[0] == '#')
		return;
	while (line.n > 0) {
		/* quotes are in the options, which come before the key */
		if (first.n > 0)
			word = key_line_field(&line);
		else
			(void)key_line_options(&line, &word);
		word = slice_trim(word);        /* of CR, which base64 may have around it */
		if (word.n < SHORTEST_BLOB || !slice_starts(word, "AAAA"))
			continue;
		if (first.n > 0) {
			report(f, PERMISSION_JOINED, !is_base64(first), n);
			return;
		}
		first = word;
	}
}

int
permission_text_check(int fd, struct permission_finding *f)
{
	struct buffer text = BUFFER_INIT(LARGEST);
	const int r = io_read_all(fd, (size_t)f->st.st_size, &text);
	struct slice rest = buffer_slice(&text), line;
	unsigned long n;

	if (r == ERROR_NONE && is_encoded(rest))
		report(f, PERMISSION_ENCODING, 1, 1);
	else if (r == ERROR_NONE)
		for (n = 1; rest.n > 0; n++) {
			line = slice_line(&rest);
			/* C's strings end at a NUL */
			line.n = line.n == 0 ? 0 : strnlen((const char *)line.p, line.n);
			check_line(f, line, n);
		}
	buffer_free(&text);
	if (r != ERROR_NONE && r != ERROR_SYSTEM)
		errno = r == ERROR_TOO_BIG ? EFBIG : ENOMEM;
	return r == ERROR_NONE ? 0 : -1;
}
