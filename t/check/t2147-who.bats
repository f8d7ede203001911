#!/usr/bin/env bats
# xferkey who: the own keys of an ordinary user; s1540 has all accounts, and real logins.

load ../lib/porcelain

setup() {
	private_home
	new_key ed25519 -C "jane's" -f one
	as_account
	mkdir -m 700 .ssh
	printf 'no-pty %s\n\n# %s\n' "$(cat one.pub)" x >.ssh/authorized_keys
	echo "expiry-time=\"20200101Z\",command=\"a \\\"b\" $(cat one.pub)" >>.ssh/authorized_keys
	chmod 600 .ssh/authorized_keys
}

teardown() {
	stop_sshd
}

@test "a user sees a row for each of the own keys; where sshd is not asked, no key is called accepted" {
	XFERKEY_SSHD_CONFIG='' PATH=$PATH run -0 --separate-stderr xferkey who
	equal "$(cut -f 1-8,11,12 <<<"$output")" "$(
		printf '%s\t' "$me" "$HOME/.ssh/authorized_keys:1" ED25519 256 "$(print one.pub)" no-pty - - -
		echo "jane's"
		printf '%s\t' "$me" "$HOME/.ssh/authorized_keys:4" ED25519 256 "$(print one.pub)"
		printf '%s\t' 'expiry-time="20200101Z",command="a \"b"' 2020-01-01T00:00:00Z - -
		echo "jane's"
	)"
	equal "$(cut -f 13 <<<"$output" | cut -c 1-9 | uniq)" 'not known'
}

@test "on a terminal each column that is not empty is a line with its name" {
	need python3
	printf '%s%s\n' "$(cut -d ' ' -f 1,2 one.pub) " "$(printf '%09000d' 7)" >>.ssh/authorized_keys
	run -0 python3 "$top/t/fixture/pty" xferkey who </dev/null
	output=${output//$'\r'/}
	has_line 'account      '"$me" 'bits         256' 'options      no-pty' "comment      jane's" ''
	has_line "comment      $(printf '%09000d' 7)"
	lacks <(echo "$output") 'used  '
}

@test "if standard output is full, the status is 2" {
	run -2 bash -c 'xferkey who >/dev/full'
	has 'standard output: cannot write'
}
