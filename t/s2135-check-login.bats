#!/usr/bin/env bats
# check --login against a real sshd: what stood in the way is told apart, on the server itself down to the cause that sshd
# tells nobody.
# shellcheck disable=SC2154 # top comes from test.bash

load test
load porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	ssh-keygen -q -t ecdsa -m PEM -N '' -f key
	ssh-keygen -q -t ed25519 -N '' -f other
	cp key sealed
	cp key.pub sealed.pub
	ssh-keygen -q -p -m PEM -P '' -N secret -f sealed
}

setup() {
	private_home
	# sshd wants every folder on the way to be safe
	cp "$BATS_FILE_TMPDIR"/* .
	mkdir -m 700 .ssh
	chmod 755 "$HOME"
	cp key.pub .ssh/authorized_keys
	chmod 600 .ssh/authorized_keys
	me=$(id -un)
}

teardown() {
	stop_sshd
}

# server [LINE ...]: an sshd, which check too can ask.
server() {
	start_sshd "$@"
	export XFERKEY_SSHD_CONFIG=$sshd/sshd_config
	PATH=$sshd:$PATH
}

# finds TEXT ARGUMENT ...: the line about the login begins so, and that is the verdict.
finds() {
	local text=$1 want=1
	shift
	run bash -c 'xferkey -q check "$@"; status=$?; xferkey check "$@" | grep "	login	"; exit $status' - "$@"
	echo "$output"
	[[ $text != ok* ]] || want=0
	[ "$status" -eq "$want" ]
	[[ ${lines[-1]} = "$text"* ]]
}

@test "taken, by name and by HOST:PORT" {
	server
	finds 'ok	login	test takes the key' key --login test
	finds "ok	login	$me@127.0.0.1 takes the key" key --login "$me@127.0.0.1:$port"
}

@test "that key, and no other: a name with a percent sign, a certificate beside it; and nothing runs on" {
	server "TrustedUserCAKeys $HOME/ca.pub"
	cp other "k%r"
	cp key "k$me"
	finds 'fail	login	refused' 'k%r' --login test
	mkdir '100%done'
	cp key '100%done/key'
	finds 'ok	login	test takes the key' '100%done/key' --login test
	cp key 'a${HOME}b'
	finds 'ok	login	test takes the key' 'a${HOME}b' --login test
	ssh-keygen -q -t ed25519 -N '' -f ca
	ssh-keygen -q -s ca -I x -n "$me" other.pub
	finds 'fail	login	refused' other --login test
	[ -z "$(pgrep -u "$(id -u)" -f "ssh.*$BATS_TEST_TMPDIR.*ControlMaster")" ]
	login=3 finds 'ok	login' key --login test
}

@test "the key, and a password too, is more than a key" {
	server 'AuthenticationMethods publickey,keyboard-interactive' 'KbdInteractiveAuthentication yes'
	finds 'fail	login	the server takes the key, and wants more' key --login test
}

@test "what ssh knows: host key, port, name, mode, passphrase" {
	server
	print=$(ssh-keygen -lf "$sshd/ssh_host_ed25519_key.pub" 2>/dev/null | cut -d ' ' -f 2)
	[ -n "$print" ] || print=$(ssh-keygen -lf <(cut -d ' ' -f 2- "$sshd/known_hosts" | grep ed25519) | cut -d ' ' -f 2)
	cp "$sshd/known_hosts" known
	: >"$sshd/known_hosts"
	finds 'fail	login	the host key is not known: ' key --login "$me@127.0.0.1:$port"
	[[ $output = *"ssh-ed25519 $print; if it is the data centre's: ssh -o StrictHostKeyChecking=accept-new -p $port $me@127.0.0.1"* ]]
	mkdir -p .config/xferkey/sites
	printf '%s\n' 'host = 127.0.0.1' "port = $port" "user = $me" "keyfile = $HOME/key" "hostkey = $print" >.config/xferkey/sites/lab
	finds "fail	login	the host key is that of the site's profile, and not recorded: ssh -o" --site lab --login
	printf '%s\n' 'host = 127.0.0.1' "port = $port" "user = $me" "keyfile = $HOME/key" "hostkey = $(print other.pub)" \
		>.config/xferkey/sites/lab
	finds "fail	login	the host key is ssh-ed25519 $print, and not $(print other.pub) of the site's profile" --site lab --login
	sed "s|ssh-ed25519 .*|$(blob other.pub)|; /ecdsa\\|ssh-rsa/d" known >"$sshd/known_hosts"
	finds 'fail	login	the host key is not that of known_hosts, but ssh-ed25519 '"$print" key --login "$me@127.0.0.1:$port"
	cp known "$sshd/known_hosts"
	finds 'fail	login	nothing listens there on port 1' key --login "$me@127.0.0.1:1"
	finds 'fail	login	a..b: no such host' key --login a..b
	finds 'fail	login	refused' key --login "unreachable@127.0.0.1:$port"
	says 2 '70000: not a port' xferkey -q check key --login h --port 70000
	finds 'fail	login	not tried: the passphrase' sealed --login test
	chmod 644 key
	finds 'fail	login	ssh does not use it' key --login test
}

@test "on the server: no account, not installed, modes, a type that is not taken" {
	sshd=$BATS_TEST_TMPDIR/sshd
	"$top/t/sshd" start "$sshd" "AuthorizedKeysFile $HOME/.ssh/authorized_keys"
	port=$(cat "$sshd/port")
	export XFERKEY_SSH_CONFIG=$sshd/ssh_config XFERKEY_SSHD_CONFIG=$sshd/sshd_config
	PATH=$sshd:$PATH
	finds 'fail	login	refused: nosuch is no account of this server' key --login "nosuch@127.0.0.1:$port"
	finds "fail	login	refused: it is not installed for $me: xferkey authorize -u $me" other --login "$me@127.0.0.1:$port"
	chmod 777 .ssh
	finds 'fail	login	refused: /' key --login "$me@127.0.0.1:$port"
	[[ $output = *": sshd refuses every key in the file: mode 0777"*"; xferkey permcheck -x $me:$HOME/.ssh/authorized_keys" ]]
	chmod 700 .ssh
	stop_sshd
	PATH=${PATH#"$sshd:"}
	server 'PubkeyAcceptedAlgorithms rsa-sha2-512,ssh-ed25519' "AuthorizedKeysFile $HOME/.ssh/authorized_keys"
	finds 'fail	login	refused: this sshd takes no ECDSA keys' key --login "$me@127.0.0.1:$port"
}

@test "from elsewhere: what the administrator is to look at, with the fingerprint" {
	server
	# the same sshd by a name that is none of this machine's
	sed -i 's/^Host test /Host test far /' "$XFERKEY_SSH_CONFIG"
	finds "fail	login	refused: sshd does not say why; on the server, as root: xferkey permcheck $me; xferkey authkeys -l -u $me | grep $(print other.pub)" \
		other --login "$me@far:$port"
}

@test "which ascp, with its version" {
	mkdir bin
	printf '#!/bin/sh\necho "IBM Aspera SDK version 1.1.5"\necho "ascp version 4.4.5.1646 Linux 64"\n' >bin/ascp
	chmod +x bin/ascp
	run bash -c 'PATH=$PATH:$PWD/bin xferkey check key 2>/dev/null | grep "	ascp	"'
	equal "$output" "ok	ascp	$PWD/bin/ascp, version 4.4.5.1646"
	XFERKEY_ASCP=$PWD/bin/ascp run bash -c 'xferkey check key 2>/dev/null | grep "	ascp	"'
	equal "$output" "ok	ascp	$PWD/bin/ascp, version 4.4.5.1646"
	run bash -c 'xferkey check key 2>/dev/null | grep "	ascp	"'
	[[ $output = 'note	ascp	none is found'* ]]
}
