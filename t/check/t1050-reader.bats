#!/usr/bin/env bats
# Which texts the readers take for a key: DER, keys with text around them, and with -F keys that mail programs, editors
# or shells have damaged.

load ../lib/keys

# der_files: makes the forms of each key in DER, TYPE.FORM.
der_files() {
	local key type
	for key in "$keys"/*-PKCS8; do
		type=$(basename "$key" -PKCS8)
		openssl pkcs8 -topk8 -nocrypt -in "$key" -outform DER -out "$type.p8"
		openssl pkcs8 -topk8 -v2 aes128 -iter 1000 -passout env:PW -in "$key" -outform DER -out "$type.encrypted"
		openssl pkey -in "$key" -pubout -outform DER -out "$type.spki"
		[ "$type" = ed25519 ] || openssl pkey -in "$key" -traditional -outform DER -out "$type.traditional"
	done
	openssl rsa -in "$keys/rsa-PEM" -RSAPublicKey_out -outform DER -out rsa.public 2>/dev/null
	# RFC 5958 version 2, with the public half, which openssl 3.0 does not write
	{
		printf '\60\121\2\1\1'
		tail -c +6 ed25519.p8
		printf '\201\41\0'
		tail -c 32 ed25519.spki
	} >ed25519.v2
}

setup_file() {
	hash openssl ssh-keygen 2>/dev/null || return 0
	umask 077
	share make_own_keys
	keys=$BATS_FILE_TMPDIR/keys
	mkdir "$keys" "$BATS_FILE_TMPDIR/der"
	cd "$keys" || return
	cp "$shared"/* .
	if has_dsa; then
		new_key dsa -m PEM -C '' -f dsa
		openssl pkcs8 -topk8 -nocrypt -in dsa -out dsa-PKCS8
	fi
	xferkey privfmt -m PPK3 -o ecdsa-PPK3 ecdsa
	xferkey pubfmt -m RFC4716 rsa.pub >rsa-RFC4716
	cd ../der || return
	der_files
}

setup() {
	need openssl ssh-keygen
	private_home
	umask 077
	keys=$BATS_FILE_TMPDIR/keys
	cp "$keys"/* .
	failed=
}

@test "DER: every kind that openssl writes is read, from a file and through a pipe" {
	cd "$BATS_FILE_TMPDIR/der"
	for file in *; do
		print=$(print "$keys/${file%.*}.pub")
		xferkey fpr -c "$print" -P env:PW "$file"
		# the first read(2) returns only a few bytes
		{ head -c 1; sleep .01; cat; } <"$file" | xferkey fpr -F -c "$print" -P env:PW
		case $file in
		*.spki | *.public) says 2 "$file: a public key, not a private one" xferkey privfmt "$file" ;;
		*.traditional) equal "$(told "$file" | cut -f 1)" PEM ;;
		*) equal "$(told "$file" | cut -f 1)" PKCS8 ;;
		esac
		echo "$file" >>"$HOME/files"
	done
	[ "$(wc -l <"$HOME/files")" -ge 13 ]
	xferkey pubfmt -P env:PW -C 'its comment' ecdsa.traditional ecdsa.spki ecdsa.encrypted |
		cmp - <(cat "$keys"/ecdsa.pub{,,})
	xferkey fips-convert -P env:PW -N none -o "$HOME/new" rsa.encrypted
	cmp "$HOME/new" "$keys/rsa-PKCS8"
}

@test "DER: a file that is not exactly one key is refused" {
	cp "$BATS_FILE_TMPDIR"/der/* .
	for file in rsa.p8 ecdsa.traditional ed25519.spki; do
		{ cat "$file"; echo; } >newline
		cat "$file" "$file" >twice
		head -c -1 "$file" >short
		{ printf '\60\200'; tail -c +3 "$file"; printf '\0\0'; } >indefinite
		for bad in newline twice short indefinite; do
			refuses "$bad: " xferkey fpr "$bad"
			says 2 "$bad: no key in it" xferkey fpr -F "$bad"
		done
	done
	openssl req -x509 -key ed25519-PKCS8 -subj /CN=jane -outform DER -out certificate
	openssl pkcs12 -export -inkey ed25519-PKCS8 -nocerts -passout env:PW -out pkcs12
	for bad in certificate pkcs12; do
		says 2 "$bad: not an SSH key" xferkey fpr "$bad"
	done
	# the right outline, but too large
	{ printf '\60\203\20\0\0\2\202\377\377'; head -c 1048571 /dev/zero; } >large
	says 2 'large: too large' xferkey fpr large
	{ printf '\60\202\1\0\2\1\0\2\201\372'; head -c 250 /dev/zero | tr '\0' '\377'; } >negative
	says 2 'negative: malformed key' xferkey fpr negative
}

@test "text that begins with the digit 0 is read as text, not as DER" {
	printf '0.0.0.0 %s\n' "$(cat ed25519.pub)" >hosts
	xferkey fpr -c "$(print ed25519.pub)" hosts
	for text in "$(printf '0%.0s' {1..50})" $'0*0\n' 0; do
		printf %s "$text" >zeros
		says 2 'zeros: not an SSH key' xferkey fpr zeros
	done
}

# escaped BEFORE AFTER: prints standard input as one line with "
# " for each line end, between BEFORE and AFTER.
escaped() {
	printf '%s%s\\n%s\n' "$1" "$(sed ':a; N; $!ba; s/\n/\\n/g')" "$2"
}

# The damage. Columns: a name; the kinds of files that are damaged; the kinds that ssh-keygen then refuses; the kinds
# that the strict reader refuses; what -F repairs; the command. Kinds:
#   p: short public line; P: long public line; 4: RFC 4716; O: OPENSSH;
#   T: traditional PEM; D: the same with DEK-Info; 8: PKCS#8; X: PPK.
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
		around;p4OT8X;p4OT8;p4OT8X;text around;{ printf 'Dear Jane,\n\nmy key: '; cat; printf -- '-- \nJoe, who has two\n'; }
		lines-around;p4OT8X;4O;p4X;text around;{ echo 'Dear Jane, use this:'; cat; echo Yours; }
		mail;p4OT8X;4OT8;p4OT8X;quoting, text around;{ echo 'Joe wrote:'; sed 's/^/> /'; echo 'Thank you.'; }
		yaml;p4OT8X;4OT8;p4OT8X;indentation, text around;{ echo 'key: |'; sed 's/^/    /'; }
		quotes;p4OT8X;p4OT8;p4OT8X;quotation marks;{ printf '"'; printf %s "$(cat)"; printf '"\n'; }
		assigned;pP;pP;pP;quotation marks, text around;{ printf 'public_key = "'; printf %s "$(cat)"; printf '"\n'; }
		blanks;OTD84;OTD84;OTD84;all in one line;tr '\n' ' '
		ppk-blanks;X;;X;all in one line, trailing blanks;tr '\n' ' '
		joined;OTD84X;OTD84;OTD84X;all in one line;tr -d '\n'
		variable;OTD84;OTD84;OTD84;quotation marks, all in one line;escaped '"' '"'
		json;OTD84;OTD84;OTD84;text around, all in one line;escaped '{"key": "' '"}'
		hard-spaces;p4OT8X;p4OT8;p4OT8X;non-breaking spaces;sed 's/ /\xc2\xa0/g'
		invisible;p4OT8X;p4OT8;p4OT8X;invisible characters;sed 's/^\(.\)\(.*\)$/\xef\xbb\xbf\1\xe2\x80\x8b\2\xe2\x80\x8b/'
		folded;PX;P;PX;broken lines;fold -w 72
		narrow;pP;pP;pP;broken lines;fold -w 60
		quoted-folded;PX;P;PX;quoting, broken lines;fold -w 70 | sed 's/^/> /'
		flowed;pX;p;pX;broken lines;fold -s -w 64 | sed 's/ $//'
		soft;pP;pP;pP;quoted-printable, broken lines;python3 -m quopri
		folded-body;OTD8;D;;;fold -w 60
		cr;p4OT8X;OT8;4OT8X;line ends;tr '\n' '\r'
		trailing;pOTD8;O;;;sed 's/$/ \t /'
		dashes;4OTD8;OTD8;4OTD8;dashes;sed 's/^-----/\xe2\x80\x94\xe2\x80\x93-/; s/----*$/\xe2\x80\x94/'
		few-dashes;OTD8;OTD8;OTD8;dashes;sed '1s/^-//; $s/--$//'
		printable;OTX;OT;OTX;quoted-printable;python3 -m quopri
		double;4DX;D;4DX;empty lines;sed G
	END
}

declare -gA file_of=([p]=ed25519.pub [P]=rsa.pub [4]=rsa-RFC4716 [O]=ed25519 [T]=ecdsa-PEM [D]=rsa-PEM-locked
	[8]=rsa-PKCS8 [X]=ecdsa-PPK3)

# do_harm KIND: reads name, what, theirs, ours and command; makes name.KIND, and checks that ssh-keygen refuses it as
# the table says.
do_harm() {
	local file=$name.$1 got=0 want=0
	eval "$command" <"${file_of[$1]}" >"$file"
	[ -z "$what" ] || echo "xferkey-fpr: $file: repaired: $what" >>said.wanted
	[[ $ours = *$1* ]] && echo "$file" >>refused || echo "$file" >>accepted
	case $1 in
	[pP]) ssh-keygen -l -f "$file" ;;
	4) ssh-keygen -i -f "$file" ;;
	X) return ;;
	*) ssh-keygen -y -P "$PW" -f "$file" ;;
	esac >/dev/null 2>&1 || got=1
	[[ $theirs != *$1* ]] || want=1
	[ "$got" -eq "$want" ] || failed="$failed ssh-keygen:$file"
}

@test "each kind of damage is read with -F only, and each repair is reported" {
	need python3
	trap - DEBUG # the trace of bats slows this loop down
	while IFS=';' read -r name kinds theirs ours what command; do
		for ((i = 0; i < ${#kinds}; i++)); do
			do_harm "${kinds:i:1}"
		done
	done < <(damage)
	for kind in p P 4 O T D 8 X; do
		file=${file_of[$kind]%%[-.]*}
		set -- *."$kind"
		xferkey fpr -F -P env:PW -c "$(print "$file.pub")" "$@" >out 2>>said || failed="$failed $kind"
		equal "$(wc -l <out)" $#
	done
	# another test checks the line numbers of text around a key
	sort said.wanted | diff - <(sed 's/\(text around\) ([^)]*line [0-9]*)/\1/' said | sort)
	run -123 --separate-stderr xargs xferkey fpr -P env:PW <refused
	# a refused file may still contain a whole key
	cat ./*.pub | xferkey fpr | cut -d ' ' -f 2 | sort -u >prints
	equal "$(cut -d ' ' -f 2 <<<"$output" | sort -u | comm -23 - prints)" ''
	cut -d : -f 2 <<<"$stderr" | tr -d ' ' | uniq | diff refused -
	xargs xferkey fpr -P env:PW <accepted
	equal "$failed" ''
	# the comment is complete too
	xferkey pubfmt -F ./*.p 2>/dev/null | uniq | cmp - ed25519.pub
}

@test "-F: an undamaged file passes unchanged, without a message" {
	for file in *; do
		xferkey fpr -P env:PW "$file" >>../strict
	done
	xferkey fpr -F -P env:PW ./* 2>../said | cmp - ../strict
	{
		printf '\357\273\277# two of mine\r\n'
		sed 's/$/\r/' ed25519.pub
		printf 'from="192.0.2.7",command="echo \\"ssh-rsa AAAA\\" x" %s\n\n' "$(cat ecdsa.pub)"
		printf 'ssh-new@host.example %s\n' "$(printf '\0\0\0\20ssh-new@host.example' | sed 's/\x10/\x14/' | base64)"
		printf '#%s\n' "$(cat rsa.pub)"
		for comment in '-----BEGIN RSA PRIVATE KEY-----' 'x -----END RSA PRIVATE KEY-----' 'PuTTY-User-Key-File-3: x'; do
			echo "$(blob ecdsa.pub) $comment"
		done
	} >list
	xferkey fpr list >strict
	[ "$(wc -l <strict)" -eq 6 ]
	xferkey fpr -F list 2>>../said | cmp - strict
	# text that only looks like quoted-printable
	{ echo '#='; echo "$(blob ed25519.pub) a=3Db"; } >equals
	xferkey pubfmt -F equals 2>>../said | cmp - <(tail -n 1 equals)
	[ ! -s ../said ]
	{ echo 'see https://host.example/?a=3D1'; cat rsa-PEM ecdsa-PEM; } >url
	says 0 'url: repaired: text around' xferkey fpr -F url
	[ "$(wc -l <../out)" -eq 2 ]
}

@test "-F: UTF-16 is read to its last character, and quoted-printable only where it is that" {
	need python3
	key=$(blob ed25519.pub)
	python3 - "$key" <<-'END'
		import sys
		def put(name, text, codec, mark=b""):
		    open(name, "wb").write(mark + text.encode(codec, "surrogatepass"))
		for order, mark in ("le", b"\xff\xfe"), ("be", b"\xfe\xff"):
		    put("whole." + order, sys.argv[1] + " \u00e9\u20ac\U0001d11e\ufeffx\n", "utf-16-" + order, mark)
		    put("halves." + order, sys.argv[1] + " \ud834x\udd1e\ud834", "utf-16-" + order, mark)
		    put("tab." + order, "\t\r\n" + sys.argv[1], "utf-16-" + order)
		    put("accent." + order, "\u00e9 " + sys.argv[1], "utf-16-" + order)
	END
	while IFS='|' read -r name comment said; do
		for order in le be; do
			run -0 xferkey pubfmt -F "$name.$order"
			equal "$output" "xferkey-pubfmt: $name.$order: repaired: $said"$'\n'"$key$comment"
			says 2 "accent.$order: no key in it" xferkey pubfmt -F "accent.$order"
		done
	done <<-'END'
		whole| é€𝄞x|UTF-16, invisible characters
		halves| ?x??|UTF-16
		tab||UTF-16
	END
	# base64 that ends with =, and text with a bare =
	{ echo 'a = b'; sed 's/=/=3D/g' ecdsa-PEM; } >bare
	says 2 'bare: ' xferkey fpr -F bare
	for word in quoted-printable Quoted-Printable; do
		{ echo "Content-Transfer-Encoding: $word"; cat bare; } >header
		says 0 'header: repaired: quoted-printable, text around' xferkey fpr -F -c "$(print ecdsa.pub)" header
	done
	printf '%s a=3Db=\r\n.c=3D=\n' "$key" >soft
	equal "$(xferkey pubfmt -F soft 2>&1)" "xferkey-pubfmt: soft: repaired: quoted-printable"$'\n'"$key a=b.c="
	for comment in a=3Db=3G a=3Db=G3 a=3Db=3; do
		printf 'my key:\n\n%s %s\n' "$key" "$comment" >plain
		equal "$(xferkey pubfmt -F plain 2>/dev/null)" "$key $comment"
	done
	printf 'see a=3Db\n-----BEGIN X-----\nAAA=\n-----END X-----\n\n%s c=41\n' "$key" >padded
	equal "$(xferkey pubfmt -F padded 2>/dev/null)" "$key c=41"
}

@test "-F: broken lines are joined until the key is complete, and no further" {
	p=$(print rsa.pub) q=$(print ed25519.pub)
	fold -w 70 rsa.pub >folded
	blob rsa.pub | fold -w 70 >bare
	cat folded ed25519.pub bare ed25519.pub folded bare bare >several
	says 0 'several: repaired: broken lines' xferkey fpr -F several
	equal "$(cut -d ' ' -f 2 ../out | tr '\n' ' ')" "$p $q $p $q $p $p $p "
	{ cat bare; echo regards Jane; } >text
	xferkey pubfmt -F text 2>said | cmp - <(blob rsa.pub)
	# a line may end between the two "=" that end a blob
	blob ecdsa.pub | sed 's/==$/=\n=/' >apart
	[ "$(wc -l <apart)" -eq 2 ]
	xferkey pubfmt -F apart 2>said | cmp - <(blob ecdsa.pub)
	# a joined key has the line number of its first piece; the lines after it keep their numbers
	{ cat folded; echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA'; } >half
	run -2 --separate-stderr xferkey fpr -F half
	equal "${stderr_lines[*]#xferkey-fpr: half: }" "repaired: broken lines line $(($(wc -l <folded) + 1)): malformed key"
}

@test "-F: a key with a missing or wrong piece is refused, in one line" {
	fold -w 70 rsa.pub >folded
	{ sed 3d folded; cat ed25519.pub; } >lacks-one
	{ cut -c 1-90 rsa.pub; printf 'Best regards\nJane\n'; cat ed25519.pub; } >regards
	sed 's/^ssh-rsa/ssh-dss/' folded >other-type
	sed 's/^/> /; 4s/./!/9' ed25519 >foreign
	sed '1s/OPENSSH/RSA/' ed25519 | tr '\n' ' ' >labels
	sed 3d ed25519 | sed 's/^/  /' >short
	sed '$d' rsa-PEM | tr '\n' ' ' >unended
	sed '4s/.$//; s/^/> /' ecdsa-PPK3 >ppk
	sed '$d' ecdsa-PPK3 >ppk-unended
	head -c 777 rsa-PEM | iconv -t UTF-16LE >utf16
	for file in other-type foreign labels short ppk; do
		refuses "$file: malformed key" xferkey fpr -F "$file"
	done
	# the key after the damaged one is still read
	for file in lacks-one regards; do
		run -2 --separate-stderr xferkey fpr -F "$file"
		equal "$(cut -d ' ' -f 2 <<<"$output")" "$(print ed25519.pub)"
		equal "${stderr_lines[0]}" "xferkey-fpr: $file: malformed key"
	done
	for file in unended ppk-unended utf16; do
		refuses "$file: truncated" xferkey pubfmt -F "$file"
	done
	# four numbers of 40000 bytes each
	{
		printf '\0\0\0\7ssh-dss'
		for n in 1 2 3 4; do
			printf '\0\0\234\100'
			head -c 40000 /dev/zero
		done
	} | base64 -w 70 | sed '1s/^/ssh-dss /' >large
	refuses 'large: malformed key' xferkey fpr -F large
	begin='---- BEGIN SSH2 PUBLIC KEY ----'
	for text in "$begin\\${begin/BEGIN/END}" "${begin}x${begin/BEGIN/END}" "${begin#---- } it begins" "it is ${begin#---- }"; do
		echo "$text" >text
		refuses 'text: no key in it' xferkey fpr -F text
	done
}

# harms FILE: reads rows "message|command": the command damages FILE, and fpr -F says this message, which is one of a
# repair, empty, or that of a refusal.
harms() {
	while IFS='|' read -r said command; do
		eval "$command" <"$1" >harmed
		case $said in
		'') equal "$(xferkey fpr -F -c "$(print "${1%%[-.]*}.pub")" harmed 2>&1 | wc -l)" 1 ;;
		repaired*) says 0 "harmed: $said" xferkey fpr -F -P env:PW -c "$(print "${1%%[-.]*}.pub")" harmed ;;
		*) says 2 "$said" xferkey fpr -F -P env:PW harmed ;;
		esac
	done
}

@test "-F: of boundaries and blanks, each damage is repaired, or refused as what it is" {
	lost=': the end of a key whose first line is missing or damaged'
	for char in '\xe2\x88\x92' '\xe2\x80\xa6' '\xe2\x80\x83' '\xe2\x80' '\xe2'; do
		harms ecdsa-PEM <<-END
			$lost|sed '1s/-*\$/$char/'
			$lost|sed '1s/^-*/$char/'
		END
	done
	harms ecdsa-PEM <<-'END'
		|sed '2s/^...../&\t/'
		repaired: text around|sed '2s/^...../&\t/; 1s/^/my key:\n\n/'
		repaired: all in one line|sed ':a; N; $!ba; s/\n/\\r\\n/g'
		repaired: all in one line|tr '\n' '\t'
		malformed key|sed '2s/^...../&\\x/'
		malformed key|sed '2s/$/\\/'
		malformed key|sed '2,4d; 1s/$/\nAAAA/'
	END
	harms rsa-RFC4716 <<-'END'
		repaired: dashes|sed 's/^---- /----/; s/ ----$/----/'
		: the end of a key whose first line is missing or damaged|sed '1s/^---- //'
		repaired: text around (line 1), all in one line|escaped '{"key": "' '"}'
		repaired: empty lines|sed '2s/.*/Comment: "a\\\n\n"/'
		malformed|sed -n '1p; 2s/$/\\/p; $p'
		no key in it|sed -n '1s/$/ A ---- END SSH2 PUBLIC KEY ----/p'
	END
	harms rsa-PEM-locked <<-'END'
		repaired: all in one line|tr '\n' ' '
		no key in it|sed 's/DEK-Info: [^,]*/DEK-Info: FOO-CBC/' | tr '\n' ' '
	END
}

@test "-F: a key line that is damaged in several ways is joined whole, or refused" {
	ssh-keygen -q -s ecdsa -I id -n jane -z 7 ed25519.pub
	cut -d ' ' -f 1,2 ed25519-cert.pub | fold -w 70 >folded
	says 0 'folded: repaired: broken lines' xferkey fpr -F -c "$(print ed25519-cert.pub)" folded
	harms ed25519.pub <<-'END'
		repaired: text around|printf '{"key": "%s\\n", "x": 1}\n' "$(cat)"
		malformed key|sed 's/ /\n/; s/.\{20\}$//; s/ .*//' | sed '2s/.\{20\}$//'
	END
	sed 's/^\(.\{50\}\)[^ ]*/\1/' ed25519.pub >short
	says 2 'short: malformed key' xferkey fpr short
	# PPK: a number of lines before a digit of base64; other versions and headers
	for ((i = 0; i < 100; i++)); do
		NEW=$i xferkey privfmt -m PPK2 -N env:NEW -o "ppk$i" ecdsa 2>/dev/null
		! sed -n '/^Private-Lines/{n; p}' "ppk$i" | grep -q '^[0-9]' || break
	done
	tr -d '\n' <"ppk$i" >joined
	NEW=$i says 0 'joined: repaired: all in one line' xferkey fpr -F -P env:NEW -c "$(print ecdsa.pub)" joined
	harms ecdsa-PPK3 <<-'END'
		truncated: its last line is missing|{ echo 'PuTTY-User-Key-File-9: x'; cat; }
		repaired: text around|{ echo 'PuTTY-User-Key-File-3 is its format.'; echo; cat; }
		|sed 's/^Private-MAC: /Private-Hash: /'
		its MAC does not match|sed 's/^Comment: .*/Comment: my x-Lines: 1/' | tr -d '\n'
	END
}

@test "-F: a PPK ends with its MAC line, whatever follows" {
	print=$(print ecdsa.pub)
	cp ecdsa-PPK3 three
	xferkey privfmt -m PPK2 -o two ecdsa
	for file in two three; do
		{ sed 's/^/> /' "$file"; echo '> added by Jane'; } >behind
		says 0 'behind: repaired: quoting, text around' xferkey fpr -F -c "$print" behind
		for ((n = 1; n <= $(wc -l <"$file"); n++)); do
			sed "${n}s/^/> /" "$file" >line
			says 0 'line: repaired: quoting' xferkey fpr -F -c "$print" line
		done
	done
}

@test "-F: text that only mentions keys is not a key" {
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
	printf '# %s\n' "$(cat ed25519.pub)" >comment
	iconv -t UTF-16LE prose >utf16
	: >empty
	for file in comment utf16 empty; do
		says 2 "$file: no key in it" xferkey fpr -F "$file"
	done
	cat prose ecdsa-PEM >both
	says 0 'both: repaired: text around' xferkey fpr -F both
	equal "$(cut -d ' ' -f 2 ../out)" "$(print ecdsa.pub)"
}

@test "-F: the message says how many lines of text are left out, and the first of them" {
	key=$(cat ed25519.pub)
	printf '%s\n' "$key" '' 'Yours,' '' 'Jane' >end
	says 0 'end: repaired: text around (2 lines, the first is line 3)' xferkey fpr -F end
	printf '> %s\n' 'Dear Jane,' '# no comment' "$(cat ecdsa-PEM)" "$key" bye >quoted
	says 0 'quoted: repaired: quoting, text around (' xferkey pubfmt -F quoted
	printf 'it is "%s", and no other\n' "$key" >line
	says 0 'line: repaired: text around (line 1)' xferkey fpr -F line
	{ printf '%s' "$key" | sed 's/.\{60\}/&=\n/g'; printf '\n=E2=80=9Cbye=E2=80=9D\n'; } >printable
	says 0 'printable: repaired: quoted-printable, text around, broken lines' xferkey fpr -F printable
}

@test "-F: each of several keys on one line is read" {
	a=$(blob ed25519.pub) b=$(blob ecdsa.pub) c=$(blob rsa.pub)
	printf '<p>%s a</p><p>%s b</p><!-- %s -->\n' "$a" "$b" "$c" >html
	printf '["%s", "%s",%s]\n' "$a" "$b" "'$c'" >json
	printf '<div title="%s"><p>My key:</p>%s b</div> `%s`\n' "$a" "$b" "$c" >attribute
	printf '"%s" and "%s" and %s\n' "$(sed 's/.\{50\}/&\n/' <<<"$a")" "$b" "$c" >broken
	printf '<p>%s</p> "%s" %s\n' "$a" "$b" "$(xferkey pubfmt -m RFC4716 <<<"$c" | tr '\n' ' ')" >rfc4716
	printf '"%s" <p>%s</p> %s\n' "$a" "$b" "$(xferkey pubfmt -m PKCS8 <<<"$c" | tr '\n' ' ')" >pem
	{ printf '"%s" <p>%s</p> ' "$a" "$b"; xferkey privfmt -m PPK2 rsa-PEM; } >ppk
	for file in html json attribute broken rfc4716 pem ppk; do
		says 0 "$file: repaired: " xferkey pubfmt -F "$file"
		cut -d ' ' -f 1,2 ../out | diff - <(printf '%s\n' "$a" "$b" "$c")
		equal "$(xferkey fpr -F "$file" 2>/dev/null | wc -l)" 3
	done
}

@test "-F: each file has one message of its repairs, with the name of the file" {
	sed 's/^/> /' {ed25519,ecdsa}.pub ecdsa-PEM >quoted
	iconv -t UTF-16LE rsa.pub >utf16
	run -0 --separate-stderr xferkey fpr -F quoted ed25519.pub utf16 - <quoted
	equal "${#lines[@]} ${stderr_lines[*]#xferkey-fpr: }" \
		'8 quoted: repaired: quoting utf16: repaired: UTF-16 standard input: repaired: quoting'
}

@test "strict: the error names -F only if -F can read the file" {
	public=$(cat ed25519.pub)
	while IFS='|' read -r line text; do
		printf "$text\n" "$public" >file
		says 2 "file: ${line}not an SSH key as it stands (pubfmt -F or import reads it)" xferkey fpr file
		equal "$(xferkey fpr -F file 2>&- | cut -d ' ' -f 1,2)" "$(xferkey fpr ed25519.pub | cut -d ' ' -f 1,2)"
	done <<-'END'
		|<p>%s</p>
		|<td>%s<br></td>
		|\342\200\234%s\342\200\235
		line 2: |\n\357\273\277%s
		|key=%s
		|"%s
		lines 1 to 3: |Hello,\n\nmy key:\n> %s
		|Hello,\n\n   "%s"\n
	END
	tr '\n' ' ' <ecdsa-PEM >one-line
	sed 's/^/> /' ecdsa-PEM >quoted
	fold -w 60 rsa.pub >folded
	fold -s -w 60 ed25519.pub >flowed
	{ printf 'my key: '; cat ecdsa-PEM; } >behind
	{ echo; printf '  here: %s' "$(cat ecdsa-PEM)"; } >indented
	tr '\n' '\r' <ecdsa-PPK3 >ppk-cr
	tr '\n' '\t' <ecdsa-PPK3 >ppk-tabs
	sed G ecdsa-PPK3 >ppk-double
	sed 's/$/\r\r/' ecdsa-PPK3 >ppk-crcrlf
	sed 's/=/=3D/g' ecdsa-PPK3 >ppk-printable
	sed 's/=/=3D/g; 2s/..../&=\n/' ecdsa-PEM >pem-printable
	sed G rsa-RFC4716 >double
	for file in one-line quoted folded flowed behind indented double {ppk,pem}-*; do
		place=$file
		[ "$file" != indented ] || place='indented: line 2'
		refuses "$place: not an SSH key as it stands (" xferkey fpr "$file"
	done
	says 2 'folded: not an SSH key as it stands' xferkey pubfmt folded
	says 2 'behind: not an SSH key as it stands' xferkey privfmt -o new behind
	while IFS= read -r text; do
		printf "$text\n" >file
		says 2 'not an SSH key' xferkey fpr file
		run ! grep -e -F ../err
		run ! xferkey fpr -F file
	done <<-'END'
		> hello
		   x
		"ssh-rsa"
		<p>ssh-rsa AAAA</p>
		x -----BEGIN RSA PRIVATE KEY-----
		h\000e\000l\000l\000o\000
	END
	{ echo hello; cat double; } >text-double
	says 2 "text-double: not an SSH key as it stands" xferkey fpr text-double
	printf 'hello\n\0"%s"\n' "$public" >nul
	says 2 'nul: not an SSH key as it stands' xferkey fpr nul
	{ iconv -t UTF-16 ed25519.pub; head -c 1100000 /dev/zero; } >utf16
	says 2 'utf16: UTF-16 text' xferkey fpr utf16
	{ echo 'Dear Jane,'; cat ed25519.pub; } >text
	says 2 'text: not an SSH key' xferkey fpr text
	run ! grep -e -F ../err
	# neither a comment nor an empty line is the rest of a key line
	for next in '# x' '' ' '; do
		printf '%s\n%s\n' "$(cut -c 1-60 ed25519.pub)" "$next" >cutoff
		refuses 'cutoff: malformed key' xferkey fpr cutoff
	done
	# a line that is cut off, not wrapped: the other keys are read
	{ cut -c 1-60 ed25519.pub; cat ecdsa.pub; cut -c 1-60 rsa.pub; } >half
	run -2 --separate-stderr xferkey fpr half
	equal "${#lines[@]} ${stderr_lines[*]#xferkey-fpr: half: }" '1 malformed key line 3: malformed key'
}

@test "strict: the attributes that openssl pkcs12 writes before a key are skipped" {
	openssl req -x509 -key rsa-PEM -subj /CN=jane -out certificate
	openssl pkcs12 -export -inkey rsa-PEM -in certificate -name "jane's" -passout env:PW -out named
	openssl pkcs12 -export -inkey rsa-PEM -nocerts -passout env:PW -out bare 2>/dev/null
	for file in named bare; do
		openssl pkcs12 -in "$file" -nocerts -passin env:PW -nodes >plain
		openssl pkcs12 -in "$file" -nocerts -passin env:PW -passout env:PW >encrypted
		grep '^Bag Attributes' plain
		xferkey fpr -P env:PW -c "$(print rsa.pub)" plain encrypted
		equal "$(told encrypted | cut -f 1,2)" 'PKCS8	aes256-cbc'
	done
	# among several keys any other text is an error
	{ sed 's/^Key Attributes.*/Keys:/' plain; cat plain; } >other
	says 2 'other: line 2: not an SSH key' xferkey fpr other
	{ sed '/^Bag Attributes/d' plain; cat plain; } >headless
	says 2 'headless: not an SSH key' xferkey fpr headless
	sed '/^-/,$d' plain >only
	says 2 'only: no key in it' xferkey fpr only
}

@test "strict: a key line inside a certificate is read" {
	{ echo '-----BEGIN CERTIFICATE-----'; cat ed25519.pub; echo '-----END CERTIFICATE-----'; } >list
	run -2 --separate-stderr xferkey pubfmt list
	equal "$output" "$(cat ed25519.pub)"
	equal "${stderr_lines[*]#xferkey-pubfmt: list: }" \
		'malformed key line 3: the end of a key whose first line is missing or damaged'
}

@test "strict: a key after a block that is too large or has another block in it is read" {
	begin='---- BEGIN SSH2 PUBLIC KEY ----'
	{ echo "$begin"; head -c 1200000 /dev/zero | tr '\0' A | fold -w 70; echo; cat ed25519.pub; } >large
	printf -- '%s\nAAAA\n-----BEGIN NOTHING-----\n%s\n' "$begin" "$(cat ed25519.pub)" >other
	{ tail -n 1 rsa-PEM; sed G rsa-RFC4716; cat ed25519.pub; } >unbegun
	while IFS='|' read -r file fact; do
		says 2 "$file: $fact" xferkey fpr "$file"
		equal "$(cut -d ' ' -f 2 ../out)" "$(print ed25519.pub)"
	done <<-END
		large|too large: a key has at most 1 MiB
		other|truncated
		unbegun|lines 1 to 2: the end of a key whose first line is missing
	END
	for line in 'Private-Lines: 1' 'Private-MAC: 12' 'Private-Hash: 12'; do
		echo "$line" >end
		refuses 'end: the end of a key whose first line is missing' xferkey fpr end
	done
}

# around: makes files to put before or after a private key, and key, key8 and keyo: one key in PEM, PKCS8 and OPENSSH.
around() {
	cp rsa-PEM key
	cp rsa-PKCS8 key8
	cp rsa keyo
	openssl req -x509 -key key -subj /CN=jane -out certificate
	cat certificate certificate >chain
	openssl rsa -in key -noout -text >numbers 2>/dev/null
	openssl rsa -in key -pubout -out spki 2>/dev/null
	openssl rsa -in key -RSAPublicKey_out -out pkcs1 2>/dev/null
	openssl ecparam -name prime256v1 -out parameters
	cp rsa.pub line
	cp ed25519.pub other-line
	printf '   Dear Jane,\n\n> I send\tyou\n"this":\n' >letter
	printf 'caf\303\251 \351\0\1\n' >bytes
}

@test "strict: text and public keys around a private key are skipped, as ssh does" {
	around
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
		! xferkey fips-convert -N none "$file" >new 2>/dev/null || ours=$(blob line)
		case $file in
		# libssh2 alone skips text before OPENSSH
		*-keyo*) ssh=$(blob line) ;;
		esac
		[ "$ssh" = "$ours" ] || failed="$failed $file"
		if [ -n "$ours" ]; then
			count=$((count + 1))
			cmp new key8
			equal "$(told "$file" | wc -l)" 1
		else
			run ! told "$file"
		fi
	done
	equal "$failed $count" ' 92'
	# as the file of one key too, if no public key is in it
	for file in pkcs12 text certificate-key chain-key8 numbers-key keyo-letter key8-bytes letter-key-letter; do
		equal "$(xferkey fpr "$file" | cut -d ' ' -f 2)" "$(print line)"
		xferkey pubfmt -C x "$file" | cmp - <(xferkey pubfmt -C x line)
		xferkey fpr -F "$file" >/dev/null 2>&1
	done
	says 0 'letter-key: repaired: text around' xferkey fpr -F letter-key
}

@test "strict: text in a list, or with a second private key, is refused" {
	around
	cat key letter keyo >two
	cat letter key key8 >text-two
	{ cat letter key; sed 's/^/> /' key8; } >quoted-second
	{ cat letter key; sed '$d' key8; } >half-second
	{ cat letter key; tail -n 3 key8; } >end-of-second
	{ cat letter key; echo 'PuTTY-User-Key-File-3: ssh-rsa'; } >putty
	{ cat letter key; echo 'it begins with -----BEGIN RSA PRIVATE KEY-----'; } >spoken-of
	for file in text-two quoted-second half-second end-of-second putty spoken-of; do
		for filter in fips-convert fpr; do
			run -2 xferkey $filter "$file"
			grep -E "^xferkey-$filter: $file: lines? [0-9to ]*: not an SSH key" <<<"$output"
		done
	done
	says 2 'two: lines 28 to 31: not an SSH key' xferkey fips-convert -N none two
	# a second key that is damaged is a second key
	{ cat key; sed 3d keyo; } >damaged
	refuses 'damaged: line 28: more than one key in it' xferkey fips-convert -N none -o new damaged
	[ ! -e new ]
	# a list of public keys, with or without a private key in it
	cat line letter other-line >list
	cat line letter key >with-private
	for file in list with-private; do
		run -2 --separate-stderr xferkey fpr "$file"
		[[ $stderr = "xferkey-fpr: $file: lines 2 to 5: "* ]]
	done
	cat spki letter key >pem-list
	run -2 --separate-stderr xferkey fpr pem-list
	equal "$(grep -c 'not an SSH key' <<<"$stderr")" 1
	# without a key, the text does not look like the beginning of one
	says 2 'numbers: not an SSH key' xferkey fpr numbers
	says 2 'certificate: no key in it' told certificate
	# a file too large to be read as a whole is read line by line
	{ cat letter; head -c 1048576 /dev/zero | tr '\0' '\n'; cat key; } >large
	says 2 'large: lines 1 to 4: not an SSH key' told large
}
