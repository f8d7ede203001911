/*
 * locked_file: a file that is read and then replaced whole, by one process at a
 * time. Its next version, .NAME.xferkey beside it, is also the lock: nobody
 * else can open it, and one that a killed process has left is taken over.
 *
 * Once the folder is open nothing in the path is looked at again, so that no
 * symbolic link can lead elsewhere in the meantime. From locked_file_lock to
 * locked_file_close signals wait. The functions return 0, or an enum key_error.
 */
#ifndef LOCKED_FILE_H
#define LOCKED_FILE_H

#include "buffer.h"

#include <limits.h>
#include <signal.h>
#include <sys/stat.h>

enum locked_file_use { LOCKED_FILE_READ, LOCKED_FILE_CHANGE, LOCKED_FILE_MAKE };

struct locked_file {
	char name[NAME_MAX + 1];        /* in the folder */
	char next_name[NAME_MAX + 1];
	char made[PATH_MAX];            /* a folder, in above, that is new */
	int folder, above, old, next;   /* descriptors, or -1 */
	enum locked_file_use use;
	struct stat was;                /* the version that has been read */
	sigset_t signals;               /* what they were */
};

/* locked_file_open: finds the folder of path, and to MAKE makes the last folder of
 * it, mode 0700, where there is none. Only to READ, links are followed as sshd
 * follows them, and whose anything is does not matter. A relative path begins at base,
 * where that is not NULL; below base no folder may be a symbolic link, elsewhere
 * the last one may not. KEY_E_FOREIGN where the folder is another user's. To be closed in
 * any case. */
int locked_file_open(struct locked_file *f, const char *base, const char *path,
    enum locked_file_use use);

/* locked_file_lock: waits for at most 10 seconds, then KEY_E_LOCKED. KEY_E_SYSTEM
 * where the file system has no locks; no new file stays then. KEY_E_LOCK_FILE where the next
 * version is there and is not a regular file of this user. */
int locked_file_lock(struct locked_file *f);

/* locked_file_read: sets text to what the file holds; empty where there is none.
 * KEY_E_FOREIGN where it is not this user's regular file. */
int locked_file_read(struct locked_file *f, struct buffer *text);

/* locked_file_replace: puts text in the place of the version that was read,
 * with its group, its mode, but for writing by others, and its ACL; a new file gets mode.
 * KEY_E_SYSTEM with ESTALE where a program that does not lock has changed the
 * file since: to be read again. KEY_E_UNLOCKED where it is not locked. */
int locked_file_replace(struct locked_file *f, struct slice text, mode_t mode);

/* locked_file_close: also unlocks, and takes away a folder that was made for a
 * file that has not come. errno stays. */
void locked_file_close(struct locked_file *f);

#endif
