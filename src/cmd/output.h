/*
 * output: what mains share in saying and writing results; it speaks for them.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "base/buffer.h"
#include "base/passphrase.h"
#include "base/slice.h"
#include "reader/key_input.h"

/* output_repairs: says on standard error, once for each file, what was
 * forgiven in it. For after a key of it was good: what cannot be read is an
 * error, whatever was forgiven. */
void output_repairs(struct key_input *in);

/* output_passphrase: makes a new passphrase known (passphrase.h), for the file subject, and warns
 * of one under 8 characters. Returns a status, after saying what went wrong. */
int output_passphrase(struct passphrase *pass, const char *subject);

/* output_check: ends the process where a private key cannot go: path exists, or cannot be
 * created in its directory; or path is NULL and standard output is a terminal, or a regular file
 * that belongs to another user or that group or others can read. For saying so before a
 * passphrase is asked or a key is searched; the write checks again. */
void output_check(const char *path);

/* output_check_pair: the same for path and path.pub. */
void output_check_pair(const char *path);

/* output_private: writes a private key file's text to path, or where that is
 * NULL to standard output. Returns a status, after saying what went wrong. */
int output_private(const char *path, struct slice text);

/* output_pair: the same for path, and the public half's text to path.pub. */
int output_pair(const char *path, struct slice text, struct slice pub_text);

/* output_received: writes to standard output the one public key in the input, which is
 * read with KEY_MAILED, as a line of OPENSSH format without options; nothing where there
 * is anything else, or where the input says that it is for another account than account, if that is
 * not NULL, or has another SHA256 fingerprint. Returns a status, after saying what went wrong, or
 * what was forgiven. */
int output_received(struct key_input *in, const char *account);

/* output_line: writes it and LF to standard output, and closes it. Returns a status, as
 * output_flush does. */
int output_line(const char *line);

/* output_flush: writes what out holds to standard output and empties it; with
 * last also closes it. Returns a status, after saying what went wrong, unless it
 * is a pipe that nobody reads any more. */
int output_flush(struct buffer *out, int last);

/* output_more: does nothing until out holds more than 64 KiB, then output_flush. */
int output_more(struct buffer *out);

#endif
