#include "permission_link.h"
#include "permission_parent.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory that path is in, allocated. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

char *
permission_link_target(const char *path)
{
	char *real = realpath(path, NULL), *folder, *next, text[PATH_MAX];
	const char *slash = strrchr(path, '/');
	ssize_t n;

	if (real != NULL || errno != ENOENT || strcmp(path, "/") == 0 || *path == '\0')
		return real;
	n = readlink(path, text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	folder = folder_of(path);
	real = folder == NULL ? NULL : permission_link_target(folder);
	free(folder);
	if (real == NULL)
		return NULL;
	next = text[0] == '/' ? strdup(text) :
	    permission_parent_join(real, n > 0 ? text : slash == NULL ? path : slash + 1);
	free(real);
	if (n <= 0 || next == NULL)
		return next;
	/* a link to a link, or to what is beside it */
	real = permission_link_target(next);
	free(next);
	return real;
}

/* Whether only the owner and root can put another in the place of what is in the directory. */
static int
is_safe(const struct stat *st, uid_t owner)
{
	const mode_t others = owner == 0 ? S_IWGRP | S_IWOTH : S_IWOTH;

	return (st->st_uid == 0 || st->st_uid == owner) && ((st->st_mode & others) == 0 || st->st_mode & S_ISVTX);
}

int
permission_link_owner(const char *target, struct account *owner)
{
	struct account_table table = { 0 };
	char *folder = folder_of(target), *above;
	struct stat st, file;
	int ret = folder != NULL && stat(folder, &st) == 0 ? 1 : -1;
	uid_t uid = 0;

	if (ret == 1) {
		uid = st.st_uid;
		if (lstat(target, &file) != 0)
			ret = errno == ENOENT ? 1 : -1;
		else if (file.st_uid != uid || !S_ISREG(file.st_mode))
			ret = 0;
	}
	while (ret == 1 && (ret = is_safe(&st, uid)) == 1 && folder[1] != '\0') {
		if ((above = folder_of(folder)) == NULL || stat(above, &st) != 0)
			ret = -1;
		free(folder);
		folder = above;
	}
	free(folder);
	if (ret == 1)
		ret = account_by_uid(&table, uid, owner);
	account_unload(&table);
	return ret;
}
