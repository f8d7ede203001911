/*
 * authorized_exact: makes the keys of an authorized_keys file an exact set.
 */
#ifndef AUTHORIZED_EXACT_H
#define AUTHORIZED_EXACT_H

#include "authorized/authorized_edit.h"

/* authorized_exact_lines: reads fd to its end and appends the text, a set, to lines. Each line must be
 * empty, begin with #, or have a key of a known type, not a certificate, with options that
 * authorized_keys_judge accepts or finds expired.
 * Returns 0; ERROR_NO_LINE_END if the text may be truncated; ERROR_EMPTY if there is no key; or an
 * error of the line with the number *at. *at is 0 if the error is not that of a line. */
int authorized_exact_lines(int fd, struct buffer *lines, unsigned long *at);

/* authorized_exact: sets text, the contents of a file, to the new contents: if the lines of a key in the
 * file are not, in number, order and options, those in the set e->lines, they go, and those of the set
 * are appended. All other lines stay: comments, and lines that cannot be in a set. Returns 0; 1 if the
 * file has these keys already; ERROR_LOCKOUT if no key of the set would be let in, but sshd lets a key of
 * the file in; ERROR_NOT_PUBLIC if the file holds a private key; or another error.
 *
 * e->out, unless it is NULL, becomes the rows of authorized_rows_put for the lines that are "removed",
 * "added", or "beside" (other lines with a key, which stay). If e->terminal is 0, "# " begins each row,
 * and the lines of the file's keys follow as they were: this is a set that restores them. If this set
 * would be an error, a line before the rows says so. */
int authorized_exact(const struct authorized_edit *e, struct buffer *text);

#endif
