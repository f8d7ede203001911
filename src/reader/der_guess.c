#include "reader/der_guess.h"
#include "base/error.h"
#include "encoding/der.h"
#include "encoding/pem.h"

#include <string.h>

#define INTEGER "\x02"
#define BITS "\x03"
#define OCTETS "\x04"
#define SEQUENCE "\x30"
#define TAGS 9

/* The tags that each begins with; where one is the beginning of another, the
 * longer one is first. */
static const struct {
	const char *tags, *label;
} outlines[] = {
	{ INTEGER INTEGER INTEGER INTEGER INTEGER INTEGER INTEGER INTEGER INTEGER,
	    "RSA PRIVATE KEY" },
	{ INTEGER INTEGER INTEGER INTEGER INTEGER INTEGER, "DSA PRIVATE KEY" },
	{ INTEGER INTEGER, "RSA PUBLIC KEY" },
	{ INTEGER OCTETS, "EC PRIVATE KEY" },
	{ INTEGER SEQUENCE OCTETS, "PRIVATE KEY" },
	{ SEQUENCE OCTETS, "ENCRYPTED PRIVATE KEY" },
	{ SEQUENCE BITS, "PUBLIC KEY" },
};

size_t
der_guess_size(struct slice head)
{
	size_t n, octets, i;

	if (head.n < 2 || head.p[0] != DER_SEQUENCE)
		return 0;
	n = head.p[1];
	if (n < 0x80)
		return 2 + n;
	octets = n & 0x7f;
	if (octets < 1 || octets > 3 || head.n < 2 + octets)
		return 0;
	for (n = 0, i = 0; i < octets; i++)
		n = n << 8 | head.p[2 + i];
	return 2 + octets + n;
}

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
		if (strncmp(tags, outlines[i].tags, strlen(outlines[i].tags)) == 0)
			return pem_frame(text, outlines[i].label, der, 64) == 0 ? 1 : ERROR_MEMORY;
	return 0;
}
