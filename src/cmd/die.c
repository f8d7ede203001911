#include "cmd/die.h"
#include "base/escape.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#ifdef XFERKEY_STATIC
#define VARIANT " (static)"
#else
#define VARIANT ""
#endif

const char *
die_typed(void)
{
	const char *typed = getenv("XFERKEY_TOOL");

	return typed != NULL && strlen(typed) < 32 ? typed : die_tool;
}

static void
speak(const char *format, va_list ap)
{
	char text[2048];
	unsigned char room[4 * sizeof text + 512];      /* "out of memory" must not allocate */
	struct buffer line = BUFFER_IN(room);
	const int error = errno;
	size_t n;

	if (vsnprintf(text, sizeof text, format, ap) < 0)
		text[0] = '\0';
	n = strlen(format);
	buffer_puts(&line, "xferkey-");
	escape_put(&line, slice_str(die_typed()));
	buffer_puts(&line, ": ");
	escape_put(&line, slice_str(text));
	if (n > 0 && format[n - 1] == ':') {
		buffer_puts(&line, " ");
		buffer_puts(&line, strerror(error));
	}
	buffer_puts(&line, "\n");
	if (write(STDERR_FILENO, line.p, line.n) < 0) {
		/* The message is lost; the exit status still tells of the error. */
	}
}

int
die_warn(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	speak(format, ap);
	va_end(ap);
	return STATUS_TROUBLE;
}

void
die_output(void)
{
	if (!ferror(stdout) && fflush(stdout) == 0)
		return;
	if (errno != EPIPE)
		die_warn("standard output:");
	exit(STATUS_TROUBLE);
}

void
die_memory(void)
{
	die_warn("out of memory");
	_exit(STATUS_TROUBLE);
}

/* -letter or the long option name, which getopt(3) takes for the letter '-': argv[optind] is still
 * that word. */
static int
is_option(int c, int letter, const char *word, const char *name)
{
	return c == letter || (c == '?' && (optopt == letter ||
	    (optopt == '-' && word != NULL && strcmp(word, name) == 0)));
}

void
die_option(int c, char *const *argv, const char *usage)
{
	const char *text = NULL;

	if (is_option(c, 'h', argv[optind], "--help"))
		text = usage;
	else if (is_option(c, 'V', argv[optind], "--version"))
		text = "xferkey " TEXT(XFERKEY_VERSION) VARIANT "\n";
	if (text != NULL) {
		fputs(text, stdout);
		die_output();
		exit(STATUS_YES);
	}
	if (c == ':')
		die("-%c requires a value (xferkey %s -h)", optopt, die_typed());
	if (optopt == '-')
		die("no long options except --help and --version (xferkey %s -h)", die_typed());
	die("unknown option -%c (xferkey %s -h)", optopt, die_typed());
}
