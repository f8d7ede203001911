#!/usr/bin/env bats
# keygen: keys as asked for, in files that nobody else can read and that were
# not there before.

load ../lib/test
load ../lib/porcelain

setup() {
	private_home
	need ssh-keygen openssl
}

# opens FILE [PASSPHRASE]: FILE is the private half of FILE.pub, to others.
opens() {
	local public
	if public=$(ssh-keygen -y -P "${2-}" -f "$1" 2>/dev/null); then
		equal "$(echo "$public" | cut -d ' ' -f 1,2)" "$(blob "$1.pub")"
	else # Ed25519 in PKCS#8, which ssh-keygen reads from 9.6 on
		public=$(openssl pkey -in "$1" -passin "pass:${2-}" -pubout -outform DER | tail -c 32 | openssl base64)
		equal "$public" "$(blob "$1.pub" | cut -d ' ' -f 2 | openssl base64 -d -A | tail -c 32 | openssl base64)"
	fi
}

# shows FILE BITS TYPE: what ssh-keygen says of the public half.
shows() {
	local line
	line=$(ssh-keygen -lf "$1.pub")
	equal "${line%% *} ${line##* }" "$2 ($3)"
}

modes() {
	equal "$(ls -l "$@" | cut -c 1-10 | tr '\n' ' ')" '-rw------- -rw-r--r-- '
}

first_line() {
	head -n 1 "$1"
}

# on_terminal STEPS COMMAND ...: see t/fixture/pty.
on_terminal() {
	need python3
	local steps=$1
	shift
	run python3 "$top/t/fixture/pty" "$@" <<<"$steps"
}

@test "without options: RSA 3072 in PKCS#1, user@host, no passphrase" {
	run -0 xferkey keygen -f k
	[ -z "$output" ]
	equal "$(first_line k)" '-----BEGIN RSA PRIVATE KEY-----'
	shows k 3072 RSA
	opens k
	equal "$(cut -d ' ' -f 3- k.pub)" "$(id -un)@$(uname -n)"
	equal "$(wc -l <k.pub | tr -d ' ')" 1
}

@test "every type and size in every format, with and without a passphrase" {
	printf 'correct horse\n' >pw
	while read -r type bits name sealed; do
		for format in OPENSSH PEM PKCS8; do
			[ "$type$format" != ed25519PEM ] || continue
			xferkey keygen -t "$type" -b "$bits" -m "$format" -f k
			case $format:$type in
			OPENSSH:*) header='OPENSSH PRIVATE KEY' ;;
			PKCS8:*) header='PRIVATE KEY' ;;
			PEM:rsa) header='RSA PRIVATE KEY' ;;
			PEM:ecdsa) header='EC PRIVATE KEY' ;;
			esac
			equal "$(first_line k)" "-----BEGIN $header-----"
			shows k "$bits" "$name"
			opens k
			rm k k.pub
			[ "$sealed" = "$format" ] || continue
			xferkey keygen -t "$type" -b "$bits" -m "$format" -N file:pw -f k
			[ "$format" = OPENSSH ] || header="ENCRYPTED $header"
			equal "$(first_line k)" "-----BEGIN $header-----"
			shows k "$bits" "$name"
			opens k 'correct horse'
			run ! opens k 'wrong horse'
			rm k k.pub
		done
	done <<-END
		rsa 2048 RSA PKCS8
		ecdsa 256 ECDSA
		ecdsa 384 ECDSA
		ecdsa 521 ECDSA OPENSSH
		ed25519 256 ED25519 PKCS8
	END
}

@test "the default formats, with a passphrase and without" {
	printf 'correct horse\n' >pw
	while IFS=, read -r type plain sealed; do
		xferkey keygen -t $type -f k
		equal "$(first_line k)" "-----BEGIN $plain PRIVATE KEY-----"
		xferkey keygen -t $type -N file:pw -f s
		equal "$(first_line s)" "-----BEGIN $sealed PRIVATE KEY-----"
		rm k k.pub s s.pub
	done <<-END
		rsa -b 2048,RSA,ENCRYPTED
		ecdsa,EC,ENCRYPTED
		ed25519,OPENSSH,OPENSSH
	END
	xferkey keygen -t ecdsa -f k
	shows k 256 ECDSA
	# case does not matter
	xferkey keygen -t ecdsa -m openssh -f o
	equal "$(first_line o)" '-----BEGIN OPENSSH PRIVATE KEY-----'
}

@test "the derivation of a sealed key is what the manual says" {
	printf 'correct horse\n' >pw
	xferkey keygen -t ecdsa -N file:pw -f p
	run openssl asn1parse -in p
	[[ $output == *PBKDF2* ]]
	[[ $output == *'INTEGER           :0927C0'* ]]
	[[ $output == *hmacWithSHA256* ]]
	[[ $output == *aes-128-cbc* ]]
	[[ $output =~ l=\ *16\ prim:\ OCTET\ STRING ]]
	xferkey keygen -t ed25519 -N file:pw -f o
	equal "$(told o)" "OPENSSH	aes256-ctr	ED25519	256	FIPS modules of OpenSSL 3.1 to 3.3 refuse Ed25519 and Ed448; RSA 3072 or ECDSA is safer	-	-"
	# "bcrypt", 24 bytes of options: 16 of salt, the rounds
	run sh -c 'sed /---/d o | openssl base64 -d | od -An -v -tx1 | tr -d " \n"'
	[[ $output =~ 6263727970740000001800000010.{32}00000018 ]]
}

@test "a comment is one line, as it was given" {
	xferkey keygen -t ed25519 -C 'jane at home' -f k
	equal "$(cut -d ' ' -f 3- k.pub)" 'jane at home'
	opens k
	for comment in $'one\nssh-ed25519 two' $'one\r' $'\033[2J' $'\342\200\256evil' $'\377'; do
		says 2 '-C: a comment is one line of printable text' xferkey keygen -t ed25519 -C "$comment" -f n
	done
	[ ! -e n ]
	xferkey keygen -t ed25519 -C $'J\303\266rg' -f u
	equal "$(cut -d ' ' -f 3 u.pub)" $'J\303\266rg'
	xferkey keygen -t ed25519 -C '' -f e
	equal "$(awk '{ print NF }' e.pub)" 2
	equal "$(ssh-keygen -lf e.pub | cut -d ' ' -f 3-)" 'no comment (ED25519)'
}

@test "0600 and 0644, whatever the umask" {
	for mask in 022 077 000 0277; do
		(
			umask $mask
			xferkey keygen -t ed25519 -f "k$mask"
		)
		modes "k$mask" "k$mask.pub"
	done
}

@test "0600 and 0644 under a default ACL that opens everything" {
	need setfacl getfacl
	mkdir open
	setfacl -d -m u::rwx,g::rwx,o::rwx,u:65534:rwx open 2>/dev/null ||
		skip 'no ACLs in the temporary folder'
	xferkey keygen -t ed25519 -f open/k
	modes open/k open/k.pub
	run getfacl -cEn open/k
	[[ $output != *user:65534:rwx ]] || [[ $output == *mask::---* ]]
	# what ls does not tell: nobody else gets in
	run getfacl -cen open/k
	[[ ! $output =~ effective:[r-][w-]x ]]
	[[ ! $output =~ effective:r ]]
}

# left_alone MESSAGE: keygen -f k says so, and nothing changes.
left_alone() {
	local before
	before=$(ls -lAid k k.pub 2>&1) || :
	says 2 "$1" xferkey keygen -t ed25519 -f k
	equal "$before" "$(ls -lAid k k.pub 2>&1 || :)"
	equal "$(ls -A | wc -l | tr -d ' ')" 1
}

@test "never over anything that is there" {
	echo precious >k
	left_alone 'xferkey-keygen: k exists and is left alone; to make room: mv k k.old'
	equal "$(cat k)" precious
	# the way out that is shown is free
	: >k.old
	says 2 'to make room: mv k k.old1' xferkey keygen -t ed25519 -f k
	rm k k.old
	ln -s nowhere k
	left_alone 'k exists and is left alone'
	[ ! -e nowhere ]
	rm k
	mkdir k
	left_alone 'k exists and is left alone'
	rmdir k
	mkfifo k
	left_alone 'k exists and is left alone'
	rm k
	echo precious >k.pub
	left_alone 'k.pub exists and is left alone; to make room: mv k.pub k.pub.old'
	equal "$(cat k.pub)" precious
	rm k.pub
	ln -s nowhere k.pub
	left_alone 'k.pub exists and is left alone'
}

@test "no private key gets a name that ends in .pub, whoever makes it, whether it is there or not" {
	xferkey keygen -t ed25519 -f k
	echo precious >there.pub
	find . -type f ! -name before -exec cksum {} + >before
	for name in new.pub new.PUB dir/.Pub .pub "$PWD/a b.pub" there.pub; do
		for maker in 'keygen -t ed25519 -f' 'privfmt -f' 'privfmt -o' 'privfmt -m PPK3 -o' 'fips-convert -N none -o'; do
			key=k
			[[ $maker != keygen* ]] || key=
			says 2 "$name: a name that ends in .pub is for a public key, not for a private one" \
				xferkey $maker "$name" $key
			lacks "$BATS_TEST_TMPDIR/err" 'make room'
		done
		for maker in 'generate -t ed25519 -f' 'generate -N none -f' 'import k -o' 'import -m PPK3 k -o'; do
			says 2 "'${name##*/}' cannot be the name of a private key" xferkey $maker "$name"
			says 2 "'${name##*/}' cannot be the name of a private key" xferkey -n $maker "$name"
			[ ! -s "$BATS_TEST_TMPDIR/out" ]
		done
	done
	for name in authorized_keys known_hosts config -x; do
		says 2 "'$name' cannot be the name of a private key: -f gives it another" xferkey generate -f "$HOME/.ssh/$name"
	done
	mkdir -m 700 .ssh
	cd .ssh
	for name in authorized_keys known_hosts.old config ./config; do
		says 2 'cannot be the name of a private key: -f gives it another' xferkey generate -f "$name"
	done
	cd ..
	rmdir .ssh
	find . -type f ! -name before -exec cksum {} + | cmp - before
	[ ! -e .ssh ]
	xferkey keygen -t ed25519 -f pub
	xferkey privfmt -o new.pub.key k
}

@test "of eight at once, one makes the pair, whole, and seven are refused" {
	for round in 1 2 3; do
		for i in 1 2 3 4 5 6 7 8; do
			(
				xferkey keygen -t ed25519 -C "$i" -f k 2>"err$i" && got=0 || got=$?
				echo "$got" >"status$i"
			) &
		done
		wait
		equal "$(cat status? | sort | uniq -c | tr -s ' \n' ' ')" ' 1 0 7 2 '
		equal "$(cat err? | wc -l | tr -d ' ')" 7
		n=$(grep -l 0 status?)
		equal "$(cut -d ' ' -f 3 k.pub)" "${n#status}"
		opens k
			rm err? status?
		equal "$(ls -A | tr '\n' ' ')" 'k k.pub '
		rm k k.pub
	done
}

@test "killed at any moment, it leaves no half of a file" {
	local round pid # each round at another moment
	for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		xferkey keygen -t ed25519 -f k 3>&- &
		pid=$!
		sleep "0.0$((RANDOM % 3))$((RANDOM % 10))"
		kill -9 $pid 2>/dev/null || :
		wait $pid || :
		if [ -e k.pub ]; then
			opens k
		elif [ -e k ]; then
			ssh-keygen -y -f k >/dev/null
		fi
		[ "$(find . -name '.*' -type f | wc -l)" -le 1 ]
		equal "$(find . -name '.*' -type f ! -perm 600 -exec grep -l PRIVATE {} +)" ''
		rm -f k k.pub .[!.]*
		equal "$(ls -A)" ''
	done
}

@test "what is wrong on the command line is said in one line, and nothing is made" {
	while IFS='|' read -r arguments message; do
		says 2 "xferkey-keygen: $message" xferkey keygen $arguments
	done <<-'END'
		-y -f k|-y: keygen only makes new keys; xferkey pubfmt FILE prints the public half
		-t rsa1 -f k|-t rsa1: not one of rsa ecdsa ed25519
		-t RSA1 -f k|-t RSA1: not one of
		-t RSA -b 1024 -f k|-b 1024: servers refuse RSA under 2048 bits
		-t ECDSA -b 255 -f k|-b 255: ECDSA keys have
		-t DSA -f k|-t dsa: DSA is refused
		-b 16385 -f k|-b 16385: OpenSSH reads RSA up to 16384 bits
		-b 0 -f k|-b 0: not a number
		-b -1 -f k|-b -1: not a number
		-b 2048x -f k|-b 2048x: not a number
		-b 99999999999999999999 -f k|-b 99999999999999999999: not a number
		-t ecdsa -b 255 -f k|-b 255: ecdsa keys have 256, 384 or 521 bits
		-t ed25519 -b 255 -f k|-b 255: ed25519 keys have 256 bits
		-t ed25519 -m PEM -f k|-m PEM: this format cannot hold a key of this type
		-t ecdsa -m PEM -N env:HOME -f k|-m PEM: this format has no safe protection
		-m PPK -f k|-m PPK: not a format that can be written here
		-m RFC4716 -f k|-m RFC4716: not a format that can be written here
		-N fd:77 -t ed25519 -f k|fd:77: Bad file descriptor
		-f|-f requires a value
		-Q|unknown option -Q
		-t ed25519 k|k: keygen takes no operand
		-t ed25519 -f k/|k/: No such file or directory
	END
	equal "$(ls -A)" ''
}

@test "types, formats, hashes and ciphers are typed in any case" {
	while IFS='|' read -r begins arguments; do
		rm -f k k.pub
		xferkey keygen $arguments -f k
		equal "$(first_line k)" "-----BEGIN ${begins:+$begins }PRIVATE KEY-----"
		xferkey fpr -E Sha512 k | grep -c SHA512:
	done <<-'END'
		RSA|-t RSA -b 2048
		OPENSSH|-t Ed25519
		|-t ED25519 -m pkcs8
		EC|-t Ecdsa -m pem
	END
	export PW='a good long passphrase'
	xferkey fips-convert -Z AES256 -N env:PW k | openssl pkey -passin env:PW -noout
	xferkey privfmt -m Openssh -Z AES192-CTR -N env:PW k | told | grep aes192-ctr
}

@test "a passphrase in place of its source is refused and not repeated" {
	# what the dispatcher assigns to a variable of its own would be the passphrase
	name=sesame says 2 '-N: env: takes the name of a variable in capital letters' xferkey keygen -t ed25519 -N env:name -f k
	[ ! -e k ]
	for word in 'My Secret' pass:sesame sesame 'env:' 'fd:x' 'ENV:HOME' 'fd:-1' 'stdin '; do
		says 2 '-N takes a source, not a passphrase: env:VAR file:PATH fd:N stdin ask none' \
			xferkey keygen -t ed25519 -f k -N "$word"
		[ -z "$(grep -i -e secret -e sesame "$BATS_TEST_TMPDIR/err")" ]
	done
	equal "$(ls -A)" ''
	# "none", and its short form
	xferkey keygen -t ed25519 -f n -N none
	xferkey keygen -t ed25519 -f e -N ''
	opens n
	opens e
}

@test "a passphrase with a NUL, or too long, is refused" {
	printf 'a\000b\n' >nul
	head -c 2000 /dev/zero | tr '\0' x >long
	says 2 'xferkey-keygen: file:nul: a passphrase cannot hold a NUL' xferkey keygen -t ed25519 -N file:nul -f k
	says 2 'xferkey-keygen: file:long: a passphrase has at most 1023 bytes' \
		xferkey keygen -t ed25519 -N file:long -f k
	[ ! -e k ]
	[ ! -e k.pub ]
}

@test "an empty passphrase from a source is refused: none is the word for that" {
	printf '\nsecond line\n' >empty
	says 2 'xferkey-keygen: file:empty: an empty passphrase' xferkey keygen -t ed25519 -N file:empty -f k
	says 2 'xferkey-keygen: stdin: an empty passphrase' xferkey keygen -t ed25519 -N stdin -f k
	EMPTY='' says 2 'xferkey-keygen: env:EMPTY: an empty passphrase' xferkey keygen -t ed25519 -N env:EMPTY -f k
	[ ! -e k ]
	[ ! -e k.pub ]
}

@test "the first line is the passphrase, the rest is for the next reader" {
	printf 'first horse\r\nrest\n' >lines
	{
		xferkey keygen -t ed25519 -N stdin -f k
		read -r rest
	} <lines
	equal "$rest" rest
	opens k 'first horse'
	printf 'unended horse' | xferkey keygen -t ed25519 -N stdin -f u
	opens u 'unended horse'
	xferkey keygen -t ed25519 -N fd:5 -f d 5<lines
	opens d 'first horse'
	W='wild horse' xferkey keygen -t ed25519 -N env:W -f w
	opens w 'wild horse'
}

@test "standard output: a pipe and a private file, never a file that others read" {
	xferkey keygen -t ed25519 -f - | cat >piped
	equal "$(first_line piped)" '-----BEGIN OPENSSH PRIVATE KEY-----'
	[ ! -e ./- ]
	xferkey keygen -t ed25519 | cat >piped
	equal "$(first_line piped)" '-----BEGIN OPENSSH PRIVATE KEY-----'
	(
		umask 077
		xferkey keygen -t ed25519 >private
	)
	equal "$(first_line private)" '-----BEGIN OPENSSH PRIVATE KEY-----'
	run -2 sh -c 'xferkey keygen -t ed25519 >open'
	[[ $output == 'xferkey-keygen: refused: others can'*' read '* ]]
	[ ! -s open ]
	: >group
	chmod 640 group
	run -2 sh -c 'xferkey keygen -t ed25519 >>group'
	[ ! -s group ]
}

@test "standard output: never a file of another user, whatever its mode" {
	xferkey keygen -t ed25519 -f k
	: >foreign
	# whoever is not root can have none open for writing
	to='1</etc/passwd'
	for mode in 600 666; do
		if [ "$(id -u)" -eq 0 ]; then
			chown nobody foreign
			chmod "$mode" foreign
			to='>>foreign'
		fi
		for maker in 'keygen -t ed25519' 'privfmt k' 'privfmt -m PKCS8 k' 'fips-convert -N none k'; do
			says 2 "xferkey-${maker%% *}: refused: the file that the private key would go to belongs to another user" \
				sh -c "xferkey $maker $to"
			[ ! -s foreign ]
		done
	done
	chown "$(id -u)" foreign
	chmod 600 foreign
	xferkey privfmt k >>foreign
	[ -s foreign ]
}

@test "standard output: never a terminal" {
	on_terminal 'echo on' xferkey keygen -t ed25519
	[ "$status" -eq 2 ]
	equal "$output" 'xferkey-keygen: refused: a private key would be shown on the terminal; name a file or use a pipe'
}

@test "the pipeline of the README, run under umask 022, leaves 0600" {
	KEY=$HOME/key
	umask 022
	(umask 077; xferkey keygen -t ed25519 | tee "$KEY") | xferkey pubfmt -C me | xferkey fpr >fingerprint
	equal "$(ls -l key | cut -c 1-10)" '-rw-------'
	ssh-keygen -y -f key >key.pub
	equal "$(cat fingerprint)" "$(ssh-keygen -lf key.pub | sed 's/256 \([^ ]*\) .*/256 \1 me (ED25519)/')"
}

@test "progress is shown on a terminal, and only there" {
	need python3
	on_terminal 'echo on' xferkey keygen -q -b 4096 -f quiet
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# a search of under a quarter of a second shows none
	for try in 1 2 3 4 5 6 7 8; do
		on_terminal 'echo on' xferkey keygen -f "k$try"
		[ "$status" -eq 0 ]
		[[ -z $output || $output =~ ^\.+$ ]]
		[ -z "$output" ] || return 0
	done
	echo "no progress in $try searches"
	return 1
}

@test "asked for on a terminal, twice, with echo off" {
	on_terminal 'wait New passphrase for k
echo off
say correct horse
wait The same again
echo off
say correct horse' xferkey keygen -t ed25519 -N ask -f k
	[ "$status" -eq 0 ]
	[[ $output != *horse* ]]
	opens k 'correct horse'
	modes k k.pub
}

@test "asked for on a terminal: Enter is none, and two that differ are refused" {
	on_terminal 'wait New passphrase for k
say ' xferkey keygen -t ed25519 -N ask -f k
	[ "$status" -eq 0 ]
	opens k
	differ='say correct horse
wait again
say correct house'
	on_terminal "wait New passphrase
$differ
wait They differ. New passphrase for d
$differ
wait They differ. New passphrase for d
$differ" xferkey keygen -t ed25519 -N ask -f d
	[ "$status" -eq 2 ]
	[[ $output == *'xferkey-keygen: d: the two passphrases differ'* ]]
	[[ $output != *horse* ]]
	[ ! -e d ]
	[ ! -e d.pub ]
	on_terminal "wait New passphrase
$differ
wait They differ. New passphrase for d
say correct horse
wait again
say correct horse" xferkey keygen -t ed25519 -N ask -f d
	[ "$status" -eq 0 ]
	[[ $output != *horse* ]]
	opens d 'correct horse'
}

@test "nothing is asked where no key can be made: no directory, or one that cannot be written to" {
	: >file
	ln -s nowhere dangling
	for path in no/k no/way/k file/k dangling/k; do
		on_terminal 'echo on' xferkey keygen -t ed25519 -N ask -f "$path"
		[ "$status" -eq 2 ]
		[[ $output == "xferkey-keygen: $path: No"* ]]
		[[ $output != *'New passphrase'* ]]
	done
	xferkey keygen -t ed25519 -f k
	on_terminal 'echo on' xferkey privfmt -N ask -o no/k k
	[[ $output == 'xferkey-privfmt: no/k: No such file or directory'* ]]
	on_terminal 'echo on' xferkey fips-convert -N ask -o no/k k
	[[ $output == 'xferkey-fips-convert: no/k: No such file or directory'* ]]
}

@test "a new passphrase under 8 characters is warned of, however it comes, and taken" {
	local warning='warning: the new passphrase has fewer than 8 characters'
	SHORT=1234567 says 0 "xferkey-keygen: a: $warning" xferkey keygen -t ed25519 -N env:SHORT -f a
	SHORT=äöüäöüß says 0 "xferkey-keygen: b: $warning" xferkey keygen -t ed25519 -N env:SHORT -f b
	LONG=äöüäöüßß xferkey keygen -t ed25519 -N env:LONG -f d 2>err
	[ ! -s err ]
	SHORT=1234567 PIN=1234 says 0 "xferkey-privfmt: e: $warning" xferkey privfmt -P env:SHORT -N env:PIN -o e a
	SHORT=1234 xferkey fpr -P env:SHORT -c "$(print a.pub)" e
	# its own, kept, is none of ours
	SHORT=1234567 xferkey privfmt -P env:SHORT -o f a 2>err
	[ ! -s err ]
	on_terminal 'wait New passphrase
say horse
wait again
say horse' xferkey keygen -t ed25519 -N ask -f g
	[ "$status" -eq 0 ]
	[[ $output == *"$warning"* ]]
}

@test "the name of the file in the prompt cannot write to the terminal" {
	on_terminal 'wait New passphrase
say ' xferkey keygen -t ed25519 -N ask -f $'k\033[2J'
	[ "$status" -eq 0 ]
	[[ $output != *$'\033'* ]]
}

@test "a signal at the prompt gives echo back and ends with it" {
	for signal in INT TERM HUP QUIT; do
		on_terminal "wait New passphrase
echo off
kill $signal" xferkey keygen -t ed25519 -N ask -f k
		equal "$status" $((128 + $(kill -l $signal)))
	done
	for signal in '\x03' '\x1c'; do
		on_terminal "wait New passphrase
say horse
wait again
echo off
type half$signal" xferkey keygen -t ed25519 -N ask -f k
		[ "$status" -gt 128 ]
	done
	equal "$(ls -A)" ''
}

@test "an end of file at the prompt is no answer; after Ctrl-Z it asks again" {
	on_terminal 'wait New passphrase
echo off
type \x04' xferkey keygen -t ed25519 -N ask -f k
	[ "$status" -eq 2 ]
	[[ $output == *'xferkey-keygen: k: no passphrase was given (end of input at the prompt)'* ]]
	[ ! -e k ]
	[ ! -e k.pub ]
	on_terminal 'wait New passphrase
echo off
type half\x1a
wait New passphrase
echo off
say correct horse
wait again
say correct horse' xferkey keygen -t ed25519 -N ask -f k
	[ "$status" -eq 0 ]
	opens k 'correct horse'
}

@test "XFERKEY_BATCH=1, or standard error elsewhere: nobody is asked" {
	on_terminal 'echo on' env XFERKEY_BATCH=1 xferkey keygen -t ed25519 -N ask -f k
	[ "$status" -eq 2 ]
	[[ $output == 'xferkey-keygen: k: nobody can be asked for the passphrase (standard error must be a terminal, and XFERKEY_BATCH not 1)' ]]
	on_terminal 'echo on' sh -c 'exec xferkey keygen -t ed25519 -N ask -f k 2>err'
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	equal "$(ls -A)" err
}

@test "no two keys are the same" {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		xferkey keygen -t ed25519 -C '' | xferkey pubfmt
		xferkey keygen -t ecdsa -C '' | xferkey pubfmt
	done | sort -u >seen
	equal "$(wc -l <seen | tr -d ' ')" 20
}

@test "standard output: a file that anybody else may read, write or run gets no private key" {
	for mode in 640 620 610 604 602 601; do
		: >k
		chmod "$mode" k
		says 2 'refused: others can read the file that the private key would go to' \
			sh -c 'exec xferkey keygen -t ed25519 >k'
		[ ! -s k ]
	done
	chmod 600 k
	xferkey keygen -t ed25519 >k
	ssh-keygen -y -f k >/dev/null
}

@test "a signal in the middle of writing waits until the files are whole, and nothing else is left" {
	need "${CC:-cc}"
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-keygen" || skip 'AddressSanitizer must be loaded first'
	echo 'int raise(int); int fsync(int fd); int fsync(int fd) { (void)fd; return raise(15); }' >../raise.c
	"${CC:-cc}" -shared -fPIC -o ../raise.so ../raise.c
	run -143 env LD_PRELOAD="$BATS_TEST_TMPDIR/raise.so" xferkey keygen -t ed25519 -f k
	equal "$(ls -A | tr '\n' ' ')" 'k k.pub '
	opens k
	run -143 env LD_PRELOAD="$BATS_TEST_TMPDIR/raise.so" xferkey privfmt -m PKCS8 -o new k
	equal "$(ls -A | tr '\n' ' ')" 'k k.pub new '
	openssl pkey -in new -noout
}
