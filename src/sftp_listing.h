/*
 * sftp_listing: what is in a folder, sorted by the bytes of the names.
 */
#ifndef SFTP_LISTING_H
#define SFTP_LISTING_H

#include "sftp_attrs.h"

#include <stddef.h>

struct sftp_entry {
	char *name;
	struct sftp_attrs attrs;
};

struct sftp_listing {
	struct sftp_entry *entry;
	size_t n, room;
};

#define SFTP_LISTING_EMPTY { NULL, 0, 0 }

/* sftp_listing_add: appends an entry; "." and ".." are left out. 0, or -1:
 * no memory, or a name that no file can have. */
int sftp_listing_add(struct sftp_listing *l, struct slice name, const struct sftp_attrs *a);

/* sftp_listing_put: the same for any path that has no NUL. */
int sftp_listing_put(struct sftp_listing *l, struct slice path, const struct sftp_attrs *a);

/* sftp_listing_sort: after the last was added. */
void sftp_listing_sort(struct sftp_listing *l);

/* sftp_listing_from: the first entry whose name is not before name, or n. */
size_t sftp_listing_from(const struct sftp_listing *l, const char *name);

/* sftp_listing_find: the entry of this name, or NULL. */
const struct sftp_entry *sftp_listing_find(const struct sftp_listing *l, const char *name);

/* sftp_listing_free: it is then empty. */
void sftp_listing_free(struct sftp_listing *l);

#endif
