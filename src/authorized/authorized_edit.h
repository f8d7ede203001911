/*
 * authorized_edit: changes to an authorized_keys file, whole or not at all, and questions about it.
 * All lines but those that are named stay byte for byte. A change that a program without locks
 * makes meanwhile is kept.
 */
#ifndef AUTHORIZED_EDIT_H
#define AUTHORIZED_EDIT_H

#include "base/buffer.h"

#include <sys/stat.h>

enum authorized_edit_kind {
	AUTHORIZED_ADD,         /* lines, one with the key blob, unless sshd would find that */
	AUTHORIZED_APPEND,      /* lines, whatever the file holds */
	AUTHORIZED_REMOVE,      /* every line whose key has the fingerprint */
	AUTHORIZED_LIST,        /* all keys */
	AUTHORIZED_ASK          /* in which lines ssh-keygen finds the fingerprint */
};

struct authorized_edit {
	enum authorized_edit_kind kind;
	struct slice blob, options;     /* of the key that is added */
	struct slice lines;
	const char *fingerprint;
	struct buffer *out;             /* for the report, or NULL */
	int terminal;                   /* out is for one */
	mode_t mode;                    /* of a new file */
	const char *user;               /* whom -u names, or NULL */
};

/* authorized_edit_lines: appends all that fd gives to lines, and ends its last line. Returns 0;
 * ERROR_NOT_KEY if sshd would find no key in a line; ERROR_EMPTY if there is none at all; or
 * another error. */
int authorized_edit_lines(int fd, struct buffer *lines);

/* authorized_edit_do: does it to path, which begins at base as for locked_file_open. Returns 0; 1
 * if nothing was changed: the key to add was there, or none to remove; or an enum error, and
 * nothing is changed.
 *
 * text becomes the lines that were added, and after them the file's other lines of that key; the
 * line that lets it in if it was there; the lines that were removed; or all of the file. To list,
 * no file is an empty one; to remove or ask, so is what is no regular file: sshd reads no key from
 * there. An unterminated last line gets its LF.
 *
 * out gets, before anything is changed, these lines in tab-separated columns, with unprintable
 * characters escaped: SHA256 fingerprint, bits, type, options or "-", comment; unless it is a list,
 * "added", "present", "removed" or "beside" comes first and the bare key before the comment. If out
 * is no terminal, removed lines are as they were: they can be appended again. To ask, out gets
 * authorized_openssh's numbers of lines.
 *
 * ERROR_OPTIONS: options are not empty, and a line has the key with others. ERROR_UNCERTAIN: it is
 * not known whether a line, which is in text, lets the key in. ERROR_NOT_PUBLIC: there is a private
 * key in the file. ERROR_LINK: a symbolic link is on the way to a file that would be changed: text
 * becomes where it leads and, if that file is the account's who does it, the words for authkeys
 * that name it (for root only if path begins at base); and out "link", whose file that is, or "-"
 * (account_by_file), and its path, tab-separated. */
int authorized_edit_do(const struct authorized_edit *e, const char *base, const char *path,
    struct buffer *text);

#endif
