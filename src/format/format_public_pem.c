/*
 * format_public_pem: public keys in PEM, under the names that ssh-keygen -m has
 * for them: PKCS8 is SubjectPublicKeyInfo (RFC 5280), PEM is PKCS#1's
 * RSAPublicKey (RFC 8017 A.1.1) for RSA and the former for all other types.
 */
#include "base/error.h"
#include "encoding/pem.h"
#include "encoding/ssh_wire.h"
#include "format/format.h"
#include "key/key_asn1.h"

#define SPKI "PUBLIC KEY"
#define PKCS1 "RSA PUBLIC KEY"

/* The most that any key makes: of DSA four integers. */
#define DER_MAX (4 * (SSH_WIRE_MPINT_BITS / 8 + 8) + 64)

static int
labelled(struct slice line, const char *wanted)
{
	struct slice label;

	return pem_label(line, &label) && slice_is(label, wanted);
}

static int
recognizes_spki(struct slice line)
{
	return labelled(line, SPKI);
}

static int
recognizes_pkcs1(struct slice line)
{
	return labelled(line, PKCS1);
}

static int
parse(struct slice text, struct key_file *f)
{
	struct buffer der = BUFFER_EMPTY;
	struct slice label, headers;
	int r = ERROR_MALFORMED;

	if (pem_open(text, &label, &headers, &der) == 0 && headers.n == 0)
		r = slice_is(label, PKCS1) ?
		    key_asn1_get_rsa_public(buffer_slice(&der), &f->bytes) :
		    key_asn1_get_spki(buffer_slice(&der), &f->bytes);
	else if (der.failed)
		r = ERROR_MEMORY;
	buffer_free(&der);
	return r != ERROR_NONE ? r : key_blob_parse(buffer_slice(&f->bytes), &f->blob);
}

static int
frame_as(const char *label, const struct key_blob *blob, struct buffer *text)
{
	unsigned char room[DER_MAX];
	struct buffer der = BUFFER_IN(room);
	int r = label[0] == 'R' ? key_asn1_put_rsa_public(blob, &der) : key_asn1_put_spki(blob, &der);

	if (r == ERROR_NONE && pem_frame(text, label, buffer_slice(&der), 64) != 0)
		r = ERROR_MEMORY;
	return r;
}

static int
frame_spki(const struct key_file *f, struct buffer *text)
{
	return frame_as(SPKI, &f->blob, text);
}

static int
frame_pkcs1(const struct key_file *f, struct buffer *text)
{
	int r = frame_as(PKCS1, &f->blob, text);

	return r == ERROR_FORMAT ? frame_as(SPKI, &f->blob, text) : r;
}

const struct format format_public_pem_spki = {
	.name = "PKCS8", .can = FORMAT_READ | FORMAT_WRITE | FORMAT_PUBLIC, .end_line = PEM_END,
	.recognizes = recognizes_spki, .parse = parse, .frame = frame_spki
};

const struct format format_public_pem_pkcs1 = {
	.name = "PEM", .can = FORMAT_READ | FORMAT_WRITE | FORMAT_PUBLIC, .end_line = PEM_END,
	.recognizes = recognizes_pkcs1, .parse = parse, .frame = frame_pkcs1
};
