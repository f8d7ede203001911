/*
 * key_line: a public key in one line, in the form of sshd(8), AUTHORIZED_KEYS FILE FORMAT:
 *
 *	[options] type base64 [comment]
 *
 * Blanks and tabs separate the fields. Options may contain them between quotes; \" is not a quote.
 * Only the caller can find out whether there are options: a line that is a key from its beginning
 * has none.
 */
#ifndef KEY_LINE_H
#define KEY_LINE_H

#include "base/slice.h"

/* The fields of a line, not decoded; a missing field is empty. */
struct key_line {
	struct slice options, type, base64, comment;
};

enum key_line_begin { KEY_LINE_TYPE, KEY_LINE_OPTIONS };

/* key_line_field: removes the first field from *text, with the blanks and tabs after it. */
struct slice key_line_field(struct slice *text);

/* key_line_options: the same for options. Returns 0; 1 if they contain a NUL, or a control
 * character outside quotes; -1 if a quote is not closed: then the options are all of *text. */
int key_line_options(struct slice *text, struct slice *options);

/* key_line_split: splits text, which begins with options or a type, as begin says, into its fields;
 * the comment is the rest, trimmed. Returns the same as key_line_options. */
int key_line_split(struct slice text, enum key_line_begin begin, struct key_line *line);

/* key_line_plain: the fast way for nearly all lines: a type of less than 48 bytes, base64 and a
 * comment, separated by single blanks. Decodes the base64 into the second argument, whose size
 * is room (BASE64_ROOM). Returns the length of the blob, or 0 for any other line. */
size_t key_line_plain(struct slice text, unsigned char *to, size_t room, struct key_line *line);

#endif
