#!/usr/bin/env bats
# A key in place of an old one, and an exact set of keys, killed or failed at every system call, with one's own
# authorized_keys; s2145 has other accounts. XFERKEY_EVERY=1: authorize too is killed at every call, not at some.

load ../lib/porcelain

setup() {
	need strace
	private_home
	export ASAN_OPTIONS=detect_leaks=0
	new_key ed25519 -C old -f a
	new_key ed25519 -C new -f b
	list=.ssh/authorized_keys print=$(print a.pub)
	authkeys=$(xferkey --exec-path)/xferkey-authkeys
	mkdir -m 700 .ssh tmp
	export TMPDIR=$HOME/tmp
	umask 077
	printf '# mine\nno-pty %s\n' "$(cat a.pub)" >before
	printf '# mine\nno-pty,expiry-time="29990101" %s\nno-pty %s\n' "$(cat a.pub)" "$(cat b.pub)" >replaced
}

teardown() {
	stop_sshd
}

# faults: each call in the file calls after the first look at .ssh, with its number among those of its name. Only root
# sees the names of files there.
faults() {
	awk -F '(' '
		/^[a-z0-9_]*\(/ { n[$1]++ }
		/^openat\(.*O_NOFOLLOW.*O_DIRECTORY/ { begun = 1 }
		!begun || !/^[a-z0-9_]*\(/ || $1 ~ /^(exit_group|futex|brk|m(map|unmap|protect))$/ { next }
		{ print $1 ":when=" n[$1] }
	' calls
}

# each_call INPUT AFTER ARGUMENT ...: authkeys, which makes AFTER of the file before, is killed before each of its
# calls, and each call fails. The file is always the one or the other, AFTER if the status is 0; the next run makes it
# AFTER, and leaves nothing else.
each_call() {
	local input=$1 after=$2 fault how got n=0
	shift 2
	cp before $list
	strace -qq -o calls "$authkeys" "$@" <"$input" >out
	cmp "$after" $list
	for fault in $(faults); do
		for how in signal=KILL error=EIO; do
			# a close that fails still closes
			[ "${fault%%:*}:$how" != close:error=EIO ] || continue
			cp before $list
			got=0
			timeout 20 strace -qq -o said -e "inject=${fault%%:*}:$how:${fault#*:}" "$authkeys" "$@" <"$input" >out 2>err || got=$?
			n=$((n + 1))
			cmp -s before $list || cmp -s "$after" $list || echo "$fault:$how: $got: $(cat $list err)" >>wrong
			case $got in
			0) cmp -s "$after" $list ;;
			2) cmp -s before $list || grep 'standard output\|was changed' err ;;
			137) [ $how = signal=KILL ] ;;
			*) false ;;
			esac || echo "$fault:$how: $got: $(cat err)" >>wrong
			"$authkeys" "$@" <"$input" >out || echo "$fault:$how: again: $?" >>wrong
			cmp -s "$after" $list || echo "$fault:$how: not done by the next run" >>wrong
			[ "$(ls -A .ssh)" = authorized_keys ] || echo "$fault:$how: left: $(ls -A .ssh)" >>wrong
		done
	done
	echo "$n faults: $*"
	cat wrong 2>/dev/null || :
	[ ! -e wrong ]
	[ "$n" -ge 60 ]
}

@test "authkeys -R, killed or failed at any call, leaves the old key, or the new one and the old one that expires" {
	each_call b.pub replaced -v -R "$print" -e 29990101
	# both texts let the keys in that they should
	start_sshd
	cp before $list
	logs_in a
	run -255 logs_in b
	cp replaced $list
	logs_in a
	logs_in b
}

@test "authkeys -E and -x, killed or failed at any call, leave the file before or after" {
	printf '# mine\nno-pty,expiry-time="29990101" %s\n' "$(cat a.pub)" >expired
	each_call /dev/null expired -E "$print" -e 29990101
	printf '# mine\n%s\n' "$(cat b.pub)" >exact
	each_call b.pub exact -v -x
}

@test "the old key logs in until its expiry and not after it, the new one from the start" {
	start_sshd
	cp before $list
	"$authkeys" -R "$print" -e +4s <b.pub
	logs_in b
	logs_in a
	await 15 sh -c '! ssh -F "$XFERKEY_SSH_CONFIG" -i a test true 2>/dev/null'
	[ "$(date +%Y%m%d%H%M%S)" -gt "$(sed -n 's/.*expiry-time="\([0-9]*\)".*/\1/p' $list)" ]
	logs_in b
}

# texts: the two files of the account, with T for each time.
texts() {
	sed 's/expiry-time="[0-9]*"/expiry-time="T"/' $list "${list}2"
}

@test "authorize --replaces killed at any call: a key works, and the next run ends what it began" {
	as_account
	printf '%s\n' "$(cat a.pub)" >second
	sed 's/29990101/T/' replaced >new
	sed 's/^/expiry-time="T" /' second >ended
	cat before second >none
	cat new second >half
	cat new ended >all
	# again: puts back the files of the old key
	again() {
		cp before $list
		cp second "${list}2"
	}
	again
	set -- "$(command -v xferkey)" -q authorize --replaces "$print" b.pub
	strace -qq -o calls "$@"
	texts | cmp - all
	step=60 n=0
	[ -z "${XFERKEY_EVERY-}" ] || step=1
	# not each byte that sh reads
	awk -F '(' -v step="$step" '
		!/^[a-z0-9_]*\(/ { next }
		{ n[$1]++ }
		/, 1\) *= 1$/ || /^(exit_group|rt_sigreturn)/ || ++kills % step { next }
		{ print $1 ":signal=KILL:when=" n[$1] }
	' calls >faults
	for fault in $(cat faults); do
		again
		got=0
		timeout 60 strace -qq -o said -e "inject=$fault" "$@" >out 2>err || got=$?
		# a child may still be at work
		await 20 eval '[ -z "$(running "$HOME/.ssh")" ]'
		texts >now
		cmp -s now none || cmp -s now half || cmp -s now all || echo "$fault: $got: $(cat now)" >>wrong
		[ "$got" -ne 0 ] || cmp now all
		"$@" >out 2>err || echo "$fault: again: $?: $(cat err)" >>wrong
		texts | cmp -s all - || echo "$fault: not done by the next run" >>wrong
		[ "$(ls -A .ssh | tr '\n' ' ')" = 'authorized_keys authorized_keys2 ' ] || echo "$fault: left: $(ls -A .ssh)" >>wrong
		n=$((n + 1))
	done
	echo "$n of $(wc -l <calls) calls"
	cat wrong 2>/dev/null || :
	[ ! -e wrong ]
	[ "$n" -ge 15 ]
}
