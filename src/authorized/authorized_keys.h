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
	struct slice all;       /* byte for byte, with its LF */
	struct key_line fields; /* fields.type: any word before the key */
	struct key_blob blob;   /* in its canonical form (key_blob.h) */
	int odd;                /* 1: malformed; sshd may skip the line, or read it */
};

/* authorized_keys_next: removes from *file all lines up to and with the next that has a key;
 * decodes the key into blob, in its canonical form (key_blob.h), which may be as long as the file.
 * A key is a type, here any word, and base64, where sshd(8) looks for it: at the beginning of the
 * line, else after options. A NUL ends the line. Returns 1; 0 if no key is left; or ERROR_MEMORY:
 * then it is not known which keys the rest of the file holds. */
int authorized_keys_next(struct slice *file, struct authorized_line *line, struct buffer *blob);

enum authorized_answer { AUTHORIZED_NO, AUTHORIZED_YES, AUTHORIZED_UNKNOWN };

/* authorized_keys_lets_in: says whether sshd accepts the line's key at the time now, from an
 * address that its options allow.
 *
 *	AUTHORIZED_NO		the line is a certificate authority's, its expiry-time is past, the
 *				word before the key names another key type, or the key is a
 *				certificate, or of a type that OpenSSH does not know
 *	AUTHORIZED_UNKNOWN	an option is malformed, unknown here, or principals; the line is odd; or
 *				the key type is unknown here */
enum authorized_answer authorized_keys_lets_in(const struct authorized_line *line, time_t now);

/* authorized_keys_options: checks text, a list of options as in sshd(8). Returns 0 if sshd at the
 * time now lets a key with these options in from at least one address. Otherwise:
 *
 *	ERROR_UNKNOWN_OPTIONS	an option is unknown, has a value of the wrong form, or is
 *				repeated, which sshd refuses
 *	ERROR_AUTHORITY		the options have cert-authority
 *	ERROR_PRINCIPALS	they have principals, which is for certificate authorities
 *	ERROR_EXPIRED		expiry-time is not after now */
int authorized_keys_options(struct slice text, time_t now);

/* authorized_keys_is_forced: returns 1 if the checked options have restrict and command, and besides
 * them only from and expiry-time: a login can only run this command, without forwarding, a terminal
 * or ~/.ssh/rc. Else 0. */
int authorized_keys_is_forced(struct slice options);

/* What options restrict. */
struct authorized_limits {
	time_t expires;         /* the earliest expiry-time; 0: none */
	struct slice from;      /* the value of from, without its quotes; or empty */
	int command;            /* 1: there is a command */
};

/* authorized_keys_limits: the limits in options, up to the first malformed option. */
struct authorized_limits authorized_keys_limits(struct slice options);

/* authorized_keys_judge: returns what authorized_keys_options says of the line's options, 0 if it has
 * none; or ERROR_UNCERTAIN if the line is odd. */
int authorized_keys_judge(const struct authorized_line *line, time_t now);

/* authorized_keys_has_authority: returns 1 if a line of the file has a key and the option cert-authority,
 * even if sshd may refuse the line; 0 if none has; or ERROR_MEMORY. */
int authorized_keys_has_authority(struct slice file);

/* authorized_keys_until: appends options, which may be empty, without each expiry-time to rest, and
 * sets *until to the earliest of these times, as sshd does, or to AUTHORIZED_NEVER. Returns 0,
 * ERROR_UNKNOWN_OPTIONS or ERROR_MEMORY. */
#define AUTHORIZED_NEVER ((time_t)-1)
int authorized_keys_until(struct slice options, struct buffer *rest, time_t *until);

/* authorized_keys_expiry: appends expiry-time="..." to options. The argument word is a time,
 * YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, local or, if Z follows, in UTC; or a time from now, as
 * for ssh-keygen -V: +, a number, and s, m, h, d or w. Returns 0, ERROR_MEMORY, or
 * ERROR_NOT_TO_COME if word has another form or its time is not after now. */
int authorized_keys_expiry(struct buffer *options, const char *word, time_t now);

#endif
