#include "key/key_asn1.h"
#include "base/error.h"
#include "encoding/der.h"
#include "encoding/ssh_wire.h"

static const struct slice nothing;

static int
get_sequence(struct slice der, struct slice *seq)
{
	return der_get(&der, DER_SEQUENCE, seq) != 0 || der.n != 0 ? -1 : 0;
}

/* Returns the version at the beginning of the SEQUENCE der, 0 or 1, and sets *seq to the bytes
 * after it; -1 for any other version. */
static int
get_version(struct slice der, struct slice *seq)
{
	uint32_t version;

	return get_sequence(der, seq) != 0 || der_get_u32(seq, &version) != 0 || version > 1 ? -1 :
	    (int)version;
}

/* Sets *inner to the contents of [n] EXPLICIT, which must not be empty; to nothing if another
 * element is next. Returns 0 or -1. */
static int
get_explicit(struct slice *seq, unsigned n, struct slice *inner)
{
	*inner = nothing;
	return der_next_is(*seq, DER_CONTEXT_CONSTRUCTED | n) &&
	    (der_get(seq, DER_CONTEXT_CONSTRUCTED | n, inner) != 0 || inner->n == 0) ? -1 : 0;
}

static const struct key_type *
row_of(struct slice oid)
{
	const struct key_type *t;
	size_t i;

	for (i = 0; (t = key_type_row(i)) != NULL; i++)
		if (t->oid.n > 0 && slice_eq(oid, t->oid))
			break;
	return t;
}

/* Finds the row of the curve with this OID or, if name is empty, with a field of this many bits. */
static int
find_curve(struct slice name, unsigned bits, const struct key_type **t)
{
	size_t i;

	for (i = 0; (*t = key_type_row(i)) != NULL; i++)
		if ((*t)->family == KEY_ECDSA && (name.n > 0 ?
		    slice_eq(name, (*t)->parameter) : bits == (*t)->bits))
			return 0;
	return ERROR_CURVE;
}

/* ECParameters: the curve's name (RFC 5480 section 2.1.1) or its numbers (SEC 1 C.2). Sets *spelt
 * to the numbers, which key_complete compares. */
static int
get_curve(struct slice *in, const struct key_type **t, struct slice *spelt)
{
	struct slice seq, field, oid, p;
	uint32_t version;

	*spelt = nothing;
	if (der_next_is(*in, DER_OID))
		return der_get(in, DER_OID, &oid) != 0 || oid.n == 0 ? ERROR_MALFORMED :
		    find_curve(oid, 0, t);
	*spelt = *in;
	if (der_get(in, DER_SEQUENCE, &seq) != 0 || der_get_u32(&seq, &version) != 0 ||
	    der_get(&seq, DER_SEQUENCE, &field) != 0 || der_get(&field, DER_OID, &oid) != 0)
		return ERROR_MALFORMED;
	spelt->n -= in->n;
	return der_get_integer(&field, &p) != 0 ? ERROR_CURVE :
	    find_curve(nothing, ssh_wire_bits(p), t);
}

/* AlgorithmIdentifier. Sets *params to DSA's parameters, or to the numbers of a curve without
 * name. */
static int
get_algorithm(struct slice *in, const struct key_type **t, struct slice *params)
{
	struct slice seq, oid, null;
	int r;

	*params = nothing;
	if (der_get(in, DER_SEQUENCE, &seq) != 0 || der_get(&seq, DER_OID, &oid) != 0)
		return ERROR_MALFORMED;
	if ((*t = row_of(oid)) == NULL)
		return ERROR_ALGORITHM;
	if ((*t)->family == KEY_ECDSA && (r = get_curve(&seq, t, params)) != 0)
		return r;
	if ((*t)->family == KEY_DSA && der_get(&seq, DER_SEQUENCE, params) != 0)
		return ERROR_MALFORMED;
	if ((*t)->family == KEY_RSA && seq.n > 0 &&
	    (der_get(&seq, DER_NULL, &null) != 0 || null.n != 0))
		return ERROR_MALFORMED;
	return seq.n == 0 ? 0 : ERROR_MALFORMED;
}

/* Appends a SEQUENCE: version 0 if versioned is set, then the fields whose indexes are the digits
 * of order. */
static void
put_integers(struct buffer *der, int versioned, const struct slice *field, const char *order)
{
	size_t at = der->n;

	if (versioned)
		der_put_u32(der, 0);
	for (; *order != '\0'; order++)
		der_put_integer(der, field[*order - '0']);
	der_wrap(der, at, DER_SEQUENCE);
}

/* field: the key's fields; for DSA its parameters come first. */
static void
put_algorithm(const struct key_type *t, const struct slice *field, struct buffer *der)
{
	size_t at = der->n;

	der_put(der, DER_OID, t->oid);
	if (t->family == KEY_RSA)
		der_put(der, DER_NULL, nothing);
	if (t->parameter.n > 0)
		der_put(der, DER_OID, t->parameter);
	if (t->family == KEY_DSA)
		put_integers(der, 0, field, "012");
	der_wrap(der, at, DER_SEQUENCE);
}

static int
checked(const struct buffer *pub)
{
	struct key_blob blob;

	return pub->failed ? pub->failed : key_blob_parse(buffer_slice(pub), &blob);
}

static int
integers(int (*get)(struct slice *, struct slice *), struct slice *in, size_t n, struct buffer *out)
{
	struct slice v;

	for (; n > 0; n--)
		if (get(in, &v) != 0 || ssh_wire_put_mpint(out, v) != 0)
			return -1;
	return 0;
}

int
key_asn1_get_rsa_public(struct slice der, struct buffer *pub)
{
	struct slice seq, n, e;

	if (get_sequence(der, &seq) != 0 || der_get_integer(&seq, &n) != 0 ||
	    der_get_integer(&seq, &e) != 0 || seq.n != 0)
		return ERROR_MALFORMED;
	ssh_wire_put_cstring(pub, "ssh-rsa");
	ssh_wire_put_mpint(pub, e);
	ssh_wire_put_mpint(pub, n);
	return checked(pub);
}

/* Appends the blob of a public key of type t; the function get reads the INTEGERs of its
 * parameters. */
static int
get_public(const struct key_type *t, int (*get)(struct slice *, struct slice *),
    struct slice params, struct slice bits, struct buffer *pub)
{
	if (t->family == KEY_RSA)
		return key_asn1_get_rsa_public(bits, pub);
	ssh_wire_put_cstring(pub, t->name);
	if (t->family == KEY_DSA)
		return integers(get, &params, 3, pub) != 0 || params.n != 0 ||
		    integers(der_get_integer, &bits, 1, pub) != 0 || bits.n != 0 ?
		    ERROR_MALFORMED : 0;
	if (t->curve != NULL) {
		if (params.n > 0 || (bits.n > 0 && bits.p[0] != 4))
			return ERROR_CURVE_FORM;
		ssh_wire_put_cstring(pub, t->curve);
	}
	ssh_wire_put_string(pub, bits);
	return 0;
}

int
key_asn1_get_spki(struct slice der, struct buffer *pub)
{
	struct slice seq, params, bits;
	const struct key_type *t;
	int r;

	if (get_sequence(der, &seq) != 0)
		return ERROR_MALFORMED;
	if ((r = get_algorithm(&seq, &t, &params)) != 0)
		return r;
	if (der_get_bits(&seq, &bits) != 0 || seq.n != 0)
		return ERROR_MALFORMED;
	r = get_public(t, der_get_integer, params, bits, pub);
	return r == 0 ? checked(pub) : r;
}

int
key_asn1_put_public(const struct key_blob *blob, int pkcs1, struct buffer *der)
{
	const struct key_type *t = key_blob_plain(blob);
	struct slice in = blob->fields, field[KEY_TYPE_FIELDS];
	size_t at = der->n, bits;

	if (t == NULL || t->oid.n == 0 || (pkcs1 && t->family != KEY_RSA) ||
	    key_type_take(t, t->pub, &in, field) != 0)
		return ERROR_FORMAT;
	if (!pkcs1)
		put_algorithm(t, field, der);
	bits = der->n;
	if (!pkcs1)
		buffer_put(der, "", 1);         /* no unused bits */
	if (t->family == KEY_RSA)
		put_integers(der, 0, field, "10");
	else if (t->family == KEY_DSA)
		der_put_integer(der, field[3]);
	else
		buffer_put_slice(der, field[t->curve != NULL ? 1 : 0]);
	if (!pkcs1) {
		der_wrap(der, bits, DER_BIT_STRING);
		der_wrap(der, at, DER_SEQUENCE);
	}
	return der->failed;
}

/* RFC 8017 A.1.2: version 0, n, e, d, p, q, dP, dQ, qInv. The last three numbers are 0 if the
 * writer did not know them. In version 1 more primes follow. */
static int
get_rsa(struct slice der, struct key_parts *parts)
{
	static const unsigned char order[] = { 0, 1, 2, 7, 3, 4 };
	struct slice seq, v[8];
	const int version = get_version(der, &seq);
	int whole;
	size_t i;

	for (i = 0; i < 8; i++)
		if (version < 0 || der_get_unsigned(&seq, &v[i]) != 0)
			return ERROR_MALFORMED;
	if (version == 1 && der_next_is(seq, DER_SEQUENCE))
		return ERROR_PRIMES;
	if (version != 0 || seq.n != 0)
		return ERROR_MALFORMED;
	if (v[3].n == 0 || v[4].n == 0)
		return ERROR_NO_PRIMES;
	parts->type = key_type_of(slice_str("ssh-rsa"));
	whole = v[5].n > 0 && v[6].n > 0 && v[7].n > 0;
	for (i = 0; i < sizeof order; i++)
		if (whole || order[i] != 7)
			ssh_wire_put_mpint(whole ? &parts->priv : &parts->seed, v[order[i]]);
	for (i = 5; i < 7 && whole; i++)
		ssh_wire_put_mpint(&parts->crt, v[i]);
	return 0;
}

/* Returns 0 if a and b are both stated and differ, else 1. If *a is empty, sets it to b. */
static int
agree(struct slice *a, struct slice b)
{
	if (a->n == 0)
		*a = b;
	return b.n == 0 || slice_eq(*a, b);
}

/* RFC 5915: version 1, privateKey, [0] curve, [1] publicKey. t, spelt and point are stated by the
 * PKCS#8 around it; without PKCS#8 they are NULL and empty. */
static int
get_ec(struct slice der, const struct key_type *t, struct slice spelt, struct slice point,
    struct key_parts *parts)
{
	const struct key_type *named = t;
	struct slice seq, secret, inner, curve = nothing, bits = nothing;
	int r;

	if (get_version(der, &seq) != 1 || der_get(&seq, DER_OCTET_STRING, &secret) != 0)
		return ERROR_MALFORMED;
	secret = slice_without_zeros(secret);
	if (secret.n == 0 || secret.n > 66 || get_explicit(&seq, 0, &inner) != 0)
		return ERROR_MALFORMED;
	if (inner.n > 0 && (r = get_curve(&inner, &named, &curve)) != 0)
		return r;
	if (inner.n != 0 || get_explicit(&seq, 1, &inner) != 0 ||
	    (inner.n > 0 && (der_get_bits(&inner, &bits) != 0 || bits.n == 0)) || inner.n != 0 ||
	    seq.n != 0 || named == NULL || (t != NULL && named != t))
		return ERROR_MALFORMED;
	if (!agree(&curve, spelt) || !agree(&bits, point))
		return ERROR_MISMATCH;
	parts->type = named;
	buffer_put_slice(&parts->seed, secret);
	ssh_wire_put_string(&parts->stated, curve);
	ssh_wire_put_string(&parts->stated, bits);
	return 0;
}

/* OpenSSL's DSA key: version 0, p, q, g, y, x. */
static int
get_dsa(struct slice der, struct key_parts *parts)
{
	struct slice seq;

	parts->type = key_type_of(slice_str("ssh-dss"));
	return get_version(der, &seq) == 0 &&
	    integers(der_get_unsigned, &seq, 5, &parts->priv) == 0 && seq.n == 0 ? 0 : ERROR_MALFORMED;
}

/* The private number has the length of the curve's order (RFC 5915 section 3). */
static void
put_ec(const struct key_type *t, const struct slice *field, int curve, struct buffer *der)
{
	size_t at = der->n, inner;

	der_put_u32(der, 1);
	inner = der->n;
	buffer_extend(der, t->bytes > field[2].n ? t->bytes - field[2].n : 0);
	buffer_put_slice(der, field[2]);
	der_wrap(der, inner, DER_OCTET_STRING);
	if (curve) {
		inner = der->n;
		der_put(der, DER_OID, t->parameter);
		der_wrap(der, inner, DER_CONTEXT_CONSTRUCTED | 0);
	}
	inner = der->n;
	der_put_bits(der, field[1]);
	der_wrap(der, inner, DER_CONTEXT_CONSTRUCTED | 1);
	der_wrap(der, at, DER_SEQUENCE);
}

/* Reads the privateKey of PKCS#8; point is its publicKey, or empty. */
static int
get_inner(const struct key_type *t, struct slice params, struct slice inner,
    struct slice point, struct key_parts *parts)
{
	struct slice secret, pqg = params;
	int r = 0;

	if (t->family == KEY_ECDSA)
		return get_ec(inner, t, params, point, parts);
	parts->type = t;
	if (t->family == KEY_RSA)
		r = get_rsa(inner, parts);
	else if (t->family == KEY_DSA ?         /* only x: y is computed from it */
	    integers(der_get_unsigned, &pqg, 3, &parts->stated) != 0 || pqg.n != 0 ||
	    der_get_integer(&inner, &secret) != 0 || inner.n != 0 || secret.n == 0 :
	    der_get(&inner, DER_OCTET_STRING, &secret) != 0 || inner.n != 0 || secret.n != t->bytes)
		return ERROR_MALFORMED;         /* RFC 8410 section 7 */
	else
		buffer_put_slice(&parts->seed, secret);
	return r == 0 && point.n > 0 ?
	    get_public(t, der_get_unsigned, params, point, &parts->pub) : r;
}

/* Reads publicKey, [1] IMPLICIT BIT STRING; ring, a library for Rust, wrote it EXPLICIT. */
static int
get_point(struct slice *seq, struct slice *point)
{
	struct slice bits;

	if (der_next_is(*seq, DER_CONTEXT_CONSTRUCTED | 1))
		return get_explicit(seq, 1, &bits) != 0 || der_get_bits(&bits, point) != 0 ||
		    bits.n != 0 || point->n == 0 ? -1 : 0;
	if (der_get(seq, DER_CONTEXT | 1, &bits) != 0 || bits.n < 2 || bits.p[0] != 0)
		return -1;
	*point = slice_skip(bits, 1);
	return 0;
}

int
key_asn1_get_pkcs8(struct slice der, struct key_parts *parts)
{
	struct slice seq, params, inner, skipped, point = nothing;
	const struct key_type *t;
	const int version = get_version(der, &seq);
	int r;

	if (version < 0)
		return ERROR_MALFORMED;
	if ((r = get_algorithm(&seq, &t, &params)) != 0)
		return r;
	if (der_get(&seq, DER_OCTET_STRING, &inner) != 0)
		return ERROR_MALFORMED;
	if (der_next_is(seq, DER_CONTEXT_CONSTRUCTED | 0) &&    /* attributes */
	    der_get(&seq, DER_CONTEXT_CONSTRUCTED | 0, &skipped) != 0)
		return ERROR_MALFORMED;
	if (seq.n != 0 && (version == 0 || get_point(&seq, &point) != 0 || seq.n != 0))
		return ERROR_MALFORMED;
	return get_inner(t, params, inner, point, parts);
}

int
key_asn1_get_traditional(struct slice der, enum key_family family, struct key_parts *parts)
{
	struct slice seq;
	int r;

	if (get_version(der, &seq) >= 0 && der_next_is(seq, DER_SEQUENCE)) {
		r = key_asn1_get_pkcs8(der, parts);
		return r == 0 && parts->type->family != family ? ERROR_MALFORMED : r;
	}
	return family == KEY_RSA ? get_rsa(der, parts) : family == KEY_ECDSA ?
	    get_ec(der, NULL, nothing, nothing, parts) : get_dsa(der, parts);
}

static int
put_inner(const struct key *k, struct slice *field, int pkcs8, struct buffer *der)
{
	struct slice crt = buffer_slice(&k->crt);
	const enum key_family family = k->type->family;

	if (family == KEY_RSA) {
		if (ssh_wire_get_mpint(&crt, &field[6]) != 0 ||
		    ssh_wire_get_mpint(&crt, &field[7]) != 0)
			return ERROR_MALFORMED;
		put_integers(der, 1, field, "01245673");
	} else if (family == KEY_ECDSA)
		put_ec(k->type, field, !pkcs8, der);
	else if (family == KEY_DSA && pkcs8)
		der_put_integer(der, field[4]);
	else if (family == KEY_DSA)
		put_integers(der, 1, field, "01234");
	else if (family == KEY_EDDSA && pkcs8)
		der_put(der, DER_OCTET_STRING, slice_of(field[1].p, k->type->bytes));
	else
		return ERROR_FORMAT;
	return der->failed;
}

int
key_asn1_put_private(const struct key *k, int pkcs8, struct buffer *der)
{
	struct slice field[KEY_TYPE_FIELDS];
	size_t at = der->n, inner;
	int r = pkcs8 && k->type->oid.n == 0 ? ERROR_FORMAT : key_fields(k, field);

	if (r == 0 && pkcs8) {
		der_put_u32(der, 0);
		put_algorithm(k->type, field, der);
	}
	inner = der->n;
	if (r != 0 || (r = put_inner(k, field, pkcs8, der)) != 0 || !pkcs8)
		return r;
	der_wrap(der, inner, DER_OCTET_STRING);
	der_wrap(der, at, DER_SEQUENCE);
	return der->failed;
}
