#include "key_policy.h"

enum key_verdict
key_policy_fips(const struct key_type *t, unsigned bits, const char **why)
{
	switch (t->family) {
	case KEY_RSA:
		*why = "FIPS forbids signing with RSA under 2048 bits";
		return bits < 2048 ? KEY_REFUSED : KEY_GOOD;
	case KEY_ECDSA:
		return KEY_GOOD;
	case KEY_EDDSA:
		*why = "FIPS modules of OpenSSL 3.1 to 3.3 refuse Ed25519 and Ed448; RSA 3072 or ECDSA is safer";
		return KEY_DOUBTFUL;
	case KEY_DSA:
		*why = "FIPS 186-5 has withdrawn DSA";
		return KEY_REFUSED;
	default:
		*why = "no FIPS module of OpenSSL has keys of this type";
		return KEY_REFUSED;
	}
}

enum key_verdict
key_policy_fips_passphrase(size_t n, const char **why)
{
	*why = n < 8 ? "a passphrase under 8 characters is refused by FIPS modules" :
	    "some FIPS modules refuse a passphrase under 14 characters";
	return n == 0 ? KEY_GOOD : n < 8 ? KEY_REFUSED : n < 14 ? KEY_DOUBTFUL : KEY_GOOD;
}
