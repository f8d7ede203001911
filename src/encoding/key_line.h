/*
 * key_line: a public key in one line, as sshd(8), AUTHORIZED_KEYS FILE FORMAT, has it:
 *
 *	[options] type base64 [comment]
 *
 * Blanks and tabs end a field. In the options quotes may hold them, and \" is no quote. Where the
 * type is, only the caller can tell: at the beginning if that is a key, else behind options.
 */
#ifndef KEY_LINE_H
#define KEY_LINE_H

#include "base/slice.h"

/* The fields of a line, nothing decoded; empty where there are none. */
struct key_line {
	struct slice options, type, base64, comment;
};

enum key_line_begin { KEY_LINE_TYPE, KEY_LINE_OPTIONS };

/* key_line_field: takes the first field off *text, and the blanks behind it. */
struct slice key_line_field(struct slice *text);

/* key_line_options: the same for options. Returns 0; 1 where they have a NUL, or a control
 * character that is not between quotes; -1 where a quote is not closed: they are all of *text. */
int key_line_options(struct slice *text, struct slice *options);

/* key_line_split: the fields of text, which begins as begin says; the comment is all that follows,
 * trimmed. Returns what key_line_options does. */
int key_line_split(struct slice text, enum key_line_begin begin, struct key_line *line);

/* key_line_plain: the short way for nearly all lines: a type of less than 48 bytes, base64 and a
 * comment, with one blank before each. Decodes the base64 to the room at to (BASE64_ROOM). Returns
 * the length of the blob, or 0 for any other line. */
size_t key_line_plain(struct slice text, unsigned char *to, size_t room, struct key_line *line);

#endif
