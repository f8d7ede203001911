#include "keyfile/fips_pkcs8.h"
#include "format/format.h"

#include <string.h>

int
fips_pkcs8_already(const struct key_file *f)
{
	const struct protection *p = &f->protection;

	return f->format == &format_pkcs8_private && p->kdf == KDF_PBKDF2 &&
	    strcmp(p->digest, "SHA256") == 0 && p->salt_n >= 16 &&
	    p->rounds >= FIPS_PKCS8_ROUNDS_MIN && strncmp(p->cipher->ssh, "aes", 3) == 0;
}
