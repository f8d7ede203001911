#include "base/path_target.h"
#include "base/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* realpath(3) of path, or where it is a symbolic link to nothing, what that would create. */
static char *
follow(const char *path)
{
	char text[PATH_MAX], directory[PATH_MAX], *next = NULL, *real = realpath(path, NULL);
	ssize_t n;

	if (real != NULL || errno != ENOENT || (n = readlink(path, text, sizeof text - 1)) <= 0)
		return real;
	text[n] = '\0';
	if (path_directory(path, directory) == 0)
		next = text[0] == '/' ? strdup(text) : path_join(directory, text);
	real = next != NULL ? path_target(next) : NULL;
	free(next);
	return real;
}

/* The calls nest as deep as there are links, which realpath(3) bounds; not as deep as names. */
char *
path_target(const char *path)
{
	size_t n = strlen(path);
	char *part, *real, *target;

	for (;;) {
		part = n > 0 ? strndup(path, n) : strdup(*path == '/' ? "/" : ".");
		real = part != NULL ? follow(part) : NULL;
		free(part);
		if (real != NULL || errno != ENOENT || n == 0)
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
