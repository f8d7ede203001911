#!/usr/bin/env bats
# xferkey get and put with a new site: files there and back, with a real sshd in place of Aspera's.

load ../lib/porcelain

setup() {
	private_home
}

teardown() {
	stop_sshd
}

@test "after generate --site, put and get need only the name of the site" {
	stage_sites
	start_sshd
	printf '%s\n' 'title = the test' 'host = 127.0.0.1' "port = $port" 'flags = -QT -d' 'rate = 1G' 'key = own' \
		>stage/share/xferkey/sites/lab
	xferkey -q generate --site lab --user "$(id -un)" -t ed25519
	with_account xferkey -q authorize .ssh/lab.pub
	xferkey check --site lab --login | grep '^ok	login'
	mkdir there back
	name="it's a * \$(name)"
	head -c 100000 /dev/urandom >"$name"
	export XFERKEY_ENGINE=sftp
	run -0 xferkey put "$name" "lab:$HOME/there/"
	equal "${lines[0]}" 'xferkey-put: over SFTP, not FASP'
	cmp "$name" "there/$name"
	xferkey get "lab:$HOME/there/$name" back
	run -0 xferkey get -Q "lab:$HOME/there/$name" back
	equal "${lines[0]}" 'xferkey-get: over SFTP, not FASP; without effect: -Q'
	equal "${lines[1]}" "xferkey-get: back/$name: not copied: it is there, with the same size and time"
	cmp "$name" "back/$name"
	says 2 'required: FILE' xferkey put "lab:$HOME/there"
	rm .ssh/lab
	says 2 'xferkey generate --site lab makes it' xferkey get "lab:$HOME/there" back
}
