/*
 * authorized: the lines of an authorized_keys file are found in order, byte for byte, and each line
 * alone is parsed in the same way; a written expiry is an option.
 */
#include "fuzz.h"
#include "authorized/authorized_keys.h"
#include "base/error.h"

/* The same line alone is parsed in the same way; its parts lie in it; and a line that sshd accepts
 * begins with its options or its key. */
static void
check_line(const struct authorized_line *line, struct slice blob)
{
	struct buffer again = BUFFER_EMPTY;
	struct slice file = line->all, text = slice_trim(line->all), first;
	struct authorized_line same;

	assert(authorized_keys_next(&file, &same, &again) == 1 && file.n == 0);
	assert(slice_eq(buffer_slice(&again), blob) && same.odd == line->odd);
	assert(slice_eq(same.fields.options, line->fields.options) && slice_eq(same.fields.comment, line->fields.comment));
	first = line->fields.options.n > 0 ? line->fields.options : line->blob.name;
	if (authorized_keys_lets_in(line, 0) == AUTHORIZED_YES)
		assert(text.n > line->fields.options.n && memcmp(text.p, first.p, first.n) == 0 &&
		    authorized_keys_limits(line->fields.options).expires >= 0);
	buffer_free(&again);
}

static void
check_lines(struct slice text)
{
	struct buffer blob = BUFFER_EMPTY;
	struct slice file = text;
	struct authorized_line line;
	const unsigned char *end = text.p;

	while (authorized_keys_next(&file, &line, &blob)) {
		assert(line.all.p >= end && line.all.n > 0);
		end = line.all.p + line.all.n;
		assert(end == file.p || file.n == 0);
		assert(end <= text.p + text.n && (end[-1] == '\n' || end == text.p + text.n));
		assert(memchr(line.all.p, '\n', line.all.n - 1) == NULL);
		assert(slice_eq(line.blob.bytes, buffer_slice(&blob)));
		check_line(&line, buffer_slice(&blob));
	}
	assert(file.n == 0);
	buffer_free(&blob);
}

/* Any text as options: without its expiry-time, the rest is accepted, and does not end. */
static void
check_until(const uint8_t *p, size_t n)
{
	struct buffer rest = BUFFER_EMPTY, again = BUFFER_EMPTY;
	time_t until;

	if (authorized_keys_options(slice_of(p, n), 0) == ERROR_NONE) {
		assert(authorized_keys_until(slice_of(p, n), &rest, &until) == ERROR_NONE);
		assert(until == AUTHORIZED_NEVER || until > 0);
		assert(rest.n == 0 || authorized_keys_options(buffer_slice(&rest), 0) == ERROR_NONE);
		assert(authorized_keys_until(buffer_slice(&rest), &again, &until) == ERROR_NONE);
		assert(until == AUTHORIZED_NEVER && slice_eq(buffer_slice(&rest), buffer_slice(&again)));
	}
	buffer_free(&rest);
	buffer_free(&again);
}

/* Any text as the argument of -e. */
static void
check_expiry(const uint8_t *p, size_t n)
{
	struct buffer options = BUFFER_EMPTY;
	char word[40];

	n = n < sizeof word ? n : sizeof word - 1;
	memcpy(word, p, n);
	word[n] = '\0';
	if (authorized_keys_expiry(&options, word, (time_t)1700000000) == 0)
		assert(authorized_keys_options(buffer_slice(&options), (time_t)1700000000) == ERROR_NONE);
	buffer_free(&options);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 0) {
		check_lines(slice_of(p, n));
		(void)authorized_keys_options(slice_of(p, n), 0);
		check_until(p, n);
		check_expiry(p, n);
	}
	return 0;
}
