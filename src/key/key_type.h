/*
 * key_type: the table of key algorithms, and the shapes of their blobs.
 *
 * A shape is a string, a letter a field:
 *	s  string
 *	a  string without a NUL: a FIDO application (PROTOCOL.u2f)
 *	m  mpint, positive, canonical, at most 16,384 bits
 *	o  the same, odd: a modulus, a prime, an exponent
 *	u  as m, read with any zeros before it, written without: a private number
 *	v  as u, odd
 *	w  as u, no longer than the curve's coordinates
 *	c  string, the type's curve name (RFC 5656 section 3.1)
 *	q  string, an uncompressed point of that curve
 *	k  string, a public key of the type's fixed length (RFC 8709)
 *	K  string, seed and public key, twice as long
 *	1 4 8  so many bytes
 */
#ifndef KEY_TYPE_H
#define KEY_TYPE_H

#include "base/buffer.h"

#define KEY_TYPE_FIELDS 8       /* of a shape, at most */

enum key_family { KEY_UNKNOWN, KEY_RSA, KEY_DSA, KEY_ECDSA, KEY_EDDSA,
    KEY_OPAQUE /* carried and shown, never computed with */ };

struct key_type {
	const char *name;       /* on the wire: RFC 4253, 5656, 8709; PROTOCOL.u2f */
	const char *show;       /* as ssh-keygen -l shows it, or would */
	enum key_family family;
	const char *word;       /* keygen -t, or NULL */
	unsigned bits;          /* 0: those of its first odd integer */
	const char *curve;
	const char *evp;        /* libcrypto's name of the algorithm, or NULL */
	const char *group;      /* libcrypto's name of the curve, or NULL */
	const char *format[2];  /* plain, encrypted: each documented ascp reads it; NULL: OPENSSH */
	int foreign;            /* OpenSSH has no such type */
	size_t bytes;           /* of a point's coordinate, or of a public key of fixed length */
	const char *pub;        /* shape of the public blob after the name */
	const char *priv;       /* shape of the private half, PROTOCOL.key's order; NULL: none */
	const char *pub_of_priv; /* the place in priv of each public field */
	struct slice oid;       /* of the algorithm, DER contents; empty: no ASN.1 form */
	struct slice parameter; /* of the curve, the same */
	const char *certified;  /* the name of the type that this certifies, or NULL */
	const char *signature[2]; /* names of its signatures, which OpenSSH reads as the type's */
};

/* key_type_of: the row with this wire name, or NULL. */
const struct key_type *key_type_of(struct slice name);

/* key_type_spelled: the row, or NULL, that OpenSSH finds by a name in a blob
 * (sshkey_type_from_name): the type's, a signature's, or what ssh-keygen -l shows of a plain type
 * but ECDSA, in any case. */
const struct key_type *key_type_spelled(struct slice name);

/* key_type_row: the row with this index, or NULL past the end. */
const struct key_type *key_type_row(size_t i);

/* key_type_take: takes the fields of a shape off *in; without the letters that ask the type t may
 * be NULL. field, if not NULL, gets their contents: an mpint's magnitude, a string's bytes. 0, or
 * ERROR_MALFORMED if the bytes have another shape. */
int key_type_take(const struct key_type *t, const char *shape, struct slice *in,
    struct slice *field);

/* key_type_put: appends fields as the shape has them, each number in its only encoding. */
void key_type_put(const char *shape, const struct slice *field, struct buffer *out);

/* key_type_bits: the length of a plain key of this type with these fields. */
unsigned key_type_bits(const struct key_type *t, const struct slice field[KEY_TYPE_FIELDS]);

/* key_type_take_certificate: takes off *in the rest of a certificate after the certified key
 * (PROTOCOL.certkeys), which must be all. 0 or ERROR_MALFORMED. */
int key_type_take_certificate(struct slice *in);

/* key_type_letter: letter i of the shape that follows the name in a public blob, which may be a
 * certificate; NUL past the end. */
char key_type_letter(const struct key_type *t, size_t i);

#endif
