/*
 * account: the accounts and groups of this machine, and becoming one of those accounts.
 *
 * A table, once loaded, is asked first, so that thousands of accounts cost no more than reading the
 * databases once; the name service is asked for an account that they do not enumerate. Of several
 * rows with one name, uid or gid both find what getpwnam(3), getpwuid(3) and getgrgid(3) return to
 * sshd.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <sys/types.h>

/* Whether libc asks the name service. A static build knows only what /etc/passwd and /etc/group
 * have, which may be neither all nor what sshd is told: it serves the invoking user alone. */
#ifdef XFERKEY_STATIC
enum { ACCOUNT_ALL = 0 };
#else
enum { ACCOUNT_ALL = 1 };
#endif

struct account {
	char *name;     /* owned, like home */
	char *home;
	uid_t uid;
	gid_t gid;
};

struct account_row;
struct account_entry;

struct account_table {
	struct account_row *row;
	struct account_entry *entry;    /* sorted */
	size_t n, entries;
	int loaded;
	struct account last;            /* what the name service said of a uid */
};

/* account_load: enumerates passwd and group, once. Returns 0, or -1 with errno and an empty
 * table. */
int account_load(struct account_table *t);
void account_unload(struct account_table *t);

/* account_by_name, _by_uid, _by_home: fill *a, which the caller frees. Return 1, 0 when there is no
 * such account, -1 with errno. The home is compared as text with what the table holds; a row whose
 * name an earlier row has is passed over, for sshd never sees it. */
int account_by_name(const struct account_table *t, const char *name, struct account *a);
int account_by_uid(struct account_table *t, uid_t uid, struct account *a);
int account_by_home(const struct account_table *t, const char *home, struct account *a);
void account_free(struct account *a);

/* account_own: the same for the invoking user. If the uid has no row, as in many containers, the
 * name is the uid and the home HOME; 0 if that is not set. */
int account_own(struct account_table *t, struct account *a);

/* account_by_file: fills *owner with the account that owns the regular file path, an absolute path
 * without symbolic links; or, if there is no file, its directory. Returns 1; 0 when the file is not
 * regular, it and its directory are not one account's, or others than it and root can lead the path
 * elsewhere; -1 with errno. */
int account_by_file(const char *path, struct account *owner);

/* account_has_private: 1 when the group gid consists of exactly the account, as Debian's
 * user-group-modes.patch asks of the group of an object that uid owns (uid is the account's or 0):
 * every account whose own group it is has the account's uid, it lists nobody or only the name that
 * getpwuid(3) has for uid, and it is not empty. 0 when not, -1 with errno (ENOTSUP without
 * ACCOUNT_ALL). Loads the table. */
int account_has_private(struct account_table *t, const struct account *a, gid_t gid, uid_t uid);

/* account_become: takes on the effective uid, gid and groups of the account, as sshd does to read
 * authorized_keys. Returns 1; 0 when they are ours already; or -1 with errno (EPERM: we are neither
 * root nor the account; ENOTSUP: not the account, without ACCOUNT_ALL). account_return undoes it:
 * 0, or -1 with errno; root keeps no supplementary group. */
int account_become(const struct account_table *t, const struct account *a);
int account_return(void);

/* account_drop: becomes the account for good, with its groups, and checks that. 0, or -1 with errno
 * (EPERM and ENOTSUP as above). */
int account_drop(const struct account *a);

#endif
