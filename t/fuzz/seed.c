/*
 * seed: reads a key file and, where it holds a private key without protection,
 * writes what the target decode takes. Status 1 for any other file.
 */
#include "key_error.h"
#include "key_format.h"
#include "ssh_wire.h"

#include <stdio.h>

static unsigned char
format_index(const struct key_format *f)
{
	unsigned char i;

	for (i = 0; key_format_row(i) != f; i++)
		continue;
	return i;
}

static unsigned char
type_index(const struct key_type *t)
{
	unsigned char i;

	for (i = 0; key_type_row(i) != t; i++)
		continue;
	return i;
}

int
main(void)
{
	static unsigned char file[BUFFER_MAX];
	struct slice text = slice_of(file, fread(file, 1, sizeof file, stdin)), rest = text;
	const struct key_format *f = key_format_claiming(slice_line(&rest));
	struct envelope e = ENVELOPE_EMPTY;
	struct buffer out = BUFFER_EMPTY;
	int status = 1;

	e.format = f;
	if (f != NULL && f->decode != NULL && f->open(text, &e) == KEY_OK &&
	    e.prot.kdf == KDF_NONE) {
		ssh_wire_put_u8(&out, format_index(f));
		ssh_wire_put_u8(&out, type_index(e.type));
		ssh_wire_put_string(&out, e.pub);
		buffer_put_slice(&out, e.sealed);
		status = fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0;
	}
	buffer_free(&out);
	envelope_free(&e);
	return status;
}
