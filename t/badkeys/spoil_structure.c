#include "spoil.h"

#include <stdio.h>
#include <string.h>

/* What a change is made in: the body, or what is then encrypted and given a mac
 * anew: the private part, or a public half that the mac covers. */
enum part { PART_BODY, PART_PRIVATE, PART_PUBLIC };

struct ground {
	const struct spoiler *s;
	const struct tree *tree;
	enum part part;
	struct slice bytes;
};

/* Of openssh-key-v1 and of ssh.com the private part's length tells before it is
 * decoded. */
static int
misaligned(const struct ground *g, const char *place, struct slice bytes)
{
	const struct seed *seed = g->s->seed;
	size_t block = seed->e.prot.cipher != NULL ? seed->e.prot.cipher->block : 8;

	if (strncmp(place, "sealed", 6) != 0 && g->part == PART_BODY)
		return 0;
	if (strcmp(seed->e.format->name, "SSHCOM") == 0)
		return bytes.n != g->bytes.n;
	return strcmp(seed->e.format->name, "OPENSSH") == 0 &&
	    (bytes.n - g->bytes.n) % block != 0;
}

static void
hand(const struct ground *g, const char *place, const char *what, enum depth depth,
    struct slice bytes)
{
	const struct seed *seed = g->s->seed;
	struct buffer text = BUFFER_EMPTY;
	static const char *const parts[] = { "", "private/", "public/" };
	struct slice plain = buffer_slice(&seed->plain), pub = seed->e.pub;
	char where[64];
	int r;

	(void)snprintf(where, sizeof where, "%s%s", parts[g->part], place);
	if (misaligned(g, place, bytes) || bytes.n == 0)
		depth = DEPTH_OPEN;
	r = g->part == PART_PRIVATE ? seed_seal(seed, bytes, pub, g->s->pass, &text) :
	    g->part == PART_PUBLIC ? seed_seal(seed, plain, bytes, g->s->pass, &text) :
	    seed_armour(seed, bytes, &text);
	if (r == 0)
		spoil_hand(g->s, where, what, depth, WITH_PASS, buffer_slice(&text));
	buffer_free(&text);
}

/* Structure is seen on opening, but that of a private half on decoding. */
static enum depth
depth_of(const struct ground *g, const struct element *e)
{
	if (g->part == PART_PRIVATE)
		return DEPTH_CHECK;
	if (strncmp(e->path, "sealed/", 7) == 0)
		return DEPTH_DECODE;
	return g->s->seed->private && !g->s->seed->sealed && e->form == FORM_DER ?
	    DEPTH_DECODE : DEPTH_OPEN;
}

static void
make(const struct ground *g, const struct change *c, const char *what, enum depth depth)
{
	struct buffer bytes = BUFFER_EMPTY;

	if (tree_put(g->tree, c, &bytes) == 0)
		hand(g, g->tree->e[c->at].path, what, depth, buffer_slice(&bytes));
	buffer_free(&bytes);
}

/* A comment that takes all of the padding is a comment; a zero of a PuTTY seed
 * may be padding where there is some. */
static int
is_harmless(const struct ground *g, size_t at, uint32_t length)
{
	const struct element *e = &g->tree->e[at];

	if (e->letter == 'z')
		return g->s->seed->sealed && length == e->contents.n - 1 &&
		    e->contents.p[length] == 0;
	return e->letter == 'X' && e[1].letter == 'P' &&
	    length == e->contents.n + e[1].contents.n;
}

static void
spoil_length(const struct ground *g, size_t at)
{
	static const struct {
		const char *what;
		int relative;
		uint32_t n;
	} lies[] = {
		{ "length - 1", 1, UINT32_MAX }, { "length + 1", 1, 1 }, { "length 0", 0, 0 },
		{ "length 2^31 - 1", 0, INT32_MAX }, { "length 2^32 - 1", 0, UINT32_MAX },
	};
	struct change c = { .at = at, .kind = CHANGE_LENGTH };
	const struct element *e = &g->tree->e[at];
	size_t i;

	for (i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		c.length = lies[i].n + (lies[i].relative ? (uint32_t)e->contents.n : 0);
		if (c.length != e->contents.n)
			make(g, &c, lies[i].what, is_harmless(g, at, c.length) ? DEPTH_NONE :
			    depth_of(g, e));
	}
}

static void
spoil_place(const struct ground *g, size_t at)
{
	static const struct {
		const char *what;
		enum change_kind kind;
		int der;
	} changes[] = {
		{ "left out", CHANGE_DROP, 0 }, { "twice", CHANGE_TWICE, 0 },
		{ "another tag", CHANGE_TAG, 1 }, { "long form", CHANGE_LONG_FORM, 1 },
		{ "indefinite length", CHANGE_INDEFINITE, 1 },
	};
	struct change c = { .at = at };
	const struct element *e = &g->tree->e[at];
	size_t i;

	for (i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		c.kind = changes[i].kind;
		if (e->form == FORM_DER || (!changes[i].der && e->contents.n > 0))
			make(g, &c, changes[i].what, c.kind == CHANGE_LONG_FORM ? DEPTH_NONE :
			    depth_of(g, e));
	}
}

/* How contents are made of the right ones. */
enum how { EMPTY, PREFIX, SUFFIX, CUT, FIRST, LAST_XOR, FIRST_XOR, FILL, BYTES, HALF, COUNT };

/* What is then wrong. */
enum wrong { STRUCTURE, ARITHMETIC, NOTHING };

static const struct {
	const char *letters;    /* of tree.h */
	const char *what;
	enum how how;
	unsigned char value;    /* PREFIX ... FILL: this byte */
	size_t n;               /* FILL: times; 0: as long as it was */
	const char *bytes;      /* BYTES: n of these */
	enum wrong wrong;
} contents[] = {
	{ "mojuvwxi", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "mojxi", "zero-padded", PREFIX, 0, 0, NULL, STRUCTURE },
	{ "uvw", "zero-padded", PREFIX, 0, 0, NULL, NOTHING },
	{ "mojuvwxi", "negative", PREFIX, 0xff, 0, NULL, STRUCTURE },
	{ "mouvwx", "zero", FILL, 0, 1, NULL, STRUCTURE },
	{ "j", "zero", FILL, 0, 1, NULL, NOTHING },
	{ "mojuvwx", "16,392 bits", FILL, 0x7f, 2049, NULL, STRUCTURE },
	{ "ov", "even", LAST_XOR, 1, 0, NULL, STRUCTURE },
	{ "mojuvw", "one", FILL, 1, 1, NULL, ARITHMETIC },
	{ "mojuvw", "another number", LAST_XOR, 2, 0, NULL, ARITHMETIC },
	{ "mojuv", "eight bits more", SUFFIX, 1, 0, NULL, ARITHMETIC },
	{ "i", "of five bytes", BYTES, 0, 5, "\1\0\0\0\0", STRUCTURE },
	{ "i", "7", BYTES, 0, 1, "\7", STRUCTURE },
	{ "W", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "W", "negative", FILL, 0xff, 1, NULL, STRUCTURE },
	{ "W", "0", FILL, 0, 1, NULL, STRUCTURE },
	{ "W", "2^31", BYTES, 0, 5, "\0\200\0\0\0", STRUCTURE },
	{ "W", "2^32", BYTES, 0, 5, "\1\0\0\0\0", STRUCTURE },
	{ "W", "8", BYTES, 0, 1, "\10", ARITHMETIC },
	{ "kKqAcCD", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "kKqAcCD", "a byte less", CUT, 0, 0, NULL, STRUCTURE },
	{ "kKqAcCD", "a byte more", SUFFIX, 'x', 0, NULL, STRUCTURE },
	{ "A", "a NUL more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "A", "another type", BYTES, 0, 8, "ssh-dsss", STRUCTURE },
	{ "kK", "another number", LAST_XOR, 2, 0, NULL, ARITHMETIC },
	{ "K", "another seed", FIRST_XOR, 1, 0, NULL, ARITHMETIC },
	{ "q", "off the curve", LAST_XOR, 1, 0, NULL, ARITHMETIC },
	{ "q", "compressed", HALF, 2, 0, NULL, STRUCTURE },
	{ "q", "hybrid", FIRST, 6, 0, NULL, STRUCTURE },
	{ "q", "of a form that is none", FIRST, 5, 0, NULL, STRUCTURE },
	{ "q", "at infinity", FILL, 0, 1, NULL, STRUCTURE },
	{ "c", "another curve", BYTES, 0, 8, "nistp999", STRUCTURE },
	{ "C", "none", BYTES, 0, 4, "none", STRUCTURE },
	{ "C", "another", BYTES, 0, 10, "aes192-ctr", STRUCTURE },
	{ "C", "arcfour", BYTES, 0, 7, "arcfour", STRUCTURE },
	{ "D", "none", BYTES, 0, 4, "none", STRUCTURE },
	{ "D", "bcrypt", BYTES, 0, 6, "bcrypt", STRUCTURE },
	{ "D", "scrypt", BYTES, 0, 6, "scrypt", STRUCTURE },
	{ "O", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "OB", "a byte more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "S", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "S", "a byte less", CUT, 0, 0, NULL, ARITHMETIC },
	{ "S", "65 bytes", FILL, 's', 65, NULL, STRUCTURE },
	{ "R", "0", FILL, 0, 0, NULL, STRUCTURE },
	{ "R", "1501", BYTES, 0, 4, "\0\0\5\335", STRUCTURE },
	{ "R", "2^32 - 1", FILL, 0xff, 0, NULL, STRUCTURE },
	{ "N", "0", FILL, 0, 0, NULL, STRUCTURE },
	{ "N", "2", BYTES, 0, 4, "\0\0\0\2", STRUCTURE },
	{ "N", "2^32 - 1", FILL, 0xff, 0, NULL, STRUCTURE },
	{ "V", "another", LAST_XOR, 1, 0, NULL, STRUCTURE },
	{ "G", "in capitals", FIRST_XOR, 0x20, 0, NULL, STRUCTURE },
	{ "G", "without its NUL", LAST_XOR, '2', 0, NULL, STRUCTURE },
	{ "B", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "P", "zeros", FILL, 0, 0, NULL, STRUCTURE },
	{ "P", "all the same", FILL, 7, 0, NULL, STRUCTURE },
	{ "P", "its last byte wrong", LAST_XOR, 0x80, 0, NULL, STRUCTURE },
	{ "P", "a byte less", CUT, 0, 0, NULL, STRUCTURE },
	{ "P", "a zero more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "P", "a block more, as PuTTYgen pads", COUNT, 0, 16, NULL, NOTHING },
	{ "X", "a NUL in it", BYTES, 0, 17, "not as far as\0her", STRUCTURE },
	{ "X", "control characters", BYTES, 0, 17, "\33[2J\rx\ny\177\302\205\342\200\256z\377!",
	    NOTHING },
	{ "T", "its last byte wrong", LAST_XOR, 1, 0, NULL, ARITHMETIC },
	{ "T", "zeros", FILL, 0, 0, NULL, ARITHMETIC },
	{ "T", "a byte less", CUT, 0, 0, NULL, STRUCTURE },
	{ "T", "a byte more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "Z", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "Z", "a byte less", CUT, 0, 0, NULL, STRUCTURE },
	{ "Z", "a byte more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "Z", "its first byte wrong", FIRST_XOR, 1, 0, NULL, ARITHMETIC },
	{ "Z", "its last byte wrong", LAST_XOR, 1, 0, NULL, ARITHMETIC },
	{ "p", "unknown", LAST_XOR, 0x40, 0, NULL, STRUCTURE },
	{ "p", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "0", "not empty", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "b", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "b", "one bit unused", FIRST, 1, 0, NULL, STRUCTURE },
	{ "b", "eight bits unused", FIRST, 8, 0, NULL, STRUCTURE },
	{ "b", "a byte less", CUT, 0, 0, NULL, STRUCTURE },
	{ "b", "a byte more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "b", "its last byte wrong", LAST_XOR, 1, 0, NULL, ARITHMETIC },
	{ "ty", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "y", "a byte less", CUT, 0, 0, NULL, STRUCTURE },
	{ "y", "a byte more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "t", "a byte less", CUT, 0, 0, NULL, ARITHMETIC },
	{ "t", "a byte more", SUFFIX, 0, 0, NULL, ARITHMETIC },
	{ "t", "zero", FILL, 0, 0, NULL, STRUCTURE },
	{ "t", "all ones", FILL, 0xff, 0, NULL, ARITHMETIC },
	{ "t", "67 bytes", FILL, 1, 67, NULL, STRUCTURE },
	{ "t", "its last byte wrong", LAST_XOR, 1, 0, NULL, ARITHMETIC },
	{ "t", "zero-padded", PREFIX, 0, 0, NULL, NOTHING },
	{ "I", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "I", "a byte less", CUT, 0, 0, NULL, STRUCTURE },
	{ "I", "a byte more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "I", "its last byte wrong", LAST_XOR, 1, 0, NULL, ARITHMETIC },
	{ "L", "0", FILL, 0, 0, NULL, STRUCTURE },
	{ "L", "one bit wrong", LAST_XOR, 1, 0, NULL, STRUCTURE },
	{ "L", "2^31 - 1", BYTES, 0, 4, "\177\377\377\377", STRUCTURE },
	{ "L", "2^32 - 1", FILL, 0xff, 0, NULL, STRUCTURE },
	{ "M", "another number", LAST_XOR, 2, 0, NULL, ARITHMETIC },
	{ "M", "zero", FILL, 0, 0, NULL, STRUCTURE },
	{ "Y", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
	{ "Y", "a byte less", CUT, 0, 0, NULL, STRUCTURE },
	{ "Y", "a byte more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ "Y", "its first byte wrong", FIRST_XOR, 1, 0, NULL, ARITHMETIC },
	{ ".", "a byte more", SUFFIX, 0, 0, NULL, STRUCTURE },
	{ ".", "empty", EMPTY, 0, 0, NULL, STRUCTURE },
};

static int
build(size_t k, struct slice old, struct buffer *to)
{
	size_t n = contents[k].n > 0 ? contents[k].n : old.n, i;
	unsigned char v = contents[k].value;

	if (contents[k].how == BYTES)
		return buffer_put(to, contents[k].bytes, n);
	if (old.n == 0 && contents[k].how != SUFFIX && contents[k].how != COUNT)
		return -1;
	if (contents[k].how == PREFIX)
		buffer_put(to, &v, 1);
	if (contents[k].how == FILL)
		for (i = 0; i < n; i++)
			buffer_put(to, &v, 1);
	else if (contents[k].how == COUNT)
		for (v = 1; v <= old.n + n; v++)
			buffer_put(to, &v, 1);
	else if (contents[k].how == HALF)
		buffer_put(to, old.p, (old.n + 1) / 2);
	else if (contents[k].how != EMPTY)
		buffer_put(to, old.p, old.n - (contents[k].how == CUT));
	if (contents[k].how == SUFFIX)
		buffer_put(to, &v, 1);
	else if (contents[k].how == FIRST || contents[k].how == HALF)
		to->p[0] = v;
	else if (contents[k].how == FIRST_XOR)
		to->p[0] ^= v;
	else if (contents[k].how == LAST_XOR)
		to->p[to->n - 1] ^= v;
	return to->failed ? -1 : 0;
}

/* Another number in a public key is another key, unless it is no point. */
static int
is_wrong(const struct ground *g, const struct element *e, enum wrong wrong)
{
	return wrong != ARITHMETIC || g->s->seed->private ||
	    (strchr("qb", e->letter) != NULL && g->s->seed->key.type->family == KEY_ECDSA);
}

/* A private key's INTEGERs are read as libcrypto reads them: their bytes are the number. */
static enum wrong
wrong_in(const struct ground *g, const struct element *e, size_t k)
{
	if (contents[k].how != PREFIX || e->form != FORM_DER || strchr("moj", e->letter) == NULL ||
	    !g->s->seed->private)
		return contents[k].wrong;
	return contents[k].value == 0 ? NOTHING : ARITHMETIC;
}

static void
spoil_contents(const struct ground *g, size_t at)
{
	struct change c = { .at = at, .kind = CHANGE_CONTENTS };
	const struct element *e = &g->tree->e[at];
	struct buffer bytes = BUFFER_EMPTY;
	enum wrong wrong;
	size_t k;

	for (k = 0; k < sizeof contents / sizeof contents[0]; k++) {
		buffer_truncate(&bytes, 0);
		wrong = wrong_in(g, e, k);
		if (strchr(contents[k].letters, e->letter) == NULL || !is_wrong(g, e, wrong) || build(k, e->contents, &bytes) != 0)
			continue;
		c.contents = buffer_slice(&bytes);
		if (!slice_eq(c.contents, e->contents))
			make(g, &c, contents[k].what, wrong == NOTHING ? DEPTH_NONE :
			    wrong == ARITHMETIC ? DEPTH_CHECK : depth_of(g, e));
	}
	buffer_free(&bytes);
}

/* Of a body with another length. What is encrypted as a whole, as with DEK-Info,
 * can end between any two blocks. */
static enum depth
depth_of_length(const struct ground *g, size_t n)
{
	if (g->tree->n > 0)
		return depth_of(g, &g->tree->e[0]);
	return n > 0 && n % g->s->seed->e.prot.cipher->block == 0 ? DEPTH_CHECK : DEPTH_OPEN;
}

static void
spoil_cut(const struct ground *g, struct slice body)
{
	char place[32];
	size_t n;

	for (n = 0; n < body.n; n++) {
		(void)snprintf(place, sizeof place, "byte %zu", n);
		hand(g, place, "cut", depth_of_length(g, n), slice_of(body.p, n));
	}
}

static void
spoil_end(const struct ground *g, struct slice body)
{
	struct buffer bytes = BUFFER_EMPTY;

	buffer_put_slice(&bytes, body);
	buffer_puts(&bytes, "x");
	hand(g, "end", "a byte more", depth_of_length(g, bytes.n), buffer_slice(&bytes));
	buffer_put(&bytes, "\0\0\0\0\0\0\0", 7);
	hand(g, "end", "eight bytes more", depth_of_length(g, bytes.n), buffer_slice(&bytes));
	buffer_truncate(&bytes, body.n);
	buffer_put_slice(&bytes, body);
	hand(g, "end", "all of it twice", depth_of_length(g, bytes.n), buffer_slice(&bytes));
	buffer_free(&bytes);
}

static void
spoil_ground(const struct ground *g)
{
	const struct element *e;
	size_t at;

	for (at = 0; at < g->tree->n; at++) {
		e = &g->tree->e[at];
		if (e->form != FORM_BARE)
			spoil_length(g, at);
		spoil_place(g, at);
		spoil_contents(g, at);
	}
	if (g->s->whole && (g->part == PART_BODY || g->s->seed->body.n == 0))
		spoil_cut(g, g->bytes);
	spoil_end(g, g->bytes);
}

/* The grounds of a seed: how many. */
static size_t
survey(const struct spoiler *s, struct ground g[3])
{
	const struct seed *seed = s->seed;
	size_t n = 0;

	if (seed->body.n > 0)
		g[n++] = (struct ground){ s, &seed->tree, PART_BODY, buffer_slice(&seed->body) };
	if (seed->inner.n > 0)
		g[n++] = (struct ground){ s, &seed->inner, PART_PRIVATE, buffer_slice(&seed->plain) };
	if (seed->pub.n > 0)
		g[n++] = (struct ground){ s, &seed->pub, PART_PUBLIC, seed->e.pub };
	return n;
}

void
spoil_structure(const struct spoiler *s)
{
	const int slow = s->seed->e.prot.kdf == KDF_BCRYPT;
	struct ground g[3];
	size_t n = survey(s, g), i;

	for (i = 0; i < n; i++)
		if (g[i].part == PART_BODY || s->seed->body.n == 0 || s->all ||
		    (s->whole && !slow))
			spoil_ground(&g[i]);
}

/* Another point on the same curve, wherever there is one. */
static void
spoil_points(const struct ground *g, const struct key_view *twin)
{
	struct change c = { .kind = CHANGE_CONTENTS };
	struct slice field[KEY_TYPE_FIELDS], in = twin->fields, point;
	struct buffer bits = BUFFER_EMPTY;
	const struct element *e;

	if (twin->type->family != KEY_ECDSA ||
	    key_type_take(twin->type, twin->type->pub, &in, field) != 0)
		return;
	buffer_put(&bits, "", 1);
	buffer_put_slice(&bits, field[1]);
	point = slice_skip(buffer_slice(&bits), 1);
	for (c.at = 0; c.at < g->tree->n; c.at++) {
		e = &g->tree->e[c.at];
		c.contents = e->letter == 'q' ? point : buffer_slice(&bits);
		if (e->letter == 'q' || (e->letter == 'b' && e->contents.n == bits.n))
			make(g, &c, "another key's", DEPTH_CHECK);
	}
	buffer_free(&bits);
}

void
spoil_halves(const struct spoiler *s)
{
	struct change c = { .kind = CHANGE_CONTENTS };
	struct ground g[3];
	size_t n = survey(s, g), i;
	const struct element *e;
	struct key_view view;

	if (s->twin == NULL || !s->seed->private ||
	    key_view_parse(buffer_slice(&s->twin->key.pub), &view) != 0 || view.type == NULL)
		return;
	for (i = 0; i < n; i++) {
		spoil_points(&g[i], &view);
		if (g[i].part == PART_PUBLIC)
			hand(&g[i], "all", "another key's", DEPTH_CHECK, view.blob);
		if ((e = tree_find(g[i].tree, "pub")) == NULL)
			continue;
		c.at = (size_t)(e - g[i].tree->e);
		c.contents = view.blob;
		make(&g[i], &c, "another key's", DEPTH_CHECK);
	}
}
