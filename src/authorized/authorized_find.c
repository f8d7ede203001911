#include "authorized/authorized_find.h"
#include "base/error.h"

int
authorized_find_init(struct authorized_find *f, struct slice text, const char *fingerprint)
{
	const char *hash = fingerprint_named(fingerprint);

	*f = (struct authorized_find){ .rest = text, .fingerprint = fingerprint, .hash = hash,
	    .digest = digest_new(hash), .blob = BUFFER_INIT(AUTHORIZED_KEYS_MAX), .shown = BUFFER_EMPTY };
	return f->digest != NULL ? ERROR_NONE : ERROR_CRYPTO;
}

int
authorized_find_next(struct authorized_find *f, struct authorized_line *line)
{
	int r = 0, more;

	while ((more = authorized_keys_next(&f->rest, line, &f->blob)) > 0) {
		buffer_truncate(&f->shown, 0);
		r = fingerprint_text(&f->shown, f->digest, f->hash, &line->blob);
		if (r != ERROR_NONE || slice_is(buffer_slice(&f->shown), f->fingerprint))
			return r != ERROR_NONE ? r : 1;
	}
	return more;
}

void
authorized_find_free(struct authorized_find *f)
{
	buffer_free(&f->blob);
	buffer_free(&f->shown);
	digest_free(f->digest);
}
