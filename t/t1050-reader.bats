#!/usr/bin/env bats
# What the readers take for a key and what not: DER, the text around keys, and
# with -F what mail programs, editors and shells do to them.

load test

# make_keys: makes, in the working directory, an unlocked pair of each type in
# OPENSSH (ed25519, ecdsa), PEM (rsa, ecdsa, dsa) and PKCS8 (all).
make_keys() {
	local type
	ssh-keygen -q -t ed25519 -N '' -C 'jane@host.example' -f ed25519
	ssh-keygen -q -t ecdsa -b 256 -N '' -C 'jane@host.example' -f ecdsa
	ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -C 'jane@host.example' -f rsa-PEM
	# OpenSSH 10 has no DSA
	! ssh -Q key | grep -x ssh-dss >/dev/null || ssh-keygen -q -t dsa -m PEM -N '' -C '' -f dsa-PEM
	cp ecdsa ecdsa-PEM
	cp ecdsa.pub ecdsa-PEM.pub
	ssh-keygen -q -p -P '' -N '' -m PEM -f ecdsa-PEM >/dev/null
	for type in rsa ecdsa dsa; do
		[ ! -e "$type-PEM" ] || {
			openssl pkcs8 -topk8 -nocrypt -in "$type-PEM" -out "$type-PKCS8"
			cp "$type-PEM.pub" "$type-PKCS8.pub"
		}
	done
	openssl genpkey -algorithm ed25519 -out ed25519-PKCS8
	# ssh-keygen reads no Ed25519 in PEM
	printf 'ssh-ed25519 %s jane@host.example\n' "$({
		printf '\0\0\0\13ssh-ed25519\0\0\0\40'
		openssl pkey -in ed25519-PKCS8 -pubout -outform DER | tail -c 32
	} | base64 -w 0)" >ed25519-PKCS8.pub
}

setup_file() {
	hash openssl ssh-keygen 2>/dev/null || return 0
	export PW='correct horse battery'
	umask 077
	mkdir "$BATS_FILE_TMPDIR/keys"
	cd "$BATS_FILE_TMPDIR/keys" && make_keys
}

setup() {
	need openssl ssh-keygen
	private_home
	umask 077
	keys=$BATS_FILE_TMPDIR/keys
	failed=
}

# print FILE.pub: its fingerprint, as fpr -c takes it.
print() {
	ssh-keygen -l -f "$1" | cut -d ' ' -f 2
}

# der_files: makes each key's forms in DER, and a list of them: file, fingerprint, format, type.
der_files() {
	local key type print
	for key in "$keys"/*-PKCS8; do
		type=$(basename "$key" -PKCS8)
		print=$(print "$key.pub")
		openssl pkcs8 -topk8 -nocrypt -in "$key" -outform DER -out "$type.p8"
		openssl pkcs8 -topk8 -v2 aes128 -iter 1000 -passout env:PW -in "$key" -outform DER -out "$type.sealed"
		openssl pkey -in "$key" -pubout -outform DER -out "$type.spki"
		printf '%s\n' "$type.p8 $print PKCS8" "$type.sealed $print PKCS8" "$type.spki $print -"
		case $type in
		rsa)
			openssl rsa -in "$keys/rsa-PEM" -RSAPublicKey_out -outform DER -out rsa.public 2>/dev/null
			openssl rsa -in "$keys/rsa-PEM" -traditional -outform DER -out rsa.pkcs1 2>/dev/null
			printf '%s\n' "rsa.public $print -" "rsa.pkcs1 $print PEM"
			;;
		ecdsa)
			openssl ec -in "$keys/ecdsa-PEM" -outform DER -out ecdsa.sec1 2>/dev/null
			printf '%s\n' "ecdsa.sec1 $print PEM"
			;;
		dsa)
			openssl dsa -in "$keys/dsa-PEM" -outform DER -out dsa.traditional 2>/dev/null
			printf '%s\n' "dsa.traditional $print PEM"
			;;
		ed25519)
			# RFC 5958 version 2, with the public half: openssl 3.0 does not write it
			{
				printf '\60\121\2\1\1'
				tail -c +6 ed25519.p8
				printf '\201\41\0'
				tail -c 32 ed25519.spki
			} >ed25519.v2
			printf '%s\n' "ed25519.v2 $print PKCS8"
			;;
		esac
	done
}

@test "DER: every kind that openssl writes, as a file and through a pipe" {
	der_files >list
	[ "$(wc -l <list)" -ge 13 ]
	while read -r file print format; do
		xferkey fpr -c "$print" -P env:PW "$file" >/dev/null || failed="$failed $file"
		for byte in 1 5; do
			# a first read of few bytes
			{ head -c "$byte"; sleep .01; cat; } <"$file" | xferkey fpr -F -c "$print" -P env:PW >/dev/null ||
				failed="$failed $file|$byte"
		done
		if [ "$format" = - ]; then
			says 2 "$file: a public key, not a private one" xferkey privfmt -l "$file"
		else
			[ "$(xferkey privfmt -l "$file" | cut -f 1)" = "$format" ] || failed="$failed $file -l"
		fi
	done <list
	equal "$failed" ''
	xferkey pubfmt -P env:PW -C jane@host.example ecdsa.sec1 ecdsa.spki ecdsa.sealed >ours
	cat "$keys"/ecdsa.pub{,,} | cmp - ours
	xferkey fips-convert -P env:PW -N none -o new rsa.sealed
	cmp new "$keys/rsa-PKCS8"
}

@test "DER: what is not one key and nothing else is refused" {
	der_files >/dev/null
	for file in rsa.p8 ecdsa.sec1 ed25519.spki; do
		{ cat "$file"; echo; } >newline
		cat "$file" "$file" >twice
		head -c -1 "$file" >short
		{ printf '\60\200'; tail -c +3 "$file"; printf '\0\0'; } >indefinite
		for bad in newline twice short indefinite; do
			says 2 "$bad: " xferkey fpr "$bad"
			[ ! -s "$BATS_TEST_TMPDIR/out" ]
			says 2 "$bad: no key in it" xferkey fpr -F "$bad"
		done
	done
	openssl req -x509 -key "$keys/ed25519-PKCS8" -subj /CN=jane -outform DER -out certificate
	openssl pkcs12 -export -inkey "$keys/ed25519-PKCS8" -nocerts -passout env:PW -out pkcs12
	for bad in certificate pkcs12; do
		says 2 "$bad: not an SSH key" xferkey fpr "$bad"
	done
	# a key of the right outline, and too large
	{ printf '\60\203\20\0\0\2\202\377\377'; head -c 1048571 /dev/zero; } >large
	says 2 'large: too large: a key file has at most 1 MiB' xferkey fpr large
	{ printf '\60\202\1\0\2\1\0\2\201\372'; head -c 250 /dev/zero | tr '\0' '\377'; } >negative
	says 2 'negative: malformed key' xferkey fpr negative
}

@test "text that begins with 0 is what it is" {
	public=$(cat "$keys/ed25519.pub")
	printf '0.0.0.0 %s\n' "$public" >hosts
	xferkey fpr -c "$(print "$keys/ed25519.pub")" hosts
	printf '0%.0s' {1..50} >zeros
	says 2 'zeros: not an SSH key' xferkey fpr zeros
	printf '0*0\n' >star
	says 2 'star: not an SSH key' xferkey fpr star
	printf 0 >one
	says 2 'one: not an SSH key' xferkey fpr one
}
