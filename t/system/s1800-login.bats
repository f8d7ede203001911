#!/usr/bin/env bats
# The keys of keygen and privfmt log in: through ssh, and through curl's libssh2,
# the library inside ascp, with its limits:
#
#                         libssh2 before 1.11          ssh before 9.6
#   RSA                   signs with SHA-1 only        accepted
#   ECDSA                 accepted                     accepted
#   Ed25519, OPENSSH      accepted                     accepted
#   Ed25519, PKCS8        not read                     not read
#
# sshd refuses RSA with SHA-1 since OpenSSH 8.8 unless it is configured to take
# it. libssh2 1.11 signs with SHA-2; whether later ones read Ed25519 in PKCS8 is
# not asserted. ssh reads it from 9.6 on.

load ../lib/test
load ../lib/porcelain

setup_file() (
	skip() {
		skip_file "$1"
		exit
	}
	need ssh ssh-keygen
	need_libssh2
	"$top/t/fixture/sshd" path >/dev/null 2>&1 || skip 'no sshd: make deps'
	files=$BATS_FILE_TMPDIR
	cd "$files" || return
	echo 'correct horse battery' >pass
	printf '#!/bin/sh\ncat "%s/pass"\n' "$files" >askpass
	chmod 700 askpass
	echo hello >file
	: >authorized_keys
	# no shell of the account is needed, nor a /tmp that only root can write to
	set -- 'StrictModes no' "AuthorizedKeysFile $files/authorized_keys" 'ForceCommand internal-sftp'
	"$top/t/fixture/sshd" start "$files/sshd" "$@"
	"$top/t/fixture/sshd" start "$files/sshd-sha1" "$@" 'PubkeyAcceptedAlgorithms +ssh-rsa'
	for key in 'rsa -b 2048' ecdsa ed25519; do
		xferkey keygen -t $key -f "${key%% *}"
	done
	cat ./*.pub >>authorized_keys
)

teardown_file() {
	local server
	for server in sshd sshd-sha1; do
		[ ! -d "$BATS_FILE_TMPDIR/$server" ] || "$top/t/fixture/sshd" stop "$BATS_FILE_TMPDIR/$server"
	done
}

setup() {
	skipped
	private_home
	files=$BATS_FILE_TMPDIR
	PASS=$(cat "$files/pass")
}

# ssh_takes KEY: a login; the passphrase comes from askpass.
ssh_takes() {
	SSH_ASKPASS=${askpass-$files/askpass} SSH_ASKPASS_REQUIRE=force DISPLAY=none \
		ssh -F "$files/sshd/ssh_config" -o BatchMode=no -o NumberOfPasswordPrompts=1 \
		-o PreferredAuthentications=publickey -i "$1" -s test sftp </dev/null 2>&1 >/dev/null
}

# curl_takes SERVER KEY [PASSPHRASE]
curl_takes() {
	: >"$files/$1/log"
	port=$(cat "$files/$1/port")
	[ "$(libssh2 "$2" "$files/file" "${3-}")" = hello ]
}

# accepted TYPE KEY [PASSPHRASE]: what the table says, of a key in a format that
# is read.
accepted() {
	ssh_takes "$2"
	curl_takes sshd-sha1 "$2" "${3-}"
	if [ "$1" != rsa ] || since libssh2 1.11; then
		curl_takes sshd "$2" "${3-}"
	else
		# read, offered and refused
		run -1 curl_takes sshd "$2" "${3-}"
		grep -q 'ssh-rsa not in PubkeyAccepted' "$files/sshd/log"
	fi
}

# unread KEY [PASSPHRASE]: Ed25519 in PKCS8.
unread() {
	if since ssh 9.6; then
		ssh_takes "$1"
	else
		run -255 ssh_takes "$1"
		[[ $output == *'error in libcrypto'* || $output == *'invalid format'* || $output == *'Permission denied'* ]]
	fi
	if ! since libssh2 1.11; then
		run -1 curl_takes sshd "$1" "${2-}"
		[ -z "$(grep 'Accepted publickey' "$files/sshd/log")" ]
	fi
}

@test "what is not installed, or sealed with another passphrase, does not log in" {
	xferkey keygen -t ed25519 -f stranger
	run ssh_takes stranger
	[[ $output == *'Permission denied (publickey)'* ]]
	run -1 curl_takes sshd stranger
	echo 'wrong horse battery' >wrong
	xferkey privfmt -a 1 -N file:wrong -o sealed "$files/ed25519"
	run -255 ssh_takes sealed
	run -1 curl_takes sshd sealed "$PASS"
}

@test "keygen: every type, without a passphrase" {
	accepted rsa "$files/rsa"
	accepted ecdsa "$files/ecdsa"
	accepted ed25519 "$files/ed25519"
	for type in 384 521; do
		xferkey keygen -t ecdsa -b $type -f $type
		cat $type.pub >>"$files/authorized_keys"
		accepted ecdsa $type
	done
}

@test "keygen: every type, with a passphrase" {
	for type in 'rsa -b 2048' ecdsa ed25519; do
		rm -f k k.pub
		xferkey keygen -t $type -N file:"$files/pass" -f k
		cat k.pub >>"$files/authorized_keys"
		accepted "${type%% *}" k "$PASS"
	done
}

@test "privfmt: every format, without a passphrase" {
	for key in rsa ecdsa ed25519; do
		for format in OPENSSH PEM PKCS8; do
			[ $key$format != ed25519PEM ] || continue
			xferkey privfmt -m $format -o $key$format "$files/$key"
			if [ $key$format = ed25519PKCS8 ]; then
				unread $key$format
			else
				accepted $key $key$format
			fi
		done
	done
}

@test "privfmt: every format, with a passphrase" {
	for key in rsa ecdsa ed25519; do
		xferkey privfmt -m OPENSSH -a 2 -N file:"$files/pass" -o $key.o "$files/$key"
		accepted $key $key.o "$PASS"
		xferkey privfmt -m PKCS8 -a 10000 -N file:"$files/pass" -o $key.p "$files/$key"
		if [ $key = ed25519 ]; then
			unread $key.p "$PASS"
		else
			accepted $key $key.p "$PASS"
		fi
	done
}

@test "privfmt: every cipher of OPENSSH and of PKCS8 through ssh" {
	for cipher in 3des-cbc aes128-cbc aes192-cbc aes256-cbc aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com \
		aes256-gcm@openssh.com chacha20-poly1305@openssh.com; do
		xferkey privfmt -m OPENSSH -a 2 -Z $cipher -N file:"$files/pass" -o $cipher "$files/ed25519"
		ssh_takes $cipher
	done
	for cipher in aes128 aes192 aes256; do
		xferkey privfmt -m PKCS8 -a 10000 -Z $cipher -N file:"$files/pass" -o $cipher "$files/ecdsa"
		ssh_takes $cipher
		curl_takes sshd $cipher "$PASS"
	done
}

@test "a passphrase that is taken away, or changed, or not ASCII" {
	printf 'Fu\303\237g\303\244nger \342\202\254 "quoted" $HOME\n' >utf8
	xferkey privfmt -N file:"$files/pass" -a 2 -o sealed "$files/ed25519"
	xferkey privfmt -P file:"$files/pass" -N none -o open sealed
	accepted ed25519 open
	xferkey privfmt -P file:"$files/pass" -N file:utf8 -a 2 -o changed sealed
	printf '#!/bin/sh\ncat "%s/utf8"\n' "$PWD" >askpass
	chmod 700 askpass
	askpass=$PWD/askpass ssh_takes changed
	curl_takes sshd changed "$(cat utf8)"
	xferkey privfmt -N file:utf8 -m PKCS8 -a 10000 -o pkcs8 "$files/ecdsa"
	curl_takes sshd pkcs8 "$(cat utf8)"
}

@test "fips-convert's results" {
	for key in rsa ecdsa; do
		xferkey fips-convert -a 10000 -N file:"$files/pass" -o $key.sealed "$files/$key" 2>/dev/null
		accepted $key $key.sealed "$PASS"
		xferkey fips-convert -N none -o $key.plain "$files/$key" 2>/dev/null
		accepted $key $key.plain
	done
}
