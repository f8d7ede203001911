#include "key_crypto.h"
#include "key_error.h"
#include "secret.h"
#include "ssh_wire.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#define FIELD_MAX ((int)SSH_WIRE_MPINT_BITS / 8)
#define LARGE ((size_t)1 << 20) /* bytes */

/* The one thing that libcrypto's allocator can reach. */
static void (*on_shortage)(void);

static void *
or_stop(void *p, size_t n)
{
	if (p == NULL && n > 0 && n < LARGE && on_shortage != NULL)
		on_shortage();
	return p;
}

static void *
crypto_malloc(size_t n, const char *file, int line)
{
	return or_stop(secret_malloc(n, file, line), n);
}

static void *
crypto_realloc(void *p, size_t n, const char *file, int line)
{
	return or_stop(secret_realloc(p, n, file, line), n);
}

/* When libcrypto takes itself down all is done that had to be. */
static void
forget_shortage(void)
{
	on_shortage = NULL;
}

void
key_crypto_init(int config, void (*shortage)(void))
{
	/* Tables of old names and of messages, which take longer to fill than a key to
	 * make: all here is fetched by a provider's name, and key_error has the words. */
	uint64_t unused = OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
	    OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS;

	on_shortage = shortage;
	(void)CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, secret_free);
	if (!config)    /* nor a provider that wants to be told of the end */
		unused |= OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT;
	(void)OPENSSL_init_crypto(unused, NULL);
	(void)atexit(forget_shortage);
}

static const char *
group_of(const struct key_type *t)
{
	return t->bits == 256 ? "P-256" : t->bits == 384 ? "P-384" : "P-521";
}

static const char *
eddsa_of(const struct key_type *t)
{
	return t->bits == 256 ? "ED25519" : "ED448";
}

/* Appends a number as an mpint; -1 when it is missing or too long. */
static int
put_bn(struct buffer *out, const BIGNUM *n)
{
	unsigned char bytes[FIELD_MAX];
	int len, r;

	if (n == NULL || BN_num_bytes(n) > FIELD_MAX)
		return -1;
	len = BN_bn2bin(n, bytes);
	r = ssh_wire_put_mpint(out, slice_of(bytes, (size_t)len));
	secret_wipe(bytes, sizeof bytes);
	return r;
}

static int
put_bn_param(struct buffer *out, const EVP_PKEY *pkey, const char *name)
{
	BIGNUM *n = NULL;
	int r = EVP_PKEY_get_bn_param(pkey, name, &n) == 1 ? put_bn(out, n) : -1;

	BN_clear_free(n);
	return r;
}

static int
put_rsa(struct buffer *priv, const EVP_PKEY *pkey)
{
	static const char *const name[] = { OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E,
	    OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
	    OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2 };
	size_t i;

	for (i = 0; i < sizeof name / sizeof name[0]; i++)
		if (put_bn_param(priv, pkey, name[i]) != 0)
			return -1;
	return 0;
}

static int
put_ec(struct buffer *priv, const struct key_type *t, const EVP_PKEY *pkey)
{
	unsigned char point[2 * 66 + 1];
	size_t n;

	if (EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point,
	    &n) != 1)
		return -1;
	ssh_wire_put_cstring(priv, t->curve);
	ssh_wire_put_string(priv, slice_of(point, n));
	return put_bn_param(priv, pkey, OSSL_PKEY_PARAM_PRIV_KEY);
}

static int
put_eddsa(struct buffer *priv, const struct key_type *t, const EVP_PKEY *pkey)
{
	unsigned char pub[64], seed[64];
	size_t pub_n = sizeof pub, seed_n = sizeof seed;
	int r = -1;

	if (EVP_PKEY_get_raw_public_key(pkey, pub, &pub_n) != 1 || pub_n != t->bytes ||
	    EVP_PKEY_get_raw_private_key(pkey, seed, &seed_n) != 1 || seed_n != t->bytes)
		goto out;
	ssh_wire_put_string(priv, slice_of(pub, pub_n));
	ssh_wire_put_u32(priv, (uint32_t)(seed_n + pub_n));
	buffer_put(priv, seed, seed_n);
	r = buffer_put(priv, pub, pub_n);
out:
	secret_wipe(seed, sizeof seed);
	return r;
}

/* libcrypto's key into the canonical one. */
static int
from_pkey(struct key *k, const struct key_type *t, const EVP_PKEY *pkey)
{
	struct buffer priv = BUFFER_EMPTY;
	int r = KEY_E_CRYPTO;

	if ((t->family == KEY_RSA ? put_rsa(&priv, pkey) :
	    t->family == KEY_ECDSA ? put_ec(&priv, t, pkey) : put_eddsa(&priv, t, pkey)) == 0)
		r = key_set_private(k, t, buffer_slice(&priv));
	if (priv.failed)
		r = KEY_E_MEMORY;
	buffer_free(&priv);
	return r;
}

struct ticker {
	void (*progress)(void *);
	void *arg;
};

static int
tick(EVP_PKEY_CTX *ctx)
{
	const struct ticker *ticker = EVP_PKEY_CTX_get_app_data(ctx);

	ticker->progress(ticker->arg);
	return 1;
}

int
key_crypto_generate(struct key *k, const struct key_type *t, unsigned bits,
    void (*progress)(void *), void *arg)
{
	const char *algorithm = t->family == KEY_RSA ? "RSA" :
	    t->family == KEY_ECDSA ? "EC" : eddsa_of(t);
	struct ticker ticker = { progress, arg };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);
	EVP_PKEY *pkey = NULL;
	int r = KEY_E_CRYPTO;

	if (ctx == NULL || EVP_PKEY_keygen_init(ctx) != 1 ||
	    (t->family == KEY_RSA && EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) != 1) ||
	    (t->family == KEY_ECDSA && EVP_PKEY_CTX_set_group_name(ctx, group_of(t)) != 1))
		goto out;
	if (progress != NULL) {
		EVP_PKEY_CTX_set_app_data(ctx, &ticker);
		EVP_PKEY_CTX_set_cb(ctx, tick);
	}
	if (EVP_PKEY_generate(ctx, &pkey) != 1)
		goto out;
	if ((r = from_pkey(k, t, pkey)) == KEY_OK)
		r = key_crypto_complete(k);
out:
	EVP_PKEY_free(pkey);
	EVP_PKEY_CTX_free(ctx);
	return r;
}

static BIGNUM *
bn_of(struct slice magnitude)
{
	BIGNUM *n = BN_secure_new();

	if (n == NULL || magnitude.n > INT_MAX ||
	    BN_bin2bn(magnitude.p, (int)magnitude.n, n) == NULL) {
		BN_clear_free(n);
		return NULL;
	}
	BN_set_flags(n, BN_FLG_CONSTTIME);
	return n;
}

/* d mod (p - 1) and d mod (q - 1), which openssh-key-v1 leaves out. */
static int
complete_rsa(struct key *k, const struct slice *field)
{
	BIGNUM *d = bn_of(field[2]), *m = NULL, *rest = BN_secure_new();
	BN_CTX *ctx = BN_CTX_secure_new();
	size_t i;
	int r = KEY_E_CRYPTO;

	for (i = 4; i < 6; i++) {
		m = bn_of(field[i]);
		if (d == NULL || m == NULL || rest == NULL || ctx == NULL || BN_is_one(m) ||
		    BN_sub_word(m, 1) != 1 || BN_mod(rest, d, m, ctx) != 1 ||
		    put_bn(&k->crt, rest) != 0)
			goto out;
		BN_clear_free(m);
		m = NULL;
	}
	r = KEY_OK;
out:
	BN_clear_free(d);
	BN_clear_free(m);
	BN_clear_free(rest);
	BN_CTX_free(ctx);
	return k->crt.failed ? KEY_E_MEMORY : r;
}

/* q^-1 mod p, which few leave out; then all that follows from it. */
static int
complete_coefficient(struct key *k)
{
	enum { N, E, D, P, Q, NUMBERS };
	struct slice in = buffer_slice(&k->seed), v[NUMBERS];
	struct buffer priv = BUFFER_EMPTY;
	BIGNUM *p = NULL, *q = NULL, *inverse = BN_secure_new();
	BN_CTX *ctx = BN_CTX_secure_new();
	size_t i;
	int r = KEY_E_MALFORMED;

	for (i = 0; i < NUMBERS; i++)
		if (ssh_wire_get_mpint(&in, &v[i]) != 0)
			goto out;
	r = KEY_E_INVALID;
	p = bn_of(v[P]);
	q = bn_of(v[Q]);
	if (p == NULL || q == NULL || inverse == NULL || ctx == NULL ||
	    BN_mod_inverse(inverse, q, p, ctx) == NULL)
		goto out;
	for (i = 0; i < P; i++)
		ssh_wire_put_mpint(&priv, v[i]);
	if (put_bn(&priv, inverse) == 0 && ssh_wire_put_mpint(&priv, v[P]) == 0 &&
	    ssh_wire_put_mpint(&priv, v[Q]) == 0)
		r = key_set_private(k, k->type, buffer_slice(&priv));
out:
	if (priv.failed)
		r = KEY_E_MEMORY;
	BN_clear_free(p);
	BN_clear_free(q);
	BN_clear_free(inverse);
	BN_CTX_free(ctx);
	buffer_free(&priv);
	return r;
}

/* libcrypto has the same limit for p; q is about the size of a digest (FIPS 186-4 4.2). */
static int
dsa_sized(struct slice p, struct slice q)
{
	return ssh_wire_bits(p) <= 10000 && ssh_wire_bits(q) <= 512;
}

/* y = g^x mod p. */
static int
complete_dsa(struct key *k)
{
	struct slice in = buffer_slice(&k->given), v[4];
	struct buffer priv = BUFFER_EMPTY;
	BIGNUM *p = NULL, *g = NULL, *x = bn_of(buffer_slice(&k->seed)), *y = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	size_t i;
	int r = KEY_E_INVALID;

	for (i = 0; i < 3; i++)
		if (ssh_wire_get_mpint(&in, &v[i]) != 0)
			goto out;
	p = bn_of(v[0]);
	g = bn_of(v[2]);
	if (p == NULL || g == NULL || x == NULL || y == NULL || ctx == NULL || !BN_is_odd(p) ||
	    !dsa_sized(v[0], v[1]) || k->seed.n > v[1].n || BN_mod_exp(y, g, x, p, ctx) != 1)
		goto out;
	for (i = 0; i < 3; i++)
		ssh_wire_put_mpint(&priv, v[i]);
	i = priv.n;
	if (put_bn(&priv, y) != 0)
		goto out;
	r = KEY_E_MISMATCH;
	if (in.n > 0 && !slice_eq(in, slice_skip(buffer_slice(&priv), i)))
		goto out;
	if (put_bn(&priv, x) == 0)
		r = key_set_private(k, k->type, buffer_slice(&priv));
out:
	if (priv.failed)
		r = KEY_E_MEMORY;
	BN_clear_free(p);
	BN_clear_free(g);
	BN_clear_free(x);
	BN_clear_free(y);
	BN_CTX_free(ctx);
	buffer_free(&priv);
	return r;
}

/* Is the curve that a file spells out this one? Its numbers must all be the
 * same: with another generator anybody can make a key to a given point. */
static int
check_curve(const EC_GROUP *group, struct slice der)
{
	const unsigned char *p = der.p;
	EC_GROUP *spelt;
	int same;

	if (der.n == 0)
		return KEY_OK;
	spelt = d2i_ECPKParameters(NULL, &p, (long)der.n);
	same = spelt != NULL && p == der.p + der.n && EC_GROUP_cmp(group, spelt, NULL) == 0;
	EC_GROUP_free(spelt);
	return same ? KEY_OK : KEY_E_CURVE;
}

/* Is the point that a file gives, in whatever form, this one? */
static int
check_point(const EC_GROUP *group, const EC_POINT *q, struct slice oct)
{
	EC_POINT *given;
	int same;

	if (oct.n == 0)
		return KEY_OK;
	given = EC_POINT_new(group);
	same = given != NULL && EC_POINT_oct2point(group, given, oct.p, oct.n, NULL) == 1 &&
	    EC_POINT_cmp(group, q, given, NULL) == 0;
	EC_POINT_free(given);
	return same ? KEY_OK : KEY_E_MISMATCH;
}

/* The public point of a secret number. */
static int
complete_ec(struct key *k)
{
	const struct key_type *t = k->type;
	struct slice in = buffer_slice(&k->given), curve = { NULL, 0 }, given = { NULL, 0 };
	unsigned char point[2 * 66 + 1];
	struct buffer priv = BUFFER_EMPTY;
	BIGNUM *d = bn_of(buffer_slice(&k->seed));
	EC_GROUP *group = EC_GROUP_new_by_curve_name(EC_curve_nist2nid(group_of(t)));
	EC_POINT *q = group != NULL ? EC_POINT_new(group) : NULL;
	size_t n;
	int r = KEY_E_INVALID;

	if (in.n > 0 && (ssh_wire_get_string(&in, &curve) != 0 ||
	    ssh_wire_get_string(&in, &given) != 0))
		goto out;
	if (d == NULL || q == NULL || BN_is_zero(d) ||
	    BN_cmp(d, EC_GROUP_get0_order(group)) >= 0 ||
	    EC_POINT_mul(group, q, d, NULL, NULL, NULL) != 1)
		goto out;
	if ((r = check_curve(group, curve)) != KEY_OK ||
	    (r = check_point(group, q, given)) != KEY_OK)
		goto out;
	n = EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point, sizeof point, NULL);
	ssh_wire_put_cstring(&priv, t->curve);
	ssh_wire_put_string(&priv, slice_of(point, n));
	r = n == 0 || put_bn(&priv, d) != 0 ? KEY_E_CRYPTO :
	    key_set_private(k, t, buffer_slice(&priv));
out:
	if (priv.failed)
		r = KEY_E_MEMORY;
	EC_POINT_free(q);
	EC_GROUP_free(group);
	BN_clear_free(d);
	buffer_free(&priv);
	return r;
}

static int
complete_eddsa(struct key *k)
{
	const char *name = eddsa_of(k->type);
	OSSL_LIB_CTX *own = NULL;       /* for a FIPS provider that has no EdDSA */
	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key_ex(NULL, name, NULL, k->seed.p, k->seed.n);
	struct slice field[KEY_TYPE_FIELDS];
	int r;

	if (pkey == NULL && (own = OSSL_LIB_CTX_new()) != NULL)
		pkey = EVP_PKEY_new_raw_private_key_ex(own, name, NULL, k->seed.p, k->seed.n);
	r = pkey != NULL ? from_pkey(k, k->type, pkey) : KEY_E_CRYPTO;
	if (r == KEY_OK && k->given.n > 0 && key_fields(k, field) == 0 &&
	    !slice_eq(field[0], buffer_slice(&k->given)))
		r = KEY_E_MISMATCH;
	EVP_PKEY_free(pkey);
	OSSL_LIB_CTX_free(own);
	return r;
}

int
key_crypto_complete(struct key *k)
{
	struct slice field[KEY_TYPE_FIELDS];
	int r = KEY_OK;

	if (k->seed.n > 0) {
		r = k->type->family == KEY_ECDSA ? complete_ec(k) :
		    k->type->family == KEY_DSA ? complete_dsa(k) :
		    k->type->family == KEY_RSA ? complete_coefficient(k) : complete_eddsa(k);
		buffer_free(&k->seed);
		buffer_free(&k->given);
	}
	if (r == KEY_OK && k->type->family == KEY_RSA && k->crt.n == 0 &&
	    key_fields(k, field) == 0)
		r = complete_rsa(k, field);
	return r;
}

/* b = 2^(p-1) mod p is 1 for every prime and for hardly any other number. */
static int
prime_plausible(const BIGNUM *p, BN_CTX *ctx)
{
	BIGNUM *two = BN_new(), *less = BN_dup(p), *b = BN_secure_new();
	int r = two != NULL && less != NULL && b != NULL && BN_num_bits(p) > 16 &&
	    BN_set_word(two, 2) == 1 && BN_sub_word(less, 1) == 1 &&
	    BN_mod_exp_mont_consttime(b, two, less, p, ctx, NULL) == 1 && BN_is_one(b);

	BN_free(two);
	BN_clear_free(less);
	BN_clear_free(b);
	return r;
}

/* a b mod (m - less) is 1? */
static int
inverse(const BIGNUM *a, const BIGNUM *b, const BIGNUM *m, BN_ULONG less, BN_CTX *ctx)
{
	BIGNUM *mod = BN_dup(m), *c = BN_secure_new();
	int r = mod != NULL && c != NULL && BN_sub_word(mod, less) == 1 &&
	    BN_mod_mul(c, a, b, mod, ctx) == 1 && BN_is_one(c);

	BN_clear_free(mod);
	BN_clear_free(c);
	return r;
}

static int
check_rsa(const struct key *k, const struct slice *field)
{
	enum { N, E, D, QINV, P, Q, NUMBERS };
	BIGNUM *v[NUMBERS] = { NULL }, *product = BN_secure_new();
	BN_CTX *ctx = BN_CTX_secure_new();
	struct slice crt = buffer_slice(&k->crt);
	struct key whole = KEY_EMPTY;
	size_t i;
	int r = KEY_E_MEMORY;

	for (i = 0; i < NUMBERS; i++)
		if ((v[i] = bn_of(field[i])) == NULL)
			goto out;
	if (product == NULL || ctx == NULL)
		goto out;
	r = KEY_E_INVALID;
	if (BN_mul(product, v[P], v[Q], ctx) != 1 || BN_cmp(product, v[N]) != 0 ||
	    BN_is_one(v[E]) || !inverse(v[D], v[E], v[P], 1, ctx) ||
	    !inverse(v[D], v[E], v[Q], 1, ctx) || !inverse(v[QINV], v[Q], v[P], 0, ctx) ||
	    !prime_plausible(v[P], ctx) || !prime_plausible(v[Q], ctx))
		goto out;
	r = KEY_OK;
	if (crt.n > 0) {        /* a file's own d mod p-1, d mod q-1 */
		whole.type = k->type;
		r = complete_rsa(&whole, field);
		if (r == KEY_OK && (whole.crt.n != crt.n ||
		    !secret_eq(whole.crt.p, crt.p, crt.n)))
			r = KEY_E_INVALID;
	}
out:
	for (i = 0; i < NUMBERS; i++)
		BN_clear_free(v[i]);
	BN_clear_free(product);
	BN_CTX_free(ctx);
	key_free(&whole);
	return r;
}

/* FIPS 186-4 A.1: p and q prime, q divides p - 1, g has order q, y = g^x. */
static int
check_dsa(const struct slice *field)
{
	enum { P, Q, G, Y, X, NUMBERS };
	BIGNUM *v[NUMBERS] = { NULL }, *a = BN_secure_new(), *b = BN_secure_new();
	BN_CTX *ctx = BN_CTX_secure_new();
	size_t i;
	int r = KEY_E_MEMORY;

	for (i = 0; i < NUMBERS; i++)
		if ((v[i] = bn_of(field[i])) == NULL)
			goto out;
	if (a == NULL || b == NULL || ctx == NULL || BN_copy(a, v[P]) == NULL)
		goto out;
	r = KEY_E_INVALID;
	if (dsa_sized(field[P], field[Q]) && BN_is_odd(v[P]) && BN_is_odd(v[Q]) && !BN_is_one(v[G]) &&
	    BN_cmp(v[G], v[P]) < 0 && BN_cmp(v[X], v[Q]) < 0 &&
	    prime_plausible(v[P], ctx) && prime_plausible(v[Q], ctx) &&
	    BN_sub_word(a, 1) == 1 && BN_mod(b, a, v[Q], ctx) == 1 && BN_is_zero(b) &&
	    BN_mod_exp_mont_consttime(a, v[G], v[Q], v[P], ctx, NULL) == 1 && BN_is_one(a) &&
	    BN_mod_exp_mont_consttime(b, v[G], v[X], v[P], ctx, NULL) == 1)
		r = BN_cmp(b, v[Y]) == 0 ? KEY_OK : KEY_E_MISMATCH;
out:
	for (i = 0; i < NUMBERS; i++)
		BN_clear_free(v[i]);
	BN_clear_free(a);
	BN_clear_free(b);
	BN_CTX_free(ctx);
	return r;
}

/* The public half again, from the secret number alone. */
static int
check_halves(const struct key *k, struct slice secret)
{
	struct key again = KEY_EMPTY;
	int r = KEY_E_MEMORY;

	again.type = k->type;
	if (buffer_put_slice(&again.seed, secret) == 0 &&
	    (r = key_crypto_complete(&again)) == KEY_OK &&
	    !slice_eq(buffer_slice(&again.pub), buffer_slice(&k->pub)))
		r = KEY_E_MISMATCH;
	key_free(&again);
	return r;
}

int
key_crypto_check(const struct key *k)
{
	struct slice field[KEY_TYPE_FIELDS];

	if (key_fields(k, field) != 0)
		return KEY_E_NOT_PRIVATE;
	switch (k->type->family) {
	case KEY_RSA:
		return check_rsa(k, field);
	case KEY_DSA:
		return check_dsa(field);
	case KEY_ECDSA:
		return check_halves(k, field[2]);
	case KEY_EDDSA:
		return check_halves(k, slice_of(field[1].p, k->type->bytes));
	default:
		return KEY_OK;
	}
}

int
key_crypto_check_public(const struct key_view *view)
{
	const struct key_type *t = key_view_plain(view);
	struct slice in = view->fields, field[KEY_TYPE_FIELDS];
	EC_GROUP *group;
	EC_POINT *q;
	int r;

	if (t == NULL || t->family != KEY_ECDSA)
		return KEY_OK;
	group = EC_GROUP_new_by_curve_name(EC_curve_nist2nid(group_of(t)));
	q = group != NULL ? EC_POINT_new(group) : NULL;
	r = q != NULL && key_type_take(t, t->pub, &in, field) == 0 &&
	    EC_POINT_oct2point(group, q, field[1].p, field[1].n, NULL) == 1 ?
	    KEY_OK : KEY_E_INVALID;
	EC_POINT_free(q);
	EC_GROUP_free(group);
	return r;
}

/* Whether an odd prime under 2^16 divides n; -1 where libcrypto fails. The primes are
 * tried as many at a time as a word holds the product of. */
static int
has_small_factor(const BIGNUM *n)
{
	unsigned char composite[1u << 15] = { 0 };      /* of 2 i + 1 */
	BN_ULONG product = 1, rest;
	size_t i, j, from = 1;

	for (i = 1; i < sizeof composite; i++) {
		if (!composite[i]) {
			for (j = 2 * i * (i + 1); j < sizeof composite; j += 2 * i + 1)
				composite[j] = 1;
			product *= 2 * i + 1;
		}
		if (product <= (BN_ULONG)-1 >> 16 && i + 1 < sizeof composite)
			continue;
		if ((rest = BN_mod_word(n, product)) == (BN_ULONG)-1)
			return -1;
		for (; from <= i; from++)
			if (!composite[from] && rest % (2 * from + 1) == 0)
				return 1;
		product = 1;
	}
	return 0;
}

int
key_crypto_check_factors(struct slice modulus)
{
	BIGNUM *n = bn_of(modulus);
	int r = n != NULL ? has_small_factor(n) : -1;

	BN_clear_free(n);
	return r < 0 ? KEY_E_CRYPTO : r > 0 ? KEY_E_INVALID : KEY_OK;
}

int
key_crypto_check_modulus(struct slice modulus)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *n = bn_of(modulus);
	int r = KEY_E_CRYPTO;

	if (ctx != NULL && n != NULL)
		r = prime_plausible(n, ctx) ? KEY_E_INVALID : KEY_OK;
	BN_clear_free(n);
	BN_CTX_free(ctx);
	return r;
}

static int
give_passphrase(char *to, int room, int writing, void *arg)
{
	const struct slice *pass = arg;

	(void)writing;
	if (room < 0 || pass->n > (size_t)room)
		return -1;
	memcpy(to, pass->p, pass->n);
	return (int)pass->n;
}

static const struct key_type *
type_of(const EVP_PKEY *pkey)
{
	const struct key_type *t;
	char group[32] = "";
	size_t i;

	(void)EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL);
	for (i = 0; (t = key_type_row(i)) != NULL; i++)
		if ((t->family == KEY_RSA && EVP_PKEY_is_a(pkey, "RSA")) ||
		    (t->family == KEY_EDDSA && EVP_PKEY_is_a(pkey, eddsa_of(t))) ||
		    (t->family == KEY_ECDSA &&
		    OBJ_sn2nid(group) == EC_curve_nist2nid(group_of(t))))
			break;
	return t;
}

int
key_crypto_load(struct slice pem, struct slice pass, struct key *k)
{
	BIO *bio = pem.n > INT_MAX ? NULL : BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *pkey = NULL;
	const struct key_type *t;
	int r = KEY_E_CRYPTO;

	if (bio == NULL)
		return KEY_E_MEMORY;
	pkey = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &pass);
	if (pkey != NULL && (t = type_of(pkey)) != NULL)
		r = from_pkey(k, t, pkey);
	EVP_PKEY_free(pkey);
	BIO_free(bio);
	return r;
}
