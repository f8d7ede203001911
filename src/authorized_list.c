#include "authorized_list.h"
#include "authorized_keys.h"
#include "base64.h"
#include "escape.h"
#include "fingerprint.h"
#include "key_error.h"

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
	r = fingerprint_text(out, d, "SHA256", &l->view) == 0 ? KEY_OK : KEY_E_CRYPTO;
	(void)snprintf(bits, sizeof bits, "\t%u\t", l->view.bits);
	buffer_puts(out, bits);
	buffer_put_slice(out, l->view.type != NULL ? slice_str(l->view.type->show) : l->view.name);
	buffer_puts(out, "\t");
	escape_put(out, l->options.n > 0 ? l->options : slice_str("-"));
	buffer_puts(out, "\t");
	if (word != NULL) {
		buffer_put_slice(out, l->view.name);
		buffer_puts(out, " ");
		base64_put(out, l->view.blob, 0);
		buffer_puts(out, "\t");
	}
	escape_put(out, l->comment);
	return buffer_puts(out, "\n") == 0 ? r : KEY_E_MEMORY;
}

int
authorized_list_put(struct buffer *out, const char *word, const char *next, struct slice text)
{
	struct digest *d = digest_new("SHA256");
	struct buffer blob = BUFFER_EMPTY;
	struct authorized_line line;
	int r = d != NULL ? KEY_OK : KEY_E_CRYPTO;

	while (r == KEY_OK && authorized_keys_next(&text, &line, &blob)) {
		r = put_line(out, word, d, &line);
		word = next;
	}
	buffer_free(&blob);
	digest_free(d);
	return r;
}
