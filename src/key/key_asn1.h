/*
 * key_asn1: keys in the ASN.1 of RFC 8017 (PKCS#1), RFC 5915 (SEC 1), RFC
 * 5208, 5958 and 8410 (PKCS#8), RFC 5280 (SubjectPublicKeyInfo) and OpenSSL's
 * DSA, to and from the canonical form. Pure. Of a private key what libcrypto reads
 * of other DER is read too (der.h): INTEGERs without a sign byte or with zeros before
 * them. What is written is DER.
 *
 * Getters return 0, ERROR_MALFORMED, ERROR_ALGORITHM, ERROR_CURVE or
 * ERROR_MEMORY and use up the bytes given. Putters append, and return 0,
 * ERROR_FORMAT or ERROR_MEMORY.
 */
#ifndef KEY_ASN1_H
#define KEY_ASN1_H

#include "base/buffer.h"
#include "base/slice.h"
#include "key/key.h"
#include "key/key_blob.h"

/* SubjectPublicKeyInfo, and PKCS#1's RSAPublicKey, to a public blob and back.
 * A certificate gives the key it certifies. A curve not named, or a point
 * compressed, is ERROR_CURVE_FORM. */
int key_asn1_get_spki(struct slice der, struct buffer *pub);
int key_asn1_put_spki(const struct key_blob *blob, struct buffer *der);
int key_asn1_get_rsa_public(struct slice der, struct buffer *pub);
int key_asn1_put_rsa_public(const struct key_blob *blob, struct buffer *der);

/* RSAPrivateKey, ECPrivateKey with its curve inside, DSA; and PrivateKeyInfo of such a key, which some
 * writers have in their place, and libcrypto reads. The getter fills parts, which are empty. It also
 * returns ERROR_PRIMES and ERROR_NO_PRIMES of RSA, and of EC ERROR_MISMATCH where the curve or the point
 * is stated twice and not the same. */
int key_asn1_get_traditional(struct slice der, enum key_family family, struct key_parts *parts);
int key_asn1_put_traditional(const struct key *k, struct buffer *der);

/* PrivateKeyInfo (OneAsymmetricKey), version 1 or 2; writes version 1. */
int key_asn1_get_pkcs8(struct slice der, struct key_parts *parts);
int key_asn1_put_pkcs8(const struct key *k, struct buffer *der);

#endif
