/*
 * libcrypto: writes and reads key files with libcrypto, for t/tools/genkeys and t/long/differential. PW is the
 * passphrase.
 *
 *	libcrypto write DIR      reads private keys in PEM from standard input, each followed by a line "-", and writes
 *		them as DIR/gNNNNN.VARIANT, and the public line of each, .pub. Of several keys before a "-" it takes the
 *		first whose public half, of EdDSA, begins or ends with a zero byte, or the last.
 *	libcrypto lines FILE ... prints all keys in PEM files as "type base64"; "unreadable" ends a file
 *	libcrypto again FILE ... writes the private key of each to FILE.pkcs8 and, where it has that form, FILE.pem
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define must(ok) ((ok) ? (void)0 : die(#ok))

static void
die(const char *what)
{
	(void)fprintf(stderr, "libcrypto: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(2);
}

/* Public blobs: RFC 4253 section 6.6. */
struct blob {
	unsigned char p[32768];
	size_t n;
};

static void
put(struct blob *b, const void *p, size_t n)
{
	must(n <= sizeof b->p - b->n);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void
put_string(struct blob *b, const void *p, size_t n)
{
	const unsigned char head[4] = { 0, 0, (unsigned char)(n >> 8), (unsigned char)n };

	put(b, head, sizeof head);
	put(b, p, n);
}

static void
put_cstring(struct blob *b, const char *s)
{
	put_string(b, s, strlen(s));
}

static void
print_blob(FILE *to, const struct blob *b)
{
	static unsigned char text[sizeof b->p / 3 * 4 + 8];
	int n = b->p[3];

	(void)EVP_EncodeBlock(text, b->p, (int)b->n);
	must(fprintf(to, "%.*s %s\n", n, (const char *)b->p + 4, (char *)text) > 0);
}

/* An mpint is what libcrypto calls the MPI format. */
static void
put_param(struct blob *b, const EVP_PKEY *pkey, const char *name)
{
	unsigned char bytes[4 + 2049];
	BIGNUM *v = NULL;

	must(EVP_PKEY_get_bn_param(pkey, name, &v) == 1 && BN_num_bytes(v) <= 2048);
	put(b, bytes, (size_t)BN_bn2mpi(v, bytes));
	BN_free(v);
}

static void
put_ec_pkey(struct blob *b, const EVP_PKEY *pkey)
{
	unsigned char point[2 * 66 + 1];
	char type[] = "ecdsa-sha2-nistp256", *curve = type + 11;
	size_t n;

	must(EVP_PKEY_get_octet_string_param(pkey, "pub", point, sizeof point, &n) == 1);
	(void)sprintf(curve + 5, "%d", EVP_PKEY_get_bits(pkey));
	put_cstring(b, type);
	put_cstring(b, curve);
	put_string(b, point, n);
}

static void
put_pkey(struct blob *b, const EVP_PKEY *pkey)
{
	static const char *const rsa[] = { "e", "n", NULL }, *const dsa[] = { "p", "q", "g", "pub", NULL };
	const int is_rsa = EVP_PKEY_is_a(pkey, "RSA");
	const char *const *name = is_rsa ? rsa : dsa;
	unsigned char raw[57];
	size_t n = sizeof raw;

	b->n = 0;
	if (is_rsa || EVP_PKEY_is_a(pkey, "DSA"))
		for (put_cstring(b, is_rsa ? "ssh-rsa" : "ssh-dss"); *name != NULL; name++)
			put_param(b, pkey, *name);
	else if (EVP_PKEY_is_a(pkey, "EC"))
		put_ec_pkey(b, pkey);
	else {
		must(EVP_PKEY_get_raw_public_key(pkey, raw, &n) == 1);
		put_cstring(b, n == 32 ? "ssh-ed25519" : "ssh-ed448");
		put_string(b, raw, n);
	}
}

static int
edwards(const EVP_PKEY *pkey)
{
	return EVP_PKEY_is_a(pkey, "ED25519") || EVP_PKEY_is_a(pkey, "ED448");
}

/* Encryption with the cheapest parameters. */
static const struct variant {
	const char *name;
	enum { PLAIN, TRADITIONAL, DEK, PBES1, PBES2, SCRYPT } kind;
	const EVP_CIPHER *(*cipher)(void);
	int salt, prf;
} variants[] = {
	{ "pkcs8", PLAIN, NULL, 0, 0 },
	{ "pem", TRADITIONAL, NULL, 0, 0 },
	{ "pbes2-aes128", PBES2, EVP_aes_128_cbc, 16, NID_hmacWithSHA256 },
	{ "dek-aes128", DEK, EVP_aes_128_cbc, 0, 0 },
	{ "pbes2-aes256-sha1", PBES2, EVP_aes_256_cbc, 8, NID_hmacWithSHA1 },
	{ "pbes1-3des", PBES1, NULL, 8, 0 },
	{ "scrypt", SCRYPT, EVP_aes_256_cbc, 16, 0 },
	{ "dek-3des", DEK, EVP_des_ede3_cbc, 0, 0 },
	{ "pbes2-3des-sha512", PBES2, EVP_des_ede3_cbc, 8, NID_hmacWithSHA512 },
	{ "dek-aes256", DEK, EVP_aes_256_cbc, 0, 0 },
	{ "bare", TRADITIONAL, NULL, 0, 0 },    /* without the public half of EC */
};

static void
write_sealed(BIO *to, EVP_PKEY *pkey, const struct variant *v, const char *pass)
{
	unsigned char salt[16] = "0123456789abcde";
	X509_ALGOR *algorithm = v->kind == PBES1 ?
	    PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 1, salt, v->salt) : v->kind == SCRYPT ?
	    PKCS5_pbe2_set_scrypt(v->cipher(), salt, v->salt, NULL, 16, 8, 1) :
	    PKCS5_pbe2_set_iv(v->cipher(), 1, salt, v->salt, NULL, v->prf);
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);
	X509_SIG *sealed = info == NULL || algorithm == NULL ? NULL :
	    PKCS8_set0_pbe(pass, (int)strlen(pass), info, algorithm);

	must(sealed != NULL && PEM_write_bio_PKCS8(to, sealed) == 1);
	PKCS8_PRIV_KEY_INFO_free(info);
	X509_SIG_free(sealed);
}

static void
write_variant(BIO *to, EVP_PKEY *pkey, const struct variant *v, const char *pass)
{
	const EVP_CIPHER *cipher = v->kind == DEK ? v->cipher() : NULL;

	if (edwards(pkey) && v->kind <= DEK)    /* EdDSA has no traditional form */
		v = &variants[v->kind == DEK ? 2 : 0];
	if (strcmp(v->name, "bare") == 0 && EVP_PKEY_is_a(pkey, "EC"))
		must(EVP_PKEY_set_int_param(pkey, OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 0) == 1);
	if (v->kind == PLAIN)
		must(PEM_write_bio_PrivateKey(to, pkey, NULL, NULL, 0, NULL, NULL) == 1);
	else if (v->kind <= DEK)
		must(PEM_write_bio_PrivateKey_traditional(to, pkey, cipher, (const unsigned char *)pass,
		    cipher == NULL ? 0 : (int)strlen(pass), NULL, NULL) == 1);
	else
		write_sealed(to, pkey, v, pass);
}

static BIO *
open_file(const char *path, const char *suffix, const char *mode)
{
	char name[4096];
	BIO *bio;

	must(snprintf(name, sizeof name, "%s%s", path, suffix) < (int)sizeof name);
	bio = BIO_new_file(name, mode);
	if (bio == NULL)
		die(name);
	return bio;
}

static BIO *
memory(void)
{
	BIO *bio = BIO_new(BIO_s_mem());

	must(bio != NULL);
	BIO_set_mem_eof_return(bio, 0);
	return bio;
}

/* A whole file in memory; the end is known before anything is read beyond it. */
static BIO *
read_file(const char *path)
{
	BIO *file = open_file(path, "", "r"), *bio = memory();
	char chunk[8192];
	int n;

	while ((n = BIO_read(file, chunk, sizeof chunk)) > 0)
		must(BIO_write(bio, chunk, n) == n);
	BIO_free(file);
	return bio;
}

static void
write_file(const char *path, const char *suffix, EVP_PKEY *pkey, const struct variant *v, const char *pass)
{
	BIO *bio = open_file(path, suffix, "w");

	write_variant(bio, pkey, v, pass);
	must(BIO_flush(bio) == 1);
	BIO_free(bio);
}

/* The next key of a file, of any PEM. One decoder serves for all, because making one is slow. */
static EVP_PKEY *
read_pkey(BIO *bio, const char *pass)
{
	static OSSL_DECODER_CTX *ctx;
	static EVP_PKEY *pkey;

	if (ctx == NULL)
		ctx = OSSL_DECODER_CTX_new_for_pkey(&pkey, "PEM", NULL, NULL, 0, NULL, NULL);
	pkey = NULL;
	must(ctx != NULL && OSSL_DECODER_CTX_set_passphrase(ctx, (const unsigned char *)pass,
	    strlen(pass)) == 1);
	return OSSL_DECODER_from_bio(ctx, bio) == 1 ? pkey : NULL;
}

/* The next group of keys on standard input, or NULL. */
static BIO *
read_group(void)
{
	BIO *bio = memory();
	char line[256];

	while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "-\n") != 0)
		must(BIO_puts(bio, line) > 0);
	if (!BIO_eof(bio))
		return bio;
	BIO_free(bio);
	return NULL;
}

/* The key of a group that write uses; b gets its public line. */
static EVP_PKEY *
choose(BIO *bio, struct blob *b)
{
	EVP_PKEY *pkey = NULL;
	size_t n, first;

	do {
		EVP_PKEY_free(pkey);
		pkey = read_pkey(bio, "");
		must(pkey != NULL);
		put_pkey(b, pkey);
		n = EVP_PKEY_is_a(pkey, "ED448") ? 56 : 32;     /* Ed448 has one byte more, with one bit */
		first = b->n - n - n / 56;
	} while (!BIO_eof(bio) && b->p[first] != 0 && b->p[first + n - 1] != 0);
	return pkey;
}

static void
write_keys(const char *dir, const char *pass)
{
	static struct blob b;
	EVP_PKEY *pkey;
	FILE *pub;
	BIO *group;
	char path[4000];
	const struct variant *v;
	size_t i;

	for (i = 0; (group = read_group()) != NULL; i++) {
		v = &variants[i % COUNT(variants)];
		pkey = choose(group, &b);
		(void)snprintf(path, sizeof path, "%s/g%05zu.%s", dir, i, v->name);
		write_file(path, "", pkey, v, pass);
		(void)strcat(path, ".pub");
		must((pub = fopen(path, "w")) != NULL);
		print_blob(pub, &b);
		must(fclose(pub) == 0);
		EVP_PKEY_free(pkey);
		BIO_free(group);
	}
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
	if (pkey == NULL)
		die(path);
	if (EVP_PKEY_is_a(pkey, "EC"))  /* also if the file left out the public half */
		must(EVP_PKEY_set_int_param(pkey, OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 1) == 1);
	write_file(path, ".pkcs8", pkey, &variants[0], pass);
	if (!edwards(pkey))
		write_file(path, ".pem", pkey, &variants[1], pass);
	EVP_PKEY_free(pkey);
}

int
main(int argc, char **argv)
{
	const char *mode = argv[1], *pass = getenv("PW");
	int i;

	if (pass == NULL)
		pass = "";
	if (argc < 3)
		die("usage: write | lines | again");
	for (i = 2; i < argc; i++)
		if (strcmp(mode, "write") == 0)
			write_keys(argv[i], pass);
		else if (strcmp(mode, "lines") == 0)
			print_lines(argv[i], pass);
		else if (strcmp(mode, "again") == 0)
			write_again(argv[i], pass);
		else
			die("no such mode");
	must(fflush(stdout) == 0 && !ferror(stdout));
	return 0;
}
