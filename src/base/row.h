/*
 * row: facts about one thing in one line of output: tab-separated columns, or a JSON object (RFC
 * 8259).
 *
 * In a column, text is escaped (escape_put), and an empty text or the number 0 is "-". In an
 * object, text is a string (escape_put_json), and an empty text or 0 is null. If an append fails,
 * out->failed is set, and out must not be written: a row is complete or absent.
 */
#ifndef ROW_H
#define ROW_H

#include "base/buffer.h"

struct row {
	struct buffer *out;
	int json;       /* an object, not columns */
	int begun;      /* the row has a column; 0 at first, and after row_end */
};

/* row_put, row_put_number: append a column or member. name is a word of lower case letters and
 * digits. */
void row_put(struct row *row, const char *name, struct slice text);
void row_put_number(struct row *row, const char *name, unsigned long n);

/* row_end: ends the line, after one column or more. */
void row_end(struct row *row);

#endif
