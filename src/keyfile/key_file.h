/*
 * key_file: from a parsed private key file to its key, and from a key to the text of one.
 *
 * Nothing decrypted is looked at before its MAC verifies, and nothing that is written is given
 * away before it has been read back and is the same key.
 */
#ifndef KEY_FILE_H
#define KEY_FILE_H

#include "base/passphrase.h"
#include "format/format.h"

/* key_file_read: decrypts, decodes, completes and checks the private key, with a passphrase only
 * if it is encrypted. subject names the file in a prompt. Returns 0 or an error. */
int key_file_read(const struct key_file *f, struct passphrase *pass, const char *subject, struct key *k);

/* key_file_read_public: gives k the public half, or the file's certificate in its place, and the
 * comment where it is in the clear or a passphrase was offered; the halves are then compared. Asks
 * only if the public half itself is encrypted. */
int key_file_read_public(const struct key_file *f, struct passphrase *pass, const char *subject,
    struct key *k);

/* key_file_decrypt: the private part, decrypted and its MAC verified. pass is not looked at where
 * nothing is encrypted. Returns as cipher_decrypt does. */
int key_file_decrypt(const struct key_file *f, struct slice pass, struct buffer *plain);

/* How a file is written. */
struct key_file_form {
	const struct format *format;
	const char *cipher;     /* a name, or NULL for the format's own */
	uint32_t rounds;        /* or 0 for the format's own */

	/* prove: 0 if text holds k. NULL: the text is read back here. */
	int (*prove)(const struct key *k, struct slice text, struct slice pass);
};

/* key_file_write: appends the text of a file of this form that holds k, encrypted under pass unless
 * that is empty, after it has been read back. Derives a key twice. Returns 0, or with text as it
 * was ERROR_NO_ENCRYPTION where the format cannot be encrypted, ERROR_NO_ROUNDS, ERROR_FORMAT where
 * it cannot hold such a key, ERROR_MISMATCH where another key was read back, or another error. */
int key_file_write(const struct key *k, const struct key_file_form *form, struct slice pass,
    struct buffer *text);

/* key_file_encrypt: appends the file of f's format, blob, comment and protection with this private
 * part. For who has these parts, and no key. */
int key_file_encrypt(struct key_file *f, struct slice plain, struct slice pass, struct buffer *text);

#endif
