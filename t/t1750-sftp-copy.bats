#!/usr/bin/env bats
# sftp-copy with servers that are not OpenSSH's, slower, smaller, or hostile.

load test

setup() {
	private_home
	need python3
	head -c 300000 /dev/urandom >f
	touch -d '2001-02-03 04:05:06' f
	mkdir tree
	for i in 1 2 3 4 5 6 7 8 9; do
		head -c $((i * 7000)) f >tree/$i
	done
	chmod 640 tree/5
}

# copy ODDITIES [OPTION ...] put|get
copy() {
	local oddities
	read -ra oddities <<<"$1"
	shift
	run timeout 20 xferkey sftp-copy "$@" sh -c 'exec "$@" 2>/dev/null' sh \
		"$BATS_TEST_DIRNAME/odd-sftp-server" "${oddities[@]}"
	echo "$output"
}

@test "few bytes an answer, answers in any order, no extensions, statuses without text" {
	for oddity in 'short reverse' bare-status; do
		for level in 1 3; do
			rm -rf there back
			mkdir back
			copy "$oddity" -d -s f -s tree -t there/is put
			[ "$status" -eq 0 ]
			equal "$output" ''
			copy "$oddity" -k "$level" -s there/is/f -s there/is/tree -t back get
			[ "$status" -eq 0 ]
			diff -r tree back/tree
			cmp f back/f
			equal "$(stat -c '%a %Y' back/f back/tree/5)" "$(stat -c '%a %Y' f tree/5)"
			# RENAME of version 3 does not replace
			echo other >there/is/f
			copy "$oddity" -k "$level" -s f -t there/is put
			cmp f there/is/f
			equal "$(ls -A there/is)" $'f\ntree'
		done
	done
}

@test "a server that keeps no times and modes has the file all the same, and that is said once" {
	copy no-set -s tree -t . -d put
	mkdir there
	copy no-set -s tree -t there put
	[ "$status" -eq 0 ]
	equal "$output" 'xferkey-sftp-copy: the server does not keep all modes and times'
	diff -r tree there/tree
}

@test "what a server says wrong ends it, or that file: status, one line, nothing elsewhere" {
	mkdir in
	for oddity in prose version garbled-version huge wrong-id; do
		for way in put get; do
			copy "$oddity" -s f -t in $way
			[ "$status" -eq 255 ]
			equal "${#lines[@]}" 1
		done
	done
	copy too-few -s tree -t in get
	[ "$status" -eq 1 ]
	for name in ../evil a/b /tmp/evil '' 'a%00b'; do
		copy "name=$name" -s tree -t in get
		[ "$status" -eq 1 ]
		[[ $output = *'tree: the server lists a name that no file can have' ]]
	done
	[ ! -e evil ]
	[ ! -e /tmp/evil ]
	[ -z "$(find in -type f)" ]
	for oddity in shrinks long no-size; do
		copy "$oddity" -k 1 -s f -t in get
		[ "$status" -eq 1 ]
		equal "${#lines[@]}" 1
		[ ! -e in/f ]
	done
	for oddity in full long-handle no-close; do
		copy "$oddity" -k 1 -s f -t in put
		[ "$status" -eq 1 ]
		equal "${#lines[@]}" 1
		[ ! -e in/f ]
	done
	copy hangs-up -k 1 -s f -t in put
	[ "$status" -eq 255 ]
	[ ! -e in/f ]
	# nothing of what the server says reaches the terminal
	[[ $output != *$'\033'* ]]
}

@test "a source that changes meanwhile is an error; wrong arguments are status 2" {
	(
		for i in {1..1000}; do
			[ -z "$(find . -name '.xferkey-*' -size +1)" ] || break
			sleep 0.01
		done
		echo more >>f
	) &
	run xferkey sftp-copy -k 1 -l 2000 -s f -t new put "$BATS_TEST_DIRNAME/odd-sftp-server"
	wait
	echo "$output"
	[ "$status" -eq 1 ]
	equal "$output" 'xferkey-sftp-copy: f: changed while it was copied'
	[ ! -e new ]
	says 2 'a source and a target' xferkey sftp-copy put true
	says 2 'put or get, and the command' xferkey sftp-copy -s f -t g put
	says 2 'neither put nor get' xferkey sftp-copy -s f -t g copy true
	says 2 '-k 4: not a number from 0 to 3' xferkey sftp-copy -k 4 -s f -t g put true
	says 2 '-l -1: not a number' xferkey sftp-copy -l -1 -s f -t g put true
	says 255 'nosuchcommand: No such file' xferkey sftp-copy -s f -t g put /nosuchcommand
	says 255 'true: the connection is closed' xferkey sftp-copy -s f -t g put true
}

@test "closed standard streams are nobody else's" {
	xferkey sftp-copy -s f -t new put "$BATS_TEST_DIRNAME/odd-sftp-server" <&- >&- 2>&-
	cmp f new
}
