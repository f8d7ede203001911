/*
 * key_forgive: the lenient reader. It mends what mail programs, editors and shells do to keys, and
 * leaves out the text around them. Pure, and linear in time.
 *
 * It never guesses: whole keys pass as they are; the pieces of a broken one are rejoined only as
 * far as its own lengths tell; and the strict reader reads the result, to the last byte.
 */
#ifndef KEY_FORGIVE_H
#define KEY_FORGIVE_H

#include "base/buffer.h"

/* The faults that were mended, in the order in which they are named. */
enum forgiven {
	FORGIVEN_UTF16 = 1 << 0,
	FORGIVEN_QUOTED_PRINTABLE = 1 << 1,
	FORGIVEN_CR = 1 << 2,           /* CR alone ends a line */
	FORGIVEN_SPACES = 1 << 3,       /* U+00A0 and the like */
	FORGIVEN_INVISIBLE = 1 << 4,    /* U+200B and the like */
	FORGIVEN_QUOTING = 1 << 5,      /* > or | before lines */
	FORGIVEN_INDENTATION = 1 << 6,
	FORGIVEN_QUOTES = 1 << 7,
	FORGIVEN_TEXT = 1 << 8,         /* before, after or between keys */
	FORGIVEN_DASHES = 1 << 9,       /* of a BEGIN or END line */
	FORGIVEN_ONE_LINE = 1 << 10,    /* the line ends of a key in PEM are lost */
	FORGIVEN_BROKEN = 1 << 11,      /* a line came in pieces */
	FORGIVEN_EMPTY = 1 << 12,       /* lines, where a format has none */
	FORGIVEN_TRAILING = 1 << 13     /* blanks, where a format has none */
};

struct key_forgiven {
	unsigned what;          /* a set of enum forgiven */
	unsigned long lines;    /* how many lines have text that is left out */
	unsigned long first;    /* the first of these, from 1 */
};

/* key_forgive: changes text into one for the strict reader. A key keeps the number of its first
 * line if it can. Returns 0 or KEY_E_MEMORY. */
int key_forgive(struct buffer *text, struct key_forgiven *forgiven);

/* key_forgive_put: appends the names of the faults, with commas between. Returns 0, or -1 when out
 * is full. */
int key_forgive_put(struct buffer *out, const struct key_forgiven *forgiven);

#endif
