import base64
import io

import paramiko

CLASSES = {"ssh-rsa": paramiko.RSAKey, "ssh-dss": paramiko.DSSKey, "ecdsa-sha2-nistp": paramiko.ECDSAKey,
    "ssh-ed25519": paramiko.Ed25519Key}


def read(data, format, passphrase):
    if format == "line":
        type, body = data.decode().split()[:2]
        return CLASSES[type.rstrip("0123456789") if type[0] == "e" else type](data=base64.b64decode(body)).asbytes()
    for kind in CLASSES.values() if "public" not in format and format != "RFC4716" else ():
        try:
            return kind.from_private_key(io.StringIO(data.decode()), passphrase or None).asbytes()
        except Exception:
            pass
    return None
