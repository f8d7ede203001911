/*
 * key_type: the table of key algorithms, and the shapes of their blobs.
 *
 * A shape is a string, a letter a field:
 *	s  string, any
 *	a  string without a NUL: a FIDO application (PROTOCOL.u2f)
 *	m  mpint, positive, canonical, at most 16,384 bits
 *	o  the same, odd: a modulus, a prime, an exponent
 *	c  string that must be the type's curve name (RFC 5656 section 3.1)
 *	u  a private number: the same as m, read with zeros before it, written without
 *	v  the same, odd
 *	w  the same as u, no longer than the curve's coordinates
 *	q  string: an uncompressed point of that curve
 *	k  string of the type's fixed length of public key (RFC 8709)
 *	K  string: seed and public key, twice that length
 *	1  byte
 *	4  uint32
 *	8  uint64
 */
#ifndef KEY_TYPE_H
#define KEY_TYPE_H

#include "base/buffer.h"

#define KEY_TYPE_FIELDS 8       /* at most, in a private half */

enum key_family { KEY_UNKNOWN, KEY_RSA, KEY_DSA, KEY_ECDSA, KEY_EDDSA,
    KEY_OPAQUE /* carried and shown; its arithmetic is elsewhere */ };

struct key_type {
	const char *name;       /* on the wire: RFC 4253, 5656, 8709; PROTOCOL.u2f */
	const char *show;       /* as ssh-keygen -l shows it, or would */
	enum key_family family;
	const char *word;       /* keygen -t, or NULL: it makes none */
	unsigned bits;          /* 0: as long as the key's first odd integer */
	const char *curve;
	const char *evp;        /* libcrypto's name of the algorithm, or NULL */
	const char *group;      /* libcrypto's name of the curve, or NULL */
	const char *format[2];  /* the private format that every documented ascp reads, plain
	                           and encrypted; NULL: OPENSSH */
	int foreign;            /* OpenSSH has no such type */
	size_t bytes;           /* of a point's coordinate, or of a fixed-length public key */
	const char *pub;        /* shape of the public blob after the name */
	const char *priv;       /* shape of the private half, PROTOCOL.key's order; NULL: none */
	const char *pub_of_priv; /* for each public field, its place in priv */
	struct slice oid;       /* of the algorithm, DER contents; empty: no ASN.1 form */
	struct slice parameter; /* of the curve, DER contents */
	const char *certified;  /* NULL, or the name of the type that this certifies */
	const char *signature[2]; /* names of its signatures, which OpenSSH takes for the type's */
};

/* key_type_of: the row with this wire name, or NULL. */
const struct key_type *key_type_of(struct slice name);

/* key_type_spelled: the row that OpenSSH finds by a name inside a blob (sshkey_type_from_name): the
 * type's, that of a signature, or of a plain type what ssh-keygen -l shows, in any case, which
 * is not enough of ECDSA. NULL when there is none. */
const struct key_type *key_type_spelled(struct slice name);

/* key_type_row: the row with this index, or NULL past the end. */
const struct key_type *key_type_row(size_t i);

/* key_type_take: takes the fields of a shape off *in. field, where not NULL,
 * gets each one's contents: an mpint's magnitude, a string's bytes. Returns
 * 0, or ERROR_MALFORMED if the bytes do not have the shape, or it has too many fields. */
int key_type_take(const struct key_type *t, const char *shape, struct slice *in,
    struct slice field[KEY_TYPE_FIELDS]);

/* key_type_put: appends fields as the shape has them, each number in its only encoding. */
void key_type_put(const char *shape, const struct slice *field, struct buffer *out);

/* key_type_bits: the length of a plain key of this type with these fields. */
unsigned key_type_bits(const struct key_type *t, const struct slice field[KEY_TYPE_FIELDS]);

/* key_type_take_certificate: takes off *in what follows the certified key in a certificate
 * (PROTOCOL.certkeys), which must be all. 0 or ERROR_MALFORMED. */
int key_type_take_certificate(struct slice *in);

/* key_type_letter: letter i of the shape that follows the name in a public blob of
 * type t, which may be a certificate; NUL past the end. */
char key_type_letter(const struct key_type *t, size_t i);

#endif
