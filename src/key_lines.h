/*
 * key_lines: a text taken line by line, without what quoting puts before the
 * lines, and the mended text that is made of it.
 */
#ifndef KEY_LINES_H
#define KEY_LINES_H

#include "buffer.h"
#include "slice.h"

struct key_lines {
	struct slice line;      /* what is left of the line taken last, without blanks at its end */
	size_t blanks;          /* how many bytes of those it had */
	struct slice rest;      /* the lines after it */
	unsigned marks;         /* what was forgiven in this line (key_forgive.h) */
	unsigned what;          /* and in all that was used */
	unsigned long taken;    /* lines taken so far */
	unsigned long given;    /* lines in out */
	unsigned long left, left_first, left_last;      /* lines with text that is left out: how many */
	struct buffer out;      /* the mended text */
};

/* key_lines_more: 1 when something but blanks is left of the line, or after
 * taking the next line that has something; 0 at the end of the text. */
int key_lines_more(struct key_lines *l);

/* key_lines_begin: what comes next in out will have the number of the line
 * taken last, unless out has more lines already. */
void key_lines_begin(struct key_lines *l);

/* key_lines_put, key_lines_end: add to out a piece of a line; the line's end.
 * key_lines_give: both. */
void key_lines_put(struct key_lines *l, struct slice piece);
void key_lines_end(struct key_lines *l);
void key_lines_give(struct key_lines *l, struct slice piece);

/* key_lines_drop: notes that this piece of text is left out. */
void key_lines_drop(struct key_lines *l, struct slice piece);

#endif
