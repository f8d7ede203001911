/*
 * permission_scan: finds and judges the files of a home that sshd and ssh read.
 */
#ifndef PERMISSION_SCAN_H
#define PERMISSION_SCAN_H

#include "permission/permission_rules.h"

/* A set of sides: the rules of sshd, and those of ssh. */
enum { PERMISSION_SERVER = 1, PERMISSION_CLIENT = 2 };

/* permission_scan: judges, by the rules of each of sides, the file, an absolute path; or, if file
 * is NULL, these files in check->home:
 *
 * PERMISSION_SERVER: .ssh/authorized_keys and .ssh/authorized_keys2. A file is skipped only if
 * opening it fails with ENOENT; if both are skipped, the first is reported as missing.
 *
 * PERMISSION_CLIENT: .ssh/config and every private key in .ssh, in the order of their names. A
 * private key is a file whose first 4096 bytes hold "PRIVATE KEY-----", or a file that cannot be
 * read and is not called authorized_keys*, known_hosts* or *.pub. A home without .ssh is no error.
 *
 * The first path that cannot be judged goes to check->undecided and ends its side. */
void permission_scan(const struct permission_check *check, unsigned sides, const char *file);

#endif
