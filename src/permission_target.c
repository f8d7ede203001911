#include "permission_target.h"
#include "permission_scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char NO_USER[] = "no such user";

static int
is_authorized_keys(const char *path)
{
	const char *name = strrchr(path, '/');

	return strncmp(name == NULL ? path : name + 1, "authorized_keys", 15) == 0;
}

/* NULL for the 1 of account_by_*, else the words. */
static const char *
account_error(int found)
{
	return found == 1 ? NULL : found == 0 ? NO_USER : strerror(errno);
}

/* path, which may be relative to folder. */
static char *
absolute(const char *folder, const char *path)
{
	return path[0] == '/' ? strdup(path) : permission_parent_join(folder, path);
}

static const char *
find_invoking(struct permission_target *t, struct permission_target_known *known)
{
	const char *home = getenv("HOME");
	const char *error;

	error = account_error(account_by_uid(&known->table, getuid(), &t->account));
	if (error == NULL)
		t->home = strdup(home != NULL && home[0] == '/' ? home : t->account.home);
	return error;
}

static const char *
find_owner(struct permission_target *t, struct permission_target_known *known, uid_t uid)
{
	const char *error;

	error = account_error(account_by_uid(&known->table, uid, &t->account));
	return error == NO_USER ? "its owner is no user here" : error;
}

/* The account whose home is t->home. */
static const char *
find_inhabitant(struct permission_target *t, struct permission_target_known *known)
{
	struct stat st = { 0 };
	char *real = NULL;
	int found;

	if (account_load(&known->table) != 0)
		return strerror(errno);
	found = account_by_home(&known->table, t->home, &t->account);
	if (found != 0)
		return account_error(found);
	if (lstat(t->home, &st) == 0 && S_ISDIR(st.st_mode))
		real = permission_parent_path(&known->parent, t->home, "");
	if (real == NULL)
		real = realpath(t->home, NULL);
	if (real != NULL)
		found = account_by_home(&known->table, real, &t->account);
	free(real);
	if (found != 0)
		return account_error(found);
	if (!S_ISDIR(st.st_mode) && stat(t->home, &st) == -1)
		return strerror(errno);
	return find_owner(t, known, st.st_uid);
}

static const char *
find_folder(struct permission_target *t, struct permission_target_known *known)
{
	t->home = t->file;
	t->file = NULL;
	return find_inhabitant(t, known);
}

static const char *
find_file(struct permission_target *t, struct permission_target_known *known, uid_t owner)
{
	const char *name = strrchr(t->file, '/'), *error;
	size_t n = (size_t)(name - t->file);

	if (t->sides == 0)
		t->sides = is_authorized_keys(t->file) ? PERMISSION_SERVER : PERMISSION_CLIENT;
	if (t->sides & PERMISSION_CLIENT)
		return find_invoking(t, known);
	if (n > 5 && strncmp(name - 5, "/.ssh", 5) == 0) {
		t->home = strndup(t->file, n - 5);
		return t->home == NULL ? strerror(errno) : find_inhabitant(t, known);
	}
	error = find_owner(t, known, owner);
	if (error == NULL)
		t->home = strdup(t->account.home);
	return error;
}

/* Without slashes at the end; and who names .ssh means the home that it is in. */
static void
cut_end(char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	if (n > 5 && strcmp(path + n - 5, "/.ssh") == 0)
		path[n - 5] = '\0';
}

static const char *
find_path(struct permission_target *t, struct permission_target_known *known, const char *path)
{
	struct stat st;
	char *cwd = path[0] == '/' ? NULL : realpath(".", NULL);

	if (path[0] != '/' && cwd == NULL)
		return strerror(errno);
	t->file = absolute(cwd, path);
	free(cwd);
	if (t->file == NULL || stat(t->file, &st) == -1)
		return strerror(errno);
	if (!S_ISDIR(st.st_mode))
		return find_file(t, known, st.st_uid);
	cut_end(t->file);
	return find_folder(t, known);
}

static const char *
become(struct permission_target *t, struct permission_target_known *known)
{
	int changed;

	if (t->is_account)
		return NULL;
	changed = account_become(&known->table, &t->account);
	if (changed == -1)
		return errno == EPERM ? "only root can look as another user" : strerror(errno);
	t->is_account = 1;
	t->changed = changed;
	return NULL;
}

/* path, the part after "user:"; only the user may be able to see what it is.
 * What does not exist is taken for a home when it is absolute. */
static const char *
find_users_path(struct permission_target *t, struct permission_target_known *known,
    const char *path)
{
	const char *error = become(t, known);
	struct stat st;

	if (error != NULL)
		return error;
	t->file = absolute(t->account.home, path);
	if (t->file == NULL)
		return strerror(errno);
	t->folder = permission_parent_open(AT_FDCWD, t->file);
	if (t->folder != -1 || (stat(t->file, &st) == 0 ? S_ISDIR(st.st_mode) : path[0] == '/')) {
		t->home = t->file;
		t->file = NULL;
		return NULL;
	}
	t->home = strdup(t->account.home);
	if (t->sides == 0)
		t->sides = is_authorized_keys(path) ? PERMISSION_SERVER : PERMISSION_CLIENT;
	return NULL;
}

static const char *
find_user(struct permission_target *t, struct permission_target_known *known,
    const char *name, const char *path)
{
	const char *error;

	error = account_error(account_by_name(&known->table, name, &t->account));
	if (error != NULL)
		return error;
	if (path != NULL)
		return find_users_path(t, known, path);
	t->home = strdup(t->account.home);
	return NULL;
}

static const char *
find(struct permission_target *t, struct permission_target_known *known, const char *operand)
{
	const char *error, *colon = strchr(operand, ':');
	char *name;

	if (strchr(operand, '/') != NULL && (colon == NULL || colon > strchr(operand, '/')))
		return find_path(t, known, operand);
	if (colon != NULL && colon[1] == '\0')
		return "nothing after the colon";
	name = strndup(operand, colon == NULL ? strlen(operand) : (size_t)(colon - operand));
	if (name == NULL)
		return strerror(errno);
	error = find_user(t, known, name, colon == NULL ? NULL : colon + 1);
	free(name);
	if (error == NO_USER && colon == NULL && access(operand, F_OK) == 0)
		error = find_path(t, known, operand);
	else if (error == NO_USER && colon == NULL)
		error = errno == ENOENT ? "no such user or file" : strerror(errno);
	return error;
}

const char *
permission_target_become(struct permission_target *t, struct permission_target_known *known,
    const char *operand, unsigned sides)
{
	const char *error;

	memset(t, 0, sizeof *t);
	t->sides = sides;
	t->folder = -1;
	if (operand == NULL) {
		error = find_invoking(t, known);
		if (t->sides == 0)
			t->sides = PERMISSION_SERVER | PERMISSION_CLIENT;
	} else {
		error = find(t, known, operand);
		if (t->sides == 0)
			t->sides = PERMISSION_SERVER;
	}
	if (error == NULL && t->home == NULL)
		error = strerror(ENOMEM);
	if (error == NULL && t->home[0] != '/')
		error = "the home is not an absolute path";
	if (error == NULL)
		error = become(t, known);
	if (error == NULL && t->folder == -1 && (t->sides & PERMISSION_SERVER))
		t->folder = permission_parent_open(AT_FDCWD, t->home);
	return error;
}

void
permission_target_free(struct permission_target *t)
{
	if (t->folder != -1)
		close(t->folder);
	account_free(&t->account);
	free(t->home);
	free(t->file);
}

void
permission_target_forget(struct permission_target_known *known)
{
	account_unload(&known->table);
	permission_parent_free(&known->parent);
}
