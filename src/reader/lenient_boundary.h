/*
 * lenient_boundary: the boundaries of keys (the BEGIN and END lines of RFC 7468 and RFC 4716), anywhere in
 * a line, also as a word processor or a paste changes them.
 */
#ifndef LENIENT_BOUNDARY_H
#define LENIENT_BOUNDARY_H

#include "base/buffer.h"
#include "base/slice.h"

struct lenient_boundary {
	int end;                /* it is an END */
	size_t from, to;        /* offsets in the line */
	struct slice label;     /* such as "RSA PRIVATE KEY" */
};

/* lenient_boundary_find: returns 1 and the first boundary in line, or 0. A boundary has at least one dash
 * on either side: '-' or one of U+2010 to U+2015. */
int lenient_boundary_find(struct slice line, struct lenient_boundary *m);

/* lenient_boundary_put: appends the boundary as its format has it, without a line end. 0, or -1 when
 * out is full. */
int lenient_boundary_put(struct buffer *out, const struct lenient_boundary *m);

/* lenient_boundary_is_ssh2: 1 for RFC 4716's and ssh.com's, 0 for PEM's. */
int lenient_boundary_is_ssh2(const struct lenient_boundary *m);

#endif
