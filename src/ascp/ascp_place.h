/*
 * ascp_place: where a source or a destination of ascp is: [user@]host:path, the
 * host of IPv6 in brackets, where no slash comes before the colon; or a path
 * or URI (stdio://, file://) here. Pure.
 */
#ifndef ASCP_PLACE_H
#define ASCP_PLACE_H

#include "base/slice.h"

struct ascp_place {
	struct slice user, host, path;  /* of the word; no host where the path is here */
};

/* ascp_place_parse: takes word apart. NULL, or what is wrong with it: a host that
 * is none, a user, host or path that begins with "-", which ssh, sftp or ascp could
 * take for an option, or a control character. */
const char *ascp_place_parse(const char *word, struct ascp_place *p);

/* ascp_place_check: the same for a user, or a path that cannot have a host. */
const char *ascp_place_check(const char *word);

/* ascp_place_check_host: the same for a host alone, without brackets. */
const char *ascp_place_check_host(struct slice host);

#endif
