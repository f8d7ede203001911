/*
 * key_blob: the one form of a public key. OpenSSH's reader (sshkey.c, sshbuf-getput-basic.c) is
 * freer than RFC 4253 section 6.6: it passes over a NUL behind a name, zeros before a number and
 * white space in the base64, and has other names for some types. It compares keys by value: so
 * whatever compares keys or shows a fingerprint reads them here.
 */
#ifndef KEY_BLOB_H
#define KEY_BLOB_H

#include "base/buffer.h"
#include "base/slice.h"
#include "key/key_type.h"

/* A public blob, parsed in place. */
struct key_blob {
	const struct key_type *type;    /* of what it is; NULL when unknown */
	struct slice name;              /* its algorithm name */
	struct slice bytes;             /* all of it */
	struct slice fields;            /* of a certificate: the certified key's */
	unsigned bits;                  /* 0 when unknown */
};

/* key_blob_parse: checks the structure of a public blob (RFC 4253 section 6.6,
 * PROTOCOL.certkeys) to its last byte; does not ask whether a point is on its
 * curve. A well-formed name with an unknown algorithm is accepted.
 * Returns 0, or ERROR_MALFORMED. */
int key_blob_parse(struct slice bytes, struct key_blob *blob);

/* key_blob_plain: the row of the key itself: for a certificate the one that it
 * certifies. NULL when unknown. */
const struct key_type *key_blob_plain(const struct key_blob *blob);

/* key_blob_decode: the key in base64, a field of a key line as sshd(8) has it. Replaces what bytes
 * holds. 0: the key is in its canonical form. A spelling (key_blob_is_spelling): it is not. In both
 * cases bytes holds the canonical form, and blob points into it. Else ERROR_MALFORMED: no reader of
 * OpenSSH accepts it; or ERROR_MEMORY, also if bytes had failed before. Bounded by the bound of bytes. */
int key_blob_decode(struct slice base64, struct buffer *bytes, struct key_blob *blob);

/* key_blob_is_spelling: 1 for ERROR_SPACES, ERROR_NUL, ERROR_ALIAS and ERROR_ZEROS: the key
 * is known, and written in a way that should not be installed. */
int key_blob_is_spelling(int error);

#endif
