import asyncssh


def read(data, format, passphrase):
    if format == "line" and b"-cert-v01@openssh.com " in data:
        return asyncssh.import_certificate(data).key.public_data
    if format in ("line", "RFC4716") or format.startswith("public"):
        return asyncssh.import_public_key(data).public_data
    return asyncssh.import_private_key(data, passphrase or None).public_data
