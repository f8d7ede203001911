#include "key/key_type.h"
#include "base/error.h"
#include "encoding/ssh_wire.h"

#define OID_RSA "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"   /* 1.2.840.113549.1.1.1 */
#define OID_DSA "\x2a\x86\x48\xce\x38\x04\x01"           /* 1.2.840.10040.4.1 */
#define OID_EC "\x2a\x86\x48\xce\x3d\x02\x01"            /* 1.2.840.10045.2.1 */
#define OID_P256 "\x2a\x86\x48\xce\x3d\x03\x01\x07"      /* 1.2.840.10045.3.1.7 */
#define OID_P384 "\x2b\x81\x04\x00\x22"                  /* 1.3.132.0.34 */
#define OID_P521 "\x2b\x81\x04\x00\x23"                  /* 1.3.132.0.35 */
#define OID_ED25519 "\x2b\x65\x70"                       /* 1.3.101.112 */
#define OID_ED448 "\x2b\x65\x71"                         /* 1.3.101.113 */

#define BYTES(s) { (const unsigned char *)(s), sizeof(s) - 1 }
#define ECDSA(nist, b, n, nist_group, curve_oid) { .name = "ecdsa-sha2-" nist, .show = "ECDSA", \
	.family = KEY_ECDSA, .word = "ecdsa", .bits = b, .curve = nist, .bytes = n, \
	.evp = "EC", .group = nist_group, .format = PEM, \
	.pub = "cq", .priv = "cqw", .pub_of_priv = "01", .oid = BYTES(OID_EC), \
	.parameter = BYTES(curve_oid) }
#define PEM { "PEM", "PKCS8" }
#define CERTIFICATE(plain, at, shown, ...) { .name = plain "-cert-v01" VENDOR, \
	.show = shown "-CERT", .certified = plain at, .signature = { __VA_ARGS__ } }
#define VENDOR "@openssh.com"

static const struct key_type types[] = {
	{ .name = "ssh-rsa", .show = "RSA", .family = KEY_RSA, .word = "rsa", .evp = "RSA",
	    .format = PEM, .pub = "oo", .priv = "oouuvv", .pub_of_priv = "10",
	    .oid = BYTES(OID_RSA), .signature = { "rsa-sha2-256", "rsa-sha2-512" } },
	/* ssh-keygen reads Ed25519 in other formats than OPENSSH since 9.6, and writes it since
	 * 10.3 */
	{ .name = "ssh-ed25519", .show = "ED25519", .family = KEY_EDDSA, .word = "ed25519",
	    .bits = 256, .bytes = 32, .evp = "ED25519", .pub = "k", .priv = "kK",
	    .pub_of_priv = "0", .oid = BYTES(OID_ED25519) },
	{ .name = "ssh-ed448", .show = "ED448", .family = KEY_EDDSA, .bits = 448, .bytes = 57,
	    .evp = "ED448", .format = { "PKCS8", "PKCS8" }, .foreign = 1,
	    .pub = "k", .priv = "kK", .pub_of_priv = "0", .oid = BYTES(OID_ED448) },
	ECDSA("nistp256", 256, 32, "P-256", OID_P256),
	ECDSA("nistp384", 384, 48, "P-384", OID_P384),
	ECDSA("nistp521", 521, 66, "P-521", OID_P521),
	{ .name = "ssh-dss", .show = "DSA", .family = KEY_DSA, .word = "dsa", .format = PEM,
	    .pub = "oomm", .priv = "oommu",
	    .pub_of_priv = "0123", .oid = BYTES(OID_DSA) },
	{ .name = "sk-ssh-ed25519" VENDOR, .show = "ED25519-SK", .family = KEY_OPAQUE, .bits = 256,
	    .bytes = 32, .pub = "ka", .priv = "ka1ss", .pub_of_priv = "01" },
	{ .name = "sk-ecdsa-sha2-nistp256" VENDOR, .show = "ECDSA-SK", .family = KEY_OPAQUE,
	    .bits = 256, .curve = "nistp256", .bytes = 32, .pub = "cqa", .priv = "cqa1ss",
	    .pub_of_priv = "012", .signature = { "webauthn-sk-ecdsa-sha2-nistp256" VENDOR } },
	/* draft-miller-sshm-mldsa44-ed25519-composite-sigs */
	{ .name = "ssh-mldsa44-ed25519" VENDOR, .show = "MLDSA44-ED25519", .family = KEY_OPAQUE,
	    .bits = 256, .bytes = 1344, .pub = "k", .priv = "ks", .pub_of_priv = "0" },
	CERTIFICATE("ssh-rsa", "", "RSA", "rsa-sha2-256-cert-v01" VENDOR,
	    "rsa-sha2-512-cert-v01" VENDOR),
	CERTIFICATE("ssh-dss", "", "DSA", NULL),
	CERTIFICATE("ssh-ed25519", "", "ED25519", NULL),
	CERTIFICATE("ecdsa-sha2-nistp256", "", "ECDSA", NULL),
	CERTIFICATE("ecdsa-sha2-nistp384", "", "ECDSA", NULL),
	CERTIFICATE("ecdsa-sha2-nistp521", "", "ECDSA", NULL),
	CERTIFICATE("sk-ssh-ed25519", VENDOR, "ED25519-SK", NULL),
	CERTIFICATE("sk-ecdsa-sha2-nistp256", VENDOR, "ECDSA-SK", NULL),
	CERTIFICATE("ssh-mldsa44-ed25519", VENDOR, "MLDSA44-ED25519", NULL),
};

const struct key_type *
key_type_row(size_t i)
{
	return i < sizeof types / sizeof types[0] ? &types[i] : NULL;
}

const struct key_type *
key_type_of(struct slice name)
{
	const struct key_type *t;
	size_t i;

	for (i = 0; (t = key_type_row(i)) != NULL; i++)
		if (slice_is(name, t->name))
			return t;
	return NULL;
}

static int
is_spelled(const struct key_type *t, struct slice name)
{
	size_t i;

	for (i = 0; i < 2 && t->signature[i] != NULL; i++)
		if (slice_is(name, t->signature[i]))
			return 1;
	return t->certified == NULL && slice_names(name, t->show);
}

const struct key_type *
key_type_spelled(struct slice name)
{
	const struct key_type *t = key_type_of(name);
	size_t i;

	for (i = 0; t == NULL && (t = key_type_row(i)) != NULL && !is_spelled(t, name); i++)
		t = NULL;
	return t;
}

static int
take_field(const struct key_type *t, char letter, struct slice *in, struct slice *v)
{
	if (letter <= '9')
		return ssh_wire_get_bytes(in, (size_t)(letter - '0'), v);
	if ((letter == 'm' || letter == 'o' ? ssh_wire_get_mpint(in, v) : letter >= 'u' ?
	    ssh_wire_get_padded_mpint(in, v) : ssh_wire_get_string(in, v)) != 0)
		return -1;
	switch (letter) {
	case 'o':
	case 'v':
		return v->p[v->n - 1] & 1 ? 0 : -1;
	case 'w':
		return v->n <= t->bytes ? 0 : -1;
	case 'a':
		return v->n > 0 && memchr(v->p, '\0', v->n) != NULL ? -1 : 0;
	case 'c':
		return slice_is(*v, t->curve) ? 0 : -1;
	case 'q':
		return v->n == 2 * t->bytes + 1 && v->p[0] == 4 ? 0 : -1;
	case 'k':
		return v->n == t->bytes ? 0 : -1;
	case 'K':
		return v->n == 2 * t->bytes ? 0 : -1;
	default:
		return 0;
	}
}

int
key_type_take(const struct key_type *t, const char *shape, struct slice *in, struct slice *field)
{
	struct slice v;
	size_t i;

	for (i = 0; shape[i] != '\0'; i++) {
		if (take_field(t, shape[i], in, &v) != 0 || (field != NULL && i == KEY_TYPE_FIELDS))
			return ERROR_MALFORMED;
		if (field != NULL)
			field[i] = v;
	}
	return 0;
}

void
key_type_put(const char *shape, const struct slice *field, struct buffer *out)
{
	for (; *shape != '\0'; shape++, field++)
		if (strchr("mouvw", *shape) != NULL)
			ssh_wire_put_mpint(out, *field);
		else if (*shape >= '0' && *shape <= '9')
			buffer_put_slice(out, *field);
		else
			ssh_wire_put_string(out, *field);
}

unsigned
key_type_bits(const struct key_type *t, const struct slice field[KEY_TYPE_FIELDS])
{
	/* RSA: the second field, the modulus; DSA: the first field, the prime p */
	return t->bits > 0 ? t->bits : ssh_wire_bits(field[t->family == KEY_RSA ? 1 : 0]);
}

/* PROTOCOL.certkeys, after the certified key: serial, type, key id, principals, validity, options,
 * extensions, reserved, signing key, signature. */
static const char certificate_tail[] = "84ss88sssss";

int
key_type_take_certificate(struct slice *in)
{
	return key_type_take(NULL, certificate_tail, in, NULL) == 0 && in->n == 0 ? 0 :
	    ERROR_MALFORMED;
}

char
key_type_letter(const struct key_type *t, size_t i)
{
	const char *pub = t->pub;

	if (t->certified != NULL) {
		if (i == 0)
			return 's';     /* the nonce */
		i--;
		pub = key_type_of(slice_str(t->certified))->pub;
	}
	if (i < strlen(pub))
		return pub[i];
	i -= strlen(pub);
	return t->certified != NULL && i < strlen(certificate_tail) ? certificate_tail[i] : '\0';
}
