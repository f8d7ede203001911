#ifdef __linux__
#define _GNU_SOURCE     /* renameat2, O_TMPFILE */
#endif
#include "base/atomic_write.h"
#include "base/io.h"
#include "base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define TEMPORARY ".xferkey."    /* and six letters or digits of mkstemp */

/* EINVAL: some file systems cannot sync a directory. EACCES: it may not be readable. */
static int
sync_directory(const char *path)
{
	char directory[PATH_MAX];
	int fd, r;

	if (path_directory(path, directory) != 0)
		return -1;
	if ((fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return errno == EACCES ? 0 : -1;
	r = fsync(fd) == 0 || errno == EINVAL ? 0 : -1;
	close(fd);
	return r;
}

/* fchmod ignores the umask and default ACLs. On a FAT or Windows disk it may do nothing. */
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

static void
discard(const char *temp)
{
	int saved = errno;

	(void)unlink(temp);
	errno = saved;
}

int
atomic_write_publish(int directory, const char *temp, const char *name)
{
	int r = linkat(directory, temp, directory, name, 0);

#ifdef RENAME_NOREPLACE
	if (r != 0 && (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS))
		return renameat2(directory, temp, directory, name, RENAME_NOREPLACE);
#endif
	return r;
}

/* Removes the name path, unless it belongs to another file by now. */
static void
withdraw(const char *path, const struct stat *ours)
{
	const int saved = errno;

	if (path_is(AT_FDCWD, path, ours) == 1)
		(void)unlink(path);
	errno = saved;
}

/* Closing a duplicate of fd reports the errors that only close does (NFS, quotas), and keeps the
 * lock. */
static int
fill(int fd, struct slice data, mode_t mode)
{
	int copy;

	if ((mode != 0 && atomic_write_mode(fd, mode) != 0) || io_write_all(fd, data) != 0 || fsync(fd) != 0)
		return -1;
	return (copy = dup(fd)) < 0 ? -1 : close(copy);
}

/* Returns 0; -1 with errno; or 1 if only a file with a name is possible: without O_TMPFILE, or
 * without /proc, which linkat requires to name the file. */
static int
write_unnamed(const char *path, struct slice data, mode_t mode, struct stat *ours, int *fd)
{
	char link[sizeof "/proc/self/fd/" + 3 * sizeof *fd], directory[PATH_MAX];

	*fd = -1;
#ifdef O_TMPFILE
	if (path_directory(path, directory) == 0)
		*fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
	if (*fd < 0)
		return 1;
	if (fill(*fd, data, mode) != 0 || fstat(*fd, ours) != 0)
		return -1;
	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", *fd);
	if (linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0)
		return 0;
	return errno == EEXIST ? -1 : 1;
}

/* Creates the hidden file temp beside path. Its lock means that a process uses it: before that,
 * another process may remove it. */
static int
open_temporary(const char *path, char temp[PATH_MAX], struct stat *ours)
{
	const char *slash = strrchr(path, '/');
	size_t before = slash == NULL ? 0 : (size_t)(slash - path) + 1;
	int fd, n, tries, r;

	for (tries = 0; tries < 10; tries++) {
		n = snprintf(temp, PATH_MAX, "%.*s" TEMPORARY "XXXXXX", (int)before, path);
		if (n < 0 || n >= PATH_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		if ((fd = mkstemp(temp)) < 0)
			return -1;
		/* without locks, another process cannot remove it either */
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) {
			r = fstat(fd, ours) == 0 ? path_is(AT_FDCWD, temp, ours) : -1;
			if (r == 1)
				return fd;
			if (r == -1)
				discard(temp);
		}
		io_close(fd);
	}
	return -1;
}

static int
write_named(const char *path, struct slice data, mode_t mode, struct stat *ours, int *fd)
{
	char temp[PATH_MAX];
	int r;

	if ((*fd = open_temporary(path, temp, ours)) < 0)
		return -1;
	r = fill(*fd, data, mode) == 0 ? atomic_write_publish(AT_FDCWD, temp, path) : -1;
	discard(temp);
	return r;
}

/* Syncs again with the name: a file system need not keep a file without a name, and the directory
 * may be one that cannot be opened. */
static int
write_new(const char *path, struct slice data, mode_t mode, struct stat *ours)
{
	int fd, r;

	if ((r = write_unnamed(path, data, mode, ours, &fd)) == 1) {
		io_close(fd);
		r = write_named(path, data, mode, ours, &fd);
	}
	if (r == 0 && (r = fsync(fd) == 0 ? sync_directory(path) : -1) != 0)
		withdraw(path, ours);
	io_close(fd);
	return r;
}

int
atomic_write_new(const char *path, struct slice data, mode_t mode)
{
	struct stat ours;
	sigset_t old;
	int r;

	io_hold_signals(&old);
	r = write_new(path, data, mode, &ours);
	io_release_signals(&old);
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
	io_hold_signals(&old);
	*which = key;
	if ((r = write_new(key, key_data, 0600, &ours)) == 0) {
		*which = pub;
		if ((r = write_new(pub, pub_data, 0644, &pub_ours)) != 0)
			withdraw(key, &ours);
	}
	io_release_signals(&old);
	return r;
}

static int
is_temporary(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	size_t n = sizeof TEMPORARY - 1;

	return strncmp(name, TEMPORARY, n) == 0 && strspn(name + n, letters) == 6 && name[n + 6] == '\0';
}

static int
is_ours(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid();
}

/* Removes the temporary file, unless a process holds its lock. -1 with errno if it cannot. */
static int
sweep_one(int directory, const char *name)
{
	struct stat st;
	int fd, r;

	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : -1;
	if (!is_ours(&st))
		return 0;
	if ((fd = openat(directory, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)) < 0)
		return errno == ENOENT ? 0 : -1;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		r = errno == EWOULDBLOCK ? 0 : -1;
	else if ((r = fstat(fd, &st)) == 0 && is_ours(&st) && path_is(directory, name, &st) == 1)
		r = unlinkat(directory, name, 0);
	io_close(fd);
	return r;
}

int
atomic_write_sweep(const char *path, struct buffer *left)
{
	char directory[PATH_MAX];
	struct dirent *entry;
	DIR *dir;
	int failed = 0;

	if (path_directory(path, directory) != 0 || (dir = opendir(directory)) == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		if (!is_temporary(entry->d_name) || sweep_one(dirfd(dir), entry->d_name) == 0)
			continue;
		failed = errno;
		buffer_printf(left, "%s%s/%s", left->n > 0 ? ", " : "", directory, entry->d_name);
	}
	closedir(dir);
	errno = failed;
	return failed == 0 ? 0 : -1;
}
