/*
 * key_input: the keys of a filter's operands, one after the other.
 */
#ifndef KEY_INPUT_H
#define KEY_INPUT_H

#include "base/buffer.h"
#include "reader/key_reader.h"

struct key_input {
	char *const *file;      /* operands still to read; NULL ends them */
	int reading;            /* enum key_reading */
	int fd;                 /* of the one that is being read, or -1 */
	int spoken;             /* a key or a complaint came of it */
	const char *name;
	struct key_reader reader;
	unsigned long line, last;       /* of the last key or error; 0: none */
	struct buffer names;    /* KEY_MAILED: what the files say of their keys (key_received.h) */
	struct buffer subject;  /* what key_input_subject gives */
};

/* key_input_init: files is a NULL-ended list; an empty one means standard
 * input, as "-" does. reading is an enum key_reading. */
void key_input_init(struct key_input *in, char *const *files, int reading);

/* key_input_next: as key_reader_next, file after file: 1 and the next key, 0 after the last one, or
 * a error. The caller reports that of key_input_subject(in) and goes on. ERROR_EMPTY if a file
 * has no key. */
int key_input_next(struct key_input *in, struct key_file *f);

/* key_input_subject: what a message begins with: the file, and the line or lines if
 * that tells more. Holds until the next call; errno stays. */
const char *key_input_subject(struct key_input *in);

/* key_input_repairs: appends what was forgiven in the file that is being read, or was last
 * (lenient.h), the first time that it is asked. 1, or 0 for nothing. */
int key_input_repairs(struct key_input *in, struct buffer *words);

/* key_input_only: the input's one key, a private one; copy gets its text, into which f then points.
 * Returns 0 or an error: ERROR_SEVERAL if there is a second key, ERROR_NOT_PRIVATE for a public
 * one. */
int key_input_only(struct key_input *in, struct key_file *f, struct buffer *copy);

void key_input_free(struct key_input *in);

/* key_input_public: the one public key in the input, of a type that we know and
 * no certificate, its point on its curve: appends its blob, and it as a line of OPENSSH
 * format, without options that it came with. Returns 0 or an enum error; ERROR_SEVERAL
 * where its options or its comment have another key in them, too, or, with KEY_MAILED, anything
 * in the input has. */
int key_input_public(struct key_input *in, struct buffer *bytes, struct buffer *line);

#endif
