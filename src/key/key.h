/* key: the canonical form, independent of any file format and of libcrypto. */
#ifndef KEY_H
#define KEY_H

#include "key/key_type.h"

/* A key: whole, and one or both halves of it. */
struct key {
	const struct key_type *type;
	struct buffer pub;      /* RFC 4253 public blob */
	struct buffer priv;     /* the private half as PROTOCOL.key orders it, without the
	                           type's name; empty in a public key */
	struct buffer crt;      /* RSA: d mod (p-1), d mod (q-1), as mpints: what PKCS#1 adds */
	struct buffer comment;  /* any bytes: escape it before it is shown or part of a line */
};

#define KEY_EMPTY { NULL, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY }

/* What a private key's file holds; key_complete makes the key. */
struct key_parts {
	const struct key_type *type;
	struct buffer priv;     /* as in a key, if the file has all of it */
	struct buffer seed;     /* else the secret number alone; of RSA n, e, d, p, q, as mpints */
	struct buffer stated;   /* beside seed. DSA: p, q and g, as mpints. ECDSA: the curve's
	                           parameters in DER and the point (SEC 1), as strings, or empty */
	struct buffer pub;      /* the public blob that the file states, or empty */
	struct buffer crt;      /* as in a key, or empty */
	struct buffer comment;
};

#define KEY_PARTS_EMPTY { NULL, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, \
	BUFFER_EMPTY, BUFFER_EMPTY }

/* key_set_public: copies a public blob in. 0, ERROR_MALFORMED, ERROR_TYPE or ERROR_MEMORY. */
int key_set_public(struct key *k, struct slice blob);

/* key_set_private: copies the private half of a key of type t, checked to its last byte, each
 * number in its only encoding, and sets the public blob. 0, ERROR_MALFORMED, ERROR_MISMATCH or
 * ERROR_MEMORY. */
int key_set_private(struct key *k, const struct key_type *t, struct slice priv);

/* key_fields: the fields of the private half. 0 or ERROR_NOT_PRIVATE. */
int key_fields(const struct key *k, struct slice field[KEY_TYPE_FIELDS]);

/* key_set_comment: replaces the comment. 0 or ERROR_MEMORY. */
int key_set_comment(struct key *k, struct slice comment);

/* key_same: 1 when both are the same private key; constant time. */
int key_same(const struct key *a, const struct key *b);

/* key_free, key_parts_free: wipe and release; it is then empty and usable. */
void key_free(struct key *k);
void key_parts_free(struct key_parts *parts);

/* key_parts_failed: 1 when there was no memory for some of it. */
int key_parts_failed(const struct key_parts *parts);

#endif
