#!/usr/bin/env bats
# sftp-copy with OpenSSH's server: what is there stays right whatever else goes on.

load test

setup() {
	private_home
	server=$top/build/sshd/sftp-server
	[ -x "$server" ] || server=/usr/lib/openssh/sftp-server
	need python3 "$server"
	mkdir far near
}

# put WORD ... and get WORD ... : with these options.
put() {
	timeout 60 xferkey sftp-copy "$@" put "$server"
}

get() {
	timeout 60 xferkey sftp-copy "$@" get "$server"
}

@test "two runs at once do not take each other's part for whole" {
	head -c 2000000 /dev/urandom >f
	head -c 8000000 /dev/urandom >g
	for way in put get; do
		for file in f g; do
			rate=16000
			[ "$file" = f ] || rate=64000
			for last in killed left; do
				rm -rf far
				mkdir far
				"$way" -k 1 -l $rate -s $PWD/$file -t far 2>first 3>&- &
				first=$!
				sleep 0.3
				xferkey sftp-copy -k 1 -l $((rate / 2)) -s $PWD/$file -t far "$way" "$server" 2>second 3>&- &
				second=$!
				sleep 0.3
				[ "$last" = left ] || kill "$second"
				one=0 two=0
				wait "$first" || one=$?
				wait "$second" || two=$?
				echo "$way $file $last: $one $two; $(cat first second)"
				# whoever says 0 has it whole, and so has a run that comes after
				[ "$one$two" = "${one#0}${two#0}" ] || cmp $file far/$file
				"$way" -k 1 -s $PWD/$file -t far
				cmp $file far/$file
				equal "$(ls -A far)" $file
			done
		done
	done
}

@test "a rate and comparing go together" {
	head -c 900000 /dev/urandom >f
	for level in 2 3; do
		for way in put get; do
			rm -f far/f
			"$way" -k 1 -s $PWD/f -t far
			run "$way" -k $level -l 20000 -s $PWD/f -t far
			[ "$status" -eq 0 ]
			echo changed | dd of=far/f conv=notrunc bs=1 seek=899000 2>noise
			touch -r f far/f
			"$way" -k $level -l 20000 -s $PWD/f -t far
			cmp f far/f
		done
	done
}

@test "one name for two sources is refused; in trees the last is whole" {
	mkdir -p a/x b/x
	head -c 3000000 /dev/zero | tr '\0' A >a/f
	head -c 1000000 /dev/zero | tr '\0' B >b/f
	cp a/f a/x
	cp b/f b/x
	for way in put get; do
		for level in 0 1; do
			says 2 'two of the sources would have one name there' "$way" -k $level -s $PWD/a/f -s $PWD/b/f -t far
			says 2 'two of the sources would have one name there' "$way" -k $level -s $PWD/a/f -s $PWD/a/f -t far
			[ -z "$(ls -A far)" ]
			"$way" -k $level -s $PWD/a/x/. -s $PWD/b/x/. -t far
			cmp far/f b/f
			rm -r far/*
		done
	done
}

@test "what is there stays until the other can be read and renamed" {
	echo precious >far/f
	printf x >f
	run get -s $PWD/nosuch -t far/f
	[ "$status" -eq 1 ]
	run xferkey sftp-copy -s $PWD -s $PWD/gone -t far get "$BATS_TEST_DIRNAME/odd-sftp-server" too-few
	[ "$status" -eq 1 ]
	equal "$(cat far/f)" precious
	if [ "$(id -u)" -ne 0 ]; then
		chmod 0 f
		run get -s $PWD/f -t far
		[ "$status" -eq 1 ]
		equal "$output" "xferkey-sftp-copy: $PWD/f: permission denied"
		run get -k 1 -s $PWD/f -t far
		[ "$status" -eq 1 ]
		chmod 600 f
	fi
	run xferkey sftp-copy -k 1 -s f -t far put "$BATS_TEST_DIRNAME/odd-sftp-server" no-rename
	[ "$status" -eq 1 ]
	equal "$output" 'xferkey-sftp-copy: far/f: the server does not do this'
	equal "$(cat far/f)" precious
	rm -f far/.x*
	equal "$(ls -A far)" f
}

@test "a device, a pipe, a file that says it is empty: no file" {
	mkfifo far/pipe
	echo x >x
	ln -s /dev/null far/null
	mode=$(stat -c %a /dev/null)
	for way in put get; do
		for level in 0 1; do
			for target in pipe null; do
				says 2 'neither a file nor a folder' "$way" -k $level -s $PWD/x -t far/$target
			done
		done
		cp x far/y
		mkdir -p tree far/tree
		echo x >tree/pipe
		[ -p far/tree/pipe ] || mkfifo far/tree/pipe
		run "$way" -k 1 -s $PWD/tree -t far
		[ "$status" -eq 1 ]
		[[ $output = *'there is something else than a file' ]]
	done
	says 1 'something else than a file' get -k 1 -s $PWD/tree -t far
	equal "$(stat -c %a /dev/null)" "$mode"
	for level in 0 1 3; do
		says 1 'version: longer than it says' put -k $level -s /proc/version -t far
		says 1 'version: longer than it says' get -k $level -s /proc/version -t far
		rm -f far/version
	done
	: >empty
	put -s empty -t far
	get -s $PWD/empty -t near
	[ -e far/empty ]
	[ -e near/empty ]
}

@test "modes: the target keeps its own, setgid and sticky stay, a changed one is sent" {
	mkdir -p src/sub
	chmod 777 src
	chmod 755 src/sub
	echo x >src/f
	chmod 700 far
	put -s src/. -t far
	equal "$(stat -c %a far)" 700
	mkdir shared
	chmod 3775 shared
	put -s src -t shared
	put -s src/. -t shared
	get -s $PWD/src -t shared
	equal "$(stat -c %a shared)" 3775
	equal "$(stat -c %a shared/src/sub)" 2755
	equal "$(stat -c %a shared/src)" 2777
	for way in put get; do
		chmod 644 src/f
		"$way" -k 1 -s $PWD/src -t near
		chmod 600 src/f
		"$way" -k 1 -s $PWD/src -t near
		equal "$(stat -c %a near/src/f)" 600
		rm -r near/src
	done
}

@test "no folder of the target is a link to elsewhere" {
	mkdir -p src/sub outside far/src
	echo x >src/f
	echo x >src/sub/f
	ln -s ../../outside far/src/sub
	ln -s ../outside near/src
	for way in put get; do
		for level in 0 1; do
			run "$way" -k $level -s $PWD/src -t far
			[ "$status" -eq 1 ]
			[[ $output = *'far/src/sub: there is something else than a folder' ]]
			run "$way" -k $level -s $PWD/src -t near
			[ "$status" -eq 1 ]
			[ -z "$(ls -A outside)" ]
		done
	done
	# who names a link as the target means it
	ln -s outside target
	put -s src/f -t target
	cmp src/f outside/f
}

@test "times before 1970 and after 2106 become the nearest" {
	echo x >f
	for pair in '1960-01-01 0' '2200-01-01 4294967295'; do
		touch -d "${pair% *} UTC" f
		put -s f -t far
		equal "$(stat -c %Y far/f)" "${pair#* }"
		put -k 1 -s f -t far
	done
}

@test "a server without an end, a command that stays, a login that talks" {
	mkdir dir
	says 1 'dir: not SFTP' timeout 20 xferkey sftp-copy -s dir -t near get "$BATS_TEST_DIRNAME/odd-sftp-server" endless
	echo x >f
	began=$(date +%s)
	run timeout 40 xferkey sftp-copy -s f -t far put sh -c "$server; exec sleep 60"
	[ "$status" -eq 0 ]
	[ $(($(date +%s) - began)) -lt 20 ]
	says 255 'not SFTP: does the login there print something?' xferkey sftp-copy -s f -t far put sh -c 'echo Welcome; cat'
	says 2 'no such folder' put -s f -t nowhere/g
	says 2 'no such folder' get -s $PWD/f -t nowhere/g
}
