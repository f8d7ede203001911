#include "crypto/bcrypt_pbkdf.h"
#include "base/error.h"
#include "base/secret.h"
#include "crypto/blowfish_pi.h"
#include "crypto/digest.h"
#include "encoding/base64.h"

#define BLOCK 32        /* bytes of output of one bcrypt */
#define WORDS (BLOCK / 4)

/* Each step of Blowfish waits for the one before, so two bcrypts in one loop take little longer
 * than one. */
#define LANES 2

/* P, then the four S boxes. */
#define BOXES 18
#define STATE (BOXES + 4 * 256)

struct lane {
	uint32_t state[STATE], salt[16], text[WORDS];
};

/* The input that all chains share. */
struct start {
	struct digest *sha512;
	uint32_t pi[STATE], key[16];
	struct slice salt;
};

static inline uint32_t
mix(const uint32_t *state, uint32_t x)
{
	const uint32_t *s = state + BOXES;

	return ((s[x >> 24] + s[256 + (x >> 16 & 255)]) ^ s[512 + (x >> 8 & 255)]) +
	    s[768 + (x & 255)];
}

/* Encrypts a block with Blowfish in each of two lanes. A loop over its rounds would be a fifth
 * slower. */
static void
encrypt_two(const uint32_t *a, uint32_t x[2], const uint32_t *b, uint32_t y[2])
{
	uint32_t al = x[0] ^ a[0], ar = x[1], bl = y[0] ^ b[0], br = y[1];

#define ROUNDS(i) \
	ar ^= mix(a, al) ^ a[i]; \
	br ^= mix(b, bl) ^ b[i]; \
	al ^= mix(a, ar) ^ a[(i) + 1]; \
	bl ^= mix(b, br) ^ b[(i) + 1]
	ROUNDS(1);
	ROUNDS(3);
	ROUNDS(5);
	ROUNDS(7);
	ROUNDS(9);
	ROUNDS(11);
	ROUNDS(13);
	ROUNDS(15);
#undef ROUNDS
	x[0] = ar ^ a[17];
	x[1] = al;
	y[0] = br ^ b[17];
	y[1] = bl;
}

static void
load(const unsigned char *bytes, size_t words, uint32_t *to)
{
	for (; words > 0; words--, bytes += 4)
		*to++ = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		    (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The key schedule of bcrypt: mixes key, or the lane's salt if key is NULL, into P. Then replaces
 * the whole state with a chain of encryptions: each encrypts the result of the one before it, mixed
 * with the salt if salted is 1. */
static void
expand(struct lane lane[LANES], const uint32_t *key, int salted)
{
	uint32_t x[LANES][2] = { { 0 } };
	size_t i, k;

	for (k = 0; k < LANES; k++)
		for (i = 0; i < BOXES; i++)
			lane[k].state[i] ^= (key != NULL ? key : lane[k].salt)[i % 16];
	for (i = 0; i < STATE; i += 2) {
		for (k = 0; salted && k < LANES; k++) {
			x[k][0] ^= lane[k].salt[i % 16];
			x[k][1] ^= lane[k].salt[i % 16 + 1];
		}
		encrypt_two(lane[0].state, x[0], lane[1].state, x[1]);
		memcpy(lane[0].state + i, x[0], sizeof x[0]);
		memcpy(lane[1].state + i, x[1], sizeof x[1]);
	}
	secret_wipe(x, sizeof x);
}

/* Computes one bcrypt in each lane, from the lane's salt; the result is the lane's text. */
static void
bcrypt(struct lane lane[LANES], const struct start *start)
{
	size_t i, k;

	for (k = 0; k < LANES; k++) {
		memcpy(lane[k].state, start->pi, sizeof lane[k].state);
		load((const unsigned char *)"OxychromaticBlowfishSwatDynamite", WORDS,
		    lane[k].text);
	}
	expand(lane, start->key, 1);
	for (i = 0; i < 64; i++) {
		expand(lane, NULL, 0);
		expand(lane, start->key, 0);
	}
	for (i = 0; i < 64; i++)
		for (k = 0; k < WORDS; k += 2)
			encrypt_two(lane[0].state, lane[0].text + k,
			    lane[1].state, lane[1].text + k);
}

/* A chain of PBKDF2: sum, the XOR of u of all rounds, is a block of the output. */
struct chain {
	unsigned char number[4];        /* big-endian, from 1 to 33 */
	unsigned char u[BLOCK], sum[BLOCK];
};

static int
salt_next(const struct start *start, const struct chain *c, int first, uint32_t to[16])
{
	const struct slice begin[2] = { start->salt, slice_of(c->number, sizeof c->number) };
	const struct slice last = slice_of(c->u, sizeof c->u);
	unsigned char salted[DIGEST_MAX];
	int r = digest_of(start->sha512, first ? begin : &last, first ? 2 : 1, salted);

	load(salted, 16, to);
	secret_wipe(salted, sizeof salted);
	return r;
}

static void
add(struct chain *c, const uint32_t text[WORDS])
{
	size_t i;

	for (i = 0; i < BLOCK; i++) {   /* the output is little-endian, the input big-endian */
		c->u[i] = (unsigned char)(text[i / 4] >> (8 * (i % 4)));
		c->sum[i] ^= c->u[i];
	}
}

/* Computes a chain for each lane; the first has this number. */
static int
chains_run(const struct start *start, size_t number, uint32_t rounds, struct chain chain[LANES])
{
	struct lane lane[LANES];
	uint32_t i;
	size_t k;
	int r = 0;

	memset(chain, 0, LANES * sizeof *chain);
	for (k = 0; k < LANES; k++)
		chain[k].number[3] = (unsigned char)(number + k);
	for (i = 0; i < rounds && r == 0; i++) {
		for (k = 0; k < LANES && r == 0; k++)
			r = salt_next(start, &chain[k], i == 0, lane[k].salt);
		bcrypt(lane, start);
		for (k = 0; k < LANES; k++)
			add(&chain[k], lane[k].text);
	}
	secret_wipe(lane, sizeof lane);
	return r;
}

static int
prepare(struct start *start, struct slice pass, struct slice salt)
{
	unsigned char bytes[4 * STATE + BASE64_ROOM(4)];
	struct buffer pi = BUFFER_IN(bytes);
	size_t i;
	int r = ERROR_CRYPTO;

	for (i = 0; i < sizeof blowfish_pi / sizeof blowfish_pi[0]; i++)
		(void)base64_get(&pi, slice_str(blowfish_pi[i]));
	load(bytes, STATE, start->pi);
	start->salt = salt;
	if ((start->sha512 = digest_new("SHA512")) != NULL)
		r = digest_of(start->sha512, &pass, 1, bytes);
	load(bytes, 16, start->key);
	secret_wipe(bytes, sizeof bytes);
	return r;
}

int
bcrypt_pbkdf(struct slice pass, struct slice salt, uint32_t rounds,
    unsigned char *out, size_t n)
{
	struct chain chain[LANES];
	struct start start;
	const size_t stride = (n + BLOCK - 1) / BLOCK;
	size_t at, i, k;
	int r = prepare(&start, pass, salt);

	for (at = 0; at < stride && r == 0; at += LANES) {
		r = chains_run(&start, at + 1, rounds, chain);
		for (k = 0; k < LANES && at + k < stride; k++)
			for (i = 0; i * stride + at + k < n; i++)
				out[i * stride + at + k] = chain[k].sum[i];
	}
	digest_free(start.sha512);
	secret_wipe(&start, sizeof start);
	secret_wipe(chain, sizeof chain);
	return r;
}
