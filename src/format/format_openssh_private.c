/* format_openssh_private: openssh-key-v1, OpenSSH's PROTOCOL.key. */
#include "base/error.h"
#include "encoding/pem.h"
#include "encoding/ssh_wire.h"
#include "format/format.h"

#define LABEL "OPENSSH PRIVATE KEY"
#define MAGIC "openssh-key-v1"  /* with its NUL */
#define BLOCK 8                 /* bytes, for a key that is not encrypted */

/* SSH does not use single DES, whose key is shorter. */
static int
accepts_cipher(const struct cipher *c)
{
	return c->key >= 16;
}

static int
get_protection(const struct slice v[3], struct protection *prot)
{
	struct slice options = v[2], salt;

	if (slice_is(v[0], "none") && slice_is(v[1], "none"))
		return options.n == 0 ? 0 : ERROR_MALFORMED;
	prot->kdf = KDF_BCRYPT;
	prot->cipher = protection_cipher(v[0]);
	if (prot->cipher == NULL || !slice_is(v[0], prot->cipher->ssh) ||
	    !accepts_cipher(prot->cipher) || !slice_is(v[1], "bcrypt"))
		return ERROR_CIPHER;
	if (ssh_wire_get_string(&options, &salt) != 0 || protection_salt(prot, salt) != 0 ||
	    ssh_wire_get_u32(&options, &prot->rounds) != 0 || options.n != 0)
		return ERROR_MALFORMED;
	return protection_check(prot);
}

static size_t
block_of(const struct key_file *f)
{
	return f->protection.cipher != NULL ? f->protection.cipher->block : BLOCK;
}

/* An AEAD cipher's tag follows the string of the private part; its length does not count it. */
static size_t
tag_of(const struct key_file *f)
{
	return f->protection.cipher != NULL ? f->protection.cipher->tag : 0;
}

static int
parse(struct key_file *f)
{
	struct slice label, headers, in, magic;
	struct slice v[3];      /* cipher, kdf, options; then the key's halves */
	uint32_t keys;
	int r;

	if (pem_open(f->text, &label, &headers, &f->bytes) != 0 || headers.n != 0)
		return ERROR_MALFORMED;
	in = buffer_slice(&f->bytes);
	if (ssh_wire_get_bytes(&in, sizeof MAGIC, &magic) != 0 ||
	    memcmp(magic.p, MAGIC, sizeof MAGIC) != 0 ||
	    key_type_take(NULL, "sss", &in, v) != 0 || ssh_wire_get_u32(&in, &keys) != 0)
		return ERROR_MALFORMED;
	if ((r = get_protection(v, &f->protection)) != 0)
		return r;
	if (keys != 1)          /* PROTOCOL.key allows more keys; no program writes or reads them */
		return keys == 0 ? ERROR_EMPTY : ERROR_SEVERAL;
	if (key_type_take(NULL, "ss", &in, v) != 0)
		return ERROR_MALFORMED;
	if ((r = key_blob_parse(v[0], &f->blob)) != 0)
		return r;
	f->encrypted = v[1];
	if (f->encrypted.n == 0 || f->encrypted.n % block_of(f) != 0 || in.n != tag_of(f))
		return ERROR_MALFORMED;
	f->encrypted.n += in.n;
	return 0;
}

static int
padding_ok(struct slice pad)
{
	size_t i;

	for (i = 0; i < pad.n; i++)
		if (pad.p[i] != ((i + 1) & 0xff))
			return 0;
	return 1;
}

static int
decode(const struct key_file *f, struct slice plain, struct key_parts *parts)
{
	struct slice in = plain, check[2], name, priv, comment;
	const struct key_type *t;

	if (key_type_take(NULL, "44", &in, check) != 0)
		return ERROR_MALFORMED;
	if (!slice_eq(check[0], check[1]))
		return f->protection.kdf == KDF_NONE ? ERROR_MALFORMED : ERROR_PASSPHRASE;
	if (ssh_wire_get_string(&in, &name) != 0)
		return ERROR_MALFORMED;
	t = key_type_of(name);
	if (t == NULL || t->priv == NULL)
		return ERROR_TYPE;
	priv = in;
	if (key_type_take(t, t->priv, &in, NULL) != 0)
		return ERROR_MALFORMED;
	priv.n -= in.n;
	/* OpenSSH refuses a comment that contains a NUL. */
	if (ssh_wire_get_string(&in, &comment) != 0 || !padding_ok(in) ||
	    (comment.n > 0 && memchr(comment.p, '\0', comment.n) != NULL))
		return ERROR_MALFORMED;
	parts->type = t;
	buffer_put_slice(&parts->priv, priv);
	buffer_put_slice(&parts->pub, f->blob.bytes);
	buffer_put_slice(&parts->comment, comment);
	return 0;
}

static int
encode(const struct key *k, const struct key_file *f, struct buffer *plain)
{
	const size_t block = block_of(f);
	uint8_t pad;

	/* The same 4 random bytes twice, for decode to compare; the iv is random. */
	buffer_put(plain, f->protection.iv, 4);
	buffer_put(plain, f->protection.iv, 4);
	ssh_wire_put_cstring(plain, k->type->name);
	buffer_put_slice(plain, buffer_slice(&k->priv));
	ssh_wire_put_string(plain, buffer_slice(&k->comment));
	for (pad = 1; plain->n % block != 0 && !plain->failed; pad++)
		ssh_wire_put_u8(plain, pad);
	return plain->failed;
}

static int
frame(const struct key_file *f, struct buffer *text)
{
	const struct protection *prot = &f->protection;
	const struct cipher *c = prot->cipher;
	struct buffer bytes = BUFFER_EMPTY;
	struct slice encrypted = f->encrypted;
	int r;

	encrypted.n -= tag_of(f);
	buffer_put(&bytes, MAGIC, sizeof MAGIC);
	ssh_wire_put_cstring(&bytes, c != NULL ? c->ssh : "none");
	ssh_wire_put_cstring(&bytes, c != NULL ? "bcrypt" : "none");
	ssh_wire_put_u32(&bytes, c != NULL ? (uint32_t)prot->salt_n + 8 : 0);
	if (c != NULL) {
		ssh_wire_put_string(&bytes, slice_of(prot->salt, prot->salt_n));
		ssh_wire_put_u32(&bytes, prot->rounds);
	}
	ssh_wire_put_u32(&bytes, 1);
	ssh_wire_put_string(&bytes, f->blob.bytes);
	ssh_wire_put_string(&bytes, encrypted);
	buffer_put(&bytes, encrypted.p + encrypted.n, f->encrypted.n - encrypted.n);
	r = bytes.failed ? bytes.failed : pem_frame(text, LABEL, buffer_slice(&bytes), 70);
	buffer_free(&bytes);
	return r;
}

const struct format format_openssh_private = {
	.name = "OPENSSH", .can = FORMAT_WRITE | FORMAT_PRIVATE,
	.begin = { PEM_FIRST(LABEL) }, .end_line = PEM_END,
	.encryption = { .kdf = KDF_BCRYPT, .cipher = "aes256-ctr", .rounds = 24 },
	.accepts_cipher = accepts_cipher, .needs_random = 1, .loaded = FORMAT_AS_OPENSSH,
	.parse = parse, .decode = decode, .encode = encode, .frame = frame
};
