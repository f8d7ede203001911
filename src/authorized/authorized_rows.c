#include "authorized/authorized_rows.h"
#include "authorized/authorized_keys.h"
#include "base/error.h"
#include "base/escape.h"
#include "encoding/base64.h"
#include "keyfile/fingerprint.h"

static void
put_options(struct buffer *out, const struct authorized_line *l)
{
	escape_put(out, l->fields.options.n > 0 ? l->fields.options : slice_str("-"));
}

/* Whether sshd lets the line's key in now. */
static const char *
lets_in(const struct authorized_line *line)
{
	static const char *const words[] = { [AUTHORIZED_NO] = "no", [AUTHORIZED_YES] = "yes",
	    [AUTHORIZED_UNKNOWN] = "unclear" };

	return words[authorized_keys_lets_in(line, time(NULL))];
}

/* Appends a row without its line end. */
static int
put_columns(struct buffer *out, const char *word, struct digest *d, const struct authorized_line *l)
{
	int r;

	if (word != NULL)
		buffer_printf(out, "%s\t", *word != '\0' ? word : lets_in(l));
	r = fingerprint_text(out, d, "SHA256", &l->blob);
	buffer_printf(out, "\t%u\t", l->blob.bits);
	buffer_put_slice(out, l->blob.type != NULL ? slice_str(l->blob.type->show) : l->blob.name);
	buffer_puts(out, "\t");
	put_options(out, l);
	buffer_puts(out, "\t");
	if (word != NULL) {
		buffer_put_slice(out, l->blob.name);
		buffer_puts(out, " ");
		base64_put(out, l->blob.bytes, 0);
		buffer_puts(out, "\t");
	}
	escape_put(out, l->fields.comment);
	return out->failed ? out->failed : r;
}

/* Appends a column: the time until which the line's key is accepted. */
static int
put_until(struct buffer *out, const struct authorized_line *l)
{
	struct buffer rest = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	time_t until;
	const int r = authorized_keys_until(l->fields.options, &rest, &until);

	buffer_puts(out, "\t");
	if (r == ERROR_NONE && until != AUTHORIZED_NEVER)
		buffer_put_utc(out, until);
	else
		buffer_puts(out, "-");
	buffer_free(&rest);
	return out->failed ? out->failed : r == ERROR_UNKNOWN_OPTIONS ? ERROR_NONE : r;
}

/* was: NULL, or lines whose keys are those of lines. */
static int
put_rows(struct buffer *out, const char *word, const char *next, struct slice lines, struct slice *was)
{
	struct buffer blob = BUFFER_INIT(AUTHORIZED_KEYS_MAX), blob_was = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct authorized_line line, line_was;
	struct digest *d = digest_new("SHA256");
	int r = d == NULL ? ERROR_CRYPTO : ERROR_NONE, more = 0;

	while (r == ERROR_NONE && (more = authorized_keys_next(&lines, &line, &blob)) > 0) {
		r = put_columns(out, word, d, &line);
		if (r == ERROR_NONE && was != NULL) {
			r = authorized_keys_next(was, &line_was, &blob_was) > 0 ? ERROR_NONE : ERROR_MEMORY;
			buffer_puts(out, "\t");
			if (r == ERROR_NONE)
				put_options(out, &line_was);
		}
		if (r == ERROR_NONE && (was != NULL || (word != NULL && *word == '\0')))
			r = put_until(out, &line);
		buffer_puts(out, "\n");
		word = next;
	}
	digest_free(d);
	buffer_free(&blob);
	buffer_free(&blob_was);
	return r != ERROR_NONE ? r : more < 0 ? more : out->failed;
}

int
authorized_rows_put(struct buffer *out, const char *word, const char *next, struct slice lines)
{
	return put_rows(out, word, next, lines, NULL);
}

int
authorized_rows_superseded(struct buffer *out, struct slice was, struct slice now)
{
	return put_rows(out, "superseded", "superseded", now, &was);
}
