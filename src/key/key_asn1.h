/*
 * key_asn1: keys in DER: RFC 8017 (PKCS#1), 5915 (SEC 1), 5208, 5958 and 8410 (PKCS#8), 5280
 * (SubjectPublicKeyInfo) and OpenSSL's DSA, to and from the canonical form. An INTEGER of a private
 * key may lack a sign byte or have leading zeros, as libcrypto allows.
 *
 * Getters parse der to its last byte, and return 0, ERROR_MALFORMED, ERROR_ALGORITHM, ERROR_CURVE or
 * ERROR_MEMORY. Putters append to der, and return 0, ERROR_FORMAT, ERROR_MEMORY or ERROR_TOO_BIG.
 */
#ifndef KEY_ASN1_H
#define KEY_ASN1_H

#include "key/key.h"
#include "key/key_blob.h"

/* These convert SubjectPublicKeyInfo and PKCS#1's RSAPublicKey to a public blob and back. For a
 * certificate, the putter writes the key that it certifies. For a curve without a name, or a
 * compressed point, key_asn1_get_spki returns ERROR_CURVE_FORM. */
int key_asn1_get_spki(struct slice der, struct buffer *pub);
int key_asn1_get_rsa_public(struct slice der, struct buffer *pub);
int key_asn1_put_public(const struct key_blob *blob, int pkcs1, struct buffer *der);

/* key_asn1_get_traditional: RSAPrivateKey, ECPrivateKey with its curve inside, or OpenSSL's DSA; or
 * PrivateKeyInfo of such a key, which some writers put in their place and libcrypto reads. Fills in
 * parts, which are empty. Also returns ERROR_PRIMES and ERROR_NO_PRIMES for RSA, and ERROR_MISMATCH
 * for an EC key that states two different points or sets of curve parameters. */
int key_asn1_get_traditional(struct slice der, enum key_family family, struct key_parts *parts);

/* key_asn1_get_pkcs8: the same for PrivateKeyInfo (OneAsymmetricKey), version 1 or 2. */
int key_asn1_get_pkcs8(struct slice der, struct key_parts *parts);

/* key_asn1_put_private: writes PrivateKeyInfo, version 1; if pkcs8 is 0, the traditional form. */
int key_asn1_put_private(const struct key *k, int pkcs8, struct buffer *der);

#endif
