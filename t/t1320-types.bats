#!/usr/bin/env bats
# Types and forms that few programs write: each against those that do.

load test

setup_file() {
	hash openssl puttygen 2>/dev/null || return 0
	export PW='correct horse battery' WRONG='wrong horse battery'
	umask 077
	cd "$BATS_FILE_TMPDIR" || return
	printf '%s\n' "$PW" >pw
	putty -t ed448 -C 'an Ed448 key' -o ed448.ppk
	puttygen ed448.ppk -O private-openssh-new -o ed448.openssh
	openssl genpkey -algorithm ed448 -out openssl-ed448
}

setup() {
	need openssl puttygen
	private_home
	set -o pipefail
	umask 077
	keys=$BATS_FILE_TMPDIR
}

# putty OPTION ...: a new key of PuTTY's, without a passphrase.
putty() {
	puttygen -q --random-device /dev/urandom --new-passphrase /dev/null "$@" 2>/dev/null
}

# same_numbers FILE KEY: both hold the same private key.
same_numbers() {
	cmp <(xferkey privfmt -m PKCS8 -P env:PW -N none "$1") <(xferkey privfmt -m PKCS8 "$2")
}

@test "Ed448: as puttygen and openssl have it, in every format that holds it" {
	failed=
	for key in ed448.ppk openssl-ed448; do
		key=$keys/$key
		xferkey privfmt -m PKCS8 "$key" >numbers
		openssl pkey -in numbers | cmp - numbers
		openssl pkey -in numbers -pubout | cmp - <(xferkey pubfmt -m PKCS8 "$key")
		xferkey pubfmt -C '' "$key" >public
		for option in '-m PPK2' '-m PPK3 -a 1' '-m OPENSSH -a 1' '-m PKCS8 -a 10000'; do
			rm -f sealed
			# shellcheck disable=SC2086 # words
			xferkey privfmt $option -N env:PW -o sealed "$key" &&
				same_numbers sealed numbers || failed="$failed $option"
			case $option in
			*PKCS8*) openssl pkey -in sealed -passin env:PW | cmp - numbers ;;
			*) equal "$(puttygen -L sealed --old-passphrase "$keys/pw" | cut -d ' ' -f 1,2)" "$(cat public)" ;;
			esac || failed="$failed peer:$option"
		done
		xferkey pubfmt -m RFC4716 "$key" >rfc4716
		equal "$(puttygen -L rfc4716 | cut -d ' ' -f 1,2)" "$(cat public)"
		for format in RFC4716 PKCS8 PEM; do
			xferkey pubfmt -m "$format" -C '' public | xferkey pubfmt | cmp - public
		done
	done
	equal "$failed" ''
	cmp <(xferkey privfmt -m PKCS8 "$keys/ed448.ppk") <(xferkey privfmt "$keys/ed448.openssh")
	xferkey pubfmt "$keys/ed448.openssh" | cmp - <(puttygen -L "$keys/ed448.ppk")
}

@test "Ed448: its fingerprint, its formats, and who refuses it" {
	equal "$(xferkey fpr "$keys/ed448.ppk")" \
	    "448 $(puttygen -l "$keys/ed448.ppk" | cut -d ' ' -f 3) an Ed448 key (ED448)"
	equal "$(xferkey privfmt -l "$keys/ed448.ppk" "$keys/ed448.openssh" "$keys/openssl-ed448")" \
	    "$(printf '%s\tnone\tED448\t448\n' PPK3 OPENSSH PKCS8)"
	equal "$(xferkey privfmt "$keys/ed448.ppk" | head -n 1)" '-----BEGIN PRIVATE KEY-----'
	says 2 '-m PEM: this format cannot hold a key of this type' xferkey privfmt -m PEM -o new "$keys/ed448.ppk"
	xferkey fips-convert -N none -o new "$keys/ed448.ppk" 2>err
	grep -q 'warning: .* refuse Ed25519 and Ed448' err
	same_numbers new "$keys/ed448.ppk"
	xferkey pubfmt "$keys/ed448.ppk" >public
	says 2 'OpenSSH knows no Ed448 keys' xferkey authorize public
	[ ! -e .ssh ]
	run xferkey check "$keys/ed448.openssh"
	[ "$status" -eq 1 ]
	grep -q '^fail.*OpenSSH knows no Ed448 keys' <<<"$output"
}
