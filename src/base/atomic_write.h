/*
 * atomic_write: files that appear whole or not at all, and survive a loss of power: a temporary
 * file of mode 0600 in the same directory, fsync, link(2) to the name (which fails if the name
 * exists), fsync of both.
 *
 * The temporary file has no name (O_TMPFILE) and disappears with a killed process. If the file
 * system has no such files, or /proc is missing, it is .xferkey.XXXXXX and locked with flock(2)
 * while its process lives: the next run removes it.
 *
 * While a temporary file exists, signals wait. All functions return 0, or -1 with errno; nothing is
 * left behind then.
 */
#ifndef ATOMIC_WRITE_H
#define ATOMIC_WRITE_H

#include "base/buffer.h"

#include <sys/stat.h>
#include <sys/types.h>

/* atomic_write_new: creates path with this mode. EEXIST if anything has that name. */
int atomic_write_new(const char *path, struct slice data, mode_t mode);

/* atomic_write_pair: creates key with mode 0600 and pub with mode 0644: both or none. errno is
 * about *which. */
int atomic_write_pair(const char *key, struct slice key_data, const char *pub,
    struct slice pub_data, const char **which);

/* atomic_write_sweep: removes from the directory of path the temporary files that killed processes
 * of this user have left. Appends the paths of those that it could not remove, mostly because the
 * file system has no locks, to left: -1 with the errno of one. */
int atomic_write_sweep(const char *path, struct buffer *left);

/* atomic_write_publish: links the file temp in directory to name, or EEXIST; without hard links, it
 * renames temp. */
int atomic_write_publish(int directory, const char *temp, const char *name);

/* atomic_write_mode: sets the mode of fd; ENOTSUP if its file system keeps no modes and others
 * could read it. */
int atomic_write_mode(int fd, mode_t mode);

#endif
