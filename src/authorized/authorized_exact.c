#include "authorized/authorized_exact.h"
#include "authorized/authorized_keys.h"
#include "authorized/authorized_rows.h"
#include "base/error.h"
#include "base/io.h"
#include "crypto/digest.h"
#include "keyfile/key_policy.h"

#include <stdlib.h>

/* A line of the file or, if wanted is 1, of the set. */
struct entry {
	unsigned char digest[DIGEST_MAX];       /* of the key */
	struct slice all, options;
	size_t number;
	int wanted;
	int moves;              /* it goes or comes */
};

struct sets {
	struct buffer entries;
	struct buffer was;      /* the file's lines in entries */
	struct buffer beside;   /* the file's other lines that have a key */
	struct buffer removed, added;
	struct digest *digest;
	int lets_in[2];         /* whether one of the lines, in a set, does; by .wanted */
	int works;              /* whether sshd lets a key of the file in */
};

/* Returns 0 if the line can be in a set, or an error. */
static int
fits(const struct authorized_line *line, time_t at)
{
	const int r = authorized_keys_judge(line, at);

	if (r != ERROR_NONE && r != ERROR_EXPIRED)
		return r == ERROR_UNCERTAIN ? ERROR_NOT_KEY : r;
	return line->blob.type == NULL ? ERROR_TYPE :
	    line->blob.type != key_blob_plain(&line->blob) ? ERROR_CERTIFICATE : ERROR_NONE;
}

/* Returns 0 if the one line of text can be in a set, 1 if it is empty or a comment, or an error. */
static int
check_line(struct slice text, time_t at, struct buffer *blob)
{
	struct authorized_line line;
	const struct slice trimmed = slice_trim(text);
	int r;

	if (trimmed.n == 0 || trimmed.p[0] == '#')
		return 1;
	if ((r = authorized_keys_next(&text, &line, blob)) != 1)
		return r < 0 ? r : ERROR_NOT_KEY;
	return fits(&line, at);
}

int
authorized_exact_lines(int fd, struct buffer *lines, unsigned long *at)
{
	struct buffer blob = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct slice text;
	size_t keys = 0;
	int r = io_read_all(fd, 65535, lines);

	text = buffer_slice(lines);
	*at = 0;
	if (r == ERROR_NONE && text.n > 0 && text.p[text.n - 1] != '\n')
		r = ERROR_NO_LINE_END;
	while (r >= ERROR_NONE && text.n > 0) {
		++*at;
		r = check_line(slice_line(&text), time(NULL), &blob);
		keys += r == ERROR_NONE;
	}
	buffer_free(&blob);
	if (r < ERROR_NONE)
		return r;
	*at = 0;
	return keys > 0 ? ERROR_NONE : ERROR_EMPTY;
}

/* Whether the line, in a set, would let its key in. */
static int
lets_in(const struct authorized_line *line, time_t at)
{
	const char *why;
	enum key_verdict verdict;

	if (authorized_keys_lets_in(line, at) != AUTHORIZED_YES)
		return 0;
	verdict = key_policy_server(line->blob.bytes, &why);
	return verdict == KEY_GOOD || verdict == KEY_DOUBTFUL;
}

/* Appends an entry for each line of text that can be in a set. */
static int
collect(struct sets *s, struct slice text, int wanted, time_t at)
{
	struct buffer blob = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct authorized_line line;
	struct entry entry = { .wanted = wanted };
	int r = ERROR_NONE, more;

	while (r == ERROR_NONE && (more = authorized_keys_next(&text, &line, &blob)) != 0) {
		if ((r = more < 0 ? more : ERROR_NONE) != ERROR_NONE)
			break;
		if (fits(&line, at) != ERROR_NONE) {
			buffer_put_slice(&s->beside, line.all);
			continue;
		}
		s->lets_in[wanted] = s->lets_in[wanted] || lets_in(&line, at);
		s->works = s->works || (!wanted && authorized_keys_lets_in(&line, at) == AUTHORIZED_YES);
		entry.all = line.all;
		entry.options = line.fields.options;
		entry.number++;
		r = digest_of(s->digest, &line.blob.bytes, 1, entry.digest);
		buffer_put(&s->entries, &entry, sizeof entry);
		if (!wanted)
			buffer_put_slice(&s->was, line.all);
	}
	buffer_free(&blob);
	return r;
}

static int
by_number(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->wanted != y->wanted ? x->wanted - y->wanted : x->number < y->number ? -1 : x->number > y->number;
}

static int
by_key(const void *a, const void *b)
{
	const int r = memcmp(((const struct entry *)a)->digest, ((const struct entry *)b)->digest, DIGEST_MAX);

	return r != 0 ? r : by_number(a, b);
}

/* Whether the n lines of one key are the same in the file and in the set. */
static int
same_lines(const struct entry *entry, size_t n)
{
	size_t i;

	for (i = 0; i < n / 2; i++)
		if (entry[i].wanted || !entry[n / 2 + i].wanted || !slice_eq(entry[i].options, entry[n / 2 + i].options))
			return 0;
	return n % 2 == 0;
}

/* Marks the lines that go or come. Returns how many. */
static size_t
compare(struct entry *entry, size_t n)
{
	size_t i, j, end, moves = 0;

	qsort(entry, n, sizeof *entry, by_key);
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && memcmp(entry[i].digest, entry[end].digest, DIGEST_MAX) == 0;)
			end++;
		if (same_lines(entry + i, end - i))
			continue;
		for (j = i; j < end; j++)
			entry[j].moves = 1;
		moves += end - i;
	}
	qsort(entry, n, sizeof *entry, by_number);
	return moves;
}

/* Sets text to the lines that stay, and those that come. */
static int
rewrite(struct sets *s, const struct entry *entry, size_t n, struct buffer *text)
{
	struct buffer all = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct slice from = buffer_slice(text);
	size_t i;

	for (i = 0; i < n && !entry[i].wanted; i++)
		if (entry[i].moves) {
			buffer_put(&all, from.p, (size_t)(entry[i].all.p - from.p));
			from = slice_skip(from, (size_t)(entry[i].all.p - from.p) + entry[i].all.n);
			buffer_put_slice(&s->removed, entry[i].all);
		}
	buffer_put_slice(&all, from);
	for (; i < n; i++)
		if (entry[i].moves)
			buffer_put_slice(&s->added, entry[i].all);
	if (all.n > 0 && all.p[all.n - 1] != '\n' && s->added.n > 0)
		buffer_puts(&all, "\n");
	buffer_put_slice(&all, buffer_slice(&s->added));
	buffer_move(text, &all);
	return text->failed ? text->failed : s->removed.failed ? s->removed.failed : s->added.failed;
}

static int
report(const struct authorized_edit *e, const struct sets *s)
{
	static const char *const words[] = { "# removed", "# added", "# beside" };
	const struct buffer *const lines[] = { &s->removed, &s->added, &s->beside };
	struct buffer *out = e->out;
	int i, r = ERROR_NONE;

	buffer_truncate(out, 0);
	if (s->was.n == 0 || (s->lets_in[1] && !s->lets_in[0]))
		buffer_printf(out, "%sno undo: authkeys -x refuses the lines that the file had: they let no key in\n",
		    e->terminal ? "" : "# ");
	for (i = 0; i < 3 && r == ERROR_NONE; i++)
		r = authorized_rows_put(out, words[i] + 2 * e->terminal, words[i] + 2 * e->terminal,
		    buffer_slice(lines[i]));
	if (!e->terminal && s->was.n > 0) {
		buffer_put_slice(out, buffer_slice(&s->was));
		if (out->n > 0 && out->p[out->n - 1] != '\n')
			buffer_puts(out, "\n");
	}
	return r != ERROR_NONE ? r : out->failed;
}

int
authorized_exact(const struct authorized_edit *e, struct buffer *text)
{
	const struct buffer none = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct sets s = { .entries = BUFFER_INIT(8 * AUTHORIZED_KEYS_MAX), .was = none, .beside = none,
	    .removed = none, .added = none, .digest = digest_new("SHA256") };
	struct entry *entry = NULL;
	const time_t at = time(NULL);
	size_t n = 0, moves = 0;
	int r = s.digest == NULL ? ERROR_CRYPTO : ERROR_NONE;

	if (r == ERROR_NONE && (r = collect(&s, buffer_slice(text), 0, at)) == ERROR_NONE)
		r = collect(&s, e->lines, 1, at);
	if (r == ERROR_NONE && (s.entries.failed || s.was.failed || s.beside.failed))
		r = ERROR_MEMORY;
	if (r == ERROR_NONE && slice_find(buffer_slice(text), "PRIVATE KEY-----") < text->n)
		r = ERROR_NOT_PUBLIC;
	if (r == ERROR_NONE) {
		entry = (struct entry *)(void *)s.entries.p;
		n = s.entries.n / sizeof *entry;
		if ((moves = compare(entry, n)) > 0)
			r = s.works && !s.lets_in[1] ? ERROR_LOCKOUT : rewrite(&s, entry, n, text);
	}
	if (r == ERROR_NONE && e->out != NULL)
		r = report(e, &s);
	buffer_free(&s.entries);
	buffer_free(&s.was);
	buffer_free(&s.beside);
	buffer_free(&s.removed);
	buffer_free(&s.added);
	digest_free(s.digest);
	return r != ERROR_NONE ? r : moves == 0;
}
