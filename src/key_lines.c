#include "key_lines.h"
#include "key_forgive.h"

#include <string.h>

/* Takes the next line, and off it what was put before it. */
static void
take(struct key_lines *l)
{
	size_t i;
	int quoted = 0;

	l->line = slice_line(&l->rest);
	l->taken++;
	for (i = 0; i < l->line.n; i++)
		if (l->line.p[i] == '>' || l->line.p[i] == '|')
			quoted = 1;
		else if (l->line.p[i] != ' ' && l->line.p[i] != '\t')
			break;
	l->line = slice_skip(l->line, i);
	l->marks = quoted ? FORGIVEN_QUOTING : i > 0 ? FORGIVEN_INDENTATION : 0;
}

int
key_lines_more(struct key_lines *l)
{
	unsigned empty = 0;

	for (; slice_trim(l->line).n == 0; empty = FORGIVEN_EMPTY) {
		if (l->rest.n == 0)
			return 0;
		take(l);
		l->marks |= empty;
	}
	return 1;
}

void
key_lines_put(struct key_lines *l, struct slice piece)
{
	buffer_put_slice(&l->out, piece);
}

void
key_lines_end(struct key_lines *l)
{
	buffer_puts(&l->out, "\n");
	l->given++;
}

void
key_lines_give(struct key_lines *l, struct slice piece)
{
	key_lines_put(l, piece);
	key_lines_end(l);
}

void
key_lines_begin(struct key_lines *l)
{
	while (l->given + 1 < l->taken)
		key_lines_end(l);
}

void
key_lines_drop(struct key_lines *l, struct slice piece)
{
	size_t i;

	piece = slice_trim(piece);
	for (i = 0; i < piece.n; i++)
		if (slice_starts(slice_skip(piece, i), "\\n"))
			i++;    /* a line end as C has it */
		else if (piece.p[i] == '\0' || strchr("\"'`,;", piece.p[i]) == NULL)
			break;
	if (piece.n > 0)
		l->what |= i < piece.n ? FORGIVEN_TEXT : FORGIVEN_QUOTES;
}
