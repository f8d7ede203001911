#!/usr/bin/env bats
# t/tools/demo: tells the whole story, and leaves nothing, however it ends.

load ../lib/test

setup() {
	demo=$top/t/tools/demo
	export TMPDIR=$BATS_TEST_TMPDIR/tmp HOME=$BATS_TEST_TMPDIR/home
	mkdir "$TMPDIR" "$HOME"
	log=$BATS_TEST_TMPDIR/log
}

# nothing_left: no process, no file in TMPDIR or HOME.
nothing_left() {
	equal "$(running "$TMPDIR/")" ''
	equal "$(find "$TMPDIR" "$HOME" -mindepth 1)" ''
}

# interrupt SIGNAL TEXT: sends SIGNAL when the demo has printed TEXT.
interrupt() {
	XFERKEY_DEMO_MIB=32 "$demo" >"$log" 2>&1 3>&- &
	await 90 grep -qF -- "$2" "$log"
	kill -s "$1" "$!"
	status=0
	wait "$!" || status=$?
	tail -n 3 "$log"
	! grep -q '^demo: done' "$log" || false
}

@test "the story ends well, within 60 s, and shows every step" {
	XFERKEY_DEMO_MIB=4 run -0 "$demo"
	[[ ${lines[-1]} =~ ^'demo: done in '([0-9]+)' s: 4 MiB sent and fetched, both SHA-256 are the same'$ ]]
	[ "${BASH_REMATCH[1]}" -le 60 ]
	for step in setup generate check pubfmt mail fips-convert authorize permcheck ascp; do
		# root must name the account to authorize, and its filter prints this line
		[ "$step:$(id -u)" != authorize:0 ] || step=authkeys
		grep "^\$ .*xferkey $step" <<<"$output"
	done
	# the fingerprint and the random art of ssh-keygen
	grep -qE '^3072 SHA256:[A-Za-z0-9+/]{43} .*\(RSA\)$' <<<"$output"
	[ "$(grep -cE '^\|.{17}\|$' <<<"$output")" -eq 9 ]
	grep -qx '\$ export XFERKEY_ENGINE=sftp' <<<"$output"
	grep -qE 'ok.*login.*accepts the key' <<<"$output"
	# share/doc/xferkey/demo.svg shows what is typed today
	diff <(grep typed "$top/share/doc/xferkey/demo.svg" | sed 's/--user jane/--user USER/') \
		<("$top/t/tools/picture" <<<"$output" | grep typed | sed "s/--user $(id -un)/--user USER/")
	nothing_left
}

@test "Ctrl-C during the transfer leaves nothing" {
	XFERKEY_DEMO_MIB=32 run -130 python3 "$top/t/fixture/pty" "$demo" < <(printf '%s\n' 'wait put -c' 'type \x03')
	[[ $output != *'demo: done'* ]]
	nothing_left
}

@test "HUP early, and TERM during the transfer, leave nothing" {
	interrupt HUP 'xferkey generate'
	[ "$status" -eq 129 ]
	nothing_left
	interrupt TERM 'put -c'
	[ "$status" -eq 143 ]
	nothing_left
}

@test "a step that fails ends the demo with status 2, and is named" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	sh_script "$BATS_TEST_TMPDIR/bin/xferkey" 'exit 3'
	run env XFERKEY_BIN="$BATS_TEST_TMPDIR/bin" "$demo"
	equal "$status:${lines[-1]}" '2:demo: status 3 from: xferkey setup'
	nothing_left
}
