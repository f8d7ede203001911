/*
 * permission_parent: the folder that homes are in, whose real path is asked for
 * once for all that follow one another, not once for each.
 */
#ifndef PERMISSION_PARENT_H
#define PERMISSION_PARENT_H

/* The folder of the last path, as it was given and as it is; NULL before. */
struct permission_parent {
	char *given;
	char *real;
};

/*
 * permission_parent_path: the real path of the absolute path, allocated, with
 * rest appended, which is "" or begins with "/". The caller makes sure that the
 * last name of path, and every name in rest, is no link. NULL with errno:
 * EINVAL when one of them is "", "." or "..", or what realpath(3) sets.
 */
char *permission_parent_path(struct permission_parent *p, const char *path, const char *rest);

/* permission_parent_join: folder, "/" and name, allocated; NULL without memory. */
char *permission_parent_join(const char *folder, const char *name);

/* permission_parent_open: opens the folder called name in the folder at, or
 * AT_FDCWD, to search in it and for its status; it need not be readable. -1 with
 * errno, also when name is a link. */
int permission_parent_open(int at, const char *name);

/* permission_parent_free: releases what it holds, and is then as at first. */
void permission_parent_free(struct permission_parent *p);

#endif
