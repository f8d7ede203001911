#include "crypto/crypto.h"
#include "base/secret.h"

#include <stdint.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#define LARGE ((size_t)1 << 20) /* bytes */

/* A global, since libcrypto's allocator has no parameter for it. */
static void (*on_shortage)(void);

static void *
or_stop(void *p, size_t n)
{
	if (p == NULL && n > 0 && n < LARGE && on_shortage != NULL)
		on_shortage();
	return p;
}

static void *
crypto_malloc(size_t n, const char *file, int line)
{
	return or_stop(secret_malloc(n, file, line), n);
}

static void *
crypto_realloc(void *p, size_t n, const char *file, int line)
{
	return or_stop(secret_realloc(p, n, file, line), n);
}

/* While libcrypto cleans up at exit, a shortage does not matter. */
static void
forget_shortage(void)
{
	on_shortage = NULL;
}

void
crypto_init(int config, void (*shortage)(void))
{
	/* Do not load the tables of old names and of messages: this takes longer than making a key.
	 * Here algorithms are fetched by their providers' names. */
	uint64_t unused = OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
	    OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS;

	on_shortage = shortage;
	(void)CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, secret_free);
	if (!config || !CRYPTO_PROVIDERS)
		unused |= OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT;
	(void)OPENSSL_init_crypto(unused, NULL);
	(void)atexit(forget_shortage);
}
