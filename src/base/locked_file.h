/*
 * locked_file: a file that one process at a time reads and then replaces as a whole. Its next
 * version, .NAME.xferkey in the same directory, is also the lock file. If a killed process has left
 * one, the next process takes it over.
 *
 * Once the directory is open, the path is not looked up again, so that no symbolic link can lead
 * elsewhere. From locked_file_lock to locked_file_close signals are blocked. The functions return
 * 0, or an enum error.
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
	char made[PATH_MAX];            /* a new directory's name in above, or "" */
	int directory, above, old, next;   /* descriptors, or -1 */
	enum locked_file_use use;
	struct stat was;                /* of the version that was read */
	sigset_t signals;               /* the mask before the lock */
};

/* locked_file_open: opens the directory of path; the caller closes f, even after an error.
 *	LOCKED_FILE_READ        follows symbolic links, as sshd does, and ignores owners
 *	LOCKED_FILE_CHANGE      ERROR_FOREIGN if the directory belongs to another user
 *	LOCKED_FILE_MAKE        the same; creates a missing last directory, mode 0700
 * A path that is relative or begins with base is looked up from base, unless base is NULL. CHANGE
 * and MAKE refuse symbolic links to directories: below base, every such link; on another path, only
 * as the last directory. */
int locked_file_open(struct locked_file *f, const char *base, const char *path,
    enum locked_file_use use);

/* locked_file_lock: takes the lock. ERROR_LOCKED if another process holds it for 10 seconds;
 * ERROR_SYSTEM if the file system has no locks; ERROR_LOCK_FILE if the next version exists and is
 * not a regular file of this user with one link. */
int locked_file_lock(struct locked_file *f);

/* locked_file_read: sets text to the contents of the file, or empties text if there is no file.
 * ERROR_FOREIGN if the file is not regular or, except with LOCKED_FILE_READ, belongs to another
 * user. */
int locked_file_read(struct locked_file *f, struct buffer *text);

/* locked_file_replace: replaces the version that was read with text. Group, ACL and mode are kept,
 * except that group and others lose the right to write; a new file gets mode. ERROR_SYSTEM with
 * ESTALE if a program without the lock has changed the file since. ERROR_UNLOCKED without the
 * lock. */
int locked_file_replace(struct locked_file *f, struct slice text, mode_t mode);

/* locked_file_close: closes and unlocks f; removes a directory created but not used. Keeps
 * errno. */
void locked_file_close(struct locked_file *f);

#endif
