/*
 * sftp_rate: not more than so many bytes a second.
 */
#ifndef SFTP_RATE_H
#define SFTP_RATE_H

#include <stdint.h>
#include <time.h>

struct sftp_rate {
	uint64_t rate;                  /* bytes a second; 0: as many as can be */
	uint64_t taken;                 /* since then */
	struct timespec began;
};

/* sftp_rate_wait: milliseconds until more can be taken, 0: now. What was left
 * unused for longer than a moment is lost. */
int sftp_rate_wait(struct sftp_rate *r);

/* sftp_rate_most: as much of n bytes as one request should be for. */
uint32_t sftp_rate_most(const struct sftp_rate *r, uint32_t n);

#endif
