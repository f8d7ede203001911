/*
 * format_ppk: PuTTY's private key files, versions 2 and 3 (PuTTY's manual,
 * appendix C), encrypted or not.
 */
#ifndef FORMAT_PPK_H
#define FORMAT_PPK_H

#include "format/key_format.h"

extern const struct key_format format_ppk_2;
extern const struct key_format format_ppk_3;

#endif
