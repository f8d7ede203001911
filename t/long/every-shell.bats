#!/usr/bin/env bats
# The porcelain's own suite in every shell that it is written for, besides /bin/sh.

load ../lib/test

in_shell() {
	need "${1%% *}" python3
	reachable
	"$top/t/tools/stage-shell" "$1" "$BATS_TEST_TMPDIR/stage"
	XFERKEY_BIN=$BATS_TEST_TMPDIR/stage/bin inner_run "$top"/t/check/t20*.bats "$top"/t/check/t21*.bats
	[ "$status" -eq 0 ]
}

@test "the porcelain's tests pass with dash" {
	# if /bin/sh is dash, make check is this run
	[ "$(readlink -f /bin/sh)" = "$(readlink -f "$(command -v dash)")" ] || in_shell dash
}

@test "the porcelain's tests pass with busybox sh" {
	in_shell 'busybox sh'
}

@test "the porcelain's tests pass with bash --posix" {
	in_shell 'bash --posix'
}

@test "the porcelain's tests pass with mksh" {
	in_shell mksh
}

@test "the porcelain's tests pass with ksh93" {
	in_shell ksh93
}

@test "the porcelain's tests pass with yash" {
	in_shell yash
}
