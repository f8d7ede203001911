/*
 * escape: makes text from outside safe to show on a terminal.
 *
 * Control characters (C0, DEL, C1), bytes that are not UTF-8 (RFC 3629) and the line and
 * bidirectional marks of Unicode (U+2028, U+2029, U+061C, U+200E, U+200F, U+202A to U+202E, U+2066
 * to U+2069) become \ooo, three octal digits a byte, as ssh-keygen's mprintf shows them in the C
 * locale.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include "base/buffer.h"

/* escape_put: appends text, escaped. Returns 0 or an error. */
int escape_put(struct buffer *out, struct slice text);

/* escape_put_json: appends text as the contents of a JSON string (RFC 8259), without quotes. A
 * character that escape_put would escape becomes \uXXXX: a JSON parser returns all UTF-8 unchanged.
 * JSON cannot hold a byte that is not UTF-8: it becomes the text \ooo, as in escape_put. Returns 0
 * or an error. */
int escape_put_json(struct buffer *out, struct slice text);

/* escape_needed: 1 if escape_put would change text. */
int escape_needed(struct slice text);

#endif
