#!/usr/bin/env bats
# privfmt reads any private key and writes the same key in another format or under another passphrase, which ssh-keygen
# and openssl read.

load ../lib/keys
load ../lib/porcelain

export NEW='another horse'

setup() {
	umask 077
	private_keys
	rsa=$keys/ssh.rsa2048 ecdsa=$keys/ssh.ecdsa256
	types=(ssh.{rsa2048,ecdsa256,ecdsa384,ecdsa521,ed25519256})
}

# signs FILE NAME: ssh-keygen signs with FILE, which is not encrypted, and verifies the signature with the key of NAME.
signs() {
	ssh-keygen -q -Y sign -n test -f "$1" <data >sig 2>/dev/null &&
		ssh-keygen -q -Y verify -n test -f <(echo "$2 $(cat "$spki/$2.pub")") -I "$2" -s sig <data >/dev/null
}

# reads_back FILE NAME: ssh-keygen reads FILE with $PW, with its comment, and signs with it.
reads_back() {
	echo data >data
	ssh-keygen -y -P "$PW" -f "$1" | cmp - "$spki/$2.pub" &&
		ssh-keygen -q -p -P "$PW" -N '' -f "$1" >/dev/null && signs "$1" "$2"
}

# snapshot: the names, states and sums of the key files.
snapshot() {
	(cd "$keys" && stat -c '%n %s %a %h %y %z' ./* && sha256sum ./*)
}

@test "every cipher and type is read back by ssh-keygen, and signs" {
	snapshot >../before
	for type in "${types[@]}"; do
		for cipher in "${ciphers[@]}"; do
			case $type$cipher${XFERKEY_EVERY-} in
			ssh.rsa2048* | *aes256-ctr | *1) ;;
			*) continue ;;
			esac
			rm -f new
			xferkey privfmt -m OPENSSH -Z "$cipher" -a 1 -N env:PW -o new "$keys/$type.plain"
			equal "$(told new | cut -f 1,2)" "OPENSSH	$cipher"
			reads_back new "$type"
		done
	done
	snapshot | cmp - ../before
}

# all_read MAKER: privfmt converts the keys of MAKER to PKCS8, which encodes a key in one way only: the same bytes are
# the same key.
all_read() {
	snapshot >../before
	of_every_kind "$1"
	for file in "${files[@]}"; do
		IFS=. read -r maker type variant <<<"${file##*/}"
		echo "$file"
		xferkey privfmt -m PKCS8 -P env:PW -N none "$file" </dev/null | cmp - "$maker.$type"
	done
	snapshot | cmp - ../before
}

@test "ssh-keygen's files of every cipher and format are read" {
	for type in "${types[@]}"; do
		xferkey privfmt -m PKCS8 "$keys/$type.plain" >"$type"
		holds "$type" "$type"
		openssl pkey -in "$type" | cmp - "$type"
	done
	all_read ssh
}

@test "openssl's files of every protection are read as the same private key" {
	for file in "$keys"/openssl.*.plain; do
		cp "$file" "$(basename "$file" .plain)"
	done
	all_read openssl
}

@test "unprotected: every format has the bytes that ssh-keygen or openssl writes" {
	echo data >data
	for type in "${types[@]}"; do
		rm -f openssh
		xferkey privfmt -m OPENSSH -o openssh "$keys/$type.plain"
		ssh-keygen -y -f openssh | cmp - "$spki/$type.pub"
		signs openssh "$type"
		[ "$type" != ssh.ed25519256 ] || continue
		for format in PEM PKCS8; do
			xferkey privfmt -m "$format" "$keys/$type.plain" | cmp - "$keys/$type.plain-$format"
			# from OPENSSH, and back to OPENSSH
			xferkey privfmt -m openssh "$keys/$type.plain-$format" >back
			signs back "$type"
		done
	done
	for type in rsa2048 p256 p384 p521; do
		xferkey privfmt -m PEM "$keys/openssl.$type.plain" | cmp - "$keys/openssl.$type.plain-traditional"
	done
	xferkey privfmt -m OPENSSH "$keys/openssl.ed25519.plain" | xferkey privfmt -m PKCS8 |
		cmp - "$keys/openssl.ed25519.plain"
	says 2 '-m PEM: this format cannot hold a key of this type' xferkey privfmt -m PEM -o new "$keys/ssh.ed25519256.plain"
	[ ! -e new ]
}

@test "the default format is one that every documented ascp reads" {
	while read -r file label; do
		xferkey privfmt -P env:PW "$keys/$file" >new
		begins new "$label PRIVATE KEY"
		equal "$(xferkey pubfmt -P env:PW -m PKCS8 new)" "$(cat "$spki/${file%.*}")"
	done <<-'END'
		ssh.rsa2048.plain RSA
		ssh.ecdsa384.plain-PKCS8 EC
		ssh.ed25519256.plain OPENSSH
		openssl.ed25519.plain OPENSSH
		ssh.rsa2048.aes256-ctr ENCRYPTED
		openssl.p256.dek-aes128 ENCRYPTED
		ssh.ecdsa521.PEM ENCRYPTED
	END
	openssl pkey -in new -passin env:PW -noout
	xferkey privfmt -a 1 -P env:PW "$keys/openssl.ed25519.scrypt" >new
	equal "$(told new | cut -f 1-4)" 'OPENSSH	aes256-ctr	ED25519	256'
}

@test "-m PKCS8: privfmt writes the ciphers and iterations that openssl reads" {
	while read -r options cipher rounds; do
		xferkey privfmt -m PKCS8 ${options//,/ } -N env:PW "$ecdsa.plain" >new
		holds new ssh.ecdsa256
		openssl asn1parse -in new >parsed
		for part in "OBJECT *:$cipher\$" "INTEGER *:$rounds\$" 'OBJECT *:hmacWithSHA256$' 'l=  16 prim: OCTET STRING'; do
			grep "$part" parsed
		done
	done <<-'END'
		-Z,aes128,-a,12345 aes-128-cbc 3039
		-Z,aes192,-a,12345 aes-192-cbc 3039
		-Z,aes256,-a,12345 aes-256-cbc 3039
		-Z,aes256-cbc,-a,12345 aes-256-cbc 3039
		-m,PKCS8 aes-128-cbc 0927C0
	END
	for cipher in 3des-cbc des aes128-ctr chacha20-poly1305@openssh.com rot13 '' "$(printf %040d 0)"; do
		says 2 ': not a cipher that PKCS8 can be' xferkey privfmt -m PKCS8 -Z "$cipher" -N env:PW -o none "$ecdsa.plain"
	done
	says 2 ': not a cipher that OPENSSH can be' xferkey privfmt -m OPENSSH -Z rot13 -N env:PW -o none "$ecdsa.plain"
	[ ! -e none ]
}

@test "-a: sets the rounds of bcrypt, by default 24; a count of more than 10 seconds is refused" {
	# PROTOCOL.key: the rounds follow the cipher, "bcrypt" and 16 bytes of salt
	for rounds in '' 1 40; do
		xferkey privfmt -m OPENSSH ${rounds:+-a "$rounds"} -N env:PW "$ecdsa.plain" >new
		equal "$(sed '1d;$d' new | base64 -d | od -An -t u1 -j 63 -N 4)" "   0   0   0$(printf %4d "${rounds:-24}")"
	done
	ssh-keygen -y -P "$PW" -f new | cmp - "$spki/ssh.ecdsa256.pub"
	xferkey privfmt -m PKCS8 -a 1000 -N env:PW "$ecdsa.plain" | openssl pkey -passin env:PW -noout
	while IFS='|' read -r fact options; do
		says 2 "$fact" xferkey privfmt $options -N env:PW -o none "$ecdsa.plain"
	done <<-'END'
		longer than about 10 seconds|-m OPENSSH -a 4294967295
		longer than about 10 seconds|-m PKCS8 -a 4294967295
		PBKDF2 has at least 1000|-m PKCS8 -a 999
		the number of rounds cannot be chosen|-m PPK2 -a 5
		-a 0: not a number|-a 0
		-a -1: not a number|-a -1
		-a x: not a number|-a x
		-a 4294967296: not a number|-a 4294967296
	END
	says 2 '-a : not a number' xferkey privfmt -a '' -N env:PW -o none "$ecdsa.plain"
	[ ! -e none ]
}

@test "the passphrase is kept, changed or removed by -P and -N" {
	for file in ssh.rsa2048.aes256-ctr openssl.rsa2048.scrypt openssl.rsa2048.dek-aes256; do
		for format in 'OPENSSH -a 1' 'PKCS8 -a 10000'; do
			rm -f kept changed gone
			xferkey privfmt -m $format -P env:PW -o kept "$keys/$file"
			xferkey privfmt -m $format -P env:PW -N env:NEW -o changed "$keys/$file"
			xferkey privfmt -m ${format% -a*} -P env:PW -N '' -o gone "$keys/$file"
			ssh-keygen -y -P "$PW" -f kept >/dev/null
			ssh-keygen -y -P "$NEW" -f changed >/dev/null
			run ! ssh-keygen -y -P "$PW" -f changed
			ssh-keygen -y -P '' -f gone >/dev/null
			xferkey privfmt -P env:NEW -N none -m PKCS8 changed | cmp - <(xferkey privfmt -m PKCS8 gone)
		done
	done
	# without -N, an unencrypted key stays unencrypted, and -Z or -a is refused
	for option in '-Z aes128-cbc' '-a 30'; do
		says 2 'nothing is encrypted without a passphrase' xferkey privfmt $option -o new "$rsa.plain"
	done
	[ ! -e new ]
	equal "$(xferkey privfmt -m OPENSSH "$rsa.plain" | told | cut -f 1-4)" 'OPENSSH	none	RSA	2048'
}

@test "only -N none removes the passphrase; -P and -N can name the same variable" {
	: >empty
	echo >line
	export NOTHING=
	for command in 'privfmt -m PKCS8' fips-convert; do
		rm -f new
		xferkey $command -a 10000 -P env:PW -N env:PW -o new "$keys/openssl.p256.dek-aes128"
		begins new 'ENCRYPTED PRIVATE KEY'
		holds new openssl.p256
		rm new
		for source in env:NOTHING file:empty file:line file:/dev/null; do
			run -2 xferkey $command -P env:PW -N "$source" -o new "$keys/openssl.p256.dek-aes128"
			[ ! -e new ]
		done
		# two sources, but only one line
		run -2 xferkey $command -P stdin -N stdin -o new "$keys/openssl.p256.dek-aes128" <<<"$PW"
		[ ! -e new ]
	done
}

@test "-P stdin -N stdin: successive lines, and the key is an operand" {
	printf '%s\n%s\nleft\n' "$PW" "$NEW" >lines
	{
		xferkey privfmt -m OPENSSH -a 1 -P stdin -N stdin -o new "$rsa.aes256-ctr"
		equal "$(cat)" left
	} <lines
	ssh-keygen -y -P "$NEW" -f new | cmp - "$spki/ssh.rsa2048.pub"
	printf '%s\r\n%s' "$NEW" "$PW" | xferkey privfmt -m OPENSSH -a 1 -P stdin -N stdin -o newer new
	ssh-keygen -y -P "$PW" -f newer | cmp - "$spki/ssh.rsa2048.pub"
	xferkey privfmt -m PKCS8 -a 10000 -P fd:8 -N fd:9 -o numbers new 8<<<"$NEW" 9<<<"$PW"
	holds numbers ssh.rsa2048
	for options in '-P stdin' '-N stdin' '-P stdin -' '-N stdin -' '-P fd:0'; do
		says 2 'cannot both come from standard input' xferkey privfmt $options
	done
}

@test "a wrong or missing passphrase: status 2, one line, no file" {
	# bcrypt, and the padding, are tested once each
	for file in "$keys"/*.{ecdsa384,rsa2048}.*; do
		[[ $file != *.plain* ]] || continue
		says 2 "${file##*/}: wrong passphrase, or a damaged" xferkey privfmt -P env:WRONG -o new "$file"
		says 2 "${file##*/}: encrypted, and no passphrase given" xferkey privfmt -o new "$file"
	done
	equal "$(ls -A)" ''
}

@test "a passphrase source that cannot be read: the error names it and the cause" {
	printf '\xef\xbb\xbf%s\r\n' "$PW" >bom
	{ printf '\xff\xfe'; iconv -t UTF-16LE <<<"$PW"; } >utf16
	{ printf '\xfe\xff'; iconv -t UTF-16BE <<<"$PW"; } >utf16-be
	: >empty
	export BOM=$'\xef\xbb\xbf'$PW EMPTY='' KEY=$rsa.PEM
	while IFS='|' read -r source what; do
		for command in 'privfmt -o new -P' 'fpr -P' 'pubfmt -P' 'fips-convert -o new -P' 'privfmt -o new -P env:PW -N' \
			'fips-convert -o new -P env:PW -N'; do
			says 2 ": $source: $what" xferkey $command "$source" "$KEY"
		done
	done <<-'END'
		file:nowhere|No such file or directory
		file:.|Is a directory
		env:NOWHERE|not set
		fd:77|Bad file descriptor
		env:BOM|begins with a byte order mark
		file:bom|begins with a byte order mark
		file:utf16|begins with a byte order mark
		file:utf16-be|begins with a byte order mark
	END
	for source in file:empty env:EMPTY; do
		says 2 "$KEY: encrypted, and the passphrase given is empty" xferkey privfmt -P "$source" -o new "$KEY"
	done
	[ ! -e new ]
	terminal 'Passphrase for' '' -- xferkey privfmt -o new "$KEY"
	[[ $output == *": encrypted, and the passphrase given is empty"* ]]
	run -2 python3 "$top/t/fixture/pty" xferkey fpr "$KEY" <<<$'wait Passphrase for\ntype \\x04'
	[[ $output == *"$KEY: no passphrase was given (end of input at the prompt)"* ]]
}

@test "without a provider of random numbers nothing is encrypted or made, and no file is left" {
	printf '%s = x\n[x]\nproviders = y\n[y]\nbase = z\n[z]\nactivate = 1\n' openssl_conf >base.cnf
	export OPENSSL_CONF=$PWD/base.cnf
	for format in OPENSSH PKCS8 PPK2; do
		says 2 'libcrypto refuses this operation' xferkey privfmt -m "$format" -N env:PW -o new "$rsa.plain"
	done
	for type in rsa ecdsa ed25519; do
		says 2 'libcrypto refuses this operation' xferkey keygen -t "$type" -f new
	done
	equal "$(ls)" base.cnf
	# files are decrypted, and numbers computed, without openssl.cnf
	xferkey privfmt -m PKCS8 -P env:PW -N none "$keys/openssl.ed25519.v2-aes128" | cmp - "$keys/openssl.ed25519.plain"
}

@test "-m PEM with a passphrase is refused; the error names formats with safe protection" {
	refuses 'use PKCS8 or OPENSSH' xferkey privfmt -m PEM -N env:PW "$rsa.plain"
	xferkey privfmt -m PEM -P env:PW -N none "$rsa.aes256-ctr" | cmp - "$rsa.plain-PEM"
}

@test "keyinfo -i decrypts nothing and asks for nothing" {
	while IFS='|' read -r file wanted; do
		file=$(echo "$keys"/$file)
		for input in "$file" /dev/null; do
			told "$file" <"$input" 2>&1 | tr '\t' , | sed 's/FIPS modules[^,]*/3.1/; s/ (ssh reads it since 9.6)//g' >got
			equal "$(cat got)" "$wanted"
		done
		equal "$(told <"$file")" "$(told "$file")"
	done <<-'END'
		ssh.rsa2048.plain|OPENSSH,none,RSA,2048,convert,-,-
		ssh.rsa2048.aes256-gcm@openssh.com|OPENSSH,aes256-gcm@openssh.com,RSA,2048,convert,-,an AES-GCM cipher
		ssh.ecdsa521.3des-cbc|OPENSSH,3des-cbc,ECDSA,521,convert,-,-
		ssh.ed25519256.chacha*|OPENSSH,chacha20-poly1305@openssh.com,ED25519,256,3.1,-,the cipher chacha20-poly1305
		ssh.rsa2048.plain-PEM|PEM,none,RSA,2048,loads,-,-
		ssh.ecdsa384.plain-PEM|PEM,none,ECDSA,384,loads,-,-
		ssh.rsa2048.plain-PKCS8|PKCS8,none,RSA,2048,loads,-,-
		openssl.ed25519.plain|PKCS8,none,ED25519,256,3.1,ED25519 in PKCS8,ED25519 in PKCS8
		openssl.p256.plain-ecparam|PEM,none,ECDSA,256,loads,-,-
		openssl.rsa2048.dek-aes256|PEM,aes256-cbc,RSA,-,convert,-,-
		openssl.rsa2048.dek-des3|PEM,3des-cbc,RSA,-,convert,-,-
		openssl.p256.dek-aes128|PEM,aes128-cbc,-,-,convert,-,-
		ssh.ecdsa256.PKCS8|PKCS8,aes128-cbc,-,-,-,-,-
		openssl.rsa2048.scrypt|PKCS8,aes256-cbc,-,-,convert,-,-
		openssl.rsa2048.PBE-SHA1-3DES|PKCS8,3des-cbc,-,-,convert,-,-
		openssl.rsa2048.prf-512|PKCS8,aes256-cbc,-,-,-,-,-
	END
	cp "$rsa.aes256-ctr" key
	cp "$spki/ssh.ed25519256.pub" key.pub
	equal "$(told key | cut -f 2-4)" 'aes256-ctr	RSA	2048'
	says 2 'not an SSH key' told /etc/passwd
	says 2 'no key in it' told /dev/null
}

@test "keyinfo -i says what in a file prevents ssh and libssh2 from loading it" {
	cp "$rsa.plain" o
	cp "$rsa.plain-PEM" p
	cp "$keys/openssl.rsa2048.dek-aes256" d
	openssl rsa -in p -outform DER -out der 2>/dev/null
	# loads FILE SSH [LIBSSH2]
	loads() {
		equal "$(told "$1" | cut -f 6,7)" "$2	${3-$2}"
	}
	# the file; what sed changes in it; the text for ssh; the text for libssh2, if it is another
	while IFS='|' read -r file change ssh libssh2; do
		echo "$file $change"
		loads <(sed "$change" $file) "$ssh" "${libssh2:-$ssh}"
	done <<-'END'
		o||-
		o|s/$/\r/|CRLF line ends|-
		o|$s/$/\r/|CRLF line ends|-
		o|1s/^/\n/|lines before the key|-
		o|1s/^/\xef\xbb\xbf/|a byte order mark
		o|1s/^/\xef\xbb\xbf\n/|lines before the key|-
		o|s/$/ /|blanks at line ends
		o|1s/$/  /|blanks at line ends
		o|s/^/ /|indented lines
		o|$s/^/ /|indented lines
		o|3s/$/ \r\n/|-
		p|s/$/\r/|-
		p|s/$/ /|-
		p|1s/$/\n/|-
		p|2s/^/ /|-
		p|$s/$/ /|-
		p|s/^/ /|indented lines
		p|$s/^/ /|indented lines
		p|7s/..../&\n/|-
		p|1s/$/\n/; 7s/..../&\n/|lines of another length than 64
		p|1s/$/\n\n/|a blank line inside
		p|3s/$/\n/|a blank line inside
		p|3s/$/\n  /|a blank line inside
		p|$s/^/\n/|a blank line inside
		d||-
		d|s/$/ \r/|-
		d|6s/$/\n/|a blank line inside
		d|6s/$/\n  /|a blank line inside
		d|$s/^/\n/|a blank line inside
	END
	loads <(printf %s "$(cat o)") 'no newline at the end' -
	loads <(printf '\357\273\277' && printf %s "$(cat p)") -
	for form in '6s/^/ /' '7s/..../&\n/'; do
		[ "$(told <(sed "$form" d) | cut -f 6)" != - ]
	done
	{
		sed -n 1,4p d
		sed -e 1,4d -e '$d' d | tr -d '\n' | fold -w 76
		echo
		tail -n 1 d
	} >wide
	loads wide 'lines of another length than 64'
	# a file that only libcrypto refuses, in FIPS mode or not
	sed '3s/$/\n/' p >blank
	equal "$(told p blank der | cut -f 5)" $'loads\nconvert\nconvert'
	run ! openssl pkey -in blank -noout
	openssl pkey -in der -noout
	loads der DER
	loads "$keys/openssl.rsa2048.PBE-MD5-DES" 'encrypted with single DES'
	loads <(openssl genrsa -traditional 1000 2>/dev/null) 'RSA under 1024 bits' -
	loads <(openssl genpkey -algorithm ED25519 -aes128 -pass pass:x) 'ED25519 in PKCS8 (ssh reads it since 9.6)'
	equal "$(told -F <(sed 's/^/> /' p) 2>/dev/null | cut -f 5,6)" 'convert	not a key file before -F repaired it'
	equal "$(told -F <(sed 's/$/\r/' o) | cut -f 6)" 'CRLF line ends'
}

@test "-F: public keys beside one private key are skipped" {
	new_key ed25519 -C one -f k
	new_key ed25519 -C two -f other
	cat k.pub k other.pub >whole
	{ echo 'My keys:'; cat k; xferkey pubfmt -m PKCS8 other.pub; } >text
	{ sed 's/^/> /' k.pub; tr '\n' ' ' <k; } >one-line
	for file in whole text one-line; do
		xferkey privfmt -F -m PKCS8 -o new "$file" 2>/dev/null
		equal "$(xferkey pubfmt -C one new)" "$(cat k.pub)"
		rm new
		equal "$(told -F "$file" 2>/dev/null | wc -l)" 1
	done
	for file in whole text; do
		run -2 xferkey privfmt -F -o new <(cat "$file" other)
		[[ $output = *': a public key, not a private one'* ]]
	done
	says 2 'k.pub: a public key, not a private one' xferkey privfmt -F k.pub
}

@test "-C sets the comment that ssh-keygen shows" {
	for file in ssh.rsa2048.plain ssh.ecdsa256.plain-PEM openssl.ed25519.plain; do
		for comment in 'jane at home' '' 'Zoë "quoted"'; do
			rm -f new
			xferkey privfmt -m OPENSSH -C "$comment" -o new "$keys/$file"
			equal "$(ssh-keygen -y -f new)" "$(xferkey pubfmt -C "$comment" "$keys/$file")"
			xferkey pubfmt new | cmp - <(ssh-keygen -y -f new)
		done
	done
	# without -C the key keeps its comment
	for file in ssh.rsa2048.plain ssh.rsa2048.aes256-ctr; do
		xferkey privfmt -m OPENSSH -P env:PW -N none "$keys/$file" | xferkey pubfmt | cmp - "$spki/ssh.rsa2048.pub"
	done
}

@test "a file must have one private key; a public key alone is refused" {
	sed 5d "$rsa.plain" >line-lost
	while IFS='|' read -r file fact; do
		for option in -N\ none '-m OPENSSH -o new'; do
			refuses "$file: $fact" xferkey privfmt $option "$file"
		done
	done <<-END
		$spki/ssh.rsa2048.pub|a public key, not a private one
		$spki/ssh.rsa2048|a public key, not a private one
		line-lost|malformed key
	END
	[ ! -e new ]
	# as ssh does, privfmt skips a public key after the private one
	cat "$rsa.plain" "$spki/ssh.rsa2048.pub" | xferkey privfmt -m PEM | cmp - "$rsa.plain-PEM"
}

@test "other programs' encodings of numbers, lengths and labels are read, or refused with a reason" {
	need python3 ssh-keygen
	mkdir odd
	cp "$rsa.plain-PEM" rsa
	cp "$ecdsa.plain-PEM" ecdsa256
	cp "$keys/ssh.ecdsa521.plain-PEM" ecdsa521
	openssl dsaparam -genkey -noout 1024 2>/dev/null | openssl dsa -out dsa 2>/dev/null
	has_dsa || rm dsa
	for type in *a*; do
		genkeys forms "$type" "$type" odd
	done
	genkeys primes odd/rsa.PEM.primes
	for type in *a*; do
		read=()
		for file in odd/"$type".{PEM,PKCS8,OPENSSH}.*; do
			theirs=$(ssh-keygen -y -P '' -f "$file" 2>/dev/null) || :
			case $file in
			*.bad-*) want='malformed key' theirs=${theirs:+read} ;;
			*.public-zeros) want='malformed key' theirs= ;;
			*.without-primes) want='RSA without its primes' theirs= ;;
			*.primes) want='RSA with more than two primes' theirs= ;;
			*)
				read+=("$file")
				equal "$file $(blob /dev/stdin <<<"$theirs")" "$file $(xferkey pubfmt "$type")"
				continue
				;;
			esac
			equal "$file $theirs" "$file "
			says 2 "$file: $want" xferkey fpr "$file"
			says 2 "$file: $want" xferkey privfmt -o new "$file"
			[[ $file != *primes ]] || says 2 "$file: $want" told "$file"
			[ ! -e new ]
		done
		[ "${#read[@]}" -ge 8 ]
		for file in "${read[@]}"; do
			cat "$type"
		done >usual
		equal "$(xferkey fpr "${read[@]}" | cut -d " " -f 2 | uniq)" "$(xferkey fpr "$type" | cut -d " " -f 2)"
		xferkey privfmt -m PEM "${read[@]}" | cmp - <(xferkey privfmt -m PEM usual)
		# keys that were read are written in every format
		xferkey privfmt -m OPENSSH "${read[@]}" | xferkey privfmt -m PPK2 | xferkey privfmt -m PKCS8 |
			cmp - <(xferkey privfmt -m PKCS8 usual)
	done
	for file in odd/rsa.PEM.without-crt odd/rsa.PKCS8.unsigned odd/ecdsa521.OPENSSH.fixed odd/rsa.PKCS8.own-label; do
		type=${file#odd/} type=${type%%.*}
		xferkey fips-convert -N none "$file" 2>/dev/null | cmp - <(xferkey privfmt -m PKCS8 "$type")
	done
}

@test "a key whose halves do not belong together is not written" {
	need python3
	genkeys script <<-'END'
		for bits in "256", "384":
		    mine, other = (unpem(Key(generate("EC", "ec_paramgen_curve:P-" + bits)).openssh()) for _ in range(2))
		    # magic, none, none, no options, one key; then the public blob with its length
		    n = 43 + int.from_bytes(other[39:43], "big")
		    write("mixed" + bits, pem("OPENSSH PRIVATE KEY", other[:n] + mine[n:]))
	END
	for file in mixed*; do
		says 2 "$file: its public and private halves do not belong together" xferkey privfmt -o new "$file"
		[ ! -e new ]
	done
}

@test "-o and -f: files have mode 0600; -f makes both files of the pair, with the comment, or neither" {
	(umask 0 && xferkey privfmt -o new "$rsa.plain")
	equal "$(stat -c %a new)" 600
	xferkey privfmt "$rsa.plain" >private
	cmp private new
	rm new
	new_key ed25519 -C "it's me" -f key
	xferkey privfmt -m PKCS8 -f pkcs8 key
	xferkey privfmt -f both key
	for file in pkcs8 both; do
		equal "$(stat -c %a "$file" "$file.pub")" $'600\n644'
		equal "$(cat "$file.pub")" "$(cat key.pub)"
	done
	says 2 'both exists and is left alone' xferkey privfmt -f both key
	rm both
	says 2 'both.pub exists and is left alone' xferkey privfmt -f both key
	cat key pkcs8 >two
	says 2 'a second key' xferkey privfmt -f new two
	says 2 '-o and -f: name only one result file' xferkey privfmt -o one -f new two
	says 2 'unknown option -l' xferkey privfmt -l key
	# a control character in the comment is escaped in the .pub file
	new_key ed25519 -C "$(printf 'a\033b')" -f control
	xferkey privfmt -f new control
	equal "$(cut -d ' ' -f 3- new.pub)" 'a\033b'
	equal "$(ls both* new*)" $'both.pub\nnew\nnew.pub'
}

@test "a comment that would exceed 1 MiB when its control characters are escaped is refused; -C replaces it" {
	need python3
	new_key ed25519 -C c -f small
	python3 - >big <<-'END'
		import base64
		raw = base64.b64decode("".join(open("small").read().split("\n")[1:-2]))
		def end(at, fields):
		    for _ in range(fields):
		        at += 4 + int.from_bytes(raw[at:at + 4], "big")
		    return at
		field = lambda b: len(b).to_bytes(4, "big") + b
		half = end(end(15, 3) + 4, 1)  # after the names, the number of keys and the public half
		inner = raw[half + 4:end(half + 12, 3)] + field(b"aaaaaaa\1" * 95340)
		inner += bytes(range(1, 1 + -len(inner) % 8))
		text = base64.encodebytes(raw[:half] + field(inner)).decode()
		print(f"-----BEGIN OPENSSH PRIVATE KEY-----\n{text}-----END OPENSSH PRIVATE KEY-----")
	END
	chmod 600 big
	says 2 'big: -m OPENSSH: too large' xferkey privfmt -m OPENSSH -o new big
	[ ! -e new ]
	xferkey privfmt -m OPENSSH -C c -o new big
	same_key new small.pub
}
