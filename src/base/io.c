#include "base/io.h"
#include "base/error.h"

#include <errno.h>
#include <unistd.h>

int
io_write_all(int fd, struct slice data)
{
	ssize_t n;

	while (data.n > 0) {
		n = write(fd, data.p, data.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data = slice_skip(data, (size_t)n);
	}
	return 0;
}

int
io_read_all(int fd, size_t size, struct buffer *to)
{
	size_t chunk = size + 1;
	unsigned char *p;
	ssize_t n;

	do {
		if ((p = buffer_space(to, chunk)) == NULL)
			return to->failed;
		n = read(fd, p, chunk);
		buffer_truncate(to, to->n - chunk + (n > 0 ? (size_t)n : 0));
		/* usually the end follows: to find it, the buffer need not grow */
		chunk = to->room > to->n && to->room - to->n < 65536 ? to->room - to->n : 65536;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0 ? ERROR_NONE : ERROR_SYSTEM;
}

void
io_close(int fd)
{
	const int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
}

void
io_hold_signals(sigset_t *old)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, old);
}

void
io_release_signals(const sigset_t *old)
{
	const int saved = errno;

	sigprocmask(SIG_SETMASK, old, NULL);
	errno = saved;
}
