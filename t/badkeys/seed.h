/*
 * seed: a good key file, taken apart in every way in which it can be spoilt.
 */
#ifndef SEED_H
#define SEED_H

#include "key_format.h"
#include "tree.h"

struct seed {
	char name[48];
	int sealed;             /* with the passphrase */
	int private;
	struct slice text;
	struct slice head, foot; /* around the base64, of a PuTTY file the public half's */
	struct buffer body;     /* what the base64 holds; empty: it makes not the whole key */
	size_t width;           /* of a base64 line; 0: one line, no end */
	struct tree tree;       /* of body; empty: it is encrypted as a whole */
	struct envelope e;
	struct buffer plain;    /* the private part, decrypted */
	struct tree inner;      /* of plain; empty: it cannot be sealed again */
	struct tree pub;        /* of a public half that the mac covers, else empty */
	struct key key;
	struct buffer file;
};

#define SEED_EMPTY { .body = BUFFER_EMPTY, .e = ENVELOPE_EMPTY, .plain = BUFFER_EMPTY, \
	.key = KEY_EMPTY, .file = BUFFER_EMPTY }

/* seed_read: reads the file at path and takes it apart; pass unlocks it.
 * Returns 0, or a phrase that says what is wrong. */
const char *seed_read(struct seed *s, const char *path, const char *name, struct slice pass);

/* seed_armour: appends the text around another body. */
int seed_armour(const struct seed *s, struct slice body, struct buffer *text);

/* seed_seal: appends the text of the file with another private part and public
 * half, encrypted and with a mac as its own. */
int seed_seal(const struct seed *s, struct slice plain, struct slice pub, struct slice pass,
    struct buffer *text);

/* seed_is_twin: it is not spoilt itself, but lends its public half. */
int seed_is_twin(const struct seed *s);

#endif
