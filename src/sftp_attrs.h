/*
 * sftp_attrs: what a file is, as SFTP says it: version 3 of the protocol,
 * draft-ietf-secsh-filexfer-02 section 5.
 */
#ifndef SFTP_ATTRS_H
#define SFTP_ATTRS_H

#include "buffer.h"
#include "slice.h"

#include <stdint.h>

#define SFTP_ATTRS_SIZE  1u
#define SFTP_ATTRS_MODE  4u
#define SFTP_ATTRS_TIMES 8u

struct stat;

struct sftp_attrs {
	unsigned has;                   /* which of these are said */
	uint64_t size;
	uint32_t mode;                  /* st_mode: kind and permissions */
	uint32_t mtime;                 /* seconds; SFTP has no more of them, and no finer ones */
	uint64_t version;               /* of a local file: inode and nanoseconds, else 0 */
};

/* sftp_attrs_of: what stat(2) says of a local file. A time before 1970 or past
 * 2106 becomes the nearest that SFTP has. */
struct sftp_attrs sftp_attrs_of(const struct stat *st);

/* sftp_attrs_get: takes attributes off the front of *in. 0, or -1. */
int sftp_attrs_get(struct slice *in, struct sftp_attrs *a);

/* sftp_attrs_put: appends mode (permissions only, of a folder with setgid and
 * sticky) and times, as far as a has them; never a size or an owner. */
int sftp_attrs_put(struct buffer *out, const struct sftp_attrs *a);

/* sftp_attrs_same: 1 where size and time are said of both and are equal. */
int sftp_attrs_same(const struct sftp_attrs *a, const struct sftp_attrs *b);

#endif
