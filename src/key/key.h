/* key: a key in canonical form, independent of file formats and of libcrypto. */
#ifndef KEY_H
#define KEY_H

#include "key/key_type.h"

/* A complete key: its public half or, if it is private, both halves. */
struct key {
	const struct key_type *type;
	struct buffer pub;      /* RFC 4253 public blob */
	struct buffer priv;     /* the fields of the private half in the order of PROTOCOL.key, without
	                           the type's name; empty in a public key */
	struct buffer crt;      /* RSA: d mod (p-1) and d mod (q-1), as mpints, for PKCS#1 */
	struct buffer comment;  /* any bytes: escape it before you show it or put it into a line */
};

#define KEY_EMPTY { NULL, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY }

/* The contents of a private key file; key_complete computes the key from them. */
struct key_parts {
	const struct key_type *type;
	struct buffer priv;     /* as in struct key, if the file has all of it */
	struct buffer seed;     /* otherwise the secret number; RSA: n, e, d, p, q, as mpints */
	struct buffer stated;   /* only with seed. DSA: p, q and g, as mpints. ECDSA: two strings, which
	                           may be empty: the curve's parameters in DER, the point (SEC 1) */
	struct buffer pub;      /* the public blob that the file states, or empty */
	struct buffer crt;      /* as in struct key, or empty */
	struct buffer comment;
};

#define KEY_PARTS_EMPTY { NULL, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, \
	BUFFER_EMPTY, BUFFER_EMPTY }

/* key_set_public: copies a public blob into k. Returns 0, ERROR_MALFORMED, ERROR_TYPE or
 * ERROR_MEMORY. */
int key_set_public(struct key *k, struct slice blob);

/* key_set_private: checks priv, the private half of a key of type t, to its last byte, copies it
 * into k with each number in its canonical encoding, and sets the public blob. Returns 0,
 * ERROR_MALFORMED, ERROR_MISMATCH or ERROR_MEMORY. */
int key_set_private(struct key *k, const struct key_type *t, struct slice priv);

/* key_fields: sets field to the fields of the private half. Returns 0 or ERROR_NOT_PRIVATE. */
int key_fields(const struct key *k, struct slice field[KEY_TYPE_FIELDS]);

/* key_set_comment: replaces the comment. Returns 0 or ERROR_MEMORY. */
int key_set_comment(struct key *k, struct slice comment);

/* key_same: 1 if a and b are the same private key; runs in constant time. */
int key_same(const struct key *a, const struct key *b);

/* key_free, key_parts_free: wipe and free the buffers; the struct is then empty and usable. */
void key_free(struct key *k);
void key_parts_free(struct key_parts *parts);

/* key_parts_failed: 1 if one of the buffers has failed: memory ran out. */
int key_parts_failed(const struct key_parts *parts);

#endif
