/*
 * permission_acl: the users and groups that a POSIX access ACL (acl(5)) names. The group bits of a
 * file's mode are the mask of its ACL, so "group-writable" may mean that a named user can write.
 * Linux only; elsewhere the list is always empty.
 */
#ifndef PERMISSION_ACL_H
#define PERMISSION_ACL_H

#include "base/buffer.h"

/* permission_acl_names: fills names, which is empty, with a C string of the users and groups to
 * which the ACL of path, its mask applied, grants one of bits (4 read, 2 write, 1 execute) or more,
 * as setfacl(1) reads it: "u:65534,g:100"; "" without an ACL. Returns ERROR_NONE or
 * ERROR_SYSTEM. */
int permission_acl_names(const char *path, unsigned bits, struct buffer *names);

#endif
