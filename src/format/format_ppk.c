/*
 * format_ppk: PuTTY's private key files, versions 2 and 3 (PuTTY's manual,
 * appendix C), encrypted or not.
 */
#include "base/error.h"
#include "encoding/base64.h"
#include "encoding/ssh_wire.h"
#include "format/format.h"

#include <stdio.h>
#include <string.h>

#define START "PuTTY-User-Key-File-"
#define CIPHER "aes256-cbc"
#define BLOCK 16

static const struct {
	const char *name;
	enum kdf kdf;
} derivations[] = {
	{ "Argon2id", KDF_ARGON2ID }, { "Argon2i", KDF_ARGON2I }, { "Argon2d", KDF_ARGON2D },
};

static int
recognizes2(struct slice line)
{
	return slice_starts(line, START "2: ");
}

/* Versions to come are ours to refuse. */
static int
recognizes3(struct slice line)
{
	return slice_starts(line, START);
}

/* The value of the next line, which must be "NAME: VALUE". */
static int
get(struct slice *in, const char *name, struct slice *value)
{
	struct slice line = slice_line(in);
	size_t n = strlen(name);

	if (!slice_starts(line, name) || line.n < n + 2 || line.p[n] != ':' || line.p[n + 1] != ' ')
		return -1;
	*value = slice_skip(line, n + 2);
	return 0;
}

static int
get_number(struct slice *in, const char *name, uint32_t *v)
{
	struct slice value;
	size_t i;

	if (get(in, name, &value) != 0 || value.n == 0 || value.n > 9)
		return -1;
	for (*v = 0, i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return -1;
		*v = *v * 10 + (uint32_t)(value.p[i] - '0');
	}
	return 0;
}

/* Hexadecimal bytes, at most max; how many goes to *n. */
static int
get_hex(struct slice *in, const char *name, unsigned char *bytes, size_t max, size_t *n)
{
	struct slice value;

	if (get(in, name, &value) != 0 || value.n / 2 > max)
		return -1;
	*n = value.n / 2;
	return slice_hex(value, bytes, *n);
}

/* A count of lines, and so many lines of base64. */
static int
get_blob(struct slice *in, const char *name, struct buffer *bytes)
{
	struct slice body;
	uint32_t lines;

	if (get_number(in, name, &lines) != 0)
		return -1;
	for (body = *in; lines > 0; lines--)
		if (in->n == 0 || slice_line(in).n == 0)
			return -1;
	body.n -= in->n;
	return base64_get(bytes, body);
}

static int
get_argon2(struct slice *in, struct protection *prot)
{
	struct slice name;
	size_t i, count = sizeof derivations / sizeof derivations[0];

	if (get(in, "Key-Derivation", &name) != 0)
		return ERROR_MALFORMED;
	for (i = 0; i < count && !slice_is(name, derivations[i].name); i++)
		continue;
	if (i == count)
		return ERROR_CIPHER;
	prot->kdf = derivations[i].kdf;
	if (get_number(in, "Argon2-Memory", &prot->r) != 0 ||
	    get_number(in, "Argon2-Passes", &prot->rounds) != 0 ||
	    get_number(in, "Argon2-Parallelism", &prot->p) != 0 ||
	    get_hex(in, "Argon2-Salt", prot->salt, sizeof prot->salt, &prot->salt_n) != 0)
		return ERROR_MALFORMED;
	return protection_check(prot);
}

static int
get_cipher(struct slice name, enum mac mac, struct protection *prot)
{
	prot->mac = mac;
	if (slice_is(name, "none"))
		return ERROR_NONE;
	if (!slice_is(name, CIPHER))
		return ERROR_CIPHER;
	prot->cipher = protection_cipher(name);
	prot->kdf = KDF_PPK2;
	prot->digest = "SHA1";
	return ERROR_NONE;
}

static int
parse(struct slice text, struct key_file *f)
{
	const enum mac mac = f->format->mac;
	struct slice algorithm, cipher, comment;
	size_t pub, tag;
	int r = ERROR_MALFORMED;

	if (get(&text, mac == MAC_PPK2 ? START "2" : START "3", &algorithm) != 0)
		return ERROR_VERSION;
	if (get(&text, "Encryption", &cipher) != 0 || get(&text, "Comment", &comment) != 0 ||
	    buffer_put_slice(&f->bytes, comment) != 0 ||
	    get_blob(&text, "Public-Lines", &f->bytes) != 0)
		return r;
	pub = f->bytes.n;
	if ((r = get_cipher(cipher, mac, &f->protection)) != ERROR_NONE)
		return r;
	if (mac == MAC_PPK3 && f->protection.kdf != KDF_NONE &&
	    (r = get_argon2(&text, &f->protection)) != ERROR_NONE)
		return r;
	r = ERROR_MALFORMED;
	if (get_blob(&text, "Private-Lines", &f->bytes) != 0 || f->bytes.n == pub ||
	    get_hex(&text, "Private-MAC", f->protection.tag, sizeof f->protection.tag, &tag) != 0 ||
	    tag != protection_tag(mac) || slice_trim(text).n != 0)
		return r;
	f->comment = slice_of(f->bytes.p, comment.n);
	f->encrypted = slice_skip(buffer_slice(&f->bytes), pub);
	r = key_blob_parse(slice_of(f->bytes.p + comment.n, pub - comment.n), &f->blob);
	return r == ERROR_NONE && !slice_eq(f->blob.name, algorithm) ? ERROR_MALFORMED : r;
}

/* C.3: d, p, q, q^-1 mod p. */
static int
decode_rsa(const struct slice *pub, struct slice *in, struct buffer *priv)
{
	struct slice v[4];
	size_t i;

	for (i = 0; i < 4; i++)
		if (ssh_wire_get_padded_mpint(in, &v[i]) != 0)
			return -1;
	ssh_wire_put_mpint(priv, pub[1]);
	ssh_wire_put_mpint(priv, pub[0]);
	ssh_wire_put_mpint(priv, v[0]);
	ssh_wire_put_mpint(priv, v[3]);
	ssh_wire_put_mpint(priv, v[1]);
	return ssh_wire_put_mpint(priv, v[2]);
}

/* The private number follows the public fields. */
static int
decode_number(const struct key_blob *blob, struct slice *in, struct buffer *priv)
{
	struct slice v;

	if (ssh_wire_get_padded_mpint(in, &v) != 0)
		return -1;
	buffer_put_slice(priv, blob->fields);
	return ssh_wire_put_mpint(priv, v);
}

/* A number with its lowest byte first; old PuTTYs left out the zeros at
 * its end. */
static int
decode_seed(const struct key_type *t, struct slice pub, struct slice *in, struct buffer *priv)
{
	struct slice v;

	if (ssh_wire_get_string(in, &v) != 0 || v.n > t->bytes)
		return -1;
	ssh_wire_put_string(priv, pub);
	ssh_wire_put_u32(priv, (uint32_t)(2 * t->bytes));
	buffer_put_slice(priv, v);
	buffer_extend(priv, t->bytes - v.n);
	return buffer_put_slice(priv, pub);
}

static int
decode(const struct key_file *f, struct slice plain, struct key_parts *parts)
{
	struct slice pub[KEY_TYPE_FIELDS], in = plain, fields;
	const struct key_type *t = key_blob_plain(&f->blob);

	fields = f->blob.fields;
	if (t == NULL || t->priv == NULL || t->family == KEY_OPAQUE ||
	    key_type_take(t, t->pub, &fields, pub) != 0)
		return ERROR_TYPE;
	parts->type = t;
	buffer_put_slice(&parts->comment, f->comment);
	return (t->family == KEY_RSA ? decode_rsa(pub, &in, &parts->priv) :
	    t->family == KEY_EDDSA ? decode_seed(t, pub[0], &in, &parts->priv) :
	    decode_number(&f->blob, &in, &parts->priv)) != 0 ||
	    in.n >= (f->protection.kdf == KDF_NONE ? 1 : BLOCK) ? ERROR_MALFORMED : ERROR_NONE;
}

static int
encode(const struct key *k, const struct key_file *f, struct buffer *plain)
{
	static const unsigned char order[] = { 2, 4, 5, 3 };
	struct slice field[KEY_TYPE_FIELDS];
	size_t i;

	if (key_fields(k, field) != 0)
		return ERROR_NOT_PRIVATE;
	switch (k->type->family) {
	case KEY_RSA:
		for (i = 0; i < sizeof order; i++)
			ssh_wire_put_mpint(plain, field[order[i]]);
		break;
	case KEY_EDDSA:
		ssh_wire_put_string(plain, slice_of(field[1].p, k->type->bytes));
		break;
	case KEY_ECDSA:
	case KEY_DSA:
		ssh_wire_put_mpint(plain, field[strlen(k->type->priv) - 1]);
		break;
	default:
		return ERROR_FORMAT;
	}
	/* Padding is any bytes: the mac mac_header it. */
	if (f->protection.kdf != KDF_NONE)
		buffer_put(plain, f->protection.iv, (BLOCK - plain->n % BLOCK) % BLOCK);
	return plain->failed ? ERROR_MEMORY : ERROR_NONE;
}

/* C.2: algorithm, encryption, comment, public and private part, as strings. */
static int
mac_header(const struct key_file *f, size_t n, struct buffer *header)
{
	ssh_wire_put_string(header, f->blob.name);
	ssh_wire_put_cstring(header, f->protection.kdf != KDF_NONE ? CIPHER : "none");
	ssh_wire_put_string(header, f->comment);
	ssh_wire_put_string(header, f->blob.bytes);
	ssh_wire_put_u32(header, (uint32_t)n);
	return header->failed ? ERROR_MEMORY : ERROR_NONE;
}

static void
put(struct buffer *text, const char *name, struct slice value)
{
	buffer_puts(text, name);
	buffer_puts(text, ": ");
	buffer_put_slice(text, value);
	buffer_puts(text, "\n");
}

static void
put_number(struct buffer *text, const char *name, size_t v)
{
	char number[24];

	(void)snprintf(number, sizeof number, "%zu", v);
	put(text, name, slice_str(number));
}

static void
put_hex(struct buffer *text, const char *name, const unsigned char *bytes, size_t n)
{
	char hex[2 * 64 + 1] = "";
	size_t i;

	for (i = 0; i < n; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	put(text, name, slice_str(hex));
}

static void
put_blob(struct buffer *text, const char *name, struct slice bytes)
{
	put_number(text, name, (bytes.n + 47) / 48);    /* 64 characters */
	base64_put(text, bytes, 64);
}

static void
put_argon2(struct buffer *text, const struct protection *prot)
{
	size_t i = 0;

	while (derivations[i].kdf != prot->kdf)
		i++;
	put(text, "Key-Derivation", slice_str(derivations[i].name));
	put_number(text, "Argon2-Memory", prot->r);
	put_number(text, "Argon2-Passes", prot->rounds);
	put_number(text, "Argon2-Parallelism", prot->p);
	put_hex(text, "Argon2-Salt", prot->salt, prot->salt_n);
}

static int
frame(const struct key_file *f, struct buffer *text)
{
	put(text, f->protection.mac == MAC_PPK2 ? START "2" : START "3", f->blob.name);
	put(text, "Encryption", slice_str(f->protection.kdf != KDF_NONE ? CIPHER : "none"));
	put(text, "Comment", f->comment);
	put_blob(text, "Public-Lines", f->blob.bytes);
	if (f->protection.kdf != KDF_NONE && f->protection.kdf != KDF_PPK2)
		put_argon2(text, &f->protection);
	put_blob(text, "Private-Lines", f->encrypted);
	put_hex(text, "Private-MAC", f->protection.tag, protection_tag(f->protection.mac));
	return text->failed ? ERROR_MEMORY : ERROR_NONE;
}

static int
accepts_cipher(const struct cipher *c)
{
	return strcmp(c->ssh, CIPHER) == 0;
}

const struct format format_ppk_2 = {
	.name = "PPK2", .can = FORMAT_READ | FORMAT_WRITE | FORMAT_PRIVATE, .end_line = "Private-MAC:",
	.encryption = { .kdf = KDF_PPK2, .cipher = CIPHER, .digest = "SHA1" },
	.mac = MAC_PPK2, .accepts_cipher = accepts_cipher, .recognizes = recognizes2, .parse = parse,
	.decode = decode, .encode = encode, .mac_header = mac_header, .frame = frame
};

/* Eight megabytes are PuTTY's own choice; it takes as many passes as fill a
 * tenth of a second. */
const struct format format_ppk_3 = {
	.name = "PPK3", .can = FORMAT_READ | FORMAT_WRITE | FORMAT_PRIVATE, .end_line = "Private-MAC:",
	.encryption = { .kdf = KDF_ARGON2ID, .cipher = CIPHER, .rounds = 21, .r = 8192, .p = 1 },
	.mac = MAC_PPK3, .accepts_cipher = accepts_cipher, .recognizes = recognizes3, .parse = parse,
	.decode = decode, .encode = encode, .mac_header = mac_header, .frame = frame
};
