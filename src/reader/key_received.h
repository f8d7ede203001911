/*
 * key_received: what else is in a text that somebody sent: a private key, a second public key, and
 * words about the key. The reader asks before it gives any text. Pure, and linear in time.
 */
#ifndef KEY_RECEIVED_H
#define KEY_RECEIVED_H

#include "base/buffer.h"

/* key_received_begins: 1 if the first line of a private key, or of the private part of a PPK, is
 * anywhere in the line. */
int key_received_begins(struct slice line);

/* key_received_check: ERROR_NOT_PUBLIC where a text holds a private key in any form that is ever
 * read: in text or in DER, as the lenient reader mends it, or in base64, as an attachment is. Its
 * first bytes are enough. Else appends to names, if that is not NULL, a line for each thing that
 * the text says of its key:
 *
 *	account NAME    each account that a message of xferkey mail is for
 *	SHA256:...      each fingerprint, except that of the key that is replaced
 *	key BASE64      each word that begins a public key, as far as its line has it; also in
 *	                what lines of base64 encode
 *
 * and returns 0 or ERROR_MEMORY. */
int key_received_check(struct slice text, struct buffer *names);

/* key_received_has_key: 1 if words, the options or the comment of a key line, have a public key or
 * a boundary (lenient.h) in them. */
int key_received_has_key(struct slice words);

#endif
