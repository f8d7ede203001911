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
	int odd;                /* it is no key, and no comment: sshd passes it by */
};

/* authorized_keys_next: takes the next line off *file that is not empty and no
 * comment; its key is decoded into blob. 1, or 0 where there is none. */
int authorized_keys_next(struct slice *file, struct authorized_line *line, struct buffer *blob);

/* authorized_keys_find: the line of file where sshd would find the key, without
 * its view. A line with an option that it does not know, or for a certificate
 * authority, does not count. 1, or 0 where there is none. */
int authorized_keys_find(struct slice file, struct slice blob, struct authorized_line *line);

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
