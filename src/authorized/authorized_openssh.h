/*
 * authorized_openssh: asks OpenSSH's own reader of keys, ssh-keygen(1), whether it finds a key in an
 * authorized_keys file: it reads what sshd(8) reads.
 */
#ifndef AUTHORIZED_OPENSSH_H
#define AUTHORIZED_OPENSSH_H

#include "base/buffer.h"
#include "base/slice.h"

/* authorized_openssh_find: gives text, a whole file, to "ssh-keygen -l -E HASH -f -" on standard
 * input (by name, it would read a file with PRIVATE KEY in its first line as a private key), and
 * appends to lines the number of each line, from 1, in which it finds the key of fingerprint, each
 * with a line feed; if there are more than 8, the first 8.
 *
 * ssh-keygen is found in PATH, and gets nothing else of the environment. It runs as the user of this
 * process, in a session of its own, so that it cannot type into a terminal, with at most 512 MiB of
 * memory. There is no time limit here. SIGPIPE must be ignored.
 *
 * Returns 0; ERROR_MEMORY, ERROR_SYSTEM, or ERROR_UNANSWERED where it has not read all of text. */
int authorized_openssh_find(struct slice text, const char *fingerprint, struct buffer *lines);

#endif
