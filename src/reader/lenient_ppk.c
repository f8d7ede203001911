#include "reader/lenient.h"
#include "format/format.h"

#define START "PuTTY-User-Key-File-"
#define HEX "0123456789abcdefABCDEF"
#define WIDTH 64

/* The rest of the line, with the blanks at its end. */
static struct slice
with_blanks(const struct lenient *l)
{
	return slice_of(l->line.p, l->line.n + l->blanks);
}

/* Puts out base64 in lines of 64 characters, starting at column. Returns the column of its end. */
static size_t
put_base64(struct lenient *l, size_t column)
{
	struct slice line = slice_trim(l->line);
	size_t n;

	if (column > 0 || line.n > WIDTH)
		l->what |= LENIENT_BROKEN;
	for (; line.n > 0; line = slice_trim(slice_skip(line, n))) {
		n = slice_word(line);
		n = n < WIDTH - column ? n : WIDTH - column;
		buffer_put(&l->out, line.p, n);
		column += n;
		if (column == WIDTH) {
			lenient_end(l);
			column = 0;
		}
	}
	l->line.n = 0;
	return column;
}

/* Puts out the n digits of a MAC, which may be in pieces: its line has up to 77 characters. */
static void
put_mac(struct lenient *l, size_t n)
{
	unsigned broken = 0;
	size_t k;

	do {
		l->blanks = 0;          /* these blanks are not part of the text after the MAC */
		l->line = slice_trim(l->line);
		for (k = 0; k < n && k < l->line.n && memchr(HEX, l->line.p[k], strlen(HEX)) != NULL; k++)
			continue;
		buffer_put(&l->out, l->line.p, k);
		l->line = slice_skip(l->line, k);
		n -= k;
		if (k > 0)
			l->what |= broken | l->marks;
		if (n > 0 && slice_is(l->line, "=")) {  /* quoted-printable's soft line end */
			l->what |= LENIENT_QUOTED_PRINTABLE;
			l->line.n = 0;
		}
		broken = LENIENT_BROKEN;
	} while (n > 0 && l->line.n == 0 && lenient_more(l));
	lenient_end(l);
}

/* Puts out a header of a key that is in one line, and the base64 behind it, without the
 * blanks at the end: the last argument is their number. Base64 that begins with a digit may follow
 * the header's number directly: the number ends at the first digit after which the rest has as many
 * lines of base64 as the number says. */
static void
put_header(struct lenient *l, struct slice line, size_t blanks)
{
	const unsigned what = l->what;
	size_t n, lines = 0;

	line.n -= blanks < line.n ? blanks : line.n;
	n = slice_find(line, "-Lines: ");
	if (n >= line.n || n > strlen("Private")) {
		lenient_give(l, line);
		return;
	}
	for (n += strlen("-Lines: "); n < line.n && line.p[n] >= '0' && line.p[n] <= '9' &&
	    (blanks > 0 || (line.n - n + WIDTH - 1) / WIDTH != lines); n++)
		lines = 10 * lines + line.p[n] - '0';
	lenient_give(l, slice_of(line.p, n));
	l->line = slice_skip(line, n);
	if (put_base64(l, 0) > 0)
		lenient_end(l);
	l->what = what;
}

/* Puts out a key whose line ends are lost or became blanks, up to its MAC, at offset n of the line.
 * If the comment contains the name of a header, the MAC is then wrong, and the key is refused. */
static void
put_one_line(struct lenient *l, size_t n)
{
	static const char *const names[] = { "Encryption: ", "Comment: ", "Public-Lines: ", "Key-Derivation: ",
		"Argon2-Memory: ", "Argon2-Passes: ", "Argon2-Parallelism: ", "Argon2-Salt: ", "Private-Lines: " };
	struct slice head = slice_of(l->line.p, n), behind = slice_skip(l->line, n);
	size_t i, at = slice_find(head, names[0]), blanks = at - slice_trim(slice_of(head.p, at)).n;

	l->what |= LENIENT_ONE_LINE;
	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		if ((at = slice_find(head, names[i])) == head.n)
			continue;
		put_header(l, slice_of(head.p, at), blanks);
		head = slice_skip(head, at);
	}
	put_header(l, head, blanks);
	l->line = behind;
}

/* The offset in the rest of the line at which a PPK begins, or the length of the rest. */
static size_t
find(const struct lenient *l)
{
	struct slice line = with_blanks(l), found;
	size_t at = slice_find(line, START), n = strlen(START);

	found = slice_skip(line, at);
	return found.n > n && slice_starts(slice_skip(found, n + 1), ": ") &&
	    format_recognizing(found) != NULL ? at : l->line.n;
}

/* Puts out a line of a key whose first line is missing: the strict reader refuses it. */
static int
take_stray(struct lenient *l)
{
	struct slice line = with_blanks(l);

	if (!slice_starts(line, "Private-") ||
	    (slice_find(line, "-Lines: ") >= 10 && slice_find(line, "-MAC: ") >= 10))
		return 0;
	lenient_begin(l);
	lenient_give(l, line);
	l->line.n = 0;
	return 1;
}

/* PuTTY's appendix C.3: "Name: value" lines; base64, after a header with its number of lines; at
 * the end a MAC, in version 3 with SHA-256, else with SHA-1. */
int
lenient_ppk_take(struct lenient *l)
{
	size_t column = 0, at = find(l), colon, mac;
	int last = 0, padded;
	struct slice line;

	if (at == l->line.n)
		return take_stray(l);
	lenient_rejoin_front(l, at);
	l->line = slice_skip(l->line, at);
	l->marks &= ~(unsigned)LENIENT_EMPTY;
	mac = slice_starts(l->line, START "3") ? 64 : 40;
	padded = l->blanks > 0; /* then the comment is padded too */
	l->what |= padded ? LENIENT_TRAILING : 0;
	lenient_begin(l);
	at = slice_find(l->line, "Private-MAC: ");
	/* only for one key in the line: of many, each would search the rest of the line again */
	line = slice_skip(l->line, 1);
	if (at < l->line.n && slice_find(line, START) == line.n)
		put_one_line(l, at);
	do {
		l->what |= l->marks;
		line = l->line;
		colon = slice_find(line, ":");
		if (colon == line.n) {
			column = put_base64(l, column);
			continue;
		}
		if (column > 0)
			lenient_end(l);
		column = 0;
		last = slice_starts(line, "Private-MAC:") || slice_starts(line, "Private-Hash:");
		if (last)
			line.n = colon + 1;
		else if (!padded && slice_starts(line, "Comment:"))
			line = with_blanks(l);
		buffer_put_slice(&l->out, line);
		if (line.n == colon + 1)
			buffer_puts(&l->out, " ");
		l->line = slice_skip(l->line, last ? line.n : l->line.n);
		if (!last)
			lenient_end(l);
	} while (!last && lenient_more(l) && find(l) == l->line.n);
	if (last)
		put_mac(l, mac);
	else if (column > 0)
		lenient_end(l);
	return 1;
}
