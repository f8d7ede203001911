/*
 * authorized_rows: keys of authorized_keys lines as rows of tab-separated columns. Unprintable
 * characters are escaped (base/escape.h). The functions append to out, and return 0 or an error.
 */
#ifndef AUTHORIZED_ROWS_H
#define AUTHORIZED_ROWS_H

#include "base/buffer.h"

/* authorized_rows_put: a row for each key of lines: word, or next from the second row on; SHA256
 * fingerprint; bits; type; options or "-"; type and base64 of the key; comment. If word is NULL, its
 * column and that of the key itself are left out; if it is empty, it is what authorized_keys_lets_in
 * says of the line, "yes", "no" or "unclear", and one more column follows: the time until which the
 * line's options let the key in, YYYY-MM-DDTHH:MM:SSZ, or "-" if they have no expiry-time, or one is
 * malformed. */
int authorized_rows_put(struct buffer *out, const char *word, const char *next, struct slice lines);

/* authorized_rows_superseded: the same, with the word "superseded", for the lines now; and two more
 * columns: the options, or "-", of the line with the same number in was; and the time until which sshd
 * accepts the key of the line, YYYY-MM-DDTHH:MM:SSZ. */
int authorized_rows_superseded(struct buffer *out, struct slice was, struct slice now);

#endif
