#include "keyfile/key_policy.h"
#include "base/error.h"
#include "crypto/key_check.h"
#include "keyfile/fingerprint.h"

enum key_verdict
key_policy_fips(const struct key_type *t, unsigned bits, const char **why)
{
	switch (t->family) {
	case KEY_RSA:
		*why = "FIPS forbids signing with RSA under 2048 bits";
		return bits < 2048 ? KEY_REFUSED : KEY_GOOD;
	case KEY_ECDSA:
		return KEY_GOOD;
	case KEY_EDDSA:
		*why = "FIPS modules of OpenSSL 3.1 to 3.3 refuse Ed25519 and Ed448; RSA 3072 or ECDSA is safer";
		return KEY_DOUBTFUL;
	case KEY_DSA:
		*why = "FIPS 186-5 has withdrawn DSA";
		return KEY_REFUSED;
	default:
		*why = "no FIPS module of OpenSSL has keys of this type";
		return KEY_REFUSED;
	}
}

enum key_verdict
key_policy_fips_passphrase(size_t n, const char **why)
{
	*why = n < 8 ? "a passphrase under 8 characters is refused by FIPS modules" :
	    "some FIPS modules refuse a passphrase under 14 characters";
	return n == 0 ? KEY_GOOD : n < 8 ? KEY_REFUSED : n < 14 ? KEY_DOUBTFUL : KEY_GOOD;
}

int
key_policy_fips_file(const struct key_file *f)
{
	const struct protection *p = &f->protection;

	return f->format == &format_pkcs8_private && p->kdf == KDF_PBKDF2 &&
	    strcmp(p->digest, "SHA256") == 0 && p->salt_n >= 16 &&
	    p->rounds >= KEY_POLICY_FIPS_ROUNDS && strncmp(p->cipher->ssh, "aes", 3) == 0;
}

/* Fingerprints of aspera_id_dsa.openssh, ascli's bypass key, aspera_tokenauth_id_rsa. */
static const char *const shared[] = {
	"SHA256:vuGW1XcqdXrKC5EcFszUwyEX0x/QhzpvVHbGXmYN5c0",
	"SHA256:JBWNz1H0K96a9kHlL/FkVoJwq/gRjb3tAceiW81mPyU",
	"SHA256:BcsXPUNZ4GJ/VM3QoV1jtlyOZble/IZva4yc+58p7XU",
};

/* Points of Ed25519 of the orders 1, 2, 4 and 8, without the sign bit. 8 times such a point is the
 * neutral element, so that anybody can make signatures that verify (RFC 8032 section 5.1.7). The
 * last two are other encodings of the first two. */
static const char *const small_order[] = {
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

static int
is_small_order(struct slice point)
{
	unsigned char small[32] = { 0 };
	size_t i;
	int is = 0;

	for (i = 0; i < sizeof small_order / sizeof small_order[0]; i++)
		is |= slice_hex(slice_str(small_order[i]), small, sizeof small) == 0 &&
		    memcmp(small, point.p, 31) == 0 && small[31] == (point.p[31] & 0x7f);
	return is;
}

/* 1 or 0; -1 if the fingerprint cannot be computed. */
static int
is_shared(const struct key_blob *blob)
{
	struct digest *d = digest_new("SHA256");
	unsigned char room[FINGERPRINT_TEXT];
	struct buffer text = BUFFER_IN(room);
	size_t i;
	int r = -1;

	if (d != NULL && fingerprint_text(&text, d, "SHA256", blob) == 0)
		for (r = 0, i = 0; i < sizeof shared / sizeof shared[0]; i++)
			r |= slice_is(buffer_slice(&text), shared[i]);
	digest_free(d);
	return r;
}

/* Why anybody could sign for the key, or NULL. If that cannot be computed, sets *r to an error. */
static const char *
open_to_all(const struct key_blob *blob, const struct key_type *t, int *r)
{
	struct slice in = blob->fields, field[KEY_TYPE_FIELDS];
	int small;

	(void)key_type_take(t, t->pub, &in, field);     /* it has been parsed */
	if (t->family != KEY_RSA)
		return t->pub[0] == 'k' && t->bytes == 32 && is_small_order(field[0]) ?
		    "an Ed25519 point of small order: anybody can sign for it" : NULL;
	if (field[0].n == 1 && field[0].p[0] == 1)
		return "RSA with the exponent 1: anybody can sign for it";
	if ((*r = key_check_modulus(field[1], &small)) == ERROR_INVALID)
		return small ? "RSA with a prime factor under 65536, which no sound key has" :
		    "RSA with a prime for the modulus: anybody can sign for it";
	return NULL;
}

enum key_verdict
key_policy_server(struct slice bytes, const char **why)
{
	const struct key_type *t;
	struct key_blob blob;
	int is, r = ERROR_NONE;

	*why = "not a key";
	if (key_blob_parse(bytes, &blob) != 0)
		return KEY_REFUSED;
	t = key_blob_plain(&blob);
	is = is_shared(&blob);
	*why = is > 0 ? "a key that comes with Aspera software: its private half is public" :
	    t == NULL || t->foreign ? "OpenSSH knows no keys of this type" :
	    t->family == KEY_DSA ? "DSA keys are no longer accepted" : open_to_all(&blob, t, &r);
	if (*why != NULL)
		return is > 0 ? KEY_SHARED : KEY_REFUSED;
	*why = "libcrypto cannot compute whether a server should let this key in";
	if (is < 0 || (r != ERROR_NONE && r != ERROR_INVALID))
		return KEY_UNJUDGED;
	*why = "RSA under 2048 bits is too short";
	return t->family != KEY_RSA || blob.bits >= 2048 ? KEY_GOOD :
	    blob.bits >= 1024 ? KEY_DOUBTFUL : KEY_REFUSED;
}
