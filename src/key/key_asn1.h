/*
 * key_asn1: keys in DER: RFC 8017 (PKCS#1), 5915 (SEC 1), 5208, 5958 and 8410 (PKCS#8), 5280
 * (SubjectPublicKeyInfo) and OpenSSL's DSA, to and from the canonical form. INTEGERs of a private
 * key may lack a sign byte or have zeros before them, as for libcrypto.
 *
 * Getters read all of der, and return 0, ERROR_MALFORMED, ERROR_ALGORITHM, ERROR_CURVE or
 * ERROR_MEMORY. Putters append, and return 0, ERROR_FORMAT, ERROR_MEMORY or ERROR_TOO_BIG.
 */
#ifndef KEY_ASN1_H
#define KEY_ASN1_H

#include "key/key.h"
#include "key/key_blob.h"

/* SubjectPublicKeyInfo, and PKCS#1's RSAPublicKey, to a public blob and back; of a certificate the
 * key that it certifies. A curve without a name, or a compressed point, is ERROR_CURVE_FORM. */
int key_asn1_get_spki(struct slice der, struct buffer *pub);
int key_asn1_get_rsa_public(struct slice der, struct buffer *pub);
int key_asn1_put_public(const struct key_blob *blob, int pkcs1, struct buffer *der);

/* RSAPrivateKey, ECPrivateKey with its curve inside, DSA; or PrivateKeyInfo of such a key, which
 * some writers put in their place, and libcrypto reads. Fills parts, which are empty. Also returns
 * ERROR_PRIMES and ERROR_NO_PRIMES of RSA, and ERROR_MISMATCH of EC if it states two curves or
 * points. */
int key_asn1_get_traditional(struct slice der, enum key_family family, struct key_parts *parts);

/* PrivateKeyInfo (OneAsymmetricKey), version 1 or 2. */
int key_asn1_get_pkcs8(struct slice der, struct key_parts *parts);

/* key_asn1_put_private: PrivateKeyInfo, version 1; with pkcs8 0 one of the others. */
int key_asn1_put_private(const struct key *k, int pkcs8, struct buffer *der);

#endif
