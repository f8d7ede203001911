/*
 * error: why a key could not be read, unlocked, written or used.
 */
#ifndef ERROR_H
#define ERROR_H

enum error {
	ERROR_NONE = 0,
	ERROR_SYSTEM = -100,    /* errno says */
	ERROR_MEMORY,
	ERROR_NOT_KEY,          /* no format recognizes it */
	ERROR_UNTIDY,           /* the same, and worth forgiving */
	ERROR_EMPTY,
	ERROR_SEVERAL,          /* where one is wanted */
	ERROR_SECOND,           /* the same, from another file perhaps */
	ERROR_MALFORMED,        /* recognized, but not well formed */
	ERROR_SPACES,           /* a key that sshd reads, spelled as no generator does (key_blob.h) */
	ERROR_NUL,
	ERROR_ALIAS,
	ERROR_ZEROS,
	ERROR_LIBERAL,
	ERROR_UNENDED,          /* its last line is missing */
	ERROR_UNBEGUN,          /* and its first */
	ERROR_LONG_LINE,
	ERROR_TOO_BIG,
	ERROR_UTF16,
	ERROR_TYPE,             /* an algorithm we do not know */
	ERROR_CERTIFICATE,      /* where a key is wanted */
	ERROR_ALGORITHM,        /* in ASN.1, one that is none of SSH's */
	ERROR_CURVE,
	ERROR_CURVE_FORM,       /* parameters or a compressed point, where SSH has a name and x, y */
	ERROR_PRIMES,           /* RSA with more than two (RFC 8017), which others read */
	ERROR_NO_PRIMES,        /* RSA without, the same */
	ERROR_NOT_PRIVATE,
	ERROR_NOT_PUBLIC,
	ERROR_CIPHER,           /* a protection we do not know */
	ERROR_COST,             /* a key derivation beyond the cap */
	ERROR_ARGON2,           /* this build has none */
	ERROR_MAC,              /* of a file without a passphrase */
	ERROR_PASSPHRASE,       /* wrong, or the sealed part is damaged */
	ERROR_NO_PASSPHRASE,    /* needed, no source of it named, and nowhere to ask */
	ERROR_BLANK_PASSPHRASE, /* needed, and the source has the empty one */
	ERROR_SOURCE,           /* of the passphrase: errno says */
	ERROR_NOT_SET,
	ERROR_BOM,
	ERROR_NO_TERMINAL,      /* to ask on */
	ERROR_NO_ANSWER,        /* at the prompt */
	ERROR_EMPTY_PASSPHRASE, /* a new one from a source that had none */
	ERROR_LONG_PASSPHRASE,
	ERROR_NUL_PASSPHRASE,
	ERROR_TWO_PASSPHRASES,  /* typed, and not the same */
	ERROR_MISMATCH,         /* public and private halves differ */
	ERROR_INVALID,          /* the numbers are no key */
	ERROR_FORMAT,           /* the format cannot hold this type */
	ERROR_UNENCRYPTED,         /* cipher or rounds without a passphrase */
	ERROR_NO_ENCRYPTION,          /* the format cannot be protected */
	ERROR_NO_ROUNDS,        /* the format's derivation has none to choose */
	ERROR_FEW_ROUNDS,
	ERROR_VERSION,          /* of a format that has versions */
	ERROR_FOREIGN,          /* a file or directory of another user */
	ERROR_NO_USER,
	ERROR_NO_USER_OR_FILE,
	ERROR_NO_OWNER,         /* of a file: its uid is no account's */
	ERROR_NO_PATH,          /* after "user:" */
	ERROR_HOME,             /* of an account, not an absolute path */
	ERROR_ONLY_ROOT,        /* can become another account */
	ERROR_LINK,             /* a symbolic link is on the way, and is not followed */
	ERROR_LOCK_FILE,        /* the file that locks it is what nobody here has made */
	ERROR_LOCKED,
	ERROR_UNLOCKED,
	ERROR_OPTIONS,          /* the key is there with others */
	ERROR_UNKNOWN_OPTIONS,
	ERROR_AUTHORITY,        /* cert-authority is among them */
	ERROR_PRINCIPALS,       /* and principals, which are an authority's */
	ERROR_EXPIRED,
	ERROR_NOT_TO_COME,      /* the time from which a key shall be expired */
	ERROR_UNCERTAIN,        /* the key is there, and what sshd makes of its line is not known */
	ERROR_UNANSWERED,       /* ssh-keygen has not said which keys there are */
	ERROR_CRYPTO            /* libcrypto refused */
};

/* error_text: a phrase for a message, lower case, no full stop. For
 * ERROR_SYSTEM and ERROR_SOURCE it is strerror(errno). */
const char *error_text(int error);

#endif
