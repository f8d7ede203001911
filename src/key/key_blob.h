/*
 * key_blob: the canonical form of a public key. OpenSSH's reader (sshkey.c, sshbuf-getput-basic.c)
 * accepts more than RFC 4253 section 6.6: it ignores a NUL after a name, zeros before a number and
 * white space in the base64, knows other names for some types, and compares keys by value.
 */
#ifndef KEY_BLOB_H
#define KEY_BLOB_H

#include "key/key_type.h"

/* A public blob, parsed in place. */
struct key_blob {
	const struct key_type *type;    /* NULL when unknown */
	struct slice name;              /* its algorithm name */
	struct slice bytes;             /* the whole blob */
	struct slice fields;            /* after the name; in a certificate, of the certified key */
	unsigned bits;                  /* 0 when unknown */
};

/* key_blob_parse: checks a public blob (RFC 4253 section 6.6, PROTOCOL.certkeys) to its last byte,
 * but not whether a point is on its curve. Accepts an unknown algorithm. Returns 0 or
 * ERROR_MALFORMED. */
int key_blob_parse(struct slice bytes, struct key_blob *blob);

/* key_blob_plain: the row of the key's type or, for a certificate, of the type of the certified
 * key; NULL if unknown. */
const struct key_type *key_blob_plain(const struct key_blob *blob);

/* key_blob_decode: decodes a public key in base64 and replaces the contents of bytes by its
 * canonical form; blob points into bytes. Returns 0; a spelling error (key_blob_is_spelling) if the
 * key had another form; ERROR_MALFORMED if OpenSSH cannot read it either; or ERROR_MEMORY or
 * ERROR_TOO_BIG, also if bytes had already failed. */
int key_blob_decode(struct slice base64, struct buffer *bytes, struct key_blob *blob);

/* key_blob_is_spelling: 1 for ERROR_SPACES, _NUL, _ALIAS, _ZEROS and _LIBERAL: the key could be
 * read, but should not be installed in this form. */
int key_blob_is_spelling(int error);

#endif
