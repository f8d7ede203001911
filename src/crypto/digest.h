/*
 * digest: message digests by libcrypto; an algorithm is fetched once for many messages. MD5 works
 * on a FIPS host too: in fingerprints and the old PEM key derivation no security depends on it.
 */
#ifndef DIGEST_H
#define DIGEST_H

#include "base/slice.h"

#define DIGEST_MAX 64

struct digest;

/* digest_new: by libcrypto's name, such as "SHA256"; NULL if it is unknown or there is no
 * memory. */
struct digest *digest_new(const char *name);

/* digest_size: the size of the output in bytes. */
size_t digest_size(const struct digest *d);

/* digest_of: sets out to the digest of all pieces, joined. 0 or ERROR_CRYPTO. */
int digest_of(struct digest *d, const struct slice *piece, size_t pieces,
    unsigned char out[DIGEST_MAX]);

/* digest_free: NULL is allowed. */
void digest_free(struct digest *d);

#endif
