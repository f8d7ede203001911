/*
 * key_input: the keys of a filter's operands, one after the other.
 */
#ifndef KEY_INPUT_H
#define KEY_INPUT_H

#include "reader/key_reader.h"

struct key_input {
	char *const *file;      /* operands that are still to be read; NULL ends them */
	int reading;            /* enum key_reading */
	int fd;                 /* of the file that is being read, or -1 */
	int spoken;             /* 1: the file gave a key or an error */
	const char *name;
	struct key_reader reader;
	unsigned long line, last;       /* lines of the last key or error; 0: none */
	struct buffer names;    /* KEY_MAILED: the lines from key_received_check */
	struct buffer subject;  /* holds the result of key_input_subject */
};

/* key_input_init: files is a NULL-ended list; an empty one means standard
 * input, as "-" does. reading is an enum key_reading. */
void key_input_init(struct key_input *in, char *const *files, int reading);
void key_input_free(struct key_input *in);

/* key_input_next: calls key_reader_next for file after file, and returns its result; or ERROR_EMPTY
 * or ERROR_ATTACHED if a file has no key. After an error the caller reports it with
 * key_input_subject(in), and may call again. */
int key_input_next(struct key_input *in, struct key_file *f);

/* key_input_subject: the beginning of a message: the file and, except for line 1, the line or
 * lines. Valid until the next call; keeps errno. */
const char *key_input_subject(struct key_input *in);

/* key_input_repairs: appends the names of the faults (lenient.h) that were mended in the current or
 * last file, once for each file. Returns 1, or 0 if it has nothing to append. */
int key_input_repairs(struct key_input *in, struct buffer *words);

/* key_input_only: reads the only key of the input, a private key, into f, and appends its text to
 * copy, where f->text then points. Returns 0 or an error: ERROR_SEVERAL if there is a second key,
 * ERROR_NOT_PRIVATE for a public key. */
int key_input_only(struct key_input *in, struct key_file *f, struct buffer *copy);

/* key_input_public: reads the only key of the input, a public key of a known type, no certificate,
 * with its point on its curve. With KEY_MAILED, the same key may occur again. Appends its blob to
 * bytes, its line in OPENSSH format, without its options, to line, and the options to options.
 * Returns 0 or an error: ERROR_SEVERAL also if its options, its comment or, with KEY_MAILED, any
 * text of the input contains another key. */
int key_input_public(struct key_input *in, struct buffer *bytes, struct buffer *line,
    struct buffer *options);

#endif
