/*
 * permission_rules: what sshd and ssh refuse for its owner or mode.
 *
 * Server: the algorithm of sshd's StrictModes (OpenSSH auth2-pubkeyfile.c, misc.c safe_path). The
 * file must be regular; it and every directory above its real path, up to the real home or else
 * "/", must belong to the account or to root, and be writable by no group and not by others. A line
 * whose text hides a key from sshd is refused too: no mode explains that refusal.
 *
 * Client: sshkey_perm_ok of authfile.c. A key file that belongs to the account must give nothing to
 * group and others; another owner's is never looked at. ssh's own configuration must belong to the
 * account or root and be writable by nobody else.
 *
 * Debian's patched OpenSSH lets a group write that consists of exactly the account
 * (user-group-modes.patch); upstream's never does.
 *
 * Everything is looked at as the account: become it first (account.h).
 */
#ifndef PERMISSION_RULES_H
#define PERMISSION_RULES_H

#include "base/account.h"
#include "permission/permission_parent.h"

enum permission_profile { PERMISSION_UPSTREAM, PERMISSION_DEBIAN };

enum permission_use { PERMISSION_AUTHORIZED_KEYS, PERMISSION_PRIVATE_KEY, PERMISSION_SSH_CONFIG };

/* The words of the manual; the last three are or may be notes. */
#define PERMISSION_RULES(row) \
	row(OWNER, "owner") /* neither the account's nor root's */ \
	row(WORLD_WRITABLE, "world-writable") \
	row(GROUP_WRITABLE, "group-writable") \
	row(ACL, "acl") /* it lets the named ones write */ \
	row(KEY_MODE, "key-mode") /* group or others may use a private key */ \
	row(UNREADABLE, "unreadable") /* the account cannot open or search it */ \
	row(NOT_REGULAR, "not-regular") \
	row(ENCODING, "encoding") /* UTF-16, or a byte order mark before the first key */ \
	row(JOINED, "joined") /* two keys on a line; a note if only the second is unread */ \
	row(MISSING, "missing") \
	row(OTHERS_KEY, "others-key") /* another's key, unchecked */

#define PERMISSION_NAME(name, word) PERMISSION_##name,
enum permission_rule { PERMISSION_RULES(PERMISSION_NAME) };

struct permission_check;

struct permission_finding {
	const struct permission_check *check;
	enum permission_use use;
	enum permission_rule rule;
	int refused;            /* 0: only a note */
	int error;              /* UNREADABLE: the errno */
	unsigned long line;     /* ENCODING, JOINED: of the file, from 1 */
	const char *path;       /* absolute; real, unless nothing is known of it */
	const char *names;      /* whom the ACL grants it, for setfacl(1); MISSING: where a
	                         * symbolic link leads; or "" */
	struct stat st;         /* all zero when nothing is known of it */
};

/* Who is asking for whom, and where the findings go. */
struct permission_check {
	const struct account *account;
	const char *home;       /* absolute */
	const struct stat *home_st;     /* what lstat(2) says of it to the account, or all zero */
	enum permission_profile profile;
	struct account_table *table;
	struct permission_parent *parent;
	void (*found)(void *to, const struct permission_finding *);
	/* permission_scan: path could not be judged, for an enum error. */
	void (*undecided)(void *to, const char *path, int error);
	void *to;
	const char *via;        /* within: the path whose symbolic link leads here, or NULL */
};

/* permission_rules_authorized_keys, _client: judge the absolute path, a client's file by its use,
 * and hand every finding to check->found. Return ERROR_NONE when judged, or ERROR_SYSTEM when that
 * could not be done (ELOOP, ENAMETOOLONG, EIO, ENOMEM ...; EFBIG: more than 256 MiB; ESTALE: the
 * file was replaced meanwhile; for a key also ENOENT). */
int permission_rules_authorized_keys(const struct permission_check *check, const char *path);
int permission_rules_client(const struct permission_check *check, enum permission_use use,
    const char *path);

/* permission_rules_accepts: 1 if there is nothing to say of the owner and mode of a client's
 * file. */
int permission_rules_accepts(const struct permission_check *check, enum permission_use use,
    const struct stat *st);

/* permission_rules_unreadable: reports path, a directory or a file, as one that the account cannot
 * enter or read, for error. Returns as above. */
int permission_rules_unreadable(const struct permission_check *check, enum permission_use use,
    const char *path, int error);

#endif
