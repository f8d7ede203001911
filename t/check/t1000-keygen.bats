#!/usr/bin/env bats
# keygen: makes the keys that are asked for, in new files that nobody else can read.

load ../lib/keys
load ../lib/porcelain

setup() {
	private_home
	need ssh-keygen openssl
}

# opens FILE [PASSPHRASE]: other programs read FILE, and it is the private half of FILE.pub.
opens() {
	local public
	if public=$(ssh-keygen -y -P "${2-}" -f "$1" 2>/dev/null); then
		equal "$(blob /dev/stdin <<<"$public")" "$(blob "$1.pub")"
	else # Ed25519 in PKCS#8, which ssh-keygen reads from 9.6 on
		public=$(openssl pkey -in "$1" -passin "pass:${2-}" -pubout -outform DER | tail -c 32 | openssl base64)
		equal "$public" "$(blob "$1.pub" | cut -d ' ' -f 2 | openssl base64 -d -A | tail -c 32 | openssl base64)"
	fi
}

# shows FILE BITS TYPE: ssh-keygen shows this of the public half.
shows() {
	equal "$(ssh-keygen -lf "$1.pub" | awk '{ print $1, $NF }')" "$2 ($3)"
}

modes() {
	equal "$(ls -l "$@" | cut -c 1-10 | tr '\n' ' ')" '-rw------- -rw-r--r-- '
}

# on_terminal STATUS STEPS COMMAND ...: runs COMMAND with these STEPS of t/fixture/pty, which "; " separates. No
# passphrase may be shown: each of them contains "horse".
on_terminal() {
	need python3
	local want=$1 steps=$2
	shift 2
	run "-$want" python3 "$top/t/fixture/pty" "$@" <<<"${steps//; /$'\n'}"
	[[ $output != *horse* ]]
}

@test "without options: RSA 3072 in PKCS#1, user@host, no passphrase" {
	run -0 xferkey keygen -f k
	[ -z "$output" ]
	begins k 'RSA PRIVATE KEY'
	shows k 3072 RSA
	opens k
	equal "$(cut -d ' ' -f 3- k.pub)" "$(id -un)@$(uname -n)"
	equal "$(wc -l <k.pub)" 1
}

@test "every type, size and format, with and without a passphrase" {
	while read -r type bits name encrypted; do
		for format in OPENSSH PEM PKCS8; do
			case $format:$type in
			PEM:ed25519) continue ;;
			OPENSSH:*) label='OPENSSH PRIVATE KEY' ;;
			PKCS8:*) label='PRIVATE KEY' ;;
			PEM:rsa) label='RSA PRIVATE KEY' ;;
			PEM:ecdsa) label='EC PRIVATE KEY' ;;
			esac
			xferkey keygen -t "$type" -b "$bits" -m "$format" -f k
			begins k "$label"
			shows k "$bits" "$name"
			opens k
			rm k k.pub
			[ "$encrypted" = "$format" ] || continue
			xferkey keygen -t "$type" -b "$bits" -m "$format" -N env:PW -f k
			[ "$format" = OPENSSH ] || label="ENCRYPTED $label"
			begins k "$label"
			shows k "$bits" "$name"
			opens k "$PW"
			run ! opens k "$WRONG"
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

@test "the default formats and sizes; names of types and formats ignore case" {
	while IFS='|' read -r bits name label options; do
		xferkey keygen $options -f k
		begins k "${label:+$label }PRIVATE KEY"
		shows k "$bits" "$name"
		rm k k.pub
	done <<-'END'
		2048|RSA|RSA|-t rsa -b 2048
		2048|RSA|ENCRYPTED|-t RSA -b 2048 -N env:PW
		256|ECDSA|EC|-t ecdsa
		256|ECDSA|ENCRYPTED|-t ecdsa -N env:PW
		256|ECDSA|OPENSSH|-t ecdsa -m openssh
		256|ECDSA|EC|-t Ecdsa -m pem
		256|ED25519|OPENSSH|-t Ed25519
		256|ED25519|OPENSSH|-t ed25519 -N env:PW
		256|ED25519||-t ED25519 -m pkcs8
	END
	xferkey keygen -t ecdsa -f k
	xferkey fips-convert -Z AES256 -N env:PW k | openssl pkey -passin env:PW -noout
	xferkey privfmt -m Openssh -Z AES192-CTR -N env:PW k | told | grep aes192-ctr
	xferkey fpr -E Sha512 k | grep -c SHA512:
}

@test "the key derivation is that of the manual" {
	xferkey keygen -t ecdsa -N env:PW -f p
	run openssl asn1parse -in p
	for part in PBKDF2 'INTEGER           :0927C0' hmacWithSHA256 aes-128-cbc; do
		[[ $output == *"$part"* ]]
	done
	[[ $output =~ l=\ *16\ prim:\ OCTET\ STRING ]]
	xferkey keygen -t ed25519 -N env:PW -f o
	equal "$(told o | cut -f 1-4,6,7)" 'OPENSSH	aes256-ctr	ED25519	256	-	-'
	# "bcrypt", 24 bytes of options: 16 bytes of salt, and the rounds
	run sh -c 'sed /---/d o | openssl base64 -d | od -An -v -tx1 | tr -d " \n"'
	[[ $output =~ 6263727970740000001800000010.{32}00000018 ]]
}

@test "a comment is one line, as it was typed" {
	for comment in 'jane at home' $'J\303\266rg' ''; do
		xferkey keygen -t ed25519 -C "$comment" -f k
		equal "$(cat k.pub)" "$(blob k.pub)${comment:+ $comment}"
		rm k k.pub
	done
	for comment in $'one\nssh-ed25519 two' $'one\r' $'\033[2J' $'\342\200\256evil' $'\377'; do
		says 2 '-C: a comment is one line of printable text' xferkey keygen -t ed25519 -C "$comment" -f k
	done
	equal "$(ls -A)" ''
}

@test "files get the modes 0600 and 0644, whatever the umask" {
	for mask in 022 077 000 0277; do
		(umask $mask && xferkey keygen -t ed25519 -f "k$mask")
		modes "k$mask" "k$mask.pub"
	done
}

@test "files get the modes 0600 and 0644 under a default ACL that opens everything" {
	need setfacl getfacl
	mkdir open
	setfacl -d -m u::rwx,g::rwx,o::rwx,u:65534:rwx open 2>/dev/null || skip 'no ACLs in the temporary directory'
	xferkey keygen -t ed25519 -f open/k
	modes open/k open/k.pub
	run getfacl -cEn open/k
	[[ $output != *user:65534:rwx ]] || [[ $output == *mask::---* ]]
	# ls does not show the ACL: it lets nobody else in
	run getfacl -cen open/k
	[[ ! $output =~ effective:[r-][w-]x ]]
	[[ ! $output =~ effective:r ]]
}

# t1700 tests which files are never overwritten.
@test "if the file exists, keygen shows an mv to a free name" {
	: >k
	says 2 'k exists and is left alone; to make room: mv k k.old' xferkey keygen -t ed25519 -f k
	: >k.old
	says 2 'to make room: mv k k.old1' xferkey keygen -t ed25519 -f k
	rm k k.old
	: >k.pub
	says 2 'k.pub exists and is left alone; to make room: mv k.pub k.pub.old' xferkey keygen -t ed25519 -f k
	: >k
	says 2 'k exists and is left alone; to make room: mv k k.old && mv k.pub k.pub.old' xferkey keygen -t ed25519 -f k
	rm k
	ln -sf nowhere k.pub
	says 2 'k.pub exists and is left alone' xferkey keygen -t ed25519 -f k
	equal "$(ls -A)" k.pub
	: >-k
	says 2 'to make room: mv ./-k ./-k.old' xferkey keygen -t ed25519 -f -k
	touch k k.old k.old{1..98}
	says 2 'k exists and is left alone; to make room: mv k k.old99' xferkey keygen -t ed25519 -f k
	touch k.old99
	says 2 'k exists and is left alone' xferkey keygen -t ed25519 -f k
	lacks "$BATS_TEST_TMPDIR/err" 'make room'
}

@test "a uid without a name: the comment has its number" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need setpriv
	equal "$(setpriv --reuid 54321 --clear-groups "$(xferkey --exec-path)/xferkey-keygen" -t ed25519 | xferkey fpr |
		cut -d ' ' -f 3)" "54321@$(hostname)"
}

@test "no command gives a private key a name that ends in .pub" {
	xferkey keygen -t ed25519 -f k
	echo precious >there.pub
	find . -type f -exec cksum {} + >../before
	for name in new.pub new.PUB dir/.Pub .pub "$PWD/a b.pub" there.pub; do
		for maker in 'keygen -t ed25519 -f' 'privfmt -f' 'privfmt -o' 'privfmt -m PPK3 -o' 'fips-convert -N none -o'; do
			key=k
			[[ $maker != keygen* ]] || key=
			says 2 "$name: a name that ends in .pub" xferkey $maker "$name" $key
			lacks ../err 'make room'
		done
		for maker in 'generate -t ed25519 -f' 'generate -N none -f' 'import k -o' 'import -m PPK3 k -o'; do
			for show in '' -n; do
				says 2 "'${name##*/}' cannot be the name of a private key" xferkey $show $maker "$name"
				[ ! -s ../out ]
			done
		done
	done
	for name in authorized_keys known_hosts config -x; do
		says 2 "'$name' cannot be the name of a private key: name it with -f" xferkey generate -f "$HOME/.ssh/$name"
	done
	mkdir -m 700 .ssh
	cd .ssh
	for name in authorized_keys known_hosts.old config ./config; do
		says 2 'cannot be the name of a private key: name it with -f' xferkey generate -f "$name"
	done
	cd ..
	rmdir .ssh
	find . -type f -exec cksum {} + | cmp - ../before
	xferkey keygen -t ed25519 -f pub
	xferkey privfmt -o new.pub.key k
}

@test "eight keygens at once: one makes the whole pair, seven are refused" {
	for round in 1 2 3; do
		for i in {1..8}; do
			(
				xferkey keygen -t ed25519 -C "$i" -f k 2>"err$i" && got=0 || got=$?
				echo "$got" >"status$i"
			) &
		done
		wait
		equal "$(sort status? | uniq -c | tr -s ' \n' ' ')" ' 1 0 7 2 '
		equal "$(cat err? | wc -l)" 7
		n=$(grep -l 0 status?)
		equal "$(cut -d ' ' -f 3 k.pub)" "${n#status}"
		opens k
		rm err? status?
		equal "$(ls -A)" $'k\nk.pub'
		rm k k.pub
	done
}

@test "keygen killed at any moment leaves no half of a file" {
	for round in {1..16}; do
		xferkey keygen -t ed25519 -f k 3>&- &
		sleep "0.0$((RANDOM % 3))$((RANDOM % 10))" # another moment in each round
		kill -9 $! 2>/dev/null || :
		wait $! || :
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

@test "a wrong option or operand is refused, and no file is made" {
	while IFS='|' read -r message arguments; do
		says 2 "xferkey-keygen: $message" xferkey keygen $arguments
	done <<-'END'
		-y: keygen only makes new keys; xferkey pubfmt FILE|-y -f k
		-t rsa1: not one of rsa ecdsa ed25519|-t rsa1 -f k
		-t dsa: DSA is refused|-t DSA -f k
		-b 1024: servers refuse RSA under 2048|-t RSA -b 1024 -f k
		-b 16385: OpenSSH reads RSA up to 16384|-b 16385 -f k
		-b 0: not a number|-b 0 -f k
		-b -1: not a number|-b -1 -f k
		-b 2048x: not a number|-b 2048x -f k
		-b 99999999999999999999: not a number|-b 99999999999999999999 -f k
		-b 255: ECDSA keys have 256, 384 or 521|-t ECDSA -b 255 -f k
		-b 255: ed25519 keys have 256|-t ed25519 -b 255 -f k
		-m PEM: this format cannot hold|-t ed25519 -m PEM -f k
		-m PEM: this format has no safe protection|-t ecdsa -m PEM -N env:HOME -f k
		-m PPK: not a format|-m PPK -f k
		-m RFC4716: not a format|-m RFC4716 -f k
		fd:77: Bad file descriptor|-N fd:77 -t ed25519 -f k
		-f requires a value|-f
		unknown option -Q|-Q
		k: keygen takes no operand|-t ed25519 k
		k/: No such file or directory|-t ed25519 -f k/
	END
	equal "$(ls -A)" ''
}

@test "a passphrase in place of its source is refused and not repeated" {
	# the variable name of the dispatcher is not used as the passphrase
	name=sesame says 2 '-N: env: takes the name of a variable in capital' xferkey keygen -t ed25519 -N env:name -f k
	for word in 'My Secret' pass:sesame sesame 'env:' 'fd:x' 'ENV:HOME' 'fd:-1' 'stdin ' fd:3x fd:4294967296 \
		fd:99999999999999999999; do
		for command in 'keygen -t ed25519 -f k -N' 'privfmt -o k -N' 'fips-convert -o k -P' 'pubfmt -P'; do
			says 2 "-${command##*-} takes a source, not a passphrase: env:VAR" xferkey $command "$word"
			[ -z "$(grep -i -e secret -e sesame ../err)" ]
		done
	done
	equal "$(ls -A)" ''
	xferkey keygen -t ed25519 -f n -N none
	xferkey keygen -t ed25519 -f e -N ''
	opens n
	opens e
}

@test "a passphrase that is empty, too long, or has a NUL is refused" {
	printf 'a\000b\n' >nul
	head -c 2000 /dev/zero | tr '\0' x >long
	printf '\nsecond line\n' >empty
	export EMPTY='' LONG
	LONG=$(cat long)
	while IFS='|' read -r source fact; do
		says 2 "xferkey-keygen: $source: $fact" xferkey keygen -t ed25519 -N "$source" -f k
		[ ! -e k ]
		[ ! -e k.pub ]
	done <<-'END'
		file:nul|a passphrase cannot hold a NUL
		file:long|a passphrase has at most 1023 bytes
		env:LONG|a passphrase has at most 1023 bytes
		file:empty|an empty passphrase
		stdin|an empty passphrase
		env:EMPTY|an empty passphrase
	END
}

@test "the first line is the passphrase; the next reader gets the rest" {
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
	xferkey keygen -t ed25519 -N env:PW -f w
	opens w "$PW"
}

@test "no private key goes to standard output if others can open its file" {
	for option in '' '-f -'; do
		xferkey keygen -t ed25519 $option | (umask 077 && cat >piped)
		begins piped 'OPENSSH PRIVATE KEY'
	done
	[ ! -e ./- ]
	: >k
	for mode in 640 644 620 610 604 602 601; do
		chmod "$mode" k
		for maker in 'keygen -t ed25519' 'privfmt piped' 'fips-convert -N none piped'; do
			says 2 'refused: standard output is a file that others can read' sh -c "exec xferkey $maker >>k"
			[ ! -s k ]
		done
	done
	chmod 600 k
	xferkey keygen -t ed25519 >k
	ssh-keygen -y -f k >/dev/null
}

@test "no private key goes to another user's file or to a terminal" {
	xferkey keygen -t ed25519 -f k
	: >foreign
	# an ordinary user can open no other file of another user for writing
	to='1</etc/passwd'
	for mode in 600 666; do
		if [ "$(id -u)" -eq 0 ]; then
			chown nobody foreign
			chmod "$mode" foreign
			to='>>foreign'
		fi
		for maker in 'keygen -t ed25519' 'privfmt k' 'privfmt -m PKCS8 k' 'fips-convert -N none k'; do
			says 2 'refused: standard output is a file of another user' sh -c "xferkey $maker $to"
			[ ! -s foreign ]
		done
	done
	chown "$(id -u)" foreign
	chmod 600 foreign
	xferkey privfmt k >>foreign
	[ -s foreign ]
	on_terminal 2 'echo on' xferkey keygen -t ed25519
	[[ $output == 'xferkey-keygen: refused: a private key would be shown on the terminal'* ]]
	equal "${#lines[@]}" 1
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
	on_terminal 0 'echo on' xferkey keygen -q -b 4096 -f quiet
	[ -z "$output" ]
	# a search of less than 0.25 s shows no progress
	for try in 1 2 3 4 5 6 7 8; do
		on_terminal 0 'echo on' xferkey keygen -f "k$try"
		[[ -z $output || $output =~ ^\.+$ ]]
		[ -z "$output" ] || return 0
	done
	echo "no progress in $try searches"
	return 1
}

@test "-N ask asks twice, with echo off; an empty answer means no passphrase" {
	on_terminal 0 'wait New passphrase for k; echo off; say a horse; wait The same again; echo off; say a horse' \
		xferkey keygen -t ed25519 -N ask -f k
	opens k 'a horse'
	modes k k.pub
	on_terminal 0 'wait New passphrase for e; say ' xferkey keygen -t ed25519 -N ask -f e
	opens e
	differ='wait New passphrase for d; say correct horse; wait again; say correct house'
	on_terminal 2 "$differ; wait The two differ.; $differ; wait The two differ.; $differ" \
		xferkey keygen -t ed25519 -N ask -f d
	[[ $output == *'xferkey-keygen: d: the two passphrases differ'* ]]
	equal "$(ls)" $'e\ne.pub\nk\nk.pub'
	on_terminal 0 "$differ; wait The two differ. New passphrase for d; say correct horse; wait again; say correct horse" \
		xferkey keygen -t ed25519 -N ask -f d
	opens d 'correct horse'
}

@test "keygen does not ask for a passphrase if it cannot make the key" {
	: >file
	ln -s nowhere dangling
	xferkey keygen -t ed25519 -f k
	while read -r command; do
		path=${command#*-[fo] }
		on_terminal 2 'echo on' xferkey $command
		[[ $output == "xferkey-${command%% *}: ${path% k}: No"* ]]
		[[ $output != *'New passphrase'* ]]
	done <<-'END'
		keygen -t ed25519 -N ask -f no/k
		keygen -t ed25519 -N ask -f no/way/k
		keygen -t ed25519 -N ask -f file/k
		keygen -t ed25519 -N ask -f dangling/k
		privfmt -N ask -o no/k k
		fips-convert -N ask -o no/k k
	END
}

@test "keygen warns of a new passphrase under 8 characters, and uses it" {
	local warning='warning: the new passphrase has fewer than 8 characters'
	export SHORT=1234567 PIN=1234 UMLAUTS=äöüäöüß LONG=äöüäöüßß
	says 0 "xferkey-keygen: a: $warning" xferkey keygen -t ed25519 -N env:SHORT -f a
	says 0 "xferkey-keygen: b: $warning" xferkey keygen -t ed25519 -N env:UMLAUTS -f b
	says 0 "xferkey-privfmt: e: $warning" xferkey privfmt -P env:SHORT -N env:PIN -o e a
	xferkey fpr -P env:PIN -c "$(print a.pub)" e
	xferkey keygen -t ed25519 -N env:LONG -f d 2>err
	# no warning if the old passphrase is kept
	xferkey privfmt -P env:SHORT -o f a 2>>err
	[ ! -s err ]
	on_terminal 0 'wait New passphrase; say horse; wait again; say horse' xferkey keygen -t ed25519 -N ask -f g
	[[ $output == *"$warning"* ]]
}

@test "a file name with control characters is escaped in the prompt" {
	on_terminal 0 'wait New passphrase; say ' xferkey keygen -t ed25519 -N ask -f $'k\033[2J'
	[[ $output != *$'\033'* ]]
}

@test "a signal at the prompt turns echo on again and ends keygen" {
	while IFS='|' read -r status steps; do
		on_terminal "$status" "wait New passphrase; $steps" xferkey keygen -t ed25519 -N ask -f k
	done <<-'END'
		130|echo off; kill INT
		143|echo off; kill TERM
		129|echo off; kill HUP
		131|echo off; kill QUIT
		138|echo off; kill USR1
		152|echo off; kill XCPU
		154|echo off; kill VTALRM
		130|say horse; wait again; echo off; type half\x03
		131|say horse; wait again; echo off; type half\x1c
	END
	equal "$(ls -A)" ''
}

@test "a signal ends keygen at the prompt even if Ctrl-S has stopped the output, after Ctrl-Q" {
	on_terminal 143 'wait ready; type \x13; say ; echo off; kill TERM; type \x11' \
		sh -c 'echo ready; read -r _; exec xferkey keygen -t ed25519 -N ask -f k'
	equal "$(ls -A)" ''
}

@test "end of file at the prompt is an error; after Ctrl-Z keygen asks again" {
	on_terminal 2 'wait New passphrase; echo off; type \x04' xferkey keygen -t ed25519 -N ask -f k
	[[ $output == *'k: no passphrase was given (end of input at the prompt)'* ]]
	equal "$(ls -A)" ''
	on_terminal 2 'wait New; say a horse; wait again; echo off; type \x04' xferkey keygen -t ed25519 -N ask -f k
	equal "$(ls -A)" ''
	on_terminal 0 'wait New; echo off; type half\x1a; wait New; echo off; say a horse; wait again; say a horse' \
		xferkey keygen -t ed25519 -N ask -f k
	opens k 'a horse'
	# without a line discipline, Enter is a carriage return
	on_terminal 0 'wait New; echo off; type a horse\r; wait again; echo off; type a horse\r' sh -c '
		before=$(stty -g)
		stty -icanon -icrnl
		xferkey keygen -t ed25519 -N ask -f r
		stty "$before"'
	opens r 'a horse'
}

# stopped NAME: the process whose number the file holds is stopped.
stopped() {
	grep -q '^State:.T' "/proc/$(cat "$1")/status"
}

@test "in the background keygen stops at the prompt, and asks in the foreground; if no shell can do that, it fails" {
	need python3
	export -f await stopped
	for signals in TTOU TTIN; do
		rm -f k k.pub pid
		# with TTOU ignored it stops where it reads
		[ $signals = TTOU ] || trap '' TTOU
		on_terminal 0 'wait stopped; wait New; echo off; say a horse; wait again; say a horse' bash -mc '
			xferkey keygen -t ed25519 -N ask -f k &
			echo $! >pid
			await 20 stopped pid
			echo stopped
			fg >/dev/null'
		trap - TTOU
		opens k 'a horse'
	done
	rm k k.pub
	# a background process whose shell has ended
	cat >../orphan <<-'END'
		while kill -0 "$1" 2>/dev/null; do sleep 0.01; done
		xferkey keygen -t ed25519 -N ask -f k
		echo $? >status
	END
	for mode in -tostop tostop; do
		rm -f status
		on_terminal 0 'echo on' bash -c '
			before=$(stty -g)
			stty "$1"
			bash -mc "bash ../orphan \$\$ &"
			await 20 test -s status
			stty "$before"' -- $mode
		equal "$(cat status)" 2
	done
	equal "$(ls)" $'pid\nstatus'
}

@test "with XFERKEY_BATCH set, or standard error not a terminal, keygen asks nobody" {
	on_terminal 2 'echo on' env XFERKEY_BATCH=true xferkey keygen -t ed25519 -N ask -f k
	[[ $output == 'xferkey-keygen: k: nobody can be asked for the passphrase (standard error '*'XFERKEY_BATCH empty)' ]]
	on_terminal 2 'echo on' sh -c 'exec xferkey keygen -t ed25519 -N ask -f k 2>err'
	[ -z "$output" ]
	equal "$(ls -A)" err
	on_terminal 0 'wait New; say a horse; wait again; say a horse' env XFERKEY_BATCH= xferkey keygen -t ed25519 -N ask -f k
	opens k 'a horse'
}

@test "no two keys are the same" {
	for i in {1..10}; do
		xferkey keygen -t ed25519 -C '' | xferkey pubfmt
		xferkey keygen -t ecdsa -C '' | xferkey pubfmt
	done | sort -u >seen
	equal "$(wc -l <seen)" 20
}

@test "a signal takes effect only when the files are complete" {
	need "${CC:-cc}"
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-keygen" || skip 'AddressSanitizer must be loaded first'
	echo 'int raise(int); int fsync(int fd); int fsync(int fd) { (void)fd; return raise(15); }' >../raise.c
	"${CC:-cc}" -shared -fPIC -o ../raise.so ../raise.c
	run -143 env LD_PRELOAD="$BATS_TEST_TMPDIR/raise.so" xferkey keygen -t ed25519 -f k
	equal "$(ls -A)" $'k\nk.pub'
	opens k
	run -143 env LD_PRELOAD="$BATS_TEST_TMPDIR/raise.so" xferkey privfmt -m PKCS8 -o new k
	equal "$(ls -A)" $'k\nk.pub\nnew'
	openssl pkey -in new -noout
}

@test "if another process removes, locks or replaces the new file meanwhile, keygen makes it again, or fails" {
	need "${CC:-cc}"
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-keygen" || skip 'AddressSanitizer must be loaded first'
	# files need a name, which the other process removes or locks TIMES times; or it replaces the key at the third fsync
	"${CC:-cc}" -shared -fPIC -o ../others.so -xc - <<-'END'
		#include <errno.h>
		#include <fcntl.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/file.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		static int is(const char *how) { return strcmp(getenv("HOW"), how) == 0; }
		int linkat(int from, const char *path, int to, const char *name, int flags)
		{
			if (!is("replace") && strncmp(path, "/proc/", 6) == 0) {
				errno = ENOENT;
				return -1;
			}
			return (int)syscall(SYS_linkat, from, path, to, name, flags);
		}
		int flock(int fd, int what)
		{
			static int n;
			char link[64], name[4096] = "";

			(void)what;
			if (n++ >= atoi(getenv("TIMES")))
				return 0;
			errno = EWOULDBLOCK;
			if (is("lock"))
				return -1;
			snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
			return readlink(link, name, sizeof name - 1) > 0 ? unlink(name) : -1;
		}
		int fsync(int fd)
		{
			static int n;

			(void)fd;
			if (!is("replace") || ++n != 3)
				return 0;
			if (rename("other", "k") == 0)
				errno = EIO;
			return -1;
		}
	END
	set -- env LD_PRELOAD="$BATS_TEST_TMPDIR/others.so" xferkey keygen -t ed25519 -f k
	for HOW in remove lock; do
		export HOW
		TIMES=9 "$@"
		opens k
		rm k k.pub .xferkey.?????? 2>/dev/null || :
		equal "$(ls -A)" ''
		TIMES=10 says 2 'xferkey-keygen: k: ' "$@"
		rm -f .xferkey.??????
		equal "$(ls -A)" ''
	done
	echo precious >other
	HOW=replace TIMES=0 says 2 'xferkey-keygen: k: Input/output error' "$@"
	equal "$(cat k)" precious
	equal "$(ls -A)" k
}
