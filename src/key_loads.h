/*
 * key_loads: which other programs load a private key file as it stands: OpenSSH's ssh, and libssh2,
 * with which ascp reads keys. Measured: OpenSSH 9.2, libssh2 1.10 and OpenSSL 3.0, which reads PEM and
 * PKCS8 for both (t/s1810-forms.bats).
 *
 *	OPENSSH		ssh		the first line at the first byte, and the last line, exactly as
 *					ssh-keygen writes them, each with its LF and no CR
 *			libssh2		the same lines anywhere, with LF, CRLF or the end of the file;
 *					no AEAD ciphers, and no FIDO keys
 *	PEM, PKCS8	both		both lines at the beginning of a line; a blank line only after
 *					the first line or the headers, and behind it lines of 64;
 *					no single DES
 *	PKCS8		both		not Ed25519 and Ed448; ssh reads Ed25519 since 9.6
 */
#ifndef KEY_LOADS_H
#define KEY_LOADS_H

#include "key_format.h"
#include "key_reader.h"

/* What keeps each from loading a file, in words; NULL where it loads it. Of libcrypto alone only how
 * PEM and PKCS8 are written is told. */
struct key_loads {
	const char *ssh, *libssh2, *libcrypto;
};

/* key_loads: judges the file that text came from, and e was opened from. type may be NULL, and bits
 * 0, where they are not known. Decrypts nothing. */
struct key_loads key_loads(const struct key_text *text, const struct envelope *e,
    const struct key_type *type, unsigned bits);

#endif
