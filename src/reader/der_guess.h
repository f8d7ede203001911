/*
 * der_guess: a key file in DER, as openssl -outform DER writes it, and the same in PEM.
 */
#ifndef DER_GUESS_H
#define DER_GUESS_H

#include "base/buffer.h"

/* der_guess_pem: where der is one SEQUENCE with the outline of RFC 8017's,
 * RFC 5915's or OpenSSL's DSA private key, of RFC 5958's or of RFC 5280's
 * SubjectPublicKeyInfo, appends it in PEM. Returns 1, 0 where it has no such
 * outline, or ERROR_MEMORY. */
int der_guess_pem(struct slice der, struct buffer *text);

#endif
