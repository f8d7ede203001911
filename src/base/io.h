/*
 * io: reads and writes to the end, and blocks signals.
 */
#ifndef IO_H
#define IO_H

#include "base/buffer.h"

#include <signal.h>

/* io_write_all: writes all of data to fd, if necessary with several calls. 0, or -1 with errno. */
int io_write_all(int fd, struct slice data);

/* io_read_all: reads fd to its end and appends the bytes to a buffer; size is their approximate
 * number. 0 or an error: ERROR_TOO_BIG if the buffer cannot hold the bytes. */
int io_read_all(int fd, size_t size, struct buffer *to);

/* io_close: closes fd, unless it is -1. Keeps errno. */
void io_close(int fd);

/* io_hold_signals: blocks all signals until io_release_signals(old), which keeps errno. */
void io_hold_signals(sigset_t *old);
void io_release_signals(const sigset_t *old);

#endif
