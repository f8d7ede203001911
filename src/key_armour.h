/*
 * key_armour: finds keys between a BEGIN and an END line in running text: PEM
 * (RFC 7468, with headers RFC 1421), RFC 4716 and ssh.com's.
 */
#ifndef KEY_ARMOUR_H
#define KEY_ARMOUR_H

#include "key_lines.h"

/* key_armour_take: where the line holds a BEGIN line, takes all up to the END
 * line and gives it tidily. 1, or 0 where it holds none and all is as it was. */
int key_armour_take(struct key_lines *l);

#endif
