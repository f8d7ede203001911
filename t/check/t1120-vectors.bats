#!/usr/bin/env bats
# The keys of OpenSSH's own tests: their recorded values are found again. The files are not part of this tree.

load ../lib/test

setup() {
	vectors=${XFERKEY_VECTORS:-$top/../shared/vectors/openssh}
	[ -d "$vectors" ] || skip 'no vectors: XFERKEY_VECTORS names regress/unittests/sshkey/testdata'
	need ssh-keygen openssl
	private_home
	# ssh-keygen and privfmt require that others cannot read a private key
	umask 077
	cp "$vectors"/* .
	chmod 600 ./*
	echo 'another passphrase' >new
	mapfile -t private < <(grep -l 'PRIVATE KEY-----$' ./* | sed 's,^\./,,')
	mapfile -t public < <(printf '%s\n' ./*.pub | sed '/\.param\.pub$/d; s,^\./,,')
}

# stem FILE: the beginning of the names of the files that record the values of a key.
stem() {
	case $1 in
	*_n | *_n_pw) echo "${1%%_*}_1" ;;
	*) sed 's/\.pub$//; s/_pw$//; s/_sha[0-9]*//' <<<"$1" ;;
	esac
}

@test "fingerprints, Bubble Babble and public halves are the recorded ones" {
	local babble=0 file key
	for file in "${public[@]}" "${private[@]}"; do
		key=$(stem "$file")
		echo "$file"
		run -0 xferkey fpr -B -P file:pw -c "$(cat "$key.fp")" "$file"
		equal "$(xferkey pubfmt -P file:pw -C '' "$file")" "$(blob "${file%.pub}.pub" 2>/dev/null || blob "$key.pub")"
		[ -e "$key.fp.bb" ] || continue
		[[ $output == *" $(cat "$key.fp.bb") "* ]]
		babble=$((babble + 1))
	done
	[ "${#public[@]}" -ge 20 ]
	[ "${#private[@]}" -ge 24 ]
	[ "$babble" -ge 36 ]
}

# numbers NAME: the number NAME in openssl's text of the key on standard input, in hexadecimal without leading zeros.
numbers() {
	awk -v name="$1:" '
		$1 == name { if (NF > 1) text = $2; on = 1; next }
		/^[^ ]/ { on = 0 }
		on { gsub(/[ :]/, ""); text = text $0 }
		END { sub(/^0+/, "", text); print text }
	'
}

@test "the numbers of RSA (n, p, q) and of ECDSA (curve, point, number) are the recorded ones" {
	local n=0 file format text key
	for file in "${private[@]}"; do
		key=$(stem "$file")
		for format in PEM PKCS8; do
			[ -e "$key.param.priv" ] || [ -e "$key.param.n" ] || continue
			text=$(xferkey privfmt -m "$format" -P file:pw -N none "$file" | openssl pkey -noout -text)
			n=$((n + 1))
			echo "$file: $format: $text"
			names='modulus.n prime1.p prime2.q'
			[[ $file = rsa* ]] || names='priv.priv pub.pub'
			for name in $names; do
				equal "$(numbers "${name%.*}" <<<"$text")" "$(sed 's/^0*//' "$key.param.${name#*.}")"
			done
			[[ $file = rsa* || $text == *"ASN1 OID: $(cat "$key.param.curve")"* ]]
		done
	done
	[ "$n" -eq 24 ]
}

# read_as FILE: the public half that ssh-keygen finds in FILE, a file that we wrote; if ssh-keygen cannot read it, the
# one that openssl finds. ssh-keygen reads Ed25519 in PKCS#8 since 9.6.
read_as() {
	case $1 in
	ed25519*.PKCS8*) openssl pkey -in "$1" -passin file:new -pubout | xferkey pubfmt ;;
	*) ssh-keygen -y -P "$(cat new)" -f "$1" ;;
	esac | blob /dev/stdin
}

@test "private halves: ssh-keygen reads them, and the files that privfmt writes of them" {
	local n=0 file format formats wanted
	for file in "${private[@]}"; do
		[[ $file != mldsa* ]] || continue
		wanted=$(blob "$(stem "$file").pub")
		equal "$(ssh-keygen -y -P "$(cat pw)" -f "$file" | blob /dev/stdin)" "$wanted"
		xferkey privfmt -m OPENSSH -P file:pw -N none -o "$file.OPENSSH" "$file"
		case $file in
		*_sk*) formats='OPENSSH-new' ;;
		ed25519*) formats='OPENSSH-new PKCS8 PKCS8-new' ;;
		*) formats='OPENSSH-new PKCS8 PKCS8-new PEM' ;;
		esac
		for format in OPENSSH $formats; do
			options="-m ${format%-*}"
			case $format in
			OPENSSH-*) options="$options -a 1 -N file:new" ;;
			PKCS8-*) options="$options -a 1000 -N file:new" ;;
			esac
			[ "$format" = OPENSSH ] || xferkey privfmt $options -o "$file.$format" "$file.OPENSSH"
			echo "$file.$format"
			equal "$(read_as "$file.$format")" "$wanted"
			n=$((n + 1))
		done
	done
	[ "$n" -ge 70 ]
}

# bytes FILE
bytes() {
	sed /-----/d "$1" | base64 -d
}

@test "ML-DSA with Ed25519: the written file is the one that was read" {
	for file in mldsa44_ed25519_1 mldsa44_ed25519_1_pw mldsa44_ed25519_2; do
		plain=$(stem "$file")
		xferkey privfmt -a 1 -P file:pw -N file:new -o encrypted "$file"
		equal "$(xferkey pubfmt encrypted | blob /dev/stdin)" "$(blob "$plain.pub")"
		xferkey privfmt -P file:new -N none -C "$(cut -d ' ' -f 3- "$plain.pub")" -o again encrypted
		# the same bytes as the file without a passphrase, except the two check numbers
		cmp -l <(bytes "$plain") <(bytes again) | awk 'NR == 1 { at = $1 } END { exit NR > 8 || $1 - at > 7 }'
		rm encrypted again
		says 2 '-m PKCS8: this format cannot hold' xferkey privfmt -m PKCS8 -P file:pw -o again "$file"
	done
}

@test "certificates and public halves are written unchanged" {
	for file in "${public[@]}"; do
		equal "$(xferkey pubfmt "$file")" "$(cat "$file")"
		[[ $file != *-cert.pub ]] || says 2 'a certificate, not a key' sh -c "xferkey authkeys -f list <'$file'"
	done
	[ ! -e list ]
}

# The cases: no padding is needed; a comment ends like padding; there is a block of padding more than needed.
@test "padding: the bytes are those that ssh-keygen and PuTTYgen make" {
	local comment='' how more=0 i
	need puttygen
	for i in {0..16}; do
		for how in none file:new; do
			# a block has 8 or 16 bytes
			[ $how = file:new ] || [ "$i" -le 8 ] || continue
			rm -f key key.pub
			new_key ed25519 -a 1 -C "$comment" -N "$([ $how = none ] || cat new)" -f key
			equal "$(xferkey pubfmt -P "$how" key | blob /dev/stdin)" "$(blob key.pub)"
		done
		comment=$comment$'\1'
	done
	: >empty
	for i in 1 2 8 9 17; do
		for how in empty new; do
			puttygen ed25519_1 -O private-openssh-new -C "${comment:0:i}" -o putty --reencrypt --old-passphrase empty \
				--new-passphrase "$how"
			chmod 600 putty
			equal "$(ssh-keygen -y -P "$(cat "$how")" -f putty | blob /dev/stdin)" "$(blob ed25519_1.pub)"
			xferkey privfmt -m OPENSSH -P "file:$how" -N none putty >ours
			equal "$(ssh-keygen -y -f ours | blob /dev/stdin)" "$(blob ed25519_1.pub)"
			# the same length, if PuTTYgen adds no more padding than needed
			[ $how = new ] || [ "$(wc -c <ours)" -ge "$(wc -c <putty)" ] || more=$((more + 1))
		done
	done
	[ "$more" -gt 0 ]
}
