/*
 * permission_rules: which files sshd and ssh refuse because of owner or mode.
 *
 * Server: the algorithm of sshd's StrictModes (OpenSSH auth2-pubkeyfile.c, misc.c safe_path). The
 * file must be regular. The file and every directory above its real path, up to the real home or
 * else "/", must belong to the account or to root, and must not be writable by group or others. A
 * line whose text hides a key from sshd is a finding too: no mode explains that refusal.
 *
 * Client: sshkey_perm_ok of authfile.c. A key file that belongs to the account must give no access
 * to group and others; the mode of another owner's key file is not checked. ssh's own configuration
 * must belong to the account or root, and must not be writable by group or others.
 *
 * Debian's patched OpenSSH accepts a group-writable file if the account is the only member of the
 * group (user-group-modes.patch); upstream's never does.
 *
 * These functions see what the process may see: become the account first (account.h).
 */
#ifndef PERMISSION_RULES_H
#define PERMISSION_RULES_H

#include "base/account.h"
#include "permission/permission_parent.h"

enum permission_profile { PERMISSION_UPSTREAM, PERMISSION_DEBIAN };

enum permission_use { PERMISSION_AUTHORIZED_KEYS, PERMISSION_PRIVATE_KEY, PERMISSION_SSH_CONFIG };

/* The rules as the manual names them. MISSING and OTHERS_KEY are notes; ACL, UNREADABLE and JOINED
 * may be. */
#define PERMISSION_RULES(row) \
	row(OWNER, "owner") /* neither the account nor root owns it */ \
	row(WORLD_WRITABLE, "world-writable") \
	row(GROUP_WRITABLE, "group-writable") \
	row(ACL, "acl") /* it lets users or groups that it names write */ \
	row(KEY_MODE, "key-mode") /* group or others may use a private key */ \
	row(UNREADABLE, "unreadable") /* the account cannot open or search it */ \
	row(NOT_REGULAR, "not-regular") \
	row(ENCODING, "encoding") /* UTF-16, or a byte order mark before the first key */ \
	row(JOINED, "joined") /* two keys on a line; a note if sshd reads the first */ \
	row(MISSING, "missing") \
	row(OTHERS_KEY, "others-key") /* another user owns the key: ssh does not check it */

#define PERMISSION_NAME(name, word) PERMISSION_##name,
enum permission_rule { PERMISSION_RULES(PERMISSION_NAME) };

struct permission_check;

struct permission_finding {
	const struct permission_check *check;
	enum permission_use use;
	enum permission_rule rule;
	int refused;            /* 0: a note */
	int error;              /* UNREADABLE: the errno */
	unsigned long line;     /* ENCODING, JOINED: in the file, from 1; else 0 */
	const char *path;       /* absolute; the real path, if it is known */
	const char *names;      /* ACL entries that grant access, for setfacl(1);
	                         * MISSING: target of a symbolic link; or "" */
	struct stat st;         /* of path; all zero if it is not known */
};

/* The account, and where the findings go. */
struct permission_check {
	const struct account *account;
	const char *home;       /* absolute */
	const struct stat *home_st;     /* lstat(2) of home as the account, or all zero */
	enum permission_profile profile;
	struct account_table *table;
	struct permission_parent *parent;
	void (*found)(void *to, const struct permission_finding *);
	/* for permission_scan: path could not be judged because of an enum error. */
	void (*undecided)(void *to, const char *path, int error);
	void *to;
	const char *via;        /* internal: the path whose symbolic link leads here */
};

/* permission_rules_authorized_keys: judges an authorized_keys file. permission_rules_client: judges
 * a client's file by the rules for the argument use. Both need an absolute path, and call
 * check->found with every finding. They return ERROR_NONE, or ERROR_SYSTEM if the file could not be
 * judged (ELOOP, ENAMETOOLONG, EIO, ENOMEM ...; EFBIG: more than 256 MiB; ESTALE: the file was
 * replaced meanwhile; for a key also ENOENT). */
int permission_rules_authorized_keys(const struct permission_check *check, const char *path);
int permission_rules_client(const struct permission_check *check, enum permission_use use,
    const char *path);

/* permission_rules_accepts: returns 1 if owner and mode of a client's file give no finding. */
int permission_rules_accepts(const struct permission_check *check, enum permission_use use,
    const struct stat *st);

/* permission_rules_unreadable: reports that the account cannot enter the directory path, or read
 * the file path; error is the errno. Returns as above. */
int permission_rules_unreadable(const struct permission_check *check, enum permission_use use,
    const char *path, int error);

#endif
