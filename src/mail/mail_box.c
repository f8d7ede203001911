#include "mail/mail_box.h"
#include "base/error.h"
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)4096)

static void
give(const struct mail_box *box, const struct buffer *message)
{
	box->message(box->to, buffer_slice(message), message->failed);
}

/* Reads a line, or its next PIECE bytes if it is longer. Returns the number of bytes, 0 at the end. */
static size_t
read_piece(FILE *in, char piece[PIECE])
{
	size_t n = 0;
	int c;

	while (n < PIECE && (c = getc(in)) != EOF) {
		piece[n++] = (char)c;
		if (c == '\n')
			break;
	}
	return n;
}

static void
read_stream(const struct mail_box *box, FILE *in, const char *name)
{
	struct buffer message = BUFFER_INIT(box->most);
	int mbox = 0, begins = 1;
	char piece[PIECE];
	size_t n;

	for (; (n = read_piece(in, piece)) > 0; begins = piece[n - 1] == '\n') {
		if (begins && slice_starts(slice_of(piece, n), "From ") && (mbox || message.n == 0)) {
			if (mbox)
				give(box, &message);
			buffer_free(&message);
			mbox = 1;
		} else {
			buffer_put(&message, piece, n);
		}
	}
	if (ferror(in))
		box->failed(box->to, name);
	else if (mbox || message.n > 0 || message.failed)
		give(box, &message);
	buffer_free(&message);
}

static void
read_fd(const struct mail_box *box, int fd, const char *name)
{
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");

	if (in == NULL) {
		box->failed(box->to, name);
		io_close(fd);
		return;
	}
	read_stream(box, in, name);
	fclose(in);
}

static int
is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Reads the regular files of the open directory fd. */
static void
read_directory(const struct mail_box *box, int fd, const char *path)
{
	struct dirent **list;
	struct stat st;
	int i, file, n = scandir(path, &list, is_shown, alphasort);

	if (n < 0) {
		box->failed(box->to, path);
		return;
	}
	for (i = 0; i < n; i++) {
		file = openat(fd, list[i]->d_name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
		if (file >= 0 && fstat(file, &st) == 0 && S_ISREG(st.st_mode))
			read_fd(box, file, path);
		else if (file >= 0)
			close(file);
		else if (errno != ELOOP)
			box->failed(box->to, path);
		free(list[i]);
	}
	free(list);
}

static void
read_maildir(const struct mail_box *box, const char *name)
{
	static const char *const both[] = { "new", "cur" };
	struct buffer path = BUFFER_EMPTY;
	int side, fd;

	for (side = 0; side < 2; side++) {
		buffer_truncate(&path, 0);
		buffer_puts(&path, name);
		buffer_puts(&path, "/");
		buffer_puts(&path, both[side]);
		if (buffer_string(&path) == NULL) {
			errno = ENOMEM;
			box->failed(box->to, name);
			break;
		}
		fd = open((char *)path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			read_directory(box, fd, (char *)path.p);
		else
			box->failed(box->to, (char *)path.p);
		io_close(fd);
	}
	buffer_free(&path);
}

void
mail_box_read(const struct mail_box *box, const char *name)
{
	struct stat st;

	if (strcmp(name, "-") == 0)
		read_fd(box, dup(STDIN_FILENO), "standard input");
	else if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
		read_maildir(box, name);
	else
		read_fd(box, open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY), name);
}
