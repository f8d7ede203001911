#include "permission/permission_scan.h"
#include "base/error.h"
#include "base/path.h"
#include "base/secret.h"
#include "base/slice.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int
judged(const struct permission_check *check, const char *path, int r)
{
	if (r != ERROR_NONE)
		check->undecided(check->to, path, r);
	return r;
}

static int
is_called_otherwise(const char *name)
{
	size_t n = strlen(name);

	return strncmp(name, "authorized_keys", 15) == 0 ||
	    strncmp(name, "known_hosts", 11) == 0 ||
	    (n > 4 && strcmp(name + n - 4, ".pub") == 0);
}

static int
is_candidate(const char *path, const char *name)
{
	char head[4096];
	ssize_t n = 0;
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd == -1)
		return !is_called_otherwise(name);
	n = read(fd, head, sizeof head);
	close(fd);
	if (n > 0)
		n = slice_find(slice_of(head, (size_t)n), "PRIVATE KEY-----") < (size_t)n;
	secret_wipe(head, sizeof head);
	return n != 0;
}

/* Most files need not be read: their owner and mode are accepted, whatever they hold. */
static int
judge_entry(const struct permission_check *check, const char *path, const char *name)
{
	int is_config = strcmp(name, "config") == 0;
	enum permission_use use = is_config ? PERMISSION_SSH_CONFIG : PERMISSION_PRIVATE_KEY;
	struct stat st;

	if (stat(path, &st) == 0) {
		if (permission_rules_accepts(check, use, &st) &&
		    faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0)
			return ERROR_NONE;
	} else {
		/* A link to a missing file is no key; a link to a file that is hidden may be
		 * one. */
		st.st_mode = errno == ENOENT || errno == ENOTDIR ? 0 : S_IFREG;
	}
	if (is_config)
		return judged(check, path, permission_rules_client(check, use, path));
	return !S_ISREG(st.st_mode) || !is_candidate(path, name) ? ERROR_NONE :
	    judged(check, path, permission_rules_client(check, use, path));
}

static int
by_text(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
judge_directory(const struct permission_check *check, const char *directory)
{
	struct dirent **entry;
	const int n = scandir(directory, &entry, NULL, by_text);
	char *path;
	int i, r = ERROR_NONE;

	if (n == -1) {
		if (errno != ENOENT)
			judged(check, directory, ERROR_SYSTEM);
		return;
	}
	for (i = 0; i < n; i++) {
		path = r == ERROR_NONE ? path_join(directory, entry[i]->d_name) : NULL;
		if (path != NULL)
			r = judge_entry(check, path, entry[i]->d_name);
		else if (r == ERROR_NONE)
			r = judged(check, directory, ERROR_SYSTEM);
		free(path);
		free(entry[i]);
	}
	free(entry);
}

static void
judge_client(const struct permission_check *check)
{
	char *directory = path_join(check->home, ".ssh");

	if (directory == NULL)
		judged(check, check->home, ERROR_SYSTEM);
	else if (faccessat(AT_FDCWD, directory, R_OK | X_OK, AT_EACCESS) == -1 && errno == EACCES)
		judged(check, directory, permission_rules_unreadable(check, PERMISSION_PRIVATE_KEY,
		    directory, EACCES));
	else
		judge_directory(check, directory);
	free(directory);
}

/* 1 if opening path gives sshd ENOENT. Any other error of opening it is a refusal. */
static int
is_absent(const char *path)
{
	struct stat st;

	return stat(path, &st) == -1 && errno == ENOENT;
}

/* 1 if the error that hides this file hides every file in its directory. */
static int
is_shut(const char *path)
{
	struct stat st;

	return lstat(path, &st) == -1 && (errno == EACCES || errno == ENOTDIR);
}

static int
judge_list(const struct permission_check *check, const char *path)
{
	return judged(check, path, permission_rules_authorized_keys(check, path));
}

static void
judge_server(const struct permission_check *check)
{
	char *first = path_join(check->home, ".ssh/authorized_keys");
	char *second = path_join(check->home, ".ssh/authorized_keys2");
	int r = ERROR_NONE, both;

	if (first == NULL || second == NULL) {
		judged(check, check->home, ERROR_SYSTEM);
	} else {
		both = !is_absent(second) && !is_shut(second);
		if (!both || !is_absent(first))
			r = judge_list(check, first);
		if (both && r == ERROR_NONE)
			judge_list(check, second);
	}
	free(first);
	free(second);
}

void
permission_scan(const struct permission_check *check, unsigned sides, const char *file)
{
	if ((sides & PERMISSION_SERVER) && file != NULL)
		judge_list(check, file);
	else if (sides & PERMISSION_SERVER)
		judge_server(check);
	if ((sides & PERMISSION_CLIENT) && file != NULL)
		judged(check, file, permission_rules_client(check, PERMISSION_PRIVATE_KEY, file));
	else if (sides & PERMISSION_CLIENT)
		judge_client(check);
}
