/*
 * sftp_compare: whether a file here begins as one of the server, by reading
 * both: SFTP has no checksums.
 */
#ifndef SFTP_COMPARE_H
#define SFTP_COMPARE_H

#include "sftp_channel.h"
#include "sftp_rate.h"

#include <stdint.h>

/* sftp_compare: the first length bytes of the two, or with samples only those
 * at the two ends and at places between. Returns 1 where they are the same, 0
 * where not, or where that could not be seen. */
int sftp_compare(struct sftp_channel *c, struct sftp_rate *rate, const char *here, const char *there,
    uint64_t length, int samples);

#endif
