#!/usr/bin/env bats
# XFERKEY_ENGINE=sftp: files and trees each way through a real sshd.

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
	[ "${lines[0]}" = 'xferkey-ascp: over SFTP, not FASP; without meaning here: -k -Q' ]
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
	run xferkey -q -n ascp -d tree/y h:a/b/
	[[ $output = "printf '%s\\n' '-mkdir a
-mkdir a/b
put -pR ./tree/y a/b/' | "* ]]
	umask 022
	run xferkey ascp -i "$key" -d "test:new folder/deep/tree" "made/for it"
	echo "$output"
	[ "$status" -eq 0 ]
	diff -r tree "made/for it/tree"
	equal "$(stat -c %a 'made/for it')" 755
	run xferkey ascp -i "$key" tree/y test:nosuch/folder/y
	[ "$status" -eq 1 ]
}

@test "the steps can be pasted, and -n does nothing" {
	echo x >"it's"
	xferkey -n ascp -i "$key" -l 1G -d "it's" "test:a/b" >steps
	[ -z "$(ls -A "$far")" ]
	grep -q -- ' -l 976563 ' steps
	run sh steps
	[ "$status" -eq 0 ]
	cmp "it's" "$far/a/b/it's"
	xferkey -n ascp -i "$key" -d "test:a/b/it's" here >steps
	[ ! -e here ]
	sh steps
	cmp "it's" "here/it's"
}

@test "rates: ascp's bits a second become sftp's Kbit" {
	echo x >f
	while read -r rate kbit; do
		run xferkey -n ascp -l "$rate" f h:
		echo "$rate: $output"
		[ "$status" -eq 0 ]
		[[ $output = *" -l $kbit "* ]]
	done <<-END
		1024 1
		1025 2
		1 1
		64k 63
		100M 97657
		300m 292969
		999999999 976563
		1G 976563
		10g 9765625
	END
	for rate in '' 0 00 -5 1.5M M 10T 1e3 '10 M' 99999999999 1000G; do
		says 2 'not a number of bits a second' xferkey ascp -l "$rate" f h:
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
	says 2 'a leading - or a control character' xferkey ascp -- -f h:
	says 2 'a leading - or a control character' xferkey ascp f h:-x
	says 2 'a leading - or a control character' xferkey ascp h:x $'a\nb'
	says 2 'a leading - or a control character' xferkey ascp f $'h:a\tb'
	says 2 'one of source and destination' xferkey ascp f g
	says 2 'one of source and destination' xferkey ascp h:f k:g
	says 2 'one source and one destination' xferkey ascp f
	says 2 'one source and one destination' xferkey ascp f g h:
	says 2 'neither a path nor HOST:PATH' xferkey ascp f :x
	says 2 'neither a path nor HOST:PATH' xferkey ascp '' h:
	says 2 'nosuch: no such file' xferkey ascp nosuch h:
	says 2 'h:: no path' xferkey ascp h: f
	says 2 '--file-list: no such option' xferkey ascp --file-list=f h:
	says 2 '-L: no such option' xferkey ascp -L- f h:
	says 2 'nosuch: no such file' xferkey ascp -i nosuch f h:
	run xferkey -n ascp f 'jane@[::1]:x'
	equal "$output" "xferkey-ascp: over SFTP, not FASP
printf '%s\\n' 'put -pR ./f x' | sftp -F $XFERKEY_SSH_CONFIG -o BatchMode=yes -o ConnectTimeout=20 \
-o ServerAliveInterval=10 -b - 'jane@[::1]'"
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

@test "a failure is sftp's own status, with its message" {
	run xferkey -q ascp -i "$key" test:nosuch f
	[ "$status" -eq 1 ]
	[[ $output = *nosuch*'not found'* ]]
	run xferkey -q ascp -P 1 -i "$key" test:nosuch f
	[ "$status" -eq 255 ]
	[ ! -e f ]
}
