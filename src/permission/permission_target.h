/*
 * permission_target: whose permissions an operand of permcheck means.
 *
 *	user            the account, its home
 *	user:home       the account, another home
 *	user:file       the account, its home, another authorized_keys or key file;
 *	                a relative name begins in the home, as in AuthorizedKeysFile
 *	HOME/.ssh       HOME
 *	directory       the account whose home it is in passwd, else its owner
 *	HOME/.ssh/file  on the server side the same for HOME
 *	file            else on the server side its owner; on the client side the
 *	                invoking user
 *	NULL            the invoking user, with HOME if that is absolute
 *
 * An operand without "/" that names an account is the account. sides that are 0 become the server's
 * for a home and for a file called authorized_keys*, the client's for any other file, both for
 * NULL.
 */
#ifndef PERMISSION_TARGET_H
#define PERMISSION_TARGET_H

#include "base/account.h"
#include "permission/permission_parent.h"

/* What one operand leaves for the next. */
struct permission_target_known {
	struct account_table table;
	struct permission_parent parent;
};

/* An operand, resolved. While changed is set, the process acts as account. */
struct permission_target {
	struct permission_target_known *known;
	struct account account;
	char *home;             /* absolute */
	char *file;             /* absolute, or NULL: what is usual in the home */
	struct stat home_st;    /* what lstat(2) says of the home to the account, or all zero */
	unsigned sides;         /* of permission_scan.h */
	int changed;            /* 1: account_return is due */
};

/* permission_target_become: fills *target and becomes its account; account_return is due if
 * target->changed is 1. Returns ERROR_NONE or why there is no target. The caller frees the target
 * in any case. */
int permission_target_become(struct permission_target *target,
    struct permission_target_known *known, const char *operand, unsigned sides);
void permission_target_free(struct permission_target *target);

/* permission_target_forget: releases what is known. */
void permission_target_forget(struct permission_target_known *known);

#endif
