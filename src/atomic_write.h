/*
 * atomic_write: files that are there whole or not at all, and stay there when
 * the power fails: temporary file of mode 0600 in the same folder, fsync, then
 * link(2) under the name (which fails where there is one), fsync of both.
 *
 * The temporary file has no name (O_TMPFILE), and goes with a killed process. Where
 * the file system has no such files, or /proc is missing, it is .xferkey.XXXXXX and
 * locked with flock(2) while its process lives: the next run sweeps.
 *
 * While a temporary file exists, signals wait. All return 0, or -1 with errno; then nothing is left behind.
 */
#ifndef ATOMIC_WRITE_H
#define ATOMIC_WRITE_H

#include "buffer.h"
#include "slice.h"

#include <sys/stat.h>
#include <sys/types.h>

/* atomic_write_new: creates path with this mode. EEXIST where there is
 * anything of that name, a dangling symlink too. */
int atomic_write_new(const char *path, struct slice data, mode_t mode);

/* atomic_write_pair: creates key with mode 0600 and pub with mode 0644: both
 * or none. *which becomes the path that errno speaks of. */
int atomic_write_pair(const char *key, struct slice key_data, const char *pub,
    struct slice pub_data, const char **which);

/* atomic_write_sweep: removes from the folder of path the temporary files that killed
 * processes of this user have left. Where that fails for some, mostly since the file
 * system has no locks, it appends their paths to left: -1 with the errno of one. */
int atomic_write_sweep(const char *path, struct buffer *left);

/* atomic_write_publish: gives the file temp in folder the name, which must be
 * free: EEXIST. Where folder keeps no hard links temp is gone then. */
int atomic_write_publish(int folder, const char *temp, const char *name);

/* atomic_write_mode: gives the file this mode; ENOTSUP where its file system
 * keeps no modes, and others could read it. */
int atomic_write_mode(int fd, mode_t mode);

#endif
