/*
 * fingerprint: digests of public keys, as ssh-keygen -l shows them.
 */
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include "crypto/digest.h"
#include "key/key_blob.h"

#define FINGERPRINT_TEXT 128    /* bytes; the longest text, SHA-512 in base64, fits */

/* The digest of a public blob (RFC 4253 section 6.6). */
struct fingerprint {
	const char *hash;       /* "SHA256": the word before the colon */
	unsigned char raw[DIGEST_MAX];
	size_t n;
};

/* fingerprint_hash: returns the canonical name, which is libcrypto's name too, of md5, sha1,
 * sha256, sha384 or sha512, ignoring case; NULL for any other name. */
const char *fingerprint_hash(struct slice name);

/* fingerprint_typed: appends a fingerprint that somebody typed or pasted, in the form of
 * fingerprint_put. The hash's name and the hex of MD5 may be in upper or lower case; "MD5:" may be
 * missing; base64 may have its padding; if typed is a line of ssh-keygen -l, its second field is
 * read. Returns 0; or -1 and appends why typed is not a fingerprint, in at most FINGERPRINT_TEXT
 * bytes. */
int fingerprint_typed(struct slice typed, struct buffer *text);

/* fingerprint_named: returns the hash, as fingerprint_hash does, of a text that fingerprint_put
 * wrote. */
const char *fingerprint_named(const char *text);

/* fingerprint_of: computes *f of blob with d, which was made for hash. A certificate has the
 * fingerprint of the key it certifies. Returns 0 or ERROR_CRYPTO. */
int fingerprint_of(struct digest *d, const char *hash, const struct key_blob *blob,
    struct fingerprint *f);

/* These append f to out, and return 0 or why out failed. fingerprint_put: "SHA256:" and base64
 * without padding, or "MD5:" and colon-separated hex. fingerprint_put_babble: Bubble Babble (Huima
 * 2000). fingerprint_put_art: the "drunken bishop" picture (Loss, Limmer, von Gernler 2009) of
 * ssh-keygen -lv, 11 lines without the last line end; show and bits are the type and size in its
 * title. */
int fingerprint_put(struct buffer *out, const struct fingerprint *f);
int fingerprint_put_babble(struct buffer *out, const struct fingerprint *f);
int fingerprint_put_art(struct buffer *out, const struct fingerprint *f, struct slice show,
    unsigned bits);

/* fingerprint_text: fingerprint_of, then fingerprint_put; returns 0 or the error of either. */
int fingerprint_text(struct buffer *out, struct digest *d, const char *hash,
    const struct key_blob *blob);

#endif
