/*
 * keyfile: the library's part of badkeys and of the fuzzing: parses key files, and encrypts changed private parts.
 *
 *	keyfile PASS-FILE       answers requests on standard input, a line each, bytes in hex, "-" for none:
 *		open PATH               the file's format, type, kdf, the cipher's block, whether it is one line and has a
 *					MAC; its public blob, its private part, decrypted, and the key's public blob
 *		seal N PRIVATE PUBLIC   the text of the Nth file with another private part and public blob
 *	keyfile -f              prints every fact that a message can state, one a line
 *	keyfile -d              writes what the fuzz target decode takes of an unprotected private key; status 1 for others
 */
#include "base/error.h"
#include "crypto/crypto.h"
#include "crypto/key_complete.h"
#include "encoding/ssh_wire.h"
#include "format/format.h"
#include "keyfile/key_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 64

const char die_tool[] = "keyfile";

struct file {
	struct key_file f;
	struct buffer text, plain;
	struct key key;
};

#define FILE_EMPTY { KEY_FILE_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, KEY_EMPTY }

static struct file files[FILES_MAX];

static const char *const kdfs[] = { [KDF_NONE] = "none", [KDF_BCRYPT] = "bcrypt", [KDF_PBKDF2] = "pbkdf2",
	[KDF_DEK] = "dek" };

static void
read_all(FILE *in, struct buffer *to)
{
	unsigned char chunk[4096];
	size_t n;

	while (in != NULL && (n = fread(chunk, 1, sizeof chunk, in)) > 0)
		buffer_put(to, chunk, n);
}

static void
put_hex(struct slice s, char end)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		printf("%02x", s.p[i]);
	printf("%s%c", s.n == 0 ? "-" : "", end);
}

static struct slice
get_hex(const char *text, struct buffer *to)
{
	unsigned byte;
	unsigned char c;

	for (; *text != '-' && sscanf(text, "%2x", &byte) == 1; text += 2) {
		c = (unsigned char)byte;
		buffer_put(to, &c, 1);
	}
	return buffer_slice(to);
}

static int
open_key(struct file *f, struct slice pass)
{
	struct key_parts parts = KEY_PARTS_EMPTY;
	struct slice line = buffer_slice(&f->text);
	const struct format *format;
	int e;

	line = slice_line(&line);
	if ((format = format_recognizing(line)) == NULL ||
	    format_parse(format, buffer_slice(&f->text), &f->f) != 0)
		return -1;
	if (!(format->can & FORMAT_PRIVATE))
		return key_set_public(&f->key, f->f.blob.bytes);
	if (key_file_decrypt(&f->f, f->f.protection.kdf != KDF_NONE ? pass : slice_str(""), &f->plain) != 0)
		return -1;
	if ((e = format->decode(&f->f, buffer_slice(&f->plain), &parts)) == 0)
		e = key_complete(&parts, &f->key);
	key_parts_free(&parts);
	return e;
}

static void
answer_open(struct file *f, const char *path, struct slice pass)
{
	const struct protection *prot = &f->f.protection;
	FILE *in = fopen(path, "rb");
	const char *kdf;

	*f = (struct file)FILE_EMPTY;
	read_all(in, &f->text);
	if (in == NULL || fclose(in) != 0 || open_key(f, pass) != 0) {
		printf("no good key file: %s\n", path);
		return;
	}
	kdf = prot->kdf < sizeof kdfs / sizeof kdfs[0] ? kdfs[prot->kdf] : NULL;
	printf("%s %s %s %zu %d %d ", f->f.format->name, f->key.type->name, kdf != NULL ? kdf : "other",
	    prot->cipher != NULL ? (size_t)prot->cipher->block : 8, f->f.format->end_line == NULL,
	    f->f.format->mac != MAC_NONE);
	put_hex(f->f.blob.bytes, ' ');
	put_hex(buffer_slice(&f->plain), ' ');
	put_hex(buffer_slice(&f->key.pub), '\n');
}

static void
answer_seal(const struct file *f, const char *plain_hex, const char *pub_hex, struct slice pass)
{
	struct buffer plain_bytes = BUFFER_EMPTY, pub_bytes = BUFFER_EMPTY, text = BUFFER_EMPTY;
	struct slice plain = get_hex(plain_hex, &plain_bytes), pub = get_hex(pub_hex, &pub_bytes);
	struct key_file new = f->f;

	(void)key_blob_parse(pub, &new.blob);   /* it may be damaged, but must have a name */
	new.blob.bytes = pub;
	if (new.protection.kdf == KDF_NONE)
		pass = slice_str("");
	if ((pub.n > 0 && new.blob.name.n == 0) || key_file_encrypt(&new, plain, pass, &text) != 0)
		buffer_truncate(&text, 0);
	put_hex(buffer_slice(&text), '\n');
	buffer_free(&plain_bytes);
	buffer_free(&pub_bytes);
	buffer_free(&text);
}

static void
answer(struct slice pass)
{
	static char line[1 << 20];
	char *word[4];
	size_t n = 0, i;

	while (fgets(line, sizeof line, stdin) != NULL) {
		for (i = 0; i < 4; i++)
			word[i] = strtok(i == 0 ? line : NULL, " \n");
		if (strcmp(word[0], "seal") == 0)
			answer_seal(&files[strtoul(word[1], NULL, 10)], word[2], word[3], pass);
		else if (n < FILES_MAX)
			answer_open(&files[n++], word[1], pass);
		(void)fflush(stdout);
	}
}

static int
decode_seed(struct file *f)
{
	struct buffer out = BUFFER_EMPTY;
	unsigned char format = 0, type = 0;

	*f = (struct file)FILE_EMPTY;
	read_all(stdin, &f->text);
	if (open_key(f, slice_str("")) != 0 || f->f.format->decode == NULL || f->f.protection.kdf != KDF_NONE)
		return 1;
	while (format_row(format) != f->f.format)
		format++;
	while (key_type_row(type) != f->f.type)
		type++;
	ssh_wire_put_u8(&out, format);
	ssh_wire_put_u8(&out, type);
	ssh_wire_put_string(&out, f->f.blob.bytes);
	buffer_put_slice(&out, f->f.encrypted);
	return fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0;
}

int
main(int argc, char **argv)
{
	char pass[128] = "";
	FILE *in;
	int e;

	if (argc != 2)
		return 2;
	crypto_init(0, NULL);
	if (strcmp(argv[1], "-d") == 0)
		return decode_seed(&files[0]);
	if (strcmp(argv[1], "-f") == 0) {
		for (e = ERROR_MEMORY; e <= ERROR_CRYPTO; e++)
			puts(error_text(e));
		return 0;
	}
	if ((in = fopen(argv[1], "r")) == NULL || fgets(pass, sizeof pass, in) == NULL)
		return 2;
	fclose(in);
	answer(slice_of(pass, strcspn(pass, "\n")));
	return 0;
}
