/*
 * permission_parent: remembers the real path of the directory that homes are in: it is resolved
 * once for consecutive homes in it.
 */
#ifndef PERMISSION_PARENT_H
#define PERMISSION_PARENT_H

#include <sys/stat.h>

/* The parent directory of the last path, as stated and as a real path; NULL before the first. */
struct permission_parent {
	char *stated, *real;
};

/* permission_parent_path: returns realpath(3) of the absolute path, allocated, or NULL with errno.
 * st is the result of lstat(2) for path as this account. */
char *permission_parent_path(struct permission_parent *p, const char *path, const struct stat *st);

/* permission_parent_free: releases both members of p and sets them to NULL. */
void permission_parent_free(struct permission_parent *p);

#endif
