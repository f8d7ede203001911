/*
 * lenient_pem: finds keys between two boundaries in running text: PEM (RFC 7468, with headers
 * RFC 1421), RFC 4716 and ssh.com's.
 */
#ifndef LENIENT_PEM_H
#define LENIENT_PEM_H

#include "reader/lenient_lines.h"

/* lenient_pem_take: if the line holds a boundary, takes all lines from a BEGIN to its END and puts
 * them out as the strict reader reads them. Returns 1, or 0 where it holds none and nothing has
 * changed. */
int lenient_pem_take(struct lenient_lines *l);

#endif
