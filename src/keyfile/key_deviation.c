#include "keyfile/key_deviation.h"
#include "encoding/pem.h"
#include "format/format.h"

#define WIDTH 64
#define OPENSSH_BEGIN PEM_FIRST("OPENSSH PRIVATE KEY")
#define OPENSSH_END PEM_END "OPENSSH PRIVATE KEY-----"

/* Unencrypted, an Ed25519 key in PKCS8 has 48 bytes (RFC 8410), a key of any other type more than
 * 64. */
#define ED25519_ENCRYPTED 64

enum { SSH = KEY_DEVIATION_SSH, LIBSSH2 = KEY_DEVIATION_LIBSSH2, BOTH = SSH | LIBSSH2 };

/* For each bit of enum key_deviation: the phrase, and the readers that refuse the file. */
static const struct {
	const char *phrase;
	unsigned readers;
} rows[] = {
	{ "not a key file before -F repaired it", BOTH },
	{ "a format that only xferkey reads", BOTH },
	{ "ED448", BOTH },
	{ "ED25519 in PKCS8 (ssh reads it since 9.6)", BOTH },
	{ "DER", BOTH },
	{ "a byte order mark", BOTH },
	{ "a FIDO key", LIBSSH2 },
	{ "lines before the key", SSH },
	{ "CRLF line ends", SSH },
	{ "indented lines", BOTH },
	{ "blanks at line ends", BOTH },
	{ "a blank line inside", BOTH },
	{ "lines of another length than 64", BOTH },
	{ "no newline at the end", SSH },
	{ "an AES-GCM cipher", LIBSSH2 },
	{ "the cipher chacha20-poly1305", LIBSSH2 },
	{ "encrypted with single DES", BOTH },
	{ "RSA under 1024 bits", SSH },
	{ "a type that OpenSSH does not know", BOTH },
	{ "a type that libssh2 does not know", LIBSSH2 },
	{ "another key before it", BOTH },
};

const char *
key_deviation_phrase(const struct key_file *f, enum key_deviation_reader reader)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (f->deviations >> i & 1 && rows[i].readers & reader)
			return 1u << i == KEY_DEVIATION_FORMAT && f->format->called != NULL ?
			    f->format->called : rows[i].phrase;
	return NULL;
}

/* Removes the first line from *a, and returns it with its CR but without its LF. */
static struct slice
raw_line(struct slice *a)
{
	const size_t n = slice_find(*a, "\n");
	struct slice line = slice_of(a->p, n);

	*a = slice_skip(*a, n + (n < a->n));
	return line;
}

/* Compares a line of an OPENSSH file with the argument must. Returns the deviation, or 0. */
static unsigned
odd_line(struct slice line, const char *must)
{
	const size_t n = strlen(must);

	if (!slice_starts(line, must))
		return KEY_DEVIATION_INDENTED;
	return line.n == n ? 0 :
	    line.n == n + 1 && line.p[n] == '\r' ? KEY_DEVIATION_CRLF : KEY_DEVIATION_BLANKS;
}

static unsigned
openssh(const struct key_file *f)
{
	struct slice rest = f->text, last;
	const struct cipher *c = f->protection.cipher;
	unsigned set = odd_line(raw_line(&rest), OPENSSH_BEGIN);

	do
		last = raw_line(&rest);
	while (rest.n > 0);
	set |= odd_line(last, OPENSSH_END);
	set |= f->line > 1 ? KEY_DEVIATION_BEFORE : f->deviations & KEY_DEVIATION_BOM;
	if (!slice_ends(f->text, "\n"))
		set |= KEY_DEVIATION_UNENDED;
	if (c != NULL && c->tag > 0)
		set |= c->mode == CIPHER_GCM ? KEY_DEVIATION_GCM : KEY_DEVIATION_CHACHA;
	return set;
}

/* The length of line without blanks at its end; control characters are blanks to libcrypto. */
static size_t
length(struct slice line)
{
	while (line.n > 0 && line.p[line.n - 1] <= ' ')
		line.n--;
	return line.n;
}

/* Returns the deviation for which libcrypto's reader refuses the lines before the end line, or 0.
 * strict is 1 after headers, or after a blank line in their place: then each line except the last
 * must have WIDTH characters. */
static unsigned
pem_body(struct slice text, int strict)
{
	struct slice line;
	int last = 0;

	while (text.n > 0) {
		line = raw_line(&text);
		if (slice_find(line, PEM_END) < line.n)
			return slice_starts(line, PEM_END) ? 0 : KEY_DEVIATION_INDENTED;
		if (length(line) == 0)
			return KEY_DEVIATION_EMPTY;
		if (strict && (last || length(line) > WIDTH))
			return KEY_DEVIATION_WIDTH;
		last = length(line) < WIDTH;
	}
	return 0;
}

static unsigned
pem(struct slice text)
{
	struct slice line, rest;
	int strict;

	if (!slice_starts(raw_line(&text), PEM_BEGIN))
		return KEY_DEVIATION_INDENTED;
	rest = text;
	line = raw_line(&rest);
	strict = length(line) == 0 || slice_find(line, ":") < line.n;
	while (strict && rest.n > 0 && length(line) > 0)
		line = raw_line(&rest);
	return pem_body(strict ? rest : text, strict);
}

static int
is_pkcs8_ed25519(const struct key_file *f, const struct key_type *type)
{
	return f->format == &format_pkcs8_private && (type != NULL ?
	    type->family == KEY_EDDSA && type->bits == 256 :
	    f->protection.kdf != KDF_NONE && f->encrypted.n <= ED25519_ENCRYPTED);
}

/* A FIDO type has an application, which is the letter a in its public shape. */
static unsigned
of_type(const struct key_type *type, unsigned bits)
{
	if (type->family == KEY_EDDSA && type->bits == 448)
		return KEY_DEVIATION_ED448;
	if (type->foreign)
		return KEY_DEVIATION_TYPE;
	if (type->family == KEY_OPAQUE)
		return strchr(type->pub, 'a') != NULL ? KEY_DEVIATION_FIDO : KEY_DEVIATION_OPAQUE;
	return type->family == KEY_RSA && bits > 0 && bits < 1024 ? KEY_DEVIATION_SHORT : 0;
}

void
key_deviation_judge(struct key_file *f, const struct key_type *type, unsigned bits)
{
	unsigned set = f->deviations & (KEY_DEVIATION_MENDED | KEY_DEVIATION_DER);

	if (f->format->loaded == FORMAT_AS_OPENSSH)
		set |= openssh(f);
	else if (f->format->loaded == FORMAT_BY_NONE)
		set |= KEY_DEVIATION_FORMAT;
	else if (set == 0)
		set = pem(f->text);
	if (type != NULL)
		set |= of_type(type, bits);
	if (is_pkcs8_ed25519(f, type))
		set |= KEY_DEVIATION_ED25519;
	if (f->protection.cipher != NULL && f->protection.cipher->key == 8)
		set |= KEY_DEVIATION_DES;
	f->deviations = set;
}
