#!/usr/bin/env bats
# t/tools/demo: the whole story is told, and nothing of it is left, however it ends.

bats_require_minimum_version 1.5.0

setup() {
	demo=$BATS_TEST_DIRNAME/../tools/demo
	export TMPDIR=$BATS_TEST_TMPDIR/tmp HOME=$BATS_TEST_TMPDIR/home
	mkdir "$TMPDIR" "$HOME"
	log=$BATS_TEST_TMPDIR/log
}

# nothing_left: no process, no file in the temporary folder, none in HOME.
nothing_left() {
	local process words
	for process in /proc/[0-9]*; do
		mapfile -d '' words <"$process/cmdline" || continue
		if [[ ${words[*]} = *"$TMPDIR/"* ]]; then
			echo "still running: ${words[*]}"
			return 1
		fi
	done 2>/dev/null
	find "$TMPDIR" "$HOME" -mindepth 1 >"$BATS_TEST_TMPDIR/left"
	cat "$BATS_TEST_TMPDIR/left"
	[ ! -s "$BATS_TEST_TMPDIR/left" ]
}

# interrupt SIGNAL TEXT: the signal arrives when the demo has said TEXT.
interrupt() {
	XFERKEY_DEMO_MIB=32 "$demo" >"$log" 2>&1 3>&- &
	for tenth in {1..300}; do
		! grep -qF -- "$2" "$log" || break
		sleep 0.1
	done
	kill -s "$1" "$!"
	status=0
	wait "$!" || status=$?
	echo "$1 after $tenth tenths: status $status"
	tail -n 3 "$log"
	! grep -q '^demo: done' "$log" || false
}

@test "the story ends well, within 60 s, and says every step" {
	XFERKEY_DEMO_MIB=4 run -0 "$demo"
	[[ ${lines[-1]} =~ ^'demo: done in '([0-9]+)' s: 4 MiB sent and fetched, both SHA-256 are the same'$ ]]
	[ "${BASH_REMATCH[1]}" -le 60 ]
	for step in setup generate check pubfmt mail fips-convert authorize permcheck ascp; do
		echo "step $step"
		# as root, authorize must be told the account, and its filter does it
		[ "$step:$(id -u)" != authorize:0 ] || step=authkeys
		grep -q "^\$ .*xferkey $step" <<<"$output"
	done
	# the fingerprint and the random art of ssh-keygen
	grep -qE '^3072 SHA256:[A-Za-z0-9+/]{43} .*\(RSA\)$' <<<"$output"
	[ "$(grep -cE '^\|.{17}\|$' <<<"$output")" -eq 9 ]
	grep -qx '\$ export XFERKEY_ENGINE=sftp' <<<"$output"
	grep -qE 'ok.*login.*takes the key' <<<"$output"
	nothing_left
}

@test "Ctrl-C in the middle of the transfer leaves nothing" {
	command -v expect >/dev/null || skip 'no expect'
	run env XFERKEY_DEMO_MIB=32 expect -c "
		set timeout 60
		spawn $demo
		expect {
			{\$ xferkey ascp} { }
			default { exit 99 }
		}
		expect {
			{put -c} { }
			default { exit 98 }
		}
		send \003
		expect eof
		exit [lindex [wait] 3]"
	[ "$status" -eq 130 ]
	[[ $output != *'demo: done'* ]]
	nothing_left
}

@test "HUP early, TERM in the middle of the transfer, leave nothing" {
	interrupt HUP 'xferkey generate'
	[ "$status" -eq 129 ]
	nothing_left
	interrupt TERM 'put -c'
	[ "$status" -eq 143 ]
	nothing_left
}

@test "a step that fails ends it with status 2, and its name" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexit 3\n' >"$BATS_TEST_TMPDIR/bin/xferkey"
	chmod 755 "$BATS_TEST_TMPDIR/bin/xferkey"
	run env XFERKEY_BIN="$BATS_TEST_TMPDIR/bin" "$demo"
	echo "${lines[-1]}"
	[ "$status" -eq 2 ]
	[ "${lines[-1]}" = 'demo: status 3 from: xferkey setup' ]
	nothing_left
}
