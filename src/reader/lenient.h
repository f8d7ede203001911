/*
 * lenient: the lenient reader. It mends what mail programs, editors and shells do to keys, and
 * leaves out the text around them. Pure, and linear in time.
 *
 * It never guesses: whole keys pass as they are; the pieces of a broken one are rejoined only as
 * far as its own lengths tell; and the strict reader reads the result, to the last byte.
 */
#ifndef LENIENT_H
#define LENIENT_H

#include "base/buffer.h"

/* The faults that were mended, in the order in which they are named. */
enum lenient_repair {
	LENIENT_UTF16 = 1 << 0,
	LENIENT_QUOTED_PRINTABLE = 1 << 1,
	LENIENT_CR = 1 << 2,           /* CR alone ends a line */
	LENIENT_SPACES = 1 << 3,       /* U+00A0 and the like */
	LENIENT_INVISIBLE = 1 << 4,    /* U+200B and the like */
	LENIENT_QUOTING = 1 << 5,      /* > or | before lines */
	LENIENT_INDENTATION = 1 << 6,
	LENIENT_QUOTES = 1 << 7,
	LENIENT_TEXT = 1 << 8,         /* before, after or between keys */
	LENIENT_DASHES = 1 << 9,       /* of a BEGIN or END line */
	LENIENT_ONE_LINE = 1 << 10,    /* the line ends of a key in PEM are lost */
	LENIENT_BROKEN = 1 << 11,      /* a line came in pieces */
	LENIENT_EMPTY = 1 << 12,       /* lines, where a format has none */
	LENIENT_TRAILING = 1 << 13     /* blanks, where a format has none */
};

struct lenient_repairs {
	unsigned what;          /* a set of enum lenient_repair */
	unsigned long lines;    /* how many lines have text that is left out */
	unsigned long first;    /* the first of these, from 1 */
};

/* lenient_repair: gives mended what the strict reader reads in place of text. A key keeps the
 * number of its first line if it can. Returns 0 or ERROR_MEMORY. */
int lenient_repair(struct slice text, struct buffer *mended, struct lenient_repairs *repairs);

/* lenient_put: appends the names of the faults, with commas between. 0, or -1 when out is full. */
int lenient_put(struct buffer *out, const struct lenient_repairs *repairs);

/* The lenient reader's way through a text, for lenient_pem, lenient_ppk and lenient_rejoin: it
 * takes line by line, without the characters that quoting puts before lines. */
struct lenient {
	struct slice line;      /* the rest of the line taken last, without blanks at its end */
	size_t blanks;          /* how many bytes of blanks it had there */
	struct slice rest;      /* the lines after it */
	unsigned marks;         /* a set of enum lenient_repair: in this line */
	unsigned what;          /* the same: in all that was put out */
	unsigned long taken;    /* lines taken so far */
	unsigned long given;    /* lines in out */
	unsigned long left, left_first, left_last;      /* lines with text that is left out */
	struct buffer out;      /* the text for the strict reader */
};

/* lenient_more: if only blanks are left of the line, takes the next line that has more. Returns
 * 1, or 0 at the end of the text. */
int lenient_more(struct lenient *l);

/* lenient_begin: adds empty lines, so that the next line in out has the number of the line taken
 * last, unless out has more lines already. */
void lenient_begin(struct lenient *l);

/* lenient_end: adds the line end to out. lenient_give: the same after a piece of a line. */
void lenient_end(struct lenient *l);
void lenient_give(struct lenient *l, struct slice piece);

/* lenient_drop: notes that this piece of text is left out. */
void lenient_drop(struct lenient *l, struct slice piece);

/* lenient_charset_mend: converts UTF-16, quoted-printable (RFC 2045 section 6.7), and characters
 * that look like a space, a quotation mark or like nothing, to plain UTF-8. Changes *text to that,
 * which plain holds if anything was converted, and adds what was found to *what. 0 or ERROR_MEMORY.
 * lenient_charset_utf16: 1 when text is little-endian UTF-16, 2 when big-endian: it has a byte
 * order mark, or its first 64 characters would all be ASCII; else 0. */
int lenient_charset_mend(struct slice *text, struct buffer *plain, unsigned *what);
int lenient_charset_utf16(struct slice text);

/* These put out what they find in the line, and maybe in those behind it, as the strict reader
 * reads it. They return 1, or 0 where there was nothing for them and nothing has changed.
 * lenient_pem_take: all lines from a BEGIN to its END: PEM (RFC 7468, with headers RFC 1421), RFC
 * 4716 and ssh.com's. A boundary has a dash or more on either side, '-' or one of U+2010 to U+2015.
 * lenient_ppk_take: a private key of PuTTY's (its appendix C) up to its MAC, the base64 in lines of
 * 64 characters, as the headers count them.
 * lenient_rejoin_take_whole: a line that is a public key as it stands. Must be asked first: a
 * comment may hold anything.
 * lenient_rejoin_take: each public key in the line, with the text before it if that may be options,
 * rejoined from its pieces: the lengths inside a blob tell how long it is (RFC 4251 section 5). One
 * that lacks a piece is put out as it is: the strict reader refuses it. If a key ends in another
 * line, the rest of that is left in l->line. */
int lenient_pem_take(struct lenient *l);
int lenient_ppk_take(struct lenient *l);
int lenient_rejoin_take_whole(struct lenient *l);
int lenient_rejoin_take(struct lenient *l);

/* lenient_rejoin_front: puts out each public key in the first n bytes of the line, and drops the
 * rest of these bytes. l->line stays. */
void lenient_rejoin_front(struct lenient *l, size_t n);

/* lenient_rejoin_is_cut: 1 for a key line that ends inside its blob. lenient_pem_has_boundary: 1
 * for a line that has a boundary anywhere. */
int lenient_rejoin_is_cut(struct slice line);
int lenient_pem_has_boundary(struct slice line);

#endif
