/*
 * oddnumbers: a private key in forms that other writers have and libcrypto, ssh or PuTTY read:
 * other numbers and lengths than DER's and RFC 4251's, another label, fewer or more of RSA's.
 *
 *	oddnumbers NAME KEY DIR
 *
 * reads an RSA, ECDSA or DSA key without a passphrase from the PEM file KEY and writes its forms to
 * DIR/NAME.FORMAT.FORM, mode 0600. FORMAT is PEM, PKCS8, OPENSSH, PPK2 or PPK3. A FORM that begins
 * with "bad-" ssh does not read; "public-zeros" and "without-primes" only others than we.
 *
 *	oddnumbers primes FILE
 *
 * writes a new RSA key of three primes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

enum { INTEGER = 2, OCTETS = 4, NONE = 5, OID = 6, SEQUENCE = 0x30 };

/* How numbers and lengths are written. */
struct style {
	const char *name;
	int sign;       /* a zero byte before a number whose top bit is set */
	int zeros;      /* more before any number but a version */
	int octets;     /* zeros in front of a length */
	int numbers;    /* of RSA's eight, those behind are 0 */
};

static const struct style usual = { "plain", 1, 0, 0, 8 };
static const struct style styles[] = {
	{ "unsigned", 0, 0, 0, 8 }, { "zeros", 1, 3, 0, 8 }, { "long", 1, 0, 2, 8 },
	{ "without-crt", 1, 0, 0, 5 }, { "without-coefficient", 1, 0, 0, 7 },
	{ "without-primes", 1, 0, 0, 3 },
};

struct bytes {
	unsigned char p[16384];
	size_t n;
};

struct key {
	int rsa, dsa;
	const char *type, *curve;       /* of SSH; curve: of ECDSA */
	size_t width;                   /* of ECDSA's number */
	BIGNUM *v[8];                   /* as PKCS#1 and OpenSSL's DSA order them; ECDSA: one */
	struct bytes point, algorithm;  /* algorithm: PKCS#8's, whole */
};

static void
must(int ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "oddnumbers: %s\n", what);
	exit(2);
}

static void
put(struct bytes *b, const void *p, size_t n)
{
	must(n <= sizeof b->p - b->n, "too long");
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

/* A DER element whose length has more zeros in front than it needs. */
static void
element(struct bytes *b, int tag, const struct bytes *contents, int zeros)
{
	unsigned char head[16] = { (unsigned char)tag }, length[2];
	size_t n = contents->n, k = n > 0xff ? 2 : zeros > 0 || n > 0x7f ? 1 : 0;

	length[0] = (unsigned char)(n >> 8);
	length[1] = (unsigned char)n;
	head[1] = (unsigned char)(k > 0 ? 0x80 | (k + (size_t)zeros) : n);
	put(b, head, 2 + (size_t)zeros);        /* the rest of head is zeros */
	put(b, length + 2 - k, k);
}

static void
wrap(struct bytes *b, int tag, const struct bytes *contents, int zeros)
{
	element(b, tag, contents, zeros);
	put(b, contents->p, contents->n);
}

static void
magnitude(struct bytes *b, const BIGNUM *v, int sign, int zeros)
{
	static const unsigned char zero[64];
	unsigned char n[1024];
	int len = BN_bn2bin(v, n);

	put(b, zero, (size_t)zeros);
	if (len == 0 || (sign && n[0] & 0x80))
		put(b, zero, 1);
	put(b, n, (size_t)len);
}

static void
integer(struct bytes *b, const BIGNUM *v, const struct style *s)
{
	struct bytes n = { .n = 0 };

	magnitude(&n, v, s->sign, s->zeros);
	wrap(b, INTEGER, &n, s->octets);
}

static void
version(struct bytes *b, int v, const struct style *s)
{
	struct bytes n = { { (unsigned char)v }, 1 };

	wrap(b, INTEGER, &n, s->octets);
}

/* PKCS#1, SEC 1, or OpenSSL's DSA. */
static void
traditional(struct bytes *out, const struct key *k, const struct style *s)
{
	struct bytes all = { .n = 0 }, secret = { .n = 0 };
	BIGNUM *zero = BN_new();
	int i, numbers = k->rsa ? 8 : 5;

	must(zero != NULL, "BN_new");
	version(&all, k->curve != NULL, s);
	for (i = 0; i < numbers && k->curve == NULL; i++)
		integer(&all, k->rsa && i >= s->numbers ? zero : k->v[i], s);
	if (k->curve != NULL) {
		magnitude(&secret, k->v[0], 0, s->zeros);
		wrap(&all, OCTETS, &secret, s->octets);
		/* [0]: the curve's OID, which ends the algorithm */
		secret.n = 0;
		put(&secret, k->algorithm.p + 11, k->algorithm.n - 11);
		wrap(&all, 0xa0, &secret, s->octets);
	}
	wrap(out, SEQUENCE, &all, s->octets);
	BN_free(zero);
}

static void
pkcs8(struct bytes *out, const struct key *k, const struct style *s)
{
	struct bytes all = { .n = 0 }, inner = { .n = 0 };

	version(&all, 0, s);
	put(&all, k->algorithm.p, k->algorithm.n);
	if (k->dsa)             /* there libcrypto takes DER only */
		integer(&inner, k->v[4], &(struct style){ .sign = 1, .octets = s->octets });
	else
		traditional(&inner, k, s);
	wrap(&all, OCTETS, &inner, s->octets);
	wrap(out, SEQUENCE, &all, s->octets);
}

static FILE *
create(const char *dir, const char *name, const char *format, const char *form)
{
	char path[4096];
	FILE *f = NULL;
	int fd, n = snprintf(path, sizeof path, "%s/%s.%s.%s", dir, name, format, form);

	if (n > 0 && (size_t)n < sizeof path && (fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600)) >= 0)
		f = fdopen(fd, "w");
	must(f != NULL, "a file cannot be created");
	return f;
}

/* Base64 of at most 64 characters a line; how many lines. */
static size_t
base64(FILE *f, const struct bytes *b)
{
	unsigned char text[65];
	size_t i, lines = (b->n + 47) / 48;

	for (i = 0; i < lines && f != NULL; i++) {
		(void)EVP_EncodeBlock(text, b->p + 48 * i, (int)(b->n - 48 * i < 48 ? b->n - 48 * i : 48));
		(void)fprintf(f, "%s\n", (char *)text);
	}
	return lines;
}

static void
pem(FILE *f, const char *label, const struct bytes *b)
{
	(void)fprintf(f, "-----BEGIN %s-----\n", label);
	(void)base64(f, b);
	(void)fprintf(f, "-----END %s-----\n", label);
	must(fclose(f) == 0, "a file cannot be written");
}

/* RFC 4251's string and mpint, and PROTOCOL.key. */
static void
string(struct bytes *b, const void *p, size_t n)
{
	unsigned char length[4] = { 0, 0, (unsigned char)(n >> 8), (unsigned char)n };

	put(b, length, 4);
	put(b, p, n);
}

static void
mpint(struct bytes *b, const BIGNUM *v, int sign, int zeros)
{
	struct bytes n = { .n = 0 };

	magnitude(&n, v, sign, zeros);
	string(b, n.p, n.n);
}

static void
public_fields(struct bytes *b, const struct key *k, int zeros, int wire)
{
	int i;

	string(b, k->type, strlen(k->type));
	if (k->curve != NULL) {
		string(b, k->curve, strlen(k->curve));
		string(b, k->point.p, k->point.n);
	}
	for (i = 0; i < (k->rsa ? 2 : k->dsa ? 4 : 0); i++)
		mpint(b, k->v[k->rsa && wire ? 1 - i : i], 1, zeros);
}

/* d, then for RSA in the format's order; ECDSA's in as many bytes as the curve has. */
static void
private_fields(struct bytes *b, const struct key *k, const char *order, int sign, int zeros)
{
	if (k->curve != NULL && zeros < 0)
		zeros = 1 + (int)k->width - BN_num_bytes(k->v[0]);
	if (!k->rsa)
		order = k->dsa ? "4" : "0";
	for (; *order != '\0'; order++)
		mpint(b, k->v[*order - '0'], sign, zeros < 0 ? 1 : zeros);
}

static void
openssh(FILE *f, const struct key *k, int sign, int zeros, int public_zeros)
{
	static const char head[] = "openssh-key-v1\0\0\0\0\4none\0\0\0\4none\0\0\0\0\0\0\0\1";
	struct bytes all = { .n = 0 }, pub = { .n = 0 }, priv = { .n = 0 };
	unsigned char pad;

	put(&all, head, sizeof head - 1);
	public_fields(&pub, k, 0, 1);
	string(&all, pub.p, pub.n);
	put(&priv, "againsta", 4);
	put(&priv, "againsta", 4);
	public_fields(&priv, k, public_zeros, 0);
	private_fields(&priv, k, "2734", sign, zeros);
	string(&priv, "jane", 4);
	for (pad = 1; priv.n % 8 != 0; pad++)
		put(&priv, &pad, 1);
	string(&all, priv.p, priv.n);
	pem(f, "OPENSSH PRIVATE KEY", &all);
}

/* PuTTY's appendix C, without a passphrase. */
static void
ppk(FILE *f, const struct key *k, int v, int zeros)
{
	static const char old[] = "putty-private-key-file-mac-key";
	struct bytes pub = { .n = 0 }, priv = { .n = 0 }, over = { .n = 0 };
	unsigned char secret[20], mac[32];
	unsigned n, i;

	public_fields(&pub, k, 0, 1);
	private_fields(&priv, k, "2347", 1, zeros);
	string(&over, k->type, strlen(k->type));
	string(&over, "none", 4);
	string(&over, "jane", 4);
	string(&over, pub.p, pub.n);
	string(&over, priv.p, priv.n);
	must(EVP_Digest(old, sizeof old - 1, secret, &n, EVP_sha1(), NULL) == 1 &&
	    HMAC(v == 2 ? EVP_sha1() : EVP_sha256(), secret, v == 2 ? 20 : 0, over.p, over.n, mac,
	    &n) != NULL, "HMAC");
	(void)fprintf(f, "PuTTY-User-Key-File-%d: %s\nEncryption: none\nComment: jane\n", v, k->type);
	(void)fprintf(f, "Public-Lines: %zu\n", base64(NULL, &pub));
	(void)base64(f, &pub);
	(void)fprintf(f, "Private-Lines: %zu\n", base64(NULL, &priv));
	(void)base64(f, &priv);
	(void)fprintf(f, "Private-MAC: ");
	for (i = 0; i < n; i++)
		(void)fprintf(f, "%02x", mac[i]);
	(void)fprintf(f, "\n");
	must(fclose(f) == 0, "a file cannot be written");
}

static void
get_algorithm(struct key *k, EVP_PKEY *pkey)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);
	const X509_ALGOR *a;
	unsigned char *p = k->algorithm.p;

	must(info != NULL && PKCS8_pkey_get0(NULL, NULL, NULL, &a, info) == 1, "no PKCS#8");
	k->algorithm.n = (size_t)i2d_X509_ALGOR(a, &p);
	PKCS8_PRIV_KEY_INFO_free(info);
}

static void
get_key(struct key *k, const char *path)
{
	static const char *const rsa[] = { OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E,
	    OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
	    OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1 };
	static const char *const dsa[] = { OSSL_PKEY_PARAM_FFC_P, OSSL_PKEY_PARAM_FFC_Q,
	    OSSL_PKEY_PARAM_FFC_G, OSSL_PKEY_PARAM_PUB_KEY, OSSL_PKEY_PARAM_PRIV_KEY };
	FILE *f = fopen(path, "r");
	EVP_PKEY *pkey = f != NULL ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
	int i, bits = pkey != NULL ? EVP_PKEY_get_bits(pkey) : 0;

	must(pkey != NULL, "no key there");
	k->rsa = EVP_PKEY_is_a(pkey, "RSA");
	k->dsa = EVP_PKEY_is_a(pkey, "DSA");
	k->type = k->rsa ? "ssh-rsa" : k->dsa ? "ssh-dss" : bits == 256 ? "ecdsa-sha2-nistp256" :
	    bits == 384 ? "ecdsa-sha2-nistp384" : "ecdsa-sha2-nistp521";
	k->curve = k->rsa || k->dsa ? NULL : k->type + strlen("ecdsa-sha2-");
	k->width = (size_t)(bits + 7) / 8;
	for (i = 0; i < (k->rsa ? 8 : k->dsa ? 5 : 0); i++)
		must(EVP_PKEY_get_bn_param(pkey, (k->rsa ? rsa : dsa)[i], &k->v[i]) == 1, "no number");
	if (k->curve != NULL)
		must(EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &k->v[0]) == 1 &&
		    EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, k->point.p,
		    sizeof k->point.p, &k->point.n) == 1, "no number");
	get_algorithm(k, pkey);
	EVP_PKEY_free(pkey);
	(void)fclose(f);
}

static void
write_forms(const char *name, const char *path, const char *dir)
{
	struct key k = { .type = NULL };
	struct bytes b;
	const char *label;
	size_t i;

	get_key(&k, path);
	label = k.rsa ? "RSA PRIVATE KEY" : k.dsa ? "DSA PRIVATE KEY" : "EC PRIVATE KEY";
	for (i = 0; i < sizeof styles / sizeof styles[0]; i++) {
		if (styles[i].numbers < 8 && !k.rsa)
			break;
		b.n = 0;
		traditional(&b, &k, &styles[i]);
		pem(create(dir, name, "PEM", styles[i].name), label, &b);
		b.n = 0;
		pkcs8(&b, &k, &styles[i]);
		pem(create(dir, name, "PKCS8", styles[i].name), "PRIVATE KEY", &b);
	}
	b.n = 0;
	pkcs8(&b, &k, &usual);
	pem(create(dir, name, "PKCS8", "own-label"), label, &b);
	pem(create(dir, name, "PKCS8", "bad-label"), k.rsa ? "EC PRIVATE KEY" : "RSA PRIVATE KEY", &b);
	b.n = 0;
	traditional(&b, &k, &usual);
	pem(create(dir, name, "PEM", "bad-label"), "PRIVATE KEY", &b);
	openssh(create(dir, name, "OPENSSH", "fixed"), &k, 1, -1, 0);
	openssh(create(dir, name, "OPENSSH", "zeros"), &k, 1, 9, 0);
	ppk(create(dir, name, "PPK2", "zeros"), &k, 2, 2);
	ppk(create(dir, name, "PPK3", "zeros"), &k, 3, -1);
	if (k.curve == NULL)
		openssh(create(dir, name, "OPENSSH", "public-zeros"), &k, 1, 0, 1);
	if (k.rsa)      /* of two primes the top bit is always set */
		openssh(create(dir, name, "OPENSSH", "bad-sign"), &k, 0, 0, 0);
}

static void
write_primes(const char *path)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	BIO *f = BIO_new_fd(fd, BIO_CLOSE);

	must(ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048) == 1 &&
	    EVP_PKEY_CTX_set_rsa_keygen_primes(ctx, 3) == 1 && EVP_PKEY_generate(ctx, &pkey) == 1 &&
	    fd >= 0 && f != NULL && PEM_write_bio_PrivateKey_traditional(f, pkey, NULL, NULL, 0, NULL, NULL) == 1,
	    "no key");
	BIO_free(f);
	EVP_PKEY_free(pkey);
	EVP_PKEY_CTX_free(ctx);
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "primes") == 0)
		write_primes(argv[2]);
	else if (argc == 4)
		write_forms(argv[1], argv[2], argv[3]);
	else
		must(0, "usage: oddnumbers NAME KEY DIR | oddnumbers primes FILE");
	return 0;
}
