/*
 * passphrase: where a passphrase comes from, never from an argument.
 *
 *	env:VAR  file:PATH  fd:N  stdin  ask  none      ('' is none)
 *
 * A file, descriptor or standard input gives its next line, without the line
 * end, read byte by byte so that the line after it stays for the next reader.
 */
#ifndef PASSPHRASE_H
#define PASSPHRASE_H

#include "buffer.h"
#include "slice.h"

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

/* passphrase_source: sets the source that word names. 0, or -1 when word is
 * none of them (it may be a secret typed by mistake: do not repeat it), or -2 when it is a variable
 * with small letters in its name: commands in sh have theirs in these, and what they assign to one
 * that is in the environment is what a filter would find. */
int passphrase_source(struct passphrase *p, const char *word);

/* passphrase_can_ask: 1 when a prompt may be shown: standard error is a
 * terminal, /dev/tty opens, XFERKEY_BATCH is not 1. */
int passphrase_can_ask(void);

/* passphrase_read: makes p->text known. subject (a file name) goes into the prompt. A new
 * passphrase is asked for two times, and three times over if the answers differ
 * (KEY_E_TWO_PASSPHRASES); an empty answer is none, but from any other source it is
 * KEY_E_EMPTY_PASSPHRASE: a file that is empty must not leave a key unprotected. Returns 0;
 * KEY_E_NO_PASSPHRASE where no source was named and nobody can be asked; KEY_E_NO_TERMINAL for
 * "ask"; KEY_E_NO_ANSWER after an end of file at the prompt; KEY_E_NOT_SET of a variable;
 * KEY_E_SOURCE of what cannot be read (errno says); KEY_E_BOM, KEY_E_NUL_PASSPHRASE or
 * KEY_E_LONG_PASSPHRASE of what cannot be one; KEY_E_MEMORY. A signal of the terminal or the
 * session restores echo before it is delivered; a stopped job asks again when it goes on. */
int passphrase_read(struct passphrase *p, const char *subject, int new);

/* passphrase_subject: what a message about error r of a key at place begins with: the source as
 * it was typed where r is about that, else place. */
const char *passphrase_subject(const struct passphrase *p, int r, const char *place);

/* passphrase_in_order: where both come from one stream, reads the first line for
 * the first now, needed or not, so that the second gets the second. */
int passphrase_in_order(struct passphrase *first, const struct passphrase *second);

/* passphrase_free: wipes text, and the variable that it came from. */
void passphrase_free(struct passphrase *p);

#endif
