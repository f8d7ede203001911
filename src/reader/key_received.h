/*
 * key_received: finds what else a received text contains: a private key, a second public key, and
 * statements about the key. The reader asks before it returns a key. Pure; linear in time.
 */
#ifndef KEY_RECEIVED_H
#define KEY_RECEIVED_H

#include "base/buffer.h"

/* key_received_begins: 1 if the line contains the first line of a private key, or of the private
 * part of a PPK. */
int key_received_begins(struct slice line);

/* key_received_check: returns ERROR_NOT_PUBLIC if a text contains a private key, or only its first
 * bytes, in any form that is ever read: in text or in DER, also after mending by the lenient
 * reader, or in base64, like an attachment. Otherwise appends to names, unless it is NULL, a line
 * for each statement of the text about its key:
 *
 *	account NAME    each account that a message of xferkey mail is for
 *	SHA256:...      each fingerprint, except the fingerprint of the replaced key
 *	key BASE64      each base64 word that begins a public key; of a broken word, the
 *	                first line; also words in text decoded from base64 lines
 *
 * and returns 0 or ERROR_MEMORY. */
int key_received_check(struct slice text, struct buffer *names);

/* key_received_has_key: 1 if the argument words, the options or comment of a key line, contains a
 * public key or a boundary (lenient.h). */
int key_received_has_key(struct slice words);

#endif
