"""What a filter has to answer to an input."""
import collections
import fnmatch

import spoil

FILTERS = ("fpr", "pubfmt", "privfmt", "keyinfo", "fips-convert", "authkeys")
FIPS, AUTHKEYS, SHOW = ("fips-convert",), ("authkeys",), ("fpr", "keyinfo")
STREAMS = ("fpr", "pubfmt", "privfmt", "keyinfo")

# status 0 or 2; many: a line for each text that is found, not one; some: a good key is before or behind, and is
# written; fact: what is said, or what it begins with; None: any.
Expected = collections.namedtuple("Expected", "status many some fact")
READ, REFUSED, MANY, BEHIND = "read", "refused", "many", "behind"

# What is not as the depth of a defect says: of these filters, with names of inputs that fit one of these patterns
# (fnmatch(3)); the first counts.
EXCEPTIONS = (
    # FIPS forbids the key itself.
    (REFUSED, FIPS, "weak-*"),
    # A certificate is no key. The comment would stand in authorized_keys too. No server should let in DSA, or RSA as
    # short as these.
    (REFUSED, AUTHKEYS, "*-certificate: *", "*: text: a key in the comment", "rsa-*", "dsa-*"),
    # keyinfo compares the halves of a key that is not encrypted, but not its numbers, as ssh does.
    (REFUSED, ("keyinfo",), "*-openssh: pub/type: *"),
    (READ, ("keyinfo",), "ed-openssh: sealed/2: another seed", "ec-openssh: sealed/3: another number",
        "weak-rsa-openssh: sealed/[3-6]: another number",
        "*-ppk[23]: public/all: another key's", "ed-ppk[23]: public/1: another number",
        "ec-ppk3: public/2: off the curve", "ec-ppk3: public/2: another key's", "*-ppk3: private/[14]: one",
        "weak-rsa-ppk3: public/[12]: one", "*-ppk3: p*: another number", "weak-rsa-ppk3: *: eight bits more"),
    # Any well-formed blob has a fingerprint: an unknown algorithm is shown by its name. In the last a curve's name
    # is the first that is left.
    (READ, SHOW, "*: pub*/type: length - 1", "*: pub*/type: a byte *", "*: pub*/type: another type",
        "ec-*: pub*/type: left out"),
    (READ, ("fpr", "pubfmt", "keyinfo"), "*-rfc4716: type: length - 1", "*-rfc4716: type: a byte *",
        "*-rfc4716: type: another type"),
    # sshd reads what is not spelled as RFC 4253 has it, so its fingerprint is shown.
    (READ, SHOW, "*-line: type: a NUL more", "*-options: type: a NUL more", "*-certificate: type: a NUL more",
        "rsa-line: [12]: even", "rsa-line: [12]: zero-padded", "rsa-line: 1: empty", "rsa-line: 1: zero"),
    # What is wrong with the derivation shows when it is used: another cipher with the same block, no salt (PKCS#5 has
    # no least length), no PRF (then it is HMAC-SHA-1).
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
    # Of a DSA key in PKCS#8, y is left out, and keyinfo must compute it.
    (REFUSED, ("keyinfo",), "*dsa-pkcs8: 0/1/1/0: one"),
    # Each version of PuTTY's has its own MAC.
    (REFUSED, FILTERS, "*-ppk2*: text: Private-MAC: 64 digits", "*-ppk3*: text: Private-MAC: 40 digits"),
    # Many keys can come in one stream: behind the first there is more.
    (MANY, STREAMS, "*: text: armour in armour", "*: text: armour in base64", "*: text: a line end between"),
    (BEHIND, STREAMS, "*: text: BEGIN twice", "*: text: its first line twice", "*: text: its last line first",
        "*: text: text before it", "*: text: text behind it", "*: text: NULs behind it", "*: text: END twice",
        "*: line *: twice"),
)

PASSPHRASE, CIPHER, COST = "wrong passphrase", "encrypted in a way", "refused: its passphrase derivation"
NOT_KEY, EMPTY, MALFORMED, UNENDED = "not an SSH key", "no key in it", "malformed key", "truncated"

# What is said where it is clear: the first that has a pattern that fits.
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
    # of ssh.com's, the total length is another
    (MALFORMED, "*: byte *: cut", "*: base64: *", "*: text: END of another label", "*-sshcom*: cipher: *",
        "*: options/rounds: 0", "*: sealed/padding: *"),
    (CIPHER, "*: text: an unknown cipher", "*: text: Encryption: unknown", "*: text: Key-Derivation: unknown",
        "*: cipher: arcfour", "*: kdf: scrypt"),
    ("a version of this format", "*: text: PuTTY-User-Key-File-version *"),
    (COST, "*: text: Argon2-Memory: 999999999", "*: text: Argon2-Passes: 999999999", "*: options/rounds: 1501",
        "*: options/rounds: 2^32 - 1", "*: 0/0/1*: 2^31"),
    ("its MAC does not match", "*: text: Comment: *"),
    ("more than one key", "*: keys: 2*"),
    # each has half the numbers
    ("its numbers are not", "*-rsa-ppk*: *: another key's", "*-rsa-pem: 0/[1-8]: another number"),
    ("its public and private halves", "*: *: another key's", "*: *: another seed"),
)


def fits(given, patterns):
    return any(fnmatch.fnmatchcase(given.name, p) for p in patterns)


def answer(given, filter):
    """What becomes of it, and whether that is an exception."""
    for what, filters, *patterns in EXCEPTIONS:
        if filter in filters and (what in (READ, REFUSED) or given.depth == spoil.OPEN) and fits(given, patterns):
            return what, True
    seed = given.seed
    if given.depth in (spoil.NONE, spoil.OPEN):
        return (READ if given.depth == spoil.NONE else REFUSED), False
    if not seed.private:    # these ask no more of it than structure
        return (REFUSED if filter == "authkeys" else READ), False
    # keyinfo decrypts nothing
    return (READ if filter == "keyinfo" and seed.sealed else REFUSED), False


def expect(given, filter):
    what, exception = answer(given, filter)
    fact = None
    if what != READ and not (what == REFUSED and exception):
        fact = next((fact for fact, *patterns in FACTS if fits(given, patterns)), None)
    return Expected(0 if what == READ else 2, what == MANY, what in (MANY, BEHIND), fact)
