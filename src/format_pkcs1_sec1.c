#include "format_pkcs1_sec1.h"
#include "key_asn1.h"
#include "key_error.h"
#include "pem.h"

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
claims(struct slice line)
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
		return KEY_E_CIPHER;
	if (slice_hex(iv, prot->iv, prot->cipher->iv) != 0)
		return KEY_E_MALFORMED;
	return protection_salt(prot, slice_of(prot->iv, 8)) == 0 ? KEY_OK : KEY_E_MALFORMED;
}

/* RFC 1421 sections 4.6.1.1 and 4.6.1.3: Proc-Type comes first, then DEK-Info.
 * No other header, nor another order, is OpenSSL's. */
static int
get_headers(struct slice headers, struct protection *prot)
{
	struct slice proc, dek;

	if (headers.n == 0)
		return KEY_OK;
	proc = slice_line(&headers);
	dek = slice_line(&headers);
	if (!slice_is(pem_header(proc, "Proc-Type"), "4,ENCRYPTED") || headers.n != 0)
		return KEY_E_MALFORMED;
	dek = pem_header(dek, "DEK-Info");
	return dek.n > 0 ? get_dek(dek, prot) : KEY_E_MALFORMED;
}

static int
open_text(struct slice text, struct envelope *e)
{
	struct slice label, headers;
	size_t i;
	int r;

	if (pem_open(text, &label, &headers, &e->bytes) != 0 || e->bytes.n == 0)
		return KEY_E_MALFORMED;
	for (i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (slice_is(label, labels[i].label) && labels[i].type != NULL)
			e->type = key_type_of(slice_str(labels[i].type));
	e->sealed = buffer_slice(&e->bytes);
	r = get_headers(headers, &e->prot);
	if (r == KEY_OK && e->prot.cipher != NULL && e->sealed.n % e->prot.cipher->block != 0)
		r = KEY_E_MALFORMED;
	return r;
}

/* Some writers put PKCS#8 under the label of PKCS#1 or SEC 1: libcrypto reads it where the
 * label is the key's own. */
static int
decode_pkcs8(const struct envelope *e, struct slice plain, struct key_parts *parts)
{
	int r = key_asn1_get_pkcs8(plain, parts);

	if (r != KEY_OK)
		return r;
	return parts->type->family == (e->type != NULL ? e->type->family : KEY_ECDSA) ? KEY_OK :
	    KEY_E_MALFORMED;
}

static int
decode(const struct envelope *e, struct slice plain, struct key_parts *parts)
{
	if (key_asn1_is_pkcs8(plain))
		return decode_pkcs8(e, plain, parts);
	if (e->type == NULL)
		return key_asn1_get_ec(plain, parts);
	return e->type->family == KEY_RSA ? key_asn1_get_rsa(plain, parts) :
	    key_asn1_get_dsa(plain, parts);
}

static int
encode(const struct key *k, const struct envelope *e, struct buffer *plain)
{
	(void)e;
	return key_asn1_put_traditional(k, plain);
}

static int
frame(const struct envelope *e, struct buffer *text)
{
	struct key_view view;
	const char *label;

	if (key_view_parse(e->pub, &view) != KEY_OK || view.type == NULL)
		return KEY_E_FORMAT;
	label = view.type->family == KEY_RSA ? labels[0].label :
	    view.type->family == KEY_ECDSA ? labels[1].label : labels[2].label;
	return pem_frame(text, label, e->sealed, 64) == 0 ? KEY_OK : KEY_E_MEMORY;
}

const struct key_format format_pkcs1_sec1_private = {
	.name = "PEM", .can = KEY_READ | KEY_WRITE | KEY_PRIVATE, .last = PEM_END,
	.claims = claims, .open = open_text, .decode = decode, .encode = encode, .frame = frame
};
