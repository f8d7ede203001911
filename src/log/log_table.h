/*
 * log_table: what a log says of each key of each account.
 *
 * The memory is in proportion to the number of different rows, the time to that of the lines: whoever
 * chooses names cannot change this, as the rows are in the balanced tree of tsearch(3).
 */
#ifndef LOG_TABLE_H
#define LOG_TABLE_H

#include "base/buffer.h"
#include "log/log_event.h"

#include <stdint.h>

struct log_row {
	uint64_t begin;         /* 8 bytes of the fingerprint: nearly always they tell rows apart */
	enum log_event_kind kind;
	struct slice account, fingerprint;
	struct buffer address;  /* that of last */
	time_t first, last;
	unsigned long count;
};

struct log_table {
	struct log_stamp stamp;
	struct log_event event; /* of the line that is being read */
	time_t first, last;     /* of sshd's lines */
	unsigned long count;    /* of sshd's lines */
	void *tree;
	struct buffer rows;     /* a struct log_row * for each row */
};

/* log_table_init: now is the current time, for log_stamp.h. */
void log_table_init(struct log_table *t, time_t now);

/* log_table_add: adds a line, without its end. Returns 0 or ERROR_MEMORY. */
int log_table_add(struct log_table *t, struct slice line);

/* log_table_read: adds the lines of fd, to its end. A line of 64 KiB or more is passed over. Returns 0,
 * ERROR_SYSTEM or ERROR_MEMORY. */
int log_table_read(struct log_table *t, int fd);

/* log_table_rows: sorts the rows by account, fingerprint and kind, and sets *n to their number. Returns
 * the first, valid until the next call. */
struct log_row *const *log_table_rows(struct log_table *t, size_t *n);

void log_table_free(struct log_table *t);

#endif
