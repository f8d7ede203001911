/*
 * key_received: what a text that somebody sent says beside its key. Pure, and linear in time.
 */
#ifndef KEY_RECEIVED_H
#define KEY_RECEIVED_H

#include "buffer.h"
#include "slice.h"

/* key_received_begins: 1 where a line has the first line of a private key in it, or of its part in
 * a PPK. */
int key_received_begins(struct slice line);

/* key_received_is_private: 1 where text has the first line of a private key anywhere in a line, or
 * a word of base64 that begins as the body of one does (OPENSSH, or ASN.1 as in PEM and PKCS#8), or
 * as an attachment of its file does; or where one in DER begins a line. */
int key_received_is_private(struct slice text);

/* key_received_attached: KEY_E_NOT_PUBLIC where lines of base64, such as those of an attachment, in a
 * text in any form that is mended encode a text with the first line or the body of a private key
 * anywhere; else KEY_OK, or KEY_E_MEMORY. */
int key_received_attached(struct slice text);

/* key_received_has_key: 1 where what stands in a key's line beside the key, its options or its
 * comment, has a public key in it, or the BEGIN or END line of one. */
int key_received_has_key(struct slice words);

/* key_received_names: appends to names, a line each, what a text in any form that is mended
 * (key_charset.h, key_lines.h) says of its key: "account NAME" for each account that a message of
 * xferkey mail is for, each SHA256 fingerprint but that of the key that is replaced, and
 * "key BASE64" for each word anywhere, in what lines of base64 encode too, that begins a public
 * key, as far as its line has it.
 * Returns 0 or KEY_E_MEMORY. */
int key_received_names(struct slice text, struct buffer *names);

#endif
