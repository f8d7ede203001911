/*
 * lenient_rejoin: finds public key lines in running text, and rejoins those that came in pieces. The
 * lengths inside a blob tell how long it is (RFC 4251 section 5): pieces are joined until it is
 * whole and never further.
 */
#ifndef LENIENT_REJOIN_H
#define LENIENT_REJOIN_H

#include "reader/lenient.h"

/* lenient_rejoin_take_whole: if the line is a public key as it stands, puts it out. 1, or 0 and
 * nothing has changed. Must be asked first: a comment may hold anything. */
int lenient_rejoin_take_whole(struct lenient *l);

/* lenient_rejoin_take: puts out each public key of the line in one line, with the text before it if
 * that may be options. A key that lacks a piece is put out as it is: the strict reader refuses it.
 * If a key ends in another line, the rest of that is left in l->line. Returns 1, or 0 where the
 * line has no key and nothing has changed. */
int lenient_rejoin_take(struct lenient *l);

/* lenient_rejoin_front: puts out each public key in the first n bytes of the line, and notes the rest
 * of these bytes as left out (lenient_drop). l->line stays. */
void lenient_rejoin_front(struct lenient *l, size_t n);

/* lenient_rejoin_is_cut: 1 for a key line that ends inside its blob. */
int lenient_rejoin_is_cut(struct slice line);

#endif
