#ifdef __linux__
#define _GNU_SOURCE     /* renameat2 */
#endif
#include "atomic_write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
atomic_write_all(int fd, struct slice data)
{
	ssize_t n;

	while (data.n > 0) {
		n = write(fd, data.p, data.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data = slice_skip(data, (size_t)n);
	}
	return 0;
}

/* A temporary file must not outlive an interrupted process. */
static void
hold_signals(sigset_t *old)
{
	sigset_t set;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, old);
}

static void
release_signals(const sigset_t *old)
{
	sigprocmask(SIG_SETMASK, old, NULL);
}

int
atomic_write_folder(const char *path, char folder[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t n = slash == NULL || slash == path ? 1 : (size_t)(slash - path);

	if (n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(folder, slash == NULL ? "." : path, n);
	folder[n] = '\0';
	return 0;
}

/* Some file systems cannot sync a folder, and say EINVAL; one that may be
 * written but not read cannot be opened for it. */
static int
sync_folder(const char *path)
{
	char folder[PATH_MAX];
	int fd, r;

	if (atomic_write_folder(path, folder) != 0)
		return -1;
	if ((fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return errno == EACCES ? 0 : -1;
	r = fsync(fd) == 0 || errno == EINVAL ? 0 : -1;
	close(fd);
	return r;
}

/* fchmod: neither umask nor a default ACL may widen or narrow it. On a FAT or
 * Windows disk it may succeed and do nothing. */
int
atomic_write_mode(int fd, mode_t mode)
{
	struct stat st;

	if (fchmod(fd, mode) != 0 || fstat(fd, &st) != 0)
		return -1;
	if ((st.st_mode & 077 & ~mode) == 0)
		return 0;
	errno = ENOTSUP;
	return -1;
}

/* Writes data into a new hidden file beside path, whose name goes to temp. */
static int
write_temporary(const char *path, struct slice data, mode_t mode, char temp[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t before = slash == NULL ? 0 : (size_t)(slash - path) + 1;
	int fd, n, r, saved;

	n = snprintf(temp, PATH_MAX, "%.*s.xferkey.XXXXXX", (int)before, path);
	if (n < 0 || n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if ((fd = mkstemp(temp)) < 0)
		return -1;
	r = atomic_write_mode(fd, mode) == 0 && atomic_write_all(fd, data) == 0 && fsync(fd) == 0 ? 0 : -1;
	saved = errno;
	if (close(fd) != 0 && r == 0) {
		r = -1;
		saved = errno;
	}
	if (r != 0)
		(void)unlink(temp);
	errno = saved;
	return r;
}

int
atomic_write_publish(int folder, const char *temp, const char *name)
{
	int r = linkat(folder, temp, folder, name, 0);

#ifdef RENAME_NOREPLACE
	if (r != 0 && (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS))
		return renameat2(folder, temp, folder, name, RENAME_NOREPLACE);
#endif
	return r;
}

static void
discard(const char *temp)
{
	int saved = errno;

	(void)unlink(temp);
	errno = saved;
}

/* Takes back a name that we published, unless somebody has put another file
 * there since. */
static void
withdraw(const char *path, const struct stat *ours)
{
	struct stat st;
	int saved = errno;

	if (lstat(path, &st) == 0 && st.st_dev == ours->st_dev && st.st_ino == ours->st_ino)
		(void)unlink(path);
	errno = saved;
}

static int
write_new(const char *path, struct slice data, mode_t mode, struct stat *ours)
{
	char temp[PATH_MAX];
	int r;

	if (write_temporary(path, data, mode, temp) != 0)
		return -1;
	r = lstat(temp, ours);
	if (r == 0)
		r = atomic_write_publish(AT_FDCWD, temp, path);
	discard(temp);
	if (r == 0 && (r = sync_folder(path)) != 0)
		withdraw(path, ours);
	return r;
}

int
atomic_write_new(const char *path, struct slice data, mode_t mode)
{
	struct stat ours;
	sigset_t old;
	int r;

	hold_signals(&old);
	r = write_new(path, data, mode, &ours);
	release_signals(&old);
	return r;
}

int
atomic_write_pair(const char *key, struct slice key_data, const char *pub,
    struct slice pub_data, const char **which)
{
	struct stat ours, pub_ours;
	sigset_t old;
	int r;

	*which = pub;
	if (lstat(pub, &ours) == 0) {
		errno = EEXIST;
		return -1;
	}
	hold_signals(&old);
	*which = key;
	if ((r = write_new(key, key_data, 0600, &ours)) == 0) {
		*which = pub;
		if ((r = write_new(pub, pub_data, 0644, &pub_ours)) != 0)
			withdraw(key, &ours);
	}
	release_signals(&old);
	return r;
}
