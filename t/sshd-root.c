/*
 * sshd-root: lets root start an sshd that no package has installed.
 *
 * As root sshd insists on a user "sshd" and on an empty folder such as
 * /run/sshd, which its package's installation makes; and without PAM it
 * refuses root where the password is locked ("!" in shadow), as Debian's
 * installer leaves it. Preloaded by t/sshd, this answers instead of the
 * system, so nothing on the machine is changed and nothing is left behind,
 * in a container without CAP_SYS_ADMIN too. SSHD_ROOT_MISSING names the
 * folder sshd misses, SSHD_ROOT_EMPTY the one to use for it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pwd.h>
#include <shadow.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *
in_place_of(const char *path)
{
	const char *missing = getenv("SSHD_ROOT_MISSING");
	const char *empty = getenv("SSHD_ROOT_EMPTY");

	if (missing == NULL || empty == NULL || strcmp(path, missing) != 0)
		return path;
	return empty;
}

struct passwd *
getpwnam(const char *name)
{
	struct passwd *(*next)(const char *), *pw;

	*(void **)&next = dlsym(RTLD_NEXT, "getpwnam");
	if ((pw = next(name)) == NULL && strcmp(name, "sshd") == 0)
		pw = next("nobody");
	return pw;
}

struct spwd *
getspnam(const char *name)
{
	static char no_password[] = "*";
	struct spwd *(*next)(const char *), *sp;

	*(void **)&next = dlsym(RTLD_NEXT, "getspnam");
	if ((sp = next(name)) != NULL && strcmp(name, "root") == 0)
		sp->sp_pwdp = no_password;
	return sp;
}

int
chroot(const char *path)
{
	int (*next)(const char *);

	*(void **)&next = dlsym(RTLD_NEXT, "chroot");
	return next(in_place_of(path));
}

/* The C library's names of stat(2), one of which sshd was linked with. */
#define STAT(name)						\
int name(const char *, void *);					\
int								\
name(const char *path, void *st)				\
{								\
	int (*next)(const char *, void *);			\
								\
	*(void **)&next = dlsym(RTLD_NEXT, #name);		\
	return next(in_place_of(path), st);			\
}

STAT(stat)
STAT(stat64)
STAT(__stat64_time64)
