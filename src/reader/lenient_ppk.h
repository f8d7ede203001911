/*
 * lenient_ppk: finds PuTTY's private keys (PuTTY's appendix C) in running text.
 */
#ifndef LENIENT_PPK_H
#define LENIENT_PPK_H

#include "reader/lenient.h"

/* lenient_ppk_take: if a PPK begins in the line, takes all lines up to its MAC and puts them out, the
 * base64 in lines of 64 characters, as the headers count them. Returns 1, or 0 where none begins
 * and nothing has changed. */
int lenient_ppk_take(struct lenient *l);

#endif
