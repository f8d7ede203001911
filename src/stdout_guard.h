/*
 * stdout_guard: standard output, checked to the last byte, and no place for a
 * private key that others could read.
 */
#ifndef STDOUT_GUARD_H
#define STDOUT_GUARD_H

#include "slice.h"

enum stdout_verdict { STDOUT_FIT, STDOUT_TERMINAL, STDOUT_READABLE, STDOUT_FOREIGN };

/* stdout_guard_private: may a private key go to standard output? Not to a
 * terminal, not to a regular file whose group or others can read it, or that
 * belongs to another user than the process. */
enum stdout_verdict stdout_guard_private(void);

/* stdout_guard_text: what to say of a verdict. */
const char *stdout_guard_text(enum stdout_verdict verdict);

/* stdout_guard_write: writes all of data, unbuffered; 0, or -1 with errno. */
int stdout_guard_write(struct slice data);

/* stdout_guard_close: closes it, which is where NFS and quota errors appear;
 * 0, or -1 with errno. */
int stdout_guard_close(void);

#endif
