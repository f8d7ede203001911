#include "base/account.h"
#include "base/path.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* MEMBER: a name that a group lists. */
enum kind { ACCOUNT, MEMBER, GROUP };

/* In the order of the databases, accounts before groups. */
struct account_row {
	enum kind kind;
	struct account account; /* of a GROUP only the gid, of a MEMBER name and gid */
};

enum by { BY_NAME, BY_GID, BY_UID, BY_HOME };

struct account_entry {
	enum by by;
	unsigned long id;
	const char *text;
	const struct account_row *row;
};

static int
fill(struct account *a, const char *name, const char *home, uid_t uid, gid_t gid)
{
	a->name = strdup(name);
	a->home = strdup(home);
	a->uid = uid;
	a->gid = gid;
	if (a->name != NULL && a->home != NULL)
		return 1;
	account_free(a);
	return -1;
}

static int
add(struct account_table *t, enum kind kind, const char *name, const char *home, uid_t uid,
    gid_t gid)
{
	struct account_row *row = t->row;

	/* Room doubles whenever the number of rows is a power of two. */
	if ((t->n & (t->n - 1)) == 0) {
		row = reallocarray(t->row, t->n == 0 ? 1 : t->n, 2 * sizeof *row);
		if (row == NULL)
			return -1;
		t->row = row;
	}
	row += t->n;
	row->kind = kind;
	if (fill(&row->account, name, home, uid, gid) != 1)
		return -1;
	t->n++;
	return 0;
}

/* getpw* and getgr* may set errno even if there is simply no such row; only these are errors. */
static int
is_trouble(int error)
{
	return error == EIO || error == EMFILE || error == ENFILE || error == ENOMEM;
}

/* Ends an enumeration. -1 if it stopped at an error, not at the end. */
static int
ended(int failed, int any, void (*end)(void))
{
	const int error = failed ? ENOMEM : any || errno != 0 ? errno : ENOENT;

	end();
	errno = error;
	return failed || !any || is_trouble(error) ? -1 : 0;
}

static int
add_accounts(struct account_table *t)
{
	const struct passwd *pw;
	int failed = 0;

	setpwent();
	while (errno = 0, !failed && (pw = getpwent()) != NULL)
		failed = add(t, ACCOUNT, pw->pw_name, pw->pw_dir, pw->pw_uid, pw->pw_gid);
	/* without memory glibc reports no error, but then there are no rows */
	return ended(failed, t->n > 0, endpwent);
}

static int
add_groups(struct account_table *t)
{
	const struct group *gr;
	size_t i;
	int failed = 0;

	setgrent();
	while (errno = 0, !failed && (gr = getgrent()) != NULL) {
		failed = add(t, GROUP, "", "", 0, gr->gr_gid);
		for (i = 0; !failed && gr->gr_mem[i] != NULL; i++)
			failed = add(t, MEMBER, gr->gr_mem[i], "", 0, gr->gr_gid);
	}
	return ended(failed, 1, endgrent);
}

/* With equal keys, an account comes before the groups that list its name. */
static int
compare(const void *a, const void *b)
{
	const struct account_entry *x = a, *y = b;
	int order = (int)x->by - (int)y->by;

	if (order == 0)
		order = x->id < y->id ? -1 : x->id > y->id;
	if (order == 0)
		order = strcmp(x->text, y->text);
	return order != 0 ? order : x->row < y->row ? -1 : x->row > y->row;
}

static int
sort_all(struct account_table *t)
{
	const struct account_row *row;
	struct account_entry *e;

	e = t->entry = calloc(t->n + 1, 4 * sizeof *e);
	if (e == NULL)
		return -1;
	for (row = t->row; row < t->row + t->n; row++) {
		*e++ = (struct account_entry){ BY_GID, row->account.gid, "", row };
		if (row->kind != GROUP)
			*e++ = (struct account_entry){ BY_NAME, 0, row->account.name, row };
		if (row->kind != ACCOUNT)
			continue;
		*e++ = (struct account_entry){ BY_UID, row->account.uid, "", row };
		*e++ = (struct account_entry){ BY_HOME, 0, row->account.home, row };
	}
	t->entries = (size_t)(e - t->entry);
	qsort(t->entry, t->entries, sizeof *e, compare);
	return 0;
}

int
account_load(struct account_table *t)
{
	int error;

	if (t->loaded)
		return 0;
	if (add_accounts(t) == 0 && add_groups(t) == 0 && sort_all(t) == 0) {
		t->loaded = 1;
		return 0;
	}
	error = errno;
	account_unload(t);
	errno = error;
	return -1;
}

void
account_unload(struct account_table *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		account_free(&t->row[i].account);
	free(t->row);
	free(t->entry);
	account_free(&t->last);
	memset(t, 0, sizeof *t);
}

/* The index of the first entry with the key, or where it would be. */
static size_t
find(const struct account_table *t, struct account_entry *key)
{
	size_t low = 0, high = t->entries, mid;

	key->row = t->row;      /* sorts before all others */
	while (low < high) {
		mid = low + (high - low) / 2;
		if (compare(&t->entry[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct account_row *
row_of(const struct account_table *t, size_t i, const struct account_entry *key)
{
	const struct account_entry *e = t->entry;

	return i < t->entries && e[i].by == key->by && e[i].id == key->id &&
	    strcmp(e[i].text, key->text) == 0 ? e[i].row : NULL;
}

static const struct account_row *
find_account(const struct account_table *t, enum by by, unsigned long id, const char *text)
{
	struct account_entry key = { by, id, text, NULL };
	const struct account_row *row = row_of(t, find(t, &key), &key);

	return row != NULL && row->kind == ACCOUNT ? row : NULL;
}

static int
fill_passwd(struct account *a, const struct passwd *pw)
{
	if (pw != NULL)
		return fill(a, pw->pw_name, pw->pw_dir, pw->pw_uid, pw->pw_gid);
	return is_trouble(errno) ? -1 : 0;
}

static int
copy(struct account *a, const struct account *from)
{
	return fill(a, from->name, from->home, from->uid, from->gid);
}

int
account_by_name(const struct account_table *t, const char *name, struct account *a)
{
	const struct account_row *row = find_account(t, BY_NAME, 0, name);

	if (row != NULL)
		return copy(a, &row->account);
	errno = 0;
	return fill_passwd(a, getpwnam(name));
}

int
account_by_uid(struct account_table *t, uid_t uid, struct account *a)
{
	const struct account_row *row = find_account(t, BY_UID, uid, "");
	int found = 1;

	if (row != NULL)
		return copy(a, &row->account);
	if (t->last.name == NULL || t->last.uid != uid) {
		account_free(&t->last);
		errno = 0;
		found = fill_passwd(&t->last, getpwuid(uid));
	}
	return found == 1 ? copy(a, &t->last) : found;
}

int
account_own(struct account_table *t, struct account *a)
{
	const char *home = getenv("HOME");
	char name[3 * sizeof(uid_t) + 1];
	int found = account_by_uid(t, getuid(), a);

	if (found != 0 || home == NULL)
		return found;
	snprintf(name, sizeof name, "%lu", (unsigned long)getuid());
	return fill(a, name, home, getuid(), getgid());
}

int
account_by_home(const struct account_table *t, const char *home, struct account *a)
{
	struct account_entry key = { BY_HOME, 0, home, NULL };
	const struct account_row *row;
	size_t i;

	for (i = find(t, &key); (row = row_of(t, i, &key)) != NULL; i++)
		if (find_account(t, BY_NAME, 0, row->account.name) == row)
			return copy(a, &row->account);
	return 0;
}

void
account_free(struct account *a)
{
	free(a->name);
	free(a->home);
	a->name = a->home = NULL;
}

/* Whether only root, the owner and, unless root is the owner, the directory's group can replace
 * entries of the directory. */
static int
is_safe(const struct stat *st, uid_t owner)
{
	const mode_t others = owner == 0 ? S_IWGRP | S_IWOTH : S_IWOTH;

	return (st->st_uid == 0 || st->st_uid == owner) &&
	    ((st->st_mode & others) == 0 || st->st_mode & S_ISVTX);
}

int
account_by_file(const char *path, struct account *owner)
{
	struct account_table none = { 0 };
	char *directory = strdup(path);
	struct stat st, file;
	uid_t uid;
	int found = -1;

	if (directory == NULL)
		return -1;
	path_to_parent(directory);
	if (stat(directory, &st) != 0)
		goto out;
	uid = st.st_uid;
	if (lstat(path, &file) == 0)
		found = file.st_uid == uid && S_ISREG(file.st_mode);
	else if (errno == ENOENT)
		found = 1;
	while (found == 1 && (found = is_safe(&st, uid)) == 1 && directory[1] != '\0') {
		path_to_parent(directory);
		if (stat(directory, &st) != 0)
			found = -1;
	}
	if (found == 1)
		found = account_by_uid(&none, uid, owner);
	account_unload(&none);
out:
	free(directory);
	return found;
}

/* 1 if uid has an account, and name is NULL or its name; 0 if not; -1 with errno. */
static int
is_name_of(struct account_table *t, const char *name, uid_t uid)
{
	struct account owner;
	int ret = account_by_uid(t, uid, &owner);

	if (ret != 1)
		return ret;
	ret = name == NULL || strcmp(name, owner.name) == 0;
	account_free(&owner);
	return ret;
}

int
account_has_private(struct account_table *t, const struct account *a, gid_t gid, uid_t uid)
{
	struct account_entry key = { BY_GID, gid, "", NULL };
	const struct account_row *row;
	const struct group *gr;
	const char *listed = NULL;
	size_t i, accounts = 0, members = 0, groups = 0;

	if (!ACCOUNT_ALL)
		errno = ENOTSUP;
	if (!ACCOUNT_ALL || account_load(t) != 0)
		return -1;
	for (i = find(t, &key); (row = row_of(t, i, &key)) != NULL; i++) {
		if (row->kind == GROUP)
			groups++;
		else if (row->kind == MEMBER && members++ == 0)
			listed = row->account.name;
		else if (row->kind == ACCOUNT && row->account.uid != a->uid)
			return 0;
		else
			accounts += row->kind == ACCOUNT;
	}
	/* If there are several rows, the name service takes the first or merges them. */
	if (groups != 1) {
		errno = 0;
		gr = getgrgid(gid);
		if (gr == NULL)
			return is_trouble(errno) ? -1 : 0;
		listed = gr->gr_mem[0];
		for (members = 0; gr->gr_mem[members] != NULL; members++)
			;
	}
	return members > 1 || accounts + members == 0 ? 0 : is_name_of(t, listed, uid);
}

/* initgroups(3); the groups are from the table if the account is in it. */
static int
set_groups(const struct account_table *t, const struct account *a)
{
	struct account_entry key = { BY_NAME, 0, a->name, NULL };
	const struct account_row *row;
	size_t i = find(t, &key), n = 0;
	gid_t *groups;
	int ret;

	if (find_account(t, BY_NAME, 0, a->name) == NULL)
		return initgroups(a->name, a->gid);
	while (row_of(t, i + n, &key) != NULL)
		n++;
	if ((groups = calloc(n, sizeof *groups)) == NULL)
		return -1;
	groups[0] = a->gid;
	for (n = 1; (row = row_of(t, i, &key)) != NULL; i++)
		if (row->kind == MEMBER)
			groups[n++] = row->account.gid;
	ret = setgroups(n, groups);
	free(groups);
	return ret;
}

int
account_become(const struct account_table *t, const struct account *a)
{
	if (geteuid() == a->uid)
		return 0;
	if (!ACCOUNT_ALL || geteuid() != 0) {
		errno = ACCOUNT_ALL ? EPERM : ENOTSUP;
		return -1;
	}
	return set_groups(t, a) == 0 && setegid(a->gid) == 0 && seteuid(a->uid) == 0 ? 1 : -1;
}

int
account_return(void)
{
	if (geteuid() == getuid())
		return 0;
	return seteuid(getuid()) == 0 && setegid(getgid()) == 0 && setgroups(0, NULL) == 0 ?
	    0 : -1;
}

int
account_drop(const struct account *a)
{
	if (getuid() == a->uid && geteuid() == a->uid)
		return 0;
	if (!ACCOUNT_ALL || geteuid() != 0)
		errno = ACCOUNT_ALL ? EPERM : ENOTSUP;
	else if (initgroups(a->name, a->gid) == 0 && setgid(a->gid) == 0 && setuid(a->uid) == 0) {
		if (getuid() == a->uid && geteuid() == a->uid && getgid() == a->gid &&
		    getegid() == a->gid && setuid(0) != 0 && seteuid(0) != 0)
			return 0;
		errno = EPERM;
	}
	return -1;
}
