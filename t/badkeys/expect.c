#include "expect.h"
#include "key_error.h"

#include <fnmatch.h>
#include <stddef.h>

#define ONLY(filter) (1u << (filter))
#define ALL (ONLY(FILTERS) - 1)
#define LIST ONLY(FILTER_LIST)
#define SHOW (ONLY(FILTER_FPR) | LIST)
#define PUBLIC (ONLY(FILTER_FPR) | ONLY(FILTER_PUBFMT))
#define STREAMS (PUBLIC | ONLY(FILTER_PRIVFMT) | LIST)

enum answer { READ, REFUSED, MANY, BEHIND };

/*
 * What is not as the depth of a defect says: the first pattern (fnmatch(3)) that
 * fits the input's name, for these filters; above it the reason.
 */
static const struct {
	const char *pattern;
	unsigned filters;
	enum answer answer;
} exceptions[] = {
	/* FIPS forbids the key itself; a certificate is none. */
	{ "weak-*", ONLY(FILTER_FIPS), REFUSED },
	{ "*-certificate: *", ONLY(FILTER_AUTHKEYS), REFUSED },
	/* No server should let in DSA, or RSA as short as these. */
	{ "rsa-*", ONLY(FILTER_AUTHKEYS), REFUSED },
	{ "dsa-*", ONLY(FILTER_AUTHKEYS), REFUSED },
	/* Any well-formed blob has a fingerprint: an unknown algorithm is shown by
	 * its name. In the third a curve's name is the first that is left. */
	{ "*: pub*/type: length - 1", SHOW, READ },
	{ "*: pub*/type: a byte *", SHOW, READ },
	{ "*: pub*/type: another type", SHOW, READ },
	{ "ec-*: pub*/type: left out", SHOW, READ },
	{ "*-rfc4716: type: length - 1", PUBLIC, READ },
	{ "*-rfc4716: type: a byte *", PUBLIC, READ },
	{ "*-rfc4716: type: another type", PUBLIC, READ },
	/* sshd reads what is not spelled as RFC 4253 has it, so its fingerprint is shown. */
	{ "*-line: type: a NUL more", ONLY(FILTER_FPR), READ },
	{ "*-options: type: a NUL more", ONLY(FILTER_FPR), READ },
	{ "*-certificate: type: a NUL more", ONLY(FILTER_FPR), READ },
	{ "rsa-line: [12]: even", ONLY(FILTER_FPR), READ },
	{ "rsa-line: [12]: zero-padded", ONLY(FILTER_FPR), READ },
	{ "rsa-line: 1: empty", ONLY(FILTER_FPR), READ },
	{ "rsa-line: 1: zero", ONLY(FILTER_FPR), READ },
	/* What is wrong with the derivation shows when it is used: another cipher
	 * with the same block, no salt (PKCS#5 has no least length), no PRF (then it
	 * is HMAC-SHA-1). */
	{ "*-aes256-ctr: cipher: another", LIST, READ },
	{ "*-aes128: cipher: another", LIST, READ },
	{ "*-pbes1: 0/0/1/0: empty", LIST, READ },
	{ "*: 0/0/1/0/1/0: empty", LIST, READ },
	{ "*-pbes2: 0/0/1/0/1/2: left out", LIST, READ },
	/* Optional by RFC 5915, and ssh-keygen agrees: the public half. */
	{ "ec-pem: 0/3: left out", ALL, READ },
	{ "ec-pkcs8: 0/2/0/2: left out", ALL, READ },
	/* Wanted by RFC 3279 and RFC 8018, but ssh-keygen does without: NULL. */
	{ "*rsa-spki: 0/0/1: left out", ALL, READ },
	{ "*rsa-pkcs8: 0/1/1: left out", ALL, READ },
	{ "*-pbes2: 0/0/1/0/1/2/1: left out", ALL, READ },
	/* RFC 7468's lax grammar has them: blanks before BEGIN, empty lines. */
	{ "*: text: indented BEGIN", ALL, READ },
	{ "*-dek: line 4: twice", ALL, READ },
	/* A comment of an ssh.com key may be missing, or there may be two. */
	{ "*-sshcom*: line 2: left out", ALL, READ },
	{ "*-sshcom*: line 2: twice", ALL, READ },
	/* Of a DSA key in PKCS#8, y is left out, and -l must compute it. */
	{ "*dsa-pkcs8: 0/1/1/0: one", LIST, REFUSED },
	/* Each version of PuTTY's has its own MAC. */
	{ "*-ppk2*: text: Private-MAC: 64 digits", ALL, REFUSED },
	{ "*-ppk3*: text: Private-MAC: 40 digits", ALL, REFUSED },
	/* Many keys can come in one stream: behind the first there is more. */
	{ "*: text: armour in armour", STREAMS, MANY },
	{ "*: text: armour in base64", STREAMS, MANY },
	{ "*: text: a line end between", STREAMS, MANY },
	{ "*: text: text behind it", STREAMS, BEHIND },
	{ "*: text: NULs behind it", STREAMS, BEHIND },
	{ "*: text: END twice", STREAMS, BEHIND },
	{ "*: line *: twice", STREAMS, BEHIND },
};

/* What is said where it is clear: the first pattern that fits. */
static const struct {
	const char *pattern;
	enum key_error fact;
} facts[] = {
	{ "*: all: wrong passphrase", KEY_E_PASSPHRASE },
	{ "*: all: no passphrase", KEY_E_NO_PASSPHRASE },
	{ "*-dek: byte *: cut", KEY_OK },       /* between blocks: wrong passphrase */
	{ "*: byte *: cut", KEY_E_MALFORMED },
	{ "*: base64: *", KEY_E_MALFORMED },
	{ "*: line *: the last", KEY_E_UNENDED },
	{ "*: line 1: left out", KEY_E_NOT_KEY },
	{ "*: text: nothing", KEY_E_EMPTY },
	{ "*: text: NULs *", KEY_E_NOT_KEY },
	{ "*: text: text *", KEY_E_NOT_KEY },
	{ "*: text: END alone", KEY_E_UNBEGUN },
	{ "*: text: END twice", KEY_E_UNBEGUN },
	{ "*: text: END of another label", KEY_E_MALFORMED },
	{ "*: text: BEGIN of another label", KEY_E_NOT_KEY },
	{ "*: text: BEGIN alone", KEY_E_UNENDED },
	{ "*: text: BEGIN twice", KEY_E_UNENDED },
	{ "*: text: an unknown label", KEY_E_NOT_KEY },
	{ "*: text: an unknown cipher", KEY_E_CIPHER },
	{ "*: text: PuTTY-User-Key-File-version *", KEY_E_VERSION },
	{ "*: text: Encryption: unknown", KEY_E_CIPHER },
	{ "*: text: Key-Derivation: unknown", KEY_E_CIPHER },
	{ "*: text: Argon2-Memory: 10^9 - 1", KEY_E_COST },
	{ "*: text: Argon2-Passes: 10^9 - 1", KEY_E_COST },
	{ "*-sealed: text: Comment: *", KEY_E_PASSPHRASE },
	{ "*: text: Comment: *", KEY_E_MAC },
	{ "*-sshcom*: cipher: *", KEY_E_MALFORMED },    /* its total length is another */
	{ "*: cipher: arcfour", KEY_E_CIPHER },
	{ "*: kdf: scrypt", KEY_E_CIPHER },
	{ "*: keys: 0", KEY_E_EMPTY },
	{ "*: keys: 2*", KEY_E_SEVERAL },
	{ "*: options/rounds: 0", KEY_E_MALFORMED },
	{ "*: options/rounds: 1501", KEY_E_COST },
	{ "*: options/rounds: 2^32 - 1", KEY_E_COST },
	{ "*: options/salt: a byte less", KEY_E_PASSPHRASE },
	{ "*: 0/0/1*: 2^31", KEY_E_COST },
	{ "*: tag: zeros", KEY_E_PASSPHRASE },
	{ "*: sealed/padding: *", KEY_E_MALFORMED },
	{ "*-rsa-ppk*: *: another key's", KEY_E_INVALID },      /* each has half the numbers */
	{ "*: *: another key's", KEY_E_MISMATCH },
	{ "*: *: another seed", KEY_E_MISMATCH },
	{ "*-rsa-pem: 0/[1-8]: another number", KEY_E_INVALID },
};

static enum answer
answer(const struct input *in, enum filter filter, int *exception)
{
	const struct seed *s = in->seed;
	size_t i;

	*exception = 1;
	for (i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
		if ((exceptions[i].filters & ONLY(filter)) &&
		    (exceptions[i].answer < MANY || in->depth == DEPTH_OPEN) &&
		    fnmatch(exceptions[i].pattern, in->name, 0) == 0)
			return exceptions[i].answer;
	*exception = 0;
	if (in->depth == DEPTH_NONE)
		return READ;
	if (in->depth == DEPTH_OPEN)
		return REFUSED;
	if (!s->private)        /* fpr and pubfmt ask no more of it than structure */
		return filter == FILTER_AUTHKEYS ? REFUSED : READ;
	/* -l looks into what tells nothing outside. */
	return filter == FILTER_LIST && (s->sealed || s->e.pub.n > 0) ? READ : REFUSED;
}

struct expected
expect(const struct input *in, enum filter filter)
{
	int exception;
	enum answer a = answer(in, filter, &exception);
	struct expected e = { a == READ ? 0 : 2, a == MANY, a == BEHIND, 0 };
	size_t i;

	if (a == READ || (a == REFUSED && exception))
		return e;
	for (i = 0; i < sizeof facts / sizeof facts[0]; i++)
		if (fnmatch(facts[i].pattern, in->name, 0) == 0) {
			e.fact = facts[i].fact;
			break;
		}
	return e;
}
