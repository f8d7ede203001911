/* vis: a helper of the commands: makes text safe to show on a terminal, or prints JSON. */
#include "base/atomic_write.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/io.h"
#include "base/row.h"
#include "cmd/die.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "vis";

static const char usage[] =
"usage: xferkey-vis [-h] [-o FILE] <TEXT\n"
"       xferkey-vis -j NAME=TEXT|NAME#NUMBER ...\n"
"\n"
"Prints TEXT. Characters that could move the cursor, forge a line or reverse the\n"
"reading direction, and bytes that are not UTF-8, become \\ooo; tabs stay.\n"
"\n"
"  -o FILE  writes the text to FILE, which must not exist, whole or not at all;\n"
"           text that is not safe to show is refused\n"
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

/* Writes standard input, which holds no secret, to path; its file system may have no modes. */
static void
keep(const char *path)
{
	struct buffer text = BUFFER_INIT((size_t)16 << 20), shown = BUFFER_INIT(SIZE_MAX);
	struct buffer left = BUFFER_EMPTY;
	int r = io_read_all(STDIN_FILENO, 0, &text);

	if (r == ERROR_SYSTEM)
		die("standard input:");
	if (r != ERROR_NONE)
		die("standard input: more than 16 MiB, or out of memory");
	put(&shown, buffer_slice(&text));
	if (!slice_eq(buffer_slice(&text), buffer_slice(&shown)))
		die("standard input: not safe to show on a terminal; %s was not written", path);
	if (atomic_write_sweep(path, &left) != 0 && buffer_string(&left) != NULL)
		die_warn("%s: perhaps left by a killed run; cannot be removed:", (const char *)left.p);
	if (atomic_write_new(path, buffer_slice(&text), 0600) != 0 &&
	    (errno != ENOTSUP || atomic_write_new(path, buffer_slice(&text), 0777) != 0))
		die("%s:", path);
	buffer_free(&text);
	buffer_free(&shown);
	buffer_free(&left);
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
	const char *path = NULL;
	struct buffer out = BUFFER_INIT(SIZE_MAX);
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int c;

	while ((c = getopt(argc, argv, ":ho:j")) != -1) {
		if (c == 'j')
			object(argv + optind);
		if (c != 'o')
			die_option(c, argv, usage);
		path = optarg;
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
