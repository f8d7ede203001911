#!/usr/bin/env bats
# xferkey mail writes the registration message: on a terminal, to a file, or to a pipe.

load ../lib/porcelain

setup_file() {
	new_key rsa -b 2048 -C me@here -f "$BATS_FILE_TMPDIR/ihmp"
}

setup() {
	private_home
	export LC_ALL=C.UTF-8
	mkdir -m 700 .ssh
	cp "$BATS_FILE_TMPDIR"/ihmp* .ssh/
	pub=.ssh/ihmp.pub
}

# mailed ARG ...: xferkey mail writes the message m; message parses it into $output.
mailed() {
	need python3
	xferkey -q mail "$@" >m
	run -0 message m
}

# fresh: prints a new public key without a private half.
fresh() {
	echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA$(head -c 30 /dev/urandom | base64)AA"
}

# attached: the contents of the only attachment in $output of message.
attached() {
	sed '1,/^-- /d' <<<"$output"
}

@test "on a terminal: address, subject, text, key, fingerprint, the file to attach" {
	terminal -0 -- xferkey mail --site ihmp --user jane --to dcc@example.org
	has_line 'To: dcc@example.org' 'Subject: iHMP-DCC ASPERA ACCESS' '    jane' "$(cat $pub)" "attach: $HOME/$pub"
	has "2048 $(print $pub)"
	[[ ${lines[-1]} = next:*xferkey\ check* ]]
	terminal -0 -- xferkey mail --site ihmp
	grep -qx 'To: (.*)' <<<"$output"
	has_line "    $(id -un)"
}

@test "without a name, mail uses the key that generate makes" {
	cp .ssh/ihmp .ssh/aspera_rsa
	says 2 "aspera_rsa.pub: no such file: xferkey pubfmt $HOME/.ssh/aspera_rsa " xferkey mail --to a@b.org
	mkfifo .ssh/aspera_rsa.pub
	says 2 'aspera_rsa.pub: not a file' timeout 10 xferkey mail --to a@b.org
	rm .ssh/aspera_rsa.pub
	cp $pub .ssh/aspera_rsa.pub
	xferkey -q mail --to a@b.org | grep -qxF "$(cat $pub)"
	rm .ssh/ihmp*
	says 2 "ihmp.pub: no such file: xferkey generate --site ihmp " xferkey mail --site ihmp --to a@b.org
}

@test "the next step can be typed as it is shown" {
	cp $pub away.pub
	cp .ssh/ihmp here
	cp $pub here.pub
	ssh-keygen -e -f $pub >rfc4716
	while IFS='|' read -r words next; do
		terminal -- xferkey mail --to a@b.org $words
		equal "${lines[-1]}" "next: when they have answered: xferkey check $next"
	done <<-END
		--site ihmp|--site ihmp --login
		--site ihmp --user jane|--site ihmp --user jane --login
		--site ihmp --user jane here.pub|--site ihmp here --user jane --login
		here.pub|here --login USER@HOST
		--user jane here.pub|here --login jane@HOST
		away.pub|KEY --login USER@HOST
		rfc4716|KEY --login USER@HOST
	END
	# check tries the login of this step
	run xferkey -n check --site ihmp --user jane --login
	[[ ${lines[-1]} = *' jane@aspera.ihmpdcc.org' ]]
}

@test "to a pipe and with -o: the message parses without defects, with the key attached" {
	need python3
	mailed --site ihmp --user jane --to dcc@example.org --from jane@example.org
	equal "$(head -n 3 <<<"$output")" $'jane@example.org\ndcc@example.org\niHMP-DCC ASPERA ACCESS'
	has_line '-- ihmp.pub' '    jane'
	has "2048 $(print $pub)"
	equal "$(attached)" "$(cat $pub)"
	grep -qxF "$(cat $pub)" m
	xferkey mail $pub --to a@b.org -o draft.eml
	equal "$(message draft.eml | sed 1q)" None
	grep -qx 'X-Unsent: 1' draft.eml
	lacks m X-Unsent
	equal "$(stat -c %a draft.eml)" 600
	xferkey mail $pub --to a@b.org >again
	[ "$(grep ^Message-ID: m)" != "$(grep ^Message-ID: again)" ]
	EMAIL=me@example.net xferkey mail $pub --to a@b.org <&- | grep -qx 'From: me@example.net'
}

@test "the attachment is the key written anew, not the file" {
	names=(id.pub noext $'n\nl.pub' 'bl ank.pub' 'quo"te.pub' -dash.pub ünï.pub .pub)
	for name in "${names[@]}"; do
		printf '%s\n' '# a comment line with a secret note' "command=\"x\",no-pty $(fresh) Jürgen" >"./$name"
		xferkey pubfmt <"./$name" >>want
	done
	mailed --to a@b.org -- "${names[@]}"
	equal "$(attached | grep -v '^-- ')" "$(cat want)"
	equal "$(grep -cE '^-- [A-Za-z0-9_][A-Za-z0-9._-]*\.pub$' <<<"$output")" 8
	[[ $output != *'secret note'* ]]
	[[ $output != *no-pty* ]]
	ssh-keygen -e -f $pub >rfc4716
	mailed --to a@b.org rfc4716
	[[ ${lines[-1]} = "$(blob $pub) "* ]]
	# on a terminal a file is named only if it is the same
	sed 's/$/\r/' $pub >crlf.pub
	iconv -t UTF-16 $pub >utf16.txt
	cp $pub 'My Key.pub'
	for name in rfc4716:rfc4716.pub crlf.pub:crlf.pub utf16.txt:utf16.txt.pub 'My Key.pub:My_Key.pub'; do
		terminal -0 -- xferkey -q mail --to a@b.org "${name%:*}"
		equal "${lines[-1]}" "do not attach ${name%:*}: -o draft.eml writes a draft with the key as ${name#*:}"
	done
}

@test "non-ASCII text is encoded as RFC 2047 requires" {
	subject=$(printf 'Schlüssel %.0s' {1..11})ü
	mailed --to a@b.org --user \
		'Jürgen Müller' --subject "$subject" $pub
	equal "${lines[2]}" "$subject"
	has_line '    Jürgen Müller'
	[ -z "$(sed -n '/^Subject/,/^Message/p' m | awk 'length > 76')" ]
}

@test "a key that is weak, missing, repeated or not public is refused" {
	new_key ed25519 -f other
	new_key dsa -f dsa
	refused <<-'END'
		DSA| mail --to a@b.org dsa.pub
		other.pub: this key was named before| mail --to a@b.org .ssh/ihmp.pub other.pub ./other.pub
		/aspera_rsa.pub: no such file: xferkey generate makes it| mail --to a@b.org
		a public key is required| mail --to a@b.org -
	END
}

@test "text that a header cannot hold is refused" {
	need python3
	words=$(xferkey --exec-path)/lib/xferkey-mail-words
	for address in '' a @b a@ a@b@c 'a b@c' 'a@b,c@d' -f@x 'a@b;' 'a..b@c' ü@b '"a"@b' 'a@b c' '(x)a@b' 'a\@b' a@.b \
		'Jane <-f@x>' 'Jane <a@b>, c@d' 'Jane <a@b' 'Jane <a@b>, <c@d e>' '<>' 'a@b <c>' '<a@b> c'; do
		says 2 'xferkey-mail: --to: not an e-mail address' "$words" "--to=$address"
	done
	for text in $'x\nBcc: a@b' $'x\r' $'\e[31m' $'\nx' $'a@b.org\n'; do
		for option in --subject --user --to --from --replaces; do
			says 2 "$option: a line break or control character" "$words" --to=a@b.org "$option=$text"
		done
		says 2 '--subject: a line break' xferkey mail --site ihmp --to a@b.org --user jane --subject "$text"
	done
	# yash itself removes it
	xferkey -q mail --site ihmp --to a@b.org --subject $'x\377' >m 2>said && message m >parsed ||
		grep -q -- '--subject: not UTF-8' said
	says 2 '--user: this login has no name' "$words" --user=
	refused <<-'END'
		xferkey-mail: --to: not an e-mail address| mail --site ihmp --to ''
		--from: not an e-mail address| mail --site ihmp --to a@b.org --from 'Jane <-f@x>'
		sender EMAIL: not an e-mail address| EMAIL=-x@y mail --site ihmp --to a@b.org
		sender EMAIL: a line break| EMAIL=$'x@y\nBcc:a@b' mail --site ihmp --to a@b.org
		--user: too long| mail --site ihmp --to a@b.org --user "$(printf '%255s' x)"
		none is known for ihmp| mail --site ihmp
		| mail --site ihmp -o draft
		an address is required| mail --send .ssh/ihmp.pub
	END
}

@test "text that a header can hold arrives unchanged" {
	name='"Dr. Jürgen O'\''Neil, =?utf-8?q?x?=: Bcc" <jane@b.org>'
	while IFS='|' read -r from to subject user; do
		mailed --site ihmp "--from=$from" "--to=$to" "--subject=$subject" "--user=$user"
		equal "$(head -n 3 <<<"$output")" "$from"$'\n'"$to"$'\n'"$subject"
		has_line "    $user"
		equal "$(attached)" "$(cat $pub)"
	done <<-END
		o'brien+x_y=z/w&v%u@sub.example.org|a@b.org|-x|-jane
		$name|Jane Doe <jane@b.org>|=?UTF-8?B?eA==?=|=?UTF-8?B?eA==?=
		-oX <a@b.org>|Ænne <x-y@b.org>|\$(touch evil) \`touch evil\` "; touch evil|\$(touch evil)';touch evil'
	END
	[ ! -e evil ]
}

@test "mail sends only the key of a .pub file, with its comment escaped" {
	need python3
	line=$(blob $pub)
	new_key ed25519 -f other
	for comment in '!"#$%&'\''()*+,-./:;<=>?@[\]^_`{|}~' 'Jürgen Müller 日本' '-x' '$(touch evil)' '"' '\033[31m' ''; do
		key=$(fresh) n=$((${n-0} + 1))
		printf '%s\n' "command=\"evil \\\"x\\\"\",no-pty,environment=\"A=b\" $key $comment" >"c$n.pub"
		printf '%s\n' "$key${comment:+ $comment}" >>want
	done
	mailed --to a@b.org c?.pub
	equal "$(attached | grep -v '^-- ')" "$(cat want)"
	[[ $output != *no-pty* ]]
	[ ! -e evil ]

	# the receiver sees one line without control characters
	printf '%s \033[31m a\rBcc: b\t\000\001 \302\205\342\200\256\377\n' "$line" >c.pub
	mailed --to a@b.org c.pub
	equal "$(attached)" "$line "'\033[31m a\015Bcc: b\011\000\001 \302\205\342\200\256\377'
	equal "$(grep -cxF "$(attached)" <<<"$output")" 2
	terminal -- xferkey -q mail --to a@b.org c.pub
	equal "$(tr -d '\r' <<<"$output" | grep -a '^ssh-rsa')" "$(xferkey pubfmt c.pub)"
	# text around the key is left out
	for file in "${line:0:200}"$'\n'"${line:200}:broken lines" "$line"$'\nBcc: a@b.org\n:text around (line 2)'; do
		printf '%s\n' "${file%:*}" >c.pub
		says 0 "c.pub: repaired: ${file##*:}: the key in it is 2048 SHA256:" xferkey -q mail --to a@b.org c.pub
		message "$BATS_TEST_TMPDIR/out" >m
		equal "$(sed '1,/^-- /d' m)" "$line"
		lacks m Bcc
	done
	printf '%s x\n\n%s\n' "$line" "$(cat other.pub)" >c.pub
	says 2 'c.pub: more than one public key' xferkey -q mail --to a@b.org c.pub
	[ ! -e evil ]
}

@test "any path is one line on a terminal, and a plain name in the message" {
	path=$'a\nBcc: x@y\e[31m/-f "q" \302\205.pub'
	mkdir "${path%/*}"
	cp $pub "$path"
	cp $pub ./-x.pub
	terminal -0 -- xferkey -q mail --to a@b.org "$path"
	[[ $output != *$'\n'Bcc* ]]
	has 'attach a?Bcc: x@y\033[31m/-f "q"'
	[[ $output != *$'\e[31m'* ]]
	mailed --to a@b.org "$path"
	[[ $(grep '^-- ' <<<"$output") =~ ^--\ key-f__q____+\.pub$ ]]
	mailed --to a@b.org -- -x.pub
	has_line '-- key-x.pub'
	says 2 'no such option' xferkey mail --to a@b.org -x.pub
}

@test "several keys, and the fingerprint of the key that they replace, are sent" {
	mkdir one two
	new_key ed25519 -C one -f one/id
	new_key ecdsa -C two -f two/id
	new_key ed25519 -f old
	old=$(print old.pub) md5=$(print old.pub md5)
	mailed --to a@b.org --replaces "$old" one/id.pub two/id.pub $pub
	equal "$(grep '^-- ' <<<"$output" | tr '\n' ' ')" '-- id.pub -- id-2.pub -- ihmp.pub '
	equal "$(attached | grep -v '^-- ')" "$(cat one/id.pub two/id.pub $pub)"
	grep -q '^These are 3 public keys' <<<"$output"
	has_line "    256 $(print one/id) (ED25519)" "    256 $(print two/id) (ECDSA)" \
		"    2048 $(print $pub) (RSA)" "    $old"
	grep -q 'take away the key that it replaces' <<<"$output"
	terminal -0 -- xferkey mail --to a@b.org --replaces "$old" one/id.pub two/id.pub
	has_line 'attach: one/id.pub' 'do not attach two/id.pub: -o draft.eml writes a draft with the key as id-2.pub'
	# as it was pasted, and as it is sent
	for replaced in "$(ssh-keygen -l -f old.pub)|$old" "$(tr a-z A-Z <<<"${md5#MD5:}")|$md5" "$md5|$md5"; do
		mailed --to a@b.org --replaces "${replaced%|*}" one/id.pub
		has_line "    ${replaced#*|}"
	done
	for fingerprint in SHA256: "${old%?}" "${old}x" "SHA1${old#SHA256}" "$old $old" MD5:00 -x one/id.pub ''; do
		says 2 '--replaces: not a whole fingerprint' xferkey mail --to a@b.org "--replaces=$fingerprint" one/id.pub
	done
	for fingerprint in "$old" "$md5"; do
		says 2 '--replaces: this is the fingerprint of old.pub' xferkey -q mail --to a@b.org --replaces "$fingerprint" old.pub
	done
}

@test "a site's fields set address and subject, and unsuitable keys are reported or refused" {
	need python3
	cp $pub .ssh/x.pub
	new_key ed25519 -C c -f ed
	new_key ecdsa -C c -f ec
	new_key rsa -b 2048 -m PEM -N 'horse battery' -C c -f sealed
	staged 'key = own' 'to = keys@example.org' 'subject = $(touch evil); "q" =?x?=' 'title = `touch evil` \ Ünï'
	mailed --site x
	equal "${lines[1]}|${lines[2]}" 'keys@example.org|$(touch evil); "q" =?x?='
	has 'ASPERA access to `touch evil` \ Ünï:'
	mailed --site x --to other@example.org --subject mine
	equal "${lines[1]}|${lines[2]}" 'other@example.org|mine'
	[ ! -e evil ]
	equal "$(xferkey -q mail --to a@b.org .ssh/x.pub 2>&1 >/dev/null)" ''
	# the fields of the site | the keys | the status | the message
	while IFS='|' read -r fields keys want said; do
		staged 'key = own' 'to = a@b.org' "${fields%;*}" "${fields#*;}"
		if [ -n "$said" ]; then
			says "$want" "$said" xferkey -q mail --site x $keys
		else
			equal "$(xferkey -q mail --site x $keys 2>&1 >/dev/null; echo $?)" 0
		fi
	done <<-'END'
		types = RSA ECDSA;bits = 3072|ed.pub|0|ed.pub: ED25519, and x asks for RSA ECDSA
		types = RSA ECDSA;bits = 3072||2|.ssh/x.pub: RSA of 2048 bits, and x requires 3072 or more
		types = RSA ECDSA;bits = 3072|ec.pub|0|
		types = only RSA|-o draft ed.pub|2|ed.pub: ED25519, and x accepts only RSA
		passphrase = none|sealed.pub|0|sealed: a passphrase, and x asks for none
		passphrase = none|ed.pub .ssh/x.pub|0|
		passphrase = wanted|ed.pub sealed.pub|0|ed: no passphrase, and x asks for one
		to = -f@x||2|x: to: not an e-mail address
		to = a@b, c@d||2|x: to: not an e-mail address
		key = shared|--to a@b.org|2|x: accepts no key of your own
	END
	[ ! -e draft ]
	staged 'key = own' 'to = a@b.org' 'individual = yes'
	said=
	[ "$(id -u)" -ne 0 ] || said='xferkey-mail: root: x accepts keys of individuals only: --user names one'
	equal "$(xferkey -q mail --site x 2>&1 >/dev/null)" "$said"
	printf 'key = own\nsubject = x\0Bcc: a@b\n' >"$profile"
	xferkey -q mail --site x --to a@b.org >m 2>said && message m >parsed || grep -q 'a control character\|cannot read' said
	staged 'key = own' $'subject = x\rBcc: a@b'
	says 2 'sites/x: a control character' xferkey -q mail --site x --to a@b.org
}

@test "-o never overwrites, and leaves no incomplete file" {
	refused <<-'END'
		/dev/full: already there| mail --to a@b.org .ssh/ihmp.pub -o /dev/full
		already there| mail --to a@b.org .ssh/ihmp.pub -o .
		-o: a file is required| mail --to a@b.org .ssh/ihmp.pub -o ''
	END
	[ -c /dev/full ]
	xferkey -q mail --to a@b.org $pub -o -draft
	[ -s ./-draft ]
	says 2 'cannot write' bash -c 'ulimit -f 1; trap "" XFSZ; xferkey -q mail --to a@b.org .ssh/ihmp.pub -o short'
	[ ! -e short ]
}

@test "-n shows the steps, and no file is written" {
	run -0 xferkey -n mail --site ihmp --to a@b.org -o draft
	equal "$output" "xferkey pubfmt $HOME/$pub"$'\n'"xferkey fpr $HOME/$pub"
	[ ! -e draft ]
}

# recorder BODY: makes in bin a sendmail that counts its runs, keeps its input, and then runs BODY; TMPDIR is empty.
recorder() {
	rm -rf bin runs got TMP
	mkdir bin TMP
	export TMPDIR=$PWD/TMP
	sh_script bin/sendmail "echo \"\$#:\$*\" >>'$PWD/runs'" "cat >'$PWD/got'" "$1"
}

@test "--send gives the message to sendmail once, and leaves no file" {
	need python3
	recorder 'echo "its own word" >&2'
	PATH=$PWD/bin:$PATH run -0 xferkey mail --send --site ihmp --user jane --from j@b.org --to dcc@example.org
	equal "$(cat runs)" '2:-t -i'
	has 'given to sendmail, for dcc@example.org' 'its own word'
	step=$(sed -n 's/^+ \(.*|.*\)/\1/p' <<<"$output")
	equal "$step" "xferkey mail --site ihmp --user jane --from j@b.org --to dcc@example.org -- $HOME/$pub | sendmail -t -i"
	[ -z "$(ls -A TMP)" ]
	run -0 message got
	equal "${lines[1]}" dcc@example.org
	equal "$(attached)" "$(cat $pub)"

	recorder ''
	run xferkey -n mail --send --site ihmp --user jane --from j@b.org --to dcc@example.org
	equal "${lines[-1]}" "$step"
	[ ! -e runs ]
	PATH=$PWD/bin:$PATH bash -c "$step"
	message got >again
	equal "$(cat runs)" '2:-t -i'
	mv bin/sendmail 'bin/send it'
	recorded=$PWD/bin
	XFERKEY_SENDMAIL="$recorded/send it" terminal -0 -- xferkey mail --send --to a@b.org $pub
	has "+ xferkey mail --to a@b.org -- .ssh/ihmp.pub | '$recorded/send it' -t -i"
	[[ ${lines[-1]} = next:*xferkey\ check* ]]
	[[ $output != *$'\n'To:* ]]
	message got >again
	says 2 '--send or -o: one of them' xferkey mail --send -o draft --to a@b.org $pub
	[ ! -e draft ]
}

# kept TEXT SENDMAIL: mail --send ends with status 2, says TEXT, and names the file of the message, which is whole.
kept() {
	XFERKEY_SENDMAIL=$2 run -2 xferkey -q mail --send --to a@b.org $pub
	# a shell may also report the signal that ended its child
	says="xferkey-mail: $1: the message is kept in $TMPDIR/xferkey-mail."
	equal "${lines[-1]%"${lines[-1]#"$says"}"}" "$says"
	output=${output##* kept in }
	equal "$(find "$TMPDIR" -mindepth 1)" "${output%%;*}"
	equal "$(stat -c %a TMP/*)" 600
	equal "$(tail -n 1 TMP/*)" "--$(sed -n 's/.*boundary="\(.*\)"/\1/p' TMP/*)--"
}

@test "if sendmail fails, the message is kept, and is not sent again" {
	need python3
	while IFS=: read -r death said; do
		recorder "$death"
		kept "$PWD/bin/sendmail: $said" "$PWD/bin/sendmail"
		equal "$(cat runs)" '2:-t -i'
	done <<-'END'
		exit 75:exit status 75
		exit 1:exit status 1
		kill -9 $$:ended by a signal
	END
	run -0 message TMP/*
	equal "$(attached)" "$(cat $pub)"
	recorder ''
	chmod 644 bin/sendmail
	for said in 'nosuch: not found' "$PWD/bin/sendmail: not a program" '-bs: begins with -' './nosuch: no such file'; do
		rm -f TMP/*
		kept "$said" "${said%%: *}"
		[[ ${lines[-1]} = *'; -o draft.eml instead of --send '* ]]
	done
	[ ! -e runs ]
}

@test "xferkey-mail-send removes only files that it made" {
	recorder ''
	send=$(xferkey --exec-path)/lib/xferkey-mail-send
	cp .ssh/ihmp key
	export XFERKEY_SENDMAIL=$PWD/bin/sendmail
	says 2 'usage: xferkey-mail-send' "$send" key a@b.org next
	[ ! -e runs ]
	"$send" a@b.org next <$pub
	cmp .ssh/ihmp key
	cmp $pub got
	[ -z "$(ls -A TMP)" ]
	says 2 'cannot write' bash -c 'ulimit -f 1; trap "" XFSZ; head -c 4096 /dev/zero | "$@"' sh "$send" a@b.org next
	[ -z "$(ls -A TMP)" ]
}

@test "a signal ends xferkey and a sendmail that hangs, and mail says where the message is" {
	need python3
	for signal in INT TERM; do
		recorder 'echo $$ >pid; exec sleep 100'
		XFERKEY_SENDMAIL=$PWD/bin/sendmail env --default-signal=INT \
			xferkey -q mail --send --to a@b.org $pub 2>said 3>&- &
		ended_by $signal pid
		equal "$(sed 's/.*may have sent the message, which is kept in //' said)" "$(echo "$PWD"/TMP/*)"
		run -0 message TMP/*
		rm pid
	done
}

@test "-o: killed at any call, the draft is whole or absent" {
	xferkey -q mail --to a@b.org -o draft $pub
	# in mksh each printf is a process, with one write
	IFS= read -r interpreter <"$(xferkey --exec-path)/xferkey-setup"
	[[ $interpreter = *mksh ]] && second= || second=write:error=EIO:when=2
	whole_or_none draft "xferkey -q mail --to a@b.org -o draft $pub" write:error=ENOSPC $second \
		write:signal=KILL fsync:error=EIO:when=1 fsync:error=EIO:when=2 \
		fsync:signal=KILL linkat:error=EROFS linkat:signal=KILL
	xferkey mail --to a@b.org -o again $pub 2>said >/dev/full
	grep -qF 'xferkey-mail: standard output: cannot write; the work is done' said
	equal "$(sed 's/=_[0-9a-f]*/=_/' again)" "$(sed 's/=_[0-9a-f]*/=_/' whole)"
}
