#include "crypto/key_check.h"
#include "base/error.h"
#include "crypto/bignum.h"
#include "crypto/key_complete.h"

#include <openssl/ec.h>

/* 2^(p-1) mod p is 1 for every odd prime p, and for hardly any other number. */
static int
is_plausible_prime(const BIGNUM *p, BN_CTX *ctx)
{
	const unsigned char two = 2;
	BIGNUM *b, *less;
	int is;

	BN_CTX_start(ctx);
	b = bignum_of(ctx, slice_of(&two, 1));
	less = BN_CTX_get(ctx);
	is = less != NULL && BN_num_bits(p) > 16 && BN_copy(less, p) != NULL &&
	    BN_sub_word(less, 1) == 1 &&
	    BN_mod_exp_mont_consttime(b, b, less, p, ctx, NULL) == 1 && BN_is_one(b);
	BN_CTX_end(ctx);
	return is;
}

/* Whether a b mod (m - less) is 1. */
static int
are_inverse(const BIGNUM *a, const BIGNUM *b, const BIGNUM *m, BN_ULONG less, BN_CTX *ctx)
{
	BIGNUM *mod, *c;
	int are;

	BN_CTX_start(ctx);
	mod = BN_CTX_get(ctx);
	c = BN_CTX_get(ctx);
	are = c != NULL && BN_copy(mod, m) != NULL && BN_sub_word(mod, less) == 1 &&
	    BN_mod_mul(c, a, b, mod, ctx) == 1 && BN_is_one(c);
	BN_CTX_end(ctx);
	return are;
}

/* RFC 8017 section 3.2. */
static int
check_rsa(const struct key *k, BN_CTX *ctx)
{
	enum { N, E, D, QINV, P, Q, DP, DQ, PRODUCT, NUMBERS };
	BIGNUM *v[NUMBERS];

	if (bignum_take(ctx, buffer_slice(&k->priv), v, DP) != 0 ||
	    (v[PRODUCT] = BN_CTX_get(ctx)) == NULL)
		return ERROR_MEMORY;
	if (bignum_take(ctx, buffer_slice(&k->crt), v + DP, 2) != 0)
		return ERROR_INVALID;
	return BN_mul(v[PRODUCT], v[P], v[Q], ctx) == 1 && BN_cmp(v[PRODUCT], v[N]) == 0 &&
	    !BN_is_one(v[E]) &&
	    are_inverse(v[D], v[E], v[P], 1, ctx) && are_inverse(v[D], v[E], v[Q], 1, ctx) &&
	    are_inverse(v[DP], v[E], v[P], 1, ctx) && BN_cmp(v[DP], v[P]) < 0 &&
	    are_inverse(v[DQ], v[E], v[Q], 1, ctx) && BN_cmp(v[DQ], v[Q]) < 0 &&
	    are_inverse(v[QINV], v[Q], v[P], 0, ctx) &&
	    is_plausible_prime(v[P], ctx) && is_plausible_prime(v[Q], ctx) ?
	    0 : ERROR_INVALID;
}

/* FIPS 186-4 A.1: p and q prime, q divides p - 1, g has order q, y = g^x. */
static int
check_dsa(const struct key *k, BN_CTX *ctx)
{
	enum { P, Q, G, Y, X, NUMBERS };
	BIGNUM *v[NUMBERS], *a, *b;

	if (bignum_take(ctx, buffer_slice(&k->priv), v, NUMBERS) != 0 ||
	    (a = BN_CTX_get(ctx)) == NULL || (b = BN_CTX_get(ctx)) == NULL ||
	    BN_copy(a, v[P]) == NULL)
		return ERROR_MEMORY;
	if (BN_num_bits(v[P]) > KEY_COMPLETE_DSA_P || BN_num_bits(v[Q]) > KEY_COMPLETE_DSA_Q ||
	    !BN_is_odd(v[P]) || !BN_is_odd(v[Q]) || BN_is_one(v[G]) ||
	    BN_cmp(v[G], v[P]) >= 0 || BN_cmp(v[X], v[Q]) >= 0 ||
	    !is_plausible_prime(v[P], ctx) || !is_plausible_prime(v[Q], ctx) ||
	    BN_sub_word(a, 1) != 1 || BN_mod(b, a, v[Q], ctx) != 1 || !BN_is_zero(b) ||
	    BN_mod_exp_mont_consttime(a, v[G], v[Q], v[P], ctx, NULL) != 1 || !BN_is_one(a) ||
	    BN_mod_exp_mont_consttime(b, v[G], v[X], v[P], ctx, NULL) != 1)
		return ERROR_INVALID;
	return BN_cmp(b, v[Y]) == 0 ? 0 : ERROR_MISMATCH;
}

/* Computes the public half again, from the secret number alone, and compares it. */
static int
check_halves(const struct key *k, struct slice secret)
{
	struct key_parts parts = KEY_PARTS_EMPTY;
	struct key again = KEY_EMPTY;
	int r = ERROR_MEMORY;

	parts.type = k->type;
	if (buffer_put_slice(&parts.seed, secret) == 0 &&
	    buffer_put_slice(&parts.pub, buffer_slice(&k->pub)) == 0)
		r = key_complete(&parts, &again);
	key_parts_free(&parts);
	key_free(&again);
	return r;
}

int
key_check(const struct key *k)
{
	struct slice field[KEY_TYPE_FIELDS];
	BN_CTX *ctx;
	int r;

	if (key_fields(k, field) != 0)
		return ERROR_NOT_PRIVATE;
	switch (k->type->family) {
	case KEY_RSA:
	case KEY_DSA:
		ctx = bignum_context();
		r = k->type->family == KEY_RSA ? check_rsa(k, ctx) : check_dsa(k, ctx);
		BN_CTX_free(ctx);
		return r;
	case KEY_ECDSA:
		return check_halves(k, field[2]);
	case KEY_EDDSA:
		return check_halves(k, slice_of(field[1].p, k->type->bytes));
	default:
		return 0;
	}
}

int
key_check_public(const struct key_blob *blob)
{
	const struct key_type *t = key_blob_plain(blob);
	struct slice in = blob->fields, field[KEY_TYPE_FIELDS];
	EC_GROUP *group;
	EC_POINT *q;
	int r;

	if (t == NULL || t->family != KEY_ECDSA)
		return 0;
	group = EC_GROUP_new_by_curve_name(EC_curve_nist2nid(t->group));
	q = group != NULL ? EC_POINT_new(group) : NULL;
	r = q != NULL && key_type_take(t, t->pub, &in, field) == 0 &&
	    EC_POINT_oct2point(group, q, field[1].p, field[1].n, NULL) == 1 ?
	    0 : ERROR_INVALID;
	EC_POINT_free(q);
	EC_GROUP_free(group);
	return r;
}

/* Whether an odd prime below 2^16 divides n; -1 if libcrypto fails. Divides n by products of
 * these primes, each with as many primes as fit into a word. */
static int
has_small_factor(const BIGNUM *n)
{
	unsigned char composite[1u << 15] = { 0 };      /* whether 2 i + 1 is composite */
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
key_check_modulus(struct slice modulus, int *small)
{
	BN_CTX *ctx = bignum_context();
	const BIGNUM *n = bignum_of(ctx, modulus);
	int is = n != NULL ? has_small_factor(n) : -1;  /* first, as the prime test takes seconds */

	*small = is > 0;
	if (is == 0)
		is = is_plausible_prime(n, ctx);
	BN_CTX_free(ctx);
	return is < 0 ? ERROR_CRYPTO : is > 0 ? ERROR_INVALID : 0;
}
