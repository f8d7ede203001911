/*
 * key_rewrap: public key lines in running text, and those that came in pieces.
 * The lengths inside a blob tell how long it is (RFC 4251 section 5), so pieces
 * are joined until it is whole and never further.
 */
#ifndef KEY_REWRAP_H
#define KEY_REWRAP_H

#include "key_format.h"
#include "key_lines.h"
#include "slice.h"

/* key_rewrap_take_whole: where the line is a public key as it stands, gives it.
 * 1, or 0 and all is as it was. It comes before any other look at a line: in a
 * comment anything may stand. */
int key_rewrap_take_whole(struct key_lines *l);

/* key_rewrap_take: gives each public key that the line has as one line, with its
 * options if what stands before it may be some. A key that lacks a piece is given
 * as it is, for the reader to refuse. What is behind a key that ends in another
 * line is left in l->line. 1, or 0 where the line has none and all is as it was. */
int key_rewrap_take(struct key_lines *l);

/* key_rewrap_front: gives each public key in the line's first n bytes, which are left out, and
 * notes the rest of them (key_lines_drop). l->line stays. */
void key_rewrap_front(struct key_lines *l, size_t n);

/* key_rewrap_is_cut: 1 when a key line is one whose blob is not all there. */
int key_rewrap_is_cut(const struct key_line *line);

#endif
