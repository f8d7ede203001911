/*
 * error: why a key could not be read, decrypted, written or used.
 */
#ifndef ERROR_H
#define ERROR_H

#define ERROR_SPELLING ": sshd reads such a key, no generator writes one"

/* A name, and a phrase for a message: lower case, no full stop. NULL: strerror(errno). */
#define ERRORS(row) \
	row(SYSTEM, NULL) /* errno says why */ \
	row(MEMORY, "out of memory") \
	row(NOT_KEY, "not an SSH key") \
	row(UNTIDY, "not an SSH key as it stands (pubfmt -F or import reads it)") \
	row(EMPTY, "no key in it") \
	row(ATTACHED, "no key in its text, but a part in base64: save that as a file first") \
	row(SEVERAL, "more than one key in it") \
	row(SECOND, "a second key, but -o and -f accept only one") \
	row(MALFORMED, "malformed key") \
	/* from here to LIBERAL: spellings, see key_blob.h */ \
	row(SPACES, "white space inside the base64 of the key" ERROR_SPELLING) \
	row(NUL, "a NUL after a name inside the key" ERROR_SPELLING) \
	row(ALIAS, "a type not spelled as in RFC 4253" ERROR_SPELLING) \
	row(ZEROS, "zeros before a number inside the key" ERROR_SPELLING) \
	row(LIBERAL, "malformed in a way that sshd accepts and no generator writes") \
	row(UNENDED, "truncated: its last line is missing") \
	row(UNBEGUN, "the end of a key whose first line is missing or damaged") \
	row(LONG_LINE, "line longer than 65536 bytes") \
	row(TOO_BIG, "too large: a key has at most 1 MiB, its line 65536 bytes, " \
	    "authorized_keys 256 MiB") \
	row(UTF16, "UTF-16 text, as PowerShell's > writes it (pubfmt -F or import reads it)") \
	row(TYPE, "unknown key type") \
	row(CERTIFICATE, "a certificate, not a key") \
	row(ALGORITHM, "key algorithm that SSH does not use") \
	row(CURVE, "elliptic curve that SSH does not use") \
	/* explicit parameters or a compressed point: SSH has a curve name and x, y */ \
	row(CURVE_FORM, "elliptic curve or point in another form than SSH's: openssl ec " \
	    "-pubin -param_enc named_curve -conv_form uncompressed converts it") \
	row(PRIMES, "RSA with more than two primes is not supported") \
	row(NO_PRIMES, "RSA without its primes is not supported") \
	row(NOT_PRIVATE, "a public key, not a private one") \
	row(NOT_PUBLIC, "a private key, not a public one") \
	row(CIPHER, "encrypted in a way that is not supported") \
	row(COST, "refused: its passphrase derivation would take longer than about 10 seconds") \
	row(ARGON2, "protected with Argon2, which this build lacks (OpenSSL 3.2 or libargon2)") \
	row(MAC, "its MAC does not match: the file was changed or damaged") \
	row(PASSPHRASE, "wrong passphrase, or a damaged key") \
	row(NO_PASSPHRASE, "encrypted, and no passphrase given (-P source)") \
	row(BLANK_PASSPHRASE, "encrypted, and the passphrase given is empty") \
	/* from here to NUL_PASSPHRASE: about the source of a passphrase; SOURCE: errno says why */ \
	row(SOURCE, NULL) \
	row(NOT_SET, "not set") \
	row(BOM, "begins with a byte order mark, which is not part of a passphrase: save " \
	    "the passphrase without it, as UTF-8") \
	row(NO_TERMINAL, "nobody can be asked for the passphrase (standard error must be " \
	    "a terminal, and XFERKEY_BATCH empty)") \
	row(NO_ANSWER, "no passphrase was given (end of input at the prompt)") \
	/* a new passphrase, from a source other than a prompt */ \
	row(EMPTY_PASSPHRASE, "an empty passphrase: for a key without protection, use none") \
	row(LONG_PASSPHRASE, "a passphrase has at most 1023 bytes") \
	row(NUL_PASSPHRASE, "a passphrase cannot hold a NUL") \
	row(TWO_PASSPHRASES, "the two passphrases differ") \
	row(MISMATCH, "its public and private halves do not belong together") \
	row(INVALID, "its numbers are not a valid key") \
	row(FORMAT, "this format cannot hold a key of this type") \
	row(UNENCRYPTED, "nothing is encrypted without a passphrase (-N)") \
	row(NO_ENCRYPTION, "this format has no safe protection by a passphrase: use PKCS8 or OPENSSH") \
	row(NO_ROUNDS, "in this format the number of rounds cannot be chosen (-a)") \
	row(FEW_ROUNDS, "PBKDF2 has at least 1000 iterations (-a)") \
	row(VERSION, "a version of this format that is not supported") \
	row(FOREIGN, "it, or its directory, belongs to another user, or it is not a regular file") \
	row(NO_USER, "no such user") \
	row(NO_USER_OR_FILE, "no such user or file") \
	row(NO_OWNER, "its owner has no account here") \
	row(NO_PATH, "no path after the colon") \
	row(HOME, "the home is not an absolute path") \
	row(ONLY_ROOT, "only root can check as another user") \
	row(STATIC, "not the invoking user, and this static build has no name service to ask for " \
	    "other accounts") \
	row(LINK, "a symbolic link, which sshd follows and authkeys does not, leads to") \
	row(LOCK_FILE, "its lock file, .NAME.xferkey beside it, is not a regular file of " \
	    "this user with one link") \
	row(LOCKED, "it has been locked by another process for 10 seconds") \
	row(UNLOCKED, "not locked") \
	row(OPTIONS, "the key is there already, with other options: remove it first") \
	row(UNKNOWN_OPTIONS, "unknown or malformed options: sshd may refuse the key") \
	row(AUTHORITY, "an option for a certificate authority, whose key lets in every " \
	    "certificate that it signs") \
	row(PRINCIPALS, "the option principals, which sshd accepts only for a certificate authority") \
	row(EXPIRED, "an expiry-time in the past") \
	row(NOT_TO_COME, "not a time in the future, such as +90d or YYYYMMDD") \
	row(UNCERTAIN, "the key is there, in a line that sshd may or may not accept; " \
	    "nothing was added; remove that line first") \
	row(TWO_OPTIONS, "the lines of the key to replace have different options: -O says which the " \
	    "new key has") \
	row(SAME_KEY, "the key to replace and the new key are the same") \
	row(UNFOUND, "ssh-keygen does not find the new key in its line: nothing was changed") \
	row(NO_LINE_END, "its last line has no line end: it may be truncated") \
	row(LOCKOUT, "no key of the new set would be let in, and the file has a key that is: nothing was " \
	    "changed") \
	row(UNANSWERED, "not known whether the key is there: ssh-keygen does not read " \
	    "all of the file") \
	row(CRYPTO, "libcrypto refuses this operation")

#define ERROR_NAME(name, text) ERROR_##name,
enum error { ERROR_NONE = 0, ERROR_FIRST = -100, ERRORS(ERROR_NAME) };

/* error_text: the phrase for an error. */
const char *error_text(int error);

#endif
