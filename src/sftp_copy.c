#include "sftp_copy.h"
#include "ssh_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum state { OPENING, COPYING, CLOSING, RENAMING };

struct sftp_copy_job {
	struct sftp_copy *copy;
	enum state state;
	int fd;
	char *from, *to, *final;
	struct sftp_attrs attrs;
	struct buffer handle;           /* the server's, as a string of the wire */
	uint64_t next, done;            /* not asked for yet; arrived */
	unsigned pending;               /* requests under way */
	int fresh;                      /* nothing of it is there */
	const char *fault;
	const char *faulty;             /* the name of the file that it is of */
};

static const char changed[] = "changed while it was copied";
/* Those of /proc say that they are empty, and are not. */
static const char longer[] = "longer than it says";

static struct slice
bare_handle(const struct sftp_copy_job *job)
{
	return slice_skip(buffer_slice(&job->handle), 4);
}

static void
end(struct sftp_copy_job *job)
{
	struct sftp_copy *copy = job->copy;
	unsigned i;

	for (i = 0; i < copy->active && copy->job[i] != job; i++)
		continue;
	if (i < copy->active)
		memmove(&copy->job[i], &copy->job[i + 1], (--copy->active - i) * sizeof copy->job[0]);
	if (job->fd != -1)
		close(job->fd);
	if (job->fault == NULL)
		copy->files++;
	else if (copy->channel->fault == NULL)
		copy->failed(copy->of, job->faulty, job->fault);
	buffer_free(&job->handle);
	free(job->from);
	free(job->to);
	free(job->final);
	free(job);
}

static void step(struct sftp_copy_job *job);

enum side { HERE, THERE };

static void
fail(struct sftp_copy_job *job, enum side side, const char *why)
{
	if (job->fault != NULL)
		return;
	job->fault = why;
	if (job->copy->upload == (side == HERE))
		job->faulty = job->from;
	else
		job->faulty = job->final != NULL ? job->final : job->to;
}

/* Sends the body, whose memory it takes. */
static void
request(struct sftp_copy_job *job, uint8_t type, struct buffer *body, sftp_handler *handler,
    uint64_t offset, uint32_t n)
{
	if (sftp_channel_send(job->copy->channel, type, body, handler, job, offset, n) == 0)
		job->pending++;
	buffer_free(body);
}

/* The answer to what can only go well or not. */
static void
ordered(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct sftp_copy_job *job = of;

	(void)offset;
	(void)n;
	job->pending--;
	if (reply->type != SFTP_STATUS || reply->status != SFTP_OK)
		fail(job, THERE, sftp_channel_text(reply->status));
	step(job);
}

static void
written(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct sftp_copy_job *job = of;

	if (reply->type == SFTP_STATUS && reply->status == SFTP_OK) {
		job->done += n;
		job->copy->bytes += n;
	}
	ordered(of, offset, n, reply);
}

/* The last look at the source: of this machine, or at what the server says. */
static void
check_source(struct sftp_copy_job *job, const struct sftp_attrs *now)
{
	if (job->attrs.has & SFTP_ATTRS_SIZE && (now->size != job->attrs.size ||
	    (now->has & job->attrs.has & SFTP_ATTRS_TIMES && now->mtime != job->attrs.mtime) ||
	    now->version != job->attrs.version))
		fail(job, job->copy->upload ? HERE : THERE, changed);
}

static int
open_here(struct sftp_copy_job *job)
{
	const int create = !job->fresh ? 0 : job->final != NULL ? O_CREAT | O_EXCL : O_CREAT | O_TRUNC;
	struct stat st;
	unsigned char c;

	if (job->copy->upload)
		job->fd = open(job->from, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	else
		job->fd = open(job->to, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | create |
		    (job->final != NULL ? O_NOFOLLOW : 0), (job->attrs.mode & 0777) | 0600);
	if (job->fd == -1 || fstat(job->fd, &st) != 0)
		return -1;
	if (job->copy->upload) {
		struct sftp_attrs now = sftp_attrs_of(&st);

		check_source(job, &now);
		if (job->attrs.size == 0 && pread(job->fd, &c, 1, 0) > 0)
			fail(job, HERE, longer);
	} else if (!S_ISREG(st.st_mode)) {
		fail(job, HERE, "there is something else than a file");
	}
	return 0;
}

static void was_read(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply);

static void
ask_data(struct sftp_copy_job *job, uint64_t offset, uint32_t n)
{
	if (sftp_channel_read(job->copy->channel, buffer_slice(&job->handle), offset, n, was_read, job) == 0)
		job->pending++;
}

/* A server may give less than was asked for: the rest is asked for again. */
static void
was_read(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct sftp_copy_job *job = of;
	struct slice body = reply->body, data;

	job->pending--;
	if (job->attrs.size == 0) {
		if (reply->type != SFTP_STATUS || reply->status != SFTP_EOF)
			fail(job, THERE, longer);
		else if (open_here(job) != 0)
			fail(job, HERE, strerror(errno));
	} else if (reply->type != SFTP_DATA) {
		fail(job, THERE, reply->status == SFTP_EOF ? changed : sftp_channel_text(reply->status));
	} else if (ssh_wire_get_string(&body, &data) != 0 || data.n == 0 || data.n > n) {
		fail(job, THERE, "an answer that does not fit");
	} else if (job->fault == NULL) {
		ssize_t put = pwrite(job->fd, data.p, data.n, (off_t)offset);

		if (put == -1 || (size_t)put != data.n)
			fail(job, HERE, put == -1 ? strerror(errno) : "the disk is full");
		job->done += data.n;
		job->copy->bytes += data.n;
		if (data.n < n && job->fault == NULL)
			ask_data(job, offset + data.n, n - (uint32_t)data.n);
	}
	step(job);
}

static void
opened(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct sftp_copy_job *job = of;

	(void)offset;
	(void)n;
	job->pending--;
	if (reply->type == SFTP_HANDLE && reply->body.n >= 4 && reply->body.n <= 4 + 256) {
		if (buffer_put_slice(&job->handle, reply->body) != 0) {
			fail(job, HERE, "out of memory");
			step(job);
			return;
		}
		job->state = COPYING;
		/* the source can be read: now what is here may be replaced */
		if (!job->copy->upload && job->attrs.size > 0 && open_here(job) != 0)
			fail(job, HERE, strerror(errno));
		if (!job->copy->upload && job->attrs.size == 0)
			ask_data(job, 0, 1);
	} else {
		fail(job, THERE, sftp_channel_text(reply->status));
	}
	step(job);
}

static void
looked(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct sftp_copy_job *job = of;
	struct slice body = reply->body;
	struct sftp_attrs now;

	(void)offset;
	(void)n;
	job->pending--;
	if (reply->type == SFTP_ATTRS && sftp_attrs_get(&body, &now) == 0)
		check_source(job, &now);
	step(job);
}

/* Mode and times; some servers keep none, and the file is right all the same. */
static void
was_set(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct sftp_copy_job *job = of;

	(void)offset;
	(void)n;
	job->pending--;
	if (reply->type != SFTP_STATUS || reply->status != SFTP_OK)
		job->copy->times_refused = 1;
	step(job);
}

static void
close_up(struct sftp_copy_job *job)
{
	struct buffer body = BUFFER_EMPTY;
	struct stat st;

	job->state = CLOSING;
	if (job->copy->upload && job->fault == NULL) {
		struct sftp_attrs now = { 0, 0, 0, 0, 0 };

		if (fstat(job->fd, &st) == 0)
			now = sftp_attrs_of(&st);
		check_source(job, &now);
	}
	if (job->fault == NULL) {
		buffer_put_slice(&body, buffer_slice(&job->handle));
		if (job->copy->upload)
			sftp_attrs_put(&body, &job->attrs);
		request(job, job->copy->upload ? SFTP_FSETSTAT : SFTP_FSTAT, &body,
		    job->copy->upload ? was_set : looked, 0, 0);
	}
	buffer_put_slice(&body, buffer_slice(&job->handle));
	request(job, SFTP_CLOSE, &body, ordered, 0, 0);
}

static void
ask_rename(struct sftp_copy_job *job, sftp_handler *handler)
{
	struct buffer body = BUFFER_EMPTY;
	const int posix = job->copy->channel->posix_rename;

	if (posix)
		ssh_wire_put_cstring(&body, "posix-rename@openssh.com");
	ssh_wire_put_cstring(&body, job->to);
	ssh_wire_put_cstring(&body, job->final);
	request(job, posix ? SFTP_EXTENDED : SFTP_RENAME, &body, handler, 0, 0);
}

static void
removed(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct sftp_copy_job *job = of;

	(void)offset;
	(void)n;
	(void)reply;
	job->pending--;
	ask_rename(job, ordered);
}

/* RENAME of version 3 does not replace: what is in the way goes, if it is that. */
static void
renamed(void *of, uint64_t offset, uint32_t n, const struct sftp_reply *reply)
{
	struct sftp_copy_job *job = of;
	struct buffer body = BUFFER_EMPTY;

	if (reply->type != SFTP_STATUS ||
	    (reply->status != SFTP_FAILURE && reply->status != SFTP_FILE_ALREADY_EXISTS)) {
		ordered(of, offset, n, reply);
		return;
	}
	job->pending--;
	ssh_wire_put_cstring(&body, job->final);
	request(job, SFTP_REMOVE, &body, removed, 0, 0);
}

/* The file has its content: it gets its name on the server. */
static void
rename_there(struct sftp_copy_job *job)
{
	job->state = RENAMING;
	ask_rename(job, job->copy->channel->posix_rename ? ordered : renamed);
}

static void
settle_here(struct sftp_copy_job *job)
{
	struct timespec times[2] = { { (time_t)job->attrs.mtime, 0 }, { (time_t)job->attrs.mtime, 0 } };
	const int fd = job->fd;

	if ((job->attrs.has & SFTP_ATTRS_MODE && fchmod(fd, job->attrs.mode & 0777) != 0) ||
	    (job->attrs.has & SFTP_ATTRS_TIMES && futimens(fd, times) != 0))
		job->copy->times_refused = 1;
	job->fd = -1;
	if (close(fd) != 0)
		fail(job, HERE, strerror(errno));
	if (job->fault == NULL && job->final != NULL && rename(job->to, job->final) != 0)
		fail(job, HERE, strerror(errno));
}

/* What comes next, once every answer is there. */
static void
step(struct sftp_copy_job *job)
{
	if (job->pending > 0)
		return;
	if (job->state == COPYING) {
		if (job->fault != NULL || job->next == job->attrs.size)
			close_up(job);
		return;
	}
	if (job->state == CLOSING && job->fault == NULL) {
		if (!job->copy->upload) {
			settle_here(job);
		} else if (job->final != NULL) {
			rename_there(job);
			return;
		}
	}
	end(job);
}

static void
send_data(struct sftp_copy_job *job, uint32_t n)
{
	struct sftp_channel *c = job->copy->channel;
	unsigned char *p = sftp_channel_data(c, bare_handle(job), n);
	ssize_t got = pread(job->fd, p, n, (off_t)job->next);

	if (got <= 0) {
		fail(job, HERE, got == 0 ? changed : strerror(errno));
		step(job);
		return;
	}
	if (sftp_channel_write(c, bare_handle(job), job->next, (uint32_t)got, written, job) == 0) {
		job->pending++;
		job->next += (uint64_t)got;
		job->copy->rate.taken += (uint64_t)got;
	}
}

/* One request for the bytes that come next; 0 where there is none to make. */
static int
feed_job(struct sftp_copy_job *job)
{
	struct sftp_channel *c = job->copy->channel;
	uint32_t n = job->copy->upload ? c->write_size : c->read_size;

	if (job->state != COPYING || job->fault != NULL || job->next == job->attrs.size ||
	    job->next - sftp_channel_oldest(c, job, job->next) >= SFTP_COPY_WINDOW - n)
		return 0;
	n = sftp_rate_most(&job->copy->rate, n);
	if (job->attrs.size - job->next < n)
		n = (uint32_t)(job->attrs.size - job->next);
	if (job->copy->upload) {
		send_data(job, n);
		return 1;
	}
	ask_data(job, job->next, n);
	job->next += n;
	job->copy->rate.taken += n;
	return 1;
}

static int
feed(void *of)
{
	struct sftp_copy *copy = of;
	unsigned i = 0;
	int wait = 0;

	if (copy->progress != NULL)
		copy->progress(copy->of, copy);
	while (i < copy->active && copy->channel->fault == NULL && sftp_channel_room(copy->channel) &&
	    (wait = sftp_rate_wait(&copy->rate)) == 0) {
		/* a job that ends here makes place for the next */
		struct sftp_copy_job *job = copy->job[i];

		if (!feed_job(job) && i < copy->active && copy->job[i] == job)
			i++;
	}
	return wait > 0 ? wait : -1;
}

void
sftp_copy_begin(struct sftp_copy *copy)
{
	copy->channel->feed = feed;
	copy->channel->feed_of = copy;
}

static void
open_there(struct sftp_copy_job *job)
{
	const uint32_t create = !job->fresh ? 0 : SFTP_OPEN_CREAT |
	    (job->final != NULL ? SFTP_OPEN_EXCL : SFTP_OPEN_TRUNC);
	struct buffer body = BUFFER_EMPTY;
	struct sftp_attrs a = { SFTP_ATTRS_MODE, 0, job->attrs.mode | 0600, 0, 0 };

	if (job->copy->upload) {
		ssh_wire_put_cstring(&body, job->to);
		ssh_wire_put_u32(&body, SFTP_OPEN_WRITE | create);
	} else {
		ssh_wire_put_cstring(&body, job->from);
		ssh_wire_put_u32(&body, SFTP_OPEN_READ);
		a.has = 0;
	}
	sftp_attrs_put(&body, &a);
	request(job, SFTP_OPEN, &body, opened, 0, 0);
}

static struct sftp_copy_job *
new_job(struct sftp_copy *copy, const struct sftp_copy_file *file)
{
	const struct buffer empty = BUFFER_EMPTY;
	struct sftp_copy_job *job = calloc(1, sizeof *job);

	if (job == NULL)
		return NULL;
	job->copy = copy;
	job->fd = -1;
	job->from = strdup(file->from);
	job->to = strdup(file->to);
	job->final = file->final != NULL ? strdup(file->final) : NULL;
	job->attrs = file->attrs;
	job->handle = empty;
	job->next = job->done = file->offset;
	job->fresh = file->offset == 0;
	if (job->from == NULL || job->to == NULL || (job->final == NULL && file->final != NULL)) {
		free(job->from);
		free(job->to);
		free(job->final);
		free(job);
		return NULL;
	}
	return job;
}

static int
is_under_way(const struct sftp_copy *copy, const struct sftp_copy_file *file)
{
	const char *name = file->final != NULL ? file->final : file->to;
	unsigned i;

	for (i = 0; i < copy->active; i++) {
		const struct sftp_copy_job *job = copy->job[i];

		if (strcmp(job->final != NULL ? job->final : job->to, name) == 0)
			return 1;
	}
	return 0;
}

int
sftp_copy_start(struct sftp_copy *copy, const struct sftp_copy_file *file)
{
	struct sftp_copy_job *job;

	while (copy->active == SFTP_COPY_JOBS || !sftp_channel_room(copy->channel) ||
	    is_under_way(copy, file)) {
		if (sftp_channel_turn(copy->channel) != 0)
			return -1;
	}
	if ((job = new_job(copy, file)) == NULL) {
		copy->failed(copy->of, file->from, "out of memory");
		return 0;
	}
	copy->job[copy->active++] = job;
	if (copy->upload && open_here(job) != 0)
		fail(job, HERE, strerror(errno));
	if (job->fault == NULL)
		open_there(job);
	else
		end(job);
	return copy->channel->fault == NULL ? 0 : -1;
}

int
sftp_copy_finish(struct sftp_copy *copy)
{
	while (copy->active > 0) {
		if (sftp_channel_turn(copy->channel) != 0)
			return -1;
	}
	return 0;
}

int
sftp_copy_now(const struct sftp_copy *copy, struct sftp_copy_progress *p)
{
	if (copy->active == 0)
		return 0;
	p->name = copy->job[0]->from;
	p->done = copy->job[0]->done;
	p->size = copy->job[0]->attrs.size;
	return 1;
}

void
sftp_copy_end(struct sftp_copy *copy)
{
	while (copy->active > 0) {
		fail(copy->job[0], THERE, "not copied");
		end(copy->job[0]);
	}
}
