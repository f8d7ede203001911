#include "base/secret.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* volatile: the compiler cannot know that this is memset, and drop the call as a dead store. */
static void *(*const volatile wipe)(void *, int, size_t) = memset;

void
secret_wipe(void *p, size_t n)
{
	if (n > 0)
		wipe(p, 0, n);
}

void
secret_guard(void)
{
	const struct rlimit none = { 0, 0 };
	int fd;

	/* Standard input only to write, the others only to read: using them stays an error. */
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	(void)setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(XFERKEY_SANITIZE)       /* LeakSanitizer attaches */
	(void)prctl(PR_SET_DUMPABLE, 0L);
#endif
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

void
secret_stack(void)
{
	unsigned char below[64 * 1024];

	secret_wipe(below, sizeof below);
}

/* Before each block: its length, needed to wipe it. */
union header {
	size_t n;
	max_align_t align;
};

void *
secret_malloc(size_t n, const char *file, int line)
{
	union header *h;

	(void)file;
	(void)line;
	if (n == 0 || n > SIZE_MAX - sizeof *h || (h = malloc(sizeof *h + n)) == NULL)
		return NULL;
	h->n = n;
	return h + 1;
}

void
secret_free(void *p, const char *file, int line)
{
	union header *h = p;

	(void)file;
	(void)line;
	if (h == NULL)
		return;
	h--;
	secret_wipe(h, sizeof *h + h->n);
	free(h);
}

void *
secret_realloc(void *p, size_t n, const char *file, int line)
{
	void *to = NULL;
	size_t old;

	if (p == NULL)
		return secret_malloc(n, file, line);
	if (n > 0) {
		if ((to = secret_malloc(n, file, line)) == NULL)
			return NULL;
		old = ((union header *)p - 1)->n;
		memcpy(to, p, old < n ? old : n);
	}
	secret_free(p, file, line);
	return to;
}

int
secret_eq(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	unsigned char d = 0;
	size_t i;

	for (i = 0; i < n; i++)
		d |= x[i] ^ y[i];
	return d == 0;
}
