/*
 * format_pkcs1_sec1: what ssh-keygen -m PEM and openssl's -traditional write:
 * RSA (RFC 8017 A.1), EC (RFC 5915) and DSA keys in PEM. Encrypted ones, with
 * Proc-Type and DEK-Info headers (RFC 1421), are read; their MD5 key
 * derivation is not written: what is sealed goes out as PKCS#8.
 */
#ifndef FORMAT_PKCS1_SEC1_H
#define FORMAT_PKCS1_SEC1_H

#include "format/key_format.h"

extern const struct key_format format_pkcs1_sec1_private;

#endif
