#include "cmd/output.h"
#include "base/atomic_write.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/io.h"
#include "base/shell_quote.h"
#include "cmd/die.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Sets name to an unused name for the file path, or to nothing if no move should be proposed. */
static void
free_name(const char *path, struct buffer *name)
{
	struct stat st;
	unsigned i;

	if (escape_needed(slice_str(path)) || lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	for (i = 0; i < 100; i++) {
		buffer_truncate(name, 0);
		buffer_printf(name, i == 0 ? "%s.old" : "%s.old%u", path, i);
		if (buffer_string(name) == NULL || lstat((char *)name->p, &st) != 0)
			break;
	}
	if (name->failed || i == 100)
		buffer_free(name);
}

/* Appends the command that moves path away, if there is one. */
static void
put_move(const char *path, struct buffer *command)
{
	struct buffer name = BUFFER_EMPTY;

	free_name(path, &name);
	if (name.n > 0) {
		buffer_puts(command, command->n > 0 ? " && mv " : "; to make room: mv ");
		shell_quote_put(command, path);
		buffer_puts(command, " ");
		shell_quote_put(command, (char *)name.p);
	}
	buffer_free(&name);
}

/* A private key is never replaced: prints how to make room for it and, unless pub is NULL, for its
 * public half. */
static int
taken(const char *path, const char *pub)
{
	struct buffer command = BUFFER_EMPTY;
	int status;

	put_move(path, &command);
	if (pub != NULL && command.n > 0)
		put_move(pub, &command);
	status = die_warn("%s exists and is left alone%s", path,
	    buffer_string(&command) == NULL ? "" : (char *)command.p);
	buffer_free(&command);
	return status;
}

int
output_error(const struct passphrase *pass, const char *subject, int r)
{
	if (pass != NULL)
		subject = passphrase_subject(pass, r, subject);
	return die_warn("%s: %s", subject, error_text(r));
}

void
output_repairs(struct key_input *in)
{
	unsigned char room[512];
	struct buffer words = BUFFER_IN(room);

	if (key_input_repairs(in, &words) && buffer_string(&words) != NULL)
		die_warn("%s: repaired: %s", in->name, (const char *)words.p);
}

void
output_dropped(const char *subject, struct buffer *options)
{
	if (options->n > 0 && buffer_string(options) != NULL)
		die_warn("%s: the options in it are dropped: %s", subject, (const char *)options->p);
}

int
output_keys(char *const *files, int reading, struct buffer *out, output_put *put, void *job)
{
	struct key_file f = KEY_FILE_EMPTY;
	struct key_input in;
	int r, one, status = STATUS_YES, lost = 0;

	key_input_init(&in, files, reading);
	while (!lost && (r = key_input_next(&in, &f)) != 0) {
		one = put(job, &f, r, &in);
		if (one != STATUS_TROUBLE)
			output_repairs(&in);
		if (one > status)
			status = one;
		lost = out != NULL && (out->failed || out->n > 65536) &&
		    ((out->failed && one == STATUS_TROUBLE) || output_flush(out, 0) != STATUS_YES);
	}
	if (lost || (out != NULL && output_flush(out, 1) != STATUS_YES))
		status = STATUS_TROUBLE;
	key_input_free(&in);
	format_free(&f);
	return status;
}

int
output_passphrase(struct passphrase *pass, const char *subject)
{
	const int r = passphrase_read(pass, subject, 1);
	size_t i, n = 0;

	if (r != ERROR_NONE)
		return output_error(pass, subject, r);
	for (i = 0; i < pass->text.n; i++)
		n += (pass->text.p[i] & 0xc0) != 0x80;  /* UTF-8 */
	if (n > 0 && n < 8)
		die_warn("%s: warning: the new passphrase has fewer than 8 characters", subject);
	return STATUS_YES;
}

static void
check_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buffer name = BUFFER_EMPTY;

	buffer_put(&name, path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
	buffer_puts(&name, ".");
	if (buffer_string(&name) == NULL)
		die_memory();
	if (access((const char *)name.p, W_OK | X_OK) != 0)
		die("%s:", path);
	buffer_free(&name);
}

static void
check_stdout(void)
{
	struct stat st;

	if (isatty(STDOUT_FILENO))
		die("refused: a private key would be shown on the terminal; name a file or use a pipe");
	if (fstat(STDOUT_FILENO, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	if (st.st_uid != geteuid())
		die("refused: standard output is a file of another user, who could read the "
		    "private key; name a file with an option");
	if ((st.st_mode & 077) != 0)
		die("refused: standard output is a file that others can read: chmod 600 that "
		    "file, or name a file with an option");
}

static const char *
pub_name(struct buffer *pub, const char *path)
{
	buffer_printf(pub, "%s.pub", path);
	return buffer_string(pub);
}

void
output_check(const char *path, int pub)
{
	struct buffer name = BUFFER_EMPTY;
	const char *other = NULL;
	struct stat st;

	if (path == NULL) {
		check_stdout();
		return;
	}
	if (pub && (other = pub_name(&name, path)) == NULL)
		die_memory();
	if (lstat(path, &st) == 0)
		exit(taken(path, other));
	check_directory(path);
	if (other != NULL && lstat(other, &st) == 0)
		exit(taken(other, NULL));
	buffer_free(&name);
}

static int
failed(const char *path)
{
	if (errno == ENOTSUP)
		return die_warn("%s: its directory keeps no mode 0600 (FAT, WSL's /mnt/c): others "
		    "could read a key there", path);
	return errno == EEXIST ? taken(path, NULL) : die_warn("%s:", path);
}

static void
sweep(const char *path)
{
	struct buffer left = BUFFER_EMPTY;

	if (atomic_write_sweep(path, &left) != 0 && buffer_string(&left) != NULL)
		die_warn("%s: perhaps left by a killed run; cannot be removed:", (const char *)left.p);
	buffer_free(&left);
}

int
output_key(const char *path, struct slice text, struct slice pub_text)
{
	struct buffer pub = BUFFER_EMPTY;
	const char *which = path;
	int status = STATUS_YES;

	if (path == NULL) {
		if (io_write_all(STDOUT_FILENO, text) != 0 || close(STDOUT_FILENO) != 0)
			status = die_warn("standard output:");
		return status;
	}
	sweep(path);
	if (pub_name(&pub, path) == NULL)
		status = die_warn("%s", error_text(ERROR_MEMORY));
	else if ((pub_text.n == 0 ? atomic_write_new(path, text, 0600) :
	    atomic_write_pair(path, text, (const char *)pub.p, pub_text, &which)) != 0)
		status = failed(which);
	buffer_free(&pub);
	return status;
}

int
output_flush(struct buffer *out, int last)
{
	if (out->failed)
		return die_warn("%s", error_text(out->failed));
	if (io_write_all(STDOUT_FILENO, buffer_slice(out)) != 0 || (last && close(STDOUT_FILENO) != 0))
		return errno == EPIPE ? STATUS_TROUBLE : die_warn("standard output:");
	buffer_truncate(out, 0);
	return STATUS_YES;
}
