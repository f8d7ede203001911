#!/usr/bin/env bats
# XFERKEY_ENGINE=sftp: files and trees each way through a real sshd, interrupted and resumed.

load test
load porcelain

setup_file() {
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_FILE_TMPDIR/key"
	export HOME=$BATS_FILE_TMPDIR BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	mkdir -m 700 "$HOME/.ssh"
	cp "$HOME/key.pub" "$HOME/.ssh/authorized_keys"
	start_sshd "Subsystem sftp internal-sftp -d $BATS_FILE_TMPDIR/far"
}

teardown_file() {
	"$BATS_TEST_DIRNAME/sshd" stop "$BATS_FILE_TMPDIR/sshd"
}

setup() {
	private_home
	export LC_ALL=C.UTF-8 XFERKEY_ENGINE=sftp XFERKEY_SSH_CONFIG=$BATS_FILE_TMPDIR/sshd/ssh_config
	port=$(cat "$BATS_FILE_TMPDIR/sshd/port")
	key=$BATS_FILE_TMPDIR/key
	far=$BATS_FILE_TMPDIR/far
	rm -rf "$far"
	mkdir "$far"
}

@test "a file there and back, its time and mode kept, under a rate, with the documented options" {
	head -c 300000 /dev/urandom >sent
	touch -d '2001-02-03 04:05:06' sent
	chmod 640 sent
	run xferkey ascp -QT -l 100M -k1 -P "$port" -i "$key" sent "$(id -un)@127.0.0.1:upload"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'xferkey-ascp: over SFTP, not FASP; without meaning here: -Q -T' ]
	[ "$(grep -c FASP <<<"$output")" -eq 1 ]
	cmp sent "$far/upload"
	run xferkey -q ascp -q -i "$key" test:upload fetched
	[ "$status" -eq 0 ]
	equal "$output" ''
	cmp sent fetched
	equal "$(stat -c '%a %Y' "$far/upload" fetched)" "640 $(stat -c %Y sent)
640 $(stat -c %Y sent)"
	mkdir into
	xferkey -q ascp -i "$key" test:upload into
	cmp sent into/upload
	xferkey -q ascp -i "$key" test:upload .
	cmp sent upload
}

@test "every name arrives: quotes, blanks, globs, backslashes, UTF-8" {
	names=("it's" 'a  b' ' lead' 'trail ' '"' '\' '\\' 'a\*' '*' '?' '[a-z]' '[' ']' '#x' 'x#' '~' '~root' '$HOME'
		'`id`' '$(id)' ';x' '&' '|x' '<' '>' '(' '{a,b}' '!x' '@x' '%41' 'ünï' '^' '=' "'" 'a:b' 'x,y' '\n')
	mkdir near
	for name in "${names[@]}"; do
		echo "content of $name" >"./near/$name"
	done
	xferkey -q ascp -i "$key" near test:
	diff -r near "$far/near"
	rm -r near
	mkdir near "$far/one" back
	for name in "it's \"all\" of \\ \\\\ *?[a-z]#~\$HOME\`id\`\$(id);&|<>(){a,b}!@%41ü^=a:b,\\n" \
		' lead trail ' '#x' '\*' "'" ; do
		echo "content of $name" >"./near/$name"
		xferkey -q ascp -i "$key" "near/$name" "test:one/$name"
		xferkey -q ascp -i "$key" "test:one/$name" "./back/$name"
	done
	diff -r near "$far/one"
	diff -r near back
}

@test "a tree there and back, -d makes the folders on both sides" {
	mkdir -p "tree/a b/c"
	echo x >"tree/a b/c/.hidden"
	echo y >tree/y
	run xferkey ascp -d -i "$key" tree "test:new folder/deep"
	echo "$output"
	[ "$status" -eq 0 ]
	diff -r tree "$far/new folder/deep/tree"
	# again, into folders that are there: nothing is complained about
	run xferkey -q ascp -d -i "$key" tree/y "test:new folder/deep"
	[ "$status" -eq 0 ]
	equal "$output" ''
	[ -s "$far/new folder/deep/y" ]
	xferkey -q ascp -d -i "$key" tree/y "test:$far/absolute/"
	[ -s "$far/absolute/y" ]
	umask 022
	run xferkey ascp -i "$key" -d "test:new folder/deep/tree" "made/for it"
	echo "$output"
	[ "$status" -eq 0 ]
	diff -r tree "made/for it/tree"
	equal "$(stat -c %a 'made/for it')" 755
	run xferkey ascp -i "$key" tree/y test:nosuch/folder/y
	[ "$status" -eq 1 ]
}

@test "several sources, or a folder, want a folder; one file may get a new name" {
	mkdir -p near/tree "$far/into" back
	for name in a b tree/c; do
		echo "$name" >"near/$name"
	done
	says 2 'nosuch: no such folder' xferkey -q ascp -i "$key" near/a near/b test:nosuch
	says 2 'nosuch/: no such folder' xferkey -q ascp -i "$key" near/a test:nosuch/
	says 2 'nosuch: no such folder' xferkey -q ascp -i "$key" near/tree test:nosuch
	says 2 'nosuch: no such folder' xferkey -q ascp -i "$key" test:into test:into nosuch
	[ "$(ls -A "$far")" = into ]
	[ ! -e nosuch ]
	xferkey -q ascp -i "$key" near/a near/b near/tree test:into
	diff -r near "$far/into"
	xferkey -q ascp -i "$key" near/a test:into/named
	cmp near/a "$far/into/named"
	says 2 'into/a: not a folder' xferkey -q ascp -i "$key" -d near/b test:into/a
	says 2 'into/a: not a folder' xferkey -q ascp -i "$key" near/b near/tree test:into/a
	rm "$far/into/named"
	xferkey -q ascp -d -i "$key" --mode=send --host=test near/a near/b near/tree more/of/it
	diff -r near "$far/more/of/it"
	xferkey -q ascp -d -i "$key" test:into/a test:into/b test:into/tree back/to
	diff -r near back/to
	xferkey -q ascp -d -i "$key" near/. test:contents
	diff -r near "$far/contents"
	# one that is missing does not keep the others
	run xferkey -q ascp -i "$key" test:into/nosuch test:into/a back
	[ "$status" -eq 1 ]
	equal "$output" 'xferkey-sftp-copy: into/nosuch: no such file or folder'
	cmp near/a back/a
	# neither file nor folder: passed by, and said
	ln -s a near/link
	mkfifo near/pipe
	run xferkey -q ascp -d -i "$key" near test:links
	[ "$status" -eq 1 ]
	equal "$output" 'xferkey-sftp-copy: near/link: neither a file nor a folder
xferkey-sftp-copy: near/pipe: neither a file nor a folder'
	ln -s a "$far/links/near/link"
	run xferkey -q ascp -d -i "$key" test:links/near links
	[ "$status" -eq 1 ]
	equal "$output" 'xferkey-sftp-copy: links/near/link: neither a file nor a folder'
	rm near/link near/pipe
	diff -r near links/near
}

@test "the steps can be pasted, and -n does nothing" {
	echo x >"it's"
	xferkey -n ascp -i "$key" -l 1G -d "it's" "test:a/b" >steps
	[ -z "$(ls -A "$far")" ]
	grep -q -- ' -l 1000000 ' steps
	run sh steps
	[ "$status" -eq 0 ]
	cmp "it's" "$far/a/b/it's"
	xferkey -n ascp -i "$key" -d "test:a/b/it's" here >steps
	[ ! -e here ]
	sh steps
	cmp "it's" "here/it's"
}

@test "rates: ascp's Kbit a second, or K, M and G" {
	echo x >f
	while read -r rate kbit; do
		run xferkey -n ascp -l "$rate" f h:
		echo "$rate: $output"
		[ "$status" -eq 0 ]
		[[ $output = *" -l $kbit "* ]]
	done <<-END
		1024 1024
		64k 64
		1.5M 1500
		100M 100000
		300m 300000
		10g 10000000
	END
	for rate in '' 0 -5 M 1e3 '10 M' 50% 100MB; do
		says 2 'not a rate' xferkey ascp "-l$rate " f h:
	done
}

@test "refused before anything starts" {
	echo x >f
	for word in '-oProxyCommand=touch evil:x' 'jane@-oProxyCommand=x:y' '-h:x' 'a b:x' 'a;b:x' '$(x):y' $'a\nb:x' '`x`:y' '@h:x' 'a@:x'; do
		run xferkey ascp f "$word"
		echo "$word: $output"
		[ "$status" -eq 2 ]
		run xferkey ascp -- "$word" f
		echo "$word: $output"
		[ "$status" -eq 2 ]
	done
	[ ! -e evil ]
	says 2 'begins with -' xferkey ascp -- -f h:
	says 2 'begins with -' xferkey ascp f h:-x
	says 2 'a control character' xferkey ascp h:x $'a\nb'
	says 2 'a control character' xferkey ascp f $'h:a\tb'
	says 2 'one of source and destination' xferkey ascp f g
	says 2 'one of source and destination' xferkey ascp f
	says 2 'both sides have a host' xferkey ascp h:f k:g
	says 2 'no host before the colon' xferkey ascp f :x
	says 2 'no path on h' xferkey ascp '' h:
	says 2 'no path on h' xferkey ascp h: f
	says 2 'the destination has no path' xferkey ascp h:f ''
	says 2 'nosuch: no such file' xferkey ascp nosuch h:
	says 2 'nosuch: no such file' xferkey ascp f nosuch h:
	says 2 '--file-list: SFTP has nothing like this' xferkey ascp --file-list=f h:
	says 2 '-L: SFTP has nothing like this' xferkey ascp -L- f h:
	says 2 '-z: SFTP has nothing like this' xferkey ascp -qz f h:
	says 2 '-k 4: not one of' xferkey ascp -k4 f h:
	says 2 'nosuch: no such file' xferkey ascp -i nosuch f h:
	run xferkey -n ascp f 'jane@[::1]:x'
	equal "$output" "xferkey-ascp: over SFTP, not FASP
xferkey sftp-copy -s f -t x put ssh -F $XFERKEY_SSH_CONFIG -o BatchMode=yes -o ConnectTimeout=20 \
-o ServerAliveInterval=10 -a -x -o ClearAllForwardings=yes -o PermitLocalCommand=no -o RemoteCommand=none \
-s jane@::1 sftp"
	run xferkey -q -n ascp -m 1M -Q -T -Z 1492 -v -r -O 33001 --policy=fair -p -k 2 -d -l 10M -P 33001 \
		--mode=recv --host=h --user=jane a b c
	[ "$status" -eq 0 ]
	[[ $output = 'xferkey sftp-copy -k 2 -d -l 10000 -s a -s b -t c get ssh '*' -p 33001 '*' -s jane@h sftp' ]]
	run xferkey -n ascp -m 1M -Q -T -Z 1492 -v -r -O 33001 --policy=fair f h:
	equal "${lines[0]}" 'xferkey-ascp: over SFTP, not FASP; without meaning here: -m -Q -T -Z -v -r -O --policy'
	run xferkey -n ascp ./a:b/f h:
	[ "$status" -eq 2 ]
	[[ $output = *'no such file'* ]]
}

@test "on a terminal there is a progress meter, with -q none" {
	head -c 100000 /dev/zero >f
	terminal -- xferkey ascp -i "$key" f test:
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output = *100%* ]]
	terminal -- xferkey -q ascp -i "$key" f test:
	[ "$status" -eq 0 ]
	equal "$output" ''
	terminal -- xferkey ascp -q -i "$key" f test:
	[[ $output != *100%* ]]
}

@test "in a tree every byte but / and NUL is a name" {
	need python3
	python3 -c '
import os
os.makedirs(b"near/" + bytes(range(1, 32)) + b"/x")
for i in range(1, 256):
    if i != 47:
        for name in bytes([i]), b"-" + bytes([i]) * 3 + b" ":
            if name not in (b".", b".."):
                open(b"near/" + bytes(range(1, 32)) + b"/x/" + name, "wb").write(name)
open(b"near/" + b"n" * 255, "w").write("long")
'
	for resume in 0 1; do
		rm -rf back "${far:?}"/*
		xferkey -q ascp -i "$key" -k "$resume" near test:.
		diff -r near "$far/near"
		xferkey -q ascp -i "$key" -k "$resume" -d test:near back
		diff -r near back/near
	done
}

# left: the command lines of what still runs with this key.
left() {
	local process words
	for process in /proc/[0-9]*; do
		mapfile -d '' words <"$process/cmdline" || continue
		[[ ${words[*]} != *"-i $key "* ]] || echo "${words[*]}"
	done 2>/dev/null
}

@test "a signal ends it at once, with sftp and ssh, and no file of its own stays" {
	head -c 5000000 /dev/zero >f
	mkdir tmp
	for signal in TERM INT HUP; do
		rm -f "$far/f"
		TMPDIR=$PWD/tmp python3 -c '
import os, signal, subprocess, sys, time
key, far, name = sys.argv[1:]
p = subprocess.Popen(["xferkey", "ascp", "-i", key, "-l", "200K", "f", "test:f"],
    stderr=subprocess.DEVNULL,
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
for i in range(2000):
    if os.path.exists(far + "/f"):
        break
    time.sleep(0.01)
number = getattr(signal, "SIG" + name)
p.send_signal(number)
began = time.time()
assert p.wait(10) in (-number, 128 + number) and time.time() - began < 2' "$key" "$far" "$signal"
		[ -z "$(ls -A tmp)" ]
		for i in {1..100}; do
			[ -n "$(left)" ] || break
			sleep 0.05
		done
		equal "$(left)" ''
	done
}

@test "what is not there is status 1, no connection 255" {
	run xferkey -q ascp -i "$key" test:nosuch f
	[ "$status" -eq 1 ]
	[[ $output = *'nosuch: no such file or folder' ]]
	run xferkey -q ascp -P 1 -i "$key" test:nosuch f
	[ "$status" -eq 255 ]
	[ ! -e f ]
}
