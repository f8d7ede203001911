/*
 * libcrypto: its hand and its view of key files, for t/tools/genkeys and t/long/differential. The passphrase is that of the
 * environment's PW.
 *
 *	libcrypto write DIR
 *
 * reads private keys in PEM from standard input, each followed by a line "-", and writes them as libcrypto does:
 * DIR/gNNNNN.VARIANT, and the public line of each beside it, .pub. Encryption costs next to nothing. Of several keys before
 * a "-" it takes the first whose public half, of EdDSA, begins or ends with a zero byte, or the last.
 *
 *	libcrypto lines FILE ...
 *
 * reads all keys in the PEM files, public or private, by libcrypto's decoders, and prints each as "type base64";
 * "unreadable" ends a file.
 *
 *	libcrypto again FILE ...
 *
 * reads a private key from each and writes it to FILE.pem, traditional, where it has such a form, and to FILE.pkcs8.
 */
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
	(void)fprintf(stderr, "libcrypto: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(2);
}

static void
must(int ok, const char *what)
{
	if (!ok)
		die(what);
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
	const char *ssh;
	int nid;
} curves[] = {
	{ "nistp256", NID_X9_62_prime256v1 },
	{ "nistp384", NID_secp384r1 },
	{ "nistp521", NID_secp521r1 },
};

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
	unsigned char point[2 * 66 + 1];
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
	unsigned char salt[16] = "0123456789abcde";

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

/* The next group of keys on standard input, or NULL. */
static BIO *
read_group(void)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char line[256];
	int n;

	must(bio != NULL, "memory");
	BIO_set_mem_eof_return(bio, 0);
	while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "-\n") != 0) {
		n = (int)strlen(line);
		must(BIO_write(bio, line, n) == n, "memory");
	}
	if (BIO_eof(bio)) {
		BIO_free(bio);
		bio = NULL;
	}
	return bio;
}

static int
zero_at_end(const unsigned char *p, size_t n)
{
	return p[0] == 0 || p[n - 1] == 0;
}

static EVP_PKEY *
choose(BIO *bio, struct blob *b)
{
	EVP_PKEY *pkey = NULL;
	const unsigned char *pub;
	int is448;

	do {
		EVP_PKEY_free(pkey);
		pkey = read_pkey(bio, "");
		must(pkey != NULL, "a key on standard input");
		put_pkey(b, pkey);
		is448 = EVP_PKEY_is_a(pkey, "ED448");
		pub = b->p + b->n - (is448 ? 57 : 32);
	} while (!BIO_eof(bio) && !zero_at_end(pub, is448 ? 56 : 32));
	return pkey;
}

static void
write_keys(const char *dir, const char *pass)
{
	static struct blob b;
	EVP_PKEY *pkey;
	FILE *pub;
	BIO *group, *bio;
	char path[4000];
	size_t i, variant;

	for (i = 0; (group = read_group()) != NULL; i++) {
		variant = i % COUNT(variants);
		pkey = choose(group, &b);
		(void)snprintf(path, sizeof path, "%s/g%05zu.%s", dir, i, variants[variant]);
		bio = open_file(path, "", "w");
		write_variant(bio, pkey, variant, pass);
		close_written(bio);
		(void)strcat(path, ".pub");
		must((pub = fopen(path, "w")) != NULL, path);
		print_blob(pub, &b);
		must(fclose(pub) == 0, path);
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
	const char *mode = argc > 2 ? argv[1] : "", *pass = getenv("PW");
	int i;

	if (pass == NULL)
		pass = "";
	for (i = 2; i < argc; i++)
		if (strcmp(mode, "write") == 0)
			write_keys(argv[i], pass);
		else if (strcmp(mode, "lines") == 0)
			print_lines(argv[i], pass);
		else if (strcmp(mode, "again") == 0)
			write_again(argv[i], pass);
		else
			die("no such mode");
	must(argc > 2, "usage: write | lines | again");
	must(fflush(stdout) == 0 && !ferror(stdout), "output");
	return 0;
}
