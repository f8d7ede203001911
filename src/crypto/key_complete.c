#include "crypto/key_complete.h"
#include "base/error.h"
#include "base/secret.h"
#include "crypto/bignum.h"
#include "encoding/ssh_wire.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

/* Appends the numbers of libcrypto's key with these names, which end with NULL. */
static int
put_numbers(struct buffer *priv, const EVP_PKEY *pkey, const char *const *name)
{
	BIGNUM *n;
	int r = 0;

	for (; r == 0 && *name != NULL; name++) {
		n = NULL;
		r = EVP_PKEY_get_bn_param(pkey, *name, &n) != 1 ? ERROR_CRYPTO :
		    bignum_put(priv, n);
		BN_clear_free(n);
	}
	return r;
}

static int
put_eddsa(struct buffer *priv, const struct key_type *t, const EVP_PKEY *pkey)
{
	unsigned char pub[64], both[128];
	size_t pub_n = sizeof pub, seed_n = sizeof both - sizeof pub;
	int r = ERROR_CRYPTO;

	if (EVP_PKEY_get_raw_public_key(pkey, pub, &pub_n) == 1 && pub_n == t->bytes &&
	    EVP_PKEY_get_raw_private_key(pkey, both, &seed_n) == 1 && seed_n == t->bytes) {
		memcpy(both + seed_n, pub, pub_n);
		ssh_wire_put_string(priv, slice_of(pub, pub_n));
		ssh_wire_put_string(priv, slice_of(both, seed_n + pub_n));
		r = priv->failed;
	}
	secret_wipe(both, sizeof both);
	return r;
}

/* Appends the private half of libcrypto's key. */
static int
put_pkey(struct buffer *priv, const struct key_type *t, const EVP_PKEY *pkey)
{
	static const char *const rsa[] = { OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E,
	    OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, OSSL_PKEY_PARAM_RSA_FACTOR1,
	    OSSL_PKEY_PARAM_RSA_FACTOR2, NULL };
	static const char *const ec[] = { OSSL_PKEY_PARAM_PRIV_KEY, NULL };
	unsigned char point[2 * 66 + 1];
	size_t n;

	if (t->family == KEY_EDDSA)
		return put_eddsa(priv, t, pkey);
	if (t->family == KEY_RSA)
		return put_numbers(priv, pkey, rsa);
	if (EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point,
	    &n) != 1)
		return ERROR_CRYPTO;
	ssh_wire_put_cstring(priv, t->curve);
	ssh_wire_put_string(priv, slice_of(point, n));
	return put_numbers(priv, pkey, ec);
}

/* Computes q^-1 mod p, which few files leave out. */
static int
complete_rsa(BN_CTX *ctx, const struct key_parts *parts, struct buffer *priv)
{
	enum { N, E, D, P, Q, NUMBERS };
	BIGNUM *v[NUMBERS], *inverse = BN_CTX_get(ctx);
	int i, r = bignum_take(ctx, buffer_slice(&parts->seed), v, NUMBERS);

	if (r != 0)
		return r;
	if (BN_mod_inverse(inverse, v[Q], v[P], ctx) == NULL)
		return ERROR_INVALID;
	for (i = N; i < NUMBERS; i++) {
		if (i == P)
			bignum_put(priv, inverse);
		bignum_put(priv, v[i]);
	}
	return priv->failed;
}

/* Computes d mod (p - 1) and d mod (q - 1), which openssh-key-v1 leaves out. */
static int
complete_crt(BN_CTX *ctx, struct key *k)
{
	enum { N, E, D, QINV, P, Q, NUMBERS };
	BIGNUM *v[NUMBERS], *rest = BN_CTX_get(ctx);
	int i, r = bignum_take(ctx, buffer_slice(&k->priv), v, NUMBERS);

	if (r != 0)
		return r;
	for (i = P; i <= Q; i++) {
		if (BN_is_one(v[i]))
			return ERROR_INVALID;
		if (BN_sub_word(v[i], 1) != 1 ||
		    BN_mod(rest, v[D], v[i], ctx) != 1)
			return ERROR_CRYPTO;
		bignum_put(&k->crt, rest);
	}
	return k->crt.failed;
}

/* Computes y = g^x mod p. */
static int
complete_dsa(BN_CTX *ctx, const struct key_parts *parts, struct buffer *priv)
{
	enum { P, Q, G, NUMBERS };
	BIGNUM *v[NUMBERS], *x = bignum_of(ctx, buffer_slice(&parts->seed)), *y = BN_CTX_get(ctx);

	if (bignum_take(ctx, buffer_slice(&parts->stated), v, NUMBERS) != 0 || x == NULL ||
	    y == NULL || !BN_is_odd(v[P]) || BN_num_bits(v[P]) > KEY_COMPLETE_DSA_P ||
	    BN_num_bits(v[Q]) > KEY_COMPLETE_DSA_Q || BN_num_bytes(x) > BN_num_bytes(v[Q]) ||
	    BN_mod_exp(y, v[G], x, v[P], ctx) != 1)
		return ERROR_INVALID;
	buffer_put_slice(priv, buffer_slice(&parts->stated));
	bignum_put(priv, y);
	return bignum_put(priv, x);
}

/* 0 if the curve that a file states by its numbers is group, else ERROR_CURVE. All numbers must be
 * equal: with another generator anybody can make a private key for a given point. */
static int
check_curve(const EC_GROUP *group, struct slice der)
{
	const unsigned char *p = der.p;
	EC_GROUP *spelt = d2i_ECPKParameters(NULL, &p, (long)der.n);
	int same = spelt != NULL && p == der.p + der.n && EC_GROUP_cmp(group, spelt, NULL) == 0;

	EC_GROUP_free(spelt);
	return same ? 0 : ERROR_CURVE;
}

/* 0 if the point that a file states, in any encoding, is q, else ERROR_MISMATCH. */
static int
check_point(const EC_GROUP *group, const EC_POINT *q, struct slice oct)
{
	EC_POINT *stated = EC_POINT_new(group);
	int same = stated != NULL && EC_POINT_oct2point(group, stated, oct.p, oct.n, NULL) == 1 &&
	    EC_POINT_cmp(group, q, stated, NULL) == 0;

	EC_POINT_free(stated);
	return same ? 0 : ERROR_MISMATCH;
}

/* Computes the public point from the secret number. */
static int
complete_ec(BN_CTX *ctx, const struct key_parts *parts, struct buffer *priv)
{
	const struct key_type *t = parts->type;
	struct slice in = buffer_slice(&parts->stated);
	struct slice stated[2] = { { NULL, 0 } };       /* curve, point */
	unsigned char oct[2 * 66 + 1];
	BIGNUM *d = bignum_of(ctx, buffer_slice(&parts->seed));
	EC_GROUP *group = EC_GROUP_new_by_curve_name(EC_curve_nist2nid(t->group));
	EC_POINT *q = group != NULL ? EC_POINT_new(group) : NULL;
	size_t n;
	int r = ERROR_INVALID;

	if ((in.n > 0 && key_type_take(NULL, "ss", &in, stated) != 0) || d == NULL || q == NULL ||
	    BN_is_zero(d) || BN_cmp(d, EC_GROUP_get0_order(group)) >= 0 ||
	    EC_POINT_mul(group, q, d, NULL, NULL, NULL) != 1)
		goto out;
	if ((stated[0].n > 0 && (r = check_curve(group, stated[0])) != 0) ||
	    (stated[1].n > 0 && (r = check_point(group, q, stated[1])) != 0))
		goto out;
	n = EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, oct, sizeof oct, NULL);
	ssh_wire_put_cstring(priv, t->curve);
	ssh_wire_put_string(priv, slice_of(oct, n));
	r = n == 0 || bignum_put(priv, d) != 0 ? ERROR_CRYPTO : 0;
out:
	EC_POINT_free(q);
	EC_GROUP_free(group);
	return r;
}

static int
complete_eddsa(const struct key_parts *parts, struct buffer *priv)
{
	const char *name = parts->type->evp;
	const struct slice seed = buffer_slice(&parts->seed);
	OSSL_LIB_CTX *own = NULL;       /* if the FIPS provider has no EdDSA */
	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key_ex(NULL, name, NULL, seed.p, seed.n);
	int r;

	if (pkey == NULL && (own = OSSL_LIB_CTX_new()) != NULL)
		pkey = EVP_PKEY_new_raw_private_key_ex(own, name, NULL, seed.p, seed.n);
	r = pkey != NULL ? put_eddsa(priv, parts->type, pkey) : ERROR_CRYPTO;
	EVP_PKEY_free(pkey);
	OSSL_LIB_CTX_free(own);
	return r;
}

/* Appends the private half, computed from the secret number. */
static int
complete_private(BN_CTX *ctx, const struct key_parts *parts, struct buffer *priv)
{
	int r = parts->type->family == KEY_ECDSA ? complete_ec(ctx, parts, priv) :
	    parts->type->family == KEY_DSA ? complete_dsa(ctx, parts, priv) :
	    parts->type->family == KEY_RSA ? complete_rsa(ctx, parts, priv) :
	    complete_eddsa(parts, priv);

	return priv->failed ? priv->failed : r;
}

int
key_complete(const struct key_parts *parts, struct key *k)
{
	struct buffer made = BUFFER_EMPTY;
	struct slice priv = buffer_slice(&parts->priv);
	BN_CTX *ctx = bignum_context();
	int r = ctx != NULL ? 0 : ERROR_MEMORY;

	if (r == 0 && priv.n == 0) {
		r = complete_private(ctx, parts, &made);
		priv = buffer_slice(&made);
	}
	if (r == 0)
		r = key_set_private(k, parts->type, priv);
	if (r == 0 && parts->pub.n > 0 &&
	    !slice_eq(buffer_slice(&parts->pub), buffer_slice(&k->pub)))
		r = ERROR_MISMATCH;
	if (r == 0)
		r = buffer_put_slice(&k->crt, buffer_slice(&parts->crt));
	if (r == 0 && k->type->family == KEY_RSA && k->crt.n == 0)
		r = complete_crt(ctx, k);
	if (r == 0)
		r = key_set_comment(k, buffer_slice(&parts->comment));
	if (r != 0)
		key_free(k);
	BN_CTX_free(ctx);
	buffer_free(&made);
	return r;
}

int
key_complete_pkey(const struct key_type *t, const EVP_PKEY *pkey, struct key *k)
{
	struct key_parts parts = KEY_PARTS_EMPTY;
	int r;

	parts.type = t;
	if ((r = put_pkey(&parts.priv, t, pkey)) == 0)
		r = key_complete(&parts, k);
	key_parts_free(&parts);
	return r;
}
