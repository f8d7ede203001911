#!/usr/bin/env bats
# What xferkey ascp says before a transfer is right: what it refuses or warns of fails at a real sshd, through ssh or through
# libssh2, the library inside ascp; what it passes without a word logs in.

load ../lib/test
load ../lib/porcelain

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	ssh-keygen -q -t rsa -b 3072 -m PEM -N '' -f rsa
	ssh-keygen -q -t ecdsa -m PEM -N '' -f ecdsa
	ssh-keygen -q -t ed25519 -N '' -f ed25519
	ssh-keygen -q -t ecdsa -N '' -f openssh
	ssh-keygen -q -t dsa -m PEM -N '' -f dsa
	ssh-keygen -q -t rsa -b 1024 -m PEM -N '' -f weak
	cp ecdsa sealed
	ssh-keygen -q -p -m PEM -P '' -N secret -f sealed
	cp ecdsa.pub sealed.pub
	puttygen ecdsa -O private -o ecdsa.ppk
	xferkey privfmt -m PKCS8 -o pkcs8 ed25519
	cp ed25519.pub pkcs8.pub
	cp ecdsa other
	cp openssh.pub other.pub
}

setup() {
	need curl puttygen
	curl --version | grep -q 'libssh2/' || skip 'curl has no libssh2'
	private_home
	cp "$BATS_FILE_TMPDIR"/* .
	mkdir -m 700 .ssh
	cat rsa.pub ecdsa.pub ed25519.pub openssh.pub dsa.pub weak.pub >.ssh/authorized_keys
	stand_in
	echo hello >file
	start_sshd 'ForceCommand internal-sftp' 'RequiredRSASize 2048'
	libssh2=$(curl --version | sed -n '1s,.*libssh2/\([0-9.]*\).*,\1,p')
}

teardown() {
	stop_sshd
}

# by_ssh, by_libssh2 KEY [PASSPHRASE]: a login and a file that is read.
by_ssh() {
	sftp -F "$XFERKEY_SSH_CONFIG" -o BatchMode=yes -i "$1" "test:$PWD/file" "$BATS_TEST_TMPDIR/got" </dev/null
}

by_libssh2() {
	[ "$(curl -sS -k --key "$1" --pubkey '' --pass "${2-}" -u "$(id -un):" --connect-timeout 10 \
		"sftp://127.0.0.1:$port$PWD/file")" = hello ]
}

# fails COMMAND ...
fails() {
	run "$@"
	echo "$*: $output"
	[ "$status" -ne 0 ]
}

# passes KEY: without a word; warns KEY TEXT: and runs ascp, but not when it is to be strict; refuses KEY TEXT.
passes() {
	run xferkey -q ascp -i "$1" f h:
	equal "$status:$output" 0:
	XFERKEY_PREFLIGHT=strict xferkey -q ascp -i "$1" f h:
}

warns() {
	rm -f "$STAND_IN/arguments"
	says 0 "$2" xferkey -q ascp -i "$1" f h:
	arguments_are -L LOG -k2 -i "$1" f h:
	rm -f "$STAND_IN/arguments"
	XFERKEY_PREFLIGHT=strict says 2 "$2" xferkey -q ascp -i "$1" f h:
	[ ! -e "$STAND_IN/arguments" ]
	XFERKEY_PREFLIGHT=off run xferkey -q ascp -i "$1" f h:
	equal "$status:$output" 0:
}

refuses() {
	rm -f "$STAND_IN/arguments"
	says 2 "$2" xferkey -q ascp -i "$1" f h:
	[ ! -e "$STAND_IN/arguments" ]
	XFERKEY_PREFLIGHT=off xferkey -q ascp -i "$1" f h:
	arguments_are -L LOG -k2 -i "$1" f h:
}

@test "what passes logs in" {
	for key in ecdsa ed25519; do
		passes "$key"
		by_ssh "$key"
		by_libssh2 "$key"
	done
	passes rsa
	by_ssh rsa
	ASPERA_SCP_PASS=secret passes sealed
	by_libssh2 sealed secret
	cp ecdsa .ssh/bare
	passes bare
}

@test "RSA, which passes, and is signed as sshd refuses it by a libssh2 before 1.11: the failure names that" {
	if [ "$(printf '%s\n1.11\n' "$libssh2" | sort -V | head -n 1)" = 1.11 ]; then
		by_libssh2 rsa
	else
		fails by_libssh2 rsa
		grep -q 'ssh-rsa not in PubkeyAccepted' "$sshd/log"
	fi
	echo 1 >"$STAND_IN/1.status"
	echo 'LOG FASP Session Stop uuid=1 op=send status=failed errcode=19 errstr="Authentication failure"' >"$STAND_IN/1.log"
	run -77 xferkey -q ascp -i rsa f h:
	[[ $output = *'old versions of ascp sign with RSA and SHA-1, which sshd since 8.8 refuses'* ]]
	stop_sshd
	start_sshd 'ForceCommand internal-sftp' 'PubkeyAcceptedAlgorithms +ssh-rsa'
	by_libssh2 rsa
}

@test "refused: no file, a public key, a PuTTY key, no key, a passphrase that nobody gives" {
	refuses nosuch 'nosuch: no such file'
	fails by_ssh nosuch
	fails by_libssh2 nosuch
	refuses ecdsa.pub 'a public key'
	fails by_libssh2 ecdsa.pub
	refuses ecdsa.ppk 'a PuTTY key: xferkey import'
	fails by_ssh ecdsa.ppk
	fails by_libssh2 ecdsa.ppk
	xferkey -q import -o imported ecdsa.ppk
	passes imported
	by_libssh2 imported
	refuses sealed 'sealed: has a passphrase'
	fails by_ssh sealed
	fails by_libssh2 sealed
	head -c 100 ecdsa >short
	chmod 600 short
	refuses short 'short: '
	fails by_ssh short
	fails by_libssh2 short
}

@test "warned of: modes, DSA, short RSA, another public half, a form that is not read" {
	chmod 644 ecdsa
	warns ecdsa 'mode 0644'
	fails by_ssh ecdsa
	[[ $output = *UNPROTECTED* ]]
	chmod 600 ecdsa
	warns dsa DSA
	fails by_ssh dsa
	fails by_libssh2 dsa
	warns weak 'RSA under 2048'
	fails by_ssh weak
	# what was installed is other.pub
	cp other.pub .ssh/authorized_keys
	warns other 'other.pub is of another key'
	fails by_ssh other
	fails by_libssh2 other
	cat ecdsa.pub ed25519.pub openssh.pub >.ssh/authorized_keys
	warns pkcs8 'ED25519 in PKCS8'
	fails by_libssh2 pkcs8
	xferkey privfmt -m OPENSSH -o again pkcs8
	passes again
	by_libssh2 again
	# libssh2 reads it since 1.9, of 2019; an ascp from before does not
	warns openssh 'OPENSSH, which old versions of ascp cannot read: xferkey privfmt -m PEM'
	xferkey privfmt -m PEM -o pem openssh
	passes pem
	by_libssh2 pem
}

@test "a rate that ascp does not know is warned of, others are not" {
	for rate in 100MB 10MB/s 300mbit 1,5M x; do
		says 0 "-l $rate: not a rate to ascp" xferkey -q ascp -l "$rate" f h:
		XFERKEY_PREFLIGHT=strict says 2 "-l $rate: not a rate" xferkey -q ascp -l "$rate" f h:
	done
	for rate in 100M 10000 1.5g 500k 50% 10P; do
		XFERKEY_PREFLIGHT=strict xferkey -q ascp -l "$rate" f h:
	done
}
