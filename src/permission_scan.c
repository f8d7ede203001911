#include "permission_scan.h"
#include "secret.h"
#include "slice.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *
permission_scan_join(const char *folder, const char *name)
{
	size_t n = strlen(folder), room = n + strlen(name) + 2;
	char *path = malloc(room);

	if (path != NULL)
		snprintf(path, room, "%s%s%s", folder, n > 0 && folder[n - 1] == '/' ? "" : "/",
		    name);
	return path;
}

static int
is_called_otherwise(const char *name)
{
	size_t n = strlen(name);

	return strncmp(name, "authorized_keys", 15) == 0 ||
	    strncmp(name, "known_hosts", 11) == 0 ||
	    (n > 4 && strcmp(name + n - 4, ".pub") == 0);
}

/* 1 when path is a private key, or cannot be read and so may be one. */
static int
is_candidate(const char *path, const char *name)
{
	char head[4096];
	struct stat st;
	ssize_t n = 0;
	int fd;

	if (stat(path, &st) == -1 || !S_ISREG(st.st_mode))
		return 0;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return !is_called_otherwise(name);
	n = read(fd, head, sizeof head);
	close(fd);
	if (n > 0)
		n = slice_find(slice_of(head, (size_t)n), "PRIVATE KEY-----") < (size_t)n;
	secret_wipe(head, sizeof head);
	return n != 0;
}

static int
visible(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int
judge_entry(const struct permission_check *check, const char *folder, const char *name,
    char **where)
{
	char *path = permission_scan_join(folder, name);
	int ret = 0;

	if (path == NULL)
		return -1;
	if (strcmp(name, "config") == 0)
		ret = permission_rules_config(check, path);
	else if (is_candidate(path, name))
		ret = permission_rules_key(check, path);
	if (ret != 0)
		*where = path;
	else
		free(path);
	return ret;
}

int
permission_scan_server(const struct permission_check *check, char **where)
{
	static const char *const names[] = { ".ssh/authorized_keys", ".ssh/authorized_keys2" };
	char *path[2] = { NULL, NULL };
	struct stat st;
	int ret = -1, second;
	size_t i;

	*where = NULL;
	for (i = 0; i < 2; i++)
		if ((path[i] = permission_scan_join(check->home, names[i])) == NULL)
			goto out;
	second = stat(path[1], &st) == 0;
	ret = 0;
	for (i = 0; i < 2 && ret == 0; i++)
		if (second ? lstat(path[i], &st) == 0 : i == 0)
			if ((ret = permission_rules_authorized_keys(check, path[i])) != 0) {
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
	char *folder = permission_scan_join(check->home, ".ssh");
	struct dirent **entry = NULL;
	int i, n = 0, ret = -1;

	*where = NULL;
	if (folder == NULL)
		return -1;
	if (faccessat(AT_FDCWD, folder, R_OK | X_OK, AT_EACCESS) == -1 && errno == EACCES) {
		ret = permission_rules_unreadable(check, PERMISSION_PRIVATE_KEY, folder, EACCES);
		goto out;
	}
	n = scandir(folder, &entry, visible, alphasort);
	if (n == -1 && errno == ENOENT)
		ret = 0;
	for (i = 0; i < n && *where == NULL; i++)
		ret = judge_entry(check, folder, entry[i]->d_name, where);
	if (n == 0)
		ret = 0;
out:
	for (i = 0; i < n; i++)
		free(entry[i]);
	free(entry);
	if (ret != 0 && *where == NULL)
		*where = folder;
	else
		free(folder);
	return ret;
}
