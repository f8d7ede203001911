#!/usr/bin/env bats
# t/long/faults finds what it looks for, and in a sample of its runs nothing of ours. make faults is all of it.

load ../lib/porcelain

setup() {
	[ "$(uname -m)" = x86_64 ] || skip 'fault.c knows the registers of x86-64'
	need cc make ssh-keygen openssl
	private_home
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$top" build/faults/fault
	fault=$top/build/faults/fault run=$top/t/long/faults/run
	# the accounts of some cases enter it
	reachable
	export TMPDIR=$BATS_TEST_TMPDIR ASAN_OPTIONS=detect_leaks=0
}

@test "fault counts the calls of all processes, makes one fail, and kills one process or all" {
	echo a >a
	run -0 "$fault" -c renameat2,renameat,rename -- mv a b
	has_line 'points 1'
	mv b a
	run -1 "$fault" -c renameat2,renameat,rename -n 1 -e EIO -- mv a b
	[[ $output = *'Input/output error'*'fault 1 rename'* ]]
	[ -e a ]
	# the second execve is that of the child
	run -0 "$fault" -c execve -n 2 -k one -- /bin/sh -c '/bin/true; echo >alive'
	rm alive
	run -137 "$fault" -c execve -n 2 -k all -- /bin/sh -c '/bin/true; echo >alive'
	[ ! -e alive ]
	run -0 "$fault" -c unlinkat,unlink -n 1 -e EIO -N 1 -- sh -c 'rm a; rm a; rm a'
	equal "$(grep -c '^fault' <<<"$output")" 2
	[ ! -e a ]
	# a close that fails has closed
	for n in {1..9}; do
		output=$("$fault" -c close -n "$n" -e EIO -o "report$n" -- /bin/sh -c \
			'exec 5>x; exec 5>&-; readlink /proc/$$/fd/*' 2>&1) || :
		[[ $output != */x* ]]
	done
	grep '^fault . close .*/x ' report?
	run -124 "$fault" -t 1 -- sleep 60
	has_line hang
}

@test "fault finds a secret in arguments, in the environment and in a file that others can open" {
	echo correct-horse >secrets
	chmod 600 secrets
	run -0 "$fault" -s secrets -d . -n 99999 -e EIO -- sh -c 'cat secrets >private'
	lacks <(echo "$output") leak
	[[ $output = *'exposed ./private 644'* ]]
	rm private
	# whoever opened it in time reads on
	run -0 "$fault" -s secrets -d . -- sh -c ': >private; chmod 600 private; cat secrets >private'
	[[ $output = *'exposed ./private 600'* ]]
	rm private
	run -0 "$fault" -s secrets -d . -- sh -c 'umask 077; : >private; cat secrets >private'
	lacks <(echo "$output") exposed
	rm private
	run -0 "$fault" -s secrets -n 99999 -e EIO -- \
		sh -c 'x=correct; env A="$x-horse" sh -c :; /bin/echo "$x-horse" >/dev/null'
	[[ $output = *'leak environ'*'leak cmdline'* ]]
}

# planted KIND LINE: with this line as keygen, run reports an exception of this kind.
planted() {
	sh_script stage/libexec/xferkey/xferkey-keygen "$2"
	XFERKEY_BIN=$PWD/stage/bin run "$run" -n 1 -m 0 keygen
	echo "$output" | grep "^$1	keygen: "
	[ "$status" -eq 1 ]
}

@test "run reports each kind of planted fault" {
	stage stage
	planted zero 'exit 0'
	planted one 'exit 1'
	planted status 'exit 3'
	planted lost ': >pw'
	planted lost 'rm .ssh/id.pub'
	planted truncated 'head -c 100 id >k; cp id.pub k.pub'
	planted mispaired 'cp -p id k; cp a.pub k.pub'
	planted mispaired 'cp a.pub k.pub'
	planted mode 'chmod 640 id.ppk'
	planted mode 'mkdir x'
	planted exposed 'cat id >k'
	planted leak '/bin/echo "$(cat pw)" >/dev/null'
	planted leak 'cp pw tmp'
	planted leftover ': >x'
	planted leftover 'mkdir tmp/x; : >tmp/x/room; cp -p id k; cp id.pub k.pub'
	planted leftover 'echo >.xferkey.aaaaaa; cp -p id k; cp id.pub k.pub'
}

@test "run finds a child whose death is ignored, a sync that failed, and a case without its files" {
	stage stage
	# the first cp is killed as it starts
	sh_script stage/libexec/xferkey/xferkey-keygen 'cp id k; cp id.pub k.pub; exit 0'
	XFERKEY_BIN=$PWD/stage/bin run -1 "$run" -p '-c execve -n 2 -k one' keygen
	has 'zero	keygen: '
	# its name is that of a filter; sync fails at the file
	mkdir filters
	cp "$(command -v sync)" filters/xferkey-sync
	sh_script stage/libexec/xferkey/xferkey-keygen "cp -p id k; cp id.pub k.pub; $PWD/filters/xferkey-sync k || :"
	XFERKEY_BIN=$PWD/stage/bin run -1 "$run" -p '-c fsync -n 1 -e EIO' keygen
	has 'home/k was not synced'
	XFERKEY_BIN=$PWD/stage/bin run -2 "$run" -n 1 -m 0 keygen peer_passphrase
}

@test "run finds what ssh-keygen loses" {
	run -0 "$run" -n 200 -m 0 peer_passphrase
	has 'lost	peer_passphrase: '
}

@test "in a sample of faults nothing of ours is lost, exposed or mispaired, and no status is wrong" {
	need puttygen
	run -0 "$run" -n 8 -m 4 keygen fips_convert list_add setup generate_site import mail authorize revoke
	has_line 'prove	faults	ours: lost	0'
}

@test "an answer of a filter that cannot be read is no verdict" {
	stage stage
	printf 'row="-	1	pub"\nread_row\necho "$at"\n' | cat <(printf '%s\n' 'libexecdir=stage/libexec/xferkey' \
		'. stage/libexec/xferkey/lib/key.sh') - >script
	run -0 "$fault" -c read -- sh script
	[[ $output = *1$'\n'points\ * ]]
	last=${output##*points }
	for ((n = last - 8; n <= last; n++)); do
		run "$fault" -c read -n "$n" -e EIO -o report -- sh script
		echo "$n: $status: $output"
		[ "$status" -eq 0 ] || [ "$status" -eq 2 ]
	done
}
