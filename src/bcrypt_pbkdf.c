#include "bcrypt_pbkdf.h"
#include "blowfish_pi.h"
#include "digest.h"
#include "secret.h"

#include <string.h>

#define BLOCK 32        /* bytes that one bcrypt gives */
#define WORDS (BLOCK / 4)

struct blowfish {
	uint32_t p[18];
	uint32_t s[4][256];
};

static void
encrypt(const struct blowfish *b, uint32_t x[2])
{
	uint32_t l = x[0], r = x[1], t;
	size_t i;

	for (i = 0; i < 16; i++) {
		l ^= b->p[i];
		r ^= ((b->s[0][l >> 24] + b->s[1][l >> 16 & 255]) ^ b->s[2][l >> 8 & 255]) +
		    b->s[3][l & 255];
		t = l;
		l = r;
		r = t;
	}
	x[0] = r ^ b->p[17];
	x[1] = l ^ b->p[16];
}

static void
load(const unsigned char *bytes, size_t words, uint32_t *to)
{
	for (; words > 0; words--, bytes += 4)
		*to++ = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		    (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The key schedule of bcrypt: key goes into P, then the whole state is
 * replaced by the encryption of itself, salted where salt is not NULL. */
static void
expand(struct blowfish *b, const uint32_t key[16], const uint32_t *salt)
{
	uint32_t x[2] = { 0, 0 }, *to;
	size_t i, at = 0;

	for (i = 0; i < 18; i++)
		b->p[i] ^= key[i % 16];
	for (i = 0; i < 18 + 1024; i += 2) {
		if (salt != NULL) {
			x[0] ^= salt[at++ % 16];
			x[1] ^= salt[at++ % 16];
		}
		encrypt(b, x);
		to = i < 18 ? &b->p[i] : &b->s[(i - 18) / 256][(i - 18) % 256];
		to[0] = x[0];
		to[1] = x[1];
	}
	secret_wipe(x, sizeof x);
}

static void
bcrypt(const unsigned char pass[64], const unsigned char salt[64], unsigned char out[BLOCK])
{
	struct blowfish b;
	uint32_t key[16], salted[16], text[WORDS];
	size_t i, k;

	memcpy(b.p, blowfish_pi, sizeof b.p);
	memcpy(b.s, blowfish_pi + 18, sizeof b.s);
	load(pass, 16, key);
	load(salt, 16, salted);
	expand(&b, key, salted);
	for (i = 0; i < 64; i++) {
		expand(&b, salted, NULL);
		expand(&b, key, NULL);
	}
	load((const unsigned char *)"OxychromaticBlowfishSwatDynamite", WORDS, text);
	for (i = 0; i < 64; i++)
		for (k = 0; k < WORDS; k += 2)
			encrypt(&b, text + k);
	for (i = 0; i < BLOCK; i++)     /* little-endian, unlike all before */
		out[i] = (unsigned char)(text[i / 4] >> (8 * (i % 4)));
	secret_wipe(&b, sizeof b);
	secret_wipe(key, sizeof key);
	secret_wipe(salted, sizeof salted);
	secret_wipe(text, sizeof text);
}

/* One block of PBKDF2: the sum of all rounds. */
static int
block(struct digest *sha512, const unsigned char pass[64], struct slice salt,
    uint32_t count, uint32_t rounds, unsigned char out[BLOCK])
{
	unsigned char number[4] = { (unsigned char)(count >> 24), (unsigned char)(count >> 16),
	    (unsigned char)(count >> 8), (unsigned char)count };
	unsigned char salted[DIGEST_MAX], u[BLOCK];
	struct slice first[2] = { salt, slice_of(number, sizeof number) };
	struct slice next = slice_of(u, sizeof u);
	uint32_t i, k;
	int r = -1;

	memset(out, 0, BLOCK);
	for (i = 0; i < rounds; i++) {
		if ((i == 0 ? digest_of(sha512, first, 2, salted) :
		    digest_of(sha512, &next, 1, salted)) != 0)
			goto out;
		bcrypt(pass, salted, u);
		for (k = 0; k < BLOCK; k++)
			out[k] ^= u[k];
	}
	r = 0;
out:
	secret_wipe(salted, sizeof salted);
	secret_wipe(u, sizeof u);
	return r;
}

int
bcrypt_pbkdf(struct slice pass, struct slice salt, uint32_t rounds,
    unsigned char *key, size_t n)
{
	unsigned char hashed[DIGEST_MAX], out[BLOCK];
	size_t stride = (n + BLOCK - 1) / BLOCK, each, i;
	uint32_t count;
	struct digest *sha512 = NULL;
	int r = -1;

	if (n == 0 || n > BLOCK * BLOCK || rounds == 0 || salt.n == 0)
		goto out;
	each = (n + stride - 1) / stride;
	sha512 = digest_new("SHA512");
	if (sha512 == NULL || digest_of(sha512, &pass, 1, hashed) != 0)
		goto out;
	for (count = 1; count <= stride; count++) {
		if (block(sha512, hashed, salt, count, rounds, out) != 0)
			goto out;
		for (i = 0; i < each && i * stride + count - 1 < n; i++)
			key[i * stride + count - 1] = out[i];
	}
	r = 0;
out:
	digest_free(sha512);
	secret_wipe(hashed, sizeof hashed);
	secret_wipe(out, sizeof out);
	return r;
}
