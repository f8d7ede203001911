#include "io.h"
#include "key_error.h"

#include <errno.h>
#include <unistd.h>

#define LINE ((size_t)8 * 1024)         /* room that most lines have, which are added next */

int
io_read_all(int fd, size_t size, struct buffer *to)
{
	size_t chunk = to->max - to->n > size + LINE ? size + LINE : size + 1;
	unsigned char *p;
	ssize_t n;

	do {
		if ((p = buffer_space(to, chunk)) == NULL)
			return to->max - to->n < chunk ? KEY_E_TOO_BIG : KEY_E_MEMORY;
		n = read(fd, p, chunk);
		buffer_truncate(to, to->n - chunk + (n > 0 ? (size_t)n : 0));
		/* mostly there is no more, and no need to grow to see that */
		chunk = to->room > to->n && to->room - to->n < 65536 ? to->room - to->n : 65536;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0 ? KEY_OK : KEY_E_SYSTEM;
}
