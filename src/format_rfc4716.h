/* format_rfc4716: the SSH2 public key file of RFC 4716. */
#ifndef FORMAT_RFC4716_H
#define FORMAT_RFC4716_H

#include "key_format.h"

extern const struct key_format format_rfc4716;

#endif
