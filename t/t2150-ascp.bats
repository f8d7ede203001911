#!/usr/bin/env bats
# xferkey ascp: the look at the key, and what ascp then gets, seen by a stand-in.

load test
load porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -f key
	cp key sealed
	ssh-keygen -q -p -m PEM -P '' -N secret -f sealed
}

setup() {
	private_home
	mkdir -m 700 .ssh
	cp "$BATS_FILE_TMPDIR"/* .
	stand_in
}

@test "ascp gets exactly the documented arguments, hostile ones too, the user's umask, and its status counts" {
	words=(-i key -l 100M -QT -k1 --policy=fair "it's" 'a b' $'new\nline' '*' '$x' '`x`' '"' '\' '' -- -n
		jane@host:up/)
	umask 027
	run xferkey ascp "${words[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
	arguments_are "${words[@]}"
	equal "$(cat "$STAND_IN/umask")" 0027
	sh -c "$(xferkey -n ascp "${words[@]}")"
	arguments_are "${words[@]}"
	STAND_IN_STATUS=17 run xferkey ascp f jane@host:
	[ "$status" -eq 17 ]
	run xferkey -q ascp -q f jane@host:
	[ "$status" -eq 0 ]
	equal "$output" ''
	arguments_are -q f jane@host:
}

@test "the documented command of a user" {
	cp key .ssh/ihmp
	run xferkey ascp -i ~/.ssh/ihmp -l100M huge_genome.tar jane@HOST:upload/
	[ "$status" -eq 0 ]
	equal "$output" "+ ascp -i $HOME/.ssh/ihmp -l100M huge_genome.tar jane@HOST:upload/"
	arguments_are -i "$HOME/.ssh/ihmp" -l100M huge_genome.tar jane@HOST:upload/
	# ascp itself looks for a bare name in ~/.ssh
	run xferkey ascp -T -v -l 300M -i ihmp f jane@HOST:
	[ "$status" -eq 0 ]
	arguments_are -T -v -l 300M -i ihmp f jane@HOST:
}

@test "it becomes ascp: the same process, ended by the signal" {
	for signal in TERM INT HUP; do
		rm -f "$STAND_IN/pid"
		STAND_IN_SLEEP=60 python3 -c '
import os, signal, subprocess, sys, time
p = subprocess.Popen(["xferkey", "ascp", "-i", "key", "f", "h:"], stderr=subprocess.DEVNULL,
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
path = os.environ["STAND_IN"] + "/pid"
for i in range(1000):
    if os.path.exists(path) and os.path.getsize(path):
        break
    time.sleep(0.01)
assert int(open(path).read()) == p.pid
number = getattr(signal, "SIG" + sys.argv[1])
p.send_signal(number)
assert p.wait(10) == -number' "$signal"
	done
}

@test "refused before anything starts" {
	rm -f "$STAND_IN/arguments"
	cp key.pub readable.pub
	printf '%s\n' 'PuTTY-User-Key-File-2: ssh-rsa' 'Encryption: none' >"it's.ppk"
	head -c 500 key >short
	: >empty
	ssh-keygen -e -f key.pub >rfc4716
	says 2 '-i: no key: an empty word' xferkey ascp -i '' f jane@host:
	says 2 '-i: no key: an empty word' xferkey ascp f jane@host: -i
	says 2 '-i: no key before the option -l100M' xferkey ascp -i -l100M f jane@host:
	says 2 'nosuch: no such file' xferkey ascp -i nosuch f jane@host:
	says 2 'nosuch: no such file' xferkey ascp -QTinosuch f jane@host:
	says 2 'nosuch: no such file' xferkey ascp -l 1M f jane@host: -QTi nosuch
	says 2 'nosuch: no such file' xferkey ascp -i key -i nosuch f jane@host:
	says 2 'key.pub: a public key' xferkey ascp -i key.pub f jane@host:
	says 2 'rfc4716: a public key' xferkey ascp -i rfc4716 f jane@host:
	says 2 "it's.ppk: a PuTTY key: xferkey import './it'\\''s.ppk'" \
		xferkey ascp -i "it's.ppk" f jane@host:
	says 2 'short: truncated' xferkey ascp -i short f jane@host:
	says 2 'empty: no key in it' xferkey ascp -i empty f jane@host:
	says 2 '.ssh: not a file' xferkey ascp -i .ssh f jane@host:
	says 2 'what to send' xferkey ascp
	XFERKEY_ENGINE=scp says 2 'XFERKEY_ENGINE: neither ascp nor sftp' xferkey ascp -i key f h:
	[ ! -e "$STAND_IN/arguments" ]
}

@test "what looks like -i but is the value of another option is not one" {
	for words in '-E -i f h:' '-l -i f h:' '-Einosuch f h:' '--user=-i f h:' '-u -inosuch f h:' '-- -i' '-L- -iKEY f h:'; do
		eval "set -- ${words/KEY/key}"
		run xferkey -q ascp "$@"
		echo "$words: $output"
		[ "$status" -eq 0 ]
		arguments_are "$@"
	done
}

@test "a passphrase: from ASPERA_SCP_PASS or from a terminal, else refused; nobody waits" {
	says 2 'sealed: has a passphrase' xferkey ascp -i sealed f h:
	[ ! -e "$STAND_IN/arguments" ]
	ASPERA_SCP_PASS=secret run xferkey ascp -i sealed f h:
	[ "$status" -eq 0 ]
	arguments_are -i sealed f h:
	rm "$STAND_IN/arguments"
	terminal -- xferkey ascp -i sealed f h:
	[ "$status" -eq 0 ]
	arguments_are -i sealed f h:
	rm "$STAND_IN/arguments"
	XFERKEY_BATCH=1 terminal -- xferkey ascp -i sealed f h:
	[ "$status" -eq 2 ]
	[ ! -e "$STAND_IN/arguments" ]
	XFERKEY_ENGINE=sftp ASPERA_SCP_PASS=secret says 2 'sealed: has a passphrase' xferkey ascp -i sealed f h:
}

@test "a key that others may read is only a warning; a key through a pipe is left to ascp" {
	chmod 644 key
	run xferkey -q ascp -i key f h:
	[ "$status" -eq 0 ]
	[[ $output = 'xferkey-ascp: key: '*'mode 0644'* ]]
	arguments_are -i key f h:
	mkfifo pipe
	run xferkey -q ascp -i pipe f h:
	[ "$status" -eq 0 ]
	arguments_are -i pipe f h:
}

@test "ascp is found where products put it; without it, one line says where it was looked for" {
	PATH=${PATH%":$STAND_IN"}
	if command -v ascp >/dev/null || [ -e /opt/aspera/bin/ascp ]; then
		skip 'this machine has an ascp'
	fi
	says 2 'XFERKEY_ENGINE=sftp' xferkey ascp -i key f h:
	grep -q 'PATH.*aspera' "$BATS_TEST_TMPDIR/err"
	for folder in .aspera/connect/bin .aspera/cli/bin .aspera/sdk conda/bin; do
		mkdir -p "$folder"
		cp "$STAND_IN/ascp" "$folder/"
		rm -f "$STAND_IN/arguments"
		CONDA_PREFIX=$HOME/conda run xferkey ascp -i key f h:
		[ "$status" -eq 0 ]
		arguments_are -i key f h:
		rm "$folder/ascp"
	done
	HOME="$PWD/it's a home"
	mkdir -p "$HOME/.aspera/cli/bin"
	cp "$STAND_IN/ascp" "$HOME/.aspera/cli/bin/"
	run xferkey ascp -i key f h:
	[ "$status" -eq 0 ]
	run env -u HOME "$(command -v xferkey)" ascp -i key f h:
	[ "$status" -eq 2 ]
}
