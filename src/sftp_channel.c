#include "sftp_channel.h"
#include "ssh_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* The longest message of OpenSSH's, and with its own length. */
#define MESSAGE 262144u
#define IN_ROOM (4u * MESSAGE)
#define OUT_ROOM (4u * MESSAGE)
/* Every server takes so much; of length, type, id and the lengths in a WRITE there is less. */
#define COMMON 32768u
#define HEAD 1024u

static const char noise[] = "not SFTP: does the login there print something?";

static int
lose(struct sftp_channel *c, const char *why)
{
	if (c->fault == NULL)
		c->fault = why;
	return -1;
}

static void
put_u32(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)(v >> 24);
	p[1] = (unsigned char)(v >> 16);
	p[2] = (unsigned char)(v >> 8);
	p[3] = (unsigned char)v;
}

static int
start(struct sftp_channel *c, char *const command[])
{
	posix_spawn_file_actions_t actions;
	int pair[2], error;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return lose(c, strerror(errno));
	c->fd = pair[0];
	fcntl(pair[0], F_SETFD, FD_CLOEXEC);
	if ((error = posix_spawn_file_actions_init(&actions)) == 0) {
		posix_spawn_file_actions_adddup2(&actions, pair[1], 0);
		posix_spawn_file_actions_adddup2(&actions, pair[1], 1);
		posix_spawn_file_actions_addclose(&actions, pair[1]);
		error = posix_spawnp(&c->pid, command[0], &actions, NULL, command, environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	close(pair[1]);
	if (error != 0) {
		c->pid = 0;
		return lose(c, strerror(error));
	}
	return 0;
}

static struct sftp_request *
free_request(struct sftp_channel *c)
{
	uint32_t i;

	/* ids count up, so that an answer to nothing is seen */
	for (i = 0; i < SFTP_CHANNEL_REQUESTS; i++) {
		struct sftp_request *r = &c->request[++c->last_id % SFTP_CHANNEL_REQUESTS];

		if (r->handler == NULL) {
			r->id = c->last_id;
			return r;
		}
	}
	return NULL;
}

/* Where a message with n bytes goes; what is to be sent before moves to the front for it. */
static unsigned char *
place(struct sftp_channel *c, size_t n)
{
	if (OUT_ROOM - c->out_from - c->out_n < n + HEAD) {
		memmove(c->out, c->out + c->out_from, c->out_n);
		c->out_from = 0;
	}
	return c->out + c->out_from + c->out_n;
}

int
sftp_channel_room(const struct sftp_channel *c)
{
	return c->under_way < SFTP_CHANNEL_REQUESTS / 2 && c->out_n < MESSAGE;
}

uint64_t
sftp_channel_oldest(const struct sftp_channel *c, const void *of, uint64_t none)
{
	const struct sftp_request *r;

	for (r = c->request; r < c->request + SFTP_CHANNEL_REQUESTS; r++) {
		if (r->handler != NULL && r->of == of && r->offset < none)
			none = r->offset;
	}
	return none;
}

/* The n bytes at the end of what is to be sent become a message. */
static int
commit(struct sftp_channel *c, uint8_t type, size_t n, sftp_handler *handler, void *of,
    uint64_t offset, uint32_t length)
{
	unsigned char *p = c->out + c->out_from + c->out_n;
	struct sftp_request *r = free_request(c);

	if (r == NULL)
		return lose(c, "too many requests");
	r->handler = handler;
	r->of = of;
	r->offset = offset;
	r->n = length;
	c->under_way++;
	put_u32(p, (uint32_t)(n + 5));
	p[4] = type;
	put_u32(p + 5, r->id);
	c->out_n += n + 9;
	return 0;
}

int
sftp_channel_send(struct sftp_channel *c, uint8_t type, const struct buffer *body,
    sftp_handler *handler, void *of, uint64_t offset, uint32_t n)
{
	if (c->fault != NULL)
		return -1;
	if (body->failed || OUT_ROOM - c->out_n < body->n + HEAD)
		return lose(c, "a request is too long");
	if (body->n > 0)
		memcpy(place(c, body->n) + 9, body->p, body->n);
	return commit(c, type, body->n, handler, of, offset, n);
}

int
sftp_channel_read(struct sftp_channel *c, struct slice handle, uint64_t offset, uint32_t n,
    sftp_handler *handler, void *of)
{
	struct buffer body = BUFFER_EMPTY;
	int r;

	buffer_put_slice(&body, handle);
	ssh_wire_put_u32(&body, (uint32_t)(offset >> 32));
	ssh_wire_put_u32(&body, (uint32_t)offset);
	ssh_wire_put_u32(&body, n);
	r = sftp_channel_send(c, SFTP_READ, &body, handler, of, offset, n);
	buffer_free(&body);
	return r;
}

unsigned char *
sftp_channel_data(struct sftp_channel *c, struct slice handle, size_t n)
{
	return place(c, n) + 9 + 4 + handle.n + 8 + 4;
}

int
sftp_channel_write(struct sftp_channel *c, struct slice handle, uint64_t offset, uint32_t n,
    sftp_handler *handler, void *of)
{
	unsigned char *p = c->out + c->out_from + c->out_n + 9;

	if (c->fault != NULL)
		return -1;
	put_u32(p, (uint32_t)handle.n);
	memcpy(p + 4, handle.p, handle.n);
	p += 4 + handle.n;
	put_u32(p, (uint32_t)(offset >> 32));
	put_u32(p + 4, (uint32_t)offset);
	put_u32(p + 8, n);
	return commit(c, SFTP_WRITE, 4 + handle.n + 8 + 4 + n, handler, of, offset, n);
}

/* VERSION has no id; its extensions are pairs of strings. */
static int
take_version(struct sftp_channel *c, struct slice m)
{
	struct slice name, value;
	uint32_t version;
	uint8_t type;

	if (ssh_wire_get_u8(&m, &type) != 0 || type != SFTP_VERSION ||
	    ssh_wire_get_u32(&m, &version) != 0 || version < 3)
		return lose(c, noise);
	while (m.n > 0) {
		if (ssh_wire_get_string(&m, &name) != 0 || ssh_wire_get_string(&m, &value) != 0)
			return lose(c, "not SFTP");
		if (slice_is(name, "posix-rename@openssh.com") && slice_is(value, "1"))
			c->posix_rename = 1;
		if (slice_is(name, "limits@openssh.com") && slice_is(value, "1"))
			c->read_size = c->write_size = 0;
	}
	c->greeted = 1;
	return 0;
}

static int
dispatch(struct sftp_channel *c, struct slice message)
{
	struct sftp_reply reply = { 0, SFTP_OK, { NULL, 0 } };
	struct sftp_request *r, was;
	struct slice status;
	uint32_t id;

	if (!c->greeted)
		return take_version(c, message);
	if (ssh_wire_get_u8(&message, &reply.type) != 0 || ssh_wire_get_u32(&message, &id) != 0)
		return lose(c, "not SFTP");
	r = &c->request[id % SFTP_CHANNEL_REQUESTS];
	if (r->handler == NULL || r->id != id)
		return lose(c, "an answer to nothing that was asked");
	status = reply.body = message;
	if (reply.type == SFTP_STATUS && ssh_wire_get_u32(&status, &reply.status) != 0)
		return lose(c, "not SFTP");
	was = *r;
	r->handler = NULL;
	c->under_way--;
	was.handler(was.of, was.offset, was.n, &reply);
	return c->fault == NULL ? 0 : -1;
}

/* Takes the next message off what was received; 0 where it is not whole. */
static int
message(struct slice *received, struct slice *m)
{
	struct slice in = *received;
	uint32_t n;

	if (ssh_wire_get_u32(&in, &n) != 0)
		return 0;
	if (n == 0 || n > MESSAGE)
		return -1;
	if (ssh_wire_get_bytes(&in, n, m) != 0)
		return 0;
	*received = in;
	return 1;
}

static int
receive(struct sftp_channel *c)
{
	struct slice received, m;
	ssize_t n = read(c->fd, c->in + c->in_n, IN_ROOM - c->in_n);
	int got;

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return lose(c, "the connection is closed");
	received = slice_of(c->in, c->in_n + (size_t)n);
	while ((got = message(&received, &m)) == 1) {
		if (dispatch(c, m) != 0)
			return -1;
	}
	if (got == -1)
		return lose(c, c->greeted ? "not SFTP" : noise);
	c->in_n = received.n;
	memmove(c->in, received.p, received.n);
	return 0;
}

static int
transmit(struct sftp_channel *c)
{
	ssize_t n;

	if (c->out_n == 0)
		return 0;
	n = send(c->fd, c->out + c->out_from, c->out_n, MSG_NOSIGNAL);
	if (n == -1)
		return errno == EAGAIN || errno == EINTR ? 0 : lose(c, "the connection is closed");
	c->out_n -= (size_t)n;
	c->out_from = c->out_n == 0 ? 0 : c->out_from + (size_t)n;
	return 0;
}

int
sftp_channel_turn(struct sftp_channel *c)
{
	struct pollfd p = { c->fd, POLLIN, 0 };
	int wait = -1;

	if (c->fault != NULL)
		return -1;
	if (c->feed != NULL)
		wait = c->feed(c->feed_of);
	if (c->fault != NULL || transmit(c) != 0)
		return -1;
	if (c->out_n > 0)
		p.events |= POLLOUT;
	if (poll(&p, 1, wait) == -1)
		return errno == EINTR ? 0 : lose(c, strerror(errno));
	return p.revents & (POLLIN | POLLHUP | POLLERR) ? receive(c) : 0;
}

struct call {
	struct sftp_reply *reply;
	struct buffer *answer;
	int answered;
};

static void
answered(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct call *call = of;

	(void)offset;
	(void)n;
	*call->reply = *reply;
	buffer_truncate(call->answer, 0);
	buffer_put_slice(call->answer, reply->body);
	call->reply->body = buffer_slice(call->answer);
	call->answered = 1;
}

int
sftp_channel_call(struct sftp_channel *c, uint8_t type, const struct buffer *body,
    struct sftp_reply *reply, struct buffer *answer)
{
	struct call call = { reply, answer, 0 };

	while (c->fault == NULL && !sftp_channel_room(c)) {
		if (sftp_channel_turn(c) != 0)
			return -1;
	}
	if (sftp_channel_send(c, type, body, answered, &call, 0, 0) != 0)
		return -1;
	while (!call.answered) {
		if (sftp_channel_turn(c) != 0)
			return -1;
	}
	return answer->failed ? lose(c, "out of memory") : 0;
}

static int
greet(struct sftp_channel *c)
{
	static const unsigned char init[] = { 0, 0, 0, 5, SFTP_INIT, 0, 0, 0, 3 };

	memcpy(c->out, init, sizeof init);
	c->out_n = sizeof init;
	while (!c->greeted) {
		if (sftp_channel_turn(c) != 0)
			return -1;
	}
	return 0;
}

static uint32_t
limit(struct slice *in)
{
	uint32_t high = 0, low = 0;

	if (ssh_wire_get_u32(in, &high) != 0 || ssh_wire_get_u32(in, &low) != 0)
		return COMMON;
	if (high == 0 && low == 0)
		return COMMON;
	return high > 0 || low > MESSAGE - HEAD ? MESSAGE - HEAD : low;
}

/* OpenSSH's PROTOCOL, section 4.8: messages, reads and writes at most so long. */
static int
ask_limits(struct sftp_channel *c)
{
	struct buffer body = BUFFER_EMPTY, answer = BUFFER_EMPTY;
	struct sftp_reply reply;
	int ret = 0;

	if (c->read_size != 0)
		return 0;
	c->read_size = c->write_size = COMMON;
	ssh_wire_put_cstring(&body, "limits@openssh.com");
	ret = sftp_channel_call(c, SFTP_EXTENDED, &body, &reply, &answer);
	if (ret == 0 && reply.type == SFTP_EXTENDED_REPLY) {
		limit(&reply.body);
		c->read_size = limit(&reply.body);
		c->write_size = limit(&reply.body);
	}
	buffer_free(&body);
	buffer_free(&answer);
	return ret;
}

int
sftp_channel_join(struct sftp_channel *c, int fd)
{
	c->fd = fd;
	c->read_size = c->write_size = COMMON;
	c->in = malloc(IN_ROOM);
	c->out = malloc(OUT_ROOM);
	if (c->in == NULL || c->out == NULL)
		return lose(c, "out of memory");
	if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
		return lose(c, strerror(errno));
	if (greet(c) != 0)
		return -1;
	return ask_limits(c);
}

int
sftp_channel_open(struct sftp_channel *c, char *const command[])
{
	memset(c, 0, sizeof *c);
	c->fd = -1;
	return start(c, command) != 0 ? -1 : sftp_channel_join(c, c->fd);
}

/* Most end with their input. */
static int
wait_for(pid_t pid)
{
	const struct timespec moment = { 0, 10000000 };
	int i, status = -1;
	pid_t got;

	for (i = 0; (got = waitpid(pid, &status, WNOHANG)) == 0 || (got == -1 && errno == EINTR); i++) {
		if (i == 500)
			kill(pid, SIGTERM);
		if (i == 700)
			kill(pid, SIGKILL);
		nanosleep(&moment, NULL);
	}
	return status;
}

int
sftp_channel_close(struct sftp_channel *c)
{
	int status = -1;

	if (c->fd != -1)
		close(c->fd);
	if (c->pid > 0)
		status = wait_for(c->pid);
	free(c->in);
	free(c->out);
	return status;
}

const char *
sftp_channel_text(uint32_t status)
{
	switch (status) {
	case SFTP_OK:
		return "an answer that does not fit";
	case SFTP_EOF:
		return "end of file";
	case SFTP_NO_SUCH_FILE:
		return "no such file or folder";
	case SFTP_PERMISSION_DENIED:
		return "permission denied";
	case SFTP_OP_UNSUPPORTED:
		return "the server does not do this";
	default:
		return "the server says failure";
	}
}
