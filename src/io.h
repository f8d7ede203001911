/*
 * io: whole reads.
 */
#ifndef IO_H
#define IO_H

#include "buffer.h"

/* io_read_all: appends all bytes that fd gives to to; about size of them are expected. Returns 0,
 * KEY_E_SYSTEM, KEY_E_MEMORY, or KEY_E_TOO_BIG where they are more than to may hold. */
int io_read_all(int fd, size_t size, struct buffer *to);

#endif
