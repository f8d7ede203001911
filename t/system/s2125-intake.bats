#!/usr/bin/env bats
# intake: messages as mail programs write them, and renewals, honest and forged. make intake-mail runs this with many
# more.

load ../lib/porcelain
load ../lib/accounts

setup() {
	need ssh-keygen python3
	"$(xferkey --exec-path)/lib/xferkey-mail-parts" </dev/null >/dev/null 2>&1 || skip 'built without GMime'
	private_home
	reachable "$HOME"
	export XFERKEY_QUIET=1 PYTHONDONTWRITEBYTECODE=1 top
}

# keys: three key pairs.
keys() {
	new_key rsa -b 3072 -C jane@lab -f a
	new_key ed25519 -C 'Jüne' -f b
	new_key ecdsa -f c
}

# message BODY-LINE ...: a message in text/plain.
message() {
	printf '%s\n' 'From: Jane <jane@lab.org>' 'Date: Mon, 30 Nov 2026 19:53:13 +0100' 'Subject: my key' '' "$@"
}

# verdict STATUS VERDICT [FILE]: the only row of the message in FILE or on standard input has this verdict, and the line
# for authorize -b begins with #.
verdict() {
	local got=0
	xferkey intake "${3:--}" >row || got=$?
	equal "$got" "$1"
	equal "$(cut -f 7 row)" "$2"
	[[ $(cut -f 5 row) = '#'* ]]
}

@test "messages in the shapes of mail programs have the right key, account and verdict, and no private key passes" {
	keys
	python3 "$top/t/tools/genmail" shapes . "${XFERKEY_MAILS:-60}"
	mkdir -p box/new box/cur
	mv 00[0-2]*.eml box/new
	mv ./*.eml box/cur
	run -1 --separate-stderr xferkey intake box
	equal "$stderr" ''
	echo "$output" >rows
	cut -f 7,4,6 rows | awk -F '\t' '{ print $3 "\t" $1 "\t" $2 }' | diff <(cut -f 2- expected) -
	equal "$(cut -f 5 rows | grep -c '^#')" "${XFERKEY_MAILS:-60}"
	lacks rows 'BEGIN'
	for key in a b c; do
		lacks rows "$(sed -n 3p $key)"
	done
}

@test "a message without a readable key says why" {
	keys
	verdict 1 'unreadable: no key in it' < <(message hello)
	verdict 1 'unreadable: not a mail message' a
	new_key rsa -b 1024 -f weak
	verdict 1 "weak: $(xferkey keyinfo weak.pub | cut -f 9)" < <(message "$(cat weak.pub)")
	verdict 1 'unreadable: malformed key' < <(message "$(cut -c 1-60 b.pub)")
	printf '\320\317\021\340\241\261\032\341more' >jane.msg
	verdict 1 'unreadable: a .msg, of Outlook: ask for the .pub as an attachment' jane.msg
	while IFS='|' read -r type name why; do
		{
			printf '%s\n' 'From: a@b.org' "Content-Type: $type; name=\"$name\"" 'Content-Transfer-Encoding: base64' ''
			head -c 300 /dev/urandom | base64
		} >eml
		verdict 1 "unreadable: $why" eml
	done <<-'END'
		application/ms-tnef|winmail.dat|winmail.dat, of Outlook: ask for the .pub as an attachment
		application/octet-stream|WINMAIL.DAT|winmail.dat, of Outlook: ask for the .pub as an attachment
		application/octet-stream|key.msg|a .msg, of Outlook: ask for the .pub as an attachment
		application/pkcs7-mime|smime.p7m|S/MIME, encrypted or signed in one piece
		image/png|key.png|no key in it
	END
}

# attached TYPE NAME: a message with the public key k.pub, and standard input as an attachment.
attached() {
	printf '%s\n' 'From: a@b.org' 'Content-Type: multipart/mixed; boundary=x' '' --x '' "$(cat k.pub)" --x \
		"Content-Type: $1; name=\"$2\"" 'Content-Transfer-Encoding: base64' ''
	base64
	echo --x--
}

@test "a private key in any part, subject or sender is noticed and not printed" {
	new_key ed25519 -f k
	for kind in 'text/plain id.renewal' 'image/png id.png' 'application/pgp-signature id' \
		'application/ms-tnef winmail.dat'; do
		verdict 1 'private key received: compromised' < <(attached $kind <k)
		lacks row "$(sed -n 3p k)"
	done
	{ echo 'xferkey renewal 1' && cat k; } >text
	verdict 1 'private key received: compromised' < <(attached text/plain id.renewal <text)
	for byte in '\0' x; do
		{ head -c 1100000 /dev/zero | tr '\0' "$byte" && echo && cat k; } >big
		verdict 1 'private key received: compromised' < <(attached application/octet-stream big <big)
	done
	{ echo "Subject: $(tr '\n' ' ' <k)" && message "$(cat k.pub)"; } | sed '/^Subject: my/d' >eml
	verdict 1 'private key received: compromised' eml
	equal "$(cut -f 3 row)" -
	verdict 1 'private key received: compromised' < <(message "$(cat k.pub)" | sed "s/jane@/$(sed -n 2p k | cut -c 1-60)@/")
	equal "$(cut -f 1 row)" -
	verdict 0 'new key' < <(attached image/png id.png <k.pub)
}

@test "only a private key that is whole has a fingerprint, not one that names another's public half" {
	new_key ed25519 -f k
	new_key ed25519 -f victim
	printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n' >fake
	echo Private-Lines: >named
	python3 - <<-'PY'
		import base64
		raw = lambda name: base64.b64decode("".join(open(name).read().split("\n")[1:-2]))
		public = lambda name: base64.b64decode(open(name).read().split()[1])[-32:]
		text = base64.encodebytes(raw("k").replace(public("k.pub"), public("victim.pub"))).decode()
		lines = "-----BEGIN OPENSSH PRIVATE KEY-----\n", text, "-----END OPENSSH PRIVATE KEY-----\n"
		open("forged", "w").writelines(lines)
	PY
	cp victim encrypted
	ssh-keygen -q -p -P '' -N secret -f encrypted
	for file in fake named forged encrypted; do
		verdict 1 'private key received: compromised' < <(message "$(cat victim.pub)" "$(cat $file)")
		equal "$(cut -f 6 row)" -
	done
	verdict 1 'private key received: compromised' < <(message "$(cat victim.pub)" "$(cat forged k)")
	equal "$(cut -f 6 row)" "$(print k.pub)"
}

# hypertext STATUS TEXT HTML: what intake makes of the HTML: its line for authorize -b ends with TEXT, or has no key.
hypertext() {
	local got=0
	message "$3" | sed '1iContent-Type: text/html; charset=utf-8' | xferkey intake - >row || got=$?
	equal "$got" "$1"
	equal "$(cut -f 5 row)" "$2"
}

@test "HTML has the text that a mail program shows" {
	new_key ed25519 -f b
	key=$(cut -d ' ' -f 1,2 b.pub)
	as=$(sed 's/ /\&nbsp;/; s/+/\&#43;/g; s,/,\&#x2f;,g; s/A/\&#65;/; s/A/\&#X41;/' <<<"$key")
	hypertext 0 "#-:$key" "<p>$as</p>"
	hypertext 0 "#-:$key" "${key% *}<!-- > </p> --> ${key#* }<!-- without an end"
	hypertext 0 "#-:$key x" "<h1 title=\"a>b\">key</h1 ><style>ssh-rsa</b></style>$key x"
	hypertext 0 "#-:$key &#xzz; &#7; &#99999; &#10 &foo; a < b <1>" "$key &#xzz; &#7; &#99999; &#10 &foo; a < b <1>"
	hypertext 0 "#-:$key x" "$key <a href='x>y'>x</a><b without an end"
	hypertext 0 "#-:$key" "<?xml version=\"1.0\"?><!DOCTYPE html><script>a</b</script>$key<script>without an end"
	# a quote begins a value only after "="; without it the next ">" ends the tag
	hypertext 0 "#-:$key it" "<p class=MsoNormal>$key it</p>"
	hypertext 0 "#-:$key it" "<p don't>$key it</p>"
	hypertext 0 "#-:$key it" "<p 3\"x>$key it</p>"
	hypertext 0 "#-:$key x" "<a{>$key x</a{>"
	hypertext 0 "#-:$key a\\011b c" "$key&#32;a&#9;b&#160;c&#10;"
	hypertext 0 "#-:$key &#233; &#127; &#" "$key &#233; &#127; &#"
	hypertext 0 "#-:$key" "$key<script>x</"
	hypertext 1 '#' "<script>$key"
	hypertext 1 '#' "<!-- $key"
	hypertext 1 '#' "<a title=\"$key"
}

@test "a message that names two accounts is for none; one that names its account twice is for it" {
	for second in jane bob; do
		message 'for one individual user, for ASPERA access:' '' jane '' \
			'for one individual user, for ASPERA access:' '' $second >eml
		"$(xferkey --exec-path)/lib/xferkey-mail-parts" eml | head -n 1 | cut -f 5
	done >accounts
	equal "$(cat accounts)" $'jane\n-'
}

@test "an encrypted message, a piece of one, and two renewals have no key, and say so" {
	keys
	verdict 1 'unreadable: encrypted' < <(printf '%s\n' 'From: a@b.org' \
		'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x' '' --x \
		'Content-Type: application/pgp-encrypted' '' 'Version: 1' --x 'Content-Type: application/octet-stream' '' x --x--)
	verdict 1 'unreadable: a piece of a message (message/partial)' < <(printf '%s\n' 'From: a@b.org' \
		'Content-Type: message/partial; id="x@y"; number=1; total=2' '' "$(cat b.pub)")
	verdict 0 'new key' < <(printf '%s\n' 'Content-Type: message/rfc822' '' 'From: a@b.org' '' "$(cat b.pub)")
	printf 'xferkey renewal 1\nx\n' >one
	verdict 1 'unreadable: more than one renewal' < <(printf '%s\n' 'From: a@b.org' \
		'Content-Type: multipart/mixed; boundary=x' '' --x '' "$(cat one)" --x '' "$(cat one)" --x--)
	# a key in UTF-16 has NUL bytes, as a binary part
	iconv -f UTF-8 -t UTF-16LE b.pub >wide
	cp b.pub k.pub
	verdict 0 'new key' < <(attached application/octet-stream key.txt <wide)
	verdict 1 'more than one key' < <(attached application/octet-stream key <(ssh-keygen -y -f c) <c.pub)
}

@test "a message of an odd structure is read as far as it goes" {
	keys
	openssl pkey -pubin -in <(ssh-keygen -e -m PKCS8 -f a.pub) -outform DER -out a.der
	python3 - <<-'END'
		import base64, os
		key, other = open("b.pub").read(), open("c").read()
		def put(name, *parts, head=b"From: a@b.org\n"):
		    """parts: type, text or bytes"""
		    text = head + b"Content-Type: multipart/mixed; boundary=x\n\n"
		    for kind, body in parts:
		        body = body.encode() if isinstance(body, str) else body
		        text += b"--x\nContent-Type: %s\nContent-Transfer-Encoding: base64\n\n" % kind.encode()
		        text += base64.encodebytes(body)
		    open(name, "wb").write(text + b"--x--\n")
		plain, octets, html = "text/plain", "application/octet-stream", "text/html"
		put("der", (octets, open("a.der", "rb").read()))
		put("nobody", (plain, key), head=b"")
		put("group", (plain, key), head=b"From: friends: a@b.org;\n")
		put("late", (plain, key), head=b"From: a@b.org\nDate: Fri, 31 Dec 9999 23:59:59 -0100\n")
		put("cr", (plain, "x\ry\r\n" + key.strip() + "\r"))
		put("nocharset", (plain + "; charset=x-nosuch", key))
		put("wrongcharset", (plain + "; charset=iso-2022-jp", b"\x1b$B\xff\n" + key.encode()))
		put("halfcharset", (plain + "; charset=utf-16", b"\x00\x01\x02"), (plain, key))
		put("empty", (octets, ""), (plain, key))
		put("smime", ("application/pkcs7-mime", "x"), ("message/partial; id=x; number=1; total=2", "x"))
		put("wide", (octets, bytes(1200000)), (plain, key))
		put("widekey", (octets, bytes(1200000) + other.encode()), (plain, key))
		put("html", *[(html, "x" * 700000)] * 2)
		put("binary", *[(octets, bytes(1000000))] * 9)
		put("renewal", (plain, "xferkey renewal 1\n" + "x" * ((1 << 20) - 18)))
		put("twice", *[(plain, "x" * 20000)] * 70)
		open("noted", "w").write(open("smime").read().replace("message/partial; id=x; number=1; total=2", """multipart/encrypted;
		 boundary=y"""))
		open("none", "w").write("From: a@b.org\nContent-Type: message/rfc822\n\n")
		open("nothing", "w").write("From: a@b.org\nContent-Type: multipart/mixed; boundary=x\n\n")
	END
	while IFS='|' read -r files status verdict; do
		for file in $files; do
			echo "$file"
			verdict "$status" "$verdict" "$file"
		done
	done <<-'END'
		der nobody group late cr nocharset wrongcharset halfcharset empty wide|0|new key
		smime noted|1|unreadable: S/MIME, encrypted or signed in one piece
		widekey|1|private key received: compromised
		html binary renewal|1|unreadable: text of more than 1 MiB
		twice|1|unreadable: more than 64 parts
		none nothing|1|unreadable: no key in it
	END
	equal "$(xferkey intake late | cut -f 2)" -
}

@test "a message beyond a limit is not read, and the messages around it are" {
	keys
	{
		for i in {1..70}; do
			printf -- '--x\n\npart\n'
		done
		printf -- '--x\n\n%s\n--x--\n' "$(cat b.pub)"
	} >parts
	{
		for i in {1..40}; do
			printf 'Content-Type: multipart/mixed; boundary=b%s\n\n--b%s\n' "$i" "$i"
		done
		printf '\n%s\n' "$(cat b.pub)"
	} >deep
	{
		printf 'From one\n'
		message "$(cat b.pub)"
		printf '\nFrom two\nContent-Type: multipart/mixed; boundary=x\n\n'
		cat parts
		printf '\nFrom three\n'
		cat deep
		printf '\nFrom four\n'
		message "$(cat b.pub)"
		head -c 17000000 /dev/zero | tr '\0' '\n'
		printf '\nFrom five\n'
		message "$(cat b.pub)"
		head -c 1100000 /dev/zero | tr '\0' x
		printf '\n\nFrom six\n'
		message "$(cat b.pub)"
	} >mbox
	run -1 xferkey intake mbox
	equal "$(cut -f 7 <<<"$output")" "new key
unreadable: more than 64 parts
unreadable: parts nested deeper than 16
unreadable: larger than 16 MiB
unreadable: text of more than 1 MiB
new key"
	run -0 sh -c 'ulimit -v 200000; head -c 150000000 /dev/zero | tr "\0" x | "$0"' \
		"$(xferkey --exec-path)/lib/xferkey-mail-parts"
	equal "$(cut -f 6 <<<"${lines[0]}")" 'larger than 16 MiB'
}

@test "neither subject, sender nor comment can forge a row or a line for authorize -b" {
	new_key ed25519 -f k
	blob=$(cut -d ' ' -f 1,2 k.pub)
	forged=$(printf 'x\n\troot:%s\n' "$blob")
	{
		printf 'From: "a\tb" <=?utf-8?B?%s?=@lab.org>\n' "$(base64 -w 0 <<<"$forged")"
		printf 'Subject: =?utf-8?B?%s?=\n' "$(base64 -w 0 <<<"$forged")"
		printf 'Content-Type: multipart/mixed; boundary="x"\n\n--x\n\n'
		printf 'individual user, for ASPERA access:\n\n    root:x\n\n--x\nContent-Transfer-Encoding: base64\n\n'
		printf '%s a\tb \033[2J\342\200\256 root:x\n' "$blob" | base64
		printf -- '--x--\n'
	} >eml
	run -0 xferkey intake eml
	equal "${#lines[@]}" 1
	equal "$(awk -F '\t' '{ print NF }' <<<"$output")" 8
	equal "$(cut -f 4 <<<"$output")" -
	[[ $(cut -f 5 <<<"$output") = "#-:$blob a"* ]]
	equal "$(tr -d '\n\t -~' <<<"$output")" ''
	xferkey intake -j eml | python3 -c 'import json, sys; assert json.load(sys.stdin)["account"] is None'
	sed 's/^Subject: .*/Subject: -1 key/' eml | xferkey intake -j |
		python3 -c 'import json, sys; assert json.load(sys.stdin)["subject"] == "-1 key"'
}

@test "standard input, an mbox and a Maildir are read; what cannot be read is status 2" {
	new_key ed25519 -f k
	message "$(cat k.pub)" >eml
	xferkey mail --to a@b.org --from c@d.org --user jane k.pub >sent
	mkdir -p box/new box/cur box/tmp
	cp eml box/cur/1
	cp sent box/cur/2
	ln -s /etc/passwd box/cur/3
	mkfifo box/cur/4
	for how in 'xferkey intake eml sent' 'cat eml | xferkey intake - sent' 'xferkey intake box' \
		'{ echo From x; cat eml; echo From y; cat sent; } | xferkey intake'; do
		run -0 sh -c "$how"
		equal "$(cut -f 1,4 <<<"$output")" "jane@lab.org	-
c@d.org	jane"
		equal "$(cut -f 5 <<<"$output" | sort)" "#-:$(cat k.pub)
#jane:$(cat k.pub)"
	done
	sed 's/^$/&\nFrom here on:\n/' eml >letter
	run -0 xferkey intake letter
	equal "${#lines[@]}" 1
	says 2 'nosuch: No such file' xferkey intake nosuch
	says 2 'Is a directory' sh -c 'xferkey intake <box'
	rm -r box/cur
	says 2 'box/cur: No such file' xferkey intake box
	: >box/cur
	says 2 'box/cur: Not a directory' xferkey intake box
	if [ "$(id -u)" -ne 0 ]; then
		chmod 300 box/new
		says 2 'box/new: Permission denied' xferkey intake box
		chmod 700 box/new
		: >box/new/1
		chmod 0 box/new/1 box/cur
		rm box/cur
		mkdir box/cur
		says 2 'box/new: Permission denied' xferkey intake box
	fi
	says 2 'no such site' xferkey intake --site nosuch eml
	says 2 'standard output' sh -c 'xferkey intake eml >/dev/full'
}

@test "a signal ends intake at once, while it waits for its input" {
	mkfifo mail
	sleep 60 >mail 3>&- &
	writer=$!
	xferkey intake mail 3>&- &
	await 10 sh -c 'ps -e -o args | grep -q "[x]ferkey-mail-parts -- mail$"'
	kill "$!"
	got=0
	wait "$!" || got=$?
	equal "$got" 143
	kill "$writer"
	await 5 sh -c '! ps -e -o args | grep -q "[x]ferkey-mail-parts -- mail$"'
}

@test "the parser opens no file, socket or process, and a crash of it loses only its message" {
	need strace
	new_key ed25519 -f k
	message "$(cat k.pub)" >eml
	strace -f -o trace "$(xferkey --exec-path)/lib/xferkey-mail-parts" eml >/dev/null
	awk '/setrlimit|prlimit64.*NOFILE/ && /NOFILE/ { on[$1] = 1 }
		on[$1] && /(open|openat|socket|fork|clone|clone3|execve)\(/ && !/= -1/ { print; bad = 1 } END { exit bad }' trace
	for what in CPU FSIZE NOFILE AS NPROC; do
		grep -q "RLIMIT_$what, {rlim_cur=" trace
	done
	{
		printf 'From: a@b.org\nContent-Type: text/html\n\n<script>a</'
		printf '\n\nFrom x\nFrom: a@b.org\nContent-Type: text/html\n\n<!--\n\nFrom x\nContent-Type: text/html\n\n&#x;<a\n'
	} | sed '1s/^/From x\n/' >html
	"$(xferkey --exec-path)/lib/xferkey-mail-parts" html >rows
	lacks rows failed
	python3 - <<-'PY'
		import random
		random.seed(1)
		base = open("eml", "rb").read() + b"".join(
		    b"\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html; charset=utf-7\n\n<a" for i in range(3))
		with open("mbox", "wb") as out:
		    for i in range(300):
		        data = bytearray(base)
		        for j in range(random.randrange(1, 30)):
		            data[random.randrange(len(data))] = random.randrange(256)
		        out.write(b"From x\n" + bytes(data).replace(b"\nFrom ", b"\nfrom ") + b"\n\n")
	PY
	run -0 "$(xferkey --exec-path)/lib/xferkey-mail-parts" mbox
	lacks <(printf '%s\n' "$output") failed
	equal "${lines[-1]}" 'end	300'
}

@test "if the parser cannot give up its rights, or does not end well, the message is not read" {
	need strace
	set -- "$(xferkey --exec-path)/lib/xferkey-mail-parts"
	message hello >eml
	"$@" -h | grep '^usage: xferkey-mail-parts'
	says 2 'unknown option -x' "$@" -x
	says 2 'a process for the parser: Too many open files' strace -qq -o trace -e 'inject=?pipe,pipe2:error=EMFILE' "$@" eml
	says 2 'a process for the parser: Cannot allocate memory' \
		strace -qq -o trace -e 'inject=?fork,clone,?clone3:error=ENOMEM' "$@" eml
	calls='prlimit64 wait4'
	[ "$(id -u)" -ne 0 ] || calls+=' setgroups setgid setuid'
	for call in $calls; do
		strace -f -qq -o trace -e "inject=$call:error=EPERM" "$@" eml >rows
		grep -q INJECTED trace
		equal "$(cut -f 2,6,7 rows)" $'-\tits parser failed, or needed too much time or memory\t-\n1'
	done
}

@test "the examples of the manual run" {
	load ../lib/examples
	new_key ed25519 -f jane
	mkdir -p Maildir/new Maildir/cur
	message "$(cat jane.pub)" | tee mbox >Maildir/new/1
	message "$(cat jane)" >>mbox
	n=0
	while IFS=$'\t' read -r page _ command _ <&3; do
		[ "$page" = xferkey-intake.1 ] || continue
		run -0 sh -c "$command"
		n=$((n + 1))
	done 3< <(examples)
	equal "$n" 3
	equal "$output" "jane@lab.org $(print jane.pub)"
}

# renewals COUNT USER ...: COUNT honest and COUNT forged renewals of the accounts' keys.
renewals() {
	local name
	setup_accounts
	for name in "${@:2}"; do
		new_key ed25519 -C "$name" -f "$name"
	done
	python3 "$top/t/tools/genmail" renewals . "$@"
}

@test "a renewal that the account's key signed is installed by authorize -b, logs in, and is taken once" {
	renewals 2 u1 u2
	cp 00000-honest.eml again.eml
	inside 2 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		own u1 u1.pub
		own u2 u2.pub
		ends 1 xferkey intake --site ihmp 0000[01]-honest.eml again.eml >twice
		sed -n 3p twice | cut -f 5,7 | grep -x "#	refused: the second message with this renewal"
		sed 3d twice >rows
		cut -f 7 rows | sort -u | diff - <(echo renewal)
		cut -f 4,6 rows | diff - <(grep honest expected | cut -f 3,4)
		cut -f 8 rows | diff - <(print u1.pub; print u2.pub)
		cut -f 5 rows | xferkey authorize -b >out
		[ "$(cut -f 1,2 out)" = "$(printf 'u1\tadded\nu2\tadded')" ]
		logs_in u1 00000-honest
		logs_in u1 u1
		kept_out u1 00001-honest
		ends 1 xferkey intake 0000[01]-honest.eml >rows
		grep -c 'refused: the account has the new key already' rows | grep -x 2
		[ -z "$(cut -f 5 rows | grep -v '^#$')" ]
	END
}

@test "a renewal of a key with options is not for authorize -b; the manual's command keeps the options" {
	renewals 2 u1 u2
	load ../lib/examples
	examples | grep '^xferkey-intake.1	#' | cut -f 3 >install
	mkdir -p Maildir/new Maildir/cur
	cp 0000[01]-honest.eml Maildir/new
	inside 2 'AuthorizedKeysFile .ssh/authorized_keys .ssh/authorized_keys2' <<-'END'
		own u1 <(echo "command=\"echo bound\",restrict $(cat u1.pub)")
		own u2 u2.pub
		own u2 <(echo "expiry-time=\"20200101\" $(cat u2.pub)") authorized_keys2
		xferkey intake Maildir >rows
		cut -f 7 rows | sort -u | diff - <(echo renewal)
		[ -z "$(cut -f 5 rows | grep -v '^#u[12]:ssh-ed25519 ')" ]
		rm /srv/u2/.ssh/authorized_keys2
		sh install
		logs_in u1 00000-honest
		logs_in u2 00001-honest
		grep -x "command=\"echo bound\",restrict $(cut -d ' ' -f 1,2 00000-honest.pub) .*" "$u1"
		grep -x "$(cut -d ' ' -f 1,2 00001-honest.pub) .*" "$u2"
		grep -c '^.*expiry-time=' "$u1" "$u2" | grep -c ':1$' | grep -x 2
	END
}

@test "a renewal that rotate wrote is accepted" {
	xferkey rotate -h >/dev/null 2>&1 || skip 'no rotate here'
	setup_accounts
	mkdir -m 700 .ssh
	new_key rsa -b 3072 -f .ssh/ihmp
	xferkey rotate --site ihmp --user u1 --to a@b.org >eml
	inside 1 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		own u1 .ssh/ihmp.pub
		xferkey intake --site ihmp eml >row
		[ "$(cut -f 7,8 row)" = "$(printf 'renewal\t%s' "$(print .ssh/ihmp.pub)")" ]
		cut -f 5 row | xferkey authorize -b
		logs_in u1 .ssh/ihmp.new
	END
}

@test "honest renewals are accepted, forged ones are refused, each with its reason" {
	renewals "${XFERKEY_RENEWALS:-14}" u1 u2 u3 u4 u5 u6 u7 u8 u9
	mkdir -p box/new box/cur
	mv ./*.eml box/new
	inside 9 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		for name in u{1..9}; do
			own $name $name.pub
		done
		begun=$(date +%s%N)
		ends 1 xferkey intake box >rows
		echo "milliseconds for each: $((($(date +%s%N) - begun) / 1000000 / $(wc -l <rows)))" >>"$HOME/took"
		paste expected rows | awk -F '\t' -v OFS='\t' '
			$2 == "renewal" && ($11 != $2 || $9 !~ "^" $3 ":ssh-ed25519 " || $8 != $3 || $10 != $4) ||
			$2 != "renewal" && (index($11, "refused: ") != 1 || !index($11, $2) || $9 != "#") { print; bad = 1 } END { exit bad || NR < 28 }'
		[ "$(wc -l <rows)" = "$(wc -l <expected)" ]
	END
	echo "# $(cat took)" >&3
}

# asked PATTERN: for inside: the verdict on the renewal of u1 matches, and its line begins with # unless it is accepted.
asked() {
	xferkey intake "${@:2}" 00000-honest.eml >row || :
	cut -f 7 row | grep -x -e "$1" >/dev/null || { cat row >&2 && return 1; }
	[ "$1" = renewal ] || [ "$(cut -f 5 row)" = '#' ]
}

@test "a renewal counts only for a key that lets its account in now, at its own site, and if neither key is revoked" {
	renewals 1 u1
	mv 00000-honest.eml u1.eml
	new_key rsa -b 1024 -f weak
	mkdir weak.d
	cp weak weak.d/u1
	cp weak.pub weak.d/u1.pub
	python3 "$top/t/tools/genmail" renewals weak.d 1 u1
	mv weak.d/00000-honest.eml weak.eml
	cp u1.eml 00000-honest.eml
	ssh-keygen -q -k -f krl-old u1.pub
	ssh-keygen -q -k -f krl-new 00000-honest.pub
	ssh-keygen -q -k -f krl-none
	cp krl-none krl
	declare -f asked >asked
	inside 1 'AuthorizedKeysFile .ssh/authorized_keys keys2' "RevokedKeys $HOME/krl" <<-'END'
		. ./asked
		asked 'refused: the old key is not one of the account'
		own u1 u1.pub
		asked renewal
		for options in 'expiry-time="20200101"' cert-authority; do
			own u1 <(echo "$options $(cat u1.pub)")
			asked 'refused: the old key no longer lets the account in'
		done
		own u1 <(echo "unknown-option $(cat u1.pub)")
		asked 'not known: .*not known whether its old key lets it in'
		own u1 <(echo "from=\"10.0.0.0/8\",no-pty $(cat u1.pub)")
		asked renewal
		asked renewal --site ihmp
		asked "other site's" --site ena
		for break in 'chmod 666 $u1' 'chmod 644 $u1 && chown daemon $u1' 'chmod o+w /srv/u1'; do
			own u1 u1.pub
			eval "$break"
			kept_out u1 u1
			asked 'refused: sshd may refuse the file of the old key: xferkey permcheck .*'
		done
		chmod o-w /srv/u1
		own u1 u1.pub
		for line in 'DenyUsers u1' 'PubkeyAuthentication no' 'PubkeyAcceptedAlgorithms -ssh-ed25519'; do
			cp sshd/sshd_config kept
			echo "$line" >>sshd/sshd_config
			asked 'refused: sshd would refuse the new key: .*'
			cp kept sshd/sshd_config
		done
		own u1 weak.pub
		cp weak.eml 00000-honest.eml
		asked 'refused: the old key: RSA under 2048 bits is too short'
		cp u1.eml 00000-honest.eml
		own u1 u1.pub
		own u1 00000-honest.pub ../keys2
		asked 'refused: the account has the new key already'
		rm /srv/u1/keys2
		for name in old new; do
			cp krl-$name krl
			asked "refused: sshd would refuse the $name key: RevokedKeys .*"
		done
		cp krl-none krl
		asked renewal
		printf '%s\n' 'Match User u2' 'AuthorizedKeysFile none' >>sshd/sshd_config
		asked renewal
		printf '%s\n' 'Match User u1' 'AuthorizedKeysFile none' >>sshd/sshd_config
		asked 'refused: the old key is not one of the account'
		echo nonsense >>sshd/sshd_config
		asked 'not known: .*sshd -T does not say where it looks.*'
	END
}

@test "an ordinary user's own renewal is verified, and no other account's" {
	renewals 1 u1
	declare -f asked >asked
	inside 2 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		. ./asked
		own u1 u1.pub
		chmod a+r 00000-honest.eml
		export TMPDIR=/tmp HOME=/nonexistent
		unset XFERKEY_SSHD_CONFIG
		as u1 xferkey intake 00000-honest.eml | cut -f 7 | grep -x renewal
		as u2 xferkey intake 00000-honest.eml | cut -f 7 | grep -x 'refused: u1: only root may look at .*'
	END
}
