/*
 * sftp: what a server says, a message at a time, or half of one: to the greeting, a
 * look, a listing, and a file copied and compared either way. Nothing is written but
 * to a file in memory, a listed name is one that a file can have, and what has arrived
 * is as long as it was said to be.
 */
#define _GNU_SOURCE
#undef NDEBUG
#include "sftp_compare.h"
#include "sftp_copy.h"
#include "sftp_place.h"

#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE 300                        /* an input has 2048 bytes */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
failed(void *of, const char *path, const char *why)
{
	assert(path != NULL && *why != '\0');
	++*(unsigned *)of;
}

static void
copy(struct sftp_channel *c, int upload, int fd, const char *here)
{
	unsigned faults = 0;
	struct sftp_copy k = { .channel = c, .upload = upload, .failed = failed, .of = &faults };
	struct sftp_copy_file file = { upload ? here : "there", upload ? "there" : here, NULL,
	    { SFTP_ATTRS_SIZE, SIZE, 0, 0, 0 }, 0 };
	struct stat st;

	assert(ftruncate(fd, upload ? SIZE : 0) == 0 && fstat(fd, &st) == 0);
	if (upload)
		file.attrs = sftp_attrs_of(&st);
	sftp_copy_begin(&k);
	if (sftp_copy_start(&k, &file) == 0)
		(void)sftp_copy_finish(&k);
	if (k.files == 1 && !upload)
		assert(fstat(fd, &st) == 0 && st.st_size == SIZE);
	assert(k.files + faults <= 1);
	assert(k.files + faults == 1 || c->fault != NULL);
	sftp_copy_end(&k);
	c->feed = NULL;
}

static void
talk(struct sftp_channel *c, int fd, const char *here)
{
	struct sftp_listing l = SFTP_LISTING_EMPTY;
	struct sftp_rate rate = { 0, 0, { 0, 0 } };
	struct sftp_attrs a;
	int found;
	size_t i;

	(void)sftp_place_stat(c, "file", 1, &a, &found);
	(void)sftp_place_list(c, "folder", &l);
	for (i = 0; i < l.n; i++)
		assert(*l.entry[i].name != '\0' && strchr(l.entry[i].name, '/') == NULL &&
		    strcmp(l.entry[i].name, "..") != 0);
	sftp_listing_free(&l);
	copy(c, 0, fd, here);
	copy(c, 1, fd, here);
	(void)sftp_compare(c, &rate, here, "there", SIZE, 0);
}

/* One message is one record, so that none is there before it is asked for. */
static void
say(int to, const uint8_t *p, size_t n)
{
	const int halves = n > 0 && p[--n] & 1;

	while (n > 0) {
		size_t m = n, half;

		if (n >= 4 && p[0] == 0 && p[1] == 0 && ((size_t)p[2] << 8 | p[3]) < n - 4)
			m = ((size_t)p[2] << 8 | p[3]) + 4;
		half = halves && m > 1 ? m / 2 : m;
		assert(send(to, p, half, MSG_DONTWAIT) == (ssize_t)half);
		assert(half == m || send(to, p + half, m - half, MSG_DONTWAIT) == (ssize_t)(m - half));
		p += m;
		n -= m;
	}
	shutdown(to, SHUT_WR);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct sftp_channel c;
	static int fd = -1;
	static char here[32];
	int pair[2];

	if (fd == -1) {
		assert((fd = memfd_create("here", MFD_CLOEXEC)) != -1);
		snprintf(here, sizeof here, "/proc/self/fd/%d", fd);
	}
	assert(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	say(pair[1], p, n < 2048 ? n : 2048);
	memset(&c, 0, sizeof c);
	if (sftp_channel_join(&c, pair[0]) == 0)
		talk(&c, fd, here);
	assert(c.fault != NULL || n > 0);
	sftp_channel_close(&c);
	close(pair[1]);
	return 0;
}
