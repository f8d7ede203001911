/*
 * account: the accounts and groups of this machine, and taking on the identity of an account.
 *
 * Once a table is loaded, a query looks there first: even thousands of accounts cost only one
 * reading of the databases. The name service is queried for an account that they do not enumerate.
 * Of several rows with the same name, uid or gid, the result is the one that getpwnam(3),
 * getpwuid(3) or getgrgid(3) returns to sshd.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <sys/types.h>

/* Whether libc queries the name service. A static build reads only /etc/passwd and /etc/group. sshd
 * may know other accounts than these: so a static build serves only the invoking user. */
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
	struct account last;            /* the latest answer of the name service for a uid */
};

/* account_load: enumerates passwd and group, unless the table is loaded. Returns 0, or -1 with
 * errno and an empty table. */
int account_load(struct account_table *t);
void account_unload(struct account_table *t);

/* account_by_name, _by_uid, _by_home: fill *a, which the caller frees. Return 1; 0 if there is no
 * such account; -1 with errno. account_by_home searches only the table, compares homes as text, and
 * skips a row if an earlier row has the same name: sshd never sees such a row. */
int account_by_name(const struct account_table *t, const char *name, struct account *a);
int account_by_uid(struct account_table *t, uid_t uid, struct account *a);
int account_by_home(const struct account_table *t, const char *home, struct account *a);
void account_free(struct account *a);

/* account_own: the same for the invoking user. If the uid has no row, as in many containers, the
 * name is the uid and the home HOME; 0 if that is not set. */
int account_own(struct account_table *t, struct account *a);

/* account_by_file: fills *owner with the account that owns the directory of path, an absolute path
 * without symbolic links. Returns 1; -1 with errno; or 0 if
 *	the file exists, but is not regular or does not belong to that account;
 *	a directory of the path belongs to a third user, or is writable for others (or for its group,
 *	if the account is root) without the sticky bit; or
 *	the owner has no account. */
int account_by_file(const char *path, struct account *owner);

/* account_has_private: 1 if the account is the only member of the group gid, as Debian's
 * user-group-modes.patch requires for the group of an object that uid owns (uid is the account's or
 * 0):
 *	every account with this primary group has the account's uid;
 *	the group lists no name, or only the name that getpwuid(3) returns for uid;
 *	there is at least one such account or name.
 * 0 if not; -1 with errno (ENOTSUP if ACCOUNT_ALL is 0). Loads the table. */
int account_has_private(struct account_table *t, const struct account *a, gid_t gid, uid_t uid);

/* account_become: sets the effective uid, gid and groups to those of the account, as sshd does to
 * read authorized_keys. Returns 1; 0 if the effective uid is the account's already; or -1 with
 * errno (EPERM: the process is neither root nor the account; ENOTSUP: it is not the account, and
 * ACCOUNT_ALL is 0). account_return undoes this, except that root keeps no supplementary group; it
 * returns 0, or -1 with errno. */
int account_become(const struct account_table *t, const struct account *a);
int account_return(void);

/* account_drop: becomes the account permanently, with its groups, and verifies this. 0, or -1 with
 * errno (EPERM and ENOTSUP as above). */
int account_drop(const struct account *a);

#endif
