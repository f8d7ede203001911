/*
 * format_sshcom: the private keys of SSH Communications Security's programs: RSA and DSA, plain or
 * encrypted with triple DES. They are only read. No specification was published; the tests use
 * files that PuTTYgen exported.
 *
 *	uint32  0x3f6ff9eb
 *	uint32  number of all bytes
 *	string  type: "if-modn{sign{rsa...", "dl-modp{sign{dsa..."
 *	string  cipher: "none" or "3des-cbc"
 *	string  private part, when decrypted:
 *		string  numbers: RSA: e, d, n, 1/p mod q, p, q
 *			DSA: uint32 0, then p, g, q, y, x
 *		padding: less than 8 bytes, of any value
 *
 * A file has this in base64, with the headers of RFC 4716. A number is a uint32, its length in
 * bits, then its bytes.
 */
#include "base/error.h"
#include "encoding/ssh_wire.h"
#include "format/format.h"

#define MAGIC 0x3f6ff9ebu
#define BLOCK 8

static const struct {
	const char *start, *type;
} types[] = {
	{ "if-modn{sign{rsa", "ssh-rsa" },
	{ "dl-modp{sign{dsa", "ssh-dss" },
};

static int
parse(struct key_file *f)
{
	struct slice in, v[3];          /* type, cipher, private part */
	uint32_t magic, total;
	size_t i;

	if (format_rfc4716_armour(f, &in) != 0 || ssh_wire_get_u32(&in, &magic) != 0 ||
	    magic != MAGIC || ssh_wire_get_u32(&in, &total) != 0 || total != in.n + 8 ||
	    key_type_take(NULL, "sss", &in, v) != 0 || in.n != 0)
		return ERROR_MALFORMED;
	f->encrypted = v[2];
	for (i = 0; i < sizeof types / sizeof types[0]; i++)
		if (slice_starts(v[0], types[i].start))
			f->type = key_type_of(slice_str(types[i].type));
	return f->type == NULL ? ERROR_TYPE : format_stated_cipher(f, v[1]);
}

static int
get_number(struct slice *in, struct slice *v)
{
	uint32_t bits;

	return ssh_wire_get_u32(in, &bits) != 0 || bits > SSH_WIRE_MPINT_BITS ||
	    ssh_wire_get_bytes(in, (bits + 7) / 8, v) != 0 || ssh_wire_bits(*v) != bits ? -1 : 0;
}

static int
decode(const struct key_file *f, struct slice plain, struct key_parts *parts)
{
	const int is_rsa = f->type != NULL && f->type->family == KEY_RSA;
	/* the index of each number in a struct key's private half; their p is our q, because
	 * PROTOCOL.key has 1/q mod p */
	const char *place = is_rsa ? "120354" : "02134";
	struct slice in, field[KEY_TYPE_FIELDS];
	uint32_t zero = 0;
	size_t i;

	if (f->type == NULL || ssh_wire_get_string(&plain, &in) != 0 || plain.n >= BLOCK ||
	    (!is_rsa && ssh_wire_get_u32(&in, &zero) != 0) || zero != 0)
		return ERROR_MALFORMED;
	for (i = 0; place[i] != '\0'; i++)
		if (get_number(&in, &field[place[i] - '0']) != 0)
			return ERROR_MALFORMED;
	parts->type = f->type;
	buffer_put_slice(&parts->comment, f->comment);
	for (i = 0; place[i] != '\0'; i++)
		ssh_wire_put_mpint(&parts->priv, field[i]);
	return in.n == 0 ? 0 : ERROR_MALFORMED;
}

const struct format format_sshcom = {
	.name = "SSHCOM", .can = FORMAT_PRIVATE, .end_line = "---- END ",
	.begin = { "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----" },
	.encryption = { KDF_SSHCOM, .cipher = "3des-cbc", .digest = "MD5" },
	.called = "the format of ssh.com", .parse = parse, .decode = decode
};
