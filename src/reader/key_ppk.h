/*
 * key_ppk: finds PuTTY's private keys (PuTTY's appendix C) in running text.
 */
#ifndef KEY_PPK_H
#define KEY_PPK_H

#include "reader/key_lines.h"

/* key_ppk_take: if a PPK begins in the line, takes all lines up to its MAC and puts them out, the
 * base64 in lines of 64 characters, as the headers count them. Returns 1, or 0 where none begins
 * and nothing has changed. */
int key_ppk_take(struct key_lines *l);

#endif
