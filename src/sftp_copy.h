/*
 * sftp_copy: the bytes of files from here to the server or back, many files
 * and many requests at once, so that a long way costs no more time than a
 * short one. What is oldest goes first.
 */
#ifndef SFTP_COPY_H
#define SFTP_COPY_H

#include "sftp_attrs.h"
#include "sftp_channel.h"
#include "sftp_rate.h"

#include <stdint.h>

#define SFTP_COPY_JOBS 64
/* All bytes under way at one time. Of an unfinished file no more than the last
 * so many can have holes: a server may work on requests in any order. */
#define SFTP_COPY_WINDOW ((uint64_t)4 << 20)

struct sftp_copy_job;

struct sftp_copy {
	struct sftp_channel *channel;
	int upload;
	struct sftp_rate rate;
	/* Called for each file that has not arrived, with its name on the side
	 * where that was seen. */
	void (*failed)(void *of, const char *path, const char *why);
	/* Called often; NULL: never. */
	void (*progress)(void *of, const struct sftp_copy *copy);
	void *of;
	uint64_t files, bytes;          /* files that have arrived; bytes, of others too */
	int times_refused;              /* the server would not set mode and times */
	unsigned active;
	struct sftp_copy_job *job[SFTP_COPY_JOBS];
};

struct sftp_copy_file {
	const char *from, *to;          /* their names on their sides */
	/* What to is called at last; where there is none yet, to is new then, and no
	 * other run has it. NULL: it stays. */
	const char *final;
	struct sftp_attrs attrs;        /* of the source */
	uint64_t offset;                /* so much of to is there and right */
};

struct sftp_copy_progress {
	const char *name;               /* of the oldest file under way, at its source */
	uint64_t done, size;
};

/* sftp_copy_begin: sets up the channel's feed. */
void sftp_copy_begin(struct sftp_copy *copy);

/* sftp_copy_start: takes a file on, and waits only until it can: also for another
 * that is to have the same name. -1: the
 * connection is lost. What is wrong with the file goes to failed. */
int sftp_copy_start(struct sftp_copy *copy, const struct sftp_copy_file *file);

/* sftp_copy_finish: waits until all are done. -1: the connection is lost. */
int sftp_copy_finish(struct sftp_copy *copy);

/* sftp_copy_now: what is under way. 0 where nothing is. */
int sftp_copy_now(const struct sftp_copy *copy, struct sftp_copy_progress *p);

/* sftp_copy_end: forgets those that are not done. */
void sftp_copy_end(struct sftp_copy *copy);

#endif
