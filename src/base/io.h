/*
 * io: reading and writing the whole of something, without interruption.
 */
#ifndef IO_H
#define IO_H

#include "base/buffer.h"

#include <signal.h>

/* io_write_all: writes all of data to fd, whatever it takes. 0, or -1 with errno. */
int io_write_all(int fd, struct slice data);

/* io_read_all: appends all that fd gives, about size bytes, to to. 0 or an error: ERROR_TOO_BIG for
 * more than to may hold. */
int io_read_all(int fd, size_t size, struct buffer *to);

/* io_close: closes fd, unless it is -1. errno stays. */
void io_close(int fd);

/* io_hold_signals: makes all signals wait until io_release_signals, which keeps errno. */
void io_hold_signals(sigset_t *old);
void io_release_signals(const sigset_t *old);

#endif
