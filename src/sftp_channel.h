/*
 * sftp_channel: requests to an SFTP server, many under way at once, over the
 * standard input and output of a process (draft-ietf-secsh-filexfer-02).
 *
 * Nothing here waits but sftp_channel_turn and sftp_channel_call. A server is
 * not trusted: what is not well formed, or answers nothing that was asked,
 * ends the connection.
 */
#ifndef SFTP_CHANNEL_H
#define SFTP_CHANNEL_H

#include "buffer.h"
#include "slice.h"

#include <stdint.h>
#include <sys/types.h>

enum sftp_message {
	SFTP_INIT = 1, SFTP_VERSION, SFTP_OPEN, SFTP_CLOSE, SFTP_READ, SFTP_WRITE, SFTP_LSTAT,
	SFTP_FSTAT, SFTP_SETSTAT, SFTP_FSETSTAT, SFTP_OPENDIR, SFTP_READDIR, SFTP_REMOVE, SFTP_MKDIR,
	SFTP_RMDIR, SFTP_REALPATH, SFTP_STAT, SFTP_RENAME,
	SFTP_STATUS = 101, SFTP_HANDLE, SFTP_DATA, SFTP_NAME, SFTP_ATTRS,
	SFTP_EXTENDED = 200, SFTP_EXTENDED_REPLY
};

enum sftp_status {
	SFTP_OK, SFTP_EOF, SFTP_NO_SUCH_FILE, SFTP_PERMISSION_DENIED, SFTP_FAILURE, SFTP_OP_UNSUPPORTED = 8,
	SFTP_FILE_ALREADY_EXISTS = 11
};

/* Of SFTP_OPEN. */
enum sftp_open {
	SFTP_OPEN_READ = 0x01, SFTP_OPEN_WRITE = 0x02, SFTP_OPEN_CREAT = 0x08, SFTP_OPEN_TRUNC = 0x10,
	SFTP_OPEN_EXCL = 0x20
};

/* An answer; the body is that of the channel, until the handler returns.
 * status is only that of SFTP_STATUS, else SFTP_OK. */
struct sftp_reply {
	uint8_t type;
	uint32_t status;
	struct slice body;
};

/* of is what was given with the request, offset and n are the bytes of the
 * file that a READ or WRITE was for. */
typedef void sftp_handler(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply);

#define SFTP_CHANNEL_REQUESTS 512

struct sftp_channel {
	int fd;
	pid_t pid;                      /* of the process; 0: not started */
	const char *fault;              /* why it is lost; NULL: it is not */
	uint32_t read_size, write_size; /* bytes that one request can ask for or bring */
	int greeted;                    /* the server has said its version */
	int posix_rename;               /* the server renames over what is there */
	unsigned under_way;
	struct sftp_request {
		sftp_handler *handler;  /* NULL: free */
		void *of;
		uint64_t offset;
		uint32_t n, id;
	} request[SFTP_CHANNEL_REQUESTS];
	uint32_t last_id;
	unsigned char *in, *out;
	size_t in_n, out_from, out_n;
	/* Called before each turn: makes requests; how long to wait at most for
	 * an answer, in milliseconds, or -1. */
	int (*feed)(void *of);
	void *feed_of;
};

/* sftp_channel_open: runs the command and greets the server. 0, or -1 and
 * fault; sftp_channel_close is due in any case. */
int sftp_channel_open(struct sftp_channel *c, char *const command[]);

/* sftp_channel_join: the same with a server that is there, at the other end of
 * the stream socket fd, which c then owns; c is all zeroes before. */
int sftp_channel_join(struct sftp_channel *c, int fd);

/* sftp_channel_send: a request of this type with the body that follows its
 * id. -1 where the connection is lost. */
int sftp_channel_send(struct sftp_channel *c, uint8_t type, const struct buffer *body,
    sftp_handler *handler, void *of, uint64_t offset, uint32_t n);

/* sftp_channel_room: 1 while more can be asked for at will. Half of what there
 * is stays for those that follow from an answer. */
int sftp_channel_room(const struct sftp_channel *c);

/* sftp_channel_oldest: the lowest offset of what is under way for of, or none. */
uint64_t sftp_channel_oldest(const struct sftp_channel *c, const void *of, uint64_t none);

/* sftp_channel_data: where the n bytes go that a WRITE at offset brings: the
 * caller puts them there and calls sftp_channel_write, or does not. There has
 * to be room. */
unsigned char *sftp_channel_data(struct sftp_channel *c, struct slice handle, size_t n);
int sftp_channel_write(struct sftp_channel *c, struct slice handle, uint64_t offset, uint32_t n,
    sftp_handler *handler, void *of);

/* sftp_channel_read: asks for n bytes at offset; handle is as the server gave it, a
 * string of the wire. -1 where the connection is lost. */
int sftp_channel_read(struct sftp_channel *c, struct slice handle, uint64_t offset, uint32_t n,
    sftp_handler *handler, void *of);

/* sftp_channel_turn: sends what it can, takes what there is. -1: lost. */
int sftp_channel_turn(struct sftp_channel *c);

/* sftp_channel_call: makes a request and waits for its answer, whose body is
 * copied to answer and is what reply then has. -1: lost. */
int sftp_channel_call(struct sftp_channel *c, uint8_t type, const struct buffer *body,
    struct sftp_reply *reply, struct buffer *answer);

/* sftp_channel_close: ends the connection, waits for the process, which is ended
 * too where it does not within seconds, and returns its status as wait(2) has it,
 * or -1. */
int sftp_channel_close(struct sftp_channel *c);

/* sftp_channel_text: what a status means. */
const char *sftp_channel_text(uint32_t status);

#endif
