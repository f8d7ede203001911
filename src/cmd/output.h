/*
 * output: how mains print messages and results. A function that returns a status has already
 * printed what went wrong.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "base/passphrase.h"
#include "reader/key_input.h"

/* output_error: prints the error r of the file subject or, if r is about the passphrase, of its
 * source pass, which may be NULL. Returns STATUS_TROUBLE. */
int output_error(const struct passphrase *pass, const char *subject, int r);

/* output_keys: calls the callback put for every key of the files, with the result r of
 * key_input_next; the callback returns a status, and may append text to out. If out is not
 * NULL, writes its contents to standard output, and if out has failed, ends without a second
 * message. reading is an enum key_reading. Prints the repairs of a file once, after a good key of
 * it. Returns the worst status. */
typedef int output_put(void *job, struct key_file *f, int r, struct key_input *in);
int output_keys(char *const *files, int reading, struct buffer *out, output_put *put, void *job);

/* output_repairs: prints, once for each file, what was repaired in the file that is being read. */
void output_repairs(struct key_input *in);

/* output_dropped: prints which options of the only key in the file subject were dropped, if any. */
void output_dropped(const char *subject, struct buffer *options);

/* output_passphrase: reads a new passphrase for the file subject, and warns if it has fewer than 8
 * characters. Returns a status. */
int output_passphrase(struct passphrase *pass, const char *subject);

/* output_check: ends the process if a private key cannot be written to path:
 *
 *	path		exists, or its directory is not writable
 *	path.pub	exists, and pub is not 0
 *	path NULL	standard output is a terminal, or a regular file that belongs to another
 *			user or that group or others can read
 *
 * output_key checks again that neither file exists. */
void output_check(const char *path, int pub);

/* output_key: writes text, a private key file's, to path, or to standard output if path is NULL;
 * and pub_text, the public half's, to path.pub unless it is empty. Returns a status. */
int output_key(const char *path, struct slice text, struct slice pub_text);

/* output_flush: writes the contents of out to standard output and empties out; if last is not 0,
 * also closes standard output. Returns a status, without a message for a pipe without a reader. */
int output_flush(struct buffer *out, int last);

#endif
