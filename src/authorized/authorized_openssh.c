#define _GNU_SOURCE     /* POSIX_SPAWN_SETSID, which POSIX has since 2024 */
#include "authorized/authorized_openssh.h"
#include "base/error.h"
#include "base/io.h"
#include "encoding/key_line.h"
#include "keyfile/fingerprint.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MEMORY ((rlim_t)512 << 20)
#define PIECE 65536
#define SHOWN 8         /* line numbers, at most */

/* ssh-keygen prints no line numbers. So each line that can hold a key is followed by MARK_KEY
 * with a comment: q->mark and the number of that line. The last MARK_KEY has the number 0. */
#define MARK_KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA "

struct question {
	const char *fingerprint;
	struct slice rest;              /* of the file, not yet in out */
	unsigned long line;             /* number of its first line */
	int ended;
	char mark[64];
	struct buffer out;              /* next bytes for ssh-keygen */
	size_t sent;                    /* bytes of out */
	char got[256];                  /* the beginning of a line from ssh-keygen */
	size_t got_n;
	int found, complete;            /* found: since the last mark */
	unsigned shown;
	struct buffer *lines;
};

static void
put_mark(struct question *q, unsigned long line)
{
	buffer_printf(&q->out, MARK_KEY "%s%lu\n", q->mark, line);
}

/* Fills out with the next bytes for ssh-keygen; empties it at the end. sshd skips several blanks
 * behind options, ssh-keygen only one. */
static void
fill(struct question *q)
{
	struct slice line, options;
	int holds;

	buffer_truncate(&q->out, 0);
	q->sent = 0;
	for (; q->out.n < PIECE && q->rest.n > 0; q->line++) {
		line = slice_line(&q->rest);
		holds = line.n > 0 && line.p[0] != '#';
		(void)key_line_options(&line, &options);
		if (options.n == 0)     /* the line began with blanks */
			(void)key_line_options(&line, &options);
		buffer_put_slice(&q->out, options);
		buffer_puts(&q->out, " ");
		buffer_put_slice(&q->out, line);
		buffer_puts(&q->out, " .\n");  /* else ssh-keygen may print an earlier line's comment */
		if (holds)
			put_mark(q, q->line);
	}
	if (q->out.n < PIECE && q->rest.n == 0 && !q->ended++)
		put_mark(q, 0);
}

/* Reads a line of ssh-keygen -l: bits, fingerprint, comment. */
static void
take_line(struct question *q)
{
	const char *mark, *found = strchr(q->got, ' ');
	const size_t n = strlen(q->fingerprint);
	unsigned long line;

	if ((mark = strstr(q->got, q->mark)) == NULL) {
		q->found |= found != NULL && strncmp(found + 1, q->fingerprint, n) == 0 && found[n + 1] == ' ';
		return;
	}
	line = strtoul(mark + strlen(q->mark), NULL, 10);
	q->complete = line == 0;
	if (q->found && q->shown++ < SHOWN)
		buffer_printf(q->lines, "%lu\n", line);
	q->found = 0;
}

static void
take(struct question *q, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] == '\n') {
			q->got[q->got_n] = '\0';
			take_line(q);
			q->got_n = 0;
		} else if (q->got_n < sizeof q->got - 1)
			q->got[q->got_n++] = p[i];
}

static int
converse(struct question *q, int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };
	char in[4096];
	ssize_t n = 1;

	while (n != 0) {
		if ((p.events & POLLOUT) && q->sent == q->out.n) {
			fill(q);
			if (q->out.n == 0 && shutdown(fd, SHUT_WR) == 0)
				p.events = POLLIN;
		}
		if (q->out.failed || q->lines->failed)
			return ERROR_MEMORY;
		if ((n = poll(&p, 1, -1)) < 0)
			p.revents = 0;
		if (p.revents & p.events & POLLOUT) {
			n = write(fd, q->out.p + q->sent, q->out.n - q->sent);
			q->sent += n > 0 ? (size_t)n : 0;
		}
		if (n >= 0 && p.revents & ~POLLOUT && (n = read(fd, in, sizeof in)) > 0)
			take(q, in, (size_t)n);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return errno == EPIPE || errno == ECONNRESET ? ERROR_UNANSWERED : ERROR_SYSTEM;
	}
	return ERROR_NONE;
}

/* Returns 0 or an errno. */
static int
start(pid_t *pid, const char *hash, int fd)
{
	char path[4096], *env[] = { path, NULL };
	char *argv[] = { "ssh-keygen", "-l", "-E", (char *)hash, "-f", "-", NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	struct rlimit was, limit;
	sigset_t normal;
	int r;

	(void)snprintf(path, sizeof path, "PATH=%s", getenv("PATH") != NULL ? getenv("PATH") : "");
	sigemptyset(&normal);
	sigaddset(&normal, SIGPIPE);
	if ((r = posix_spawn_file_actions_init(&files)) != 0)
		return r;
	if ((r = posix_spawnattr_init(&how)) != 0)
		goto out;
	if ((r = posix_spawn_file_actions_adddup2(&files, fd, STDIN_FILENO)) == 0 &&
	    (r = posix_spawn_file_actions_adddup2(&files, fd, STDOUT_FILENO)) == 0 &&
	    (r = posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0)) == 0 &&
	    (r = posix_spawnattr_setsigdefault(&how, &normal)) == 0 &&
	    (r = posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF)) == 0) {
		/* ssh-keygen inherits the limit */
		(void)getrlimit(RLIMIT_AS, &was);
		limit = was;
		if (limit.rlim_cur > MEMORY)
			limit.rlim_cur = MEMORY;
#ifndef XFERKEY_SANITIZE        /* a sanitizer itself needs more */
		(void)setrlimit(RLIMIT_AS, &limit);
#endif
		r = posix_spawnp(pid, argv[0], &files, &how, argv, env);
		(void)setrlimit(RLIMIT_AS, &was);
	}
	posix_spawnattr_destroy(&how);
out:
	posix_spawn_file_actions_destroy(&files);
	return r;
}

int
authorized_openssh_find(struct slice text, const char *fingerprint, struct buffer *lines)
{
	struct question q = { .fingerprint = fingerprint, .rest = text, .line = 1,
	    .out = BUFFER_INIT(text.n + 4 * PIECE), .lines = lines };
	struct timespec now = { 0, 0 };
	int fd[2] = { -1, -1 }, status = -1, r = ERROR_SYSTEM, error;
	pid_t pid = -1;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)snprintf(q.mark, sizeof q.mark, "xferkey-%ld-%ld-", (long)getpid(), (long)now.tv_nsec);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0 && fcntl(fd[0], F_SETFD, FD_CLOEXEC) == 0 &&
	    fcntl(fd[1], F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd[0], F_SETFL, O_NONBLOCK) == 0) {
		errno = start(&pid, fingerprint_named(fingerprint), fd[1]);
		r = errno == 0 ? ERROR_NONE : errno == ENOMEM ? ERROR_MEMORY :
		    errno == ENOENT || errno == EACCES ? ERROR_UNANSWERED : ERROR_SYSTEM;
	}
	io_close(fd[1]);
	if (r == ERROR_NONE)
		r = converse(&q, fd[0]);
	io_close(fd[0]);
	error = errno;
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	errno = error;
	buffer_free(&q.out);
	return r == ERROR_NONE && (!q.complete || status != 0) ? ERROR_UNANSWERED : r;
}
