#include "key/key_blob.h"
#include "base/error.h"
#include "encoding/base64.h"
#include "encoding/ssh_wire.h"

const struct key_type *
key_blob_plain(const struct key_blob *blob)
{
	if (blob->type == NULL || blob->type->certified == NULL)
		return blob->type;
	return key_type_of(slice_str(blob->type->certified));
}

int
key_blob_parse(struct slice bytes, struct key_blob *blob)
{
	const struct key_type *plain;
	struct slice in = bytes, field[KEY_TYPE_FIELDS];
	size_t i;

	*blob = (struct key_blob){ .bytes = bytes };
	if (ssh_wire_get_string(&in, &blob->name) != 0 || blob->name.n == 0 || blob->name.n > 64)
		return ERROR_MALFORMED;
	blob->type = key_type_of(blob->name);
	if (blob->type == NULL && key_type_spelled(blob->name) != NULL)
		return ERROR_MALFORMED;
	for (i = 0; blob->type == NULL && i < blob->name.n; i++)
		if (blob->name.p[i] <= ' ' || blob->name.p[i] >= 0x7f)
			return ERROR_MALFORMED;
	plain = key_blob_plain(blob);
	if (plain == NULL)
		return 0;
	if (plain != blob->type && ssh_wire_get_string(&in, &field[0]) != 0)
		return ERROR_MALFORMED;
	blob->fields = in;
	if (key_type_take(plain, plain->pub, &in, field) != 0)
		return ERROR_MALFORMED;
	blob->fields.n -= in.n;
	blob->bits = key_type_bits(plain, field);
	if (plain != blob->type)
		return key_type_take_certificate(&in) == 0 ? 0 : ERROR_MALFORMED;
	return in.n == 0 ? 0 : ERROR_MALFORMED;
}

int
key_blob_is_spelling(int error)
{
	return error >= ERROR_SPACES && error <= ERROR_LIBERAL;
}

/* Takes a name as sshbuf_get_cstring does: one NUL may end it. */
static int
take_name(struct slice *in, struct slice *name, int *spelling)
{
	if (ssh_wire_get_string(in, name) != 0)
		return -1;
	if (name->n > 0 && name->p[name->n - 1] == '\0') {
		name->n--;
		*spelling = ERROR_NUL;
	}
	return name->n > 0 && memchr(name->p, '\0', name->n) != NULL ? -1 : 0;
}

/* Takes a number as sshbuf_get_bignum2 does: not negative; any number of zeros may precede it. */
static int
take_number(struct slice *in, struct slice *number, int *spelling)
{
	struct slice stated;

	if (ssh_wire_get_string(in, &stated) != 0 || (stated.n > 0 && stated.p[0] & 0x80))
		return -1;
	*number = slice_without_zeros(stated);
	if (number->n > SSH_WIRE_MPINT_BITS / 8)
		return -1;
	if (stated.n > number->n + (number->n > 0 && number->p[0] & 0x80 ? 1 : 0))
		*spelling = ERROR_ZEROS;
	return 0;
}

static int
take_field(const struct key_type *t, char letter, struct slice *in, struct slice *field,
    int *spelling)
{
	switch (letter) {
	case 'm':
	case 'o':
		return take_number(in, field, spelling);
	case 'a':
		return take_name(in, field, spelling);
	case 'c':
		return take_name(in, field, spelling) == 0 && slice_is(*field, t->curve) ? 0 : -1;
	default:
		return key_type_take(t, (const char[]){ letter, '\0' }, in, field);
	}
}

/* Appends the fields after the name in canonical form. In a certificate, the bytes after the
 * certified key stay unchanged. */
static int
put_rest(struct slice in, struct buffer *out, struct key_blob *blob, int *spelling)
{
	const struct key_type *plain = key_blob_plain(blob);
	struct slice field[KEY_TYPE_FIELDS];
	size_t i, from, to;

	if (plain != blob->type && (ssh_wire_get_string(&in, &field[0]) != 0 ||
	    ssh_wire_put_string(out, field[0]) != 0))
		return ERROR_MALFORMED;
	from = out->n;
	for (i = 0; plain->pub[i] != '\0'; i++)
		if (take_field(plain, plain->pub[i], &in, &field[i], spelling) != 0)
			return ERROR_MALFORMED;
	key_type_put(plain->pub, field, out);
	to = out->n;
	buffer_put_slice(out, in);
	blob->bits = key_type_bits(plain, field);
	/* sshd refuses an RSA key whose modulus is 0, but accepts a DSA key whose prime p is 0 */
	if ((plain == blob->type ? in.n > 0 : key_type_take_certificate(&in) != 0) ||
	    (plain->family == KEY_RSA && blob->bits == 0))
		return ERROR_MALFORMED;
	blob->bytes = buffer_slice(out);
	blob->name = slice_of(blob->bytes.p + 4, strlen(blob->type->name));
	blob->fields = slice_of(blob->bytes.p + from, to - from);
	return 0;
}

static int
canonical_form(struct slice bytes, struct buffer *out, struct key_blob *blob)
{
	struct slice in = bytes, name;
	int spelling = ERROR_LIBERAL, r;

	*blob = (struct key_blob){ .type = NULL };
	if (take_name(&in, &name, &spelling) != 0 ||
	    (blob->type = key_type_spelled(name)) == NULL)
		return ERROR_MALFORMED;
	if (!slice_is(name, blob->type->name))
		spelling = ERROR_ALIAS;
	ssh_wire_put_cstring(out, blob->type->name);
	r = put_rest(in, out, blob, &spelling);
	return out->failed ? out->failed : r == 0 ? spelling : r;
}

/* b64_pton(3) ignores white space. Blanks and tabs do not occur here: they end the field. */
static int
decode_spaced(struct slice base64, struct buffer *bytes)
{
	struct buffer bare = BUFFER_INIT(bytes->max);
	size_t n;
	int r = 0;

	for (; base64.n > 0; base64 = slice_skip(base64, n + (n < base64.n))) {
		for (n = 0; n < base64.n && (base64.p[n] < '\t' || base64.p[n] > '\r'); n++)
			continue;
		buffer_put(&bare, base64.p, n);
	}
	if (bare.failed)
		r = bare.failed;
	else if (base64_get(bytes, buffer_slice(&bare)) != 0)
		r = bytes->failed ? bytes->failed : ERROR_MALFORMED;
	buffer_free(&bare);
	return r;
}

/* Base64 without white space, the usual form, is tried first; if that fails, sets *spaced. */
static int
decode(struct slice base64, struct buffer *bytes, int *spaced)
{
	const size_t room = BASE64_ROOM(base64.n);
	struct slice rest = base64;
	unsigned char *to;
	size_t n;

	buffer_truncate(bytes, 0);
	if ((to = buffer_space(bytes, room)) == NULL)
		return bytes->failed;
	n = base64_take(to, room, &rest);
	buffer_truncate(bytes, rest.n == 0 ? n : 0);
	*spaced = bytes->n == 0;
	return *spaced ? decode_spaced(base64, bytes) : 0;
}

int
key_blob_decode(struct slice base64, struct buffer *bytes, struct key_blob *blob)
{
	struct buffer canonical = BUFFER_INIT(bytes->max);
	int spaced = 0, r;

	if (bytes->failed)
		return bytes->failed;
	if ((r = decode(base64, bytes, &spaced)) != 0)
		return r;
	if (key_blob_parse(buffer_slice(bytes), blob) == 0)
		return spaced ? ERROR_SPACES : 0;
	r = canonical_form(buffer_slice(bytes), &canonical, blob);
	if (key_blob_is_spelling(r))
		buffer_move(bytes, &canonical);
	buffer_free(&canonical);
	return r;
}
