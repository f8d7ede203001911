#include "key_loads.h"
#include "pem.h"

#include <string.h>

#define BLANKS "blanks at line ends"
#define INDENTED "indented lines"
#define WIDTH 64
#define OPENSSH_BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define OPENSSH_END "-----END OPENSSH PRIVATE KEY-----"

/* The plain text of Ed25519 in PKCS8 has 48 bytes (RFC 8410), and no other type's is shorter than 65. */
#define ED25519_ENCRYPTED 64

/* Takes the first line, with its CR but without its LF; *ended is 1 where that was there. */
static struct slice
raw_line(struct slice *a, int *ended)
{
	const unsigned char *lf = a->n == 0 ? NULL : memchr(a->p, '\n', a->n);
	struct slice line = slice_of(a->p, lf != NULL ? (size_t)(lf - a->p) : a->n);

	*ended = lf != NULL;
	*a = slice_skip(*a, line.n + (lf != NULL));
	return line;
}

/* Why a line of an OPENSSH file is not exactly what it must be, but for one CR where that is harmless. */
static const char *
odd_line(struct slice line, const char *must, int cr)
{
	size_t n = strlen(must);

	if (slice_is(line, must) || (cr && line.n == n + 1 && line.p[n] == '\r' && slice_starts(line, must)))
		return NULL;
	if (!slice_starts(line, must))
		return INDENTED;
	return line.n == n + 1 && line.p[n] == '\r' ? "CRLF line ends" : BLANKS;
}

static struct key_loads
openssh(const struct key_text *text, const struct envelope *e, const struct key_type *type)
{
	struct key_loads odd = { NULL, NULL, NULL };
	struct slice rest = text->text, first, last;
	int ended;

	first = raw_line(&rest, &ended);
	do
		last = raw_line(&rest, &ended);
	while (rest.n > 0);
	odd.ssh = text->line > 1 ? "lines before the key" : odd_line(first, OPENSSH_BEGIN, 0);
	if (odd.ssh == NULL)
		odd.ssh = odd_line(last, OPENSSH_END, 0);
	if (odd.ssh == NULL && !ended)
		odd.ssh = "no newline at the end";
	odd.libssh2 = odd_line(first, OPENSSH_BEGIN, 1);
	if (odd.libssh2 == NULL)
		odd.libssh2 = odd_line(last, OPENSSH_END, 1);
	if (text->found == KEY_BEHIND_MARK && text->line == 1)
		odd.ssh = odd.libssh2 = "a byte order mark";
	if (odd.libssh2 == NULL && e->prot.cipher != NULL && e->prot.cipher->tag > 0)
		odd.libssh2 = e->prot.cipher->mode == CIPHER_GCM ? "an AES-GCM cipher" :
		    "the cipher chacha20-poly1305";
	if (type != NULL && type->family == KEY_OPAQUE)
		odd.libssh2 = "a FIDO key";
	return odd;
}

/* Of a line without the blanks at its end; control characters are blanks to libcrypto. */
static size_t
length(struct slice line)
{
	while (line.n > 0 && line.p[line.n - 1] <= ' ')
		line.n--;
	return line.n;
}

/* What is odd for libcrypto's reader in the lines before the last. Behind headers, or the blank line
 * that may be in their place, each but the last must have WIDTH letters. */
static const char *
pem_body(struct slice text, int strict)
{
	struct slice line;
	int ended, last = 0;

	while (text.n > 0) {
		line = raw_line(&text, &ended);
		if (slice_find(line, PEM_END) < line.n)
			return slice_starts(line, PEM_END) ? NULL : INDENTED;
		if (length(line) == 0)
			return "a blank line inside";
		if (strict && (last || length(line) > WIDTH))
			return "lines of another length than 64";
		last = length(line) < WIDTH;
	}
	return NULL;
}

static const char *
pem(struct slice text)
{
	struct slice line, rest;
	int ended, strict;

	if (!slice_starts(raw_line(&text, &ended), PEM_BEGIN))
		return INDENTED;
	rest = text;
	line = raw_line(&rest, &ended);
	strict = length(line) == 0 || slice_find(line, ":") < line.n;
	while (strict && rest.n > 0 && length(line) > 0)
		line = raw_line(&rest, &ended);
	return pem_body(strict ? rest : text, strict);
}

static int
is_pkcs8_ed25519(const struct envelope *e, const struct key_type *type)
{
	return strcmp(e->format->name, "PKCS8") == 0 && (type != NULL ?
	    type->family == KEY_EDDSA && type->bits == 256 :
	    e->prot.kdf != KDF_NONE && e->sealed.n <= ED25519_ENCRYPTED);
}

struct key_loads
key_loads(const struct key_text *text, const struct envelope *e, const struct key_type *type,
    unsigned bits)
{
	struct key_loads odd = { NULL, NULL, NULL };
	const char *name = e->format->name, *both = NULL;

	if (text->found == KEY_MENDED)
		both = "not a key file before -F mended it";
	else if (strncmp(name, "PPK", 3) == 0)
		both = "PuTTY's format";
	else if (strcmp(name, "SSHCOM") == 0)
		both = "the format of ssh.com";
	else if (type != NULL && type->family == KEY_EDDSA && type->bits != 256)
		both = "ED448";
	else if (strcmp(name, "OPENSSH") == 0)
		odd = openssh(text, e, type);
	else if (text->found == KEY_IN_DER)
		both = "DER";
	else
		both = odd.libcrypto = pem(text->text);
	if (is_pkcs8_ed25519(e, type))
		both = "ED25519 in PKCS8 (ssh reads it since 9.6)";
	else if (both == NULL && e->prot.cipher != NULL && e->prot.cipher->key == 8)
		both = "encrypted with single DES";
	if (both != NULL)
		odd.ssh = odd.libssh2 = both;
	if (odd.ssh == NULL && type != NULL && type->family == KEY_RSA && bits > 0 && bits < 1024)
		odd.ssh = "RSA under 1024 bits";
	return odd;
}
