/* mail-parts: a helper of intake: prints the parts of mail messages that may hold a key. */
#include "base/error.h"
#include "base/io.h"
#include "base/row.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "encoding/base64.h"
#include "mail/mail_box.h"
#include "mail/mail_parts.h"
#include "reader/key_received.h"

#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

const char die_tool[] = "mail-parts";

static const char usage[] =
"usage: xferkey-mail-parts [-h] [FILE|MAILDIR|-] ...\n"
"\n"
"Prints tab-separated columns for each message in the files or Maildirs: \"message\",\n"
"sender, date, subject, claimed account, what was not read; and in base64 the text,\n"
"the text of HTML, the renewal and the binary parts. \"-\" is none. The last row is\n"
"\"end\" and the number of messages.\n";

enum { NOBODY = 65534, SECONDS = 10 };

struct job {
	unsigned long messages;
	int status;
};

static void
limit(int what, rlim_t most)
{
	if (setrlimit(what, &(struct rlimit){ most, most }) != 0)
		die("setrlimit:");
}

/* For the process that parses: no other user's rights, no new file, socket or process. */
static void
confine(void)
{
	if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		die("nobody:");
	limit(RLIMIT_CPU, SECONDS);
	limit(RLIMIT_FSIZE, 0);
#ifndef XFERKEY_SANITIZE                /* it needs files and much room */
	limit(RLIMIT_NOFILE, 0);
	limit(RLIMIT_AS, (rlim_t)1 << 30);
#endif
#ifdef RLIMIT_NPROC
	limit(RLIMIT_NPROC, 0);
#endif
}

/* Appends the account that the text is for, in the words of xferkey mail; nothing if there are several. */
static void
put_account(struct slice text, struct buffer *account)
{
	struct buffer names = BUFFER_INIT(4 * BUFFER_MAX);
	struct slice rest, line;

	if (key_received_check(text, &names) == ERROR_MEMORY)
		buffer_fail(account);
	for (rest = buffer_slice(&names); rest.n > 0;) {
		if (!slice_starts(line = slice_line(&rest), "account "))
			continue;
		line = slice_skip(line, strlen("account "));
		if (account->n > 0 && !slice_eq(line, buffer_slice(account))) {
			buffer_truncate(account, 0);
			break;
		}
		buffer_truncate(account, 0);
		buffer_put_slice(account, line);
	}
	buffer_free(&names);
}

static void
put_base64(struct row *row, const char *name, const struct buffer *bytes, int left_out)
{
	struct buffer text = BUFFER_INIT(SIZE_MAX);

	if (!left_out)
		base64_put(&text, buffer_slice(bytes), 0);
	row_put(row, name, buffer_slice(&text));
	row->out->failed |= text.failed;
	buffer_free(&text);
}

static void
put_row(const struct mail_parts *m, struct buffer *out)
{
	struct row row = { .out = out, .form = ROW_COLUMNS };
	struct buffer account = BUFFER_EMPTY;

	put_account(buffer_slice(m->text.n > 0 ? &m->text : &m->html), &account);
	row_put(&row, "kind", slice_str("message"));
	row_put(&row, "from", buffer_slice(&m->from));
	row_put(&row, "date", buffer_slice(&m->date));
	row_put(&row, "subject", buffer_slice(&m->subject));
	row_put(&row, "account", buffer_slice(&account));
	row_put(&row, "note", slice_str(m->note != NULL ? m->note : ""));
	put_base64(&row, "text", &m->text, m->refused);
	put_base64(&row, "html", &m->html, m->refused);
	put_base64(&row, "renewal", &m->renewal, m->refused);
	row_put(&row, "binary", m->refused ? slice_str("") : slice_trim(buffer_slice(&m->binary)));
	row_end(&row);
	out->failed |= account.failed;
	buffer_free(&account);
}

/* In a process of its own: parses the message and writes its row to fd. */
static _Noreturn void
parse(struct slice message, int fd)
{
	struct mail_parts m = MAIL_PARTS_EMPTY;
	struct buffer out = BUFFER_INIT(SIZE_MAX);

	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	confine();
	if (mail_parts_read(message, &m) != ERROR_NONE)
		_exit(STATUS_NO);
	put_row(&m, &out);
	_exit(out.failed || io_write_all(fd, buffer_slice(&out)) != 0 ? STATUS_NO : STATUS_YES);
}

/* Has a process of its own parse the message. Sets out to its row, or returns the reason why there is no row. */
static const char *
parse_apart(struct slice message, struct buffer *out)
{
	int ends[2], status, r;
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0)
		die("a process for the parser:");
	if (child == 0)
		parse(message, ends[1]);
	close(ends[1]);
	r = io_read_all(ends[0], 0, out);
	close(ends[0]);
	return waitpid(child, &status, 0) == child && status == 0 && r == ERROR_NONE ? NULL :
	    "its parser failed, or needed too much time or memory";
}

static void
print_message(void *to, struct slice message, int error)
{
	struct job *job = to;
	struct buffer out = BUFFER_INIT((size_t)64 << 20);
	struct mail_parts none = MAIL_PARTS_EMPTY;

	none.note = error == ERROR_TOO_BIG ? "larger than 16 MiB" : error != ERROR_NONE ? error_text(error) :
	    slice_starts(message, "\xd0\xcf\x11\xe0") ?
	    "a .msg, of Outlook: ask for the .pub as an attachment" : parse_apart(message, &out);
	if (none.note != NULL) {
		none.refused = 1;
		buffer_free(&out);
		put_row(&none, &out);
		if (out.failed)
			die("out of memory");
	}
	fwrite(out.p, 1, out.n, stdout);
	fflush(stdout);         /* or the next child has it too */
	buffer_free(&out);
	job->messages++;
}

static void
fail(void *to, const char *path)
{
	((struct job *)to)->status = die_warn("%s:", path);
}

int
main(int argc, char **argv)
{
	struct job job = { 0, STATUS_YES };
	const struct mail_box box = { print_message, fail, &job, MAIL_PARTS_MESSAGE };
	void *kept[MAIL_PARTS_CHARSETS];
	int c, r;

	secret_guard();
	while ((c = getopt(argc, argv, ":h")) != -1)
		die_option(c, argv, usage);
	if ((r = mail_parts_begin(kept)) != ERROR_NONE)
		die("%s", r == ERROR_MEMORY ? error_text(r) : "built without GMime (libgmime-3.0-dev), which reads mail");
	if (argv[optind] == NULL)
		mail_box_read(&box, "-");
	for (argv += optind; *argv != NULL; argv++)
		mail_box_read(&box, *argv);
	printf("end\t%lu\n", job.messages);
	die_output();
	exit(job.status);
}
