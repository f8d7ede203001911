#include "base/locked_file.h"
#include "base/atomic_write.h"
#include "base/error.h"
#include "base/io.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif
#include <time.h>
#include <unistd.h>

#define LINE ((size_t)8 * 1024)         /* bytes: room to append a line without growing */

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* Enters the directory name: f->directory becomes its descriptor. If it is created here and stays
 * empty, locked_file_close removes it. */
static int
enter(struct locked_file *f, const char *name, int make)
{
	const int above = f->directory, made = make && mkdirat(above, name, 0700) == 0, error = errno;

	f->directory = openat(above, name, DIRECTORY | (f->use != LOCKED_FILE_READ ? O_NOFOLLOW : 0));
	if (made) {
		f->above = above;
		(void)snprintf(f->made, sizeof f->made, "%s", name);
	} else
		io_close(above);
	if (f->directory < 0 && make && !made && errno == ENOENT)
		errno = error;
	return f->directory < 0 ? -1 : 0;
}

/* Opens path from base, one component at a time. */
static int
walk(struct locked_file *f, const char *base, char *path)
{
	char *slash, *name = path;

	if ((f->directory = open(base, DIRECTORY)) < 0)
		return -1;
	for (; name != NULL; name = slash) {
		if ((slash = strchr(name, '/')) != NULL)
			*slash++ = '\0';
		if (strcmp(name, "..") == 0) {
			errno = EINVAL;
			return -1;
		}
		if (*name != '\0' && enter(f, name, f->use == LOCKED_FILE_MAKE && slash == NULL) != 0)
			return -1;
	}
	return 0;
}

/* Drops slashes at the end of the directory: with one, a symbolic link would be followed. */
static int
open_directory(struct locked_file *f, const char *base, const char *path)
{
	char directory[PATH_MAX];
	size_t n;

	if (path_directory(path, directory) != 0)
		return -1;
	for (n = strlen(directory); n > 1 && directory[n - 1] == '/'; n--)
		directory[n - 1] = '\0';
	if (base != NULL && *path != '/')
		return walk(f, base, directory);
	f->directory = AT_FDCWD;
	return enter(f, directory, f->use == LOCKED_FILE_MAKE);
}

int
locked_file_open(struct locked_file *f, const char *base, const char *path,
    enum locked_file_use use)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	size_t below = base != NULL ? strlen(base) : 0;
	struct stat st;
	int n;

	if (base != NULL && strncmp(path, base, below) == 0 && path[below] == '/')
		path += below + 1;
	*f = (struct locked_file){ .directory = -1, .above = -1, .old = -1,
	    .next = -1, .use = use };
	n = snprintf(f->next_name, sizeof f->next_name, ".%s.xferkey", name);
	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		errno = EISDIR;
	else if (n >= (int)sizeof f->next_name)
		errno = ENAMETOOLONG;
	else {
		memcpy(f->name, name, strlen(name) + 1);
		if (open_directory(f, base, path) == 0 && fstat(f->directory, &st) == 0)
			return st.st_uid == geteuid() || use == LOCKED_FILE_READ ? ERROR_NONE : ERROR_FOREIGN;
	}
	return ERROR_SYSTEM;
}

/* A process killed between link and unlink leaves both names of the published file. */
static int
is_published(struct locked_file *f, const struct stat *mine)
{
	return mine->st_nlink == 2 && path_is(f->directory, f->name, mine) == 1;
}

/* Opens the next version. 1 if it is new; 0 if it existed (f->next is -1 if it is gone again); -1
 * with errno; or ERROR_LOCK_FILE for a symbolic link, a directory or a socket. */
static int
open_next(struct locked_file *f)
{
	const int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

	if ((f->next = openat(f->directory, f->next_name, flags | O_CREAT | O_EXCL, 0600)) >= 0)
		return 1;
	if (errno != EEXIST)
		return -1;
	f->next = openat(f->directory, f->next_name, flags);
	if (f->next < 0 && (errno == ELOOP || errno == EISDIR || errno == ENXIO))
		return ERROR_LOCK_FILE;
	return f->next >= 0 || errno == ENOENT ? 0 : -1;
}

/* 1 if the next version has its name, 0 if it was published or unlinked, -1 with errno. */
static int
is_next(struct locked_file *f, struct stat *mine)
{
	return fstat(f->next, mine) == 0 ? path_is(f->directory, f->next_name, mine) : -1;
}

/* 1 with the lock; 0 if another process has or had it: try again; -1 with errno; or
 * ERROR_LOCK_FILE. */
static int
try_lock(struct locked_file *f)
{
	struct stat mine;
	int made = open_next(f), r, saved;

	if (f->next < 0)
		return made;
	if (flock(f->next, LOCK_EX | LOCK_NB) == 0)
		r = is_next(f, &mine);
	else
		r = errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
	if (r == 1 && is_published(f, &mine))
		r = unlinkat(f->directory, f->next_name, 0) == 0 ? 0 : -1;
	if (r == 1 && (!S_ISREG(mine.st_mode) || mine.st_uid != geteuid() || mine.st_nlink != 1))
		r = ERROR_LOCK_FILE;
	if (r == 1)
		return 1;
	saved = errno;
	if (r == -1 && made)
		(void)unlinkat(f->directory, f->next_name, 0);
	close(f->next);
	f->next = -1;
	errno = saved;
	return r;
}

int
locked_file_lock(struct locked_file *f)
{
	struct timespec wait = { 0, 1000000 };
	long waited = 0;        /* ms */
	int r;

	for (;;) {
		io_hold_signals(&f->signals);
		if ((r = try_lock(f)) == 1)
			return ERROR_NONE;
		io_release_signals(&f->signals);
		if (r != 0)
			return r == -1 ? ERROR_SYSTEM : r;
		if (waited >= 10000)
			return ERROR_LOCKED;
		nanosleep(&wait, NULL);
		waited += wait.tv_nsec / 1000000;
		if (wait.tv_nsec < 64000000)
			wait.tv_nsec *= 2;
	}
}

int
locked_file_read(struct locked_file *f, struct buffer *text)
{
	size_t size;

	buffer_truncate(text, 0);
	io_close(f->old);
	f->old = openat(f->directory, f->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC |
	    (f->use != LOCKED_FILE_READ ? O_NOFOLLOW : 0));
	if (f->old < 0)
		return errno == ENOENT ? ERROR_NONE : ERROR_SYSTEM;
	if (fstat(f->old, &f->was) != 0)
		return ERROR_SYSTEM;
	if (!S_ISREG(f->was.st_mode) || (f->was.st_uid != geteuid() && f->use != LOCKED_FILE_READ))
		return ERROR_FOREIGN;
	if (f->was.st_size < 0 || (size_t)f->was.st_size > text->max)
		return ERROR_TOO_BIG;
	size = (size_t)f->was.st_size;
	return io_read_all(f->old, text->max - size > LINE ? size + LINE : size, text);
}

/* Copies the ACL, which is part of who may read the file. */
static int
copy_acl(int from, int to)
{
#ifdef __linux__
	static const char name[] = "system.posix_acl_access";
	char acl[4096];
	ssize_t n = fgetxattr(from, name, acl, sizeof acl);

	if (n >= 0)
		return fsetxattr(to, name, acl, (size_t)n, 0);
	if (errno == ENODATA && fremovexattr(to, name) == 0)
		return 0;       /* the new file had the directory's default ACL */
	return errno == ENODATA || errno == ENOTSUP || errno == ENOSYS ? 0 : -1;
#else
	(void)from;
	(void)to;
	return 0;
#endif
}

/* Keeps the group: sshd may be able to read a file of root only by its group. sshd reads an
 * account's file as that account, and does not need the group. */
static int
keep_group(struct locked_file *f)
{
	struct stat st;

	if (fstat(f->next, &st) != 0)
		return -1;
	return st.st_gid == f->was.st_gid || fchown(f->next, (uid_t)-1, f->was.st_gid) == 0 ||
	    (errno == EPERM && geteuid() != 0) ? 0 : -1;
}

/* Whether the file still is the version that was read. */
static int
is_current(struct locked_file *f)
{
	struct stat now;

	if (fstatat(f->directory, f->name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    path_same(&now, &f->was) && now.st_size == f->was.st_size &&
	    now.st_mtim.tv_sec == f->was.st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == f->was.st_mtim.tv_nsec)
		return 1;
	errno = ESTALE;
	return 0;
}

int
locked_file_replace(struct locked_file *f, struct slice text, mode_t mode)
{
	const int is_new = f->old < 0;
	struct stat mine;
	int r;

	if (f->next < 0)
		return ERROR_UNLOCKED;
	if (!is_new)
		mode = f->was.st_mode & 0755;
	if (ftruncate(f->next, 0) != 0 || lseek(f->next, 0, SEEK_SET) != 0 ||
	    io_write_all(f->next, text) != 0 || (!is_new && keep_group(f) != 0) ||
	    (!is_new && copy_acl(f->old, f->next) != 0) ||
	    atomic_write_mode(f->next, mode) != 0 || fsync(f->next) != 0)
		return ERROR_SYSTEM;
	if ((r = is_next(f, &mine)) != 1) {
		if (r == 0) {
			f->next_name[0] = '\0';         /* if it exists, it is another process's */
			errno = ESTALE;
		}
		return ERROR_SYSTEM;
	}
	r = is_new ? atomic_write_publish(f->directory, f->next_name, f->name) :
	    is_current(f) ? renameat(f->directory, f->next_name, f->directory, f->name) : -1;
	if (r != 0) {
		if (errno == EEXIST)
			errno = ESTALE;
		return ERROR_SYSTEM;
	}
	if (is_new)
		(void)unlinkat(f->directory, f->next_name, 0);
	f->next_name[0] = f->made[0] = '\0';
	(void)fsync(f->directory); /* the file is replaced, even if this fails */
	return ERROR_NONE;
}

void
locked_file_close(struct locked_file *f)
{
	int saved = errno;

	if (f->next >= 0) {
		if (f->next_name[0] != '\0')
			(void)unlinkat(f->directory, f->next_name, 0);
		close(f->next);
		io_release_signals(&f->signals);
	}
	if (f->made[0] != '\0')
		(void)unlinkat(f->above, f->made, AT_REMOVEDIR);
	io_close(f->old);
	io_close(f->directory);
	io_close(f->above);
	errno = saved;
}
