/*
 * key_blob: the canonical form of a public key. OpenSSH's reader (sshkey.c, sshbuf-getput-basic.c)
 * is freer than RFC 4253 section 6.6: it passes over a NUL behind a name, zeros before a number and
 * white space in the base64, has other names for some types, and compares keys by value.
 */
#ifndef KEY_BLOB_H
#define KEY_BLOB_H

#include "key/key_type.h"

/* A public blob, parsed in place. */
struct key_blob {
	const struct key_type *type;    /* NULL when unknown */
	struct slice name;              /* its algorithm name */
	struct slice bytes;             /* all of it */
	struct slice fields;            /* of a certificate: the certified key's */
	unsigned bits;                  /* 0 when unknown */
};

/* key_blob_parse: checks a public blob (RFC 4253 section 6.6, PROTOCOL.certkeys) to its last byte,
 * but not whether a point is on its curve. An unknown algorithm is accepted. 0 or
 * ERROR_MALFORMED. */
int key_blob_parse(struct slice bytes, struct key_blob *blob);

/* key_blob_plain: the row of the key, or of the one that a certificate certifies; NULL when
 * unknown. */
const struct key_type *key_blob_plain(const struct key_blob *blob);

/* key_blob_decode: replaces what bytes holds by the canonical form of a key in base64; blob points
 * into it. Returns 0; a spelling (key_blob_is_spelling) if it was in another form; ERROR_MALFORMED
 * if OpenSSH does not read it either; or ERROR_MEMORY or ERROR_TOO_BIG, also if bytes had failed
 * before. */
int key_blob_decode(struct slice base64, struct buffer *bytes, struct key_blob *blob);

/* key_blob_is_spelling: 1 for ERROR_SPACES, _NUL, _ALIAS, _ZEROS and _LIBERAL: the key is known,
 * and should not be installed as it is written. */
int key_blob_is_spelling(int error);

#endif
