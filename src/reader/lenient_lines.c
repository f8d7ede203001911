#include "reader/lenient_lines.h"
#include "reader/lenient.h"

#include <string.h>

/* Takes the next line, and off it what was put before it and the blanks at its end: a line
 * is used up piece by piece, and each look at what is left would pass over them again. */
static void
take(struct lenient_lines *l)
{
	struct slice line = slice_line(&l->rest);
	size_t i;
	int quoted = 0;

	l->taken++;
	for (i = 0; i < line.n && memchr(" \t>|", line.p[i], 4) != NULL; i++)
		quoted |= line.p[i] == '>' || line.p[i] == '|';
	line = slice_skip(line, i);
	l->line = slice_trim(line);
	l->blanks = line.n - l->line.n;
	l->marks = quoted ? LENIENT_QUOTING : i > 0 ? LENIENT_INDENTATION : 0;
}

int
lenient_lines_more(struct lenient_lines *l)
{
	unsigned empty = 0;

	for (; l->line.n == 0; empty = LENIENT_EMPTY) {
		if (l->rest.n == 0)
			return 0;
		take(l);
		l->marks |= empty;
	}
	return 1;
}

void
lenient_lines_end(struct lenient_lines *l)
{
	buffer_puts(&l->out, "\n");
	l->given++;
}

void
lenient_lines_give(struct lenient_lines *l, struct slice piece)
{
	buffer_put_slice(&l->out, piece);
	lenient_lines_end(l);
}

void
lenient_lines_begin(struct lenient_lines *l)
{
	while (l->given + 1 < l->taken)
		lenient_lines_end(l);
}

void
lenient_lines_drop(struct lenient_lines *l, struct slice piece)
{
	size_t i;

	piece = slice_trim(piece);
	for (i = 0; i < piece.n; i++)
		if (slice_starts(slice_skip(piece, i), "\\n"))
			i++;    /* a line end as C has it */
		else if (memchr("\"'`,;", piece.p[i], 5) == NULL)
			break;
	if (piece.n > 0)
		l->what |= i < piece.n ? LENIENT_TEXT : LENIENT_QUOTES;
	if (i == piece.n || l->left_last == l->taken)
		return;
	l->left_last = l->taken;
	if (l->left++ == 0)
		l->left_first = l->taken;
}
