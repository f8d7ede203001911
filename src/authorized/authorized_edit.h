/*
 * authorized_edit: changes an authorized_keys file, whole or not at all, and answers questions
 * about it. Lines that a change does not name stay byte for byte. If a program that does not lock
 * changes the file meanwhile, its change is kept.
 */
#ifndef AUTHORIZED_EDIT_H
#define AUTHORIZED_EDIT_H

#include "base/buffer.h"

#include <sys/stat.h>
#include <time.h>

enum authorized_edit_kind {
	AUTHORIZED_ADD,         /* append .lines, unless a line of the file lets the key in */
	AUTHORIZED_APPEND,      /* append .lines, whatever the file holds */
	AUTHORIZED_REMOVE,      /* remove all lines whose key has the fingerprint */
	AUTHORIZED_LIST,        /* report all keys */
	AUTHORIZED_ASK,         /* report in which lines ssh-keygen finds the fingerprint */
	AUTHORIZED_REPLACE,     /* ADD, and EXPIRE; .lines: the key's, without options */
	AUTHORIZED_EXPIRE,      /* put .expiry on all lines whose key has the fingerprint */
	AUTHORIZED_EXACT        /* let .lines be the file's keys (authorized_exact.h) */
};

struct authorized_edit {
	enum authorized_edit_kind kind;
	struct slice blob, options;     /* ADD, REPLACE: of the key */
	struct slice lines;             /* ADD, APPEND: the text to append */
	const char *fingerprint;
	struct slice expiry;            /* REPLACE, EXPIRE: expiry-time="..." */
	time_t until;                   /* the time in expiry */
	struct buffer *out;             /* for the report, or NULL */
	int terminal;                   /* 1: out will be shown on a terminal */
	int *authority;                 /* REMOVE: gets authorized_keys_has_authority of what stays */
	int whole;                      /* 1: LIST also says whether sshd lets the key in, and the key */
	mode_t mode;                    /* of a new file */
	const char *user;               /* the account that -u names, or NULL */
};

/* authorized_edit_lines: reads fd to its end, appends the text to the buffer lines, and adds an LF
 * if the last line has none. Returns 0; ERROR_NOT_KEY if sshd would find no key in one of these
 * lines; ERROR_EMPTY if there are no lines; or another error. */
int authorized_edit_lines(int fd, struct buffer *lines);

/* authorized_edit_do: does e to the file path, looked up from base as for locked_file_open.
 * Returns 0; 1 if no change was needed (ADD: a line lets the key in; REMOVE: no line has the key);
 * or an enum error, and then nothing is changed. The buffer text becomes:
 *
 *	ADD	the lines that were added, then the file's other lines with the key; with the
 *		result 1, the line that lets the key in
 *	APPEND	the lines that were added
 *	REMOVE	the lines that were removed
 *	REPLACE	the line of the new key; empty if no line has the key to replace
 *	EXPIRE	all lines of the key, as they are now
 *	EXACT	not defined
 *	LIST, ASK  the whole file
 *
 * Before lines are appended, an unterminated last line gets its LF. Except for ADD, APPEND and
 * EXACT, a missing file counts as empty; for REMOVE, ASK, REPLACE and EXPIRE, so does a file that is
 * not regular: sshd reads no key from it.
 *
 * Before anything is changed, out gets a row for each key of these lines, in tab-separated columns
 * with unprintable characters escaped: SHA256 fingerprint, bits, type, options or "-", comment.
 * Except for LIST, the first column is "added", "present", "removed" or, for ADD, "beside" (another
 * line with the key), and type and base64 of the key precede the comment; for LIST with whole set,
 * too, but the first column is what authorized_keys_lets_in says, "yes", "no" or "unclear", and the
 * time until which the key is let in, or "-", follows the comment. If terminal is 0, removed
 * lines stay as they were: they can be appended again. For ASK, out gets the line numbers of
 * authorized_openssh_find. For REPLACE and EXPIRE the rows of authorized_rows_superseded follow, for
 * all lines of the old key. For EXACT see authorized_exact.h.
 *
 *	ERROR_OPTIONS		e->options is not empty, and a line has the key with other options; text
 *				becomes the command that removes the key
 *			(REPLACE: e->options, or those of the old key)
 *	ERROR_UNCERTAIN		it is not known whether the line in text lets the key in
 *	ERROR_EXPIRED		REPLACE: all lines of the old key, such as text, have expired
 *	ERROR_TWO_OPTIONS	REPLACE: the line in text has other options than another one of the old
 *				key, and e->options is empty
 *	ERROR_UNFOUND, ERROR_UNANSWERED  REPLACE: see authorized_replace.h
 *	ERROR_NOT_PUBLIC	the file holds a private key
 *	ERROR_LINK		a symbolic link is on the path of the file to change
 *
 * With ERROR_LINK, text becomes the path of the link's target; if this account owns the target,
 * also the options with which authkeys changes the target (for root, only if path is relative to
 * base). out becomes three tab-separated fields: "link"; the owner of the target (account_by_file)
 * or "-"; the path of the target. */
int authorized_edit_do(const struct authorized_edit *e, const char *base, const char *path,
    struct buffer *text);

#endif
