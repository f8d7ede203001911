/*
 * permission_text: authorized_keys files whose text hides a key from sshd: no mode explains that
 * refusal. Of a key only its base64 is looked at.
 */
#ifndef PERMISSION_TEXT_H
#define PERMISSION_TEXT_H

#include "permission/permission_rules.h"

/* permission_text_check: reads fd, a file of f->st, to its end, at most 256 MiB, and hands a
 * finding like f to its check for each line, from 1: PERMISSION_ENCODING, for UTF-16 or a byte
 * order mark before the first key; PERMISSION_JOINED, for two keys on it, refused if the first is
 * no base64: sshd reads none; else it takes the second one for the comment. Returns 0, or -1 with
 * errno: EFBIG for more bytes. */
int permission_text_check(int fd, struct permission_finding *f);

#endif
