#include "permission/permission_report.h"
#include "base/escape.h"
#include "base/path.h"
#include "base/row.h"
#include "base/shell_quote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#define WORD(name, word) word,
static const char *const words[] = { PERMISSION_RULES(WORD) };

void
permission_report_put_fact(struct buffer *out, const struct permission_finding *f)
{
	const char *name = f->check->account->name;
	unsigned mode = (unsigned)f->st.st_mode & 07777;

	switch (f->rule) {
	case PERMISSION_OWNER:
		buffer_printf(out, "owned by uid %ld, neither %s nor root", (long)f->st.st_uid, name);
		break;
	case PERMISSION_WORLD_WRITABLE:
		buffer_printf(out, "mode %04o lets everybody write", mode);
		break;
	case PERMISSION_GROUP_WRITABLE:
		buffer_printf(out, "mode %04o lets group %ld write", mode, (long)f->st.st_gid);
		break;
	case PERMISSION_ACL:
		buffer_printf(out, "%sits ACL lets %s write", f->refused ? "" : "accepted, although ",
		    f->names);
		break;
	case PERMISSION_KEY_MODE:
		buffer_printf(out, "mode %04o gives group or others access", mode);
		break;
	case PERMISSION_UNREADABLE:
		buffer_printf(out, "%s cannot %s it: %s", name,
		    S_ISDIR(f->st.st_mode) ? "enter" : "read", strerror(f->error));
		break;
	case PERMISSION_NOT_REGULAR:
		buffer_printf(out, "not a regular file");
		break;
	case PERMISSION_ENCODING:
		buffer_printf(out, "sshd reads no key on line %lu: it begins with a byte order mark "
		    "or is UTF-16", f->line);
		break;
	case PERMISSION_JOINED:
		buffer_printf(out, f->refused ? "sshd reads no key on line %lu: two keys are joined there" :
		    "line %lu: a second key is in the comment of the first, where sshd does not read it",
		    f->line);
		break;
	case PERMISSION_MISSING:
		buffer_puts(out, "sshd finds no file and lets no key in");
		if (f->names[0] != '\0')
			buffer_puts(out, ": it follows a symbolic link to ");
		buffer_puts(out, f->names);
		break;
	case PERMISSION_OTHERS_KEY:
		buffer_printf(out, "ssh does not check it: owned by uid %ld, not %s",
		    (long)f->st.st_uid, name);
		break;
	}
}

/* Appends the reason, neither escaped nor quoted. */
static void
put_reason(struct buffer *out, const struct permission_finding *f)
{
	static const char *const outcome[] = {
		[PERMISSION_AUTHORIZED_KEYS] = "sshd refuses every key in the file",
		[PERMISSION_PRIVATE_KEY] = "ssh does not use the key",
		[PERMISSION_SSH_CONFIG] = "ssh does not start",
	};

	if (f->refused && f->line == 0)
		buffer_printf(out, "%s: ", outcome[f->use]);
	permission_report_put_fact(out, f);
	if (f->check->via != NULL) {
		buffer_puts(out, "; sshd follows a symbolic link there from ");
		buffer_puts(out, f->check->via);
	}
}

void
permission_report_put(struct buffer *out, const struct permission_finding *f, int json)
{
	struct buffer reason = BUFFER_EMPTY;
	struct row row = { out, json ? ROW_JSON : ROW_COLUMNS, 0 };

	put_reason(&reason, f);
	row_put(&row, "verdict", slice_str(f->refused ? "refuse" : "note"));
	row_put(&row, "path", slice_str(f->path));
	row_put(&row, "rule", slice_str(words[f->rule]));
	row_put(&row, "reason", buffer_slice(&reason));
	row_end(&row);
	if (reason.failed)
		buffer_fail(out);
	buffer_free(&reason);
}

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

/* Whether the account owns the object, in its home, and it is still the object that was judged. */
static int
is_ours(const struct permission_finding *f, struct buffer *out)
{
	char *home;
	int r;

	if (f->st.st_mode == 0 || f->st.st_uid != f->check->account->uid ||
	    path_is(AT_FDCWD, f->path, &f->st) != 1)
		return 0;
	home = realpath(f->check->home, NULL);
	if (home == NULL && errno == ENOMEM)
		buffer_fail(out);
	r = home != NULL && path_below(f->path, home) != NULL;
	free(home);
	return r;
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
permission_report_put_repair(struct buffer *out, const struct permission_finding *f,
    int shown)
{
	const char *mode = chmod_mode(f);
	struct buffer reason = BUFFER_EMPTY;

	if (!f->refused)
		return;
	if (mode == NULL || !is_ours(f, out)) {
		buffer_puts(out, f->line > 0 ? "# needs an editor: " : "# needs the administrator: ");
		escape_put(out, slice_str(f->path));
		buffer_puts(out, ": ");
		put_reason(&reason, f);
		escape_put(out, buffer_slice(&reason));
		buffer_puts(out, "\n");
		if (reason.failed)
			buffer_fail(out);
		buffer_free(&reason);
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
