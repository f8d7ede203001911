"""Every way to damage a seed; each gives an input with its own name, "SEED: PLACE: what"."""
import collections

import tree

# Where a filter meets the defect: nowhere; in the format and structure of the file; in those of the private part; in
# the arithmetic, or the passphrase.
NONE, OPEN, DECODE, CHECK = range(4)
# The kind of defect in contents.
STRUCTURE, ARITHMETIC, NOTHING = range(3)

Input = collections.namedtuple("Input", "seed name depth text passphrase")


# Functions that change the right contents, b; None: not for these.

def some(make):
    return lambda b: make(b) if b else None


def prefix(v):
    return some(lambda b: bytes([v]) + b)


def suffix(v):
    return lambda b: b + bytes([v])


def first_xor(v):
    return some(lambda b: bytes([b[0] ^ v]) + b[1:])


def last_xor(v):
    return some(lambda b: b[:-1] + bytes([b[-1] ^ v]))


def fill(v, n=0):
    return some(lambda b: bytes([v]) * (n or len(b)))


cut = some(lambda b: b[:-1])

CONTENTS = (        # letters of tree.py, what, how or the contents themselves, what is then wrong if not the structure
    ("mojuvwxiWkKqAcCDOSBZpbtyIY.", "empty", some(lambda b: b"")),
    ("mojxi", "zero-padded", prefix(0)),
    ("uvwt", "zero-padded", prefix(0), NOTHING),
    ("mojuvwxi", "negative", prefix(0xff)),
    ("mouvwx", "zero", fill(0, 1)),
    ("j", "zero", fill(0, 1), NOTHING),
    ("tM", "zero", fill(0)),
    ("mojuvwx", "16,392 bits", fill(0x7f, 2049)),
    ("ov", "even", last_xor(1)),
    ("mojuvw", "one", fill(1, 1), ARITHMETIC),
    ("mojuvwkKM", "another number", last_xor(2), ARITHMETIC),
    ("mojuv", "eight bits more", suffix(1), ARITHMETIC),
    ("kKqAcCDPTZbyIY", "a byte less", cut),
    ("St", "a byte less", cut, ARITHMETIC),
    ("kKqAcCD", "a byte more", suffix(ord("x"))),
    ("OBTZbyIY.", "a byte more", suffix(0)),
    ("t", "a byte more", suffix(0), ARITHMETIC),
    ("ZY", "its first byte wrong", first_xor(1), ARITHMETIC),
    ("TZbtI", "its last byte wrong", last_xor(1), ARITHMETIC),
    ("P", "its last byte wrong", last_xor(0x80)),
    ("RNL", "0", fill(0)),
    ("RNL", "2^32 - 1", fill(0xff)),
    ("i", "of five bytes", b"\1\0\0\0\0"),
    ("i", "7", b"\7"),
    ("W", "negative", fill(0xff, 1)),
    ("W", "0", fill(0, 1)),
    ("W", "2^31", b"\0\200\0\0\0"),
    ("W", "2^32", b"\1\0\0\0\0"),
    ("W", "8", b"\10", ARITHMETIC),
    ("A", "a NUL more", suffix(0)),
    ("A", "another type", b"ssh-dsss"),
    ("K", "another seed", first_xor(1), ARITHMETIC),
    ("q", "off the curve", last_xor(1), ARITHMETIC),
    ("q", "compressed", some(lambda b: b"\2" + b[1:(len(b) + 1) // 2])),
    ("q", "hybrid", first_xor(2)),
    ("q", "of a form that is none", first_xor(1)),
    ("q", "at infinity", fill(0, 1)),
    ("c", "another curve", b"nistp999"),
    ("CD", "none", b"none"),
    ("C", "another", b"aes192-ctr"),
    ("C", "arcfour", b"arcfour"),
    ("D", "bcrypt", b"bcrypt"),
    ("D", "scrypt", b"scrypt"),
    ("S", "65 bytes", fill(ord("s"), 65)),
    ("R", "1501", b"\0\0\5\335"),
    ("N", "2", b"\0\0\0\2"),
    ("V", "another", last_xor(1)),
    ("G", "in capitals", first_xor(0x20)),
    ("G", "without its NUL", last_xor(ord("2"))),
    ("P", "zeros", fill(0)),
    ("P", "all the same", fill(7)),
    ("P", "a zero more", suffix(0)),
    ("P", "a block more, as PuTTYgen pads", lambda b: bytes(range(1, len(b) + 17)), NOTHING),
    ("X", "a NUL in it", b"not as far as\0her"),
    ("X", "control characters", b"\33[2J\rx\ny\177\302\205\342\200\256z\377!", NOTHING),
    ("T", "zeros", fill(0), ARITHMETIC),
    ("p", "unknown", last_xor(0x40)),
    ("0", "not empty", suffix(0)),
    ("b", "one bit unused", first_xor(1)),
    ("b", "eight bits unused", first_xor(8)),
    ("t", "all ones", fill(0xff), ARITHMETIC),
    ("t", "67 bytes", fill(1, 67)),
    ("L", "one bit wrong", last_xor(1)),
    ("L", "2^31 - 1", b"\177\377\377\377"),
)


class Ground:
    """The bytes that are changed: the body; or the private part, or a public half under the MAC, which are then
    encrypted and authenticated again."""
    def __init__(self, seed, part, t, data):
        self.seed, self.part, self.tree, self.data = seed, part, t, data

    def hand(self, place, what, depth, data):
        seed = self.seed
        if not data or self.misaligned(place, data):
            depth = OPEN
        if self.part == "private/":
            text = seed.seal(data, seed.pub)
        elif self.part == "public/":
            text = seed.seal(seed.plain, data)
        else:
            text = seed.armour(data)
        if text is not None:
            yield seed.input(self.part + place, what, depth, text)

    def misaligned(self, place, data):
        """In openssh-key-v1 and ssh.com, a wrong length of the private part is found before it is decoded."""
        if not place.startswith("sealed") and not self.part:
            return False
        if self.seed.format == "SSHCOM":
            return len(data) != len(self.data)
        return self.seed.format == "OPENSSH" and (len(data) - len(self.data)) % self.seed.block != 0

    def depth_of(self, e):
        """Structure is checked when the file is parsed, that of a private half when it is decoded."""
        if self.part == "private/":
            return CHECK
        if e.path.startswith("sealed/"):
            return DECODE
        return DECODE if self.seed.private and not self.seed.sealed and e.form == tree.DER else OPEN

    def depth_of_length(self, n):
        """For a body of another length. A body that is encrypted as a whole can end between any two blocks."""
        if self.tree:
            return self.depth_of(self.tree[0])
        return CHECK if n > 0 and n % self.seed.block == 0 else OPEN

    def make(self, at, kind, what, depth, value=None):
        yield from self.hand(self.tree[at].path, what, depth, self.tree.put(at, kind, value))

    def harmless(self, at, n):
        """A comment may extend over all of the padding; a zero of a PuTTY seed may be padding, if there is some."""
        e = self.tree[at]
        if e.letter == "z":
            return self.seed.sealed and n == len(e.data) - 1 and e.data[n] == 0
        return e.letter == "X" and self.tree[at + 1].letter == "P" and n == len(e.data) + len(self.tree[at + 1].data)

    def lengths(self, at):
        e = self.tree[at]
        right = len(e.data)
        for what, n in (("length - 1", (right - 1) % 2**32), ("length + 1", right + 1), ("length 0", 0),
                ("length 2^31 - 1", 2**31 - 1), ("length 2^32 - 1", 2**32 - 1)):
            if n != right:
                yield from self.make(at, "length", what, NONE if self.harmless(at, n) else self.depth_of(e), n)

    def places(self, at):
        e = self.tree[at]
        for kind in "left out", "twice", "another tag", "long form", "indefinite length":
            if e.form == tree.DER or (kind in ("left out", "twice") and e.data):
                harmless = kind == "long form" and e.letter != "0"
                yield from self.make(at, kind, kind, NONE if harmless else self.depth_of(e))

    def wrong_in(self, e, what, wrong):
        """A private key's INTEGERs are read as libcrypto reads them: their bytes are the number."""
        if what in ("zero-padded", "negative") and e.form == tree.DER and e.letter in "moj" and self.seed.private:
            return NOTHING if what == "zero-padded" else ARITHMETIC
        return wrong

    def contents(self, at):
        e = self.tree[at]
        for letters, what, how, *wrong in CONTENTS:
            if e.letter not in letters:
                continue
            wrong = self.wrong_in(e, what, *wrong or [STRUCTURE])
            # another number in a public key makes another key, except a point off the curve
            if wrong == ARITHMETIC and not self.seed.private and not (e.letter in "qb" and "ecdsa" in self.seed.type):
                continue
            new = how if isinstance(how, bytes) else how(e.data)
            if new not in (None, e.data):
                depth = {NOTHING: NONE, ARITHMETIC: CHECK, STRUCTURE: self.depth_of(e)}[wrong]
                yield from self.make(at, "contents", what, depth, new)

    def all(self, whole):
        for at, e in enumerate(self.tree):
            if e.form != tree.BARE:
                yield from self.lengths(at)
            yield from self.places(at)
            yield from self.contents(at)
        data = self.data
        cuts = range(len(data)) if whole and (not self.part or not self.seed.body) else ()
        for place, what, new in [(f"byte {n}", "cut", data[:n]) for n in cuts] + [("end", "a byte more", data + b"x"),
                ("end", "eight bytes more", data + b"x" + bytes(7)), ("end", "all of it twice", data * 2)]:
            yield from self.hand(place, what, self.depth_of_length(len(new)), new)

    def halves(self, twin):
        """The twin's public half, or point, wherever there is one."""
        if "ecdsa" in twin.type:
            point = tree.of_blob(twin.public)[2].data
            for at, e in enumerate(self.tree):
                new = point if e.letter == "q" else b"\0" + point
                if e.letter == "q" or (e.letter == "b" and len(e.data) == len(new)):
                    yield from self.make(at, "contents", "another key's", CHECK, new)
        if self.part == "public/":
            yield from self.hand("all", "another key's", CHECK, twin.public)
        at = self.tree.find("pub")
        if at is not None:
            yield from self.make(at, "contents", "another key's", CHECK, twin.public)


# Texts made of the seed's parts. kinds: t PEM before PKCS#8, d with DEK-Info, p other PEM, r RFC 4716 and ssh.com's, k
# PuTTY's, l a key line. In a text
#   %A  all of it                  %B  the BEGIN line      %E  the END line
#   %H  the lines between BEGIN    %P  the Proc-Type line  %D  the DEK-Info line
#       and base64                 %S  the base64          %s  without its last line's end
#   %N  a key line's type          %M  another type        %0  a NUL
#   %T  all with CR for LF         %I  a DEK-Info, but     %i  its iv
#   %b, %e  BEGIN, END of another label    %k  BEGIN with a label in lower case
#   %d  BEGIN with dashes left out
TEXTS = (           # kinds, what, text, depth if not OPEN
    ("ptdr", "BEGIN alone", b"%B"),
    ("ptdr", "BEGIN twice", b"%B%A"),
    ("ptdr", "END alone", b"%E"),
    ("ptdr", "END first", b"%E%B"),
    ("ptdr", "END twice", b"%A%E"),
    ("ptdr", "END before BEGIN", b"%E%S%B"),
    ("ptdr", "no base64", b"%B%H%E"),
    ("ptdr", "armour in armour", b"%B%A%E"),
    ("ptdr", "armour in base64", b"%B%H%S%A%S%E"),
    ("ptdr", "base64 twice", b"%B%H%S%S%E"),
    ("ptdr", "END in a line of base64", b"%B%H%s%E"),
    ("ptdr", "END of another label", b"%B%H%S%e"),
    ("ptdr", "BEGIN of another label", b"%b%H%S%E"),
    ("ptdr", "an unknown label", b"%b%H%S%e"),
    ("ptdr", "a label in lower case", b"%k%H%S%E"),
    ("ptdr", "dashes left out", b"%d%H%S%E"),
    ("ptdr", "indented BEGIN", b" %A"),
    ("ptdr", "header behind the base64", b"%B%H%SComment: x\n%E"),
    ("ptdr", "old Macintosh's line ends", b"%T"),
    ("ptd", "an unknown header", b"%BX-Header: x\n\n%S%E"),
    ("ptd", "a header without an empty line", b"%BX-Header: x\n%S%E"),
    ("pt", "Proc-Type alone", b"%BProc-Type: 4,ENCRYPTED\n\n%S%E"),
    ("p", "DEK-Info where nothing is encrypted", b"%BProc-Type: 4,ENCRYPTED\n%I%i\n\n%S%E"),
    ("ptdrkl", "nothing", b""),
    ("ptdrkl", "NULs alone", b"%0%0%0%0"),
    ("ptdrkl", "text before it", b"junk\n%A"),
    ("ptdrkl", "text behind it", b"%Ajunk\n"),
    ("ptdrkl", "NULs behind it", b"%A%0%0%0"),
    ("ptdrkl", "a NUL before it", b"%0%A"),
    ("ptdrkl", "a form feed before it", b"\f%A"),
    ("k", "its first line twice", b"%B%A"),
    ("k", "its last line alone", b"%E"),
    ("k", "its last line first", b"%E%A"),
    ("d", "headers out of order", b"%B%D%P\n%S%E"),
    ("d", "no Proc-Type", b"%B%D\n%S%E"),
    ("d", "no DEK-Info", b"%B%P\n%S%E"),
    ("d", "no headers", b"%B%S%E"),
    ("d", "Proc-Type twice", b"%B%P%P%D\n%S%E"),
    ("d", "DEK-Info twice", b"%B%P%D%D\n%S%E"),
    ("d", "no empty line", b"%B%P%D%S%E"),
    ("d", "a third header", b"%B%P%DX-Header: x\n\n%S%E"),
    ("d", "not encrypted, it says", b"%BProc-Type: 4,MIC-ONLY\n%D\n%S%E"),
    ("d", "another Proc-Type", b"%BProc-Type: 5,ENCRYPTED\n%D\n%S%E"),
    ("d", "an unknown cipher", b"%B%PDEK-Info: RC4,0011223344556677\n\n%S%E"),
    ("d", "a cipher of another format", b"%B%PDEK-Info: aes256-ctr,%i\n\n%S%E"),
    ("d", "no iv", b"%B%PDEK-Info: AES-128-CBC\n\n%S%E"),
    ("d", "an empty iv", b"%B%P%I\n\n%S%E"),
    ("d", "an iv of seven bytes", b"%B%P%I00112233445566\n\n%S%E"),
    ("d", "an iv of 17 bytes", b"%B%P%I%i00\n\n%S%E"),
    ("d", "an iv that is not hex", b"%B%P%I0011223344556677889.AABBCCDDEEFF\n\n%S%E"),
    ("d", "another iv", b"%B%P%I%i\n\n%S%E", CHECK),
    ("r", "a header without a name", b"%B: x\n%S%E", NONE),
    ("r", "a header without a colon", b"%BComment\n%S%E"),
    ("r", "a header that does not end", b"%BComment: x\\\n%S%E"),
    ("r", "a header continued behind the end", b"%BComment: x\\\n"),
    ("r", "two comments", b"%BComment: x\nComment: y\n%S%E", NONE),
    ("r", "an unknown header", b"%BX-Header: x\n%S%E", NONE),
    ("r", "control characters in the comment", b"%BComment: \33[2J\r%0\177\302\205\342\200\256x\n%S%E", NONE),
    ("l", "its type alone", b"%N\n"),
    ("l", "its base64 alone", b"%S\n"),
    ("l", "base64 before the type", b"%S %N\n"),
    ("l", "the type twice", b"%N %N %S\n"),
    ("l", "the type in capitals", b"SSH-RSA %S\n"),
    ("l", "another type", b"%M %S\n"),
    ("l", "an unknown type", b"ssh-frobnicate %S\n"),
    ("l", "no blank between", b"%N%S\n"),
    ("l", "a line end between", b"%N\n%S\n"),
    ("l", "base64 twice in one word", b"%N %S%S\n"),
    ("l", "base64 in two words", b"%N AAAA %S\n"),
    ("l", "options that do not end", b"command=\"x %N %S\n"),
    ("l", "options in two words", b"no-pty no-pty %N %S\n"),
    ("l", "a NUL in the options", b"no-pty%0 %N %S\n"),
    ("l", "a NUL between", b"%N%0 %S\n"),
    ("l", "a NUL in the base64", b"%N %0%S\n"),
    ("l", "control characters in the comment", b"%N %S \33[2J\rx%0\177\302\205\342\200\256y\377\n", NONE),
    ("l", "a key in the comment", b"%N %S %N %S\n", NONE),
)

VALUES = (          # a line of a PuTTY file; its other value, or what, value and depth if not OPEN
    ("PuTTY-User-Key-File-", ("version 1", b"1: ssh-ed25519"), ("version 4", b"4: ssh-ed25519"), b"3: ", b"3: ssh-dss",
        b"3: ssh-frobnicate"),
    ("Encryption", b"", ("unknown", b"aes256-ctr")),
    ("Comment", ("another", b"x", CHECK), ("control characters", b"\33[2J\r\177\302\205\342\200\256x", CHECK)),
    ("Public-Lines", b"0", b"1", b"9", b"-2", b"999999999", b"4294967298", b"0x2"),
    ("Private-Lines", b"0", b"99", b"-1", b"999999999", b"4294967297"),
    ("Private-MAC", b"", ("2 digits", b"00"), ("40 digits", b"0" * 40, CHECK), ("41 digits", b"0" * 41),
        ("64 digits", b"0" * 64, CHECK), ("66 digits", b"0" * 66), ("not hexadecimal", b"0" * 63 + b"g")),
    ("Key-Derivation", b"", ("unknown", b"Argon2"), ("another", b"Argon2i", CHECK)),
    ("Argon2-Memory", b"0", b"7", b"999999999", b"4294967304"),
    ("Argon2-Passes", b"0", b"999999999"),
    ("Argon2-Parallelism", b"0", b"2", b"999999999"),
    ("Argon2-Salt", b"", b"0", b"0011223344556677889g", ("another", b"00112233445566778899aabbccddeeff", CHECK)),
)


def parts(seed, lines):
    """The texts for the letters in TEXTS."""
    begin, end = lines[0], lines[-1]
    return {
        "A": seed.text, "B": begin, "E": end, "H": b"".join(lines[1:seed.first]),
        "P": b"".join(lines[1:2]), "D": b"".join(lines[2:3]),
        "S": seed.base64, "s": seed.base64.strip(), "N": seed.type.encode(),
        "M": b"ssh-dss" if seed.type == "ssh-rsa" else b"ssh-rsa", "T": seed.text.replace(b"\n", b"\r"), "0": b"\0",
        "I": b"DEK-Info: AES-128-CBC,", "i": b"00112233445566778899AABBCCDDEEFF",
        "b": begin.replace(b"BEGIN ", b"BEGIN X"), "e": end.replace(b"END ", b"END X"),
        "k": begin.replace(b" KEY", b" key"), "d": begin.replace(b" KEY --", b" KEY -").replace(b" KEY---", b" KEY-"),
    }


def in_lines(seed, lines):
    """If the key is encrypted as a whole, each line of base64 has whole blocks."""
    for i, line in enumerate(lines):
        depth = CHECK if seed.kdf == "dek" and seed.first <= i < len(lines) - 1 else OPEN
        for what, text, seen in (("the last", lines[:i + 1], OPEN),
                ("twice", lines[:i + 1] + lines[i:], OPEN if b"=" in line else depth),
                ("left out", lines[:i] + lines[i + 1:], depth)):
            if what != "the last" or i + 1 < len(lines):
                yield seed.input(f"line {i + 1}", what, seen, b"".join(text))


def in_parts(seed, lines):
    letters = parts(seed, lines)
    for kinds, what, text, *depth in TEXTS:
        if seed.kind not in kinds:
            continue
        new, *rest = text.split(b"%")
        for piece in rest:
            new += letters[chr(piece[0])] + piece[1:]
        # text around a single private key in PEM is skipped
        if seed.private and seed.text.startswith(b"-----BEGIN ") and \
                what in ("text before it", "text behind it", "NULs behind it"):
            depth = [NONE]
        yield seed.input("text", what, *depth or [OPEN], new)


def in_values(seed, lines):
    for name, *rows in VALUES:
        name += "" if name.endswith("-") else ": "
        i = next((i for i, line in enumerate(lines) if line.startswith(name.encode())), None)
        for row in rows if i is not None else ():
            what, value, *depth = row if isinstance(row, tuple) else (row.decode(), row)
            text = b"".join(lines[:i] + [name.encode() + value + b"\n"] + lines[i + 1:])
            yield seed.input("text", name + what, *depth or [OPEN], text)


def in_base64(seed):
    text, start = seed.text, len(seed.head)
    at, last = start + len(seed.base64) // 3, start + len(seed.base64.strip()) - 1
    for c in b"!-_=\0\xe9\\":
        yield seed.input("base64", f"byte {c}", OPEN, text[:at] + bytes([c]) + text[at + 1:])
    yield seed.input("base64", "its last character left out", OPEN, text[:last] + text[last + 1:])
    yield seed.input("base64", "one = more", OPEN, text[:last + 1] + b"=" + text[last + 1:])
    while text[last] == ord("="):
        last -= 1
    if text[last + 1:last + 2] == b"=":
        yield seed.input("base64", "unused bits", OPEN, text[:last] + bytes([text[last] + 1]) + text[last + 1:])


def spoil(seed, twin, whole, all):
    """twin: another key of the same type, or None. whole: also inputs that are the same for all keys of a format; all:
    also slow ones."""
    yield seed.input("all", "good", NONE, seed.text)
    if seed.sealed:
        yield seed.input("all", "wrong passphrase", CHECK, seed.text, "wrong")
        yield seed.input("all", "no passphrase", CHECK, seed.text, "none")
    grounds = [Ground(seed, *g) for g in (("", seed.tree, seed.body), ("private/", seed.inner, seed.plain),
        ("public/", seed.outer, seed.pub)) if (g[2] if g[0] == "" else g[1])]
    for g in grounds:
        if not g.part or not seed.body or all or (whole and seed.kdf != "bcrypt"):
            yield from g.all(whole)
    if twin and seed.private:
        for g in grounds:
            yield from g.halves(twin)
    if whole:
        lines = seed.text.splitlines(keepends=True)
        if seed.kind != "l":
            yield from in_lines(seed, lines)
        yield from in_parts(seed, lines)
        if seed.kind == "k":
            yield from in_values(seed, lines)
        yield from in_base64(seed)
