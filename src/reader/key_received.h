/*
 * key_received: what else is in a text that somebody sent: a private key, a second public key, and
 * words about the key. The reader asks before it gives any text. Pure, and linear in time.
 */
#ifndef KEY_RECEIVED_H
#define KEY_RECEIVED_H

#include "base/buffer.h"
#include "base/slice.h"

/* key_received_begins: 1 if the first line of a private key, or of the private part of a PPK, is
 * anywhere in the line. */
int key_received_begins(struct slice line);

/* key_received_is_private: 1 if a line of text has the first line of a private key anywhere, begins
 * with one in DER, or has a word of base64 that begins as the body of one (OPENSSH, or ASN.1 as in
 * PEM and PKCS#8) or as an attachment of its file. */
int key_received_is_private(struct slice text);

/* key_received_attached: the same for what lines of base64 encode, such as those of an attachment,
 * in a text in any form that is mended (lenient_charset.h). Returns 0, ERROR_NOT_PUBLIC where there is
 * a private key, or ERROR_MEMORY. */
int key_received_attached(struct slice text);

/* key_received_has_key: 1 if words, the options or the comment of a key line, have a public key or
 * a boundary (lenient_boundary.h) in them. */
int key_received_has_key(struct slice words);

/* key_received_names: appends to names, a line each, what a text in any form that is mended
 * (lenient_charset.h, lenient_lines.h) says of its key:
 *
 *	account NAME    each account that a message of xferkey mail is for
 *	SHA256:...      each fingerprint, except that of the key that is replaced
 *	key BASE64      each word that begins a public key, as far as its line has it; also in
 *	                what lines of base64 encode
 *
 * Returns 0 or ERROR_MEMORY. */
int key_received_names(struct slice text, struct buffer *names);

#endif
