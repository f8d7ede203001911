/*
 * key_file: reads the key from a parsed private key file, and writes a key as the text of a file.
 *
 * Decrypted bytes are not looked at before their MAC is verified. A written text is not returned
 * before it has been read back and holds the same key.
 */
#ifndef KEY_FILE_H
#define KEY_FILE_H

#include "base/passphrase.h"
#include "format/format.h"

/* key_file_read: decrypts, decodes, completes and checks the private key. Reads the passphrase only
 * if the key is encrypted; subject names the file in a prompt. Returns 0 or an error. */
int key_file_read(const struct key_file *f, struct passphrase *pass, const char *subject, struct key *k);

/* key_file_read_public: sets k to the public half, or to the file's certificate in its place. If
 * the key is not encrypted or pass has a source, also reads the private half, for the comment, and
 * compares the halves. Asks for a passphrase only if the public half itself is encrypted. */
int key_file_read_public(const struct key_file *f, struct passphrase *pass, const char *subject,
    struct key *k);

/* key_file_decrypt: decrypts the private part and verifies its MAC. If nothing is encrypted, pass
 * is ignored. Returns as cipher_decrypt does. */
int key_file_decrypt(const struct key_file *f, struct slice pass, struct buffer *plain);

struct fips_proof;

/* How to write a file. */
struct key_file_form {
	const struct format *format;
	const char *cipher;     /* a name, or NULL for the format's default */
	uint32_t rounds;        /* or 0 for the format's default */

	/* prove: returns 0 if text holds k. If NULL, key_file_write reads the text back itself. */
	int (*prove)(const struct key *k, struct slice text, struct slice pass, struct fips_proof *proof);
	struct fips_proof *proof;       /* for prove */
};

/* key_file_write: appends the text of a file of this form that holds k, after the text was read
 * back; encrypts it under pass unless pass is empty. Derives a key twice. Returns 0, or an error
 * with text unchanged, such as:
 *
 *	ERROR_NO_ENCRYPTION	the format cannot be encrypted
 *	ERROR_NO_ROUNDS		the format has no rounds
 *	ERROR_FORMAT		the format cannot hold such a key
 *	ERROR_MISMATCH		another key was read back */
int key_file_write(const struct key *k, const struct key_file_form *form, struct slice pass,
    struct buffer *text);

/* key_file_encrypt: appends the text of a file with f's format, blob, comment and protection, and
 * with plain as its private part. For a caller that has these parts, but no struct key. */
int key_file_encrypt(struct key_file *f, struct slice plain, struct slice pass, struct buffer *text);

#endif
