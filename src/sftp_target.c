#include "sftp_place.h"
#include "sftp_target.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Without the slashes at its end. */
static char *
trimmed(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return strndup(path, n);
}

static const char *
make_folders(struct sftp_channel *c, const char *path)
{
	char *part = trimmed(path), *slash = part;
	const char *trouble = NULL;
	struct sftp_attrs a;
	int made;

	if (part == NULL)
		return "out of memory";
	do {
		slash = strchr(slash + 1, '/');
		if (slash != NULL)
			*slash = '\0';
		trouble = sftp_place_mkdir(c, part, 0777, 1, &made, &a);
		if (slash != NULL)
			*slash = '/';
	} while (trouble == NULL && slash != NULL);
	free(part);
	return trouble;
}

static const char *
split(struct sftp_target *t, const char *path)
{
	char *whole = trimmed(path), *slash;

	if (whole == NULL)
		return "out of memory";
	slash = strrchr(whole, '/');
	t->name = strdup(slash == NULL ? whole : slash + 1);
	if (slash != NULL)
		slash[slash == whole] = '\0';
	t->folder = strdup(slash == NULL ? "" : whole);
	free(whole);
	return t->name == NULL || t->folder == NULL ? "out of memory" : NULL;
}

const char *
sftp_target_find(struct sftp_target *t, struct sftp_channel *c, const char *path, int make, int several)
{
	const size_t n = strlen(path);
	const char *trouble;
	struct sftp_attrs a;
	int found;

	t->folder = t->name = NULL;
	if ((trouble = sftp_place_stat(c, path, 1, &a, &found)) != NULL)
		return trouble;
	if (!found && make) {
		t->folder = trimmed(path);
		return t->folder == NULL ? "out of memory" : make_folders(c, path);
	}
	if (found && S_ISDIR(a.mode)) {
		t->folder = trimmed(path);
		return t->folder == NULL ? "out of memory" : NULL;
	}
	if (make || several || (n > 0 && path[n - 1] == '/'))
		return found ? "not a folder" : "no such folder";
	if (found && a.has & SFTP_ATTRS_MODE && !S_ISREG(a.mode))
		return "neither a file nor a folder";
	if ((trouble = split(t, path)) == NULL && !found &&
	    (trouble = sftp_place_stat(c, t->folder, 1, &a, &found)) == NULL && !found)
		trouble = "no such folder";
	return trouble;
}

char *
sftp_target_name(const struct sftp_target *t, const char *source)
{
	char *path, *slash, *name = NULL;

	if (t->name != NULL)
		return strdup(t->name);
	if ((path = trimmed(source)) == NULL)
		return NULL;
	slash = strrchr(path, '/');
	name = slash == NULL ? path : slash + 1;
	if (strcmp(name, "..") == 0)
		name = NULL;
	else
		name = strdup(strcmp(name, ".") == 0 ? "" : name);
	free(path);
	return name;
}

void
sftp_target_free(struct sftp_target *t)
{
	free(t->folder);
	free(t->name);
	t->folder = t->name = NULL;
}
