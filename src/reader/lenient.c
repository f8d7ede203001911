#include "reader/lenient.h"
#include "base/error.h"

/* The names of enum lenient_repair, in its order. */
static const char *const names[] = {
	"UTF-16", "quoted-printable", "line ends", "non-breaking spaces", "invisible characters",
	"quoting", "indentation", "quotation marks", "text around", "dashes", "all in one line",
	"broken lines", "empty lines", "trailing blanks"
};

_Static_assert(1 << sizeof names / sizeof names[0] == 2 * LENIENT_TRAILING, "a row for each fault");

int
lenient_put(struct buffer *out, const struct lenient_repairs *repairs)
{
	const unsigned what = repairs->what;
	size_t i, n = 0;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!(what & 1u << i))
			continue;
		buffer_puts(out, n++ > 0 ? ", " : "");
		buffer_puts(out, names[i]);
		/* decoding quoted-printable joins lines: their numbers would be wrong */
		if (1u << i != LENIENT_TEXT || (what & LENIENT_QUOTED_PRINTABLE))
			continue;
		buffer_puts(out, " (");
		if (repairs->lines > 1) {
			buffer_put_decimal(out, repairs->lines);
			buffer_puts(out, " lines, the first is ");
		}
		buffer_puts(out, "line ");
		buffer_put_decimal(out, repairs->first);
		buffer_puts(out, ")");
	}
	return out->failed ? -1 : 0;
}

/* Takes the next line, and removes quoting and indentation before it, and the blanks at its end,
 * which would otherwise be scanned again for each piece of the line. */
static void
take(struct lenient *l)
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
lenient_more(struct lenient *l)
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
lenient_end(struct lenient *l)
{
	buffer_puts(&l->out, "\n");
	l->given++;
}

void
lenient_give(struct lenient *l, struct slice piece)
{
	buffer_put_slice(&l->out, piece);
	lenient_end(l);
}

void
lenient_begin(struct lenient *l)
{
	while (l->given + 1 < l->taken)
		lenient_end(l);
}

void
lenient_drop(struct lenient *l, struct slice piece)
{
	size_t i;

	piece = slice_trim(piece);
	for (i = 0; i < piece.n; i++)
		if (slice_starts(slice_skip(piece, i), "\\n"))
			i++;    /* a line end as in a C string */
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

int
lenient_repair(struct slice text, struct buffer *mended, struct lenient_repairs *repairs)
{
	struct lenient l = { .out = BUFFER_INIT(8 * BUFFER_MAX) };
	struct buffer plain = BUFFER_INIT(8 * BUFFER_MAX);
	int failed;

	*repairs = (struct lenient_repairs){ 0, 0, 0 };
	failed = lenient_charset_mend(&text, &plain, &repairs->what) != ERROR_NONE;
	l.rest = text;
	buffer_extend(&l.out, text.n); /* nearly always enough: allocated once */
	buffer_truncate(&l.out, 0);
	while (lenient_more(&l))
		if (slice_starts(l.line, "#"))
			l.line.n = 0;
		else if (!lenient_rejoin_take_whole(&l) && !lenient_pem_take(&l) && !lenient_ppk_take(&l) &&
		    !lenient_rejoin_take(&l)) {
			lenient_drop(&l, l.line);
			l.line.n = 0;
		}
	repairs->what |= l.what;
	repairs->lines = l.left;
	repairs->first = l.left_first;
	failed |= l.out.failed;
	buffer_move(mended, &l.out);
	buffer_free(&plain);
	return failed ? ERROR_MEMORY : ERROR_NONE;
}
