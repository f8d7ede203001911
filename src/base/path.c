#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *
path_join(const char *directory, const char *name)
{
	const size_t n = strlen(directory), slash = n == 0 || directory[n - 1] != '/';
	const size_t size = strlen(name) + 1;
	char *path = malloc(n + slash + size);

	if (path != NULL) {
		memcpy(path, directory, n);
		path[n] = '/';
		memcpy(path + n + slash, name, size);
	}
	return path;
}

int
path_directory(const char *path, char directory[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t n = slash == NULL || slash == path ? 1 : (size_t)(slash - path);

	if (n >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(directory, slash == NULL ? "." : path, n);
	directory[n] = '\0';
	return 0;
}

void
path_to_parent(char *path)
{
	char *slash = strrchr(path, '/');

	slash[slash == path] = '\0';
}

const char *
path_below(const char *path, const char *directory)
{
	size_t n = strcmp(directory, "/") == 0 ? 0 : strlen(directory);

	return strncmp(path, directory, n) == 0 && (path[n] == '/' || path[n] == '\0') ? path + n : NULL;
}

int
path_is_plain(const char *names)
{
	size_t n;

	do {
		if (*names++ != '/')
			return 0;
		n = strcspn(names, "/");
		if (n == 0 || (names[0] == '.' && (n == 1 || (n == 2 && names[1] == '.'))))
			return 0;
		names += n;
	} while (*names != '\0');
	return 1;
}

int
path_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int
path_is(int directory, const char *name, const struct stat *st)
{
	struct stat there;

	if (fstatat(directory, name, &there, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : -1;
	return path_same(&there, st);
}

/* The file is missing, or a directory of its path must not be searched. */
static int
is_unseen(int error)
{
	return error == ENOENT || error == EACCES;
}

/* realpath(3); if path is a symbolic link to a file that is unseen, the path of that file. */
static char *
follow(const char *path)
{
	char text[PATH_MAX], directory[PATH_MAX], *next = NULL, *real = realpath(path, NULL);
	ssize_t n;

	if (real != NULL || !is_unseen(errno) || (n = readlink(path, text, sizeof text - 1)) <= 0)
		return real;
	text[n] = '\0';
	if (path_directory(path, directory) == 0)
		next = text[0] == '/' ? strdup(text) : path_join(directory, text);
	real = next != NULL ? path_target(next) : NULL;
	free(next);
	return real;
}

/* The recursion is as deep as the chain of symbolic links, which realpath(3) bounds. */
char *
path_target(const char *path)
{
	size_t n = strlen(path);
	char *part, *real, *target;

	for (;;) {
		part = n > 0 ? strndup(path, n) : strdup(*path == '/' ? "/" : ".");
		real = part != NULL ? follow(part) : NULL;
		free(part);
		if (real != NULL || !is_unseen(errno) || n == 0)
			break;
		while (n > 0 && path[--n] != '/')
			;
	}
	if (real == NULL || path[n] == '\0')
		return real;
	target = path_join(real, path + n + (path[n] == '/'));
	free(real);
	return target;
}
