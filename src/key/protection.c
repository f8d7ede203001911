#include "key/protection.h"
#include "base/error.h"

#define BYTES(s) { (const unsigned char *)(s), sizeof(s) - 1 }
#define OID_AES(n) BYTES("\x60\x86\x48\x01\x65\x03\x04\x01" n)  /* 2.16.840.1.101.3.4.1.n */
#define NO_OID { NULL, 0 }

static const struct cipher ciphers[] = {
	{ "aes128-cbc", "AES-128-CBC", "AES-128-CBC", CIPHER_CBC, 16, 16, 16, 0, OID_AES("\x02") },
	{ "aes192-cbc", "AES-192-CBC", "AES-192-CBC", CIPHER_CBC, 24, 16, 16, 0, OID_AES("\x16") },
	{ "aes256-cbc", "AES-256-CBC", "AES-256-CBC", CIPHER_CBC, 32, 16, 16, 0, OID_AES("\x2a") },
	{ "3des-cbc", "DES-EDE3-CBC", "DES-EDE3-CBC", CIPHER_CBC, 24, 8, 8, 0,
	    BYTES("\x2a\x86\x48\x86\xf7\x0d\x03\x07") },        /* 1.2.840.113549.3.7 */
	/* DES is the same as EDE with three equal keys, which needs no legacy provider. */
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

const struct cipher *
protection_cipher(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++)
		if (slice_names(name, ciphers[i].ssh) ||
		    (ciphers[i].dek != NULL && slice_names(name, ciphers[i].dek)))
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
		return ERROR_MALFORMED;
	memcpy(prot->salt, salt.p, salt.n);
	prot->salt_n = salt.n;
	return 0;
}

size_t
protection_tag(enum mac mac)
{
	return mac == MAC_PPK2 ? 20 : mac == MAC_PPK3 ? 32 : 0;
}

/* RFC 9106 section 3.1; prot->r is in KiB. */
static int
check_argon2(const struct protection *prot)
{
	uint64_t memory = prot->r;

	if (prot->p == 0 || memory < 8 * (uint64_t)prot->p)
		return ERROR_MALFORMED;
	return memory > (uint64_t)256 << 10 || memory * prot->rounds > (uint64_t)8 << 20 ?
	    ERROR_COST : 0;
}

static int
check_scrypt(const struct protection *prot)
{
	uint64_t n = prot->rounds, work = n * prot->r * prot->p;

	if (n < 2 || (n & (n - 1)) != 0 || prot->r == 0 || prot->p == 0)
		return ERROR_MALFORMED;
	return prot->r > 1024 || prot->p > 1024 || n * prot->r * 128 > (uint64_t)256 << 20 ||
	    work > (uint64_t)25000000 ? ERROR_COST : 0;
}

/* Measured on one core of 2022: 6.6 ms for each bcrypt round, 0.25 us for each iteration of PBKDF2
 * (twice that for keys longer than the digest), 0.4 us for each unit of scrypt's N * r, 0.5 to 0.9
 * us for each KiB and pass of Argon2. */
static const struct {
	const char *name;
	const char *unit;       /* the name of its rounds; NULL: it has one round */
	uint32_t most;          /* most rounds */
	size_t salt;            /* least bytes of salt */
	int pads;               /* its files leave the padding to the cipher */
	int (*check)(const struct protection *prot);    /* checks r and p; or NULL */
} kdfs[] = {
	[KDF_BCRYPT] = { "bcrypt", "rounds", 1500, 1, 0, NULL },
	[KDF_ARGON2I] = { "Argon2i", "passes", UINT32_MAX, 8, 0, check_argon2 },
	[KDF_ARGON2D] = { "Argon2d", "passes", UINT32_MAX, 8, 0, check_argon2 },
	[KDF_ARGON2ID] = { "Argon2id", "passes", UINT32_MAX, 8, 0, check_argon2 },
	[KDF_PPK2] = { "one round of SHA-1", NULL, 0, 0, 0, NULL },
	[KDF_SSHCOM] = { "one round of MD5", NULL, 0, 0, 0, NULL },
	[KDF_PBKDF2] = { "PBKDF2", "iterations", 20000000, 0, 1, NULL },
	[KDF_SCRYPT] = { "scrypt", "iterations", UINT32_MAX, 0, 1, check_scrypt },
	[KDF_PBKDF1] = { "PBKDF1", "iterations", 20000000, 0, 1, NULL },
	[KDF_PKCS12] = { "PKCS#12", "iterations", 20000000, 0, 1, NULL },
	[KDF_DEK] = { "one round of MD5", NULL, 0, 0, 1, NULL },
};

const char *
protection_kdf(enum kdf kdf)
{
	return kdfs[kdf].name;
}

int
protection_pads(const struct protection *prot)
{
	return prot->cipher->mode == CIPHER_CBC && kdfs[prot->kdf].pads;
}

int
protection_check(const struct protection *prot)
{
	if (kdfs[prot->kdf].unit == NULL)
		return 0;
	if (prot->rounds == 0 || prot->salt_n < kdfs[prot->kdf].salt)
		return ERROR_MALFORMED;
	if (prot->rounds > kdfs[prot->kdf].most)
		return ERROR_COST;
	return kdfs[prot->kdf].check != NULL ? kdfs[prot->kdf].check(prot) : 0;
}

int
protection_put(struct buffer *out, const struct protection *prot)
{
	if (prot->kdf == KDF_NONE)
		return buffer_puts(out, "none");
	buffer_printf(out, "%s, ", prot->cipher->ssh);
	return protection_put_kdf(out, prot);
}

int
protection_put_kdf(struct buffer *out, const struct protection *prot)
{
	const char *digest = prot->digest, *unit = kdfs[prot->kdf].unit;
	const unsigned long rounds = prot->rounds, r = prot->r, p = prot->p;

	if (prot->kdf == KDF_NONE)
		return out->failed;
	buffer_puts(out, kdfs[prot->kdf].name);
	if (unit == NULL)
		return out->failed;
	if (prot->kdf == KDF_SCRYPT)
		buffer_printf(out, ", N %lu, r %lu, p %lu", rounds, r, p);
	else if (kdfs[prot->kdf].check == check_argon2)
		buffer_printf(out, ", %lu KiB, %lu %s", r, rounds, unit);
	else
		buffer_printf(out, "%s%s, %lu %s", digest != NULL ? " " : "", digest != NULL ? digest : "", rounds, unit);
	return buffer_printf(out, ", salt of %zu bytes", prot->salt_n);
}
