#!/usr/bin/env bats
# Types and forms that few programs write: each against those that do.

load test

setup_file() {
	hash openssl puttygen python3 2>/dev/null || return 0
	export PW='correct horse battery' WRONG='wrong horse battery'
	umask 077
	cd "$BATS_FILE_TMPDIR" || return
	printf '%s\n' "$PW" >pw
	putty -t ed448 -C 'an Ed448 key' -o ed448.ppk
	puttygen ed448.ppk -O private-openssh-new -o ed448.openssh
	putty -t dsa -b 1024 -C 'a DSA key' -o dsa.ppk
	putty -t rsa -b 1024 -C 'an RSA key' -o rsa.ppk
	local type
	for type in ed25519 ed448; do
		openssl genpkey -algorithm "$type" -out "openssl-$type"
	done
	for type in 256 384 521; do
		openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:P-$type" -out "openssl-p$type"
	done
}

setup() {
	need openssl puttygen python3
	private_home
	set -o pipefail
	umask 077
	keys=$BATS_FILE_TMPDIR
}

# putty OPTION ...: a new key of PuTTY's, without a passphrase.
putty() {
	puttygen -q --random-device /dev/urandom --new-passphrase /dev/null "$@" 2>/dev/null
}

# version2 KEY OTHER: KEY, a file in PKCS#8, in the forms of RFC 5958 and in some that are
# none; OTHER is of the same type. "attributes", "v2", "explicit" are good.
version2() {
	local key
	for key; do
		openssl pkcs8 -topk8 -nocrypt -in "$key" -outform DER -out "${key##*/}.der"
		openssl pkey -in "$key" -pubout -outform DER -out "${key##*/}.spki"
	done
	python3 -c '
import base64, sys

def tlv(tag, body):
	n = len(body)
	return bytes([tag]) + (bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else
	    bytes([0x82, n >> 8, n & 255])) + body

def contents(der):
	n = der[1] & 127 if der[1] & 128 else 0
	size = int.from_bytes(der[2:2 + n], "big") if n else der[1]
	return der[2 + n:2 + n + size], der[2 + n + size:]

def read(name):
	with open(name, "rb") as file:
		return file.read()

def bits(name):
	return contents(contents(contents(read(name + ".spki"))[0])[1])[0]

def write(name, version, more):
	der = tlv(0x30, bytes([2, 1, version]) + body[3:] + more)
	with open(name, "w") as file:
		file.write("-----BEGIN PRIVATE KEY-----\n" + base64.encodebytes(der).decode() +
		    "-----END PRIVATE KEY-----\n")

body = contents(read(sys.argv[1] + ".der"))[0]
# friendlyName (PKCS#9)
attributes = tlv(0xa0, tlv(0x30, bytes.fromhex("06092a864886f70d010914") +
    tlv(0x31, tlv(0x1e, "me".encode("utf-16-be")))))
own, other = bits(sys.argv[1]), bits(sys.argv[2])
write("attributes", 0, attributes)
write("v2", 1, attributes + tlv(0x81, own))
write("explicit", 1, tlv(0xa1, tlv(0x03, own)))
write("other", 1, tlv(0x81, other))
write("v1", 0, tlv(0x81, own))
write("empty", 1, tlv(0x81, own[:1]))
write("after", 1, tlv(0x81, own) + tlv(0x82, b""))
write("version", 2, attributes)
' "${1##*/}" "${2##*/}"
}

# same_numbers FILE KEY: both hold the same private key.
same_numbers() {
	cmp <(xferkey privfmt -m PKCS8 -P env:PW -N none "$1") <(xferkey privfmt -m PKCS8 "$2")
}

@test "Ed448: as puttygen and openssl have it, in every format that holds it" {
	failed=
	for key in ed448.ppk openssl-ed448; do
		key=$keys/$key
		xferkey privfmt -m PKCS8 "$key" >numbers
		openssl pkey -in numbers | cmp - numbers
		openssl pkey -in numbers -pubout | cmp - <(xferkey pubfmt -m PKCS8 "$key")
		xferkey pubfmt -C '' "$key" >public
		for option in '-m PPK2' '-m PPK3 -a 1' '-m OPENSSH -a 1' '-m PKCS8 -a 10000'; do
			rm -f sealed
			# shellcheck disable=SC2086 # words
			xferkey privfmt $option -N env:PW -o sealed "$key" &&
				same_numbers sealed numbers || failed="$failed $option"
			case $option in
			*PKCS8*) openssl pkey -in sealed -passin env:PW | cmp - numbers ;;
			*) equal "$(puttygen -L sealed --old-passphrase "$keys/pw" | cut -d ' ' -f 1,2)" "$(cat public)" ;;
			esac || failed="$failed peer:$option"
		done
		xferkey pubfmt -m RFC4716 "$key" >rfc4716
		equal "$(puttygen -L rfc4716 | cut -d ' ' -f 1,2)" "$(cat public)"
		for format in RFC4716 PKCS8 PEM; do
			xferkey pubfmt -m "$format" -C '' public | xferkey pubfmt | cmp - public
		done
	done
	equal "$failed" ''
	cmp <(xferkey privfmt -m PKCS8 "$keys/ed448.ppk") <(xferkey privfmt "$keys/ed448.openssh")
	xferkey pubfmt "$keys/ed448.openssh" | cmp - <(puttygen -L "$keys/ed448.ppk")
}

@test "Ed448: its fingerprint, its formats, and who refuses it" {
	equal "$(xferkey fpr "$keys/ed448.ppk")" \
	    "448 $(puttygen -l "$keys/ed448.ppk" | cut -d ' ' -f 3) an Ed448 key (ED448)"
	equal "$(xferkey privfmt -l "$keys/ed448.ppk" "$keys/ed448.openssh" "$keys/openssl-ed448")" \
	    "$(printf '%s\tnone\tED448\t448\n' PPK3 OPENSSH PKCS8)"
	equal "$(xferkey privfmt "$keys/ed448.ppk" | head -n 1)" '-----BEGIN PRIVATE KEY-----'
	says 2 '-m PEM: this format cannot hold a key of this type' xferkey privfmt -m PEM -o new "$keys/ed448.ppk"
	xferkey fips-convert -N none -o new "$keys/ed448.ppk" 2>err
	grep -q 'warning: .* refuse Ed25519 and Ed448' err
	same_numbers new "$keys/ed448.ppk"
	xferkey pubfmt "$keys/ed448.ppk" >public
	says 2 'OpenSSH knows no Ed448 keys' xferkey authorize public
	[ ! -e .ssh ]
	run xferkey check "$keys/ed448.openssh"
	[ "$status" -eq 1 ]
	grep -q '^fail.*OpenSSH knows no Ed448 keys' <<<"$output"
}

# sealed_numbers FILE: the part of an ssh.com file that its cipher would cover.
sealed_numbers() {
	local type
	sed '1,2d;$d' "$1" | base64 -d >blob
	type=$((0x$(od -An -t x1 -j 8 -N 4 blob | tr -d ' ')))
	tail -c +$((8 + 4 + type + 4 + 4 + 4 + 1)) blob
}

# sshcom FILE CIPHER TYPE [BEHIND]: an ssh.com file of what is on standard input.
sshcom() {
	python3 -c '
import base64, struct, sys
def string(b):
	return struct.pack(">I", len(b)) + b
name, cipher, type, behind = [word.encode() for word in sys.argv[1:5]]
rest = string(type) + string(cipher) + string(sys.stdin.buffer.read()) + behind
with open(name, "w") as file:
	file.write("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n" +
	    base64.encodebytes(struct.pack(">II", 0x3f6ff9eb, len(rest) + 8) + rest).decode() +
	    "---- END SSH2 ENCRYPTED PRIVATE KEY ----\n")
' "$1" "$2" "$3" "${4-}"
}

@test "ssh.com: PuTTYgen's files of several keys, plain and encrypted" {
	comment='so many words with "quotes" and a \ that the header is folded into two lines'
	n=0
	for type in rsa rsa rsa dsa dsa; do
		n=$((n + 1))
		putty -t "$type" -b 1024 -C "$comment" -o "$n.ppk"
		puttygen "$n.ppk" -O private-sshcom -o "$n.plain"
		puttygen "$n.ppk" -P --new-passphrase "$keys/pw" -O private-sshcom -o "$n.sealed"
		puttygen -L "$n.ppk"
	done >public
	[ "$(grep -c '\\$' 1.plain)" -eq 1 ]
	xferkey privfmt -m PKCS8 ./*.ppk >numbers
	xferkey privfmt -m PKCS8 ./*.plain | cmp - numbers
	xferkey privfmt -m PKCS8 -P env:PW -N none ./*.sealed | cmp - numbers
	for options in '' '-P env:PW'; do
		# shellcheck disable=SC2086 # words
		xferkey pubfmt $options ./*.plain | cmp - public
	done
	xferkey pubfmt -P env:PW ./*.sealed | cmp - public
	equal "$(xferkey privfmt -l 1.plain 1.sealed 4.plain 4.sealed)" \
	    "$(printf 'SSHCOM\t%b\n' 'none\tRSA\t1024' '3des-cbc\tRSA\t-' 'none\tDSA\t1024' '3des-cbc\tDSA\t-')"
	for command in 'privfmt -o new' fpr pubfmt 'fips-convert -o new'; do
		# shellcheck disable=SC2086 # words
		says 2 '.sealed: wrong passphrase, or a damaged key' xferkey $command -P env:WRONG 1.sealed
		# shellcheck disable=SC2086 # words
		says 2 '.sealed: encrypted, and no passphrase given' xferkey $command 4.sealed
	done
	says 2 '-m SSHCOM: not a format that can be written here' xferkey privfmt -m SSHCOM -o new 1.ppk
	[ ! -e new ]
}

@test "ssh.com: what does not fit to the last byte is refused" {
	puttygen "$keys/rsa.ppk" -O private-sshcom -o rsa
	sealed_numbers rsa >numbers
	type='if-modn{sign{rsa-pkcs1-sha1},encrypt{rsa-pkcs1v2-oaep}}'
	sshcom good none "$type" <numbers
	same_numbers good "$keys/rsa.ppk"
	{ cat numbers; printf 1234567; } | sshcom padded none "$type"
	same_numbers padded "$keys/rsa.ppk"
	{ cat numbers; printf 12345678; } | sshcom bytes-behind none "$type"
	head -c -1 numbers | sshcom byte-less none "$type"
	sshcom nothing none "$type" </dev/null
	sshcom behind none "$type" x <numbers
	{ head -c 4 numbers; printf '\0\0\0\x12'; tail -c +9 numbers; } | sshcom bits none "$type"
	sed 's/P2\/56w/P2\/56g/' rsa >magic
	sshcom dsa none 'dl-modp{sign{dsa-nist-sha1},dh{plain}}' <numbers
	sshcom curve none 'ec-modp{sign{ecdsa}}' <numbers
	key=$(printf %s "$PW" | openssl dgst -md5 -r | cut -c 1-32)
	key=$key$({ printf %s "$PW"; printf %b "$(sed 's/../\\x&/g' <<<"$key")"; } | openssl dgst -md5 -r | cut -c 1-16)
	seal() {
		{ cat numbers; printf 1234567; } | head -c $((($(wc -c <numbers) + 7) / 8 * 8)) |
			openssl enc -des-ede3-cbc -K "$key" -iv 0 -nopad 2>/dev/null
	}
	seal | sshcom good-sealed 3des-cbc "$type"
	same_numbers good-sealed "$keys/rsa.ppk"
	# another e
	printf '\x03' | dd of=numbers bs=1 seek=10 conv=notrunc status=none
	sshcom numbers none "$type" <numbers
	seal >sealed
	sshcom sealed 3des-cbc "$type" <sealed
	for cipher in des-cbc idea-cbc aes256-cbc ''; do
		sshcom "cipher-$cipher" "$cipher" "$type" <sealed
	done
	head -c 80 sealed | sshcom short 3des-cbc "$type"
	head -c 81 sealed | sshcom uneven 3des-cbc "$type"
	while IFS='|' read -r file message; do
		says 2 "$file: $message" xferkey privfmt -P env:PW -N none -o new "$file"
	done <<-'END'
		bytes-behind|malformed key
		byte-less|malformed key
		nothing|malformed key
		behind|malformed key
		bits|malformed key
		magic|malformed key
		dsa|malformed key
		curve|unknown key type
		numbers|its numbers are not a valid key
		sealed|wrong passphrase, or a damaged key
		short|wrong passphrase, or a damaged key
		uneven|malformed key
		cipher-des-cbc|encrypted in a way that is not supported
		cipher-idea-cbc|encrypted in a way that is not supported
		cipher-aes256-cbc|encrypted in a way that is not supported
		cipher-|encrypted in a way that is not supported
	END
	[ ! -e new ]
}

@test "PKCS#8 with attributes, and version 2 with the public half, which must be the key's" {
	ssh-keygen -q -t dsa -N '' -m PKCS8 -f other-dsa
	ssh-keygen -q -t rsa -b 1024 -N '' -m PKCS8 -f other-rsa
	for type in ed25519 ed448; do
		openssl genpkey -algorithm "$type" -out "other-openssl-$type"
	done
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other-openssl-p256
	for type in rsa dsa openssl-{p256,ed25519,ed448}; do
		[ -e "$keys/$type" ] || xferkey privfmt -m PKCS8 -o "$type" "$keys/$type.ppk"
		[ -e "$type" ] || cp "$keys/$type" .
		version2 "$type" "other-$type"
		echo "$type"
		xferkey privfmt -m PKCS8 attributes v2 explicit | cmp - <(cat "$type" "$type" "$type")
		openssl pkey -in attributes | cmp - "$type"
		run xferkey privfmt other v1 empty after version
		[ "$status" -eq 2 ]
		equal "$output" "$(printf 'xferkey-privfmt: %s\n' \
			'other: its public and private halves do not belong together' \
			{v1,empty,after,version}': malformed key')"
		rm -f rsa dsa
	done
}

@test "EC keys: explicit parameters and compressed points; the point must be the number's" {
	for bits in 256 384 521; do
		key=$keys/openssl-p$bits
		n=0
		for form in uncompressed compressed hybrid; do
			for curve in named_curve explicit; do
				n=$((n + 1))
				openssl pkey -in "$key" -ec_conv_form "$form" -ec_param_enc "$curve" -out "pkcs8.$n"
				openssl ec -in "$key" -conv_form "$form" -param_enc "$curve" -out "sec1.$n" 2>/dev/null
			done
		done
		openssl ec -in "$key" -no_public -param_enc explicit -out number 2>/dev/null
		xferkey privfmt -m PKCS8 pkcs8.* sec1.* number | cmp - <(for i in {1..13}; do cat "$key"; done)
		# the same x, the other y
		openssl ec -in "$key" -conv_form compressed -outform DER -out der 2>/dev/null
		at=$(openssl asn1parse -inform DER -in der | awk -F '[: ]+' '/BIT STRING/ { print $2 }')
		python3 -c '
import sys
der = bytearray(open("der", "rb").read())
der[-1 - int(sys.argv[1])] ^= 1
sys.stdout.buffer.write(der)' $(((bits + 7) / 8)) >turned
		{ echo '-----BEGIN EC PRIVATE KEY-----'; base64 turned; echo '-----END EC PRIVATE KEY-----'; } >sec1
		says 2 'sec1: its public and private halves do not belong together' xferkey privfmt sec1
	done
	# the curve of the last key, but its point as the generator
	openssl ec -in "$key" -param_enc explicit -outform DER -out der 2>/dev/null
	python3 -c '
import sys
der = open("der", "rb").read()
point = der[-133:]
at = der.index(bytes.fromhex("0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb5"))
sys.stdout.buffer.write(der[:at] + point + der[at + 133:])' >turned
	{ echo '-----BEGIN EC PRIVATE KEY-----'; base64 turned; echo '-----END EC PRIVATE KEY-----'; } >sec1
	says 2 'sec1: elliptic curve that SSH does not use' xferkey privfmt sec1
}

# There the point would have to be computed.
@test "EC public keys in these forms: refused, and said how openssl changes them" {
	for form in uncompressed:explicit {compressed,hybrid}:named_curve; do
		openssl pkey -in "$keys/openssl-p384" -pubout -ec_conv_form "${form%:*}" -ec_param_enc "${form#*:}" -out public
		says 2 'public: elliptic curve or point in another form' xferkey pubfmt public
		command=$(sed -n 's/.*: \(openssl ec .*\) changes it$/\1/p' "$BATS_TEST_TMPDIR/err")
		$command -in public 2>/dev/null | xferkey pubfmt | cmp - <(xferkey pubfmt "$keys/openssl-p384")
	done
}

@test "what SSH has not: curves, and algorithms, RSA-PSS among them" {
	for name in secp256k1 brainpoolP384r1; do
		for form in named_curve explicit; do
			openssl ecparam -name "$name" -genkey -noout -param_enc "$form" -out sec1
			openssl pkcs8 -topk8 -nocrypt -in sec1 -out pkcs8
			run xferkey privfmt sec1 pkcs8
			[ "$status" -eq 2 ]
			equal "$output" "$(printf 'xferkey-privfmt: %s: elliptic curve that SSH does not use\n' sec1 pkcs8)"
			[ "$form" = explicit ] || openssl pkey -in sec1 -pubout -out public
			says 2 'public: elliptic curve that SSH does not use' xferkey fpr public
		done
	done
	for type in 'RSA-PSS -pkeyopt rsa_keygen_bits:1024' X25519; do
		# shellcheck disable=SC2086 # words
		openssl genpkey -algorithm $type -quiet -out key
		openssl pkey -in key -pubout -out public
		for command in 'privfmt key' 'fips-convert -N none key' 'fpr key' 'fpr public' 'pubfmt public'; do
			# shellcheck disable=SC2086 # words
			says 2 'key algorithm that SSH does not use' xferkey $command
		done
	done
}

@test "DSA: out of every format and into every format, as its peers have it" {
	[ -n "$(ssh -Q key | grep -x ssh-dss)" ] && peer=ssh-keygen || peer=true # OpenSSH 10 has none
	xferkey privfmt -m PKCS8 -o numbers "$keys/dsa.ppk"
	openssl pkey -in numbers | cmp - numbers
	openssl pkey -in numbers -pubout | cmp - <(xferkey pubfmt -m PKCS8 "$keys/dsa.ppk")
	puttygen -L "$keys/dsa.ppk" >public
	xferkey pubfmt "$keys/dsa.ppk" | cmp - public
	# read: puttygen's, openssl's
	puttygen "$keys/dsa.ppk" -O private-openssh -o in.pem
	puttygen "$keys/dsa.ppk" -O private-openssh-new -o in.openssh
	puttygen "$keys/dsa.ppk" -P --new-passphrase "$keys/pw" -O private-openssh -o in.dek
	puttygen "$keys/dsa.ppk" -P --new-passphrase "$keys/pw" -O private-openssh-new -o in.bcrypt
	puttygen "$keys/dsa.ppk" -P --new-passphrase "$keys/pw" --ppk-param version=2 -o in.ppk2
	openssl pkcs8 -topk8 -in numbers -passout env:PW -out in.pbes2
	openssl pkcs8 -topk8 -in numbers -passout env:PW -v1 PBE-SHA1-3DES -out in.pkcs12
	for file in in.*; do
		same_numbers "$file" numbers
	done
	# written: the same peers read it
	failed=
	for option in '-m PEM' '-m PKCS8' '-m PKCS8 -a 10000 -N env:PW' '-m OPENSSH' '-m OPENSSH -a 1 -N env:PW' \
	    '-m PPK2' '-m PPK2 -N env:PW' '-m PPK3' '-m PPK3 -a 1 -N env:PW'; do
		rm -f out
		# shellcheck disable=SC2086 # words
		xferkey privfmt $option -o out "$keys/dsa.ppk"
		same_numbers out numbers
		case $option in
		*PEM* | *PKCS8*) openssl dsa -in out -passin env:PW -outform DER 2>/dev/null | cmp - <(openssl dsa -in numbers -outform DER 2>/dev/null) ;;
		*) equal "$(puttygen -L out --old-passphrase "$keys/pw")" "$(cat public)" ;;
		esac || failed="$failed $option"
		case $option in
		*PPK*) ;;
		*) [ "$peer" = true ] || equal "$(ssh-keygen -y -P "$PW" -f out | cut -d ' ' -f 2)" "$(cut -d ' ' -f 2 public)" ;;
		esac || failed="$failed ssh-keygen:$option"
	done
	equal "$failed" ''
	equal "$(xferkey fpr "$keys/dsa.ppk")" "1024 $(puttygen -l public | cut -d ' ' -f 3) a DSA key (DSA)"
	equal "$(xferkey privfmt "$keys/dsa.ppk" | head -n 1)" '-----BEGIN DSA PRIVATE KEY-----'
}

@test "DSA: refused where it must be, and said why" {
	xferkey pubfmt "$keys/dsa.ppk" >public
	says 2 'refused: FIPS 186-5 has withdrawn DSA' xferkey fips-convert -N none -o new "$keys/dsa.ppk"
	says 2 'DSA is refused by today'\''s servers' xferkey keygen -t dsa -f new
	says 2 'DSA keys are no longer accepted' xferkey authorize public
	xferkey privfmt -o key "$keys/dsa.ppk"
	run xferkey check key
	[ "$status" -eq 1 ]
	grep -q '^fail.*DSA keys are no longer accepted' <<<"$output"
	[ ! -e new ]
	[ ! -e .ssh ]
	# version, p, q, g, y: the last byte of one is another
	xferkey privfmt -m PEM "$keys/dsa.ppk" | openssl dsa -outform DER -out der 2>/dev/null
	openssl asn1parse -inform DER -in der | awk -F '[:= ]+' '/INTEGER/ { print $2 + $6 + $8 - 1 }' >ends
	while IFS='|' read -r number message; do
		python3 -c '
import sys
der = bytearray(open("der", "rb").read())
der[int(sys.argv[1])] ^= 2
sys.stdout.buffer.write(der)' "$(sed -n "${number}p" ends)" >turned
		{ echo '-----BEGIN DSA PRIVATE KEY-----'; base64 turned; echo '-----END DSA PRIVATE KEY-----'; } >key
		says 2 "key: $message" xferkey pubfmt key
	done <<-'END'
		2|its numbers are not a valid key
		3|its numbers are not a valid key
		4|its numbers are not a valid key
		5|its public and private halves do not belong together
		6|its public and private halves do not belong together
	END
}

@test "a certificate in a PuTTY file: privfmt gives the key, pubfmt and fpr the certificate" {
	ssh-keygen -q -t ed25519 -N '' -f authority
	for type in ed25519 ecdsa; do
		ssh-keygen -q -t "$type" -N '' -C 'a certified key' -f "$type"
		ssh-keygen -q -s authority -I me -n jane "$type.pub"
		puttygen "$type" -o without
		puttygen without --certificate "$type-cert.pub" -o with3
		puttygen with3 -P --new-passphrase "$keys/pw" --ppk-param passes=1 -o sealed3
		puttygen with3 -P --new-passphrase "$keys/pw" --ppk-param version=2 -o sealed2
		xferkey pubfmt with3 | cmp - "$type-cert.pub"
		for file in with3 sealed2 sealed3; do
			equal "$(xferkey pubfmt "$file" | cut -d ' ' -f 1,2)" "$(blob "$type-cert.pub")"
			xferkey pubfmt -P env:PW "$file" | cmp - "$type-cert.pub"
			xferkey pubfmt -P env:PW -m RFC4716 "$file" | cmp - <(xferkey pubfmt -m RFC4716 "$type-cert.pub")
			xferkey pubfmt -P env:PW -m PKCS8 "$file" | cmp - <(xferkey pubfmt -m PKCS8 "$type.pub")
			equal "$(xferkey fpr -P env:PW "$file")" "$(ssh-keygen -l -f "$type-cert.pub")"
			same_numbers "$file" "$type"
		done
		equal "$(xferkey privfmt -m PPK3 with3 | xferkey pubfmt)" "$(cat "$type.pub")"
	done
}
