/*
 * secret: keeps key bytes out of places from which others could read them.
 */
#ifndef SECRET_H
#define SECRET_H

#include <stddef.h>

/* secret_wipe: overwrites n bytes at p; the compiler cannot optimize this away. */
void secret_wipe(void *p, size_t n);

/* secret_guard: prepares a process that will hold a secret. No core dump; no other process of the
 * user can attach; write(2) to a closed pipe or beyond the file size limit is an error instead of a
 * signal. If descriptors 0 to 2 are closed, they are opened, so that no key file gets these
 * numbers, but stay unusable. Failures are ignored. */
void secret_guard(void);

/* secret_stack: overwrites 64 KiB of stack below the caller, where finished calls have left
 * copies. */
void secret_stack(void);

/* secret_malloc, secret_realloc, secret_free: an allocator that wipes memory before it frees it, in
 * the form that libcrypto requires; file and line are not used. */
void *secret_malloc(size_t n, const char *file, int line);
void *secret_realloc(void *p, size_t n, const char *file, int line);
void secret_free(void *p, const char *file, int line);

/* secret_eq: 1 when n bytes at a and b are the same; constant time. */
int secret_eq(const void *a, const void *b, size_t n);

#endif
