/*
 * authorized_keys: the file of sshd(8), changed whole or not at all, by one
 * process at a time.
 */
#ifndef AUTHORIZED_KEYS_H
#define AUTHORIZED_KEYS_H

#include "slice.h"

#define AUTHORIZED_KEYS_MAX ((size_t)256 << 20) /* bytes */

/* authorized_keys_add: appends line (one key line with its LF) unless a line
 * is there in which sshd would find the key; then nothing is written. All other bytes stay;
 * an unterminated last line gets its LF. A missing folder is made with mode
 * 0700, a missing file with 0600; a file that is there keeps its mode, but for
 * writing by others, and its ACL. Folder and file must be this user's and no
 * symbolic links; the folder is locked meanwhile, for at most 10 seconds'
 * waiting. What a program that does not lock has written meanwhile is seen, and
 * the addition begins anew.
 *
 * Returns 0, 1 when the key was there already, or KEY_E_FOREIGN, KEY_E_LOCKED, KEY_E_TOO_BIG, KEY_E_NOT_PUBLIC for
 * a private key's file, KEY_E_SYSTEM. */
int authorized_keys_add(const char *path, struct slice blob, struct slice line);

#endif
