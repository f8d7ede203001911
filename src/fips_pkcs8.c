#include "fips_pkcs8.h"
#include "key_error.h"
#include "key_seal.h"

#include <string.h>

int
fips_pkcs8_already(const struct envelope *e)
{
	const struct protection *p = &e->prot;

	return strcmp(e->format->name, "PKCS8") == 0 && p->kdf == KDF_PBKDF2 &&
	    strcmp(p->digest, "SHA256") == 0 && p->salt_n >= 16 &&
	    p->rounds >= FIPS_PKCS8_ROUNDS_MIN && strncmp(p->cipher->ssh, "aes", 3) == 0;
}

int
fips_pkcs8_may_load(const struct envelope *e)
{
	const enum kdf kdf = e->prot.kdf;

	return (strcmp(e->format->name, "PKCS8") == 0 && (kdf == KDF_NONE || kdf == KDF_PBKDF2)) ||
	    (strcmp(e->format->name, "PEM") == 0 && kdf == KDF_NONE);
}

int
fips_pkcs8_make(const struct key *k, const char *cipher, uint32_t rounds,
    struct slice pass, struct buffer *text)
{
	return key_seal(k, key_format_named("PKCS8", KEY_PRIVATE | KEY_WRITE), cipher, rounds,
	    pass, text);
}

int
fips_pkcs8_put(struct buffer *line, struct slice text)
{
	struct envelope e = ENVELOPE_EMPTY;
	const int r = key_format_open(key_format_named("PKCS8", KEY_PRIVATE | KEY_WRITE), text, &e);

	buffer_puts(line, "in PKCS8 format, encryption: ");
	if (r == KEY_OK)
		protection_put(line, &e.prot);
	buffer_put(line, "", 1);
	envelope_free(&e);
	return r == KEY_OK && line->failed ? KEY_E_MEMORY : r;
}

int
fips_pkcs8_command(struct buffer *line, const struct key_format *f, const char *cipher,
    int sealed)
{
	if (strcmp(f->name, "PEM") != 0 && strcmp(f->name, "PKCS8") != 0) {
		buffer_puts(line, "no openssl command does this: it cannot read ");
		buffer_puts(line, f->name);
		return buffer_puts(line, " format");
	}
	buffer_puts(line, "equivalent: openssl pkcs8 -topk8 ");
	buffer_puts(line, sealed ? "-v2 " : "-nocrypt");
	buffer_puts(line, !sealed ? "" : cipher != NULL ? cipher : "aes128");
	return buffer_puts(line, " -in KEY -out NEW");
}
