/*
 * option: how mains read their options. If an argument is wrong, these functions end the process
 * with one line and status 2. They never repeat an argument that may be a secret.
 */
#ifndef OPTION_H
#define OPTION_H

#include "base/passphrase.h"
#include "format/format.h"
#include "keyfile/fingerprint.h"

/* option_source: sets p to the source that is the argument of -P or -N (base/passphrase.h). */
void option_source(struct passphrase *p, int letter, const char *word);

/* option_number: returns the decimal number word, from min to max. */
uint32_t option_number(int letter, const char *word, uint32_t min, uint32_t max);

/* option_format: returns the format that -m names, if this half, FORMAT_PRIVATE or FORMAT_PUBLIC,
 * can be written in it. */
const struct format *option_format(const char *word, unsigned half);

/* option_comment: returns the argument of -C, one line of printable text. */
const char *option_comment(const char *word);

/* option_fingerprint: returns a whole fingerprint (fingerprint_typed) as a C string in room. */
const char *option_fingerprint(int letter, const char *word, unsigned char room[FINGERPRINT_TEXT]);

/* option_file: returns the name of the file for a private key; NULL for "-", standard output.
 * Refuses a name that ends in .pub, ignoring case: such files are sent to others. */
const char *option_file(const char *word);

/* option_streams: refuses to read both the passphrase and the key from standard input. path is that
 * of the key file; NULL or "-" means standard input. */
void option_streams(const struct passphrase *p, const char *path);

#endif
