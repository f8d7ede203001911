#include "key_blob.h"
#include "base64.h"
#include "key_error.h"
#include "ssh_wire.h"

#include <string.h>

int
key_blob_is_spelling(int error)
{
	return error == KEY_E_SPACES || error == KEY_E_NUL || error == KEY_E_ALIAS ||
	    error == KEY_E_ZEROS || error == KEY_E_LIBERAL;
}

/* A name as sshbuf_get_cstring has it: one NUL may end it. */
static int
take_name(struct slice *in, struct slice *name, int *spelling)
{
	if (ssh_wire_get_string(in, name) != 0)
		return -1;
	if (name->n > 0 && name->p[name->n - 1] == '\0') {
		name->n--;
		*spelling = KEY_E_NUL;
	}
	return name->n > 0 && memchr(name->p, '\0', name->n) != NULL ? -1 : 0;
}

/* A number as sshbuf_get_bignum2 has it: not negative, with any zeros before it. */
static int
take_number(struct slice *in, struct slice *number, int *spelling)
{
	struct slice given;

	if (ssh_wire_get_string(in, &given) != 0 || (given.n > 0 && given.p[0] & 0x80))
		return -1;
	for (*number = given; number->n > 0 && number->p[0] == 0;)
		*number = slice_skip(*number, 1);
	if (number->n > SSH_WIRE_MPINT_BITS / 8)
		return -1;
	if (given.n > number->n + (number->n > 0 && number->p[0] & 0x80 ? 1 : 0))
		*spelling = KEY_E_ZEROS;
	return 0;
}

/* One field of a plain key, in its canonical form behind what out holds. */
static int
put_field(const struct key_type *t, char letter, struct slice *in, struct buffer *out,
    struct slice *field, int *spelling)
{
	switch (letter) {
	case 'm':
	case 'o':
		return take_number(in, field, spelling) != 0 ? KEY_E_MALFORMED :
		    ssh_wire_put_mpint(out, *field);
	case 'a':
	case 'c':
		return take_name(in, field, spelling) != 0 ||
		    (letter == 'c' && !slice_is(*field, t->curve)) ? KEY_E_MALFORMED :
		    ssh_wire_put_string(out, *field);
	default:
		return key_type_take(t, (const char[]){ letter, '\0' }, in, field) != 0 ?
		    KEY_E_MALFORMED : ssh_wire_put_string(out, *field);
	}
}

/* What is behind the name. Of a certificate, what is behind the certified key stays as it is. */
static int
put_rest(struct slice in, struct buffer *out, struct key_view *view, int *spelling)
{
	const struct key_type *plain = key_view_plain(view);
	struct slice field[KEY_TYPE_FIELDS];
	size_t i, from, to;

	if (plain != view->type && (ssh_wire_get_string(&in, &field[0]) != 0 ||
	    ssh_wire_put_string(out, field[0]) != 0))
		return KEY_E_MALFORMED;
	from = out->n;
	for (i = 0; plain->pub[i] != '\0'; i++)
		if (put_field(plain, plain->pub[i], &in, out, &field[i], spelling) != 0)
			return KEY_E_MALFORMED;
	to = out->n;
	buffer_put_slice(out, in);
	view->bits = key_type_bits(plain, field);
	/* sshd reads no RSA key without a modulus, and one of DSA */
	if ((plain == view->type ? in.n > 0 : key_type_take_certificate(&in) != 0) ||
	    (plain->family == KEY_RSA && view->bits == 0))
		return KEY_E_MALFORMED;
	view->blob = buffer_slice(out);
	view->name = slice_of(view->blob.p + 4, strlen(view->type->name));
	view->fields = slice_of(view->blob.p + from, to - from);
	return KEY_OK;
}

static int
canonical_form(struct slice blob, struct buffer *out, struct key_view *view)
{
	struct slice in = blob, name;
	int spelling = KEY_E_LIBERAL, r;

	*view = (struct key_view){ .type = NULL };
	if (take_name(&in, &name, &spelling) != 0 ||
	    (view->type = key_type_spelled(name)) == NULL)
		return KEY_E_MALFORMED;
	if (!slice_is(name, view->type->name))
		spelling = KEY_E_ALIAS;
	ssh_wire_put_cstring(out, view->type->name);
	r = put_rest(in, out, view, &spelling);
	return out->failed ? KEY_E_MEMORY : r == KEY_OK ? spelling : r;
}

/* b64_pton(3) passes over white space; blanks and tabs have ended the word. */
static int
decode_spaced(struct slice base64, struct buffer *blob)
{
	struct buffer bare = BUFFER_INIT(blob->max);
	struct slice rest;
	size_t n;
	int r;

	for (rest = base64; rest.n > 0; rest = slice_skip(rest, n + (n < rest.n))) {
		for (n = 0; n < rest.n && (rest.p[n] < '\t' || rest.p[n] > '\r'); n++)
			continue;
		buffer_put(&bare, rest.p, n);
	}
	if (bare.failed || base64_get(blob, buffer_slice(&bare)) == 0)
		r = bare.failed ? KEY_E_MEMORY : KEY_OK;
	else
		r = blob->failed ? KEY_E_MEMORY : KEY_E_MALFORMED;
	buffer_free(&bare);
	return r;
}

/* The usual word has nothing in it that would have to go. */
static int
decode(struct slice base64, struct buffer *blob, int *spaced)
{
	const size_t room = BASE64_ROOM(base64.n);
	struct slice rest = base64;
	unsigned char *to;
	size_t n;

	buffer_truncate(blob, 0);
	if ((to = buffer_space(blob, room)) == NULL)
		return KEY_E_MEMORY;
	n = base64_take(to, room, &rest);
	buffer_truncate(blob, rest.n == 0 ? n : 0);
	*spaced = blob->n == 0;
	return *spaced ? decode_spaced(base64, blob) : KEY_OK;
}

int
key_blob_decode(struct slice base64, struct buffer *blob, struct key_view *view)
{
	struct buffer canonical = BUFFER_INIT(blob->max);
	int spaced, r;

	if (blob->failed)
		return KEY_E_MEMORY;
	if ((r = decode(base64, blob, &spaced)) != KEY_OK)
		return r;
	if (key_view_parse(buffer_slice(blob), view) == KEY_OK)
		return spaced ? KEY_E_SPACES : KEY_OK;
	r = canonical_form(buffer_slice(blob), &canonical, view);
	if (key_blob_is_spelling(r))
		buffer_move(blob, &canonical);
	buffer_free(&canonical);
	return r;
}
