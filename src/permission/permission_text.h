/*
 * permission_text: authorized_keys files whose text hides a key from sshd: no mode explains that
 * refusal. Of a key only its base64 is looked at.
 */
#ifndef PERMISSION_TEXT_H
#define PERMISSION_TEXT_H

#include <sys/types.h>

enum permission_text_fault {
	PERMISSION_TEXT_ENCODING = 1,   /* UTF-16, or a byte order mark before the first key */
	PERMISSION_TEXT_JOINED,         /* two keys on a line, the first no base64: sshd reads none */
	PERMISSION_TEXT_SECOND          /* no fault: sshd takes the second key of a line for the comment */
};

/* permission_text_check: reads fd to its end, about size bytes and at most 256 MiB, and calls found
 * for each fault with its line, from 1. Returns 0, or -1 with errno: EFBIG for more bytes. */
int permission_text_check(int fd, off_t size,
    void (*found)(void *to, enum permission_text_fault fault, unsigned long line), void *to);

#endif
