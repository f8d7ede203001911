#include "cmd/home.h"
#include "base/error.h"
#include "cmd/die.h"

#include <stdlib.h>
#include <unistd.h>

const char *
home_become(const char *user, const char **file, const char *usual, struct account *account,
    struct buffer *path)
{
	const struct account_table none = { 0 };
	const char *base = NULL;

	if (user != NULL && account_by_name(&none, user, account) != 1)
		die("-u %s: %s", user, ACCOUNT_ALL ? "no such account" : error_text(ERROR_STATIC));
	if (user != NULL && account_drop(account) != 0)
		die("-u %s: %s", user, ACCOUNT_ALL ? "only root may do this for somebody else" :
		    error_text(ERROR_STATIC));
	if (user != NULL || *file == NULL) {
		base = user == NULL ? getenv("HOME") : *account->home != '\0' ? account->home :
		    "/";                /* as for login(1) and sshd */
		if (base == NULL || base[0] != '/')
			die("%s%s is not an absolute path", user == NULL ? "" : user, user == NULL ? "HOME" : ": the home");
	}
	if (*file == NULL)
		*file = usual;
	if (base != NULL && (*file)[0] != '/')
		buffer_printf(path, "%s/", base);
	if (buffer_puts(path, *file) != 0 || buffer_string(path) == NULL)
		die_memory();
	if (path->p[0] == '/' && chdir("/") != 0)       /* as sshd: a link may lead through /proc/self/cwd */
		die("/:");
	return base;
}
