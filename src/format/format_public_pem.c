/*
 * format_public_pem: public keys in PEM, with the names of ssh-keygen -m. PKCS8 is
 * SubjectPublicKeyInfo (RFC 5280). PEM is PKCS#1's RSAPublicKey (RFC 8017 A.1.1) for RSA, and
 * SubjectPublicKeyInfo for all other types.
 */
#include "base/error.h"
#include "encoding/pem.h"
#include "encoding/ssh_wire.h"
#include "format/format.h"
#include "key/key_asn1.h"

#define SPKI "PUBLIC KEY"
#define PKCS1 "RSA PUBLIC KEY"

/* Most bytes of a key: DSA has four integers. */
#define DER_MAX (4 * (SSH_WIRE_MPINT_BITS / 8 + 8) + 64)

static int
parse(struct key_file *f)
{
	struct buffer der = BUFFER_EMPTY;
	struct slice label, headers;
	int r = ERROR_MALFORMED;

	if (pem_open(f->text, &label, &headers, &der) == 0 && headers.n == 0)
		r = slice_is(label, PKCS1) ?
		    key_asn1_get_rsa_public(buffer_slice(&der), &f->bytes) :
		    key_asn1_get_spki(buffer_slice(&der), &f->bytes);
	r = der.failed ? der.failed : r;
	buffer_free(&der);
	return r != 0 ? r : key_blob_parse(buffer_slice(&f->bytes), &f->blob);
}

static int
frame_spki(const struct key_file *f, struct buffer *text)
{
	unsigned char room[DER_MAX];
	struct buffer der = BUFFER_IN(room);
	int r = key_asn1_put_public(&f->blob, 0, &der);

	return r == 0 ? pem_frame(text, SPKI, buffer_slice(&der), 64) : r;
}

static int
frame_pkcs1(const struct key_file *f, struct buffer *text)
{
	unsigned char room[DER_MAX];
	struct buffer der = BUFFER_IN(room);

	if (key_asn1_put_public(&f->blob, 1, &der) != 0)
		return frame_spki(f, text);
	return pem_frame(text, PKCS1, buffer_slice(&der), 64);
}

const struct format format_public_pem_spki = {
	.name = "PKCS8", .can = FORMAT_WRITE | FORMAT_PUBLIC, .begin = { PEM_FIRST(SPKI) },
	.end_line = PEM_END, .parse = parse, .frame = frame_spki
};

const struct format format_public_pem_pkcs1 = {
	.name = "PEM", .can = FORMAT_WRITE | FORMAT_PUBLIC, .begin = { PEM_FIRST(PKCS1) },
	.end_line = PEM_END, .parse = parse, .frame = frame_pkcs1
};
