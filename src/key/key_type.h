/*
 * key_type: the table of key algorithms, and the shapes of their blobs.
 *
 * A shape is a string with a letter for each field:
 *	s  string
 *	a  string without a NUL: a FIDO application (PROTOCOL.u2f)
 *	m  mpint, positive, canonical, at most 16,384 bits
 *	o  as m, odd: a modulus, a prime, an exponent
 *	u  as m, but zeros before it are accepted, and not written: a private number
 *	v  as u, odd
 *	w  as u, no longer than the curve's coordinates
 *	c  string, the type's curve name (RFC 5656 section 3.1)
 *	q  string, an uncompressed point of that curve
 *	k  string, a public key of the type's fixed length (RFC 8709)
 *	K  string, seed and public key, each of that length
 *	1 4 8  this number of bytes
 */
#ifndef KEY_TYPE_H
#define KEY_TYPE_H

#include "base/buffer.h"

#define KEY_TYPE_FIELDS 8       /* most fields that key_type_take stores */

enum key_family { KEY_UNKNOWN, KEY_RSA, KEY_DSA, KEY_ECDSA, KEY_EDDSA,
    KEY_OPAQUE /* copied and shown, never computed with */ };

struct key_type {
	const char *name;       /* on the wire: RFC 4253, 5656, 8709; PROTOCOL.u2f */
	const char *show;       /* as ssh-keygen -l shows it, or would show it */
	enum key_family family;
	const char *word;       /* the argument of keygen -t, or NULL */
	unsigned bits;          /* 0: the length of its modulus (RSA) or prime p (DSA) */
	const char *curve;
	const char *evp;        /* libcrypto's name of the algorithm, or NULL */
	const char *group;      /* libcrypto's name of the curve, or NULL */
	const char *format[2];  /* every documented ascp reads these: plain, encrypted; NULL: OPENSSH */
	int foreign;            /* 1: OpenSSH does not know this type */
	size_t bytes;           /* length of a point's coordinate or of a public key */
	const char *pub;        /* shape of the public blob after the name */
	const char *priv;       /* shape of the private half, PROTOCOL.key's order; NULL: none */
	const char *pub_of_priv; /* for each public field, its index in priv */
	struct slice oid;       /* OID of the algorithm, DER contents; empty: no ASN.1 form */
	struct slice parameter; /* OID of the curve, DER contents */
	const char *certified;  /* a certificate's: the type of the certified key; or NULL */
	const char *signature[2]; /* its signatures: OpenSSH reads these names too */
};

/* key_type_of: the row with this name on the wire, or NULL. */
const struct key_type *key_type_of(struct slice name);

/* key_type_spelled: the row that OpenSSH finds by a name in a blob (sshkey_type_from_name), or
 * NULL. The name is that of the type, or of one of its signatures, or, for a type that is not a
 * certificate, the name that ssh-keygen -l shows, ignoring case. (OpenSSH then refuses "ECDSA",
 * which names no curve.) */
const struct key_type *key_type_spelled(struct slice name);

/* key_type_row: the row with this index, or NULL past the end. */
const struct key_type *key_type_row(size_t i);

/* key_type_take: removes the fields of a shape from the beginning of *in. If field is not NULL,
 * sets it to their contents: an mpint's magnitude, a string's bytes. t may be NULL if no letter of
 * the shape depends on the type. Returns 0, or ERROR_MALFORMED if the bytes do not have this
 * shape. */
int key_type_take(const struct key_type *t, const char *shape, struct slice *in,
    struct slice *field);

/* key_type_put: appends the fields in this shape, each number in its canonical encoding. */
void key_type_put(const char *shape, const struct slice *field, struct buffer *out);

/* key_type_bits: the length in bits of a plain key of this type with these public fields. */
unsigned key_type_bits(const struct key_type *t, const struct slice field[KEY_TYPE_FIELDS]);

/* key_type_take_certificate: removes from *in the fields of a certificate that follow the certified
 * key (PROTOCOL.certkeys). Returns 0, or ERROR_MALFORMED, also if bytes are left. */
int key_type_take_certificate(struct slice *in);

/* key_type_letter: letter i of the shape that follows the name in a public blob, which may be a
 * certificate; NUL past the end. */
char key_type_letter(const struct key_type *t, size_t i);

#endif
