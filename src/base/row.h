/*
 * row: facts about one thing, in one of three forms:
 *
 *	ROW_COLUMNS     a line of tab-separated columns; an empty text or the number 0 is "-"
 *	ROW_JSON        a line with a JSON object (RFC 8259); an empty text or 0 is null
 *	ROW_LABELS      for a terminal: a line for each fact, with its name, and then an empty line;
 *	                an empty text or 0 is omitted
 *
 * Text is escaped (escape_put; in an object escape_put_json). If an append fails, out->failed is
 * set, and out must not be written: a row is complete or absent.
 */
#ifndef ROW_H
#define ROW_H

#include "base/buffer.h"

enum row_form { ROW_COLUMNS, ROW_JSON, ROW_LABELS };

struct row {
	struct buffer *out;
	enum row_form form;
	int begun;      /* it has a fact; 0 at first, and after row_end */
};

/* row_put, row_put_number: append a fact. name is a word of lower case letters and
 * digits. */
void row_put(struct row *row, const char *name, struct slice text);
void row_put_number(struct row *row, const char *name, unsigned long n);

/* row_put_count: as row_put_number, but 0 is a fact: "0". */
void row_put_count(struct row *row, const char *name, unsigned long n);

/* row_end: ends the row, after one fact or more. */
void row_end(struct row *row);

#endif
