/* vis: text from outside, made safe to show on a terminal. */
#include "die.h"
#include "escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "vis";

static const char usage[] =
"usage: xferkey vis [-h] <TEXT\n"
"\n"
"Prints its lines with every character that could move a cursor, forge a line\n"
"or turn the reading direction, and every byte that is not UTF-8, as \\ooo; tabs\n"
"stay.\n"
"\n"
"Status: 0 printed, 2 trouble.\n";

int
main(int argc, char **argv)
{
	struct buffer out = BUFFER_EMPTY;
	struct slice text;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int c;

	if ((c = getopt(argc, argv, ":h")) != -1)
		die_option(c, usage);
	if (argv[optind] != NULL)
		die("%s: the text comes on standard input", argv[optind]);
	while ((n = getline(&line, &size, stdin)) > 0) {
		int ended = line[n - 1] == '\n';

		for (text = slice_of(line, (size_t)(n - ended)); ; text = slice_skip(text, 1)) {
			size_t tab = slice_find(text, "\t");

			buffer_truncate(&out, 0);
			if (escape_put(&out, slice_of(text.p, tab)) != 0)
				die("out of memory");
			if (out.n > 0)
				fwrite(out.p, 1, out.n, stdout);
			text = slice_skip(text, tab);
			if (text.n == 0)
				break;
			putchar('\t');
		}
		if (ended)
			putchar('\n');
	}
	if (ferror(stdin))
		die("standard input:");
	if (ferror(stdout) || fflush(stdout) != 0)
		die("standard output:");
	exit(STATUS_YES);
}
