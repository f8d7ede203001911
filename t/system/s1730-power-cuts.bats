#!/usr/bin/env bats
# Loss of power: a part of make power-cuts, on ext4.

load ../lib/test

@test "what a command that ended with status 0 has written survives a loss of power, and no key is lost before" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to mount'
	need mkfs.ext4 losetup unshare setpriv ssh-keygen
	need_built t/trace
	private_home
	reachable
	export TMPDIR=$BATS_TEST_TMPDIR
	run "$top/t/long/power-cuts/run" 0 ext4
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *skipped* ]] || skip "$(grep -m 1 skipped <<<"$output")"
	has 'ours, ext4: lost, empty, torn, exposed or mispaired'$'\t'0
	[ "$(sed -n 's/.*ours, ext4: cuts\t//p' <<<"$output")" -ge 100 ]
	[ "$(sed -n 's/.*ssh-keygen, ext4: lost.*\t//p' <<<"$output")" -gt 0 ]
}
