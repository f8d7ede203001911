"""library.py ADAPTER SET: asks read of ADAPTER, which may be any sort of code, for each line of standard input."""
import base64
import hashlib
import importlib.util
import os
import signal
import sys


def adapter(path):
    spec = importlib.util.spec_from_file_location("adapter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def late(*_):
    raise TimeoutError


sys.dont_write_bytecode = True
del sys.path[0]         # where the adapters have the names of the libraries
read, directory = adapter(sys.argv[1]).read, sys.argv[2]
signal.signal(signal.SIGALRM, late)
for line in sys.stdin.buffer:
    name, format, passphrase = line.decode().rstrip("\n").split("\t")
    with open(os.path.join(directory, name), "rb") as f:
        data = f.read()
    answer = ""
    signal.alarm(20)
    try:
        blob = read(data, format, passphrase)
        if blob:
            answer = "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    except (Exception, SystemExit):
        pass
    signal.alarm(0)
    print(name, answer, sep="\t", flush=True)
