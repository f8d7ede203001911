/*
 * authorized_openssh: asks ssh-keygen(1), which reads what sshd(8) reads, whether a key is in an
 * authorized_keys file.
 */
#ifndef AUTHORIZED_OPENSSH_H
#define AUTHORIZED_OPENSSH_H

#include "base/buffer.h"

/* authorized_openssh_find: gives text, a whole file, to "ssh-keygen -l -E HASH -f -" on standard
 * input (by name, it would read a file with PRIVATE KEY in its first line as a private key).
 * Appends to lines the number, from 1, of each line in which it finds the key of fingerprint, each
 * with a line feed; at most 8.
 *
 * ssh-keygen is found in PATH, its only variable. It runs as this user, in a session of its own, so
 * that it cannot type into a terminal, with at most 512 MiB of memory, and without a time limit.
 * SIGPIPE must be ignored.
 *
 * Returns 0; ERROR_MEMORY, ERROR_SYSTEM, or ERROR_UNANSWERED if it has not read all of text. */
int authorized_openssh_find(struct slice text, const char *fingerprint, struct buffer *lines);

#endif
