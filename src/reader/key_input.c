#include "reader/key_input.h"
#include "base/error.h"
#include "crypto/key_check.h"
#include "format/format.h"
#include "reader/key_received.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static char *const standard_input[] = { "-", NULL };

void
key_input_init(struct key_input *in, char *const *files, int reading)
{
	*in = (struct key_input){ .file = files[0] != NULL ? files : standard_input, .reading = reading,
	    .fd = -1, .subject = BUFFER_EMPTY, .names = BUFFER_INIT(4 * BUFFER_MAX) };
}

/* After secret_guard a process cannot open /proc/self/fd, where /dev/stdin and /dev/fd/N lead. */
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
	in->spoken = 0;
	in->line = in->last = 0;
	in->fd = open_input(path);
	if (in->fd < 0)
		return ERROR_SYSTEM;
	key_reader_init(&in->reader, in->fd, in->reading);
	in->reader.names = &in->names;
	return ERROR_NONE;
}

static void
close_file(struct key_input *in)
{
	int saved = errno;

	if (in->fd >= 0) {
		close(in->fd);
		key_reader_free(&in->reader);
	}
	in->fd = -1;
	errno = saved;
}

int
key_input_next(struct key_input *in, struct key_file *f)
{
	int r;

	for (;;) {
		f->format = NULL;
		if (in->fd < 0 && *in->file == NULL)
			return 0;
		if (in->fd < 0 && (r = next_file(in)) != ERROR_NONE)
			return r;
		r = key_reader_next(&in->reader, f);
		in->line = f->line;
		in->last = in->reader.last;
		in->spoken |= r != 0;
		if (r != 0)
			return r;
		close_file(in);
		in->line = in->last = 0;
		if (!in->spoken)
			return in->reader.attachment ? ERROR_ATTACHED : ERROR_EMPTY;
	}
}

const char *
key_input_subject(struct key_input *in)
{
	const int saved = errno, several = in->last > in->line;
	const char *text;

	buffer_truncate(&in->subject, 0);
	buffer_puts(&in->subject, in->name);
	if (several || in->line > 1) {
		buffer_puts(&in->subject, several ? ": lines " : ": line ");
		buffer_put_decimal(&in->subject, in->line);
	}
	if (several) {
		buffer_puts(&in->subject, " to ");
		buffer_put_decimal(&in->subject, in->last);
	}
	text = buffer_string(&in->subject);
	errno = saved;
	return text != NULL ? text : in->name;
}

int
key_input_repairs(struct key_input *in, struct buffer *words)
{
	const struct lenient_repairs repairs = in->reader.repairs;

	in->reader.repairs.what = 0;
	return repairs.what != 0 && lenient_put(words, &repairs) == 0;
}

int
key_input_only(struct key_input *in, struct key_file *f, struct buffer *copy)
{
	struct key_file second = KEY_FILE_EMPTY;
	int r = key_input_next(in, f);

	if (f->format != NULL && !(f->format->can & FORMAT_PRIVATE))
		return ERROR_NOT_PRIVATE;
	if (r <= 0 || (r = buffer_put_slice(copy, f->text)) != 0)
		return r;
	f->text = buffer_slice(copy);
	r = key_input_next(in, &second);
	r = r > 0 || second.format != NULL ? ERROR_SEVERAL : r;
	format_free(&second);
	return r;
}

/* 1 if no text of the input, not even comments or left-out text, has a public key other than the
 * key of this line. That key, or a piece of it, may occur again. */
static int
is_alone(struct slice names, struct slice line)
{
	struct slice name;

	line = slice_skip(line, slice_find(line, "AAAA"));
	while (names.n > 0) {
		name = slice_line(&names);
		if (slice_starts(name, "key ") &&
		    (name.n - 4 > line.n || memcmp(name.p + 4, line.p, name.n - 4) != 0))
			return 0;
	}
	return 1;
}

/* Appends the blob of f's key to bytes, its line without options to line, and these to options. */
static int
put_public(const struct key_file *f, struct buffer *bytes, struct buffer *line,
    struct buffer *options)
{
	int r;

	if (key_received_has_key(f->options) || key_received_has_key(f->comment))
		return ERROR_SEVERAL;
	if (f->type == NULL)
		return ERROR_TYPE;
	if (f->type->certified != NULL)
		return ERROR_CERTIFICATE;
	if ((r = key_check_public(&f->blob)) != ERROR_NONE)
		return r;
	if ((r = buffer_put_slice(bytes, f->blob.bytes)) != ERROR_NONE ||
	    (r = buffer_put_slice(options, f->options)) != ERROR_NONE)
		return r;
	return format_public(&format_openssh_public, f, line);
}

int
key_input_public(struct key_input *in, struct buffer *bytes, struct buffer *line,
    struct buffer *options)
{
	struct key_file f = KEY_FILE_EMPTY;
	const size_t from = line->n, first = bytes->n;
	int r = key_input_next(in, &f);

	if (f.format != NULL && (f.format->can & FORMAT_PRIVATE))
		r = ERROR_NOT_PUBLIC;
	if (r > 0 && (r = put_public(&f, bytes, line, options)) == ERROR_NONE) {
		do
			r = key_input_next(in, &f);
		while (r > 0 && in->reading == KEY_MAILED &&
		    slice_eq(f.blob.bytes, slice_skip(buffer_slice(bytes), first)));
		if (r > 0 || f.format != NULL ||
		    (r == 0 && !is_alone(buffer_slice(&in->names), slice_skip(buffer_slice(line), from))))
			r = ERROR_SEVERAL;
	}
	format_free(&f);
	return r;
}

void
key_input_free(struct key_input *in)
{
	close_file(in);
	buffer_free(&in->subject);
	buffer_free(&in->names);
}
