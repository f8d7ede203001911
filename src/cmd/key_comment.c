#include "cmd/key_comment.h"
#include "base/error.h"

#include <errno.h>
#include <pwd.h>
#include <unistd.h>

int
key_comment_default(struct key *k)
{
	unsigned char room[4096];
	struct buffer who = BUFFER_IN(room);
	const struct passwd *pw;
	char host[256] = "localhost";

	errno = 0;
	if ((pw = getpwuid(getuid())) == NULL && errno == ENOMEM)
		return ERROR_MEMORY;
	(void)gethostname(host, sizeof host - 1);
	buffer_puts(&who, pw != NULL ? pw->pw_name : "user");
	buffer_puts(&who, "@");
	buffer_puts(&who, host);
	return key_set_comment(k, buffer_slice(&who));
}
