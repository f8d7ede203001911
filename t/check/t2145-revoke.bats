#!/usr/bin/env bats
# xferkey revoke: a key out of one's own authorized_keys; s2145 has the accounts of others.

load ../lib/test
load ../lib/porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	ssh-keygen -q -t ed25519 -N '' -C "jane's" -f one
	ssh-keygen -q -t ed25519 -N '' -f two
}

setup() {
	private_home
	cp "$BATS_FILE_TMPDIR"/* .
	as_account
	list=$HOME/.ssh/authorized_keys
	mkdir -m 700 .ssh
	printf '# mine\n%s\nno-pty,command="a '\''b'\''" %s\n%s\n' "$(cat one.pub)" "$(cat one.pub)" "$(cat two.pub)" >"$list"
	chmod 600 "$list"
	print=$(ssh-keygen -lf one.pub | cut -d ' ' -f 2)
}

teardown() {
	stop_sshd
}

@test "every line of it goes, by file or fingerprint; the undo line brings them back; a login is refused" {
	cp "$list" before
	start_sshd
	ssh -F "$XFERKEY_SSH_CONFIG" -i one test true
	for word in one.pub "$print" "$(ssh-keygen -E md5 -lf one.pub | cut -d ' ' -f 2)"; do
		cp before "$list"
		run -0 xferkey revoke "$word"
		[[ $output = *" is out of $list"* ]]
		equal "$(cat "$list")" "# mine
$(cat two.pub)"
	done
	! ssh -F "$XFERKEY_SSH_CONFIG" -i one test true || false
	ssh -F "$XFERKEY_SSH_CONFIG" -i two test true
	sed -n 's/^undo: //p' <<<"$output" >undo
	equal "$(wc -l <undo | tr -d ' ')" 1
	sh -e ./undo
	equal "$(cat "$list")" "$(sed -n '1p;4p' before; sed -n 2,3p before)"
}

@test "a fingerprint as people paste it is taken; a file of that name is ./NAME" {
	md5=$(ssh-keygen -E md5 -lf one.pub | cut -d ' ' -f 2)
	cp "$list" before
	for word in "sha256:${print#*:}" "$print=" "${md5#MD5:}" "$(tr a-z A-Z <<<"$md5")" "$(ssh-keygen -lf one.pub)" "$print"; do
		cp before "$list"
		run -0 xferkey revoke "$word"
		[[ $output = *"$print is out of $list"* || $output = *"$md5 is out of $list"* ]]
		equal "$(cat "$list")" "# mine
$(cat two.pub)"
	done
	cp before "$list"
	cp two.pub "$md5"
	xferkey -q revoke "$md5"
	! grep -F "$(blob one.pub)" "$list" || false
	xferkey -q revoke "./$md5"
	! grep -F "$(blob two.pub)" "$list" || false
}

@test "a private key says which key is revoked: by its public half, where that can be seen; of it nothing is written" {
	mkdir seen tmp path
	printf '#!/bin/sh\ncp -R "$TMPDIR"/. "%s"\nexec %s "$@"\n' "$PWD/seen" "$(command -v rm)" >path/rm
	chmod 755 path/rm
	cp "$list" before
	sed 's/^/> /' one >quoted
	{ echo 'Dear all, this is my key:'; cat one; cat one.pub; } >letter
	xferkey privfmt -m PKCS8 -o pkcs8 one
	openssl pkey -in pkcs8 -outform DER -out der
	xferkey privfmt -m PPK3 -o ppk one
	export PW='horse battery'
	xferkey privfmt -N env:PW -o locked one
	xferkey privfmt -m PKCS8 -N env:PW -o pbes2 one
	cat one two >both
	sed '$d' one >short
	export TMPDIR=$PWD/tmp
	for file in one quoted letter pkcs8 der ppk locked; do
		cp before "$list"
		PATH=$PWD/path:$PATH run xferkey revoke "$file"
		echo "$file: $output"
		[ "$status" -eq 0 ]
		[[ $output = *"$file: a private key: its public half $print is revoked; if the private key was sent to you, it is compromised"* ]]
		[[ $output = *"$print is out of $list"* ]]
		equal "$(cat "$list")" "# mine
$(cat two.pub)"
		[ -n "$(find seen -type f)" ]
		! grep -r -e b3BlbnNzaC1rZXktdjE -e 'PRIVATE KEY' -e MC4CAQ -e Private seen || false
	done
	cp before "$list"
	says 2 'pbes2: a private key whose public half is encrypted too: nothing is revoked' xferkey revoke pbes2
	says 2 'both: more than one key in it' xferkey revoke both
	says 2 'short: truncated: its last line is missing' xferkey revoke short
	cmp before "$list"
}

@test "the undo line brings back any line that can be pasted, and there is none for others" {
	export LC_ALL=C.UTF-8
	printf '%s\n' '-----BEGIN RSA PRIVATE KEY-----' "from=\"127.0.0.1\" $(cat one.pub)" "$(cat one.pub)" "$(cat one.pub)" \
		"  odd-name  $(blob one.pub | cut -d ' ' -f 2) Ren\\u\"é's" "$(cat two.pub)" >"$list"
	run -0 xferkey revoke one.pub
	sed -n 's/^undo: //p' <<<"$output" >undo
	equal "$(cat "$list")" "-----BEGIN RSA PRIVATE KEY-----
$(cat two.pub)"
	sh -e ./undo
	equal "$(cat "$list")" "-----BEGIN RSA PRIVATE KEY-----
$(cat two.pub)
from=\"127.0.0.1\" $(cat one.pub)
$(cat one.pub)
$(cat one.pub)
  odd-name  $(blob one.pub | cut -d ' ' -f 2) Ren\\u\"é's"
	for line in "command=\"printf 'a"$'\t'"b'\" $(cat one.pub)" "$(blob one.pub) "$'\351' "$(blob one.pub) "$'\342\200\256'; do
		printf '%s\n' "$line" >"$list"
		run -0 xferkey revoke one.pub
		[[ $output = *'no undo line: what is out has bytes that cannot be pasted'* ]]
		[[ $output != *undo:* ]]
	done
}

@test "what is not there is status 1; a bad word is status 2; nothing changes" {
	xferkey -q revoke one.pub
	before=$(cat "$list"; stat -c '%i %z' "$list" .ssh)
	run -1 xferkey revoke one.pub
	[[ $output = *"$print is not among the keys of $me"* ]]
	# who asks for quiet is told what was not asked
	run xferkey -q revoke "$print"
	equal "$status:$output" "1:xferkey-revoke: sshd could not be asked where it looks: $list ${list}2 are assumed"
	for word in "${print%?}" "$print." SHA256: aa:bb "a:$print"; do
		says 2 'neither a file nor a fingerprint: not a whole fingerprint' xferkey -q revoke "$word"
	done
	says 2 'nosuch: no such file' xferkey revoke nosuch
	says 2 'one fingerprint or key file is required' xferkey revoke
	says 2 'one fingerprint or key file is required' xferkey revoke one.pub two.pub
	says 2 '-u: not the name of an account' xferkey revoke -u 'a b' one.pub
	says 2 '-u: not the name of an account' xferkey revoke -u '' one.pub
	says 2 'no such account' xferkey revoke -u no-such-account one.pub
	says 2 'only root' xferkey revoke -u root one.pub
	says 2 'only root' xferkey revoke --everywhere one.pub
	equal "$(cat "$list"; stat -c '%i %z' "$list" .ssh)" "$before"
	printf '<p>%s a</p><p>%s b</p>\n' "$(blob one.pub)" "$(blob two.pub)" >keys.html
	cp "$list" before
	says 2 'keys.html: more than one public key' xferkey revoke keys.html
	cmp before "$list"
}

@test "-n shows the step and changes nothing" {
	before=$(cat "$list")
	run xferkey -n revoke "$print"
	# without an sshd to ask, both of its usual files
	[[ $output = "xferkey authkeys -f $list -d $print"* ]]
	equal "$status" 0
	equal "$(cat "$list")" "$before"
}

@test "what id or another tool does not say is trouble, and no status of theirs is ours; nothing changes" {
	before=$(cat "$list")
	mkdir broken
	for tool in id date sed grep head wc; do
		rm -f broken/*
		printf '#!/bin/sh\nexit 1\n' >"broken/$tool"
		chmod 755 broken broken/*
		for command in revoke authorize; do
			run env PATH="$PWD/broken:$PATH" xferkey "$command" two.pub
			echo "$tool: $command: $status: $output"
			case $status in
			2) [ -n "$output" ] ;;
			0) [ "$command" = revoke ] || [[ $output != *installed* ]] || grep -qF "$(blob two.pub)" "$list" ;;
			*) return 1 ;;
			esac
			printf '%s\n' "$before" >"$list"
		done
	done
	# the name of the account alone
	printf '#!/bin/sh\ncase $* in -un*) exit 1 ;; esac\nexec %s "$@"\n' "$(command -v id)" >broken/id
	chmod 755 broken/id
	rm -f broken/wc
	says 2 'id -un: fails' env PATH="$PWD/broken:$PATH" xferkey -q revoke one.pub
	says 2 'id -un: fails' env PATH="$PWD/broken:$PATH" xferkey -q authorize one.pub
	equal "$(cat "$list")" "$before"
}

@test "standard output that takes nothing: it is out, and standard error says so and how to undo it" {
	run bash -c "xferkey -q revoke one.pub 2>&1 >/dev/full"
	# -q leaves nothing to be written there
	equal "$status:$output" "0:xferkey-revoke: sshd could not be asked where it looks: $list ${list}2 are assumed"
	cp one.pub "$list"
	run -2 bash -c "xferkey revoke one.pub 2>&1 >/dev/full"
	[[ $output = *"xferkey-revoke: standard output: cannot write: $print is out of $list"* ]]
	[[ $output = *"standard output: cannot write: undo: printf "* ]]
	[ ! -s "$list" ]
	equal "$(ls -d xferkey-undo.* 2>/dev/null)" ''
}

@test "above 20 lines the undo is a file of mode 0600 in the home, and the command that uses it" {
	yes "$(cat one.pub)" | head -n 21 >"$list"
	chmod 600 "$list"
	cp "$list" before
	run -0 xferkey revoke one.pub
	[ ! -s "$list" ]
	equal "$(stat -c %a xferkey-undo.* xferkey-undo.*/* | tr '\n' ' ')" '700 600 '
	sed -n 's/^undo: //p' <<<"$output" >undo
	grep -x "xferkey authkeys -f $list -A <$HOME/xferkey-undo\\.[^/]*/1" undo
	cmp xferkey-undo.*/1 before
	sh -e ./undo
	cmp "$list" before
}

@test "ended by a signal: the key is out of the file that was begun with, and the undo line says how it comes back" {
	before=$(cat "$list")
	mkdir waits
	printf '#!/bin/sh\n: >"%s/begun"\nwhile [ ! -e "%s/goes" ]; do sleep 0.05; done\nexec %s "$@"\n' \
		"$PWD" "$PWD" "$(command -v ssh-keygen)" >waits/ssh-keygen
	chmod 755 waits/ssh-keygen
	for signal in TERM HUP; do
		PATH=$PWD/waits:$PATH xferkey revoke one.pub >out 2>err &
		until [ -e begun ] || ! kill -0 "$!" 2>/dev/null; do sleep 0.05; done
		kill -s "$signal" "$!"
		: >goes
		got=0
		wait "$!" || got=$?
		cat out err
		[ "$got" -gt 128 ]
		[ "$(grep -c . "$list")" = 2 ]
		[ "$(grep -c "$print is out of $list" out)" = 1 ]
		sed -n 's/^undo: //p' out >undo
		sh -e ./undo
		equal "$(sort "$list")" "$(sort <<<"$before")"
		[ -z "$(ls -d xferkey-undo.* 2>/dev/null)" ]
		rm begun goes
	done
}

@test "one's own list behind a symbolic link: it is out of the file there; the undo puts it back there" {
	mkdir -m 700 'my keys'
	for how in list .ssh; do
		if [ "$how" = list ]; then
			mv "$list" 'my keys/authorized_keys'
			ln -s '../my keys/authorized_keys' "$list"
		else
			rm -r .ssh
			ln -s 'my keys' .ssh
		fi
		sort 'my keys/authorized_keys' >before
		run -0 xferkey revoke one.pub
		[[ $output = *"$print is out of $HOME/my keys/authorized_keys, to which a symbolic link leads from $list"* ]]
		equal "$(cat 'my keys/authorized_keys')" "# mine
$(cat two.pub)"
		sh -ec "$(sed -n 's/^undo: //p' <<<"$output")"
		sort 'my keys/authorized_keys' | cmp before -
	done
	# to nothing: no key is there
	rm -r 'my keys'
	run -1 xferkey revoke one.pub
}
