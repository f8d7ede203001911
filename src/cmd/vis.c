/* vis: a helper of the commands: makes text safe to show on a terminal, or prints JSON. */
#include "base/atomic_write.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/io.h"
#include "base/locked_file.h"
#include "base/row.h"
#include "cmd/die.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "vis";

static const char usage[] =
"usage: xferkey-vis [-h] [-o FILE] <TEXT\n"
"       xferkey-vis -r FILE OLD <NEW\n"
"       xferkey-vis -j NAME=TEXT|NAME#NUMBER ...\n"
"\n"
"Prints TEXT. Characters that could move the cursor, forge a line or reverse the\n"
"reading direction, and bytes that are not UTF-8, become \\ooo; tabs stay.\n"
"\n"
"  -o FILE  writes the text to FILE, which must not exist, whole or not at all;\n"
"           text that is not safe to show is refused\n"
"  -r FILE  replaces the bytes of FILE, which must be those of OLD, with NEW; no\n"
"           FILE is the same as an empty one, and is created with mode 0644\n"
"  -j       prints a JSON object; an empty TEXT and the NUMBER 0 become null\n";

/* Appends text, escaped except for its tabs and line feeds. */
static void
put(struct buffer *out, struct slice text)
{
	size_t n;

	while (text.n > 0) {
		for (n = 0; n < text.n && text.p[n] != '\n' && text.p[n] != '\t';)
			n++;
		escape_put(out, slice_of(text.p, n));
		if (n < text.n)
			buffer_put(out, text.p + n++, 1);
		text = slice_skip(text, n);
	}
	if (out->failed)
		die("out of memory");
}

/* Reads all of fd, the file name. */
static struct buffer
whole(int fd, const char *name)
{
	struct buffer text = BUFFER_INIT((size_t)16 << 20);
	int r = fd < 0 ? ERROR_SYSTEM : io_read_all(fd, 0, &text);

	if (r == ERROR_SYSTEM)
		die("%s:", name);
	if (r != ERROR_NONE)
		die("%s: more than 16 MiB, or out of memory", name);
	return text;
}

/* Writes standard input, which holds no secret, to path; its file system may have no modes. */
static void
keep(const char *path)
{
	struct buffer text = whole(STDIN_FILENO, "standard input"), shown = BUFFER_INIT(SIZE_MAX);
	struct buffer left = BUFFER_EMPTY;

	put(&shown, buffer_slice(&text));
	if (!slice_eq(buffer_slice(&text), buffer_slice(&shown)))
		die("standard input: not safe to show on a terminal; %s was not written", path);
	if (atomic_write_sweep(path, &left) != 0 && buffer_string(&left) != NULL)
		die_warn("%s: perhaps left by a killed run; cannot be removed:", (const char *)left.p);
	if (atomic_write_new(path, buffer_slice(&text), 0) != 0)
		die("%s:", path);
	buffer_free(&text);
	buffer_free(&shown);
	buffer_free(&left);
}

/* Replaces the contents of path, which must be those of the file old, with standard input. */
static void
replace(const char *path, const char *old)
{
	struct buffer was = whole(open(old, O_RDONLY | O_CLOEXEC), old), now = BUFFER_INIT(was.max);
	struct buffer new = whole(STDIN_FILENO, "standard input");
	struct locked_file file;
	int r = locked_file_open(&file, NULL, path, LOCKED_FILE_CHANGE);

	if (r == ERROR_NONE && (r = locked_file_lock(&file)) == ERROR_NONE &&
	    (r = locked_file_read(&file, &now)) == ERROR_NONE) {
		errno = ESTALE;
		r = !slice_eq(buffer_slice(&was), buffer_slice(&now)) ? ERROR_SYSTEM :
		    locked_file_replace(&file, buffer_slice(&new), 0644);
	}
	locked_file_close(&file);
	if (r == ERROR_SYSTEM && errno == ESTALE)
		die("%s: another program has changed it", path);
	if (r == ERROR_SYSTEM)
		die("%s:", path);
	if (r != ERROR_NONE)
		die("%s: %s", path, error_text(r));
	buffer_free(&was);
	buffer_free(&now);
	buffer_free(&new);
}

static void
object(char **member)
{
	struct buffer out = BUFFER_INIT(SIZE_MAX);
	struct row row = { &out, ROW_JSON, 0 };
	char *end, mark;

	if (*member == NULL)
		die("-j: a member is required");
	for (; *member != NULL; member++) {
		end = *member + strcspn(*member, "=#");
		mark = *end;
		if (mark == '\0')
			die("%s: neither NAME=TEXT nor NAME#NUMBER", *member);
		*end++ = '\0';
		if (mark == '=')
			row_put(&row, *member, slice_str(end));
		else
			row_put_number(&row, *member, strtoul(end, NULL, 10));
	}
	row_end(&row);
	if (out.failed)
		die_memory();
	fwrite(out.p, 1, out.n, stdout);
	die_output();
	exit(STATUS_YES);
}

int
main(int argc, char **argv)
{
	const char *path = NULL, *changed = NULL;
	struct buffer out = BUFFER_INIT(SIZE_MAX);
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int c;

	while ((c = getopt(argc, argv, ":ho:r:j")) != -1) {
		if (c == 'j')
			object(argv + optind);
		if (c == 'r')
			changed = optarg;
		else if (c == 'o')
			path = optarg;
		else
			die_option(c, argv, usage);
	}
	if (changed != NULL) {
		if (argv[optind] == NULL || argv[optind + 1] != NULL)
			die("-r: one file, OLD, is required");
		replace(changed, argv[optind]);
		exit(STATUS_YES);
	}
	if (argv[optind] != NULL)
		die("%s: unexpected: the text is read from standard input", argv[optind]);
	if (path != NULL) {
		keep(path);
		exit(STATUS_YES);
	}
	while ((n = getline(&line, &size, stdin)) > 0) {
		buffer_truncate(&out, 0);
		put(&out, slice_of(line, (size_t)n));
		fwrite(out.p, 1, out.n, stdout);
	}
	if (!feof(stdin))       /* without memory, getline(3) sets no flag */
		die("standard input:");
	die_output();
	exit(STATUS_YES);
}
