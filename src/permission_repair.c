#include "permission_repair.h"
#include "escape.h"
#include "shell_quote.h"

#include <errno.h>
#include <stdlib.h>

/* Ends a command with its operand. */
static void
put_operand(struct buffer *out, const char *path, int shown)
{
	struct buffer quoted = BUFFER_EMPTY;

	shell_quote_put(&quoted, path);
	buffer_puts(out, " ");
	if (shown)
		escape_put(out, buffer_slice(&quoted));
	else
		buffer_put_slice(out, buffer_slice(&quoted));
	buffer_puts(out, "\n");
	if (quoted.failed)
		buffer_fail(out);
	buffer_free(&quoted);
}

/* Only what is the account's own, in its home, and still the same object. */
static int
is_ours(const struct permission_finding *f, struct buffer *out)
{
	struct stat st;
	char *home;
	int ret;

	if (f->st.st_mode == 0 || f->st.st_uid != f->check->account->uid ||
	    lstat(f->path, &st) == -1 ||
	    st.st_dev != f->st.st_dev || st.st_ino != f->st.st_ino)
		return 0;
	home = realpath(f->check->home, NULL);
	if (home == NULL && errno == ENOMEM)
		buffer_fail(out);
	ret = home != NULL && permission_rules_within(f->path, home);
	free(home);
	return ret;
}

static const char *
chmod_mode(const struct permission_finding *f)
{
	switch (f->rule) {
	case PERMISSION_WORLD_WRITABLE:
		return "o-w";
	case PERMISSION_GROUP_WRITABLE:
	case PERMISSION_ACL:
		return "g-w";
	case PERMISSION_KEY_MODE:
		return "go=";
	case PERMISSION_UNREADABLE:
		return S_ISDIR(f->st.st_mode) ? "u+rwx" : "u+rw";
	default:
		return NULL;
	}
}

void
permission_repair_put(struct buffer *out, const struct permission_finding *f, int shown)
{
	const char *mode = chmod_mode(f);

	if (!f->refused)
		return;
	if (mode == NULL || !is_ours(f, out)) {
		buffer_puts(out, f->line > 0 ? "# needs an editor: " : "# needs the administrator: ");
		escape_put(out, slice_str(f->path));
		buffer_puts(out, ": ");
		permission_rules_put_reason(out, f);
		buffer_puts(out, "\n");
		return;
	}
	if (f->names[0] != '\0') {
		buffer_puts(out, "setfacl -n -x ");
		buffer_puts(out, f->names);
		put_operand(out, f->path, shown);
	}
	buffer_puts(out, "chmod ");
	buffer_puts(out, mode);
	put_operand(out, f->path, shown);
}
