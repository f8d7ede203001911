/* crypto: starts libcrypto. */
#ifndef CRYPTO_H
#define CRYPTO_H

/* Whether libcrypto can load providers, such as the FIPS one: that of a static build cannot, and
 * reads no openssl.cnf, which may ask for one. The doubt is fips-convert's, or NULL. */
#ifdef XFERKEY_STATIC
enum { CRYPTO_PROVIDERS = 0 };
#define CRYPTO_DOUBT "converted by a static build, which has no FIPS provider"
#else
enum { CRYPTO_PROVIDERS = 1 };
#define CRYPTO_DOUBT NULL
#endif

/* crypto_init: the first call into libcrypto. Its memory is wiped when it is freed; its messages,
 * and names other than the providers' own, are not loaded. With config 0 openssl.cnf is not read,
 * and nothing is done at the exit; a converter reads it, and so obeys the administrator's
 * providers. shortage is called if libcrypto cannot have memory, and must not return: libcrypto
 * would crash, or call it a fault of the key. If it is NULL, or of blocks of 1 MiB or more, which
 * only key derivations ask for, libcrypto gets NULL. */
void crypto_init(int config, void (*shortage)(void));

#endif
