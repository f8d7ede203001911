/*
 * home: the account that -u names, and its files.
 */
#ifndef HOME_H
#define HOME_H

#include "base/account.h"
#include "base/buffer.h"

/* home_become: becomes user for good, unless it is NULL, and fills in *account. If *file is NULL, sets
 * it to usual. Sets path to the C string of *file: a relative one begins at the home, except one that
 * was given without a user. Returns the home, or NULL if *file is such a one. Ends the process after an
 * error. */
const char *home_become(const char *user, const char **file, const char *usual, struct account *account,
    struct buffer *path);

#endif
