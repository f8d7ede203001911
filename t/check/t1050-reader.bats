#!/usr/bin/env bats
# What the readers take for a key and what not: DER, the text around keys, and
# with -F what mail programs, editors and shells do to them.

load ../lib/test

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
	openssl rsa -in rsa-PEM -aes128 -traditional -passout env:PW -out rsa-DEK 2>/dev/null
	cp rsa-PEM.pub rsa-DEK.pub
	xferkey privfmt -m PPK3 -o ecdsa-PPK3 ecdsa
	xferkey pubfmt -m RFC4716 rsa-PEM.pub >rsa-RFC4716
	openssl genpkey -algorithm ed25519 -out ed25519-PKCS8
	# ssh-keygen reads no Ed25519 in PEM
	printf 'ssh-ed25519 %s jane@host.example\n' "$({
		printf '\0\0\0\13ssh-ed25519\0\0\0\40'
		openssl pkey -in ed25519-PKCS8 -pubout -outform DER | tail -c 32
	} | base64 -w 0)" >ed25519-PKCS8.pub
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

setup_file() {
	hash openssl ssh-keygen 2>/dev/null || return 0
	export PW='correct horse battery'
	umask 077
	keys=$BATS_FILE_TMPDIR/keys
	mkdir "$keys" "$BATS_FILE_TMPDIR/der"
	(cd "$keys" && make_keys)
	cd "$BATS_FILE_TMPDIR/der" || return
	der_files >list
}

setup() {
	need openssl ssh-keygen
	private_home
	umask 077
	keys=$BATS_FILE_TMPDIR/keys
	failed=
}

@test "DER: every kind that openssl writes, as a file and through a pipe" {
	cd "$BATS_FILE_TMPDIR/der"
	[ "$(wc -l <list)" -ge 13 ]
	while read -r file print format; do
		xferkey fpr -c "$print" -P env:PW "$file" >/dev/null || failed="$failed $file"
		# the first read gives little
		{ head -c 1; sleep .01; cat; } <"$file" | xferkey fpr -F -c "$print" -P env:PW >/dev/null ||
			failed="$failed |$file"
		if [ "$format" = - ]; then
			says 2 "$file: a public key, not a private one" xferkey privfmt "$file"
		else
			[ "$(told "$file" | cut -f 1)" = "$format" ] || failed="$failed $file -l"
		fi
	done <list
	equal "$failed" ''
	xferkey pubfmt -P env:PW -C jane@host.example ecdsa.sec1 ecdsa.spki ecdsa.sealed |
		cmp - <(cat "$keys"/ecdsa.pub{,,})
	xferkey fips-convert -P env:PW -N none -o "$HOME/new" rsa.sealed
	cmp "$HOME/new" "$keys/rsa-PKCS8"
}

@test "DER: what is not one key and nothing else is refused" {
	cp "$BATS_FILE_TMPDIR"/der/* .
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
	says 2 'large: too large: a key has at most 1 MiB' xferkey fpr large
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

# The damage. Columns: a name; the kinds of files it is done to; those that
# ssh-keygen then refuses (PPK always); those that the strict reader does; what
# is forgiven; the command. Kinds: p and P short and long public lines, 4 RFC
# 4716, O OPENSSH, T traditional PEM, D the same with DEK-Info, 8 PKCS#8, X PPK.
damage() {
	cat <<-'END'
		utf16le;p4OT8X;p4OT8;p4OT8X;UTF-16;{ printf '\377\376'; sed 's/$/\r/' | iconv -t UTF-16LE; }
		utf16be;p4OT8X;p4OT8;p4OT8X;UTF-16;{ printf '\376\377'; iconv -t UTF-16BE; }
		utf16le-cut;pOT8;pOT8;pOT8;UTF-16;{ printf '\377\376'; printf %s "$(cat)" | iconv -t UTF-16LE; }
		utf16le-bare;pOT8;pOT8;pOT8;UTF-16;iconv -t UTF-16LE
		utf16be-bare;pOT8;pOT8;pOT8;UTF-16;printf %s "$(cat)" | iconv -t UTF-16BE
		indented;p4OTD8X;4OTD8;DX;indentation;sed 's/^/\t  /'
		quoted;p4OTD8X;4OTD8;4OTD8X;quoting;sed 's/^/> /'
		quoted-twice;p4OT8X;p4OT8;p4OT8X;quoting;sed 's/^/>> > /'
		barred;p4OT8X;4OT8;4OT8X;quoting;sed 's/^/ | /'
		around;p4OT8X;p4OT8;p4OT8X;text around;{ printf 'Dear Jane,\n\nthis is my key: '; cat; printf -- '-- \nJoe, who has the other one\n'; }
		lines-around;p4OT8X;4O;p4X;text around;{ echo 'Dear Jane, use this:'; cat; echo Yours; }
		mail;p4OT8X;4OT8;p4OT8X;quoting, text around;{ echo 'Joe wrote:'; sed 's/^/> /'; echo 'Thank you.'; }
		yaml;p4OT8X;4OT8;p4OT8X;indentation, text around;{ echo 'key: |'; sed 's/^/    /'; }
		quotes;p4OT8X;p4OT8;p4OT8X;quotation marks;{ printf '"'; printf %s "$(cat)"; printf '"\n'; }
		assigned;pP;pP;pP;quotation marks, text around;{ printf 'public_key = "'; printf %s "$(cat)"; printf '"\n'; }
		blanks;OTD84;OTD84;OTD84;all in one line;tr '\n' ' '
		joined;OTD84;OTD84;OTD84;all in one line;tr -d '\n'
		variable;OTD84;OTD84;OTD84;quotation marks, all in one line;awk '{ printf "%s%s\\n", NR == 1 ? "\"" : "", $0 } END { print "\"" }'
		json;OTD84;OTD84;OTD84;text around, all in one line;awk '{ printf "%s%s\\n", NR == 1 ? "{\"key\": \"" : "", $0 } END { print "\"}" }'
		hard-spaces;p4OT8X;p4OT8;p4OT8X;non-breaking spaces;sed 's/ /\xc2\xa0/g'
		invisible;p4OT8X;p4OT8;p4OT8X;invisible characters;sed 's/^\(.\)\(.*\)$/\xef\xbb\xbf\1\xe2\x80\x8b\2\xe2\x80\x8b/'
		folded;PX;P;PX;broken lines;fold -w 72
		narrow;pP;pP;pP;broken lines;fold -w 60
		quoted-folded;PX;P;PX;quoting, broken lines;fold -w 70 | sed 's/^/> /'
		flowed;pX;p;pX;broken lines;fold -s -w 64 | sed 's/ $//'
		soft;pP;pP;pP;quoted-printable, broken lines;python3 -c 'import quopri, sys; quopri.encode(sys.stdin.buffer, sys.stdout.buffer, 0)'
		folded-body;OTD8;D;;;fold -w 60
		cr;p4OT8X;OT8;4OT8X;line ends;tr '\n' '\r'
		trailing;pOTD8;O;;;sed 's/$/ \t /'
		dashes;4OTD8;OTD8;4OTD8;dashes;sed 's/^-----/\xe2\x80\x94\xe2\x80\x93-/; s/----*$/\xe2\x80\x94/'
		few-dashes;OTD8;OTD8;OTD8;dashes;sed '1s/^-//; $s/--$//'
		printable;OTX;OT;OTX;quoted-printable;python3 -c 'import quopri, sys; quopri.encode(sys.stdin.buffer, sys.stdout.buffer, 0)'
		double;4DX;D;4DX;empty lines;sed G
	END
}

declare -gA file_of=([p]=ed25519.pub [P]=rsa-PEM.pub [4]=rsa-RFC4716 [O]=ed25519 [T]=ecdsa-PEM [D]=rsa-DEK
	[8]=rsa-PKCS8 [X]=ecdsa-PPK3)

# each KINDS COMMAND ...: the command with each kind behind it.
each() {
	local kinds=$1 i
	shift
	for ((i = 0; i < ${#kinds}; i++)); do
		"$@" "${kinds:i:1}"
	done
}

# Of name, what and command.
harm() {
	eval "$command" <"$keys/${file_of[$1]}" >"$name.$1"
	[ -z "$what" ] || echo "xferkey-fpr: $name.$1: forgiven: $what" >>said.wanted
}

# ssh-keygen refuses what it should, and nothing else.
try_theirs() {
	local refuses=1
	case $1 in
	[pP]) ssh-keygen -l -f "$name.$1" ;;
	4) ssh-keygen -i -f "$name.$1" ;;
	X) return ;;
	*) ssh-keygen -y -P "$PW" -f "$name.$1" ;;
	esac >/dev/null 2>&1 && refuses=0
	[[ $theirs != *$1* ]] || refuses=$((1 - refuses))
	[ "$refuses" -eq 0 ] || failed="$failed ssh-keygen:$name.$1"
}

sort_ours() {
	if [[ $ours = *$1* ]]; then
		echo "$name.$1" >>refused
	else
		echo "$name.$1" >>accepted
	fi
}

@test "each kind of damage is read with -F, and said; ssh-keygen and the strict reader refuse" {
	trap - DEBUG # bats traces what runs, at a cost
	while IFS=';' read -r name kinds theirs ours what command; do
		each "$kinds" harm
		each "$kinds" try_theirs
		each "$kinds" sort_ours
	done < <(damage)
	for kind in p P 4 O T D 8 X; do
		file=${file_of[$kind]%.pub}
		[ "$kind" != 4 ] || file=rsa-PEM
		[ "$kind" != X ] || file=ecdsa
		set -- *."$kind"
		xferkey fpr -F -P env:PW -c "$(print "$keys/$file.pub")" "$@" >out 2>>said || failed="$failed $kind"
		[ "$(wc -l <out)" -eq $# ] || failed="$failed lines-$kind"
	done
	# where the text is, is a matter of another test
	sort said.wanted | diff - <(sed 's/\(text around\) ([^)]*line [0-9]*)/\1/' said | sort) || failed="$failed said"
	xargs xferkey fpr -P env:PW <refused >out 2>err && status=0 || status=$?
	[ "$status" -eq 123 ] || failed="$failed status-$status"
	# beside what is refused there may be a whole key
	cut -d ' ' -f 2 out | sort -u | comm -23 - <(cat "$keys"/*.pub | xferkey fpr | cut -d ' ' -f 2 | sort -u) >other
	[ ! -s other ] || failed="$failed other"
	cut -d : -f 2 err | tr -d ' ' | uniq | diff refused - || failed="$failed refused"
	xargs xferkey fpr -P env:PW <accepted >out || failed="$failed accepted"
	equal "$failed" ''
	# the comment is all there too
	xferkey pubfmt -F ./*.p 2>/dev/null | uniq | cmp - "$keys/ed25519.pub"
}

@test "-F: what is whole passes as it is, and nothing is said" {
	cd "$keys"
	for file in *; do
		xferkey fpr -P env:PW "$file" >>"$HOME/strict"
	done
	xferkey fpr -F -P env:PW ./* >"$HOME/ours" 2>"$HOME/said"
	cmp "$HOME/strict" "$HOME/ours"
	[ ! -s "$HOME/said" ]
	cd "$HOME"
	{
		printf '\357\273\277# two of mine\r\n'
		sed 's/$/\r/' "$keys/ed25519.pub"
		printf 'from="192.0.2.7",command="echo \\"ssh-rsa AAAA\\" x" %s\n\n' "$(cat "$keys/ecdsa.pub")"
		printf 'ssh-new@host.example %s\n' "$(printf '\0\0\0\20ssh-new@host.example' | sed 's/\x10/\x14/' | base64)"
		printf '#%s\n' "$(cat "$keys/rsa-PEM.pub")"
		for comment in '-----BEGIN RSA PRIVATE KEY-----' 'x -----END RSA PRIVATE KEY-----' 'PuTTY-User-Key-File-3: x'; do
			printf '%s %s\n' "$(cut -d ' ' -f 1,2 "$keys/ecdsa.pub")" "$comment"
		done
	} >list
	xferkey fpr list >strict
	[ "$(wc -l <strict)" -eq 6 ]
	xferkey fpr -F list 2>said | cmp - strict
	[ ! -s said ]
	# what only looks like quoted-printable
	{ echo '#='; printf '%s a=3Db\n' "$(cut -d ' ' -f 1,2 "$keys/ed25519.pub")"; } >equals
	xferkey pubfmt -F equals 2>said | cmp - <(tail -n 1 equals)
	[ ! -s said ]
	{ echo 'see https://host.example/?a=3D1'; cat "$keys"/rsa-PEM "$keys"/ecdsa-PEM; } >url
	says 0 'url: forgiven: text around' xferkey fpr -F url
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 2 ]
}

@test "-F: pieces are joined until the key is whole, and no further" {
	p=$(print "$keys/rsa-PEM.pub") q=$(print "$keys/ed25519.pub")
	fold -w 70 "$keys/rsa-PEM.pub" >folded
	cut -d ' ' -f 1,2 "$keys/rsa-PEM.pub" | fold -w 70 >bare
	cat folded "$keys/ed25519.pub" bare "$keys/ed25519.pub" folded bare bare >several
	says 0 'several: forgiven: broken lines' xferkey fpr -F several
	equal "$(cut -d ' ' -f 2 "$BATS_TEST_TMPDIR/out" | tr '\n' ' ')" "$p $q $p $q $p $p $p "
	{ cat bare; echo regards Jane; } >text
	xferkey pubfmt -F text 2>said | cmp - <(cut -d ' ' -f 1,2 "$keys/rsa-PEM.pub")
	# a line may end between the two signs that end a blob
	ssh-keygen -q -t ecdsa -b 384 -N '' -C '' -f padded
	cut -d ' ' -f 1,2 padded.pub | sed 's/==$/=\n=/' >apart
	xferkey pubfmt -F apart 2>said | cmp - <(cut -d ' ' -f 1,2 padded.pub)
	[ "$(wc -l <apart)" -eq 2 ]
	# the joined key has the line of its first piece, and what follows keeps its own
	{ cat folded; echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA'; } >half
	xferkey fpr -F half >out 2>said && status=0 || status=$?
	equal "$status $(sed 's/^xferkey-fpr: //' said | tr '\n' ' ')" \
	    "2 half: forgiven: broken lines half: line $(($(wc -l <folded) + 1)): malformed key "
}

@test "-F: what lacks a piece or has a wrong one is refused, in one line" {
	p=$(print "$keys/ed25519.pub")
	fold -w 70 "$keys/rsa-PEM.pub" >folded
	{ sed 3d folded; cat "$keys/ed25519.pub"; } >lacks-one
	{ cut -c 1-90 "$keys/rsa-PEM.pub"; printf 'Best regards\nJane\n'; cat "$keys/ed25519.pub"; } >regards
	sed 's/^ssh-rsa/ssh-dss/' folded >other-type
	sed 's/^/> /; 4s/./!/9' "$keys/ed25519" >foreign
	sed '1s/OPENSSH/RSA/' "$keys/ed25519" | tr '\n' ' ' >labels
	sed 3d "$keys/ed25519" | sed 's/^/  /' >short
	sed '$d' "$keys/rsa-PEM" | tr '\n' ' ' >unended
	sed '4s/.$//; s/^/> /' "$keys/ecdsa-PPK3" >ppk
	sed '$d' "$keys/ecdsa-PPK3" >ppk-unended
	head -c 777 "$keys/rsa-PEM" | iconv -t UTF-16LE >utf16
	for file in other-type foreign labels short ppk; do
		says 2 "$file: malformed key" xferkey fpr -F "$file"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done
	# the key behind it is not lost
	for file in lacks-one regards; do
		xferkey fpr -F "$file" >out 2>said && status=0 || status=$?
		equal "$status $(cut -d ' ' -f 2 out) $(head -n 1 said)" "2 $p xferkey-fpr: $file: malformed key"
	done
	for file in unended ppk-unended utf16; do
		says 2 "$file: truncated: its last line is missing" xferkey pubfmt -F "$file"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done
}

@test "-F: a PPK ends with its MAC, whatever stands behind it, and one damaged line is said" {
	print=$(print "$keys/ecdsa.pub")
	cp "$keys/ecdsa-PPK3" three
	xferkey privfmt -m PPK2 -o two "$keys/ecdsa"
	for file in two three; do
		{ sed 's/^/> /' "$file"; echo '> added by Jane'; } >behind
		says 0 'behind: forgiven: quoting, text around' xferkey fpr -F -c "$print" behind
		for ((n = 1; n <= $(wc -l <"$file"); n++)); do
			sed "${n}s/^/> /" "$file" >line
			says 0 'line: forgiven: quoting' xferkey fpr -F -c "$print" line
		done
	done
}

@test "-F: what is only spoken of is no key" {
	cat >prose <<-'END'
		We take ssh-ed25519 and
		ssh-rsa
		keys. The file begins with -----BEGIN RSA PRIVATE KEY----- and
		ends with -----END RSA PRIVATE KEY-----; PuTTY's begins with PuTTY-User-Key-File-3 and
		is encrypted. From -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY----- it is secret.
		-----BEGIN CERTIFICATE-----
		MC4CAQAwBQYDK2VwBCIEIKsWUvqkyAqdxY1pZQZcQYEZLWpwkwoKYbZCPcD
		-----END CERTIFICATE-----
		-- BEGIN OF MESSAGE --
	END
	printf '# %s\n' "$(cat "$keys/ed25519.pub")" >comment
	iconv -t UTF-16LE prose >utf16
	: >empty
	says 2 'comment: no key in it' xferkey fpr -F comment
	says 2 'utf16: no key in it' xferkey fpr -F utf16
	says 2 'empty: no key in it' xferkey fpr -F empty
	cat prose >>"$HOME/both"
	cat "$keys/ecdsa-PEM" >>both
	says 0 'both: forgiven: text around' xferkey fpr -F both
	equal "$(cut -d ' ' -f 2 "$BATS_TEST_TMPDIR/out")" "$(print "$keys/ecdsa.pub")"
}

@test "-F: how many lines hold text that is left out, and the first of them" {
	key=$(cat "$keys/ed25519.pub")
	printf '%s\n' "$key" '' 'Yours,' '' 'Jane' >end
	says 0 'end: forgiven: text around (2 lines, the first is line 3)' xferkey fpr -F end
	printf '> %s\n' 'Dear Jane,' '# no comment' "$(cat "$keys/ecdsa-PEM")" "$key" bye >quoted
	says 0 'quoted: forgiven: quoting, text around (' xferkey pubfmt -F quoted
	printf 'it is "%s", and no other\n' "$key" >line
	says 0 'line: forgiven: text around (line 1)' xferkey fpr -F line
	{ printf '%s' "$key" | sed 's/.\{60\}/&=\n/g'; printf '\n=E2=80=9Cbye=E2=80=9D\n'; } >printable
	says 0 'printable: forgiven: quoted-printable, text around, broken lines' xferkey fpr -F printable
}

@test "-F: each of several keys in one line is read, in quotes, in tags and before armour" {
	a=$(cut -d ' ' -f 1,2 "$keys/ed25519.pub") b=$(cut -d ' ' -f 1,2 "$keys/ecdsa.pub") c=$(cut -d ' ' -f 1,2 "$keys/rsa-PEM.pub")
	printf '<p>%s a</p><p>%s b</p><!-- %s -->\n' "$a" "$b" "$c" >html
	printf '["%s", "%s",%s]\n' "$a" "$b" "'$c'" >json
	printf '<div title="%s"><p>My key:</p>%s b</div> `%s`\n' "$a" "$b" "$c" >attribute
	printf '"%s" and "%s" and %s\n' "$(sed 's/.\{50\}/&\n/' <<<"$a")" "$b" "$c" >broken
	printf '<p>%s</p> "%s" %s\n' "$a" "$b" "$(xferkey pubfmt -m RFC4716 <<<"$c" | tr '\n' ' ')" >armour
	printf '"%s" <p>%s</p> %s\n' "$a" "$b" "$(xferkey pubfmt -m PKCS8 <<<"$c" | tr '\n' ' ')" >pem
	{ printf '"%s" <p>%s</p> ' "$a" "$b"; xferkey privfmt -P env:PW -N none -m PPK2 "$keys/rsa-PEM"; } >ppk
	for file in html json attribute broken armour pem ppk; do
		says 0 "$file: forgiven: " xferkey pubfmt -F "$file"
		cut -d ' ' -f 1,2 "$BATS_TEST_TMPDIR/out" | diff - <(printf '%s\n' "$a" "$b" "$c")
		equal "$(xferkey fpr -F "$file" 2>/dev/null | wc -l)" 3
	done
}

@test "-F: said once a file, in the file's name" {
	sed 's/^/> /' "$keys"/{ed25519,ecdsa}.pub "$keys/ecdsa-PEM" >quoted
	iconv -t UTF-16LE "$keys/rsa-PEM.pub" >utf16
	xferkey fpr -F quoted "$keys/ed25519.pub" utf16 - <quoted >out 2>said
	[ "$(wc -l <out)" -eq 8 ]
	equal "$(cat said)" "xferkey-fpr: quoted: forgiven: quoting
xferkey-fpr: utf16: forgiven: UTF-16
xferkey-fpr: standard input: forgiven: quoting"
}

@test "-F: 1 MiB of any junk in half a second; more is refused" {
	junk() {
		yes -- "$2" | tr -d '\n' | head -c 1048576 | sed 's/_/\n/g' >"$1"
	}
	junk begin ' -----BEGIN RSA PRIVATE KEY----- '
	junk lines '-----BEGIN PRIVATE KEY-----_'
	junk types 'x ssh-rsa "ssh-rsa AAAA '
	junk pieces '_A'
	{ echo ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAD//w; cat pieces; } | head -c 1048576 >joined
	junk encoded '=3D=_'
	junk headers '_PuTTY-User-Key-File-3: x'
	junk marks '=E2=80=94'
	head -c 1048576 /dev/urandom >noise
	files='begin lines types pieces joined encoded headers marks noise'
	# seconds of CPU; a sanitizer's build needs more
	(ulimit -t 6; xferkey fpr -F $files >out 2>said) && status=0 || status=$?
	[ "$status" -eq 2 ]
	[ ! -s out ]
	equal "$(cut -d : -f 2 said | tr -d '\n')" " ${files// / }"
	printf '\n ' >>noise
	says 2 'noise: too large' xferkey fpr -F noise
}

@test "strict: -F is named where it reads the file, and nowhere else" {
	public=$(cat "$keys/ed25519.pub")
	while IFS='|' read -r line text; do
		printf "$text\n" "$public" >file
		says 2 "file: ${line}not an SSH key as it stands (pubfmt or privfmt -F reads it)" xferkey fpr file
		equal "$(xferkey fpr -F file 2>&- | cut -d ' ' -f 1,2)" "$(xferkey fpr "$keys/ed25519.pub" | cut -d ' ' -f 1,2)"
	done <<-'END'
		|<p>%s</p>
		|<td>%s<br></td>
		|\342\200\234%s\342\200\235
		line 2: |\n\357\273\277%s
		|key=%s
		lines 1 to 3: |Hello,\n\nmy key:\n> %s
		|Hello,\n\n   "%s"\n
	END
	while IFS= read -r text; do
		printf "$text\n" >file
		says 2 'not an SSH key' xferkey fpr file
		! grep -e -F "$BATS_TEST_TMPDIR/err" || false
		! xferkey fpr -F file 2>&- || false
	done <<-'END'
		> hello
		   x
		"ssh-rsa"
		<p>ssh-rsa AAAA</p>
		x -----BEGIN RSA PRIVATE KEY-----
		h\000e\000l\000l\000o\000
	END
}

@test "strict: what -F reads is refused with a word about it" {
	tr '\n' ' ' <"$keys/ecdsa-PEM" >one-line
	sed 's/^/> /' "$keys/ecdsa-PEM" >quoted
	fold -w 60 "$keys/rsa-PEM.pub" >folded
	fold -s -w 60 "$keys/ed25519.pub" >flowed
	{ printf 'my key: '; cat "$keys/ecdsa-PEM"; } >behind
	{ printf '"'; cat "$keys/ed25519.pub"; } >quote
	{ echo; printf '  here: %s' "$(cat "$keys/ecdsa-PEM")"; } >indented
	for file in one-line quoted folded flowed behind quote indented; do
		place=$file
		[ "$file" != indented ] || place='indented: line 2'
		says 2 "$place: not an SSH key as it stands (pubfmt or privfmt -F reads it)" xferkey fpr "$file"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done
	says 2 'folded: not an SSH key as it stands' xferkey pubfmt folded
	says 2 'behind: not an SSH key as it stands' xferkey privfmt -o new behind
	{ echo 'Dear Jane,'; cat "$keys/ed25519.pub"; } >text
	says 2 'text: not an SSH key' xferkey fpr text
	grep -v -e -F "$BATS_TEST_TMPDIR/err"
	# a key that is cut, not wrapped: the others are read
	{ cut -c 1-60 "$keys/ed25519.pub"; cat "$keys/ecdsa.pub"; cut -c 1-60 "$keys/rsa-PEM.pub"; } >half
	xferkey fpr half >out 2>err && status=0 || status=$?
	equal "$status $(wc -l <out) $(tr '\n' ' ' <err)" \
	    '2 1 xferkey-fpr: half: malformed key xferkey-fpr: half: line 3: malformed key '
}

@test "strict: what openssl pkcs12 writes before a key is passed over" {
	openssl req -x509 -key "$keys/rsa-PEM" -subj /CN=jane -out certificate
	openssl pkcs12 -export -inkey "$keys/rsa-PEM" -in certificate -name "jane's" -passout env:PW -out named
	openssl pkcs12 -export -inkey "$keys/rsa-PEM" -nocerts -passout env:PW -out bare 2>/dev/null
	for file in named bare; do
		openssl pkcs12 -in "$file" -nocerts -passin env:PW -nodes >plain
		openssl pkcs12 -in "$file" -nocerts -passin env:PW -passout env:PW >sealed
		grep '^Bag Attributes' plain
		xferkey fpr -P env:PW -c "$(print "$keys/rsa-PEM.pub")" plain sealed
		[ "$(told sealed | cut -f 1,2)" = 'PKCS8	aes256-cbc' ]
	done
	# of several keys any other text is an error
	{ sed 's/^Key Attributes.*/Keys:/' plain; cat plain; } >other
	says 2 'other: line 2: not an SSH key' xferkey fpr other
	{ sed '/^Bag Attributes/d' plain; cat plain; } >headless
	says 2 'headless: not an SSH key' xferkey fpr headless
	sed '/^-/,$d' plain >only
	says 2 'only: no key in it' xferkey fpr only
}

# around: texts that stand before a private key or behind it, files in the working directory; and key, key8 and keyo: one key
# in PEM, PKCS8 and OPENSSH format.
around() {
	cp "$keys/rsa-PEM" key
	cp "$keys/rsa-PKCS8" key8
	cp key keyo
	ssh-keygen -q -p -P '' -N '' -f keyo >/dev/null
	openssl req -x509 -key key -subj /CN=jane -out certificate
	cat certificate certificate >chain
	openssl rsa -in key -noout -text >numbers 2>/dev/null
	openssl rsa -in key -pubout -out spki 2>/dev/null
	openssl rsa -in key -RSAPublicKey_out -out pkcs1 2>/dev/null
	openssl ecparam -name prime256v1 -out parameters
	cp "$keys/rsa-PEM.pub" line
	cp "$keys/ed25519.pub" other-line
	printf '   Dear Jane,\n\n> I send\tyou\n"this":\n' >letter
	printf 'caf\303\251 \351\0\1\n' >bytes
}

@test "strict: a block of a certificate with a key line inside is malformed, and the key is found" {
	ssh-keygen -q -t ed25519 -N '' -C me -f k
	{ echo '-----BEGIN CERTIFICATE-----'; cat k.pub; echo '-----END CERTIFICATE-----'; } >list
	run xferkey pubfmt list
	equal "$status ${lines[*]}" "2 xferkey-pubfmt: list: malformed key xferkey-pubfmt: list: line 3: the end of a key \
whose first line is missing or damaged $(cat k.pub)"
}

@test "strict: text, certificates and public keys around the one private key are passed over where ssh does" {
	around
	print=$(print line) public=$(cut -d ' ' -f 1,2 line)
	openssl pkcs12 -export -inkey key -in certificate -name jane -passout env:PW -out p12
	openssl pkcs12 -in p12 -nodes -passin env:PW >pkcs12 2>/dev/null
	{ openssl rsa -in key -text -traditional; cat certificate; } >text 2>/dev/null
	for key in key key8 keyo; do
		for text in certificate chain numbers spki pkcs1 parameters line other-line letter bytes; do
			cat "$text" "$key" >"$text-$key"
			cat "$key" "$text" >"$key-$text"
			cat "$text" "$key" "$text" >"$text-$key-$text"
		done
	done
	count=0
	for file in pkcs12 text *-key* key*-*; do
		ssh=$(ssh-keygen -y -P '' -f "$file" 2>/dev/null | cut -d ' ' -f 1,2) ours=
		! xferkey fips-convert -N none "$file" >new 2>/dev/null || ours=$public
		case $file in
		# text before OPENSSH is libssh2's to pass over
		*-keyo*) ssh=$public ;;
		esac
		[ "$ssh" = "$ours" ] || failed="$failed $file"
		if [ -n "$ours" ]; then
			count=$((count + 1))
			cmp new key8 || failed="$failed $file new"
			[ "$(told "$file" | wc -l)" -eq 1 ] || failed="$failed $file -l"
		elif told "$file" >/dev/null 2>&1; then
			failed="$failed $file -l"
		fi
	done
	equal "$failed" ''
	equal "$count" 92
	# and as a private key's file, where no public key stands beside it
	for file in pkcs12 text certificate-key chain-key8 numbers-key keyo-letter key8-bytes letter-key-letter; do
		equal "$(xferkey fpr "$file" | cut -d ' ' -f 2)" "$print"
		xferkey pubfmt -C x "$file" | cmp - <(xferkey pubfmt -C x line)
		xferkey fpr -F "$file" >/dev/null 2>&1
	done
	says 0 'letter-key: forgiven: text around' xferkey fpr -F letter-key
}

@test "strict: text in a list, or beside what may be a second private key, is refused as before" {
	around
	cat key letter keyo >two
	cat letter key key8 >text-two
	{ cat letter key; sed 's/^/> /' key8; } >quoted-second
	{ cat letter key; sed '$d' key8; } >half-second
	{ cat letter key; tail -n 3 key8; } >end-of-second
	{ cat letter key; echo 'PuTTY-User-Key-File-3: ssh-rsa'; } >putty
	{ cat letter key; echo 'it begins with -----BEGIN RSA PRIVATE KEY-----'; } >spoken-of
	for file in text-two quoted-second half-second end-of-second putty spoken-of; do
		for filter in 'fips-convert -N none' fpr; do
			xferkey $filter "$file" >out 2>err && got=0 || got=$?
			equal "$got" 2
			grep -E "^xferkey-[a-z-]*: $file: lines? [0-9to ]*: not an SSH key" err
		done
	done
	says 2 'two: lines 28 to 31: not an SSH key' xferkey fips-convert -N none two
	# a list of public keys, a private one among them or not
	cat line letter other-line >list
	cat line letter key >with-private
	cat spki letter key >pem-list
	for file in list with-private; do
		xferkey fpr "$file" >out 2>err && status=0 || status=$?
		equal "$status $(head -n 1 err | cut -d : -f 1-3)" "2 xferkey-fpr: $file: lines 2 to 5"
	done
	xferkey fpr pem-list >out 2>err && status=0 || status=$?
	equal "$status $(grep -c 'not an SSH key' err)" '2 1'
	# of its own it is nothing that begins a key
	says 2 'numbers: not an SSH key' xferkey fpr numbers
	says 2 'certificate: no key in it' told certificate
	# what is too large to be seen as a whole is read as before
	{ cat letter; head -c 1048576 /dev/zero | tr '\0' '\n'; cat key; } >large
	says 2 'large: lines 1 to 4: not an SSH key' told large
}
