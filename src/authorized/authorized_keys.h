/*
 * authorized_keys: the lines of sshd(8)'s file. Pure.
 */
#ifndef AUTHORIZED_KEYS_H
#define AUTHORIZED_KEYS_H

#include "encoding/key_line.h"
#include "key/key_blob.h"

#include <time.h>

#define AUTHORIZED_KEYS_MAX ((size_t)256 << 20) /* bytes */

struct authorized_line {
	struct slice all;       /* to the byte, with its LF */
	struct key_line fields; /* the type is any word before the key */
	struct key_blob blob;   /* in its canonical form (key_blob.h) */
	int odd;                /* not as it should be: sshd may pass it by, or not */
};

/* authorized_keys_next: takes the next line with a key off *file, and decodes the key into blob, in
 * its canonical form (key_blob.h), which may be as long as the file. A key is where sshd(8) looks
 * for one: at the beginning of the line, else after options, as a type, here any word, and base64;
 * a NUL ends the line. A line that is not as it should be is odd. Returns 1; 0 if there is no key;
 * or ERROR_MEMORY: then it is not known which keys the rest of the file holds. */
int authorized_keys_next(struct slice *file, struct authorized_line *line, struct buffer *blob);

enum authorized_answer { AUTHORIZED_NO, AUTHORIZED_YES, AUTHORIZED_UNKNOWN };

/* authorized_keys_lets_in: whether sshd accepts the line's key for a login at that time, from where
 * its options allow it. No: the line is a certificate authority's, its expiry-time is past, or the
 * word before the key is another type's. Unknown: an option is malformed or unknown here, or the
 * line is odd. */
enum authorized_answer authorized_keys_lets_in(const struct authorized_line *line, time_t now);

/* authorized_keys_options: 0 if text is a list of options as sshd(8) has them, each with a value of
 * its form and no more often than it may be, that lets a key in at that time from somewhere. Else
 * ERROR_AUTHORITY or ERROR_PRINCIPALS: it is a certificate authority's, or perhaps; ERROR_EXPIRED;
 * ERROR_UNKNOWN_OPTIONS. */
int authorized_keys_options(struct slice text, time_t now);

/* authorized_keys_expiry: appends expiry-time="..." for word: YYYYMMDD, YYYYMMDDHHMM or
 * YYYYMMDDHHMMSS in local time, or with Z in UTC; or as ssh-keygen -V has it a time from now: + and
 * a number of s, m, h, d or w. Returns 0, ERROR_MEMORY, or ERROR_NOT_TO_COME if it is none of
 * these, or not after now. */
int authorized_keys_expiry(struct buffer *options, const char *word, time_t now);

#endif
