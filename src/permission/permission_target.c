#include "permission/permission_target.h"
#include "base/error.h"
#include "base/path.h"
#include "permission/permission_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
is_authorized_keys(const char *path)
{
	const char *name = strrchr(path, '/');

	return strncmp(name == NULL ? path : name + 1, "authorized_keys", 15) == 0;
}

/* found: what account_by_* returned. */
static int
error_of(int found)
{
	return found == 1 ? ERROR_NONE : found == 0 ? ERROR_NO_USER : ERROR_SYSTEM;
}

static char *
absolute(const char *directory, const char *path)
{
	return path[0] == '/' ? strdup(path) : path_join(directory, path);
}

static int
find_invoking(struct permission_target *t)
{
	const char *home = getenv("HOME");

	if (home != NULL && home[0] == '/' && (t->home = strdup(home)) == NULL)
		return ERROR_SYSTEM;
	return error_of(account_own(&t->known->table, &t->account));
}

static int
find_owner(struct permission_target *t, uid_t uid)
{
	int r = error_of(uid == getuid() ? account_own(&t->known->table, &t->account) :
	    account_by_uid(&t->known->table, uid, &t->account));

	return r == ERROR_NO_USER ? ERROR_NO_OWNER : r;
}

/* Without ACCOUNT_ALL, the only home whose account is known is HOME. */
static int
find_own_home(struct permission_target *t)
{
	const char *home = getenv("HOME");
	struct stat st, own;

	if (stat(t->home, &st) == -1)
		return ERROR_SYSTEM;
	if (home == NULL || stat(home, &own) == -1 || own.st_ino != st.st_ino || own.st_dev != st.st_dev)
		return ERROR_STATIC;
	return error_of(account_own(&t->known->table, &t->account));
}

static int
find_inhabitant(struct permission_target *t)
{
	struct stat st = { 0 };
	char *real = NULL;
	int found;

	if (!ACCOUNT_ALL)
		return find_own_home(t);
	if (account_load(&t->known->table) != 0)
		return errno == ENOENT ? ERROR_NO_OWNER : ERROR_SYSTEM;
	found = account_by_home(&t->known->table, t->home, &t->account);
	if (found != 0)
		return error_of(found);
	(void)lstat(t->home, &st);
	real = permission_parent_path(&t->known->parent, t->home, &st);
	if (real != NULL)
		found = account_by_home(&t->known->table, real, &t->account);
	free(real);
	if (found != 0)
		return error_of(found);
	if (!S_ISDIR(st.st_mode) && stat(t->home, &st) == -1)
		return ERROR_SYSTEM;
	return find_owner(t, st.st_uid);
}

static int
find_file(struct permission_target *t, uid_t owner)
{
	const char *name = strrchr(t->file, '/');
	size_t n = (size_t)(name - t->file);

	if (t->sides == 0 ? !is_authorized_keys(t->file) : t->sides & PERMISSION_CLIENT)
		return find_invoking(t);
	if (n > 5 && strncmp(name - 5, "/.ssh", 5) == 0) {
		t->home = strndup(t->file, n - 5);
		return t->home == NULL ? ERROR_SYSTEM : find_inhabitant(t);
	}
	return find_owner(t, owner);
}

/* Removes slashes from the end of path, and then /.ssh: HOME/.ssh means HOME. */
static void
cut_end(char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	if (n > 5 && strcmp(path + n - 5, "/.ssh") == 0)
		path[n - 5] = '\0';
}

static int
find_path(struct permission_target *t, const char *path)
{
	const char *cwd = t->known->cwd;
	struct stat st;

	if (path[0] != '/' && cwd == NULL) {
		errno = ENOENT;
		return ERROR_SYSTEM;
	}
	t->file = absolute(cwd, path);
	if (t->file == NULL || stat(t->file, &st) == -1)
		return ERROR_SYSTEM;
	if (!S_ISDIR(st.st_mode))
		return find_file(t, st.st_uid);
	cut_end(t->file);
	t->home = t->file;
	t->file = NULL;
	return find_inhabitant(t);
}

static int
become(struct permission_target *t)
{
	const int r = account_become(&t->known->table, &t->account);

	t->changed |= r == 1;
	return r >= 0 ? ERROR_NONE : errno == EPERM ? ERROR_ONLY_ROOT :
	    errno == ENOTSUP ? ERROR_STATIC : ERROR_SYSTEM;
}

/* Resolves the path after "user:", as that user: others may be unable to look at it. An absolute
 * path that does not exist is a home. */
static int
find_users_path(struct permission_target *t, const char *path)
{
	int r = become(t);
	struct stat st;

	if (r != ERROR_NONE)
		return r;
	t->file = absolute(t->account.home, path);
	if (t->file == NULL)
		return ERROR_SYSTEM;
	if ((lstat(t->file, &t->home_st) == 0 && S_ISDIR(t->home_st.st_mode)) ||
	    (stat(t->file, &st) == 0 ? S_ISDIR(st.st_mode) : path[0] == '/')) {
		t->home = t->file;
		t->file = NULL;
		return ERROR_NONE;
	}
	t->home_st.st_mode = 0;
	return ERROR_NONE;
}

static int
find(struct permission_target *t, const char *operand)
{
	const char *colon = strchr(operand, ':');
	char *name;
	int r;

	if (strchr(operand, '/') != NULL && (colon == NULL || colon > strchr(operand, '/')))
		return find_path(t, operand);
	if (colon != NULL && colon[1] == '\0')
		return ERROR_NO_PATH;
	name = strndup(operand, strcspn(operand, ":"));
	if (name == NULL)
		return ERROR_SYSTEM;
	r = error_of(account_by_name(&t->known->table, name, &t->account));
	free(name);
	if (r == ERROR_NONE && colon != NULL)
		return find_users_path(t, colon + 1);
	if (r != ERROR_NO_USER || colon != NULL)
		return r;
	r = find_path(t, operand);
	return r == ERROR_SYSTEM && errno == ENOENT ? ERROR_NO_USER_OR_FILE : r;
}

int
permission_target_settle(struct permission_target_known *known)
{
	known->cwd = realpath(".", NULL);
	return chdir("/");
}

int
permission_target_become(struct permission_target *t, struct permission_target_known *known,
    const char *operand, unsigned sides)
{
	int r;

	*t = (struct permission_target){ .known = known, .sides = sides };
	r = operand == NULL ? find_invoking(t) : find(t, operand);
	if (!ACCOUNT_ALL && (r == ERROR_NO_USER || r == ERROR_NO_OWNER || r == ERROR_NO_USER_OR_FILE))
		r = ERROR_STATIC;
	if (t->sides == 0)
		t->sides = operand == NULL ? PERMISSION_SERVER | PERMISSION_CLIENT :
		    t->file == NULL || is_authorized_keys(t->file) ? PERMISSION_SERVER : PERMISSION_CLIENT;
	if (r == ERROR_NONE && t->home == NULL && (t->home = strdup(t->account.home)) == NULL)
		r = ERROR_SYSTEM;
	if (r == ERROR_NONE && t->home[0] != '/')
		r = ERROR_HOME;
	if (r == ERROR_NONE)
		r = become(t);
	if (r == ERROR_NONE && t->home_st.st_mode == 0 && (t->sides & PERMISSION_SERVER))
		(void)lstat(t->home, &t->home_st);
	return r;
}

void
permission_target_free(struct permission_target *t)
{
	account_free(&t->account);
	free(t->home);
	free(t->file);
}

void
permission_target_forget(struct permission_target_known *known)
{
	account_unload(&known->table);
	permission_parent_free(&known->parent);
	free(known->cwd);
}
