/*
 * atomic_write: creates files that appear whole or not at all, and survive a loss of power: a
 * temporary file of mode 0600 in the same directory, fsync, link(2) to the name (which fails if the
 * name exists), fsync of file and directory.
 *
 * The temporary file has no name (O_TMPFILE), so it disappears with its process. If the file system
 * does not support this, or /proc is missing, the name is .xferkey.XXXXXX, and flock(2) locks the
 * file while its process lives; after a kill, the next run removes it.
 *
 * While a temporary file exists, signals are blocked. All functions return 0, or -1 with errno and
 * leave no new file behind.
 */
#ifndef ATOMIC_WRITE_H
#define ATOMIC_WRITE_H

#include "base/buffer.h"

#include <sys/stat.h>
#include <sys/types.h>

/* atomic_write_new: creates path with this mode, or, if mode is 0, with 0600 or what a file system
 * without modes has in its place. EEXIST if anything has that name. */
int atomic_write_new(const char *path, struct slice data, mode_t mode);

/* atomic_write_pair: creates the file key with mode 0600 and the file pub with mode 0644, or
 * neither. After an error, *which is the path that errno is about. */
int atomic_write_pair(const char *key, struct slice key_data, const char *pub,
    struct slice pub_data, const char **which);

/* atomic_write_sweep: removes from the directory of path the temporary files of this user's killed
 * processes. If it cannot remove some of these files, usually because the file system has no locks,
 * it appends their paths to the buffer left, and returns -1 with the errno of the last. */
int atomic_write_sweep(const char *path, struct buffer *left);

/* atomic_write_publish: links the file temp in directory to name; EEXIST if name exists. If the
 * file system has no hard links, it renames temp. */
int atomic_write_publish(int directory, const char *temp, const char *name);

/* atomic_write_mode: sets the mode of the open file fd. ENOTSUP if its file system keeps no modes,
 * and group or others have more rights than mode. */
int atomic_write_mode(int fd, mode_t mode);

#endif
