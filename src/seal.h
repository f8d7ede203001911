/*
 * seal: unlocks and locks the sealed part of a key file; with key_crypto and
 * digest the only users of libcrypto.
 */
#ifndef SEAL_H
#define SEAL_H

#include "buffer.h"
#include "protection.h"
#include "slice.h"

/* seal_open: derives the key from pass, decrypts sealed into plain (which is
 * emptied first) and checks the mac of over with plain behind it. In a context
 * of its own without configuration, so that MD5, PBES1 and scrypt can be read
 * on a FIPS host too. The caller has had the cost checked (protection_check).
 * Returns 0, KEY_E_PASSPHRASE when padding, tag or mac is wrong, KEY_E_MAC
 * where that is no matter of the passphrase, KEY_E_MALFORMED, KEY_E_ARGON2 in
 * a build without it, KEY_E_CRYPTO or KEY_E_MEMORY; plain is then empty. */
int seal_open(const struct protection *prot, struct slice pass, struct slice over,
    struct slice sealed, struct buffer *plain);

/* seal_fresh: fills in a random salt of salt_n bytes and a random iv, for where
 * it is not derived. Returns 0 or KEY_E_CRYPTO. */
int seal_fresh(struct protection *prot, size_t salt_n);

/* seal_close: encrypts plain into sealed and sets prot->tag to the mac of over
 * with plain behind it, by the process's own configuration: what a FIPS
 * provider forbids is KEY_E_CRYPTO. */
int seal_close(struct protection *prot, struct slice pass, struct slice over,
    struct slice plain, struct buffer *sealed);

#endif
