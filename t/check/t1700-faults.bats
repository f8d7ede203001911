#!/usr/bin/env bats
# Whatever is wrong, around a command or in its input: status 2, one line that says what, and every file is as it was.
# One table.

load ../lib/test

setup_file() {
	made_once make_home
}

make_home() {
	need ssh-keygen openssl python3 prlimit
	[ "$(id -u)" -ne 0 ] || need setpriv
	mkdir -p home/.ssh
	cd home || return
	chmod 700 .ssh
	printf 'correct horse battery\n' >pw
	printf 'wrong horse battery\n' >wrong
	printf 'seven77\n' >short
	head -c 2000 /dev/zero | tr '\0' x >long
	chmod 600 pw wrong short long
	good_keys
	sed '/---/d' rsa sealed >"$BATS_FILE_TMPDIR/secrets"
	bad_keys
	hostile_keys
	find . -type f -exec chmod 600 {} +
	chmod 500 shut
}

setup() {
	[ ! -d "$BATS_FILE_TMPDIR/home" ] || cp -a "$BATS_FILE_TMPDIR/home" "$BATS_TEST_TMPDIR"
	private_home
	cp rsa closed
	chmod 000 closed
	unset SECRET
}

good_keys() {
	new_key rsa -b 2048 -m PEM -C c -f rsa
	new_key rsa -b 1024 -m PEM -C c -f rsa1024
	new_key ed25519 -C c -f ed
	new_key ed25519 -a 1 -N "$(cat pw)" -C c -f sealed
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
	tail -n 4 rsa | cat rsa - >trailing
	tr 'A' '\0' <rsa >nul
	printf '\0\0\0\0' >nuls
	printf '%s\n\0%s\n' "$(cat ed.pub)" "$(cat rsa.pub)" >nul.pub
	cat rsa ed >two
	cat rsa.pub ed.pub >two.pub
	cat rsa.pub rsa >mixed
	iconv -f utf-8 -t utf-16 rsa >utf16 2>/dev/null || printf '\377\376-\0-\0' >utf16
	sed 's/^/> /' rsa >quoted
	printf 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n' >key.ppk
	# one wrong byte of base64, in the middle of d
	awk 'NR == 12 { $0 = (substr($0, 1, 1) == "A" ? "B" : "A") substr($0, 2) } { print }' rsa >flipped
	sed '3s/^./!/' rsa >foreign
	ssh-keygen -q -s rsa -I id -n me ed.pub
	printf '%s\ngarbage\n' "$(cat ed.pub)" >garbage
	printf 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINOTAKEY me\n' >broken
	sed 's/^[^ ]*/ssh-rsa/' ed.pub >misnamed
	printf 'frob-key AAAACGZyb2Ita2V5 me\n' >unknown
	fold -w 40 ed.pub >folded
	cp ed.pub mine
	mkdir folder shut
	mkfifo fifo
	ln -s nowhere dangling
	ln -s loop loop
	printf 'precious\n' >there
	printf 'precious\n' >alone.pub
}

# Key files that would demand hours of computing or gigabytes of memory.
hostile_keys() {
	python3 - <<-'END'
		import base64
		def write(name, label, der):
		    label += " PRIVATE KEY-----"
		    open(name, "w").write(f"-----BEGIN {label}\n{base64.encodebytes(der).decode()}-----END {label}\n")
		def tlv(tag, *parts):
		    body = b"".join(parts)
		    n = len(body)
		    return bytes([tag]) + (bytes([n]) if n < 128 else b"\x82" + n.to_bytes(2, "big")) + body
		number = lambda n: tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))
		oid = lambda text: tlv(6, bytes.fromhex(text))
		octets = lambda b: tlv(4, b)
		seq = lambda *parts: tlv(0x30, *parts)
		def pkcs8(name, algorithm, parameters):
		    write(name, "ENCRYPTED", seq(seq(oid(algorithm), parameters), octets(bytes(1200))))
		def pbes2(name, kdf, *parameters):
		    cbc = seq(oid("60864801650304012a"), octets(bytes(16)))    # aes256-CBC
		    pkcs8(name, "2a864886f70d01050d", seq(seq(oid(kdf), seq(octets(b"s" * 16), *parameters)), cbc))
		sha256 = seq(oid("2a864886f70d0209"), tlv(5))                  # hmacWithSHA256
		for name, n in ("31", 2**31 - 1), ("24", 20000001), ("64", 2**64 + 1), ("0", 0):
		    pbes2("pbkdf2-" + name, "2a864886f70d01050c", number(n), sha256)
		for name, *nrp in ("n", 2**31, 8, 1), ("40", 2**40, 8, 1), ("r", 16384, 2**30, 1), ("p", 16384, 8, 2**30), \
		    ("3", 3, 8, 1):
		    pbes2("scrypt-" + name, "2b06010401da47040b", *map(number, nrp))
		pkcs8("pbes1-31", "2a864886f70d010c0103", seq(octets(b"s" * 8), number(2**31 - 1)))
		sealed = base64.b64decode("".join(open("sealed").read().split("\n")[1:-2]))
		rounds = sealed.index(b"bcrypt") + 6 + 4 + 4 + 16
		for name, at, n in ("bcrypt-31", rounds, 2**31), ("bcrypt-32", rounds, 2**32 - 1), ("bcrypt-1501", rounds, 1501), \
		    ("bcrypt-0", rounds, 0), ("long-string", 15, 2**32 - 1), ("many-keys", rounds + 4, 2**32 - 1):
		    write(name, "OPENSSH", sealed[:at] + n.to_bytes(4, "big") + sealed[at + 4:])
	END
}

# small_disk COMMAND ...: no file can grow; SIGXFSZ, which a full disk does not send, is ignored.
small_disk() (
	trap '' XFSZ
	prlimit --fsize=0 "$@"
)

# ordinary COMMAND ...: the modes of files bind root too.
ordinary() {
	[ "$(id -u)" -ne 0 ] || set -- setpriv --bounding-set=-dac_override,-dac_read_search "$@"
	"$@"
}

# snapshot: every file; each change of a file shows in its inode, mode, size or times.
snapshot() {
	find . -type d -printf '%i %m %p\n' -o -printf '%i %m %n %s %T@ %C@ %p %l\n'
}

# row OBJECT MESSAGE COMMAND: status 2, MESSAGE in one line, about OBJECT unless that is empty, and no file changes. The
# steps that porcelain shows do not count.
row() {
	local got text object=${1:+$1[: ]*}
	# a pipe, because under small_disk no message can go to a file
	text=$(
		eval "$3" 2>&1 >"$BATS_TEST_TMPDIR/out" </dev/null && got=0 || got=$?
		echo "$got"
	)
	got=${text##*$'\n'}
	text=$(grep -v '^+ ' <<<"${text%"$got"}") || :
	{
		[ "$got" = 2 ] || echo "status $got, not 2"
		[ "$(wc -l <<<"$text")" -eq 1 ] || echo 'not one line'
		[[ $text == "xferkey"* || $2 == "${text%%:*}: "* ]] || echo 'not said by xferkey'
		[[ $text == *$object"$2"* ]] || echo "not said${1:+ of $1}: $2"
		[[ $text != *horse* ]] || echo 'a passphrase is said'
		! grep -qFf "$BATS_FILE_TMPDIR/secrets" <<<"$text" || echo 'a private key is said'
		snapshot >"$BATS_TEST_TMPDIR/after"
		diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	} >"$BATS_TEST_TMPDIR/wrong" || :
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ] || {
		printf '%s\n%s\n%s\n\n' "$3" "$(head -n 5 <<<"$text")" "$(cat "$BATS_TEST_TMPDIR/wrong")"
		rm -f k k.pub new list
	} >>"$BATS_TEST_TMPDIR/failed"
}

# table: standard input has lines "MESSAGE; COMMAND", where "@ " stands for the PREFIX of the last line "= PREFIX", or
# "MESSAGE | FILE ...": PREFIX FILE says MESSAGE about each file, or about standard input if PREFIX ends with <.
table() {
	local line prefix command file object n=0
	snapshot >"$BATS_TEST_TMPDIR/before"
	while IFS= read -r line; do
		command=${line#*; } n=$((n + 1))
		case $line in
		'= '*) prefix=${line#= } ;;
		*' | '*)
			for file in ${line#* | }; do
				object=$file
				[[ $prefix != *'<' ]] || object='standard input'
				row "$object" "${line%% | *}" "$prefix $file" 3>&-
			done
			;;
		*) row '' "${line%%; *}" "${command/@ /"$prefix "}" 3>&- ;;
		esac
	done
	[ "$n" -gt 0 ]
	[ ! -e "$BATS_TEST_TMPDIR/failed" ] || {
		cat "$BATS_TEST_TMPDIR/failed"
		return 1
	}
}

@test "keygen and generate refuse each fault of the table" {
	for command in keygen '-q generate'; do
		table <<-END
			= xferkey $command -t ed25519 -f
			exists | there dangling folder loop fifo
			alone.pub exists; @ alone
			k: File too large; small_disk @ k
			shut/k: Permission denied; ordinary @ shut/k
			no/k: No such file; @ no/k
			nobody can be asked; @ k -N ask
			a source; @ k -N 'correct horse'
			-t dsa: DSA is refused; @ k -t dsa
		END
	done
	table <<-'END'
		= xferkey keygen -t ed25519
		standard output: No space left; @ >/dev/full
		standard output: Bad file; @ >&-
		there/k: Not a directory; @ -f there/k
		File name too long; @ -f "$(printf %0300d 0)"
		file:no: No such file; @ -N file:no -f k
		file:folder: Is a directory; @ -N file:folder -f k
		file:/dev/zero: a passphrase cannot hold a NUL; @ -N file:/dev/zero -f k
		stdin: Bad file descriptor; @ -N stdin -f k <&-
		env:SECRET: not set; @ -N env:SECRET -f k
		standard output: Broken pipe; xferkey keygen -t rsa -b 2048 > >(:)
		-b 1024: servers refuse; xferkey keygen -b 1024 -f k
		-y: a public key is shown by: xferkey pubfmt rsa; xferkey -q generate -y -f rsa
		HOME: not set; HOME= xferkey -q generate -t ed25519
		HOME: not an absolute path; HOME=here xferkey -q generate -t ed25519
	END
}

@test "privfmt, fips-convert and keyinfo refuse each fault of the table" {
	for command in privfmt 'fips-convert -N none'; do
		table <<-END
			= xferkey $command
			there exists; @ -o there rsa
			dangling exists; @ -o dangling rsa
			standard output: No space left; @ rsa >/dev/full
			standard output: Bad file; @ rsa >&-
			shut/new: Permission denied; ordinary @ -o shut/new rsa
			no/new: No such file; @ -o no/new rsa
			new: File too large; small_disk @ -o new rsa
		END
	done
	table <<-'END'
		there exists; xferkey privfmt -o there rsa <&- >&-
		rsa exists; xferkey privfmt -o rsa rsa
		= xferkey privfmt -o new
		standard input: Bad file; @ <&-
		closed: Permission denied; ordinary @ closed
		No such file | no dangling
		Is a directory | folder
		Too many levels | loop
		no key in it | empty comments lines
		not an SSH key | noise start nul nuls quoted
		truncated | half key.ppk
		its numbers | flipped
		malformed key | foreign
		UTF-16 text | utf16
		a public key, not a private one | rsa.pub
		encrypted, and no passphrase | sealed
		trailing: lines 28 to 31: not an SSH key; @ trailing
		two: line 28: a second key, but -o and -f accept only one; @ two
		ed: a second key; @ rsa ed
		pbes2: nobody can be asked; @ -P ask pbes2
		new: nobody can be asked; @ -N ask rsa
		sealed: encrypted, and no passphrase; @ -P none sealed
		cannot both come from standard input; @ -P stdin <sealed
		file:no: No such file; @ -P file:no sealed
		file:folder: Is a directory; @ -P file:folder sealed
		1023 bytes; @ -P file:long sealed
		1023 bytes; @ -N file:long rsa
		-P takes a source; @ -P 'correct horse' sealed
		-N takes a source; @ -N pass:horse rsa
		-m PEM: this format has no safe protection; @ -m PEM -P file:pw pbes2
		-m PEM: this format cannot hold; @ -m PEM ed
		-m RFC4716: not a format; @ -m RFC4716 rsa
		rsa: -Z aes256-ctr: not a cipher that PKCS8; @ -m PKCS8 -Z aes256-ctr -N file:pw rsa
		rsa: -m PKCS8: refused: its passphrase derivation; @ -a 4000000000 -N file:pw -m PKCS8 rsa
		rsa: PKCS8: refused: its passphrase derivation; @ -a 4000000000 -N file:pw rsa
		fd:77: Bad file descriptor; @ -P fd:77 -N fd:77 sealed
		= xferkey privfmt -o new -P file:wrong
		wrong passphrase | sealed sealed-aes256 sealed-chacha20 pbes2 pbes1 scrypt dek
		= xferkey privfmt -o new -P file:pw
		truncated | half-sealed
		its passphrase derivation | bcrypt-31 bcrypt-32 bcrypt-1501 pbkdf2-31 pbkdf2-24
		its passphrase derivation | scrypt-n scrypt-r scrypt-p pbes1-31
		malformed key | bcrypt-0 pbkdf2-64 pbkdf2-0 scrypt-40 scrypt-3 long-string
		more than one key in it | many-keys
		= xferkey keyinfo
		its passphrase derivation | bcrypt-31
		standard output: No space left; @ rsa >/dev/full
	END
}

@test "fips-convert refuses each fault of the table" {
	table <<-'END'
		pbes2 exists; xferkey fips-convert -P file:pw -o pbes2 pbes2
		= xferkey fips-convert -N none -o new
		truncated | half
		not an SSH key | nul
		its numbers | flipped
		FIPS forbids signing | rsa1024
		two: line 28: more than one key in it; @ two
		-Z des3: not one of aes128 aes256; @ -Z des3 rsa
		= xferkey fips-convert -o new
		No such file | no
		Is a directory | folder
		no key in it | empty
		not an SSH key | noise
		truncated | key.ppk
		a public key, not a private one | rsa.pub
		encrypted, and no passphrase | sealed
		name the key as operand; @ </dev/null
		name the key as operand; xferkey fips-convert -in rsa -out new
		ed: convert one key at a time; @ rsa ed
		the key has no passphrase: set one with -N; @ rsa
		new: nobody can be asked; @ -N ask rsa
		-N takes a source; @ -N horse rsa
		fd:77: Bad file descriptor; @ -P fd:77 -N fd:77 sealed
		rsa: refused: a passphrase under 8 characters; @ -N file:short rsa
		-a 9999: not a number from 10000; @ -a 9999 -N file:pw rsa
		-a 20000001: not a number from 10000; @ -a 20000001 -N file:pw rsa
		= xferkey fips-convert -o new -P file:wrong
		wrong passphrase | sealed pbes2 dek
		= xferkey fips-convert -o new -P file:pw
		its passphrase derivation | bcrypt-31 pbkdf2-31 scrypt-n pbes1-31
	END
}

@test "pubfmt and fpr refuse each fault of the table" {
	for command in pubfmt fpr; do
		table <<-END
			= xferkey $command
			standard output: No space left; @ rsa.pub >/dev/full
			standard output: Bad file; @ rsa.pub >&-
			standard output: File too large; small_disk @ rsa.pub
			standard input: Bad file; @ <&-
			standard input: no key in it; @ </dev/null
			No such file | no
			Is a directory | folder
			no key in it | empty
			not an SSH key | noise nuls
			malformed key | half.pub
			truncated | half
			UTF-16 text | utf16
			encrypted, and no passphrase | pbes2
			nul.pub: line 2: not an SSH key; @ nul.pub
			-P takes a source; @ -P 'correct horse' sealed
			= xferkey $command -P file:wrong
			wrong passphrase | pbes2 sealed dek
			= xferkey $command -P file:pw
			its passphrase derivation | pbkdf2-31 pbes1-31
		END
	done
	table <<-'END'
		standard output: No space left; xferkey pubfmt $(printf "rsa.pub %.0s" {1..300}) >/dev/full
		noise: no key in it; xferkey pubfmt -F noise
		quoted: not an SSH key; xferkey pubfmt rsa.pub quoted
		-m PPK: not a format; xferkey pubfmt -m PPK rsa.pub
		bcrypt-31: refused: its passphrase derivation; xferkey pubfmt bcrypt-31
		-c: not a whole fingerprint; xferkey fpr -c sha256 rsa.pub
		-E sha3: not one of; xferkey fpr -E sha3 rsa.pub
		-j and -v: a JSON object has no picture; xferkey fpr -j -v rsa.pub
	END
}

@test "authlog refuses each fault of the table" {
	table <<-'END'
		= xferkey authlog
		standard output: No space left; @ empty >/dev/full
		standard output: Bad file; @ rsa >&-
		standard input: Bad file; @ <&-
		closed: Permission denied; ordinary @ closed
		No such file | no dangling
		Is a directory | folder
		Too many levels | loop
		no: No such file; @ rsa no
		unknown option -x; @ -x
	END
}

# as_daemon COMMAND ...: not as root, who would have to name the account to authorize.
as_daemon() {
	[ "$(id -u)" -ne 0 ] || set -- setpriv --reuid daemon --regid daemon --clear-groups "$@"
	"$@"
}

@test "authkeys, authorize and who refuse each fault of the table" {
	for list in list mine; do # only mine exists
		table <<-END
			standard input: Bad file; xferkey authkeys -f $list <&-
			= xferkey authkeys -f $list <
			Is a directory | folder
			no key in it | empty comments
			not an SSH key | noise nul.pub garbage folded
			malformed key | half.pub broken misnamed
			unknown key type | unknown
			more than one key | two.pub
			a certificate, not a key | ed-cert.pub
			a private key | rsa sealed mixed utf16
			= xferkey authkeys -x -f $list <
			Is a directory | folder
			no key in it | empty comments
			it may be truncated | noise half.pub utf16
			line 1: not an SSH key | rsa folded
			line 2: not an SSH key | garbage
			line 1: unknown key type | unknown
			line 1: a certificate, not a key | ed-cert.pub
			= xferkey authkeys -e +1d -R $(print rsa.pub) -f $list <
			more than one key | two.pub
			a private key | rsa sealed
		END
	done
	truncate -s 257M large
	table <<-'END'
		list: File too large; small_disk xferkey authkeys -x -f list <rsa.pub
		Permission denied; (umask 0777; ordinary xferkey authkeys -f fresh/list <rsa.pub)
		= xferkey authkeys <rsa.pub -f
		too large | large
		Is a directory | . ..
		File name too long; @ "$(printf %0300d 0)"
		/000; @ "$(printf '/%0200d' {1..30})"
		list: File too large; small_disk @ list
		there: File too large; small_disk @ there
		shut/list: Permission denied; ordinary @ shut/list
		it is not a regular file | folder fifo
		a symbolic link, which sshd follows | dangling
		Too many levels | loop
		No such file | no/such/list
		Not a directory | there/list
		closed: Permission denied; ordinary @ closed
		list/: ; @ list/
		-f requires a value; xferkey authkeys -f
		rsa.pub: unexpected: a key comes on standard input; @ list rsa.pub
		unknown option -y; @ list -y
		HOME is not an absolute path; HOME= xferkey authkeys <rsa.pub
		HOME is not an absolute path; HOME=relative xferkey authkeys <rsa.pub
		HOME is not an absolute path; (unset HOME; xferkey authkeys <rsa.pub)
		= xferkey -q authorize -u "$(id -un)"
		only the public half | rsa mixed
		only the public half; @ - <sealed
		more than one public key | two.pub
		no such file | no
		not a file | folder
		no | empty
		no key in it | noise
		malformed key | half.pub
		RSA under 2048 bits | rsa1024.pub
		one key at a time; @ rsa.pub ed.pub
		: cannot write; small_disk @ ed.pub
		no such account; xferkey -q authorize -u nobody-at-all ed.pub
		-u: not the name of an account; xferkey -q authorize -u -x ed.pub
		HOME: not set; HOME= as_daemon xferkey -q authorize ed.pub
		HOME: not set; HOME= as_daemon xferkey who
		only root; as_daemon xferkey who -u root
		only root; as_daemon xferkey who -b ed.pub
		-u: not the name of an account; xferkey who -u -x
		-u and -b: one of them; xferkey who -u x -b ed.pub
		x: unexpected; xferkey who x
		only one of them; xferkey who -b - --log -
		no: no such file; xferkey who --log no
		no line of sshd in it; xferkey who --log ed.pub
	END
}

@test "mail refuses each fault of the table" {
	table <<-'END'
		= xferkey -q mail --to a@b.example -o new
		only the public half | rsa sealed pbes2 key.ppk mixed
		more than one public key | two.pub
		no such file | no.pub
		not a file | folder
		no | empty
		no key in it | noise
		malformed key | half.pub
		RSA under 2048 bits | rsa1024.pub
		: cannot write; small_disk @ rsa.pub
		--to: a line break; @ --to $'a@b.example\nBcc: c@d.example' rsa.pub
		--to: not an e-mail address; @ --to -f@b.example rsa.pub
		--subject: a line break; @ --subject $'x\nBcc: c' rsa.pub
		no-such: no such site; @ --site no-such rsa.pub
		not the name of a site; @ --site ../x rsa.pub
		--to: an address is required; xferkey -q mail -o new rsa.pub
		= xferkey -q mail --to a@b.example rsa.pub
		there: already there; @ -o there
		dangling: already there; @ -o dangling
		standard output: cannot write; @ >/dev/full
		standard output: cannot write; @ >&-
		shut/new: cannot create; ordinary @ -o shut/new
		no/new: cannot create; @ -o no/new
		not the text that rotate; @ --replaces SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU --renewal sealed ed.pub
	END
}

@test "rotate refuses each fault of the table" {
	table <<-'END'
		= xferkey -q rotate --to a@b.example -o new
		a public key; its private one | ed.pub
		truncated | key.ppk
		a symbolic link | dangling
		nobody can be asked for it | sealed
		-N: nobody can be asked; @ -N file:pw ed
		--to: not an e-mail address; @ --to -f@b.example ed
		there: already there; @ -o there ed
		one key is required; @ ed rsa
		no rotation is open; xferkey rotate --finish ed
		not for this form; xferkey rotate --finish -o new ed
	END
}

@test "setup, check and ascp refuse each fault of the table" {
	table <<-'END'
		HOME: not set; HOME= xferkey -q setup
		HOME: not an absolute path; HOME=-x xferkey -q setup
		HOME: not an absolute path; HOME=$'/\n/x' xferkey -q setup
		mkdir: cannot create directory; HOME=$PWD/no xferkey -q setup
		mkdir: cannot create directory; HOME=$PWD/shut ordinary xferkey -q setup
		takes no operand; xferkey -q setup there
		standard output: cannot write; xferkey setup >/dev/full
		= xferkey -q check
		aspera_rsa: no such file: xferkey generate makes it; @ </dev/null
		one key is required; @ rsa ed
		-P: not a source; @ -P 'correct horse' sealed
		-j and -x: commands cannot be printed as JSON; xferkey permcheck -x -j .
		-j: --user writes a profile; xferkey sites -j --user me ihmp
		= xferkey -q check
		-o: no such option; @ rsa --login -oProxyCommand=x
		not the name of a host; @ rsa --login=-oProxyCommand=x
		standard output: cannot write; xferkey check rsa >/dev/full
		a source and a destination are required; xferkey ascp
		= XFERKEY_ENGINE=sftp xferkey -q ascp there h:d -i
		no such | no
		a public key | rsa.pub
		not a file | folder
		no key in it | empty
		truncated | half key.ppk
		not an SSH key | noise
		its passphrase derivation | bcrypt-31
		has a passphrase, and there is no terminal | sealed
		-i: the name of the key is empty; @ ''
		-i: no key before the option -l; XFERKEY_ENGINE=sftp xferkey -q ascp -i -l 100M there h:d
		XFERKEY_ENGINE: neither ascp nor sftp; XFERKEY_ENGINE=rsync xferkey -q ascp -i rsa there h:d
		perhaps: xferkey fpr; xferkey fingerprint rsa
		../x: no such command; xferkey ../x
	END
}

@test "check fails for a faulty key with status 1, and says why" {
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
		key.ppk;truncated
		bcrypt-31;refused
		rsa1024;too short
	END
}

@test "keygen -f works without a standard output" {
	xferkey keygen -t ed25519 -f without >&-
	xferkey keygen -t ed25519 -f full >/dev/full
	ssh-keygen -y -f without | cut -d ' ' -f 1,2 | grep -qF "$(blob without.pub)"
	rm without without.pub full full.pub
}

@test "with all descriptors closed, the status is 2 and no file changes" {
	snapshot >"$BATS_TEST_TMPDIR/before"
	for command in 'privfmt rsa' 'privfmt -o there rsa' 'pubfmt rsa.pub' 'fpr rsa.pub' 'keygen -t ed25519' \
		'fips-convert -N none rsa' 'authkeys -f new'; do
		xferkey $command <&- >&- 2>&- && got=0 || got=$?
		equal "$command: $got" "$command: 2"
	done
	snapshot | diff "$BATS_TEST_TMPDIR/before" -
}

# bounded: standard input has lines "message;command that feeds it;command of xferkey". Each ends with status 2 and the
# message, within 2 seconds of its own CPU time and 32 MiB.
bounded() {
	not_packaged 'it limits time and memory'
	python3 -c '
import os, subprocess, sys
n, failed = 0, False
for n, row in enumerate(sys.stdin, 1):
    message, feed, command = row.rstrip("\n").split(";")
    feed = subprocess.Popen(["sh", "-c", feed], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    p = subprocess.Popen(["sh", "-c", "exec " + command], stdin=feed.stdout, stderr=subprocess.PIPE)
    feed.stdout.close()
    said = p.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(p.pid, 0)
    feed.wait()
    status, seconds = os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime
    if status != 2 or said.count("\n") != 1 or message not in said or seconds > 2 or \
            usage.ru_maxrss > 1024 * int(os.environ.get("MEMORY", "32")):
        print(row, "status %d, %.1f s, %d KiB: %s" % (status, seconds, usage.ru_maxrss, said))
        failed = True
sys.exit(failed or n == 0)'
}

@test "a line of 1 GiB, or one that never ends, is refused within 2 s and 32 MiB" {
	# AddressSanitizer itself needs memory
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-fpr" || export MEMORY=512
	printf '%s\n' 'printf -- "$1"' 'head -c 1073741824 /dev/zero | tr "\0" A' >../feed
	{
		for command in fpr pubfmt 'fpr -F' 'pubfmt -F' 'privfmt -o new' 'authkeys -f new' 'fips-convert -N none -o new -'; do
			for line in '' 'ssh-ed25519 ' '-----BEGIN OPENSSH PRIVATE KEY-----\n' '---- BEGIN SSH2 PUBLIC KEY ----\n' '#'; do
				# the other filters have the reader of fpr
				case $command:$line in
				fpr*:* | authkeys*:* | *:) echo "standard input: ;sh ../feed '$line';xferkey $command" ;;
				esac
			done
			echo ": ;;xferkey $command </dev/zero"
		done
		for command in fpr pubfmt 'privfmt -o new' 'fips-convert -N none -o new'; do
			echo "/dev/zero: ;;xferkey $command /dev/zero"
		done
		echo 'a passphrase cannot hold a NUL;;xferkey privfmt -P file:/dev/zero -o new sealed'
	} >../rows
	bounded <../rows
	[ ! -e new ]
}

@test "key files that demand too much work are refused within 2 s" {
	for key in bcrypt-{31,32,1501} pbkdf2-{31,24,64} scrypt-{n,40,r,p} pbes1-31; do
		echo "$key: ;;xferkey privfmt -P file:pw -o new $key"
	done | bounded
}

# need_strace: LeakSanitizer does not run under strace.
need_strace() {
	need strace
	export ASAN_OPTIONS=detect_leaks=0
}

# filter NAME: the path of the program itself, so that strace traces nothing else.
filter() {
	local program
	program=$(xferkey --exec-path)/xferkey-$1
	[ -x "$program" ] || program=${program%/*}/lib/${program##*/}
	printf %s "$program"
}

@test "a read that is interrupted is repeated; after one that fails nothing more is read" {
	need_strace
	yes "$(cat ed.pub)" | head -n 200 >list
	{ cat ed.pub; yes '# some text' | head -n 1000; cat rsa; } >identity
	{ head -n 1 rsa; yes AAAA | head -n 1000; cat ed.pub; } >block
	{ head -c 200000 /dev/zero; echo; cat ed.pub; } >long
	{ printf '\377\376'; iconv -t UTF-16LE list; } >utf16
	printf '\60\3\2' >der
	while read -r file nth option; do
		set -- "$(filter keyinfo)" $option "$file"
		strace -qq -e trace=openat,read -o ../calls "$@" >../wanted 2>&1 || :
		# without root strace shows no paths
		nth=$((nth + $(sed '/O_NOCTTY/q' ../calls | grep -c '^read(')))
		strace -qq -o ../calls -e inject=read:error=EINTR:when=$nth "$@" 2>&1 | cmp - ../wanted
		grep INJECTED ../calls
		says 2 'Input/output error' strace -qq -o ../calls -e inject=read:error=EIO:when=$nth "$@"
		grep "^xferkey-keyinfo: $file: " ../err
		[ "$file" = list ] || [ ! -s ../out ]
		grep INJECTED ../calls
	done <<-END
		identity 2 -i
		block 2
		long 4
		utf16 2
		der 2
		list 2
	END
	# the keys before the error were printed
	[ "$(wc -l <../out)" -ge 30 ]
	grep "^xferkey-keyinfo: list: line $(($(wc -l <../out) + 1)): " ../err
}

# left: the temporary files in this directory.
left() {
	find . -name '.xferkey.*' | sort
}

# killed_everywhere INJECT COMMAND ...: COMMAND makes the file k. It is killed before each of its calls, from the first
# look at the directory on, except the calls that INJECT changes; ../leftovers lists the files that it leaves. After the
# next run in this directory none is left.
killed_everywhere() {
	local inject=$1 name calls=0
	local -A count
	shift
	strace -qq -o ../calls ${inject:+-e "$inject"} "$@"
	[ -s k ]
	rm -f k k.pub
	: >../leftovers
	while read -r name; do
		count[$name]=$((${count[$name]-0} + 1))
		[[ ${count[folder]-} && $name != folder && $inject != *"=$name:"* ]] || continue
		# mkstemp repeats this call a random number of times
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
	done < <(sed -n 's/^[a-z0-9]*(AT_FDCWD, [^,]*, O_RDONLY|O_NONBLOCK/folder\n&/; p' ../calls |
		sed -n 's/^\(folder\|[a-z0-9_]*(\).*/\1/; s/($//; /^exit_group$/d; p')
	echo "$calls calls, $(wc -l <../leftovers) leftovers: $*"
	[ "$calls" -ge 15 ]
}

@test "keygen, privfmt or fips-convert killed at any call leaves no temporary file" {
	need_strace
	for command in 'keygen -t ed25519 -f k' 'privfmt -m PKCS8 -o k rsa' 'fips-convert -N none -o k rsa'; do
		killed_everywhere '' "$(filter "${command%% *}")" ${command#* }
		[ ! -s ../leftovers ]
	done
}

@test "without O_TMPFILE or /proc, the next run removes the files of a killed command" {
	need_strace
	# the call that asks for a file without a name
	strace -qq -e trace=openat -o ../calls "$(filter privfmt)" -m PKCS8 -o k rsa
	rm k
	nth=$(grep -n O_TMPFILE ../calls | sed 's/:.*//')
	while read -r inject command options; do
		killed_everywhere "inject=$inject" "$(filter "$command")" $options
		[ -s ../leftovers ]
	done <<-END
		openat:error=EOPNOTSUPP:when=$nth privfmt -m PKCS8 -o k rsa
		linkat:error=ENOENT:when=1 fips-convert -N none -o k rsa
		linkat:error=ENOENT:when=1 keygen -t ed25519 -f k
	END
}

@test "without hard links, a key is written and no file is replaced" {
	need_strace
	printf 'mine\n' >mine
	for error in EPERM EOPNOTSUPP ENOSYS; do
		strace -qq -o ../calls -e inject=linkat:error=$error "$(filter privfmt)" -m PKCS8 -o k rsa
		openssl pkey -in k -noout
		equal "$(stat -c '%a %h' k)" '600 1'
		rm k
		# the file appears after the first look
		nth=$(grep -E '^(newfstatat|lstat|fstatat64)' ../calls | grep -n AT_SYMLINK_NOFOLLOW | sed 's/:.*//; q')
		says 2 'mine exists' strace -qq -o ../calls -e inject=linkat:error=$error \
			-e "inject=?newfstatat,?lstat,?fstatat64:error=ENOENT:when=$nth" "$(filter privfmt)" -m PKCS8 -o mine rsa
		[ "$(grep -c INJECTED ../calls)" -eq 3 ]
		equal "$(cat mine)" mine
		equal "$(left)" ''
	done
}

@test "if the directory cannot be synced, the key is withdrawn; file systems that cannot, and closed directories, pass" {
	need_strace
	set -- strace -qq -o ../calls -e
	says 2 'k: Input/output error' "$@" inject=fsync:error=EIO:when=3 "$(filter privfmt)" -m PKCS8 -o k rsa
	[ ! -e k ]
	equal "$(left)" ''
	"$@" inject=fsync:error=EINVAL:when=3 "$(filter privfmt)" -m PKCS8 -o k rsa
	openssl pkey -in k -noout
	rm k
	# the last directory that is opened is that of the file
	n=$(grep ^openat ../calls | grep -n O_DIRECTORY | sed -n '$s/:.*//p')
	says 2 'k: Input/output error' "$@" "inject=openat:error=EIO:when=$n" \
		"$(filter privfmt)" -m PKCS8 -o k rsa
	[ ! -e k ]
	equal "$(left)" ''
	mkdir -m 300 closed.d
	ordinary xferkey privfmt -m PKCS8 -o closed.d/k rsa
	openssl pkey -in closed.d/k -noout
	chmod 700 closed.d
}

@test "a temporary file that cannot be examined is removed, and another one is made" {
	need_strace
	set -- strace -qq -o ../calls -e inject=linkat:error=ENOENT:when=1 -e
	"$@" trace=flock,fstat,newfstatat,linkat "$(filter privfmt)" -m PKCS8 -o k rsa
	rm k
	# the first fstat after the lock
	first=$(awk -F '(' '{ n[$1]++ } found { print $1, n[$1]; exit } /^flock/ { found = 1 }' ../calls)
	"$@" "inject=${first% *}:error=EIO:when=${first#* }" "$(filter privfmt)" -m PKCS8 -o k rsa
	grep -q 'EIO.*INJECTED' ../calls
	openssl pkey -in k -noout
	equal "$(left)" ''
}

@test "if there are too many open files, nothing is written" {
	privfmt=$(filter privfmt) keygen=$(filter keygen)
	table <<-'END'
		k: Too many open files; (ulimit -n 4 && exec "$privfmt" -m PKCS8 -o k rsa)
		k: Too many open files; (ulimit -n 4 && exec "$keygen" -t ed25519 -f k)
	END
	need_strace
	says 2 'k: Too many open files' strace -qq -o ../calls -e inject=dup:error=EMFILE "$privfmt" -m PKCS8 -o k rsa
	[ ! -e k ]
}

@test "a run goes on if a temporary file vanishes or changes while it looks at it" {
	need_strace
	printf 'x\n' >.xferkey.dead01
	set -- "$(filter privfmt)" -m PKCS8 -o k rsa
	cp .xferkey.dead01 ../dead
	strace -qq -o ../calls "$@"
	rm k
	[ ! -e .xferkey.dead01 ]
	# the calls between the two that list the directory
	awk -F '(' '{ n[$1]++ } /^getdents/ { on = !on; next } on && $1 != "close" { print $1, n[$1] }' ../calls >../looks
	[ "$(wc -l <../looks)" -ge 5 ]
	while read -r name n; do
		for error in ENOENT EIO; do
			cp ../dead .xferkey.dead01
			strace -qq -o ../calls -e "inject=$name:error=$error:when=$n" "$@" 2>../err
			grep -q INJECTED ../calls
			openssl pkey -in k -noout
			[ ! -s ../err ] || grep -qF './.xferkey.dead01: perhaps left by a killed run; cannot be removed: ' ../err
			rm -f k .xferkey.dead01
		done
	done <../looks
}

@test "a run removes only temporary files that are its user's and not locked" {
	need python3
	need_strace
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
	# locked through a descriptor that keygen inherits
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

@test "where locks fail, files that may be left are named in one line, and are not removed" {
	need_strace
	printf 'x\n' >.xferkey.dead01
	printf 'x\n' >.xferkey.dead02
	says 0 'No locks available' strace -qq -o ../calls -e inject=flock:error=ENOLCK \
		"$(filter privfmt)" -m PKCS8 -o k rsa
	grep -qF 'cannot be removed' ../err
	grep -qF ./.xferkey.dead01 ../err
	grep -qF ./.xferkey.dead02 ../err
	cat .xferkey.dead01 .xferkey.dead02
	openssl pkey -in k -noout
	rm k
	# without a lock the key is still written
	says 0 'No locks available' strace -qq -o ../calls -e inject=flock:error=ENOLCK -e inject=linkat:error=ENOENT:when=1 \
		"$(filter privfmt)" -m PKCS8 -o k rsa
	openssl pkey -in k -noout
	equal "$(left | wc -l)" 2
	says 0 'No locks available' strace -qq -o ../calls -e inject=flock:error=ENOLCK "$(filter vis)" -o text
	[ -f text ]
}

@test "vis writes to a file system that keeps no modes; it replaces no file that it cannot lock" {
	need_strace
	echo new >../in
	strace -qq -o ../calls -e inject=fchmod:error=EOPNOTSUPP "$(filter vis)" -o text <../in
	cmp ../in text
	equal "$(stat -c %a text)" 600
	# the same error of another call says nothing of modes
	says 2 'text2: Operation not supported' \
		strace -qq -o ../calls -e inject=fsync:error=EOPNOTSUPP:when=1 "$(filter vis)" -o text2
	[ ! -e text2 ]
	says 2 'text: No locks available' strace -qq -o ../calls -e inject=flock:error=ENOLCK "$(filter vis)" -r text empty
	cmp ../in text
}

@test "a list that cannot be locked is refused, and no lock file is left" {
	need_strace
	printf '# mine\n' >list
	for list in list new/list; do
		# the first fstat after the lock
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
	# a lock file that was there stays
	: >.list.xferkey
	says 2 'list: ' sh -c 'exec strace -qq -o ../calls -e inject=flock:error=ENOLCK "$0" -f list <ed.pub' "$(filter authkeys)"
	chmod 0 .list.xferkey
	says 2 'list: Permission denied' ordinary sh -c 'exec "$0" -f list <ed.pub' "$(filter authkeys)"
	[ -f .list.xferkey ]
	[ ! -s .list.xferkey ]
	# left by a run that was killed when the list was complete
	rm -f .list.xferkey
	ln list .list.xferkey
	says 2 'list: ' sh -c 'exec strace -qq -o ../calls -e inject=unlinkat:error=EIO "$0" -f list <ed.pub' "$(filter authkeys)"
	equal "$(cat list)" '# mine'
}

@test "authkeys waits 10 s for the lock of another process" {
	need flock
	need_strace
	printf '# mine\n' >list
	flock .list.xferkey sh -c 'echo >held; exec sleep 30' 3>&- &
	await 20 test -e held
	# the time passes at once
	says 2 'list: it has been locked by another process for 10 seconds' sh -c 'exec strace -qq -o ../calls \
		-e inject=clock_nanosleep,nanosleep:retval=0 "$0" -f list <ed.pub' "$(filter authkeys)"
	kill $!
	waits=$(grep -c INJECTED ../calls)
	[ "$waits" -gt 100 ]
	[ "$waits" -lt 200 ]
	equal "$(cat list)" '# mine'
}

@test "authkeys goes on without ACLs, after an interrupted lock, and if a lock file is gone again" {
	need_strace
	printf '# mine\n' >list
	: >.list.xferkey
	strace -qq -o ../calls "$(filter authkeys)" -f list <ed.pub
	nth=$(grep ^openat ../calls | grep -n EEXIST | sed 's/:.*//')
	while read -r left inject; do
		printf '# mine\n' >list
		[ "$left" = - ] || : >.list.xferkey
		strace -qq -o ../calls -e "inject=$inject" "$(filter authkeys)" -f list <ed.pub
		grep -q INJECTED ../calls
		cmp list <(echo '# mine' && cat ed.pub)
		[ ! -e .list.xferkey ]
	done <<-END
		- fgetxattr:error=EOPNOTSUPP
		- fgetxattr:error=ENOSYS
		- fremovexattr:error=ENODATA
		- flock:error=EINTR:when=1
		left openat:error=ENOENT:when=$((nth + 1))
	END
}

# each_call_fails ERROR FIRST COMMAND ...: COMMAND runs again for each of its calls, from the first whose line in a
# trace has FIRST: not a text in memory, which only root can trace. This call fails with ERROR. Then the status is the
# same as without a fault, and no line of the output is missing; or the status is 2, with a message. Standard input is
# ../in.
each_call_fails() {
	local error=$1 first=$2 name n want=0 got calls=0
	shift 2
	strace -qq -o ../calls "$@" <../in >../want || want=$?
	[ -s ../want ]
	while read -r name n; do
		calls=$((calls + 1)) got=0
		timeout 20 strace -qq -o ../failed -e "inject=$name:error=$error:when=$n" "$@" <../in >../out 2>../err || got=$?
		grep -q INJECTED ../failed
		case $got:$(grep -vxFf ../out ../want):$(wc -l <../err) in
		"$want"::*) ;;
		2:*:[1-9]*) ;;
		*)
			echo "$name $n $error: status $got: $*"
			cat ../out ../err
			return 1
			;;
		esac
	done < <(awk -F '(' -v first="$first" '/\.gcda"/ { exit } # that of make coverage, at the end
		{ n[$1]++ }
		index($0, first) { on = 1 }
		$1 ~ /^(-|\+|exit_group|close|brk|futex|rt_sig|m(un)?map|mprotect|get.*id)/ { next }
		on { print $1, n[$1] }' ../calls)
	echo "$calls calls: $*"
	[ "$calls" -ge 10 ]
}

@test "permcheck: if a call fails, it finds what it has found without that, or says that it has not judged" {
	need_strace
	export HOME=$PWD/judged
	mkdir -m 700 judged judged/.ssh
	cp ed judged/.ssh/
	: >judged/.ssh/authorized_keys
	chmod 660 judged/.ssh/*
	says 2 'Input/output error' strace -qq -o ../calls -e inject=getxattr:error=EIO "$(filter permcheck)" -p upstream -s
	says 2 'not known whether this is Debian, which -p can say: /etc/debian_version: Input/output error' \
		strace -qq -o ../calls -P /etc/debian_version -e inject=access,faccessat,faccessat2:error=EIO "$(filter permcheck)" -s
	: >../in
	for side in -s -c; do
		each_call_fails EIO 'chdir(' "$(filter permcheck)" -p upstream $side
	done
	ln -s ../alone.pub judged/.ssh/config
	chmod 666 alone.pub
	each_call_fails EIO 'chdir(' "$(filter permcheck)" -p upstream -c
	mv judged/.ssh/authorized_keys judged/list
	ln -s ../list judged/.ssh/authorized_keys
	each_call_fails EIO 'chdir(' "$(filter permcheck)" -p upstream -s
}

@test "judge: if a call fails, the row is there, or it is said that there is none" {
	need_strace
	export HOME=$PWD/judged
	mkdir -m 700 judged
	cp ed.pub judged/list
	echo ":$HOME/list" >../in
	each_call_fails EIO O_NOCTTY "$(filter judge)"
}

@test "authkeys -k: if a call fails or is interrupted, the answer is the same, or it is said that there is none" {
	need_strace
	! grep -q __asan_init "$(filter authkeys)" || skip 'AddressSanitizer makes such calls, too'
	: >../in
	set -- "$(filter authkeys)" -k "$(print ed.pub)" -f mine
	for error in EIO EINTR EAGAIN; do
		each_call_fails $error socketpair "$@"
	done
	equal "$(strace -qq -o ../calls -e 'inject=?poll,?ppoll,wait4:error=EINTR:when=1' "$@")" 1
}

# stand_ins: makes in stage a tree, for PATH, with a stand-in for every filter and tool. It counts its calls in $CALLS.
# $FAILS, TOOL:NUMBER:HOW, names the call that fails: HOW is its status, or "half": it fails after half of its output.
stand_ins() {
	local libexec tool file
	# where rm fails, a directory stays
	export TMPDIR=$BATS_TEST_TMPDIR
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
		stand_in "$(command -v "$tool")" stage/tools
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

# in_work STATE FAILS COMMAND ...: runs COMMAND with new files in work, puts the output of STATE into ../state, and
# returns the status of COMMAND.
in_work() (
	rm -rf "$CALLS" work
	mkdir "$CALLS" work
	cd work || exit 3
	mkdir -m 755 .ssh
	cp ../rsa ../rsa.pub .ssh/
	state=$1 got=0
	export HOME=$PWD FAILS=$2
	shift 2
	local stage=$BATS_TEST_TMPDIR/home/stage
	PATH=$stage/bin:$stage/tools:$PATH "$@" >../out 2>../err </dev/null || got=$?
	"$state" >../state || :
	exit "$got"
)

# each_tool_fails STATE COMMAND ...: with each fault COMMAND ends with 0, and STATE prints the same as without a fault;
# or with 2 and a message, and STATE prints the same or nothing, or anything if its name begins with p. Tests every
# twelfth call; with XFERKEY_EVERY, as in check-system, all.
each_tool_fails() {
	local tool n how got failed=0 step=12 i=0
	[ -z "${XFERKEY_EVERY-}" ] || step=1
	in_work "$1" '' "${@:2}"
	mv state want
	[ -s want ]
	for tool in "$CALLS"/*; do
		seq "$(wc -l <"$tool")" | sed "s/^/${tool##*/} /"
	done >called
	while read -r tool n; do
		i=$((i + 1))
		[ $((i % step)) -eq 0 ] || continue
		for how in half 127; do
			in_work "$1" "$tool:$n:$how" "${@:2}" && got=0 || got=$?
			case $got in
			0) cmp -s want state ;;
			2) [ -s err ] && { [ ! -s state ] || cmp -s want state || [[ $1 = p* ]]; } || false ;;
			*) false ;;
			esac || {
				echo "$tool:$n:$how: status $got: ${*:2}"
				cat err
				diff want state | head -n 5
				failed=1
			}
		done
	done <called
	[ "$failed" -eq 0 ]
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

@test "each tool that a front end calls fails once: status 2, or the same result as without the fault" {
	stand_ins
	each_tool_fails folder_mode xferkey setup
	each_tool_fails own_profile xferkey sites --user jane ihmp
	each_tool_fails pair_and_profile xferkey generate --site ihmp --user jane -t ed25519
	each_tool_fails draft xferkey mail --site ihmp --to a@b.org --subject 'Schlüssel für Müller' -o draft .ssh/rsa.pub
	each_tool_fails imported xferkey import -o .ssh/rsa-1 .ssh/rsa
}

@test "each tool that sites calls fails once: status 2, or the same result as without the fault" {
	stand_ins
	cd stage/share/xferkey/sites
	find . -type f ! -name ihmp ! -name ena -delete
	cd "$HOME"
	each_tool_fails printed xferkey sites
	each_tool_fails printed xferkey sites ihmp
}
