/*
 * path_target: where the symbolic links of a path lead.
 */
#ifndef PATH_TARGET_H
#define PATH_TARGET_H

/* path_target: the path without symbolic links that opening path would open or, where
 * there is nothing yet, would create. Allocated; NULL with errno (ELOOP, EACCES, ENOMEM ...). */
char *path_target(const char *path);

#endif
