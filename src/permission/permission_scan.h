/*
 * permission_scan: what sshd and ssh read of a home, found and judged.
 */
#ifndef PERMISSION_SCAN_H
#define PERMISSION_SCAN_H

#include "permission/permission_rules.h"

/* Whose rules: a set. */
enum { PERMISSION_SERVER = 1, PERMISSION_CLIENT = 2 };

/* permission_scan: judges for each of sides the file, an absolute path, or, if file is NULL, what
 * is usual in check->home.
 *
 * The server's are .ssh/authorized_keys and .ssh/authorized_keys2. A file is passed over only if
 * opening it is ENOENT; if that is so of both, the first is missing.
 *
 * The client's are .ssh/config and every private key in .ssh, in the order of their names; a
 * private key is a file whose first 4096 bytes hold "PRIVATE KEY-----", or one that cannot be read
 * and is not called authorized_keys*, known_hosts* or *.pub. A home without .ssh is judged.
 *
 * The first path of a side that cannot be judged goes to check->undecided and ends that side. */
void permission_scan(const struct permission_check *check, unsigned sides, const char *file);

#endif
