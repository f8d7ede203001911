#ifdef __linux__
#define _GNU_SOURCE     /* O_PATH */
#endif
#include "permission_parent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* POSIX's name for opening what need not be readable; Linux has another. */
#ifndef O_SEARCH
#ifdef O_PATH
#define O_SEARCH O_PATH
#else
#define O_SEARCH O_RDONLY
#endif
#endif

/* 1 when text is "" or "/NAME/NAME...": no "." or "..", nothing empty. */
static int
is_names(const char *text)
{
	size_t n;

	for (; *text == '/'; text += n) {
		n = strcspn(++text, "/");
		if (n == 0 || (text[0] == '.' && (n == 1 || (n == 2 && text[1] == '.'))))
			return 0;
	}
	return 1;
}

static int
find(struct permission_parent *p, const char *given, size_t n)
{
	if (p->given != NULL && strncmp(p->given, given, n) == 0 && p->given[n] == '\0')
		return 0;
	permission_parent_free(p);
	p->given = strndup(given, n);
	if (p->given != NULL)
		p->real = realpath(n == 0 ? "/" : p->given, NULL);
	if (p->real != NULL)
		return 0;
	permission_parent_free(p);
	return -1;
}

char *
permission_parent_path(struct permission_parent *p, const char *path, const char *rest)
{
	const char *name = strrchr(path, '/');
	size_t room;
	char *real;

	if (!is_names(name) || !is_names(rest)) {
		errno = EINVAL;
		return NULL;
	}
	if (find(p, path, (size_t)(name - path)) != 0)
		return NULL;
	room = strlen(p->real) + strlen(name) + strlen(rest) + 1;
	real = malloc(room);
	if (real != NULL)
		snprintf(real, room, "%s%s%s", p->real[1] == '\0' ? "" : p->real, name, rest);
	return real;
}

char *
permission_parent_join(const char *folder, const char *name)
{
	size_t n = strlen(folder), room = n + strlen(name) + 2;
	char *path = malloc(room);

	if (path != NULL)
		snprintf(path, room, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/",
		    name);
	return path;
}

int
permission_parent_open(int at, const char *name)
{
	return openat(at, name, O_SEARCH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

void
permission_parent_free(struct permission_parent *p)
{
	free(p->given);
	free(p->real);
	p->given = p->real = NULL;
}
