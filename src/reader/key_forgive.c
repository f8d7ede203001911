#include "reader/key_forgive.h"
#include "reader/key_armour.h"
#include "reader/key_charset.h"
#include "base/key_error.h"
#include "reader/key_lines.h"
#include "reader/key_ppk.h"
#include "reader/key_rewrap.h"

/* The names of enum forgiven, in its order. */
static const char *const names[] = {
	"UTF-16", "quoted-printable", "line ends", "non-breaking spaces", "invisible characters",
	"quoting", "indentation", "quotation marks", "text around", "dashes", "all in one line",
	"broken lines", "empty lines", "trailing blanks"
};

_Static_assert(1 << sizeof names / sizeof names[0] == 2 * FORGIVEN_TRAILING, "a name for each");

int
key_forgive_put(struct buffer *out, const struct key_forgiven *forgiven)
{
	const unsigned what = forgiven->what;
	size_t i, n = 0;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!(what & 1u << i))
			continue;
		buffer_puts(out, n++ > 0 ? ", " : "");
		buffer_puts(out, names[i]);
		/* quoted-printable joins lines: their numbers are others then */
		if (1u << i != FORGIVEN_TEXT || (what & FORGIVEN_QUOTED_PRINTABLE))
			continue;
		buffer_puts(out, " (");
		if (forgiven->lines > 1) {
			buffer_put_decimal(out, forgiven->lines);
			buffer_puts(out, " lines, the first is ");
		}
		buffer_puts(out, "line ");
		buffer_put_decimal(out, forgiven->first);
		buffer_puts(out, ")");
	}
	return out->failed ? -1 : 0;
}

int
key_forgive(struct buffer *text, struct key_forgiven *forgiven)
{
	struct key_lines l = { .out = BUFFER_INIT(4 * text->max) };
	int r;

	*forgiven = (struct key_forgiven){ 0, 0, 0 };
	r = key_charset_mend(text, &forgiven->what);
	l.rest = buffer_slice(text);
	buffer_extend(&l.out, text->n); /* room for nearly all, at once */
	buffer_truncate(&l.out, 0);
	while (key_lines_more(&l))
		if (slice_starts(l.line, "#"))
			l.line.n = 0;
		else if (!key_rewrap_take_whole(&l) && !key_armour_take(&l) && !key_ppk_take(&l) &&
		    !key_rewrap_take(&l)) {
			key_lines_drop(&l, l.line);
			l.line.n = 0;
		}
	forgiven->what |= l.what;
	forgiven->lines = l.left;
	forgiven->first = l.left_first;
	r |= l.out.failed;
	buffer_move(text, &l.out);
	return r == 0 ? KEY_OK : KEY_E_MEMORY;
}
