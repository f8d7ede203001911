/*
 * key_policy: what keys are good for, apart from being well formed.
 */
#ifndef KEY_POLICY_H
#define KEY_POLICY_H

#include "key_type.h"
#include "slice.h"

enum key_verdict { KEY_GOOD, KEY_DOUBTFUL, KEY_REFUSED };

/* key_policy_fips: may a FIPS-mode OpenSSL sign with it (FIPS 186-5, SP
 * 800-131A)? What fips-convert, privfmt -l and check say is this. *why is a phrase where the verdict is not KEY_GOOD. */
enum key_verdict key_policy_fips(const struct key_type *t, unsigned bits, const char **why);

/* key_policy_fips_passphrase: the lengths that FIPS modules insist on: under 8
 * bytes no module that has a minimum takes it, under 14 some do not; 0 is no
 * passphrase at all, and good. */
enum key_verdict key_policy_fips_passphrase(size_t n, const char **why);

#endif
