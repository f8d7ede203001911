#!/usr/bin/env bats
# xferkey revoke: takes a key out of one's own authorized_keys; s2145 has other accounts.

load ../lib/porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	new_key ed25519 -C "jane's" -f one
	new_key ed25519 -f two
}

setup() {
	private_home
	cp "$BATS_FILE_TMPDIR"/* .
	as_account
	list=$HOME/.ssh/authorized_keys
	mkdir -m 700 .ssh
	printf '# mine\n%s\nno-pty,command="a '\''b'\''" %s\n%s\n' "$(cat one.pub)" "$(cat one.pub)" "$(cat two.pub)" >"$list"
	chmod 600 "$list"
	print=$(print one.pub)
}

teardown() {
	stop_sshd
}

@test "every line of the key is removed, the undo line restores them, and a login is refused" {
	cp "$list" before
	start_sshd
	logs_in one
	for word in one.pub "$print" "$(print one.pub md5)"; do
		cp before "$list"
		run -0 xferkey revoke "$word"
		has " is removed from $list"
		equal "$(cat "$list")" "# mine
$(cat two.pub)"
	done
	sed -n 's/^undo: //p' <<<"$output" >undo
	run -255 logs_in one
	logs_in two
	equal "$(wc -l <undo | tr -d ' ')" 1
	sh -e ./undo
	equal "$(cat "$list")" "$(sed -n '1p;4p' before; sed -n 2,3p before)"
}

@test "a fingerprint is accepted in each pasted form; a file of that name is ./NAME" {
	md5=$(print one.pub md5)
	cp "$list" before
	for word in "sha256:${print#*:}" "$print=" "${md5#MD5:}" "${md5^^}" "$(ssh-keygen -lf one.pub)" "$print"; do
		cp before "$list"
		run -0 xferkey revoke "$word"
		[[ $output = *"$print is removed from $list"* || $output = *"$md5 is removed from $list"* ]]
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

@test "a private key is revoked by its public half, and written to no file" {
	need openssl
	mkdir seen tmp
	see_before_rm
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
		PATH=$PWD/path:$PATH run -0 xferkey revoke "$file"
		has "$file: a private key: the key to revoke is its public half $print; if " "$print is removed from $list"
		equal "$(cat "$list")" "# mine
$(cat two.pub)"
		[ -n "$(find seen -type f)" ]
		! grep -r -e b3BlbnNzaC1rZXktdjE -e 'PRIVATE KEY' -e MC4CAQ -e Private seen || false
	done
	cp before "$list"
	refused <<-'END'
		pbes2: a private key whose public half is encrypted too: nothing is revoked| revoke pbes2
		both: more than one key in it| revoke both
		short: truncated| revoke short
	END
}

@test "the undo line restores every line, from itself or from a file" {
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
	for line in "command=\"printf 'a"$'\t'"b'\" $(cat one.pub)" "no-pty $(cat one.pub)"$'\r' "$(blob one.pub) "$'\351' \
		"$(blob one.pub) "$'\342\200\256' "$(tr ' ' '\t' <one.pub)"; do
		printf '%s\n' "$line" >"$list"
		run -0 xferkey revoke one.pub
		[ ! -s "$list" ]
		sh -ec "$(sed -n 's/^undo: //p' <<<"$output")"
		equal "$(cat "$list")" "$line"
	done
}

@test "a key that is not there is status 1, a wrong operand status 2, and nothing changes" {
	xferkey -q revoke one.pub
	before=$(cat "$list"; stat -c '%i %z' "$list" .ssh)
	run -1 xferkey revoke one.pub
	has "$print is not among the keys of $me"
	# this message is shown with -q too
	run -1 xferkey -q revoke "$print"
	has_line "xferkey-revoke: sshd could not be asked where it looks: $list ${list}2 are assumed"
	has "xferkey-revoke: HOME is not the home of $me: sshd looks in "
	equal "${#lines[@]}" 2
	printf '<p>%s a</p><p>%s b</p>\n' "$(blob one.pub)" "$(blob two.pub)" >keys.html
	refused <<-END
		neither a file nor a fingerprint: not a whole| revoke ${print%?}
		| revoke $print.
		| revoke SHA256:
		| revoke aa:bb
		${print#*:}: no such file; a fingerprint begins with SHA256: or MD5:| revoke ${print#*:}
		neither a file nor a fingerprint: not a whole| revoke a:$print
		one fingerprint or key file is required| revoke
		| revoke one.pub two.pub
		-u: not the name of an account| revoke -u 'a b' one.pub
		| revoke -u '' one.pub
		no such account| revoke -u no-such-account one.pub
		only root| revoke -u root one.pub
		| revoke --everywhere one.pub
		| revoke --krl krl one.pub
		--log is required| revoke --unused 90
		| revoke --log log one.pub
		--unused: not a number of days| revoke --unused 0 --log log
		the log names the keys| revoke --superseded --log log one.pub
		--unused, --superseded and --krl: one of them| revoke --superseded --krl krl --log log
		log: no such file| revoke --superseded --log log
		keys.html: more than one public key| revoke keys.html
	END
	equal "$(cat "$list"; stat -c '%i %z' "$list" .ssh)" "$before"
}

@test "-n shows the step and changes nothing" {
	before=$(cat "$list")
	run -0 xferkey -n revoke "$print"
	# if no sshd can be asked, both usual files are searched
	[[ $output = "xferkey authkeys -f $list -d $print"* ]]
	equal "$(xferkey revoke -n "$print")" "$output"
	equal "$(cat "$list")" "$before"
}

@test "if a tool fails, the status is 2, or 0 if the work is done" {
	before=$(cat "$list")
	for tool in id date sed grep head wc; do
		rm -rf path
		fake "$tool" 'exit 1'
		for command in revoke authorize; do
			run env PATH="$PWD/path:$PATH" xferkey "$command" two.pub
			echo "$tool: $command: $status: $output"
			case $status in
			2) [ -n "$output" ] ;;
			0) [ "$command" = revoke ] || [[ $output != *installed* ]] || grep -qF "$(blob two.pub)" "$list" ;;
			*) return 1 ;;
			esac
			printf '%s\n' "$before" >"$list"
		done
	done
	# only the name of the account
	rm path/wc
	fake id "case \$* in -un*) exit 1 ;; esac; exec $(command -v id) \"\$@\""
	for command in revoke authorize; do
		says 2 'id -un: fails' env PATH="$PWD/path:$PATH" xferkey -q "$command" one.pub
	done
	equal "$(cat "$list")" "$before"
}

@test "if standard output is full, standard error says what was done and how to undo it" {
	run bash -c "xferkey -q revoke one.pub 2>&1 >/dev/full"
	# -q prints nothing there
	equal "$status:${lines[0]}" "0:xferkey-revoke: sshd could not be asked where it looks: $list ${list}2 are assumed"
	cp one.pub "$list"
	run -2 bash -c "xferkey revoke one.pub 2>&1 >/dev/full"
	has "xferkey-revoke: standard output: cannot write: $print is removed from $list" \
		"standard output: cannot write: undo: printf "
	[ ! -s "$list" ]
	equal "$(ls -d xferkey-undo.* 2>/dev/null)" ''
}

@test "above 20 lines the undo is a command that reads a file in the home" {
	yes "$(cat one.pub)" | head -n 21 >"$list"
	cp "$list" before
	fake sync "echo \"\$@\" >>$PWD/synced"
	run -0 env PATH="$PWD/path:$PATH" xferkey revoke one.pub
	[ ! -s "$list" ]
	equal "$(cat synced)" "$(echo "$HOME"/xferkey-undo.*/1 "$HOME"/xferkey-undo.* "$HOME")"
	equal "$(stat -c %a xferkey-undo.* xferkey-undo.*/* | tr '\n' ' ')" '700 600 '
	sed -n 's/^undo: //p' <<<"$output" >undo
	grep -x "xferkey authkeys -f $list -A <$HOME/xferkey-undo\\.[^/]*/1" undo
	cmp xferkey-undo.*/1 before
	sh -e ./undo
	cmp "$list" before
}

@test "revoke ended by a signal finishes the file, and prints its undo line" {
	before=$(cat "$list")
	fake ssh-keygen ": >'$PWD/begun'
		while [ ! -e '$PWD/goes' ]; do sleep 0.05; done
		exec $(command -v ssh-keygen) \"\$@\""
	for signal in TERM HUP; do
		PATH=$PWD/path:$PATH xferkey revoke one.pub >out 2>err &
		until [ -e begun ] || ! kill -0 "$!" 2>/dev/null; do sleep 0.05; done
		kill -s "$signal" "$!"
		: >goes
		got=0
		wait "$!" || got=$?
		cat out err
		[ "$got" -gt 128 ]
		[ "$(grep -c . "$list")" = 2 ]
		[ "$(grep -c "$print is removed from $list" out)" = 1 ]
		sed -n 's/^undo: //p' out >undo
		sh -e ./undo
		equal "$(sort "$list")" "$(sort <<<"$before")"
		[ -z "$(ls -d xferkey-undo.* 2>/dev/null)" ]
		rm begun goes
	done
}

@test "one's own list is found behind a symbolic link" {
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
		has "$print is removed from $HOME/my keys/authorized_keys, to which a symbolic link leads from $list"
		equal "$(cat 'my keys/authorized_keys')" "# mine
$(cat two.pub)"
		sh -ec "$(sed -n 's/^undo: //p' <<<"$output")"
		sort 'my keys/authorized_keys' | cmp before -
	done
	# the link leads nowhere: no key is there
	rm -r 'my keys'
	run -1 xferkey revoke one.pub
}
