/*
 * oddkeys: private key files as other programs and people leave them, for t/s1810-forms.bats.
 *
 *	oddkeys
 *
 * makes a key of each type, and writes it to the working directory once for each form, as
 * FORMAT.TYPE.FORM, with mode 0600; authorized_keys gets their public halves. Those that are encrypted
 * have the passphrase of the environment's PW. Files of OPENSSH are never encrypted: ssh-keygen -p does
 * that. Prints the names, one a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FIELDS 9                /* of RFC 8017's RSAPrivateKey */

struct bytes {
	unsigned char p[16384];
	size_t n;
};

static void
must(int ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "oddkeys: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(2);
}

static void
put(struct bytes *b, const void *p, size_t n)
{
	must(n <= sizeof b->p - b->n, "too long");
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void
puts_(struct bytes *b, const char *s)
{
	put(b, s, strlen(s));
}

static void
write_file(const char *format, const char *type, const char *form, const struct bytes *b)
{
	char name[64];
	FILE *f;

	(void)snprintf(name, sizeof name, "%s.%s.%s", format, type, form);
	f = fopen(name, "w");
	must(f != NULL && fwrite(b->p, 1, b->n, f) == b->n && fclose(f) == 0, name);
	(void)puts(name);
}

/* RFC 4251's string and mpint; zeros come before the number, needless or not. */
static void
put_string(struct bytes *b, const void *p, size_t n)
{
	const unsigned char head[4] = { 0, 0, (unsigned char)(n >> 8), (unsigned char)n };

	put(b, head, sizeof head);
	put(b, p, n);
}

static void
put_number(struct bytes *b, const BIGNUM *v, size_t zeros)
{
	struct bytes n = { .n = 0 };

	n.n = zeros + (BN_num_bits(v) % 8 == 0);
	n.n += (size_t)BN_bn2bin(v, n.p + n.n);
	put_string(b, n.p, n.n);
}

static struct type {
	const char *name, *ssh, *group;
	EVP_PKEY *key;
	BIGNUM *number[FIELDS];         /* RSA: 0, n, e, d, p, q, dP, dQ, qInv; ECDSA: the private one */
} types[] = {
	{ .name = "rsa", .ssh = "ssh-rsa" },
	{ .name = "p256", .ssh = "ecdsa-sha2-nistp256", .group = "P-256" },
	{ .name = "p384", .ssh = "ecdsa-sha2-nistp384", .group = "P-384" },
	{ .name = "p521", .ssh = "ecdsa-sha2-nistp521", .group = "P-521" },
	{ .name = "ed25519", .ssh = "ssh-ed25519" },
	{ .name = "primes", .ssh = "ssh-rsa" },
};
enum { RSA_KEY, P256, P384, P521, ED25519, PRIMES };

static EVP_PKEY *
multi_prime(void)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, NULL);
	EVP_PKEY *key = NULL;

	must(EVP_PKEY_keygen_init(c) > 0 && EVP_PKEY_CTX_set_rsa_keygen_bits(c, 2048) > 0 &&
	    EVP_PKEY_CTX_set_rsa_keygen_primes(c, 3) > 0 && EVP_PKEY_keygen(c, &key) > 0, "three primes");
	EVP_PKEY_CTX_free(c);
	return key;
}

static void
make(struct type *t)
{
	static const char *const names[FIELDS] = { NULL, OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E,
	    OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
	    OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1 };
	int i, rsa = strcmp(t->ssh, "ssh-rsa") == 0;

	t->key = t->group != NULL ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", t->group) :
	    !rsa ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") :
	    t == &types[PRIMES] ? multi_prime() : EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	must(t->key != NULL && (t->number[0] = BN_new()) != NULL, t->name);
	if (t->group != NULL)
		must(EVP_PKEY_get_bn_param(t->key, OSSL_PKEY_PARAM_PRIV_KEY, &t->number[0]), t->name);
	for (i = 1; rsa && i < FIELDS; i++)
		must(EVP_PKEY_get_bn_param(t->key, names[i], &t->number[i]), names[i]);
}

static void
put_point(const struct type *t, struct bytes *b)
{
	unsigned char point[160];
	size_t n = sizeof point;

	if (t->group == NULL) {
		must(EVP_PKEY_get_raw_public_key(t->key, point, &n), t->name);
	} else {
		must(EVP_PKEY_get_octet_string_param(t->key, OSSL_PKEY_PARAM_PUB_KEY, point, n, &n), t->name);
		put_string(b, t->ssh + strlen("ecdsa-sha2-"), strlen("nistp256"));
	}
	put_string(b, point, n);
}

static void
put_public(const struct type *t, struct bytes *b)
{
	put_string(b, t->ssh, strlen(t->ssh));
	if (t->number[1] == NULL) {
		put_point(t, b);
	} else {
		put_number(b, t->number[2], 0);
		put_number(b, t->number[1], 0);
	}
}

/* A file of PROTOCOL.key, with so many zeros before each private number. */
static void
openssh(const struct type *t, size_t zeros, struct bytes *text)
{
	static const char head[] = "openssh-key-v1\0\0\0\0\4none\0\0\0\4none\0\0\0\0\0\0\0\1";
	static const int order[] = { 1, 2, 3, 8, 4, 5 };
	struct bytes in = { .n = 0 }, b = { .n = 0 }, pub = { .n = 0 };
	unsigned char pair[64], pad, base64[sizeof b.p];
	size_t n = 32, i;

	put(&in, "\1\2\3\4\1\2\3\4", 8);
	put_string(&in, t->ssh, strlen(t->ssh));
	if (t->number[1] != NULL) {
		for (i = 0; i < COUNT(order); i++)
			put_number(&in, t->number[order[i]], i < 2 ? 0 : zeros);
	} else {
		put_point(t, &in);
		if (t->group != NULL) {
			put_number(&in, t->number[0], zeros);
		} else {
			must(EVP_PKEY_get_raw_private_key(t->key, pair, &n), t->name);
			n = 32;
			must(EVP_PKEY_get_raw_public_key(t->key, pair + 32, &n), t->name);
			put_string(&in, pair, 64);
		}
	}
	put_string(&in, "odd", 3);
	for (pad = 1; in.n % 8 != 0; pad++)
		put(&in, &pad, 1);
	put_public(t, &pub);
	put(&b, head, sizeof head - 1);
	put_string(&b, pub.p, pub.n);
	put_string(&b, in.p, in.n);
	n = (size_t)EVP_EncodeBlock(base64, b.p, (int)b.n);
	text->n = 0;
	puts_(text, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
	for (i = 0; i < n; i += 70) {
		put(text, base64 + i, n - i < 70 ? n - i : 70);
		puts_(text, "\n");
	}
	puts_(text, "-----END OPENSSH PRIVATE KEY-----\n");
}

/* Takes what was written to a BIO. */
static void
take(BIO *bio, struct bytes *b)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	b->n = 0;
	put(b, p, (size_t)n);
	BIO_free(bio);
}

static void
pem(const struct type *t, const char *cipher, struct bytes *text)
{
	const EVP_CIPHER *c = cipher != NULL ? EVP_get_cipherbyname(cipher) : NULL;
	BIO *bio = BIO_new(BIO_s_mem());

	must(PEM_write_bio_PrivateKey_traditional(bio, t->key, c, NULL, 0, NULL, c != NULL ? getenv("PW") : NULL),
	    t->name);
	take(bio, text);
}

/* what: NULL, "scrypt", the name of a scheme of PBES1 or PKCS#12, or a cipher for PBES2. */
static void
pkcs8(const struct type *t, const char *what, struct bytes *text)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(t->key);
	const char *pw = getenv("PW");
	const EVP_CIPHER *c = what != NULL ? EVP_get_cipherbyname(what) : NULL;
	X509_ALGOR *scheme;
	BIO *bio = BIO_new(BIO_s_mem());
	unsigned char salt[16] = "0123456789abcde";

	must(info != NULL, t->name);
	if (what == NULL) {
		must(PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, info), t->name);
	} else {
		if (strcmp(what, "scrypt") == 0)
			scheme = PKCS5_pbe2_set_scrypt(EVP_aes_128_cbc(), salt, 16, NULL, 1024, 8, 1);
		else if (c != NULL)
			scheme = PKCS5_pbe2_set_iv(c, 2048, salt, 16, NULL, NID_hmacWithSHA256);
		else
			scheme = PKCS5_pbe_set(OBJ_txt2nid(what), 2048, salt, 8);
		must(scheme != NULL, what);
		must(PEM_write_bio_PKCS8(bio, PKCS8_set0_pbe(pw, (int)strlen(pw), info, scheme)), what);
	}
	PKCS8_PRIV_KEY_INFO_free(info);
	take(bio, text);
}

/* Puts label and DER around what will be a file of PEM. */
static void
armour(const char *label, const struct bytes *der, struct bytes *text)
{
	BIO *bio = BIO_new(BIO_s_mem());

	must(PEM_write_bio(bio, label, "", der->p, (long)der->n), label);
	take(bio, text);
}

/* tag, length and value; the length takes so many octets more than it must. */
static void
put_der(struct bytes *b, int tag, const void *p, size_t n, size_t more)
{
	const unsigned char t = (unsigned char)tag, high = (unsigned char)(n >> 8), low = (unsigned char)n;
	unsigned char octets = (unsigned char)((n > 255 ? 2 : n > 127 ? 1 : 0) + more);

	put(b, &t, 1);
	if (more > 0 && n <= 127)
		octets++;
	if (octets > 0) {
		octets |= 0x80;
		put(b, &octets, 1);
	}
	for (; more > 0; more--)
		put(b, "", 1);
	if (n > 255)
		put(b, &high, 1);
	put(b, &low, 1);
	put(b, p, n);
}

enum odd { EVEN, UNSIGNED, PADDED, LONG, NO_CRT, NO_PRIMES };

/* RSAPrivateKey whose INTEGERs are odd. */
static void
odd_rsa(const struct type *t, enum odd odd, struct bytes *der)
{
	struct bytes in = { .n = 0 }, v;
	int i;

	for (i = 0; i < FIELDS; i++) {
		v.n = 0;
		if (odd == PADDED && i > 2)
			put(&v, "\0\0", 2);
		if (i == 0 || (odd == NO_CRT && i > 5) || (odd == NO_PRIMES && i > 3)) {
			put(&v, "", 1);
		} else {
			if (BN_num_bits(t->number[i]) % 8 == 0 && (odd != UNSIGNED || i < 3))
				put(&v, "", 1);
			v.n += (size_t)BN_bn2bin(t->number[i], v.p + v.n);
		}
		put_der(&in, 2, v.p, v.n, odd == LONG && i > 2);
	}
	der->n = 0;
	put_der(der, 0x30, in.p, in.n, 0);
}

/* PrivateKeyInfo of an RSAPrivateKey. */
static void
wrap_rsa(struct bytes *der)
{
	struct bytes in = { .n = 0 };

	put(&in, "\2\1\0\x30\x0d\6\x09\x2a\x86\x48\x86\xf7\x0d\1\1\1\5\0", 18);
	put_der(&in, 4, der->p, der->n, 0);
	der->n = 0;
	put_der(der, 0x30, in.p, in.n, 0);
}

static void
decode(const struct bytes *text, struct bytes *der)
{
	BIO *bio = BIO_new_mem_buf(text->p, (int)text->n);
	char *name, *header;
	unsigned char *p;
	long n;

	must(PEM_read_bio(bio, &name, &header, &p, &n), "PEM");
	der->n = 0;
	put(der, p, (size_t)n);
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(p);
	BIO_free(bio);
}

/* A certificate of the RSA key, as openssl pkcs12 -nodes writes it beside. */
static void
certificate(struct bytes *text)
{
	X509 *x = X509_new();
	BIO *bio = BIO_new(BIO_s_mem());

	must(X509_set_pubkey(x, types[RSA_KEY].key) && X509_gmtime_adj(X509_getm_notBefore(x), 0) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(x), 86400) != NULL &&
	    X509_sign(x, types[RSA_KEY].key, EVP_sha256()) && PEM_write_bio_X509(bio, x), "certificate");
	take(bio, text);
	X509_free(x);
}

/* What a deviation does to the text of a file. */
enum how {
	AROUND,                 /* a before it, b after it; n -1: without its last newline */
	LINES,                  /* a before, b after each of some lines */
	INSERT,                 /* the line a before line n; 0: before the last */
	WIDTH,                  /* base64 lines of n letters; 0: one line */
	CERTIFICATE,            /* one before it, n 0, or after it */
	CR,                     /* instead of LF */
	LOWER,                  /* the first line's label in small letters */
	TWICE
};
enum { FIRST = 1, BODY = 2, LAST = 4, ALL = 7 };

static const struct deviation {
	const char *name;
	enum how how;
	int n;
	const char *a, *b;
} deviations[] = {
	{ "plain", AROUND, 0, "", "" },
	{ "crlf", LINES, ALL, "", "\r" },
	{ "nonewline", AROUND, -1, "", "" },
	{ "indented", LINES, ALL, "  ", "" },
	{ "blankend", INSERT, 0, "\n", NULL },
	{ "textbefore", AROUND, 0, "Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n", "" },
	/* from here on, of one type in each format */
	{ "crlfbegin", LINES, FIRST, "", "\r" },
	{ "crlfbody", LINES, BODY, "", "\r" },
	{ "crlfend", LINES, LAST, "", "\r" },
	{ "blankends", LINES, ALL, "", " " },
	{ "beginblank", LINES, FIRST, "", " " },
	{ "bodyblanks", LINES, BODY, "", "\t" },
	{ "endblank", LINES, LAST, "", " " },
	{ "bodyindented", LINES, BODY, " ", "" },
	{ "endindented", LINES, LAST, " ", "" },
	{ "bom", AROUND, 0, "\xef\xbb\xbf", "" },
	{ "blankfirst", AROUND, 0, "\n", "" },
	{ "wordsbefore", AROUND, 0, "the key of the sequencer\n", "" },
	{ "comment", AROUND, 0, "# the key of the sequencer\n", "" },
	{ "textafter", AROUND, 0, "", "the key of the sequencer\n" },
	{ "blankafterend", AROUND, 0, "", "\n" },
	{ "rubbish", AROUND, 0, "", "\x80\xff\1\2" },
	{ "certbefore", CERTIFICATE, 0, NULL, NULL },
	{ "certafter", CERTIFICATE, 1, NULL, NULL },
	{ "narrow", WIDTH, 60, NULL, NULL },
	{ "wide", WIDTH, 200, NULL, NULL },
	{ "oneline", WIDTH, 0, NULL, NULL },
	{ "blankafter", INSERT, 2, "\n", NULL },
	{ "blanksafter", INSERT, 2, "\n\n", NULL },
	{ "blankin", INSERT, 4, "\n", NULL },
	{ "spacesin", INSERT, 4, "  \n", NULL },
	{ "header", INSERT, 2, "Comment: odd\n\n", NULL },
	{ "cr", CR, 0, NULL, NULL },
	{ "lowercase", LOWER, 0, NULL, NULL },
	{ "twice", TWICE, 0, NULL, NULL },
};
#define COMMON 6

/* The line at p, with its newline. */
static size_t
line_at(const struct bytes *text, size_t at)
{
	const unsigned char *lf = memchr(text->p + at, '\n', text->n - at);

	return lf != NULL ? (size_t)(lf - text->p) + 1 - at : text->n - at;
}

static void
by_line(const struct deviation *d, const struct bytes *text, struct bytes *to)
{
	size_t at, n;
	int which, number = 1;

	for (at = 0; at < text->n; at += n, number++) {
		n = line_at(text, at);
		which = at == 0 ? FIRST : at + n == text->n ? LAST : BODY;
		if (d->how == INSERT && (d->n == number || (d->n == 0 && which == LAST)))
			puts_(to, d->a);
		if (d->how != LINES || !(d->n & which)) {
			put(to, text->p + at, n);
			continue;
		}
		puts_(to, d->a);
		put(to, text->p + at, n - 1);
		puts_(to, d->b);
		puts_(to, "\n");
	}
}

static void
in_width(size_t width, const struct bytes *text, struct bytes *to)
{
	size_t i = line_at(text, 0), n = 0;

	while (memchr(text->p + i, ':', line_at(text, i)) != NULL)
		i += line_at(text, i);
	if (text->p[i] == '\n')
		i++;
	put(to, text->p, i);
	for (; text->p[i] != '-'; i++) {
		if (text->p[i] == '\n')
			continue;
		put(to, text->p + i, 1);
		n++;
		if (width > 0 && n % width == 0)
			puts_(to, "\n");
	}
	if (to->p[to->n - 1] != '\n')
		puts_(to, "\n");
	put(to, text->p + i, text->n - i);
}

static void
change(const struct deviation *d, struct bytes *to)
{
	size_t i;

	for (i = 5; d->how == LOWER && to->p[i] != '\n'; i++)
		if (to->p[i] >= 'A' && to->p[i] <= 'Z')
			to->p[i] |= 0x20;
	for (i = 0; d->how == CR && i < to->n; i++)
		if (to->p[i] == '\n')
			to->p[i] = '\r';
}

static void
deviate(const struct deviation *d, const struct bytes *text, struct bytes *to)
{
	struct bytes other = { .n = 0 };

	to->n = 0;
	if (d->how == CERTIFICATE)
		certificate(&other);
	if (d->how == LINES || d->how == INSERT) {
		by_line(d, text, to);
		return;
	}
	if (d->how == WIDTH) {
		in_width((size_t)d->n, text, to);
		return;
	}
	if (d->how == AROUND)
		puts_(to, d->a);
	if (d->how == CERTIFICATE && d->n == 0)
		put(to, other.p, other.n);
	put(to, text->p, text->n - (d->n < 0));
	if (d->how == AROUND)
		puts_(to, d->b);
	if (d->how == CERTIFICATE && d->n != 0)
		put(to, other.p, other.n);
	if (d->how == TWICE)
		put(to, text->p, text->n);
	change(d, to);
}

static void
write_deviations(const char *format, const struct type *t, const struct bytes *text, size_t n)
{
	struct bytes to;
	size_t i;

	for (i = 0; i < n; i++) {
		deviate(&deviations[i], text, &to);
		write_file(format, t->name, deviations[i].name, &to);
	}
}

static void
openssh_files(const struct type *t)
{
	struct bytes b;

	openssh(t, 0, &b);
	write_deviations("OPENSSH", t, &b, t == &types[ED25519] ? COUNT(deviations) : t == &types[RSA_KEY] ? COMMON : 1);
	if (t != &types[ED25519]) {
		openssh(t, 2, &b);
		write_file("OPENSSH", t->name, "zeros", &b);
	}
}

static void
pem_files(const struct type *t)
{
	static const char *const dek[] = { "des-cbc", "des-ede3-cbc", "aes-128-cbc", "aes-256-cbc" };
	static const struct deviation odd[] = {
		{ "dek-crlf", LINES, ALL, "", "\r" },
		{ "dek-blank", INSERT, 7, "\n", NULL },
		{ "dek-narrow", WIDTH, 60, NULL, NULL },
		{ "dek-wide", WIDTH, 76, NULL, NULL },
		{ "dek-again", WIDTH, 64, NULL, NULL },
	};
	struct bytes b, to;
	size_t i;

	pem(t, NULL, &b);
	write_deviations("PEM", t, &b, t == &types[RSA_KEY] ? COUNT(deviations) : t == &types[P256] ? COMMON : 1);
	if (t == &types[PRIMES])
		return;
	decode(&b, &to);
	write_file("PEM", t->name, "der", &to);
	if (t != &types[RSA_KEY])
		return;
	for (i = 0; i < COUNT(dek); i++) {
		pem(t, dek[i], &b);
		write_file("PEM", t->name, dek[i], &b);
	}
	for (i = 0; i < COUNT(odd); i++) {
		deviate(&odd[i], &b, &to);
		write_file("PEM", t->name, odd[i].name, &to);
	}
}

static void
pkcs8_files(const struct type *t)
{
	static const char *const schemes[] = { "aes-128-cbc", "aes-256-cbc", "des-ede3-cbc", "des-cbc", "scrypt",
	    "pbeWithMD5AndDES-CBC", "PBE-SHA1-3DES" };
	struct bytes b, der;
	size_t i;

	pkcs8(t, NULL, &b);
	write_deviations("PKCS8", t, &b, t == &types[P256] ? COUNT(deviations) : t == &types[RSA_KEY] ? COMMON : 1);
	if (t == &types[PRIMES])
		return;
	decode(&b, &der);
	write_file("PKCS8", t->name, "der", &der);
	armour("RSA PRIVATE KEY", &der, &b);
	write_file("PKCS8", t->name, "rsalabel", &b);
	armour("EC PRIVATE KEY", &der, &b);
	write_file("PKCS8", t->name, "eclabel", &b);
	for (i = 0; i < COUNT(schemes) && (t == &types[P256] || i == 0); i++) {
		pkcs8(t, schemes[i], &b);
		write_file("PKCS8", t->name, schemes[i], &b);
	}
	pkcs8(t, schemes[0], &b);
	decode(&b, &der);
	write_file("PKCS8", t->name, "encrypted-der", &der);
}

static void
odd_integers(const struct type *t)
{
	static const char *const names[] = { NULL, "unsigned", "padded", "long", "nocrt", "noprimes" };
	struct bytes b, der;
	int odd;

	for (odd = UNSIGNED; odd <= NO_PRIMES; odd++) {
		odd_rsa(t, (enum odd)odd, &der);
		armour("RSA PRIVATE KEY", &der, &b);
		write_file("PEM", t->name, names[odd], &b);
		wrap_rsa(&der);
		armour("PRIVATE KEY", &der, &b);
		write_file("PKCS8", t->name, names[odd], &b);
	}
}

int
main(void)
{
	struct bytes b;
	unsigned char base64[4096];
	FILE *f;
	size_t i;

	(void)umask(077);
	must(OSSL_PROVIDER_load(NULL, "default") != NULL && OSSL_PROVIDER_load(NULL, "legacy") != NULL, "providers");
	must((f = fopen("authorized_keys", "w")) != NULL, "authorized_keys");
	for (i = 0; i < COUNT(types); i++) {
		make(&types[i]);
		b.n = 0;
		put_public(&types[i], &b);
		(void)EVP_EncodeBlock(base64, b.p, (int)b.n);
		must(fprintf(f, "%s %s\n", types[i].ssh, (const char *)base64) > 0, "authorized_keys");
	}
	must(fclose(f) == 0, "authorized_keys");
	for (i = 0; i < COUNT(types); i++) {
		if (i != PRIMES)
			openssh_files(&types[i]);
		if (i != ED25519)
			pem_files(&types[i]);
		pkcs8_files(&types[i]);
	}
	odd_integers(&types[RSA_KEY]);
	return 0;
}
