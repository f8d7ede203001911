/*
 * authorized_keys: the lines of sshd(8)'s file. Pure.
 */
#ifndef AUTHORIZED_KEYS_H
#define AUTHORIZED_KEYS_H

#include "buffer.h"
#include "key_type.h"
#include "slice.h"

#include <time.h>

#define AUTHORIZED_KEYS_MAX ((size_t)256 << 20) /* bytes */

struct authorized_line {
	struct slice all;       /* to the byte, with its LF */
	struct slice options, comment;
	struct key_view view;   /* of the blob */
	int odd;                /* not as it should be: sshd may pass it by, or not */
};

/* authorized_keys_next: takes the next line off *file that has a key; that is
 * decoded into blob. It is where sshd(8) looks for one: at the beginning of the line,
 * else behind the first blank that is not between quotes, as a word, blanks, and base64
 * as far as the next blank. sshd's reader is a liberal one (names of signatures are
 * good for those of keys, white space in base64 and zeros before RSA's numbers are passed over, a NUL ends the line):
 * here the word may be any, and what is not as it should be is odd. Comments have
 * none. 1, or 0 where there is none. */
int authorized_keys_next(struct slice *file, struct authorized_line *line, struct buffer *blob);

/* authorized_keys_lets_in: 1 where sshd takes the line's key for a login: with an
 * option that it does not know, or for a certificate authority, it does not. Of an odd
 * line that is not certain: 0. */
int authorized_keys_lets_in(const struct authorized_line *line);

/* authorized_keys_options: 1 where text is a list of options as sshd(8) has
 * them, each in its form and no more often than it may be; 0 else. A certificate
 * authority's options are none. */
int authorized_keys_options(struct slice text);

/* authorized_keys_expiry: appends expiry-time="..." for word: YYYYMMDD,
 * YYYYMMDDHHMM or YYYYMMDDHHMMSS in local time, or with Z behind it in UTC; or
 * as ssh-keygen -V has it a time from now: + and a number of s, m, h, d or w. 0,
 * or -1 where it is none of these, or not after now. */
int authorized_keys_expiry(struct buffer *options, const char *word, time_t now);

#endif
