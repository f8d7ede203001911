/* fips: loads a key as ascp in FIPS mode would: by libcrypto's FIPS provider, if this host has one. */
#ifndef FIPS_H
#define FIPS_H

#include "key/key.h"

/* What loaded a key. */
struct fips_proof {
	char provider[128];     /* name and version; empty: not known */
	const char *lack;       /* why it was not the FIPS provider, a phrase for a message; or NULL */
};

/* fips_loads: 0 if libcrypto's own decoder loads k from the PEM private key pem with the passphrase
 * pass. Only the FIPS and base providers do this, in a context of their own, whatever openssl.cnf
 * activates. The parameters of the FIPS provider are in the section that openssl.cnf names for it,
 * or in fipsmodule.cnf of OPENSSLDIR (fips_config(5)). If there is no such provider or it does not
 * start, the providers that openssl.cnf activates load the key.
 *
 * Sets *proof, also if they refuse the key. Returns ERROR_MISMATCH if another key was loaded; or
 * another error. */
int fips_loads(const struct key *k, struct slice pem, struct slice pass, struct fips_proof *proof);

#endif
