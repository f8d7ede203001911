/*
 * authorized_openssh: asks ssh-keygen(1), which reads what sshd(8) reads, whether a key is in an
 * authorized_keys file.
 */
#ifndef AUTHORIZED_OPENSSH_H
#define AUTHORIZED_OPENSSH_H

#include "base/buffer.h"

/* authorized_openssh_find: sends text, the contents of a file, to the standard input of "ssh-keygen
 * -l -E HASH -f -". (It reads a named file with PRIVATE KEY in the first line as a private key.)
 * Appends to lines the numbers, from 1, of at most 8 lines in which ssh-keygen finds the key of
 * fingerprint, each with a line feed.
 *
 * ssh-keygen is looked up in PATH, its only environment variable. It runs as this user, in a
 * session of its own, without a controlling terminal, with at most 512 MiB of memory, and without a
 * time limit. SIGPIPE must be ignored.
 *
 * Returns 0; ERROR_MEMORY; ERROR_SYSTEM; or ERROR_UNANSWERED if ssh-keygen cannot be run or has not
 * read all of text. */
int authorized_openssh_find(struct slice text, const char *fingerprint, struct buffer *lines);

#endif
