/*
 * fingerprint: digests of public keys, as ssh-keygen -l shows them.
 */
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include "crypto/digest.h"
#include "key/key_blob.h"

#define FINGERPRINT_TEXT 128    /* bytes of its text, at most: of SHA-512 in base64 */

/* The digest of a public blob (RFC 4253 section 6.6), by this hash. */
struct fingerprint {
	const char *hash;       /* "SHA256": the word before the colon */
	unsigned char raw[DIGEST_MAX];
	size_t n;
};

/* fingerprint_hash: the canonical word, which is libcrypto's name too, for md5, sha1, sha256,
 * sha384, sha512, in any case; NULL for any other. */
const char *fingerprint_hash(struct slice name);

/* fingerprint_typed: appends the fingerprint that somebody typed or pasted as fingerprint_put
 * writes it. The case of the hash's name and of MD5's hex is free, "MD5:" may be missing, base64
 * may have its padding, and of a line of ssh-keygen -l the second field is read. Returns 0; or -1,
 * and appends why it is none, in at most FINGERPRINT_TEXT bytes. */
int fingerprint_typed(struct slice typed, struct buffer *text);

/* fingerprint_named: the word of fingerprint_hash that begins a text of fingerprint_put. */
const char *fingerprint_named(const char *text);

/* fingerprint_of: by a digest made for hash. A certificate has the fingerprint
 * of the key it certifies. 0 or ERROR_CRYPTO. */
int fingerprint_of(struct digest *d, const char *hash, const struct key_blob *blob,
    struct fingerprint *f);

/* These append it; 0, or why out failed. fingerprint_put: "SHA256:" and base64 without padding, or
 * "MD5:" and colon-separated hex. fingerprint_put_babble: in Bubble Babble (Huima 2000).
 * fingerprint_put_art: the "drunken bishop" picture (Loss, Limmer, von Gernler 2009) of ssh-keygen
 * -lv, 11 lines without the last line end; show and bits are the title's type and size. */
int fingerprint_put(struct buffer *out, const struct fingerprint *f);
int fingerprint_put_babble(struct buffer *out, const struct fingerprint *f);
int fingerprint_put_art(struct buffer *out, const struct fingerprint *f, struct slice show,
    unsigned bits);

/* fingerprint_text: fingerprint_of and fingerprint_put; 0 or an error of either. */
int fingerprint_text(struct buffer *out, struct digest *d, const char *hash,
    const struct key_blob *blob);

#endif
