#include "base/error.h"

#include <errno.h>
#include <string.h>

static const struct {
	enum error error;
	const char *text;
} texts[] = {
	{ ERROR_NONE, "no error" },
	{ ERROR_MEMORY, "out of memory, or the key would be larger than 1 MiB" },
	{ ERROR_NOT_KEY, "not an SSH key" },
	{ ERROR_UNTIDY, "not an SSH key as it stands (pubfmt or privfmt -F reads it)" },
	{ ERROR_EMPTY, "no key in it" },
	{ ERROR_SEVERAL, "more than one key in it" },
	{ ERROR_SECOND, "a second key, and -o or -f takes one" },
	{ ERROR_MALFORMED, "malformed key" },
	{ ERROR_SPACES, "white space inside the base64 of the key: sshd reads it, and no generator writes it" },
	{ ERROR_NUL, "a NUL behind a name inside the key: sshd reads it, and no generator writes it" },
	{ ERROR_ALIAS, "a type that is not written as RFC 4253 has it: sshd reads it, and no generator writes it" },
	{ ERROR_ZEROS, "zeros before a number inside the key: sshd reads it, and no generator writes it" },
	{ ERROR_LIBERAL, "malformed in a way that sshd reads, and no generator writes" },
	{ ERROR_UNENDED, "truncated: its last line is missing" },
	{ ERROR_UNBEGUN, "the end of a key whose first line is missing or damaged" },
	{ ERROR_LONG_LINE, "line longer than 65536 bytes" },
	{ ERROR_TOO_BIG, "too large: a key has at most 1 MiB, its line 65536 bytes, authorized_keys 256 MiB" },
	{ ERROR_UTF16, "UTF-16 text, as PowerShell's > writes it (pubfmt or privfmt -F reads it)" },
	{ ERROR_TYPE, "unknown key type" },
	{ ERROR_CERTIFICATE, "a certificate, not a key" },
	{ ERROR_ALGORITHM, "key algorithm that SSH does not use" },
	{ ERROR_CURVE, "elliptic curve that SSH does not use" },
	{ ERROR_CURVE_FORM, "elliptic curve or point in another form than SSH's: openssl ec -pubin "
	    "-param_enc named_curve -conv_form uncompressed changes it" },
	{ ERROR_PRIMES, "RSA of more than two primes, which is not read here" },
	{ ERROR_NO_PRIMES, "RSA without its primes, which is not read here" },
	{ ERROR_NOT_PRIVATE, "a public key, not a private one" },
	{ ERROR_NOT_PUBLIC, "a private key, not a public one" },
	{ ERROR_CIPHER, "encrypted in a way that is not supported" },
	{ ERROR_COST, "refused: its passphrase derivation would take longer than about 10 seconds" },
	{ ERROR_ARGON2, "protected with Argon2, which this build lacks (OpenSSL 3.2 or libargon2)" },
	{ ERROR_MAC, "its MAC does not fit: the file was changed or damaged" },
	{ ERROR_PASSPHRASE, "wrong passphrase, or a damaged key" },
	{ ERROR_NO_PASSPHRASE, "encrypted, and no passphrase given (-P source)" },
	{ ERROR_BLANK_PASSPHRASE, "encrypted, and the passphrase given is empty" },
	{ ERROR_NOT_SET, "not set" },
	{ ERROR_BOM, "begins with a byte order mark, which is part of no passphrase: save it as "
	    "UTF-8 without one" },
	{ ERROR_NO_TERMINAL, "nobody can be asked for the passphrase (standard error must be a "
	    "terminal, and XFERKEY_BATCH not 1)" },
	{ ERROR_NO_ANSWER, "no passphrase was given (end of input at the prompt)" },
	{ ERROR_EMPTY_PASSPHRASE, "an empty passphrase; the word for no protection is none" },
	{ ERROR_LONG_PASSPHRASE, "a passphrase has at most 1023 bytes" },
	{ ERROR_NUL_PASSPHRASE, "a passphrase cannot hold a NUL" },
	{ ERROR_TWO_PASSPHRASES, "the two passphrases differ" },
	{ ERROR_MISMATCH, "its public and private halves do not belong together" },
	{ ERROR_INVALID, "its numbers are not a valid key" },
	{ ERROR_FORMAT, "this format cannot hold a key of this type" },
	{ ERROR_UNENCRYPTED, "nothing is encrypted without a passphrase (-N)" },
	{ ERROR_NO_ENCRYPTION, "this format has no safe protection by a passphrase; PKCS8 and OPENSSH have" },
	{ ERROR_NO_ROUNDS, "this format has no number of rounds to choose (-a)" },
	{ ERROR_FEW_ROUNDS, "PBKDF2 has at least 1000 iterations (-a)" },
	{ ERROR_VERSION, "a version of this format that is not supported" },
	{ ERROR_FOREIGN, "it, or its directory, belongs to another user, or it is not a regular file" },
	{ ERROR_NO_USER, "no such user" },
	{ ERROR_NO_USER_OR_FILE, "no such user or file" },
	{ ERROR_NO_OWNER, "its owner is no user here" },
	{ ERROR_NO_PATH, "nothing after the colon" },
	{ ERROR_HOME, "the home is not an absolute path" },
	{ ERROR_ONLY_ROOT, "only root can look as another user" },
	{ ERROR_LOCK_FILE, "its lock file, .NAME.xferkey beside it, is not a regular file of this user with one link" },
	{ ERROR_LINK, "a symbolic link, which sshd follows and this does not, leads to" },
	{ ERROR_LOCKED, "it has been locked by another process for 10 seconds" },
	{ ERROR_UNLOCKED, "not locked" },
	{ ERROR_OPTIONS, "the key is there already, with other options: remove it first (authkeys -d)" },
	{ ERROR_UNKNOWN_OPTIONS, "not known as options by which sshd lets a key in" },
	{ ERROR_AUTHORITY, "of a certificate authority, "
	    "whose key lets in every certificate that it signs" },
	{ ERROR_PRINCIPALS, "of a certificate authority, "
	    "whose key lets in every certificate that it signs" },
	{ ERROR_EXPIRED, "an expiry-time that is past" },
	{ ERROR_NOT_TO_COME, "not a time to come, as +90d or YYYYMMDD" },
	{ ERROR_UNCERTAIN, "the key is there, in a line of which it is not known whether sshd lets it in; "
	    "nothing was added; remove that line first" },
	{ ERROR_UNANSWERED, "not known whether the key is there: ssh-keygen does not read all of the file" },
	{ ERROR_CRYPTO, "libcrypto refuses this operation" },
};

const char *
error_text(int error)
{
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if ((int)texts[i].error == error)
			return texts[i].text;
	return strerror(errno);
}
