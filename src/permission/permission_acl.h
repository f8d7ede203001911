/*
 * permission_acl: the users and groups that a POSIX access ACL (acl(5)) names. The group bits of a
 * file's mode are the mask of its ACL, so "group-writable" may mean that a named user can write.
 * Linux only; elsewhere the list is always empty.
 */
#ifndef PERMISSION_ACL_H
#define PERMISSION_ACL_H

#include "base/buffer.h"

/* permission_acl_names: fills names, which is empty, with a C string for setfacl(1), such as
 * "u:65534,g:100": the users and groups to which the ACL of path, limited by its mask, grants at
 * least one of bits (4 read, 2 write, 1 execute). Without an ACL the string is "". Returns
 * ERROR_NONE or ERROR_SYSTEM. */
int permission_acl_names(const char *path, unsigned bits, struct buffer *names);

#endif
