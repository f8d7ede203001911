/*
 * sftp_place: files by their names, on this machine or on that of a channel,
 * such that who walks over trees need not know which.
 *
 * Where a function returns a text, it says what is wrong, and NULL nothing. A
 * channel that is lost makes everything fail; its own fault says more.
 */
#ifndef SFTP_PLACE_H
#define SFTP_PLACE_H

#include "sftp_attrs.h"
#include "sftp_channel.h"
#include "sftp_listing.h"

/* Longer names are refused: no tree is endless. */
#define SFTP_PLACE_PATH 4096

/* More names in one folder are refused too. */
#define SFTP_PLACE_NAMES 4000000

/* sftp_place_stat: what is at path; *found is 0 where nothing is. follow: of a
 * symbolic link what it leads to. c is NULL for this machine. */
const char *sftp_place_stat(struct sftp_channel *c, const char *path, int follow,
    struct sftp_attrs *a, int *found);

/* sftp_place_list: what is in a folder; the caller frees it, in any case. A
 * name that no file can have is a fault. */
const char *sftp_place_list(struct sftp_channel *c, const char *path, struct sftp_listing *l);

/* sftp_place_mkdir: makes a folder with this mode, or leaves that which is
 * there: *made says which, and *there what that is. With follow a symbolic link
 * to one will do. */
const char *sftp_place_mkdir(struct sftp_channel *c, const char *path, uint32_t mode, int follow,
    int *made, struct sftp_attrs *there);

/* sftp_place_set: gives a file that mode and time, as far as a has them. */
const char *sftp_place_set(struct sftp_channel *c, const char *path, const struct sftp_attrs *a);

/* sftp_place_rename: whether what is there is replaced depends on the place. */
const char *sftp_place_rename(struct sftp_channel *c, const char *from, const char *to);

const char *sftp_place_remove(struct sftp_channel *c, const char *path);

/* sftp_place_real: the path without symbolic links, in memory of its own, or
 * NULL; of a server what it says of that. */
char *sftp_place_real(struct sftp_channel *c, const char *path);

/* sftp_place_join: folder/name in memory of its own; NULL where there is none
 * or the name is too long. An empty folder adds nothing. */
char *sftp_place_join(const char *folder, const char *name);

#endif
