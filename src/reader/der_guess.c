#include "reader/der_guess.h"
#include "base/error.h"
#include "encoding/der.h"
#include "encoding/pem.h"

#include <string.h>

#define TAGS 9

/* The tags that each begins with: 2 INTEGER, 3 BIT STRING, 4 OCTET STRING, 0x30 SEQUENCE. Where one
 * is the beginning of another, the longer one is first. */
static const struct {
	const char *tags, *label;
} outlines[] = {
	{ "\2\2\2\2\2\2\2\2\2", "RSA PRIVATE KEY" },
	{ "\2\2\2\2\2\2", "DSA PRIVATE KEY" },
	{ "\2\2", "RSA PUBLIC KEY" },
	{ "\2\4", "EC PRIVATE KEY" },
	{ "\2\x30\4", "PRIVATE KEY" },
	{ "\x30\4", "ENCRYPTED PRIVATE KEY" },
	{ "\x30\3", "PUBLIC KEY" },
};

int
der_guess_pem(struct slice der, struct buffer *text)
{
	struct slice rest = der, in, skipped;
	char tags[TAGS + 1] = "";
	size_t i;

	if (der_get(&rest, DER_SEQUENCE, &in) != 0 || rest.n != 0)
		return 0;
	for (i = 0; i < TAGS && in.n > 0; i++) {
		tags[i] = (char)in.p[0];
		if (der_get(&in, in.p[0], &skipped) != 0)
			return 0;
	}
	for (i = 0; i < sizeof outlines / sizeof outlines[0]; i++)
		if (slice_starts(slice_str(tags), outlines[i].tags))
			return pem_frame(text, outlines[i].label, der, 64) == 0 ? 1 : ERROR_MEMORY;
	return 0;
}
