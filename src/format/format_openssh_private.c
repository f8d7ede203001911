/* format_openssh_private: openssh-key-v1, OpenSSH's PROTOCOL.key. */
#include "base/error.h"
#include "encoding/pem.h"
#include "encoding/ssh_wire.h"
#include "format/format.h"

#include <string.h>

#define LABEL "OPENSSH PRIVATE KEY"
#define MAGIC "openssh-key-v1"  /* with its NUL */
#define BLOCK 8                 /* bytes, of what is not encrypted */

static int
recognizes(struct slice line)
{
	struct slice label;

	return pem_label(line, &label) && slice_is(label, LABEL);
}

/* Single DES is no cipher of SSH. */
static int
accepts_cipher(const struct cipher *c)
{
	return c->key >= 16;
}

static int
get_protection(struct slice cipher, struct slice kdf, struct slice options,
    struct protection *prot)
{
	struct slice salt;

	if (slice_is(cipher, "none") && slice_is(kdf, "none"))
		return options.n == 0 ? ERROR_NONE : ERROR_MALFORMED;
	prot->kdf = KDF_BCRYPT;
	prot->cipher = protection_cipher(cipher);
	if (prot->cipher == NULL || !slice_is(cipher, prot->cipher->ssh) ||
	    !accepts_cipher(prot->cipher) || !slice_is(kdf, "bcrypt"))
		return ERROR_CIPHER;
	if (ssh_wire_get_string(&options, &salt) != 0 ||
	    ssh_wire_get_u32(&options, &prot->rounds) != 0 || options.n != 0 ||
	    protection_salt(prot, salt) != 0)
		return ERROR_MALFORMED;
	return protection_check(prot);
}

static int
parse(struct slice text, struct key_file *f)
{
	struct slice label, headers, in, magic, cipher, kdf, options, pub;
	uint32_t keys;
	size_t block, tag;
	int r;

	if (pem_open(text, &label, &headers, &f->bytes) != 0 || headers.n != 0)
		return ERROR_MALFORMED;
	in = buffer_slice(&f->bytes);
	if (ssh_wire_get_bytes(&in, sizeof MAGIC, &magic) != 0 ||
	    memcmp(magic.p, MAGIC, sizeof MAGIC) != 0 ||
	    ssh_wire_get_string(&in, &cipher) != 0 || ssh_wire_get_string(&in, &kdf) != 0 ||
	    ssh_wire_get_string(&in, &options) != 0 || ssh_wire_get_u32(&in, &keys) != 0)
		return ERROR_MALFORMED;
	if ((r = get_protection(cipher, kdf, options, &f->protection)) != ERROR_NONE)
		return r;
	if (keys != 1)          /* PROTOCOL.key has room for more; nobody writes or reads them */
		return keys == 0 ? ERROR_EMPTY : ERROR_SEVERAL;
	if (ssh_wire_get_string(&in, &pub) != 0 || ssh_wire_get_string(&in, &f->encrypted) != 0)
		return ERROR_MALFORMED;
	if ((r = key_blob_parse(pub, &f->blob)) != ERROR_NONE)
		return r;
	/* An AEAD's tag follows the string, outside its length. */
	block = f->protection.cipher != NULL ? f->protection.cipher->block : BLOCK;
	tag = f->protection.cipher != NULL ? f->protection.cipher->tag : 0;
	if (f->encrypted.n == 0 || f->encrypted.n % block != 0 || in.n != tag)
		return ERROR_MALFORMED;
	f->encrypted.n += in.n;
	return ERROR_NONE;
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
	struct slice in = plain, name, priv, comment;
	const struct key_type *t;
	uint32_t check, again;

	if (ssh_wire_get_u32(&in, &check) != 0 || ssh_wire_get_u32(&in, &again) != 0)
		return ERROR_MALFORMED;
	if (check != again)
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
	/* OpenSSH takes no comment with a NUL. */
	if (ssh_wire_get_string(&in, &comment) != 0 || !padding_ok(in) ||
	    (comment.n > 0 && memchr(comment.p, '\0', comment.n) != NULL))
		return ERROR_MALFORMED;
	parts->type = t;
	buffer_put_slice(&parts->priv, priv);
	buffer_put_slice(&parts->pub, f->blob.bytes);
	buffer_put_slice(&parts->comment, comment);
	return ERROR_NONE;
}

static int
encode(const struct key *k, const struct key_file *f, struct buffer *plain)
{
	size_t block = f->protection.cipher != NULL ? f->protection.cipher->block : BLOCK;
	uint32_t check;
	uint8_t pad;

	/* Any number, the same twice; the iv is as random as the salt. */
	memcpy(&check, f->protection.iv, sizeof check);
	ssh_wire_put_u32(plain, check);
	ssh_wire_put_u32(plain, check);
	ssh_wire_put_cstring(plain, k->type->name);
	buffer_put_slice(plain, buffer_slice(&k->priv));
	ssh_wire_put_string(plain, buffer_slice(&k->comment));
	for (pad = 1; plain->n % block != 0 && !plain->failed; pad++)
		ssh_wire_put_u8(plain, pad);
	return plain->failed ? ERROR_MEMORY : ERROR_NONE;
}

static int
frame(const struct key_file *f, struct buffer *text)
{
	struct buffer bytes = BUFFER_EMPTY, options = BUFFER_EMPTY;
	const struct cipher *c = f->protection.cipher;
	size_t tag = c != NULL ? c->tag : 0;
	int r;

	if (c != NULL) {
		ssh_wire_put_string(&options, slice_of(f->protection.salt, f->protection.salt_n));
		ssh_wire_put_u32(&options, f->protection.rounds);
	}
	buffer_put(&bytes, MAGIC, sizeof MAGIC);
	ssh_wire_put_cstring(&bytes, c != NULL ? c->ssh : "none");
	ssh_wire_put_cstring(&bytes, c != NULL ? "bcrypt" : "none");
	ssh_wire_put_string(&bytes, buffer_slice(&options));
	ssh_wire_put_u32(&bytes, 1);
	ssh_wire_put_string(&bytes, f->blob.bytes);
	ssh_wire_put_string(&bytes, slice_of(f->encrypted.p, f->encrypted.n - tag));
	buffer_put(&bytes, f->encrypted.p + f->encrypted.n - tag, tag);
	r = bytes.failed || options.failed || pem_frame(text, LABEL,
	    buffer_slice(&bytes), 70) != 0 ? ERROR_MEMORY : ERROR_NONE;
	buffer_free(&bytes);
	buffer_free(&options);
	return r;
}

const struct format format_openssh_private = {
	.name = "OPENSSH", .can = FORMAT_READ | FORMAT_WRITE | FORMAT_PRIVATE, .end_line = PEM_END,
	.encryption = { .kdf = KDF_BCRYPT, .cipher = "aes256-ctr", .rounds = 24 }, .accepts_cipher = accepts_cipher,
	.needs_random = 1, .loaded = FORMAT_AS_OPENSSH,
	.recognizes = recognizes, .parse = parse, .decode = decode, .encode = encode, .frame = frame
};
