/*
 * format_public_pem: public keys in PEM, under the names that ssh-keygen -m has
 * for them: PKCS8 is SubjectPublicKeyInfo (RFC 5280), PEM is PKCS#1's
 * RSAPublicKey (RFC 8017 A.1.1) for RSA and the former for all other types.
 */
#ifndef FORMAT_PUBLIC_PEM_H
#define FORMAT_PUBLIC_PEM_H

#include "format/key_format.h"

extern const struct key_format format_public_pem_spki;
extern const struct key_format format_public_pem_pkcs1;

#endif
