"""A good key file that badkeys or vectors damage."""
import base64
import os
import re
import subprocess
import sys

import spoil
import tree

KEYFILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../build/t/keyfile")


class Library:
    def __init__(self, passphrase):
        self.process = subprocess.Popen([KEYFILE, passphrase], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *words):
        words = [w.hex() or "-" if isinstance(w, bytes) else str(w) for w in words]
        self.process.stdin.write(" ".join(words).encode() + b"\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().decode().rstrip("\n")


def unhex(text):
    return b"" if text == "-" else bytes.fromhex(text)


class Seed:
    def __init__(self, library, number, path):
        self.name = os.path.basename(path)
        self.twin = "-twin" in self.name                # it is not damaged; only its public half is used
        self.library, self.number = library, number
        answer = library.ask("open", path)
        if answer.startswith("no "):
            sys.exit("badkeys: " + answer)
        self.format, self.type, self.kdf, block, line, mac, *parts = answer.split(" ")
        self.pub, self.plain, self.public = map(unhex, parts)
        self.block, self.sealed, self.private = int(block), self.kdf != "none", bool(self.plain)
        with open(path, "rb") as f:
            self.text = f.read()
        self.split(line == "1", mac == "1")
        self.grow(mac == "1")

    def split(self, line, mac):
        """text is head, base64 and foot; of a PuTTY file, where the base64 makes not the whole key, those of its public
        half. width: of a base64 line; 0: one line, no end. first: the number of its first line."""
        lines = self.text.splitlines(keepends=True)
        self.body, self.first, self.width = b"", 0, 0
        if line:
            found = re.search(rb"AAAA[A-Za-z0-9+/=]+", self.text)
            self.head, self.base64 = self.text[:found.start()], found.group()
        else:
            self.first = end = next(i for i, l in enumerate(lines) if i > 0 and b":" not in l and l != b"\n" and
                not lines[i - 1].endswith(b"\\\n"))
            self.width = len(lines[end].rstrip(b"\n"))
            while b":" not in lines[end] and not lines[end].startswith(b"----"):
                end += 1
            self.head, self.base64 = b"".join(lines[:self.first]), b"".join(lines[self.first:end])
        self.foot = self.text[len(self.head) + len(self.base64):]
        if not mac:
            self.body = base64.b64decode(self.base64)
        self.kind = "l" if line else "k" if mac else "d" if b"DEK-Info" in self.head else \
            "r" if self.text.startswith(b"---- ") else "t" if self.private and self.format == "PEM" else "p"

    def grow(self, mac):
        """tree: of body; empty: it is encrypted as a whole. inner: of the private part, decrypted; empty: it cannot
        be sealed again. outer: of a public half that the mac covers."""
        body, self.tree, self.inner, self.outer = self.body, tree.Tree(), tree.Tree(), tree.Tree()
        if mac:
            self.outer, self.inner = tree.of_blob(self.pub), tree.of_ppk(self.plain, self.type)
        elif body.startswith(b"openssh-key-v1"):
            self.tree = tree.of_openssh(body)
        elif body.startswith(b"\x3f\x6f\xf9\xeb"):
            self.tree = tree.of_sshcom(body)
        elif self.kind in "lr":
            self.tree = tree.of_blob(body)
        elif self.kdf != "dek":
            self.tree = tree.of_der_sealed(body) if self.sealed else tree.of_der(body, self.format != "PEM")
        if self.kdf == "pbkdf2":
            self.inner = tree.of_der(self.plain, True)
        elif self.kdf == "bcrypt":
            self.inner = tree.of_openssh_sealed(self.plain)

    def armour(self, body):
        text = base64.b64encode(body)
        if self.width:
            text = b"".join(text[i:i + self.width] + b"\n" for i in range(0, len(text), self.width))
        return self.head + text + self.foot

    def seal(self, plain, pub):
        """The text of the file with another private part and public half, encrypted and with a mac as its own, or
        None."""
        return unhex(self.library.ask("seal", self.number, plain, pub)) or None

    def input(self, place, what, depth, text, passphrase="pass"):
        return spoil.Input(self, f"{self.name}: {place}: {what}", depth, text, passphrase)
