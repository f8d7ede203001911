/*
 * sftp_transfer: sources to a target, from the first look at either to the last
 * file.
 */
#ifndef SFTP_TRANSFER_H
#define SFTP_TRANSFER_H

#include "sftp_copy.h"

struct sftp_transfer {
	char **source;                  /* up to a NULL */
	const char *target;
	int make;                       /* the target is to be a folder, made where it is missing */
	int resume;                     /* as in sftp_tree.h, with how many that were there */
	uint64_t there;
};

/* sftp_transfer_run: copies over the channel that is open. What goes wrong goes
 * to copy->failed. Returns 0, or -1 where nothing was begun; whether the
 * connection is lost the channel says. */
int sftp_transfer_run(struct sftp_transfer *t, struct sftp_copy *copy);

#endif
