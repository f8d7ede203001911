#!/usr/bin/env bats
# Whatever is wrong, around a command or in what it reads: status 2, one line
# that says what, and every file is as it was. One table.

load ../lib/test

setup_file() (
	# bats 1.8 can skip in a test only
	skip() {
		echo "$1" >"$BATS_FILE_TMPDIR/skip"
		exit
	}
	need ssh-keygen openssl python3 prlimit
	[ "$(id -u)" -ne 0 ] || need setpriv
	mkdir -p "$BATS_FILE_TMPDIR/home/.ssh"
	cd "$BATS_FILE_TMPDIR/home" || return
	chmod 700 .ssh
	printf 'correct horse battery\n' >pw
	printf 'wrong horse battery\n' >wrong
	printf 'seven77\n' >short
	head -c 2000 /dev/zero | tr '\0' x >long
	chmod 600 pw wrong short long
	good_keys
	bad_keys
	hostile_keys
	find . -type f -exec chmod 600 {} +
	chmod 500 shut
)

setup() {
	[ ! -e "$BATS_FILE_TMPDIR/skip" ] || skip "$(cat "$BATS_FILE_TMPDIR/skip")"
	cp -a "$BATS_FILE_TMPDIR/home" "$BATS_TEST_TMPDIR"
	private_home
	cp rsa closed
	chmod 000 closed
	unset SECRET
}

good_keys() {
	ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -C c -f rsa
	ssh-keygen -q -t rsa -b 1024 -m PEM -N '' -C c -f rsa1024
	ssh-keygen -q -t ed25519 -N '' -C c -f ed
	ssh-keygen -q -t ed25519 -a 1 -N "$(cat pw)" -C c -f sealed
	openssl pkcs8 -topk8 -v2 aes128 -passout file:pw -in rsa -out pbes2
	openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout file:pw -in rsa -out pbes1
	openssl pkcs8 -topk8 -scrypt -scrypt_N 1024 -passout file:pw -in rsa -out scrypt
	openssl rsa -traditional -aes128 -passout file:pw -in rsa -out dek 2>/dev/null
	for cipher in aes256-gcm@openssh.com chacha20-poly1305@openssh.com; do
		cp ed "sealed-${cipher%%-*}"
		ssh-keygen -q -p -a 1 -Z $cipher -P '' -N "$(cat pw)" -f "sealed-${cipher%%-*}" >/dev/null
	done
}

bad_keys() {
	: >empty
	printf '\n\n# nothing here\n' >comments
	head -c 1048576 /dev/urandom >noise
	head -c 1048577 /dev/zero | tr '\0' '\n' >lines
	head -c 10 rsa >start
	head -n 8 rsa >half
	head -n 3 sealed >half-sealed
	head -c 60 ed.pub >half.pub
	{
		cat rsa
		tail -n 4 rsa
	} >trailing
	tr 'A' '\0' <rsa >nul
	printf '\0\0\0\0' >nuls
	{
		cat ed.pub
		printf '\0%s\n' "$(cat rsa.pub)"
	} >nul.pub
	cat rsa ed >two
	cat rsa.pub ed.pub >two.pub
	{
		cat rsa.pub
		cat rsa
	} >mixed
	iconv -f utf-8 -t utf-16 rsa >utf16 2>/dev/null || printf '\377\376-\0-\0' >utf16
	sed 's/^/> /' rsa >quoted
	printf 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n' >key.ppk
	# a byte of the base64 wrong, in the middle of d
	awk 'NR == 12 { $0 = (substr($0, 1, 1) == "A" ? "B" : "A") substr($0, 2) } { print }' rsa >flipped
	sed '3s/^./!/' rsa >foreign
	mkdir folder shut
	mkfifo fifo
	ln -s nowhere dangling
	ln -s loop loop
	printf 'precious\n' >there
	printf 'precious\n' >alone.pub
}

# What would be computed for hours, or taken for memory by the gigabyte.
hostile_keys() {
	python3 - <<-'END'
		import base64, re
		def pem(label, der):
		    return "-----BEGIN %s-----\n%s-----END %s-----\n" % (label, base64.encodebytes(der).decode(), label)
		def tlv(tag, *parts):
		    body = b"".join(parts)
		    n = len(body)
		    size = bytes([n]) if n < 128 else b"\x82" + n.to_bytes(2, "big")
		    return bytes([tag]) + size + body
		def number(n):
		    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))
		def oid(text):
		    return tlv(6, bytes.fromhex(text))
		octets = lambda b: tlv(4, b)
		seq = lambda *parts: tlv(0x30, *parts)
		cbc = seq(oid("60864801650304012a"), octets(bytes(16)))        # aes256-CBC
		sha256 = seq(oid("2a864886f70d0209"), tlv(5))                  # hmacWithSHA256
		def pbes2(kdf):
		    return pem("ENCRYPTED PRIVATE KEY", seq(seq(oid("2a864886f70d01050d"), seq(kdf, cbc)), octets(bytes(1200))))
		def pbkdf2(count, salt=b"s" * 16):
		    return pbes2(seq(oid("2a864886f70d01050c"), seq(octets(salt), number(count), sha256)))
		def scrypt(n, r, p):
		    return pbes2(seq(oid("2b06010401da47040b"), seq(octets(b"s" * 16), number(n), number(r), number(p))))
		write = lambda name, text: open(name, "w").write(text)
		write("pbkdf2-31", pbkdf2(2**31 - 1))
		write("pbkdf2-24", pbkdf2(20000001))
		write("pbkdf2-64", pbkdf2(2**64 + 1))
		write("pbkdf2-0", pbkdf2(0))
		write("scrypt-n", scrypt(2**31, 8, 1))
		write("scrypt-40", scrypt(2**40, 8, 1))
		write("scrypt-r", scrypt(16384, 2**30, 1))
		write("scrypt-p", scrypt(16384, 8, 2**30))
		write("scrypt-3", scrypt(3, 8, 1))
		write("pbes1-31", pem("ENCRYPTED PRIVATE KEY", seq(seq(oid("2a864886f70d010c0103"),
		    seq(octets(b"s" * 8), number(2**31 - 1))), octets(bytes(1200)))))
		sealed = base64.b64decode("".join(open("sealed").read().split("\n")[1:-2]))
		at = sealed.index(b"bcrypt") + 6 + 4 + 4 + 16
		def bcrypt(rounds):
		    return pem("OPENSSH PRIVATE KEY", sealed[:at] + rounds.to_bytes(4, "big") + sealed[at + 4:])
		write("bcrypt-31", bcrypt(2**31))
		write("bcrypt-32", bcrypt(2**32 - 1))
		write("bcrypt-1501", bcrypt(1501))
		write("bcrypt-0", bcrypt(0))
		write("long-string", pem("OPENSSH PRIVATE KEY", sealed[:15] + b"\xff" * 4 + sealed[19:]))
		write("many-keys", pem("OPENSSH PRIVATE KEY", sealed[:at + 4] + b"\xff" * 4 + sealed[at + 8:]))
	END
}

# The faults that are functions.

# small_disk COMMAND ...: no file can grow; without the signal that a full disk
# does not send either.
small_disk() (
	trap '' XFSZ
	prlimit --fsize=0 "$@"
)

# ordinary COMMAND ...: root too is refused what the modes refuse.
ordinary() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --bounding-set=-dac_override,-dac_read_search "$@"
	else
		"$@"
	fi
}

# snapshot: every file: nothing can be done to one that its inode, mode, size and times do not show.
snapshot() {
	find . -type d -printf '%i %m %p\n' -o -printf '%i %m %n %s %T@ %C@ %p %l\n'
}

# row MESSAGE COMMAND: status 2, and afterwards all files are the same. The steps that porcelain shows do not count.
row() {
	local got text
	# a pipe, for small_disk could not write a message to a file
	text=$(
		eval "$2" 2>&1 >"$BATS_TEST_TMPDIR/out" </dev/null && got=0 || got=$?
		echo "$got"
	)
	got=${text##*$'\n'}
	text=$(grep -v '^+ ' <<<"${text%"$got"}") || :
	{
		[ "$got" = 2 ] || echo "status $got, not 2"
		[ "$(wc -l <<<"$text")" -eq 1 ] || echo 'not one line'
		[[ $text == "xferkey"* || $1 == "${text%%:*}: "* ]] || echo 'not said by xferkey'
		[[ $text == *"$1"* ]] || echo "not said: $1"
		[[ $text != *horse* ]] || echo 'a passphrase is said'
		snapshot >"$BATS_TEST_TMPDIR/after"
		diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	} >"$BATS_TEST_TMPDIR/wrong" || :
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ] || {
		printf '%s\n%s\n%s\n\n' "$2" "$(head -n 5 <<<"$text")" "$(cat "$BATS_TEST_TMPDIR/wrong")"
		rm -f k k.pub new list
	} >>"$BATS_TEST_TMPDIR/failed"
}

# table: the rows on standard input, "message; command"; what is in the files afterwards is the same for all: what was in
# them.
table() {
	local message command n=0
	snapshot >"$BATS_TEST_TMPDIR/before"
	while IFS=';' read -r message command; do
		n=$((n + 1))
		row "$message" "${command# }" 3>&-
	done
	echo "$n rows"
	[ "$n" -gt 0 ]
	[ ! -e "$BATS_TEST_TMPDIR/failed" ] || {
		cat "$BATS_TEST_TMPDIR/failed"
		return 1
	}
}

@test "keygen and generate" {
	table <<-'END'
		there exists and is left alone; xferkey keygen -t ed25519 -f there
		alone.pub exists and is left alone; xferkey keygen -t ed25519 -f alone
		dangling exists and is left alone; xferkey keygen -t ed25519 -f dangling
		loop exists and is left alone; xferkey keygen -t ed25519 -f loop
		folder exists and is left alone; xferkey keygen -t ed25519 -f folder
		fifo exists and is left alone; xferkey keygen -t ed25519 -f fifo
		k: File too large; small_disk xferkey keygen -t ed25519 -f k
		standard output: No space left; xferkey keygen -t ed25519 >/dev/full
		shut/k: Permission denied; ordinary xferkey keygen -t ed25519 -f shut/k
		no/k: No such file or directory; xferkey keygen -t ed25519 -f no/k
		there/k: Not a directory; xferkey keygen -t ed25519 -f there/k
		File name too long; xferkey keygen -t ed25519 -f "$(printf %0300d 0)"
		standard output: Bad file descriptor; xferkey keygen -t ed25519 >&-
		standard output: Broken pipe; xferkey keygen -t rsa -b 2048 > >(:)
		k: nobody can be asked for the passphrase; xferkey keygen -t ed25519 -N ask -f k
		file:no: No such file; xferkey keygen -t ed25519 -N file:no -f k
		file:folder: Is a directory; xferkey keygen -t ed25519 -N file:folder -f k
		file:/dev/zero: a passphrase cannot hold a NUL; xferkey keygen -t ed25519 -N file:/dev/zero -f k
		stdin: Bad file descriptor; xferkey keygen -t ed25519 -N stdin -f k <&-
		env:SECRET: not set; xferkey keygen -t ed25519 -N env:SECRET -f k
		-N takes a source; xferkey keygen -t ed25519 -N 'correct horse' -f k
		-t dsa: DSA is refused; xferkey keygen -t dsa -f k
		-b 1024: servers refuse RSA under 2048 bits; xferkey keygen -b 1024 -f k
		there exists and is left alone; xferkey -q generate -t ed25519 -f there
		alone.pub exists and is left alone; xferkey -q generate -t ed25519 -f alone
		dangling exists and is left alone; xferkey -q generate -t ed25519 -f dangling
		folder exists and is left alone; xferkey -q generate -t ed25519 -f folder
		k: File too large; small_disk xferkey -q generate -t ed25519 -f k
		shut/k: Permission denied; ordinary xferkey -q generate -t ed25519 -f shut/k
		no/k: No such file or directory; xferkey -q generate -t ed25519 -f no/k
		nobody can be asked for the passphrase; xferkey -q generate -t ed25519 -N ask -f k
		-N: not a source; xferkey -q generate -t ed25519 -N 'correct horse' -f k
		-t dsa: DSA is refused; xferkey -q generate -t dsa -f k
		-y: a public key is shown by: xferkey pubfmt rsa; xferkey -q generate -y -f rsa
		HOME: not an absolute path; HOME= xferkey -q generate -t ed25519
		HOME: not an absolute path; HOME=here xferkey -q generate -t ed25519
	END
}

@test "privfmt" {
	table <<-'END'
		there exists and is left alone; xferkey privfmt -o there rsa
		rsa exists and is left alone; xferkey privfmt -o rsa rsa
		dangling exists and is left alone; xferkey privfmt -o dangling rsa
		new: File too large; small_disk xferkey privfmt -o new rsa
		standard output: No space left; xferkey privfmt rsa >/dev/full
		shut/new: Permission denied; ordinary xferkey privfmt -o shut/new rsa
		no/new: No such file; xferkey privfmt -o no/new rsa
		standard output: Bad file descriptor; xferkey privfmt rsa >&-
		standard input: Bad file descriptor; xferkey privfmt -o new <&-
		there exists; xferkey privfmt -o there rsa <&- >&-
		no: No such file; xferkey privfmt -o new no
		closed: Permission denied; ordinary xferkey privfmt -o new closed
		folder: Is a directory; xferkey privfmt -o new folder
		dangling: No such file; xferkey privfmt -o new dangling
		loop: Too many levels; xferkey privfmt -o new loop
		empty: no key in it; xferkey privfmt -o new empty
		comments: no key in it; xferkey privfmt -o new comments
		noise: not an SSH key; xferkey privfmt -o new noise
		lines: no key in it; xferkey privfmt -o new lines
		half: truncated: its last line is missing; xferkey privfmt -o new half
		half-sealed: truncated: its last line is missing; xferkey privfmt -P file:pw -o new half-sealed
		start: not an SSH key; xferkey privfmt -o new start
		trailing: lines 28 to 31: not an SSH key; xferkey privfmt -o new trailing
		nul: not an SSH key; xferkey privfmt -o new nul
		nuls: not an SSH key; xferkey privfmt -o new nuls
		flipped: its numbers are not a valid key; xferkey privfmt -o new flipped
		foreign: malformed key; xferkey privfmt -o new foreign
		utf16: UTF-16 text; xferkey privfmt -o new utf16
		quoted: not an SSH key; xferkey privfmt -o new quoted
		key.ppk: truncated: its last line is missing; xferkey privfmt -o new key.ppk
		rsa.pub: a public key, not a private one; xferkey privfmt -o new rsa.pub
		two: line 28: a second key, and -o or -f takes one; xferkey privfmt -o new two
		ed: a second key; xferkey privfmt -o new rsa ed
		sealed: encrypted, and no passphrase given; xferkey privfmt -o new sealed
		pbes2: nobody can be asked for the passphrase; xferkey privfmt -P ask -o new pbes2
		new: nobody can be asked for the passphrase; xferkey privfmt -N ask -o new rsa
		sealed: encrypted, and no passphrase given; xferkey privfmt -P none -o new sealed
		cannot both come from standard input; xferkey privfmt -P stdin -o new <sealed
		file:no: No such file or directory; xferkey privfmt -P file:no -o new sealed
		file:folder: Is a directory; xferkey privfmt -P file:folder -o new sealed
		1023 bytes; xferkey privfmt -P file:long -o new sealed
		1023 bytes; xferkey privfmt -N file:long -o new rsa
		-P takes a source; xferkey privfmt -P 'correct horse' -o new sealed
		-N takes a source; xferkey privfmt -N pass:horse -o new rsa
		sealed: wrong passphrase; xferkey privfmt -P file:wrong -o new sealed
		sealed-aes256: wrong passphrase; xferkey privfmt -P file:wrong -o new sealed-aes256
		sealed-chacha20: wrong passphrase; xferkey privfmt -P file:wrong -o new sealed-chacha20
		pbes2: wrong passphrase; xferkey privfmt -P file:wrong -o new pbes2
		pbes1: wrong passphrase; xferkey privfmt -P file:wrong -o new pbes1
		scrypt: wrong passphrase; xferkey privfmt -P file:wrong -o new scrypt
		dek: wrong passphrase; xferkey privfmt -P file:wrong -o new dek
		-m PEM: this format has no safe protection; xferkey privfmt -m PEM -P file:pw -o new pbes2
		-m PEM: this format cannot hold; xferkey privfmt -m PEM -o new ed
		-m RFC4716: not a format that can be written here; xferkey privfmt -m RFC4716 -o new rsa
		rsa: -Z aes256-ctr: not a cipher that PKCS8 can be written with; xferkey privfmt -m PKCS8 -Z aes256-ctr -N file:pw -o new rsa
		rsa: -m PKCS8: refused: its passphrase derivation would take longer than about 10 seconds; xferkey privfmt -a 4000000000 -N file:pw -m PKCS8 -o new rsa
		bcrypt-31: refused: its passphrase derivation would take longer; xferkey privfmt -P file:pw -o new bcrypt-31
		bcrypt-32: refused: its passphrase derivation; xferkey privfmt -P file:pw -o new bcrypt-32
		bcrypt-1501: refused: its passphrase derivation; xferkey privfmt -P file:pw -o new bcrypt-1501
		bcrypt-0: malformed key; xferkey privfmt -P file:pw -o new bcrypt-0
		pbkdf2-31: refused: its passphrase derivation; xferkey privfmt -P file:pw -o new pbkdf2-31
		pbkdf2-24: refused: its passphrase derivation; xferkey privfmt -P file:pw -o new pbkdf2-24
		pbkdf2-64: malformed key; xferkey privfmt -P file:pw -o new pbkdf2-64
		pbkdf2-0: malformed key; xferkey privfmt -P file:pw -o new pbkdf2-0
		scrypt-n: refused: its passphrase derivation; xferkey privfmt -P file:pw -o new scrypt-n
		scrypt-40: malformed key; xferkey privfmt -P file:pw -o new scrypt-40
		scrypt-r: refused: its passphrase derivation; xferkey privfmt -P file:pw -o new scrypt-r
		scrypt-p: refused: its passphrase derivation; xferkey privfmt -P file:pw -o new scrypt-p
		scrypt-3: malformed key; xferkey privfmt -P file:pw -o new scrypt-3
		pbes1-31: refused: its passphrase derivation; xferkey privfmt -P file:pw -o new pbes1-31
		long-string: malformed key; xferkey privfmt -P file:pw -o new long-string
		many-keys: more than one key in it; xferkey privfmt -P file:pw -o new many-keys
		bcrypt-31: refused: its passphrase derivation; xferkey keyinfo bcrypt-31
		standard output: No space left; xferkey keyinfo rsa >/dev/full
	END
}

@test "fips-convert" {
	table <<-'END'
		there exists and is left alone; xferkey fips-convert -N none -o there rsa
		pbes2 exists and is left alone; xferkey fips-convert -P file:pw -o pbes2 pbes2
		dangling exists and is left alone; xferkey fips-convert -N none -o dangling rsa
		new: File too large; small_disk xferkey fips-convert -N none -o new rsa
		standard output: No space left; xferkey fips-convert -N none rsa >/dev/full
		shut/new: Permission denied; ordinary xferkey fips-convert -N none -o shut/new rsa
		no/new: No such file; xferkey fips-convert -N none -o no/new rsa
		standard output: Bad file descriptor; xferkey fips-convert -N none rsa >&-
		no: No such file; xferkey fips-convert -o new no
		the key is the operand; xferkey fips-convert -o new
		the key is the operand; xferkey fips-convert -in rsa -out new
		ed: one key at a time; xferkey fips-convert -o new rsa ed
		folder: Is a directory; xferkey fips-convert -o new folder
		empty: no key in it; xferkey fips-convert -o new empty
		noise: not an SSH key; xferkey fips-convert -o new noise
		half: truncated: its last line is missing; xferkey fips-convert -N none -o new half
		nul: not an SSH key; xferkey fips-convert -N none -o new nul
		flipped: its numbers are not a valid key; xferkey fips-convert -N none -o new flipped
		key.ppk: truncated: its last line is missing; xferkey fips-convert -o new key.ppk
		rsa.pub: a public key, not a private one; xferkey fips-convert -o new rsa.pub
		two: line 28: more than one key in it; xferkey fips-convert -N none -o new two
		it has no passphrase: give one with -N; xferkey fips-convert -o new rsa
		sealed: encrypted, and no passphrase given; xferkey fips-convert -o new sealed
		new: nobody can be asked for the passphrase; xferkey fips-convert -N ask -o new rsa
		-N takes a source; xferkey fips-convert -N horse -o new rsa
		rsa: refused: a passphrase under 8 characters is refused by FIPS modules; xferkey fips-convert -N file:short -o new rsa
		sealed: wrong passphrase; xferkey fips-convert -P file:wrong -o new sealed
		pbes2: wrong passphrase; xferkey fips-convert -P file:wrong -o new pbes2
		dek: wrong passphrase; xferkey fips-convert -P file:wrong -o new dek
		rsa1024: refused: FIPS forbids signing with RSA under 2048 bits; xferkey fips-convert -N none -o new rsa1024
		-Z des3: aes128 or aes256; xferkey fips-convert -Z des3 -N none -o new rsa
		-a 9999: not a number from 10000; xferkey fips-convert -a 9999 -N file:pw -o new rsa
		-a 20000001: not a number from 10000; xferkey fips-convert -a 20000001 -N file:pw -o new rsa
		bcrypt-31: refused: its passphrase derivation; xferkey fips-convert -P file:pw -o new bcrypt-31
		pbkdf2-31: refused: its passphrase derivation; xferkey fips-convert -P file:pw -o new pbkdf2-31
		scrypt-n: refused: its passphrase derivation; xferkey fips-convert -P file:pw -o new scrypt-n
		pbes1-31: refused: its passphrase derivation; xferkey fips-convert -P file:pw -o new pbes1-31
	END
}

@test "pubfmt and fpr" {
	table <<-'END'
		standard output: No space left; xferkey pubfmt rsa.pub >/dev/full
		standard output: No space left; xferkey pubfmt $(yes rsa.pub | head -n 300) >/dev/full
		standard output: Bad file descriptor; xferkey pubfmt rsa.pub >&-
		standard output: File too large; small_disk xferkey pubfmt rsa.pub
		standard input: Bad file descriptor; xferkey pubfmt <&-
		no: No such file; xferkey pubfmt no
		folder: Is a directory; xferkey pubfmt folder
		empty: no key in it; xferkey pubfmt empty
		standard input: no key in it; xferkey pubfmt
		noise: not an SSH key; xferkey pubfmt noise
		noise: no key in it; xferkey pubfmt -F noise
		half.pub: malformed key; xferkey pubfmt half.pub
		half: truncated: its last line is missing; xferkey pubfmt half
		nul.pub: line 2: not an SSH key; xferkey pubfmt nul.pub
		quoted: not an SSH key; xferkey pubfmt rsa.pub quoted
		utf16: UTF-16 text; xferkey pubfmt utf16
		-m PPK: not a format that can be written here; xferkey pubfmt -m PPK rsa.pub
		pbes2: encrypted, and no passphrase given; xferkey pubfmt pbes2
		pbes2: wrong passphrase; xferkey pubfmt -P file:wrong pbes2
		sealed: wrong passphrase; xferkey pubfmt -P file:wrong sealed
		-P takes a source; xferkey pubfmt -P 'correct horse' sealed
		bcrypt-31: refused: its passphrase derivation; xferkey pubfmt bcrypt-31
		pbkdf2-31: refused: its passphrase derivation; xferkey pubfmt -P file:pw pbkdf2-31
		standard output: No space left; xferkey fpr rsa.pub >/dev/full
		standard output: Bad file descriptor; xferkey fpr rsa.pub >&-
		standard output: File too large; small_disk xferkey fpr rsa.pub
		standard input: Bad file descriptor; xferkey fpr <&-
		no: No such file; xferkey fpr no
		folder: Is a directory; xferkey fpr folder
		empty: no key in it; xferkey fpr empty
		noise: not an SSH key; xferkey fpr noise
		half.pub: malformed key; xferkey fpr half.pub
		half: truncated: its last line is missing; xferkey fpr half
		nul.pub: line 2: not an SSH key; xferkey fpr nul.pub
		nuls: not an SSH key; xferkey fpr nuls
		utf16: UTF-16 text; xferkey fpr utf16
		-c: not a whole fingerprint; xferkey fpr -c sha256 rsa.pub
		-E sha3: not one of; xferkey fpr -E sha3 rsa.pub
		pbes2: encrypted, and no passphrase given; xferkey fpr pbes2
		dek: wrong passphrase; xferkey fpr -P file:wrong dek
		pbes1-31: refused: its passphrase derivation; xferkey fpr -P file:pw pbes1-31
	END
}

# as_daemon COMMAND ...: root must say for whom authorize is, others need not.
as_daemon() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid daemon --regid daemon --clear-groups "$@"
	else
		"$@"
	fi
}

@test "authkeys and authorize" {
	table <<-'END'
		list: File too large; small_disk xferkey authkeys -f list <rsa.pub
		there: File too large; small_disk xferkey authkeys -f there <rsa.pub
		shut/list: Permission denied; ordinary xferkey authkeys -f shut/list <rsa.pub
		standard input: Bad file descriptor; xferkey authkeys -f list <&-
		standard input: Is a directory; xferkey authkeys -f list <folder
		folder: it, or its directory, belongs to another user, or it is not a regular file; xferkey authkeys -f folder <rsa.pub
		fifo: it, or its directory, belongs to another user, or it is not a regular file; xferkey authkeys -f fifo <rsa.pub
		dangling: a symbolic link, which sshd follows and this does not, leads to: ; xferkey authkeys -f dangling <rsa.pub
		loop: Too many levels of symbolic links; xferkey authkeys -f loop <rsa.pub
		no/such/list: No such file; xferkey authkeys -f no/such/list <rsa.pub
		there/list: Not a directory; xferkey authkeys -f there/list <rsa.pub
		standard input: no key in it; xferkey authkeys -f list
		standard input: not an SSH key; xferkey authkeys -f list <noise
		standard input: malformed key; xferkey authkeys -f list <half.pub
		standard input: not an SSH key; xferkey authkeys -f list <nul.pub
		standard input: more than one key; xferkey authkeys -f list <two.pub
		standard input: a private key, not a public one; xferkey authkeys -f list <rsa
		standard input: a private key, not a public one; xferkey authkeys -f list <mixed
		standard input: a private key, not a public one; xferkey authkeys -f list <utf16
		HOME is not an absolute path; HOME= xferkey authkeys <rsa.pub
		rsa: a private key: only the public half; xferkey -q authorize -u "$(id -un)" rsa
		a private key: only the public half; xferkey -q authorize -u "$(id -un)" - <sealed
		mixed: a private key: only the public half; xferkey -q authorize -u "$(id -un)" mixed
		two.pub: more than one public key; xferkey -q authorize -u "$(id -un)" two.pub
		one key at a time; xferkey -q authorize -u "$(id -un)" rsa.pub ed.pub
		no: no such file; xferkey -q authorize -u "$(id -un)" no
		folder: not a file; xferkey -q authorize -u "$(id -un)" folder
		empty: no ; xferkey -q authorize -u "$(id -un)" empty
		noise: no key in it; xferkey -q authorize -u "$(id -un)" noise
		half.pub: malformed key; xferkey -q authorize -u "$(id -un)" half.pub
		rsa1024.pub: RSA under 2048 bits is too short; xferkey -q authorize -u "$(id -un)" rsa1024.pub
		: cannot write; small_disk xferkey -q authorize -u "$(id -un)" ed.pub
		no such account; xferkey -q authorize -u nobody-at-all ed.pub
		-u: not the name of an account; xferkey -q authorize -u -x ed.pub
		HOME: not an absolute path; HOME= as_daemon xferkey -q authorize ed.pub
	END
}

@test "mail" {
	table <<-'END'
		rsa: a private key: only the public half; xferkey -q mail --to a@b.example -o new rsa
		sealed: a private key: only the public half; xferkey -q mail --to a@b.example -o new sealed
		pbes2: a private key: only the public half; xferkey -q mail --to a@b.example -o new pbes2
		key.ppk: a private key: only the public half; xferkey -q mail --to a@b.example -o new key.ppk
		mixed: a private key: only the public half; xferkey -q mail --to a@b.example -o new mixed
		two.pub: more than one public key; xferkey -q mail --to a@b.example -o new two.pub
		there: already there; xferkey -q mail --to a@b.example -o there rsa.pub
		dangling: already there; xferkey -q mail --to a@b.example -o dangling rsa.pub
		standard output: cannot write; xferkey -q mail --to a@b.example rsa.pub >/dev/full
		standard output: cannot write; xferkey -q mail --to a@b.example rsa.pub >&-
		: cannot write; small_disk xferkey -q mail --to a@b.example -o new rsa.pub
		shut/new: cannot create; ordinary xferkey -q mail --to a@b.example -o shut/new rsa.pub
		no/new: cannot create; xferkey -q mail --to a@b.example -o no/new rsa.pub
		no.pub: no such file; xferkey -q mail --to a@b.example -o new no.pub
		folder: not a file; xferkey -q mail --to a@b.example -o new folder
		empty: no ; xferkey -q mail --to a@b.example -o new empty
		noise: no key in it; xferkey -q mail --to a@b.example -o new noise
		half.pub: malformed key; xferkey -q mail --to a@b.example -o new half.pub
		rsa1024.pub: RSA under 2048 bits is too short; xferkey -q mail --to a@b.example -o new rsa1024.pub
		--to: an address is required; xferkey -q mail -o new rsa.pub
		--to: a line break; xferkey -q mail --to $'a@b.example\nBcc: c@d.example' -o new rsa.pub
		--to: not an e-mail address; xferkey -q mail --to -f@b.example -o new rsa.pub
		--subject: a line break; xferkey -q mail --to a@b.example --subject $'x\nBcc: c' -o new rsa.pub
		no-such: no such site; xferkey -q mail --site no-such --to a@b.example -o new rsa.pub
		not the name of a site; xferkey -q mail --site ../x --to a@b.example -o new rsa.pub
	END
}

@test "setup, check and ascp" {
	table <<-'END'
		HOME: not an absolute path; HOME= xferkey -q setup
		HOME: not an absolute path; HOME=-x xferkey -q setup
		HOME: not an absolute path; HOME=$'/\n/x' xferkey -q setup
		mkdir: cannot create directory; HOME=$PWD/no xferkey -q setup
		takes no operand; xferkey -q setup there
		mkdir: cannot create directory; HOME=$PWD/shut ordinary xferkey -q setup
		standard output: cannot write; xferkey setup >/dev/full
		aspera_rsa: no such file: xferkey generate makes it; xferkey -q check
		one key is required; xferkey -q check rsa ed
		-P: not a source; xferkey -q check -P 'correct horse' sealed
		-o: no such option; xferkey -q check rsa --login -oProxyCommand=x
		not the name of a host; xferkey -q check rsa --login=-oProxyCommand=x
		standard output: cannot write; xferkey check rsa >/dev/full
		what to send, and where to; xferkey ascp
		no: no such; XFERKEY_ENGINE=sftp xferkey -q ascp -i no file h:d
		-i: the name of the key is empty; XFERKEY_ENGINE=sftp xferkey -q ascp -i '' file h:d
		-i: no key before the option -l; XFERKEY_ENGINE=sftp xferkey -q ascp -i -l 100M file h:d
		rsa.pub: a public key; XFERKEY_ENGINE=sftp xferkey -q ascp -i rsa.pub file h:d
		key.ppk: a PuTTY key; XFERKEY_ENGINE=sftp xferkey -q ascp -i key.ppk file h:d
		folder: not a file; XFERKEY_ENGINE=sftp xferkey -q ascp -i folder file h:d
		empty: no key in it; XFERKEY_ENGINE=sftp xferkey -q ascp -i empty file h:d
		half: truncated; XFERKEY_ENGINE=sftp xferkey -q ascp -i half file h:d
		noise: not an SSH key; XFERKEY_ENGINE=sftp xferkey -q ascp -i noise file h:d
		bcrypt-31: refused: its passphrase derivation; XFERKEY_ENGINE=sftp xferkey -q ascp -i bcrypt-31 file h:d
		sealed: has a passphrase, and there is no terminal; XFERKEY_ENGINE=sftp xferkey -q ascp -i sealed there h:d
		XFERKEY_ENGINE: neither ascp nor sftp; XFERKEY_ENGINE=rsync xferkey -q ascp -i rsa there h:d
		perhaps: xferkey fpr; xferkey fingerprint rsa
		../x: no such command; xferkey ../x
	END
}

@test "a check that fails has status 1 and says why" {
	while IFS=';' read -r file why; do
		run -1 xferkey check "$file"
		[[ $output == *fail*"$why"* ]]
		[ -z "$(grep -F -f <(sed '/---/d' rsa) <<<"$output")" ]
	done <<-'END'
		no;no such file
		folder;not a file
		empty;no key in it
		half;truncated
		noise;not an SSH key
		rsa.pub;a public key
		key.ppk;a PuTTY key
		bcrypt-31;refused
		rsa1024;too short
	END
}

@test "keygen -f needs no standard output" {
	xferkey keygen -t ed25519 -f without >&-
	xferkey keygen -t ed25519 -f full >/dev/full
	ssh-keygen -y -f without | cut -d ' ' -f 1,2 | grep -qF "$(blob without.pub)"
	rm without without.pub full full.pub
}

@test "every descriptor closed: still a status, and nothing is written where it does not belong" {
	snapshot >"$BATS_TEST_TMPDIR/before"
	for command in 'privfmt rsa' 'privfmt -o there rsa' 'pubfmt rsa.pub' 'fpr rsa.pub' 'keygen -t ed25519' \
		'fips-convert -N none rsa' 'authkeys -f new'; do
		xferkey $command <&- >&- 2>&- && got=0 || got=$?
		equal "$command: $got" "$command: 2"
	done
	snapshot | diff "$BATS_TEST_TMPDIR/before" -
}

# bounded: the shell commands on standard input, a line each: "message;what feeds it;command". Each ends with status
# 2 and the message, within 2 seconds of its own work and 32 MiB.
bounded() {
	python3 -c '
import os, subprocess, sys
limit = int(os.environ.get("MEMORY", "32"))
rows = failed = 0
for row in sys.stdin:
    message, feed, command = row.rstrip("\n").split(";")
    feed = subprocess.Popen(["sh", "-c", feed], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    p = subprocess.Popen(["sh", "-c", "exec " + command], stdin=feed.stdout, stderr=subprocess.PIPE)
    feed.stdout.close()
    said = p.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(p.pid, 0)
    feed.wait()
    wrong = []
    if os.waitstatus_to_exitcode(status) != 2: wrong.append("status %d" % os.waitstatus_to_exitcode(status))
    if said.count("\n") != 1 or message not in said: wrong.append("said: " + said)
    if usage.ru_utime + usage.ru_stime > 2: wrong.append("%.1f s" % (usage.ru_utime + usage.ru_stime))
    if usage.ru_maxrss > limit * 1024: wrong.append("%d KiB" % usage.ru_maxrss)
    if wrong: print(row + "; ".join(wrong))
    rows += 1
    failed += bool(wrong)
print(rows, "rows")
sys.exit(failed > 0 or not rows)'
}

@test "a line of 1 GiB, or one that never ends, costs neither time nor memory" {
	if grep -q __asan_init "$(xferkey --exec-path)/xferkey-fpr"; then
		export MEMORY=512 # AddressSanitizer's own
	fi
	printf '%s\n' 'printf -- "$1"' 'head -c 1073741824 /dev/zero | tr "\0" A' >../feed
	for command in fpr pubfmt 'fpr -F' 'pubfmt -F' 'privfmt -o new' 'authkeys -f new' 'fips-convert -N none -o new -'; do
		for line in '' 'ssh-ed25519 ' '-----BEGIN OPENSSH PRIVATE KEY-----\n' '---- BEGIN SSH2 PUBLIC KEY ----\n' '#'; do
			# the others read with the reader of fpr
			case $command:$line in
			fpr*:* | authkeys*:* | *:) ;;
			*) continue ;;
			esac
			echo "standard input: ;sh ../feed '$line';xferkey $command"
		done
		echo ": ;;xferkey $command </dev/zero"
	done >../rows
	cat >>../rows <<-'END'
		/dev/zero: ;;xferkey fpr /dev/zero
		/dev/zero: ;;xferkey pubfmt /dev/zero
		/dev/zero: ;;xferkey privfmt -o new /dev/zero
		/dev/zero: ;;xferkey fips-convert -N none -o new /dev/zero
		a passphrase cannot hold a NUL;;xferkey privfmt -P file:/dev/zero -o new sealed
	END
	bounded <../rows
	[ ! -e new ]
}

@test "hostile costs are refused at once" {
	for key in bcrypt-31 bcrypt-32 bcrypt-1501 pbkdf2-31 pbkdf2-24 pbkdf2-64 scrypt-n scrypt-40 scrypt-r scrypt-p pbes1-31; do
		echo "$key: ;;xferkey privfmt -P file:pw -o new $key"
	done | bounded
}

# filter NAME: the program itself, which strace can watch alone.
filter() {
	printf '%s/xferkey-%s' "$(xferkey --exec-path)" "$1"
}

# left: the temporary files in this folder.
left() {
	find . -name '.xferkey.*' | sort
}

# killed_everywhere INJECT COMMAND ...: the command, which makes the file k, is killed before each call from its first
# look at the folder on, but for those that INJECT changes; what it leaves is in ../leftovers, a line each. Then the
# next run in this folder leaves nothing.
killed_everywhere() {
	local inject=$1 name calls=0
	local -A count
	shift
	export ASAN_OPTIONS=detect_leaks=0
	strace -qq -o ../calls ${inject:+-e "$inject"} "$@"
	[ -s k ]
	rm -f k k.pub
	: >../leftovers
	while read -r name; do
		count[$name]=$((${count[$name]-0} + 1))
		[[ ${count[folder]-} || $name == folder ]] || continue
		[[ $name != folder && $inject != *"=$name:"* ]] || continue
		# mkstemp asks again for what it cannot use: how often is chance
		[[ $name != getrandom || ${count[$name]} -eq 1 ]] || continue
		calls=$((calls + 1))
		run -137 strace -qq -o ../killed ${inject:+-e "$inject"} -e "inject=$name:signal=KILL:when=${count[$name]}" "$@"
		[ ! -e k ] || [ -n "$(ssh-keygen -y -P '' -f k)" ]
		left >>../leftovers
		[ -z "$(find . -name '.xferkey.*' ! -perm 600)" ]
		rm -f k k.pub
		[ -z "$(left)" ] || {
			"$(filter privfmt)" -o next rsa
			rm next
		}
		equal "$(left)" ''
	done < <(sed -n 's/^[a-z0-9]*(AT_FDCWD, "\.", O_RDONLY|O_NONBLOCK/folder\n&/; p' ../calls |
		sed -n 's/^\(folder\|[a-z0-9_]*(\).*/\1/; s/($//; /^exit_group$/d; p')
	echo "$calls calls, $(wc -l <../leftovers) leftovers: $*"
	[ "$calls" -ge 15 ]
}

@test "killed at any call, what writes a key leaves no temporary file" {
	need strace
	killed_everywhere '' "$(filter keygen)" -t ed25519 -f k
	[ ! -s ../leftovers ]
	killed_everywhere '' "$(filter privfmt)" -m PKCS8 -o k rsa
	[ ! -s ../leftovers ]
	killed_everywhere '' "$(filter fips-convert)" -N none -o k rsa
	[ ! -s ../leftovers ]
}

@test "without O_TMPFILE or /proc, what a killed command leaves goes with the next run" {
	need strace
	# the call that asks for a file without a name
	strace -qq -e trace=openat -o ../calls "$(filter privfmt)" -m PKCS8 -o k rsa
	rm k
	nth=$(grep -n O_TMPFILE ../calls | sed 's/:.*//')
	killed_everywhere "inject=openat:error=EOPNOTSUPP:when=$nth" "$(filter privfmt)" -m PKCS8 -o k rsa
	[ -s ../leftovers ]
	killed_everywhere inject=linkat:error=ENOENT:when=1 "$(filter fips-convert)" -N none -o k rsa
	[ -s ../leftovers ]
	killed_everywhere inject=linkat:error=ENOENT:when=1 "$(filter keygen)" -t ed25519 -f k
	[ -s ../leftovers ]
}

@test "only one's own files of that name that nobody has locked are swept" {
	need strace python3
	printf 'x\n' >.xferkey.dead01
	printf 'x\n' >.xferkey.alive1
	mkdir .xferkey.folder
	mkfifo .xferkey.fifo01
	ln -s rsa .xferkey.link01
	for name in .xferkey.short .xferkey.toolong .xferkey.sign-1 .xferkey. xferkey.dead01 .xferkey.dead01~; do
		printf 'x\n' >"$name"
	done
	if [ "$(id -u)" -eq 0 ]; then
		printf 'x\n' >.xferkey.other1
		chown 12345 .xferkey.other1
	fi
	snapshot | grep -v -e '/\.xferkey\.dead01 $' -e ' \.$' >../before
	# locked through the descriptor that it is given
	python3 -c '
import fcntl, os, subprocess, sys
fcntl.flock(os.open(".xferkey.alive1", os.O_RDONLY), fcntl.LOCK_EX)
sys.exit(subprocess.call(sys.argv[1:]))' xferkey keygen -t ed25519 -f k
	rm k k.pub
	[ ! -e .xferkey.dead01 ]
	[ -f .xferkey.alive1 ]
	snapshot | grep -v ' \.$' | diff ../before -
	xferkey keygen -t ed25519 -f k
	[ ! -e .xferkey.alive1 ]
}

@test "where locks do not work, what may be left is named in one line, and stays" {
	need strace
	printf 'x\n' >.xferkey.dead01
	printf 'x\n' >.xferkey.dead02
	export ASAN_OPTIONS=detect_leaks=0
	says 0 'No locks available' strace -qq -o ../calls -e inject=flock:error=ENOLCK \
		"$(filter privfmt)" -m PKCS8 -o k rsa
	grep -qF 'not removed' ../err
	grep -qF ./.xferkey.dead01 ../err
	grep -qF ./.xferkey.dead02 ../err
	cat .xferkey.dead01 .xferkey.dead02
	openssl pkey -in k -noout
	rm k
	# and a file of one's own is written without one
	says 0 'No locks available' strace -qq -o ../calls -e inject=flock:error=ENOLCK -e inject=linkat:error=ENOENT:when=1 \
		"$(filter privfmt)" -m PKCS8 -o k rsa
	openssl pkey -in k -noout
	equal "$(left | wc -l)" 2
}

@test "a list that cannot be locked leaves no lock behind" {
	need strace
	export ASAN_OPTIONS=detect_leaks=0
	printf '# mine\n' >list
	for list in list new/list; do
		# the first look at what has been locked
		strace -qq -e trace=flock,fstat,newfstatat -o ../calls "$(filter authkeys)" -f "$list" <ed.pub
		first=$(awk -F '(' '{ n[$1]++ } found { print $1, n[$1]; exit } /^flock/ { found = 1 }' ../calls)
		rm -r "${list%/list}"
		[ "$list" = new/list ] || printf '# mine\n' >list
		for inject in flock:error=ENOLCK flock:error=EIO "${first% *}:error=EIO:when=${first#* }"; do
			says 2 "$list: " sh -c 'exec strace -qq -o ../calls -e "inject=$1" "$2" -f "$3" <ed.pub' sh \
				"$inject" "$(filter authkeys)" "$list"
			grep -q INJECTED ../calls
			[ ! -e .list.xferkey ]
			[ ! -e new ]
		done
	done
	equal "$(cat list)" '# mine'
}

# stand_ins: a tree in stage, and in PATH, whose every filter and tool is a stand-in. It counts its calls in $CALLS, and
# the one that $FAILS names (TOOL:NUMBER:HOW) fails: with that status at once, or after half of its output.
stand_ins() {
	local libexec tool real file
	libexec=$(xferkey --exec-path)
	mkdir -p stage/libexec/xferkey stage/share stage/tools
	cp -R "$libexec/../../bin" stage/
	cp -R "$libexec/../../share/xferkey" stage/share/
	cp -R "$libexec/lib" stage/libexec/xferkey/
	for file in "$libexec"/xferkey-*; do
		case $(head -c 2 "$file" | tr -d '\0') in
		'#!' | '# ') cp -R "$file" stage/libexec/xferkey/ ;;
		*) stand_in "$file" stage/libexec/xferkey ;;
		esac
	done
	for tool in awk base64 cat chmod date find fold grep head id ls mkdir mktemp od sed sort tr uname wc; do
		real=$(command -v "$tool")
		stand_in "$real" stage/tools
	done
	export CALLS=$BATS_TEST_TMPDIR/calls
}

# stand_in PROGRAM FOLDER
stand_in() {
	cat >"$2/${1##*/}" <<-END
		#!$BASH
		name=${1##*/} n=0 said=
		while IFS= read -r line; do n=\$((n + 1)); done 2>/dev/null <"\$CALLS/\$name"
		echo x >>"\$CALLS/\$name"
		case \$FAILS in
		"\$name:\$((n + 1)):half") ;;
		"\$name:\$((n + 1)):"*) exit "\${FAILS##*:}" ;;
		*) exec "$1" "\$@" ;;
		esac
		IFS= read -r -d '' said < <("$1" "\$@")
		printf '%s' "\${said:0:\${#said} / 2}"
		case \$name in xferkey-*) exit 2 ;; esac
		exit 1
	END
	chmod 755 "$2/${1##*/}"
}

with_stand_ins() {
	PATH=$BATS_TEST_TMPDIR/home/stage/bin:$BATS_TEST_TMPDIR/home/stage/tools:$PATH "$@"
}

# in_work CALLS FAILS COMMAND ...: the command with new files in work; its status.
in_work() (
	cd work || exit 3
	state_before || exit 3
	export HOME=$PWD CALLS=$1 FAILS=$2
	shift 2
	with_stand_ins "$@" >../out 2>../err </dev/null
)

# each_tool_fails STATE COMMAND ...: status 0, and STATE prints what it prints without a fault; or 2, a line that says so,
# and it prints the same or nothing, unless its name begins with p. The files are new for each. Of the calls it takes every
# twelfth; with XFERKEY_EVERY all, as check-system does.
each_tool_fails() {
	local state=$1 tool n how got failed=0 step=12 i=0
	[ -z "${XFERKEY_EVERY-}" ] || step=1
	shift
	rm -rf "$CALLS" work
	mkdir "$CALLS" work
	in_work "$CALLS" '' "$@"
	(cd work || exit; "$state" >../want)
	[ -s want ]
	while read -r tool n; do
		i=$((i + 1))
		[ $((i % step)) -eq 0 ] || continue
		for how in half 127; do
			rm -rf "$CALLS".* work
			mkdir "$CALLS.new" work
			in_work "$CALLS.new" "$tool:$n:$how" "$@" && got=0 || got=$?
			(cd work || exit; "$state" >../state || :)
			case $got in
			0) cmp -s want state ;;
			2) if [ -s err ]; then [ ! -s state ] || cmp -s want state || [[ $state = p* ]]; else false; fi ;;
			*) false ;;
			esac || {
				echo "$tool:$n:$how: status $got: $*"
				cat err
				diff want state | head -n 5
				failed=1
			}
		done
	done < <(cd "$CALLS" || exit; for tool in *; do seq "$(wc -l <"$tool")" | sed "s/^/$tool /"; done)
	[ "$failed" -eq 0 ]
}

state_before() {
	mkdir -m 755 .ssh
	cp ../rsa ../rsa.pub .ssh/
}

folder_mode() {
	stat -c %a .ssh | grep -v 755
}

own_profile() {
	cat .config/xferkey/sites/ihmp 2>/dev/null
}

pair_and_profile() {
	[ ! -e .ssh/ihmp ] || [ "$(ssh-keygen -y -P '' -f .ssh/ihmp)" = "$(blob .ssh/ihmp.pub)" ] || echo 'no pair'
	own_profile
}

draft() {
	sed 's/=_[0-9a-f]*/=_/' draft 2>/dev/null
}

printed() {
	cat ../out
}

imported() {
	cat .ssh/rsa-1 .ssh/rsa-1.pub 2>/dev/null
}

@test "each tool that a front end calls fails, once: status 2, or the same as ever" {
	stand_ins
	each_tool_fails folder_mode xferkey setup
	each_tool_fails own_profile xferkey sites --user jane ihmp
	each_tool_fails pair_and_profile xferkey generate --site ihmp --user jane -t ed25519
	each_tool_fails draft xferkey mail --site ihmp --to a@b.org --subject 'Schlüssel für Müller' -o draft .ssh/rsa.pub
	each_tool_fails imported xferkey import -o .ssh/rsa-1 .ssh/rsa
}

@test "each tool that shows a profile fails, once: status 2, or the same as ever" {
	stand_ins
	mkdir -p stage/share/xferkey/few
	cp stage/share/xferkey/sites/{ihmp,ena} stage/share/xferkey/few
	rm -r stage/share/xferkey/sites
	mv stage/share/xferkey/few stage/share/xferkey/sites
	each_tool_fails printed xferkey sites
	each_tool_fails printed xferkey sites ihmp
}
