/*
 * output: how mains say and write results. A function that returns a status has said what went
 * wrong.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "base/passphrase.h"
#include "reader/key_input.h"

/* output_error: says the error r of the file subject, or of the source of its passphrase if r is
 * about that; pass may be NULL. Returns STATUS_TROUBLE. */
int output_error(const struct passphrase *pass, const char *subject, int r);

/* output_keys: gives put every key of the files and what key_input_next returned, and writes what
 * put appends to out, unless out is NULL, to standard output. reading is an enum key_reading. What
 * was repaired in a file is said once, after a key of it was good. Returns the worst status. */
typedef int output_put(void *job, struct key_file *f, int r, struct key_input *in);
int output_keys(char *const *files, int reading, struct buffer *out, output_put *put, void *job);

/* output_repairs: says, once for each file, what was repaired in it. */
void output_repairs(struct key_input *in);

/* output_passphrase: reads a new passphrase for the file subject, and warns of one under 8
 * characters. Returns a status. */
int output_passphrase(struct passphrase *pass, const char *subject);

/* output_check: ends the process if a private key cannot be written there: path, or path.pub if pub
 * is not 0, exists, or cannot be created in its directory; or path is NULL and standard output is a
 * terminal, or a regular file that belongs to another user or that group or others can read. The
 * write checks again. */
void output_check(const char *path, int pub);

/* output_key: writes a private key file's text to path, or if that is NULL to standard output; and
 * the public half's text, unless that is empty, to path.pub. Returns a status. */
int output_key(const char *path, struct slice text, struct slice pub_text);

/* output_flush: writes what out holds to standard output and empties it; with last also closes it.
 * Returns a status; a pipe that nobody reads any more is STATUS_TROUBLE without a message. */
int output_flush(struct buffer *out, int last);

#endif
