/*
 * format_sshcom: the private keys of SSH Communications Security's programs, RSA
 * and DSA, plain or under triple DES; read only. No specification was published:
 * PuTTYgen's export is what it is tested against.
 *
 *	uint32  0x3f6ff9eb
 *	uint32  bytes in all
 *	string  type: "if-modn{sign{rsa...", "dl-modp{sign{dsa..."
 *	string  cipher: "none" or "3des-cbc"
 *	string  sealed part, when decrypted:
 *		string  numbers: of RSA e, d, n, 1/p mod q, p, q;
 *			of DSA uint32 0, then p, g, q, y, x
 *		less than 8 bytes of any kind
 *
 * in base64, with the headers of RFC 4716. A number is its length in bits, a
 * uint32, and its bytes.
 */
#ifndef FORMAT_SSHCOM_H
#define FORMAT_SSHCOM_H

#include "format/key_format.h"

extern const struct key_format format_sshcom;

#endif
