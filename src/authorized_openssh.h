/*
 * authorized_openssh: whether OpenSSH's own reader of keys, ssh-keygen(1), still finds a key in an
 * authorized_keys file: it reads what sshd(8) reads.
 */
#ifndef AUTHORIZED_OPENSSH_H
#define AUTHORIZED_OPENSSH_H

#include "buffer.h"
#include "slice.h"

/* authorized_openssh_find: gives text, a whole file, to "ssh-keygen -l -E HASH -f -" on its standard
 * input (by name it would take a file with PRIVATE KEY in its first line for a private key), and
 * appends to lines the number of each line, counted from 1, in which it finds the key of fingerprint;
 * of more than 8 the first 8. A number has a line feed behind it.
 *
 * ssh-keygen is found in PATH, which is all that it gets of the environment; it runs in a session of
 * its own, so that it cannot type into a terminal, with at most 512 MiB of memory, as the user that
 * this process is. There is no limit on time here. SIGPIPE must be ignored.
 *
 * Returns 0; KEY_E_MEMORY, KEY_E_SYSTEM, or KEY_E_UNANSWERED where it has not read all of text. */
int authorized_openssh_find(struct slice text, const char *fingerprint, struct buffer *lines);

#endif
