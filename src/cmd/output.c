#include "cmd/output.h"
#include "base/atomic_write.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/io.h"
#include "base/shell_quote.h"
#include "cmd/die.h"
#include "keyfile/fingerprint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A free name beside path to move it to; empty where none should
 * be proposed: no plain file, or a name that cannot be shown as it is. */
static void
free_name(const char *path, struct buffer *name)
{
	char number[16] = "";
	struct stat st;
	int i, r;

	escape_put(name, slice_str(path));
	r = !name->failed && slice_is(buffer_slice(name), path) && lstat(path, &st) == 0 &&
	    S_ISREG(st.st_mode) ? 0 : -1;
	for (i = 1; r == 0 && i < 100; i++) {
		buffer_truncate(name, strlen(path));
		buffer_puts(name, ".old");
		buffer_puts(name, number);
		if (buffer_string(name) == NULL || lstat((char *)name->p, &st) != 0)
			break;
		(void)snprintf(number, sizeof number, "%d", i);
	}
	if (r != 0 || name->failed || i == 100)
		buffer_free(name);
}

/* Nothing replaces a private key: the way to make room is said instead. */
static int
taken(const char *path)
{
	struct buffer name = BUFFER_EMPTY, command = BUFFER_EMPTY;
	int status;

	free_name(path, &name);
	buffer_puts(&command, "; to make room: mv ");
	shell_quote_put(&command, path);
	buffer_puts(&command, " ");
	if (name.n > 0)
		shell_quote_put(&command, (char *)name.p);
	status = die_warn("%s exists and is left alone%s", path,
	    name.n == 0 || buffer_string(&command) == NULL ? "" : (char *)command.p);
	buffer_free(&name);
	buffer_free(&command);
	return status;
}

void
output_repairs(struct key_input *in)
{
	unsigned char room[512];
	struct buffer words = BUFFER_IN(room);

	if (key_input_repairs(in, &words) && buffer_string(&words) != NULL)
		(void)die_warn("%s: forgiven: %s", in->name, (const char *)words.p);
}

int
output_passphrase(struct passphrase *pass, const char *subject)
{
	const int r = passphrase_read(pass, subject, 1);
	size_t i, n = 0;

	if (r != ERROR_NONE)
		return die_warn("%s: %s", passphrase_subject(pass, r, subject), error_text(r));
	for (i = 0; i < pass->text.n; i++)
		n += (pass->text.p[i] & 0xc0) != 0x80;  /* UTF-8 */
	if (n > 0 && n < 8)
		(void)die_warn("%s: warning: the new passphrase has fewer than 8 characters", subject);
	return STATUS_YES;
}

/* Ends the process where the directory of path cannot be written to. */
static void
check_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buffer name = BUFFER_EMPTY;

	buffer_put(&name, path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
	buffer_puts(&name, ".");
	if (buffer_string(&name) == NULL)
		die("%s", error_text(ERROR_MEMORY));
	if (access((const char *)name.p, W_OK | X_OK) != 0)
		die("%s:", path);
	buffer_free(&name);
}

/* Ends the process where others could read a private key on standard output. */
static void
check_stdout(void)
{
	struct stat st;

	if (isatty(STDOUT_FILENO))
		die("refused: a private key would be shown on the terminal; name a file or use a pipe");
	if (fstat(STDOUT_FILENO, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	if (st.st_uid != geteuid())
		die("refused: the file that the private key would go to belongs to another user; "
		    "name one by an option");
	if ((st.st_mode & 077) != 0)
		die("refused: others can read the file that the private key would go to: "
		    "chmod 600 it, or name the file by an option");
}

void
output_check(const char *path)
{
	struct stat st;

	if (path != NULL) {
		if (lstat(path, &st) == 0)
			exit(taken(path));
		check_directory(path);
	} else
		check_stdout();
}

void
output_check_pair(const char *path)
{
	struct buffer pub = BUFFER_EMPTY;

	output_check(path);
	if (path == NULL)
		return;
	buffer_puts(&pub, path);
	buffer_puts(&pub, ".pub");
	if (buffer_string(&pub) == NULL)
		die("%s", error_text(ERROR_MEMORY));
	output_check((const char *)pub.p);
	buffer_free(&pub);
}

static int
failed(const char *path)
{
	if (errno == ENOTSUP)
		return die_warn("%s: its directory keeps no mode 0600 (FAT, WSL's /mnt/c): others "
		    "could read a key there", path);
	return errno == EEXIST ? taken(path) : die_warn("%s:", path);
}

/* A killed run may have left a private key beside path. */
static void
sweep(const char *path)
{
	struct buffer left = BUFFER_EMPTY;

	if (atomic_write_sweep(path, &left) != 0 && buffer_string(&left) != NULL)
		(void)die_warn("%s: perhaps left by a run that was killed; not removed:", (const char *)left.p);
	buffer_free(&left);
}

int
output_private(const char *path, struct slice text)
{
	if (path != NULL) {
		sweep(path);
		return atomic_write_new(path, text, 0600) == 0 ? STATUS_YES : failed(path);
	}
	if (io_write_all(STDOUT_FILENO, text) != 0 || close(STDOUT_FILENO) != 0)
		return die_warn("standard output:");
	return STATUS_YES;
}

int
output_pair(const char *path, struct slice text, struct slice pub_text)
{
	struct buffer pub = BUFFER_EMPTY;
	const char *which;
	int status = STATUS_YES;

	sweep(path);
	buffer_puts(&pub, path);
	buffer_puts(&pub, ".pub");
	if (buffer_string(&pub) == NULL)
		status = die_warn("%s", error_text(ERROR_MEMORY));
	else if (atomic_write_pair(path, text, (const char *)pub.p, pub_text, &which) != 0)
		status = failed(which);
	buffer_free(&pub);
	return status;
}

int
output_flush(struct buffer *out, int last)
{
	if (out->failed)
		return die_warn("%s", error_text(ERROR_MEMORY));
	if (io_write_all(STDOUT_FILENO, buffer_slice(out)) != 0 || (last && close(STDOUT_FILENO) != 0))
		return errno == EPIPE ? STATUS_TROUBLE : die_warn("standard output:");
	buffer_truncate(out, 0);
	return STATUS_YES;
}

int
output_more(struct buffer *out)
{
	return out->n > 65536 ? output_flush(out, 0) : STATUS_YES;
}

int
output_line(const char *line)
{
	struct buffer text = BUFFER_EMPTY;
	int status;

	buffer_puts(&text, line);
	buffer_puts(&text, "\n");
	status = output_flush(&text, 1);
	buffer_free(&text);
	return status;
}

/* Whether what came with the key is said of it. */
static int
check_names(struct key_input *in, struct slice bytes, const char *account)
{
	struct slice names = buffer_slice(&in->names), name;
	struct buffer print = BUFFER_EMPTY;
	struct digest *d = digest_new("SHA256");
	struct key_blob blob;
	int r = d == NULL || key_blob_parse(bytes, &blob) != ERROR_NONE ||
	    fingerprint_text(&print, d, "SHA256", &blob) != 0 || buffer_string(&print) == NULL ?
	    die_warn("%s", error_text(ERROR_CRYPTO)) : STATUS_YES;

	while (r == STATUS_YES && names.n > 0) {
		name = slice_line(&names);
		if (slice_starts(name, "SHA256:") && !slice_is(name, (char *)print.p))
			r = die_warn("%s: its text has the fingerprint %.*s, and its key %s", in->name,
			    (int)name.n, (const char *)name.p, (char *)print.p);
		if (!slice_starts(name, "account ") || account == NULL)
			continue;
		name = slice_skip(name, strlen("account "));
		if (!slice_is(name, account))
			r = die_warn("%s: a message for the account %.*s, not for %s", in->name,
			    (int)name.n, (const char *)name.p, account);
	}
	digest_free(d);
	buffer_free(&print);
	return r;
}

int
output_received(struct key_input *in, const char *account)
{
	struct buffer blob = BUFFER_EMPTY, line = BUFFER_EMPTY;
	int r = key_input_public(in, &blob, &line), status;

	if (r == ERROR_NONE) {
		status = check_names(in, buffer_slice(&blob), account);
		if (status == STATUS_YES && (status = output_flush(&line, 0)) == STATUS_YES)
			output_repairs(in);
	} else if (r == ERROR_NOT_PUBLIC)
		status = die_warn("%s: a private key: only the public half, KEY.pub, is for others; "
		    "if sent, it is compromised: its owner must make another", in->name);
	else if (r == ERROR_SEVERAL)
		status = die_warn("%s: more than one public key", in->name);
	else if (r == ERROR_TOO_BIG)
		status = die_warn("%s: larger than 1 MiB", in->name);
	else
		status = die_warn("%s: %s", key_input_subject(in), error_text(r));
	buffer_free(&blob);
	buffer_free(&line);
	return status;
}
