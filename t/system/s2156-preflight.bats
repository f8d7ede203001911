#!/usr/bin/env bats
# The checks of xferkey ascp before a transfer are right: what it refuses or warns of fails at a real sshd, through ssh
# or through libssh2, the library inside ascp; keys without a message log in.

load ../lib/porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	new_key rsa -b 3072 -m PEM -f rsa
	new_key ecdsa -m PEM -f ecdsa
	new_key ed25519 -f ed25519
	new_key ecdsa -f openssh
	new_key dsa -m PEM -f dsa
	new_key rsa -b 1024 -m PEM -f weak
	cp ecdsa sealed
	ssh-keygen -q -p -m PEM -P '' -N secret -f sealed
	cp ecdsa.pub sealed.pub
	puttygen ecdsa -O private -o ecdsa.ppk
	xferkey privfmt -m PKCS8 -o pkcs8 ed25519
	cp ed25519.pub pkcs8.pub
	cp ecdsa bare
	cp ecdsa other
	cp openssh.pub other.pub
	cp ecdsa open
	chmod 644 open
	head -c 100 ecdsa >short
	chmod 600 short
}

setup() {
	need puttygen
	need_libssh2
	private_home
	cp "$BATS_FILE_TMPDIR"/* .
	mkdir -m 700 .ssh
	cat rsa.pub ecdsa.pub ed25519.pub dsa.pub weak.pub >.ssh/authorized_keys
	stand_in
	echo hello >file
	start_sshd 'ForceCommand internal-sftp' 'RequiredRSASize 2048'
}

teardown() {
	stop_sshd
}

# does ssh|libssh2 KEY [PASSPHRASE]: logs in and fetches a file.
does() {
	case $1 in
	ssh) sftp -F "$XFERKEY_SSH_CONFIG" -o BatchMode=yes -i "$2" "test:$PWD/file" got </dev/null >said 2>&1 ;;
	*) [ "$(libssh2 "$2" "$PWD/file" "${3-}")" = hello ] ;;
	esac
}

# passes KEY: ascp runs without a message.
passes() {
	run xferkey -q ascp -i "$1" f h:
	equal "$status:$output" 0:
	XFERKEY_PREFLIGHT=strict xferkey -q ascp -i "$1" f h:
}

# warns KEY TEXT: says TEXT and runs ascp, but with strict refuses. refuses KEY TEXT: does not run ascp.
# XFERKEY_PREFLIGHT=off runs it in both cases.
warns() {
	says 0 "$2" xferkey -q ascp -i "$1" f h:
	arguments_are -L LOG -k2 -i "$1" f h:
	XFERKEY_PREFLIGHT=strict refuses "$@"
}

refuses() {
	rm -f "$STAND_IN/arguments"
	says 2 "$2" xferkey -q ascp -i "$1" f h:
	[ ! -e "$STAND_IN/arguments" ]
	XFERKEY_PREFLIGHT=off run xferkey -q ascp -i "$1" f h:
	equal "$status:$output" 0:
	arguments_are -L LOG -k2 -i "$1" f h:
}

@test "keys for which xferkey ascp prints no message log in, through ssh and libssh2" {
	for key in ecdsa ed25519; do
		passes "$key"
		does ssh "$key"
		does libssh2 "$key"
	done
	passes rsa
	does ssh rsa
	ASPERA_SCP_PASS=secret passes sealed
	does libssh2 sealed secret
	passes bare
}

@test "RSA keys cause no message; if a libssh2 before 1.11 signs so that sshd refuses, the error names this cause" {
	if since libssh2 1.11; then
		does libssh2 rsa
	else
		run ! does libssh2 rsa
		grep -q 'ssh-rsa not in PubkeyAccepted' "$sshd/log"
	fi
	echo 1 >"$STAND_IN/1.status"
	echo 'LOG FASP Session Stop status=failed errcode=19 errstr="Authentication failure"' >"$STAND_IN/1.log"
	run -77 xferkey -q ascp -i rsa f h:
	[[ $output = *'old versions of ascp sign with RSA and SHA-1, which sshd since 8.8 refuses'* ]]
	stop_sshd
	start_sshd 'ForceCommand internal-sftp' 'PubkeyAcceptedAlgorithms +ssh-rsa'
	does libssh2 rsa
}

@test "keys that are refused or warned of fail at the login" {
	cat openssh.pub >>.ssh/authorized_keys
	while IFS='|' read -r verdict key text fail <&9; do
		# the installed key is the public half beside it
		[ "$key" != other ] || cp other.pub .ssh/authorized_keys
		"$verdict" "$key" "$text"
		for way in $fail; do
			run ! does "$way" "$key"
		done
		[ "$key" != open ] || grep UNPROTECTED said
	done 9<<-'END'
		refuses|nosuch|nosuch: no such file|ssh libssh2
		refuses|ecdsa.pub|a public key|libssh2
		refuses|ecdsa.ppk|a PuTTY key: xferkey import|ssh libssh2
		refuses|sealed|sealed: has a passphrase|ssh libssh2
		refuses|short|short: |ssh libssh2
		warns|open|mode 0644|ssh
		warns|dsa|DSA|ssh libssh2
		warns|weak|RSA under 2048|ssh libssh2
		warns|pkcs8|ED25519 in PKCS8|libssh2
		warns|openssh|OPENSSH, which old versions of ascp cannot read: xferkey privfmt -m PEM|
		warns|other|other.pub is of another key|ssh libssh2
	END
}

@test "the commands that the messages name make a file that passes and logs in" {
	cat openssh.pub >>.ssh/authorized_keys
	xferkey -q import -o imported ecdsa.ppk
	xferkey privfmt -m OPENSSH -o again pkcs8
	# libssh2 reads OPENSSH since 1.9 (2019); older versions of ascp do not
	xferkey privfmt -m PEM -o pem openssh
	for key in imported again pem; do
		passes "$key"
		does libssh2 "$key"
	done
}

@test "ascp warns of a rate of an unknown form, and of no other" {
	for rate in 100MB 10MB/s 300mbit 1,5M x; do
		says 0 "-l $rate: not a rate to ascp" xferkey -q ascp -l "$rate" f h:
		XFERKEY_PREFLIGHT=strict says 2 "-l $rate: not a rate" xferkey -q ascp -l "$rate" f h:
	done
	for rate in 100M 10000 1.5g 500k 50% 10P; do
		XFERKEY_PREFLIGHT=strict xferkey -q ascp -l "$rate" f h:
	done
}
