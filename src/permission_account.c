#include "permission_account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An account and its own group; a name that a group lists; or a group. */
enum kind { ACCOUNT, MEMBER, GROUP };

struct permission_account_row {
	enum kind kind;
	char *name;
	char *home;
	uid_t uid;
	gid_t gid;
};

static int
add(struct permission_account_table *t, enum kind kind, const char *name, const char *home, uid_t uid,
    gid_t gid)
{
	struct permission_account_row *row = t->row;

	/* Room doubles whenever the number of rows is a power of two. */
	if ((t->n & (t->n - 1)) == 0) {
		row = reallocarray(t->row, t->n == 0 ? 1 : t->n, 2 * sizeof *row);
		if (row == NULL)
			return -1;
		t->row = row;
	}
	row += t->n;
	row->kind = kind;
	row->name = strdup(name);
	row->home = strdup(home);
	row->uid = uid;
	row->gid = gid;
	t->n++;
	return row->name == NULL || row->home == NULL ? -1 : 0;
}

static int
add_all(struct permission_account_table *t)
{
	const struct passwd *pw;
	const struct group *gr;
	size_t i;
	int failed = 0;

	setpwent();
	while (!failed && (pw = getpwent()) != NULL)
		failed = add(t, ACCOUNT, pw->pw_name, pw->pw_dir, pw->pw_uid, pw->pw_gid);
	endpwent();
	setgrent();
	while (!failed && (gr = getgrent()) != NULL) {
		failed = add(t, GROUP, "", "", 0, gr->gr_gid);
		for (i = 0; !failed && gr->gr_mem[i] != NULL; i++)
			failed = add(t, MEMBER, gr->gr_mem[i], "", 0, gr->gr_gid);
	}
	endgrent();
	return failed;
}

static int
by_name(const void *a, const void *b)
{
	const struct permission_account_row *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (int)x->kind - (int)y->kind;
}

static int
by_gid(const void *a, const void *b)
{
	const struct permission_account_row *x = *(struct permission_account_row *const *)a;
	const struct permission_account_row *y = *(struct permission_account_row *const *)b;

	return x->gid < y->gid ? -1 : x->gid > y->gid;
}

int
permission_account_load(struct permission_account_table *t)
{
	size_t i;

	if (t->loaded)
		return 0;
	if (add_all(t) != 0)
		return -1;
	t->group = calloc(t->n + 1, sizeof *t->group);
	if (t->group == NULL)
		return -1;
	if (t->n > 0)
		qsort(t->row, t->n, sizeof *t->row, by_name);
	for (i = 0; i < t->n; i++)
		t->group[i] = &t->row[i];
	qsort(t->group, t->n, sizeof *t->group, by_gid);
	t->loaded = 1;
	return 0;
}

void
permission_account_unload(struct permission_account_table *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		free(t->row[i].name);
		free(t->row[i].home);
	}
	free(t->row);
	free(t->group);
	memset(t, 0, sizeof *t);
}

/* The first row not before name; none when the table is not loaded. */
static size_t
find_name(const struct permission_account_table *t, const char *name)
{
	size_t low = 0, high = t->loaded ? t->n : 0, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(t->row[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static size_t
find_gid(const struct permission_account_table *t, gid_t gid)
{
	size_t low = 0, high = t->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (t->group[mid]->gid < gid)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* 1 when row i is about name; the account, if there is one, comes first. */
static int
about(const struct permission_account_table *t, size_t i, const char *name)
{
	return t->loaded && i < t->n && strcmp(t->row[i].name, name) == 0;
}

static int
fill(struct permission_account *a, const char *name, const char *home, uid_t uid, gid_t gid)
{
	a->name = strdup(name);
	a->home = strdup(home);
	a->uid = uid;
	a->gid = gid;
	if (a->name != NULL && a->home != NULL)
		return 1;
	permission_account_free(a);
	return -1;
}

/* POSIX lets getpw* set errno even when there merely is no such account. */
static int
fill_passwd(struct permission_account *a, const struct passwd *pw)
{
	if (pw != NULL)
		return fill(a, pw->pw_name, pw->pw_dir, pw->pw_uid, pw->pw_gid);
	return errno == EIO || errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -1 : 0;
}

static int
fill_row(struct permission_account *a, const struct permission_account_row *row)
{
	return fill(a, row->name, row->home, row->uid, row->gid);
}

int
permission_account_by_name(const struct permission_account_table *t, const char *name,
    struct permission_account *a)
{
	size_t i = find_name(t, name);

	if (about(t, i, name) && t->row[i].kind == ACCOUNT)
		return fill_row(a, &t->row[i]);
	errno = 0;
	return fill_passwd(a, getpwnam(name));
}

int
permission_account_by_uid(uid_t uid, struct permission_account *a)
{
	errno = 0;
	return fill_passwd(a, getpwuid(uid));
}

int
permission_account_by_home(const struct permission_account_table *t, const char *home,
    struct permission_account *a)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->row[i].kind == ACCOUNT && strcmp(t->row[i].home, home) == 0)
			return fill_row(a, &t->row[i]);
	return 0;
}

void
permission_account_free(struct permission_account *a)
{
	free(a->name);
	free(a->home);
	a->name = a->home = NULL;
}

static int
is_name_of(const char *name, const struct permission_account *a, uid_t uid)
{
	const struct passwd *pw;

	if (uid == a->uid)
		return strcmp(name, a->name) == 0;
	pw = getpwuid(uid);
	return pw != NULL && strcmp(name, pw->pw_name) == 0;
}

int
permission_account_has_private(struct permission_account_table *t,
    const struct permission_account *a, gid_t gid, uid_t uid)
{
	const struct permission_account_row *row;
	const struct group *gr;
	const char *listed = NULL;
	size_t i, accounts = 0, members = 0;
	int known = 0;

	if (permission_account_load(t) != 0)
		return -1;
	for (i = find_gid(t, gid); i < t->n && t->group[i]->gid == gid; i++) {
		row = t->group[i];
		if (row->kind == GROUP)
			known = 1;
		else if (row->kind == MEMBER && members++ == 0)
			listed = row->name;
		else if (row->kind == ACCOUNT && row->uid != a->uid)
			return 0;
		else
			accounts += row->kind == ACCOUNT;
	}
	if (!known) {
		gr = getgrgid(gid);
		if (gr == NULL)
			return 0;
		for (listed = gr->gr_mem[0]; gr->gr_mem[members] != NULL; members++)
			;
	}
	if (members == 0)
		return accounts > 0;
	return members == 1 && is_name_of(listed, a, uid);
}

/* The groups of an account, its own included, allocated in *list. */
static int
groups_of(const struct permission_account_table *t, const struct permission_account *a,
    gid_t **list)
{
	size_t i = find_name(t, a->name), n = 0;
	int room = 64;

	if (!about(t, i, a->name) || t->row[i].kind != ACCOUNT) {
		do {
			room *= 2;
			free(*list);
			*list = calloc((size_t)room, sizeof **list);
			if (*list == NULL)
				return -1;
			/* Too small: room becomes what is needed. */
			n = (size_t)getgrouplist(a->name, a->gid, *list, &room);
		} while (n == (size_t)-1 && room <= 65536);
		return n == (size_t)-1 ? -1 : room;
	}
	while (about(t, i + n, a->name))
		n++;
	*list = calloc(n, sizeof **list);
	if (*list == NULL)
		return -1;
	for (n = 0; about(t, i + n, a->name); n++)
		(*list)[n] = t->row[i + n].gid;
	return (int)n;
}

int
permission_account_become(const struct permission_account_table *t,
    const struct permission_account *a)
{
	gid_t *groups = NULL;
	int n, ret = -1;

	if (geteuid() == a->uid)
		return 0;
	if (geteuid() != 0) {
		errno = EPERM;
		return -1;
	}
	n = groups_of(t, a, &groups);
	if (n >= 0 && setgroups((size_t)n, groups) == 0 && setegid(a->gid) == 0)
		ret = seteuid(a->uid);
	free(groups);
	return ret;
}

int
permission_account_return(void)
{
	if (geteuid() == getuid())
		return 0;
	return seteuid(getuid()) == 0 && setegid(getgid()) == 0 && setgroups(0, NULL) == 0 ?
	    0 : -1;
}

int
permission_account_drop(const struct permission_account *a)
{
	if (getuid() == a->uid && geteuid() == a->uid)
		return 0;
	if (geteuid() != 0)
		errno = EPERM;
	else if (initgroups(a->name, a->gid) == 0 && setgid(a->gid) == 0 && setuid(a->uid) == 0) {
		if (getuid() == a->uid && geteuid() == a->uid && getgid() == a->gid &&
		    getegid() == a->gid && setuid(0) != 0 && seteuid(0) != 0)
			return 0;
		errno = EPERM;
	}
	return -1;
}
