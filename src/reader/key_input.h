/*
 * key_input: the keys of a filter's operands, one after the other.
 */
#ifndef KEY_INPUT_H
#define KEY_INPUT_H

#include "reader/key_reader.h"

struct key_input {
	char *const *file;      /* operands still to read; NULL ends them */
	int reading;            /* enum key_reading */
	int fd;                 /* of the one that is being read, or -1 */
	int spoken;             /* a key or an error came of it */
	const char *name;
	struct key_reader reader;
	unsigned long line, last;       /* of the last key or error; 0: none */
	struct buffer names;    /* KEY_MAILED: what the files say of their keys (key_received.h) */
	struct buffer subject;  /* what key_input_subject gives */
};

/* key_input_init: files is a NULL-ended list; an empty one means standard
 * input, as "-" does. reading is an enum key_reading. */
void key_input_init(struct key_input *in, char *const *files, int reading);
void key_input_free(struct key_input *in);

/* key_input_next: as key_reader_next, file after file. The caller reports an error of
 * key_input_subject(in) and goes on. ERROR_EMPTY if a file has no key. */
int key_input_next(struct key_input *in, struct key_file *f);

/* key_input_subject: what a message begins with: the file, and the line or lines if
 * that tells more. Holds until the next call; errno stays. */
const char *key_input_subject(struct key_input *in);

/* key_input_repairs: appends what was mended in the file that is being read, or was last
 * (lenient.h), the first time that it is asked. 1, or 0 for nothing. */
int key_input_repairs(struct key_input *in, struct buffer *words);

/* key_input_only: the input's one key, a private one; copy gets its text, into which f then points.
 * 0 or an error: ERROR_SEVERAL if there is a second key, ERROR_NOT_PRIVATE for a public one. */
int key_input_only(struct key_input *in, struct key_file *f, struct buffer *copy);

/* key_input_public: the input's one public key, of a type that we know, no certificate, its point
 * on its curve: appends its blob, and its line in OPENSSH format without the options that it came
 * with. 0 or an error; ERROR_SEVERAL also where its options or its comment have another key in
 * them, or, with KEY_MAILED, anything in the input has. */
int key_input_public(struct key_input *in, struct buffer *bytes, struct buffer *line);

#endif
