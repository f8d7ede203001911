/* crypto: starts libcrypto. */
#ifndef CRYPTO_H
#define CRYPTO_H

/* Whether libcrypto can load providers, such as the FIPS provider. In a static build it cannot, and
 * does not read openssl.cnf, which may require a provider. */
#ifdef XFERKEY_STATIC
enum { CRYPTO_PROVIDERS = 0 };
#else
enum { CRYPTO_PROVIDERS = 1 };
#endif

/* crypto_init: must be the first call into libcrypto. libcrypto wipes its memory before it frees
 * it; its messages are not loaded, nor other names of algorithms than those of the providers.
 *
 * If config is 0, openssl.cnf is not read, and libcrypto does nothing at exit. A converter passes
 * 1: so it obeys the administrator's providers.
 *
 * If libcrypto cannot get memory, shortage is called. It must not return: libcrypto would crash, or
 * report the key as faulty. If shortage is NULL, or for blocks of 1 MiB or more, which only key
 * derivations request, libcrypto gets NULL. */
void crypto_init(int config, void (*shortage)(void));

#endif
