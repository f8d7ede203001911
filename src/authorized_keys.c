#include "authorized_keys.h"
#include "atomic_write.h"
#include "base64.h"
#include "buffer.h"
#include "format_openssh_public.h"
#include "key_error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Opens the folder, making it where missing, and locks it: it stays when the
 * file is replaced, and no lock file is left behind. */
static int
lock_folder(const char *path, int *fd)
{
	const struct timespec wait = { 0, 100000000 };
	char folder[PATH_MAX];
	struct stat st;
	int tries;

	if (atomic_write_folder(path, folder) != 0 || (mkdir(folder, 0700) != 0 && errno != EEXIST) ||
	    (*fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0 ||
	    fstat(*fd, &st) != 0)
		return KEY_E_SYSTEM;
	if (st.st_uid != geteuid())
		return KEY_E_FOREIGN;
	for (tries = 0; flock(*fd, LOCK_EX | LOCK_NB) != 0; tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return KEY_E_SYSTEM;
		if (tries == 100)
			return KEY_E_LOCKED;
		nanosleep(&wait, NULL);
	}
	return KEY_OK;
}

static int
read_all(int fd, struct buffer *to)
{
	const size_t chunk = 65536;
	unsigned char *p;
	ssize_t n;

	do {
		if ((p = buffer_extend(to, chunk)) == NULL)
			return KEY_E_TOO_BIG;
		n = read(fd, p, chunk);
		buffer_truncate(to, to->n - chunk + (n > 0 ? (size_t)n : 0));
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0 ? KEY_OK : KEY_E_SYSTEM;
}

/* What the file holds, and which version of it; nothing where there is none. */
static int
read_file(const char *path, struct buffer *old, struct stat *st, int *there)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), r, saved;

	*there = fd >= 0;
	if (fd < 0)
		return errno == ENOENT ? KEY_OK : KEY_E_SYSTEM;
	if (fstat(fd, st) != 0)
		r = KEY_E_SYSTEM;
	else if (!S_ISREG(st->st_mode) || st->st_uid != geteuid())
		r = KEY_E_FOREIGN;
	else
		r = read_all(fd, old);
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}

/* sshd passes a line by whose options it does not know (sshd(8)), and takes
 * one that names a certificate authority for certificates only. */
static int
admits(struct slice options)
{
	static const char *const names[] = { "agent-forwarding", "command", "environment",
	    "expiry-time", "from", "no-agent-forwarding", "no-port-forwarding", "no-pty",
	    "no-touch-required", "no-user-rc", "no-x11-forwarding", "permitlisten",
	    "permitopen", "port-forwarding", "pty", "restrict", "tunnel", "user-rc",
	    "verify-required", "x11-forwarding" };
	size_t i, n;
	int quoted;

	while (options.n > 0) {
		for (n = 0; n < options.n && options.p[n] != ',' && options.p[n] != '='; n++)
			continue;
		for (i = 0; i < sizeof names / sizeof names[0]; i++)
			if (n == strlen(names[i]) &&
			    strncasecmp(names[i], (const char *)options.p, n) == 0)
				break;
		if (i == sizeof names / sizeof names[0])
			return 0;
		for (quoted = 0; n < options.n && (quoted || options.p[n] != ','); n++)
			if (options.p[n] == '"' && options.p[n - 1] != '\\')
				quoted = !quoted;
		options = slice_skip(options, n < options.n ? n + 1 : n);
	}
	return 1;
}

/* Would sshd find the key in one of these lines? */
static int
holds(struct slice file, struct slice blob)
{
	struct slice line, options, name, base64, comment;
	struct buffer bytes = BUFFER_EMPTY;
	struct key_view view;
	int found = 0;

	while (!found && file.n > 0) {
		line = slice_trim(slice_line(&file));
		if (slice_starts(line, "#") ||
		    !format_openssh_public_split(line, &options, &name, &base64, &comment))
			continue;
		buffer_truncate(&bytes, 0);
		found = base64_get(&bytes, base64) == 0 &&
		    slice_eq(buffer_slice(&bytes), blob) &&
		    key_view_parse(blob, &view) == KEY_OK && slice_eq(view.name, name) &&
		    admits(options);
	}
	buffer_free(&bytes);
	return found;
}

static int
add_once(const char *path, struct slice blob, struct slice line)
{
	struct buffer file = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct stat st = { 0 };
	int there, r;

	if ((r = read_file(path, &file, &st, &there)) != KEY_OK)
		goto out;
	r = 1;
	if (holds(buffer_slice(&file), blob))
		goto out;
	/* A private key would not be mended by one more line. */
	r = KEY_E_NOT_PUBLIC;
	if (slice_find(buffer_slice(&file), "PRIVATE KEY-----") < file.n)
		goto out;
	if (file.n > 0 && file.p[file.n - 1] != '\n')
		buffer_puts(&file, "\n");
	buffer_put_slice(&file, line);
	r = KEY_E_TOO_BIG;
	if (file.failed)
		goto out;
	/* Whoever could read it still can: sshd reads a root's file as the user. */
	r = atomic_write_replace(path, buffer_slice(&file), there ? st.st_mode & 0755 : 0600,
	    there ? &st : NULL) == 0 ? KEY_OK : KEY_E_SYSTEM;
out:
	buffer_free(&file);
	return r;
}

int
authorized_keys_add(const char *path, struct slice blob, struct slice line)
{
	int fd = -1, tries = 0, r, saved;

	if ((r = lock_folder(path, &fd)) == KEY_OK)
		do
			r = add_once(path, blob, line);
		while (r == KEY_E_SYSTEM && (errno == ESTALE || errno == EEXIST) && ++tries < 20);
	saved = errno;
	if (fd >= 0)
		close(fd);
	errno = saved;
	return r;
}
