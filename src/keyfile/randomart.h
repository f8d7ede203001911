/*
 * randomart: the "drunken bishop" picture of a fingerprint, as ssh-keygen -lv
 * draws it (Loss, Limmer, von Gernler 2009).
 */
#ifndef RANDOMART_H
#define RANDOMART_H

#include "keyfile/fingerprint.h"

/* randomart_put: appends 11 lines without the last line end; show and bits are
 * the title's type and size. 0 or ERROR_MEMORY. */
int randomart_put(struct buffer *out, const struct fingerprint *f, struct slice show,
    unsigned bits);

#endif
