/*
 * locked_file: a file that is read and then replaced whole, by one process at a time. Its next
 * version, .NAME.xferkey beside it, is also the lock; one that a killed process has left is taken
 * over.
 *
 * Once the directory is open, the path is not looked up again: no symbolic link can then lead
 * elsewhere. From locked_file_lock to locked_file_close signals wait. The functions return 0, or an
 * enum error.
 */
#ifndef LOCKED_FILE_H
#define LOCKED_FILE_H

#include "base/buffer.h"

#include <limits.h>
#include <signal.h>
#include <sys/stat.h>

enum locked_file_use { LOCKED_FILE_READ, LOCKED_FILE_CHANGE, LOCKED_FILE_MAKE };

struct locked_file {
	char name[NAME_MAX + 1];        /* in the directory */
	char next_name[NAME_MAX + 1];
	char made[PATH_MAX];            /* a directory, in above, that is new */
	int directory, above, old, next;   /* descriptors, or -1 */
	enum locked_file_use use;
	struct stat was;                /* the version that has been read */
	sigset_t signals;               /* what they were */
};

/* locked_file_open: opens the directory of path; the caller closes f in any case.
 * LOCKED_FILE_MAKE creates the last directory, mode 0700, if there is none. LOCKED_FILE_READ
 * follows symbolic links, as sshd does, and ignores owners; otherwise ERROR_FOREIGN when the
 * directory is another user's. A path that is relative or begins with base is looked up from
 * base, unless base is NULL; no directory below base may be a symbolic link. Elsewhere only the
 * last directory must not be one. */
int locked_file_open(struct locked_file *f, const char *base, const char *path,
    enum locked_file_use use);

/* locked_file_lock: waits for at most 10 seconds, then returns ERROR_LOCKED. ERROR_SYSTEM if the
 * file system has no locks. ERROR_LOCK_FILE when the next version exists and is not a regular file
 * of this user with one link. */
int locked_file_lock(struct locked_file *f);

/* locked_file_read: sets text to the contents of the file; to nothing when there is none.
 * ERROR_FOREIGN when it is not a regular file of this user. */
int locked_file_read(struct locked_file *f, struct buffer *text);

/* locked_file_replace: replaces the version that was read by text. The group, the ACL and the mode
 * stay, except that others lose the right to write; a new file gets mode. ERROR_SYSTEM with ESTALE
 * when a program that does not lock has changed the file since. ERROR_UNLOCKED without the lock. */
int locked_file_replace(struct locked_file *f, struct slice text, mode_t mode);

/* locked_file_close: unlocks too, and removes a directory that was created for nothing. errno
 * stays. */
void locked_file_close(struct locked_file *f);

#endif
