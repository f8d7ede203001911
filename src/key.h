/*
 * key: the canonical form, independent of any file format and of libcrypto.
 */
#ifndef KEY_H
#define KEY_H

#include "buffer.h"
#include "key_type.h"
#include "slice.h"

struct key {
	const struct key_type *type;
	struct buffer pub;      /* RFC 4253 public blob */
	struct buffer priv;     /* the private half as PROTOCOL.key orders it, without the
	                           type's name; empty in a public key */
	struct buffer seed;     /* the secret number alone, where the public half follows from it;
	                           of RSA n, e, d, p and q, as mpints, where the file has not all
	                           of the rest; key_crypto_complete makes pub and priv of it */
	struct buffer given;    /* what the file says beside it, which must agree. DSA: p, q, g
	                           and y or nothing, as mpints. ECDSA: the curve's parameters in
	                           DER and the point (SEC 1), as strings, empty where not there.
	                           EdDSA: the public key, or nothing */
	struct buffer crt;      /* RSA: d mod (p-1), d mod (q-1), as mpints, where known: what
	                           PKCS#1 adds; key_crypto_complete fills it */
	struct buffer comment;  /* any bytes: escape it where it is shown or
	                           becomes part of a line */
};

#define KEY_EMPTY { NULL, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, \
	BUFFER_EMPTY }

/* key_set_public: copies a public blob of a known type in. Returns 0,
 * KEY_E_MALFORMED, KEY_E_TYPE or KEY_E_MEMORY. */
int key_set_public(struct key *k, struct slice blob);

/* key_set_private: takes the private half of a key of type t, after checking its
 * shape to the last byte: every number is then in its only encoding, whatever zeros
 * were before a private one. Derives the public blob from it.
 * Returns 0, KEY_E_MALFORMED or KEY_E_MEMORY. */
int key_set_private(struct key *k, const struct key_type *t, struct slice priv);

/* key_fields: the fields of the private half; 0, or -1 when there is none. */
int key_fields(const struct key *k, struct slice field[KEY_TYPE_FIELDS]);

/* key_set_comment: replaces the comment. Returns 0 or KEY_E_MEMORY. */
int key_set_comment(struct key *k, struct slice comment);

/* key_same: 1 when both are the same private key; constant time. */
int key_same(const struct key *a, const struct key *b);

/* key_free: wipes and releases; the key is then empty and usable. */
void key_free(struct key *k);

#endif
