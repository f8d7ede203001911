/*
 * lenient_pem: finds keys between two boundaries in running text: PEM (RFC 7468, with headers
 * RFC 1421), RFC 4716 and ssh.com's. The boundaries may be as a word processor or a paste changes
 * them: at least one dash on either side, '-' or one of U+2010 to U+2015.
 */
#ifndef LENIENT_PEM_H
#define LENIENT_PEM_H

#include "reader/lenient.h"

/* lenient_pem_has_boundary: 1 if a BEGIN or END is anywhere in the line, else 0. */
int lenient_pem_has_boundary(struct slice line);

/* lenient_pem_take: if the line holds a boundary, takes all lines from a BEGIN to its END and puts
 * them out as the strict reader reads them. Returns 1, or 0 where it holds none and nothing has
 * changed. */
int lenient_pem_take(struct lenient *l);

#endif
