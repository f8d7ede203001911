#include "permission_scan.h"
#include "secret.h"
#include "slice.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
is_called_otherwise(const char *name)
{
	size_t n = strlen(name);

	return strncmp(name, "authorized_keys", 15) == 0 ||
	    strncmp(name, "known_hosts", 11) == 0 ||
	    (n > 4 && strcmp(name + n - 4, ".pub") == 0);
}

/* 1 when the regular file is a private key, or cannot be read and so may be one. */
static int
is_candidate(int folder, const char *name)
{
	char head[4096];
	ssize_t n = 0;
	int fd;

	fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return !is_called_otherwise(name);
	n = read(fd, head, sizeof head);
	close(fd);
	if (n > 0)
		n = slice_find(slice_of(head, (size_t)n), "PRIVATE KEY-----") < (size_t)n;
	secret_wipe(head, sizeof head);
	return n != 0;
}

/* Most files are accepted whatever they hold, and need not be read. */
static int
judge_entry(const struct permission_check *check, int folder, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	int is_config = strcmp(name, "config") == 0;
	enum permission_use use = is_config ? PERMISSION_SSH_CONFIG : PERMISSION_PRIVATE_KEY;
	struct stat st;

	if (fstatat(folder, name, &st, 0) == 0) {
		if (permission_rules_accepts(check, use, &st) &&
		    faccessat(folder, name, R_OK, AT_EACCESS) == 0)
			return 0;
	} else {
		/* A link to nothing is no key; to what cannot be looked at, it may be one. */
		st.st_mode = errno == ENOENT || errno == ENOTDIR ? 0 : S_IFREG;
	}
	if (is_config)
		return permission_rules_config(check, path);
	return S_ISREG(st.st_mode) && is_candidate(folder, name) ? permission_rules_key(check, path) : 0;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The paths of what is in folder, called path, sorted; *n of them also when -1. */
static int
list(DIR *folder, const char *path, char ***entry, size_t *n)
{
	const struct dirent *d;
	char **more;

	while (errno = 0, (d = readdir(folder)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		more = reallocarray(*entry, *n + 1, sizeof *more);
		if (more == NULL)
			return -1;
		*entry = more;
		more[*n] = permission_parent_join(path, d->d_name);
		if (more[*n] == NULL)
			return -1;
		++*n;
	}
	if (errno != 0)
		return -1;
	if (*n > 0)
		qsort(*entry, *n, sizeof **entry, by_text);
	return 0;
}

static int
judge_folder(const struct permission_check *check, const char *path, char **where)
{
	DIR *folder = opendir(path);
	char **entry = NULL;
	size_t i, n = 0;
	int ret, error;

	if (folder == NULL)
		return errno == ENOENT ? 0 : -1;
	ret = list(folder, path, &entry, &n);
	for (i = 0; i < n && ret == 0; i++) {
		ret = judge_entry(check, dirfd(folder), entry[i]);
		if (ret != 0) {
			*where = entry[i];
			entry[i] = NULL;
		}
	}
	error = errno;
	for (i = 0; i < n; i++)
		free(entry[i]);
	free(entry);
	closedir(folder);
	errno = error;
	return ret;
}

/* 1 where there is no such file for sshd: opening it is ENOENT, be it that of a link's
 * target. All else that keeps it from being looked at is a refusal. */
static int
is_absent(const struct permission_check *check, const char *name, const char *path)
{
	struct stat st;

	return (check->folder != -1 ? fstatat(check->folder, name, &st, 0) : stat(path, &st)) == -1 &&
	    errno == ENOENT;
}

/* 1 where what keeps the second file from being looked at keeps the first too. */
static int
is_shut(const char *path)
{
	struct stat st;

	return lstat(path, &st) == -1 && (errno == EACCES || errno == ENOTDIR);
}

int
permission_scan_server(const struct permission_check *check, char **where)
{
	static const char *const names[] = { ".ssh/authorized_keys", ".ssh/authorized_keys2" };
	char *path[2] = { NULL, NULL };
	int ret = -1, judged[2];
	size_t i;

	*where = NULL;
	for (i = 0; i < 2; i++)
		if ((path[i] = permission_parent_join(check->home, names[i])) == NULL)
			goto out;
	judged[1] = !is_absent(check, names[1], path[1]) && !is_shut(path[1]);
	judged[0] = !judged[1] || !is_absent(check, names[0], path[0]);
	ret = 0;
	for (i = 0; i < 2 && ret == 0; i++)
		if (judged[i] && (ret = permission_rules_authorized_keys(check, path[i])) != 0) {
			*where = path[i];
			path[i] = NULL;
		}
out:
	free(path[0]);
	free(path[1]);
	return ret;
}

int
permission_scan_client(const struct permission_check *check, char **where)
{
	char *folder = permission_parent_join(check->home, ".ssh");
	int ret;

	*where = NULL;
	if (folder == NULL)
		return -1;
	if (faccessat(AT_FDCWD, folder, R_OK | X_OK, AT_EACCESS) == -1 && errno == EACCES)
		ret = permission_rules_unreadable(check, PERMISSION_PRIVATE_KEY, folder, EACCES);
	else
		ret = judge_folder(check, folder, where);
	if (ret != 0 && *where == NULL)
		*where = folder;
	else
		free(folder);
	return ret;
}
