/*
 * key_summary: what can be told of a private key file without its passphrase.
 */
#ifndef KEY_SUMMARY_H
#define KEY_SUMMARY_H

#include "base/buffer.h"
#include "format/key_format.h"

/* key_summary_put: appends one line of seven tab-separated columns about f: format,
 * cipher or "none", type as ssh-keygen -l shows it, bits, for FIPS mode
 * "loads", "convert" (fips-convert does), or why key_policy_fips refuses or
 * doubts the key, and what keeps ssh and libssh2 from loading the file (key_deviation.h);
 * "-" for what is encrypted, or where nothing does. Returns 0 or a key_error, with out as it was. */
int key_summary_put(struct buffer *out, struct key_file *f);

#endif
