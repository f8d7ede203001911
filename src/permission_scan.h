/*
 * permission_scan: what ssh reads of a home, found and judged.
 */
#ifndef PERMISSION_SCAN_H
#define PERMISSION_SCAN_H

#include "permission_rules.h"

/*
 * permission_scan_client: judges .ssh/config and every private key in .ssh of
 * check->home, in the order of their names; a private key is a file whose
 * first 4096 bytes hold "PRIVATE KEY-----", or one that cannot be
 * read and is not called authorized_keys*, known_hosts* or *.pub.
 * Returns 0, or -1 with errno and in *where, which the caller frees, the path
 * that could not be judged (NULL without memory). A home without .ssh is judged.
 */
int permission_scan_client(const struct permission_check *check, char **where);

/*
 * permission_scan_server: judges what sshd reads of check->home by default,
 * .ssh/authorized_keys and .ssh/authorized_keys2. A file is passed over only where
 * opening it is ENOENT; where both are, the first is missing. Returns as
 * permission_scan_client does.
 */
int permission_scan_server(const struct permission_check *check, char **where);

#endif
