/*
 * sftp_target: where sources go, by ascp's rule: into the target where it is a
 * folder, and it must be one for several sources; else one source becomes it.
 */
#ifndef SFTP_TARGET_H
#define SFTP_TARGET_H

#include "sftp_channel.h"

struct sftp_target {
	char *folder;                   /* empty: where one is */
	char *name;                     /* in it, of the one source; NULL: its own */
};

/* sftp_target_find: looks at path, on this machine where c is NULL, and with
 * make makes it a folder, and those above it. Returns what is wrong, or NULL. */
const char *sftp_target_find(struct sftp_target *t, struct sftp_channel *c, const char *path, int make,
    int several);

/* sftp_target_name: what a source is called in the target, in memory of its
 * own: "" where all that is in it goes there, as of "." and "/"; NULL where it
 * has no name, as "..". */
char *sftp_target_name(const struct sftp_target *t, const char *source);

void sftp_target_free(struct sftp_target *t);

#endif
