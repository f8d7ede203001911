#include "sftp_compare.h"
#include "ssh_wire.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define BLOCK   32768u
#define SAMPLES 16
#define AHEAD   64u

struct comparison {
	struct sftp_channel *channel;
	struct slice handle;
	int fd;
	unsigned pending;
	int differs;
	unsigned char block[BLOCK];
};

static void ask(struct comparison *k, uint64_t offset, uint32_t n);

static void
compared(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct comparison *k = of;
	struct slice body = reply->body, data;

	k->pending--;
	if (reply->type != SFTP_DATA || ssh_wire_get_string(&body, &data) != 0 || data.n == 0 ||
	    data.n > n || pread(k->fd, k->block, data.n, (off_t)offset) != (ssize_t)data.n ||
	    memcmp(k->block, data.p, data.n) != 0)
		k->differs = 1;
	else if (data.n < n)
		ask(k, offset + data.n, n - (uint32_t)data.n);
}

static void
ask(struct comparison *k, uint64_t offset, uint32_t n)
{
	if (sftp_channel_read(k->channel, k->handle, offset, n, compared, k) == 0)
		k->pending++;
}

/* From the end to the front, so that where there is a difference it is soon seen. */
static void
read_both(struct comparison *k, struct sftp_rate *rate, uint64_t length, uint64_t stride)
{
	struct sftp_channel *c = k->channel;
	uint64_t left = length;
	int wait = 0;

	while (c->fault == NULL && (k->pending > 0 || (left > 0 && !k->differs))) {
		while (left > 0 && !k->differs && k->pending < AHEAD && sftp_channel_room(c) &&
		    (wait = sftp_rate_wait(rate)) == 0) {
			uint32_t n = left < BLOCK ? (uint32_t)left : BLOCK;

			ask(k, left - n, n);
			rate->taken += n;
			if (left > stride)
				left -= stride;
			else
				left = left > BLOCK ? BLOCK : 0;
		}
		/* where nothing is under way, no answer ends the wait */
		if (k->pending == 0 && left > 0 && !k->differs && wait > 0)
			poll(NULL, 0, wait);
		else
			sftp_channel_turn(c);
	}
}

int
sftp_compare(struct sftp_channel *c, struct sftp_rate *rate, const char *here, const char *there,
    uint64_t length, int samples)
{
	struct buffer body = BUFFER_EMPTY, answer = BUFFER_EMPTY;
	struct comparison k = { c, { NULL, 0 }, -1, 0, 0, { 0 } };
	struct sftp_reply reply;
	uint64_t stride = BLOCK;

	if (samples && length / SAMPLES > BLOCK)
		stride = length / SAMPLES;
	k.fd = open(here, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	ssh_wire_put_cstring(&body, there);
	ssh_wire_put_u32(&body, SFTP_OPEN_READ);
	ssh_wire_put_u32(&body, 0);
	if (k.fd == -1 || sftp_channel_call(c, SFTP_OPEN, &body, &reply, &answer) != 0 ||
	    reply.type != SFTP_HANDLE) {
		k.differs = 1;
		goto out;
	}
	buffer_truncate(&body, 0);
	buffer_put_slice(&body, reply.body);
	k.handle = reply.body;
	read_both(&k, rate, length, stride);
	sftp_channel_call(c, SFTP_CLOSE, &body, &reply, &answer);
out:
	if (k.fd != -1)
		close(k.fd);
	buffer_free(&body);
	buffer_free(&answer);
	return !k.differs && c->fault == NULL;
}
