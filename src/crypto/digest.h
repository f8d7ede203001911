/*
 * digest: message digests by libcrypto, one fetch for many messages. MD5 is found on a FIPS host
 * too: no security rests on it in fingerprints and the old PEM key derivation.
 */
#ifndef DIGEST_H
#define DIGEST_H

#include "base/slice.h"

#define DIGEST_MAX 64

struct digest;

/* digest_new: by libcrypto's name, such as "SHA256"; NULL when there is none. */
struct digest *digest_new(const char *name);

/* digest_size: bytes of its output. */
size_t digest_size(const struct digest *d);

/* digest_of: out gets the digest of the pieces one after the other. 0 or ERROR_CRYPTO. */
int digest_of(struct digest *d, const struct slice *piece, size_t pieces,
    unsigned char out[DIGEST_MAX]);

/* digest_free: NULL is allowed. */
void digest_free(struct digest *d);

#endif
