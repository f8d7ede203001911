#include "authorized/authorized_list.h"
#include "authorized/authorized_keys.h"
#include "base/error.h"
#include "base/escape.h"
#include "encoding/base64.h"
#include "keyfile/fingerprint.h"

#include <stdio.h>

static int
put_line(struct buffer *out, const char *word, struct digest *d, const struct authorized_line *l)
{
	char bits[16];
	int r;

	if (word != NULL) {
		buffer_puts(out, word);
		buffer_puts(out, "\t");
	}
	r = fingerprint_text(out, d, "SHA256", &l->blob) == 0 || out->failed ? ERROR_NONE : ERROR_CRYPTO;
	(void)snprintf(bits, sizeof bits, "\t%u\t", l->blob.bits);
	buffer_puts(out, bits);
	buffer_put_slice(out, l->blob.type != NULL ? slice_str(l->blob.type->show) : l->blob.name);
	buffer_puts(out, "\t");
	escape_put(out, l->fields.options.n > 0 ? l->fields.options : slice_str("-"));
	buffer_puts(out, "\t");
	if (word != NULL) {
		buffer_put_slice(out, l->blob.name);
		buffer_puts(out, " ");
		base64_put(out, l->blob.bytes, 0);
		buffer_puts(out, "\t");
	}
	escape_put(out, l->fields.comment);
	buffer_puts(out, "\n");
	return out->failed ? ERROR_MEMORY : r;
}

int
authorized_list_put(struct buffer *out, struct digest *d, const char *word, const char *next,
    struct slice text)
{
	struct buffer blob = BUFFER_INIT(AUTHORIZED_KEYS_MAX);
	struct authorized_line line;
	int r = ERROR_NONE, more = 0;

	while (r == ERROR_NONE && (more = authorized_keys_next(&text, &line, &blob)) > 0) {
		r = put_line(out, word, d, &line);
		word = next;
	}
	buffer_free(&blob);
	return r == ERROR_NONE && more < 0 ? more : r;
}
