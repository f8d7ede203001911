#include "authorized_work.h"
#include "account.h"
#include "authorized_edit.h"
#include "authorized_keys.h"
#include "authorized_list.h"
#include "authorized_openssh.h"
#include "escape.h"
#include "fingerprint.h"
#include "io.h"
#include "key_error.h"
#include "path.h"
#include "shell_quote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether each line of text has a key: 0, KEY_E_NOT_KEY or KEY_E_MEMORY. */
static int
only_keys(struct slice text)
{
	struct buffer blob = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct authorized_line line;
	struct slice from = text;
	int more;

	while ((more = authorized_keys_next(&text, &line, &blob)) > 0 && line.all.p == from.p)
		from = text;
	buffer_free(&blob);
	return more < 0 ? more : from.n == 0 ? KEY_OK : KEY_E_NOT_KEY;
}

int
authorized_work_lines(int fd, struct buffer *lines)
{
	int r = io_read_all(fd, 65535, lines);

	if (r != KEY_OK)
		return r;
	if (lines->n == 0)
		return KEY_E_EMPTY;
	if (lines->p[lines->n - 1] != '\n')
		buffer_puts(lines, "\n");
	return lines->failed ? KEY_E_MEMORY : only_keys(buffer_slice(lines));
}

int
authorized_work_prepare(struct authorized_work *w)
{
	w->shown = digest_new("SHA256");
	w->hash = digest_new(w->fingerprint != NULL ? fingerprint_named(w->fingerprint) : "SHA256");
	return w->shown != NULL && w->hash != NULL ? KEY_OK : KEY_E_CRYPTO;
}

const char *
authorized_work_done(const struct authorized_work *w)
{
	return w->kind == AUTHORIZED_REMOVE ? "the key is removed all the same" :
	    w->kind == AUTHORIZED_ADD ? "the key is added all the same" :
	    w->kind == AUTHORIZED_APPEND ? "the lines are appended all the same" : "not changed";
}

static int
tell(const struct authorized_work *w, const char *word, struct slice text)
{
	struct buffer *out = w->out;

	switch (w->kind) {
	case AUTHORIZED_ADD:
		return authorized_list_put(out, w->shown, word, "beside", text);
	case AUTHORIZED_APPEND:
		return authorized_list_put(out, w->shown, "added", "added", text);
	case AUTHORIZED_REMOVE:
		if (w->terminal)
			return authorized_list_put(out, w->shown, "removed", "removed", text);
		buffer_put_slice(out, text);
		if (text.n > 0 && text.p[text.n - 1] != '\n')
			buffer_puts(out, "\n");
		return out->failed ? KEY_E_MEMORY : KEY_OK;
	case AUTHORIZED_ASK:
		return text.n > 0 ? authorized_openssh_find(text, w->fingerprint, out) : KEY_OK;
	default:
		return authorized_list_put(out, w->shown, NULL, NULL, text);
	}
}

/* A report from an earlier try goes. */
static int
ready(void *arg, struct slice lines)
{
	struct authorized_work *w = arg;

	if (w->out == NULL)
		return KEY_OK;
	buffer_truncate(w->out, 0);
	return tell(w, "added", lines);
}

static int
work(struct authorized_work *w, struct locked_file *f, struct buffer *text)
{
	const struct authorized_edit_ready report = { ready, w };

	switch (w->kind) {
	case AUTHORIZED_ADD:
		return authorized_edit_add(f, w->blob, w->options, w->lines, w->mode, text, report);
	case AUTHORIZED_APPEND:
		return authorized_edit_append(f, w->lines, w->mode, text, report);
	case AUTHORIZED_REMOVE:
		return authorized_edit_remove(f, w->hash, w->fingerprint, text, report);
	default:
		return locked_file_read(f, text);
	}
}

/* What is said of a symbolic link to the target: see authorized_work_do. The command is offered only for a
 * file of the account that runs it; to root, only if own_way, where its own home has led there: elsewhere
 * others may have made the link. */
static int
tell_link(const struct authorized_work *w, int own_way, const char *target, struct buffer *text)
{
	struct account owner = { 0 };
	int named = account_by_file(target, &owner);

	if (escape_needed(slice_str(target)))
		named = 0;
	if (w->out != NULL) {
		buffer_truncate(w->out, 0);
		buffer_puts(w->out, "link\t");
		buffer_puts(w->out, named == 1 ? owner.name : "-");
		buffer_puts(w->out, "\t");
		escape_put(w->out, slice_str(target));
		buffer_puts(w->out, "\n");
	}
	buffer_truncate(text, 0);
	escape_put(text, slice_str(target));
	if (named == 1 && owner.uid == geteuid() && (owner.uid != 0 || own_way)) {
		buffer_puts(text, ": the same with -f ");
		shell_quote_put(text, target);
		if (w->user != NULL) {
			buffer_puts(text, " -u ");
			buffer_puts(text, owner.name);
		}
	}
	account_free(&owner);
	return text->failed || (w->out != NULL && w->out->failed) ? KEY_E_MEMORY : KEY_E_LINK;
}

/* The path could not be opened, r and errno say why: there may be nothing at all, or no regular file, from which
 * sshd reads no key; or a symbolic link on the way, which is not followed here and is by sshd. */
static int
look_at_way(const struct authorized_work *w, const char *base, const char *path, int r, struct buffer *text)
{
	const int error = errno, takes = w->kind == AUTHORIZED_REMOVE || w->kind == AUTHORIZED_ASK;
	const int below = base != NULL && *path != '/';
	char *whole = below ? path_join(base, path) : strdup(path), *target = NULL;
	struct stat st;

	if (whole == NULL)
		return KEY_E_MEMORY;
	if (stat(whole, &st) == 0 ? takes && !S_ISREG(st.st_mode) :
	    r == KEY_E_SYSTEM && (errno == ENOENT || errno == ENOTDIR) && (takes || w->kind == AUTHORIZED_LIST))
		r = KEY_OK;
	else if (r == KEY_E_SYSTEM && (error == ELOOP || error == ENOTDIR) && (target = path_target(whole)) != NULL)
		r = tell_link(w, below, target, text);
	else
		errno = error;
	if (r == KEY_OK)
		buffer_truncate(text, 0);
	if (r == KEY_OK && w->out != NULL)
		buffer_truncate(w->out, 0);
	free(target);
	free(whole);
	return r;
}

int
authorized_work_do(struct authorized_work *w, const char *base, const char *path,
    struct buffer *text)
{
	const int makes = w->kind == AUTHORIZED_ADD || w->kind == AUTHORIZED_APPEND;
	struct locked_file f;
	int r;

	r = locked_file_open(&f, base, path, makes ? LOCKED_FILE_MAKE :
	    w->kind == AUTHORIZED_REMOVE ? LOCKED_FILE_CHANGE : LOCKED_FILE_READ);
	if (r == KEY_OK)
		r = work(w, &f, text);
	if (r == KEY_E_FOREIGN || (r == KEY_E_SYSTEM &&
	    (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENXIO)))
		r = look_at_way(w, base, path, r, text);
	locked_file_close(&f);
	/* what changes nothing is told afterwards */
	if (w->out != NULL && (r == 1 || (r == KEY_OK && !makes && w->kind != AUTHORIZED_REMOVE))) {
		const int told = tell(w, "present", buffer_slice(text));

		r = told != KEY_OK ? told : r;
	}
	return r;
}
