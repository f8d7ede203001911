/*
 * authlog: each row is of a whole message of a line, no classic time stamp is in the future, and the table
 * counts each line in one row.
 */
#include "fuzz.h"
#include "base/error.h"
#include "log/log_table.h"

#define NOW ((time_t)1700000000)

static int
is_within(struct slice s, struct slice line)
{
	return s.p >= line.p && s.p + s.n <= line.p + line.n;
}

static void
check_event(const struct log_event *e, struct slice line)
{
	if (e->kind == LOG_EVENT_NONE) {
		assert(e->sshd);
		return;
	}
	assert(e->account.n > 0);
	assert(is_within(e->fingerprint, line) && e->fingerprint.n == 50);
	assert(is_within(e->address, line) && e->address.n > 0 && slice_word(e->address) > 0);
	if (e->sshd)
		assert(slice_find(line, ": Accepted publickey for ") < line.n ||
		    slice_find(line, " Accepted publickey for ") < line.n);
	else
		assert(is_within(e->account, line) && slice_find(line, " for ") < line.n);
	if (line.p[0] >= 'A')
		assert(e->when <= NOW + 86400);
}

static void
check_rows(struct log_table *t, unsigned long lines)
{
	struct log_row *const *rows;
	unsigned long counted = 0;
	size_t i, n;

	rows = log_table_rows(t, &n);
	for (i = 0; i < n; i++) {
		assert(rows[i]->first <= rows[i]->last && rows[i]->count > 0);
		counted += rows[i]->count;
	}
	assert(counted == lines);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice text = slice_of(p, n), line;
	unsigned long lines = 0, sshd = 0;
	struct log_stamp s = { .now = NOW };
	struct log_table t;
	struct log_event e;

	log_table_init(&t, NOW);
	while (text.n > 0) {
		line = slice_line(&text);
		if (log_event_read(&s, line, &e)) {
			check_event(&e, line);
			lines += e.kind != LOG_EVENT_NONE;
			sshd += e.sshd != 0;
		}
		assert(log_table_add(&t, line) == ERROR_NONE);
	}
	assert(t.count == sshd);
	check_rows(&t, lines);
	log_table_free(&t);
	return 0;
}
