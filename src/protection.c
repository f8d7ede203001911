#include "protection.h"
#include "key_error.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BYTES(s) { (const unsigned char *)(s), sizeof(s) - 1 }
#define OID_AES(n) BYTES("\x60\x86\x48\x01\x65\x03\x04\x01" n)  /* 2.16.840.1.101.3.4.1.n */
#define NO_OID { NULL, 0 }

static const struct cipher ciphers[] = {
	{ "aes128-cbc", "AES-128-CBC", "AES-128-CBC", CIPHER_CBC, 16, 16, 16, 0, OID_AES("\x02") },
	{ "aes192-cbc", "AES-192-CBC", "AES-192-CBC", CIPHER_CBC, 24, 16, 16, 0, OID_AES("\x16") },
	{ "aes256-cbc", "AES-256-CBC", "AES-256-CBC", CIPHER_CBC, 32, 16, 16, 0, OID_AES("\x2a") },
	{ "3des-cbc", "DES-EDE3-CBC", "DES-EDE3-CBC", CIPHER_CBC, 24, 8, 8, 0,
	    BYTES("\x2a\x86\x48\x86\xf7\x0d\x03\x07") },        /* 1.2.840.113549.3.7 */
	/* DES is EDE with three equal keys: no legacy provider is needed. */
	{ "des-cbc", "DES-CBC", "DES-EDE3-CBC", CIPHER_CBC, 8, 8, 8, 0,
	    BYTES("\x2b\x0e\x03\x02\x07") },                    /* 1.3.14.3.2.7 */
	{ "aes128-ctr", NULL, "AES-128-CTR", CIPHER_CTR, 16, 16, 16, 0, NO_OID },
	{ "aes192-ctr", NULL, "AES-192-CTR", CIPHER_CTR, 24, 16, 16, 0, NO_OID },
	{ "aes256-ctr", NULL, "AES-256-CTR", CIPHER_CTR, 32, 16, 16, 0, NO_OID },
	{ "aes128-gcm@openssh.com", NULL, "AES-128-GCM", CIPHER_GCM, 16, 12, 16, 16, NO_OID },
	{ "aes256-gcm@openssh.com", NULL, "AES-256-GCM", CIPHER_GCM, 32, 12, 16, 16, NO_OID },
	{ "chacha20-poly1305@openssh.com", NULL, "ChaCha20", CIPHER_CHACHAPOLY, 64, 0, 8, 16,
	    NO_OID },
};

static int
named(struct slice s, const char *name)
{
	return name != NULL && s.n == strlen(name) && strncasecmp(name, (const char *)s.p, s.n) == 0;
}

const struct cipher *
protection_cipher(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++)
		if (named(name, ciphers[i].ssh) || named(name, ciphers[i].dek))
			return &ciphers[i];
	return NULL;
}

const struct cipher *
protection_cipher_oid(struct slice oid)
{
	size_t i;

	for (i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++)
		if (oid.n > 0 && slice_eq(oid, ciphers[i].oid))
			return &ciphers[i];
	return NULL;
}

int
protection_salt(struct protection *prot, struct slice salt)
{
	if (salt.n > sizeof prot->salt)
		return -1;
	memcpy(prot->salt, salt.p, salt.n);
	prot->salt_n = salt.n;
	return 0;
}

size_t
protection_tag(enum mac mac)
{
	return mac == MAC_PPK2 ? 20 : mac == MAC_PPK3 ? 32 : 0;
}

int
protection_pads(const struct protection *prot)
{
	return prot->cipher->mode == CIPHER_CBC && prot->kdf >= KDF_PBKDF2;
}

static int
check_argon2(const struct protection *prot)
{
	uint64_t memory = prot->r, work = memory * prot->rounds;

	if (prot->rounds == 0 || prot->p == 0 || memory < 8 * (uint64_t)prot->p ||
	    prot->salt_n < 8)
		return KEY_E_MALFORMED;
	return memory > (uint64_t)256 << 10 || work > (uint64_t)8 << 20 ? KEY_E_COST : KEY_OK;
}

/* Measured on one core of 2022: 6.6 ms a bcrypt round, 0.25 us an iteration of
 * PBKDF2 (two for keys longer than the digest), 0.4 us for each unit of N * r,
 * 0.5 to 0.9 us a KiB and pass of Argon2 (64 KiB, 256 MiB). */
int
protection_check(const struct protection *prot)
{
	uint64_t n = prot->rounds, work;

	switch (prot->kdf) {
	case KDF_NONE:
	case KDF_DEK:
	case KDF_PPK2:
	case KDF_SSHCOM:
		return KEY_OK;
	case KDF_ARGON2I:
	case KDF_ARGON2D:
	case KDF_ARGON2ID:
		return check_argon2(prot);
	case KDF_BCRYPT:
		if (n == 0 || prot->salt_n == 0)
			return KEY_E_MALFORMED;
		return n > 1500 ? KEY_E_COST : KEY_OK;
	case KDF_SCRYPT:
		if (n < 2 || (n & (n - 1)) != 0 || prot->r == 0 || prot->p == 0)
			return KEY_E_MALFORMED;
		if (prot->r > 1024 || prot->p > 1024 || n * prot->r * 128 > (uint64_t)256 << 20)
			return KEY_E_COST;
		work = n * prot->r * prot->p;
		return work > (uint64_t)25000000 ? KEY_E_COST : KEY_OK;
	default:
		if (n == 0)
			return KEY_E_MALFORMED;
		return n > 20000000 ? KEY_E_COST : KEY_OK;
	}
}

int
protection_put(struct buffer *out, const struct protection *prot)
{
	static const char *const words[] = {
		[KDF_BCRYPT] = "bcrypt", [KDF_PBKDF2] = "PBKDF2", [KDF_SCRYPT] = "scrypt",
		[KDF_PBKDF1] = "PBKDF1", [KDF_PKCS12] = "PKCS#12", [KDF_DEK] = "one round of MD5",
		[KDF_ARGON2I] = "Argon2i", [KDF_ARGON2D] = "Argon2d", [KDF_ARGON2ID] = "Argon2id",
		[KDF_PPK2] = "one round of SHA-1", [KDF_SSHCOM] = "one round of MD5"
	};
	char text[128];

	if (prot->kdf == KDF_NONE)
		return buffer_puts(out, "none");
	if (prot->rounds == 0)
		(void)snprintf(text, sizeof text, "%s, %s", prot->cipher->ssh, words[prot->kdf]);
	else if (prot->kdf >= KDF_ARGON2I && prot->kdf <= KDF_ARGON2ID)
		(void)snprintf(text, sizeof text, "%s, %s, %lu KiB, %lu passes", prot->cipher->ssh,
		    words[prot->kdf], (unsigned long)prot->r, (unsigned long)prot->rounds);
	else
		(void)snprintf(text, sizeof text, "%s, %s%s%s, %lu %s", prot->cipher->ssh,
		    words[prot->kdf], prot->digest != NULL ? " " : "",
		    prot->digest != NULL ? prot->digest : "", (unsigned long)prot->rounds,
		    prot->kdf == KDF_BCRYPT ? "rounds" : "iterations");
	return buffer_puts(out, text);
}
