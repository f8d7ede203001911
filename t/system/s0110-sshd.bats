#!/usr/bin/env bats
# t/fixture/sshd: starts a real sshd that lets its own user in, and leaves nothing.

load ../lib/test

setup() {
	sshd=$top/t/fixture/sshd
	dir=$BATS_TEST_TMPDIR/sshd
	key=$BATS_TEST_TMPDIR/key
	new_key ed25519 -C '' -f "$key"
	lines=("AuthorizedKeysFile $key.pub" 'StrictModes no')
}

teardown() {
	"$sshd" stop "$dir"
	"$sshd" stop "$dir.2"
}

# left: the processes of this test that still run.
left() {
	running "$BATS_TEST_TMPDIR/"
}

# login DIR COMMAND
login() {
	ssh -F "$1/ssh_config" -i "$key" test "$2"
}

none_left() {
	[ -z "$(left)" ]
}

@test "an account logs in as itself, over ssh and sftp, and nothing is left" {
	had=$(ls -d /run/sshd 2>&1; id sshd 2>&1) || :
	"$sshd" start "$dir" "${lines[@]}"
	[ -s "$dir/port" ]
	run -0 login "$dir" "id -un"
	[[ $output = *$(id -un) ]]
	new_key ed25519 -f "$key.other"
	run -255 ssh -F "$dir/ssh_config" -i "$key.other" test true
	echo payload >"$BATS_TEST_TMPDIR/sent"
	run -0 sftp -F "$dir/ssh_config" -i "$key" -b - test \
	    <<<"put $BATS_TEST_TMPDIR/sent $BATS_TEST_TMPDIR/received"
	cmp "$BATS_TEST_TMPDIR/sent" "$BATS_TEST_TMPDIR/received"
	run -0 "$sshd" stop "$dir"
	[ -z "$output" ]
	none_left
	[ ! -e "$dir/pid" ]
	[ "$(ls -d /run/sshd 2>&1; id sshd 2>&1)" = "$had" ]
}

@test "all three host keys are in known_hosts" {
	"$sshd" start "$dir" "${lines[@]}"
	for algorithm in ssh-ed25519 ecdsa-sha2-nistp256 rsa-sha2-512; do
		run -0 ssh -F "$dir/ssh_config" -o HostKeyAlgorithms="$algorithm" -i "$key" test true
	done
}

@test "two servers run at once, each with its own port and host key" {
	"$sshd" start "$dir" "${lines[@]}" &
	"$sshd" start "$dir.2" "${lines[@]}"
	wait "$!"
	[ "$(cat "$dir/port")" != "$(cat "$dir.2/port")" ]
	for one in "$dir" "$dir.2"; do
		run -0 login "$one" true
	done
	"$sshd" stop "$dir"
	run -0 login "$dir.2" true
}

@test "stop ends an open session, and can be called twice" {
	"$sshd" start "$dir" "${lines[@]}"
	login "$dir" "echo >$BATS_TEST_TMPDIR/begun; sleep 31" 3>&- &
	await 10 test -e "$BATS_TEST_TMPDIR/begun"
	[[ $(left) = *'begun; sleep 31'* ]]
	"$sshd" stop "$dir"
	wait "$!" || :
	none_left
	run -0 "$sshd" stop "$dir"
}

@test "the server ends when its owner has been killed" {
	run bash -c 'SSHD_OWNER=$$ "$1" start "$2"; kill -KILL $$' bash "$sshd" "$dir"
	[ -s "$dir/port" ]
	await 5 none_left
}

@test "a line of the caller replaces the default, and a wrong one is reported" {
	"$sshd" start "$dir" "${lines[@]}" 'LogLevel DEBUG1'
	[ "$(grep -c '^LogLevel' "$dir/sshd_config")" -eq 1 ]
	login "$dir" true
	grep -q '^debug1: ' "$dir/log"
	run -2 "$sshd" start "$dir.2" 'Nonsense yes'
	[[ $output = *'Bad configuration option: Nonsense'* ]]
	[[ $(left) != *"$dir.2"* ]]
	run -2 "$sshd" start "$dir"
	[[ $output = *': already runs' ]]
}

@test "without an sshd there is one line, and the status is 2" {
	mkdir -p "$BATS_TEST_TMPDIR/tree/t/fixture"
	cp "$sshd" "$BATS_TEST_TMPDIR/tree/t/fixture/"
	run "$BATS_TEST_TMPDIR/tree/t/fixture/sshd" path
	# the machine may have an sshd of its own
	[ "$status" -eq 0 ] && [ -x "$output" ] ||
		equal "$status:$output" '2:sshd: not found: "make deps" unpacks one under build'
}
