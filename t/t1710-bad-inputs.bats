#!/usr/bin/env bats
# Good keys of every format, spoilt in every way that t/badkeys knows: each result has one status, and one line says
# what is wrong. XFERKEY_BAD_INPUTS=all (make bad-inputs): more keys, and every filter for every input, not one.
# shellcheck disable=SC2154 # top comes from test.bash

load test

# make_keys: what the table below makes seeds of.
make_keys() {
	local type
	printf 'correct horse battery\n' >pw
	printf 'wrong horse battery\n' >wrong
	for type in rsa ec ec2 ed ed2; do
		case $type in
		rsa) set -- -t rsa -b 1024 -m PEM ;;
		ec*) set -- -t ecdsa -b 256 -m PEM ;;
		ed*) set -- -t ed25519 ;;
		esac
		ssh-keygen -q "$@" -N '' -C c -f "$type"
	done
	openssl genrsa -traditional -out rsa512 512
	openssl dsaparam -genkey 1024 2>/dev/null | openssl dsa -out dsa 2>/dev/null
	ssh-keygen -q -s rsa -I me -n jane,joe -V +1d ed.pub
}

# openssh KEY [option ...]: written again by ssh-keygen -p, in its own format.
openssh() {
	cp "$1" again &&
		ssh-keygen -q -p -P '' -N '' "${@:2}" -f again >/dev/null &&
		cat again
}

sealed() {
	openssh ed -a 1 -N "$(cat pw)" -Z "$1"
}

pkcs8() {
	xferkey privfmt -m PKCS8 ed | openssl pkcs8 -topk8 -passout file:pw "$@"
}

putty() {
	puttygen "$1" -O "$2" -o putty --reencrypt --new-passphrase "$3" --ppk-param "${4-version=3}"
	cat putty
}

# The first of a format, protected or not, is spoilt as a text and cut at every byte too: small ones first. What is weak
# is refused by fips-convert for what it is; of a twin only the public half is taken.
table() {
	cat <<-'END'
		ed-twin     cat ed2.pub
		ec-twin     cat ec2.pub
		ed-line     cat ed.pub
		ed-spki     xferkey privfmt -m PKCS8 ed | openssl pkey -pubout
		ed-rfc4716  ssh-keygen -e -f ed.pub | sed '/^Comment/d'
		rsa-pkcs1   openssl rsa -in rsa512 -RSAPublicKey_out
		ec-options  sed 's/^/command="echo \\"hi\\"",no-pty /' ec.pub
		ec-spki     ssh-keygen -e -m PKCS8 -f ec.pub
		rsa-spki    ssh-keygen -e -m PKCS8 -f rsa.pub
		rsa-line    cat rsa.pub
		ed-certificate cat ed-cert.pub
		ec-pem      cat ec
		ec-dek      openssl ec -in ec -aes128 -passout file:pw
		ed-pkcs8    xferkey privfmt -m PKCS8 ed
		ec-pkcs8    openssl pkcs8 -topk8 -nocrypt -in ec
		ed-pbes2    pkcs8 -v2 aes128 -iter 1
		ed-pbes1    pkcs8 -v1 PBE-SHA1-3DES -iter 1
		ed-scrypt   pkcs8 -scrypt -scrypt_N 2
		ed-openssh  cat ed
		ec-openssh  openssh ec
		ed-aes256-ctr sealed aes256-ctr
		ed-aes256-gcm sealed aes256-gcm@openssh.com
		ed-chacha20 sealed chacha20-poly1305@openssh.com
		ed-ppk2     putty ed private /dev/null version=2
		ed-ppk3     putty ed private /dev/null
		ed-ppk2-sealed putty ed private pw version=2
		ed-ppk3-sealed putty ed private pw version=3,memory=8,passes=1,parallelism=1
		weak-rsa-pem cat rsa
		weak-rsa-openssh openssh rsa
		weak-rsa-sshcom putty rsa512 private-sshcom /dev/null
		weak-dsa-pkcs8 openssl pkcs8 -topk8 -nocrypt -in dsa
	END
	[ -z "${XFERKEY_BAD_INPUTS-}" ] || cat <<-'END'
		ec-pbes2    openssl pkcs8 -topk8 -v2 aes128 -iter 1 -passout file:pw -in ec
		ec-ppk3     putty ec private /dev/null
		ec-line     cat ec.pub
		ed-3des     sealed 3des-cbc
		ed-aes128   sealed aes128-cbc
		weak-rsa-sshcom-sealed putty rsa512 private-sshcom pw
		ec-3des-dek openssl ec -in ec -des3 -passout file:pw
		weak-rsa-pkcs8 openssl pkcs8 -topk8 -nocrypt -in rsa
		weak-rsa-ppk3 putty rsa private /dev/null
		weak-dsa-pem cat dsa
		dsa-spki    openssl dsa -in dsa -pubout
	END
}

make_seeds() {
	local name command
	while read -r name command; do
		eval "$command" >"$name" || return
		[ "$name" != ed-ppk3-sealed ] || has_argon2 || continue
		echo "$PWD/$name" >>seeds
	done < <(table)
}

setup_file() (
	# bats 1.8 can skip in a test only
	skip() {
		echo "$1" >"$BATS_FILE_TMPDIR/skip"
		exit
	}
	need ssh-keygen openssl puttygen
	[ -x "$top/build/badkeys" ] || skip 'no build/badkeys (make check builds it)'
	cd "$BATS_FILE_TMPDIR" || return
	umask 077
	make_keys
	make_seeds 2>made || {
		cat made
		return 1
	}
)

setup() {
	[ ! -e "$BATS_FILE_TMPDIR/skip" ] || skip "$(cat "$BATS_FILE_TMPDIR/skip")"
	made=$BATS_FILE_TMPDIR
	private_home
}

# bad [option ...] PROGRAMS
bad() {
	local seeds
	mapfile -t seeds <"$made/seeds"
	"$top/build/badkeys" "$@" "$made/pw" "$made/wrong" "${seeds[@]}"
}

sanitized() {
	grep -q __asan_init "$(xferkey --exec-path)/xferkey-fpr"
}

@test "each is refused in one line, at once, and leaves nothing" {
	local how=(-s 4)
	# AddressSanitizer makes five seconds of one
	! sanitized || how=(-s 8)
	[ -z "${XFERKEY_BAD_INPUTS-}" ] || how=(-a)
	run bad "${how[@]}" "$(xferkey --exec-path)"
	echo "$output"
	[ "$status" -eq 0 ]
	echo "# ${lines[-1]}" >&3
	[ "${how[*]}" = '-s 8' ] || [ "${lines[-1]%% *}" -ge 1000 ]
}

@test "what is not refused, ssh-keygen reads too" {
	local number name n=0
	mkdir kept
	bad -k kept none >list 2>/dev/null
	chmod 600 kept/*
	while IFS=$'\t' read -r number name; do
		case $name in
		# the format itself is not its
		ed-spki:* | ed-pkcs8:* | ed-pbes*:* | ed-scrypt:* | *-ppk* | *-sshcom*) continue ;;
		# in OPENSSH format libssh2 alone reads it
		*': text: text before it') ! grep -q 'BEGIN OPENSSH' "kept/$number" || continue ;;&
		# t/badkeys/expect.c has the reason
		*': text: indented BEGIN' | *': line 4: twice') continue ;;
		*-line:* | *-options:*) set -- -l ;;
		*-rfc4716:*) set -- -i ;;
		*-spki:*) set -- -i -m PKCS8 ;;
		*-pkcs1:*) set -- -i -m PEM ;;
		*) set -- -y -P "$(cat "$made/pw")" ;;
		esac
		run ssh-keygen "$@" -f "kept/$number"
		echo "$name: $output"
		[ "$status" -eq 0 ]
		n=$((n + 1))
	done < <(grep -E '^[0-9]+	' list)
	echo "$n files"
	[ "$n" -ge 25 ]
}

@test "whoever answers otherwise is found out" {
	local wanted how script filter
	while IFS='|' read -r wanted how script; do
		case $wanted in
		'much memory') ! sanitized || continue ;; # then it is not asked
		esac
		mkdir -p fake scratch
		for filter in fpr pubfmt privfmt fips-convert; do
			printf '#!/bin/sh\nkey="xferkey-%s: key"\n%s\n' "$filter" "$script" >"fake/xferkey-$filter"
			chmod +x "fake/xferkey-$filter"
		done
		cd scratch
		# shellcheck disable=SC2086 # no word, or one
		run "$top/build/badkeys" $how -n '*: text: nothing' ../fake "$made/pw" "$made/wrong" "$made/ed-openssh"
		cd ..
		echo "$wanted: $output"
		[ "$status" -eq 1 ]
		[[ $output == *"$wanted"* ]]
		rm -r scratch
	done <<-'END'
		status not 2|-a|exit 0
		ended by a signal|-a|kill -9 $$
		nothing is said|-a|exit 2
		not one line|-a|echo "$key: no key in it" >&2; echo more >&2; exit 2
		said of what|-a|echo "$key.pub: no key in it" >&2; exit 2
		no fact that is known|-a|echo "$key: not good" >&2; exit 2
		another fact|-a|echo "$key: malformed key" >&2; exit 2
		leaves a file: left|-a|echo "$key: no key in it" >&2; : >left; exit 2
		writes in trouble|-a|echo "$key: no key in it" >&2; echo x; exit 2
		much memory||echo "$key: no key in it" >&2; x=$(head -c 40000000 /dev/zero | tr '\0' x); exit 2
		slow||ulimit -S -t 2; trap 'echo "$key: no key in it" >&2; exit 2' XCPU; while :; do :; done
	END
}
