/*
 * permission_parent: the directory that homes are in, whose real path is asked for once for all
 * that follow one another, not once for each.
 */
#ifndef PERMISSION_PARENT_H
#define PERMISSION_PARENT_H

#include <sys/stat.h>

/* Of the last path; NULL before. */
struct permission_parent {
	char *stated, *real;
};

/* permission_parent_path: realpath(3) of the absolute path, of which st is what lstat(2) said to
 * this account; allocated, or NULL with errno. */
char *permission_parent_path(struct permission_parent *p, const char *path, const struct stat *st);

/* permission_parent_free: releases what it holds, and is then as at first. */
void permission_parent_free(struct permission_parent *p);

#endif
