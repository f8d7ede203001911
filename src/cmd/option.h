/*
 * option: what mains share in reading their options. All of it ends the process with one line and
 * status 2 if an argument is wrong, and never repeats one that may be a secret.
 */
#ifndef OPTION_H
#define OPTION_H

#include "base/passphrase.h"
#include "format/format.h"
#include "keyfile/fingerprint.h"

/* option_source: -P or -N. */
void option_source(struct passphrase *p, int letter, const char *word);

/* option_number: a decimal number from min to max. */
uint32_t option_number(int letter, const char *word, uint32_t min, uint32_t max);

/* option_format: -m: a format that can be written, FORMAT_PRIVATE or FORMAT_PUBLIC. */
const struct format *option_format(const char *word, unsigned half);

/* option_comment: -C: one line of printable text. */
const char *option_comment(const char *word);

/* option_fingerprint: a whole fingerprint (fingerprint_typed), which becomes a C string in room. */
const char *option_fingerprint(int letter, const char *word, unsigned char room[FINGERPRINT_TEXT]);

/* option_file: the file for a private key; NULL for "-", standard output. A name that ends in .pub,
 * in any case, is refused: files of that name are sent to others. */
const char *option_file(const char *word);

/* option_streams: refuses two things on one standard input: a passphrase and the key file, which is
 * path; NULL or "-" is standard input. */
void option_streams(const struct passphrase *p, const char *path);

#endif
