/*
 * secret: keeping key bytes out of places they could be read from.
 */
#ifndef SECRET_H
#define SECRET_H

#include <stddef.h>

/* secret_wipe: overwrites n bytes at p; the compiler cannot leave it out. */
void secret_wipe(void *p, size_t n);

/* secret_guard: for a process that will hold a secret: no core dump, no attaching by other
 * processes of the user, and a full disk or a closed pipe is an error of write(2) instead of a
 * signal. Closed descriptors 0 to 2 are occupied, so that no key file gets their number, and stay
 * unusable. Failures are ignored. */
void secret_guard(void);

/* secret_stack: overwrites the stack below the caller, where finished calls have left copies. */
void secret_stack(void);

/* secret_malloc, secret_realloc, secret_free: an allocator that wipes what it gives back, in the
 * form libcrypto takes one; file and line are not used. */
void *secret_malloc(size_t n, const char *file, int line);
void *secret_realloc(void *p, size_t n, const char *file, int line);
void secret_free(void *p, const char *file, int line);

/* secret_eq: 1 when n bytes at a and b are the same; constant time. */
int secret_eq(const void *a, const void *b, size_t n);

#endif
