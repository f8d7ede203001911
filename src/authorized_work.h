/*
 * authorized_work: what authkeys does, to one file from its opening to its closing.
 */
#ifndef AUTHORIZED_WORK_H
#define AUTHORIZED_WORK_H

#include "buffer.h"
#include "digest.h"
#include "slice.h"

#include <sys/stat.h>

enum authorized_work_kind {
	AUTHORIZED_ADD = 'a', AUTHORIZED_APPEND = 'A', AUTHORIZED_REMOVE = 'd', AUTHORIZED_LIST = 'l',
	AUTHORIZED_ASK = 'k'
};

struct authorized_work {
	enum authorized_work_kind kind;
	struct slice blob, options;     /* to add: of the key */
	struct slice lines;             /* to add or append */
	const char *fingerprint;        /* to remove, or to ask for */
	struct digest *hash, *shown;    /* of the fingerprint; SHA256, for what is told */
	struct buffer *out;             /* for what is told, or NULL */
	int terminal;                   /* out is for one */
	mode_t mode;                    /* of a new file */
	const char *user;               /* whom -u names, or NULL */
};

/* authorized_work_lines: appends all that fd gives to lines, and ends its last line.
 * KEY_E_NOT_KEY where there is a line in which sshd would find no key, KEY_E_EMPTY where
 * there is none at all. Returns 0 or an enum key_error. */
int authorized_work_lines(int fd, struct buffer *lines);

/* authorized_work_prepare: makes the digests. Returns 0 or KEY_E_CRYPTO. */
int authorized_work_prepare(struct authorized_work *w);

/* authorized_work_done: a phrase for what was done, where what is told of it could not be written. */
const char *authorized_work_done(const struct authorized_work *w);

/* authorized_work_do: does it to path, which begins at base as for locked_file_open. text
 * becomes the lines that authorized_edit speaks of, or all of the file to list or
 * to ask for a key in it. Returns 0; 1
 * where a key to add was there; or an enum key_error. No file is none to list, and one
 * without the key, as is what is no regular file: sshd reads no key from there. w->out gets, before anything is changed, what is done: keys in columns, as
 * authorized_list has them; for those to list without a word before them, and for those removed,
 * unless for a terminal, the lines as they were, which can be appended again; to ask,
 * authorized_openssh's numbers of lines. KEY_E_LINK where a symbolic link is on the way to a file that
 * would be changed: text becomes where it leads and, if that file is the account's who does it, the words
 * for authkeys that name it (for root only if path begins at base); and w->out "link", whose file that is,
 * or "-" (account_by_file), and its path, in columns. */
int authorized_work_do(struct authorized_work *w, const char *base, const char *path,
    struct buffer *text);

#endif
