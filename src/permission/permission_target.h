/*
 * permission_target: the account, home and file that an operand of permcheck names.
 *
 *	user            the account, its home
 *	user:home       the account, another home
 *	user:file       the account, its home, another authorized_keys or key file;
 *	                a relative name begins in the home, as in AuthorizedKeysFile
 *	HOME/.ssh       the same as HOME
 *	directory       a home: the account whose home it is in passwd, else its owner
 *	file            client side, or both: the invoking user;
 *	                server side: for HOME/.ssh/NAME the account of HOME as above, for
 *	                any other file its owner
 *	NULL            the invoking user; the home is HOME if that is absolute
 *
 * An operand without "/" is an account if there is one of that name. If sides is 0, it becomes the
 * server's for a home and for a file called authorized_keys*, the client's for any other file, and
 * both for NULL.
 */
#ifndef PERMISSION_TARGET_H
#define PERMISSION_TARGET_H

#include "base/account.h"
#include "permission/permission_parent.h"

/* What was found for one operand and is used for the next. */
struct permission_target_known {
	char *cwd;              /* set by permission_target_settle; or NULL */
	struct account_table table;
	struct permission_parent parent;
};

/* An operand, resolved. While changed is set, the process acts as account. */
struct permission_target {
	struct permission_target_known *known;
	struct account account;
	char *home;             /* absolute */
	char *file;             /* absolute, or NULL: the usual files in the home */
	struct stat home_st;    /* lstat(2) of home as the account, or all zero */
	unsigned sides;         /* a set, see permission_scan.h */
	int changed;            /* 1: account_return is due */
};

/* permission_target_settle: sets known->cwd, where relative operands begin, and makes / the working
 * directory, as it is sshd's: a symbolic link may lead through /proc/self/cwd. Returns 0 or -1. */
int permission_target_settle(struct permission_target_known *known);

/* permission_target_become: fills *target and becomes its account; the caller must call
 * account_return if target->changed is 1. Returns ERROR_NONE, or why there is no target. Even then,
 * the caller frees the target. */
int permission_target_become(struct permission_target *target,
    struct permission_target_known *known, const char *operand, unsigned sides);
void permission_target_free(struct permission_target *target);

/* permission_target_forget: releases the members of known. */
void permission_target_forget(struct permission_target_known *known);

#endif
