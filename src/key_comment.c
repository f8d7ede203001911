#include "key_comment.h"

#include <pwd.h>
#include <unistd.h>

int
key_comment_default(struct key *k)
{
	struct buffer who = BUFFER_INIT(4096);
	const struct passwd *pw = getpwuid(getuid());
	char host[256] = "localhost";
	int r;

	(void)gethostname(host, sizeof host - 1);
	buffer_puts(&who, pw != NULL ? pw->pw_name : "user");
	buffer_puts(&who, "@");
	buffer_puts(&who, host);
	r = key_set_comment(k, buffer_slice(&who));
	buffer_free(&who);
	return r;
}
