#!/usr/bin/env bats
# xferkey keyinfo: prints one row for each key, whatever the name of its file or its comment.

load ../lib/keys

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	umask 077
	xferkey keygen -q -C 'jane doe' -f rsa
	xferkey keygen -q -t ed25519 -C me -f ed
	export PW=correct-horse
}

# column NUMBER FILE
column() {
	xferkey keyinfo "$2" | cut -f "$1"
}

@test "a row has 14 columns, for private and public keys of any format" {
	xferkey privfmt -m PKCS8 -N env:PW -o pkcs8 rsa
	xferkey privfmt -m OPENSSH -N env:PW -o openssh rsa
	xferkey privfmt -m PPK3 -o ppk ed
	xferkey pubfmt -m RFC4716 rsa.pub >rfc4716
	print=$(xferkey fpr rsa | cut -d ' ' -f 2)
	wanted=("rsa	1	private	PEM	none	RSA	3072	$print	ok	loads	loads	loads	-	-"
		"rsa.pub	1	public	OPENSSH	-	RSA	3072	$print	ok	-	-	-	jane doe	-"
		'pkcs8	1	private	PKCS8	aes128-cbc	-	-	-	-	-	loads	loads	-	PBKDF2 SHA256, 600000 iterations, salt of 16 bytes'
		"openssh	1	private	OPENSSH	aes256-ctr	RSA	3072	$print	ok	convert	loads	loads	-	bcrypt, 24 rounds, salt of 16 bytes"
		"rfc4716	1	public	RFC4716	-	RSA	3072	$print	ok	-	-	-	jane doe	-")
	equal "$(xferkey keyinfo rsa rsa.pub pkcs8 openssh rfc4716 </dev/null 2>&1)" "$(printf '%s\n' "${wanted[@]}")"
	equal "$(column '3-6,11-13' ppk)" "private	PPK3	none	ED25519	PuTTY's format	PuTTY's format	me"
	equal "$(column 13 ed)" me
	equal "$(cat rsa.pub ed.pub | xferkey keyinfo | cut -f 1-3)" "$(printf -- '-\t%s\tpublic\n' 1 2)"
}

@test "the last column has the parameters of the key derivation" {
	need openssl
	while IFS='|' read -r options wanted; do
		openssl pkcs8 -topk8 -in rsa -passout env:PW $options -out key
		[[ $(column 14 key) =~ ^"$wanted, salt of "(8|16)" bytes"$ ]]
	done <<-'END'
		-v2 aes256 -v2prf hmacWithSHA1 -iter 3|PBKDF2 SHA1, 3 iterations
		-scrypt -scrypt_N 4096 -scrypt_r 4 -scrypt_p 2|scrypt, N 4096, r 4, p 2
		-v1 PBE-SHA1-3DES|PKCS#12 SHA1, 2048 iterations
	END
	equal "$(column 14 rsa)" -
}

@test "on a terminal each column is a line with its name" {
	need python3
	run -0 python3 "$top/t/fixture/pty" xferkey keyinfo rsa.pub </dev/null
	grep -E '^fingerprint +SHA256:' <<<"$output"
	! grep -E '^protection|	' <<<"$output" || false
}

@test "a tab or a line end in a name or comment adds no column and no row" {
	name=$'x\ty\nz'
	printf '%s a\tb\033[2J\n' "$(cut -d ' ' -f 1,2 ed.pub)" >"$name"
	xferkey keyinfo "$name" >row
	equal "$(wc -l <row) $(awk -F '\t' '{ print NF }' row)" '1 14'
	equal "$(cut -f 1,13 row)" 'x\011y\012z	a\011b\033[2J'
}

# t1300 tests what prevents ssh and libssh2 from loading a file.
@test "weak and oddly written keys are reported" {
	new_key rsa -b 1024 -m PEM -C '' -f short
	equal "$(column 9,10,11 short)" \
		'RSA under 2048 bits is too short	FIPS forbids signing with RSA under 2048 bits	loads'
	equal "$(sed 's/AAAA/AAA\v&/;s/AAA\vAAAA/AAAA\v/' ed.pub | xferkey keyinfo | cut -f 9)" \
		'white space inside the base64 of the key: sshd reads such a key, no generator writes one'
}

@test "a private half that ssh refuses is an error; a key after another key, which ssh never reads, is reported" {
	while read -r at phrase; do
		sed -E "$at..../\\1AAAA/" ed >key
		run ! ssh-keygen -y -P '' -f key
		says 2 "key: $phrase" xferkey keyinfo key
	done <<-'END'
		3s/^(.{62}) malformed key
		4s/^(.{12}) unknown key type
		4s/^(.{28}) its public and private halves
	END
	xferkey privfmt -m PPK3 ed | sed '/^Private-Lines/{n;s/....$/AAAA/;}' >key
	says 2 'key: its MAC does not match' xferkey keyinfo key
	equal "$(cat rsa rsa.pub ed | xferkey keyinfo - rsa | cut -f 12)" $'loads\n-\nanother key before it\nloads'
	(sed '3s/^./=/' rsa; cat rsa) >key
	says 2 'key: malformed key' xferkey keyinfo key
	equal "$(cut -f 11 out)" 'another key before it'
}

@test "a private key of a type that is unknown here has its row: ssh may know the type" {
	need python3
	ssh-keygen -q -s ed -I id ed.pub
	genkeys script "$(cut -d ' ' -f 2 ed-cert.pub)" <<-'END'
		mldsa = string("ssh-mldsa44-ed25519@openssh.com") + string(bytes(1344))
		for name, public in ("frob", string("ssh-frob") + string("x")), ("cert", base64.b64decode(words[0])), (
		    "mldsa", mldsa):
		    write(name, openssh_key(public, public + string(bytes(64)) + string("c")))
	END
	equal "$(column 6,11,12 mldsa)" 'MLDSA44-ED25519	loads	a type that libssh2 does not know'
	equal "$(xferkey keyinfo frob | cut -f 3-7,10-12)" 'private	OPENSSH	none	ssh-frob	-	-	-	-'
	equal "$(xferkey keyinfo cert | cut -f 3-7)" 'private	OPENSSH	none	ED25519-CERT	256'
}

@test "-i reads a file as ssh -i does: it skips text and public keys before the key" {
	{ echo text; cat rsa.pub rsa; } >beside
	says 2 'beside: not an SSH key' xferkey keyinfo beside
	equal "$(cut -f 2,3 out)" $'2\tpublic\n3\tprivate'
	equal "$(xferkey keyinfo -i beside | cut -f 2,3)" '3	private'
	# a public key that is oddly spelled, or with -F malformed, too
	{ sed 's/AAAA/&\r/' ed.pub; cat rsa; } >spelled
	equal "$(xferkey keyinfo -i spelled | cut -f 2,3)" '2	private'
	cat ed >>spelled
	xferkey keyinfo -i spelled >rows
	equal "$(cut -f 3 rows)" $'public\nprivate\nprivate'
	equal "$(head -n 1 rows | cut -f 9)" \
		'white space inside the base64 of the key: sshd reads such a key, no generator writes one'
	{ cat ed.pub rsa; echo 'ssh-ed25519 AAAA'; } >malformed
	equal "$(xferkey keyinfo -i -F malformed | cut -f 2,3)" '2	private'
	# beside a part of another private key each key has its row
	{ cat ed.pub rsa; tail -n 1 rsa; } >end
	says 2 'the end of a key whose first line is missing' xferkey keyinfo -i -F end
	equal "$(cut -f 3 out)" $'public\nprivate'
	printf 'hello\nmy PRIVATE KEY-----\n' >words
	refuses 'words: not an SSH key' xferkey keyinfo -i words
	{ echo hello; sed '$d' rsa; } >half
	run -2 --separate-stderr xferkey keyinfo -i half
	equal "${stderr_lines[*]#xferkey-keyinfo: half: }" \
		'not an SSH key line 2: truncated: its last line is missing'
	xferkey privfmt -m PPK3 -o ppk ed
	echo hello >>ppk
	says 2 'not an SSH key' xferkey keyinfo -i ppk
	equal "$(cut -f 4 out)" PPK3
}

@test "a bad key has a message with its file and line, and the other keys have their rows" {
	{ cat rsa.pub; echo 'ssh-rsa AAAAB3NzaC1yc2EA'; cat ed.pub; } >list
	says 2 'list: line 2: malformed key' xferkey keyinfo list
	equal "$(cut -f 2,6 out)" $'1\tRSA\n3\tED25519'
	head -n 5 rsa >short-rsa
	says 2 "short-rsa: truncated" xferkey keyinfo short-rsa
	says 2 'unknown option' xferkey keyinfo -l rsa
	# a message names the command that was typed, if its name can be one
	says 2 'xferkey-short: no: No such' env XFERKEY_TOOL=short "$(xferkey --exec-path)/xferkey-keyinfo" no
	says 2 'xferkey-keyinfo: no: No such' env "XFERKEY_TOOL=$(printf %032d 0)" "$(xferkey --exec-path)/xferkey-keyinfo" no
	says 2 'standard output: No space left' sh -c 'xferkey keyinfo rsa >/dev/full'
}
