/*
 * key_blob: the one form of a public key. OpenSSH's reader (sshkey.c, sshbuf-getput-basic.c) is
 * freer than RFC 4253 section 6.6: it passes over a NUL behind a name, zeros before a number and
 * white space in the base64, and has other names for some types. It compares keys by value: so
 * whatever compares keys or shows a fingerprint reads them here.
 */
#ifndef KEY_BLOB_H
#define KEY_BLOB_H

#include "buffer.h"
#include "key_type.h"
#include "slice.h"

/* key_blob_decode: the key in base64, a word of a key line as sshd(8) has it. What blob held goes.
 * 0: it is in its canonical form. A spelling (key_blob_is_spelling): it is not. blob holds that
 * form in both cases, and view is into it. Else KEY_E_MALFORMED: no reader of OpenSSH takes it; or
 * KEY_E_MEMORY. Bounded by blob's bound alone; a blob that has failed is KEY_E_MEMORY. */
int key_blob_decode(struct slice base64, struct buffer *blob, struct key_view *view);

/* key_blob_is_spelling: 1 for KEY_E_SPACES, KEY_E_NUL, KEY_E_ALIAS and KEY_E_ZEROS: the key
 * is known, and written in a way that should not be installed. */
int key_blob_is_spelling(int error);

#endif
