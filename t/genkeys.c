/*
 * genkeys: many keys fast, and libcrypto's own view of key files, for
 * t/differential.
 *
 *	genkeys public SEED FIRST COUNT
 *
 * prints public keys FIRST to FIRST + COUNT - 1 of SEED, as "type base64". Who
 * only reads a public key does not factor it: moduli and primes are any odd
 * numbers. Points are on their curves. Numbers that begin or end with bytes
 * where implementations differ (0, 7f, 80, ff) are frequent.
 *
 *	genkeys dress SEED FIRST
 *
 * reads such lines, and those of certificates, and gives them what lines of
 * authorized_keys have: options, comments, blanks, line ends; the last line has
 * none in one run of two.
 *
 *	genkeys private SEED COUNT DIR
 *
 * writes private keys as libcrypto does, DIR/gNNNNN.VARIANT, and the public line
 * of each beside it, .pub. Those that are encrypted have the passphrase of the
 * environment's PW, and cost next to nothing. Prints the type of each, and
 * "zero" where a private number begins or ends with a zero byte.
 *
 *	genkeys lines FILE ...
 *
 * reads all keys in the PEM files, public or private, by libcrypto's decoders,
 * and prints each as "type base64"; "unreadable" ends a file.
 *
 *	genkeys again FILE ...
 *
 * reads a private key from each and writes it to FILE.pem, traditional, where it
 * has such a form, and to FILE.pkcs8.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
die(const char *what)
{
	(void)fprintf(stderr, "genkeys: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(2);
}

static void
must(int ok, const char *what)
{
	if (!ok)
		die(what);
}

/* SplitMix64: every key has dice of its own, so that it can be made alone. */
struct dice {
	uint64_t state;
};

static uint64_t
next(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static struct dice
dice_for(uint64_t seed, uint64_t purpose, uint64_t i)
{
	struct dice d = { seed };

	d.state = next(&d) ^ purpose;
	d.state = next(&d) ^ i;
	return d;
}

static size_t
roll(struct dice *d, size_t n)
{
	return (size_t)(next(d) >> 16) % n;
}

static void
fill(struct dice *d, unsigned char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = (unsigned char)next(d);
}

/* The same, with the bytes at either end of which mistakes are made. */
static void
fill_edged(struct dice *d, unsigned char *p, size_t n)
{
	static const unsigned char edge[] = { 0, 0, 0, 0x7f, 0x80, 0xff };
	size_t k;

	fill(d, p, n);
	if (roll(d, 2) == 0) {
		k = 1 + roll(d, n < 4 ? n : 4);
		memset(p, edge[roll(d, COUNT(edge))], k);
		if (k < n && roll(d, 2) == 0)
			p[k] = edge[roll(d, COUNT(edge))];
	}
	if (roll(d, 2) == 0) {
		k = 1 + roll(d, n < 4 ? n : 4);
		memset(p + n - k, edge[roll(d, COUNT(edge))], k);
	}
	p[n / 2] |= 1;          /* never 0 as a whole */
}

/* Public blobs: RFC 4253 section 6.6. */
struct blob {
	unsigned char p[32768];
	size_t n;
};

static void
put(struct blob *b, const void *p, size_t n)
{
	must(n <= sizeof b->p - b->n, "blob too long");
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void
put_string(struct blob *b, const void *p, size_t n)
{
	unsigned char head[4] = { (unsigned char)(n >> 24), (unsigned char)(n >> 16),
	    (unsigned char)(n >> 8), (unsigned char)n };

	put(b, head, sizeof head);
	put(b, p, n);
}

static void
put_cstring(struct blob *b, const char *s)
{
	put_string(b, s, strlen(s));
}

static void
put_number(struct blob *b, const unsigned char *p, size_t n)
{
	unsigned char bytes[2049] = { 0 };

	while (n > 0 && p[0] == 0) {
		p++;
		n--;
	}
	must(n < sizeof bytes, "number too long");
	memcpy(bytes + 1, p, n);
	if (n > 0 && p[0] & 0x80)
		put_string(b, bytes, n + 1);
	else
		put_string(b, bytes + 1, n);
}

static void
put_bn(struct blob *b, const BIGNUM *v)
{
	unsigned char bytes[2048];

	must(v != NULL && BN_num_bytes(v) <= (int)sizeof bytes, "number too long");
	put_number(b, bytes, (size_t)BN_bn2bin(v, bytes));
}

static void
print_blob(FILE *to, const struct blob *b)
{
	static unsigned char text[sizeof b->p / 3 * 4 + 8];
	int n = b->p[3];

	(void)EVP_EncodeBlock(text, b->p, (int)b->n);
	must(fprintf(to, "%.*s %s\n", n, (const char *)b->p + 4, (char *)text) > 0, "output");
}

static const struct curve {
	const char *name, *ssh;
	int nid;
	size_t bytes;
} curves[] = {
	{ "P-256", "nistp256", NID_X9_62_prime256v1, 32 },
	{ "P-384", "nistp384", NID_secp384r1, 48 },
	{ "P-521", "nistp521", NID_secp521r1, 66 },
};

#define POINT_MAX (2 * 66 + 1)

static const EC_GROUP *
group_of(size_t curve)
{
	static EC_GROUP *groups[COUNT(curves)];

	if (groups[curve] == NULL)
		groups[curve] = EC_GROUP_new_by_curve_name(curves[curve].nid);
	must(groups[curve] != NULL, curves[curve].name);
	return groups[curve];
}

static int
zero_at_end(const unsigned char *p, size_t n)
{
	return p[0] == 0 || p[n - 1] == 0;
}

/* A point whose x is edged; of one in 16 keys y begins or ends with 0 too. */
static void
make_point(struct dice *d, size_t curve, unsigned char point[POINT_MAX])
{
	const EC_GROUP *group = group_of(curve);
	EC_POINT *q = EC_POINT_new(group);
	BIGNUM *x = BN_new();
	size_t n = curves[curve].bytes, tries = roll(d, 16) == 0 ? 500 : 1;
	size_t skip = n == 66;  /* the first byte of P-521 is 0 or 1 */

	must(q != NULL && x != NULL, "memory");
	do {
		fill_edged(d, point, n);
		if (skip)
			point[0] &= 1;
		must(BN_bin2bn(point, (int)n, x) != NULL, "memory");
	} while (EC_POINT_set_compressed_coordinates(group, q, x, (int)roll(d, 2), NULL) != 1);
	ERR_clear_error();
	do {
		must(EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point,
		    2 * n + 1, NULL) == 2 * n + 1, "point");
	} while (--tries > 0 && !zero_at_end(point + 1 + n + skip, n - skip) &&
	    EC_POINT_add(group, q, q, EC_GROUP_get0_generator(group), NULL) == 1);
	EC_POINT_free(q);
	BN_free(x);
}

/* An odd number of exactly so many bits. */
static size_t
fill_odd(struct dice *d, unsigned char *p, size_t bits)
{
	size_t n = (bits + 7) / 8, top = (bits - 1) % 8;

	fill_edged(d, p, n);
	p[0] = (unsigned char)((p[0] & ((1 << top) - 1)) | 1 << top);
	p[n - 1] |= 1;
	return n;
}

static void
rsa_public(struct dice *d, size_t i, struct blob *b)
{
	static const char *const exponents[] = { "\3", "\3", "\21", "\43", "\177", "\201",
	    "\1\1", "\177\377", "\200\1", "\377\377", "\200\201\1", "\1\0\0\17" };
	unsigned char n[2048], e[32];
	size_t bits = 1024 + i * 1009 % 3073, k;

	if (i % 503 == 0)
		bits = i % 1006 == 0 ? 16384 : 8192;
	put_cstring(b, "ssh-rsa");
	k = roll(d, 24);
	if (k < COUNT(exponents) - 1)
		put_number(b, (const unsigned char *)exponents[k], strlen(exponents[k]));
	else if (k < 14)
		put_number(b, e, fill_odd(d, e, 2 + roll(d, 254)));
	else
		put_number(b, (const unsigned char *)"\1\0\1", 3);
	put_number(b, n, fill_odd(d, n, bits));
}

static void
dsa_public(struct dice *d, struct blob *b)
{
	unsigned char v[384];
	size_t bits = roll(d, 2) == 0 ? 1024 : 1024 + 64 * roll(d, 33);

	put_cstring(b, "ssh-dss");
	put_number(b, v, fill_odd(d, v, bits));
	put_number(b, v, fill_odd(d, v, bits < 2048 ? 160 : 256));
	fill_edged(d, v, bits / 8);
	put_number(b, v, bits / 8);
	fill_edged(d, v, bits / 8);
	put_number(b, v, bits / 8);
}

static EVP_PKEY *
eddsa_of(int nid, const unsigned char *seed, size_t n, unsigned char *pub)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(nid, NULL, seed, n);

	must(pkey != NULL && EVP_PKEY_get_raw_public_key(pkey, pub, &n) == 1, "EdDSA");
	return pkey;
}

/* The key of an edged seed; pub begins or ends with 0 for one in `often'. */
static EVP_PKEY *
make_eddsa(struct dice *d, int nid, size_t often, unsigned char seed[57], unsigned char pub[57])
{
	size_t n = nid == EVP_PKEY_ED25519 ? 32 : 57, tries = roll(d, often) == 0 ? 500 : 1;
	EVP_PKEY *pkey = NULL;

	do {
		EVP_PKEY_free(pkey);
		fill_edged(d, seed, n);
		pkey = eddsa_of(nid, seed, n, pub);
	} while (--tries > 0 && !zero_at_end(pub, n == 57 ? 56 : n));
	return pkey;
}

static void
eddsa_public(struct dice *d, int nid, struct blob *b)
{
	unsigned char seed[57], pub[57];

	EVP_PKEY_free(make_eddsa(d, nid, nid == EVP_PKEY_ED25519 ? 8 : 64, seed, pub));
	put_cstring(b, nid == EVP_PKEY_ED25519 ? "ssh-ed25519" : "ssh-ed448");
	put_string(b, pub, nid == EVP_PKEY_ED25519 ? 32 : 57);
}

static void
ecdsa_public(struct dice *d, size_t curve, const char *before, const char *after, struct blob *b)
{
	unsigned char point[POINT_MAX];
	char name[64];

	(void)snprintf(name, sizeof name, "%secdsa-sha2-%s%s", before, curves[curve].ssh, after);
	make_point(d, curve, point);
	put_cstring(b, name);
	put_cstring(b, curves[curve].ssh);
	put_string(b, point, 2 * curves[curve].bytes + 1);
}

static void
put_application(struct dice *d, struct blob *b)
{
	static const char *const words[] = { "ssh:", "ssh:", "", "ssh:jane", "ssh:two words",
	    "ssh:\346\227\245\346\234\254", "https://example.org", "\377\001\033" };
	char text[300];
	size_t n = roll(d, sizeof text);

	if (roll(d, 4) != 0) {
		put_cstring(b, words[roll(d, COUNT(words))]);
		return;
	}
	memset(text, 'x', n);
	put_string(b, text, n);
}

static void
make_public(struct dice *d, size_t i, struct blob *b)
{
	unsigned char v[32];
	size_t kind = i % 20;

	b->n = 0;
	if (kind < 8)
		rsa_public(d, i, b);
	else if (kind < 14)
		ecdsa_public(d, kind % 3, "", "", b);
	else if (kind == 14)
		dsa_public(d, b);
	else if (kind == 15) {
		ecdsa_public(d, 0, "sk-", "@openssh.com", b);
		put_application(d, b);
	} else if (kind == 16) {        /* never decoded, so any bytes */
		put_cstring(b, "sk-ssh-ed25519@openssh.com");
		fill_edged(d, v, sizeof v);
		put_string(b, v, sizeof v);
		put_application(d, b);
	} else
		eddsa_public(d, kind == 17 ? EVP_PKEY_ED448 : EVP_PKEY_ED25519, b);
}

static void
public_keys(uint64_t seed, size_t first, size_t count)
{
	static struct blob b;
	struct dice d;
	size_t i;

	for (i = first; i < first + count; i++) {
		d = dice_for(seed, 'p', i);
		make_public(&d, i, &b);
		print_blob(stdout, &b);
	}
}

static void
print_comment(struct dice *d)
{
	static const char *const words[] = { "jane@example.org", "two words", "three   blanks",
	    "Zo\303\253 M\303\274ller", "\346\227\245\346\234\254\350\252\236", "\360\237\230\200",
	    "\"quoted\"", "it's", "\\", "\\\\", "\\\"", "\\n", "a=b,c", "#1", "%s%n", "\"",
	    "ssh-rsa", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "AAAA", "----", "Comment: x",
	    "\t", "\302\240", "\033[31mred", "\177", "\377\376", "\303(", "\342\200\256gnp",
	    "\342\201\246", "|1|", "[host]:33001", "x", ":", "=" };
	size_t n = roll(d, 8), i;

	if (n == 0)     /* longer than any line of RFC 4716 */
		for (i = roll(d, 300); i > 0; i--)
			(void)putchar("abc \\\"xyz:"[roll(d, 10)]);
	for (i = n > 3 ? n - 3 : 0; i > 0; i--)
		(void)printf("%s%s", words[roll(d, COUNT(words))], i > 1 && roll(d, 3) ? " " : "");
}

static void
dress(uint64_t seed, size_t first)
{
	static const char *const options[] = { "no-pty ", "restrict,command=\"true\" ",
	    "from=\"192.0.2.0/24,*.example.org\",command=\"echo \\\"hi, there\\\"\",no-pty ",
	    "command=\"ssh-rsa AAAAB3NzaC1yc2E\" ", "environment=\"A=b  c\",permitopen=\"h:22\"\t",
	    "command=\"printf '%s\\\\n' \\\"$SSH_ORIGINAL_COMMAND\\\"\",no-X11-forwarding ",
	    "from=\"Zo\303\253\" ", "command=\"\" ", "[host.example]:33001,192.0.2.7 ",
	    "|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM= " };
	static const char *const behind[] = { "", "", "", "", " ", "\t", " \t ", "\r", " \r" };
	static char line[65536];
	struct dice d = dice_for(seed, 'f', first);
	size_t i, bare = roll(&d, 2);

	for (i = first; fgets(line, sizeof line, stdin) != NULL; i++) {
		must(line[0] != '\0' && line[strlen(line) - 1] == '\n', "input");
		line[strlen(line) - 1] = '\0';
		if (i > first)
			(void)putchar('\n');
		d = dice_for(seed, 'd', i);
		if (roll(&d, 32) == 0)
			(void)fputs(roll(&d, 2) ? " " : "\t ", stdout);
		if (roll(&d, 4) == 0)
			(void)fputs(options[roll(&d, COUNT(options))], stdout);
		(void)fputs(line, stdout);
		if (roll(&d, 4) != 0) {
			(void)fputs(roll(&d, 8) ? " " : "  ", stdout);
			print_comment(&d);
		}
		(void)fputs(behind[roll(&d, COUNT(behind))], stdout);
	}
	if (!bare)
		(void)putchar('\n');
}

/* A private key as numbers and bytes, in libcrypto's names. */
struct numbers {
	const char *name[8];
	BIGNUM *v[8];
	size_t n;
};

static void
add_number(struct numbers *a, const char *name, BIGNUM *v)
{
	a->name[a->n] = name;
	a->v[a->n++] = v;
}

static EVP_PKEY *
pkey_of(const char *algorithm, struct numbers *a, const char *group, const unsigned char *point,
    size_t point_n)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM *params;
	size_t i;
	int ok = bld != NULL && ctx != NULL;

	if (group != NULL)
		ok = ok && OSSL_PARAM_BLD_push_utf8_string(bld, "group", group, 0) == 1 &&
		    OSSL_PARAM_BLD_push_octet_string(bld, "pub", point, point_n) == 1;
	for (i = 0; i < a->n; i++)
		ok = ok && OSSL_PARAM_BLD_push_BN(bld, a->name[i], a->v[i]) == 1;
	params = ok ? OSSL_PARAM_BLD_to_param(bld) : NULL;
	must(params != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) == 1, algorithm);
	for (i = 0; i < a->n; i++)
		BN_free(a->v[i]);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static BIGNUM *
number(const unsigned char *p, size_t n)
{
	BIGNUM *v = BN_bin2bn(p, (int)n, NULL);

	must(v != NULL, "memory");
	return v;
}

/* The first prime at or after an edged number with its two top bits set. */
static BIGNUM *
find_prime(struct dice *d, size_t bits)
{
	unsigned char bytes[256];
	BIGNUM *p = number(bytes, fill_odd(d, bytes, bits));

	must(BN_set_bit(p, (int)bits - 2) == 1, "memory");
	while (BN_check_prime(p, NULL, NULL) != 1)
		must(BN_add_word(p, 2) == 1, "memory");
	return p;
}

/* Primes are dear: a few of each length are made, and used in all pairs. */
static const BIGNUM *
some_prime(uint64_t seed, struct dice *d, size_t length, size_t not)
{
	static BIGNUM *primes[13][24];
	static const size_t bits[13] = { 512, 512, 512, 512, 513, 516, 519, 520, 527, 768, 1024,
	    1536, 2048 };
	struct dice own;
	size_t i;

	do
		i = roll(d, bits[length] == 512 ? 24 : bits[length] < 1024 ? 6 : 3);
	while (i == not);
	if (bits[length] == 512)
		length = 0;
	own = dice_for(seed, 'q', length * 100 + i);
	if (primes[length][i] == NULL)
		primes[length][i] = find_prime(&own, bits[length]);
	return primes[length][i];
}

static BIGNUM *
less_one(const BIGNUM *p)
{
	BIGNUM *v = BN_dup(p);

	must(v != NULL && BN_sub_word(v, 1) == 1, "memory");
	return v;
}

/* Does the number, in n bytes, begin or end with a zero byte? */
static int
zero_ended(const BIGNUM *v, int n)
{
	return BN_num_bytes(v) < n || BN_mod_word(v, 256) == 0;
}

/* d is the inverse of e for (p-1)(q-1) or for their least common multiple; NULL
 * where there is none. */
static BIGNUM *
rsa_inverse(const BIGNUM *e, const BIGNUM *p1, const BIGNUM *q1, int least, BN_CTX *ctx)
{
	BIGNUM *phi = BN_new(), *gcd = BN_new(), *d = NULL;

	must(phi != NULL && gcd != NULL && BN_mul(phi, p1, q1, ctx) == 1 &&
	    BN_gcd(gcd, p1, q1, ctx) == 1 &&
	    (!least || BN_div(phi, NULL, phi, gcd, ctx) == 1), "memory");
	d = BN_mod_inverse(NULL, e, phi, ctx);
	ERR_clear_error();
	BN_free(phi);
	BN_free(gcd);
	return d;
}

/* 1 when some private number begins or ends with 0; -1 when e will not do. */
static int
rsa_numbers(struct numbers *a, const BIGNUM *p, const BIGNUM *q, BN_ULONG exponent, int least,
    BN_CTX *ctx)
{
	BIGNUM *n = BN_new(), *e = BN_new(), *dp = BN_new(), *dq = BN_new(), *d;
	BIGNUM *p1 = less_one(p), *q1 = less_one(q), *qinv = BN_mod_inverse(NULL, q, p, ctx);
	int zero = -1, bytes = BN_num_bytes(p);

	a->n = 0;
	must(n != NULL && e != NULL && qinv != NULL && BN_mul(n, p, q, ctx) == 1 &&
	    BN_set_word(e, exponent) == 1, "memory");
	add_number(a, OSSL_PKEY_PARAM_RSA_N, n);
	add_number(a, OSSL_PKEY_PARAM_RSA_E, e);
	add_number(a, OSSL_PKEY_PARAM_RSA_FACTOR1, BN_dup(p));
	add_number(a, OSSL_PKEY_PARAM_RSA_FACTOR2, BN_dup(q));
	add_number(a, OSSL_PKEY_PARAM_RSA_EXPONENT1, dp);
	add_number(a, OSSL_PKEY_PARAM_RSA_EXPONENT2, dq);
	add_number(a, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, qinv);
	if ((d = rsa_inverse(e, p1, q1, least, ctx)) != NULL) {
		add_number(a, OSSL_PKEY_PARAM_RSA_D, d);
		must(BN_mod(dp, d, p1, ctx) == 1 && BN_mod(dq, d, q1, ctx) == 1, "memory");
		zero = zero_ended(d, BN_num_bytes(n)) || zero_ended(qinv, bytes) ||
		    zero_ended(dp, bytes) || zero_ended(dq, BN_num_bytes(q));
	}
	BN_free(p1);
	BN_free(q1);
	return zero;
}

static EVP_PKEY *
rsa_private(uint64_t seed, struct dice *d, int *zero)
{
	static const BN_ULONG exponents[] = { 3, 17, 35, 65537, 65537, 0x80000001, 0xffffffff };
	struct numbers a = { .n = 0 };
	const BIGNUM *p, *q;
	size_t length, tries = roll(d, 2) == 0 ? 200 : 1, i;
	BN_CTX *ctx = BN_CTX_new();

	length = tries > 1 ? roll(d, 10) : roll(d, 13);
	must(ctx != NULL, "memory");
	do {
		for (i = 0; i < a.n; i++)
			BN_free(a.v[i]);
		p = some_prime(seed, d, length, SIZE_MAX);
		do      /* neither is always the greater */
			q = some_prime(seed, d, length, SIZE_MAX);
		while (BN_cmp(p, q) == 0);
		*zero = rsa_numbers(&a, p, q, exponents[roll(d, COUNT(exponents))],
		    (int)roll(d, 2), ctx);
	} while (*zero < 0 || (--tries > 0 && !*zero));
	BN_CTX_free(ctx);
	return pkey_of("RSA", &a, NULL, NULL, 0);
}

static EVP_PKEY *
ec_private(struct dice *d, size_t curve, int *zero)
{
	const EC_GROUP *group = group_of(curve);
	EC_POINT *q = EC_POINT_new(group);
	struct numbers a = { .n = 0 };
	unsigned char point[POINT_MAX], secret[66];
	size_t n = curves[curve].bytes;
	EVP_PKEY *pkey;
	BIGNUM *v;

	fill_edged(d, secret, n);
	v = number(secret, n);
	must(q != NULL && BN_nnmod(v, v, EC_GROUP_get0_order(group), BN_CTX_new()) == 1 &&
	    EC_POINT_mul(group, q, v, NULL, NULL, NULL) == 1 &&
	    EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point, 2 * n + 1,
	    NULL) == 2 * n + 1, "point");
	*zero = zero_ended(v, n == 66 ? 65 : (int)n);
	add_number(&a, OSSL_PKEY_PARAM_PRIV_KEY, v);
	pkey = pkey_of("EC", &a, curves[curve].name, point, 2 * n + 1);
	EC_POINT_free(q);
	return pkey;
}

/* FIPS 186-4 A.1: q divides p - 1, and g has the order q. */
static void
dsa_domain(uint64_t seed, BIGNUM **p, BIGNUM **q, BIGNUM **g, BN_CTX *ctx)
{
	struct dice d = dice_for(seed, 'D', 0);
	unsigned char bytes[128];
	BIGNUM *twice = BN_new(), *rest = BN_new();

	*q = find_prime(&d, 160);
	must(twice != NULL && rest != NULL && BN_lshift1(twice, *q) == 1, "memory");
	for (*p = NULL; *p == NULL || BN_check_prime(*p, ctx, NULL) != 1;) {
		BN_free(*p);
		*p = number(bytes, fill_odd(&d, bytes, 1024));
		must(BN_mod(rest, *p, twice, ctx) == 1 && BN_sub_word(rest, 1) == 1 &&
		    BN_sub(*p, *p, rest) == 1, "memory");
	}
	*g = BN_new();
	must(*g != NULL && BN_sub_word(*p, 1) == 1 && BN_div(rest, NULL, *p, *q, ctx) == 1 &&
	    BN_add_word(*p, 1) == 1 && BN_set_word(twice, 2) == 1 &&
	    BN_mod_exp(*g, twice, rest, *p, ctx) == 1, "memory");
	BN_free(twice);
	BN_free(rest);
}

static EVP_PKEY *
dsa_private(uint64_t seed, struct dice *d, int *zero)
{
	static BIGNUM *p, *q, *g;
	struct numbers a = { .n = 0 };
	unsigned char secret[20];
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *x, *y = BN_new();

	if (p == NULL)
		dsa_domain(seed, &p, &q, &g, ctx);
	fill_edged(d, secret, sizeof secret);
	x = number(secret, sizeof secret);
	must(y != NULL && BN_nnmod(x, x, q, ctx) == 1 && BN_mod_exp(y, g, x, p, ctx) == 1,
	    "memory");
	*zero = zero_ended(x, sizeof secret);
	add_number(&a, OSSL_PKEY_PARAM_FFC_P, BN_dup(p));
	add_number(&a, OSSL_PKEY_PARAM_FFC_Q, BN_dup(q));
	add_number(&a, OSSL_PKEY_PARAM_FFC_G, BN_dup(g));
	add_number(&a, OSSL_PKEY_PARAM_PUB_KEY, y);
	add_number(&a, OSSL_PKEY_PARAM_PRIV_KEY, x);
	BN_CTX_free(ctx);
	return pkey_of("DSA", &a, NULL, NULL, 0);
}

static EVP_PKEY *
make_private(uint64_t seed, size_t i, int *zero)
{
	struct dice d = dice_for(seed, 'P', i);
	unsigned char secret[57], pub[57];
	int nid = i % 10 == 9 ? EVP_PKEY_ED448 : EVP_PKEY_ED25519;
	EVP_PKEY *pkey;

	if (i % 10 < 3)
		return rsa_private(seed, &d, zero);
	if (i % 10 < 6)
		return ec_private(&d, i % 10 - 3, zero);
	if (i % 10 == 6)
		return dsa_private(seed, &d, zero);
	pkey = make_eddsa(&d, nid, 4, secret, pub);
	*zero = zero_at_end(secret, nid == EVP_PKEY_ED25519 ? 32 : 57);
	return pkey;
}

/* libcrypto's view of a key, as a public blob. */
static void
put_param(struct blob *b, const EVP_PKEY *pkey, const char *name)
{
	BIGNUM *v = NULL;

	must(EVP_PKEY_get_bn_param(pkey, name, &v) == 1, name);
	put_bn(b, v);
	BN_free(v);
}

static void
put_ec_pkey(struct blob *b, const EVP_PKEY *pkey)
{
	unsigned char point[POINT_MAX];
	char name[64], type[64];
	size_t n, i;

	must(EVP_PKEY_get_utf8_string_param(pkey, "group", name, sizeof name, NULL) == 1 &&
	    EVP_PKEY_get_octet_string_param(pkey, "pub", point, sizeof point, &n) == 1, "EC");
	for (i = 0; i < COUNT(curves); i++)
		if (OBJ_txt2nid(name) == curves[i].nid) {
			(void)snprintf(type, sizeof type, "ecdsa-sha2-%s", curves[i].ssh);
			put_cstring(b, type);
			put_cstring(b, curves[i].ssh);
			put_string(b, point, n);
		}
}

static void
put_pkey(struct blob *b, const EVP_PKEY *pkey)
{
	unsigned char raw[57];
	size_t n = sizeof raw;

	b->n = 0;
	if (EVP_PKEY_is_a(pkey, "RSA")) {
		put_cstring(b, "ssh-rsa");
		put_param(b, pkey, OSSL_PKEY_PARAM_RSA_E);
		put_param(b, pkey, OSSL_PKEY_PARAM_RSA_N);
	} else if (EVP_PKEY_is_a(pkey, "DSA")) {
		put_cstring(b, "ssh-dss");
		put_param(b, pkey, OSSL_PKEY_PARAM_FFC_P);
		put_param(b, pkey, OSSL_PKEY_PARAM_FFC_Q);
		put_param(b, pkey, OSSL_PKEY_PARAM_FFC_G);
		put_param(b, pkey, OSSL_PKEY_PARAM_PUB_KEY);
	} else if (EVP_PKEY_is_a(pkey, "EC"))
		put_ec_pkey(b, pkey);
	else {
		must(EVP_PKEY_get_raw_public_key(pkey, raw, &n) == 1, "unknown type");
		put_cstring(b, n == 32 ? "ssh-ed25519" : "ssh-ed448");
		put_string(b, raw, n);
	}
}

/* EncryptedPrivateKeyInfo with the cheapest parameters. */
static void
write_sealed(BIO *to, EVP_PKEY *pkey, X509_ALGOR *algorithm, const char *pass)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);
	X509_SIG *sealed = info == NULL || algorithm == NULL ? NULL :
	    PKCS8_set0_pbe(pass, (int)strlen(pass), info, algorithm);

	must(sealed != NULL && PEM_write_bio_PKCS8(to, sealed) == 1, "PKCS#8");
	PKCS8_PRIV_KEY_INFO_free(info);
	X509_SIG_free(sealed);
}

static void
write_dek(BIO *to, EVP_PKEY *pkey, const EVP_CIPHER *cipher, const char *pass)
{
	must(PEM_write_bio_PrivateKey_traditional(to, pkey, cipher, (const unsigned char *)pass,
	    cipher == NULL ? 0 : (int)strlen(pass), NULL, NULL) == 1, "PEM");
}

static int
edwards(const EVP_PKEY *pkey)
{
	return EVP_PKEY_is_a(pkey, "ED25519") || EVP_PKEY_is_a(pkey, "ED448");
}

static const char *const variants[] = { "pkcs8", "pem", "pbes2-aes128", "dek-aes128",
    "pbes2-aes256-sha1", "pbes1-3des", "scrypt", "dek-3des", "pbes2-3des-sha512", "dek-aes256",
    "bare" };

static void
write_variant(BIO *to, EVP_PKEY *pkey, size_t variant, const char *pass)
{
	unsigned char salt[16];
	struct dice d = { (uint64_t)variant };

	fill(&d, salt, sizeof salt);
	/* these have no traditional form */
	if (edwards(pkey) && strncmp(variants[variant], "dek-", 4) == 0)
		variant = 2;
	if (variant == 10 && EVP_PKEY_is_a(pkey, "EC"))         /* the public half left out */
		must(EVP_PKEY_set_int_param(pkey, OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 0) == 1, "EC");
	if (variant == 0 || (edwards(pkey) && (variant == 1 || variant == 10)))
		must(PEM_write_bio_PrivateKey(to, pkey, NULL, NULL, 0, NULL, NULL) == 1, "PKCS#8");
	else if (variant == 1 || variant == 10)
		write_dek(to, pkey, NULL, NULL);
	else if (variant == 2)
		write_sealed(to, pkey, PKCS5_pbe2_set_iv(EVP_aes_128_cbc(), 1, salt, 16, NULL,
		    NID_hmacWithSHA256), pass);
	else if (variant == 4)
		write_sealed(to, pkey, PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), 1, salt, 8, NULL,
		    NID_hmacWithSHA1), pass);
	else if (variant == 8)
		write_sealed(to, pkey, PKCS5_pbe2_set_iv(EVP_des_ede3_cbc(), 1, salt, 8, NULL,
		    NID_hmacWithSHA512), pass);
	else if (variant == 5)
		write_sealed(to, pkey, PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 1,
		    salt, 8), pass);
	else if (variant == 6)
		write_sealed(to, pkey, PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), salt, 16, NULL, 16,
		    8, 1), pass);
	else
		write_dek(to, pkey, variant == 3 ? EVP_aes_128_cbc() : variant == 7 ?
		    EVP_des_ede3_cbc() : EVP_aes_256_cbc(), pass);
}

static BIO *
open_file(const char *path, const char *suffix, const char *mode)
{
	char name[4096];
	BIO *bio;

	must(snprintf(name, sizeof name, "%s%s", path, suffix) < (int)sizeof name, path);
	bio = BIO_new_file(name, mode);
	must(bio != NULL, path);
	return bio;
}

/* All of a file in memory, where the end is known before it is read past. */
static BIO *
read_file(const char *path)
{
	BIO *file = open_file(path, "", "r"), *bio = BIO_new(BIO_s_mem());
	char chunk[8192];
	int n;

	must(bio != NULL, "memory");
	BIO_set_mem_eof_return(bio, 0);
	while ((n = BIO_read(file, chunk, sizeof chunk)) > 0)
		must(BIO_write(bio, chunk, n) == n, "memory");
	BIO_free(file);
	return bio;
}

static void
close_written(BIO *bio)
{
	must(BIO_flush(bio) == 1, "output");
	BIO_free(bio);
}

static void
private_keys(uint64_t seed, size_t count, const char *dir, const char *pass)
{
	static struct blob b;
	size_t i, variant;
	char path[4000];
	EVP_PKEY *pkey;
	FILE *pub;
	BIO *bio;
	int zero;

	for (i = 0; i < count; i++) {
		pkey = make_private(seed, i, &zero);
		put_pkey(&b, pkey);
		variant = i % COUNT(variants);
		(void)snprintf(path, sizeof path, "%s/g%05zu.%s", dir, i, variants[variant]);
		bio = open_file(path, "", "w");
		write_variant(bio, pkey, variant, pass);
		close_written(bio);
		(void)snprintf(path, sizeof path, "%s/g%05zu.%s.pub", dir, i, variants[variant]);
		must((pub = fopen(path, "w")) != NULL, path);
		print_blob(pub, &b);
		must(fclose(pub) == 0, path);
		(void)printf("%.*s %s\n", b.p[3], (const char *)b.p + 4, zero ? "zero" : "-");
		EVP_PKEY_free(pkey);
	}
}

/* The next key of a file, of any PEM. One decoder is for all: it is dear. */
static EVP_PKEY *
read_pkey(BIO *bio, const char *pass)
{
	static OSSL_DECODER_CTX *ctx;
	static EVP_PKEY *pkey;

	if (ctx == NULL)
		ctx = OSSL_DECODER_CTX_new_for_pkey(&pkey, "PEM", NULL, NULL, 0, NULL, NULL);
	pkey = NULL;
	must(ctx != NULL && OSSL_DECODER_CTX_set_passphrase(ctx, (const unsigned char *)pass,
	    strlen(pass)) == 1, "decoder");
	return OSSL_DECODER_from_bio(ctx, bio) == 1 ? pkey : NULL;
}

static void
print_lines(const char *path, const char *pass)
{
	static struct blob b;
	BIO *bio = read_file(path);
	EVP_PKEY *pkey;
	size_t n;

	for (n = 0; !BIO_eof(bio); n++) {
		if ((pkey = read_pkey(bio, pass)) == NULL) {
			(void)printf("unreadable\n");
			break;
		}
		put_pkey(&b, pkey);
		print_blob(stdout, &b);
		EVP_PKEY_free(pkey);
	}
	ERR_clear_error();
	BIO_free(bio);
}

static void
write_again(const char *path, const char *pass)
{
	BIO *bio = read_file(path);
	EVP_PKEY *pkey = read_pkey(bio, pass);

	BIO_free(bio);
	must(pkey != NULL, path);
	if (EVP_PKEY_is_a(pkey, "EC"))  /* where the file left it out, too */
		must(EVP_PKEY_set_int_param(pkey, OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 1) == 1, "EC");
	bio = open_file(path, ".pkcs8", "w");
	write_variant(bio, pkey, 0, pass);
	close_written(bio);
	if (!edwards(pkey)) {
		bio = open_file(path, ".pem", "w");
		write_variant(bio, pkey, 1, pass);
		close_written(bio);
	}
	EVP_PKEY_free(pkey);
}

int
main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "", *pass = getenv("PW");
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	size_t first = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
	int i;

	if (pass == NULL)
		pass = "";
	if (strcmp(mode, "public") == 0 && argc == 5)
		public_keys(seed, first, strtoul(argv[4], NULL, 10));
	else if (strcmp(mode, "dress") == 0 && argc == 4)
		dress(seed, first);
	else if (strcmp(mode, "private") == 0 && argc == 5)
		private_keys(seed, first, argv[4], pass);
	else if (strcmp(mode, "lines") == 0 && argc >= 3)
		for (i = 2; i < argc; i++)
			print_lines(argv[i], pass);
	else if (strcmp(mode, "again") == 0 && argc >= 3)
		for (i = 2; i < argc; i++)
			write_again(argv[i], pass);
	else
		die("usage: public | dress | private | lines | again");
	must(fflush(stdout) == 0 && !ferror(stdout), "output");
	return 0;
}
