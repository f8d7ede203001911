#!/usr/bin/env bats
# xferkey authorize: puts a received key into one's own authorized_keys; s2145 has other accounts.

load ../lib/porcelain

setup_file() {
	made_once make_keys
}

make_keys() {
	new_key ed25519 -C "jane's" -f one
	new_key rsa -b 2048 -f two
	new_key dsa -f dsa
}

setup() {
	private_home
	cp "$BATS_FILE_TMPDIR"/* .
	as_account
	list=$HOME/.ssh/authorized_keys
}

teardown() {
	stop_sshd
}

@test "a key is installed, with fingerprint and undo line, and logs in" {
	run -0 xferkey authorize one.pub
	has "HOME is not the home of $me: sshd looks in "
	equal "$(stat -c %a .ssh "$list" | tr '\n' ' ')" '700 600 '
	cmp "$list" one.pub
	has "256 $(print one.pub) (ED25519) is installed for $me" "+ xferkey pubfmt one.pub | xferkey authkeys -f $list"
	undo=$(sed -n 's/^undo: //p' <<<"$output")
	xferkey -q authorize two.pub
	start_sshd
	logs_in one
	logs_in two
	sh -c "$undo"
	cmp "$list" two.pub
	run -255 logs_in one
}

@test "standard input, -, a FIFO and RFC 4716 give the same key" {
	ssh-keygen -e -f one.pub >rfc4716
	cp one.pub ./-key
	mkfifo pipe
	cat one.pub >pipe &
	for operand in '' - pipe rfc4716 '-- -key'; do
		xferkey -q authorize $operand <one.pub
		equal "$(blob "$list")" "$(blob one.pub)"
		[ "$operand" = rfc4716 ] || cmp "$list" one.pub
		rm "$list"
	done
}

@test "a key that is already there changes nothing, and there is no undo line" {
	mkdir -m 700 .ssh
	printf 'no-pty %s other comment\n# a comment, and no last newline' "$(blob one.pub)" >"$list"
	chmod 600 "$list"
	before=$(sha256sum "$list"; stat -c %i "$list")
	run -0 xferkey authorize one.pub
	has 'the key was there already'
	[[ $output != *undo:* ]]
	equal "$(sha256sum "$list"; stat -c %i "$list")" "$before"
	xferkey -q authorize two.pub
	equal "$(tail -n 1 "$list")" "$(cat two.pub)"
	equal "$(sed -n 2p "$list")" '# a comment, and no last newline'
}

@test "no undo line is shown if it would remove other lines of the key" {
	mkdir -m 700 .ssh
	for line in "cert-authority $(cat one.pub) CA" "ssh-rsa $(blob one.pub | cut -d ' ' -f 2)"; do
		echo "$line" >"$list"
		run -0 xferkey authorize one.pub
		has "to undo, remove the last line of $list: "
		[[ $output != *undo:* ]]
		[[ $output != *'with the options'* ]]
		equal "$(cat "$list")" "$line
$(cat one.pub)"
	done
}

@test "options and comment lines of the received text are not installed" {
	echo "command=\"touch evil\",port-forwarding $(blob one.pub) x" >received
	run -0 xferkey -q authorize received
	dropped='command="touch evil",port-forwarding (-O gives the key options)'
	equal "${lines[0]}" "xferkey-authorize: received: the options in it are dropped: $dropped"
	equal "$(cat "$list")" "$(blob one.pub) x"
	rm "$list"
	printf '%s\r\n' "$(cat one.pub)" >received
	xferkey -q authorize received
	cmp "$list" one.pub
}

@test "a key that came by mail: the repairs are reported before the key is written" {
	xferkey -q mail --user "$me" --to a@b.org one.pub >message
	print=$(print one.pub)
	sed 's/^/> /' message | fold -s -w 60 >reply
	iconv -t UTF-16 message >utf16
	printf '\342\200\234%s\342\200\235\n' "$(blob one.pub)" >quotes
	printf 'Hello,\n\n%s\n-- \nJane\n' "$(cat two.pub)" | fold -w 76 >letter
	for file in message reply utf16 quotes letter; do
		rm -rf .ssh
		[ "$file" != letter ] || print=$(print two.pub)
		mended="^xferkey-authorize: $file: repaired: [^:]*: the key in it is [0-9]* $print "
		# reported first, because nothing may be written if the report fails
		run xferkey -n authorize $file
		grep "$mended" <<<"${lines[0]}"
		has "xferkey pubfmt -F $file | xferkey authkeys "
		[ ! -e .ssh ]
		run -0 xferkey authorize $file
		grep "$mended" <<<"${lines[0]}"
		[[ $output = *"xferkey pubfmt -F $file |"*" is installed for $me"* ]]
		equal "$(print "$list")" "$print"
		says 2 'xferkey-authkeys: standard input: ' sh -c 'xferkey authkeys -f strict <"$1"' - "$file"
		[ ! -e strict ]
	done
	sed "s/^/$me:/" quotes >lines
	rm -rf .ssh
	# yash reads only characters of the locale, not bytes
	export LC_ALL=C.UTF-8
	says_batch "$me	refused	not an SSH key as it stands (pubfmt -F or import reads it)" <lines
	[ ! -e .ssh ]
}

@test "a message for another account, or with another fingerprint, installs nothing" {
	xferkey -q mail --user jane-of-theirs --to a@b.org one.pub >theirs
	xferkey -q mail --user "$me" --to a@b.org one.pub >mine
	one=$(print one.pub) two=$(print two.pub)
	sed "s|$one|$two|" mine >swapped
	for user in '' "-u $me"; do
		refused <<-END
			theirs: a message for the account jane-of-theirs, not for $me| authorize $user theirs
			swapped: its text names the fingerprint $two, but its key has $one| authorize $user swapped
		END
	done
	xferkey -q authorize mine
}

@test "wrong input and options are refused, and nothing is made; t1700 has more" {
	{
		cat one.pub
		yes '# x' | head -n 300000
		cat two.pub one
	} >long
	printf '<p>%s</p><p>%s</p>\n' "$(blob one.pub)" "$(blob two.pub)" >html
	printf '<div title="%s"><p>My key:</p>%s b</div>\n' "$(blob two.pub)" "$(blob one.pub)" >attribute
	cp one.pub closed
	chmod 000 closed
	refused <<-'END'
		long: larger than 1 MiB| authorize long
		html: more than one public key| authorize html
		attribute: more than one public key| authorize attribute
		DSA keys are no longer accepted| authorize dsa.pub
		closed: cannot read| authorize closed
		-O: an option for a certificate authority, whose key lets in every certificate| authorize -O cert-authority one.pub
		-O: an expiry-time in the past| authorize -O 'expiry-time="20200101"' one.pub
		-O: unknown or malformed options: sshd may refuse the key: a; sets of options are: aspera| authorize -O a one.pub
		--grace: only with --replaces| authorize --grace 3 one.pub
		--replaces: | authorize --replaces SHA256:AAAA one.pub
		-e and --replaces: one of them| authorize -e +1d --replaces $(print one.pub) two.pub
		is not among the keys of| authorize --replaces $(print one.pub) two.pub
		-u root: only root| authorize -u root one.pub
		-u: not the name of an account| authorize -u -x one.pub
		| authorize -u 'a b' one.pub
		| authorize -u '$(id)' one.pub
		| authorize -u ../x one.pub
		| authorize -u '' one.pub
		| authorize -u 'a;b' one.pub
		/dev/zero: not a file| authorize -b /dev/zero
	END
}

@test "a private key in any form is refused, and written to no file" {
	need openssl
	mkdir seen tmp
	export TMPDIR=$PWD/tmp
	see_before_rm
	new_key rsa -b 2048 -m PEM -f pem
	xferkey privfmt -m PPK2 -o ppk pem
	xferkey privfmt -m PKCS8 -o pkcs8 one
	iconv -t UTF-16 one >utf16
	iconv -t UTF-16BE ppk >utf16be
	openssl pkey -in pem -outform DER -out der
	openssl rsa -in pem -outform DER -out pkcs1 2>&-
	tr '\n' ' ' <one >one-line
	tr '\n' '\r' <pem >cr
	{ printf '\357\273\277'; cat ppk; } >bom-ppk
	{ printf '\357\273\277'; tr '\n' '\r' <ppk; } >bom-cr-ppk
	{ echo 'Dear all, this is my key:'; cat pem; } >letter
	sed 's/^/> /' ppk >quoted
	sed 's/^/# /' pem >comment
	{ cat one.pub; tr '\n' ' ' <one; } >both-lines
	{ tr '\n' '\r' <one.pub; tr '\n' '\r' <pem; } >both-cr
	{ cat pem; head -c 2000000 /dev/zero | tr '\0' x; } >large
	sed '$d' pem >short-pem
	new_key ed25519 -N 'horse battery' -f encrypted
	for key in one pem pkcs8 ppk utf16 utf16be der pkcs1 one-line cr bom-ppk bom-cr-ppk letter quoted comment both-lines \
		both-cr large short-pem encrypted; do
		said='a private key: only the public half, KEY.pub, may be sent'
		for command in "authorize $key" 'authorize' "mail --to a@b.org $key"; do
			rm -rf seen/*
			PATH=$PWD/path:$PATH says 2 "$said" \
				sh -c 'key=$1 && shift && exec "$@" <"$key"' sh "$key" xferkey $command
			[ ! -s "$BATS_TEST_TMPDIR/out" ]
			grep -x "xferkey-[^:]*: [a-z0-9 -]*: $said.\{,60\}" "$BATS_TEST_TMPDIR/err"
			[ -n "$(find seen -type f)" ]
			left=$(find seen -type f -exec cat {} +)
			[ "${#left}" -lt 160 ]
			[ -z "$(find seen -type f -size +0 ! -name trouble ! -name room)" ]
			[ -z "$(ls -A tmp)" ]
		done
	done
	[ ! -e .ssh ]
}

@test "a list that sshd would refuse: status 1, and the reason" {
	mkdir .ssh
	chmod 777 .ssh
	run -1 xferkey authorize one.pub
	[[ $output = *"$HOME/.ssh"*world-writable* ]]
	cmp "$list" one.pub
	run -1 xferkey -q authorize two.pub
}

@test "-n shows the steps and changes nothing" {
	run -0 xferkey -n authorize one.pub
	equal "$output" "xferkey pubfmt one.pub
xferkey fpr one.pub
xferkey pubfmt one.pub | xferkey authkeys -f $list
xferkey permcheck -s -p $(ssh -V 2>&1 | grep -qE 'Debian|Ubuntu' && echo debian || echo upstream) $list"
	[ ! -e .ssh ]
}

@test "-b: a NUL is refused; -n shows the keys" {
	printf '%s\0:%s\n' "$me" "$(cat two.pub)" | says_batch 'line 1	refused	the line has a control character'
	printf '%s:%s\0\n' "$me" "$(cat two.pub)" | says_batch "$me	refused	the line has a control character"
	run -0 xferkey -n authorize -b <<<"$me:$(blob one.pub)"
	[[ $output = "printf '%s\\n' '$(blob one.pub)' | xferkey pubfmt | xferkey authkeys -f "* ]]
	[ "${#lines[@]}" -eq 1 ]
}

# says_batch VERDICT: authorize -b prints VERDICT for standard input, with status 2.
says_batch() {
	run xferkey -q authorize -b
	equal "$status:$output" "2:$1"
}

@test "-b: a private key is refused, and written to no file" {
	need strace
	new_key ed25519 -C c -f private
	{
		printf '%s:%s\n' "$me" "$(cat two.pub)"
		cat private
	} >mixed
	mkdir spied
	TMPDIR=$PWD/spied run -2 strace -f -y -e trace=write,writev -s 4096 -o calls \
		"$(command -v xferkey)" -q authorize -b mixed
	[[ ${lines[0]} = 'xferkey-authorize: mixed: a private key in it: '* ]]
	[ ! -e "$list" ]
	grep -F "<$PWD/spied/" calls >written
	grep -F "$(blob two.pub)" written
	run -1 grep -F "$(sed -n 3p private | cut -c 1-40)" written
}

@test "on a terminal authorize prints a line "tell them:"" {
	terminal -0 -- xferkey authorize one.pub
	[[ $output = *"tell them: Your key SHA256:"*" is installed for "* ]]
	rm "$list"
	terminal -0 'Control-D' "$(cat one.pub)"$'\r\004' -- xferkey authorize
	cmp "$list" one.pub
	terminal -2 'Lines of USER:PUBLIC-KEY, then Control-D' $'nosuch:x\r\004' -- xferkey authorize -b
	terminal -2 -- xferkey authorize -u no-such-account
	[[ $output != *Control-D* ]]
}

@test "if it is not known whether a line lets the key in: status 2, and nothing is added" {
	stage other
	authkeys=other/libexec/xferkey/xferkey-authkeys
	rm $authkeys
	mkdir -m 700 .ssh
	printf 'from="10.9.9.9",no-pty, %s\n' "$(cat one.pub)" >"$list"
	cp "$list" before
	run xferkey -q authorize one.pub
	equal "$status:${#lines[@]}" 2:1
	[[ $output = *'in a line that sshd may or may not accept'*'from="10.9.9.9",no-pty, ssh-ed25519'* ]]
	cmp before "$list"
	rm -r .ssh
	list='case " $* " in *" -l "*) exit ;; esac'
	sh_script $authkeys "$list" "echo 'xferkey-authkeys: list: not known whether line 3 lets the key in' >&2" \
		"printf 'unknown\tprincipals=\"x\"\n'" 'exit 2'
	PATH=$PWD/other/bin:$PATH
	as_account
	run -2 xferkey -q authorize one.pub
	equal "${lines[0]}" 'xferkey-authorize: list: not known whether line 3 lets the key in'
	[[ ${lines[1]} = 'xferkey-authorize: unknown'*'principals="x"' ]]
	[ "${#lines[@]}" -eq 2 ]
	# nor if authkeys is killed or cannot be run
	for way in 'kill -KILL $$' 'exit 127' 'exit 4'; do
		sh_script $authkeys "$list" "$way"
		for command in authorize revoke; do
			run -2 xferkey -q "$command" one.pub
			has ": authkeys "
		done
	done
	[ ! -e .ssh ]
}

@test "a symbolic link as list or .ssh is refused, and the command that is shown works there" {
	mkdir -m 700 'my keys' .ssh
	for how in '../my keys/authorized_keys .ssh/authorized_keys' 'my keys .ssh'; do
		rm -rf .ssh
		[ "${how##* }" = .ssh ] || mkdir -m 700 .ssh
		ln -s "${how% *}" "${how##* }"
		there="$HOME/my keys/authorized_keys"
		said="$list: a symbolic link, which sshd follows and authorize does not, leads to $there: "
		says 2 "xferkey-authorize: ${said}xferkey pubfmt one.pub | xferkey authkeys -f '$there' -O no-pty" \
			xferkey -q authorize -O no-pty one.pub
		[ -z "$(ls -A 'my keys')" ]
		sh -ec "$(sed 's/.*authorized_keys: xferkey pubfmt/xferkey pubfmt/' "$BATS_TEST_TMPDIR/err")"
		equal "$(cat "$list")" "no-pty $(cat one.pub)"
		rm 'my keys/authorized_keys'
	done
}

@test "errors of -b do not name the option -u" {
	printf 'a b:%s\n' "$(cat two.pub)" | says_batch 'line 1	refused	not the name of an account'
	[ "$(id -u)" -eq 0 ] || printf 'root:%s\n' "$(cat two.pub)" |
		says_batch 'root	refused	root: only root may do this for somebody else'
	[ ! -e .ssh ]
}

@test "-b skips a byte order mark and carriage returns at line ends" {
	printf '\357\273\277nosuch:%s\r\nnosuch2:%s\r\n' "$(cat two.pub)" "$(cat one.pub)" >received
	run xferkey -q authorize -b received
	equal "$status:$output" '2:nosuch	refused	nosuch: no such account
nosuch2	refused	nosuch2: no such account'
}

@test "if XFERKEY_SSHD_CONFIG cannot be read, the error says why: no sshd, or sshd's own error" {
	if ! command -v sshd && [ ! -x /usr/sbin/sshd ] && [ ! -x /usr/local/sbin/sshd ] && [ ! -x /sbin/sshd ]; then
		for command in authorize revoke; do
			XFERKEY_SSHD_CONFIG=/nonexistent says 2 '/nonexistent: no sshd to read it was found in PATH, ' \
				xferkey -q "$command" one.pub
		done
	fi
	fake sshd 'echo "/nonexistent: No such file or directory" >&2; exit 1'
	for command in authorize revoke; do
		PATH=$PWD/path:$PATH XFERKEY_SSHD_CONFIG=/nonexistent says 2 \
			'/nonexistent: sshd -T does not read it: /nonexistent: No such file or directory' xferkey -q "$command" one.pub
	done
	[ ! -e .ssh ]
}
