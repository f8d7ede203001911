#!/usr/bin/env bats
# check --login against a real sshd: it tells the causes of a failure apart; on the server itself also those that sshd
# tells nobody.

load ../lib/porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	new_key ecdsa -m PEM -f key
	new_key ecdsa -m PEM -N secret -f sealed
	new_key ed25519 -f other
	new_key ed25519 -N "it's \"secret\" \\ \$x" -a 1 -f locked
	read -r -a crypto < <(pkg-config --cflags --libs libcrypto)
	"${CC:-cc}" -std=c11 -D_DEFAULT_SOURCE -o hostile-sshd "$top/t/fixture/hostile-sshd.c" "${crypto[@]}"
}

setup() {
	private_home
	# sshd requires every directory on the path to be safe
	cp "$BATS_FILE_TMPDIR"/* .
	mkdir -m 700 .ssh
	chmod 755 "$HOME"
	cat key.pub sealed.pub >.ssh/authorized_keys
	chmod 600 .ssh/authorized_keys
	me=$(id -un) site='--site lab --login'
}

teardown() {
	[ -z "${hostile-}" ] || kill "$hostile"
	stop_sshd
}

# server [LINE ...]
server() {
	asked_sshd "$@"
	at="--login $me@127.0.0.1:$port"
}

# takes ARGUMENT ...: check accepts the key and the login. fails TEXT ARGUMENT ...: the login fails, with TEXT at the
# beginning.
takes() {
	finds 0 'ok' "$@"
	[[ ${lines[-1]} = *' accepts the key' ]]
}

fails() {
	finds 1 "fail	login	$1" "${@:2}"
}

# finds STATUS TEXT ARGUMENT ...
finds() {
	run bash -c 'xferkey -q check "$@"; status=$?; xferkey check "$@" 2>"$0" | grep "	login	"; exit $status' \
		"$BATS_TEST_TMPDIR/steps" "${@:3}"
	cat "$BATS_TEST_TMPDIR/steps"
	[ "$status" -eq "$1" ]
	[[ ${lines[-1]} = "$2"* ]]
}

# hostile OPTION ...: starts a server that sends any text, with a known host key. Sets $at, and $own to its fingerprint.
hostile() {
	[ -z "${hostile-}" ] || kill "$hostile"
	rm -f hostile.key
	./hostile-sshd "$@" >hostile.key 3>&- &
	hostile=$!
	until [ -s hostile.key ]; do kill -0 "$hostile"; done
	read -r port line <hostile.key
	echo "$line" >own.pub
	own=$(print own.pub) at="--login $me@127.0.0.1:$port"
	echo "[127.0.0.1]:$port $line" >known_hosts
	printf '%s\n' 'StrictHostKeyChecking yes' "UserKnownHostsFile $HOME/known_hosts" >ssh_config
	export XFERKEY_SSH_CONFIG=$HOME/ssh_config
}

@test "the key is accepted, by the name of the host and by HOST:PORT" {
	server
	takes key --login test
	takes key $at
	says 2 '70000: not a port' xferkey -q check key --login h --port 70000
}

@test "only this key is offered, with a percent sign in its name or a certificate beside it; no process is left" {
	server "TrustedUserCAKeys $HOME/ca.pub"
	cp other "k%r"
	cp key "k$me"
	fails refused 'k%r' --login test
	mkdir '100%done'
	cp key '100%done/key'
	takes '100%done/key' --login test
	TMPDIR=$PWD/100%done takes key --login test
	cp key 'a${HOME}b'
	takes 'a${HOME}b' --login test
	new_key ed25519 -f ca
	ssh-keygen -q -s ca -I x -n "$me" other.pub
	fails refused other --login test
	[ -z "$(pgrep -u "$(id -u)" -f "ssh.*$BATS_TEST_TMPDIR.*ControlMaster")" ]
	login=3 takes key --login test
}

@test "a login with another key, which the configuration names, is not this key's" {
	server "TrustedUserCAKeys $HOME/ca.pub"
	cp "$XFERKEY_SSH_CONFIG" config
	echo "IdentityFile $HOME/key" >>"$XFERKEY_SSH_CONFIG"
	fails "$XFERKEY_SSH_CONFIG names another key, which logs in; test does not accept this one" other --login test
	takes key --login test
	SECRET=secret takes sealed -P env:SECRET --login test
	{ cat config; echo "IdentityFile $HOME/other"; } >"$XFERKEY_SSH_CONFIG"
	takes key --login test
	# a certificate of this key
	new_key ed25519 -f ca
	ssh-keygen -q -s ca -I x -n "$me" other.pub
	{ cat config; echo "CertificateFile $HOME/other-cert.pub"; } >"$XFERKEY_SSH_CONFIG"
	fails "$XFERKEY_SSH_CONFIG names another key" other --login test
	takes key --login test
	# the server wants two keys
	cat other.pub >>.ssh/authorized_keys
	{ cat config; echo "IdentityFile $HOME/other"; } >"$XFERKEY_SSH_CONFIG"
	stop_sshd
	server 'AuthenticationMethods publickey,publickey'
	{ cat "$XFERKEY_SSH_CONFIG"; echo "IdentityFile $HOME/other"; } >config
	XFERKEY_SSH_CONFIG=$HOME/config fails 'test accepts the key, but also requires another' key --login test
}

@test "with XFERKEY_BATCH -P is used for the login too, from every source; a wrong passphrase is not tried" {
	server
	cat locked.pub >>.ssh/authorized_keys
	export XFERKEY_BATCH=1 PW="it's \"secret\" \\ \$x"
	# each of the two runs of check reads one line
	printf '%s\r\n' "$PW" "$PW" left >pass
	mkfifo pipe
	for source in env:PW file:pass stdin fd:13; do
		takes locked -P "$source" --login test <pass 13<pass
		grep -qxF "+ xferkey fpr -P $source -w ./locked" "$BATS_TEST_TMPDIR/steps"
	done
	# a FIFO can be read only once
	cat pass >pipe 3>&- &
	run bash -c 'xferkey check locked -P file:pipe --login test 2>/dev/null | grep "	login	"'
	equal "$output" 'ok	login	test accepts the key'
	[ "$(grep -c '^Accepted publickey' "$sshd/log")" -eq 9 ]
	PW=secret takes sealed -P env:PW --login test
	: >"$sshd/log"
	PW=wrong fails 'not tried: wrong passphrase for ./locked' locked -P env:PW --login test
	lacks "$BATS_TEST_TMPDIR/steps" '+ ssh '
	PW='' fails 'not tried: wrong passphrase for ./locked' locked -P env:PW --login test
	for source in none env:NOSUCH fd:8 ask; do
		fails 'not tried: the key is encrypted, and no passphrase is given' locked -P "$source" --login test
	done
	[ ! -s "$sshd/log" ]
	says 2 '-P: not a source' xferkey -q check locked -P hush --login test
	lacks "$BATS_TEST_TMPDIR/err" hush
}

@test "the passphrase is in no argument and no file, and other programs that ask do not get it" {
	server
	cat locked.pub >>.ssh/authorized_keys
	export XFERKEY_BATCH=1 PW="it's \"secret\" \\ \$x" TMPDIR=$PWD/tmp
	ulimit -S -c "$(ulimit -H -c)"
	mkdir tmp proxy
	printf '%s\n' "$PW" >pass
	# a proxy command that asks as a jump host's ssh does, and searches for the passphrase
	cat >proxy/command <<-'END'
		#!/bin/sh
		cd "$HOME/proxy"
		"$SSH_ASKPASS" "jane@jump's password: " >got
		"$SSH_ASKPASS" "Enter passphrase for key '/other': " >>got
		grep -rlF secret ../tmp >files
		[ -n "${PW-}" ] || env | grep "se[c]ret" >env
		# a shell that is ended by SIGQUIT may write it to a file
		grep '^Max core file size  *[^ 0]' "/proc/$PPID/limits" >>cores
		cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep 'it.s .se[c]ret' >words
		exec sshd -i
	END
	chmod 755 proxy/command
	sed -i "s|^Host test|&\nProxyCommand $HOME/proxy/command|" "$XFERKEY_SSH_CONFIG"
	takes locked -P env:PW --login test
	# without PW in the environment, the proxy command does not get it there
	(unset PW && takes locked -P "file:$PWD/pass" --login test)
	for file in got files words env cores; do
		[ -f "proxy/$file" ]
		equal "$(cat "proxy/$file")" ''
	done
	[ -z "$(ls -A tmp)" ]
	# ssh shows only 100 bytes of a file name
	TMPDIR=$PWD/$(printf '%0120d' 0)
	mkdir "$TMPDIR"
	takes locked -P env:PW --login test
}

# at_prompt STEP: at the prompt the terminal does STEP.
at_prompt() {
	printf '%s\n' 'wait ./locked: $' 'echo off' "$1" | python3 "$top/t/fixture/pty" xferkey check locked --login test
}

@test "the prompt names the file as typed, and a signal at it restores the terminal" {
	server
	cat locked.pub >>.ssh/authorized_keys
	terminal -0 'Passphrase for ./locked: $' "it's \"secret\" \\ \$x" -- xferkey check locked --login test
	[[ $output = *'ok    login        test accepts the key'* ]]
	[[ $output != *secret* ]]
	: >"$sshd/log"
	terminal -1 'Passphrase for ./locked: $' wrong -- xferkey check -P ask locked --login test
	[[ $output = *'fail  login        not tried: wrong passphrase for ./locked'* ]]
	# an end of file is not an answer
	run -1 at_prompt 'type \x04'
	[[ $output = *'not tried: the key is encrypted, and no passphrase is given'* ]]
	# signals by key and from outside; the prompt cannot be stopped
	for steps in 'type \x1a\x03' 'kill TERM' 'kill HUP'; do
		run at_prompt "$steps"
		[ "$status" -gt 128 ]
	done
	[ ! -s "$sshd/log" ]
}

@test "on the server check finds an installed key that is encrypted whole, and names sshd's profile for permcheck" {
	server 'StrictModes yes'
	chmod 777 .ssh
	rm sealed.pub
	PW=secret fails 'refused: /' sealed -P env:PW $at
	fails 'refused: /' key $at
	[[ $output = *": mode 0777"*"; xferkey permcheck -x -s -p "*" $me:$HOME/.ssh/authorized_keys" ]]
}

@test "away from the server check says what the administrator must examine, with the fingerprint" {
	server
	# the same sshd under a name that is not of this machine
	sed -i 's/^Host test /Host test far /' "$XFERKEY_SSH_CONFIG"
	fails 'refused: the key may not be installed yet: ask the data centre; ' other --login "$me@far:$port"
	[[ $output = *": xferkey permcheck $me; xferkey authkeys -l -u $me | grep $(print other.pub)"* ]]
}

@test "check names ascp and its version" {
	mkdir bin
	sh_script bin/ascp 'echo "IBM Aspera SDK version 1.1.5"' 'echo "ascp version 4.4.5.1646 Linux 64"'
	ok="ok	ascp	$PWD/bin/ascp, version 4.4.5.1646"
	PATH=$PATH:$PWD/bin xferkey check key 2>/dev/null | grep -xF "$ok"
	XFERKEY_ASCP=$PWD/bin/ascp xferkey check key 2>/dev/null | grep -xF "$ok"
	xferkey check key 2>/dev/null | grep '^note	ascp	not found'
}

@test "check does not believe a server that claims the host key of the profile in its messages" {
	pinned=$(print other.pub)
	forged=$'x\ndebug1: Server host key: ssh-ed25519 '$pinned$'\r\nssh-ed25519 '$pinned
	for option in -d -b -l; do
		hostile "$option" "$forged"
		lab_site "$pinned"
		fails "the host key is ssh-ed25519 $own, and not $pinned of" $site
		: >known_hosts
		fails "the host key is ssh-ed25519 $own, and not $pinned of" $site
		# nor is it shown as the one to record, nor can it be said of the right one
		fails "the host key is not known: ssh-ed25519 $own; when" key $at
		lab_site "$own"
		takes  --site lab --login
	done
}

@test "with a host key in the profile, known_hosts and ssh's configuration do not count" {
	hostile
	lab_site "$(print other.pub)"
	printf '%s\n' 'StrictHostKeyChecking no' 'VerifyHostKeyDNS yes' 'NoHostAuthenticationForLocalhost yes' \
		"KnownHostsCommand /bin/cat $HOME/known_hosts" 'FingerprintHash md5' "UserKnownHostsFile $HOME/known_hosts" \
		'PermitLocalCommand yes' "LocalCommand touch $HOME/ran" 'UpdateHostKeys yes' >ssh_config
	fails "the host key is ssh-ed25519 $own, and not " $site
	lab_site "$own"
	takes  --site lab --login
	echo "[127.0.0.1]:$port $(cat other.pub)" >known_hosts
	takes  --site lab --login
	# without one ssh's configuration counts, with its command, and no host key is recorded
	printf '%s\n' "KnownHostsCommand /bin/cat $HOME/own" 'StrictHostKeyChecking no' \
		'UserKnownHostsFile /dev/null' >ssh_config
	echo "[127.0.0.1]:$port $(cat own.pub)" >own
	takes key $at
	: >own
	fails 'the host key is not known; when' key $at
	has " -o StrictHostKeyChecking=ask -i $HOME/key -p $port "
	printf '%s\n' 'StrictHostKeyChecking no' "UserKnownHostsFile $HOME/new" >ssh_config
	fails "the host key is not known: ssh-ed25519 $own; when" key $at
	[ ! -e new ]
	[ ! -e ran ]
}

@test "the profile may have any host key of the server" {
	server
	: >"$sshd/known_hosts"
	for file in "$sshd"/host_*.pub; do
		for hostkey in "$(print "$file")" "$(blob "$file")"; do
			lab_site "$hostkey"
			takes  --site lab --login
		done
	done
	lab_site "$(blob other.pub)"
	fails 'the host key is ' $site
	[[ ${lines[-1]} = *"and not $(print other.pub) of the site's profile"* ]]
	lab_site "$(blob "$file")"
	chmod 600 .ssh/authorized_keys
	: >.ssh/authorized_keys
	fails 'refused: ' $site
}

@test "text of the server is shown as its words, and is not taken for ssh's" {
	denied="$me@127.0.0.1: Permission denied (publickey)."
	hostile -x "go away"$'\n'"$denied"
	fails 'the server ended the connection, and says: go away' key $at
	hostile -x "go"$'\r\n'"Host key verification failed."
	fails 'the server ended the connection, and says: go' key $at
	for last in "$denied" 'Host key verification failed.' 'ssh: connect to host 127.0.0.1: Connection refused'; do
		hostile -k "ssh-none"$'\n'"$last"
		fails 'ssh and the server have nothing in common; the server offers: ssh-none' key $at
	done
	hostile -a $'password\nHost key verification failed.\n'
	fails 'ssh ended with status 255; its last line, which may be from the server, is: ).' key $at
	for last in 'the server is fine' 'foo timed out y' 'ssh: Could not resolve a' 'no route: unreachable'; do
		hostile -a "publickey"$'\n'"$last"
		fails "ssh ended with status 255; its last line, which may be from the server, is: $last)." key $at
	done
	hostile -a $'x\nLoad key "a": evil text\nu@h: Permission denied (x'
	fails 'refused: ' key $at
	[[ $output != *evil* ]]
	# to a server that names no signature algorithms, as before OpenSSH 7.2, ssh offers no RSA with SHA-2
	new_key rsa -b 2048 -f rsa
	hostile
	fails 'ssh does not offer the key: the server accepts no RSA signature that this ssh makes (Pubkey' rsa $at
	echo 'PubkeyAcceptedAlgorithms ssh-ed25519' >>ssh_config
	fails 'ssh does not offer the key: ' rsa $at
	hostile -p -a password
	fails 'the server accepts the key, but requires more' key $at
	hostile -b "$denied" -l "$denied" -d "$denied" -a keyboard-interactive
	fails 'refused: ' key $at
}

@test "a finding about the login that cannot be written is status 2" {
	server "AuthorizedKeysFile $HOME/.ssh/authorized_keys"
	try=$(find "$(xferkey --exec-path)" -name xferkey-try-login)
	for words in "key $me@127.0.0.1 $port none" "other $me@127.0.0.1 $port none" "key $me@127.0.0.1 1 none" \
		"sealed $me@127.0.0.1 $port aes256-ctr"; do
		says 2 'standard output: cannot write' sh -c '"$@" 2>"$0" >/dev/full || {
			status=$?
			grep -v "^+ " "$0" >&2
			exit $status
		}' "$HOME/err" "$try" ${words% *} '' RSA "${words##* }" ''
	done
}

@test "before OpenSSH 8.5 check compares the host key first, and then lets ssh accept only that one" {
	fake ssh "case \$* in
		*KnownHostsCommand*)
			echo 'command-line: line 0: Bad configuration option: knownhostscommand' >&2
			exit 255 ;;
		esac
		exec '$(command -v ssh)' \"\$@\""
	PATH=$PWD/path:$PATH
	server
	for file in "$sshd"/host_*.pub; do
		for hostkey in "$(print "$file")" "$(blob "$file")"; do
			lab_site "$hostkey"
			: >"$sshd/known_hosts"
			takes  --site lab --login
		done
	done
	fails 'the host key is not known; when' key $at
	pinned=$(print other.pub)
	lab_site "$pinned"
	fails 'the host key is ' $site
	[[ ${lines[-1]} = *"and not $pinned of the site's profile"* ]]
	hostile -d $'x\ndebug1: Server host key: ssh-ed25519 '$pinned
	lab_site "$pinned"
	fails "the host key is ssh-ed25519 $own, and not $pinned of" $site
	lab_site "$own"
	takes  --site lab --login
	kill "$hostile"
	hostile=
	fails 'nothing listens there on port ' $site
}
