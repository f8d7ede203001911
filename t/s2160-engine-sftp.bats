#!/usr/bin/env bats
# XFERKEY_ENGINE=sftp: files and trees each way through a real sshd, interrupted and resumed.

load test
load porcelain

setup_file() {
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_FILE_TMPDIR/key"
	export HOME=$BATS_FILE_TMPDIR BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	mkdir -m 700 "$HOME/.ssh"
	cp "$HOME/key.pub" "$HOME/.ssh/authorized_keys"
	# what it writes is counted, and internal-sftp tells that to syslog alone
	server=$top/build/sshd/sftp-server
	[ -x "$server" ] || server=/usr/lib/openssh/sftp-server
	start_sshd "Subsystem sftp $server -e -l INFO -d $BATS_FILE_TMPDIR/far 2>>$BATS_FILE_TMPDIR/written"
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
	[ "$status" -eq 2 ]
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
	xferkey -q ascp -d -i "$key" near/. test:c
	diff -r near "$far/c"
	# one that is missing does not keep the others
	run xferkey -q ascp -i "$key" test:into/nosuch test:into/a back
	[ "$status" -eq 1 ]
	equal "$output" 'xferkey-ascp: into/nosuch: no such file or folder'
	cmp near/a back/a
	# neither file nor folder: passed by, and said
	mkfifo near/pipe
	run xferkey -q ascp -d -i "$key" near test:pipes
	[ "$status" -eq 1 ]
	equal "$output" 'xferkey-ascp: near/pipe: neither a file nor a folder'
	rm near/pipe
	diff -r near "$far/pipes/near"
}

@test "links are followed, and in no circle, each way" {
	for there in put get; do
		tree=tree name=tree
		if [ "$there" = get ]; then
			tree=$far/from name=from
		fi
		mkdir -p "$tree/a/deep" "$tree/b" "$far/outside" outside
		echo x >"$tree/a/deep/x"
		echo y >"$far/outside/y"
		echo y >outside/y
		chmod 640 "$tree/a/deep/x"
		touch -d '2001-02-03 04:05:06' "$tree/a/deep/x"
		ln -s a/deep/x "$tree/file"
		ln -s a "$tree/folder"
		ln -s ../outside "$tree/out"
		ln -s nosuch "$tree/nothing"
		ln -s . "$tree/self"
		ln -s ../../.. "$tree/a/deep/up"
		ln -s ../b "$tree/a/b"
		ln -s ../a "$tree/b/a"
		if [ "$there" = put ]; then
			run xferkey -q ascp -i "$key" tree test:
			got=$far/tree
		else
			run xferkey -q ascp -k0 -i "$key" test:from .
			got=from
		fi
		echo "$output"
		[ "$status" -eq 1 ]
		equal "$(sort <<<"$output")" "$(sort <<-END
			xferkey-ascp: $name/a/b/a: a symbolic link to a folder that it is in
			xferkey-ascp: $name/a/deep/up: a symbolic link to a folder that it is in
			xferkey-ascp: $name/b/a/b: a symbolic link to a folder that it is in
			xferkey-ascp: $name/b/a/deep/up: a symbolic link to a folder that it is in
			xferkey-ascp: $name/folder/b/a: a symbolic link to a folder that it is in
			xferkey-ascp: $name/folder/deep/up: a symbolic link to a folder that it is in
			xferkey-ascp: $name/nothing: a symbolic link to nothing
			xferkey-ascp: $name/self: a symbolic link to a folder that it is in
		END
		)"
		equal "$(cd "$got" && find . -type l)" ''
		equal "$(cd "$got" && find . -type f | sort | tr '\n' ' ')" \
			'./a/deep/x ./b/a/deep/x ./file ./folder/deep/x ./out/y '
		equal "$(stat -c '%a %Y' "$got/file")" "$(stat -c '%a %Y' "$tree/a/deep/x")"
	done
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
		XFERKEY_PREFLIGHT=off says 2 'not a rate' xferkey ascp "-l$rate " f h:
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
	says 2 '-L nowhere: no such directory' xferkey ascp -L nowhere f h:
	says 2 '-z: SFTP has nothing like this' xferkey ascp -qz f h:
	says 2 '-k 4: not one of' xferkey ascp -k4 f h:
	says 2 'nosuch: no such file' xferkey ascp -i nosuch f h:
	run xferkey -n ascp f 'jane@[::1]:x'
	equal "$output" "xferkey-ascp: over SFTP, not FASP
xferkey sftp-copy -k 2 -s f -t x put ssh -F $XFERKEY_SSH_CONFIG -o BatchMode=yes -o ConnectTimeout=20 \
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

# engine LEVEL SOURCE ... DESTINATION: it works, and says nothing.
engine() {
	local level=$1
	shift
	run xferkey -q ascp -i "$key" -k "$level" "$@"
	[ "$status" -eq 0 ] && [ -z "$output" ] || {
		echo "-k $level $*: $status: $output" >&2
		return 1
	}
}

# cut NAME COMMAND ...: the command, killed when the file is longer than 9 MB.
cut() {
	python3 - "$@" <<-'END'
		import glob, os, signal, subprocess, sys, time
		p = subprocess.Popen(sys.argv[2:], stderr=subprocess.DEVNULL, start_new_session=True)
		for i in range(2000):
		    if any(os.path.getsize(name) > 9e6 for name in glob.glob(sys.argv[1])):
		        break
		    time.sleep(0.005)
		else:
		    sys.exit("never got so far")
		os.killpg(p.pid, signal.SIGKILL)
		p.wait()
	END
}

# written FILE NAME: how many bytes of it the server wrote since the log was FILE.
written() {
	tail -c "+$(($(stat -c %s "$1") + 1))" "$BATS_FILE_TMPDIR/written" |
		sed -n "s/.*close \"[^\"]*$2[^\"]*\" bytes read 0 written //p" | awk '{ n += $1 } END { print n + 0 }'
}

@test "-k: a part is continued, what is whole is not sent, a part of another source goes" {
	need python3
	head -c 20000000 /dev/urandom >big
	for level in 1 2 3; do
		rm -f "$far"/* "$far"/.xferkey*
		cut "$far/.xferkey-*.partial" xferkey ascp -i "$key" -k "$level" -l 200M big test:
		[ ! -e "$far/big" ]
		equal "$(find "$far" -name '.xferkey-*.partial' | wc -l)" 1
		cp "$BATS_FILE_TMPDIR/written" log
		engine "$level" big test:
		cmp big "$far/big"
		equal "$(ls -A "$far")" big
		bytes=$(written log xferkey-)
		[ "$bytes" -gt 4000000 ]
		[ "$bytes" -lt 17000000 ]
		inode=$(stat -c %i "$far/big")
		engine "$level" big test:
		equal "$(stat -c %i "$far/big")" "$inode"
	done
	# what was begun of another source does not stay, and is not built on
	cut "$far/.xferkey-*.partial" xferkey ascp -i "$key" -k 1 -l 200M big test:new
	# what is written over two bytes of it below must not be there by chance
	{
		printf same
		head -c 19999996 /dev/urandom
	} >big
	engine 1 big test:new
	cmp big "$far/new"
	equal "$(ls -A "$far")" $'big\nnew'
	# the other way
	cut '.xferkey-*.partial' xferkey ascp -i "$key" -k 1 -l 200M test:new got
	part=$(echo .xferkey-*.partial)
	[ "$(stat -c %s "$part")" -lt 20000000 ]
	inode=$(stat -c %i "$part")
	# a byte of what is kept proves that it is: level 1 has nothing to see it by
	printf '\377\0' | dd of="$part" bs=1 seek=1 conv=notrunc status=none
	cp -p "$part" saved
	engine 1 test:new got
	equal "$(stat -c %i got)" "$inode"
	! cmp big got || false
	equal "$(cmp -l big got | wc -l)" 2
	for level in 2 3; do
		rm got
		cp -p saved "$part"
		engine "$level" test:new got
		cmp big got
	done
	equal "$(find . -name '.xferkey-*')" ''
}

@test "-k: what differs is sent whole" {
	head -c 5000000 /dev/urandom >f
	touch -d '2001-02-03 04:05:06' f
	echo x >elsewhere
	for way in put get; do
		for level in 1 2 3; do
			for difference in shorter longer time link first last bytes; do
				cp -p f "$far/f"
				cp -p f back
				target=back
				[ "$way" = get ] || target=$far/f
				case $difference in
				shorter) truncate -s 4999999 "$target" ;;
				longer) echo more >>"$target" ;;
				time) printf x | dd of="$target" bs=1 seek=2345678 conv=notrunc status=none ;;
				link)
					rm "$target"
					ln -s "$PWD/elsewhere" "$target"
					;;
				first) printf '\0\1' | dd of="$target" bs=1 conv=notrunc status=none ;;
				last) printf '\0\1' | dd of="$target" bs=1 seek=4999998 conv=notrunc status=none ;;
				bytes) printf '\0\1' | dd of="$target" bs=1 seek=2345678 conv=notrunc status=none ;;
				esac
				case $difference:$level in
				first:1 | last:1 | bytes:[12]) continue ;;
				first:* | last:* | bytes:*) touch -r f "$target" ;;
				shorter:* | longer:*) touch -r f "$target" ;;
				esac
				if [ "$way" = put ]; then
					engine "$level" f test:
				else
					engine "$level" test:f back
				fi
				echo "$way $difference $level"
				cmp f "$far/f"
				cmp f back
				equal "$(stat -c %Y "$target")" "$(stat -c %Y f)"
				[ ! -L "$target" ]
			done
		done
	done
	equal "$(ls -A "$far")" f
	equal "$(cat elsewhere)" x
	# the bytes are the same and only the time is not: level 3 sends nothing
	inode=$(stat -c %i "$far/f")
	touch "$far/f"
	engine 3 f test:
	equal "$(stat -c '%i %Y' "$far/f")" "$inode $(stat -c %Y f)"
}

@test "-k: interrupted at 20 points each way and run again, the trees are the same" {
	need python3
	python3 -c '
import os, random
random.seed(1)
os.makedirs("near/tree/a/b")
for i in range(200):
    with open("near/tree/" + random.choice(["", "a/", "a/b/"]) + str(i), "wb") as f:
        f.write(random.randbytes(random.choice([0, 1, 1000, 40000])))
for i in range(3):
    with open("near/tree/a/big%d" % i, "wb") as f:
        f.write(random.randbytes(9000000))
'
	chmod 555 near/tree/a/b
	sums=$(cd near && find . -type f -exec sha256sum {} + | sort)
	for i in {1..20}; do
		for way in put get; do
			level=$((i % 3 + 1))
			if [ "$way" = put ]; then
				words=(-d near/tree test:to)
				result=$far/to
			else
				words=(-d test:from/tree back)
				result=back
				[ -d "$far/from" ] || cp -a near "$far/from"
			fi
			rm -rf "$result" 2>/dev/null || { chmod -R u+w "$result" && rm -rf "$result"; }
			# of the session of the engine all, or ssh alone, or what speaks with it
			XFERKEY_TRIES=1 python3 - "$((RANDOM % 500))" "$((i % 3))" "$result" xferkey -q ascp -i "$key" -k "$level" "${words[@]}" <<-'END'
				import os, signal, subprocess, sys, time
				p = subprocess.Popen(sys.argv[4:], stderr=subprocess.DEVNULL, start_new_session=True)
				# mostly from when there is a result: how long that takes is the machine's
				while int(sys.argv[1]) % 4 and not os.path.exists(sys.argv[3]) and p.poll() is None:
				    time.sleep(0.005)
				time.sleep(0.05 + int(sys.argv[1]) / 1000)
				try:
				    if sys.argv[2] == "0":
				        os.killpg(p.pid, signal.SIGKILL)
				    elif sys.argv[2] == "1":
				        subprocess.run(["pkill", "-KILL", "-g", str(p.pid), "-x", "ssh"])
				    else:
				        os.kill(p.pid, signal.SIGTERM)
				except ProcessLookupError:
				    pass
				p.wait(10)
			END
			# some of the 203 files, or a part of one
			find "$result" -type f 2>/dev/null | awk '/\/\.xferkey-/ { part = 1 } END { print (part || (NR > 0 && NR < 203)) }' >>moments
			engine "$level" "${words[@]}"
			equal "$(cd "$result" && find . -type f -exec sha256sum {} + | sort)" "$sums"
			equal "$(cd "$result" && find . -printf '%p %m %TY%Tm%Td%TH%TM %y\n' | sed 1d | sort)" \
				"$(cd near && find . -printf '%p %m %TY%Tm%Td%TH%TM %y\n' | sed 1d | sort)"
		done
	done
	# it was in the middle of it, mostly
	[ "$(grep -c 1 moments)" -ge 8 ]
	chmod -R u+w "$far" near back
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
		rm -f "$far"/.xferkey-*
		TMPDIR=$PWD/tmp python3 -c '
import os, signal, subprocess, sys, time
key, far, name = sys.argv[1:]
p = subprocess.Popen(["xferkey", "ascp", "-i", key, "-l", "200K", "f", "test:f"],
    stderr=subprocess.DEVNULL,
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
for i in range(2000):
    if os.listdir(far):
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

@test "what is not there is status 1, and tried once" {
	run xferkey -q ascp -i "$key" test:nosuch f
	[ "$status" -eq 1 ]
	[[ $output = *'nosuch: no such file or folder' ]]
	[ "${#lines[@]}" -eq 1 ]
	says 2 'nowhere: no such folder' xferkey -q ascp -i "$key" test:nosuch test:nosuch2 nowhere
}

# How long each wait was to be is noted, and none is waited for.
quick_clock() {
	mkdir clock
	printf '#!/bin/sh\necho "$1" >>%s\n' "$PWD/clock/noted" >clock/sleep
	chmod +x clock/sleep
	PATH=$PWD/clock:$PATH
}

@test "no connection is tried again; a refused key, another host key and no SFTP are not" {
	quick_clock
	echo x >f
	run xferkey ascp -P 1 -i "$key" f test:f
	echo "$output"
	[ "$status" -eq 75 ]
	equal "$(cat clock/noted)" $'2\n4'
	[[ $output = *'nothing listens there on that port (-P), or a firewall refuses it (ssh: '*'refused'*')'* ]]
	XFERKEY_TRIES=1 run xferkey ascp -P 1 -i "$key" f test:f
	[ "$status" -eq 75 ]
	[ "$(grep -c 'nothing listens there' <<<"$output")" -eq 1 ]
	ssh-keygen -q -t ed25519 -N '' -f other
	rm clock/noted
	run xferkey ascp -i other f test:f
	echo "$output"
	[ "$status" -eq 77 ]
	[[ $output = *'the server did not let the key in: ED25519 SHA256:'*'must be installed'*'(ssh: '*'Permission denied ('* ]]
	[[ $output != *'old ascp'* ]]
	sed "s,^ *UserKnownHostsFile.*,UserKnownHostsFile $PWD/known," "$XFERKEY_SSH_CONFIG" >config
	echo "[127.0.0.1]:$port $(blob other.pub)" >known
	XFERKEY_SSH_CONFIG=$PWD/config run xferkey ascp -o StrictHostKeyChecking=yes -i "$key" f test:f
	[ "$status" -eq 2 ]
	XFERKEY_SSH_CONFIG=$PWD/config run xferkey ascp -i "$key" f test:f
	echo "$output"
	[ "$status" -eq 255 ]
	[[ $output = *"the server's host key is not the one that is known here: "*' (ssh: Host key verification failed.)'* ]]
	[ ! -e clock/noted ]
	[ ! -e "$far/f" ]
}

# The server that is lost the first time is there the second, and what it had is not sent again.
@test "a lost connection is made again, and what has arrived stays" {
	quick_clock
	mkdir tree logs
	head -c 30000000 /dev/urandom >tree/a
	echo b >tree/b
	cat >clock/ssh <<-END
		#!/bin/sh
		[ -e "$PWD/lost" ] || {
			"$(command -v ssh)" "\$@" &
			for i in 1 2 3 4 5 6 7 8 9 10; do
				sleep() { command -p sleep "\$1"; }
				sleep 0.3
				[ ! -e "$far"/tree/.x*l ] || break
			done
			: >"$PWD/lost"
			kill \$!
			exit 255
		}
		exec "$(command -v ssh)" "\$@"
	END
	chmod +x clock/ssh
	run xferkey ascp -L logs -l 100M -i "$key" tree test:
	echo "$output"
	[ "$status" -eq 0 ]
	equal "$(cat clock/noted)" 2
	[[ $output = *'the connection was lost'*'again in 2 s'* ]]
	[ -e logs/aspera-scp-transfer.log ]
	diff -r tree "$far/tree"
}
