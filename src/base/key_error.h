/*
 * key_error: why a key could not be read, unlocked, written or used.
 */
#ifndef KEY_ERROR_H
#define KEY_ERROR_H

enum key_error {
	KEY_OK = 0,
	KEY_E_SYSTEM = -100,    /* errno says */
	KEY_E_MEMORY,
	KEY_E_NOT_KEY,          /* no format recognizes it */
	KEY_E_UNTIDY,           /* the same, and worth forgiving */
	KEY_E_EMPTY,
	KEY_E_SEVERAL,          /* where one is wanted */
	KEY_E_SECOND,           /* the same, from another file perhaps */
	KEY_E_MALFORMED,        /* recognized, but not well formed */
	KEY_E_SPACES,           /* a key that sshd reads, spelled as no generator does (key_blob.h) */
	KEY_E_NUL,
	KEY_E_ALIAS,
	KEY_E_ZEROS,
	KEY_E_LIBERAL,
	KEY_E_UNENDED,          /* its last line is missing */
	KEY_E_UNBEGUN,          /* and its first */
	KEY_E_LONG_LINE,
	KEY_E_TOO_BIG,
	KEY_E_UTF16,
	KEY_E_TYPE,             /* an algorithm we do not know */
	KEY_E_CERTIFICATE,      /* where a key is wanted */
	KEY_E_ALGORITHM,        /* in ASN.1, one that is none of SSH's */
	KEY_E_CURVE,
	KEY_E_CURVE_FORM,       /* parameters or a compressed point, where SSH has a name and x, y */
	KEY_E_PRIMES,           /* RSA with more than two (RFC 8017), which others read */
	KEY_E_NO_PRIMES,        /* RSA without, the same */
	KEY_E_NOT_PRIVATE,
	KEY_E_NOT_PUBLIC,
	KEY_E_CIPHER,           /* a protection we do not know */
	KEY_E_COST,             /* a key derivation beyond the cap */
	KEY_E_ARGON2,           /* this build has none */
	KEY_E_MAC,              /* of a file without a passphrase */
	KEY_E_PASSPHRASE,       /* wrong, or the sealed part is damaged */
	KEY_E_NO_PASSPHRASE,    /* needed, no source of it named, and nowhere to ask */
	KEY_E_BLANK_PASSPHRASE, /* needed, and the source has the empty one */
	KEY_E_SOURCE,           /* of the passphrase: errno says */
	KEY_E_NOT_SET,
	KEY_E_BOM,
	KEY_E_NO_TERMINAL,      /* to ask on */
	KEY_E_NO_ANSWER,        /* at the prompt */
	KEY_E_EMPTY_PASSPHRASE, /* a new one from a source that had none */
	KEY_E_LONG_PASSPHRASE,
	KEY_E_NUL_PASSPHRASE,
	KEY_E_TWO_PASSPHRASES,  /* typed, and not the same */
	KEY_E_MISMATCH,         /* public and private halves differ */
	KEY_E_INVALID,          /* the numbers are no key */
	KEY_E_FORMAT,           /* the format cannot hold this type */
	KEY_E_UNSEALED,         /* cipher or rounds without a passphrase */
	KEY_E_NO_SEAL,          /* the format cannot be protected */
	KEY_E_NO_ROUNDS,        /* the format's derivation has none to choose */
	KEY_E_FEW_ROUNDS,
	KEY_E_VERSION,          /* of a format that has versions */
	KEY_E_FOREIGN,          /* a file or directory of another user */
	KEY_E_NO_USER,
	KEY_E_NO_USER_OR_FILE,
	KEY_E_NO_OWNER,         /* of a file: its uid is no account's */
	KEY_E_NO_PATH,          /* after "user:" */
	KEY_E_HOME,             /* of an account, not an absolute path */
	KEY_E_ONLY_ROOT,        /* can become another account */
	KEY_E_LINK,             /* a symbolic link is on the way, and is not followed */
	KEY_E_LOCK_FILE,        /* the file that locks it is what nobody here has made */
	KEY_E_LOCKED,
	KEY_E_UNLOCKED,
	KEY_E_OPTIONS,          /* the key is there with others */
	KEY_E_UNKNOWN_OPTIONS,
	KEY_E_AUTHORITY,        /* cert-authority is among them */
	KEY_E_PRINCIPALS,       /* and principals, which are an authority's */
	KEY_E_EXPIRED,
	KEY_E_NOT_TO_COME,      /* the time from which a key shall be expired */
	KEY_E_UNCERTAIN,        /* the key is there, and what sshd makes of its line is not known */
	KEY_E_UNANSWERED,       /* ssh-keygen has not said which keys there are */
	KEY_E_CRYPTO            /* libcrypto refused */
};

/* key_error_text: a phrase for a message, lower case, no full stop. For
 * KEY_E_SYSTEM and KEY_E_SOURCE it is strerror(errno). */
const char *key_error_text(int error);

#endif
