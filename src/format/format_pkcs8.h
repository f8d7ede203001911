/*
 * format_pkcs8: PrivateKeyInfo (RFC 5208, 5958, 8410), plain, and encrypted as
 * EncryptedPrivateKeyInfo, in PEM.
 *
 * Read: PBES2 with PBKDF2 or scrypt (RFC 8018, 7914), PBES1 with DES, and
 * PKCS#12's 3DES (RFC 7292). Written: PBES2 with PBKDF2.
 */
#ifndef FORMAT_PKCS8_H
#define FORMAT_PKCS8_H

#include "format/key_format.h"

extern const struct key_format format_pkcs8_private;

#endif
