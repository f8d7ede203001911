#include "key_input.h"
#include "key_check.h"
#include "key_error.h"
#include "key_received.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *const standard_input[] = { "-", NULL };

void
key_input_init(struct key_input *in, char *const *files, int forgiving)
{
	*in = (struct key_input){ .file = files[0] != NULL ? files : standard_input,
	    .forgiving = forgiving, .fd = -1, .place = BUFFER_INIT(BUFFER_MAX), .names = BUFFER_INIT(4 * BUFFER_MAX) };
}

/* A process that guards itself cannot open its own /proc/self/fd, which is
 * where /dev/stdin and /dev/fd/N lead: they are duplicated instead. */
static int
open_input(const char *path)
{
	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdin") == 0)
		return dup(STDIN_FILENO);
	if (strncmp(path, "/dev/fd/", 8) == 0 && path[8] >= '0' && path[8] <= '9')
		return dup(atoi(path + 8));
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

static int
next_file(struct key_input *in)
{
	const char *path = *in->file++;

	in->name = strcmp(path, "-") == 0 ? "standard input" : path;
	in->texts = 0;
	in->line = in->last = 0;
	in->fd = open_input(path);
	if (in->fd < 0)
		return KEY_E_SYSTEM;
	key_reader_init(&in->reader, in->fd, in->forgiving);
	in->reader.names = &in->names;
	return KEY_OK;
}

static void
close_file(struct key_input *in)
{
	int saved = errno;

	if (in->fd >= 0) {
		close(in->fd);
		in->forgave = in->reader.forgave;
		key_reader_free(&in->reader);
	}
	in->fd = -1;
	errno = saved;
}

int
key_input_next(struct key_input *in, struct key_text *text)
{
	int r;

	for (;;) {
		if (in->fd < 0) {
			if (*in->file == NULL)
				return 0;
			if ((r = next_file(in)) != KEY_OK)
				return r;
		}
		r = key_reader_next(&in->reader, text);
		in->line = text->line;
		in->last = text->last;
		if (r > 0)
			in->texts++;
		if (r != 0)
			break;
		close_file(in);
		if (in->texts == 0) {
			in->line = in->last = 0;
			r = KEY_E_EMPTY;
			break;
		}
	}
	if (r < 0)
		in->texts = 1;  /* the one complaint is enough */
	return r;
}

const char *
key_input_place(struct key_input *in)
{
	const int saved = errno;
	char number[64];

	buffer_truncate(&in->place, 0);
	buffer_puts(&in->place, in->name);
	number[0] = '\0';
	if (in->last > in->line)
		(void)snprintf(number, sizeof number, ": lines %lu to %lu", in->line, in->last);
	else if (in->line > 1)
		(void)snprintf(number, sizeof number, ": line %lu", in->line);
	buffer_puts(&in->place, number);
	buffer_put(&in->place, "", 1);
	errno = saved;
	return in->place.failed ? in->name : (const char *)in->place.p;
}

int
key_input_forgave(struct key_input *in, struct buffer *words)
{
	struct key_forgiven *in_it = in->fd >= 0 ? &in->reader.forgave : &in->forgave;
	const struct key_forgiven forgiven = *in_it;

	in_it->what = 0;
	return forgiven.what != 0 && key_forgive_put(words, &forgiven) == 0;
}

int
key_input_only(struct key_input *in, struct envelope *e, struct buffer *copy)
{
	struct key_text text;
	int r;

	if ((r = key_input_next(in, &text)) <= 0)
		return r;
	if (!(text.format->can & KEY_PRIVATE))
		return KEY_E_NOT_PRIVATE;
	if (copy != NULL && buffer_put_slice(copy, text.text) != 0)
		return KEY_E_MEMORY;
	if ((r = key_reader_open(&text, e)) != KEY_OK)
		return r;
	r = key_input_next(in, &text);
	return r > 0 ? KEY_E_SEVERAL : r;
}

/* Whether the text has no public key beside this line's one: neither in what was left out of it nor
 * in its comments. Its own may be there again, or a piece of it. */
static int
is_alone(struct slice names, struct slice line)
{
	struct slice name;

	line = slice_skip(line, slice_find(line, "AAAA"));
	while (names.n > 0) {
		name = slice_line(&names);
		if (!slice_starts(name, "key "))
			continue;
		name = slice_skip(name, strlen("key "));
		if (name.n > line.n || memcmp(name.p, line.p, name.n) != 0)
			return 0;
	}
	return 1;
}

int
key_input_public(struct key_input *in, struct buffer *blob, struct buffer *line)
{
	struct envelope e = ENVELOPE_EMPTY;
	const struct key_view *view = &e.view;
	const size_t from = line->n;
	struct key_text text;
	int r;

	if ((r = key_input_next(in, &text)) <= 0)
		return r;
	if (text.format->can & KEY_PRIVATE)
		return KEY_E_NOT_PUBLIC;
	if ((r = key_reader_open(&text, &e)) != KEY_OK ||
	    (r = envelope_view(&e)) != KEY_OK)
		goto out;
	r = KEY_E_SEVERAL;
	if (key_received_has_key(e.options) || key_received_has_key(e.comment))
		goto out;
	r = view->type == NULL ? KEY_E_TYPE : KEY_E_CERTIFICATE;
	if (view->type == NULL || view->type->certified != NULL ||
	    (r = key_check_public(view)) != KEY_OK)
		goto out;
	buffer_put_slice(blob, e.pub);
	r = key_format_public(key_format_named("OPENSSH", KEY_PUBLIC), view, e.comment, line);
	if (r == KEY_OK && (r = key_input_next(in, &text)) == 0 &&
	    !is_alone(buffer_slice(&in->names), slice_skip(buffer_slice(line), from)))
		r = KEY_E_SEVERAL;
	r = r > 0 ? KEY_E_SEVERAL : r;
out:
	envelope_free(&e);
	return r;
}

void
key_input_free(struct key_input *in)
{
	close_file(in);
	buffer_free(&in->place);
	buffer_free(&in->names);
}
