#!/usr/bin/env bats
# fips-convert: converts the files of ssh-keygen, openssl and older tools to the PKCS#8 that FIPS modules load.

load ../lib/keys

export SEVEN=1234567

setup() {
	private_keys
	rsa=$keys/ssh.rsa2048 p256=$keys/openssl.p256
}

# protection FILE: the parameters of PBES2, one on each line.
protection() {
	openssl asn1parse -in "$1" | awk '/prim:/ && ++n < 9 {
		sub(/^.*l= */, ""); sub(/\[HEX DUMP\].*/, ""); gsub(/ +/, " "); sub(/ $/, ""); print }'
}

# pbes2 ITERATIONS CIPHER: the parameters as they must be; ITERATIONS in hexadecimal, as asn1parse shows them.
pbes2() {
	printf '%s\n' '9 prim: OBJECT :PBES2' '9 prim: OBJECT :PBKDF2' '16 prim: OCTET STRING' \
	    "$((${#1} / 2)) prim: INTEGER :$1" '8 prim: OBJECT :hmacWithSHA256' '0 prim: NULL' \
	    "9 prim: OBJECT :$2" '16 prim: OCTET STRING'
}

# converted FILE: prints what is wrong with new/NAME or with the messages about it.
converted() {
	local file=$1 name=${1##*/} maker type variant wrong=
	IFS=. read -r maker type variant <<<"$name"
	[ ! -s "out/$name" ] || wrong="$wrong stdout"
	openssl pkey -in "new/$name" -passin env:PW -pubout | cmp - "spki/$maker.$type" || wrong="$wrong key"
	[ "$(head -n 1 "new/$name")" = '-----BEGIN ENCRYPTED PRIVATE KEY-----' ] || wrong="$wrong label"
	[ "$(protection "new/$name")" = "$(pbes2 2710 aes-128-cbc)" ] || wrong="$wrong protection"
	[ "$(stat -c %a "new/$name")" = 600 ] || wrong="$wrong mode"
	case $(head -n 2 "$file") in
	*OPENSSH*) format='OPENSSH format' ;;
	*'N PRIVATE'* | *'N ENCRYPTED'*) format='PKCS8 format' ;;
	*) format='PEM format' ;;
	esac
	grep -qF "$format" "err/$name" || wrong="$wrong $format"
	case $variant in
	plain*) grep -q 'encryption: none' "err/$name" || wrong="$wrong encryption" ;;
	*-cbc | *-ctr | *@*) grep -qF "encryption: $variant, bcrypt" "err/$name" || wrong="$wrong encryption" ;;
	esac
	[ -z "$wrong" ] || echo "$name:$wrong"
}

# all_convert MAKER: converts the keys of MAKER; the sources do not change.
all_convert() {
	export -f converted protection pbes2
	cp -pR "$keys" before
	ln -s "$spki" spki
	convert_all "$1"
	diff -r before "$keys"
	equal "$(stat -c '%n %a %y' "$keys"/*)" "$(cd before && stat -c "$keys/%n %a %y" ./* | sed 's|/\./|/|')"
}

@test "the keys of ssh-keygen are converted, and openssl reads the results" {
	all_convert ssh
}

@test "the keys of openssl are converted, and openssl reads the results" {
	all_convert openssl
	for variant in dek-{aes128,des3} scrypt PBE-SHA1-3DES; do
		[ -f "new/openssl.rsa2048.$variant" ]
	done
	grep -q 'encryption: aes128-cbc, one round of MD5' err/openssl.rsa2048.dek-aes128
	grep -qE 'encryption: .*scrypt, N [0-9]+, r 8, p 1, salt of (8|16) bytes' err/openssl.rsa2048.scrypt
	grep -q 'encryption: .*PBKDF2 SHA512, 2048 iterations' err/openssl.rsa2048.prf-512
}

@test "an OPENSSH file, which the documented openssl command cannot read, is converted" {
	# openssl fails on OPENSSH, ssh-keygen's format, and leaves an empty file
	for file in "$keys"/ssh.*.{plain,aes256-ctr}; do
		run ! openssl pkcs8 -topk8 -v2 aes128 -in "$file" -out theirs -passin env:PW -passout env:PW
		[[ $output = *'Could not '*' key from '* ]]
		[ ! -s theirs ]
		option=-P
		[[ $file != *.plain ]] || option=-N
		xferkey fips-convert -a 10000 "$option" env:PW -o ours "$file" 2>err
		file=${file##*/}
		holds ours "${file%.*}"
		rm -f theirs ours
	done
}

@test "the openssl command that fips-convert names has the same result" {
	while read -r file options; do
		rm -f KEY NEW ours
		cp "$keys/$file" KEY
		xferkey fips-convert $options -o ours KEY 2>err
		command=$(sed -n 's/^.*equivalent: \(openssl .* -in KEY -out NEW\)$/\1/p' err)
		[[ $command = *-nocrypt* ]] || command="$command -passout env:PW"
		sh -c "$command -passin env:PW"
		equal "$(openssl asn1parse -in ours | grep -o ':aes-.*')" "$(openssl asn1parse -in NEW | grep -o ':aes-.*')"
		openssl pkey -in ours -passin env:PW | cmp - <(openssl pkey -in NEW -passin env:PW)
	done <<-'END'
		openssl.rsa2048.dek-aes128 -a 10000 -P env:PW
		openssl.rsa2048.dek-aes128 -Z aes256 -a 10000 -P env:PW
		openssl.rsa2048.dek-aes128 -P env:PW -N none
		openssl.p256.plain -a 10000 -N env:PW
		openssl.p256.plain -N none
	END
	xferkey fips-convert -a 10000 -P env:PW -o new "$rsa.aes256-ctr" 2>err
	grep -q 'no openssl command is equivalent: openssl cannot read OPENSSH format' err
}

@test "a line states the format and encryption of the result" {
	while IFS='|' read -r options said; do
		rm -f new
		xferkey fips-convert $options -P env:PW -o new "$rsa.aes256-ctr" 2>err
		equal "$(tail -n 2 err | sed 1q)" "xferkey-fips-convert: new: in PKCS8 format, encryption: $said"
	done <<-'END'
		-a 10000|aes128-cbc, PBKDF2 SHA256, 10000 iterations, salt of 16 bytes
		-a 10001 -N env:PW -Z aes256|aes256-cbc, PBKDF2 SHA256, 10001 iterations, salt of 16 bytes
		-N none|none
	END
	xferkey fips-convert -a 10000 -N env:PW "$p256.plain" 2>err | cat >new
	[[ $(tail -n 2 err | sed 1q) = *': standard output: in PKCS8 format, encryption: aes128-cbc, PBKDF2 SHA256, 10000 '* ]]
	chmod 600 new
	xferkey fips-convert -P env:PW -o newer new 2>err
	equal "$(tail -n 3 err | sed '$d' | cut -d ' ' -f 2-4)" $'already converted; its\nnewer: in PKCS8'
}

# proof CONFIGURATION MODULES: the last line of fips-convert with this openssl.cnf and directory of providers.
proof() {
	OPENSSL_CONF=$1 OPENSSL_MODULES=$2 xferkey fips-convert -N none "$p256.plain" 2>err | cmp - "$p256.plain"
	sed -n '$s/^xferkey-fips-convert: //p' err
}

@test "the last line says what proved the result, with a good, a broken and no openssl.cnf" {
	only=': proven with OpenSSL Default Provider 3.'
	mkdir none broken
	echo 'not a library' >broken/fips.so
	echo 'x = ${none}' >broken.cnf
	printf '[fips_sect]\nmodule-mac = 00:11\n' >fips.cnf
	[ ! -e "$(openssl version -d | cut -d '"' -f 2)/fipsmodule.cnf" ] || configured=1
	for conf in '' /dev/null /nonexistent "$PWD/broken.cnf" "$PWD/fips.cnf"; do
		[[ $(proof "$conf" "$PWD/none") = "no FIPS provider on this host$only"*' only' ]]
		[ -n "${configured-}" ] || [[ $conf = *fips.cnf ]] || [[ $(proof "$conf" "$PWD/broken") = \
			"a FIPS provider is here, not configured (fipsmodule.cnf)$only"*' only' ]]
	done
	# the section has a module, too much text, or a value that is no value in another file
	printf '[fips_sect]\nmodule = %s\n' "$PWD/broken/fips.so" >module.cnf
	{ echo '[fips_sect]'; printf 'x%d = 1234567890123456789012345678901234567890\n' {1..200}; } >long.cnf
	printf '[fips_sect]\nx = %s\n' "'\$y'" >value.cnf
	for conf in fips.cnf module.cnf long.cnf value.cnf; do
		[[ $(proof "$PWD/$conf" "$PWD/broken") = \
			"a FIPS provider is here, but does not start with its configuration$only"*' only' ]]
	done
	[[ $(proof "$PWD/module.cnf" "$PWD/none") = *'does not start with its configuration'* ]]
	echo 'module = /nonexistent' >>fips.cnf
	[[ $(proof "$PWD/fips.cnf" "$PWD/none") = 'no FIPS provider on this host'* ]]
}

@test "-Z, -a and the defaults: openssl asn1parse shows these parameters" {
	while IFS='|' read -r options rounds cipher; do
		rm -f new
		xferkey fips-convert $options -P env:PW -o new "$p256.dek-aes128" 2>/dev/null
		equal "$(protection new)" "$(pbes2 "$rounds" "$cipher")"
		holds new openssl.p256
	done <<-'END'
		|0927C0|aes-128-cbc
		-Z aes128 -a 10001|2711|aes-128-cbc
		-Z aes256 -a 20000|4E20|aes-256-cbc
		-Z aes256|0927C0|aes-256-cbc
	END
	# salt and IV are new each time
	for i in 1 2; do
		xferkey fips-convert -a 10000 -P env:PW "$p256.dek-aes128" 2>/dev/null | openssl asn1parse | grep -o 'DUMP\]:.\{32\}$'
	done >fresh
	equal "$(wc -l <fresh) $(sort -u fresh | wc -l)" '4 4'
	for rounds in 9999 20000001 4294977296 0 -1 '' 1e5 10000x ' 10000'; do
		says 2 "-a $rounds: not a number from 10000" xferkey fips-convert -a "$rounds" -P env:PW -o none "$p256.plain"
	done
	for cipher in aes192 des3 AES-128-CBC ''; do
		says 2 "-Z $cipher: " xferkey fips-convert -Z "$cipher" -P env:PW -o none "$p256.plain"
	done
	[ ! -e none ]
}

@test "-N none writes plain PKCS#8; another source sets another passphrase" {
	for file in openssl.rsa2048.plain-traditional openssl.rsa2048.dek-aes128 ssh.ecdsa256.aes256-ctr; do
		for none in none ''; do
			rm -f new
			xferkey fips-convert -P env:PW -N "$none" -o new "$keys/$file" 2>/dev/null
			begins new 'PRIVATE KEY'
			holds new "${file%.*}"
		done
	done
	for option in '-Z aes256' '-a 20000'; do
		says 2 'nothing is encrypted without a passphrase' xferkey fips-convert $option -N none -o none "$p256.plain"
	done
	[ ! -e none ]
	# the same bytes as openssl writes
	xferkey fips-convert -P env:PW -N none "$keys/openssl.rsa2048.scrypt" 2>/dev/null |
		cmp - "$keys/openssl.rsa2048.plain"
	printf '%s\nanother one, as long\n' "$PW" >lines
	tail -n 1 lines >pw
	xferkey fips-convert -a 10000 -P env:PW -N file:pw -o other "$p256.scrypt" 2>/dev/null
	run ! openssl pkey -in other -passin env:PW -noout
	xferkey fips-convert -a 10000 -P stdin -N stdin -o lined "$p256.scrypt" <lines 2>/dev/null
	for file in other lined; do
		holds $file openssl.p256 file:pw
	done
}

@test "a passphrase under 8 characters is refused, under 14 warned about" {
	openssl pkey -in "$p256.plain" -traditional -aes128 -passout env:SEVEN -out short
	says 2 'refused: a passphrase under 8 characters' xferkey fips-convert -N env:SEVEN -o new "$p256.plain"
	says 2 'refused: a passphrase under 8 characters' xferkey fips-convert -P env:SEVEN -o new short
	[ ! -e new ]
	while read -r warned word; do
		rm -f new
		echo "$word" >pw
		xferkey fips-convert -a 10000 -N file:pw -o new "$p256.plain" 2>err
		equal "$(grep -c 'warning: .*under 14 characters' err || :)" "$warned"
		holds new openssl.p256 file:pw
	done <<-'END'
		1 12345678
		1 1234567890123
		0 12345678901234
	END
	# -N replaces a short passphrase
	xferkey fips-convert -a 10000 -P env:SEVEN -N env:PW -o new2 short
	holds new2 openssl.p256
}

@test "RSA under 2048 bits and DSA are refused with the reason" {
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024 2>/dev/null
	openssl rsa -in rsa1024 -traditional -aes128 -passout env:PW -out rsa1024-locked 2>/dev/null
	new_key rsa -b 1024 -f rsa1024-openssh
	openssl dsaparam -genkey -out dsa-parameters 1024 2>/dev/null
	openssl pkey -in dsa-parameters -out dsa
	openssl pkey -in dsa -traditional -out dsa-traditional
	openssl pkcs8 -topk8 -in dsa -passout env:PW -out dsa-locked
	! has_dsa || new_key dsa -f dsa-openssh
	rm ./*.pub
	for file in *; do
		why='FIPS 186-5 has withdrawn DSA'
		[[ $file != rsa* ]] || why='FIPS forbids signing with RSA under 2048'
		says 2 "$file: refused: $why" xferkey fips-convert -P env:PW -N env:PW -o new "$file"
		[ ! -e new ]
	done
}

@test "Ed25519 is converted with a warning" {
	xferkey fips-convert -a 10000 -N env:PW -o new "$keys/ssh.ed25519256.plain" 2>err
	grep -q 'warning: .*3.1 to 3.3 refuse Ed25519' err
	xferkey fips-convert -a 10000 -N env:PW -o new2 "$keys/ssh.ecdsa256.plain" 2>err
	[ "$(grep -c warning err)" -eq 0 ]
}

@test "an already converted file is reported, and written byte for byte the same" {
	need python3
	for options in '' '-Z aes256'; do
		rm -f one two
		xferkey fips-convert $options -a 10000 -P env:PW -o one "$rsa.PKCS8" 2>/dev/null
		run -0 xferkey fips-convert -P env:PW -o two one
		[[ $output = *'one: '*'already converted; its encryption is kept'* ]]
		cmp one two
		xferkey fips-convert -P env:PW one 2>/dev/null | cmp - one
	done
	says 2 'wrong passphrase' xferkey fips-convert -P env:WRONG -o three one
	# another cipher is asked for: the file is converted again
	xferkey fips-convert -Z aes128 -a 10000 -P env:PW -o four one 2>/dev/null
	equal "$(protection four)" "$(pbes2 2710 aes-128-cbc)"
	# a file with only one unsuitable parameter is converted
	xferkey privfmt -m PKCS8 -a 9999 -N env:PW -o iterations "$p256.plain"
	saltlen=()
	! openssl pkcs8 -help 2>&1 | grep -e -saltlen >/dev/null || saltlen=(-saltlen 8)
	pkcs8=(openssl pkcs8 -topk8 -in "$p256.plain" -passout env:PW -iter 10000)
	"${pkcs8[@]}" -v2 aes128 "${saltlen[@]}" -out salt
	"${pkcs8[@]}" -v2 aes128 -v2prf hmacWithSHA1 -out prf
	# triple DES with a salt of 16 bytes, which openssl has only since 3.2
	genkeys script "$PW" "$p256.plain" <<-'END'
		salt, iv = bytes(range(16)), bytes(8)
		key = hashlib.pbkdf2_hmac("sha256", utf8(words[0]), salt, 10000, 24)
		with open(words[1], "rb") as file:
		    secret = openssl("enc", "-des-ede3-cbc", "-K", key.hex(), "-iv", iv.hex(), text=unpem(file.read()))
		kdf = der(OCTETS, salt) + der(INTEGER, magnitude(10000)) + der(SEQUENCE, oid("2a864886f70d0209") + b"\5\0")
		kdf = der(SEQUENCE, oid("2a864886f70d01050c") + der(SEQUENCE, kdf))
		cipher = der(SEQUENCE, oid("2a864886f70d0307") + der(OCTETS, iv))
		pbes2 = der(SEQUENCE, oid("2a864886f70d01050d") + der(SEQUENCE, kdf + cipher))
		write("des3", pem("ENCRYPTED PRIVATE KEY", der(SEQUENCE, pbes2 + der(OCTETS, secret))))
	END
	for file in iterations salt prf des3; do
		rm -f new
		xferkey fips-convert -P env:PW -o new "$file" 2>/dev/null
		equal "$file $(protection new)" "$file $(pbes2 0927C0 aes-128-cbc)"
	done
}

@test "wrong options from ssh and openssl are refused with the right command" {
	ours='xferkey fips-convert -o new-id_rsa id_rsa'
	cp "$rsa.plain" id_rsa
	while read -r words; do
		refuses "$ours" xferkey fips-convert $words
	done <<-'END'
		-i id_rsa
		-in id_rsa
		-in id_rsa -out new
		-out new -in id_rsa
		-out new id_rsa

		-N env:PW
	END
	says 2 'convert one key at a time' xferkey fips-convert id_rsa id_rsa
	equal "$(ls -A)" id_rsa
}

@test "an unknown cipher or an IV of a wrong length: status 2, no file" {
	openssl pkcs8 -topk8 -v2 aria128 -in "$p256.plain" -passout env:PW -out aria
	sed 's/AES-128-CBC,.*/AES-128-CBC,00/' "$keys/openssl.rsa2048.dek-aes128" >dek
	says 2 'aria: encrypted in a way that is not supported' xferkey fips-convert -P env:PW -o new aria
	says 2 'dek: malformed key' xferkey fips-convert -P env:PW -o new dek
	[ ! -e new ]
}

@test "keys go from standard input to standard output" {
	for file in "$rsa.plain" -; do
		xferkey fips-convert -a 10000 -N env:PW "$file" <"$rsa.plain" 2>/dev/null | openssl pkey -passin env:PW -pubout |
			cmp - "$spki/ssh.rsa2048"
	done
	for option in -P -N; do
		says 2 'cannot both come from standard input' xferkey fips-convert $option stdin -
	done
}
