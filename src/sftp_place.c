#include "sftp_place.h"
#include "ssh_wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
put_path(struct buffer *body, const char *path)
{
	ssh_wire_put_cstring(body, *path == '\0' ? "." : path);
}

/* A request about one path. */
static const char *
ask(struct sftp_channel *c, uint8_t type, const char *path, struct sftp_reply *reply,
    struct buffer *answer)
{
	struct buffer body = BUFFER_EMPTY;
	int lost;

	put_path(&body, path);
	lost = sftp_channel_call(c, type, &body, reply, answer);
	buffer_free(&body);
	return lost ? c->fault : NULL;
}

/* A request to which only a status can come back; it takes the memory of body. */
static const char *
command(struct sftp_channel *c, uint8_t type, struct buffer *body)
{
	struct buffer answer = BUFFER_EMPTY;
	struct sftp_reply reply;
	const char *trouble = NULL;

	if (sftp_channel_call(c, type, body, &reply, &answer) != 0)
		trouble = c->fault;
	else if (reply.type != SFTP_STATUS || reply.status != SFTP_OK)
		trouble = sftp_channel_text(reply.status);
	buffer_free(body);
	buffer_free(&answer);
	return trouble;
}

/* The same about one path, with attributes or without. */
static const char *
order(struct sftp_channel *c, uint8_t type, const char *path, const struct sftp_attrs *a)
{
	struct buffer body = BUFFER_EMPTY;

	put_path(&body, path);
	if (a != NULL)
		sftp_attrs_put(&body, a);
	return command(c, type, &body);
}

static const char *
stat_here(const char *path, int follow, struct sftp_attrs *a, int *found)
{
	struct stat st;

	if (*path == '\0')
		path = ".";
	if ((follow ? stat(path, &st) : lstat(path, &st)) != 0)
		return errno == ENOENT || errno == ENOTDIR ? NULL : strerror(errno);
	*found = 1;
	*a = sftp_attrs_of(&st);
	return NULL;
}

const char *
sftp_place_stat(struct sftp_channel *c, const char *path, int follow, struct sftp_attrs *a, int *found)
{
	struct buffer answer = BUFFER_EMPTY;
	struct sftp_reply reply;
	const char *trouble;

	*found = 0;
	if (c == NULL)
		return stat_here(path, follow, a, found);
	trouble = ask(c, follow ? SFTP_STAT : SFTP_LSTAT, path, &reply, &answer);
	if (trouble == NULL && reply.type == SFTP_ATTRS && sftp_attrs_get(&reply.body, a) == 0)
		*found = 1;
	else if (trouble == NULL && reply.status != SFTP_NO_SUCH_FILE)
		trouble = sftp_channel_text(reply.status);
	buffer_free(&answer);
	return trouble;
}

static const char *
list_here(const char *path, struct sftp_listing *l)
{
	DIR *folder = opendir(*path == '\0' ? "." : path);
	const char *trouble = NULL;
	struct dirent *d;

	if (folder == NULL)
		return strerror(errno);
	for (errno = 0; trouble == NULL && (d = readdir(folder)) != NULL; errno = 0) {
		struct sftp_attrs a;
		struct stat st;

		/* what has gone meanwhile is not there */
		if (fstatat(dirfd(folder), d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		a = sftp_attrs_of(&st);
		if (sftp_listing_add(l, slice_str(d->d_name), &a) != 0)
			trouble = "out of memory";
	}
	if (trouble == NULL && errno != 0)
		trouble = strerror(errno);
	closedir(folder);
	return trouble;
}

/* One answer to READDIR: a number of names, each with a line for people and attributes. */
static const char *
take_names(struct slice body, struct sftp_listing *l)
{
	struct slice name, line;
	struct sftp_attrs a;
	uint32_t n;

	if (ssh_wire_get_u32(&body, &n) != 0 || n == 0)
		return "not SFTP";
	if (l->n > SFTP_PLACE_NAMES)
		return "more names in it than can be";
	for (; n > 0; n--) {
		if (ssh_wire_get_string(&body, &name) != 0 || ssh_wire_get_string(&body, &line) != 0 ||
		    sftp_attrs_get(&body, &a) != 0)
			return "not SFTP";
		if (sftp_listing_add(l, name, &a) != 0)
			return "the server lists a name that no file can have";
	}
	return NULL;
}

static const char *
list_there(struct sftp_channel *c, const char *path, struct sftp_listing *l)
{
	struct buffer handle = BUFFER_EMPTY, answer = BUFFER_EMPTY;
	struct sftp_reply reply;
	const char *trouble = ask(c, SFTP_OPENDIR, path, &reply, &answer);

	if (trouble == NULL && reply.type != SFTP_HANDLE)
		trouble = sftp_channel_text(reply.status);
	if (trouble != NULL)
		goto out;
	/* its body is what the next requests begin with: the handle as a string */
	buffer_put_slice(&handle, reply.body);
	do {
		if (sftp_channel_call(c, SFTP_READDIR, &handle, &reply, &answer) != 0)
			trouble = c->fault;
		else if (reply.type == SFTP_NAME)
			trouble = take_names(reply.body, l);
	} while (trouble == NULL && reply.type == SFTP_NAME);
	if (trouble == NULL && reply.status != SFTP_EOF)
		trouble = sftp_channel_text(reply.status);
	if (c->fault == NULL)
		sftp_channel_call(c, SFTP_CLOSE, &handle, &reply, &answer);
out:
	buffer_free(&handle);
	buffer_free(&answer);
	return trouble;
}

const char *
sftp_place_list(struct sftp_channel *c, const char *path, struct sftp_listing *l)
{
	const char *trouble = c == NULL ? list_here(path, l) : list_there(c, path, l);

	sftp_listing_sort(l);
	return trouble;
}

const char *
sftp_place_mkdir(struct sftp_channel *c, const char *path, uint32_t mode, int follow, int *made,
    struct sftp_attrs *there)
{
	struct sftp_attrs a = { SFTP_ATTRS_MODE, 0, mode, 0, 0 };
	const char *trouble, *other;
	int found;

	if (c == NULL)
		trouble = mkdir(path, mode) == 0 ? NULL : strerror(errno);
	else
		trouble = order(c, SFTP_MKDIR, path, &a);
	*made = trouble == NULL;
	if (trouble == NULL)
		return NULL;
	other = sftp_place_stat(c, path, follow, there, &found);
	if (other != NULL || !found)
		return trouble;
	return S_ISDIR(there->mode) ? NULL : "there is something else than a folder";
}

const char *
sftp_place_set(struct sftp_channel *c, const char *path, const struct sftp_attrs *a)
{
	struct timespec times[2] = { { (time_t)a->mtime, 0 }, { (time_t)a->mtime, 0 } };

	if (c != NULL)
		return order(c, SFTP_SETSTAT, path, a);
	if (a->has & SFTP_ATTRS_MODE && chmod(path, a->mode & (S_ISDIR(a->mode) ? 07777 : 0777)) != 0)
		return strerror(errno);
	if (a->has & SFTP_ATTRS_TIMES && utimensat(AT_FDCWD, path, times, 0) != 0)
		return strerror(errno);
	return NULL;
}

const char *
sftp_place_rename(struct sftp_channel *c, const char *from, const char *to)
{
	struct buffer body = BUFFER_EMPTY;

	if (c == NULL)
		return rename(from, to) == 0 ? NULL : strerror(errno);
	put_path(&body, from);
	put_path(&body, to);
	return command(c, SFTP_RENAME, &body);
}

const char *
sftp_place_remove(struct sftp_channel *c, const char *path)
{
	if (c != NULL)
		return order(c, SFTP_REMOVE, path, NULL);
	return unlink(path) == 0 ? NULL : strerror(errno);
}

char *
sftp_place_real(struct sftp_channel *c, const char *path)
{
	struct buffer answer = BUFFER_EMPTY;
	struct slice name;
	struct sftp_reply reply;
	uint32_t n;
	char *real = NULL;

	if (c == NULL)
		return realpath(path, NULL);
	if (ask(c, SFTP_REALPATH, path, &reply, &answer) == NULL && reply.type == SFTP_NAME &&
	    ssh_wire_get_u32(&reply.body, &n) == 0 && n == 1 && ssh_wire_get_string(&reply.body, &name) == 0)
		real = strndup((const char *)name.p, name.n);
	buffer_free(&answer);
	return real;
}

char *
sftp_place_join(const char *folder, const char *name)
{
	size_t n = strlen(folder), m = strlen(name);
	int slash = n > 0 && folder[n - 1] != '/';
	char *path;

	if (n + m + 2 > SFTP_PLACE_PATH || (path = malloc(n + m + 2)) == NULL)
		return NULL;
	memcpy(path, folder, n);
	if (slash)
		path[n] = '/';
	memcpy(path + n + (size_t)slash, name, m + 1);
	return path;
}
