/*
 * key_deviation: why OpenSSH's ssh, or libssh2, with which ascp reads keys, does not load a private
 * key file as it is. Measured: OpenSSH 9.2, libssh2 1.10, OpenSSL 3.0, which reads PEM and PKCS8 for
 * both (t/system/s1810-forms.bats). What they require of a file:
 *
 *	OPENSSH		ssh		the first line at the first byte, and the last line, exactly as
 *					ssh-keygen writes them, each with its LF and no CR
 *			libssh2		the same lines anywhere, with LF, CRLF or the end of the file;
 *					no AEAD ciphers, and no FIDO keys
 *	PEM, PKCS8	both		both lines at the beginning of a line; a blank line only after
 *					the first line or the headers, and then lines of 64 characters;
 *					no single DES
 *	PKCS8		both		neither Ed25519 nor Ed448; ssh reads Ed25519 since 9.6
 */
#ifndef KEY_DEVIATION_H
#define KEY_DEVIATION_H

#include "format/format.h"

/* If a reader refuses several deviations of a file, key_deviation_phrase tells the first in this
 * order. */
enum key_deviation {
	KEY_DEVIATION_MENDED = 1 << 0,
	KEY_DEVIATION_FORMAT = 1 << 1,          /* a format that only xferkey reads */
	KEY_DEVIATION_ED448 = 1 << 2,
	KEY_DEVIATION_ED25519 = 1 << 3,         /* in PKCS8 */
	KEY_DEVIATION_DER = 1 << 4,
	KEY_DEVIATION_BOM = 1 << 5,
	KEY_DEVIATION_FIDO = 1 << 6,
	KEY_DEVIATION_BEFORE = 1 << 7,          /* lines before the key */
	KEY_DEVIATION_CRLF = 1 << 8,
	KEY_DEVIATION_INDENTED = 1 << 9,
	KEY_DEVIATION_BLANKS = 1 << 10,         /* at line ends */
	KEY_DEVIATION_EMPTY = 1 << 11,          /* a blank line inside */
	KEY_DEVIATION_WIDTH = 1 << 12,
	KEY_DEVIATION_UNENDED = 1 << 13,        /* no newline */
	KEY_DEVIATION_GCM = 1 << 14,
	KEY_DEVIATION_CHACHA = 1 << 15,
	KEY_DEVIATION_DES = 1 << 16,
	KEY_DEVIATION_SHORT = 1 << 17,          /* RSA under 1024 bits */
	KEY_DEVIATION_TYPE = 1 << 18,           /* a type that OpenSSH does not know */
	KEY_DEVIATION_OPAQUE = 1 << 19,         /* a type that libssh2 does not know */
	KEY_DEVIATION_SECOND = 1 << 20,         /* a later key of the file; set by callers */

	/* the deviations that libcrypto's reader of PEM refuses */
	KEY_DEVIATION_PEM = KEY_DEVIATION_MENDED | KEY_DEVIATION_DER | KEY_DEVIATION_INDENTED |
	    KEY_DEVIATION_EMPTY | KEY_DEVIATION_WIDTH
};

enum key_deviation_reader { KEY_DEVIATION_SSH = 1, KEY_DEVIATION_LIBSSH2 = 2 };

/* key_deviation_judge: sets f->deviations of a private key file. Before the call, f->deviations
 * tells how f was read (KEY_DEVIATION_MENDED, _DER, _BOM). If the key's type and length are not
 * known, type is NULL and bits is 0. */
void key_deviation_judge(struct key_file *f, const struct key_type *type, unsigned bits);

/* key_deviation_phrase: returns the reason why reader does not load f, or NULL if reader loads f.
 * Requires the deviations that key_deviation_judge sets. */
const char *key_deviation_phrase(const struct key_file *f, enum key_deviation_reader reader);

#endif
