/*
 * lenient_lines: the lenient reader's way through a text. It takes line by line, without the
 * characters that quoting puts before lines, and puts out the text for the strict reader.
 */
#ifndef LENIENT_LINES_H
#define LENIENT_LINES_H

#include "base/buffer.h"

struct lenient_lines {
	struct slice line;      /* the rest of the line taken last, without blanks at its end */
	size_t blanks;          /* how many bytes of blanks it had there */
	struct slice rest;      /* the lines after it */
	unsigned marks;         /* a set of enum lenient_repair (lenient.h): in this line */
	unsigned what;          /* the same: in all that was put out */
	unsigned long taken;    /* lines taken so far */
	unsigned long given;    /* lines in out */
	unsigned long left, left_first, left_last;      /* lines with text that is left out */
	struct buffer out;      /* the text for the strict reader */
};

/* lenient_lines_more: if only blanks are left of the line, takes the next line that has more. Returns
 * 1, or 0 at the end of the text. */
int lenient_lines_more(struct lenient_lines *l);

/* lenient_lines_begin: adds empty lines, so that the next line in out has the number of the line taken
 * last, unless out has more lines already. */
void lenient_lines_begin(struct lenient_lines *l);

/* lenient_lines_end: adds the line end to out. lenient_lines_give: the same after a piece of a line. */
void lenient_lines_end(struct lenient_lines *l);
void lenient_lines_give(struct lenient_lines *l, struct slice piece);

/* lenient_lines_drop: notes that this piece of text is left out. */
void lenient_lines_drop(struct lenient_lines *l, struct slice piece);

#endif
