/*
 * spoil: every way to spoil a seed, each handed on under a name of its own.
 */
#ifndef SPOIL_H
#define SPOIL_H

#include "seed.h"

/* How far a filter must look to see what is wrong. */
enum depth {
	DEPTH_NONE,             /* nothing is: the seed itself */
	DEPTH_OPEN,             /* format and structure of the file */
	DEPTH_DECODE,           /* of the private part */
	DEPTH_CHECK             /* arithmetic, or a passphrase */
};

enum with { WITH_PASS, WITH_WRONG, WITH_NONE };

struct input {
	const struct seed *seed;
	char name[160];         /* "SEED: PLACE: what" */
	enum depth depth;
	enum with with;         /* the passphrase that is given */
	struct slice text;
};

struct spoiler {
	const struct seed *seed;
	struct slice pass;
	const struct seed *twin;        /* another key of the same type, or NULL */
	int whole;                      /* also what is the same for all keys of a format */
	int all;                        /* also what is slow */
	void (*take)(void *arg, const struct input *in);
	void *arg;
};

/* spoil_structure: lies about every length, and what every element must not
 * hold; with whole also in what is sealed, and every truncation. */
void spoil_structure(const struct spoiler *s);

/* spoil_halves: the twin's public half in place of the seed's own. */
void spoil_halves(const struct spoiler *s);

/* spoil_text: the lines of the file, its armour, base64, headers. */
void spoil_text(const struct spoiler *s);

/* spoil_hand: hands one input on; place and what become its name. */
void spoil_hand(const struct spoiler *s, const char *place, const char *what,
    enum depth depth, enum with with, struct slice text);

#endif
