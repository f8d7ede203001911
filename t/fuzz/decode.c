/*
 * decode: what a private key's file leaves to decode: the index of the format's
 * row, that of the type's (one past the last: unknown), a public blob as a
 * string of RFC 4251, and the private part, decrypted. seed.c makes such from
 * files.
 */
#undef NDEBUG
#include "escape.h"
#include "key_error.h"
#include "key_format.h"
#include "ssh_wire.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct key_format *
format_row(size_t i)
{
	size_t rows;

	for (rows = 0; key_format_row(rows) != NULL; rows++)
		continue;
	return key_format_row(i % rows);
}

static const struct key_type *
type_row(size_t i)
{
	size_t rows;

	for (rows = 0; key_type_row(rows) != NULL; rows++)
		continue;
	return key_type_row(i % (rows + 1));
}

/* The parts of the same key, or its secret number where the format holds no more. */
static void
check_same(const struct key *k, const struct key_parts *parts)
{
	struct slice field[KEY_TYPE_FIELDS], secret;

	assert(parts->type == k->type && key_fields(k, field) == 0);
	if (parts->priv.n > 0) {
		assert(slice_eq(buffer_slice(&k->priv), buffer_slice(&parts->priv)));
		return;
	}
	secret = field[strlen(k->type->priv) - 1];
	if (k->type->family == KEY_EDDSA)
		secret.n = k->type->bytes;
	assert(slice_eq(slice_without_zeros(buffer_slice(&parts->seed)), slice_without_zeros(secret)));
}

/* What a format writes of a key, without protection, is read as the same key. */
static void
check_written(const struct key_format *f, const struct key *k)
{
	struct envelope e = { .format = f, .prot = { .mac = f->mac },
	    .pub = buffer_slice(&k->pub) };
	struct envelope opened = ENVELOPE_EMPTY;
	struct buffer plain = BUFFER_EMPTY, text = BUFFER_EMPTY, comment = BUFFER_EMPTY;
	struct key_parts again = KEY_PARTS_EMPTY;

	escape_put(&comment, buffer_slice(&k->comment));
	e.comment = buffer_slice(&comment);
	if (f->encode(k, &e, &plain) == KEY_OK) {
		e.sealed = buffer_slice(&plain);
		assert(f->frame(&e, &text) == KEY_OK);
		opened.format = f;
		assert(f->open(buffer_slice(&text), &opened) == KEY_OK);
		assert(slice_eq(opened.sealed, e.sealed));
		assert(f->decode(&opened, opened.sealed, &again) == KEY_OK);
		check_same(k, &again);
		assert(again.comment.n == 0 || slice_eq(buffer_slice(&again.comment), e.comment) ||
		    slice_eq(buffer_slice(&again.comment), buffer_slice(&k->comment)));
	}
	buffer_free(&plain);
	buffer_free(&text);
	buffer_free(&comment);
	envelope_free(&opened);
	key_parts_free(&again);
}

/* Written as it came, and in another format that the input chooses. */
static void
check_key(const struct key *k, const struct key_format *came, const struct key_format *other)
{
	struct slice field[KEY_TYPE_FIELDS];
	struct key_view view;

	assert(key_fields(k, field) == 0);
	assert(key_view_parse(buffer_slice(&k->pub), &view) == KEY_OK && view.type == k->type);
	if (came->encode != NULL)
		check_written(came, k);
	if (other->encode != NULL && other != came)
		check_written(other, k);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice in = slice_of(p, n);
	struct envelope e = ENVELOPE_EMPTY;
	struct key_parts parts = KEY_PARTS_EMPTY;
	struct key k = KEY_EMPTY;
	uint8_t format, type;

	if (ssh_wire_get_u8(&in, &format) != 0 || ssh_wire_get_u8(&in, &type) != 0 ||
	    ssh_wire_get_string(&in, &e.pub) != 0)
		return 0;
	e.format = format_row(format);
	e.type = type_row(type);
	if (e.format->decode != NULL && e.format->decode(&e, in, &parts) == KEY_OK) {
		assert(parts.type != NULL && (parts.priv.n > 0 || parts.seed.n > 0));
		if (parts.priv.n > 0 &&
		    key_set_private(&k, parts.type, buffer_slice(&parts.priv)) == KEY_OK) {
			buffer_move(&k.crt, &parts.crt);
			buffer_move(&k.comment, &parts.comment);
			check_key(&k, e.format, format_row(p[n - 1]));
		}
	}
	key_parts_free(&parts);
	key_free(&k);
	return 0;
}
