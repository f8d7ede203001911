#!/usr/bin/env bats
# xferkey ascp after ascp has ended: cause, next step, another try, status. The log lines have ascp's form.

load ../lib/porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	new_key rsa -b 2048 -m PEM -f key
}

setup() {
	private_home
	cp "$BATS_FILE_TMPDIR"/* .
	stand_in
	# sleep only records its seconds
	fake sleep "echo \"\$1\" >>'$PWD/slept'"
	PATH=$PWD/path:$PATH
}

# ends N CODE TEXT [LINE ...]: the Nth run ends with status 1 and these lines in its log.
ends() {
	local n=$1 code=$2 text=$3
	{
		echo 'LOG Initializing FASP version 4.4.1.197 , license max rate=(unlimited), account no.=1'
		[ $# -eq 3 ] || printf '%s\n' "${@:4}"
		echo "LOG FASP Session Stop uuid=c4b4a68a-c158-4cde-a11e-323a36a7b8bc op=send status=failed errcode=$code" \
			"errstr=\"$text\" source=f dest=. source_prefix=- local=0.0.0.0:52309 peer=192.0.2.1:33001 tcp_port=22"
		echo 'LOG Source file transfers passed          : 0'
	} >"$STAND_IN/$n.log"
	echo 1 >"$STAND_IN/$n.status"
}

# counted STATUS RUNS ARG ...: xferkey ascp ends with STATUS after so many runs; tries STATUS RUNS [TEXT ...]: and
# prints each TEXT.
counted() {
	rm -f "$STAND_IN/runs" slept
	run xferkey -q ascp "${@:3}" </dev/null
	equal "$status:$(cat "$STAND_IN/runs")" "$1:$2"
}

tries() {
	counted "$1" "$2" -i key -P 33001 f jane@host:
	has "${@:3}"
}

@test "an error that another try cannot cure is reported at once, with ascp's status" {
	while read -r code text; do
		ends 1 "$code" 'text of ascp'
		tries 1 1 "xferkey-ascp: $text" '(ascp: text of ascp)'
		equal "${#lines[@]}" 1
		[ ! -e slept ]
	done <<-END
		4 there is no such file
		5 not permitted
		8 ascp does not take
		20 there is nothing
		25 no space
		29 ascp finds no licence
		30 ascp's licence has expired
		34 not authorized
		41 the path is outside
		51 the server's host key is not the expected one
		65 FIPS mode
		66 the server's FIPS mode
	END
}

@test "a refused key is 77, with its fingerprint and the command that tells more" {
	ends 1 19 'Authentication failure'
	print=$(print key.pub)
	tries 77 1 "the server did not let the key in: RSA $print must be installed for jane there" \
		'; old versions of ascp sign with RSA' ': xferkey check ./key --login jane@host --port 33001'
	# the text counts, whatever the code
	ends 1 12 '' 'ERR [asssh] Failed to authenticate to jane@host' 'ERR SSH: failed to authenticate'
	tries 77 1 'must be installed for jane'
}

@test "a refusal while other ascps run may be due to their number; XFERKEY_RETRY_AUTH tries again" {
	export XFERKEY_ASCP=$STAND_IN/a-long-name-of-ascp
	mv "$STAND_IN/ascp" "$XFERKEY_ASCP"
	ends 1 19 'Authentication failure'
	tries 77 1
	[[ $output != *'at once'* ]]
	need ps
	mkdir other
	need ps
	cp "$(PATH=/usr/bin:/bin command -v sleep)" other/a-long-name-of-ascp
	other/a-long-name-of-ascp 60 3>&- &
	other=$!
	until [[ $(ps -o comm= -p "$other") = a-long-name* ]]; do kill -0 "$other"; done
	tries 77 1 '; or too many start at once: ' ' (XFERKEY_RETRY_AUTH=1 tries once more): xferkey check'
	# one more try, after 1 to 5 s, which may succeed
	export XFERKEY_RETRY_AUTH=1
	tries 0 2 'once more in '
	[[ $(cat slept) = [1-5] ]]
	arguments_are -L LOG -k2 -i key -P 33001 f jane@host:
	kill "$other"
	ends 2 19 'Authentication failure'
	ends 3 19 'Authentication failure'
	tries 77 2
	equal "$(wc -l <slept)" 1
	# together with other retries; not with one try only, or for a stream
	ends 2 13 ''
	tries 77 3 'once more in' 'again in 2 s'
	XFERKEY_TRIES=1 tries 77 1
	counted 77 1 -i key stdio:// jane@h:out
	XFERKEY_RETRY_AUTH=yes says 2 'XFERKEY_RETRY_AUTH: neither 0 nor 1' xferkey ascp -i key f h:
}

@test "any other error is tried again with resume, after 2 s, doubling to 60; then 75" {
	ends 1 13 ''
	ends 2 18 'x'
	tries 0 3 'no answer on the SSH port' 'again in 2 s' 'no data comes through' 'again in 4 s'
	equal "$(tr '\n' ' ' <slept)" '2 4 '
	arguments_are -L LOG -k2 -i key -P 33001 f jane@host:
	cmp "$STAND_IN/arguments" "$STAND_IN/arguments.1"
	cmp "$STAND_IN/arguments" "$STAND_IN/arguments.2"
	ends 3 40 'Data transfer stalled'
	tries 75 3 'the transfer stalled (ascp: Data transfer stalled)'
	ends 1 14 'Unable to receive a valid stop message (pmtu-brtt)' 'ERR [ascp] TCP connect failed, err=110' \
		'ERR Failed to open TCP connection for SSH'
	tries 75 3 'a firewall that stops TCP'
	for n in {1..7}; do
		ends "$n" 61 'retryable'
	done
	XFERKEY_TRIES=8 tries 0 8 'retryable'
	equal "$(tr '\n' ' ' <slept)" '2 4 8 16 32 60 60 '
	XFERKEY_TRIES=1 tries 75 1 'retryable'
	[ ! -e slept ]
	[ -z "$(tr '\0' '\n' <"$STAND_IN/arguments" | grep -e '^-k')" ]
	# an unknown code, no code, or an empty log
	ends 1 99 'something new'
	tries 75 3 'something new'
}

@test "the reason is read only from ascp's lines about its end, whatever the names of files" {
	ends 1 16 'lost' 'ERR Cannot open how I failed to authenticate.txt'
	sed -i 's/source=f /source="how I failed to authenticate, status=failed errcode=19 errstr=\"x\"" /' "$STAND_IN/1.log"
	tries 0 2 'the connection was lost'
	ends 1 4 'No such file' 'ERR [ascp] TCP connect failed, err=101'
	tries 1 1 'there is no such file'
	LC_ALL=C.UTF-8 ends 1 4 $'caf\351: no such'
	LC_ALL=C.UTF-8 tries 1 1 'there is no such file'
	# a log that ascp began anew is read from its beginning
	mkdir logs
	head -c 5000 /dev/zero | tr '\0' x >logs/aspera-scp-transfer.log
	cat >"$STAND_IN/ascp" <<-'END'
		#!/bin/sh
		cp "$STAND_IN/1.log" logs/aspera-scp-transfer.log
		exit 1
	END
	run -1 xferkey -q ascp -L logs -i key f h:
	has 'there is no such file'
	mkdir -p 2/logs
	stand_in
	rm "$STAND_IN/runs"
	run -1 xferkey -q ascp -L 2/logs -i key f h:
}

@test "a stream is tried once; secrets of the environment and arguments are not shown" {
	ends 1 16 ''
	for words in 'stdio:// jane@h:out' 'jane@h:out stdio://'; do
		counted 75 1 -i key $words
	done
	ends 1 19 ''
	key=SECRET type=SECRET fingerprint=SECRET counted 77 1 f jane@h:
	[[ $output != *SECRET* ]]
	rm "$STAND_IN/runs"
	LD_PRELOAD=$'x\'||touch\tevil\t#' run -77 xferkey -q ascp -i key f jane@h:
	[ ! -e evil ]
	rm -f "$STAND_IN/runs" "$STAND_IN/1.status"
	# the shown command hides a token, because it goes into the log of a job
	run -0 xferkey ascp -W SECRET --proxy=dnat://u:SECRET@p -W SECRET f h:
	[[ $output != *SECRET* ]]
	[[ $output = *'-W ... --proxy=... -W ... f h:' ]]
	arguments_are -L LOG -k2 -W SECRET --proxy=dnat://u:SECRET@p -W SECRET f h:
	run -0 xferkey ascp -qWSECRET --prox=dnat://u:SECRET@p -QTW SECRET --prox dnat://u:SECRET@p f h:
	[[ $output = *'-qW... --prox=... -QTW ... --prox ... f h:' ]]
	for ascp in "$PWD" key; do
		XFERKEY_ASCP=$ascp says 2 "XFERKEY_ASCP: $ascp: not a program" xferkey ascp f h:
	done
}

@test "ascp that is killed or silent is tried again; a log of the user's with -L is read" {
	echo 1 >"$STAND_IN/1.status"
	tries 0 2 'ascp ended with status 1 and gave no reason'
	printf 'ERR Cannot open f\n' >"$STAND_IN/1.log"
	tries 0 2 'xferkey-ascp: Cannot open f'
	cat >"$STAND_IN/ascp" <<-'END'
		#!/bin/sh
		runs=$(($(cat "$STAND_IN/runs" 2>/dev/null || echo 0) + 1))
		echo "$runs" >"$STAND_IN/runs"
		kill -KILL $$
	END
	tries 75 3 'ascp ended with status 137'
	stand_in
	mkdir logs
	ends 1 25 ''
	ends 2 13 ''
	counted 1 1 -L logs:10 -i key f h:
	has 'no space'
	arguments_are -k2 -L logs:10 -i key f h:
	# an older line of the same log does not count
	echo 3 >"$STAND_IN/runs"
	echo 1 >"$STAND_IN/4.status"
	XFERKEY_TRIES=1 run -75 xferkey -q ascp -L logs -i key f h:
	[[ $output != *'no space'* ]]
	# a log on the terminal cannot be read
	STAND_IN_STATUS=9 run -9 xferkey -q ascp -L- -i key f h:
	[ ! -e ./- ]
	# -L after the letters of debugging: one try, ascp's status, and no message
	rm -f "$STAND_IN/1.log"
	STAND_IN_STATUS=1 counted 1 1 -DDL- -i key f h:
	equal "$output" ''
	arguments_are -DDL- -i key f h:
	ends 2 19 'Authentication failure'
	run -77 xferkey -q ascp -DDL logs -i key f h:
	has 'the server did not let the key in'
}

@test "a log that is not a regular file is refused before ascp starts" {
	mkdir logs
	log=logs/aspera-scp-transfer.log
	mkfifo pipe
	for command in mkfifo mkdir 'ln -s ../pipe' 'ln -s /dev/zero'; do
		$command "$log"
		for engine in ascp sftp; do
			export XFERKEY_ENGINE=$engine
			for show in '' -n; do
				says 2 "-L $log: not a regular file" timeout 10 xferkey $show ascp -L logs -i key f h:
			done
			XFERKEY_PREFLIGHT=off says 2 "-L $log: not a regular file" timeout 10 xferkey ascp -L logs:9 f h:
		done
		rm -r "$log"
	done
	[ ! -e "$STAND_IN/runs" ]
	unset XFERKEY_ENGINE
	touch mine
	ln -s ../mine "$log"
	run -0 xferkey -q ascp -L logs -i key f h:
	# with -L- no file of this name is opened
	mkdir ./-
	mkfifo ./-/aspera-scp-transfer.log
	run -0 timeout 10 xferkey -q ascp -L- -i key f h:
}

@test "a signal during the wait ends xferkey" {
	ends 1 13 ''
	rm path/sleep
	xferkey -q ascp -i key f h: 2>said 3>&- &
	await 10 grep 'again in' said
	start=${EPOCHREALTIME/[.,]/}
	kill "$!"
	wait "$!" && got=0 || got=$?
	equal "$got" 143
	[ "$((${EPOCHREALTIME/[.,]/} - start))" -lt 1500000 ]
	equal "$(cat "$STAND_IN/runs")" 1
}

@test "ascp's text cannot forge a line or run a command" {
	# yash reads only characters of the locale, not bytes
	export LC_ALL=C.UTF-8
	ends 1 1 $'\e[31mred \302\233 $(touch evil) `touch evil`'
	XFERKEY_TRIES=1 tries 75 1 'xferkey-ascp: \033[31mred \302\233 $(touch evil)'
	equal "$(wc -l <<<"$output")" 1
	[ ! -e evil ]
}
