/*
 * key_ppk: finds PuTTY's private keys (PuTTY's appendix C) in running text.
 */
#ifndef KEY_PPK_H
#define KEY_PPK_H

#include "key_lines.h"

/* key_ppk_take: where a PPK begins in the line, takes all up to its MAC and
 * gives it with its base64 in lines of 64 characters, as its headers count
 * them. 1, or 0 where none begins and all is as it was. */
int key_ppk_take(struct key_lines *l);

#endif
