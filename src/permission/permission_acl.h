/*
 * permission_acl: whom a POSIX access ACL (acl(5)) names. With an ACL the group bits of a mode are
 * its mask, so "group-writable" may mean somebody else. Linux only; elsewhere nobody is ever named.
 */
#ifndef PERMISSION_ACL_H
#define PERMISSION_ACL_H

#include "base/buffer.h"

/* permission_acl_names: makes names, which is empty, the C string of the users and groups that the
 * ACL of path grants any of bits (4 read, 2 write, 1 execute), the mask applied, as setfacl(1)
 * reads them: "u:65534,g:100"; "" without an ACL. Returns ERROR_NONE or ERROR_SYSTEM. */
int permission_acl_names(const char *path, unsigned bits, struct buffer *names);

#endif
