/*
 * key_armour: finds keys between two boundaries in running text: PEM (RFC 7468, with headers
 * RFC 1421), RFC 4716 and ssh.com's.
 */
#ifndef KEY_ARMOUR_H
#define KEY_ARMOUR_H

#include "reader/key_lines.h"

/* key_armour_take: if the line holds a boundary, takes all lines from a BEGIN to its END and puts
 * them out as the strict reader reads them. Returns 1, or 0 where it holds none and nothing has
 * changed. */
int key_armour_take(struct key_lines *l);

#endif
