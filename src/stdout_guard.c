#include "stdout_guard.h"
#include "atomic_write.h"

#include <sys/stat.h>
#include <unistd.h>

enum stdout_verdict
stdout_guard_private(void)
{
	struct stat st;

	if (isatty(STDOUT_FILENO))
		return STDOUT_TERMINAL;
	if (fstat(STDOUT_FILENO, &st) != 0 || !S_ISREG(st.st_mode))
		return STDOUT_FIT;
	if (st.st_uid != geteuid())
		return STDOUT_FOREIGN;
	return (st.st_mode & 077) != 0 ? STDOUT_READABLE : STDOUT_FIT;
}

const char *
stdout_guard_text(enum stdout_verdict verdict)
{
	return verdict == STDOUT_TERMINAL ?
	    "refused: a private key would be shown on the terminal; name a file or use a pipe" :
	    verdict == STDOUT_FOREIGN ?
	    "refused: the file that the private key would go to belongs to another user; name one "
	    "by an option" :
	    "refused: others can read the file that the private key would go to: chmod 600 it, "
	    "or name the file by an option";
}

int
stdout_guard_write(struct slice data)
{
	return atomic_write_all(STDOUT_FILENO, data);
}

int
stdout_guard_close(void)
{
	return close(STDOUT_FILENO);
}
