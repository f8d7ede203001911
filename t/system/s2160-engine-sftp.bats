#!/usr/bin/env bats
# XFERKEY_ENGINE=sftp: files and trees each way through a real sshd, by lftp and without it, cut off and resumed.
# "make sftp-cuts" does this with 1 GiB and 2,000 files: t/long/sftp-cuts.

load ../lib/porcelain

setup_file() {
	new_key ed25519 -f "$BATS_FILE_TMPDIR/key"
	export HOME=$BATS_FILE_TMPDIR BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	mkdir -m 700 "$HOME/.ssh"
	cp "$HOME/key.pub" "$HOME/.ssh/authorized_keys"
	start_sshd "Subsystem sftp internal-sftp -d $BATS_FILE_TMPDIR/far"
}

teardown_file() {
	"$top/t/fixture/sshd" stop "$BATS_FILE_TMPDIR/sshd"
}

setup() {
	need lftp
	private_home
	export LC_ALL=C.UTF-8 XFERKEY_ENGINE=sftp XFERKEY_SSH_CONFIG=$BATS_FILE_TMPDIR/sshd/ssh_config
	port=$(cat "$BATS_FILE_TMPDIR/sshd/port")
	key=$BATS_FILE_TMPDIR/key
	far=$BATS_FILE_TMPDIR/far
	rm -rf "$far"
	mkdir "$far"
}

teardown() {
	[ ! -d "$BATS_TEST_TMPDIR/other" ] || "$top/t/fixture/sshd" stop "$BATS_TEST_TMPDIR/other"
}

# other_server LINE ...: starts a server with other settings.
other_server() {
	"$top/t/fixture/sshd" start "$BATS_TEST_TMPDIR/other" "AuthorizedKeysFile $key.pub" 'StrictModes no' "$@"
	export XFERKEY_SSH_CONFIG=$BATS_TEST_TMPDIR/other/ssh_config
}

# without_lftp: PATH has all commands except lftp.
without_lftp() {
	local file
	mkdir bin
	for file in /usr/bin/* /bin/*; do
		[[ $file = */lftp ]] || ln -sf "$file" bin/
	done
	PATH=${PATH%%:*}:$PWD/bin:$BATS_LIBEXEC
}

# copied SOURCE ... DESTINATION: the transfer succeeds, and prints nothing.
copied() {
	run xferkey -q ascp -i "$key" "$@"
	[ "$status" -eq 0 ] && [ -z "$output" ] || {
		echo "$*: $status: $output" >&2
		return 1
	}
}

names() {
	printf '%s\n' "it's" 'a  b' ' lead' 'trail ' '"' '\' '\\' 'a\*' '*' '?' '[a-z]' '[' ']' '#x' '~' '~root' \
		'$HOME' '`id`' '$(id)' ';x' '&' '|x' '<' '>' '(' '{a,b}' '!x' '@x' '%41' 'ünï' '^' '=' "'" 'a:b' 'ftp:' '\n' '+x' \
		"it's \"all\" of \\ \\\\ *?[a-z]#~\$HOME\`id\`\$(id);&|<>(){a,b}!@%41ü^=a:b,\\n"
}

@test "a file arrives and comes back with its time and mode, under a rate, with the documented options" {
	head -c 300000 /dev/urandom >sent
	touch -d '2001-02-03 04:05:06' sent
	chmod 640 sent
	run -0 xferkey ascp -QT -l 100M -k3 -P "$port" -i "$key" sent "$(id -un)@127.0.0.1:upload"
	fact='without effect: -Q -T -k3 (compared by size and time here)'
	[ "${lines[0]}" = "xferkey-ascp: over SFTP, not FASP; $fact" ]
	cmp sent "$far/upload"
	copied -q test:upload fetched
	cmp sent fetched
	equal "$(stat -c '%a %Y' "$far/upload" fetched)" "640 $(stat -c %Y sent)
640 $(stat -c %Y sent)"
	# the first two seconds' worth may be sent at once
	began=$(date +%s%N)
	copied -l 600k sent test:slow
	[ "$((($(date +%s%N) - began) / 1000000))" -gt 1500 ]
	# the home of the account is also the source directory: files are not changed
	cd "$far"
	copied upload test:
	copied test:upload .
	cmp upload slow
	equal "$(ls -A)" $'slow\nupload'
}

@test "every file name arrives, alone and in a tree, each way, and no shell evaluates it" {
	mkdir near "$far/one" back
	while IFS= read -r name; do
		echo "content of $name" >"./near/$name"
	done < <(names)
	for name in '\' "'" ' lead' '~' '*' "$(names | tail -n 1)"; do
		copied "near/$name" "test:one/$name"
		copied "test:one/$name" "./back/$name"
		cmp "near/$name" "./back/$name"
	done
	copied -d near test:
	diff -r near "$far/near"
	copied -d test:near/. new
	diff -r near new
	python3 -c '
import os
os.makedirs(b"bytes/" + bytes(range(1, 32)) + b"/x")
for i in range(1, 256):
    if i != 47:
        for name in bytes([i]), b"-" + bytes([i]) * 3 + b" ":
            if name not in (b".", b".."):
                open(b"bytes/" + bytes(range(1, 32)) + b"/x/" + name, "wb").write(name)
open(b"bytes/" + b"n" * 245, "w").write("long")
'
	copied -k1 bytes test:
	diff -r bytes "$far/bytes"
	copied -k1 -d test:bytes got
	diff -r bytes got/bytes
}

@test "trees and several sources need a directory, which -d makes; a missing source does not stop the others" {
	mkdir -p "tree/a b/c" "$far/into"
	echo x >"tree/a b/c/.hidden"
	chmod 750 tree/a\ b
	for name in a b tree/y; do
		echo "$name" >"$name"
	done
	says 2 'nosuch: no such directory' xferkey -q ascp -i "$key" a b test:nosuch
	says 2 'nosuch/: no such directory' xferkey -q ascp -i "$key" a test:nosuch/
	says 2 'nosuch: no such directory' xferkey -q ascp -i "$key" tree test:nosuch
	says 2 'nosuch: no such directory' xferkey -q ascp -i "$key" test:into test:into nosuch
	equal "$(ls -A "$far")" into
	for time in 1 2; do
		copied -d --mode=send --host=test a b tree "new directory/deep"
		diff -r tree "$far/new directory/deep/tree"
		cmp b "$far/new directory/deep/b"
	done
	copied a test:into
	copied a test:into/named
	copied a "test:$far/into/absolute"
	equal "$(cd "$far/into" && cat a named absolute)" $'a\na\na'
	umask 022
	copied -d "test:new directory/deep/tree" test:into/a "made/for it"
	diff -r tree "made/for it/tree"
	equal "$(stat -c %a 'made/for it' 'made/for it/tree/a b')" $'755\n750'
	says 1 'into/nosuch' xferkey -q ascp -i "$key" test:into/nosuch test:into/a made
	cmp a made/a
	# links are followed only when sending, and files that are not copied are named
	mkfifo tree/pipe
	ln -s ../a tree/link
	ln -s nosuch tree/nothing
	ln -s ../into "$far/new directory/deep/tree/link"
	run -1 xferkey -q ascp -d -i "$key" tree test:odd
	equal "$(sort <<<"$output")" "xferkey-ascp: tree/nothing: not copied: a symbolic link, special file or partial file
xferkey-ascp: tree/pipe: not copied: a symbolic link, special file or partial file"
	cmp a "$far/odd/tree/link"
	says 1 'tree/link -> ../into: not copied' xferkey -q ascp -d -i "$key" "test:new directory/deep/tree" got
	[ -s got/tree/y ]
	ln -s . tree/self
	says 2 'tree: a symbolic link in it leads back into it' xferkey -q ascp -d -i "$key" tree test:self
}

@test "the step can be pasted, and -n only shows it" {
	echo x >"it's"
	xferkey -n ascp -i "$key" -k1 -l 1G -d "it's" "test:a/b" >steps
	[ -z "$(ls -A "$far")" ]
	run -0 sh steps
	cmp "it's" "$far/a/b/it's"
	xferkey -n ascp -i "$key" "test:a/b/it's" here >steps
	[ ! -e here ]
	grep -qF -- '-o IdentitiesOnly=yes -o ForwardAgent=no' steps
	sh steps
	cmp "it's" here
}

@test "wrong arguments are refused before a connection" {
	echo x >f
	for word in '-oProxyCommand=touch evil:x' 'jane@-oProxyCommand=x:y' '-h:x' 'a b:x' 'a;b:x' '$(x):y' $'a\nb:x' \
		'`x`:y' '@h:x' 'a@:x'; do
		run xferkey ascp f "$word"
		echo "$word: $output"
		[ "$status" -eq 2 ]
		run -2 xferkey ascp -- "$word" f
	done
	[ ! -e evil ]
	while IFS='|' read -r fact words; do
		eval "words=($words)"
		says 2 "$fact" xferkey -q ascp "${words[@]}"
	done <<-'END'
		begins with -|-- -f h:
		begins with -|f h:-x
		a control character|h:x $'a\nb'
		a control character|f $'h:a\tb'
		one of source and destination|f g
		both sides have a host|h:f k:g
		no host before the colon|f :x
		no path on h|'' h:
		no path on h|h: f
		the destination has no path|h:f ''
		nosuch: no such file|f nosuch h:
		--file-list: not possible over SFTP|--file-list=f h:
		-L nowhere: no such directory|-L nowhere f h:
		-z: not possible over SFTP|-qz f h:
		-k 4: not one of|-k4 f h:
		nosuch: no such file|-i nosuch f h:
		not a rate|-l 50% f h:
		not a rate|-l 100MB f h:
	END
	run xferkey -n ascp -m 1M -Q -T -Z 1492 -v -r -O 33001 --policy=fair -p -l 1.5M -P 33001 --user=jane f 'jane@[::1]:x'
	equal "${lines[0]}" 'xferkey-ascp: over SFTP, not FASP; without effect: -m -Q -T -Z -v -r -O --policy'
	[[ $output = *' -o Port=33001 '*' -o User=jane ::1 -s sftp #'* ]]
}

@test "a terminal shows a meter, except with -q; text of the server is escaped" {
	head -c 100000 /dev/zero >f
	terminal -0 -- xferkey ascp -i "$key" -l 400K f test:
	[[ $output = *%* ]]
	terminal -0 -- xferkey -q ascp -i "$key" f test:
	equal "$output" ''
	terminal -- xferkey ascp -q -i "$key" -l 400K f test:
	[[ $output != *%* ]]
	printf '\033]0;evil' >"$BATS_TEST_TMPDIR/banner"
	other_server "Banner $BATS_TEST_TMPDIR/banner" "Subsystem sftp internal-sftp -d $far"
	mkdir "$far/tree"
	touch "$far/tree"/$'\033]0;evil'
	ln -s x "$far/tree"/$'\033]1;evil'
	terminal -1 -- xferkey ascp -i "$key" test:tree .
	[[ $output = *'\033]0;evil'*'\033]1;evil -> x: not copied'* ]]
	[[ $output != *$'\033]'* ]]
}

# unconnected: no process uses tmp.
unconnected() {
	! grep -qF "$PWD/tmp/xferkey." /proc/[0-9]*/cmdline 2>/dev/null || false
}

# cut PATTERN SIGNAL COMMAND ...: sends SIGNAL when a file of the pattern is longer than 4 MB: KILL to the group of
# COMMAND, kill (SIGKILL) and others to it alone. Then no process of it is left.
cut() {
	TMPDIR=$PWD/tmp python3 - "$@" <<-'END'
		import glob, os, signal, subprocess, sys, time
		number = getattr(signal, "SIG" + sys.argv[2].upper())
		p = subprocess.Popen(sys.argv[3:], stderr=subprocess.DEVNULL, start_new_session=True,
		    preexec_fn=lambda: signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None)
		def size(name):
		    try:
		        return os.path.getsize(name)
		    except FileNotFoundError:
		        return 0
		for i in range(12000):
		    if any(size(name) > 4e6 for name in glob.glob(sys.argv[1])):
		        break
		    time.sleep(0.005)
		else:
		    sys.exit("never got so far")
		if sys.argv[2] == "KILL":
		    os.killpg(p.pid, number)
		else:
		    p.send_signal(number)
		assert p.wait(60) in (-number, 128 + number)
	END
	case $2 in
	KILL | kill) await 20 unconnected ;;
	*)
		[ -z "$(ls -A tmp)" ]
		unconnected
		;;
	esac
	rm -rf tmp/*
}

@test "a transfer cut off by each signal is continued by the next run; no final name has half a file" {
	need python3 setpriv
	mkdir tmp
	head -c 20000000 /dev/urandom >big
	for signal in TERM INT HUP KILL kill; do
		rm -f "$far/big" back
		cut "$far/.xferkey-*" "$signal" xferkey -q ascp -i "$key" -k1 -l 160M big test:
		[ ! -e "$far/big" ]
		part=("$far"/.xferkey-*)
		equal "${part[*]##*/}" ".xferkey-20000000-$(stat -c %Y big)-big"
		# two changed bytes prove that the part is kept
		printf '\377\0' | dd of="${part[0]}" bs=1 seek=1 conv=notrunc status=none
		copied -k1 big test:
		equal "$(cmp -l big "$far/big" | wc -l)" 2
		equal "$(ls -A "$far")" big
		cp -p big "$far/big"
		cut '.xferkey-*' "$signal" xferkey -q ascp -i "$key" -k1 -l 160M test:big back
		[ ! -e back ]
		copied -k1 test:big back
		cmp big back
	done
	equal "$(ls -A | sort | tr '\n' ' ')" 'back big tmp '
	# the same file is not sent again; a changed one is sent as a whole
	inode=$(stat -c %i "$far/big")
	copied -k1 big test:
	equal "$(stat -c %i "$far/big")" "$inode"
	copied -k0 big test:
	[ "$(stat -c %i "$far/big")" != "$inode" ]
	cut "$far/.xferkey-*" TERM xferkey -q ascp -i "$key" -k1 -l 160M big test:new
	head -c 20000000 /dev/urandom >big
	touch -d '2001-02-03 04:05:06' big
	copied -k1 big test:new
	cmp big "$far/new"
}

@test "a tree that was cut off and sent again equals its source, even if that changed in between" {
	need python3
	mkdir tmp
	python3 -c '
import os, random
os.makedirs("near/tree/a/b")
for i in range(200):
    with open("near/tree/" + random.choice(["", "a/", "a/b/"]) + str(i), "wb") as f:
        f.write(random.randbytes(random.choice([0, 1, 1000, 40000])))
for i in range(3):
    with open("near/tree/a/big%d" % i, "wb") as f:
        f.write(random.randbytes(9000000))
'
	for signal in TERM KILL; do
		rm -rf "${far:?}"/* back
		cut "$far/to/tree/a/.xferkey-*" "$signal" xferkey -q ascp -i "$key" -k1 -l 160M -d near/tree test:to
		head -c 9000000 /dev/urandom >near/tree/a/big1
		copied -k1 -d near/tree test:to
		diff -r near/tree "$far/to/tree"
		cut 'back/tree/a/.xferkey-*' "$signal" xferkey -q ascp -i "$key" -k1 -l 160M -d test:to/tree back
		copied -k1 -d test:to/tree back
		diff -r near/tree back/tree
	done
}

@test "a source that changes while it is copied is an error" {
	head -c 5000000 /dev/urandom >f
	(
		for i in {1..1000}; do
			[ -z "$(find "$far" -name '.xferkey-*' -size +1)" ] || break
			sleep 0.01
		done
		echo more >>f
	) &
	says 1 'f: changed while it was copied' xferkey -q ascp -k1 -l 30M -i "$key" f test:
	wait
}

# sending SIZE: more than SIZE of a file has arrived.
sending() {
	[ -n "$(find "$far" -name '.xferkey-*' -size "+$1")" ]
}

@test "after a lost connection the status is 75, and the part is kept" {
	other_server "Subsystem sftp internal-sftp -d $far"
	head -c 20000000 /dev/urandom >big
	(await 60 sending 4M && "$top/t/fixture/sshd" stop "$BATS_TEST_TMPDIR/other") &
	XFERKEY_TRIES=1 run -75 xferkey -q ascp -i "$key" -k1 -l 40M big test:
	wait
	sending 4M
	[ ! -e "$far/big" ]
}

# Sleep records its seconds and returns at once.
quick_clock() {
	stand_in_for sleep "echo \"\$1\" >>'$PWD/slept'"
}

@test "a failed connection is tried again, a refused key is not" {
	quick_clock
	echo x >f
	run -75 xferkey ascp -P 1 -i "$key" f test:f
	equal "$(cat slept)" $'2\n4'
	new_key ed25519 -f other
	rm slept
	run -77 xferkey ascp -i other f test:f
	[ ! -e slept ]
	[ ! -e "$far/f" ]
	says 2 '/aspera-scp-transfer.log: cannot write' xferkey -q ascp -L /proc/1 -i "$key" f test:f
	[ "$(id -u)" -eq 0 ] || skip 'needs root, for a user ID that no account has'
	need setpriv
	reachable "$BATS_FILE_TMPDIR" "$BATS_FILE_TMPDIR/sshd"
	chown 54321 . other
	for command in 'ascp -i other f test:f' 'check other --login test'; do
		HOME=/ run setpriv --reuid 54321 --clear-groups "$(command -v xferkey)" $command
		[[ $output = *'ssh does not start'*'No user exists for uid 54321'* ]]
	done
	[ ! -e slept ]
}

@test "a wrong passphrase is not blamed on the server" {
	echo x >f
	new_key ecdsa -a 1 -N secret -f OPENSSH
	new_key ecdsa -a 1 -N secret -f other
	new_key ecdsa -m PEM -N secret -f PEM
	cat OPENSSH.pub PEM.pub >keys.pub
	key=$PWD/keys
	other_server
	rm PEM.pub
	for answer in wrong ''; do
		for name in OPENSSH PEM; do
			terminal -255 assphrase "$answer" ${answer:+assphrase wrong assphrase wrong} -- xferkey ascp -i $name f test:f
			[[ $output = *'wrong passphrase'* ]]
			[[ $name:$output != OPENSSH:*'server did not'* ]]
		done
	done
	[[ $output = *'wrong passphrase, or the server did not let the key in: '*' --login '* ]]
	terminal -77 -- xferkey ascp -i other f test:f
	[[ $output != *'wrong passphrase'* ]]
}

@test "a silent server, one that forbids STAT, and a full disk here or there are handled" {
	echo x >f
	other_server 'Subsystem sftp cat >/dev/null'
	XFERKEY_TRIES=1 run -75 xferkey -q ascp -i "$key" f test:f
	[[ $output = *'the server is silent'* ]]
	"$top/t/fixture/sshd" stop "$BATS_TEST_TMPDIR/other"
	rm -rf "$BATS_TEST_TMPDIR/other"
	server=$top/build/sshd/sftp-server
	[ -x "$server" ] || server=/usr/lib/openssh/sftp-server
	other_server "Subsystem sftp $server -d $far -P stat,lstat,fstat"
	copied f test:f
	cmp f "$far/f"
	copied -k1 test:f g
	cmp f g
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to mount'
	mkdir small
	mount -t tmpfs -o size=64k tmpfs small || skip 'may not mount'
	head -c 100000 /dev/zero >"$far/big"
	run xferkey -q ascp -i "$key" test:big small
	umount small
	[ "$status" -eq 1 ]
	[[ $output = *'No space left'* ]]
	# the disk of the server: the repeated transfer is complete
	XFERKEY_SSH_CONFIG=$BATS_FILE_TMPDIR/sshd/ssh_config
	head -c 300000 /dev/urandom >sent
	mkdir "$far/small"
	mount -t tmpfs -o size=64k tmpfs "$far/small"
	run xferkey -q ascp -i "$key" -k1 sent test:small
	got=$status
	mount -o remount,size=1m "$far/small"
	copied -k1 sent test:small && cmp sent "$far/small/sent" || got=differs
	umount "$far/small"
	equal "$got" 1
}

# stand_in_for PROGRAM LINE: PROGRAM runs LINE instead.
stand_in_for() {
	fake "$@"
	PATH=$PWD/path:$PATH
}

@test "a fetched file is synced to disk; a failure of sync is an error" {
	mkdir -p "$far/tree/deep"
	echo x | tee "$far/tree/deep/f" >f
	error="sync: error syncing 'f': Input/output error"
	stand_in_for sync "echo \"\$@\" >>$PWD/synced; [ \$# -eq 0 ] || ! echo \"$error\" >&2"
	copied f test:
	[ ! -e synced ]
	says 1 'Input/output error' xferkey -q ascp -i "$key" test:tree/deep/f g
	equal "$(cat synced)" '-f g'
	rm synced
	says 1 'Input/output error' xferkey -q ascp -d -i "$key" test:tree got
	equal "$(cat synced)" '-f got'
	cmp f got/tree/deep/f
	stand_in_for sync "echo \"\$*\" >>$PWD/synced; [ \$# -eq 0 ]"
	copied test:tree/deep/f h
	equal "$(tail -n 1 synced)" ''
	# sync is slow
	stand_in_for sync "trap '' TERM; : >$PWD/syncing; sleep 20"
	xferkey -q ascp -i "$key" test:tree/deep/f i 3>&- &
	await 30 test -e syncing
	kill "$!"
	await 5 gone "$!"
}

@test "a TMPDIR that is too long for ssh's socket, or has characters special to lftp or ssh, works" {
	echo x >f
	for name in "$(printf '%090d' 0)" "a b'\";%h\${HOME}"; do
		mkdir "$name"
		TMPDIR=$PWD/$name copied f test:
		cmp f "$far/f"
		rm "$far/f"
	done
}

@test "links, parts in a tree, directories of the same name and equal names are refused or copied safely" {
	umask 022
	mkdir -p tree "$far/dir/f" "$far/x" x
	echo short >tree/.xferkey-1
	head -c 3000000 /dev/urandom >tree/1
	says 1 '.xferkey-' xferkey -q ascp -i "$key" -l 80M tree test:
	cmp tree/1 "$far/tree/1"
	cp tree/.x* "$far/tree"
	says 1 '.xferkey-' xferkey -q ascp -i "$key" -l 80M -d test:tree new
	cmp tree/1 new/tree/1
	echo x >f
	chmod 640 f
	ln -s f link
	copied link test:
	equal "$(stat -c %a:%F "$far/link")" '640:regular file'
	ln -sf dir/f "$far/link"
	ln -s x "$far/x/link"
	says 2 'a directory has this name' xferkey -q ascp -i "$key" f test:dir
	mkdir x/1
	says 2 'a directory has this name' xferkey -q ascp -i "$key" test:tree/1 x
	equal "$(stat -c %a "$far/dir/f" x/1)" $'755\n755'
	says 2 'a symbolic link: name its target' xferkey -q ascp -i "$key" test:x/link new
	says 2 'f: two sources have this name' xferkey -q ascp -i "$key" f ./f test:
	without_lftp
	says 2 'a directory has this name' xferkey -q ascp -i "$key" test:tree/1 x
}

@test "without lftp one file is copied each way; for more the error says to install lftp" {
	without_lftp
	echo x >"it's"
	copied "it's" 'test:a $(b)'
	copied 'test:a $(b)' back
	cmp "it's" back
	mkdir "$far/into"
	copied "it's" test:into
	copied -d "it's" test:made
	cmp "it's" "$far/made/it's"
	equal "$(cd "$far" && find . -name '.xferkey*' -o -name '*.xferkey')" ''
	says 2 'install lftp' xferkey -q ascp -i "$key" "it's" back test:
	touch 'a*'
	says 2 'install lftp' xferkey -q ascp -i "$key" 'a*' test:
	mkdir tree
	says 1 tree xferkey -q ascp -i "$key" tree test:
	other_server 'Subsystem sftp cat >/dev/null'
	stand_in_for timeout 'shift; exec /usr/bin/timeout 2 "$@"'
	XFERKEY_TRIES=1 run -75 xferkey -q ascp -i "$key" test:f back
	[[ $output = *'the server is silent'* ]]
	rm bin/sftp
	says 2 'neither lftp nor sftp is found: install lftp' xferkey -q ascp -i "$key" back test:
}

# stays KEY: it and its public half are what they were, with the same modes.
stays() {
	cmp "$1" "$BATS_FILE_TMPDIR/key"
	cmp "$1.pub" "$BATS_FILE_TMPDIR/key.pub"
	equal "$(stat -c %a "$1")" 600
}

@test "a file that is received never replaces a private key, by whatever path, link or name it comes" {
	umask 022
	mkdir .ssh "$far/.ssh" way
	cp -p "$key" "$key.pub" .ssh
	cp -p .ssh/key own
	for name in key key.pub; do
		echo theirs >"$far/$name"
		echo theirs >"$far/.ssh/$name"
	done
	ln -s ../.ssh/key way/key
	ln -s .ssh dir
	for program in lftp sftp; do
		for target in .ssh .ssh/ .ssh/key ./way/..//.ssh/key "$HOME/.ssh" way dir way/key; do
			says 2 'the key in use is not overwritten' xferkey -q ascp -i .ssh/key test:key "$target"
		done
		says 2 'the key in use is not overwritten' xferkey -q ascp -i .ssh/key test:key.pub .ssh
		says 2 '.ssh/key: a private key is not overwritten' xferkey -q ascp -i own test:key .ssh
		XFERKEY_PREFLIGHT=off says 2 'the key in use is not overwritten' xferkey -q ascp -i key test:key .ssh
		[ "$program" = sftp ] || without_lftp
	done
	stays .ssh/key
	[ -L way/key ]
}

@test "no tree is received where the key in use or ~/.ssh is" {
	mkdir -p "$far/home/"{.ssh,own} away own way
	cp -p "$key" "$key.pub" own
	echo theirs | tee "$far/home/"{.ssh/second,own/key} >/dev/null
	echo mine >away/second
	ln -s away .ssh
	ln -s ../own/key way/key
	for words in "test:home/. ." 'test:home/.ssh .' "test:$far/home/. $HOME" 'test:home/../home/. way/..' "test:home/// ../" \
		'test:home/own .' 'test:home/.ssh/. away' 'test:home/. own' 'test:home/. way'; do
		for with in own/key way/key; do
			case $with:$words in own*way) continue ;; esac
			says 2 ' is in it, and could be overwritten: receive into another directory' xferkey -q ascp -i $with $words
		done
	done
	stays own/key
	equal "$(cat away/second; ls away)" $'mine\nsecond'
	copied -i own/key -d test:home/. new
	equal "$(cat new/.ssh/second new/own/key)" $'theirs\ntheirs'
}
