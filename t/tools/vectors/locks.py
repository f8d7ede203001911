"""How key files are encrypted, in Python and by `openssl enc`, apart from all code of src: a file of the set must not
depend on the program that it judges. Nothing here is fast."""
import functools
import hashlib
import hmac
import subprocess

WORD, LONG = 0xffffffff, 0xffffffffffffffff


def number(body, order="big"):
    return int.from_bytes(body, order)


def words(body, size, order):
    return [number(body[i:i + size], order) for i in range(0, len(body), size)]


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def encrypt(cipher, key, iv, body):
    """Whole blocks, without padding."""
    command = ["openssl", "enc", "-" + cipher, "-K", key.hex(), "-iv", iv.hex(), "-nopad"]
    return subprocess.run(command, input=body, capture_output=True, check=True).stdout


def pad(body, block=16):
    """PKCS#7."""
    n = block - len(body) % block
    return body + bytes([n]) * n


# --- bcrypt_pbkdf, of OpenBSD's libutil

def arctan_inverse(x, one):
    total = term = one // x
    n, sign = 3, -1
    while term:
        term //= x * x
        total += sign * (term // n)
        n, sign = n + 2, -sign
    return total


@functools.cache
def blowfish_tables():
    """The digits of pi behind the point."""
    bits = 32 * (18 + 4 * 256)
    one = 1 << bits + 64
    pi = 4 * (4 * arctan_inverse(5, one) - arctan_inverse(239, one)) >> 64
    return words((pi & (1 << bits) - 1).to_bytes(bits // 8, "big"), 4, "big")


class Blowfish:
    def __init__(self):
        self.tables = list(blowfish_tables())

    def encipher(self, left, right):
        t = self.tables
        for i in range(0, 16, 2):
            left ^= t[i]
            right ^= ((t[18 + (left >> 24)] + t[274 + (left >> 16 & 255)] ^ t[530 + (left >> 8 & 255)]) +
                t[786 + (left & 255)] ^ t[i + 1]) & WORD
            left ^= ((t[18 + (right >> 24)] + t[274 + (right >> 16 & 255)] ^ t[530 + (right >> 8 & 255)]) +
                t[786 + (right & 255)]) & WORD
        return right ^ t[17], left ^ t[16]

    def expand(self, key, data):
        """key and data: 16 words each, or data 0s."""
        t, left, right = self.tables, 0, 0
        for i in range(18):
            t[i] ^= key[i % 16]
        for i in range(0, len(t), 2):
            left, right = self.encipher(left ^ data[i % 16], right ^ data[(i + 1) % 16])
            t[i], t[i + 1] = left, right


@functools.cache
def bcrypt_hash(password, salt):
    password, salt, state = words(password, 4, "big"), words(salt, 4, "big"), Blowfish()
    state.expand(password, salt)
    for _ in range(64):
        state.expand(salt, [0] * 16)
        state.expand(password, [0] * 16)
    out = b""
    text = words(b"OxychromaticBlowfishSwatDynamite", 4, "big")
    for i in range(0, 8, 2):
        left, right = text[i:i + 2]
        for _ in range(64):
            left, right = state.encipher(left, right)
        out += left.to_bytes(4, "little") + right.to_bytes(4, "little")
    return out


def bcrypt_pbkdf(password, salt, rounds, n):
    password = hashlib.sha512(password).digest()
    stride = (n + 31) // 32
    key = bytearray(n)
    for count in range(stride):
        block = total = bcrypt_hash(password, hashlib.sha512(salt + (count + 1).to_bytes(4, "big")).digest())
        for _ in range(rounds - 1):
            block = bcrypt_hash(password, hashlib.sha512(block).digest())
            total = xor(total, block)
        for i, at in enumerate(range(count, n, stride)):
            key[at] = total[i]
    return bytes(key)


# --- Argon2, RFC 9106

def long_hash(body, n):
    body = n.to_bytes(4, "little") + body
    if n <= 64:
        return hashlib.blake2b(body, digest_size=n).digest()
    block, out = hashlib.blake2b(body).digest(), b""
    while n - len(out) > 64:
        out += block[:32]
        left = n - len(out)
        block = hashlib.blake2b(block, digest_size=min(left, 64)).digest()
    return out + block


def blake_mix(v, a, b, c, d):
    for first, second in ((32, 24), (16, 63)):
        for x, y, z, turn in (a, b, d, first), (c, d, b, second):
            v[x] = v[x] + v[y] + 2 * (v[x] & WORD) * (v[y] & WORD) & LONG
            z_x = v[z] ^ v[x]
            v[z] = (z_x >> turn | z_x << 64 - turn) & LONG


def permute(block, at):
    v = [block[i] for i in at]
    for place in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
        blake_mix(v, *place)
    for i, value in zip(at, v):
        block[i] = value


def compress(x, y):
    r = [a ^ b for a, b in zip(x, y)]
    q = list(r)
    for i in range(8):
        permute(q, range(16 * i, 16 * i + 16))
    for i in range(8):
        permute(q, [16 * k + 2 * i + j for k in range(8) for j in (0, 1)])
    return [a ^ b for a, b in zip(r, q)]


def argon2(kind, password, salt, memory, passes, lanes, n):
    """kind: Argon2d, Argon2i, Argon2id. memory: KiB."""
    y = ("Argon2d", "Argon2i", "Argon2id").index(kind)
    first = b"".join(i.to_bytes(4, "little") for i in (lanes, n, memory, passes, 0x13, y))
    for body in password, salt, b"", b"":
        first += len(body).to_bytes(4, "little") + body
    first = hashlib.blake2b(first).digest()
    segment = memory // (4 * lanes)
    columns = 4 * segment
    blocks = [[None] * columns for _ in range(lanes)]
    for lane in range(lanes):
        for i in 0, 1:
            start = first + i.to_bytes(4, "little") + lane.to_bytes(4, "little")
            blocks[lane][i] = words(long_hash(start, 1024), 8, "little")

    def addresses(turn, lane, part):
        zero, out = [0] * 128, []
        for count in range(1, segment // 128 + 2):
            block = [turn, lane, part, 4 * segment * lanes, passes, y, count] + [0] * 121
            out += compress(zero, compress(zero, block))
        return out

    for turn in range(passes):
        for part in range(4):
            for lane in range(lanes):
                known = addresses(turn, lane, part) if y == 1 or (y == 2 and turn == 0 and part < 2) else None
                for i in range(2 if turn == 0 and part == 0 else 0, segment):
                    at = part * segment + i
                    before = blocks[lane][at - 1]
                    value = known[i] if known else before[0]
                    other = lane if turn == 0 and part == 0 else (value >> 32) % lanes
                    size = at if turn == 0 else 3 * segment + i
                    if other != lane:
                        size = part * segment if turn == 0 else 3 * segment
                    size -= 1 if other == lane or i == 0 else 0
                    back = size - 1 - (size * ((value & WORD) ** 2 >> 32) >> 32)
                    start = 0 if turn == 0 or part == 3 else (part + 1) * segment
                    new = compress(before, blocks[other][(start + back) % columns])
                    old = blocks[lane][at] if turn else [0] * 128
                    blocks[lane][at] = [a ^ b for a, b in zip(new, old)]
    last = [0] * 128
    for lane in range(lanes):
        last = [a ^ b for a, b in zip(last, blocks[lane][-1])]
    return long_hash(b"".join(v.to_bytes(8, "little") for v in last), n)


# --- the ciphers of openssh-key-v1

def gcm(key, iv, body):
    """NIST SP 800-38D, without additional data: the encrypted body, and the tag."""
    name = f"aes-{8 * len(key)}-ctr"
    h = number(encrypt(name, key, bytes(16), bytes(16)))
    first = iv + b"\0\0\0\1"
    body = encrypt(name, key, iv + b"\0\0\0\2", body)
    tag = 0
    for block in words(body + bytes(-len(body) % 16) + (8 * len(body)).to_bytes(16, "big"), 16, "big"):
        tag, v, x = 0, h, tag ^ block
        for i in range(127, -1, -1):
            tag ^= v if x >> i & 1 else 0
            v = v >> 1 ^ (0xe1 << 120 if v & 1 else 0)
    return body, xor(tag.to_bytes(16, "big"), encrypt(name, key, first, bytes(16)))


def chacha20_poly1305(key, _iv, body):
    """PROTOCOL.chacha20poly1305, packet 0, without a length."""
    once = encrypt("chacha20", key[:32], bytes(16), bytes(32))
    body = encrypt("chacha20", key[:32], b"\1" + bytes(15), body)
    r, total = number(once[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff, 0
    for i in range(0, len(body), 16):
        total = (total + number(body[i:i + 16] + b"\1", "little")) * r % (2**130 - 5)
    return body, (total + number(once[16:], "little") & (1 << 128) - 1).to_bytes(16, "little")


def plain_cipher(name):
    return lambda key, iv, body: (encrypt(name, key, iv, body), b"")


# Of each: bytes of key and of iv, the block, the function.
CIPHERS = {
    "3des-cbc": (24, 8, 8, plain_cipher("des-ede3-cbc")),
    **{f"aes{bits}-{mode}": (bits // 8, 16, 16, plain_cipher(f"aes-{bits}-{mode}"))
        for bits in (128, 192, 256) for mode in ("cbc", "ctr")},
    **{f"aes{bits}-gcm@openssh.com": (bits // 8, 12, 16, gcm) for bits in (128, 256)},
    "chacha20-poly1305@openssh.com": (64, 0, 8, chacha20_poly1305),
}


def lock(cipher, password, salt, rounds, body):
    """body, encrypted, and the tag behind it."""
    key, iv, _, function = CIPHERS[cipher]
    both = bcrypt_pbkdf(password, salt, rounds, key + iv)
    return function(both[:key], both[key:], body)


# --- the key derivations of the other formats

def bytes_to_key(password, salt, n):
    """EVP_BytesToKey of OpenSSL with MD5 and one round: DEK-Info, and with no salt ssh.com's."""
    out = block = b""
    while len(out) < n:
        block = hashlib.md5(block + password + salt).digest()
        out += block
    return out[:n]


def pkcs12(password, salt, rounds, which, n):
    """RFC 7292, appendix B.2, with SHA-1. which: 1 the key, 2 the iv."""
    def whole(body):
        return (body * 64)[:-(-len(body) // 64) * 64]
    given, out = whole(salt) + whole((password + "\0").encode("utf-16-be")), b""
    while len(out) < n:
        a = bytes([which]) * 64 + given
        for _ in range(rounds):
            a = hashlib.sha1(a).digest()
        out += a
        b = number((a * 4)[:64]) + 1
        given = b"".join((v + b & (1 << 512) - 1).to_bytes(64, "big") for v in words(given, 64, "big"))
    return out[:n]


def pbkdf1(name, password, salt, rounds):
    """RFC 8018, section 5.1; 16 bytes."""
    out = password + salt
    for _ in range(rounds):
        out = hashlib.new(name, out).digest()
    return out[:16]


def mac(name, key, body):
    return hmac.new(key, body, name).hexdigest()
