/*
 * permission_link: where symbolic links lead, which sshd follows.
 */
#ifndef PERMISSION_LINK_H
#define PERMISSION_LINK_H

#include "account.h"

/* permission_link_target: the path without symbolic links that opening path would open or, where
 * there is nothing yet, would make. Allocated; NULL with errno (ELOOP, EACCES, ENOMEM ...). */
char *permission_link_target(const char *path);

/* permission_link_owner: sets *owner to the account whose regular file target is, a path without symbolic
 * links; or, where there is no file, its directory. 1; 0 where the file is not a regular one, it and its
 * directory are not one account's, or where others than it and root can lead the path elsewhere; -1 with errno. */
int permission_link_owner(const char *target, struct account *owner);

#endif
