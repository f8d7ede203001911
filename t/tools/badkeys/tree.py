"""The body of a key file as a tree of elements, SSH strings or DER, that can be written again with one of them changed.
Whatever holds the changed element gets its right length again, so that only the change is wrong.

What an element holds is a letter. Those of key_type.h; beside them
    A  a type's name           C  a cipher's            D  a KDF's
    S  salt                    R  rounds                N  number of keys
    B  a public blob           Z  the sealed part       T  an AEAD's tag
    V  the two check numbers   X  a comment             P  padding
    G  magic                   O  options of the KDF
and in DER
    i  a version               W  what a KDF costs      I  an iv
    t  EC's secret number      y  Ed25519's seed        x  DSA's x or y alone
    j  what RSA can do without: d mod (p-1), d mod (q-1), q^-1 mod p
    p  OBJECT IDENTIFIER       0  NULL                  b  BIT STRING
    .  anything else
in PuTTY's files
    z  Ed25519's seed, which may do without zeros at its end
and in ssh.com's
    L  a length, or a number of bits       M  a number      Y  the sealed part
"""

# Of a type, the letters of its public and its private fields (key_type.h).
SHAPES = {
    "ssh-rsa": ("oo", "oouuvv"), "ssh-dss": ("oomm", "oommu"), "ssh-ed25519": ("k", "kK"),
    "ecdsa-sha2-nistp256": ("cq", "cqw"), "ecdsa-sha2-nistp384": ("cq", "cqw"), "ecdsa-sha2-nistp521": ("cq", "cqw"),
}
CERTIFICATE = "-cert-v01@openssh.com"
BARE, STRING, DER = "bare", "string", "DER"


def take(data, n):
    if len(data) < n:
        raise ValueError("too short")
    return data[:n], data[n:]


def take_string(data):
    n, data = take(data, 4)
    return take(data, int.from_bytes(n, "big"))


class Element:
    def __init__(self, parent, word, form, letter, data, tag=0):
        self.path = f"{parent[:20]}{'/' if parent else ''}{word[:16]}"      # "pub/2", "1/0": names, or places in DER
        self.form, self.letter, self.data, self.tag = form, letter, data, tag
        self.end = 0                                                        # index after its last descendant


class Tree(list):
    def add(self, *fields):
        self.append(Element(*fields))
        self[-1].end = len(self)
        return self[-1]

    def field(self, parent, word, letter, data, inside=None):
        """Takes one field of a shape off data, and returns the rest. inside(path, value) parses its contents."""
        if letter in "12345678":
            form, (value, rest) = BARE, take(data, int(letter))
        elif letter in "RNVL":
            form, (value, rest) = BARE, take(data, 4)
        else:
            form, (value, rest) = STRING, take_string(data)
        e = self.add(parent, word, form, letter, value)
        if inside:
            inside(e.path, value)
            e.end = len(self)
        return rest

    def shape(self, parent, shape, data):
        for i, letter in enumerate(shape):
            data = self.field(parent, str(i + 1), letter, data)
        return data

    def find(self, path):
        return next((i for i, e in enumerate(self) if e.path == path), None)

    def children(self, at, end):
        while at < end:
            yield at
            at = self[at].end

    def put(self, at=None, kind=None, value=None):
        """The bytes of the tree with a change of this kind made at an element."""
        return b"".join(self.element(i, at, kind, value) for i in self.children(0, len(self)))

    def element(self, i, at, kind, value):
        e = self[i]
        mine = kind if i == at else None
        if mine == "left out":
            return b""
        if mine == "contents":
            body = value
        elif e.end == i + 1:
            body = e.data
        else:
            body = b"".join(self.element(k, at, kind, value) for k in self.children(i + 1, e.end))
        whole = header(e, mine, value if mine == "length" else len(body)) + body
        if mine == "indefinite length":
            whole += b"\0\0"
        return whole * 2 if mine == "twice" else whole


def header(e, kind, n):
    if e.form == BARE:
        return b""
    if e.form == STRING:
        return n.to_bytes(4, "big")
    tag = bytes([e.tag ^ (0x40 if kind == "another tag" else 0)])
    if kind == "indefinite length":
        return tag + b"\x80"
    octets = (n.bit_length() + 7) // 8 if n >= 0x80 else 0
    if kind == "long form":
        octets += 1
    return tag + (bytes([0x80 | octets]) + n.to_bytes(octets, "big") if octets else bytes([n]))


def add_blob(t, parent, blob):
    name = take_string(blob)[0].decode()
    plain = name.removesuffix(CERTIFICATE)
    rest = t.field(parent, "type", "A", blob)
    if plain != name:
        rest = t.field(parent, "nonce", "s", rest)
    rest = t.shape(parent, SHAPES[plain][0], rest)
    if plain != name:                                   # PROTOCOL.certkeys
        t.shape("certificate", "84ss88sssss", rest)


def of_blob(blob):
    t = Tree()
    add_blob(t, "", blob)
    return t


def add_sealed(t, parent, data):
    for word, letter in ("check", "V"), ("again", "V"), ("type", "A"):
        data = t.field(parent, word, letter, data)
    data = t.shape(parent, SHAPES[t[-1].data.decode()][1], data)
    data = t.field(parent, "comment", "X", data)
    t.add(parent, "padding", BARE, "P", data)


def of_openssh_sealed(plain):
    t = Tree()
    add_sealed(t, "", plain)
    return t


def of_openssh(data):
    """openssh-key-v1; its private part is parsed too if it is not encrypted."""
    def options(path, value):
        if value:
            t.field(path, "rounds", "R", t.field(path, "salt", "S", value))

    def blob(path, value):
        add_blob(t, path, value)

    def sealed(path, value):
        if t[1].data == b"none":
            add_sealed(t, path, value)

    t = Tree()
    magic, data = take(data, 15)
    t.add("", "magic", BARE, "G", magic)
    for word, letter, *inside in ("cipher", "C"), ("kdf", "D"), ("options", "O", options), ("keys", "N"), \
            ("pub", "B", blob), ("sealed", "Z", sealed):
        data = t.field("", word, letter, data, *inside)
    if data:
        t.add("", "tag", BARE, "T", data)
    return t


def of_ppk(plain, type):
    """The private part of a PuTTY file. The padding is any bytes; the MAC covers them."""
    t = Tree()
    rest = t.shape("", "uvvu" if type == "ssh-rsa" else "z" if type == "ssh-ed25519" else "u", plain)
    t.add("", "padding", BARE, ".", rest)
    return t


def of_sshcom(data):
    """ssh.com's private key, parsed as far as it is not encrypted. The length of its numbers is in bits."""
    def numbers(path, rest):
        i = 0
        while rest:
            bits, rest = take(rest, 4)
            value, rest = take(rest, (int.from_bytes(bits, "big") + 7) // 8)
            t.add("sealed", f"bits{i}", BARE, "L", bits)
            if value:
                t.add("sealed", str(i), BARE, "M", value)
            i += 1

    def sealed(path, value):
        if t[3].data == b"none":
            padding = t.field(path, "numbers", "s", value, numbers)
            if padding:
                t.add(path, "padding", BARE, ".", padding)

    t = Tree()
    for word, letter, *inside in ("magic", "L"), ("total", "L"), ("type", "A"), ("cipher", "C"), \
            ("sealed", "Y", sealed):
        data = t.field("", word, letter, data, *inside)
    return t


LETTERS = {2: "i", 3: "b", 4: "t", 5: "0", 6: "p"}
# The INTEGERs of keys, by how many stand side by side: RSAPrivateKey, DSA's, Dss-Parms, RSAPublicKey; x or y in PKCS#8
# and SubjectPublicKeyInfo.
INTEGERS = ("ioomoojjj", "ioommm", "oom", "oo", "x")


def take_der(data):
    head, rest = take(data, 2)
    n = head[1]
    if n >= 0x80:
        octets, rest = take(rest, n - 0x80)
        n = int.from_bytes(octets, "big")
        if n < 0x80 or octets[0] == 0:
            raise ValueError("no DER")
    value, rest = take(rest, n)
    return head[0], value, rest


def add_string(t, e):
    """A string that may hold DER, unlike a point or an Ed25519 key."""
    at, data = len(t), e.data
    try:
        if e.tag == 3:
            if len(data) < 2 or data[1] not in (0x30, 2):
                return
            t.add(e.path, "unused", BARE, ".", data[:1])
            data = data[1:]
        add_der(t, e.path, data, 0)
    except ValueError:
        del t[at:]
        return
    e.letter = "."
    if len(t) == at + 1 and t[at].letter == "t":
        t[at].letter = "y"


def add_der(t, parent, data, nested):
    """nested: 1 where strings hold DER, 2 just outside."""
    first, place = len(t), 0
    while data:
        tag, value, data = take_der(data)
        e = t.add(parent, str(place), DER, LETTERS.get(tag, "."), value, tag)
        if tag & 0x20:
            add_der(t, e.path, value, nested - 1)
        elif nested == 1 and e.letter in "tb":
            add_string(t, e)
        e.end = len(t)
        place += 1
    beside = [t[i] for i in t.children(first, len(t))]
    if all(e.letter == "i" for e in beside):
        for shape in INTEGERS:
            if len(shape) == len(beside):
                for e, letter in zip(beside, shape):
                    e.letter = letter


def of_der(data, pkcs8):
    """A key in DER; pkcs8: its strings hold DER again, as in PKCS#8 and SubjectPublicKeyInfo."""
    t = Tree()
    add_der(t, "", data, 2 if pkcs8 else 0)
    return t


def of_der_sealed(data):
    """EncryptedPrivateKeyInfo: an OCTET STRING is the sealed part itself, behind an OID an iv, else a salt."""
    t = of_der(data, 0)
    for before, e in zip(t, t[1:]):
        if e.tag == 2:
            e.letter = "W"
        elif e.tag == 4:
            e.letter = "Z" if e.path == "0/1" else "I" if before.letter == "p" else "S"
    return t
