#include "base/key_error.h"

#include <errno.h>
#include <string.h>

static const struct {
	enum key_error error;
	const char *text;
} texts[] = {
	{ KEY_OK, "no error" },
	{ KEY_E_MEMORY, "out of memory, or the key would be larger than 1 MiB" },
	{ KEY_E_NOT_KEY, "not an SSH key" },
	{ KEY_E_UNTIDY, "not an SSH key as it stands (pubfmt or privfmt -F reads it)" },
	{ KEY_E_EMPTY, "no key in it" },
	{ KEY_E_SEVERAL, "more than one key in it" },
	{ KEY_E_SECOND, "a second key, and -o or -f takes one" },
	{ KEY_E_MALFORMED, "malformed key" },
	{ KEY_E_SPACES, "white space inside the base64 of the key: sshd reads it, and no generator writes it" },
	{ KEY_E_NUL, "a NUL behind a name inside the key: sshd reads it, and no generator writes it" },
	{ KEY_E_ALIAS, "a type that is not written as RFC 4253 has it: sshd reads it, and no generator writes it" },
	{ KEY_E_ZEROS, "zeros before a number inside the key: sshd reads it, and no generator writes it" },
	{ KEY_E_LIBERAL, "malformed in a way that sshd reads, and no generator writes" },
	{ KEY_E_UNENDED, "truncated: its last line is missing" },
	{ KEY_E_UNBEGUN, "the end of a key whose first line is missing or damaged" },
	{ KEY_E_LONG_LINE, "line longer than 65536 bytes" },
	{ KEY_E_TOO_BIG, "too large: a key has at most 1 MiB, its line 65536 bytes, authorized_keys 256 MiB" },
	{ KEY_E_UTF16, "UTF-16 text, as PowerShell's > writes it (pubfmt or privfmt -F reads it)" },
	{ KEY_E_TYPE, "unknown key type" },
	{ KEY_E_CERTIFICATE, "a certificate, not a key" },
	{ KEY_E_ALGORITHM, "key algorithm that SSH does not use" },
	{ KEY_E_CURVE, "elliptic curve that SSH does not use" },
	{ KEY_E_CURVE_FORM, "elliptic curve or point in another form than SSH's: openssl ec -pubin "
	    "-param_enc named_curve -conv_form uncompressed changes it" },
	{ KEY_E_PRIMES, "RSA of more than two primes, which is not read here" },
	{ KEY_E_NO_PRIMES, "RSA without its primes, which is not read here" },
	{ KEY_E_NOT_PRIVATE, "a public key, not a private one" },
	{ KEY_E_NOT_PUBLIC, "a private key, not a public one" },
	{ KEY_E_CIPHER, "encrypted in a way that is not supported" },
	{ KEY_E_COST, "refused: its passphrase derivation would take longer than about 10 seconds" },
	{ KEY_E_ARGON2, "protected with Argon2, which this build lacks (OpenSSL 3.2 or libargon2)" },
	{ KEY_E_MAC, "its MAC does not fit: the file was changed or damaged" },
	{ KEY_E_PASSPHRASE, "wrong passphrase, or a damaged key" },
	{ KEY_E_NO_PASSPHRASE, "encrypted, and no passphrase given (-P source)" },
	{ KEY_E_BLANK_PASSPHRASE, "encrypted, and the passphrase given is empty" },
	{ KEY_E_NOT_SET, "not set" },
	{ KEY_E_BOM, "begins with a byte order mark, which is part of no passphrase: save it as "
	    "UTF-8 without one" },
	{ KEY_E_NO_TERMINAL, "nobody can be asked for the passphrase (standard error must be a "
	    "terminal, and XFERKEY_BATCH not 1)" },
	{ KEY_E_NO_ANSWER, "no passphrase was given (end of input at the prompt)" },
	{ KEY_E_EMPTY_PASSPHRASE, "an empty passphrase; the word for no protection is none" },
	{ KEY_E_LONG_PASSPHRASE, "a passphrase has at most 1023 bytes" },
	{ KEY_E_NUL_PASSPHRASE, "a passphrase cannot hold a NUL" },
	{ KEY_E_TWO_PASSPHRASES, "the two passphrases differ" },
	{ KEY_E_MISMATCH, "its public and private halves do not belong together" },
	{ KEY_E_INVALID, "its numbers are not a valid key" },
	{ KEY_E_FORMAT, "this format cannot hold a key of this type" },
	{ KEY_E_UNSEALED, "nothing is encrypted without a passphrase (-N)" },
	{ KEY_E_NO_SEAL, "this format has no safe protection by a passphrase; PKCS8 and OPENSSH have" },
	{ KEY_E_NO_ROUNDS, "this format has no number of rounds to choose (-a)" },
	{ KEY_E_FEW_ROUNDS, "PBKDF2 has at least 1000 iterations (-a)" },
	{ KEY_E_VERSION, "a version of this format that is not supported" },
	{ KEY_E_FOREIGN, "it, or its directory, belongs to another user, or it is not a regular file" },
	{ KEY_E_NO_USER, "no such user" },
	{ KEY_E_NO_USER_OR_FILE, "no such user or file" },
	{ KEY_E_NO_OWNER, "its owner is no user here" },
	{ KEY_E_NO_PATH, "nothing after the colon" },
	{ KEY_E_HOME, "the home is not an absolute path" },
	{ KEY_E_ONLY_ROOT, "only root can look as another user" },
	{ KEY_E_LOCK_FILE, "its lock file, .NAME.xferkey beside it, is not a regular file of this user with one link" },
	{ KEY_E_LINK, "a symbolic link, which sshd follows and this does not, leads to" },
	{ KEY_E_LOCKED, "it has been locked by another process for 10 seconds" },
	{ KEY_E_UNLOCKED, "not locked" },
	{ KEY_E_OPTIONS, "the key is there already, with other options: remove it first (authkeys -d)" },
	{ KEY_E_UNKNOWN_OPTIONS, "not known as options by which sshd lets a key in" },
	{ KEY_E_AUTHORITY, "of a certificate authority, "
	    "whose key lets in every certificate that it signs" },
	{ KEY_E_PRINCIPALS, "of a certificate authority, "
	    "whose key lets in every certificate that it signs" },
	{ KEY_E_EXPIRED, "an expiry-time that is past" },
	{ KEY_E_NOT_TO_COME, "not a time to come, as +90d or YYYYMMDD" },
	{ KEY_E_UNCERTAIN, "the key is there, in a line of which it is not known whether sshd lets it in; "
	    "nothing was added; remove that line first" },
	{ KEY_E_UNANSWERED, "not known whether the key is there: ssh-keygen does not read all of the file" },
	{ KEY_E_CRYPTO, "libcrypto refuses this operation" },
};

const char *
key_error_text(int error)
{
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if ((int)texts[i].error == error)
			return texts[i].text;
	return strerror(errno);
}
