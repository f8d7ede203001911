"""What a filter has to answer to an input."""
import collections
import fnmatch

import spoil

FILTERS = ("fpr", "pubfmt", "privfmt", "keyinfo", "fips-convert", "authkeys")
SHOW = ("fpr", "keyinfo")
PUBLIC = ("fpr", "pubfmt", "keyinfo")
STREAMS = ("fpr", "pubfmt", "privfmt", "keyinfo")

# status 0 or 2; many: a line for each text that is found, not one; some: a good key is before or behind, and is written;
# fact: what is said, or what it begins with; None: any.
Expected = collections.namedtuple("Expected", "status many some fact")
READ, REFUSED, MANY, BEHIND = "read", "refused", "many", "behind"

# What is not as the depth of a defect says: the first pattern (fnmatch(3)) that fits the input's name, for these
# filters; above it the reason.
EXCEPTIONS = (
    # FIPS forbids the key itself; a certificate is none.
    ("weak-*", ("fips-convert",), REFUSED),
    ("*-certificate: *", ("authkeys",), REFUSED),
    # It would stand in authorized_keys too.
    ("*: text: a key in the comment", ("authkeys",), REFUSED),
    # No server should let in DSA, or RSA as short as these.
    ("rsa-*", ("authkeys",), REFUSED),
    ("dsa-*", ("authkeys",), REFUSED),
    # Any well-formed blob has a fingerprint: an unknown algorithm is shown by its name. In the third a curve's name
    # is the first that is left.
    ("*: pub*/type: length - 1", SHOW, READ),
    ("*: pub*/type: a byte *", SHOW, READ),
    ("*: pub*/type: another type", SHOW, READ),
    ("ec-*: pub*/type: left out", SHOW, READ),
    ("*-rfc4716: type: length - 1", PUBLIC, READ),
    ("*-rfc4716: type: a byte *", PUBLIC, READ),
    ("*-rfc4716: type: another type", PUBLIC, READ),
    # sshd reads what is not spelled as RFC 4253 has it, so its fingerprint is shown.
    ("*-line: type: a NUL more", SHOW, READ),
    ("*-options: type: a NUL more", SHOW, READ),
    ("*-certificate: type: a NUL more", SHOW, READ),
    ("rsa-line: [12]: even", SHOW, READ),
    ("rsa-line: [12]: zero-padded", SHOW, READ),
    ("rsa-line: 1: empty", SHOW, READ),
    ("rsa-line: 1: zero", SHOW, READ),
    # What is wrong with the derivation shows when it is used: another cipher with the same block, no salt (PKCS#5 has
    # no least length), no PRF (then it is HMAC-SHA-1).
    ("*-aes256-ctr: cipher: another", ("keyinfo",), READ),
    ("*-aes128: cipher: another", ("keyinfo",), READ),
    ("*-pbes1: 0/0/1/0: empty", ("keyinfo",), READ),
    ("*: 0/0/1/0/1/0: empty", ("keyinfo",), READ),
    ("*-pbes2: 0/0/1/0/1/2: left out", ("keyinfo",), READ),
    # Optional by RFC 5915, and ssh-keygen agrees: the public half.
    ("ec-pem: 0/3: left out", FILTERS, READ),
    ("ec-pkcs8: 0/2/0/2: left out", FILTERS, READ),
    # Required by RFC 3279 and RFC 8018, but ssh-keygen does without: NULL.
    ("*rsa-spki: 0/0/1: left out", FILTERS, READ),
    ("*rsa-pkcs8: 0/1/1: left out", FILTERS, READ),
    ("*-pbes2: 0/0/1/0/1/2/1: left out", FILTERS, READ),
    # RFC 7468's lax grammar has them: blanks before BEGIN, empty lines.
    ("*: text: indented BEGIN", FILTERS, READ),
    ("*-dek: line 4: twice", FILTERS, READ),
    # A comment of an ssh.com key may be missing, or there may be two.
    ("*-sshcom*: line 2: left out", FILTERS, READ),
    ("*-sshcom*: line 2: twice", FILTERS, READ),
    # Of a DSA key in PKCS#8, y is left out, and keyinfo must compute it.
    ("*dsa-pkcs8: 0/1/1/0: one", ("keyinfo",), REFUSED),
    # Each version of PuTTY's has its own MAC.
    ("*-ppk2*: text: Private-MAC: 64 digits", FILTERS, REFUSED),
    ("*-ppk3*: text: Private-MAC: 40 digits", FILTERS, REFUSED),
    # Many keys can come in one stream: behind the first there is more.
    ("*: text: armour in armour", STREAMS, MANY),
    ("*: text: armour in base64", STREAMS, MANY),
    ("*: text: a line end between", STREAMS, MANY),
    ("*: text: BEGIN twice", STREAMS, BEHIND),
    ("*: text: its first line twice", STREAMS, BEHIND),
    ("*: text: its last line first", STREAMS, BEHIND),
    ("*: text: text before it", STREAMS, BEHIND),
    ("*: text: text behind it", STREAMS, BEHIND),
    ("*: text: NULs behind it", STREAMS, BEHIND),
    ("*: text: END twice", STREAMS, BEHIND),
    ("*: line *: twice", STREAMS, BEHIND),
)

PASSPHRASE, CIPHER, COST = "wrong passphrase", "encrypted in a way", "refused: its passphrase derivation"
NOT_KEY, EMPTY, MALFORMED = "not an SSH key", "no key in it", "malformed key"
UNENDED, UNBEGUN, MISMATCH = "truncated", "the end of a key", "its public and private halves"

# What is said where it is clear: the first pattern that fits.
FACTS = (
    ("*: all: wrong passphrase", PASSPHRASE),
    ("*: all: no passphrase", "encrypted, and no passphrase given"),
    ("*-dek: byte *: cut", None),                       # between blocks: wrong passphrase
    ("*: byte *: cut", MALFORMED),
    ("*: base64: *", MALFORMED),
    ("*: line *: the last", UNENDED),
    ("*: line 1: left out", NOT_KEY),
    ("*: text: nothing", EMPTY),
    ("*: text: NULs *", NOT_KEY),
    ("*: text: text *", NOT_KEY),
    ("*: text: END alone", UNBEGUN),
    ("*: text: END twice", UNBEGUN),
    ("*: text: END of another label", MALFORMED),
    ("*: text: BEGIN of another label", NOT_KEY),
    ("*: text: BEGIN alone", UNENDED),
    ("*: text: BEGIN twice", UNENDED),
    ("*: text: an unknown label", NOT_KEY),
    ("*: text: an unknown cipher", CIPHER),
    ("*: text: PuTTY-User-Key-File-version *", "a version of this format"),
    ("*: text: Encryption: unknown", CIPHER),
    ("*: text: Key-Derivation: unknown", CIPHER),
    ("*: text: Argon2-Memory: 10^9 - 1", COST),
    ("*: text: Argon2-Passes: 10^9 - 1", COST),
    ("*-sealed: text: Comment: *", PASSPHRASE),
    ("*: text: Comment: *", "its MAC does not fit"),
    ("*-sshcom*: cipher: *", MALFORMED),                # its total length is another
    ("*: cipher: arcfour", CIPHER),
    ("*: kdf: scrypt", CIPHER),
    ("*: keys: 0", EMPTY),
    ("*: keys: 2*", "more than one key"),
    ("*: options/rounds: 0", MALFORMED),
    ("*: options/rounds: 1501", COST),
    ("*: options/rounds: 2^32 - 1", COST),
    ("*: options/salt: a byte less", PASSPHRASE),
    ("*: 0/0/1*: 2^31", COST),
    ("*: tag: zeros", PASSPHRASE),
    ("*: sealed/padding: *", MALFORMED),
    ("*-rsa-ppk*: *: another key's", "its numbers are not"),    # each has half the numbers
    ("*: *: another key's", MISMATCH),
    ("*: *: another seed", MISMATCH),
    ("*-rsa-pem: 0/[1-8]: another number", "its numbers are not"),
)


def answer(given, filter):
    """What becomes of it, and whether that is an exception."""
    for pattern, filters, what in EXCEPTIONS:
        if filter in filters and (what in (READ, REFUSED) or given.depth == spoil.OPEN) and \
                fnmatch.fnmatchcase(given.name, pattern):
            return what, True
    seed = given.seed
    if given.depth in (spoil.NONE, spoil.OPEN):
        return (READ if given.depth == spoil.NONE else REFUSED), False
    if not seed.private:    # these ask no more of it than structure
        return (REFUSED if filter == "authkeys" else READ), False
    # keyinfo looks into what tells nothing outside
    return (READ if filter == "keyinfo" and (seed.sealed or seed.pub) else REFUSED), False


def expect(given, filter):
    what, exception = answer(given, filter)
    fact = None
    if what != READ and not (what == REFUSED and exception):
        fact = next((fact for pattern, fact in FACTS if fnmatch.fnmatchcase(given.name, pattern)), None)
    return Expected(0 if what == READ else 2, what == MANY, what in (MANY, BEHIND), fact)
