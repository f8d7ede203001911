#!/usr/bin/env bats
# Types and forms of keys that few programs write, compared with the programs that do.

load ../lib/keys
load ../lib/porcelain

setup_file() {
	hash openssl puttygen python3 2>/dev/null || return 0
	umask 077
	cd "$BATS_FILE_TMPDIR" || return
	printf '%s\n' "$PW" >pw
	local type
	for type in ed448 dsa rsa; do
		bits='-b 1024'
		[ $type != ed448 ] || bits=
		putty -t "$type" $bits -C "its $type" -o "$type.ppk"
		xferkey privfmt -m PKCS8 -o "putty-$type" "$type.ppk"
	done
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
	cp "$BATS_FILE_TMPDIR"/* .
}

# putty OPTION ...: PuTTYgen makes a new key, not encrypted.
putty() {
	puttygen -q --random-device /dev/urandom --new-passphrase /dev/null "$@" 2>/dev/null
}

# all_are NUMBERS FILE ...: each FILE holds the private key of the PKCS#8 file NUMBERS.
all_are() {
	local numbers=$1 file
	shift
	cmp <(xferkey privfmt -m PKCS8 -P env:PW -N none "$@") <(for file; do cat "$numbers"; done)
}

# unhex: converts hexadecimal to bytes; field HEX: puts the length before HEX, as RFC 4251 does.
unhex() {
	printf %b "$(sed 's/../\\x&/g')"
}

field() {
	printf '%08x%s' $((${#1} / 2)) "$1"
}

# turn FILE OFFSET BIT: inverts this bit of the byte at OFFSET.
turn() {
	printf '%02x' $(($(od -An -t u1 -j "$2" -N 1 "$1") ^ $3)) | unhex |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# pem LABEL: prints standard input in PEM.
pem() {
	printf '%s\n' "-----BEGIN $1-----" "$(base64)" "-----END $1-----"
}

@test "Ed448: read and written in every format that holds it" {
	need_argon2
	for key in putty-ed448 openssl-ed448; do
		openssl pkey -in "$key" -pubout | cmp - <(xferkey pubfmt -m PKCS8 "$key")
		openssl pkey -in "$key" | cmp - "$key"
		xferkey pubfmt "$key" >public
		for options in PPK2 'PPK3 -a 1' 'OPENSSH -a 1' 'PKCS8 -a 10000'; do
			xferkey privfmt -m $options -N env:PW -o new "$key"
			all_are "$key" new
			case $options in
			PKCS8*) openssl pkey -in new -passin env:PW | cmp - "$key" ;;
			*) equal "$(puttygen -L new --old-passphrase pw | cut -d ' ' -f 1,2)" "$(cat public)" ;;
			esac
			rm new
		done
		for format in RFC4716 PKCS8 PEM; do
			xferkey pubfmt -m "$format" public >"out.$format"
		done
		equal "$(puttygen -L out.RFC4716 | cut -d ' ' -f 1,2)" "$(cat public)"
		xferkey pubfmt out.* | cmp - <(cat public public public)
	done
	puttygen ed448.ppk -O private-openssh-new -o openssh
	all_are putty-ed448 openssh
	xferkey pubfmt openssh | cmp - <(puttygen -L ed448.ppk)
}

@test "Ed448: its fingerprint and formats are right, and OpenSSH's refusal is reported" {
	puttygen ed448.ppk -O private-openssh-new -o openssh
	equal "$(xferkey fpr ed448.ppk)" "448 $(puttygen -l ed448.ppk | cut -d ' ' -f 3) its ed448 (ED448)"
	fips='FIPS modules of OpenSSL 3.1 to 3.3 refuse Ed25519 and Ed448; RSA 3072 or ECDSA is safer'
	equal "$(told ed448.ppk openssh openssl-ed448)" \
		"$(printf "%s\tnone\tED448\t448\t$fips\t%s\t%s\n" PPK3 "PuTTY's format" "PuTTY's format" \
			OPENSSH ED448 ED448 PKCS8 ED448 ED448)"
	xferkey privfmt ed448.ppk | cmp - putty-ed448
	says 2 '-m PEM: this format cannot hold' xferkey privfmt -m PEM -o new ed448.ppk
	xferkey fips-convert -N none -o new ed448.ppk 2>err
	grep -q 'warning: .* refuse Ed25519 and Ed448' err
	cmp new putty-ed448
	xferkey pubfmt ed448.ppk >public
	says 2 'OpenSSH knows no keys of this type' with_account xferkey authorize public
	[ ! -e .ssh ]
	run -1 xferkey check openssh
	grep -q '^fail.*OpenSSH knows no keys of this type' <<<"$output"
}

# sshcom FILE CIPHER TYPE [HEX]: makes an ssh.com file of the private part on standard input, with the bytes HEX after
# it.
sshcom() {
	local rest
	rest=$(field "$(printf %s "$3" | hex)")$(field "$(printf %s "$2" | hex)")$(field "$(hex)")${4-}
	{
		echo '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----'
		printf '3f6ff9eb%08x%s' $((${#rest} / 2 + 8)) "$rest" | unhex | base64
		echo '---- END SSH2 ENCRYPTED PRIVATE KEY ----'
	} >"$1"
}

@test "ssh.com: PuTTYgen's files are read, several keys at once, unencrypted and encrypted" {
	comment='so many words with "quotes" and a \ that the header is folded into two lines'
	n=0
	for type in rsa rsa rsa dsa dsa; do
		n=$((n + 1))
		putty -t "$type" -b 1024 -C "$comment" -o "$n.ppk"
		puttygen "$n.ppk" -O private-sshcom -o "$n.plain"
		puttygen "$n.ppk" -P --new-passphrase pw -O private-sshcom -o "$n.sealed"
		puttygen -L "$n.ppk"
	done >public
	[ "$(grep -c '\\$' 1.plain)" -eq 1 ]
	xferkey privfmt -m PKCS8 ./?.ppk >numbers
	xferkey privfmt -m PKCS8 ./*.plain | cmp - numbers
	xferkey privfmt -m PKCS8 -P env:PW -N none ./*.sealed | cmp - numbers
	xferkey pubfmt ./*.plain | cmp - public
	xferkey pubfmt -P env:PW ./*.plain ./*.sealed | cmp - <(cat public public)
	told 1.plain 1.sealed 4.plain 4.sealed | tr '\t' , >got
	sed 's/.*/SSHCOM,&,the format of ssh.com,the format of ssh.com/' <<-'END' | diff - got
		none,RSA,1024,FIPS forbids signing with RSA under 2048 bits
		3des-cbc,RSA,-,convert
		none,DSA,1024,FIPS 186-5 has withdrawn DSA
		3des-cbc,DSA,-,FIPS 186-5 has withdrawn DSA
	END
	for command in 'privfmt -o new' fpr pubfmt 'fips-convert -o new'; do
		says 2 '1.sealed: wrong passphrase' xferkey $command -P env:WRONG 1.sealed
	done
	says 2 '4.sealed: encrypted, and no passphrase' xferkey privfmt -o new 4.sealed
	says 2 '-m SSHCOM: not a format that can be written here' xferkey privfmt -m SSHCOM -o new 1.ppk
	[ ! -e new ]
	run -1 xferkey check 1.plain
	grep -q '^fail.*a key of ssh.com: xferkey import ./1.plain$' <<<"$output"
}

@test "ssh.com: a file with a byte more, a byte less or a wrong field is refused" {
	type='if-modn{sign{rsa-pkcs1-sha1},encrypt{rsa-pkcs1v2-oaep}}'
	puttygen rsa.ppk -O private-sshcom -o rsa
	sed '1,2d;$d' rsa | base64 -d | tail -c +$((8 + 4 + ${#type} + 4 + 4 + 4 + 1)) >numbers
	# the DES key: MD5 of the passphrase, then MD5 of the passphrase and the first MD5
	key=$(printf %s "$PW" | openssl dgst -md5 -r | cut -c 1-32)
	key=$key$({ printf %s "$PW"; printf %s "$key" | unhex; } | openssl dgst -md5 -r | cut -c 1-16)
	seal() {
		{ cat numbers; printf 1234567; } | head -c $((($(wc -c <numbers) + 7) / 8 * 8)) |
			openssl enc -des-ede3-cbc -K "$key" -iv 0 -nopad 2>/dev/null
	}
	sshcom good none "$type" <numbers
	{ cat numbers; printf 1234567; } | sshcom padded none "$type"
	seal | sshcom sealed 3des-cbc "$type"
	all_are putty-rsa good padded sealed
	{ cat numbers; printf 12345678; } | sshcom too-padded none "$type"
	head -c -1 numbers | sshcom byte-less none "$type"
	sshcom empty none "$type" </dev/null
	sshcom byte-behind none "$type" 00 <numbers
	sed 's/P2\/56w/P2\/56g/' rsa >magic
	sshcom of-dsa none 'dl-modp{sign{dsa-nist-sha1},dh{plain}}' <numbers
	sshcom of-curve none 'ec-modp{sign{ecdsa}}' <numbers
	seal >secret
	head -c 80 secret | sshcom sealed-part 3des-cbc "$type"
	head -c 81 secret | sshcom sealed-uneven 3des-cbc "$type"
	for cipher in des-cbc idea-cbc aes256-cbc ''; do
		sshcom "cipher-$cipher" "$cipher" "$type" <secret
		says 2 "cipher-$cipher: encrypted in a way that is not supported" xferkey privfmt -P env:PW -o new "cipher-$cipher"
	done
	# e is the first number: 17 bits in 3 bytes, after two lengths
	turn numbers 10 2
	sshcom other-e none "$type" <numbers
	seal | sshcom sealed-other-e 3des-cbc "$type"
	turn numbers 7 2
	sshcom bits none "$type" <numbers
	for file in too-padded byte-less empty byte-behind magic of-dsa of-curve sealed-part sealed-uneven other-e \
		sealed-other-e bits; do
		case $file in
		of-curve) fact='unknown key type' ;;
		sealed-part | sealed-other-e) fact='wrong passphrase, or a damaged key' ;;
		other-e) fact='its numbers are not a valid key' ;;
		*) fact='malformed key' ;;
		esac
		says 2 "$file: $fact" xferkey privfmt -P env:PW -N none -o new "$file"
	done
	[ ! -e new ]
}

# version2 NAME ...: of the PKCS#8 files NAME and NAME.other makes NAME.attributes, .v2 and .explicit, forms of RFC 5958
# (one of them as the library ring writes it), and some invalid forms.
version2() {
	genkeys script "$@" <<-'END'
		def read(name):
		    with open(name, "rb") as file:
		        key = Key(file.read())
		    return next(parts(unpem(key.text)))[1], b"\0" + key.point
		# friendlyName (PKCS#9)
		attributes = der(0xa0, der(SEQUENCE, bytes.fromhex("06092a864886f70d010914") +
		    der(0x31, der(0x1e, "me".encode("utf-16-be")))))
		for name in words:
		    body, own = read(name)
		    for form, version, more in (
		        ("attributes", 0, attributes),
		        ("v2", 1, attributes + der(0x81, own)),
		        ("explicit", 1, der(0xa1, der(BITS, own))),
		        ("mixed", 1, der(0x81, read(name + ".other")[1])),
		        ("v1", 0, der(0x81, own)),
		        ("empty", 1, der(0x81, own[:1])),
		        ("after", 1, der(0x81, own) + der(0x82, b"")),
		        ("v3", 2, attributes)):
		        key = der(SEQUENCE, bytes([2, 1, version]) + body[3:] + more)
		        write(name + "." + form, pem("PRIVATE KEY", key))
	END
}

@test "PKCS#8 with attributes, and version 2 with the public half, are read" {
	types='putty-rsa putty-dsa openssl-p256 openssl-ed25519 openssl-ed448'
	for type in rsa dsa; do
		putty -t $type -b 1024 -o other.ppk
		xferkey privfmt -m PKCS8 -o putty-$type.other other.ppk
	done
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out openssl-p256.other
	openssl genpkey -algorithm ed25519 -out openssl-ed25519.other
	openssl genpkey -algorithm ed448 -out openssl-ed448.other
	version2 $types
	for type in $types; do
		all_are "$type" "$type".{attributes,v2,explicit}
		openssl pkey -in "$type.attributes" | cmp - "$type"
		run -2 xferkey privfmt "$type".{mixed,v1,empty,after,v3}
		equal "$output" "$(printf "xferkey-privfmt: $type.%s\n" \
			'mixed: its public and private halves do not belong together' \
			{v1,empty,after,v3}': malformed key')"
	done
}

@test "EC keys with explicit parameters and compressed points are read" {
	for bits in 256 384 521; do
		key=openssl-p$bits
		for form in uncompressed:explicit {compressed,hybrid}:{named_curve,explicit}; do
			openssl pkey -in "$key" -ec_conv_form "${form%:*}" -ec_param_enc "${form#*:}" -out "pkcs8.$form"
			openssl ec -in "$key" -conv_form "${form%:*}" -param_enc "${form#*:}" -out "sec1.$form" 2>/dev/null
		done
		openssl ec -in "$key" -no_public -param_enc explicit -out sec1.number 2>/dev/null
		all_are "$key" pkcs8.* sec1.*
		# the same x with the other y: the point is the last field
		openssl ec -in "$key" -conv_form compressed -outform DER -out der 2>/dev/null
		at=$(($(wc -c <der) - (bits + 7) / 8 - 1))
		turn der "$at" 1
		pem 'EC PRIVATE KEY' <der >turned
		says 2 'turned: its public and private halves do not belong together' xferkey privfmt turned
	done
	# the parameters of P-521, with the key's own point as the generator
	openssl ec -in "$key" -param_enc explicit -outform DER -out der 2>/dev/null
	generator=0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ff
	generator=${generator}a8de3348b3c1856a429bf97e7e31c2e5bd66
	hex=$(hex <der)
	point=${hex: -266}
	[[ $hex = *"$generator"* ]]
	printf %s "${hex/"$generator"/"${point:0:134}"}" | unhex | pem 'EC PRIVATE KEY' >turned
	says 2 'turned: elliptic curve that SSH does not use' xferkey privfmt turned
}

@test "EC public keys in these forms are refused, with the openssl command that changes them" {
	for form in uncompressed:explicit {compressed,hybrid}:named_curve; do
		openssl pkey -in openssl-p384 -pubout -ec_conv_form "${form%:*}" -ec_param_enc "${form#*:}" -out public
		says 2 'public: elliptic curve or point in another form' xferkey pubfmt public
		command=$(sed -n 's/.*: \(openssl ec .*\) converts it$/\1/p' "$BATS_TEST_TMPDIR/err")
		$command -in public 2>/dev/null | xferkey pubfmt | cmp - <(xferkey pubfmt openssl-p384)
	done
}

@test "curves and algorithms that SSH does not use, such as RSA-PSS, are refused" {
	for name in secp256k1 brainpoolP384r1; do
		openssl ecparam -name "$name" -genkey -noout -out sec1
		openssl ecparam -name "$name" -genkey -noout -param_enc explicit -out explicit
		openssl pkcs8 -topk8 -nocrypt -in sec1 -out pkcs8
		openssl pkey -in sec1 -pubout -out public
		run -2 xferkey fpr sec1 explicit pkcs8 public
		equal "$output" "$(printf 'xferkey-fpr: %s: elliptic curve that SSH does not use\n' sec1 explicit pkcs8 public)"
	done
	for type in 'RSA-PSS -pkeyopt rsa_keygen_bits:1024' X25519; do
		openssl genpkey -algorithm $type -quiet -out key
		openssl pkey -in key -pubout -out public
		for command in 'privfmt key' 'fips-convert -N none key' 'fpr key' 'pubfmt public'; do
			says 2 'key algorithm that SSH does not use' xferkey $command
		done
	done
}

@test "DSA: read from every format and written in every format" {
	need_argon2
	key=putty-dsa ppk=dsa.ppk
	openssl pkey -in "$key" | cmp - "$key"
	openssl pkey -in "$key" -pubout | cmp - <(xferkey pubfmt -m PKCS8 "$ppk")
	puttygen -L "$ppk" >public
	xferkey pubfmt "$ppk" | cmp - public
	equal "$(xferkey fpr "$ppk")" "1024 $(puttygen -l public | cut -d ' ' -f 3) its dsa (DSA)"
	for format in openssh openssh-new; do
		puttygen "$ppk" -O private-$format -o in.$format
		puttygen "$ppk" -P --new-passphrase pw -O private-$format -o in.$format-encrypted
	done
	puttygen "$ppk" -P --new-passphrase pw --ppk-param version=2 -o in.ppk2
	openssl pkcs8 -topk8 -in "$key" -passout env:PW -out in.pbes2
	openssl pkcs8 -topk8 -in "$key" -passout env:PW -v1 PBE-SHA1-3DES -out in.pkcs12
	all_are "$key" in.*
	for option in PEM PKCS8 'PKCS8 -a 10000 -N env:PW' OPENSSH 'OPENSSH -a 1 -N env:PW' \
		PPK2 'PPK2 -N env:PW' PPK3 'PPK3 -a 1 -N env:PW'; do
		xferkey privfmt -m $option -o "out.$option" "$ppk"
		case $option in
		PEM* | PKCS8*) openssl pkcs8 -topk8 -nocrypt -in "out.$option" -passin env:PW | cmp - "$key" ;;
		*) equal "$(puttygen -L "out.$option" --old-passphrase pw)" "$(cat public)" ;;
		esac
		[[ $option = PPK* ]] || ! has_dsa ||
			equal "$(ssh-keygen -y -P "$PW" -f "out.$option" | blob /dev/stdin)" "$(blob public)"
	done
	all_are "$key" out.*
	xferkey privfmt "$key" | cmp - out.PEM
}

@test "DSA: authorize and check refuse the key, and pubfmt refuses wrong numbers in it, each with the reason" {
	xferkey pubfmt dsa.ppk >public
	says 2 'DSA keys are no longer accepted' with_account xferkey authorize public
	xferkey privfmt -o key dsa.ppk
	run -1 xferkey check key
	grep -q '^fail.*DSA keys are no longer accepted' <<<"$output"
	[ ! -e .ssh ]
	# version, p, q, g, y, x: in each round the last byte of one number is changed
	sed '1d;$d' key | base64 -d >der
	mapfile -t ends < <(openssl asn1parse -inform DER -in der | awk -F '[:= ]+' '/INTEGER/ { print $2 + $6 + $8 - 1 }')
	for i in 1 2 3 4 5; do
		cp der turned
		turn turned "${ends[i]}" 2
		pem 'DSA PRIVATE KEY' <turned >key
		fact='its numbers are not a valid key'
		[ $i -le 3 ] || fact='its public and private halves do not belong together'
		says 2 "key: $fact" xferkey pubfmt key
	done
}

@test "a certificate in a PuTTY file: pubfmt writes the certificate, privfmt only the key" {
	need_argon2
	new_key ed25519 -f authority
	for type in ed25519 ecdsa; do
		new_key "$type" -C 'a certified key' -f "$type"
		ssh-keygen -q -s authority -I me -n jane "$type.pub"
		xferkey privfmt -m PKCS8 -o numbers "$type"
		puttygen "$type" -o without
		puttygen without --certificate "$type-cert.pub" -o open
		for param in passes=1 version=2; do
			puttygen open -P --new-passphrase pw --ppk-param $param -o "sealed${param#*=}"
		done
		xferkey pubfmt open | cmp - "$type-cert.pub"
		for format in OPENSSH RFC4716; do
			xferkey pubfmt -m "$format" "$type-cert.pub" >certificate
			xferkey pubfmt -P env:PW -m "$format" open sealed2 sealed1 |
				cmp - <(cat certificate certificate certificate)
		done
		xferkey pubfmt sealed1 | cmp - "$type-cert.pub"
		xferkey pubfmt -m PKCS8 open sealed2 | cmp - <(xferkey pubfmt -m PKCS8 "$type.pub" "$type.pub")
		equal "$(xferkey fpr -P env:PW open sealed2 sealed1 | sort -u)" "$(ssh-keygen -l -f "$type-cert.pub")"
		all_are numbers open sealed2 sealed1
		xferkey privfmt -m PPK3 open | xferkey pubfmt | cmp - "$type.pub"
		rm numbers
	done
}

# fido: makes sk-ed25519 and sk-ecdsa in the form of PROTOCOL.u2f, without a device.
fido() {
	genkeys script openssl-p256 <<-'END'
		def fido(file, *public):
		    public = b"".join(map(string, public))
		    # flags: a touch is required; key handle; reserved
		    private = public + b"\1" + string(os.urandom(64)) + string("") + string("a FIDO key")
		    write(file, openssh_key(public, private))
		point = Key(open(words[0], "rb").read()).point
		fido("sk-ed25519", "sk-ssh-ed25519@openssh.com", os.urandom(32), "ssh:")
		fido("sk-ecdsa", "sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", point, "ssh:me")
	END
}

@test "FIDO keys: written in OPENSSH under every cipher, refused in every other format" {
	fido
	for type in sk-ecdsa sk-ed25519; do
		# for the second type one cipher of each kind is enough
		[ "$type" = sk-ecdsa ] || ciphers=(aes256-ctr aes256-gcm@openssh.com chacha20-poly1305@openssh.com)
		xferkey pubfmt "$type" | cmp - <(ssh-keygen -y -f "$type")
		for cipher in "${ciphers[@]}"; do
			xferkey privfmt -Z "$cipher" -a 1 -N env:PW -o "sealed.$cipher" "$type"
			ssh-keygen -y -P "$PW" -f "sealed.$cipher"
		done >public
		equal "$(uniq -c public)" "$(printf '%7d %s' "${#ciphers[@]}" "$(xferkey pubfmt "$type")")"
		equal "$(told sealed.* | cut -f 2)" "$(printf '%s\n' "${ciphers[@]}" | sort)"
		# the same private halves, except for the new padding and check numbers
		for file in "$type" sealed.*; do
			xferkey privfmt -P env:PW -N none "$file" | sed /-/d | base64 -d | tail -c 160 | hex
			echo
		done >halves
		equal "$(uniq -c halves | awk '{ print $1 }')" "$((1 + ${#ciphers[@]}))"
		rm sealed.*
		for format in PEM PKCS8 PPK2 PPK3; do
			says 2 "$type: -m $format: this format cannot hold" xferkey privfmt -m "$format" -o new "$type"
		done
		says 2 'no FIPS module of OpenSSL has keys of this type' xferkey fips-convert -N none -o new "$type"
	done
	[ ! -e new ]
}
