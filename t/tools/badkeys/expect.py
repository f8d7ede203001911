"""What a filter has to answer to an input."""
import collections
import fnmatch

import spoil

FILTERS = ("fpr", "pubfmt", "privfmt", "keyinfo", "fips-convert", "authkeys")
FIPS, AUTHKEYS, SHOW = ("fips-convert",), ("authkeys",), ("fpr", "keyinfo")
STREAMS = ("fpr", "pubfmt", "privfmt", "keyinfo")

# status 0 or 2; many: one line for each key text that is found, not one in all; some: a good key precedes or follows,
# and is written; fact: the message or its beginning; None: any message.
Expected = collections.namedtuple("Expected", "status many some fact")
READ, REFUSED, MANY, BEHIND = "read", "refused", "many", "behind"

# Exceptions from the rule for the depth of a defect: the result, the filters, patterns for the names of inputs
# (fnmatch(3)). The first that matches counts.
EXCEPTIONS = (
    # FIPS forbids the key itself.
    (REFUSED, FIPS, "weak-*"),
    # A certificate is refused, and so is a key in a comment, which would stand in authorized_keys too. No server should
    # let in DSA, or RSA as short as these.
    (REFUSED, AUTHKEYS, "*-certificate: *", "*: text: a key in the comment", "rsa-*", "dsa-*"),
    # keyinfo compares the halves of a key that is not encrypted, but not its numbers, as ssh does.
    (REFUSED, ("keyinfo",), "*-openssh: pub/type: *"),
    (READ, ("keyinfo",), "ed-openssh: sealed/2: another seed", "ec-openssh: sealed/3: another number",
        "weak-rsa-openssh: sealed/[3-6]: another number",
        "*-ppk[23]: public/all: another key's", "ed-ppk[23]: public/1: another number",
        "ec-ppk3: public/2: off the curve", "ec-ppk3: public/2: another key's", "*-ppk3: private/[14]: one",
        "weak-rsa-ppk3: public/[12]: one", "*-ppk3: p*: another number", "weak-rsa-ppk3: *: eight bits more"),
    # Any well-formed blob has a fingerprint: an unknown algorithm is shown by its name. In the last pattern the name of
    # a curve is the first field left.
    (READ, SHOW, "*: pub*/type: length - 1", "*: pub*/type: a byte *", "*: pub*/type: another type",
        "ec-*: pub*/type: left out"),
    (READ, ("fpr", "pubfmt", "keyinfo"), "*-rfc4716: type: length - 1", "*-rfc4716: type: a byte *",
        "*-rfc4716: type: another type"),
    # sshd reads blobs with other spellings than RFC 4253's, so their fingerprints are shown.
    (READ, SHOW, "*-line: type: a NUL more", "*-options: type: a NUL more", "*-certificate: type: a NUL more",
        "rsa-line: [12]: even", "rsa-line: [12]: zero-padded", "rsa-line: 1: empty", "rsa-line: 1: zero"),
    # A wrong key derivation shows only in use: another cipher with the same block, no salt (PKCS#5 has no least
    # length), no PRF (then it is HMAC-SHA-1).
    (READ, ("keyinfo",), "*-aes256-ctr: cipher: another", "*-aes128: cipher: another", "*-pbes1: 0/0/1/0: empty",
        "*: 0/0/1/0/1/0: empty", "*-pbes2: 0/0/1/0/1/2: left out"),
    (READ, FILTERS,
        # Optional by RFC 5915, and ssh-keygen agrees: the public half.
        "ec-pem: 0/3: left out", "ec-pkcs8: 0/2/0/2: left out",
        # Required by RFC 3279 and RFC 8018, but ssh-keygen does without: NULL.
        "*rsa-spki: 0/0/1: left out", "*rsa-pkcs8: 0/1/1: left out", "*-pbes2: 0/0/1/0/1/2/1: left out",
        # RFC 7468's lax grammar has them: blanks before BEGIN, empty lines.
        "*: text: indented BEGIN", "*-dek: line 4: twice",
        # A comment of an ssh.com key may be missing, or there may be two.
        "*-sshcom*: line 2: left out", "*-sshcom*: line 2: twice"),
    # With y of a DSA key in PKCS#8 left out, keyinfo must compute it.
    (REFUSED, ("keyinfo",), "*dsa-pkcs8: 0/1/1/0: one"),
    # Each version of PuTTY's format has its own MAC.
    (REFUSED, FILTERS, "*-ppk2*: text: Private-MAC: 64 digits", "*-ppk3*: text: Private-MAC: 40 digits"),
    # A stream may have many keys: there is more after the first.
    (MANY, STREAMS, "*: text: armour in armour", "*: text: armour in base64", "*: text: a line end between"),
    (BEHIND, STREAMS, "*: text: BEGIN twice", "*: text: its first line twice", "*: text: its last line first",
        "*: text: text before it", "*: text: text behind it", "*: text: NULs behind it", "*: text: END twice",
        "*: line *: twice"),
)

PASSPHRASE, CIPHER, COST = "wrong passphrase", "encrypted in a way", "refused: its passphrase derivation"
NOT_KEY, EMPTY, MALFORMED, UNENDED = "not an SSH key", "no key in it", "malformed key", "truncated"

# The messages, where only one is right: the first with a matching pattern.
FACTS = (
    (PASSPHRASE, "*: all: wrong passphrase", "*: options/salt: a byte less", "*: tag: zeros",
        "*-sealed: text: Comment: *"),
    ("encrypted, and no passphrase given", "*: all: no passphrase"),
    (None, "*-dek: byte *: cut"),                       # between blocks: wrong passphrase
    (UNENDED, "*: line *: the last", "*: text: BEGIN alone", "*: text: BEGIN twice"),
    (NOT_KEY, "*: line 1: left out", "*: text: NULs *", "*: text: text *", "*: text: BEGIN of another label",
        "*: text: an unknown label"),
    (EMPTY, "*: text: nothing", "*: keys: 0"),
    ("the end of a key", "*: text: END alone", "*: text: END twice"),
    # for ssh.com's format: the total length does not fit
    (MALFORMED, "*: byte *: cut", "*: base64: *", "*: text: END of another label", "*-sshcom*: cipher: *",
        "*: options/rounds: 0", "*: sealed/padding: *"),
    (CIPHER, "*: text: an unknown cipher", "*: text: Encryption: unknown", "*: text: Key-Derivation: unknown",
        "*: cipher: arcfour", "*: kdf: scrypt"),
    ("a version of this format", "*: text: PuTTY-User-Key-File-version *"),
    (COST, "*: text: Argon2-Memory: 999999999", "*: text: Argon2-Passes: 999999999", "*: options/rounds: 1501",
        "*: options/rounds: 2^32 - 1", "*: 0/0/1*: 2^31"),
    ("its MAC does not match", "*: text: Comment: *"),
    ("more than one key", "*: keys: 2*"),
    # here each half has only some of the numbers
    ("its numbers are not", "*-rsa-ppk*: *: another key's", "*-rsa-pem: 0/[1-8]: another number"),
    ("its public and private halves", "*: *: another key's", "*: *: another seed"),
)


def fits(given, patterns):
    return any(fnmatch.fnmatchcase(given.name, p) for p in patterns)


def answer(given, filter):
    """What the filter must do with it, and whether that is an exception."""
    for what, filters, *patterns in EXCEPTIONS:
        if filter in filters and (what in (READ, REFUSED) or given.depth == spoil.OPEN) and fits(given, patterns):
            return what, True
    seed = given.seed
    if given.depth in (spoil.NONE, spoil.OPEN):
        return (READ if given.depth == spoil.NONE else REFUSED), False
    if not seed.private:    # for a public key these filters check only the structure
        return (REFUSED if filter == "authkeys" else READ), False
    # keyinfo decrypts nothing
    return (READ if filter == "keyinfo" and seed.sealed else REFUSED), False


def expect(given, filter):
    what, exception = answer(given, filter)
    fact = None
    if what != READ and not (what == REFUSED and exception):
        fact = next((fact for fact, *patterns in FACTS if fits(given, patterns)), None)
    return Expected(0 if what == READ else 2, what == MANY, what in (MANY, BEHIND), fact)
