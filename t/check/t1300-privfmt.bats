#!/usr/bin/env bats
# privfmt: any private key in, the same key out in another format or under
# another passphrase, which ssh-keygen and openssl read.

load ../lib/test
load ../lib/keys
load ../lib/porcelain

export NEW='another horse'

setup() {
	umask 077
	private_keys
	types=(ssh.{rsa2048,ecdsa256,ecdsa384,ecdsa521,ed25519256})
}

# signs FILE NAME: ssh-keygen signs with FILE, which is unprotected, and knows
# the signature for that of NAME's key.
signs() {
	ssh-keygen -q -Y sign -n test -f "$1" <data >sig 2>/dev/null &&
		ssh-keygen -q -Y verify -n test -f <(echo "$2 $(cat "$spki/$2.pub")") -I "$2" -s sig <data >/dev/null
}

# reads_back FILE NAME: under $PW, by ssh-keygen; its comment is there too.
reads_back() {
	echo data >data
	ssh-keygen -y -P "$PW" -f "$1" | cmp - "$spki/$2.pub" &&
		ssh-keygen -q -p -P "$PW" -N '' -f "$1" >/dev/null && signs "$1" "$2"
}

# unchanged: the keys are what they were when the test began.
remember() {
	(cd "$keys" && stat -c '%n %s %a %h %y %z' ./* && sha256sum ./*) >"$BATS_TEST_TMPDIR/remembered"
}

unchanged() {
	(cd "$keys" && stat -c '%n %s %a %h %y %z' ./* && sha256sum ./*) | cmp - "$BATS_TEST_TMPDIR/remembered"
}

@test "every cipher and type is read back by ssh-keygen, and signs" {
	remember
	failed=
	for type in "${types[@]}"; do
		for cipher in 3des-cbc aes{128,192,256}-{cbc,ctr} aes{128,256}-gcm@openssh.com \
		    chacha20-poly1305@openssh.com; do
			case $type$cipher${XFERKEY_EVERY-} in
			ssh.rsa2048* | *aes256-ctr | *1) ;;
			*) continue ;;
			esac
			rm -f new
			xferkey privfmt -m OPENSSH -Z "$cipher" -a 1 -N env:PW -o new "$keys/$type.plain" &&
				[ "$(told new | cut -f 1,2)" = "OPENSSH	$cipher" ] &&
				reads_back new "$type" || failed="$failed $type:$cipher"
		done
	done
	equal "$failed" ''
	unchanged
}

# all_read MAKER: its keys, as PKCS8, which has no freedom: the same key is the same bytes.
all_read() {
	remember
	of_every_kind "$1"
	for file in "${files[@]}"; do
		IFS=. read -r maker type variant <<<"${file##*/}"
		case $variant in
		plain*) pass=() ;;
		*) pass=(-P env:PW -N none) ;;
		esac
		xferkey privfmt -m PKCS8 "${pass[@]}" "$file" </dev/null | cmp - "$maker.$type" || echo "$file"
	done >failed
	equal "$(cat failed)" ''
	unchanged
}

@test "ssh-keygen's files of every cipher and format are read: the same private key" {
	for type in "${types[@]}"; do
		xferkey privfmt -m PKCS8 "$keys/$type.plain" >"$type"
		openssl pkey -in "$type" -pubout | cmp - "$spki/$type"
		openssl pkey -in "$type" | cmp - "$type"
	done
	all_read ssh
}

@test "openssl's files of every protection are read: the same private key" {
	for file in "$keys"/openssl.*.plain; do
		cp "$file" "$(basename "$file" .plain)"
	done
	all_read openssl
}

@test "unprotected: every format is what ssh-keygen or openssl writes" {
	echo data >data
	for type in "${types[@]}"; do
		rm -f openssh
		xferkey privfmt -m OPENSSH -o openssh "$keys/$type.plain"
		ssh-keygen -y -f openssh | cmp - "$spki/$type.pub"
		signs openssh "$type"
		[ "$type" != ssh.ed25519256 ] || continue
		for format in PEM PKCS8; do
			xferkey privfmt -m "$format" "$keys/$type.plain" | cmp - "$keys/$type.plain-$format"
			# out of OPENSSH and back into it
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

@test "the default format is what every documented ascp reads" {
	while read -r label file; do
		xferkey privfmt "$keys/$file" >new
		equal "$(head -n 1 new)" "-----BEGIN $label PRIVATE KEY-----"
	done <<-'END'
		RSA ssh.rsa2048.plain
		EC ssh.ecdsa384.plain-PKCS8
		OPENSSH ssh.ed25519256.plain
		OPENSSH openssl.ed25519.plain
	END
	for file in ssh.rsa2048.aes256-ctr openssl.p256.dek-aes128 ssh.ecdsa521.PEM; do
		xferkey privfmt -a 10000 -P env:PW "$keys/$file" >new
		equal "$(head -n 1 new)" '-----BEGIN ENCRYPTED PRIVATE KEY-----'
		openssl pkey -in new -passin env:PW -pubout | cmp - "$spki/${file%.*}"
	done
	xferkey privfmt -a 1 -P env:PW "$keys/openssl.ed25519.scrypt" >new
	equal "$(told new)" "OPENSSH	aes256-ctr	ED25519	256	FIPS modules of OpenSSL 3.1 to 3.3 refuse Ed25519 and Ed448; RSA 3072 or ECDSA is safer	-	-"
}

@test "-m PKCS8: the ciphers and iterations that openssl reads" {
	while read -r cipher wanted; do
		xferkey privfmt -m PKCS8 -Z "$cipher" -a 12345 -N env:PW "$keys/ssh.ecdsa256.plain" >new
		openssl pkey -in new -passin env:PW -pubout | cmp - "$spki/ssh.ecdsa256"
		openssl asn1parse -in new >parsed
		echo "$cipher"
		grep -q "OBJECT *:$wanted\$" parsed
		grep -q 'INTEGER *:3039$' parsed
		grep -q 'OBJECT *:hmacWithSHA256$' parsed
		grep -q 'l=  16 prim: OCTET STRING' parsed
	done <<-'END'
		aes128 aes-128-cbc
		aes192 aes-192-cbc
		aes256 aes-256-cbc
		aes256-cbc aes-256-cbc
	END
	xferkey privfmt -m PKCS8 -N env:PW "$keys/ssh.ecdsa256.plain" | openssl asn1parse >parsed
	grep -q 'OBJECT *:aes-128-cbc$' parsed
	grep -q 'INTEGER *:0927C0$' parsed
	for cipher in 3des-cbc des aes128-ctr chacha20-poly1305@openssh.com rot13 ''; do
		says 2 ': not a cipher that PKCS8 can be written with' \
		    xferkey privfmt -m PKCS8 -Z "$cipher" -N env:PW -o none "$keys/ssh.ecdsa256.plain"
	done
	[ ! -e none ]
}

@test "-a: rounds of bcrypt, 24 unless told; what would take too long is refused" {
	# PROTOCOL.key: their number stands behind cipher, "bcrypt" and 16 bytes of salt
	for rounds in '' 1 40; do
		xferkey privfmt -m OPENSSH ${rounds:+-a "$rounds"} -N env:PW "$keys/ssh.ecdsa256.plain" >new
		sed '1d;$d' new | base64 -d >blob
		equal "$(od -An -t u1 -j 63 -N 4 blob | awk '{ print (($1 * 256 + $2) * 256 + $3) * 256 + $4 }')" "${rounds:-24}"
	done
	ssh-keygen -y -P "$PW" -f new | cmp - "$spki/ssh.ecdsa256.pub"
	says 2 'longer than about 10 seconds' \
	    xferkey privfmt -m OPENSSH -a 4294967295 -N env:PW -o none "$keys/ssh.ecdsa256.plain"
	says 2 'longer than about 10 seconds' \
	    xferkey privfmt -m PKCS8 -a 4294967295 -N env:PW -o none "$keys/ssh.ecdsa256.plain"
	says 2 'PBKDF2 has at least 1000 iterations' \
	    xferkey privfmt -m PKCS8 -a 999 -N env:PW -o none "$keys/ssh.ecdsa256.plain"
	xferkey privfmt -m PKCS8 -a 1000 -N env:PW "$keys/ssh.ecdsa256.plain" | openssl pkey -passin env:PW -noout
	for rounds in 0 -1 x '' 4294967296; do
		says 2 "-a $rounds: not a number" xferkey privfmt -a "$rounds" -N env:PW -o none "$keys/ssh.ecdsa256.plain"
	done
	[ ! -e none ]
}

@test "the passphrase is kept, changed or taken away, as asked" {
	for file in ssh.rsa2048.aes256-ctr openssl.rsa2048.scrypt openssl.rsa2048.dek-aes256; do
		for format in OPENSSH PKCS8; do
			rounds=10000
			[ "$format" = PKCS8 ] || rounds=1
			rm -f kept changed gone
			xferkey privfmt -m "$format" -a "$rounds" -P env:PW -o kept "$keys/$file"
			ssh-keygen -y -P "$PW" -f kept >/dev/null
			xferkey privfmt -m "$format" -a "$rounds" -P env:PW -N env:NEW -o changed "$keys/$file"
			ssh-keygen -y -P "$NEW" -f changed >/dev/null
			run ! ssh-keygen -y -P "$PW" -f changed
			xferkey privfmt -m "$format" -P env:PW -N '' -o gone "$keys/$file"
			ssh-keygen -y -P '' -f gone >/dev/null
			xferkey privfmt -P env:NEW -N none -m PKCS8 changed | cmp - <(xferkey privfmt -m PKCS8 gone)
		done
	done
	# an unprotected key stays so unless told, and says so
	for option in '-Z aes128-cbc' '-a 30'; do
		says 2 'nothing is encrypted without a passphrase (-N)' xferkey privfmt $option -o new "$keys/ssh.rsa2048.plain"
	done
	[ ! -e new ]
	equal "$(xferkey privfmt -m OPENSSH "$keys/ssh.rsa2048.plain" | told)" 'OPENSSH	none	RSA	2048	convert	-	-'
}

@test "one variable may be both -P and -N" {
	xferkey privfmt -m PKCS8 -a 10000 -P env:PW -N env:PW -o new "$keys/openssl.p256.dek-aes128"
	equal "$(told new)" "PKCS8	aes128-cbc	-	-	-	-	-"
	openssl pkey -in new -passin env:PW -pubout | cmp - "$spki/openssl.p256"
}

@test "only -N none takes the passphrase away: an empty source does not" {
	: >empty
	echo >line
	export NOTHING=
	for source in env:NOTHING file:empty file:line file:/dev/null; do
		run xferkey privfmt -P env:PW -N "$source" -o new "$keys/ssh.rsa2048.aes256-ctr"
		echo "$source: $status: $output"
		[ "$status" -eq 2 ]
		[ ! -e new ]
	done
}

@test "-P stdin -N stdin: successive lines, and the key is an operand" {
	printf '%s\n%s\nleft\n' "$PW" "$NEW" >lines
	{
		xferkey privfmt -m OPENSSH -a 1 -P stdin -N stdin -o new "$keys/ssh.rsa2048.aes256-ctr"
		cat >left
	} <lines
	equal "$(cat left)" left
	ssh-keygen -y -P "$NEW" -f new | cmp - "$spki/ssh.rsa2048.pub"
	printf '%s\r\n%s' "$NEW" "$PW" |
		xferkey privfmt -m OPENSSH -a 1 -P stdin -N stdin -o newer new
	ssh-keygen -y -P "$PW" -f newer | cmp - "$spki/ssh.rsa2048.pub"
	xferkey privfmt -m PKCS8 -a 10000 -P fd:8 -N fd:9 -o numbers new 8<<<"$NEW" 9<<<"$PW"
	openssl pkey -in numbers -passin env:PW -pubout | cmp - "$spki/ssh.rsa2048"
	for options in '-P stdin' '-N stdin' '-P stdin -' '-N stdin -' '-P fd:0'; do
		says 2 'the passphrase and the key cannot both come from standard input' xferkey privfmt $options
	done
	says 2 'at most 1023 bytes' xferkey privfmt -N file:/dev/fd/7 -o none "$keys/ssh.rsa2048.plain" \
	    7< <(head -c 1024 /dev/zero | tr '\0' x)
	[ ! -e none ]
}

@test "a wrong or missing passphrase: status 2, one line, no file" {
	for file in "$keys"/{ssh,openssl}.*; do
		[[ $file != *.plain* ]] || continue
		# bcrypt and padding: each once
		case $file in
		*.ecdsa384.* | *.rsa2048.*) ;;
		*) continue ;;
		esac
		says 2 "${file##*/}: wrong passphrase, or a damaged key" xferkey privfmt -P env:WRONG -o new "$file"
		says 2 "${file##*/}: encrypted, and no passphrase given (-P source)" xferkey privfmt -o new "$file"
	done
	says 2 'PEM: encrypted, and no passphrase given' xferkey privfmt -P none -o new "$keys/ssh.rsa2048.PEM"
	equal "$(ls -A)" ''
}

@test "a passphrase that cannot be had: its source is named, with what was seen there; no key is tried" {
	printf '\xef\xbb\xbf%s\r\n' "$PW" >bom
	{ printf '\xff\xfe'; iconv -t UTF-16LE <<<"$PW"; } >utf16
	{ printf '\xfe\xff'; iconv -t UTF-16BE <<<"$PW"; } >utf16-be
	: >empty
	export BOM=$'\xef\xbb\xbf'$PW EMPTY='' KEY=$keys/ssh.rsa2048.PEM
	mark='begins with a byte order mark, which is part of no passphrase: save it as UTF-8 without one'
	while IFS='|' read -r source what; do
		source=${source/@/file:}
		says 2 ": $source: $what" xferkey privfmt -P "$source" -o new "$KEY"
		says 2 ": $source: $what" xferkey fpr -P "$source" "$KEY"
		says 2 ": $source: $what" xferkey pubfmt -P "$source" "$KEY"
		says 2 ": $source: $what" xferkey fips-convert -P "$source" -o new "$KEY"
		says 2 ": $source: $what" xferkey privfmt -P env:PW -N "$source" -o new "$KEY"
		says 2 ": $source: $what" xferkey fips-convert -P env:PW -N "$source" -o new "$KEY"
	done <<-END
		@nowhere|No such file or directory
		@.|Is a directory
		env:NOWHERE|not set
		fd:77|Bad file descriptor
		env:BOM|$mark
		@bom|$mark
		@utf16|$mark
		@utf16-be|$mark
	END
	for source in file:empty env:EMPTY; do
		says 2 "$KEY: encrypted, and the passphrase given is empty" xferkey privfmt -P "$source" -o new "$KEY"
	done
	[ ! -e new ]
	terminal 'Passphrase for' '' -- xferkey privfmt -o new "$KEY"
	[[ $output == *": encrypted, and the passphrase given is empty"* ]]
	run -2 python3 "$top/t/fixture/pty" xferkey fpr "$KEY" <<<$'wait Passphrase for\ntype \\x04'
	[[ $output == *"xferkey-fpr: $KEY: no passphrase was given (end of input at the prompt)"* ]]
}

@test "-m PEM has no safe protection: refused, and said what has" {
	says 2 '-m PEM: this format has no safe protection by a passphrase; PKCS8 and OPENSSH have' \
	    xferkey privfmt -m PEM -N env:PW -o new "$keys/ssh.rsa2048.plain"
	says 2 '-m PEM: this format has no safe protection' \
	    xferkey privfmt -m PEM -P env:PW -o new "$keys/ssh.rsa2048.aes256-ctr"
	[ ! -e new ]
	xferkey privfmt -m PEM -P env:PW -N none "$keys/ssh.rsa2048.aes256-ctr" | cmp - "$keys/ssh.rsa2048.plain-PEM"
}

@test "-l: format, protection, type, bits, FIPS, ssh and libssh2; nothing is opened or asked" {
	while IFS='|' read -r file wanted; do
		equal "$(told "$keys/$file" </dev/null 2>&1)" "$(printf %b "$wanted")"
		equal "$(told <"$keys/$file")" "$(printf %b "$wanted")"
	done <<-'END'
		ssh.rsa2048.plain|OPENSSH\tnone\tRSA\t2048\tconvert\t-\t-
		ssh.rsa2048.aes256-gcm@openssh.com|OPENSSH\taes256-gcm@openssh.com\tRSA\t2048\tconvert\t-\tan AES-GCM cipher
		ssh.ecdsa521.3des-cbc|OPENSSH\t3des-cbc\tECDSA\t521\tconvert\t-\t-
		ssh.ed25519256.chacha20-poly1305@openssh.com|OPENSSH\tchacha20-poly1305@openssh.com\tED25519\t256\tFIPS modules of OpenSSL 3.1 to 3.3 refuse Ed25519 and Ed448; RSA 3072 or ECDSA is safer\t-\tthe cipher chacha20-poly1305
		ssh.rsa2048.plain-PEM|PEM\tnone\tRSA\t2048\tloads\t-\t-
		ssh.ecdsa384.plain-PEM|PEM\tnone\tECDSA\t384\tloads\t-\t-
		ssh.rsa2048.plain-PKCS8|PKCS8\tnone\tRSA\t2048\tloads\t-\t-
		openssl.ed25519.plain|PKCS8\tnone\tED25519\t256\tFIPS modules of OpenSSL 3.1 to 3.3 refuse Ed25519 and Ed448; RSA 3072 or ECDSA is safer\tED25519 in PKCS8 (ssh reads it since 9.6)\tED25519 in PKCS8 (ssh reads it since 9.6)
		openssl.p256.plain-ecparam|PEM\tnone\tECDSA\t256\tloads\t-\t-
		openssl.rsa2048.dek-aes256|PEM\taes256-cbc\tRSA\t-\tconvert\t-\t-
		openssl.rsa2048.dek-des3|PEM\t3des-cbc\tRSA\t-\tconvert\t-\t-
		openssl.p256.dek-aes128|PEM\taes128-cbc\t-\t-\tconvert\t-\t-
		ssh.ecdsa256.PKCS8|PKCS8\taes128-cbc\t-\t-\t-\t-\t-
		openssl.rsa2048.scrypt|PKCS8\taes256-cbc\t-\t-\tconvert\t-\t-
		openssl.rsa2048.PBE-SHA1-3DES|PKCS8\t3des-cbc\t-\t-\tconvert\t-\t-
		openssl.rsa2048.prf-512|PKCS8\taes256-cbc\t-\t-\t-\t-\t-
	END
	cp "$keys/ssh.rsa2048.aes256-ctr" key
	cp "$spki/ssh.ed25519256.pub" key.pub
	equal "$(told key)" 'OPENSSH	aes256-ctr	RSA	2048	convert	-	-'
	says 2 'a public key, not a private one' xferkey privfmt key.pub
	says 2 'not an SSH key' told /etc/passwd
	says 2 'no key in it' told /dev/null
}

@test "-l: what of a file keeps ssh and libssh2 from loading it" {
	cp "$keys/ssh.rsa2048.plain" o
	cp "$keys/ssh.rsa2048.plain-PEM" p
	cp "$keys/openssl.rsa2048.dek-aes256" d
	openssl rsa -in p -outform DER -out der 2>/dev/null
	# loads FILE SSH LIBSSH2
	loads() {
		equal "$(told "$1" | cut -f 6,7)" "$2	$3"
	}
	loads o - -
	loads <(sed 's/$/\r/' o) 'CRLF line ends' -
	loads <(sed '$s/$/\r/' o) 'CRLF line ends' -
	loads <(printf %s "$(cat o)") 'no newline at the end' -
	loads <(echo && cat o) 'lines before the key' -
	loads <(printf '\357\273\277' && cat o) 'a byte order mark' 'a byte order mark'
	loads <(printf '\357\273\277\n' && cat o) 'lines before the key' -
	loads <(sed 's/$/ /' o) 'blanks at line ends' 'blanks at line ends'
	loads <(sed 's/^/ /' o) 'indented lines' 'indented lines'
	loads <(sed '$s/^/ /' o) 'indented lines' 'indented lines'
	loads <(sed '3s/$/ \r\n/' o) - -
	for form in 's/$/\r/' 's/$/ /' '1s/$/\n/' '2s/^/ /' '$s/$/ /'; do
		loads <(sed "$form" p) - -
	done
	loads <(printf '\357\273\277' && printf %s "$(cat p)") - -
	loads <(sed 's/^/ /' p) 'indented lines' 'indented lines'
	loads <(sed '$s/^/ /' p) 'indented lines' 'indented lines'
	loads d - -
	for form in '6s/^/ /' '7s/..../&\n/' '$s/^/\n/'; do
		[ "$(told <(sed "$form" d) | cut -f 6)" != - ]
	done
	{
		sed -n 1,4p d
		sed -e 1,4d -e '$d' d | tr -d '\n' | fold -w 76
		echo
		tail -n 1 d
	} >wide
	loads wide 'lines of another length than 64' 'lines of another length than 64'
	loads <(sed 's/$/ \r/' d) - -
	loads <(sed '7s/..../&\n/' p) - -
	loads <(sed '1s/$/\n/; 7s/..../&\n/' p) 'lines of another length than 64' 'lines of another length than 64'
	for form in '1s/$/\n\n/' '3s/$/\n/' '3s/$/\n  /' '$s/^/\n/'; do
		loads <(sed "$form" p) 'a blank line inside' 'a blank line inside'
		[ "$form" = '1s/$/\n\n/' ] ||
			loads <(sed "${form/3/6}" d) 'a blank line inside' 'a blank line inside'
	done
	# libcrypto alone, in FIPS mode or not
	sed '3s/$/\n/' p >blank
	equal "$(told p blank der | cut -f 5)" $'loads\nconvert\nloads'
	run ! openssl pkey -in blank -noout
	openssl pkey -in der -noout
	loads der DER DER
	loads "$keys/openssl.rsa2048.PBE-MD5-DES" 'encrypted with single DES' 'encrypted with single DES'
	loads <(openssl genrsa -traditional 1000 2>/dev/null) 'RSA under 1024 bits' -
	loads <(openssl genpkey -algorithm ED25519 -aes128 -pass pass:x) \
		'ED25519 in PKCS8 (ssh reads it since 9.6)' 'ED25519 in PKCS8 (ssh reads it since 9.6)'
	equal "$(told -F <(sed 's/^/> /' p) 2>/dev/null | cut -f 6)" 'not a key file before -F mended it'
	equal "$(told -F <(sed 's/$/\r/' o) | cut -f 6)" 'CRLF line ends'
}

@test "-F: public keys beside the one private key are passed over, as without it; beside two they are not" {
	ssh-keygen -q -t ed25519 -N '' -C one -f k
	ssh-keygen -q -t ed25519 -N '' -C two -f other
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
		cat "$file" other >two
		run -2 xferkey privfmt -F -o new two
		[[ $output = *': a public key, not a private one'* ]]
	done
	says 2 'k.pub: a public key, not a private one' xferkey privfmt -F k.pub
}

@test "-C: the comment that ssh-keygen shows" {
	for file in ssh.rsa2048.plain ssh.ecdsa256.plain-PEM openssl.ed25519.plain; do
		for comment in 'jane at home' '' 'Zoë "quoted"'; do
			rm -f new
			xferkey privfmt -m OPENSSH -C "$comment" -o new "$keys/$file"
			equal "$(ssh-keygen -y -f new)" "$(xferkey pubfmt -C "$comment" "$keys/$file")"
			xferkey pubfmt new | cmp - <(ssh-keygen -y -f new)
		done
	done
	# without it the key keeps its own
	for file in ssh.rsa2048.plain ssh.rsa2048.aes256-ctr; do
		xferkey privfmt -m OPENSSH -P env:PW -N none "$keys/$file" | xferkey pubfmt | cmp - "$spki/ssh.rsa2048.pub"
	done
}

@test "one private key a file; a public one is none" {
	cat "$keys/ssh.rsa2048.plain" "$spki/ssh.rsa2048.pub" >pair
	cp "$spki/ssh.rsa2048.pub" public
	cp "$spki/ssh.rsa2048" spki
	head -n 5 "$keys/ssh.rsa2048.plain" >truncated
	sed 5d "$keys/ssh.rsa2048.plain" >line-lost
	sed '5s/./!/' "$keys/ssh.rsa2048.plain-PEM" >garbled
	mkdir folder
	while IFS='|' read -r file message; do
		for option in -N\ none '-m OPENSSH -o new'; do
			says 2 "$file: $message" xferkey privfmt $option "$file"
			[ ! -s "$BATS_TEST_TMPDIR/out" ]
		done
	done <<-'END'
		public|a public key, not a private one
		spki|a public key, not a private one
		truncated|truncated: its last line is missing
		line-lost|malformed key
		garbled|malformed key
		folder|Is a directory
		missing|No such file or directory
	END
	[ ! -e new ]
	# ssh takes the private one
	xferkey privfmt -m PEM -o new pair
	cmp new "$keys/ssh.rsa2048.plain-PEM"
}

# odd_keys: makes, in the working directory, one key of each type, TYPE, and its forms by t/tools/genkeys, odd/TYPE.*.
odd_keys() {
	local type
	mkdir odd
	cp "$keys/ssh.rsa2048.plain-PEM" rsa
	cp "$keys/ssh.ecdsa256.plain-PEM" ecdsa256
	cp "$keys/ssh.ecdsa521.plain-PEM" ecdsa521
	openssl dsaparam -genkey -noout 1024 2>/dev/null | openssl dsa -out dsa 2>/dev/null
	for type in rsa ecdsa256 ecdsa521 dsa; do
		"$top/t/tools/genkeys" forms "$type" "$type" odd
	done
	# OpenSSH 10 has no DSA
	ssh -Q key | grep -qx ssh-dss || rm dsa odd/dsa.{PEM,PKCS8,OPENSSH}.*
}

@test "numbers, lengths and labels that other writers have: what ssh reads is read, and written again in the usual form" {
	need python3 ssh-keygen
	odd_keys
	"$top/t/tools/genkeys" primes odd/rsa.PEM.primes
	trap - DEBUG # bats traces what runs, at a cost
	failed=
	for type in rsa ecdsa256 ecdsa521 dsa; do
		[ -e "$type" ] || continue
		read=()
		for file in odd/"$type".{PEM,PKCS8,OPENSSH}.*; do
			theirs=$(ssh-keygen -y -P '' -f "$file" 2>/dev/null) || :
			case $file in
			*.bad-*) want='malformed key' theirs=${theirs:+read} ;;
			*.public-zeros) want='malformed key' theirs= ;;
			*.without-primes) want='RSA without its primes, which is not read here' theirs= ;;
			*.primes) want='RSA of more than two primes, which is not read here' theirs= ;;
			*)
				read+=("$file")
				[ "$(cut -d ' ' -f 1,2 <<<"$theirs")" = "$(xferkey pubfmt "$type")" ] || failed="$failed $file"
				continue
				;;
			esac
			[ -z "$theirs" ] || failed="$failed $file"
			says 2 "$file: $want" xferkey fpr "$file"
			says 2 "$file: $want" xferkey privfmt -o new "$file"
			case $file in
			*primes) says 2 "$file: $want" told "$file" ;;
			esac
			[ ! -e new ]
		done
		[ "${#read[@]}" -ge 8 ]
		for file in "${read[@]}"; do
			cat "$type"
		done >usual
		equal "$(xferkey fpr "${read[@]}" | cut -d " " -f 2 | uniq)" "$(xferkey fpr "$type" | cut -d " " -f 2)"
		xferkey privfmt -m PEM "${read[@]}" | cmp - <(xferkey privfmt -m PEM usual)
		# what is kept is written in every format
		xferkey privfmt -m OPENSSH "${read[@]}" | xferkey privfmt -m PPK2 | xferkey privfmt -m PKCS8 |
			cmp - <(xferkey privfmt -m PKCS8 usual)
	done
	equal "$failed" ''
	for file in odd/rsa.PEM.without-crt odd/rsa.PKCS8.unsigned odd/ecdsa521.OPENSSH.fixed odd/rsa.PKCS8.own-label; do
		type=${file#odd/} type=${type%%.*}
		xferkey fips-convert -N none "$file" 2>/dev/null | cmp - <(xferkey privfmt -m PKCS8 "$type")
	done
}

@test "a key whose halves do not belong together is not written" {
	# the public half of one file, the private half of another
	for type in ecdsa256 ecdsa384; do
		ssh-keygen -q -t ecdsa -b "${type#ecdsa}" -N '' -C '' -f other
		sed '1d;$d' other | base64 -d >other.blob
		# magic, none, none, no options, one key; then the public blob with its length
		length=$((0x$(od -An -t x1 -j 39 -N 4 other.blob | tr -d ' ')))
		ssh-keygen -q -t ecdsa -b "${type#ecdsa}" -N '' -C '' -f mine
		sed '1d;$d' mine | base64 -d >mine.blob
		{
			echo '-----BEGIN OPENSSH PRIVATE KEY-----'
			{ head -c $((43 + length)) other.blob; tail -c +$((44 + length)) mine.blob; } | base64 -w 70
			echo '-----END OPENSSH PRIVATE KEY-----'
		} >mixed
		says 2 'mixed: its public and private halves do not belong together' xferkey privfmt -o new mixed
		[ ! -e new ]
		rm -f other mine
	done
}

@test "-o: mode 0600, never over anything; standard output only where nobody else reads it" {
	(umask 0 && xferkey privfmt -o new "$keys/ssh.rsa2048.plain")
	equal "$(stat -c %a new)" 600
	printf 'precious\n' >file
	ln -s nowhere dangling
	ln -s file link
	mkdir folder
	find . -printf '%p %l %y %m %s %t\n' >../before
	for path in file dangling link folder new; do
		says 2 "$path exists and is left alone" xferkey privfmt -o "$path" "$keys/ssh.rsa2048.plain"
	done
	find . -printf '%p %l %y %m %s %t\n' | cmp - ../before
	readable() { (umask 022 && xferkey privfmt "$keys/ssh.rsa2048.plain" >readable); }
	says 2 'refused: others can read the file that the private key would go to' readable
	[ ! -s readable ]
	xferkey privfmt "$keys/ssh.rsa2048.plain" >private
	cmp private new
}

@test "-f: the pair of files, with the comment, both or neither" {
	ssh-keygen -q -t ed25519 -N '' -C "it's me" -f key
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
	says 2 '-o and -f: one file' xferkey privfmt -o one -f new two
	says 2 'unknown option -l' xferkey privfmt -l key
	# a comment cannot begin a line of its own
	ssh-keygen -q -t ed25519 -N '' -C "$(printf 'a\033b')" -f control
	xferkey privfmt -f new control
	equal "$(cut -d ' ' -f 3- new.pub)" 'a\033b'
	equal "$(ls both* new*)" $'both.pub\nnew\nnew.pub'
}

@test "OpenSSH's own test keys come out again, sk-* and composite ones too" {
	vectors=${XFERKEY_VECTORS:-$top/../shared/vectors/openssh}
	if [ ! -d "$vectors" ]; then
		echo '# no vectors' >&3
		return 0
	fi
	failed='' n=0
	for file in "$vectors"/*; do
		grep -qs '^-----BEGIN .*PRIVATE KEY' "$file" || continue
		n=$((n + 1))
		rm -f plain sealed
		xferkey privfmt -m OPENSSH -P "file:$vectors/pw" -N none -o plain "$file" &&
			xferkey privfmt -m OPENSSH -a 1 -N env:PW -o sealed plain &&
			equal "$(xferkey pubfmt -C '' plain)" "$(xferkey pubfmt -C '' "${file%_pw}")" &&
			equal "$(xferkey pubfmt -P env:PW sealed)" "$(xferkey pubfmt plain)" || failed="$failed $file"
		case $file in
		*mldsa*) ;;
		*) equal "$(ssh-keygen -y -P "$PW" -f sealed)" "$(xferkey pubfmt plain)" || failed="$failed $file" ;;
		esac
		case $file in
		*_sk* | *mldsa*)
			says 2 '-m PKCS8: this format cannot hold a key of this type' xferkey privfmt -m PKCS8 plain ||
				failed="$failed $file"
			;;
		esac
	done
	equal "$failed" ''
	[ "$n" -ge 20 ]
}
