/*
 * permission_target: whose permissions an operand of permcheck means.
 *
 *	user            the account, its home
 *	user:home       the account, another home
 *	user:file       the account, its home, another authorized_keys or key file;
 *	                a relative name begins in the home, as in AuthorizedKeysFile
 *	HOME/.ssh       HOME
 *	folder          the account whose home it is in passwd, else its owner
 *	HOME/.ssh/file  on the server side the same for HOME
 *	file            else on the server side its owner; on the client side the
 *	                invoking user
 *	NULL            the invoking user, with HOME if that is absolute
 *
 * A word without "/" that names an account is the account. What sides is 0 for
 * becomes: the server's for a home and for a file called authorized_keys*, the
 * client's for any other file, both for NULL.
 */
#ifndef PERMISSION_TARGET_H
#define PERMISSION_TARGET_H

#include "permission_account.h"

enum { PERMISSION_SERVER = 1, PERMISSION_CLIENT = 2 };

struct permission_target {
	struct permission_account account;
	char *home;             /* absolute */
	char *file;             /* absolute, or NULL: what is usual in the home */
	unsigned sides;
};

/* permission_target_become: fills *target, which the caller frees in any case,
 * and becomes its account until permission_account_return, also to be called in
 * any case. Returns NULL, or what is wrong, as words for a message. */
const char *permission_target_become(struct permission_target *target,
    struct permission_account_table *table, const char *operand, unsigned sides);
void permission_target_free(struct permission_target *target);

#endif
