#!/usr/bin/env bats
# The porcelain in each shell that it is written for: the shell parses all files, and a part of the story runs. make
# check-shells runs the whole suite in each.

load ../lib/porcelain

# story SHELL-COMMAND
story() {
	need "${1%% *}"
	private_home
	"$top/t/tools/stage-shell" "$1" "$BATS_TEST_TMPDIR/stage"
	libexec=$BATS_TEST_TMPDIR/stage/libexec/xferkey
	for file in "$libexec"/../../bin/xferkey $(grep -lI '^usage=' "$libexec"/xferkey-* "$libexec"/lib/*) \
		"$libexec"/lib/*.sh; do
		echo "$file"
		$1 -n "$file"
	done
	PATH=$BATS_TEST_TMPDIR/stage/bin:$PATH
	as_account
	xferkey setup
	xferkey generate --site ihmp --user jane -t ed25519 -C "it's me"
	xferkey mail --site ihmp --user jane --to dcc@example.org | grep -xF "$(cat .ssh/ihmp.pub)"
	xferkey check --site ihmp | grep "^ok	pair"
	xferkey authorize .ssh/ihmp.pub
	cmp .ssh/ihmp.pub .ssh/authorized_keys
	xferkey revoke .ssh/ihmp.pub
	[ ! -s .ssh/authorized_keys ]
	echo "$me:$(cat .ssh/ihmp.pub)" | HOME=/nonexistent xferkey -n authorize -b -O aspera -e 20991231
	XFERKEY_ENGINE=sftp xferkey -n ascp -i ihmp -l 100M -P 33001 .config jane@example.org:upload/
	xferkey sites ihmp
	says 2 'perhaps: xferkey check' xferkey chec
}

@test "dash parses the porcelain and runs the story" {
	story dash
}

@test "busybox sh parses the porcelain and runs the story" {
	story 'busybox sh'
}

@test "bash --posix parses the porcelain and runs the story" {
	story 'bash --posix'
}

@test "mksh parses the porcelain and runs the story" {
	story mksh
}

@test "ksh93 parses the porcelain and runs the story" {
	story ksh93
}

@test "yash parses the porcelain and runs the story" {
	story yash
}
