#include "authorized/authorized_replace.h"
#include "authorized/authorized_find.h"
#include "authorized/authorized_openssh.h"
#include "base/error.h"

void
authorized_replace_init(struct authorized_replace *r)
{
	const struct buffer none = BUFFER_INIT(AUTHORIZED_KEYS_MAX);

	*r = (struct authorized_replace){ .was = none, .now = none, .options = none, .fault = none };
}

void
authorized_replace_free(struct authorized_replace *r)
{
	buffer_free(&r->was);
	buffer_free(&r->now);
	buffer_free(&r->options);
	buffer_free(&r->fault);
}

/* Appends the line l to r->now, with the options rest and e->expiry. */
static void
put_expiring(const struct authorized_edit *e, const struct authorized_line *l, struct slice rest,
    struct buffer *now)
{
	const struct slice options = l->fields.options;
	const unsigned char *p = options.n > 0 ? options.p : l->fields.type.p;

	buffer_put(now, l->all.p, (size_t)(p - l->all.p));
	buffer_put_slice(now, rest);
	buffer_puts(now, rest.n > 0 ? "," : "");
	buffer_put_slice(now, e->expiry);
	buffer_puts(now, options.n > 0 ? "" : " ");
	p += options.n;
	buffer_put(now, p, (size_t)(l->all.p + l->all.n - p));
}

/* The new key gets the options of a line that has not expired, if there is one. */
static void
note_options(struct authorized_replace *r, const struct authorized_line *l, int lasts, struct slice rest)
{
	if (r->was.n == 0 || lasts > r->lasts) {
		buffer_truncate(&r->options, 0);
		buffer_put_slice(&r->options, rest);
		r->differ = 0;
	} else if (lasts == r->lasts && !r->differ && !slice_eq(rest, buffer_slice(&r->options))) {
		buffer_truncate(&r->fault, 0);
		buffer_put_slice(&r->fault, l->all);
		r->differ = 1;
	}
	r->lasts |= lasts;
}

/* Appends the line l to r->was, and with its expiry-time to r->now. Returns 0; 1 if its own stays; or
 * an error. */
static int
expire_line(const struct authorized_edit *e, const struct authorized_line *l, time_t at,
    struct authorized_replace *r)
{
	struct buffer rest = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	const int judged = authorized_keys_judge(l, at);
	int stays = 0, error = slice_eq(l->blob.bytes, e->blob) ? ERROR_SAME_KEY :
	    judged == ERROR_EXPIRED ? ERROR_NONE : judged;
	time_t until;

	if (error != ERROR_NONE) {
		buffer_truncate(&r->fault, 0);
		return buffer_put_slice(&r->fault, l->all) != 0 ? r->fault.failed : error;
	}
	if ((error = authorized_keys_until(l->fields.options, &rest, &until)) == ERROR_NONE) {
		note_options(r, l, judged == ERROR_NONE, buffer_slice(&rest));
		stays = until != AUTHORIZED_NEVER && until <= e->until;
		buffer_put_slice(&r->was, l->all);
		if (stays)
			buffer_put_slice(&r->now, l->all);
		else
			put_expiring(e, l, buffer_slice(&rest), &r->now);
	}
	buffer_free(&rest);
	return error != ERROR_NONE ? error : r->was.failed || r->now.failed || r->options.failed ||
	    r->fault.failed ? ERROR_MEMORY : stays;
}

int
authorized_replace_expire(const struct authorized_edit *e, struct buffer *text,
    struct authorized_replace *r)
{
	struct buffer all = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	const time_t at = time(NULL);
	struct authorized_find find;
	struct authorized_line line;
	struct slice from = buffer_slice(text);
	size_t done;
	int error = authorized_find_init(&find, from, e->fingerprint), more = 0, same = 1;

	while (error >= ERROR_NONE && (more = authorized_find_next(&find, &line)) > 0) {
		done = r->now.n;
		error = expire_line(e, &line, at, r);
		same = same && error == 1;
		buffer_put(&all, from.p, (size_t)(line.all.p - from.p));
		buffer_put(&all, r->now.p + done, r->now.n - done);
		from = find.rest;
	}
	buffer_put_slice(&all, from);
	if (error >= ERROR_NONE)
		error = more < 0 ? more : all.failed;
	buffer_move(text, &all);
	authorized_find_free(&find);
	return error < ERROR_NONE ? error : same;
}

int
authorized_replace_confirm(const struct authorized_edit *e, struct slice text)
{
	struct buffer print = BUFFER_EMPTY, lines = BUFFER_EMPTY;
	struct digest *d = digest_new("SHA256");
	struct key_blob blob;
	int r = d == NULL ? ERROR_CRYPTO : key_blob_parse(e->blob, &blob);

	if (r == ERROR_NONE && (r = fingerprint_text(&print, d, "SHA256", &blob)) == ERROR_NONE)
		r = buffer_string(&print) == NULL ? ERROR_MEMORY :
		    authorized_openssh_find(text, (const char *)print.p, &lines);
	if (r == ERROR_NONE && lines.n == 0)
		r = ERROR_UNFOUND;
	digest_free(d);
	buffer_free(&print);
	buffer_free(&lines);
	return r;
}
