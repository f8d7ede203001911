#include "authorized/authorized_judge.h"
#include "authorized/authorized_keys.h"
#include "base/error.h"
#include "base/io.h"
#include "base/row.h"
#include "encoding/base64.h"
#include "keyfile/fingerprint.h"
#include "permission/permission_report.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { FILE_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };

/* Keeps the first finding of each kind. */
static void
found(void *to, const struct permission_finding *f)
{
	struct authorized_judge *j = to;
	struct buffer *b = f->line > 0 ? &j->first : f->rule <= PERMISSION_ACL ? &j->modes : &j->other;

	if (!f->refused || b->n > 0)
		return;
	if (f->line > 0)
		j->at = f->line;
	else
		buffer_printf(b, "%s: ", f->path);
	permission_report_put_fact(b, f);
}

static const char *
line_reason(const struct authorized_line *l, time_t now)
{
	const struct key_type *named = key_type_of(l->fields.type);

	if (named != NULL && named != l->blob.type)
		return "its line names another key type";
	return error_text(l->blob.type == NULL ? ERROR_TYPE : l->odd ? ERROR_MALFORMED :
	    authorized_keys_options(l->fields.options, now));
}

/* Appends yes, or no or "not known" with the reason. */
static void
put_answer(const struct authorized_judge *j, struct buffer *to, const struct authorized_line *l,
    unsigned long number)
{
	const struct key_type *type = l->blob.type;
	const enum authorized_answer in = authorized_keys_lets_in(l, j->now);

	if (j->other.n > 0 || number == j->at) {
		buffer_puts(to, "no: ");
		buffer_put_slice(to, buffer_slice(j->other.n > 0 ? &j->other : &j->first));
	} else if (type != NULL && (type->certified != NULL || type->foreign))
		buffer_puts(to, type->foreign ? "no: OpenSSH does not know this key type" :
		    "no: a certificate, which sshd compares with no key");
	else if (in == AUTHORIZED_YES)
		buffer_puts(to, "yes");
	else
		buffer_printf(to, "%s: %s", in == AUTHORIZED_NO ? "no" : "not known", line_reason(l, j->now));
}

static void
put_expiry(struct row *row, time_t t)
{
	unsigned char room[32];
	struct buffer text = BUFFER_IN(room);

	if (t != 0)
		buffer_put_utc(&text, t);
	row_put(row, "expires", buffer_slice(&text));
}

/* Appends the row of a key; text is empty, and room for columns. */
static void
put_row(struct authorized_judge *j, const char *user, const char *file, unsigned long number,
    const struct authorized_line *l, struct buffer *text)
{
	const struct authorized_limits limits = authorized_keys_limits(l->fields.options);
	struct row row = { &j->out, ROW_COLUMNS, 0 };

	row_put(&row, "account", slice_str(user));
	row_put(&row, "file", slice_str(file));
	row_put_number(&row, "line", number);
	row_put(&row, "type", l->blob.type != NULL ? slice_str(l->blob.type->show) : l->blob.name);
	row_put_number(&row, "bits", l->blob.bits);
	if (fingerprint_text(text, j->digest, "SHA256", &l->blob) != ERROR_NONE)
		buffer_fail(text);
	row_put(&row, "fingerprint", buffer_slice(text));
	row_put(&row, "options", l->fields.options);
	put_expiry(&row, limits.expires);
	row_put(&row, "comment", l->fields.comment);
	row_put(&row, "modes", buffer_slice(&j->modes));
	buffer_truncate(text, 0);
	put_answer(j, text, l, number);
	row_put(&row, "answer", buffer_slice(text));
	row_put(&row, "from", limits.from);
	row_put(&row, "command", slice_str(limits.command ? "command" : ""));
	buffer_truncate(text, 0);
	buffer_put_slice(text, l->blob.name);
	buffer_puts(text, " ");
	base64_put(text, l->blob.bytes, 0);
	row_put(&row, "key", buffer_slice(text));
	row_end(&row);
}

static int
put_rows(struct authorized_judge *j, const char *user, const char *file, struct slice rest)
{
	struct buffer blob = BUFFER_INIT(AUTHORIZED_JUDGE_MAX), text = BUFFER_INIT(2 * AUTHORIZED_JUDGE_MAX);
	const unsigned char *at = rest.p, *end;
	struct authorized_line line;
	unsigned long number = 1;
	size_t whole = 0;
	int more;

	while (!text.failed && !j->out.failed && (more = authorized_keys_next(&rest, &line, &blob)) > 0) {
		for (; (end = memchr(at, '\n', (size_t)(line.all.p - at))) != NULL; at = end + 1)
			number++;
		buffer_truncate(&text, 0);
		whole = j->out.n;
		put_row(j, user, file, number, &line, &text);
	}
	if (text.failed || j->out.failed) {     /* a part of a row would be another row */
		buffer_truncate(&j->out, whole);
		more = ERROR_MEMORY;
	}
	buffer_free(&blob);
	buffer_free(&text);
	return more;
}

/* Appends the rows of the file. */
static int
list(struct authorized_judge *j, const char *user, const char *file)
{
	struct buffer text = BUFFER_INIT(AUTHORIZED_JUDGE_MAX);
	const int fd = open(file, FILE_FLAGS), error = errno;
	struct stat st;
	int r = ERROR_SYSTEM;

	if (fd == -1 && error == ENOENT)
		r = ERROR_NONE;
	else if (j->other.n > 0 && (fd == -1 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)))
		r = 1;
	else if (fd != -1 && (r = io_read_all(fd, 65536, &text)) == ERROR_NONE)
		r = put_rows(j, user, file, buffer_slice(&text));
	io_close(fd);
	buffer_free(&text);
	return r;
}

int
authorized_judge_file(struct authorized_judge *j, const struct account *account, const char *home,
    const char *file)
{
	struct stat home_st = { 0 }, st;
	const struct permission_check check = {
		.account = account, .home = home, .home_st = &home_st, .profile = j->profile, .table = &j->table,
		.parent = &j->parent, .found = found, .to = j,
	};
	int r;

	buffer_free(&j->modes);
	buffer_free(&j->other);
	buffer_free(&j->first);
	j->at = 0;
	if (stat(file, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size > AUTHORIZED_JUDGE_MAX)
		return ERROR_TOO_BIG;
	(void)lstat(home, &home_st);
	r = permission_rules_authorized_keys(&check, file);
	if (r == ERROR_NONE && (j->modes.failed || j->other.failed || j->first.failed))
		r = ERROR_MEMORY;
	return r == ERROR_NONE ? list(j, account->name, file) : r;
}
