/*
 * lenient: the lenient reader. It mends the damage that mail programs, editors and shells do to
 * keys, and leaves out the text around keys. Pure; linear in time.
 *
 * It never guesses: whole keys stay unchanged; the pieces of a broken key are rejoined only as far
 * as the lengths inside the key tell; and the strict reader parses the result to its last byte.
 */
#ifndef LENIENT_H
#define LENIENT_H

#include "base/buffer.h"

/* The faults that were mended, in the order in which they are named. */
enum lenient_repair {
	LENIENT_UTF16 = 1 << 0,
	LENIENT_QUOTED_PRINTABLE = 1 << 1,
	LENIENT_CR = 1 << 2,           /* a CR alone ends a line */
	LENIENT_SPACES = 1 << 3,       /* U+00A0 and the like */
	LENIENT_INVISIBLE = 1 << 4,    /* U+200B and the like */
	LENIENT_QUOTING = 1 << 5,      /* > or | before lines */
	LENIENT_INDENTATION = 1 << 6,
	LENIENT_QUOTES = 1 << 7,
	LENIENT_TEXT = 1 << 8,         /* text before, after or between keys */
	LENIENT_DASHES = 1 << 9,       /* of a boundary: a BEGIN or END line */
	LENIENT_ONE_LINE = 1 << 10,    /* the line ends of a key are lost */
	LENIENT_BROKEN = 1 << 11,      /* a line is in pieces */
	LENIENT_EMPTY = 1 << 12,       /* empty lines where the format has none */
	LENIENT_TRAILING = 1 << 13     /* blanks at a line's end where the format has none */
};

struct lenient_repairs {
	unsigned what;          /* a set of enum lenient_repair */
	unsigned long lines;    /* number of lines with text that is left out */
	unsigned long first;    /* the first of these lines, from 1 */
};

/* lenient_repair: puts the mended text, for the strict reader, into the buffer mended. The first
 * line of a key keeps its number if possible. Returns 0 or ERROR_MEMORY. */
int lenient_repair(struct slice text, struct buffer *mended, struct lenient_repairs *repairs);

/* lenient_put: appends the names of the faults, comma-separated. Returns 0, or -1 if out is
 * full. */
int lenient_put(struct buffer *out, const struct lenient_repairs *repairs);

/* The position of the lenient reader in a text, for lenient_pem, lenient_ppk and lenient_rejoin.
 * They read line by line, without quoting before lines. */
struct lenient {
	struct slice line;      /* the rest of the current line, without blanks at its end */
	size_t blanks;          /* bytes of blanks removed from its end */
	struct slice rest;      /* the lines after the current line */
	unsigned marks;         /* a set of enum lenient_repair: faults of the current line */
	unsigned what;          /* the same: faults of the text in out */
	unsigned long taken;    /* number of the current line, from 1 */
	unsigned long given;    /* number of lines in out */
	unsigned long left, left_first, left_last;      /* lines with text left out: number, first,
	                                                   last */
	struct buffer out;      /* the text for the strict reader */
};

/* lenient_more: if nothing is left of the line, takes the next line that is not blank. Returns 1,
 * or 0 at the end of the text. */
int lenient_more(struct lenient *l);

/* lenient_begin: adds empty lines, so that the next line in out has the number of the current line,
 * unless out has more lines already. */
void lenient_begin(struct lenient *l);

/* lenient_end: ends the line in out. lenient_give: appends a piece and ends the line. */
void lenient_end(struct lenient *l);
void lenient_give(struct lenient *l, struct slice piece);

/* lenient_drop: records that this piece of text is left out. */
void lenient_drop(struct lenient *l, struct slice piece);

/* lenient_charset_mend: converts to plain UTF-8: UTF-16, quoted-printable (RFC 2045 section 6.7),
 * and characters that look like a space or a quotation mark or are invisible. If it converts
 * anything, the buffer plain holds the result, and *text is set to it. Adds the faults to *what.
 * Returns 0 or ERROR_MEMORY.
 * lenient_charset_utf16: 1 if text is little-endian UTF-16, 2 if big-endian: it has a byte order
 * mark, or its first 64 characters would all be ASCII; else 0. */
int lenient_charset_mend(struct slice *text, struct buffer *plain, unsigned *what);
int lenient_charset_utf16(struct slice text);

/* Each of these looks for one kind of text in the line. If it is there, puts it, maybe with the
 * lines after it, into out as the strict reader reads it, and returns 1. Else changes nothing and
 * returns 0.
 * lenient_pem_take: all lines from a BEGIN to its END: PEM (RFC 7468, with headers RFC 1421), RFC
 * 4716 and ssh.com's. A boundary has one dash or more on either side: '-', or U+2010 to U+2015.
 * lenient_ppk_take: a private key of PuTTY's (its appendix C) up to its MAC, with its base64 in
 * lines of 64 characters, because the headers count these lines; also if all is in one line.
 * lenient_rejoin_take_whole: a line that is a public key as it stands. Call it first: a comment may
 * look like any other text.
 * lenient_rejoin_take: each public key in the line, with the text before it if that may be options.
 * Rejoins its pieces: the lengths inside a blob tell how long it is (RFC 4251 section 5). A key
 * that lacks a piece stays unchanged: the strict reader refuses it. If a key ends in another line,
 * the rest of that line is left in l->line. */
int lenient_pem_take(struct lenient *l);
int lenient_ppk_take(struct lenient *l);
int lenient_rejoin_take_whole(struct lenient *l);
int lenient_rejoin_take(struct lenient *l);

/* lenient_rejoin_front: writes each public key in the first n bytes of the line to l->out, and
 * drops the other text in these bytes. l->line stays unchanged. */
void lenient_rejoin_front(struct lenient *l, size_t n);

/* lenient_rejoin_is_cut: 1 if a key line ends inside its blob. lenient_pem_has_boundary: 1 if a
 * boundary is anywhere in the line. */
int lenient_rejoin_is_cut(struct slice line);
int lenient_pem_has_boundary(struct slice line);

#endif
