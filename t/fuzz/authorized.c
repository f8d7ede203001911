/*
 * authorized: the lines of an authorized_keys file come in order, each found line
 * as it stands there; sshd's kind of line is found by its blob, and a written
 * expiry is an option.
 */
#undef NDEBUG
#include "authorized_keys.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A line that next takes for sshd's, with options that it knows, is what find finds. */
static void
check_line(const struct authorized_line *line, struct slice blob)
{
	struct slice file = line->all;
	struct authorized_line found;
	int known = line->options.n == 0 || authorized_keys_options(line->options);

	assert(authorized_keys_find(&file, blob, &found) == (!line->odd && known));
	assert(file.n == 0);
	if (!line->odd && known)
		assert(slice_eq(found.all, line->all) && slice_eq(found.options, line->options) &&
		    slice_eq(found.comment, line->comment));
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
		assert(slice_eq(line.view.blob, buffer_slice(&blob)));
		check_line(&line, buffer_slice(&blob));
	}
	assert(file.n == 0);
	buffer_free(&blob);
}

/* Any text as -e has it. */
static void
check_expiry(const uint8_t *p, size_t n)
{
	struct buffer options = BUFFER_EMPTY;
	char word[40];

	n = n < sizeof word ? n : sizeof word - 1;
	memcpy(word, p, n);
	word[n] = '\0';
	if (authorized_keys_expiry(&options, word, (time_t)1700000000) == 0)
		assert(authorized_keys_options(buffer_slice(&options)));
	buffer_free(&options);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n > 0) {
		check_lines(slice_of(p, n));
		(void)authorized_keys_options(slice_of(p, n));
		check_expiry(p, n);
	}
	return 0;
}
