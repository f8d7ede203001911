#include "log/log_table.h"
#include "base/error.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE 65536

void
log_table_init(struct log_table *t, time_t now)
{
	*t = (struct log_table){ .stamp.now = now, .rows = BUFFER_INIT(SIZE_MAX) };
}

static int
compare_slices(struct slice a, struct slice b)
{
	const int r = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return r != 0 ? r : (a.n > b.n) - (a.n < b.n);
}

/* The order of the tree. */
static int
compare_keys(const void *one, const void *other)
{
	const struct log_row *a = one, *b = other;
	int r;

	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	if ((r = compare_slices(a->fingerprint, b->fingerprint)) == 0)
		r = compare_slices(a->account, b->account);
	return r != 0 ? r : (int)a->kind - (int)b->kind;
}

/* The order of the output. */
static int
compare_rows(const void *one, const void *other)
{
	const struct log_row *a = *(struct log_row *const *)one, *b = *(struct log_row *const *)other;
	int r = compare_slices(a->account, b->account);

	if (r == 0)
		r = compare_slices(a->fingerprint, b->fingerprint);
	return r != 0 ? r : (int)a->kind - (int)b->kind;
}

static void
free_row(struct log_row *row)
{
	buffer_free(&row->address);
	free(row);
}

/* Adds a copy of a row, with its texts behind it. Returns NULL if memory is short. */
static struct log_row *
add_row(struct log_table *t, const struct log_row *key)
{
	struct log_row *row = malloc(sizeof *row + key->account.n + key->fingerprint.n);
	unsigned char *text = (unsigned char *)(row + 1);

	if (row == NULL)
		return NULL;
	*row = *key;
	memcpy(text, key->account.p, key->account.n);
	memcpy(text + key->account.n, key->fingerprint.p, key->fingerprint.n);
	row->account.p = text;
	row->fingerprint.p = text + key->account.n;
	if (buffer_put(&t->rows, &row, sizeof row) != 0) {
		free_row(row);
		return NULL;
	}
	if (tsearch(row, &t->tree, compare_keys) != NULL)
		return row;
	buffer_truncate(&t->rows, t->rows.n - sizeof row);
	free_row(row);
	return NULL;
}

static int
count(struct log_table *t, const struct log_event *e)
{
	struct log_row key = { .kind = e->kind, .account = e->account, .fingerprint = e->fingerprint,
	    .address = BUFFER_EMPTY, .first = e->when, .last = e->when };
	struct log_row *const *found, *row;

	memcpy(&key.begin, e->fingerprint.p + strlen("SHA256:"), sizeof key.begin);
	found = tfind(&key, &t->tree, compare_keys);
	row = found != NULL ? *found : add_row(t, &key);
	if (row == NULL)
		return ERROR_MEMORY;
	row->count++;
	if (e->when < row->first)
		row->first = e->when;
	if (e->when < row->last)
		return ERROR_NONE;
	row->last = e->when;
	buffer_truncate(&row->address, 0);
	return buffer_put_slice(&row->address, e->address);
}

int
log_table_add(struct log_table *t, struct slice line)
{
	struct log_event *e = &t->event;

	if (!log_event_read(&t->stamp, line, e))
		return ERROR_NONE;
	if (e->sshd) {
		if (t->count == 0 || e->when < t->first)
			t->first = e->when;
		if (t->count == 0 || e->when > t->last)
			t->last = e->when;
		t->count++;
	}
	return e->kind != LOG_EVENT_NONE ? count(t, e) : ERROR_NONE;
}

int
log_table_read(struct log_table *t, int fd)
{
	unsigned char text[LINE];
	int e, whole = 1;       /* whole: the line has its beginning */
	struct slice rest, line;
	size_t kept = 0;
	ssize_t n;

	do {
		do
			n = read(fd, text + kept, sizeof text - kept);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return ERROR_SYSTEM;
		rest = slice_of(text, kept + (size_t)n);
		while (rest.n > 0 && (n == 0 || memchr(rest.p, '\n', rest.n) != NULL)) {
			line = slice_line(&rest);
			if (whole && (e = log_table_add(t, line)) != ERROR_NONE)
				return e;
			whole = 1;
		}
		kept = rest.n < sizeof text ? rest.n : 0;
		whole = whole && rest.n < sizeof text;
		memmove(text, rest.p, kept);
	} while (n > 0);
	return ERROR_NONE;
}

struct log_row *const *
log_table_rows(struct log_table *t, size_t *n)
{
	*n = t->rows.n / sizeof(struct log_row *);
	if (*n > 0)
		qsort(t->rows.p, *n, sizeof(struct log_row *), compare_rows);
	return (struct log_row *const *)(void *)t->rows.p;
}

void
log_table_free(struct log_table *t)
{
	struct log_row *const *row;
	size_t n;

	for (row = log_table_rows(t, &n); n > 0; n--, row++) {
		tdelete(*row, &t->tree, compare_keys);
		free_row(*row);
	}
	buffer_free(&t->rows);
}
