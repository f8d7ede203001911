#!/usr/bin/env bats
# Keys with one wrong field, length or number each: refused, and the error says what is wrong.

load ../lib/keys

setup() {
	need openssl ssh-keygen python3
	private_home
	umask 077
}

# wrong FILTER MAKER: FILTER says of each file that the Python of MAKER makes what is wrong in it, and prints no key;
# but it reads those with the fact "good". MAKER calls put(FACT, NAME, TEXT).
wrong() {
	local maker=$BATS_TEST_TMPDIR/maker file fact bad=()
	{ cat <<-'END'; "$2"; } >"$maker"
		facts = {
		    "malformed": "malformed key",
		    "numbers": "its numbers are not a valid key",
		    "halves": "its public and private halves do not belong together",
		    "type": "unknown key type",
		    "cipher": "encrypted in a way that is not supported",
		    "cost": "refused: its passphrase derivation would take longer than about 10 seconds",
		    "passphrase": "wrong passphrase, or a damaged key",
		    "untidy": "not an SSH key as it stands (pubfmt -F or import reads it)",
		    "not a key": "not an SSH key",
		    "several": "more than one key in it",
		    "none": "no key in it",
		    "curve": "elliptic curve that SSH does not use",
		    "good": "good",
		}
		def integers(*numbers):
		    return next(parts(sequence(*numbers)))[1]
		def put(fact, name, text):
		    name = name.replace(" ", "-")
		    write(name, text)
		    print(name + "|" + facts[fact])
	END
	genkeys script <"$maker" >rows
	while IFS='|' read -r file fact; do
		if [ "$fact" = good ]; then
			echo "$file"
			xferkey $1 "$file" >../out
		else
			bad+=("$file")
		fi
	done <rows
	run -2 --separate-stderr xferkey $1 "${bad[@]}"
	equal "$output" ''
	equal "$stderr" "$(sed '/|good$/d; s/^/xferkey-'"${1%% *}"': /; s/|/: /' rows)"
	rm -- "${bad[@]}"
}

rsa() {
	cat <<-'END'
		p, q = some_prime("wrong", 512, 0), some_prime("wrong", 512, 1)
		def rsa(p, q, e=65537):
		    d = pow(e, -1, (p - 1) * (q - 1)) if p > 1 else 1
		    u = pow(q, -1, p) if math.gcd(p, q) == 1 else 0
		    return dict(version=0, n=p * q, e=e, d=d, p=p, q=q, dp=d % max(p - 1, 1), dq=d % (q - 1), u=u or 1)
		def key(v, more=b"", **other):
		    return pem("RSA PRIVATE KEY", der(SEQUENCE, integers(*{**v, **other}.values()) + more))
		def openssh(v, zeros=0):
		    public = string("ssh-rsa") + mpint(v["e"]) + mpint(v["n"])
		    numbers = [mpint(v[i], zeros=zeros * (i == "d")) for i in ("n", "e", "d", "u", "p", "q")]
		    return openssh_key(public, string("ssh-rsa") + b"".join(numbers) + string(""))
		v = rsa(p, q)
		dp, dq = v["dp"], v["dq"]
		put("good", "rsa", key(v))
		put("good", "rsa without dp", key(v, dp=0))
		put("good", "rsa without dq", key(v, dq=0))
		put("malformed", "rsa version 1 without more primes", key(v, version=1))
		put("malformed", "rsa version 2", key(v, version=2))
		put("malformed", "rsa a number less", key({i: n for i, n in v.items() if i != "u"}))
		put("malformed", "rsa a number more", key(v, der(INTEGER, b"\1")))
		put("malformed", "rsa n even", key(v, n=p * q + 1))
		put("malformed", "rsa e even", key(v, e=65538))
		put("malformed", "rsa d 0", key(v, d=0))
		put("malformed", "rsa d 0 without coefficient", key(v, d=0, u=0))
		put("malformed", "rsa p of 16385 bits", key(v, p=1 << 16384 | 1))
		put("numbers", "rsa another n", key(v, n=p * q + 2))
		put("numbers", "rsa e 1", key(v, e=1, d=1, dp=1, dq=1))
		put("numbers", "rsa d fits p alone", key(v, d=dp))
		put("numbers", "rsa d fits q alone", key(v, d=dq))
		put("numbers", "rsa another dp", key(v, dp=dp + 2))
		put("numbers", "rsa another dq", key(v, dq=dq + 2))
		put("numbers", "rsa dp not reduced", key(v, dp=dp + p - 1))
		put("numbers", "rsa dq not reduced", key(v, dq=dq + q - 1))
		put("numbers", "rsa another coefficient", key(v, u=v["u"] + 1))
		put("numbers", "rsa p 1", key(rsa(1, q)))
		put("numbers", "rsa p 257", key(rsa(257, q)))
		put("numbers", "rsa p composite", key(rsa(3 * p, q, 17)))
		put("numbers", "rsa q composite", key(rsa(p, 3 * q, 17)))
		put("numbers", "rsa p and q equal", key(rsa(p, p)))
		put("numbers", "rsa p and q equal without coefficient", key(rsa(p, p), u=0))
		put("good", "openssh rsa", openssh(v))
		put("good", "openssh rsa d with zeros", openssh(v, 9))
		put("malformed", "openssh rsa d with 2048 zeros", openssh(v, 2048))
		put("numbers", "openssh rsa dp 0", openssh({**v, "d": p - 1}))
		put("numbers", "openssh rsa dq 0", openssh({**v, "d": q - 1}))
		put("numbers", "openssh rsa p 1", openssh(rsa(1, q)))
	END
}

dsa() {
	cat <<-'END'
		p, q, g = dsa_domain("wrong")
		x = q // 3
		def key(p=p, q=q, g=g, x=x, y=None, more=b"", version=0):
		    y = pow(g, x, p) if y is None else y
		    return pem("DSA PRIVATE KEY", der(SEQUENCE, integers(version, p, q, g, y, x) + more))
		def spki(p=p, q=q, g=g, inside=b"", after=b""):
		    parameters = der(SEQUENCE, integers(p, q, g) + inside)
		    return der(SEQUENCE, oid("2a8648ce380401") + parameters + after)
		def pkcs8_dsa(x=x, after=b"", point=b"", **other):
		    body = integers(point != b"") + spki(**other) + der(OCTETS, integers(x) + after)
		    return pem("PRIVATE KEY", der(SEQUENCE, body + (der(0x81, b"\0" + point) if point else b"")))
		put("good", "dsa", key())
		put("malformed", "dsa version 1", key(version=1))
		put("malformed", "dsa a number more", key(more=der(INTEGER, b"\1")))
		put("malformed", "dsa p even", key(p=p + 1))
		put("malformed", "dsa x 0", key(x=0, y=1))
		put("numbers", "dsa p of 10001 bits", key(p=1 << 10000 | 1))
		put("numbers", "dsa q of 513 bits", key(q=1 << 512 | 1))
		put("numbers", "dsa g 1", key(g=1))
		put("numbers", "dsa g not below p", key(g=g + p))
		put("numbers", "dsa x not below q", key(x=x + q))
		put("numbers", "dsa p composite", key(p=p + 2))
		put("numbers", "dsa q composite", key(q=q + 2))
		r = q + 2
		while not is_prime(r):
		    r += 2
		put("numbers", "dsa q does not divide p - 1", key(q=r))
		put("numbers", "dsa g of another order", key(g=2))
		put("halves", "dsa another y", key(y=pow(g, x + 1, p)))
		put("good", "pkcs8 dsa", pkcs8_dsa())
		put("good", "pkcs8 dsa with y", pkcs8_dsa(point=integers(pow(g, x, p))))
		put("halves", "pkcs8 dsa with another y", pkcs8_dsa(point=integers(g)))
		put("malformed", "pkcs8 dsa with y and more", pkcs8_dsa(point=integers(pow(g, x, p), 1)))
		put("malformed", "pkcs8 dsa x 0", pkcs8_dsa(x=0))
		put("malformed", "pkcs8 dsa x and more", pkcs8_dsa(after=integers(1)))
		put("malformed", "pkcs8 dsa a parameter more", pkcs8_dsa(inside=integers(1)))
		put("malformed", "pkcs8 dsa after the parameters", pkcs8_dsa(after=integers(1)))
		put("numbers", "pkcs8 dsa p even", pkcs8_dsa(p=p + 1))
		put("numbers", "pkcs8 dsa p of 10001 bits", pkcs8_dsa(p=1 << 10000 | 1))
		put("numbers", "pkcs8 dsa q of 513 bits", pkcs8_dsa(q=1 << 512 | 1))
		put("numbers", "pkcs8 dsa x longer than q", pkcs8_dsa(x=q << 8))
	END
}

ec() {
	cat <<-'END'
		key = Key(openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"))
		point, name = key.point, OIDS["nistp256"]
		whole = openssl("ec", "-param_enc", "explicit", "-outform", "DER", text=key.text)
		spelt = der(SEQUENCE, list(parts(next(parts(whole))[1]))[2][1])
		spelt = next(parts(spelt))[1]
		numbers = [der(*part) for part in parts(next(parts(spelt))[1])]
		def curve(*change):
		    """The numbers of the curve, with some elements changed."""
		    return der(SEQUENCE, b"".join(dict(change).get(i, body) for i, body in enumerate(numbers)))
		secret = key.v[0].to_bytes(32, "big")
		def sec1(secret=secret, name=name, point=der(BITS, b"\0" + point), more=b"", version=1):
		    named = b"" if name is None else der(0xa0, name)
		    stated = b"" if point is None else der(0xa1, point)
		    return der(SEQUENCE, integers(version) + der(OCTETS, secret) + named + stated + more)
		def put_ec(fact, what, *words, **other):
		    put(fact, "ec " + what, pem("EC PRIVATE KEY", sec1(*words, **other)))
		def put_pkcs8(fact, what, name=name, inner=sec1(name=None), tail=b"", algorithm=b"", version=0):
		    algorithm = der(SEQUENCE, oid("2a8648ce3d0201") + name + algorithm)
		    body = integers(version) + algorithm + der(OCTETS, inner) + tail
		    put(fact, "pkcs8 " + what, pem("PRIVATE KEY", der(SEQUENCE, body)))
		put_ec("good", "key")
		put_ec("good", "key without point", point=None)
		put_ec("good", "key with the curve spelt", name=curve())
		put_ec("malformed", "version 0", version=0)
		put_ec("malformed", "secret empty", b"")
		put_ec("malformed", "secret 0", bytes(32))
		put_ec("malformed", "secret of 67 bytes", b"\1" * 67)
		put_ec("numbers", "secret too large", b"\xff" * 32)
		put_ec("malformed", "no curve", name=None)
		put_ec("malformed", "curve empty", name=b"")
		put_ec("malformed", "curve without name", name=oid(""))
		put_ec("malformed", "curve cut", name=name[:-1])
		put_ec("malformed", "curve and more", name=name + integers(1))
		put_ec("malformed", "curve without version", name=curve((0, b"")))
		put_ec("malformed", "curve a number", name=integers(1))
		put_ec("malformed", "curve version negative", name=curve((0, b"\2\1\xff")))
		put_ec("malformed", "curve without field", name=curve((1, b"")))
		put_ec("malformed", "curve with field empty", name=curve((1, der(SEQUENCE, b""))))
		put_ec("malformed", "curve with field a number", name=curve((1, integers(1))))
		field = next(parts(numbers[1]))[1]
		put_ec("curve", "curve with field without prime", name=curve((1, der(SEQUENCE, field[:9]))))
		put_ec("curve", "curve with field alone", name=der(SEQUENCE, numbers[0] + numbers[1]))
		put_ec("curve", "curve with order 1", name=curve((4, integers(1))))
		put_ec("malformed", "point empty", point=b"")
		put_ec("malformed", "point without bytes", point=der(BITS, b"\0"))
		put_ec("malformed", "point with unused bits", point=der(BITS, b"\1" + point))
		put_ec("malformed", "point and more", point=der(BITS, b"\0" + point) + integers(1))
		put_ec("halves", "point of another form", point=der(BITS, b"\0\5" + point[1:]))
		put_ec("malformed", "after the key", more=integers(1))
		put_pkcs8("good", "ec")
		put_pkcs8("malformed", "ec of another curve", OIDS["nistp384"], sec1())
		put_pkcs8("halves", "ec with the curve spelt otherwise", curve(), sec1(name=curve((4, integers(1)))))
		put_pkcs8("malformed", "ec after the curve", algorithm=integers(1))
		tail = der(0x81, b"\0" + point)
		put_pkcs8("good", "ec with point", tail=tail, version=1)
		put_pkcs8("good", "ec with attributes", tail=der(0xa0, b""))
		put_pkcs8("malformed", "ec with attributes cut", tail=b"\xa0\1")
		put_pkcs8("malformed", "ec with point in version 0", tail=tail)
		put_pkcs8("malformed", "ec with point and more", tail=tail + tail, version=1)
		for what, tail in (("empty", der(0x81, b"")), ("without bytes", der(0x81, b"\0")),
		    ("with unused bits", der(0x81, b"\1" + point)), ("explicit and empty", der(0xa1, b"")),
		    ("explicit and no bits", der(0xa1, integers(1))), ("explicit without bytes", der(0xa1, der(BITS, b"\0"))),
		    ("explicit and more", der(0xa1, der(BITS, b"\0" + point) + integers(1))), ("a number", integers(1))):
		    put_pkcs8("malformed", "ec with point " + what, tail=tail, version=1)
		put("malformed", "pkcs8 of no key as ec", pem("EC PRIVATE KEY", der(SEQUENCE, integers(0) + der(SEQUENCE, b""))))
		put("malformed", "pkcs8 of another type as rsa", pem("RSA PRIVATE KEY", unpem(key.text)))
		rsa = Key(generate("RSA", "rsa_keygen_bits:512"))
		for what, parameter in ("a number", integers(1)), ("a byte in NULL", b"\5\1\0"), ("NULL and more", b"\5\0\5\0"):
		    algorithm = der(SEQUENCE, oid("2a864886f70d010101") + parameter)
		    body = integers(0) + algorithm + der(OCTETS, rsa.traditional())
		    put("malformed", "pkcs8 rsa with " + what, pem("PRIVATE KEY", der(SEQUENCE, body)))
	END
}

pbes2() {
	cat <<-'END'
		def salted(salt=bytes(8), rounds=1, more=b""):
		    return der(OCTETS, salt) + integers(rounds) + more
		PBKDF2, SCRYPT = oid("2a864886f70d01050c"), oid("2b06010401da47040b")
		prf = der(SEQUENCE, oid("2a864886f70d0209") + b"\5\0")
		aes = oid("60864801650304012a")
		def put_pbes2(fact, what, kdf, name=PBKDF2, cipher=aes + der(OCTETS, bytes(16)), secret=bytes(32)):
		    schemes = der(SEQUENCE, name + der(SEQUENCE, kdf)) + der(SEQUENCE, cipher)
		    algorithm = oid("2a864886f70d01050d") + der(SEQUENCE, schemes)
		    put_encrypted(fact, what, algorithm, secret)
		def put_encrypted(fact, what, algorithm, secret=bytes(32)):
		    body = der(SEQUENCE, algorithm) + der(OCTETS, secret)
		    put(fact, what, pem("ENCRYPTED PRIVATE KEY", der(SEQUENCE, body)))
		put_pbes2("passphrase", "pbkdf2", salted(more=integers(32) + prf))
		put_pbes2("malformed", "pbkdf2 salt of 65 bytes", salted(bytes(65)))
		put_pbes2("malformed", "pbkdf2 no rounds", der(OCTETS, bytes(8)))
		put_pbes2("malformed", "pbkdf2 salt a number", integers(1, 1))
		put_pbes2("malformed", "pbkdf2 another length", salted(more=integers(16)))
		put_pbes2("malformed", "pbkdf2 length of 5 bytes", salted(more=integers(1 << 32)))
		put_pbes2("malformed", "pbkdf2 a byte in NULL", salted(more=der(SEQUENCE, oid("2a864886f70d0209") + b"\5\1\0")))
		put_pbes2("malformed", "pbkdf2 no NULL", salted(more=der(SEQUENCE, oid("2a864886f70d0209") + integers(1))))
		put_pbes2("malformed", "pbkdf2 after NULL", salted(more=der(SEQUENCE, oid("2a864886f70d0209") + b"\5\0\5\0")))
		put_pbes2("malformed", "pbkdf2 no digest", salted(more=der(SEQUENCE, b"")))
		put_pbes2("malformed", "pbkdf2 a byte after it", salted(more=prf + b"\0"))
		put_pbes2("malformed", "pbkdf2 octets after it", salted(more=der(OCTETS, b"")))
		put_pbes2("cipher", "pbkdf2 digest unknown", salted(more=der(SEQUENCE, oid("2a864886f70d0210"))))
		put_pbes2("cipher", "pbkdf2 digest of pbes1", salted(more=der(SEQUENCE, oid("2a864886f70d010503"))))
		put_pbes2("cipher", "cipher without name", salted(), cipher=oid("") + der(OCTETS, bytes(16)))
		put_pbes2("malformed", "iv of 15 bytes", salted(), cipher=aes + der(OCTETS, bytes(15)))
		put_pbes2("malformed", "secret empty", salted(), secret=b"")
		put_pbes2("cipher", "kdf unknown", salted(), oid("2a864886f70d01050e"))
		put_encrypted("cipher", "algorithm that is a digest", oid("2a864886f70d0209") + der(SEQUENCE, salted()))
		put_encrypted("cipher", "algorithm unknown", oid("2a864886f70d0177") + der(SEQUENCE, salted()))
		for fact, what, n, r, p, more in (("passphrase", "scrypt", 2, 1, 1, integers(32)), ("malformed", "n 1", 1, 1, 1, b""),
		    ("malformed", "n 3", 3, 1, 1, b""), ("malformed", "r 0", 2, 0, 1, b""), ("malformed", "p 0", 2, 1, 0, b""),
		    ("malformed", "after it", 2, 1, 1, b"\0"), ("cost", "r 1025", 2, 1025, 1, b""),
		    ("cost", "p 1025", 2, 1, 1025, b""), ("cost", "n too large", 1 << 22, 8, 1, b""),
		    ("cost", "work too large", 1 << 15, 8, 1000, b"")):
		    put_pbes2(fact, "scrypt " + what, salted(bytes(8), n, integers(r, p) + more), SCRYPT)
		put_pbes2("malformed", "scrypt without p", salted(bytes(8), 2, integers(1)), SCRYPT)
		put_pbes2("malformed", "scrypt without r and p", salted(bytes(8), 2), SCRYPT)
	END
}

openssh() {
	cat <<-'END'
		public = string("ssh-ed25519") + string(bytes(32))
		key = Key(generate("ED25519"))
		public, halves = key.public(), key.public() + key.private(())
		def openssh(fact, what, cipher="none", kdf="none", options=b"", keys=1, public=public, private=halves,
		    comment="c", check=b"odd?odd?", padding=None, tail=b""):
		    private = check + private + string(comment)
		    private += bytes(range(1, 1 + -len(private) % 8)) if padding is None else padding
		    body = string(cipher) + string(kdf) + string(options) + keys.to_bytes(4, "big")
		    body += string(public) + string(private) + tail
		    put(fact, "openssh " + what, pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0" + body))
		bcrypt = string(bytes(16)) + b"\0\0\0\1"
		openssh("good", "key")
		openssh("good", "without comment", comment="")
		openssh("cipher", "cipher as libcrypto calls it", "AES-128-CBC", "bcrypt", bcrypt)
		openssh("cipher", "cipher in capitals", "AES256-CTR", "bcrypt", bcrypt)
		openssh("cipher", "cipher of one des key", "des-cbc", "bcrypt", bcrypt)
		openssh("cipher", "cipher without kdf", "aes256-ctr")
		openssh("cipher", "kdf without cipher", kdf="bcrypt", options=bcrypt)
		openssh("malformed", "options without cipher", options=bcrypt)
		openssh("malformed", "a byte after the rounds", "aes256-ctr", "bcrypt", bcrypt + b"\0")
		openssh("malformed", "salt of 65 bytes", "aes256-ctr", "bcrypt", string(bytes(65)) + b"\0\0\0\1")
		openssh("malformed", "without salt", "aes256-ctr", "bcrypt", string("") + b"\0\0\0\1")
		openssh("none", "no key", keys=0)
		openssh("several", "two keys", keys=2)
		openssh("malformed", "other check numbers", check=b"odd?even")
		openssh("malformed", "bytes after the private half", tail=bytes(16))
		openssh("type", "type of a certificate", private=string("ssh-ed25519-cert-v01@openssh.com") + bytes(64))
		openssh("type", "type unknown", private=string("ssh-frob") + bytes(64))
		openssh("malformed", "private half cut", private=halves[:-9], comment="")
		openssh("malformed", "a NUL in the comment", comment="a\0b")
		openssh("malformed", "other padding", comment="1234567", padding=b"\1\2\3\4\5\6\7\7")
		openssh("malformed", "padding of half a block", padding=b"\1")
	END
}

text() {
	cat <<-'END'
		key = Key(generate("EC", "ec_paramgen_curve:P-256"))
		plain = pem("EC PRIVATE KEY", key.traditional()).decode()
		lines = plain.splitlines()
		end = lines[-1]
		def text(fact, what, text):
		    put(fact, what, text.encode())
		text("good", "pem", plain)
		text("malformed", "pem with another last label", plain.replace(end, end.replace("EC", "RSA")))
		text("untidy", "pem with its last line twice in one", plain.replace(end, end + end))
		text("untidy", "pem with a last line inside a line", plain.replace("\n" + end, end + "\n" + end))
		text("malformed", "pem with a last line without dashes", plain.replace(end, end[:-5]))
		text("not a key", "pem with a first line without dashes", "-----BEGIN X\n" + plain.split("\n", 1)[1])
		dek = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC," + "00" * 16 + "\n"
		def headers(fact, what, headers, blank="\n", data=bytes(32)):
		    text = pem("EC PRIVATE KEY", data).decode()
		    put(fact, "pem " + what, (lines[0] + "\n" + headers + blank + text.split("\n", 1)[1]).encode())
		headers("passphrase", "encrypted", dek)
		headers("untidy", "without a blank line", dek, "")
		headers("malformed", "with another header", "Proc-Type: 4,CLEAR\n")
		headers("malformed", "with a longer header", dek.replace("Type:", "Type-2:"))
		headers("malformed", "with a second header other", dek.replace("Info:", "Infos:"))
		headers("malformed", "with a third header", dek + "X: y\n")
		headers("malformed", "with one header", dek.splitlines()[0] + "\n")
		headers("malformed", "with headers in another order", "\n".join(dek.splitlines()[::-1]) + "\n")
		headers("malformed", "with a short iv", dek.replace("0000", "", 1))
		headers("cipher", "with a cipher of ssh", dek.replace("AES-128-CBC", "AES128-CTR"))
		headers("malformed", "encrypted of half a block", dek, data=bytes(24))
	END
}

ppk() {
	cat <<-'END'
		key = Key(generate("ED25519"))
		def ppk(fact, what, private, cut=0, name="ssh-ed25519", public=key.public()):
		    over = b"".join(map(string, (name, "none", "jane", public, private)))
		    mac = hmac.new(b"", over, "sha256").hexdigest()
		    text = f"PuTTY-User-Key-File-3: {name}\nEncryption: none\nComment: jane\n"
		    for half, data in ("Public", public), ("Private", private):
		        lines = pem("", data).decode().splitlines()[1:-1]
		        text += "\n".join([f"{half}-Lines: {len(lines)}"] + lines) + "\n"
		    text += f"Private-MAC: {mac[cut:]}\n"
		    put(fact, "ppk " + what, text.encode())
		seed = string(key.seed)
		ppk("good", "key", seed)
		ppk("malformed", "mac a byte too short", seed, 2)
		ppk("malformed", "name of another type", seed, name="ssh-ed448")
		rsa = string("ssh-rsa") + mpint(65537) + mpint((1 << 511) + 1)
		ppk("malformed", "number missing", mpint(5) * 3, name="ssh-rsa", public=rsa)
		ppk("malformed", "number of 2050 bytes", mpint(1 << 8 * 2049) * 4, name="ssh-rsa", public=rsa)
		ppk("type", "type unknown", seed, name="ssh-frob", public=string("ssh-frob"))
		fido = string("sk-ssh-ed25519@openssh.com") + string(key.point) + string("ssh:")
		ppk("type", "fido key", seed, name="sk-ssh-ed25519@openssh.com", public=fido)
	END
}

# ssh.com's numbers: their lengths are in bits.
sshcom() {
	cat <<-'END'
		p, q = some_prime("wrong", 512, 0), some_prime("wrong", 512, 1)
		def bits(n, more=0, zeros=0):
		    n, body = n.bit_length(), magnitude(n, False, zeros)
		    return (n + more).to_bytes(4, "big") + body
		d = pow(65537, -1, (p - 1) * (q - 1))
		numbers = [bits(n) for n in (65537, d, p * q, pow(p, -1, q), p, q)]
		def sshcom(fact, what, numbers, type="if-modn{sign{rsa-pkcs1-sha1}}", magic=0x3f6ff9eb):
		    body = string(type) + string("none") + string(string(b"".join(numbers)))
		    body = magic.to_bytes(4, "big") + (len(body) + 8).to_bytes(4, "big") + body
		    lines = pem("", body).decode().splitlines()[1:-1]
		    text = ["---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", *lines, "---- END SSH2 ENCRYPTED PRIVATE KEY ----", ""]
		    put(fact, "sshcom " + what, "\n".join(text).encode())
		sshcom("good", "rsa", numbers)
		sshcom("malformed", "number missing", numbers[:-1])
		sshcom("malformed", "number cut", numbers[:-1] + [numbers[-1][:-1]])
		sshcom("malformed", "number without length", numbers[:-1] + [b"\0\0"])
		sshcom("malformed", "number after it", numbers + [bits(5)])
		sshcom("malformed", "length of 16385 bits", [bits(1 << 16384)] + numbers[1:])
		sshcom("malformed", "length a bit more", [bits(65537, 1)] + numbers[1:])
		dsa = "dl-modp{sign{dsa-nist-sha1}}"
		sshcom("malformed", "dsa without numbers", [], dsa)
		sshcom("malformed", "dsa with 1 in front", [b"\0\0\0\1"] + [bits(5)] * 5, dsa)
		sshcom("malformed", "dsa with a number missing", [b"\0\0\0\0"] + [bits(5)] * 4, dsa)
	END
}

public() {
	cat <<-'END'
		def spki(fact, what, algorithm, bits, more=b""):
		    put(fact, "spki " + what, pem("PUBLIC KEY", der(SEQUENCE, der(SEQUENCE, algorithm) + bits + more)))
		def of(data, unused=b"\0"):
		    return der(BITS, unused + data)
		RSA, DSA, EC = oid("2a864886f70d010101"), oid("2a8648ce380401"), oid("2a8648ce3d0201")
		rsa = sequence((1 << 511) + 1, 65537)
		spki("good", "rsa", RSA + b"\5\0", of(rsa))
		spki("good", "rsa without NULL", RSA, of(rsa))
		spki("malformed", "rsa unused bits", RSA + b"\5\0", of(rsa, b"\1"))
		spki("malformed", "rsa and more", RSA + b"\5\0", of(rsa), integers(1))
		spki("malformed", "rsa of 16385 bits", RSA + b"\5\0", of(sequence(1 << 16384 | 1, 65537)))
		spki("malformed", "rsa a number more", RSA + b"\5\0", of(sequence(5, 5, 5)))
		spki("malformed", "rsa of a name", RSA + oid("2a"), of(rsa))
		p, q, g = dsa_domain("wrong")
		def dsa(fact, what, numbers, bits, algorithm=b""):
		    spki(fact, "dsa " + what, DSA + der(SEQUENCE, numbers) + algorithm, of(bits))
		dsa("good", "key", integers(p, q, g), integers(g))
		dsa("malformed", "without g", integers(p, q), integers(g))
		dsa("malformed", "a number more", integers(p, q, g, 1), integers(g))
		dsa("malformed", "without y", integers(p, q, g), b"")
		dsa("malformed", "y and more", integers(p, q, g), integers(g, g))
		dsa("malformed", "parameters twice", integers(p, q, g), integers(g), sequence(p, q, g))
		spki("malformed", "dsa without parameters", DSA, of(integers(g)))
		spki("malformed", "p256 without point", EC + OIDS["nistp256"], of(b""))
		spki("malformed", "ed25519 with parameters", ED25519 + b"\5\0", of(bytes(32)))
		spki("malformed", "ed25519 of 31 bytes", ED25519, of(bytes(31)))
		def ssh2(fact, what, blob, header="", end="---- END SSH2 PUBLIC KEY ----\n", last="\n"):
		    body = base64.b64encode(blob).decode()
		    put(fact, "rfc4716 " + what, f"---- BEGIN SSH2 PUBLIC KEY ----\n{header}{body}{last}{end}".encode())
		ed = string("ssh-ed25519") + string(bytes(range(32)))
		ssh2("good", "key", ed)
		ssh2("good", "with a quote at one end", ed, 'Comment: "me\n')
		ssh2("good", "with a header that goes on in a blank line", ed, "Comment: me\\\n\n")
		ssh2("malformed", "with another last line", ed, end="---- END SSH2 SECRET KEY ----\n")
		ssh2("malformed", "with a last line that goes on", b"", end="---- END a: b\\\n", last="")
		ssh2("malformed", "with a header that goes on in the last line", b"", "x: y\\\n", last="")
		ssh2("malformed", "with a last line inside a line", ed, last="---- END x\n")
		ssh2("malformed", "with a name of 65 bytes", string("x-" + "y" * 63) + string(""))
		cert = "ssh-ed25519-cert-v01@openssh.com"
		ssh2("malformed", "of a certificate without nonce", string(cert))
		ssh2("malformed", "of a certificate without key", string(cert) + string(bytes(32)))
		name = "x-" + "y" * 63
		private = string("aes256-ctr") + string("bcrypt") + string(string(bytes(16)) + b"\0\0\0\1") + b"\0\0\0\1"
		private += string(string("ssh-frob")) + string(bytes(16))
		put("type", "encrypted key of an unknown type", pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0" + private))
		put("not a key", "line with a name of 65 bytes", f"{name} AAAA{base64.b64encode(bytes(99)).decode()}\n".encode())
	END
}

@test "RSA: wrong numbers are refused" {
	wrong 'privfmt -m PKCS8' rsa
}

@test "DSA: wrong numbers are refused" {
	wrong 'privfmt -m PKCS8' dsa
}

@test "EC and PKCS#8: wrong fields, curves and points are refused" {
	wrong 'privfmt -m PKCS8' ec
}

@test "encrypted PKCS#8: wrong parameters are refused before anything is derived" {
	wrong 'privfmt -P env:PW -N none' pbes2
}

@test "OPENSSH: wrong fields are refused" {
	wrong 'privfmt -P env:PW -N none' openssh
}

@test "PEM: wrong lines and headers are refused" {
	wrong 'privfmt -P env:PW -N none' text
}

@test "PuTTY: wrong fields are refused, though the MAC is right" {
	wrong 'privfmt -m OPENSSH' ppk
}

@test "ssh.com: wrong numbers are refused" {
	wrong 'privfmt -m PKCS8' sshcom
}

@test "PUBLIC KEY and RFC 4716: wrong fields and lines are refused" {
	wrong pubfmt public
}

@test "a derivation that gets too little memory: status 2, one line, which does not blame the passphrase" {
	not_packaged 'it limits memory'
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-privfmt" || skip 'AddressSanitizer needs more memory than that'
	genkeys script <<-'END'
		# scrypt with N 131072, r 8 and p 1, which needs 128 MiB
		scrypt = oid("2b06010401da47040b") + der(SEQUENCE, bytes.fromhex("0400") + next(parts(sequence(1 << 17, 8, 1)))[1])
		aes = oid("60864801650304012a") + der(OCTETS, bytes(16))
		pbes2 = oid("2a864886f70d01050d") + der(SEQUENCE, der(SEQUENCE, scrypt) + der(SEQUENCE, aes))
		write("scrypt", pem("ENCRYPTED PRIVATE KEY", der(SEQUENCE, der(SEQUENCE, pbes2) + der(OCTETS, bytes(32)))))
	END
	files=(scrypt)
	if has_argon2; then
		xferkey keygen -q -t ed25519 -f key
		xferkey privfmt -m PPK3 -a 1 -N env:PW key | sed 's/^\(Argon2-Memory:\).*/\1 131072/' >argon2
		files+=(argon2)
	fi
	for file in "${files[@]}"; do
		says 2 "$file: " bash -c 'ulimit -v 65536 && exec xferkey privfmt -P env:PW -N none "$1"' - "$file"
		lacks ../err passphrase
		says 2 "$file: wrong passphrase, or a damaged key" xferkey privfmt -P env:PW -N none "$file"
	done
}
