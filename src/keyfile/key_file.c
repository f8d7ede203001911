#include "keyfile/key_file.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/secret.h"
#include "crypto/cipher.h"
#include "crypto/key_check.h"
#include "crypto/key_complete.h"

#include <stdio.h>

#define SALT 16
#define PBKDF2_LEAST 1000       /* SP 800-132 section 5.2, and libcrypto's limit */

static int
mac_header(const struct key_file *f, size_t n, struct buffer *header)
{
	return f->format->mac_header != NULL ? f->format->mac_header(f, n, header) : ERROR_NONE;
}

int
key_file_decrypt(const struct key_file *f, struct slice pass, struct buffer *plain)
{
	struct buffer header = BUFFER_EMPTY;
	int r = mac_header(f, f->encrypted.n, &header);

	if (r == ERROR_NONE)
		r = cipher_decrypt(&f->protection, pass, buffer_slice(&header), f->encrypted, plain);
	buffer_free(&header);
	return r;
}

/* Whether the error r of text decrypted without a MAC may mean a wrong passphrase as well as
 * damage. If the file states the public half and the private half has its shape, the passphrase was
 * right. */
static int
is_undecided(const struct key_file *f, int r)
{
	return f->protection.kdf != KDF_NONE && f->protection.mac == MAC_NONE &&
	    (r == ERROR_MALFORMED ||
	    (f->blob.bytes.n == 0 && (r == ERROR_INVALID || r == ERROR_MISMATCH)));
}

/* Decrypts, decodes and completes k; then checks its numbers or, if same is not NULL, that k equals
 * same. */
static int
read_key(const struct key_file *f, struct slice pass, const struct key *same, struct key *k)
{
	struct key_parts parts = KEY_PARTS_EMPTY;
	struct buffer plain = BUFFER_EMPTY;
	int r = key_file_decrypt(f, pass, &plain);

	if (r == ERROR_NONE) {
		if ((r = format_decode(f, buffer_slice(&plain), &parts)) == ERROR_NONE &&
		    (r = key_complete(&parts, k)) == ERROR_NONE)
			r = same == NULL ? key_check(k) : key_same(same, k) ? ERROR_NONE : ERROR_MISMATCH;
		r = is_undecided(f, r) ? ERROR_PASSPHRASE : r;
	}
	key_parts_free(&parts);
	buffer_free(&plain);
	return r;
}

int
key_file_read(const struct key_file *f, struct passphrase *pass, const char *subject, struct key *k)
{
	const int encrypted = f->protection.kdf != KDF_NONE;
	int r;

	if (f->encrypted.n == 0)
		return ERROR_NOT_PRIVATE;
	if (encrypted && (r = passphrase_read(pass, subject, 0)) != ERROR_NONE)
		return r;
	if (encrypted && pass->text.n == 0)
		return pass->kind == PASSPHRASE_NONE ? ERROR_NO_PASSPHRASE : ERROR_BLANK_PASSPHRASE;
	r = read_key(f, encrypted ? buffer_slice(&pass->text) : slice_str(""), NULL, k);
	secret_stack();
	return r;
}

int
key_file_read_public(const struct key_file *f, struct passphrase *pass, const char *subject,
    struct key *k)
{
	int r;

	if (f->blob.bytes.n > 0 && (f->encrypted.n == 0 ||
	    (f->protection.kdf != KDF_NONE && pass->kind == PASSPHRASE_UNSET))) {
		r = key_set_public(k, f->blob.bytes);
		return r == ERROR_NONE ? key_set_comment(k, f->comment) : r;
	}
	if ((r = key_file_read(f, pass, subject, k)) == ERROR_NONE && f->blob.bytes.n > 0)
		r = key_set_public(k, f->blob.bytes);   /* which may be a certificate */
	return r;
}

/* openssl's name for aes128-cbc is "aes128". */
static const struct cipher *
cipher_named(const char *name, const char *usual)
{
	const struct cipher *c = protection_cipher(slice_str(name));
	char cbc[32];

	if (c == NULL && strstr(usual, "-cbc") != NULL &&
	    snprintf(cbc, sizeof cbc, "%s-cbc", name) < (int)sizeof cbc)
		c = protection_cipher(slice_str(cbc));
	return c;
}

static int
choose_protection(const struct key_file_form *form, struct protection *prot)
{
	const struct format *f = form->format;

	*prot = (struct protection){ .kdf = f->encryption.kdf, .digest = f->encryption.digest,
	    .salt_n = SALT, .rounds = form->rounds != 0 ? form->rounds : f->encryption.rounds,
	    .r = f->encryption.r, .p = f->encryption.p };
	if (prot->kdf == KDF_NONE)
		return ERROR_NO_ENCRYPTION;
	if (form->rounds != 0 && f->encryption.rounds == 0)
		return ERROR_NO_ROUNDS;
	if (form->rounds != 0 && form->rounds < PBKDF2_LEAST && prot->kdf == KDF_PBKDF2)
		return ERROR_FEW_ROUNDS;
	prot->cipher = cipher_named(form->cipher != NULL ? form->cipher : f->encryption.cipher,
	    f->encryption.cipher);
	if (prot->cipher == NULL || !f->accepts_cipher(prot->cipher))
		return ERROR_CIPHER;
	return protection_check(prot);
}

int
key_file_encrypt(struct key_file *f, struct slice plain, struct slice pass, struct buffer *text)
{
	struct buffer header = BUFFER_EMPTY, encrypted = BUFFER_EMPTY;
	int r;

	if ((r = mac_header(f, plain.n, &header)) == ERROR_NONE &&
	    (r = cipher_encrypt(&f->protection, pass, buffer_slice(&header), plain, &encrypted)) == ERROR_NONE) {
		f->encrypted = buffer_slice(&encrypted);
		r = f->format->frame(f, text);
	}
	f->encrypted = slice_of(NULL, 0);
	buffer_free(&header);
	buffer_free(&encrypted);
	return r;
}

static int
write_text(const struct key *k, const struct key_file_form *form, struct slice pass, struct buffer *text)
{
	const struct format *format = form->format;
	struct key_file f = { .format = format };
	struct buffer plain = BUFFER_EMPTY, shown = BUFFER_EMPTY;
	int r = ERROR_NONE;

	if (pass.n > 0)
		r = choose_protection(form, &f.protection);
	f.protection.mac = format->mac;
	if (r == ERROR_NONE && escape_put(&shown, buffer_slice(&k->comment)) != 0)
		r = shown.failed;
	f.comment = buffer_slice(&shown);
	if (r == ERROR_NONE && (r = key_blob_parse(buffer_slice(&k->pub), &f.blob)) == ERROR_NONE &&
	    (pass.n > 0 || format->needs_random))
		r = cipher_randomize(&f.protection);
	if (r == ERROR_NONE && (r = format->encode(k, &f, &plain)) == ERROR_NONE)
		r = key_file_encrypt(&f, buffer_slice(&plain), pass, text);
	buffer_free(&plain);
	buffer_free(&shown);
	secret_stack();
	return r;
}

static int
prove(const struct key *k, const struct format *format, struct slice pass, struct slice text)
{
	struct key_file f = KEY_FILE_EMPTY;
	struct key again = KEY_EMPTY;
	int r;

	if ((r = format_parse(format, text, &f)) == ERROR_NONE)
		r = read_key(&f, pass, k, &again);
	key_free(&again);
	format_free(&f);
	return r;
}

int
key_file_write(const struct key *k, const struct key_file_form *form, struct slice pass,
    struct buffer *text)
{
	const size_t from = text->n;
	int r = write_text(k, form, pass, text);
	struct slice written = slice_skip(buffer_slice(text), from);

	if (r == ERROR_NONE)
		r = form->prove != NULL ? form->prove(k, written, pass, form->proof) : prove(k, form->format, pass, written);
	if (r != ERROR_NONE)
		buffer_truncate(text, from);
	return r;
}
