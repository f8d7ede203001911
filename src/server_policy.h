/*
 * server_policy: whom a server should let in.
 */
#ifndef SERVER_POLICY_H
#define SERVER_POLICY_H

#include "slice.h"

enum server_verdict { SERVER_ADMITS, SERVER_DOUBTS, SERVER_REFUSES, SERVER_UNKNOWN };

/* server_policy: of the key with this blob. Doubtful is RSA of 1024 to 2047 bits, which a
 * migration may have to admit for a while. Refused are DSA, shorter RSA, what OpenSSH does
 * not know, the keys whose private halves come with Aspera's software, and those for which
 * anybody can sign: RSA with the exponent 1 or a prime modulus, Ed25519 points of small
 * order; and RSA with a prime factor under 65536. Not known is what could not be computed.
 * *why is a phrase where it is not admitted. */
enum server_verdict server_policy(struct slice blob, const char **why);

#endif
