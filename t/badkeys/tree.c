#include "tree.h"
#include "der.h"
#include "key_type.h"
#include "ssh_wire.h"

#include <stdio.h>
#include <string.h>

static struct element *
add(struct tree *t, const char *parent, const char *word, enum form form, char letter,
    struct slice contents)
{
	struct element *e;

	if (t->n == TREE_MAX)
		return NULL;
	e = &t->e[t->n++];
	*e = (struct element){ .form = form, .letter = letter, .end = t->n, .contents = contents };
	(void)snprintf(e->path, sizeof e->path, "%.20s%s%.16s", parent, parent[0] != '\0' ? "/" : "",
	    word);
	return e;
}

/* Takes one field of a shape off *in. */
static int
add_field(struct tree *t, const char *parent, const char *word, char letter, struct slice *in)
{
	int bare = letter >= '1' && letter <= '8', four = strchr("RNVL", letter) != NULL;
	struct slice v;

	if ((bare || four ? ssh_wire_get_bytes(in, four ? 4 : (size_t)(letter - '0'), &v) :
	    ssh_wire_get_string(in, &v)) != 0)
		return -1;
	return add(t, parent, word, bare || four ? FORM_BARE : FORM_STRING, letter, v) != NULL ?
	    0 : -1;
}

static int
add_shape(struct tree *t, const char *parent, const char *shape, struct slice *in)
{
	char word[24];
	size_t i;

	for (i = 0; shape[i] != '\0'; i++) {
		(void)snprintf(word, sizeof word, "%zu", i + 1);
		if (add_field(t, parent, word, shape[i], in) != 0)
			return -1;
	}
	return 0;
}

static int
add_blob(struct tree *t, const char *parent, struct slice in)
{
	struct key_view view;
	const struct key_type *plain;

	if (key_view_parse(in, &view) != 0 || (plain = key_view_plain(&view)) == NULL ||
	    add_field(t, parent, "type", 'A', &in) != 0 ||
	    (plain != view.type && add_field(t, parent, "nonce", 's', &in) != 0) ||
	    add_shape(t, parent, plain->pub, &in) != 0)
		return -1;
	/* PROTOCOL.certkeys */
	return plain == view.type ? 0 : add_shape(t, "certificate", "84ss88sssss", &in);
}

int
tree_of_blob(struct tree *t, struct slice blob)
{
	t->n = 0;
	return add_blob(t, "", blob);
}

static int
add_sealed(struct tree *t, const char *parent, struct slice in)
{
	const struct key_type *type;

	if (add_field(t, parent, "check", 'V', &in) != 0 ||
	    add_field(t, parent, "again", 'V', &in) != 0 ||
	    add_field(t, parent, "type", 'A', &in) != 0 ||
	    (type = key_type_of(t->e[t->n - 1].contents)) == NULL ||
	    add_shape(t, parent, type->priv, &in) != 0 ||
	    add_field(t, parent, "comment", 'X', &in) != 0)
		return -1;
	return add(t, parent, "padding", FORM_BARE, 'P', in) != NULL ? 0 : -1;
}

int
tree_of_openssh_sealed(struct tree *t, struct slice plain)
{
	t->n = 0;
	return add_sealed(t, "", plain);
}

int
tree_of_openssh(struct tree *t, struct slice in)
{
	struct slice magic, options;
	struct element *e;

	t->n = 0;
	if (ssh_wire_get_bytes(&in, sizeof "openssh-key-v1", &magic) != 0 ||
	    add(t, "", "magic", FORM_BARE, 'G', magic) == NULL ||
	    add_field(t, "", "cipher", 'C', &in) != 0 || add_field(t, "", "kdf", 'D', &in) != 0 ||
	    add_field(t, "", "options", 'O', &in) != 0)
		return -1;
	e = &t->e[t->n - 1];
	options = e->contents;
	if (options.n > 0 && (add_field(t, "options", "salt", 'S', &options) != 0 ||
	    add_field(t, "options", "rounds", 'R', &options) != 0))
		return -1;
	e->end = t->n;
	if (add_field(t, "", "keys", 'N', &in) != 0 || add_field(t, "", "pub", 'B', &in) != 0)
		return -1;
	e = &t->e[t->n - 1];
	if (add_blob(t, "pub", e->contents) != 0)
		return -1;
	e->end = t->n;
	if (add_field(t, "", "sealed", 'Z', &in) != 0)
		return -1;
	e = &t->e[t->n - 1];
	if (slice_is(t->e[1].contents, "none") && add_sealed(t, "sealed", e->contents) != 0)
		return -1;
	e->end = t->n;
	return in.n == 0 || add(t, "", "tag", FORM_BARE, 'T', in) != NULL ? 0 : -1;
}

/* What is padded with is any bytes; the mac covers them. */
int
tree_of_ppk(struct tree *t, struct slice plain, struct slice pub)
{
	struct key_view view;

	t->n = 0;
	if (key_view_parse(pub, &view) != 0 || view.type == NULL ||
	    add_shape(t, "", view.type->family == KEY_RSA ? "uvvu" :
	    view.type->family == KEY_EDDSA ? "s" : "u", &plain) != 0)
		return -1;
	if (view.type->family == KEY_EDDSA)
		t->e[0].letter = 'z';
	return add(t, "", "padding", FORM_BARE, '.', plain) != NULL ? 0 : -1;
}

/* The numbers of ssh.com: each with its length in bits. */
static int
add_numbers(struct tree *t, const char *parent, struct slice in)
{
	struct slice bits, copy, v;
	char word[24];
	uint32_t n;
	size_t i;

	for (i = 0; in.n > 0; i++) {
		(void)snprintf(word, sizeof word, "bits%zu", i);
		copy = in;
		if (ssh_wire_get_bytes(&in, 4, &bits) != 0 || ssh_wire_get_u32(&copy, &n) != 0 ||
		    ssh_wire_get_bytes(&in, (n + 7) / 8, &v) != 0 ||
		    add(t, parent, word, FORM_BARE, 'L', bits) == NULL)
			return -1;
		if (v.n > 0 && add(t, parent, word + 4, FORM_BARE, 'M', v) == NULL)
			return -1;
	}
	return 0;
}

int
tree_of_sshcom(struct tree *t, struct slice in)
{
	struct element *sealed, *numbers;
	struct slice inner;

	t->n = 0;
	if (add_field(t, "", "magic", 'L', &in) != 0 || add_field(t, "", "total", 'L', &in) != 0 ||
	    add_field(t, "", "type", 'A', &in) != 0 || add_field(t, "", "cipher", 'C', &in) != 0 ||
	    add_field(t, "", "sealed", 'Y', &in) != 0)
		return -1;
	sealed = &t->e[t->n - 1];
	if (!slice_is(sealed[-1].contents, "none"))
		return 0;
	inner = sealed->contents;
	if (add_field(t, "sealed", "numbers", 's', &inner) != 0)
		return -1;
	numbers = &t->e[t->n - 1];
	if (add_numbers(t, "sealed", numbers->contents) != 0)
		return -1;
	numbers->end = t->n;
	if (inner.n > 0 && add(t, "sealed", "padding", FORM_BARE, '.', inner) == NULL)
		return -1;
	sealed->end = t->n;
	return 0;
}

static char
der_letter(unsigned tag)
{
	static const char letters[] = { [DER_INTEGER] = 'i', [DER_BIT_STRING] = 'b',
	    [DER_OCTET_STRING] = 't', [DER_NULL] = '0', [DER_OID] = 'p' };

	return tag < sizeof letters && letters[tag] != '\0' ? letters[tag] : '.';
}

/* The INTEGERs of keys, by how many stand side by side: RSAPrivateKey, DSA's,
 * Dss-Parms, RSAPublicKey; x or y in PKCS#8 and SubjectPublicKeyInfo. */
static void
name_integers(struct tree *t, size_t first)
{
	static const char *const shapes[] = { "ioomoojjj", "ioommm", "oom", "oo", "x" };
	size_t i, k, n = 0;

	for (i = first; i < t->n; i = t->e[i].end, n++)
		if (t->e[i].letter != 'i')
			return;
	for (k = 0; k < sizeof shapes / sizeof shapes[0]; k++)
		for (i = 0; n == strlen(shapes[k]) && i < n; i++)
			t->e[first + i].letter = shapes[k][i];
}

static int add_der(struct tree *t, const char *parent, struct slice in, int nested);

/* A point and an Ed25519 key are no DER. */
static int
add_string(struct tree *t, struct element *e)
{
	struct slice in = e->contents;
	size_t at = t->n;

	if (e->tag == DER_BIT_STRING) {
		if (in.n < 2 || (in.p[1] != DER_SEQUENCE && in.p[1] != DER_INTEGER) ||
		    add(t, e->path, "unused", FORM_BARE, '.', slice_of(in.p, 1)) == NULL)
			return 0;
		in = slice_skip(in, 1);
	}
	if (add_der(t, e->path, in, 0) != 0) {
		t->n = at;
		return 0;
	}
	e->letter = '.';
	if (t->n == at + 1 && t->e[at].letter == 't')
		t->e[at].letter = 'y';
	return 0;
}

/* nested: 1 where strings hold DER, 2 just outside. */
static int
add_der(struct tree *t, const char *parent, struct slice in, int nested)
{
	size_t place, first = t->n;
	struct slice contents;
	struct element *e;
	unsigned tag;
	char word[24];

	for (place = 0; in.n > 0; place++) {
		tag = in.p[0];
		(void)snprintf(word, sizeof word, "%zu", place);
		if (der_get(&in, tag, &contents) != 0 || (e = add(t, parent, word, FORM_DER,
		    der_letter(tag), contents)) == NULL)
			return -1;
		e->tag = (unsigned char)tag;
		if (tag & 0x20 ? add_der(t, e->path, contents, nested - 1) != 0 :
		    nested == 1 && strchr("tb", e->letter) != NULL && add_string(t, e) != 0)
			return -1;
		e->end = t->n;
	}
	name_integers(t, first);
	return 0;
}

int
tree_of_der(struct tree *t, struct slice body, int pkcs8)
{
	t->n = 0;
	return add_der(t, "", body, pkcs8 ? 2 : 0);
}

/* An OCTET STRING is the sealed part itself, behind an OID an iv, else a salt. */
int
tree_of_der_sealed(struct tree *t, struct slice body)
{
	size_t i;

	t->n = 0;
	if (add_der(t, "", body, 0) != 0)
		return -1;
	for (i = 1; i < t->n; i++)
		if (t->e[i].tag == DER_INTEGER)
			t->e[i].letter = 'W';
		else if (t->e[i].tag == DER_OCTET_STRING)
			t->e[i].letter = strcmp(t->e[i].path, "0/1") == 0 ? 'Z' :
			    t->e[i - 1].letter == 'p' ? 'I' : 'S';
	return 0;
}

/* Puts a header in front of what out holds from offset from on. */
static int
put_header(const struct element *e, const struct change *c, int mine, struct buffer *out,
    size_t from)
{
	unsigned char head[7];
	size_t n = out->n - from, octets = 0, k = 0, i;
	uint32_t length = mine && c->kind == CHANGE_LENGTH ? c->length : (uint32_t)n;

	if (e->form == FORM_DER) {
		head[k++] = (unsigned char)(e->tag ^ (mine && c->kind == CHANGE_TAG ? 0x40 : 0));
		for (octets = 0; length >= 0x80 && octets < 4 && length >> (8 * octets) != 0; octets++)
			continue;
		if (mine && c->kind == CHANGE_LONG_FORM)
			octets++;
		head[k++] = (unsigned char)(octets > 0 ? 0x80 | octets : length);
		if (mine && c->kind == CHANGE_INDEFINITE) {
			head[1] = 0x80;
			octets = 0;
			if (buffer_put(out, "\0\0", 2) != 0)
				return -1;
		}
	} else if (e->form == FORM_STRING)
		octets = 4;
	for (i = octets; i > 0; i--)
		head[k++] = (unsigned char)(i > 4 ? 0 : length >> (8 * (i - 1)));
	n = out->n - from;
	if (buffer_extend(out, k) == NULL)
		return -1;
	memmove(out->p + from + k, out->p + from, n);
	memcpy(out->p + from, head, k);
	return 0;
}

static int
put_element(const struct tree *t, size_t at, const struct change *c, struct buffer *out)
{
	const struct element *e = &t->e[at];
	int mine = c->kind != CHANGE_NOTHING && c->at == at;
	size_t from = out->n, n, i;
	unsigned char *to;

	if (mine && c->kind == CHANGE_DROP)
		return 0;
	if (mine && c->kind == CHANGE_CONTENTS)
		buffer_put_slice(out, c->contents);
	else if (e->end == at + 1)
		buffer_put_slice(out, e->contents);
	else
		for (i = at + 1; i < e->end; i = t->e[i].end)
			if (put_element(t, i, c, out) != 0)
				return -1;
	if (put_header(e, c, mine, out, from) != 0)
		return -1;
	if (mine && c->kind == CHANGE_TWICE) {
		n = out->n - from;
		if ((to = buffer_extend(out, n)) == NULL)
			return -1;
		memcpy(to, out->p + from, n);
	}
	return out->failed ? -1 : 0;
}

int
tree_put(const struct tree *t, const struct change *c, struct buffer *out)
{
	size_t i;

	for (i = 0; i < t->n; i = t->e[i].end)
		if (put_element(t, i, c, out) != 0)
			return -1;
	return 0;
}

const struct element *
tree_find(const struct tree *t, const char *path)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->e[i].path, path) == 0)
			return &t->e[i];
	return NULL;
}
