/*
 * fips_pkcs8: the one form of a private key that every FIPS-mode OpenSSL from
 * 3.0 on loads: PKCS#8, and under a passphrase PBES2 with AES-CBC, PBKDF2,
 * HMAC-SHA-256, a salt of 16 bytes (SP 800-132) and enough iterations.
 */
#ifndef FIPS_PKCS8_H
#define FIPS_PKCS8_H

#include "buffer.h"
#include "key_format.h"

#define FIPS_PKCS8_ROUNDS_MIN 10000u

/* fips_pkcs8_already: 1 when the file has that form and is encrypted. */
int fips_pkcs8_already(const struct envelope *e);

/* fips_pkcs8_may_load: 1 when a FIPS-mode OpenSSL loads the file as it is, if it
 * accepts the key: plain PEM or PKCS#8; or PKCS#8 under PBKDF2, if it accepts
 * the parameters and the passphrase too. */
int fips_pkcs8_may_load(const struct envelope *e);

/* fips_pkcs8_make: appends k in that form. cipher is "aes128" or "aes256", NULL
 * the former; rounds 0 means 600,000; with an empty pass it is plain PKCS#8. Returns 0 or a key_error. */
int fips_pkcs8_make(const struct key *k, const char *cipher, uint32_t rounds,
    struct slice pass, struct buffer *text);

/* fips_pkcs8_put: appends what text, a result, is, its format and encryption, and a NUL. Returns
 * 0 or a key_error. */
int fips_pkcs8_put(struct buffer *line, struct slice text);

/* fips_pkcs8_command: appends the documented openssl command that would convert
 * a file of this format; or that there is none. 0, or -1 when line is full. */
int fips_pkcs8_command(struct buffer *line, const struct key_format *f, const char *cipher,
    int sealed);

#endif
