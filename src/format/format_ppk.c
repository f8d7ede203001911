/*
 * format_ppk: PuTTY's private key files, versions 2 and 3 (PuTTY's manual, appendix C), encrypted
 * or not.
 */
#include "base/error.h"
#include "encoding/base64.h"
#include "encoding/ssh_wire.h"
#include "format/format.h"

#define START "PuTTY-User-Key-File-"
#define CIPHER "aes256-cbc"
#define BLOCK 16

static int
recognizes2(struct slice line)
{
	return slice_starts(line, START "2: ");
}

/* Also recognizes all later versions, which parse refuses. */
static int
recognizes3(struct slice line)
{
	return slice_starts(line, START);
}

/* Takes the next line, which must begin with name; *value is the rest of it. */
static int
get(struct slice *in, const char *name, struct slice *value)
{
	struct slice line = slice_line(in);

	if (!slice_starts(line, name))
		return -1;
	*value = slice_skip(line, strlen(name));
	return 0;
}

static int
get_number(struct slice *in, const char *name, uint32_t *v)
{
	struct slice value;

	if (get(in, name, &value) != 0 || value.n == 0 || value.n > 9)
		return -1;
	for (*v = 0; value.n > 0 && value.p[0] >= '0' && value.p[0] <= '9'; value.p++, value.n--)
		*v = *v * 10 + (uint32_t)(value.p[0] - '0');
	return value.n == 0 ? 0 : -1;
}

static int
get_hex(struct slice *in, const char *name, unsigned char *bytes, size_t max, size_t *n)
{
	struct slice value;

	if (get(in, name, &value) != 0 || value.n / 2 > max)
		return -1;
	*n = value.n / 2;
	return slice_hex(value, bytes, *n);
}

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

	if (get(in, "Key-Derivation: ", &name) != 0)
		return ERROR_MALFORMED;
	for (prot->kdf = KDF_ARGON2I; !slice_is(name, protection_kdf(prot->kdf)); prot->kdf++)
		if (prot->kdf == KDF_ARGON2ID)
			return ERROR_CIPHER;
	if (get_number(in, "Argon2-Memory: ", &prot->r) != 0 ||
	    get_number(in, "Argon2-Passes: ", &prot->rounds) != 0 ||
	    get_number(in, "Argon2-Parallelism: ", &prot->p) != 0 ||
	    get_hex(in, "Argon2-Salt: ", prot->salt, sizeof prot->salt, &prot->salt_n) != 0)
		return ERROR_MALFORMED;
	return protection_check(prot);
}

static int
parse(struct key_file *f)
{
	struct protection *prot = &f->protection;
	struct slice text = f->text, algorithm, cipher, comment;
	size_t pub, tag;
	int r;

	prot->mac = f->format->mac;
	if (get(&text, prot->mac == MAC_PPK2 ? START "2: " : START "3: ", &algorithm) != 0)
		return ERROR_VERSION;
	if (get(&text, "Encryption: ", &cipher) != 0 || get(&text, "Comment: ", &comment) != 0 ||
	    buffer_put_slice(&f->bytes, comment) != 0 ||
	    get_blob(&text, "Public-Lines: ", &f->bytes) != 0)
		return ERROR_MALFORMED;
	pub = f->bytes.n;
	if ((r = format_stated_cipher(f, cipher)) != 0 ||
	    (prot->kdf == KDF_ARGON2ID && (r = get_argon2(&text, prot)) != 0))
		return r;
	if (get_blob(&text, "Private-Lines: ", &f->bytes) != 0 || f->bytes.n == pub ||
	    get_hex(&text, "Private-MAC: ", prot->tag, sizeof prot->tag, &tag) != 0 ||
	    tag != protection_tag(prot->mac) || slice_trim(text).n != 0)
		return ERROR_MALFORMED;
	f->comment = slice_of(f->bytes.p, comment.n);
	f->encrypted = slice_skip(buffer_slice(&f->bytes), pub);
	r = key_blob_parse(slice_of(f->bytes.p + comment.n, pub - comment.n), &f->blob);
	return r == 0 && !slice_eq(f->blob.name, algorithm) ? ERROR_MALFORMED : r;
}

/* C.3: the numbers of the private part, each as its index in the private half of a struct key;
 * empty for EdDSA, whose private part is one string. NULL if PuTTY has no form for this type. */
static const char *
numbers_of(const struct key_type *t)
{
	return t->family == KEY_RSA ? "2453" : t->family == KEY_DSA ? "4" :
	    t->family == KEY_ECDSA ? "2" : t->family == KEY_EDDSA ? "" : NULL;
}

/* The seed has its lowest byte first; old versions of PuTTY left out the zeros at its end. */
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
	struct slice pub[KEY_TYPE_FIELDS], field[KEY_TYPE_FIELDS], fields = f->blob.fields;
	const struct key_type *t = key_blob_plain(&f->blob);
	const char *numbers = t != NULL ? numbers_of(t) : NULL;
	size_t i;

	if (numbers == NULL || key_type_take(t, t->pub, &fields, pub) != 0)
		return ERROR_TYPE;
	parts->type = t;
	buffer_put_slice(&parts->comment, f->comment);
	for (i = 0; t->pub_of_priv[i] != '\0'; i++)
		field[t->pub_of_priv[i] - '0'] = pub[i];
	for (; *numbers != '\0'; numbers++)
		if (ssh_wire_get_padded_mpint(&plain, &field[*numbers - '0']) != 0)
			return ERROR_MALFORMED;
	if (t->family != KEY_EDDSA)
		key_type_put(t->priv, field, &parts->priv);
	else if (decode_seed(t, pub[0], &plain, &parts->priv) != 0)
		return ERROR_MALFORMED;
	return plain.n >= (f->protection.kdf == KDF_NONE ? 1 : BLOCK) ? ERROR_MALFORMED : 0;
}

static int
encode(const struct key *k, const struct key_file *f, struct buffer *plain)
{
	const char *numbers = numbers_of(k->type);
	struct slice field[KEY_TYPE_FIELDS];

	if (key_fields(k, field) != 0)
		return ERROR_NOT_PRIVATE;
	if (numbers == NULL)
		return ERROR_FORMAT;
	for (; *numbers != '\0'; numbers++)
		ssh_wire_put_mpint(plain, field[*numbers - '0']);
	if (k->type->family == KEY_EDDSA)
		ssh_wire_put_string(plain, slice_of(field[1].p, k->type->bytes));
	/* Padding may have any value: the MAC covers it. */
	if (f->protection.kdf != KDF_NONE)
		buffer_put(plain, f->protection.iv, (BLOCK - plain->n % BLOCK) % BLOCK);
	return plain->failed;
}

static const char *
encryption(const struct key_file *f)
{
	return f->protection.kdf != KDF_NONE ? CIPHER : "none";
}

/* C.2: algorithm, encryption, comment, public part and private part, as strings. */
static int
mac_header(const struct key_file *f, size_t n, struct buffer *header)
{
	ssh_wire_put_string(header, f->blob.name);
	ssh_wire_put_cstring(header, encryption(f));
	ssh_wire_put_string(header, f->comment);
	ssh_wire_put_string(header, f->blob.bytes);
	ssh_wire_put_u32(header, (uint32_t)n);
	return header->failed;
}

static void
put_hex(struct buffer *text, const char *name, const unsigned char *bytes, size_t n)
{
	static const char hex[] = "0123456789abcdef";

	buffer_puts(text, name);
	for (; n > 0; n--, bytes++)
		buffer_put(text, (char[]){ hex[*bytes >> 4], hex[*bytes & 15] }, 2);
	buffer_puts(text, "\n");
}

static void
put_blob(struct buffer *text, const char *name, struct slice bytes)
{
	buffer_printf(text, "%s%zu\n", name, (bytes.n + 47) / 48);      /* lines of 64 */
	base64_put(text, bytes, 64);
}

static int
frame(const struct key_file *f, struct buffer *text)
{
	const struct protection *prot = &f->protection;

	buffer_puts(text, prot->mac == MAC_PPK2 ? START "2: " : START "3: ");
	buffer_put_slice(text, f->blob.name);
	buffer_printf(text, "\nEncryption: %s\nComment: ", encryption(f));
	buffer_put_slice(text, f->comment);
	put_blob(text, "\nPublic-Lines: ", f->blob.bytes);
	if (prot->kdf != KDF_NONE && prot->kdf != KDF_PPK2) {
		buffer_printf(text, "Key-Derivation: %s\nArgon2-Memory: %lu\nArgon2-Passes: %lu\n"
		    "Argon2-Parallelism: %lu\n", protection_kdf(prot->kdf), (unsigned long)prot->r,
		    (unsigned long)prot->rounds, (unsigned long)prot->p);
		put_hex(text, "Argon2-Salt: ", prot->salt, prot->salt_n);
	}
	put_blob(text, "Private-Lines: ", f->encrypted);
	put_hex(text, "Private-MAC: ", prot->tag, protection_tag(prot->mac));
	return text->failed;
}

static int
accepts_cipher(const struct cipher *c)
{
	return strcmp(c->ssh, CIPHER) == 0;
}

#define BOTH .can = FORMAT_WRITE | FORMAT_PRIVATE, .end_line = "Private-MAC:", \
	.called = "PuTTY's format", .accepts_cipher = accepts_cipher, .parse = parse, \
	.decode = decode, .encode = encode, .mac_header = mac_header, .frame = frame

const struct format format_ppk_2 = {
	.name = "PPK2", .mac = MAC_PPK2, .recognizes = recognizes2,
	.encryption = { KDF_PPK2, .cipher = CIPHER, .digest = "SHA1" }, BOTH
};

/* PuTTY too uses 8 MiB, and as many passes as take a tenth of a second. */
const struct format format_ppk_3 = {
	.name = "PPK3", .mac = MAC_PPK3, .recognizes = recognizes3,
	.encryption = { KDF_ARGON2ID, .cipher = CIPHER, .rounds = 21, .r = 8192, .p = 1 }, BOTH
};
