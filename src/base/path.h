/*
 * path: paths as text, and where their symbolic links lead.
 */
#ifndef PATH_H
#define PATH_H

#include <limits.h>
#include <sys/stat.h>

/* path_join: directory, "/" and name, allocated; NULL if there is no memory. */
char *path_join(const char *directory, const char *name);

/* path_directory: the directory that path is in, "." if path has no slash. 0, or -1 with
 * ENAMETOOLONG. */
int path_directory(const char *path, char directory[PATH_MAX]);

/* path_to_parent: cuts the last component off an absolute path; "/" stays. */
void path_to_parent(char *path);

/* path_below: the part of path after directory, "" or "/NAME..."; NULL if path is neither directory
 * nor below it. Both are absolute. */
const char *path_below(const char *path, const char *directory);

/* path_is_plain: 1 when names is "/NAME/NAME...", and no NAME is empty, "." or "..". */
int path_is_plain(const char *names);

/* path_target: the path, without symbolic links, of the file that open(2) would open or create.
 * Names after a directory that must not be searched stay as they are. Allocated; NULL with errno
 * (ELOOP, ENOMEM ...). */
char *path_target(const char *path);

/* path_same: 1 if a and b are the status of the same file. */
int path_same(const struct stat *a, const struct stat *b);

/* path_is: 1 if name in directory is the file with this status, 0 if it is another file or does not
 * exist, -1 with errno. Does not follow a symbolic link. */
int path_is(int directory, const char *name, const struct stat *st);

#endif
