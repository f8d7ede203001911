/*
 * protection: describes how the private part of a key file is encrypted: ciphers with their names
 * in each format, key derivations and the limit of their cost.
 */
#ifndef PROTECTION_H
#define PROTECTION_H

#include "base/buffer.h"

#include <stdint.h>

enum cipher_mode { CIPHER_CBC, CIPHER_CTR, CIPHER_GCM, CIPHER_CHACHAPOLY };

struct cipher {
	const char *ssh;        /* OpenSSH's name (RFC 4253, 4344; PROTOCOL.chacha20poly1305) */
	const char *dek;        /* DEK-Info's name (RFC 1423 and OpenSSL), or NULL */
	const char *evp;        /* libcrypto's name */
	enum cipher_mode mode;
	size_t key, iv, block, tag;     /* bytes */
	struct slice oid;       /* OID in PBES2, DER contents; empty: none */
};

enum kdf {
	KDF_NONE,
	KDF_BCRYPT,             /* openssh-key-v1: key and iv */
	KDF_ARGON2I,            /* RFC 9106; PPK 3: key, iv and MAC key */
	KDF_ARGON2D,
	KDF_ARGON2ID,
	KDF_PPK2,               /* SHA-1 of a counter and the passphrase; the iv is 0 */
	KDF_SSHCOM,             /* MD5 of the passphrase and the key so far; the iv is 0 */
	KDF_PBKDF2,             /* RFC 8018 section 5.2 */
	KDF_SCRYPT,             /* RFC 7914 */
	KDF_PBKDF1,             /* RFC 8018 section 5.1; PBES1: DES key and iv */
	KDF_PKCS12,             /* RFC 7292 appendix B: key and iv */
	KDF_DEK                 /* OpenSSL's EVP_BytesToKey, MD5, one round: DEK-Info */
};

/* An HMAC over the decrypted private part and the data outside it (PuTTY, C.2). */
enum mac {
	MAC_NONE,
	MAC_PPK2,               /* SHA-1; key from the passphrase only */
	MAC_PPK3                /* SHA-256; key from Argon2; empty without a passphrase */
};

#define PROTECTION_TAG 32

struct protection {
	enum kdf kdf;
	const struct cipher *cipher;    /* NULL with KDF_NONE */
	const char *digest;             /* libcrypto's name, for PBKDF2, PBKDF1, PKCS12 */
	unsigned char salt[64], iv[16];
	size_t salt_n;
	uint32_t rounds;                /* iterations; scrypt: N; Argon2: passes */
	uint32_t r, p;                  /* scrypt: r, p; Argon2: KiB of memory, lanes */
	enum mac mac;
	unsigned char tag[PROTECTION_TAG];      /* the MAC, as long as its digest */
};

/* protection_cipher: the row with this OpenSSH or DEK-Info name, ignoring case; or NULL. */
const struct cipher *protection_cipher(struct slice name);

/* protection_cipher_oid: the row with this OID in PBES2, or NULL. */
const struct cipher *protection_cipher_oid(struct slice oid);

/* protection_salt: copies a salt into prot. Returns 0, or ERROR_MALFORMED if it has more than 64
 * bytes. */
int protection_salt(struct protection *prot, struct slice salt);

/* protection_put: appends "none", "aes256-ctr, bcrypt, 24 rounds, salt of 16 bytes" or the like.
 * Returns 0 or an error. */
int protection_put(struct buffer *out, const struct protection *prot);

/* protection_put_kdf: the same without the cipher; with KDF_NONE nothing. */
int protection_put_kdf(struct buffer *out, const struct protection *prot);

/* protection_kdf: the name of a derivation. For Argon2 it is also PuTTY's name; for Argon2, PBKDF2
 * and scrypt also libcrypto's, which ignores case. */
const char *protection_kdf(enum kdf kdf);

/* protection_tag: the number of bytes in a MAC; 0 for MAC_NONE. */
size_t protection_tag(enum mac mac);

/* protection_pads: 1 if the cipher adds padding (PKCS#7), as in PEM files; 0 if the format does. */
int protection_pads(const struct protection *prot);

/* protection_check: returns 0 if the derivation would take at most about 10 seconds and 256 MiB,
 * ERROR_COST if it would take more, ERROR_MALFORMED if its definition does not allow the
 * parameters. */
int protection_check(const struct protection *prot);

#endif
