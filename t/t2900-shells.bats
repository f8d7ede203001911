# The porcelain's own suite, once in each of three shells besides /bin/sh.

load test

in_shell() {
	need "${1%% *}" python3
	"$top/t/stage-shell" "$1" "$BATS_TEST_TMPDIR/stage"
	XFERKEY_BIN=$BATS_TEST_TMPDIR/stage/bin PATH=$BATS_TEST_TMPDIR/stage/bin:$PATH \
		run bats --tap "$top"/t/t20*.bats "$top"/t/t21*.bats
	echo "$output" | grep -v '^ok'
	[ "$status" -eq 0 ]
}

@test "dash" {
	# where it is /bin/sh, the suite itself is this pass
	[ "$(readlink -f /bin/sh)" = "$(readlink -f "$(command -v dash)")" ] || in_shell dash
}

@test "busybox sh" {
	in_shell 'busybox sh'
}

@test "bash --posix" {
	in_shell 'bash --posix'
}
