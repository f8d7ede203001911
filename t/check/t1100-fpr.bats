#!/usr/bin/env bats
# fpr: prints byte for byte what ssh-keygen -l prints, for more kinds of files.

load ../lib/keys

setup() {
	need python3 openssl
	private_home
	# ssh-keygen shows UTF-8 only in a locale of UTF-8
	export LC_ALL=C.UTF-8
	set -o pipefail
	share make_own_keys
	cp "$shared"/* .
	public=$(blob ed25519.pub)
	print=$(print ed25519.pub)
}

# same FILE [OPTION ...]: fpr and ssh-keygen -l print the same for FILE.
same() {
	local file=$1
	shift
	ssh-keygen -l "$@" -f "$file" >theirs
	xferkey fpr "$@" "$file" >ours
	diff theirs ours
}

# wire NAME [HEX ...]: a key line whose blob is the name and these bytes.
wire() {
	local name=$1 hex
	shift
	printf -v hex '%08x' "${#name}"
	hex=$hex$(printf %s "$name" | od -An -v -tx1)$*
	printf '%s %s\n' "$name" "$(printf '%b' "$(tr -d ' \n' <<<"$hex" | sed 's/../\\x&/g')" | base64 -w 0)"
}

# odd N: N bytes in hexadecimal; the highest and the lowest bit of the number are set.
odd() {
	printf '7f'
	printf 'ab%.0s' $(seq $(($1 - 2)))
	printf '01'
}

@test "500 keys of every type: one run of fpr prints the same as one run of ssh-keygen -l" {
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

@test "-x prints the digest in hex, as sha1sum does of the decoded key" {
	for hash in md5 sha1 sha256 sha512; do
		run -0 xferkey fpr -x -E $hash ed25519.pub
		digest=$(cut -d ' ' -f 2 ed25519.pub | base64 -d | "${hash}sum")
		equal "$output" "256 ${digest%% *} its comment (ED25519)"
	done
	run -0 xferkey fpr -xj -E sha1 ed25519.pub
	has "\"fingerprint\":\"$(cut -d ' ' -f 2 ed25519.pub | base64 -d | sha1sum | cut -d ' ' -f 1)\""
	run -1 xferkey fpr -x -c "$(print rsa.pub sha1)" ed25519.pub
	says 2 'only one form' xferkey fpr -B -x ed25519.pub
}

@test "a certificate has the fingerprint of the key in it" {
	ssh-keygen -q -s rsa -I me ed25519.pub
	run -0 xferkey fpr -c "$print" ed25519-cert.pub
	equal "$output" "256 $print its comment (ED25519-CERT)"
}

@test "standard input, - and several files are read in their order" {
	ssh-keygen -l -f rsa.pub >theirs
	xferkey fpr <rsa.pub | cmp - theirs
	xferkey fpr ecdsa.pub - ed25519.pub <rsa.pub |
		cmp - <(cat {ecdsa,rsa,ed25519}.pub | ssh-keygen -l -f -)
	mkfifo fifo
	cat rsa.pub >fifo &
	xferkey fpr fifo | cmp - theirs
	xferkey fpr /dev/stdin <rsa.pub | cmp - theirs
	# neither is a descriptor
	for file in /dev/fd/x /dev/fd/ /dev/fd//; do
		refuses "xferkey-fpr: $file: " xferkey fpr $file
		lacks ../err 'no key'
	done
}

@test "comments and options are shown as by ssh-keygen -l" {
	while IFS= read -r line; do
		printf %b "${line//KEY/$public}" >file
		echo "$line"
		same file
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
		from="192.0.2.0/24,!192.0.2.7",no-port-forwarding KEY c\n
		command="ascp \\"--with ssh-rsa AAAA\\" '#' $SSH_ORIGINAL_COMMAND",restrict KEY c\n
		cert-authority,principals="jane doe,joe" KEY c\n
		environment="A=b c",permitopen="[2001:db8::1]:33001",expiry-time="20301231" KEY c\n
		|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM= KEY\n
		# a comment\n\n \t\nKEY c\n\n#KEY\nno-pty KEY d\n#
		KEY #1 for backups\nno-pty KEY # for backups\n
	END
}

# A tab, a line end and the marks of text direction are escaped.
@test "comments: where fpr differs from ssh-keygen on purpose" {
	while IFS='|' read -r line comment; do
		printf %b "${line//KEY/$public}" >file
		equal "$(xferkey fpr file)" "256 $print $comment (ED25519)"
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
	# in a locale without UTF-8, ssh-keygen escapes all of it
	printf '%s Zo\xc3\xab\n' "$public" >file
	equal "$(LC_ALL=C xferkey fpr file)" "256 $print Zoë (ED25519)"
}

@test "line ends of any kind and a byte order mark are accepted in any file" {
	cat ./*.pub >all
	for file in all rsa ecdsa-PEM ecdsa-PKCS8 ed25519; do
		xferkey fpr "$file" >wanted
		sed 's/$/\r/' "$file" | xferkey fpr | cmp - wanted
		printf '\xef\xbb\xbf%s' "$(cat "$file")" | xferkey fpr | cmp - wanted
	done
}

@test "a key of an unknown algorithm is shown with the name of the algorithm" {
	wire ssh-frobnicate@example.org 00000004 01020304 >file
	run -0 xferkey fpr file
	equal "$output" "0 SHA256:$(cut -d ' ' -f 2 file | base64 -d | openssl dgst -sha256 -binary | base64 |
		tr -d =) no comment (ssh-frobnicate@example.org)"
}

@test "a private key of any format has the line of its public half" {
	for type in rsa ecdsa ed25519; do
		line=$(ssh-keygen -l -f "$type.pub")
		equal "$(xferkey fpr "$type" </dev/null 2>&1)" "$line"
		# the format has no field for a comment
		for file in "$type"-{PEM,PKCS8}; do
			[ ! -e "$file" ] || equal "$(xferkey fpr "$file" </dev/null 2>&1)" "${line/its/no}"
		done
		for options in '-v -E md5' -B; do
			equal "$(xferkey fpr $options <"$type")" "$(ssh-keygen -l $options -f "$type.pub")"
		done
	done
}

@test "the comment of an encrypted OPENSSH file needs its passphrase, its fingerprint does not" {
	for type in rsa ecdsa ed25519; do
		cp "$type-locked" key
		equal "$(xferkey fpr key </dev/null 2>&1)" "$(ssh-keygen -l -f key)"
		equal "$(xferkey fpr -P env:PW key)" "$(ssh-keygen -l -f "$type.pub")"
	done
}

@test "the fingerprint of an encrypted PEM or PKCS#8 file needs the passphrase" {
	for name in rsa-PEM rsa-PKCS8 ecdsa-PEM ecdsa-PKCS8 ed25519-PKCS8; do
		file=$name-locked
		refuses "$file: encrypted, and no passphrase given" xferkey fpr "$file"
		equal "$(xferkey fpr -P env:PW "$file")" "$(xferkey fpr "$name")"
	done
	equal "$(xferkey fpr -P fd:7 "$file" 7<<<"$PW")" "$(xferkey fpr "$name")"
}

@test "a .pub file beside the private key is never read" {
	cp ed25519.pub key.pub
	for file in rsa rsa-PEM rsa-PKCS8 rsa-locked; do
		cp "$file" key
		xferkey fpr -c "$(print rsa.pub)" key
	done
	cp rsa-PEM-locked key
	says 2 'encrypted, and no passphrase given' xferkey fpr key
}

@test "-c: status 0 the same fingerprint, 1 another, 2 an invalid one; every key must match" {
	other=$(print rsa.pub)
	cat ed25519.pub ed25519 >both
	cat ed25519.pub rsa.pub ed25519 >mixed
	while read -r wanted claim files; do
		run "-$wanted" xferkey fpr -c "$claim" $files
		equal "$output" "$(xferkey fpr -E "${claim%%:*}" $files)"
	done <<-END
		0 $print both
		1 $other both
		1 $print mixed
		1 $other mixed
		1 $print ed25519.pub rsa.pub
		0 $other rsa
		0 $(print rsa md5) rsa.pub
		0 $(print rsa sha1) rsa.pub
		0 $(print rsa sha512) rsa.pub
	END
	for nonsense in '' x SHA256 "${print#SHA256:}" "CRC:$print" aa:bb:cc "${print%?}" "${print}x"; do
		says 2 '-c: not a whole fingerprint as ssh-keygen -l prints it' xferkey fpr -c "$nonsense" both
	done
	says 2 'no key in it' xferkey fpr -c "$print" /dev/null
	printf '%s\nssh-ed25519 AAAA\n' "$public" >file
	says 2 'file: line 2: malformed key' xferkey fpr -c "$print" file
}

@test "-c accepts a fingerprint in each form in which people paste it" {
	# pasted FINGERPRINT WORD ...: -c takes each WORD for that fingerprint.
	pasted() {
		for word in "${@:2}"; do
			equal "$(xferkey fpr -n "$word")" "$1"
			xferkey fpr -c "$word" ed25519.pub
		done
	}
	for hash in sha1 sha256 sha512; do
		p=$(print ed25519.pub $hash)
		pasted "$p" "$hash:${p#*:}" "$p=" "	$p " "$(ssh-keygen -E $hash -l -f ed25519.pub)"
	done
	p=$(print ed25519.pub md5)
	md5=${p#MD5:}
	pasted "$p" "$md5" "$(tr a-z A-Z <<<"$p")" "md5:$md5" "256 $md5 no comment (ED25519)"
	run -1 xferkey fpr -c "SHA256:$(tr 'a-zA-Z' 'A-Za-z' <<<"${print#*:}" | sed 's/.$/A/')" ed25519.pub
	while IFS='|' read -r why word; do
		says 2 "$why): $word" xferkey fpr -n "$word"
	done <<-END
		(42 characters behind SHA256:, instead of 43|${print%?}
		(44 characters behind SHA256:, instead of 43|${print}A
		is not base64|${print%?}!
		is not base64|$print==
		its last character cannot end a fingerprint by SHA256|${print%?}B
		MD5 has 16 pairs of hex digits with colons between them|$p:
		MD5 has 16 pairs of hex digits with colons between them|${p%???}
		MD5 has 16 pairs of hex digits with colons between them|${p%?}g
		it does not begin with SHA256: SHA512: SHA384: SHA1: or MD5:|${print#*:}
	END
	says 2 'standard output: No space left' sh -c 'xferkey fpr -n "$1" >/dev/full' - "$print"
}

@test "malformed lines: each has a message, the other keys are shown, status 2" {
	rsa=$(ssh-keygen -l -f rsa.pub)
	n=$(odd 128)
	while IFS='|' read -r why line; do
		printf '%s\n\n%s\n%s\n' "$public" "$line" "$(cat rsa.pub)" >file
		echo "$why"
		says 2 'xferkey-fpr: file: line 3: malformed key' xferkey fpr file
		equal "$(cat ../out)" "256 $print no comment (ED25519)
$rsa"
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
	# the message for the first line has no line number
	printf 'ssh-rsa x\n%s' "$public" >file
	says 2 'xferkey-fpr: file: malformed key' xferkey fpr file
	equal "$(xferkey fpr file 2>/dev/null)" "256 $print no comment (ED25519)"
}

@test "a line that is not a key does not end a list, as in ssh-keygen -l" {
	seq 10000 | sed "s,^,$public key-," >list
	sed -i '101s/.*/rubbish/' list
	ssh-keygen -lf - <list >theirs
	says 2 'xferkey-fpr: list: line 101: not an SSH key' xferkey fpr list
	cmp theirs ../out
	[ "$(wc -l <theirs)" -eq 9999 ]
	rsa=$(blob rsa.pub)
	begin='-----BEGIN RSA PRIVATE KEY-----' end='-----END RSA PRIVATE KEY-----'
	begin2='---- BEGIN SSH2 PUBLIC KEY ----' end2='---- END SSH2 PUBLIC KEY ----'
	# the text between two keys, "|", and the messages for it, with ";" between them
	while IFS='|' read -r between said; do
		{ echo "$public"; printf -- "$between\n"; echo "$rsa last"; } >list
		ssh-keygen -lf - <list >theirs
		run -2 --separate-stderr xferkey fpr list
		equal "$(sed 's/^xferkey-fpr: list: //; s/\(truncated\|the end of a key\).*/\1/' <<<"$stderr" | tr '\n' ';')" "$said;"
		cmp theirs - <<<"$output"
		# -c fails too, because a bad line may hold another key
		run -2 xferkey fpr -c "$print" list
		# a command that needs exactly one key writes nothing
		run ! xferkey privfmt -o new <(cat list ed25519; echo '-----BEGIN PRIVATE KEY-----')
		[ ! -e new ]
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
		$begin|line 2: truncated
		$begin\nMIIB\nMIIC|line 2: truncated
		$begin2\nAAAA|line 2: truncated
		PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none|line 2: truncated
		-----BEGIN EC PARAMETERS-----\nMIIB|line 2: truncated
		$end|line 2: the end of a key
		$begin\nMIIB\n$end|line 2: malformed key
		$begin\n$public x\n$end|line 2: malformed key;line 4: the end of a key
		$begin2\n$public x\n$public y\n$end2|line 2: malformed key;line 5: the end of a key
	END
	# a PEM key after the first line of another PEM key
	{ echo "$begin"; echo MIIB; cat rsa-PEM; echo "$public"; } >list
	says 2 'list: truncated' xferkey fpr list
	equal "$(cat ../out)" "$(xferkey fpr rsa-PEM; ssh-keygen -lf - <<<"$public")"
}

@test "a flood of bad lines needs at most 60 MB of memory and 4 s of CPU time" {
	not_packaged 'it limits time and memory'
	need prlimit
	! grep -q __asan_init "$(xferkey --exec-path)/xferkey-fpr" || skip "AddressSanitizer needs more memory than that"
	for line in x '-----BEGIN RSA PRIVATE KEY-----' 'PuTTY-User-Key-File-3: ssh-rsa' "$(printf '%0100000d' 0)"; do
		{ head -c 20000000 < <(yes -- "$line"); echo; echo "$public"; } >flood
		says 2 'xferkey-fpr: flood: ' bash -c 'ulimit -t 4; exec prlimit --as=60000000 xferkey fpr flood'
		equal "$(cut -d ' ' -f 2 ../out)" "$print"
	done
	{ head -c 40000000 /dev/zero; echo; echo "$public"; } >flood
	says 2 'flood: line longer than 65536 bytes' prlimit --as=60000000 xferkey fpr flood
	equal "$(cut -d ' ' -f 2 ../out)" "$print"
}

@test "fpr -w checks long moduli with a small factor within 2 s" {
	not_packaged 'it limits time'
	wire ssh-rsa 00000003 010001 00000801 "00$(printf 'ff%.0s' {1..2048})" >one
	cat one one one one one one one one >keys
	run -1 bash -c 'ulimit -t 2 && exec xferkey fpr -w keys'
	[ "${#lines[@]}" -eq 16 ]
}

@test "fpr shows keys that sshd reads and no generator writes" {
	n=$(odd 256)
	for modulus in "00000100 ${n%01}02" "00000101 00$n"; do
		wire ssh-rsa 00000003 010001 "$modulus" >file
		equal "$(xferkey fpr file)" "$(ssh-keygen -lf - <file)"
		says 1 'no generator writes' xferkey fpr -w file
	done
}

@test "a file without a key has a message, and the keys of the other files are shown" {
	printf '%s\nwhatever\n' "$public" >junk
	printf '%s ' "$public" | cat - <(head -c 65536 /dev/zero | tr '\0' x) >long
	printf '1024 65537 1234567890 me\n' >ssh1
	while IFS='|' read -r file message; do
		says 2 "xferkey-fpr: $file: $message" xferkey fpr "$file" rsa.pub
		equal "$(tail -n 1 ../out)" "$(ssh-keygen -l -f rsa.pub)"
	done <<-'END'
		missing|No such file or directory
		junk|line 2: not an SSH key
		long|line longer than 65536 bytes
		ssh1|not an SSH key
	END
	run -2 --separate-stderr xferkey fpr junk - <<<"$public"
	equal "${#lines[@]}" 2
	refuses /dev/zero timeout 5 xferkey fpr /dev/zero
	# after a line that is too long, too
	printf '%070000d\n' 0 >endless
	truncate -s 300000000 endless
	refuses 'endless: line longer than 65536 bytes' xferkey fpr endless
}

@test "a comment of the largest size does not hide another key" {
	blob ed25519.pub >small
	head -c 60000 /dev/zero | tr '\0' '\033' >escapes
	{ printf '%s ' "$public"; cat escapes; echo; } >long
	# RFC 4716 allows longer comments: eight of them
	{
		printf -- '---- BEGIN SSH2 PUBLIC KEY ----\nComment: "'
		cat escapes escapes escapes escapes escapes escapes escapes escapes
		printf '"\n%s\n---- END SSH2 PUBLIC KEY ----\n' "${public#* }"
	} >longer
	for bad in long longer; do
		xferkey fpr small "$bad" small >ours
		equal "$(sed '2d' ours)" "$(ssh-keygen -lf small; ssh-keygen -lf small)"
		[ "$(sed -n 2p ours | tr -cd '\\' | wc -c)" -ge 60000 ]
		# a key that could not be read again is not written
		refuses "$bad: too large" xferkey pubfmt "$bad"
		run -2 --separate-stderr xferkey pubfmt - <<<"$(cat small "$bad" small)"
		equal "$output" "$(cat small small)"
		xferkey pubfmt -m PKCS8 "$bad" | openssl pkey -pubin -noout
	done
	xferkey pubfmt -m RFC4716 long | xferkey fpr | grep -c 033
	says 2 'too large' xferkey pubfmt -m RFC4716 longer
}

@test "a line has at most 65536 bytes, without its line end" {
	for more in 0 1; do
		c=$(printf "%0$((65536 - ${#public} - 1 + more))d" 0)
		for end in '' '\n' '\r\n'; do
			printf "%s %s$end" "$public" "$c" >long.pub
			[ "$more" -eq 1 ] || [ "$(xferkey fpr long.pub | cut -d ' ' -f 3)" = "$c" ]
			[ "$more" -eq 0 ] || says 2 'line longer than 65536 bytes' xferkey fpr long.pub
		done
	done
	# a line of that length is also written, and read again
	echo "$public ${c%0}" | xferkey pubfmt | xferkey pubfmt | cmp - <(echo "$public ${c%0}")
}

@test "-w: a key that no server should let in is reported, with status 1" {
	new_key rsa -b 1024 -f rsa1024
	cat rsa1024.pub rsa.pub ed25519.pub >list
	says 1 'list: RSA under 2048 bits is too short' xferkey fpr -w list
	xferkey fpr list | cmp - ../out
	xferkey fpr -w rsa ed25519.pub
	openssl genpkey -algorithm ed448 >ed448
	says 1 'ed448: OpenSSH knows no keys of this type' xferkey fpr -w ed448
}

@test "usage: wrong options and operands have status 2 and one line" {
	for hash in '' sha md-5 SHA257 sha3-256; do
		says 2 "-E $hash: not one of md5 sha1 sha256 sha384 sha512" xferkey fpr -E "$hash" rsa.pub
	done
	equal "$(xferkey fpr -E Sha256 rsa.pub)" "$(ssh-keygen -l -f rsa.pub)"
	says 2 'unknown option -y' xferkey fpr -y
	says 2 '-c requires a value' xferkey fpr -c
	says 2 'cannot both come from standard input' xferkey fpr -P stdin
}

@test "-w: RSA with a prime factor under 65536 is refused" {
	genkeys script <<-'END'
		random.seed(1)
		big = 1
		while not is_prime(big):
		    big = random.getrandbits(2040) | 1 << 2039 | 1
		# the first primes above 65536: 65537 and 65539
		for p in 3, 5, 251, 257, 32749, 65519, 65521, 65537, 65539, 3 ** 5, 65521 ** 2:
		    write(f"factor-{p}", line(string("ssh-rsa") + mpint(65537) + mpint(p * big)).encode() + b"\n")
	END
	for file in factor-*; do
		case $file in
		factor-65537 | factor-65539) xferkey fpr -w "$file" ;;
		*)
			says 1 "$file: RSA with a prime factor under 65536" xferkey fpr -w "$file"
			says 2 "$file: RSA with a prime factor under 65536" xferkey authorize -u "$(id -un)" "$file"
			;;
		esac
	done
	[ ! -e .ssh ]
}
