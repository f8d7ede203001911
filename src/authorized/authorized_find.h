/*
 * authorized_find: the lines of an authorized_keys file that have the key of one fingerprint.
 */
#ifndef AUTHORIZED_FIND_H
#define AUTHORIZED_FIND_H

#include "authorized/authorized_keys.h"
#include "keyfile/fingerprint.h"

struct authorized_find {
	struct slice rest;              /* the text after the line that was found */
	const char *fingerprint, *hash;
	struct digest *digest;
	struct buffer blob, shown;
};

/* authorized_find_init: will look in text for the key of fingerprint, as fingerprint_put writes it.
 * Returns 0 or ERROR_CRYPTO; call authorized_find_free in both cases. */
int authorized_find_init(struct authorized_find *f, struct slice text, const char *fingerprint);

/* authorized_find_next: as authorized_keys_next, for the next line that has the key. */
int authorized_find_next(struct authorized_find *f, struct authorized_line *line);

void authorized_find_free(struct authorized_find *f);

#endif
