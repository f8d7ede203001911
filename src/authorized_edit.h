/*
 * authorized_edit: changes to an authorized_keys file, whole or not at all. The
 * file has been opened, and is locked here. All but what is said stays byte for
 * byte. A change that a program without locks makes meanwhile is taken in.
 */
#ifndef AUTHORIZED_EDIT_H
#define AUTHORIZED_EDIT_H

#include "buffer.h"
#include "digest.h"
#include "locked_file.h"
#include "slice.h"

/* What must be ready before a file is changed, such as the report of it: call gets the lines that
 * are added or removed. 0, or an enum key_error: then the file stays as it is. */
struct authorized_edit_ready {
	int (*call)(void *arg, struct slice lines);
	void *arg;
};

/* authorized_edit_add: appends line, whose key is blob, unless sshd would find
 * that key there; an unterminated last line gets its LF. A new file gets mode.
 * now becomes the line that lets the key in, and where that is new, the file's
 * other lines of the key behind it. Returns 0; 1 when the key was there; KEY_E_OPTIONS
 * where options are not empty and it was there, in whatever line, with others;
 *  KEY_E_UNCERTAIN, and
 * nothing is added, where it is not known whether a line lets the key in: now is that line;
 * KEY_E_NOT_PUBLIC for a file with a private key; or another enum key_error. */
int authorized_edit_add(struct locked_file *f, struct slice blob, struct slice options,
    struct slice line, mode_t mode, struct buffer *now, struct authorized_edit_ready ready);

/* authorized_edit_append: puts whole lines behind all that the file holds, whatever that
 * is, and appends them to now. A new file gets mode. Returns 0 or an enum key_error. */
int authorized_edit_append(struct locked_file *f, struct slice lines, mode_t mode,
    struct buffer *now, struct authorized_edit_ready ready);

/* authorized_edit_remove: takes out every line whose key has this fingerprint, d being of its hash,
 * whatever its options are. The lines are appended to removed:
 * none, and then nothing is written. Returns 0 or an enum key_error. */
int authorized_edit_remove(struct locked_file *f, struct digest *d, const char *fingerprint,
    struct buffer *removed, struct authorized_edit_ready ready);

#endif
