#!/usr/bin/env bats
# pubfmt writes byte for byte what ssh-keygen -e, -i and -y write; where they refuse, what openssl writes.

load ../lib/keys

setup() {
	need python3 openssl
	private_home
	set -o pipefail
	share make_public_keys
	all=$shared
	share make_own_keys
	cp "$shared"/* .
}

# each: splits the keys on standard input into files of one key, because ssh-keygen -e reads only one: some of each
# type; with XFERKEY_EVERY all. Sets $some to the files.
each() {
	awk -v every="${XFERKEY_EVERY-}" 'every || n[$1]++ < 6' | split -a 3 -l 1 - some.
	some=(some.*)
}

@test "500 keys of every type: lines as ssh-keygen writes them, without options" {
	[ "$(wc -l <"$all/plain")" -ge 500 ]
	xferkey pubfmt "$all/keys" | cmp - "$all/plain"
	xferkey pubfmt -m openssh -C '' <"$all/keys" | cmp - <(cut -d ' ' -f 1,2 "$all/plain")
	xferkey pubfmt -C 'new comment' - <"$all/keys" |
		cmp - <(awk '{ print $1, $2, "new comment" }' "$all/plain")
}

@test "500 keys of every type: RFC4716 as ssh-keygen -e writes it, except for the comment" {
	each <"$all/plain"
	for file in "${some[@]}"; do
		ssh-keygen -e -m RFC4716 -f "$file"
	done | grep -v '^Comment: ' >theirs
	xferkey pubfmt -m RFC4716 -C x "${some[@]}" | grep -vx 'Comment: "x"' | cmp - theirs
	xferkey pubfmt -m rfc4716 -C '' "${some[@]}" | cmp - theirs
	xferkey pubfmt -m RFC4716 "$all/keys" | xferkey pubfmt | cmp - "$all/plain"
}

@test "RSA, ECDSA, DSA and certificates: PKCS8 and PEM as ssh-keygen -e writes them" {
	awk '$1 !~ /ed25519|^sk-/' "$all/plain" >numbers
	[ "$(wc -l <numbers)" -ge 200 ]
	each <numbers
	for format in PKCS8 PEM; do
		for file in "${some[@]}"; do
			ssh-keygen -e -m "$format" -f "$file"
		done >theirs
		xferkey pubfmt -m "$format" "${some[@]}" | cmp - theirs
		grep -v -- -cert- numbers >plain
		xferkey pubfmt -m "$format" plain | xferkey pubfmt | cmp - <(cut -d ' ' -f 1,2 plain)
	done
}

@test "Ed25519: PKCS8 as openssl writes it" {
	grep -m 40 '^ssh-ed25519 ' "$all/plain" >keys
	while read -r line; do
		ed25519_spki <(echo "$line")
	done <keys >theirs
	[ "$(grep -c BEGIN theirs)" -eq 40 ]
	xferkey pubfmt -m PKCS8 keys | cmp - theirs
	xferkey pubfmt -m PEM keys | cmp - theirs
	xferkey pubfmt theirs | cmp - <(cut -d ' ' -f 1,2 keys)
	xferkey pubfmt -m PKCS8 ed25519-PKCS8 | cmp - <(openssl pkey -in ed25519-PKCS8 -pubout)
}

@test "a key that the format cannot hold has a message, and the other keys are written" {
	grep -m 1 '^sk-ssh-ed25519@' "$all/plain" | cat rsa.pub - ecdsa.pub >keys
	for format in PKCS8 PEM; do
		says 2 'keys: line 2: this format cannot hold a key of this type' xferkey pubfmt -m "$format" keys
		for type in rsa ecdsa; do
			ssh-keygen -e -m "$format" -f "$type.pub"
		done | cmp - "$BATS_TEST_TMPDIR/out"
	done
	# a name that could not be recognized at the beginning of a line
	printf -- '---- BEGIN SSH2 PUBLIC KEY ----\nAAAACE9kZF90eXBl\n---- END SSH2 PUBLIC KEY ----\n' >odd
	says 2 'odd: unknown key type' xferkey pubfmt odd
	xferkey pubfmt -m RFC4716 odd | grep AAAACE9kZF90eXBl
	says 2 'odd: this format cannot hold a key of this type' xferkey pubfmt -m PKCS8 odd
}

@test "a file that ssh-keygen -i reads gives the same line, with the file's own comment" {
	for type in rsa ecdsa ed25519; do
		ssh-keygen -e -m RFC4716 -f "$type.pub" >file
		equal "$(xferkey pubfmt -C '' file)" "$(ssh-keygen -i -m RFC4716 -f file)"
		equal "$(xferkey pubfmt file)" "$(blob "$type.pub") $(sed -n 's/^Comment: "\(.*\)"$/\1/p' file)"
		[ "$type" != ed25519 ] || continue
		for format in PKCS8 PEM; do
			ssh-keygen -e -m "$format" -f "$type.pub" >file
			# -i -m PEM reads only PKCS#1
			! grep -q 'BEGIN PUBLIC' file || format=PKCS8
			equal "$(xferkey pubfmt file)" "$(ssh-keygen -i -m "$format" -f file)"
		done
	done
	openssl rsa -in rsa-PEM -RSAPublicKey_out -out file 2>/dev/null
	equal "$(xferkey pubfmt file)" "$(blob rsa.pub)"
}

@test "RFC 4716 headers are read: any name, folded or not, quoted or not, CRLF" {
	need puttygen
	body=$(xferkey pubfmt -m RFC4716 -C '' rsa.pub | sed '1d;$d')
	long=$(printf 'word%.0s ' {1..100})
	long=${long% }
	while IFS='|' read -r comment headers; do
		{
			echo '---- BEGIN SSH2 PUBLIC KEY ----'
			printf %b "$headers"
			printf '%s\n' "$body" '---- END SSH2 PUBLIC KEY ----'
		} >file
		echo "$headers"
		equal "$(xferkey pubfmt file)" "$(blob rsa.pub)${comment:+ $comment}"
		equal "$(sed 's/$/\r/' file | xferkey pubfmt)" "$(xferkey pubfmt file)"
		equal "$(xferkey pubfmt -C '' file)" "$(ssh-keygen -i -f file)"
		# PuTTYgen 0.78 unfolds a header only once, and knows its name in one spelling only
		[[ $headers = *two* || $headers != *Comment:* ]] || equal "$(puttygen -L file | blob /dev/stdin)" "$(blob rsa.pub)"
	done <<-END
		|
		jane at home|Comment: "jane at home"\\n
		jane at home|comment: jane at home\\n
		jane|Subject: me\\nComment: "jane"\\nx-private: 1\\n
		me|x-command: /bin/x\\nComment: me\\n
		me: myself|Comment: "me: myself"\\nx-long: $long\\n
		one two three|Comment: "one \\\\\\ntwo \\\\\\nthree"\\nSubject: x\\\\\\ny\\n
		one two|COMMENT: one \\\\\\ntwo\\nx-a: b\\\\\\nc\\n
		|x-only: "quoted"\\n
		|Comment: ""\\n
		a "quoted" word|Comment: "a "quoted" word"\\n
	END
	# pubfmt does not fold its headers, because PuTTYgen reads no folded one
	xferkey pubfmt -m RFC4716 -C "$long" rsa.pub >file
	puttygen file -L | grep -F "${long:0:300}"
	equal "$(xferkey pubfmt file)" "$(blob rsa.pub) $long"
	ssh-keygen -i -f file >/dev/null
}

@test "PuTTYgen reads the files of pubfmt, and pubfmt those of PuTTYgen" {
	need puttygen
	for type in rsa ecdsa ed25519; do
		puttygen "$type.pub" -O public -o theirs
		xferkey pubfmt theirs | cmp - "$type.pub"
		xferkey pubfmt -m RFC4716 "$type.pub" >ours
		equal "$(puttygen ours -L)" "$(cat "$type.pub")"
	done
}

@test "a private key gives the line that ssh-keygen -y gives" {
	for type in rsa ecdsa ed25519; do
		xferkey pubfmt "$type" </dev/null | cmp - <(ssh-keygen -y -f "$type")
		xferkey pubfmt "$type" | cmp - "$type.pub"
		xferkey pubfmt -P env:PW "$type-locked" | cmp - <(ssh-keygen -y -P "$PW" -f "$type-locked")
		# without the passphrase the line has no comment
		equal "$(xferkey pubfmt "$type-locked" </dev/null 2>&1)" "$(blob "$type.pub")"
		for format in RFC4716 PKCS8; do
			equal "$(xferkey pubfmt -m "$format" "$type")" "$(xferkey pubfmt -m "$format" "$type.pub")"
		done
		for file in "$type"-{PEM,PKCS8}; do
			[ -e "$file" ] || continue
			equal "$(xferkey pubfmt "$file")" "$(blob "$type.pub")"
			equal "$(xferkey pubfmt -P env:PW "$file-locked")" "$(blob "$type.pub")"
			refuses "$file-locked: encrypted, and no passphrase given" xferkey pubfmt "$file-locked"
		done
	done
}

@test "a comment never becomes a second line, and its control characters are escaped" {
	while IFS='|' read -r comment shown; do
		printf -v comment %b "$comment"
		printf '%s %s\n' "$(blob ed25519.pub)" "$comment" >key
		for format in OPENSSH RFC4716; do
			xferkey pubfmt -m "$format" key >file
			equal "$(xferkey pubfmt file)" "$(blob ed25519.pub) $shown"
		done
		refuses '-C: a comment is one line of printable text' xferkey pubfmt -C "$comment" key
	done <<-'END'
		\x1b[31mred|\033[31mred
		a\rb|a\015b
		a\tb|a\011b
		\xe2\x80\xaegnp|\342\200\256gnp
		\xff|\377
	END
	says 2 '-C: a comment is one line of printable text' xferkey pubfmt -C $'two\nlines' ed25519.pub
	new_key ed25519 -C $'\e[31mred' -f private
	equal "$(xferkey pubfmt private)" "$(blob private.pub) \\033[31mred"
	equal "$(xferkey pubfmt -C 'Zoë \ "x"' ed25519.pub)" "$(blob ed25519.pub) Zoë \\ \"x\""
}

@test "malformed keys: each has a message, the other keys are written, status 2" {
	{ cat rsa.pub; echo 'ssh-ed25519 AAAA'; cat ecdsa.pub; } >lines
	{ xferkey pubfmt -m RFC4716 rsa.pub; sed 4d rsa; cat ecdsa; } >texts
	for file in lines texts; do
		says 2 "xferkey-pubfmt: $file: line" xferkey pubfmt "$file"
		cat rsa.pub ecdsa.pub | cmp - ../out
	done
	says 2 'xferkey-pubfmt: missing: No such' xferkey pubfmt missing ed25519.pub
	cmp ed25519.pub ../out
}

@test "-R: a PuTTY key in a comment is refused too" {
	for text in 'PuTTY-User-Key-File-3: ssh-ed25519' 'Private-Lines: 1 AAAA'; do
		for end in ' ' '\r' '\f' '\v'; do
			printf "%s$end%s\n" "$(cat ed25519.pub)" "$text" >key.pub
			refuses 'a private key: only the public half' xferkey pubfmt -R key.pub
		done
	done
}

@test "-R: a text with exactly one public key is written; any other text is refused" {
	{ printf '# note\n\ncommand="x",no-pty '; cat ed25519.pub; } >options
	for file in ed25519.pub options; do
		xferkey pubfmt -R "$file" | cmp - ed25519.pub
		xferkey pubfmt -R <"$file" | cmp - ed25519.pub
	done
	ssh-keygen -e -f ed25519.pub >rfc4716
	equal "$(xferkey pubfmt -R rfc4716 | blob /dev/stdin)" "$(blob ed25519.pub)"
	cat ed25519.pub ecdsa.pub >two
	cat ed25519.pub ed25519 >both
	{ cat ed25519.pub; tr '\n' ' ' <ecdsa; } >both-lines
	iconv -t UTF-16 ecdsa >utf16
	{ echo 'Hello'; cat ed25519.pub; cat ed25519.pub; } >again
	{ cat ed25519.pub; head -c 1100000 /dev/zero | tr '\0' '\n'; } >large
	says 0 'repaired: text around' xferkey pubfmt -R again
	cmp ../out ed25519.pub
	: >empty
	{ printf 'My key.\n\n--x\nContent-Transfer-Encoding: base64\n\n'; base64 ed25519.pub; } >attached
	while IFS='|' read -r file fact; do
		refuses "xferkey-pubfmt: $file: $fact" xferkey pubfmt -R "$file"
	done <<-'END'
		two|more than one public key
		both|a private key: only the public half, KEY.pub, may be sent
		both-lines|a private key
		utf16|a private key
		ecdsa|a private key
		large|larger than 1 MiB
		empty|no key in it
		attached|no key in its text, but a part in base64: save that as a file first
		nosuch|No such file
	END
	for more in -F '-m PEM' '-C x' '-P none' 'ed25519.pub'; do
		says 2 '-R takes one file, and no other option except -u' xferkey pubfmt -R $more ed25519.pub
	done
	says 2 'standard output' sh -c 'xferkey pubfmt -R ed25519.pub >/dev/full'
	says 2 'standard output' sh -c 'xferkey pubfmt -R ed25519.pub >&-'
}

@test "-R: the damage that mail does to a key is repaired and reported" {
	rsa=$(cat rsa.pub) ed25519=$(cat ed25519.pub)
	mkdir m
	sed 's/^/> /' rsa.pub >m/quoting
	fold -w 70 rsa.pub >'m/broken lines'
	iconv -t UTF-16 rsa.pub >m/UTF-16
	printf '\342\200\234%s\342\200\235\n' "$ed25519" >'m/quotation marks'
	echo "<p>ssh-ed25519&nbsp;${ed25519#* }<br></p>" >'m/non-breaking spaces, text around'
	printf 'Dear all,\n\n%s\n-- \nJane\n' "$ed25519" >'m/text around'
	printf 'Hello\r%s\r' "$ed25519" >'m/line ends, text around'
	# a whole mail, of which only one part is quoted-printable
	{
		printf 'Content-Type: multipart/mixed; boundary="=_x=="\n\n--=_x==\n'
		printf 'Content-Transfer-Encoding: quoted-printable\n\n'
		sed 's/=/=3D/g; s/.\{70\}/&=\n/g' rsa.pub
		printf '\n--=_x==--\n'
	} >'m/quoted-printable, text around'
	for file in m/*; do
		says 0 "xferkey-pubfmt: $file: repaired: ${file#m/}" xferkey pubfmt -R "$file"
		[[ $(cat ../out) = "$rsa" || $(cat ../out) = "$ed25519" ]]
	done
	# a key line that sshd reads, and no generator writes
	sed 's/\(AAAA.........\)/\1\r/' ed25519.pub >spelled
	says 2 'white space inside the base64' xferkey pubfmt -R spelled
}

@test "-R: two keys on one line, or a private key in a comment, are refused" {
	k=$(blob ed25519.pub) other=$(blob ecdsa.pub)
	while IFS= read -r line; do
		echo "$line" >line
		sed 's/^/>/' line >text
		for file in line text; do
			refuses "$file: more than one public key" xferkey pubfmt -R "$file"
			run ! xferkey authkeys -f list <"$file"
		done
	done <<-END
		$(cat ed25519.pub ecdsa.pub | tr '\n' ' ')
		$k ${other#* }
		$k x,$(cut -c 1-60 ecdsa.pub)
		environment="X=${other#* }" $k
		$k $(xferkey pubfmt -m RFC4716 ecdsa.pub | tr '\n' ' ')
		$k $(xferkey pubfmt -m PKCS8 ecdsa.pub | tr '\n' ' ')
	END
	for file in ed25519 ecdsa-PEM ed25519-PKCS8 rsa-PEM rsa-PKCS8-locked; do
		for body in "$(sed '/^-/d; q' "$file")" "$(sed -n 2p "$file")" "$(sed -n 2p "$file" | cut -c 1-40)" \
			"$(base64 <"$file" | head -n 1)"; do
			echo "$k $body" >line
			printf 'Hello\n%s\n\n> %s\n' "$k" "$body" >text
			for form in line text; do
				refuses "$form: a private key" xferkey pubfmt -R $form
			done
		done
	done
	[ ! -e list ]
	# the beginning of DER: a version; or of an encrypted key the OID of PKCS#5 or PKCS#12
	oid='\6\11\52\206\110\206\367\15\1'
	for der in '\60\3\2\1\0' '\60\3\2\1\3' "\60\40\60\36$oid\5\15" "\60\40\60\36$oid\14\1"; do
		{ cat ed25519.pub; printf "$der"; } >der
		refuses 'der: a private key' xferkey pubfmt -R der
	done
	for der in '\60\3\2\1' '\60\3\2\1\2' '\60\3\2\1\4' '\60\5\60\3' "\60\40\60\36$oid\1\1" "\60\40\60\36$oid\16\1" \
		'\60\40\60\36\5\0\0\0\0\0\0\0\0\0\0\0' "\60\40\60\36${oid/52/53}\5\15"; do
		{ cat ed25519.pub; printf "$der"; } >der
		xferkey pubfmt -R der 2>/dev/null | cmp - ed25519.pub
	done
	# a boundary that mending restores
	printf '%s BEGIN PRI\302\255VATE KEY\n' "$k" >line
	refuses 'line: a private key' xferkey pubfmt -R line
	# public text is not refused as a private key, nor a type name in a comment as a second key
	echo "$k my ssh-rsa, not ecdsa-sha2-nistp256" >line
	xferkey pubfmt -R line | cmp - line
	{ cat ed25519.pub; xferkey pubfmt -m PKCS8 ecdsa.pub | sed /-/d; } >text
	says 0 'repaired: text around' xferkey pubfmt -R text
}

@test "-R: a second public key anywhere in the text is refused" {
	k=$(blob ed25519.pub) other=$(blob rsa.pub)
	bare=${other#* }
	while IFS= read -r line; do
		printf '%b\n' "$line" >text
		iconv -t UTF-16 text >utf16
		for file in text utf16; do
			refuses "$file: more than one public key" xferkey pubfmt -R $file
		done
	done <<-END
		<p>$k a</p><p>$other b</p>
		["$k", "$other"]
		["$k", "x", "$bare"]
		<div title="$other"><p>My key:</p>$k b</div>
		<div title="$bare"><p>My key:</p>$k b</div>
		<p>$k</p><!-- <td>ssh-rsa</td><td>$bare</td> -->
		# $other\\nmy key:\\n$k
		my key:\\n$k\\n\\nthe other: ${bare:0:70}
		<p>$k</p> $(xferkey pubfmt -m RFC4716 rsa.pub | tr '\n' ' ')
		<p>$k</p> $(xferkey pubfmt -m PKCS8 rsa.pub | tr '\n' ' ')
	END
	new_key ed25519 -C '' -f second
	# of the same length; oddly spelled; cut off
	while IFS= read -r line; do
		printf '%b\n' "$line" >text
		refuses 'text: more than one public key' xferkey pubfmt -R text
	done <<-END
		# $(cat second.pub)\\nmy key:\\n$k
		$k\\n$(sed 's/AAAA/&\\r/' second.pub)
		$k\\nssh-ed25519 AAAA
	END
	# base64 that begins as a key does, but no type follows
	printf '%s\n# %s\n' "$k" AAAA////////////////////////////////////// >text
	equal "$(xferkey pubfmt -R text)" "$k"
	# the same key again, or its beginning, is not a second key
	printf 'My key begins with %s...\n> %s\n<a title="%s">\n' "${k:12:40}" "$k" "${k#* }" >text
	says 0 'repaired: quoting, text around' xferkey pubfmt -R text
	equal "$(cat ../out)" "$k"
}

@test "-R: base64 lines are decoded and searched for keys, as attachments are" {
	xferkey privfmt -m PPK2 -o ppk ed25519
	{ printf 'Bag Attributes\n    friendlyName: something long\n   localKeyID: 11 22 33 44 55 66\n'; cat rsa-PEM; } >bag
	{ seq 100; cat ppk; } >late
	{ echo 'My old body was, and this is some text before it:'; sed '1d; $d' ed25519; } >body
	{ echo 'My other key, which is not this one, is here below:'; cat rsa.pub; } >other
	{ echo 'The same key that is there, once again, is here below:'; cat ed25519.pub; } >same
	for how in cat 'sed s/^/>/' 'sed G' 'iconv -t UTF-16'; do
		for file in bag late body other; do
			{ cat ed25519.pub; printf 'Content-Transfer-Encoding: base64\n\nword\n'; base64 "$file"; } | $how >text
			fact='a private key'
			[ $file != other ] || fact='more than one public key'
			refuses "text: $fact" xferkey pubfmt -R text
		done
	done
	{ cat ed25519.pub; echo; base64 same; head -c 30000 /dev/urandom | base64 -w 64; } >text
	says 0 'repaired: text around' xferkey pubfmt -R text
	cmp ../out ed25519.pub
}

@test "-R: a message for another account or key is refused" {
	k=$(print ed25519.pub) old=$(print rsa.pub)
	for site in '' '--site ihmp'; do
		xferkey -q mail $site --user jane --to a@b.org --replaces "$old" ed25519.pub >sent
		sed 's/^/> /' sent >quoted
		fold -s -w 50 sent | sed 's/^/> > /' >wrapped
		iconv -t UTF-16 sent >utf16
		for file in sent quoted wrapped utf16; do
			xferkey pubfmt -R -u jane $file 2>/dev/null | cmp - ed25519.pub
			xferkey pubfmt -R $file 2>/dev/null | cmp - ed25519.pub
			refuses "$file: a message for the account jane, not for bob" xferkey pubfmt -R -u bob $file
		done
	done
	for text in '\n\njane' '\nand its site:\njane' ' access:\njane'; do
		{ printf "for one individual user, for ASPERA$text\n"; cat ed25519.pub; } >words
		xferkey pubfmt -R -u jane words 2>/dev/null | cmp - ed25519.pub
		refuses 'words: a message for the account jane, not for bob' xferkey pubfmt -R -u bob words
	done
	sed "s|$k|$old|" sent >named
	{ echo "its fingerprint is (${old})."; cat ed25519.pub; } >spoken
	refuses "named: its text names the fingerprint $old, but its key has $k" xferkey pubfmt -R -u jane named
	{ echo "It replaces this key, for some days: $old; authorize --replaces $old"; cat ed25519.pub; } >rotated
	xferkey pubfmt -R rotated 2>/dev/null | cmp - ed25519.pub
	refuses "spoken: its text names the fingerprint $old, but its key has $k" xferkey pubfmt -R spoken
}

@test "usage: wrong options have status 2 and one line" {
	for format in '' SPKI PPK3 'OPENSSH '; do
		says 2 "-m $format: not a format that can be written here" xferkey pubfmt -m "$format" rsa.pub
	done
	says 2 'unknown option -y' xferkey pubfmt -y rsa
	says 2 '-C: a comment is one line of printable text, at most 1023' xferkey pubfmt -C "$(printf '%01024d' 1)" rsa.pub
}
