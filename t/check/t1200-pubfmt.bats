#!/usr/bin/env bats
# pubfmt: what ssh-keygen -e, -i and -y write, byte for byte; where they
# refuse, what openssl writes.

load ../lib/test
load ../lib/keys

setup() {
	need python3 openssl
	private_home
	set -o pipefail
	share make_public_keys
	all=$shared
	share make_own_keys
	own=$shared
}

# each: one key a file, which is all that ssh-keygen -e reads, of those on standard input: some of each type, and
# with XFERKEY_EVERY all. Sets $some to the files.
each() {
	awk -v every="${XFERKEY_EVERY-}" 'every || n[$1]++ < 6' | split -a 3 -l 1 - some.
	some=(some.*)
}

to_full() {
	xferkey "$@" >/dev/full
}

to_closed() {
	xferkey "$@" >&-
}

# ed25519_spki FILE.pub: the key as openssl writes it, from its 32 bytes.
ed25519_spki() {
	{
		printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'
		cut -d ' ' -f 2 "$1" | base64 -d | tail -c 32
	} | openssl pkey -pubin -inform DER -pubout
}

@test "500 keys of every type: lines as ssh-keygen writes them, without options" {
	[ "$(wc -l <"$all/plain")" -ge 500 ]
	xferkey pubfmt "$all/keys" | cmp - "$all/plain"
	xferkey pubfmt -m openssh -C '' <"$all/keys" | cmp - <(cut -d ' ' -f 1,2 "$all/plain")
	xferkey pubfmt -C 'new comment' - <"$all/keys" |
		cmp - <(awk '{ print $1, $2, "new comment" }' "$all/plain")
}

@test "500 keys of every type: RFC4716 as ssh-keygen -e, but for the comment" {
	each <"$all/plain"
	for file in "${some[@]}"; do
		ssh-keygen -e -m RFC4716 -f "$file"
	done | grep -v '^Comment: ' >theirs
	xferkey pubfmt -m RFC4716 -C x "${some[@]}" | grep -vx 'Comment: "x"' | cmp - theirs
	xferkey pubfmt -m rfc4716 -C '' "${some[@]}" | cmp - theirs
	# and back, with the comments
	xferkey pubfmt -m RFC4716 "$all/keys" | xferkey pubfmt | cmp - "$all/plain"
}

@test "RSA, ECDSA, DSA and their certificates: PKCS8 and PEM as ssh-keygen -e" {
	awk '$1 !~ /ed25519|^sk-/' "$all/plain" >numbers
	[ "$(wc -l <numbers)" -ge 200 ]
	each <numbers
	for format in PKCS8 PEM; do
		for file in "${some[@]}"; do
			ssh-keygen -e -m "$format" -f "$file"
		done >theirs
		xferkey pubfmt -m "$format" "${some[@]}" | cmp - theirs
	done
	grep -v -- -cert- numbers >plain
	for format in PKCS8 PEM; do
		xferkey pubfmt -m "$format" plain | xferkey pubfmt | cmp - <(cut -d ' ' -f 1,2 plain)
	done
}

@test "Ed25519: PKCS8 as openssl writes it" {
	grep -m 40 '^ssh-ed25519 ' "$all/plain" >keys
	while read -r line; do
		ed25519_spki <(echo "$line")
	done <keys >theirs
	[ "$(grep -c BEGIN theirs)" -eq 40 ]
	for format in PKCS8 PEM; do
		xferkey pubfmt -m "$format" keys | cmp - theirs
	done
	xferkey pubfmt theirs | cmp - <(cut -d ' ' -f 1,2 keys)
	xferkey pubfmt -m PKCS8 "$own/ed25519-PKCS8" | cmp - <(openssl pkey -in "$own/ed25519-PKCS8" -pubout)
}

@test "a key that a format cannot hold is named, the others are written" {
	grep -m 1 '^sk-ssh-ed25519@' "$all/plain" | cat "$own/rsa.pub" - "$own/ecdsa.pub" >keys
	for format in PKCS8 PEM; do
		says 2 'keys: line 2: this format cannot hold a key of this type' xferkey pubfmt -m "$format" keys
		for type in rsa ecdsa; do
			ssh-keygen -e -m "$format" -f "$own/$type.pub"
		done | cmp - "$BATS_TEST_TMPDIR/out"
	done
	# a name that no line could be known by
	printf -- '---- BEGIN SSH2 PUBLIC KEY ----\nAAAACE9kZF90eXBl\n---- END SSH2 PUBLIC KEY ----\n' >odd
	says 2 'odd: unknown key type' xferkey pubfmt odd
	xferkey pubfmt -m RFC4716 odd | grep AAAACE9kZF90eXBl
}

@test "what ssh-keygen -i reads: the same line, and the file's own comment" {
	for type in rsa ecdsa ed25519; do
		ssh-keygen -e -m RFC4716 -f "$own/$type.pub" >file
		equal "$(xferkey pubfmt -C '' file)" "$(ssh-keygen -i -m RFC4716 -f file)"
		equal "$(xferkey pubfmt file)" "$(blob "$own/$type.pub") $(sed -n 's/^Comment: "\(.*\)"$/\1/p' file)"
		for format in PKCS8 PEM; do
			[ "$type" != ed25519 ] || continue
			ssh-keygen -e -m "$format" -f "$own/$type.pub" >file
			# -i -m PEM is PKCS#1 and nothing else
			theirs=$format
			! grep -q 'BEGIN PUBLIC' file || theirs=PKCS8
			equal "$(xferkey pubfmt file)" "$(ssh-keygen -i -m "$theirs" -f file)"
		done
	done
	openssl rsa -in "$own/rsa-PEM" -RSAPublicKey_out -out file 2>/dev/null
	equal "$(xferkey pubfmt file)" "$(blob "$own/rsa.pub")"
}

@test "RFC 4716 headers: any, folded, quoted or not; CRLF" {
	body=$(xferkey pubfmt -m RFC4716 -C '' "$own/ed25519.pub" | sed '1d;$d')
	while IFS='|' read -r comment headers; do
		printf '%s\n' '---- BEGIN SSH2 PUBLIC KEY ----' >file
		printf %b "$headers" >>file
		printf '%s\n' "$body" '---- END SSH2 PUBLIC KEY ----' >>file
		echo "$headers"
		equal "$(xferkey pubfmt file)" "$(blob "$own/ed25519.pub")${comment:+ $comment}"
		equal "$(sed 's/$/\r/' file | xferkey pubfmt)" "$(xferkey pubfmt file)"
		equal "$(xferkey pubfmt -C '' file)" "$(ssh-keygen -i -f file)"
	done <<-'END'
		|
		jane at home|Comment: "jane at home"\n
		jane at home|comment: jane at home\n
		jane|Subject: me\nComment: "jane"\nx-private: 1\n
		folded over three lines|Comment: "folded \\\nover three\\\n lines"\nSubject: x\\\ny\n
		a "quoted" word|Comment: "a "quoted" word"\n
	END
	# our own are not: PuTTYgen reads none that is
	long=$(printf 'word%.0s ' {1..100})
	xferkey pubfmt -m RFC4716 -C "${long% }" "$own/rsa.pub" >file
	puttygen file -L | grep -F "${long:0:300}"
	equal "$(xferkey pubfmt file)" "$(blob "$own/rsa.pub") ${long% }"
	ssh-keygen -i -f file >/dev/null
}

@test "PuTTYgen reads ours, and we read its" {
	need puttygen
	for type in rsa ecdsa ed25519; do
		puttygen "$own/$type.pub" -O public -o theirs
		xferkey pubfmt theirs | cmp - "$own/$type.pub"
		xferkey pubfmt -m RFC4716 "$own/$type.pub" >ours
		equal "$(puttygen ours -L)" "$(cat "$own/$type.pub")"
	done
}

@test "a private key gives what ssh-keygen -y gives" {
	for type in rsa ecdsa ed25519; do
		xferkey pubfmt "$own/$type" </dev/null | cmp - <(ssh-keygen -y -f "$own/$type")
		xferkey pubfmt "$own/$type" | cmp - "$own/$type.pub"
		xferkey pubfmt -P env:PW "$own/$type-locked" | cmp - <(ssh-keygen -y -P "$PW" -f "$own/$type-locked")
		# without a passphrase all but the comment
		equal "$(xferkey pubfmt "$own/$type-locked" </dev/null 2>&1)" "$(blob "$own/$type.pub")"
		for format in RFC4716 PKCS8; do
			equal "$(xferkey pubfmt -m "$format" "$own/$type")" "$(xferkey pubfmt -m "$format" "$own/$type.pub")"
		done
	done
	for type in rsa ecdsa; do
		for format in PEM PKCS8; do
			xferkey pubfmt "$own/$type-$format" | cmp - <(ssh-keygen -y -f "$own/$type-$format")
			xferkey pubfmt -P env:PW "$own/$type-$format-locked" |
				cmp - <(ssh-keygen -y -P "$PW" -f "$own/$type-$format-locked")
		done
	done
	equal "$(xferkey pubfmt -P env:PW "$own/ed25519-PKCS8-locked")" "$(xferkey pubfmt "$own/ed25519-PKCS8")"
}

@test "an encrypted PEM or PKCS#8 file needs its passphrase" {
	for key in rsa-PEM ecdsa-PKCS8 ed25519-PKCS8; do
		file=$own/$key-locked
		says 2 "$file: encrypted, and no passphrase given (-P source)" xferkey pubfmt "$file"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
		says 2 "$file: wrong passphrase, or a damaged key" xferkey pubfmt -P env:WRONG "$file"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done
	printf '%s\n' "$PW" >pw
	equal "$(xferkey pubfmt -P file:pw "$own/rsa-PEM-locked" "$own/ecdsa-PEM-locked" "$own/ed25519.pub")" \
	    "$(blob "$own/rsa.pub"; blob "$own/ecdsa.pub"; cat "$own/ed25519.pub")"
}

@test "a comment never becomes a second line, or anything a terminal obeys" {
	while IFS='|' read -r comment shown; do
		printf -v comment %b "$comment"
		printf '%s %s\n' "$(blob "$own/ed25519.pub")" "$comment" >key
		for format in OPENSSH RFC4716; do
			xferkey pubfmt -m "$format" key >file
			equal "$(xferkey pubfmt file)" "$(blob "$own/ed25519.pub") $shown"
		done
		says 2 '-C: a comment is one line of printable text' xferkey pubfmt -C "$comment" key
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done <<-'END'
		\x1b[31mred|\033[31mred
		a\rb|a\015b
		a\tb|a\011b
		\xe2\x80\xaegnp|\342\200\256gnp
		\xff|\377
	END
	says 2 '-C: a comment is one line of printable text' xferkey pubfmt -C $'two\nlines' "$own/ed25519.pub"
	ssh-keygen -q -t ed25519 -N '' -C $'\e[31mred' -f private
	equal "$(xferkey pubfmt private)" "$(blob private.pub) \\033[31mred"
	equal "$(xferkey pubfmt -C 'Zoë \ "x"' "$own/ed25519.pub")" "$(blob "$own/ed25519.pub") Zoë \\ \"x\""
}

@test "malformed lines: each is named, the rest is written, status 2" {
	printf '%s\n' "$(cat "$own/rsa.pub")" 'ssh-ed25519 AAAA' "$(cat "$own/ecdsa.pub")" >keys
	says 2 'xferkey-pubfmt: keys: line 2: malformed key' xferkey pubfmt keys
	cat "$own/rsa.pub" "$own/ecdsa.pub" | cmp - "$BATS_TEST_TMPDIR/out"
	{ xferkey pubfmt -m RFC4716 "$own/rsa.pub"; sed 4d "$own/rsa"; cat "$own/ecdsa"; } >keys
	says 2 'malformed key' xferkey pubfmt keys
	cat "$own/rsa.pub" "$own/ecdsa.pub" | cmp - "$BATS_TEST_TMPDIR/out"
	: >empty
	for file in missing . empty "$HOME/none"; do
		says 2 "xferkey-pubfmt: $file: " xferkey pubfmt "$file" "$own/ed25519.pub"
		cmp "$own/ed25519.pub" "$BATS_TEST_TMPDIR/out"
	done
}

@test "-F: the key in a mail, in UTF-16, with hard spaces" {
	{ echo 'Here it is:'; sed 's/^/> /' "$own/rsa.pub"; echo 'Thanks'; } >quoted
	{ printf '\xff\xfe'; iconv -t UTF-16LE "$own/rsa.pub"; } >utf16
	sed 's/ /\xc2\xa0/' "$own/rsa.pub" >spaces
	for file in quoted utf16 spaces; do
		xferkey pubfmt "$file" 2>err && got=0 || got=$?
		[ "$file" = spaces ] || equal "$got $(grep -vc "^xferkey-pubfmt: $file: " err)" '2 0'
		xferkey pubfmt -F "$file" | cmp - "$own/rsa.pub"
	done
}

@test "-R: no PuTTY key in a comment either" {
	for text in 'PuTTY-User-Key-File-3: ssh-ed25519' 'Private-Lines: 1 AAAA'; do
		for end in ' ' '\r' '\f' '\v'; do
			printf "%s$end%s\n" "$(cat "$own/ed25519.pub")" "$text" >key.pub
			says 2 'a private key: only the public half' xferkey pubfmt -R key.pub
			[ ! -s "$BATS_TEST_TMPDIR/out" ]
		done
	done
}

@test "-R: exactly one public key, as a line without options; of anything else nothing" {
	ssh-keygen -q -t ed25519 -N '' -C 'of jane' -f k
	xferkey keygen -t ecdsa -f other
	{ printf '# note\n\ncommand="x",no-pty '; cat k.pub; } >k.options
	for file in k.pub k.options; do
		equal "$(xferkey pubfmt -R "$file")" "$(cat k.pub)"
		equal "$(xferkey pubfmt -R <"$file")" "$(cat k.pub)"
	done
	ssh-keygen -e -f k.pub >k.rfc4716
	equal "$(xferkey pubfmt -R k.rfc4716 | cut -d ' ' -f 1,2)" "$(blob k.pub)"
	cat k.pub other.pub >two
	cat k.pub k >both
	{ cat k.pub; tr '\n' ' ' <other; } >both-lines
	iconv -t UTF-16 other >utf16
	iconv -t UTF-16 k.pub >utf16.pub
	{ echo 'Hello'; cat k.pub; cat k.pub; } >again
	{ cat k.pub; head -c 1100000 /dev/zero | tr '\0' '\n'; } >large
	: >empty
	private='a private key: only the public half, KEY.pub, is for others; if sent, it is compromised: its owner must make another'
	while IFS='|' read -r file fact; do
		says 2 "xferkey-pubfmt: $file: $fact" xferkey pubfmt -R "$file"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done <<-END
		two|more than one public key
		both|$private
		both-lines|$private
		utf16|$private
		other|$private
		again|more than one public key
		large|larger than 1 MiB
		empty|no key in it
		nosuch|No such file
	END
	for more in -F '-m PEM' '-C x' '-P none' 'k.pub'; do
		says 2 '-R takes one file, and no other option but -u goes with it' xferkey pubfmt -R $more k.pub
	done
	says 2 'standard output' to_full pubfmt -R k.pub
	says 2 'standard output' to_closed pubfmt -R k.pub
}

@test "-R: what mail makes of a key is mended, and said" {
	ssh-keygen -q -t rsa -b 2048 -N '' -C 'of jane' -f k
	ssh-keygen -q -t ed25519 -N '' -C 'of jane' -f e
	sed 's/^/> /' k.pub >quoting
	fold -w 70 k.pub >'broken lines'
	iconv -t UTF-16 k.pub >UTF-16
	printf '\342\200\234%s\342\200\235\n' "$(cat e.pub)" >'quotation marks'
	sed 's/^ssh-ed25519 /<p>ssh-ed25519\&nbsp;/; s/$/<br><\/p>/' e.pub >'non-breaking spaces, text around'
	{ echo 'Dear all,'; echo; cat e.pub; printf -- '-- \nJane\n'; } >'text around'
	{ printf 'Hello\r'; tr '\n' '\r' <e.pub; } >'line ends, text around'
	# a whole mail, of which but one part is quoted-printable
	{
		printf 'Content-Type: multipart/mixed; boundary="=_x=="\n\n--=_x==\n'
		printf 'Content-Transfer-Encoding: quoted-printable\n\n'
		sed 's/=/=3D/g; s/.\{70\}/&=\n/g' k.pub
		printf '\n--=_x==--\n'
	} >'quoted-printable, text around'
	for what in quoting 'broken lines' UTF-16 'quotation marks' 'non-breaking spaces, text around' 'text around' 'line ends, text around' \
		'quoted-printable, text around'; do
		says 0 "xferkey-pubfmt: $what: forgiven: $what" xferkey pubfmt -R "$what"
		cmp "$BATS_TEST_TMPDIR/out" k.pub || cmp "$BATS_TEST_TMPDIR/out" e.pub
	done
	# one that sshd reads, and no generator writes
	sed 's/\(AAAA.........\)/\1\r/' e.pub >spelled
	says 2 'white space inside the base64' xferkey pubfmt -R spelled
}

@test "-R: two keys in one line are two, and nothing private passes as a comment or as text" {
	ssh-keygen -q -t ed25519 -N '' -C one -f k
	xferkey keygen -t ecdsa -f other
	xferkey keygen -t ed25519 -m PKCS8 -f pkcs8
	xferkey keygen -t rsa -b 2048 -f pem
	openssl pkcs8 -topk8 -in pem -passout pass:x -out pbes
	while IFS= read -r line; do
		printf '%s\n' "$line" >line
		for how in cat 'sed s/^/>/'; do
			$how line >text
			says 2 'text: more than one public key' xferkey pubfmt -R text
			! xferkey authkeys -f list <text 2>/dev/null || false
		done
	done <<-END
		$(cat k.pub other.pub | tr '\n' ' ')
		$(blob k.pub) $(cut -d ' ' -f 2 other.pub)
		$(blob k.pub) x,$(cut -c 1-60 other.pub)
		environment="X=$(cut -d ' ' -f 2 other.pub)" $(cat k.pub)
		$(blob k.pub) $(xferkey pubfmt -m RFC4716 other.pub | tr '\n' ' ')
		$(blob k.pub) $(xferkey pubfmt -m PKCS8 other.pub | tr '\n' ' ')
	END
	for file in k other pkcs8 pem pbes; do
		for body in "$(sed '/^-/d; q' "$file")" "$(sed -n 2p "$file")" "$(sed -n 2p "$file" | cut -c 1-40)" \
			"$(base64 <"$file" | head -n 1)"; do
			printf '%s %s\n' "$(blob k.pub)" "$body" >line
			printf 'Hello\n%s\n\n> %s\n' "$(cat k.pub)" "$body" >text
			for form in line text; do
				says 2 "$form: a private key" xferkey pubfmt -R $form
				[ ! -s "$BATS_TEST_TMPDIR/out" ]
			done
		done
	done
	[ ! -e list ]
	# what is public is no private key, and a name of a type in a comment no key
	printf '%s my ssh-rsa, not ecdsa-sha2-nistp256\n' "$(blob k.pub)" >line
	xferkey pubfmt -R line | cmp - line
	{ cat k.pub; xferkey pubfmt -m PKCS8 other.pub | sed /-/d; } >text
	says 0 'forgiven: text around' xferkey pubfmt -R text
}

@test "-R: a second public key anywhere in the text, in what is left out too, is more than one" {
	ssh-keygen -q -t ed25519 -N '' -C one -f k
	ssh-keygen -q -t rsa -b 2048 -N '' -C two -f other
	k=$(blob k.pub) other=$(blob other.pub) bare=$(cut -d ' ' -f 2 other.pub)
	while IFS= read -r line; do
		printf '%b\n' "$line" >text
		iconv -t UTF-16 text >utf16
		for file in text utf16; do
			says 2 "$file: more than one public key" xferkey pubfmt -R $file
			[ ! -s "$BATS_TEST_TMPDIR/out" ]
		done
	done <<-END
		<p>$k a</p><p>$other b</p>
		["$k", "$other"]
		["$k", "x", "$bare"]
		<div title="$other"><p>My key:</p>$k b</div>
		<div title="$bare"><p>My key:</p>$k b</div>
		<p>$k</p><!-- <td>ssh-rsa</td><td>$bare</td> -->
		# $other\\nmy key:\\n$k
		my key:\\n$k\\n\\nthe other: $(cut -c 1-70 <<<"$bare")
		<p>$k</p> $(xferkey pubfmt -m RFC4716 other.pub | tr '\n' ' ')
		<p>$k</p> $(xferkey pubfmt -m PKCS8 other.pub | tr '\n' ' ')
	END
	# the same one again, or its beginning, is no second
	printf 'My key begins with %s\n> %s\n<a title="%s">\n' "$(cut -d ' ' -f 2 k.pub | cut -c 1-40)..." "$k" "${k#* }" >text
	says 0 'forgiven: quoting, text around' xferkey pubfmt -R text
	equal "$(cat "$BATS_TEST_TMPDIR/out")" "$k"
}

@test "-R: what lines of base64 encode is looked through, as an attachment" {
	ssh-keygen -q -t ed25519 -N '' -C one -f k
	ssh-keygen -q -t rsa -b 2048 -N '' -m PEM -f pem
	xferkey privfmt -m PPK2 -o ppk k
	{ printf 'Bag Attributes\n    friendlyName: something long\n   localKeyID: 11 22 33 44 55 66\n'; cat pem; } >bag
	{ seq 100; cat ppk; } >late
	{ echo 'My old body was, and this is some text before it:'; sed '1d; $d' k; } >body
	{ echo 'My other key, which is not this one, is here below:'; cat pem.pub; } >other
	{ echo 'The same key that is there, once again, is here below:'; cat k.pub; } >same
	for how in cat 'sed s/^/>/' 'sed G' 'iconv -t UTF-16'; do
		for file in bag late body other; do
			{ cat k.pub; echo 'Content-Transfer-Encoding: base64'; echo; echo word; base64 "$file"; } | $how >text
			fact='a private key: only the public half'
			[ $file != other ] || fact='more than one public key'
			says 2 "text: $fact" xferkey pubfmt -R text
			[ ! -s "$BATS_TEST_TMPDIR/out" ]
		done
	done
	{ cat k.pub; echo; base64 same; head -c 30000 /dev/urandom | base64 -w 64; } >text
	says 0 'forgiven: text around' xferkey pubfmt -R text
	cmp "$BATS_TEST_TMPDIR/out" k.pub
}

@test "-R: a message for another account, or with another fingerprint, is refused" {
	ssh-keygen -q -t ed25519 -N '' -C one -f k
	ssh-keygen -q -t ed25519 -N '' -f old
	k=$(ssh-keygen -lf k.pub | cut -d ' ' -f 2) old=$(ssh-keygen -lf old.pub | cut -d ' ' -f 2)
	for site in '' '--site ihmp'; do
		xferkey -q mail $site --user jane --to a@b.org --replaces "$old" k.pub >sent
		sed 's/^/> /' sent >quoted
		fold -s -w 50 sent | sed 's/^/> > /' >wrapped
		iconv -t UTF-16 sent >utf16
		for file in sent quoted wrapped utf16; do
			xferkey pubfmt -R -u jane $file 2>/dev/null | cmp - k.pub
			xferkey pubfmt -R $file 2>/dev/null | cmp - k.pub
			says 2 "$file: a message for the account jane, not for bob" xferkey pubfmt -R -u bob $file
			[ ! -s "$BATS_TEST_TMPDIR/out" ]
		done
	done
	sed "s|$k|$old|" sent >other
	says 2 "other: its text has the fingerprint $old, and its key $k" xferkey pubfmt -R -u jane other
	{ echo "its fingerprint is (${old})."; cat k.pub; } >other
	says 2 "other: its text has the fingerprint $old, and its key $k" xferkey pubfmt -R other
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
}

@test "usage: wrong words are status 2 and one line" {
	for format in '' SPKI PPK3 'OPENSSH '; do
		says 2 "-m $format: not a format that can be written here" xferkey pubfmt -m "$format" "$own/rsa.pub"
	done
	says 2 'unknown option -y' xferkey pubfmt -y "$own/rsa"
	says 2 '-C: a comment is one line of printable text, at most 1023 bytes' xferkey pubfmt -C "$(printf '%01024d' 1)" "$own/rsa.pub"
}

@test "OpenSSH's own test keys: the private file gives its .pub" {
	vectors=${XFERKEY_VECTORS:-$top/../shared/vectors/openssh}
	if [ ! -d "$vectors" ]; then
		echo '# no vectors' >&3
		return 0
	fi
	cd "$vectors"
	failed='' n=0
	for public in *.pub; do
		stem=${public%.pub}
		case $stem in
		*.param) continue ;;
		esac
		xferkey pubfmt "$public" | cmp - "$public" || failed="$failed $public"
		n=$((n + 1))
		for file in "$stem" "${stem}_pw" "${stem%_1}_n" "${stem%_1}_n_pw"; do
			[ -f "$file" ] || continue
			xferkey pubfmt -P file:pw "$file" | awk '{ print $1, $2 }' | cmp - <(blob "$public") ||
				failed="$failed $file"
			n=$((n + 1))
		done
	done
	equal "$failed" ''
	[ "$n" -ge 40 ]
}
