/*
 * passphrase: where a passphrase comes from, never from an argument.
 *
 *	env:VAR  file:PATH  fd:N  stdin  ask  none      ('' means none)
 *
 * From a file, descriptor or standard input the next line is read, without its line end. It is read
 * byte by byte, so that the rest is left for the next reader.
 */
#ifndef PASSPHRASE_H
#define PASSPHRASE_H

#include "base/buffer.h"

#define PASSPHRASE_MAX 1023     /* bytes */

enum passphrase_kind {
	PASSPHRASE_UNSET,       /* no option: ask if somebody can answer */
	PASSPHRASE_NONE,
	PASSPHRASE_ENV,
	PASSPHRASE_FILE,
	PASSPHRASE_FD,
	PASSPHRASE_ASK
};

struct passphrase {
	enum passphrase_kind kind;
	const char *word;       /* the source as it was typed */
	const char *arg;        /* variable or path */
	int fd;
	int known;              /* text has been read */
	struct buffer text;
};

#define PASSPHRASE_EMPTY { PASSPHRASE_UNSET, NULL, NULL, -1, 0, BUFFER_INIT(PASSPHRASE_MAX) }

/* passphrase_source: sets p to the source that word names. 0, or
 *	-1      word names no source: do not print it, as it may be a secret typed by mistake
 *	-2      the variable has lower-case letters in its name: commands keep their own values in
 *	        such variables, and would overwrite it */
int passphrase_source(struct passphrase *p, const char *word);

/* passphrase_read: reads the passphrase into p->text, unless it is known. The prompt names the file
 * subject. If new is 1, a prompt asks twice, and up to three times if the two answers differ (then
 * ERROR_TWO_PASSPHRASES). An empty answer to a prompt means no passphrase. A new passphrase from
 * any other source must not be empty (ERROR_EMPTY_PASSPHRASE): an empty file must not leave a key
 * unprotected. Returns 0 or
 *	ERROR_NO_PASSPHRASE     no source was named, and nobody can be asked
 *	ERROR_NO_TERMINAL       nobody can be asked, and the source is "ask" or new is 1: a prompt
 *	                        needs /dev/tty, a terminal as standard error, and XFERKEY_BATCH empty
 *	ERROR_NO_ANSWER         end of file at the prompt
 *	ERROR_NOT_SET           the variable is not set
 *	ERROR_SOURCE            the source cannot be read; errno says why
 *	ERROR_BOM, ERROR_NUL_PASSPHRASE, ERROR_LONG_PASSPHRASE   its bytes cannot be a passphrase
 *	ERROR_MEMORY
 * Echo is restored before a signal is delivered; a stopped job asks again when it continues. */
int passphrase_read(struct passphrase *p, const char *subject, int new);

/* passphrase_subject: the subject of a message about error r: the source as it was typed if r is
 * about a source other than a prompt, else subject, the key file. */
const char *passphrase_subject(const struct passphrase *p, int r, const char *subject);

/* passphrase_in_order: if both passphrases come from one descriptor, reads the first now, so that
 * the second is the next line. 0 or an error. */
int passphrase_in_order(struct passphrase *first, const struct passphrase *second);

/* passphrase_free: wipes the text, and the environment variable that it came from. */
void passphrase_free(struct passphrase *p);

#endif
