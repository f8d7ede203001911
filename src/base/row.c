#include "base/row.h"
#include "base/escape.h"

static inline void
begin(struct row *row, const char *name)
{
	if (row->json) {
		buffer_puts(row->out, row->begun ? ",\"" : "{\"");
		buffer_puts(row->out, name);
		buffer_puts(row->out, "\":");
	} else if (row->begun) {
		buffer_put(row->out, "\t", 1);
	}
	row->begun = 1;
}

void
row_put(struct row *row, const char *name, struct slice text)
{
	begin(row, name);
	if (text.n == 0) {
		buffer_puts(row->out, row->json ? "null" : "-");
	} else if (!row->json) {
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
	if (n == 0) {
		row_put(row, name, slice_str(""));
		return;
	}
	begin(row, name);
	buffer_put_decimal(row->out, n);
}

void
row_end(struct row *row)
{
	buffer_puts(row->out, row->json ? "}\n" : "\n");
	row->begun = 0;
}
