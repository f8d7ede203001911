/*
 * format_ldif: keys as values of sshPublicKey in a change record of LDIF (RFC
 * 2849), for a directory with the openssh-lpk schema. The row writes the line
 * of one value; what comes before and after the values is here.
 *
 * No line is folded, which RFC 2849 leaves open (note 2): a value is one line
 * for grep and diff too. There is no "version: 1", so that records can follow
 * one another.
 */
#ifndef FORMAT_LDIF_H
#define FORMAT_LDIF_H

#include "key_format.h"

extern const struct key_format format_ldif;

/* format_ldif_is_dn: 1 when dn is a distinguished name of RFC 4514 section 3.
 * Blanks may stand before a type, as in RFC 2253; a value is not empty, and
 * what escape.h would not show is nowhere in it. */
int format_ldif_is_dn(struct slice dn);

/* format_ldif_begin, format_ldif_end: append what stands before and after the
 * values that are added to dn, or with remove deleted from it. */
void format_ldif_begin(struct buffer *text, struct slice dn, int remove);
void format_ldif_end(struct buffer *text);

/* format_ldif_is_twice: 1 where the last line of text, which begins at offset from, is the
 * same as one that this was asked of before; else 0 or KEY_E_MEMORY. lines, empty at first, is
 * where those are, in order. */
int format_ldif_is_twice(struct slice text, size_t from, struct buffer *lines);

#endif
