#include "sftp_compare.h"
#include "ssh_wire.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BLOCK   32768u
#define SAMPLES 16
#define AHEAD   64u

struct comparison {
	int fd;
	unsigned pending;
	int differs;
	unsigned char block[BLOCK];
};

static void
compared(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct comparison *k = of;
	struct slice body = reply->body, data;

	k->pending--;
	if (reply->type != SFTP_DATA || ssh_wire_get_string(&body, &data) != 0 || data.n != n ||
	    pread(k->fd, k->block, n, (off_t)offset) != (ssize_t)n || memcmp(k->block, data.p, n) != 0)
		k->differs = 1;
}

/* From the end to the front, so that where there is a difference it is soon seen. */
static void
read_both(struct sftp_channel *c, struct sftp_rate *rate, struct comparison *k, struct slice handle,
    uint64_t length, uint64_t stride)
{
	uint64_t left = length;

	while (c->fault == NULL && (k->pending > 0 || (left > 0 && !k->differs))) {
		while (left > 0 && !k->differs && k->pending < AHEAD && sftp_channel_room(c) &&
		    sftp_rate_wait(rate) == 0) {
			uint32_t n = left < BLOCK ? (uint32_t)left : BLOCK;

			if (sftp_channel_read(c, handle, left - n, n, compared, k) != 0)
				return;
			k->pending++;
			rate->taken += n;
			if (left > stride)
				left -= stride;
			else
				left = left > BLOCK ? BLOCK : 0;
		}
		sftp_channel_turn(c);
	}
}

int
sftp_compare(struct sftp_channel *c, struct sftp_rate *rate, const char *here, const char *there,
    uint64_t length, int samples)
{
	struct buffer body = BUFFER_EMPTY, answer = BUFFER_EMPTY;
	struct comparison k = { -1, 0, 0, { 0 } };
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
	read_both(c, rate, &k, reply.body, length, stride);
	sftp_channel_call(c, SFTP_CLOSE, &body, &reply, &answer);
out:
	if (k.fd != -1)
		close(k.fd);
	buffer_free(&body);
	buffer_free(&answer);
	return !k.differs && c->fault == NULL;
}
