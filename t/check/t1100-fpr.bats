#!/usr/bin/env bats
# fpr: byte for byte what ssh-keygen -l prints, of more kinds of files.

load ../lib/test
load ../lib/keys

setup() {
	need python3 openssl
	private_home
	# ssh-keygen shows UTF-8 only where the locale has it
	export LC_ALL=C.UTF-8
	set -o pipefail
	share make_own_keys
	own=$shared
	public=$(blob "$own/ed25519.pub")
	print=$(ssh-keygen -l -f "$own/ed25519.pub" | cut -d ' ' -f 2)
}

# same FILE [OPTION ...]: fpr and ssh-keygen -l print the same of it.
same() {
	local file=$1
	shift
	ssh-keygen -l "$@" -f "$file" >theirs
	xferkey fpr "$@" "$file" >ours
	cmp theirs ours && return 0
	echo "$file $*:" >&2
	diff theirs ours | head -n 20 >&2
	return 1
}

# wire NAME [HEX ...]: a key line whose blob is the name and these bytes.
wire() {
	local name=$1 hex
	shift
	printf -v hex '%08x' "${#name}"
	hex=$hex$(printf %s "$name" | od -An -v -tx1)$*
	printf '%s %s\n' "$name" "$(printf '%b' "$(tr -d ' \n' <<<"$hex" | sed 's/../\\x&/g')" | base64 -w 0)"
}

# odd N: N bytes of hex, the highest and the lowest bit set.
odd() {
	printf '7f'
	printf 'ab%.0s' $(seq $(($1 - 2)))
	printf '01'
}

@test "500 keys of every type: one pass of ours is one pass of ssh-keygen -l" {
	share make_public_keys
	cd "$shared"
	[ "$(wc -l <keys)" -ge 500 ]
	[ "$(cut -d ' ' -f 1 plain | sort -u | wc -l)" -ge 14 ]
	for options in '' '-E md5' '-E sha1' '-E sha256' '-E sha384' '-E sha512' -v -B '-v -B' '-v -E md5' \
	    '-v -E sha512' '-B -E md5'; do
		same keys $options
		[ "$(grep -c '^[0-9]' ours)" -eq "$(wc -l <keys)" ]
	done
}

@test "a certificate has the fingerprint of the key in it" {
	cp "$own/ed25519.pub" .
	ssh-keygen -q -s "$own/rsa" -I me ed25519.pub
	run -0 xferkey fpr -c "$print" ed25519-cert.pub
	equal "$output" "256 $print its comment (ED25519-CERT)"
}

@test "standard input, - and several files, in their order" {
	equal "$(xferkey fpr <"$own/rsa.pub")" "$(ssh-keygen -l -f - <"$own/rsa.pub")"
	equal "$(xferkey fpr "$own/ecdsa.pub" - "$own/ed25519.pub" <"$own/rsa.pub")" \
	    "$(for type in ecdsa rsa ed25519; do ssh-keygen -l -f "$own/$type.pub"; done)"
	mkfifo fifo
	cat "$own/rsa.pub" >fifo &
	equal "$(xferkey fpr fifo)" "$(ssh-keygen -l -f "$own/rsa.pub")"
}

@test "comments and what stands before a key, as ssh-keygen -l shows them" {
	failed=
	while IFS= read -r line; do
		printf %b "${line//KEY/$public}" >file
		same file || failed="$failed
			$line"
	done <<-'END'
		KEY
		KEY\n
		KEY \n
		KEY c\n
		KEY  two  blanks\n
		\t KEY c\n
		KEY "quoted \\ it's"\n
		KEY Zo\xc3\xab \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80\n
		KEY \x1b[31mred\n
		KEY a\x07b\x7f\n
		KEY \xff\xfe\n
		KEY \xc3(\n
		KEY \xed\xa0\x80\n
		KEY \xc2\x85 \xe2\x80\xa8 \xe2\x80\xa9 \xe2\x80\x8b\n
		no-pty KEY\n
		no-pty KEY c\n
		from="a b",no-pty KEY\n
		command="echo \\"a b\\"",no-pty KEY c d\n
		from="\x1b" KEY\n
		host.example,192.0.2.7 KEY\n
		[host.example]:33001 KEY c\n
		|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM= KEY\n
		# a comment\n\n \t\nKEY c\n\n#KEY\nno-pty KEY d\n#
	END
	equal "$failed" ''
}

@test "what begins with # is no comment, as ssh-keygen -l has it" {
	printf '%s #1 for backups\nno-pty %s # for backups\n' "$public" "$public" >file
	same file
}

# Here ours is safer to look at, or finds the key: a tab, a line end and the
# marks that turn text round are no part of a comment to be shown.
@test "comments: where ours differs from ssh-keygen on purpose" {
	failed=
	while IFS='|' read -r line comment; do
		printf %b "${line//KEY/$public}" >file
		xferkey fpr file >ours || echo "status $?"
		equal "$(cat ours)" "256 $print $comment (ED25519)" || failed="$failed
			$line"
	done <<-'END'
		KEY c\r\n|c
		KEY c \t \n|c
		KEY a\tb\n|a\011b
		KEY a\x00b\n|a\000b
		KEY \xe2\x80\xaeexe.gnp\n|\342\200\256exe.gnp
		KEY \xe2\x81\xa6a\xe2\x81\xa9\n|\342\201\246a\342\201\251
		KEY \xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\n|\330\234\342\200\216\342\200\217
		\xef\xbb\xbfKEY c\n|c
	END
	equal "$failed" ''
	# Where a locale has no UTF-8, ssh-keygen escapes all of it
	printf '%s Zo\xc3\xab\n' "$public" >file
	equal "$(LC_ALL=C xferkey fpr file)" "256 $print Zoë (ED25519)"
}

@test "line ends and byte order mark are harmless in any file" {
	cat "$own"/*.pub >all
	ssh-keygen -l -f all >theirs
	awk '{ printf "%s\r\n", $0 }' all >crlf
	printf '\xef\xbb\xbf%s' "$(cat all)" >bom
	for file in all crlf bom; do
		xferkey fpr "$file" | cmp - theirs
	done
	for file in rsa ecdsa-PEM ecdsa-PKCS8 ed25519; do
		awk '{ printf "%s\r\n", $0 }' "$own/$file" >crlf
		printf '\xef\xbb\xbf%s' "$(cat "$own/$file")" >bom
		xferkey fpr "$own/$file" >wanted
		xferkey fpr crlf | cmp - wanted
		xferkey fpr bom | cmp - wanted
	done
}

@test "an algorithm we do not know is shown by its name" {
	wire ssh-frobnicate@example.org 00000004 01020304 >file
	run -0 xferkey fpr file
	equal "$output" "0 SHA256:$(cut -d ' ' -f 2 file | base64 -d | openssl dgst -sha256 -binary | base64 |
		tr -d =) no comment (ssh-frobnicate@example.org)"
}

@test "a private key has its public half's line, of every format" {
	for type in rsa ecdsa ed25519; do
		line=$(ssh-keygen -l -f "$own/$type.pub")
		equal "$(xferkey fpr "$own/$type" </dev/null 2>&1)" "$line"
		# no place for a comment
		for file in "$own/$type-PEM" "$own/$type-PKCS8"; do
			[ "$type" != ed25519 ] || continue
			equal "$(xferkey fpr "$file" </dev/null 2>&1)" "${line/its/no}"
		done
		equal "$(xferkey fpr -v -E md5 <"$own/$type")" "$(ssh-keygen -l -v -E md5 -f "$own/$type.pub")"
		equal "$(xferkey fpr -B <"$own/$type")" "$(ssh-keygen -l -B -f "$own/$type.pub")"
	done
	equal "$(xferkey fpr "$own/ed25519-PKCS8")" "$(xferkey pubfmt "$own/ed25519-PKCS8" | ssh-keygen -l -f -)"
}

@test "an encrypted OPENSSH file needs no passphrase, but for its comment" {
	for type in rsa ecdsa ed25519; do
		cp "$own/$type-locked" key
		equal "$(xferkey fpr key </dev/null 2>&1)" "$(ssh-keygen -l -f key)"
		equal "$(xferkey fpr -P env:PW key)" "$(ssh-keygen -l -f "$own/$type.pub")"
	done
}

@test "an encrypted PEM or PKCS#8 file needs it" {
	for name in rsa-PEM rsa-PKCS8 ecdsa-PEM ecdsa-PKCS8 ed25519-PKCS8; do
		file=$own/$name-locked
		says 2 "$file: encrypted, and no passphrase given (-P source)" xferkey fpr "$file"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
		says 2 "$file: wrong passphrase, or a damaged key" xferkey fpr -P env:WRONG "$file"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
		equal "$(xferkey fpr -P env:PW "$file")" "$(xferkey fpr "${file%-locked}")"
		equal "$(xferkey fpr -P fd:7 "$file" 7<<<"$PW")" "$(xferkey fpr "${file%-locked}")"
	done
}

@test "a neighbouring .pub is never read, another key's least of all" {
	for file in rsa rsa-PEM rsa-PKCS8 rsa-locked; do
		cp "$own/$file" key
		cp "$own/ed25519.pub" key.pub
		run xferkey fpr -c "$(ssh-keygen -l -f "$own/rsa.pub" | cut -d ' ' -f 2)" key
		echo "$file: $output"
		[ "$status" -eq 0 ]
	done
	cp "$own/rsa-PEM-locked" key
	says 2 'encrypted, and no passphrase given' xferkey fpr key
}

@test "-c: 0 the same, 1 another, 2 nonsense; every key must match" {
	other=$(ssh-keygen -l -f "$own/rsa.pub" | cut -d ' ' -f 2)
	cat "$own/ed25519.pub" "$own/ed25519" >both
	cat "$own/ed25519.pub" "$own/rsa.pub" "$own/ed25519" >mixed
	while read -r wanted claim file; do
		run xferkey fpr -c "$claim" "$file"
		echo "$claim $file: $status: $output"
		[ "$status" -eq "$wanted" ]
		equal "$output" "$(xferkey fpr -E "${claim%%:*}" "$file")"
	done <<-END
		0 $print both
		1 $other both
		1 $print mixed
		1 $other mixed
		0 $other $own/rsa
		0 $(xferkey fpr -E md5 "$own/rsa" | cut -d ' ' -f 2) $own/rsa.pub
		0 $(xferkey fpr -E sha1 "$own/rsa" | cut -d ' ' -f 2) $own/rsa.pub
		0 $(xferkey fpr -E sha512 "$own/rsa" | cut -d ' ' -f 2) $own/rsa.pub
	END
	run -1 xferkey fpr -c "$print" "$own/ed25519.pub" "$own/rsa.pub"
	for nonsense in '' x SHA256 "${print#SHA256:}" "CRC:$print" aa:bb:cc; do
		says 2 '-c: not a whole fingerprint' xferkey fpr -c "$nonsense" both
	done
	says 2 'no key in it' xferkey fpr -c "$print" /dev/null
	printf '%s\nssh-ed25519 AAAA\n' "$public" >file
	says 2 'file: line 2: malformed key' xferkey fpr -c "$print" file
	for claim in "${print%?}" "${print}x"; do
		says 2 '-c: not a whole fingerprint as ssh-keygen -l prints it' xferkey fpr -c "$claim" both
	done
}

@test "a fingerprint as people paste it is the same one: the case of its hash's name, bare MD5, padding, a line of ssh-keygen -l" {
	md5=$(ssh-keygen -E md5 -l -f "$own/ed25519.pub" | cut -d ' ' -f 2)
	for hash in sha1 sha256 sha512; do
		pasted=$(ssh-keygen -E $hash -l -f "$own/ed25519.pub" | cut -d ' ' -f 2)
		for word in "$hash:${pasted#*:}" "$pasted=" "	$pasted " "$(ssh-keygen -E $hash -l -f "$own/ed25519.pub")"; do
			equal "$(xferkey fpr -n "$word")" "$pasted"
			xferkey fpr -c "$word" "$own/ed25519.pub"
		done
	done
	for word in "${md5#MD5:}" "$(tr a-z A-Z <<<"$md5")" "md5:${md5#MD5:}" "256 ${md5#MD5:} no comment (ED25519)"; do
		equal "$(xferkey fpr -n "$word")" "$md5"
		xferkey fpr -c "$word" "$own/ed25519.pub"
	done
	run -1 xferkey fpr -c "SHA256:$(tr 'a-zA-Z' 'A-Za-z' <<<"${print#*:}" | sed 's/.$/A/')" "$own/ed25519.pub"
	while IFS='|' read -r why word; do
		says 2 "-n: not a whole fingerprint as ssh-keygen -l prints it ($why): $word" xferkey fpr -n "$word"
	done <<-END
		42 characters behind SHA256:, which has 43|${print%?}
		44 characters behind SHA256:, which has 43|${print}A
		a character behind SHA256: is none of base64|${print%?}!
		a character behind SHA256: is none of base64|$print==
		no SHA256 ends with its last character|${print%?}B
		MD5 has 16 pairs of hex digits with colons between them|${md5%???}
		MD5 has 16 pairs of hex digits with colons between them|${md5%?}g
		it begins with no SHA256: SHA512: SHA384: SHA1: or MD5:|${print#*:}
	END
	says 2 'standard output: No space left on device' sh -c 'xferkey fpr -n "$1" >/dev/full' - "$print"
}

@test "malformed lines: each is named, the rest is shown, status 2" {
	rsa=$(ssh-keygen -l -f "$own/rsa.pub")
	n=$(odd 128)
	while IFS='|' read -r why line; do
		printf '%s\n\n%s\n%s\n' "$public" "$line" "$(cat "$own/rsa.pub")" >file
		says 2 'xferkey-fpr: file: line 3: malformed key' xferkey fpr file
		echo "$why: $(cat "$BATS_TEST_TMPDIR/out")"
		[ "$(tail -n +2 "$BATS_TEST_TMPDIR/out")" = "$rsa" ]
		[[ $(head -n 1 "$BATS_TEST_TMPDIR/out") = "256 $print no comment (ED25519)" ]]
	done <<-END
		no blob|ssh-ed25519
		not base64|ssh-ed25519 ****
		one character less|${public%?}
		another type's blob|ssh-rsa ${public#* }
		empty blob|ssh-ed25519 AAAAAA==
		a byte too few|$(wire ssh-ed25519 0000001f "$(odd 31)")
		bytes after it|$(wire ssh-ed25519 00000020 "$(odd 32)" 00)
		a length beyond the end|$(wire ssh-ed25519 ffffffff "$(odd 32)")
		a negative modulus|$(wire ssh-rsa 00000003 010001 00000080 "ff${n#7f}")
		no modulus|$(wire ssh-rsa 00000003 010001 00000000)
		another curve|$(wire ecdsa-sha2-nistp256 00000008 6e69737470333834 00000041 04 "$(odd 64)")
		a compressed point|$(wire ecdsa-sha2-nistp256 00000008 6e69737470323536 00000021 02 "$(odd 32)")
		no application|$(wire sk-ssh-ed25519@openssh.com 00000020 "$(odd 32)")
		a certificate cut|$(wire ssh-ed25519-cert-v01@openssh.com 00000000 00000020 "$(odd 32)")
	END
	# the first line needs no number
	printf 'ssh-rsa x\n%s' "$public" >file
	says 2 'xferkey-fpr: file: malformed key' xferkey fpr file
	equal "$(xferkey fpr file 2>/dev/null)" "256 $print no comment (ED25519)"
}

@test "a list goes on after what is no key: the keys that ssh-keygen -l shows, each bad line named, status 2" {
	seq 10000 | sed "s,^,$public key-," >list
	sed -i '101s/.*/rubbish/' list
	ssh-keygen -lf - <list >theirs
	says 2 'xferkey-fpr: list: line 101: not an SSH key' xferkey fpr list
	cmp theirs "$BATS_TEST_TMPDIR/out"
	[ "$(wc -l <theirs)" -eq 9999 ]
	rsa=$(blob "$own/rsa.pub") pem=$(cat "$own/rsa-PEM")
	# what is between two keys, and after it "|" and what is said of it, in turns with ";"
	while IFS='|' read -r between said; do
		{ echo "$public"; printf -- "$between\n"; echo "$rsa last"; } >list
		ssh-keygen -lf - <list >theirs
		xferkey fpr list >ours 2>err && got=0 || got=$?
		equal "$got $(sed 's/^xferkey-fpr: list: //' err | tr '\n' ';')" "2 $said;"
		cmp theirs ours
		# no key is the same where a line may be another
		xferkey fpr -c "$print" list >ours 2>err && got=0 || got=$?
		equal "$got" 2
		# and where one result is to be all, there is none
		says_not_written
	done <<-END
		text|line 2: not an SSH key
		text\n\nmore\n# comment\ntext|lines 2 to 6: not an SSH key
		a NUL \000 in it|line 2: not an SSH key
		\001\002\377\376\n\200|lines 2 to 3: not an SSH key
		> quoted\nand not|lines 2 to 3: not an SSH key
		${public%????????}|line 2: malformed key
		ssh-ed25519 AAAAC3NzaC1lZDI1\nNTE5AAAA|line 2: not an SSH key
		$(printf '%070000d' 0)|line 2: line longer than 65536 bytes
		$(printf '%070000d\\n%070000d' 0 0)\nx|lines 2 to 3: line longer than 65536 bytes;line 4: not an SSH key
		ssh-rsa $(printf '%070000d' 0)|line 2: line longer than 65536 bytes
		-----BEGIN RSA PRIVATE KEY-----|line 2: truncated: its last line is missing
		-----BEGIN RSA PRIVATE KEY-----\nMIIB\nMIIC|line 2: truncated: its last line is missing
		---- BEGIN SSH2 PUBLIC KEY ----\nAAAA|line 2: truncated: its last line is missing
		PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none|line 2: truncated: its last line is missing
		-----BEGIN EC PARAMETERS-----\nMIIB|line 2: truncated: its last line is missing
		-----END RSA PRIVATE KEY-----|line 2: the end of a key whose first line is missing or damaged
		-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----|line 2: malformed key
		-----BEGIN RSA PRIVATE KEY-----\n$public hidden\n-----END RSA PRIVATE KEY-----|line 2: malformed key;line 4: the end of a key whose first line is missing or damaged
		---- BEGIN SSH2 PUBLIC KEY ----\n$public hidden\n$public too\n---- END SSH2 PUBLIC KEY ----|line 2: malformed key;line 5: the end of a key whose first line is missing or damaged
	END
	# an armoured key after the first line of another
	{ echo '-----BEGIN RSA PRIVATE KEY-----'; echo MIIB; cat "$own/rsa-PEM"; echo "$public"; } >list
	says 2 'list: truncated: its last line is missing' xferkey fpr list
	equal "$(xferkey fpr "$own/rsa-PEM"; ssh-keygen -lf - <<<"$public")" "$(xferkey fpr list 2>/dev/null)"
}

says_not_written() {
	xferkey privfmt -o new <(cat list "$own/ed25519"; echo '-----BEGIN PRIVATE KEY-----') 2>/dev/null && return 1
	[ ! -e new ]
}

@test "a flood of bad lines costs memory for none, and time for each once" {
	need prlimit
	flood() {
		{ head -c 20000000 < <(yes -- "$2"); echo; echo "$public"; } >flood
		(ulimit -t 4; prlimit --as=60000000 xferkey fpr flood >ours 2>err) && got=0 || got=$?
		echo "$1: $got: $(head -c 300 err)"
		equal "$got $(wc -l <err)" '2 1'
		equal "$(cut -d ' ' -f 2 ours)" "$print"
	}
	sanitized=$(grep -c __asan_init "$(xferkey --exec-path)/xferkey-fpr") || :
	[ "$sanitized" -eq 0 ] || skip "AddressSanitizer needs more memory than that"
	flood lines x
	flood begin '-----BEGIN RSA PRIVATE KEY-----'
	flood putty 'PuTTY-User-Key-File-3: ssh-rsa'
	flood long "$(printf '%0100000d' 0)"
	{ head -c 40000000 /dev/zero; echo; echo "$public"; } >flood
	says 2 'flood: line longer than 65536 bytes' prlimit --as=60000000 xferkey fpr flood
	equal "$(cut -d ' ' -f 2 "$BATS_TEST_TMPDIR/out")" "$print"
}

@test "what sshd reads and no generator writes has the fingerprint that ssh-keygen -l shows" {
	n=$(odd 256)
	for line in "$(wire ssh-rsa 00000003 010001 00000100 "${n%01}02")" "$(wire ssh-rsa 00000003 010001 00000101 "00$n")"; do
		echo "$line" >file
		equal "$(xferkey fpr file)" "$(ssh-keygen -lf - <file)"
		says 1 'sshd reads' xferkey fpr -w file
	done
}

@test "what is no key at all: one line, status 2, and the other files are shown" {
	mkdir folder
	: >empty
	printf '# nothing\n\n' >comments
	printf '%s\nwhatever\n' "$public" >junk
	head -c 1048576 /dev/urandom >noise
	printf '%s ' "$public" | cat - <(head -c 65536 /dev/zero | tr '\0' x) >long
	head -n 5 "$own/rsa" >truncated
	iconv -f utf-8 -t utf-16 "$own/rsa.pub" >utf16
	printf '1024 65537 1234567890 me\n' >ssh1
	while IFS='|' read -r file message; do
		says 2 "xferkey-fpr: $file: $message" xferkey fpr "$file" "$own/rsa.pub"
		equal "$(tail -n 1 "$BATS_TEST_TMPDIR/out")" "$(ssh-keygen -l -f "$own/rsa.pub")"
	done <<-'END'
		missing|No such file or directory
		folder|Is a directory
		empty|no key in it
		comments|no key in it
		junk|line 2: not an SSH key
		noise|
		long|line longer than 65536 bytes
		truncated|truncated: its last line is missing
		utf16|UTF-16 text, as PowerShell's > writes it (pubfmt or privfmt -F reads it)
		ssh1|not an SSH key
	END
	printf '%s\n' "$public" | xferkey fpr junk - >ours 2>/dev/null || :
	[ "$(wc -l <ours)" -eq 2 ]
	timeout 5 xferkey fpr /dev/zero >ours 2>err && status=0 || status=$?
	[ "$status" -eq 2 ]
	[ ! -s ours ]
}

@test "a comment as long as a file may hold, that grows when it is shown, costs no other key" {
	ssh-keygen -q -t ed25519 -N '' -C me -f small
	head -c 60000 /dev/zero | tr '\0' '\033' >escapes
	{ printf '%s ' "$(cut -d ' ' -f 1,2 small.pub)"; cat escapes; echo; } >long.pub
	# RFC 4716 holds more: eight of them
	{
		printf -- '---- BEGIN SSH2 PUBLIC KEY ----\nComment: "'
		cat escapes escapes escapes escapes escapes escapes escapes escapes
		printf '"\n%s\n---- END SSH2 PUBLIC KEY ----\n' "$(cut -d ' ' -f 2 small.pub)"
	} >longer.pub
	for bad in long longer; do
		xferkey fpr small.pub "$bad.pub" small.pub >ours
		[ "$(wc -l <ours)" -eq 3 ]
		equal "$(sed -n '1p;3p' ours)" "$(ssh-keygen -lf small.pub; ssh-keygen -lf small.pub)"
		[ "$(sed -n 2p ours | tr -cd '\\' | wc -c)" -ge 60000 ]
		# what we could not read again is not written
		says 2 "$bad.pub: too large: a key has at most 1 MiB, its line 65536 bytes" xferkey pubfmt "$bad.pub"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
		cat small.pub "$bad.pub" small.pub | xferkey pubfmt >ours 2>err || [ $? -eq 2 ]
		cat small.pub small.pub | cmp - ours
		xferkey pubfmt -m PKCS8 "$bad.pub" | openssl pkey -pubin -noout
	done
	xferkey pubfmt -m RFC4716 long.pub | xferkey fpr | grep -c 033
	says 2 'too large' xferkey pubfmt -m RFC4716 longer.pub
}

@test "a line has 65536 bytes at most, and its end does not count" {
	ssh-keygen -q -t ed25519 -N '' -C '' -f small
	line=$(cut -d ' ' -f 1,2 small.pub)
	for more in 0 1; do
		c=$(printf "%0$((65536 - ${#line} - 1 + more))d" 0)
		for end in '' '\n' '\r\n'; do
			printf "%s %s$end" "$line" "$c" >long.pub
			[ "$more" -eq 1 ] || [ "$(xferkey fpr long.pub | cut -d ' ' -f 3)" = "$c" ]
			[ "$more" -eq 0 ] || says 2 'line longer than 65536 bytes' xferkey fpr long.pub
		done
	done
	# and what has that length is written, and read again
	printf '%s %s\n' "$line" "${c%0}" | xferkey pubfmt | xferkey pubfmt | cmp - <(printf '%s %s\n' "$line" "${c%0}")
}

@test "-w: what no server should let in is said, with status 1" {
	for key in rsa:1024 rsa:2048 ed25519:256; do
		ssh-keygen -q -t "${key%:*}" -b "${key#*:}" -N '' -f "${key/:/}"
	done
	cat rsa1024.pub rsa2048.pub ed25519256.pub >list
	xferkey fpr list >plain
	run xferkey fpr -w list
	equal "$status" 1
	equal "$output" "xferkey-fpr: list: RSA under 2048 bits is too short
$(cat plain)"
	xferkey fpr -w rsa2048 ed25519256.pub
	openssl genpkey -algorithm ed448 >ed448
	says 1 'ed448: OpenSSH knows no keys of this type' xferkey fpr -w ed448
}

@test "-F: UTF-16, quoted, indented, hard spaces, text around; without it refused" {
	wanted=$(ssh-keygen -l -f "$own/rsa.pub")
	for order in LE BE; do
		bom='\xff\xfe'
		[ "$order" = LE ] || bom='\xfe\xff'
		{ printf %b "$bom"; awk '{ printf "%s\r\n", $0 }' "$own/rsa.pub" | iconv -t "UTF-16$order"; } >utf16-public
		{ printf %b "$bom"; iconv -t "UTF-16$order" "$own/rsa"; } >utf16-private
		for file in utf16-public utf16-private; do
			says 2 "$file: UTF-16 text" xferkey fpr "$file"
			equal "$(xferkey fpr -F "$file")" "$wanted"
		done
	done
	printf '%s\n' 'Dear administrator,' '' 'this is my key:' "$(cat "$own/rsa.pub")" '' 'Yours, Jane' >around
	sed 's/^/> /' around >quoted
	sed 's/^/> > | /' around >quoted-twice
	sed 's/^/\t   /' around >indented
	sed 's/ /\xc2\xa0/' "$own/rsa.pub" >hard-space
	for file in quoted quoted-twice indented hard-space around; do
		xferkey fpr "$file" >ours 2>err && got=0 || got=$?
		[ "$file" = hard-space ] || equal "$got $(grep -vc ": $file: .*not an SSH key" err)" '2 0'
		equal "$(xferkey fpr -F "$file")" "$wanted"
	done
	for file in rsa rsa-PEM ecdsa-PKCS8 ed25519; do
		{ echo 'Dear Jane,'; sed 's/^/>   /' "$own/$file"; echo; echo bye; } >quoted
		run -2 xferkey fpr quoted
		equal "$(xferkey fpr -F quoted)" "$(xferkey fpr "$own/$file")"
	done
	says 2 'no key in it' xferkey fpr -F <(echo 'no key, just text')
}

@test "usage: wrong words are status 2 and one line" {
	for hash in '' sha md-5 SHA257 sha3-256; do
		says 2 "-E $hash: not one of md5 sha1 sha256 sha384 sha512" xferkey fpr -E "$hash" "$own/rsa.pub"
	done
	equal "$(xferkey fpr -E Sha256 "$own/rsa.pub")" "$(ssh-keygen -l -f "$own/rsa.pub")"
	says 2 'unknown option -x' xferkey fpr -x
	says 2 '-c requires a value' xferkey fpr -c
	says 2 '-P takes a source, not a passphrase' xferkey fpr -P Secret1 "$own/rsa.pub"
	[ "$(grep -c Secret1 "$BATS_TEST_TMPDIR/err")" -eq 0 ]
	says 2 'cannot both come from standard input' xferkey fpr -P stdin
}

@test "OpenSSH's own test keys have the recorded fingerprints" {
	vectors=${XFERKEY_VECTORS:-$top/../shared/vectors/openssh}
	if [ ! -d "$vectors" ]; then
		echo '# no vectors' >&3
		return 0
	fi
	cd "$vectors"
	failed='' n=0
	for recorded in *.fp; do
		stem=${recorded%.fp}
		for file in "$stem" "$stem.pub" "${stem}_pw" "${stem%_1}_n" "${stem%_1}_n_pw"; do
			[ -f "$file" ] || continue
			run xferkey fpr -P file:pw -c "$(cat "$recorded")" -B "$file"
			[ "$status" -eq 0 ] || failed="$failed $file: $output"
			n=$((n + 1))
			[ ! -f "$stem.fp.bb" ] || [[ $output = *" $(cat "$stem.fp.bb") "* ]] || failed="$failed $file -B"
		done
	done
	for file in *.pub; do
		# what this ssh-keygen does not know it cannot show
		ssh-keygen -l -v -f "$file" >"$HOME/theirs" 2>/dev/null || continue
		xferkey fpr -v "$file" | cmp - "$HOME/theirs" || failed="$failed $file -v"
		n=$((n + 1))
	done
	equal "$failed" ''
	[ "$n" -ge 50 ]
}

@test "-w: RSA with a prime factor under 65536 is refused, by authorize too; a larger one is not seen" {
	python3 - <<-'END'
		import base64, random
		def field(b):
		    return len(b).to_bytes(4, "big") + b
		def key(n, name):
		    n = n.to_bytes(n.bit_length() // 8 + 1, "big")
		    blob = field(b"ssh-rsa") + field(b"\1\0\1") + field(n)
		    open(name, "w").write("ssh-rsa " + base64.b64encode(blob).decode() + "\n")
		random.seed(1)
		small = [p for p in range(3, 65536, 2) if all(p % q for q in range(3, int(p ** .5) + 1, 2))]
		prime = lambda n: all(n % p for p in small) and pow(2, n - 1, n) == 1
		big = next(n for n in iter(lambda: random.getrandbits(2040) | 1 | 1 << 2039, 0) if prime(n))
		# 65537, 65539: the first primes above
		for p in 3, 5, 251, 257, 32749, 65519, 65521, 65537, 65539, 3 ** 5, 65521 ** 2:
		    key(p * big, f"factor-{p}")
	END
	for file in factor-*; do
		case $file in
		factor-65537 | factor-65539)
			xferkey fpr -w "$file"
			;;
		*)
			says 1 "$file: RSA with a prime factor under 65536, which no sound key has" xferkey fpr -w "$file"
			says 2 "$file: RSA with a prime factor under 65536" xferkey authorize -u "$(id -un)" "$file"
			;;
		esac
	done
	[ ! -e .ssh ]
}
