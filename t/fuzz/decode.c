/*
 * decode: what a private key's file leaves to decode: the index of the format's
 * row, that of the type's (one past the last: unknown), a public blob as a
 * string of RFC 4251, and the private part, decrypted. seed.c makes such from
 * files.
 */
#include "fuzz.h"
#include "base/error.h"
#include "base/escape.h"
#include "encoding/ssh_wire.h"
#include "format/format.h"

static const struct format *
any_format(size_t i)
{
	size_t rows;

	for (rows = 0; format_row(rows) != NULL; rows++)
		continue;
	return format_row(i % rows);
}

static const struct key_type *
type_row(size_t i)
{
	size_t rows;

	for (rows = 0; key_type_row(rows) != NULL; rows++)
		continue;
	return key_type_row(i % (rows + 1));
}

/* The parts of the same key, or its secret number if the format holds no more. */
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

/* A format's unprotected output for a key is read as the same key. */
static void
check_written(const struct format *f, const struct key *k)
{
	struct key_file made = { .format = f, .protection = { .mac = f->mac } }, read = KEY_FILE_EMPTY;
	struct buffer plain = BUFFER_EMPTY, text = BUFFER_EMPTY, comment = BUFFER_EMPTY;
	struct key_parts again = KEY_PARTS_EMPTY;

	escape_put(&comment, buffer_slice(&k->comment));
	made.comment = buffer_slice(&comment);
	assert(key_blob_parse(buffer_slice(&k->pub), &made.blob) == ERROR_NONE);
	if (f->encode(k, &made, &plain) == ERROR_NONE) {
		made.encrypted = buffer_slice(&plain);
		assert(f->frame(&made, &text) == ERROR_NONE);
		assert(format_parse(f, buffer_slice(&text), &read) == ERROR_NONE);
		assert(slice_eq(read.encrypted, made.encrypted));
		assert(f->decode(&read, read.encrypted, &again) == ERROR_NONE);
		check_same(k, &again);
		assert(again.comment.n == 0 || slice_eq(buffer_slice(&again.comment), made.comment) ||
		    slice_eq(buffer_slice(&again.comment), buffer_slice(&k->comment)));
	}
	buffer_free(&plain);
	buffer_free(&text);
	buffer_free(&comment);
	format_free(&read);
	key_parts_free(&again);
}

/* The key is written in its own format, and in another one that the input chooses. */
static void
check_key(const struct key *k, const struct format *came, const struct format *other)
{
	struct slice field[KEY_TYPE_FIELDS];
	struct key_blob blob;

	assert(key_fields(k, field) == 0);
	assert(key_blob_parse(buffer_slice(&k->pub), &blob) == ERROR_NONE && blob.type == k->type);
	if (came->encode != NULL)
		check_written(came, k);
	if (other->encode != NULL && other != came)
		check_written(other, k);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice in = slice_of(p, n);
	struct key_file f = KEY_FILE_EMPTY;
	struct slice pub;
	struct key_parts parts = KEY_PARTS_EMPTY;
	struct key k = KEY_EMPTY;
	uint8_t format, type;

	if (ssh_wire_get_u8(&in, &format) != 0 || ssh_wire_get_u8(&in, &type) != 0 ||
	    ssh_wire_get_string(&in, &pub) != 0)
		return 0;
	if (key_blob_parse(pub, &f.blob) != ERROR_NONE)
		f.blob = (struct key_blob){ .type = NULL };
	f.format = any_format(format);
	f.type = type_row(type);
	if (f.format->decode != NULL && f.format->decode(&f, in, &parts) == ERROR_NONE) {
		assert(parts.type != NULL && (parts.priv.n > 0 || parts.seed.n > 0));
		if (parts.priv.n > 0 &&
		    key_set_private(&k, parts.type, buffer_slice(&parts.priv)) == ERROR_NONE) {
			buffer_move(&k.crt, &parts.crt);
			buffer_move(&k.comment, &parts.comment);
			check_key(&k, f.format, any_format(p[n - 1]));
		}
	}
	key_parts_free(&parts);
	key_free(&k);
	return 0;
}
