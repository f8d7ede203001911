/* authlog: which key logged in to which account, first and last, by sshd's log. */
#include "base/error.h"
#include "base/row.h"
#include "cmd/die.h"
#include "log/log_table.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char die_tool[] = "authlog";

static const char usage[] =
"usage: xferkey authlog [-j] [file ...]\n"
"\n"
"Reads sshd's log in the files or on standard input: of syslog, or of journalctl\n"
"-o short-iso. Prints tab-separated columns for each account and key, sorted:\n"
"\n"
"  1 kind         login, certificate; of xferkey: authorized, revoked, superseded\n"
"  2 account\n"
"  3 fingerprint  SHA256\n"
"  4 first        the earliest and\n"
"  5 last         the latest time, in UTC\n"
"  6 count        how many times\n"
"  7 address      of last; or by whom, or by which key it is superseded\n"
"\n"
"The first row, \"log\", has the times of all lines of sshd's, and their number.\n"
"\n"
"  -j  prints one JSON object a line; null means none\n"
"\n"
"Status: 0 there is a row of a key, 1 there is none, 2 error: nothing is printed.\n";

/* time is NULL if there is none. */
static void
put_time(struct row *row, const char *name, const time_t *time)
{
	unsigned char room[32];
	struct buffer text = BUFFER_IN(room);

	if (time != NULL)
		buffer_put_utc(&text, *time);
	row_put(row, name, buffer_slice(&text));
}

/* Prints r, or the first row of all if r is NULL. */
static void
print(struct row *row, const struct log_table *t, const struct log_row *r)
{
	const struct slice none = slice_str("");
	const time_t *first = r != NULL ? &r->first : t->count > 0 ? &t->first : NULL;

	row_put(row, "kind", slice_str(r != NULL ? log_event_word(r->kind) : "log"));
	row_put(row, "account", r != NULL ? r->account : none);
	row_put(row, "fingerprint", r != NULL ? r->fingerprint : none);
	put_time(row, "first", first);
	put_time(row, "last", first == NULL ? NULL : r != NULL ? &r->last : &t->last);
	row_put_count(row, "count", r != NULL ? r->count : t->count);
	row_put(row, "address", r != NULL ? buffer_slice(&r->address) : none);
	row_end(row);
	if (row->out->failed)
		die("%s", error_text(row->out->failed));
	fwrite(row->out->p, 1, row->out->n, stdout);
	buffer_truncate(row->out, 0);
}

static void
read_file(struct log_table *t, const char *path)
{
	const int standard = strcmp(path, "-") == 0;
	const int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	const int r = fd < 0 ? ERROR_SYSTEM : log_table_read(t, fd);

	if (r == ERROR_SYSTEM)
		die("%s:", standard ? "standard input" : path);
	if (r != ERROR_NONE)
		die("%s", error_text(r));
	if (!standard)
		close(fd);
}

int
main(int argc, char **argv)
{
	struct buffer out = BUFFER_EMPTY;
	struct row row = { .out = &out, .form = ROW_COLUMNS };
	struct log_row *const *rows;
	struct log_table t;
	size_t i, n;
	int c;

	while ((c = getopt(argc, argv, ":jh")) != -1)
		switch (c) {
		case 'j': row.form = ROW_JSON; break;
		default: die_option(c, argv, usage);
		}
	unsetenv("TZ"); /* syslog uses the system's time zone */
	log_table_init(&t, time(NULL));
	if (optind == argc)
		read_file(&t, "-");
	for (; optind < argc; optind++)
		read_file(&t, argv[optind]);
	rows = log_table_rows(&t, &n);
	print(&row, &t, NULL);
	for (i = 0; i < n; i++)
		print(&row, &t, rows[i]);
	log_table_free(&t);
	buffer_free(&out);
	die_output();
	return n > 0 ? STATUS_YES : STATUS_NO;
}
