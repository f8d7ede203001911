/*
 * format_pkcs1_sec1: the format that ssh-keygen -m PEM and openssl -traditional write: RSA (RFC
 * 8017 A.1), EC (RFC 5915) and DSA keys in PEM. Encrypted keys, with Proc-Type and DEK-Info headers
 * (RFC 1421), are only read: they use MD5. PKCS#8 is for writing encrypted keys.
 */
#include "base/error.h"
#include "encoding/pem.h"
#include "format/format.h"
#include "key/key_asn1.h"

#define RSA "RSA PRIVATE KEY"
#define EC "EC PRIVATE KEY"
#define DSA "DSA PRIVATE KEY"

/* DEK-Info: CIPHER,IV. The first 8 bytes of the iv are the salt of the derivation. */
static int
get_dek(struct slice value, struct protection *prot)
{
	size_t comma = slice_find(value, ",");
	struct slice iv = slice_skip(value, comma < value.n ? comma + 1 : value.n);

	prot->kdf = KDF_DEK;
	prot->digest = "MD5";
	prot->cipher = protection_cipher(slice_of(value.p, comma));
	if (prot->cipher == NULL || prot->cipher->dek == NULL)
		return ERROR_CIPHER;
	if (slice_hex(iv, prot->iv, prot->cipher->iv) != 0)
		return ERROR_MALFORMED;
	return protection_salt(prot, slice_of(prot->iv, 8)) == 0 ? 0 : ERROR_MALFORMED;
}

/* RFC 1421 sections 4.6.1.1 and 4.6.1.3: Proc-Type comes first, then DEK-Info. OpenSSL writes no
 * other header and no other order. */
static int
get_headers(struct slice headers, struct protection *prot)
{
	struct slice proc, dek;

	if (headers.n == 0)
		return 0;
	proc = slice_line(&headers);
	dek = slice_line(&headers);
	if (!slice_is(pem_header(proc, "Proc-Type"), "4,ENCRYPTED") || headers.n != 0)
		return ERROR_MALFORMED;
	dek = pem_header(dek, "DEK-Info");
	return dek.n > 0 ? get_dek(dek, prot) : ERROR_MALFORMED;
}

static int
parse(struct key_file *f)
{
	const struct cipher *c;
	struct slice label, headers;
	int r;

	if (pem_open(f->text, &label, &headers, &f->bytes) != 0)
		return ERROR_MALFORMED;
	if (!slice_is(label, EC))       /* the curve in the private part decides the type */
		f->type = key_type_of(slice_str(slice_is(label, RSA) ? "ssh-rsa" : "ssh-dss"));
	f->encrypted = buffer_slice(&f->bytes);
	r = get_headers(headers, &f->protection);
	c = f->protection.cipher;
	return r == 0 && c != NULL && f->encrypted.n % c->block != 0 ? ERROR_MALFORMED : r;
}

static int
decode(const struct key_file *f, struct slice plain, struct key_parts *parts)
{
	return key_asn1_get_traditional(plain, f->type == NULL ? KEY_ECDSA : f->type->family,
	    parts);
}

static int
encode(const struct key *k, const struct key_file *f, struct buffer *plain)
{
	(void)f;
	return key_asn1_put_private(k, 0, plain);
}

static int
frame(const struct key_file *f, struct buffer *text)
{
	const struct key_type *t = f->blob.type;
	const char *label;

	if (t == NULL)
		return ERROR_FORMAT;
	label = t->family == KEY_RSA ? RSA : t->family == KEY_ECDSA ? EC : DSA;
	return pem_frame(text, label, f->encrypted, 64);
}

const struct format format_pkcs1_sec1_private = {
	.name = "PEM", .can = FORMAT_WRITE | FORMAT_PRIVATE, .loaded = FORMAT_AS_PEM,
	.begin = { PEM_FIRST(RSA), PEM_FIRST(EC), PEM_FIRST(DSA) }, .end_line = PEM_END,
	.parse = parse, .decode = decode, .encode = encode, .frame = frame
};
