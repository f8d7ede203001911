#include "authorized_edit.h"
#include "authorized_keys.h"
#include "fingerprint.h"
#include "key_error.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define TRIES 20        /* against programs that do not lock */

/* Whether to look once more: after the first look, which is without the lock so
 * that nothing is touched where nothing is to be done, and after changes by
 * programs that do not lock. */
static int
again(struct locked_file *f, int *r, int *tries)
{
	if ((*tries)++ == 0)
		return *r == KEY_E_UNLOCKED && (*r = locked_file_lock(f)) == KEY_OK;
	return *r == KEY_E_SYSTEM && errno == ESTALE && *tries < TRIES;
}

/* The line that lets the key in goes to now, if there is one: 1 then; its other lines go to had.
 * KEY_E_OPTIONS where options are asked for and a line has other ones: one
 * that is freer would make them void. KEY_E_UNCERTAIN, with the line in now, where none is known
 * to let it in, and one may: a line beside it could make its options void. */
static int
look(struct slice text, struct slice blob, struct slice options, struct buffer *now,
    struct buffer *had)
{
	struct buffer bytes = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	const time_t at = time(NULL);
	struct authorized_line line;
	struct slice unclear = { NULL, 0 };
	enum authorized_answer in;
	int r = KEY_OK, more;

	while ((more = authorized_keys_next(&text, &line, &bytes)) > 0) {
		if (!slice_eq(line.view.blob, blob))
			continue;
		in = authorized_keys_lets_in(&line, at);
		if (options.n > 0 && (line.odd || !slice_eq(options, line.fields.options)))
			r = KEY_E_OPTIONS;
		else if (r == KEY_OK && in == AUTHORIZED_YES) {
			r = 1;
			buffer_put_slice(now, line.all);
		} else
			buffer_put_slice(had, line.all);
		if (in == AUTHORIZED_UNKNOWN && unclear.n == 0)
			unclear = line.all;
	}
	if (r == KEY_OK && unclear.n > 0) {
		r = KEY_E_UNCERTAIN;
		buffer_put_slice(now, unclear);
	}
	buffer_free(&bytes);
	return more < 0 ? more : now->failed || had->failed ? KEY_E_MEMORY : r;
}

/* Puts lines behind those that text holds, and it in the place of the file. */
static int
append(struct locked_file *f, struct buffer *text, struct slice lines, mode_t mode)
{
	if (text->n > 0 && text->p[text->n - 1] != '\n')
		buffer_puts(text, "\n");
	buffer_put_slice(text, lines);
	return text->failed ? text->n + lines.n < text->max ? KEY_E_MEMORY : KEY_E_TOO_BIG :
	    locked_file_replace(f, buffer_slice(text), mode);
}

static int
add_once(struct locked_file *f, struct slice blob, struct slice options, struct slice line,
    mode_t mode, struct buffer *now, struct authorized_edit_ready ready)
{
	struct buffer text = BUFFER_INIT(AUTHORIZED_KEYS_MAX), had = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	int r;

	buffer_truncate(now, 0);
	if ((r = locked_file_read(f, &text)) != KEY_OK ||
	    (r = look(buffer_slice(&text), blob, options, now, &had)) != KEY_OK)
		goto out;
	/* A private key would not be mended by one more line. */
	r = KEY_E_NOT_PUBLIC;
	if (slice_find(buffer_slice(&text), "PRIVATE KEY-----") < text.n)
		goto out;
	r = KEY_E_MEMORY;
	if (buffer_put_slice(now, line) == 0 && buffer_put_slice(now, buffer_slice(&had)) == 0 &&
	    (r = ready.call(ready.arg, buffer_slice(now))) == KEY_OK)
		r = append(f, &text, line, mode);
out:
	buffer_free(&text);
	buffer_free(&had);
	return r;
}

int
authorized_edit_add(struct locked_file *f, struct slice blob, struct slice options,
    struct slice line, mode_t mode, struct buffer *now, struct authorized_edit_ready ready)
{
	int tries = 0, r;

	do
		r = add_once(f, blob, options, line, mode, now, ready);
	while (again(f, &r, &tries));
	return r;
}

static int
append_once(struct locked_file *f, struct slice lines, mode_t mode)
{
	struct buffer text = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	int r;

	if ((r = locked_file_read(f, &text)) == KEY_OK)
		r = append(f, &text, lines, mode);
	buffer_free(&text);
	return r;
}

int
authorized_edit_append(struct locked_file *f, struct slice lines, mode_t mode, struct buffer *now,
    struct authorized_edit_ready ready)
{
	int tries = 0, r;

	if (buffer_put_slice(now, lines) != 0)
		return KEY_E_MEMORY;
	if ((r = ready.call(ready.arg, lines)) != KEY_OK)
		return r;
	do
		r = append_once(f, lines, mode);
	while (again(f, &r, &tries));
	return r;
}

/* Copies text but for the lines of that key. */
static int
leave_out(struct slice text, struct digest *d, const char *fingerprint, struct buffer *rest,
    struct buffer *removed)
{
	struct buffer blob = BUFFER_INIT(AUTHORIZED_KEYS_MAX), shown = BUFFER_EMPTY;
	struct slice from = text;
	struct authorized_line line;
	int r = KEY_OK, more = 0;

	while (r == KEY_OK && (more = authorized_keys_next(&text, &line, &blob)) > 0) {
		buffer_truncate(&shown, 0);
		if (fingerprint_text(&shown, d, fingerprint_named(fingerprint), &line.view) != 0)
			r = shown.failed ? KEY_E_MEMORY : KEY_E_CRYPTO;
		if (!slice_is(buffer_slice(&shown), fingerprint))
			continue;
		buffer_put(rest, from.p, (size_t)(line.all.p - from.p));
		buffer_put_slice(removed, line.all);
		from = text;
	}
	buffer_put_slice(rest, from);
	buffer_free(&blob);
	buffer_free(&shown);
	return r != KEY_OK ? r : more < 0 ? more : rest->failed || removed->failed ? KEY_E_MEMORY : KEY_OK;
}

static int
remove_once(struct locked_file *f, struct digest *d, const char *fingerprint,
    struct buffer *removed, struct authorized_edit_ready ready)
{
	struct buffer text = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct buffer rest = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	int r;

	buffer_truncate(removed, 0);
	if ((r = locked_file_read(f, &text)) == KEY_OK)
		r = leave_out(buffer_slice(&text), d, fingerprint, &rest, removed);
	if (r == KEY_OK && removed->n > 0 &&
	    (r = ready.call(ready.arg, buffer_slice(removed))) == KEY_OK)
		r = locked_file_replace(f, buffer_slice(&rest), 0600);
	buffer_free(&text);
	buffer_free(&rest);
	return r;
}

int
authorized_edit_remove(struct locked_file *f, struct digest *d, const char *fingerprint,
    struct buffer *removed, struct authorized_edit_ready ready)
{
	int tries = 0, r;

	do
		r = remove_once(f, d, fingerprint, removed, ready);
	while (again(f, &r, &tries));
	return r;
}
