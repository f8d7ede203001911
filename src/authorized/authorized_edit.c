#include "authorized/authorized_edit.h"
#include "authorized/authorized_exact.h"
#include "authorized/authorized_find.h"
#include "authorized/authorized_openssh.h"
#include "authorized/authorized_replace.h"
#include "authorized/authorized_rows.h"
#include "base/account.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/io.h"
#include "base/locked_file.h"
#include "base/path.h"
#include "base/shell_quote.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define TRIES 20        /* while programs that do not lock change the file */

/* Returns 0 if each line of text has a key, ERROR_NOT_KEY or ERROR_MEMORY. */
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
	return more < 0 ? more : from.n == 0 ? ERROR_NONE : ERROR_NOT_KEY;
}

int
authorized_edit_lines(int fd, struct buffer *lines)
{
	int r = io_read_all(fd, 65535, lines);

	if (r != ERROR_NONE)
		return r;
	if (lines->n == 0)
		return ERROR_EMPTY;
	if (lines->p[lines->n - 1] != '\n')
		buffer_puts(lines, "\n");
	return lines->failed ? lines->failed : only_keys(buffer_slice(lines));
}

/* Sets out to the report on lines, without the report of an earlier try. The first key's row begins
 * with word. */
static int
report(const struct authorized_edit *e, const char *word, struct slice lines)
{
	struct buffer *out = e->out;

	if (out == NULL || e->kind > AUTHORIZED_ASK)    /* the others report what they do */
		return ERROR_NONE;
	buffer_truncate(out, 0);
	if (e->kind == AUTHORIZED_ASK)
		return lines.n > 0 ? authorized_openssh_find(lines, e->fingerprint, out) : ERROR_NONE;
	if (e->kind == AUTHORIZED_REMOVE && !e->terminal) {
		buffer_put_slice(out, lines);
		if (lines.n > 0 && lines.p[lines.n - 1] != '\n')
			buffer_puts(out, "\n");
		return out->failed;
	}
	if (e->kind == AUTHORIZED_LIST)
		word = e->whole ? "" : NULL;
	return authorized_rows_put(out, word, e->kind == AUTHORIZED_ADD ? "beside" : word, lines);
}

/* Sorts the lines with the key. The third argument gets the first line that lets the key in; the
 * fourth gets the others. Returns 1 if a line lets the key in; ERROR_OPTIONS if a line has other
 * options than the requested ones: they would not restrict the key; ERROR_UNCERTAIN if it is only known
 * that a line, which the third argument gets, may let the key in. */
static int
find_key(const struct authorized_edit *e, struct slice text, struct buffer *now, struct buffer *had)
{
	struct buffer bytes = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	const time_t at = time(NULL);
	const int strict = e->options.n > 0 || e->kind == AUTHORIZED_REPLACE;
	struct authorized_line line;
	struct slice unclear = { NULL, 0 };
	enum authorized_answer in;
	int r = ERROR_NONE, more;

	while ((more = authorized_keys_next(&text, &line, &bytes)) > 0) {
		if (!slice_eq(line.blob.bytes, e->blob))
			continue;
		in = authorized_keys_lets_in(&line, at);
		if (strict && (line.odd || !slice_eq(e->options, line.fields.options)))
			r = ERROR_OPTIONS;
		else if (r == ERROR_NONE && in == AUTHORIZED_YES) {
			r = 1;
			buffer_put_slice(now, line.all);
		} else
			buffer_put_slice(had, line.all);
		if (in == AUTHORIZED_UNKNOWN && unclear.n == 0)
			unclear = line.all;
	}
	if (r == ERROR_NONE && unclear.n > 0) {
		r = ERROR_UNCERTAIN;
		buffer_put_slice(now, unclear);
	}
	buffer_free(&bytes);
	return more < 0 ? more : now->failed || had->failed ? ERROR_MEMORY : r;
}

/* Each of append, add and leave_out sets text to the new contents of the file, and its last
 * argument to the lines to report. Returns 0, 1 if no change is needed, or an error. */
static int
append(const struct authorized_edit *e, struct buffer *text, struct buffer *now)
{
	if (text->n > 0 && text->p[text->n - 1] != '\n')
		buffer_puts(text, "\n");
	buffer_put_slice(text, e->lines);
	buffer_put_slice(now, e->lines);
	return text->failed ? text->failed : now->failed;
}

static int
add(const struct authorized_edit *e, struct buffer *text, struct buffer *now)
{
	struct buffer had = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	int r = find_key(e, buffer_slice(text), now, &had);

	/* One more line does not repair a file that holds a private key. */
	if (r == ERROR_NONE && slice_find(buffer_slice(text), "PRIVATE KEY-----") < text->n)
		r = ERROR_NOT_PUBLIC;
	if (r == ERROR_NONE && (r = append(e, text, now)) == ERROR_NONE &&
	    buffer_put_slice(now, buffer_slice(&had)) != 0)
		r = ERROR_MEMORY;
	buffer_free(&had);
	return r;
}

static int
leave_out(const struct authorized_edit *e, struct buffer *text, struct buffer *removed)
{
	struct buffer rest = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct slice from = buffer_slice(text);
	struct authorized_find find;
	struct authorized_line line;
	int r = authorized_find_init(&find, from, e->fingerprint), more = 0;

	while (r == ERROR_NONE && (more = authorized_find_next(&find, &line)) > 0) {
		buffer_put(&rest, from.p, (size_t)(line.all.p - from.p));
		buffer_put_slice(removed, line.all);
		from = find.rest;
	}
	buffer_put_slice(&rest, from);
	if (r == ERROR_NONE && more == 0)
		more = *e->authority = authorized_keys_has_authority(buffer_slice(&rest));
	if (r == ERROR_NONE)
		r = more < 0 ? more : rest.failed || removed->failed ? ERROR_MEMORY : removed->n == 0;
	buffer_move(text, &rest);
	authorized_find_free(&find);
	return r;
}

/* Adds the new key, with the options of the old one unless e has options. Returns 0, 1 if a line lets
 * it in already, or an error. */
static int
add_successor(const struct authorized_edit *e, struct buffer *text, const struct authorized_replace *old,
    struct buffer *now)
{
	struct buffer line = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct authorized_edit successor = *e;
	int r;

	if (e->options.n == 0)
		successor.options = buffer_slice(&old->options);
	buffer_put_slice(&line, successor.options);
	buffer_puts(&line, successor.options.n > 0 ? " " : "");
	buffer_put_slice(&line, e->lines);
	successor.lines = buffer_slice(&line);
	r = line.failed ? line.failed : add(&successor, text, now);
	buffer_free(&line);
	return r;
}

/* Nothing is reported, or changed, before ssh-keygen has found the new key in the new text: the old key
 * must not expire without a successor. */
static int
succeed(const struct authorized_edit *e, struct buffer *text, struct authorized_replace *old, int same,
    struct buffer *now)
{
	int r = e->options.n == 0 && old->differ ? ERROR_TWO_OPTIONS : add_successor(e, text, old, now), told;

	if (r == ERROR_NONE && !old->lasts)
		r = ERROR_EXPIRED;
	if (r == ERROR_EXPIRED && buffer_put_slice(&old->fault, buffer_slice(&old->was)) != 0)
		r = ERROR_MEMORY;
	if (e->out != NULL && r >= ERROR_NONE && (told = authorized_rows_put(e->out,
	    r == 1 ? "present" : "added", "beside", buffer_slice(now))) != ERROR_NONE)
		r = told;
	same &= r == 1;
	return r < ERROR_NONE || same ? r : authorized_replace_confirm(e, buffer_slice(text));
}

static int
replace(const struct authorized_edit *e, struct buffer *text, struct buffer *now)
{
	struct authorized_replace old;
	int r, told = ERROR_NONE;

	authorized_replace_init(&old);
	if (e->out != NULL)
		buffer_truncate(e->out, 0);
	r = authorized_replace_expire(e, text, &old);
	if (r >= ERROR_NONE && old.was.n > 0) {
		if (e->kind == AUTHORIZED_REPLACE)
			r = succeed(e, text, &old, r, now);
		else
			buffer_put_slice(now, buffer_slice(&old.now));
		if (r >= ERROR_NONE && e->out != NULL)
			told = authorized_rows_superseded(e->out, buffer_slice(&old.was), buffer_slice(&old.now));
	}
	if (r < ERROR_NONE && r != ERROR_OPTIONS) {
		buffer_truncate(now, 0);
		buffer_put_slice(now, buffer_slice(&old.fault));
	}
	authorized_replace_free(&old);
	return r < ERROR_NONE ? r : told != ERROR_NONE ? told : now->failed ? now->failed : r;
}

/* Returns 0, 1 if no change is needed, or an error. */
static int
change_text(const struct authorized_edit *e, struct buffer *text, struct buffer *now)
{
	switch (e->kind) {
	case AUTHORIZED_ADD: return add(e, text, now);
	case AUTHORIZED_APPEND: return append(e, text, now);
	case AUTHORIZED_REMOVE: return leave_out(e, text, now);
	case AUTHORIZED_EXACT: return authorized_exact(e, text);
	default: return replace(e, text, now);
	}
}

static int
change_once(const struct authorized_edit *e, struct locked_file *f, struct buffer *now)
{
	struct buffer text = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	int r;

	buffer_truncate(now, 0);
	if ((r = locked_file_read(f, &text)) == ERROR_NONE)
		r = change_text(e, &text, now);
	if (r == ERROR_NONE && (r = report(e, e->kind == AUTHORIZED_REMOVE ? "removed" : "added",
	    buffer_slice(now))) == ERROR_NONE)
		r = locked_file_replace(f, buffer_slice(&text), e->mode);
	buffer_free(&text);
	return r;
}

/* The first try is without the lock, so that nothing is touched if no change is needed. Later tries
 * are with it, until no program without locks has changed the file meanwhile. */
static int
change(const struct authorized_edit *e, struct locked_file *f, struct buffer *now)
{
	int tries = 1, r = change_once(e, f, now);

	if (r == ERROR_UNLOCKED && (r = locked_file_lock(f)) == ERROR_NONE)
		do
			r = change_once(e, f, now);
		while (r == ERROR_SYSTEM && errno == ESTALE && ++tries < TRIES);
	return r;
}

/* Appends the options of authkeys for the file path and, if user is not NULL, this account. */
static void
put_options(struct buffer *text, const char *path, const char *user)
{
	buffer_puts(text, " -f ");
	shell_quote_put(text, path);
	if (user != NULL) {
		buffer_puts(text, " -u ");
		shell_quote_word(text, slice_str(user));
	}
}

/* Tells the user the target of a symbolic link. Offers the command only to the owner of the target;
 * to root only if own_way is 1 (the path begins at root's home): elsewhere others may have made the
 * link. */
static int
tell_link(const struct authorized_edit *e, int own_way, const char *target, struct buffer *text)
{
	struct account owner = { 0 };
	int named = account_by_file(target, &owner);

	if (escape_needed(slice_str(target)))
		named = 0;
	if (e->out != NULL) {
		buffer_truncate(e->out, 0);
		buffer_printf(e->out, "link\t%s\t", named == 1 ? owner.name : "-");
		escape_put(e->out, slice_str(target));
		buffer_puts(e->out, "\n");
	}
	buffer_truncate(text, 0);
	escape_put(text, slice_str(target));
	if (named == 1 && owner.uid == geteuid() && (owner.uid != 0 || own_way)) {
		buffer_puts(text, ": the same with");
		put_options(text, target, e->user != NULL ? owner.name : NULL);
	}
	account_free(&owner);
	return text->failed || (e->out != NULL && e->out->failed) ? ERROR_MEMORY : ERROR_LINK;
}

/* The path that is opened, allocated; NULL without memory. */
static char *
whole_path(const char *base, const char *path)
{
	return base != NULL && *path != '/' ? path_join(base, path) : strdup(path);
}

/* The command that removes the key to add, whatever its options. Returns ERROR_OPTIONS, or why
 * there is none. */
static int
tell_removal(const struct authorized_edit *e, const char *base, const char *path, struct buffer *text)
{
	struct digest *d = digest_new("SHA256");
	char *whole = whole_path(base, path);
	struct key_blob blob;
	int r = d == NULL ? ERROR_CRYPTO : whole == NULL ? ERROR_MEMORY : key_blob_parse(e->blob, &blob);

	buffer_truncate(text, 0);
	buffer_puts(text, "xferkey authkeys -d ");
	if (r == ERROR_NONE && (r = fingerprint_text(text, d, "SHA256", &blob)) == ERROR_NONE)
		put_options(text, whole, e->user);
	digest_free(d);
	free(whole);
	return r != ERROR_NONE ? r : text->failed ? text->failed : ERROR_OPTIONS;
}

/* After the error r (and errno) for path. Returns ERROR_NONE if the file counts as empty: it is
 * missing, or not regular, so that sshd reads no key from it; ERROR_LINK if a symbolic link, which
 * sshd follows, is on the path; else r. */
static int
look_at_way(const struct authorized_edit *e, const char *base, const char *path, int r,
    struct buffer *text)
{
	const int error = errno, takes = e->fingerprint != NULL;
	const int below = base != NULL && *path != '/';
	char *whole = whole_path(base, path), *target = NULL;
	struct stat st;

	if (whole == NULL)
		return ERROR_MEMORY;
	if (stat(whole, &st) == 0 ? takes && !S_ISREG(st.st_mode) :
	    r == ERROR_SYSTEM && (errno == ENOENT || errno == ENOTDIR) &&
	    (takes || e->kind == AUTHORIZED_LIST))
		r = ERROR_NONE;
	else if (r == ERROR_SYSTEM && (error == ELOOP || error == ENOTDIR) &&
	    (target = path_target(whole)) != NULL)
		r = tell_link(e, below, target, text);
	else
		errno = error;
	if (r == ERROR_NONE)
		buffer_truncate(text, 0);
	if (r == ERROR_NONE && e->out != NULL)
		buffer_truncate(e->out, 0);
	free(target);
	free(whole);
	return r;
}

/* Whether text now is the reason for the error r. */
static int
has_reason(int r)
{
	return r == ERROR_UNCERTAIN || r == ERROR_LINK || r == ERROR_OPTIONS || r == ERROR_TWO_OPTIONS ||
	    r == ERROR_UNKNOWN_OPTIONS || r == ERROR_AUTHORITY || r == ERROR_PRINCIPALS || r == ERROR_EXPIRED;
}

int
authorized_edit_do(const struct authorized_edit *e, const char *base, const char *path,
    struct buffer *text)
{
	const int changes = e->kind != AUTHORIZED_LIST && e->kind != AUTHORIZED_ASK;
	const int makes = changes && e->fingerprint == NULL;
	struct locked_file f;
	int r, told;

	r = locked_file_open(&f, base, path, makes ? LOCKED_FILE_MAKE :
	    changes ? LOCKED_FILE_CHANGE : LOCKED_FILE_READ);
	if (r == ERROR_NONE)
		r = changes ? change(e, &f, text) : locked_file_read(&f, text);
	if (r == ERROR_FOREIGN || (r == ERROR_SYSTEM &&
	    (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENXIO)))
		r = look_at_way(e, base, path, r, text);
	else if (r == ERROR_OPTIONS)
		r = tell_removal(e, base, path, text);
	locked_file_close(&f);
	/* if nothing was changed, there is no report yet */
	if ((r == 1 || (r == ERROR_NONE && !changes)) &&
	    (told = report(e, "present", buffer_slice(text))) != ERROR_NONE)
		r = told;
	if (r < ERROR_NONE && !has_reason(r))
		buffer_truncate(text, 0);
	return r;
}
