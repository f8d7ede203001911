/*
 * For the coverage build only: a process writes its counters also where it leaves by _exit or by a signal that it
 * raises. The limits of mail-parts on files would prevent that, so they are not set.
 */
#define _GNU_SOURCE
#include <sys/resource.h>

void __gcov_dump(void);
void __gcov_reset(void);
_Noreturn void __real__exit(int);
_Noreturn void __wrap__exit(int);
int __real_raise(int);
int __wrap_raise(int);
int __real_setrlimit64(int, const struct rlimit64 *);
int __wrap_setrlimit64(int, const struct rlimit64 *);

_Noreturn void
__wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}

int
__wrap_raise(int sig)
{
	__gcov_dump();
	__gcov_reset(); /* else what follows, if the process goes on, is not written */
	return __real_raise(sig);
}

/* what setrlimit is with _FILE_OFFSET_BITS=64 */
int
__wrap_setrlimit64(int what, const struct rlimit64 *limit)
{
	return what == RLIMIT_FSIZE || what == RLIMIT_NOFILE ? 0 : __real_setrlimit64(what, limit);
}
