#!/usr/bin/env bats
# PuTTY's private keys: privfmt reads PuTTYgen's files, PuTTYgen reads privfmt's, and no changed file is read as a key.

load ../lib/keys

types=(rsa dsa ecdsa256 ecdsa384 ecdsa521 ed25519 ed448)
# the names of the protections and PuTTYgen's parameters for them, at the least cost
cheap=memory=16,passes=1,parallelism=2
protections=("v2 version=2" "v3 version=3" "v2s version=2" "v3sid version=3,kdf=argon2id,$cheap"
	"v3si version=3,kdf=argon2i,$cheap" "v3sd version=3,kdf=argon2d,$cheap")

# makes PuTTYgen's file of each type and protection, and the same key in OPENSSH.TYPE and PKCS8.TYPE
setup_file() {
	hash puttygen openssl 2>/dev/null || return 0
	umask 077
	cd "$BATS_FILE_TMPDIR" || return
	printf %s "$PW" >pw
	local type maker protection name new
	for type in "${types[@]}"; do
		case $type in
		rsa | dsa) maker="$type -b 1024" ;; # puttygen is slow
		ecdsa*) maker="ecdsa -b ${type#ecdsa}" ;;
		*) maker=$type ;;
		esac
		puttygen -q -t $maker -C "its $type" --new-passphrase /dev/null -o first 2>/dev/null
		for protection in "${protections[@]}"; do
			read -r name protection <<<"$protection"
			new=pw
			[ ${#name} -gt 2 ] || new=/dev/null
			rewrite first "$name.$type" $new "$protection"
		done
		puttygen first -O private-openssh-new -o "OPENSSH.$type"
		rm first
		xferkey privfmt -m PKCS8 -o "PKCS8.$type" "OPENSSH.$type"
	done
}

# rewrite FROM TO PASSPHRASE-FILE PARAMETERS [OPTION ...]: PuTTYgen writes FROM again as TO.
rewrite() {
	puttygen "$1" -O private -o "$2" --reencrypt --new-passphrase "$3" --ppk-param "$4" "${@:5}"
}

# opened FILE [PASSPHRASE-FILE]: PuTTYgen decrypts FILE to the file back.
opened() {
	puttygen "$1" -O private-openssh-new -o back --old-passphrase "${2-pw}" --new-passphrase /dev/null
}

setup() {
	need puttygen openssl ssh-keygen
	need_argon2
	private_home
	umask 077
	set -o pipefail
	ln -s "$BATS_FILE_TMPDIR"/* .
}

# converted FILE ...: prints unencrypted PKCS8, which encodes a key in one way only: the same bytes are the same key.
converted() {
	xferkey privfmt -m PKCS8 -P env:PW -N none "$@"
}

@test "every file of PuTTYgen is read" {
	for type in "${types[@]}"; do
		openssl pkey -in "PKCS8.$type" -check -noout
		openssl pkey -in "PKCS8.$type" -pubout >spki
		puttygen -L "v3.$type" >line
		fingerprint="$(puttygen -l "v3.$type" | cut -d ' ' -f 3) its $type ($(tr a-z A-Z <<<"${type/ecdsa*/ecdsa}"))"
		case $type in
		dsa | ed448) ;; # OpenSSH 10 has no DSA, and no OpenSSH has Ed448
		*) xferkey privfmt -m OPENSSH "v3.$type" | ssh-keygen -y -f /dev/stdin | cmp - line ;;
		esac
		# all files in one run; their public halves are read without a passphrase
		files=(v*."$type")
		equal "${#files[@]}" "${#protections[@]}"
		xferkey pubfmt "${files[@]}" </dev/null | cmp - <(each cat line)
		xferkey pubfmt -m PKCS8 "${files[@]}" </dev/null | cmp - <(each cat spki)
		equal "$(xferkey fpr "${files[@]}" </dev/null | cut -d ' ' -f 2-)" "$(each echo "$fingerprint")"
		converted "${files[@]}" | cmp - <(each cat "PKCS8.$type")
	done
}

# each COMMAND ...: runs COMMAND once for each file.
each() {
	local file
	for file in "${files[@]}"; do
		"$@"
	done
}

@test "unencrypted files have PuTTYgen's own bytes" {
	for type in "${types[@]}"; do
		for version in 2 3; do
			xferkey privfmt -m "PPK$version" "OPENSSH.$type" | cmp - "v$version.$type"
			xferkey privfmt -m "ppk$version" -P env:PW -N none "v2s.$type" "v3sd.$type" |
			    cmp - <(cat "v$version.$type" "v$version.$type")
		done
	done
}

@test "PuTTYgen decrypts the encrypted files" {
	for type in "${types[@]}"; do
		for options in PPK2 'PPK3 -a 1'; do
			rm -f sealed
			xferkey privfmt -m $options -N env:PW -C "its $type" -o sealed "PKCS8.$type"
			equal "$(told sealed | cut -f 1,2)" "${options% -a*}	aes256-cbc"
			puttygen -L sealed | cmp - <(puttygen -L "v3.$type")
			opened sealed
			converted back | cmp - "PKCS8.$type"
		done
	done
	xferkey privfmt -m PPK3 -N env:PW PKCS8.ed25519 >sealed
	opened sealed
	converted back | cmp - PKCS8.ed25519
	equal "$(sed -n 's/^\(Key-Der\|Argon2-[MP]\)/&/p' sealed)" "$(printf '%s: %s\n' Key-Derivation Argon2id \
		Argon2-Memory 8192 Argon2-Passes 21 Argon2-Parallelism 1)"
}

@test "CRLF, a missing last line end, and any comment are read" {
	for file in v2.rsa v2s.ecdsa521 v3si.ed25519; do
		sed 's/$/\r/' "$file" >crlf
		xferkey pubfmt crlf | cmp - <(xferkey pubfmt "$file")
		converted crlf | cmp - "PKCS8.${file#*.}"
		head -c -1 "$file" >unended
		converted unended | cmp - "PKCS8.${file#*.}"
	done
	for comment in '' 'Grüße, 日本' 'C:\jane\key.ppk' ' two  blanks ' 'Private-MAC: 00' "$(printf '%2000s' x)"; do
		for version in 2 3; do
			rm -f theirs openssh
			rewrite v3.ed25519 theirs /dev/null "version=$version" -C "$comment"
			equal "$(xferkey pubfmt theirs)" "$(blob <(puttygen -L theirs))${comment:+ $comment}"
			# to OPENSSH and back
			xferkey privfmt -m OPENSSH -o openssh theirs
			xferkey privfmt -m "PPK$version" openssh | cmp - theirs
		done
		xferkey privfmt -m PPK3 -a 1 -N env:PW theirs >ours
		rewrite ours back /dev/null version=3 --old-passphrase pw
		cmp back theirs
	done
}

@test "a passphrase is used byte for byte, in any encoding" {
	for word in x "$(printf '%1023s' '' | tr ' ' y)" $'p\xe4sswort' 'pässwörd' ' a b '; do
		printf %s "$word" >word
		for options in PPK2 'PPK3 -a 1'; do
			rm -f ours
			rewrite v3.ecdsa256 theirs word "version=${options:3:1},passes=1"
			WORD=$word xferkey privfmt -m PKCS8 -P env:WORD -N none theirs | cmp - PKCS8.ecdsa256
			xferkey privfmt -m $options -N file:word -o ours PKCS8.ecdsa256
			opened ours word
			converted back | cmp - PKCS8.ecdsa256
		done
		says 2 'ours: wrong passphrase' xferkey privfmt -P env:PW -o none ours
		says 2 'ours: encrypted, and no passphrase' xferkey privfmt -o none ours
	done
	[ ! -e none ]
}

# pem LABEL HEX: prints the bytes in PEM.
pem() {
	printf '%s\n' "-----BEGIN $1-----" "$(printf "$(tr -d ' ' <<<"$2" | sed 's/../\\x&/g')" | base64)" "-----END $1-----"
}

@test "seeds that end in zeros, and numbers shorter than usual, are written as PuTTYgen writes them" {
	need python3
	zeros=$(printf '%064d' 0)
	n=0
	# Ed25519
	for seed in 01 00000000ff 7f00 80 "${zeros:2}01" "${zeros:2}80" "$zeros"; do
		seed=$seed$zeros n=$((n + 1))
		pem 'PRIVATE KEY' "302e0201 00300506 032b6570 0422 0420 ${seed:0:64}" >"short$n"
	done
	# P-256
	for number in 01 7f 80 ff 0100 "80${zeros:6}"; do
		number=$zeros$number n=$((n + 1))
		pem 'EC PRIVATE KEY' "30310201 01 0420 ${number: -64} a00a 0608 2a864 8ce3d030107" >"short$n"
	done
	n=$((n + 1))
	# RSA with a q^-1 mod p that is two bytes shorter than usual
	genkeys script <<-'END' >"short$n"
		random.seed(1)
		p, q, e = 4, 4, 65537
		while not is_prime(p) or p % e == 1:
		    p = random.getrandbits(512) | 3 << 510 | 1
		while q.bit_length() != 512 or not q & 1 or not is_prime(q) or q % e == 1:
		    u = random.getrandbits(496)
		    q = pow(u, -1, p)
		d = pow(e, -1, (p - 1) * (q - 1))
		key = sequence(0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), u)
		print(pem("RSA PRIVATE KEY", key).decode())
	END
	for ((; n > 0; n--)); do
		xferkey privfmt -m PKCS8 "short$n" >same
		openssl pkey -in same -pubout | cmp - <(openssl pkey -in "short$n" -pubout)
		for version in 2 3; do
			xferkey privfmt -m "PPK$version" "short$n" >ours
			rewrite ours theirs /dev/null "version=$version"
			cmp ours theirs
			converted ours | cmp - same
		done
	done
}

# forged FILE: makes forged.WHAT of an unencrypted Ed25519 key: another private part under a right MAC, which needs no
# secret here.
forged() {
	genkeys script "$1" <<-'END'
		import re
		text = open(words[0]).read()
		def blob(name):
		    return base64.b64decode(re.search(name + '-Lines: .*\n((?:[^:]*\n)*)', text)[1])
		def forge(what, private):
		    over = b''.join(map(string, ('ssh-ed25519', 'none', 'its ed25519', blob('Public'), private)))
		    new = 'Private-Lines: 1\n%s\nPrivate-MAC: %s\n' % (base64.b64encode(private).decode(),
		        hmac.new(b'', over, 'sha256').hexdigest())
		    write('forged.' + what, re.sub('Private-L[^:]*: .*', new, text, flags=re.S).encode())
		seed = blob('Private')[4:]
		forge('same', string(seed))
		forge('short', string(seed.rstrip(b'\0')))
		forge('trailing', string(seed) + b'\0')
		forge('long', string(seed + b'\0'))
		forge('cut', string(seed)[:-1])
		forge('other', string(bytes([seed[0] ^ 1]) + seed[1:]))
	END
}

@test "zeros before a private number are read, and are not written" {
	need python3
	mkdir odd
	for type in rsa dsa ecdsa256 ecdsa521; do
		genkeys forms "$type" "PKCS8.$type" odd
		for file in odd/"$type".PPK[23].zeros; do
			equal "$(xferkey pubfmt "$file" | cut -d ' ' -f 1,2)" "$(puttygen "$file" -O public-openssh | cut -d ' ' -f 1,2)"
			converted "$file" | cmp - "PKCS8.$type"
			xferkey privfmt -m PPK2 "$file" | cmp - <(xferkey privfmt -m PPK2 -C jane "PKCS8.$type")
		done
	done
}

@test "with a right MAC, the key itself is still checked" {
	need python3
	pem 'PRIVATE KEY' "302e0201 00300506 032b6570 0422 0420 $(printf '%-58s000000' '' | tr ' ' 9)" >key
	xferkey privfmt -m PPK3 -C 'its ed25519' -o new key
	forged new
	cmp forged.same new
	[ "$(wc -c <forged.short)" -lt "$(wc -c <new)" ]
	xferkey privfmt -m PPK3 forged.short | cmp - new
	puttygen -L forged.short | cmp - <(xferkey pubfmt forged.short)
	all_refuse 'malformed key' xferkey privfmt forged.trailing forged.long forged.cut
	for command in privfmt pubfmt; do
		all_refuse 'its public and private halves do not belong together' xferkey $command forged.other
	done
}

# changed FILE [all]: makes a copy private.N for the change of each base64 byte of the private part to another one; with
# "all" also a copy all.N for a change of each byte of the file.
changed() {
	rm -f all.* private.*
	python3 - "$@" <<-'END'
		import re, sys
		text = open(sys.argv[1], 'rb').read()
		private = re.search(rb'Private-Lines: .*\n([A-Za-z0-9+/=\n]*)\n', text)
		def write(where, i, bit):
		    open('%s.%d' % (where, i), 'wb').write(text[:i] + bytes([text[i] ^ bit]) + text[i + 1:])
		for i in range(*private.span(1)):
		    if text[i:i + 1].isalnum():
		        write('private', i, 32 if text[i:i + 1].isalpha() else 1)
		for i in range(len(text) if len(sys.argv) > 2 else 0):
		    write('all', i, 1)
	END
}

# all_refuse TEXT COMMAND ... FILE ...: COMMAND prints no key, and has one error line for each file, which matches the
# extended regular expression TEXT.
all_refuse() {
	local text=$1 files
	shift
	files=$(printf '%s\n' "$@" | grep -c '[.]')
	run -2 bash -c '"$@" 2>err >out' - "$@"
	[ ! -s out ]
	equal "$(cut -d ' ' -f 2 err | sort -u | wc -l) $(wc -l <err)" "$files $files"
	! grep -vE "^xferkey-[a-z]*: [a-z0-9.]*: (line [0-9]*: )?($text)\$" err || false
}

@test "one line with headers and no key is refused" {
	for tail in '' ' ' '1 ' '99999999999999999999 '; do
		printf 'PuTTY-User-Key-File-3: ssh-rsa\tEncryption: none\tPrivate-Lines: %sPrivate-MAC: 1\n' "$tail" >stump
		for filter in keyinfo 'keyinfo -F' fpr pubfmt 'privfmt -F'; do
			run -2 xferkey $filter stump
			[ "${#lines[@]}" -eq 1 ]
		done
	done
}

@test "a file with any one byte changed is refused, because its MAC does not fit" {
	need python3
	outside='malformed key|not an SSH key.*|truncated: .*|a version of .*|encrypted .*|unknown key type|no key in it'
	mac='its MAC does not match: the file was changed or damaged'
	pass='wrong passphrase, or a damaged key'
	for file in v2.ed25519 v3.ed25519; do
		changed "$file"
		all_refuse "$mac" xferkey privfmt private.*
	done
	for file in v2s.ecdsa256 v3sd.ecdsa256; do
		changed "$file"
		all_refuse "$pass" xferkey privfmt -P env:PW -N none private.*
	done
	changed v3.ed25519 all
	all_refuse "$mac|$outside" xferkey pubfmt all.*
	changed v3si.ed25519 all
	all_refuse "$pass|$outside" xferkey privfmt -P env:PW -N none all.*
}

# hostile EXPRESSION: makes a copy of v3si.ed25519, changed by this expression of sed.
hostile() {
	hostile=$((hostile + 1))
	sed "$1" v3si.ed25519 >"hostile.$hostile"
	! cmp -s v3si.ed25519 "hostile.$hostile" || false
}

@test "a file that demands too much work or memory is refused before the work begins" {
	not_packaged 'it limits time and memory'
	# one second of CPU time, or 64 MiB, would kill the command; sanitizers need more memory
	limit='ulimit -t 1 -v 65536 && exec "$@"'
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-privfmt" || limit='ulimit -t 1 && exec "$@"'
	# refused_all FACT: all files of hostile are refused with FACT.
	refused_all() {
		all_refuse "$1" bash -c "$limit" - xferkey privfmt -P env:PW -N none hostile.*
		rm hostile.*
	}
	hostile=0
	for costs in '262145 1 1' '999999999 1 1' '16 524289 1' '262144 33 1' '8192 1025 1' '999999999 999999999 1'; do
		read -r memory passes lanes <<<"$costs"
		hostile "/^Argon2-[MP]/d; /^Key-D/a Argon2-Memory: $memory\nArgon2-Passes: $passes\nArgon2-Parallelism: $lanes"
	done
	all_refuse 'refused: .* 10 seconds' bash -c "$limit" - xferkey pubfmt hostile.*
	refused_all 'refused: its passphrase derivation would take longer than about 10 seconds'
	for field in Argon2-Memory Argon2-Passes Argon2-Parallelism; do
		for value in '' 0 00 -1 +16 ' 16' '16 ' 0x10 16k 1000000000 4294967312 18446744073709551632; do
			hostile "s/^\($field:\).*/\1 $value/"
		done
	done
	hostile 's/^\(Argon2-Parallelism:\).*/\1 3/'
	for salt in '' 00 "$(printf %014d 0)" "$(printf %017d 0)" "$(printf %0130d 0)" xx34567812345678 ' 1234567812345678'; do
		hostile "s/^\(Argon2-Salt:\).*/\1 $salt/"
	done
	for line in Key-Derivation Argon2-Memory Argon2-Passes Argon2-Parallelism Argon2-Salt; do
		hostile "/^$line/d"
		hostile "/^$line/p"
	done
	hostile '/^Private-Lines/s/.*/Private-Lines: 999999999/'
	hostile '/^Public-Lines/s/.*/Public-Lines: 999999999/'
	hostile '/^Private-Lines/,$d; $aPrivate-Lines: 0\nPrivate-MAC: 00'
	refused_all 'malformed key|truncated: .*|not an SSH key as it stands .*'
	for name in Argon2 argon2id Argon2id13 scrypt ''; do
		hostile "s/^\(Key-Derivation:\).*/\1 $name/"
	done
	hostile 's/aes256-cbc/aes256-ctr/'
	refused_all 'encrypted in a way that is not supported'
	for version in 1 4 33; do
		sed "1s/-3:/-$version:/" v3.rsa >key
		says 2 'key: a version of this format' xferkey privfmt key
	done
}

@test "a build without libargon2 reads and writes PPK without Argon2" {
	need_built flags libxferkey.a
	cc=$(sed 's/ -DXFERKEY_LIBARGON2//; q' "$top/build/flags")
	(cd "$top" && eval "$cc -O0 -o '$HOME/bare' src/cmd/privfmt.c src/crypto/kdf.c build/libxferkey.a \
		$(pkg-config --libs libcrypto)")
	for file in v2.rsa v2s.rsa v3.rsa; do
		./bare -m PKCS8 -P env:PW -N none "$file" | cmp - PKCS8.rsa
	done
	./bare -m PPK3 OPENSSH.rsa | cmp - v3.rsa
	if pkg-config --exists 'libcrypto >= 3.2'; then
		for file in v3s?.rsa v3s??.rsa; do
			./bare -m PKCS8 -P env:PW -N none "$file" | cmp - PKCS8.rsa
		done
		./bare -m PPK3 -N env:PW -o new PKCS8.rsa
	else
		says 2 'v3si.rsa: protected with Argon2, which this build lacks' ./bare -P env:PW -o new v3si.rsa
		says 2 '-m PPK3: protected with Argon2, which this build lacks' ./bare -m PPK3 -N env:PW -o new v3.rsa
		[ ! -e new ]
	fi
}
