/*
 * key_mark: the BEGIN and END lines of armoured keys, and what a word processor
 * or a paste makes of them, anywhere in a line.
 */
#ifndef KEY_MARK_H
#define KEY_MARK_H

#include "buffer.h"
#include "slice.h"

struct key_mark {
	int end;                /* of an END line */
	size_t from, to;        /* where in the line */
	struct slice label;     /* such as "RSA PRIVATE KEY" */
};

/* key_mark_find: 1 and the first mark in line, or 0. A mark has at least one
 * dash on either side, '-' or one of U+2010 to U+2015. */
int key_mark_find(struct slice line, struct key_mark *m);

/* key_mark_put: appends the mark as it should be, without a line's end. */
int key_mark_put(struct buffer *out, const struct key_mark *m);

/* key_mark_is_ssh2: 1 for RFC 4716's and ssh.com's, 0 for PEM's. */
int key_mark_is_ssh2(const struct key_mark *m);

#endif
