/*
 * crypto: starts libcrypto.
 */
#ifndef CRYPTO_H
#define CRYPTO_H

/* crypto_init: the first call into libcrypto. Its memory is wiped when it is
 * freed; its messages, and names other than the providers' own, are not loaded.
 * With config 0 openssl.cnf is not read, and nothing is done at the exit; a
 * converter reads it, and so obeys the administrator's providers.
 * shortage is called when libcrypto cannot have the memory that it asks for, and must
 * not return: libcrypto takes a shortage for a verdict about a key, or crashes. With
 * NULL libcrypto gets NULL. Only key derivations ask for blocks of 1 MiB or more, and
 * they fail properly: those are refused. */
void crypto_init(int config, void (*shortage)(void));

#endif
