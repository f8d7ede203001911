#!/usr/bin/env bats
# xferkey setup makes ~/.ssh or repairs its mode, and changes nothing else.

load ../lib/porcelain

setup() {
	private_home
}

@test ".ssh is made with mode 700, under any umask, and each step is shown" {
	for mask in 000 022 077 0777; do
		rm -rf .ssh
		run -0 sh -c "umask $mask; xferkey setup"
		equal "$output" "+ mkdir -m 700 $HOME/.ssh"
		equal "$(stat -c %a .ssh)" 700
	done
	run -0 xferkey setup
	equal "$output" "$HOME/.ssh is there, mode 700"
}

@test "another mode is repaired, and the contents stay" {
	mkdir .ssh
	echo x >.ssh/config
	for mode in 755 777 770 500 000; do
		chmod "$mode" .ssh
		run -0 xferkey setup
		equal "$output" "+ chmod 700 $HOME/.ssh"
		equal "$(stat -c %a .ssh)" 700
	done
	[ -s .ssh/config ]
	chmod 755 .ssh
	run xferkey -n setup
	equal "$output" "chmod 700 $HOME/.ssh"
	equal "$(stat -c %a .ssh)" 755
}

@test "a link to one's own directory is accepted; a file, a link to nothing, another user's directory are refused" {
	mkdir -m 700 elsewhere
	ln -s elsewhere .ssh
	run -0 xferkey setup
	chmod 755 elsewhere
	run -0 xferkey setup
	equal "$(stat -c %a elsewhere)" 700
	rm .ssh
	ln -s nowhere .ssh
	says 2 'a symbolic link to nowhere, which is not there' xferkey setup
	[ ! -e nowhere ]
	rm .ssh
	# another user's, also for root
	foreign=/proc/1
	[ "$(id -u)" -ne 0 ] || { mkdir -m 755 foreign; chown 12345 foreign; foreign=foreign; }
	ln -s "$foreign" .ssh
	says 2 "$HOME/.ssh: belongs to somebody else" xferkey setup
	rm .ssh
	echo text >.ssh
	says 2 "$HOME/.ssh: not a directory" xferkey setup
	equal "$(cat .ssh)" text
	rm .ssh
	mkfifo .ssh
	says 2 'not a directory' xferkey setup
}

@test "an invalid HOME is refused; one with blanks and quotes works" {
	refused <<-'END'
		HOME: not an absolute path| HOME=relative setup
		| HOME=./x setup
		| HOME=$'/tmp/a\nb' setup
		| HOME=$'/tmp/\e' setup
		/nonexistent| HOME=/nonexistent setup
	END
	says 2 'HOME: not set' env -u HOME xferkey setup
	mkdir "it's a  home"
	HOME="$PWD/it's a  home" xferkey setup 2>shown
	[ -d "it's a  home/.ssh" ]
	rmdir "it's a  home/.ssh"
	sed 's/^+ //' shown | sh
	[ -d "it's a  home/.ssh" ]
}

@test "a new directory and a repaired mode are synced to disk" {
	fake sync "echo \"\$@\" >>$PWD/synced"
	PATH=$PWD/path:$PATH xferkey setup
	chmod 755 .ssh
	PATH=$PWD/path:$PATH xferkey setup
	PATH=$PWD/path:$PATH xferkey setup
	equal "$(cat synced)" "$HOME/.ssh $HOME"$'\n'"$HOME/.ssh $HOME"
}

@test "a terminal shows the next step" {
	terminal -0 -- xferkey setup
	equal "${lines[1]}" 'next: xferkey generate'
}

@test "if a tool fails: status 2, and no mode is reported" {
	mkdir -m 755 .ssh
	for tool in find id; do
		for status in 1 4 126 127; do
			rm -rf path
			fake "$tool" "exit $status"
			PATH=$PWD/path:$PATH says 2 "$tool" xferkey setup
			[ ! -s "$BATS_TEST_TMPDIR/out" ]
			equal "$(stat -c %a .ssh)" 755
		done
	done
	# no output and no error
	fake id :
	PATH=$PWD/path:$PATH says 2 'id: does not say who runs this' xferkey setup
	rm path/id
	fake find :
	run -2 env PATH="$PWD/path:$PATH" xferkey setup
	rm path/find
	for status in 1 4 126 127; do
		fake chmod "exit $status"
		run env PATH="$PWD/path:$PATH" xferkey setup
		equal "$status: ${lines[0]}" "2: + chmod 700 $HOME/.ssh"
		fake mkdir "exit $status"
		HOME=$PWD/path run env PATH="$PWD/path:$PATH" xferkey setup
		equal "$status: ${lines[0]}" "2: + mkdir -m 700 $PWD/path/.ssh"
	done
	# a message that cannot be written does not change the status
	run -2 bash -c 'xferkey setup x 2>/dev/full'
}
