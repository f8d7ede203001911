#include "base/row.h"
#include "base/escape.h"

static inline void
begin(struct row *row, const char *name)
{
	if (row->form == ROW_JSON) {
		buffer_puts(row->out, row->begun ? ",\"" : "{\"");
		buffer_puts(row->out, name);
		buffer_puts(row->out, "\":");
	} else if (row->form == ROW_LABELS) {
		buffer_printf(row->out, "%s%-12s ", row->begun ? "\n" : "", name);
	} else if (row->begun) {
		buffer_put(row->out, "\t", 1);
	}
	row->begun = 1;
}

void
row_put(struct row *row, const char *name, struct slice text)
{
	if (text.n == 0 && row->form == ROW_LABELS)
		return;
	begin(row, name);
	if (text.n == 0) {
		buffer_puts(row->out, row->form == ROW_JSON ? "null" : "-");
	} else if (row->form != ROW_JSON) {
		escape_put(row->out, text);
	} else {
		buffer_puts(row->out, "\"");
		escape_put_json(row->out, text);
		buffer_puts(row->out, "\"");
	}
}

void
row_put_number(struct row *row, const char *name, unsigned long n)
{
	if (n == 0)
		row_put(row, name, slice_str(""));
	else
		row_put_count(row, name, n);
}

void
row_put_count(struct row *row, const char *name, unsigned long n)
{
	begin(row, name);
	buffer_put_decimal(row->out, n);
}

void
row_end(struct row *row)
{
	buffer_puts(row->out, row->form == ROW_JSON ? "}\n" : row->form == ROW_LABELS ? "\n\n" : "\n");
	row->begun = 0;
}
