/*
 * format_pkcs1_sec1: what ssh-keygen -m PEM and openssl's -traditional write:
 * RSA (RFC 8017 A.1), EC (RFC 5915) and DSA keys in PEM. Encrypted ones, with
 * Proc-Type and DEK-Info headers (RFC 1421), are read; their MD5 key
 * derivation is not written: what is sealed goes out as PKCS#8.
 */
#include "base/error.h"
#include "encoding/pem.h"
#include "format/format.h"
#include "key/key_asn1.h"

#include <string.h>

static const struct {
	const char *label;
	const char *type;       /* NULL: the curve inside tells */
} labels[] = {
	{ "RSA PRIVATE KEY", "ssh-rsa" },
	{ "EC PRIVATE KEY", NULL },
	{ "DSA PRIVATE KEY", "ssh-dss" },
};

static const char *
label_of(struct slice line)
{
	struct slice label;
	size_t i;

	for (i = 0; pem_label(line, &label) && i < sizeof labels / sizeof labels[0]; i++)
		if (slice_is(label, labels[i].label))
			return labels[i].label;
	return NULL;
}

static int
recognizes(struct slice line)
{
	return label_of(line) != NULL;
}

/* DEK-Info: CIPHER,IV; the salt of the derivation is the iv's first 8 bytes. */
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
	return protection_salt(prot, slice_of(prot->iv, 8)) == 0 ? ERROR_NONE : ERROR_MALFORMED;
}

/* RFC 1421 sections 4.6.1.1 and 4.6.1.3: Proc-Type comes first, then DEK-Info.
 * No other header, nor another order, is OpenSSL's. */
static int
get_headers(struct slice headers, struct protection *prot)
{
	struct slice proc, dek;

	if (headers.n == 0)
		return ERROR_NONE;
	proc = slice_line(&headers);
	dek = slice_line(&headers);
	if (!slice_is(pem_header(proc, "Proc-Type"), "4,ENCRYPTED") || headers.n != 0)
		return ERROR_MALFORMED;
	dek = pem_header(dek, "DEK-Info");
	return dek.n > 0 ? get_dek(dek, prot) : ERROR_MALFORMED;
}

static int
parse(struct slice text, struct key_file *f)
{
	struct slice label, headers;
	size_t i;
	int r;

	if (pem_open(text, &label, &headers, &f->bytes) != 0 || f->bytes.n == 0)
		return ERROR_MALFORMED;
	for (i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (slice_is(label, labels[i].label) && labels[i].type != NULL)
			f->type = key_type_of(slice_str(labels[i].type));
	f->encrypted = buffer_slice(&f->bytes);
	r = get_headers(headers, &f->protection);
	if (r == ERROR_NONE && f->protection.cipher != NULL && f->encrypted.n % f->protection.cipher->block != 0)
		r = ERROR_MALFORMED;
	return r;
}

/* Some writers put PKCS#8 under the label of PKCS#1 or SEC 1: libcrypto reads it where the
 * label is the key's own. */
static int
decode_pkcs8(const struct key_file *f, struct slice plain, struct key_parts *parts)
{
	int r = key_asn1_get_pkcs8(plain, parts);

	if (r != ERROR_NONE)
		return r;
	return parts->type->family == (f->type != NULL ? f->type->family : KEY_ECDSA) ? ERROR_NONE :
	    ERROR_MALFORMED;
}

static int
decode(const struct key_file *f, struct slice plain, struct key_parts *parts)
{
	if (key_asn1_is_pkcs8(plain))
		return decode_pkcs8(f, plain, parts);
	if (f->type == NULL)
		return key_asn1_get_ec(plain, parts);
	return f->type->family == KEY_RSA ? key_asn1_get_rsa(plain, parts) :
	    key_asn1_get_dsa(plain, parts);
}

static int
encode(const struct key *k, const struct key_file *f, struct buffer *plain)
{
	(void)f;
	return key_asn1_put_traditional(k, plain);
}

static int
frame(const struct key_file *f, struct buffer *text)
{
	const struct key_type *t = f->blob.type;
	const char *label;

	if (t == NULL)
		return ERROR_FORMAT;
	label = t->family == KEY_RSA ? labels[0].label : t->family == KEY_ECDSA ? labels[1].label : labels[2].label;
	return pem_frame(text, label, f->encrypted, 64) == 0 ? ERROR_NONE : ERROR_MEMORY;
}

const struct format format_pkcs1_sec1_private = {
	.name = "PEM", .can = FORMAT_READ | FORMAT_WRITE | FORMAT_PRIVATE, .end_line = PEM_END,
	.loaded = FORMAT_AS_PEM,
	.recognizes = recognizes, .parse = parse, .decode = decode, .encode = encode, .frame = frame
};
