/*
 * format_pkcs8: PrivateKeyInfo (RFC 5208, 5958, 8410), and EncryptedPrivateKeyInfo, in PEM.
 *
 * Reads PBES2 with PBKDF2 or scrypt (RFC 8018, 7914), PBES1 with DES, and PKCS#12's 3DES (RFC
 * 7292). Writes PBES2 with PBKDF2.
 */
#include "base/error.h"
#include "encoding/der.h"
#include "encoding/pem.h"
#include "format/format.h"
#include "key/key_asn1.h"

#define PLAIN "PRIVATE KEY"
#define ENCRYPTED "ENCRYPTED PRIVATE KEY"

#define BYTES(s) { (const unsigned char *)(s), sizeof(s) - 1 }
#define PKCS5(n) BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x05" n)    /* 1.2.840.113549.1.5.n */
#define HMAC(n) BYTES("\x2a\x86\x48\x86\xf7\x0d\x02" n)         /* 1.2.840.113549.2.n */

static const struct slice oid_pbes2 = PKCS5("\x0d"), oid_pbkdf2 = PKCS5("\x0c");
static const struct slice oid_scrypt =                          /* 1.3.6.1.4.1.11591.4.11 */
    BYTES("\x2b\x06\x01\x04\x01\xda\x47\x04\x0b");

static const struct algorithm {
	struct slice oid;
	enum kdf kdf;
	const char *digest, *cipher;
} algorithms[] = {
	{ HMAC("\x07"), KDF_PBKDF2, "SHA1", NULL },
	{ HMAC("\x08"), KDF_PBKDF2, "SHA224", NULL },
	{ HMAC("\x09"), KDF_PBKDF2, "SHA256", NULL },
	{ HMAC("\x0a"), KDF_PBKDF2, "SHA384", NULL },
	{ HMAC("\x0b"), KDF_PBKDF2, "SHA512", NULL },
	/* PBES1 and PKCS#12: one OID states derivation, digest and cipher */
	{ PKCS5("\x03"), KDF_PBKDF1, "MD5", "des-cbc" },
	{ PKCS5("\x0a"), KDF_PBKDF1, "SHA1", "des-cbc" },
	{ BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03"), KDF_PKCS12, "SHA1", "3des-cbc" },
};

static const struct algorithm *
algorithm_of(struct slice oid)
{
	size_t i;

	for (i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
		if (slice_eq(oid, algorithms[i].oid))
			return &algorithms[i];
	return NULL;
}

static int
get_salt_and_rounds(struct slice *in, struct protection *prot)
{
	struct slice salt;

	return der_get(in, DER_OCTET_STRING, &salt) != 0 || protection_salt(prot, salt) != 0 ||
	    der_get_u32(in, &prot->rounds) != 0 ? -1 : 0;
}

/* Reads salt, iterations (scrypt: N, r, p: RFC 7914 section 7.1), the key's length if stated, and
 * PBKDF2's prf; if no prf is stated, it is HMAC-SHA-1. */
static int
get_kdf(struct slice kdf, struct slice in, struct protection *prot, uint32_t *length)
{
	struct slice seq, oid, null = { NULL, 0 };
	const struct algorithm *prf;

	prot->kdf = slice_eq(kdf, oid_pbkdf2) ? KDF_PBKDF2 :
	    slice_eq(kdf, oid_scrypt) ? KDF_SCRYPT : KDF_NONE;
	if (prot->kdf == KDF_NONE)
		return ERROR_CIPHER;
	if (get_salt_and_rounds(&in, prot) != 0 || (prot->kdf == KDF_SCRYPT &&
	    (der_get_u32(&in, &prot->r) != 0 || der_get_u32(&in, &prot->p) != 0)) ||
	    (der_next_is(in, DER_INTEGER) && der_get_u32(&in, length) != 0))
		return ERROR_MALFORMED;
	if (prot->kdf == KDF_SCRYPT)
		return in.n == 0 ? 0 : ERROR_MALFORMED;
	prot->digest = "SHA1";
	if (in.n == 0)
		return 0;
	if (der_get(&in, DER_SEQUENCE, &seq) != 0 || in.n != 0 ||
	    der_get(&seq, DER_OID, &oid) != 0 ||
	    (seq.n != 0 && (der_get(&seq, DER_NULL, &null) != 0 || null.n != 0 || seq.n != 0)))
		return ERROR_MALFORMED;
	if ((prf = algorithm_of(oid)) == NULL || prf->kdf != KDF_PBKDF2)
		return ERROR_CIPHER;
	prot->digest = prf->digest;
	return 0;
}

static int
get_pbes2(struct slice in, struct protection *prot)
{
	struct slice seq, kdf, cipher, oid, params, iv;
	uint32_t length = 0;
	int r;

	if (der_get(&in, DER_SEQUENCE, &seq) != 0 || in.n != 0 ||
	    der_get(&seq, DER_SEQUENCE, &kdf) != 0 ||
	    der_get(&seq, DER_SEQUENCE, &cipher) != 0 || seq.n != 0 ||
	    der_get(&kdf, DER_OID, &oid) != 0 ||
	    der_get(&kdf, DER_SEQUENCE, &params) != 0 || kdf.n != 0)
		return ERROR_MALFORMED;
	if ((r = get_kdf(oid, params, prot, &length)) != 0)
		return r;
	if (der_get(&cipher, DER_OID, &oid) != 0)
		return ERROR_MALFORMED;
	prot->cipher = protection_cipher_oid(oid);
	if (prot->cipher == NULL)
		return ERROR_CIPHER;
	if (der_get(&cipher, DER_OCTET_STRING, &iv) != 0 || cipher.n != 0 ||
	    iv.n != prot->cipher->iv || (length != 0 && length != prot->cipher->key))
		return ERROR_MALFORMED;
	memcpy(prot->iv, iv.p, iv.n);
	return 0;
}

static int
get_protection(struct slice in, struct protection *prot)
{
	const struct algorithm *a;
	struct slice oid, params;
	int r;

	if (der_get(&in, DER_OID, &oid) != 0)
		return ERROR_MALFORMED;
	if (slice_eq(oid, oid_pbes2)) {
		r = get_pbes2(in, prot);
		return r != 0 ? r : protection_check(prot);
	}
	if ((a = algorithm_of(oid)) == NULL || a->cipher == NULL)
		return ERROR_CIPHER;
	prot->kdf = a->kdf;
	prot->digest = a->digest;
	prot->cipher = protection_cipher(slice_str(a->cipher));
	return der_get(&in, DER_SEQUENCE, &params) != 0 || in.n != 0 ||
	    get_salt_and_rounds(&params, prot) != 0 || params.n != 0 ? ERROR_MALFORMED :
	    protection_check(prot);
}

static int
parse(struct key_file *f)
{
	struct slice label, headers, in, seq, algorithm;
	int r;

	if (pem_open(f->text, &label, &headers, &f->bytes) != 0 || headers.n != 0)
		return ERROR_MALFORMED;
	in = buffer_slice(&f->bytes);
	if (slice_is(label, PLAIN)) {
		f->encrypted = in;
		return 0;
	}
	if (der_get(&in, DER_SEQUENCE, &seq) != 0 || in.n != 0 ||
	    der_get(&seq, DER_SEQUENCE, &algorithm) != 0 ||
	    der_get(&seq, DER_OCTET_STRING, &f->encrypted) != 0 || seq.n != 0)
		return ERROR_MALFORMED;
	if ((r = get_protection(algorithm, &f->protection)) != 0)
		return r;
	return f->encrypted.n % f->protection.cipher->block != 0 ? ERROR_MALFORMED : 0;
}

/* Files with other ciphers are read, but a new file should not have them. */
static int
accepts_cipher(const struct cipher *c)
{
	return c->oid.n > 0 && c->block == 16;
}

static int
decode(const struct key_file *f, struct slice plain, struct key_parts *parts)
{
	(void)f;
	return key_asn1_get_pkcs8(plain, parts);
}

static int
encode(const struct key *k, const struct key_file *f, struct buffer *plain)
{
	(void)f;
	return key_asn1_put_private(k, 1, plain);
}

/* Appends EncryptedPrivateKeyInfo (RFC 8018 appendix A). */
static void
put_encrypted(const struct key_file *f, struct buffer *der)
{
	size_t pbes2, kdf, params, prf, cipher, i;

	der_put(der, DER_OID, oid_pbes2);
	pbes2 = kdf = der->n;
	der_put(der, DER_OID, oid_pbkdf2);
	params = der->n;
	der_put(der, DER_OCTET_STRING, slice_of(f->protection.salt, f->protection.salt_n));
	der_put_u32(der, f->protection.rounds);
	prf = der->n;
	for (i = 0; algorithms[i].kdf == KDF_PBKDF2; i++)
		if (strcmp(algorithms[i].digest, f->protection.digest) == 0)
			der_put(der, DER_OID, algorithms[i].oid);
	der_put(der, DER_NULL, slice_str(""));
	der_wrap(der, prf, DER_SEQUENCE);
	der_wrap(der, params, DER_SEQUENCE);
	der_wrap(der, kdf, DER_SEQUENCE);
	cipher = der->n;
	der_put(der, DER_OID, f->protection.cipher->oid);
	der_put(der, DER_OCTET_STRING, slice_of(f->protection.iv, f->protection.cipher->iv));
	der_wrap(der, cipher, DER_SEQUENCE);
	der_wrap(der, pbes2, DER_SEQUENCE);
	der_wrap(der, 0, DER_SEQUENCE);
	der_put(der, DER_OCTET_STRING, f->encrypted);
	der_wrap(der, 0, DER_SEQUENCE);
}

static int
frame(const struct key_file *f, struct buffer *text)
{
	struct buffer der = BUFFER_EMPTY;
	int r;

	if (f->protection.kdf == KDF_NONE)
		return pem_frame(text, PLAIN, f->encrypted, 64);
	put_encrypted(f, &der);
	r = der.failed ? der.failed : pem_frame(text, ENCRYPTED, buffer_slice(&der), 64);
	buffer_free(&der);
	return r;
}

const struct format format_pkcs8_private = {
	.name = "PKCS8", .can = FORMAT_WRITE | FORMAT_PRIVATE, .loaded = FORMAT_AS_PEM,
	.begin = { PEM_FIRST(PLAIN), PEM_FIRST(ENCRYPTED) }, .end_line = PEM_END,
	.encryption = { KDF_PBKDF2, .cipher = "aes128-cbc", .digest = "SHA256", .rounds = 600000 },
	.accepts_cipher = accepts_cipher,
	.parse = parse, .decode = decode, .encode = encode, .frame = frame
};
