"""Which of spoil's damaged files are in the set, and why each must be refused."""
import fnmatch

KEY, CERT, LIST = "OpenSSH PROTOCOL.key section", "OpenSSH PROTOCOL.certkeys", "sshd(8), AUTHORIZED_KEYS FILE FORMAT"
PUTTY, SSHCOM = "PuTTY's manual, appendix C", "none is published; PuTTY's import.c reads and writes it"
WIRE, DER, PEM, BASE64 = "RFC 4251 section 5", "X.690 section 10.1", "RFC 7468 section 3", "RFC 4648 section 3"
EC, PKCS1, PKCS8, PKCS5 = "RFC 5915 section 3", "RFC 8017 section 3", "RFC 5208 section 5", "RFC 8018 appendix A"

# Of each: the formats and types, the places and changes (fnmatch(3)), the reason, the clause. The first that fits
# counts; a file that fits none is not in the set.
RULES = (
    # openssh-key-v1
    ("OPENSSH ed25519", "magic: *", "the magic is not openssh-key-v1", KEY + " 1"),
    ("OPENSSH ed25519", "cipher: arcfour|cipher: empty", "an unknown cipher", KEY + " 4"),
    ("OPENSSH ed25519", "cipher: another|kdf: bcrypt", "only one of cipher and kdf is none", KEY + " 5"),
    ("sealed OPENSSH *", "cipher: none|kdf: none", "only one of cipher and kdf is none", KEY + " 5"),
    ("OPENSSH ed25519", "kdf: scrypt|kdf: empty", "an unknown kdf", KEY + " 2"),
    ("OPENSSH ed25519", "keys: 0", "it says that it has no key", KEY + " 1"),
    ("OPENSSH ed25519", "keys: 2*", "it says that it has more keys than it has", KEY + " 1"),
    ("OPENSSH *", "pub: empty|pub: left out|pub: twice", "not one public key", KEY + " 1"),
    ("OPENSSH *", "pub/type: another type|sealed/type: another type",
        "an unknown type, unlike that of the other half", KEY + " 3"),
    ("OPENSSH *", "pub/type: length [+-] 1|pub/1: length + 1|pub/1: length - 1|pub: length [+-] 1|pub: length 2*|"
        "sealed: length [+-] 1|sealed: length 2*|sealed/[123]: length [+-] 1|sealed/comment: length - 1|"
        "sealed/comment: length 2^31 - 1|cipher: length [+-] 1|kdf: length + 1|options: length + 1",
        "a length is not that of its string", WIRE),
    ("OPENSSH ed25519", "pub/1: a byte less|pub/1: a byte more|sealed/1: a byte less|sealed/1: a byte more",
        "a public key is 32 bytes", "RFC 8709 section 4"),
    ("OPENSSH ed25519", "sealed/2: a byte less|sealed/2: a byte more", "seed and public key are 64 bytes", KEY + " 3"),
    ("OPENSSH *", "pub/[12]: another number|pub/2: off the curve|sealed/1: another number|sealed/2: another *",
        "the public and private halves are no pair", KEY + " 3"),
    ("OPENSSH p256", "sealed/2: off the curve", "the point is not on the curve", "SEC 1 section 3.2.2"),
    ("OPENSSH p256", "sealed/2: at infinity|sealed/2: of a form that is none", "not a point", "SEC 1 section 2.3.4"),
    ("OPENSSH p256", "sealed/1: another curve|pub/1: another curve", "an unknown curve", "RFC 5656 section 3.1"),
    ("OPENSSH p256", "sealed/3: another number|sealed/3: one",
        "the private number is not that of the point", "SEC 1 section 3.2.1"),
    ("OPENSSH p256", "sealed/3: zero|sealed/3: negative|sealed/3: 16,392 bits",
        "the private number is not from 1 to the order", "SEC 1 section 3.2.1"),
    ("OPENSSH rsa1024", "sealed/[123]: another number|sealed/[123]: eight bits more|sealed/[56]: another number|"
        "sealed/[56]: even|sealed/1: even|sealed/[1356]: zero|sealed/[1356]: negative",
        "the numbers are not those of one key", PKCS1),
    ("OPENSSH *", "sealed/check: another|sealed/again: another|sealed/again: left out",
        "the check numbers differ", KEY + " 3"),
    ("OPENSSH ed25519",
        "sealed/padding: a byte less|sealed/padding: a zero more|sealed: a byte less|sealed: a byte more",
        "not whole blocks of 8 bytes", KEY + " 3"),
    ("OPENSSH *", "end: *", "bytes behind the key", KEY + " 1"),
    ("*OPENSSH *", "all: wrong passphrase", "the passphrase is another", KEY + " 4"),
    ("*OPENSSH *", "all: no passphrase", "no passphrase", KEY + " 4"),
    ("sealed OPENSSH *", "options/rounds: 0", "no rounds", KEY + " 2"),
    ("sealed OPENSSH *", "options/salt: empty", "no salt", KEY + " 2"),
    ("sealed OPENSSH *", "options: empty|options: a byte more|options/rounds: left out|options/salt: length + 1",
        "the options are not a salt and rounds", KEY + " 2"),
    ("sealed OPENSSH *", "options/salt: a byte less|sealed: its first byte wrong",
        "the check numbers differ", KEY + " 3"),
    ("sealed OPENSSH *", "sealed: its last byte wrong", "the padding is not 1, 2, 3 ...", KEY + " 3"),
    ("sealed OPENSSH *", "sealed: a byte more|sealed: a byte less", "not whole blocks of 16 bytes", KEY + " 3"),
    ("sealed OPENSSH *", "private/2: another seed|private/1: another number|pub/1: another number",
        "the public and private halves are no pair", KEY + " 3"),
    ("gcm *|chacha20 *", "tag: *|sealed: its first byte wrong|sealed: its last byte wrong",
        "the tag is not that of the text", KEY + " 4"),
    # public blobs
    ("line p256", "2: off the curve|2: at infinity|2: of a form that is none",
        "not a point on the curve", "SEC 1 section 2.3.4"),
    ("line p256", "1: another curve", "an unknown curve", "RFC 5656 section 3.1"),
    ("line *", "type: another type|type: length [+-] 1|type: empty", "not the type before it", "RFC 4253 section 6.6"),
    ("RFC4716 *", "type: length + 1|type: length 2*|type: empty", "not a type", "RFC 4253 section 6.6"),
    ("line ed25519|RFC4716 ed25519", "1: a byte less|1: a byte more|1: empty",
        "a public key is 32 bytes", "RFC 8709 section 4"),
    ("line *|RFC4716 *", "[12]: length [+-] 1|[12]: length 0|[12]: length 2^3[12] - 1|[12]: twice|[12]: left out",
        "a length is not that of its string, or a string more or less", WIRE),
    ("line rsa1024", "2: empty|2: zero|[12]: negative", "e and n are positive", "RFC 4253 section 6.6"),
    ("line rsa1024", "2: 16,392 bits", "longer than any reader's limit", "OpenSSH's sshbuf.h, SSHBUF_MAX_BIGNUM"),
    ("line ed25519|line rsa1024|RFC4716 *", "end: *", "bytes behind the key", "RFC 4253 section 6.6"),
    ("line ed25519", "text: nothing|text: its type alone|text: its base64 alone|text: base64 before the type|"
        "text: no blank between|text: a line end between|text: another type|text: an unknown type|"
        "text: options that do not end|text: base64 twice in one word",
        "not a line with options, type and key", LIST),
    ("line ed25519 certificate", "certificate/[2349]: left out|certificate/[37]: length + 1|nonce: left out|end: *",
        "not the fields of a certificate", CERT),
    # RFC 4716
    ("RFC4716 ed25519", "text: BEGIN alone|text: END alone|text: no base64|text: END before BEGIN|"
        "text: END in a line of base64|text: END of another label|text: an unknown label|"
        "text: dashes left out",
        "not a BEGIN line, a key and an END line", "RFC 4716 section 3.2"),
    ("RFC4716 ed25519", "text: a header that does not end|text: a header without a colon",
        "not a header", "RFC 4716 section 3.3"),
    # DER
    ("PEM p256", "0/1: zero|0/1: all ones", "the private number is not from 1 to the order", "SEC 1 section 3.2.1"),
    ("PEM p256", "0/0: 7", "the version is 1", EC),
    ("PEM p256", "0/2/0: unknown", "an unknown curve", EC),
    ("PEM p256", "0/[012]: left out|0/[01]: twice", "an element less or more", EC),
    ("PEM rsa1024", "0/0: left out|0/8: left out|0/3: twice|0/0: 7",
        "not the nine numbers of two primes", "RFC 8017 appendix A.1.2"),
    ("PEM rsa1024", "0/1: another number|0/2: eight bits more|0/[3678]: another number|0/[45]: even|0/[13]: zero",
        "the numbers are not those of one key", PKCS1),
    ("PEM dsa1024", "0/[12345]: another number|0/5: one",
        "the numbers are not those of one key", "FIPS 186-4 section 4.1"),
    ("PEM dsa1024", "0/[15]: zero|0/[345]: left out", "the numbers are not those of one key", "FIPS 186-4 section 4.1"),
    ("PEM *|PKCS8 *|public PKCS8 *|public PEM *",
        "0: length [+-] 1|0: length 0|0: length 2^32 - 1|0/1: length + 1|end: *|0: another tag|"
        "0: indefinite length",
        "a length or tag is wrong, or bytes behind the key", DER),
    ("PKCS8 p256", "0/2/0/1: zero|0/2/0/1: all ones",
        "the private number is not from 1 to the order", "SEC 1 section 3.2.1"),
    ("PKCS8 p256", "0/2/0/2/0: its last byte wrong|0/2/0/2: a byte more",
        "the public half is not that of the private number", EC),
    ("PKCS8 *", "0/1/0: unknown|0/1/1: unknown", "an unknown algorithm or curve", PKCS8),
    ("PKCS8 ed25519", "0/2/0: a byte less|0/2/0: a byte more", "a seed is 32 bytes", "RFC 8410 section 7"),
    ("PKCS8 *", "0/0: 7", "an unknown version", PKCS8),
    ("PKCS8 *", "0/[012]: left out", "an element less", PKCS8),
    ("PKCS8 rsa1024", "0/2/0/[1238]: another number", "the numbers are not those of one key", PKCS1),
    ("public PKCS8 *", "0/0/0: unknown|0/0/1: unknown", "an unknown algorithm or curve", "RFC 5280 section 4.1"),
    ("public PKCS8 p256", "0/1: its last byte wrong", "the point is not on the curve", "SEC 1 section 2.3.4"),
    ("public PKCS8 *", "0/1: empty|0/1: a byte less|0/1: one bit unused|0/[01]: left out",
        "not a key", "RFC 5480 section 2.2"),
    ("public PEM *", "0/[01]: left out|0/[01]: zero|0/[01]: negative",
        "not a modulus and an exponent", "RFC 8017 appendix A.1.1"),
    # encrypted DER
    ("sealed PEM *|sealed PKCS8 *|scrypt *", "all: wrong passphrase", "the passphrase is another", PKCS5),
    ("sealed PEM *|sealed PKCS8 *|scrypt *", "all: no passphrase", "no passphrase", PKCS5),
    ("sealed PEM *",
        "text: no DEK-Info|text: no headers|text: an unknown cipher|text: no iv|text: an iv of seven bytes|"
        "text: an iv that is not hex|text: a cipher of another format|text: another iv",
        "not the cipher and iv with which it is encrypted", "RFC 1421 section 4.6.1.3"),
    ("sealed PEM *", "end: a byte more|end: eight bytes more", "not whole blocks of 16 bytes", "RFC 1423 section 1.1"),
    ("sealed PKCS8 *|scrypt *", "0/0/1/0/1/1: 0|0/0/1/0/1/1: negative",
        "no iterations, or N is 0", PKCS5 + ", RFC 7914 section 2"),
    ("sealed PKCS8 *",
        "0/0/1/0/1/0: a byte less|0/0/1/0/1/1: 8|0/1: its last byte wrong|0/0/1/1/1: its last byte wrong",
        "decrypted, it is no key", PKCS5),
    ("scrypt *", "0/0/1/0/1/0: a byte less|0/0/1/0/1/[13]: 8|0/0/1/0/1/[23]: 0",
        "decrypted, it is no key", "RFC 7914 section 2"),
    ("sealed PKCS8 *|scrypt *", "0/0/0: unknown|0/0/1/0/0: unknown|0/0/1/1/0: unknown|0/0/1/0/1/2/0: unknown",
        "an unknown algorithm", PKCS5),
    ("sealed PKCS8 *", "0/1: a byte less|0/1: a byte more|0/1: empty",
        "not whole blocks of 16 bytes", "RFC 8018 section 6.2"),
    ("sealed PKCS8 *", "0/0/1/1/1: a byte less|0/0/1/1/1: a byte more", "an iv is 16 bytes", "RFC 8018 appendix B.2"),
    ("sealed PKCS8 *", "private/0/2/0/1: zero|private/0/2/0/2/0: *wrong|private/end: a byte more",
        "decrypted, it is no key", PKCS8),
    # PuTTY's
    ("PPK3 sealed *|PPK2 sealed *", "all: wrong passphrase", "the MAC is not that of the file", PUTTY + ".4"),
    ("PPK3 sealed *|PPK2 sealed *", "all: no passphrase", "no passphrase", PUTTY + ".4"),
    ("PPK3 sealed *", "text: Argon2-Memory: 0|text: Argon2-Passes: 0|text: Argon2-Parallelism: 0|"
        "text: Key-Derivation: unknown|text: Argon2-Salt: 0*|text: Key-Derivation: ",
        "not a key derivation", PUTTY + ".4"),
    ("PPK3 sealed *", "text: Key-Derivation: another|text: Argon2-Salt: another",
        "the MAC is not that of the file", PUTTY + ".4"),
    ("PPK[23] ed25519|PPK[23] sealed *", "text: Comment: another|text: Private-MAC: [46]* digits",
        "the MAC is not that of the file", PUTTY + ".2"),
    ("PPK[23] ed25519", "text: Private-MAC: *|text: Encryption: *|text: P*-Lines: *|text: PuTTY-User-Key-File-*",
        "a line that cannot be so", PUTTY + ".2"),
    ("PPK[23] *", "public/[12]: another number|public/2: off the curve",
        "the public and private halves are no pair", PUTTY + ".3"),
    ("PPK[23] *", "public/1: a byte less|public/2: a byte less|public/1: another curve|public/type: another type|"
        "public/end: a byte more",
        "not a public key", PUTTY + ".3"),
    ("PPK3 p256", "private/1: *", "the private number is not that of the point", PUTTY + ".3.3"),
    ("PPK3 rsa1024", "private/[1234]: another number|private/[123]: zero",
        "the numbers are not those of one key", PUTTY + ".3.1"),
    # ssh.com's
    ("SSHCOM *", "magic: one bit wrong|total: *|cipher: arcfour|type: another type|sealed/[02345]: another number|"
        "sealed/bits[02]: 2^31 - 1|sealed: a byte less",
        "a length, name or number is wrong", SSHCOM),
    # PEM's text
    ("OPENSSH ed25519|PKCS8 ed25519",
        "text: BEGIN alone|text: END alone|text: no base64|text: END before BEGIN|text: END of another label|"
        "text: an unknown label|text: nothing|text: a label in lower case",
        "not a BEGIN line, a key and an END line of one label", PEM),
    ("OPENSSH ed25519|PKCS8 ed25519|line ed25519",
        "base64: byte 33|base64: one = more|base64: its last character left out",
        "not base64", BASE64),
    ("OPENSSH ed25519|OPENSSH rsa1024|PKCS8 p256|PEM rsa1024|line ed25519|public PKCS8 p256",
        "byte 20: cut|byte 40: cut|byte 60: cut",
        "it ends too early", WIRE),
)


def fits(text, patterns):
    return any(fnmatch.fnmatchcase(text, p) for p in patterns.split("|"))


def rule(seed, change):
    """The reason and clause for a change of the seed, or None."""
    return next(((reason, clause) for seeds, changes, reason, clause in RULES
        if fits(seed, seeds) and fits(change, changes)), None)
