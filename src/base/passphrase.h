/*
 * passphrase: where a passphrase comes from, never from an argument.
 *
 *	env:VAR  file:PATH  fd:N  stdin  ask  none      ('' is none)
 *
 * Of a file, descriptor or standard input the next line is read, without the line end, byte by
 * byte: the rest is left for the next reader.
 */
#ifndef PASSPHRASE_H
#define PASSPHRASE_H

#include "base/buffer.h"

#define PASSPHRASE_MAX 1023     /* bytes */

enum passphrase_kind {
	PASSPHRASE_UNSET,       /* no option given: ask where somebody can answer */
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

/* passphrase_source: sets p to the source that word names. 0; -1 when word is none (do not repeat
 * it: it may be a secret typed by mistake); -2 when it is a variable with lower-case letters in its
 * name: commands keep their own values in such variables, and overwrite one that is in the
 * environment. */
int passphrase_source(struct passphrase *p, const char *word);

/* passphrase_read: reads the passphrase into p->text, unless it is known. The prompt names the file
 * subject. A new passphrase is asked for twice, and up to three times if the answers differ
 * (ERROR_TWO_PASSPHRASES). An empty answer to a prompt means no passphrase; from any other source
 * it is ERROR_EMPTY_PASSPHRASE: an empty file must not leave a key unprotected. Returns 0 or
 *	ERROR_NO_PASSPHRASE     no source was named, and nobody can be asked
 *	ERROR_NO_TERMINAL       the same for "ask" and for a new one: a prompt needs /dev/tty, a
 *	                        terminal as standard error, and XFERKEY_BATCH not 1
 *	ERROR_NO_ANSWER         end of file at the prompt
 *	ERROR_NOT_SET           of a variable
 *	ERROR_SOURCE            it cannot be read; errno says why
 *	ERROR_BOM, ERROR_NUL_PASSPHRASE, ERROR_LONG_PASSPHRASE   its bytes cannot be a passphrase
 *	ERROR_MEMORY
 * Before a signal is delivered, echo is restored; a stopped job asks again when it continues. */
int passphrase_read(struct passphrase *p, const char *subject, int new);

/* passphrase_subject: the subject of a message about error r of the key file subject: the source as
 * it was typed if r is about the source. */
const char *passphrase_subject(const struct passphrase *p, int r, const char *subject);

/* passphrase_in_order: if both come from one stream, reads the first one now, so that the second
 * one is the next line. */
int passphrase_in_order(struct passphrase *first, const struct passphrase *second);

/* passphrase_free: wipes the text, and the variable that it came from. */
void passphrase_free(struct passphrase *p);

#endif
