#include "base/passphrase.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/io.h"
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static const struct {
	const char *word;       /* with a colon if an argument follows */
	enum passphrase_kind kind;
} sources[] = {
	{ "", PASSPHRASE_NONE }, { "none", PASSPHRASE_NONE }, { "ask", PASSPHRASE_ASK },
	{ "stdin", PASSPHRASE_FD }, { "fd:", PASSPHRASE_FD }, { "env:", PASSPHRASE_ENV },
	{ "file:", PASSPHRASE_FILE },
};
#define SOURCES (sizeof sources / sizeof sources[0])

int
passphrase_source(struct passphrase *p, const char *word)
{
	const size_t colon = strcspn(word, ":"), n = colon + (word[colon] == ':');
	char *end;
	size_t i;
	long fd;

	for (i = 0; i < SOURCES; i++)
		if (strlen(sources[i].word) == n && strncmp(sources[i].word, word, n) == 0)
			break;
	p->word = word;
	p->arg = word + n;
	if (i == SOURCES || (n > colon && *p->arg == '\0'))
		return -1;
	p->kind = sources[i].kind;
	if (p->kind == PASSPHRASE_ENV && strpbrk(p->arg, "abcdefghijklmnopqrstuvwxyz") != NULL)
		return -2;
	if (p->kind != PASSPHRASE_FD)
		return 0;
	errno = 0;
	fd = strtol(p->arg, &end, 10);          /* 0 for stdin */
	p->fd = (int)fd;
	return (*p->arg >= '0' && *p->arg <= '9') == (n > colon) && *end == '\0' && errno == 0 &&
	    fd <= INT_MAX ? 0 : -1;
}

static int
open_terminal(void)
{
	const char *batch = getenv("XFERKEY_BATCH");

	if ((batch != NULL && batch[0] != '\0') || !isatty(STDERR_FILENO))
		return -1;
	return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

static int
error_of(const struct buffer *text)
{
	return text->failed == ERROR_TOO_BIG ? ERROR_LONG_PASSPHRASE : text->failed;
}

static int
read_line(int fd, struct buffer *text)
{
	unsigned char c = '\0';
	ssize_t n;
	int r = ERROR_NONE;

	buffer_free(text);
	while (r == ERROR_NONE) {
		n = read(fd, &c, 1);
		if (n == 0 || (n == 1 && c == '\n'))
			break;
		if (n == 1 && c == '\0')
			r = ERROR_NUL_PASSPHRASE;
		else if (n == 1 && buffer_put(text, &c, 1) != 0)
			r = error_of(text);
		else if (n < 0 && errno != EINTR)
			r = ERROR_SOURCE;
	}
	if (r == ERROR_NONE && text->n > 0 && text->p[text->n - 1] == '\r')
		buffer_truncate(text, text->n - 1);
	secret_wipe(&c, sizeof c);
	return r;
}

static volatile sig_atomic_t caught;

static void
catch(int sig)
{
	caught = sig;
}

static const int signals[] = { SIGALRM, SIGHUP, SIGINT, SIGPIPE, SIGPROF, SIGQUIT, SIGTERM, SIGTSTP,
    SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU };
#define SIGNALS (sizeof signals / sizeof signals[0])

/* Reads a line with echo off. A signal ends this; echo is on again before the signal is
 * delivered. */
static int
read_silently(int tty, const struct buffer *prompt, struct buffer *text)
{
	struct sigaction act = { .sa_handler = catch }, old[SIGNALS];
	struct termios term, silent;
	unsigned char c = '\0';
	ssize_t got = -1;
	size_t i;

	caught = 0;
	buffer_free(text);
	if (tcgetattr(tty, &term) != 0)
		return ERROR_SOURCE;
	sigemptyset(&act.sa_mask);
	for (i = 0; i < SIGNALS; i++)
		if (sigaction(signals[i], &act, &old[i]) == 0 && old[i].sa_handler == SIG_IGN)
			sigaction(signals[i], &old[i], NULL);   /* stays ignored */
	silent = term;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	tcsetattr(tty, TCSAFLUSH, &silent);
	if (io_write_all(tty, buffer_slice(prompt)) == 0)
		while (!caught && (got = read(tty, &c, 1)) == 1 && c != '\n' && c != '\r')
			buffer_put(text, &c, 1);
	(void)io_write_all(tty, slice_str("\n"));
	tcsetattr(tty, TCSAFLUSH, &term);
	for (i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &old[i], NULL);
	secret_wipe(&c, sizeof c);
	if (caught)
		raise(caught);
	/* End of file is not an answer, not even an empty one. */
	return got == 0 ? ERROR_NO_ANSWER : got < 0 ? ERROR_SOURCE : error_of(text);
}

/* Asks again after the job was stopped and is in the foreground. */
static int
read_answer(int tty, const struct buffer *prompt, struct buffer *text)
{
	int r;

	do
		r = read_silently(tty, prompt, text);
	while (caught == SIGTSTP || caught == SIGTTIN || caught == SIGTTOU);
	return r;
}

/* Asks once, or twice if the argument twice is 1. The prompt begins with the argument first. */
static int
ask_once(int tty, struct passphrase *p, const char *first, const char *subject, int twice)
{
	struct buffer prompt = BUFFER_EMPTY, again = BUFFER_INIT(PASSPHRASE_MAX);
	int r = ERROR_MEMORY;

	buffer_printf(&prompt, "%s%s for ", first, twice ? "New passphrase" : "Passphrase");
	escape_put(&prompt, slice_str(subject));
	buffer_puts(&prompt, twice ? " (empty: none): " : ": ");
	if (prompt.failed || (r = read_answer(tty, &prompt, &p->text)) != ERROR_NONE ||
	    !twice || p->text.n == 0)
		goto out;
	buffer_truncate(&prompt, 0);
	buffer_puts(&prompt, "The same again: ");
	r = read_answer(tty, &prompt, &again);
	if (r == ERROR_NONE && !slice_eq(buffer_slice(&p->text), buffer_slice(&again)))
		r = ERROR_TWO_PASSPHRASES;
out:
	buffer_free(&prompt);
	buffer_free(&again);
	return r;
}

static int
ask(struct passphrase *p, const char *subject, int twice)
{
	const int tty = open_terminal();
	int r, tries = 3;

	if (tty < 0)
		return p->kind == PASSPHRASE_ASK || twice ? ERROR_NO_TERMINAL : ERROR_NO_PASSPHRASE;
	do
		r = ask_once(tty, p, tries < 3 ? "The two differ. " : "", subject, twice);
	while (r == ERROR_TWO_PASSPHRASES && --tries > 0);
	io_close(tty);
	return r;
}

static int
read_env(const char *name, struct buffer *text)
{
	const char *value = getenv(name);

	if (value == NULL)
		return ERROR_NOT_SET;
	buffer_puts(text, value);
	return error_of(text);
}

static int
read_file(const char *path, struct buffer *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), r;

	if (fd < 0)
		return ERROR_SOURCE;
	r = read_line(fd, text);
	io_close(fd);
	return r;
}

static int
is_stored(const struct passphrase *p)
{
	return p->kind == PASSPHRASE_ENV || p->kind == PASSPHRASE_FILE || p->kind == PASSPHRASE_FD;
}

/* Whether text begins with a byte order mark of UTF-8 or UTF-16. */
static int
has_bom(struct slice text)
{
	return slice_starts(text, "\xef\xbb\xbf") || slice_starts(text, "\xff\xfe") ||
	    slice_starts(text, "\xfe\xff");
}

int
passphrase_read(struct passphrase *p, const char *subject, int new)
{
	int r = ERROR_NONE;

	if (p->known)
		return ERROR_NONE;
	switch (p->kind) {
	case PASSPHRASE_NONE:
		break;
	case PASSPHRASE_ENV:
		r = read_env(p->arg, &p->text);
		break;
	case PASSPHRASE_FILE:
		r = read_file(p->arg, &p->text);
		break;
	case PASSPHRASE_FD:
		r = read_line(p->fd, &p->text);
		break;
	default:
		r = ask(p, subject, new);
	}
	if (is_stored(p) && has_bom(buffer_slice(&p->text)))
		r = ERROR_BOM;
	if (r == ERROR_NONE && new && p->text.n == 0 && is_stored(p))
		r = ERROR_EMPTY_PASSPHRASE;
	p->known = r == ERROR_NONE;
	return r;
}

const char *
passphrase_subject(const struct passphrase *p, int r, const char *subject)
{
	return is_stored(p) && r >= ERROR_SOURCE && r <= ERROR_NUL_PASSPHRASE ? p->word : subject;
}

int
passphrase_in_order(struct passphrase *first, const struct passphrase *second)
{
	if (first->kind != PASSPHRASE_FD || second->kind != PASSPHRASE_FD ||
	    first->fd != second->fd)
		return ERROR_NONE;
	return passphrase_read(first, "", 0);
}

void
passphrase_free(struct passphrase *p)
{
	char *value = p->kind == PASSPHRASE_ENV ? getenv(p->arg) : NULL;

	if (value != NULL)
		secret_wipe(value, strlen(value));
	buffer_free(&p->text);
	p->known = 0;
}
