#!/usr/bin/env bats
# xferkey check: its findings on keys of every kind, and on a real login.

load ../lib/porcelain

setup_file() {
	export SECRET='a passphrase'
	made_once make_keys
}

make_keys() {
	new_key rsa -b 2048 -m PEM -f pem
	new_key rsa -b 1024 -m PEM -f weak
	new_key dsa -m PEM -f dsa
	new_key ed25519 -f ed
	new_key ecdsa -f ecdsa
	for end in '' .pub; do
		cp pem$end pem_sealed$end
		cp ecdsa$end sealed$end
	done
	cp pem.pub fips.pub
	ssh-keygen -q -p -m PEM -P '' -N "$SECRET" -f pem_sealed
	ssh-keygen -q -p -P '' -N "$SECRET" -f sealed
	xferkey fips-convert -N env:SECRET -a 10000 -o fips pem
}

setup() {
	private_home
	cp "$BATS_FILE_TMPDIR"/* .
}

teardown() {
	stop_sshd
}

# finds STATUS WANTED ... -- ARG ...: check ends with STATUS, and each WANTED begins a line.
finds() {
	local want=$1 wanted=() out=$BATS_TEST_TMPDIR/out
	while shift && [ "$1" != -- ]; do
		wanted+=($'\n'"$1")
	done
	shift
	if [[ $* != *--login* ]]; then
		run -"$want" xferkey -q check "$@"
		equal "$output" ''
	fi
	run -"$want" sh -c 'xferkey check "$@" >"$0"' "$out" "$@"
	cat "$out"
	run ! grep -vE "^(ok|note|fail)	[a-z]+	[^	]+\$" "$out"
	output=$'\n'$(cat "$out")
	has "${wanted[@]}"
}

# found: calls finds for each line "STATUS|WANTED|ARG ..." of standard input.
found() {
	local want wanted words
	while IFS='|' read -r want wanted words; do
		eval "finds \"\$want\" \"\$wanted\" -- $words"
	done
}

@test "good keys: each finding is shown, and no line is fail" {
	finds 0 'ok	format	PEM' 'ok	passphrase	none' 'ok	fips' 'ok	strength	RSA, 2048 bits' \
		"ok	pair	./pem.pub is its public half: $(print pem.pub)" \
		'ok	permissions' -- pem
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 7 ]
	finds 0 'ok	format	OPENSSH' 'note	strength	ED25519' 'note	fips' -- ed
	finds 0 'note	format	OPENSSH' 'ok	strength	ECDSA, 256 bits' 'note	fips' -- ecdsa
	mkdir -m 700 .ssh
	mv pem pem.pub .ssh/
	finds 0 'ok	pair' -- pem
	mv .ssh/pem .ssh/ihmp
	mv .ssh/pem.pub .ssh/ihmp.pub
	finds 0 'ok	pair' -- --site ihmp
	lacks "$BATS_TEST_TMPDIR/out" '	site	'
	finds 0 'note	site	ECDSA, and ihmp asks for RSA' -- --site ihmp ecdsa
	finds 0 'note	site	a passphrase, and ihmp asks for none' -- --site ihmp pem_sealed
	mkdir -p .config/xferkey/sites
	printf '%s\n' 'types = only RSA' >.config/xferkey/sites/strict
	finds 1 'fail	site	ECDSA, and strict accepts only RSA' -- --site strict ecdsa
}

@test "encrypted keys: without the passphrase check compares less, with it everything" {
	finds 0 'note	passphrase' 'note	fips	must be converted for FIPS mode' 'note	pair	not compared' \
		'ok	strength	RSA, 2048 bits' -- pem_sealed
	finds 0 'ok	format	PKCS8' 'note	passphrase	aes128-cbc, PBKDF2 SHA256, 10000 iterations, salt of 16 bytes: ascp' \
		'note	fips	PKCS8' 'note	pair	not compared' -- fips
	finds 0 'note	passphrase	aes256-ctr' 'ok	pair	./sealed.pub' -- sealed
	export SECRET='a passphrase'
	finds 0 'ok	pair	./pem_sealed.pub is' -- pem_sealed -P env:SECRET
	finds 0 'ok	pair	./fips.pub is' -- -P env:SECRET fips
	finds 1 'fail	key	' -- fips -P none
	SECRET=wrong finds 1 'fail	key	' -- pem_sealed -P env:SECRET
	refused <<<'-P: not a source| check pem_sealed -P horse'
	terminal -0 'assphrase for [^:]*: $' 'a passphrase' -- xferkey check -P ask pem_sealed
	has 'ok    pair         ./pem_sealed.pub is'
	[[ ${lines[-1]} = 'next: XFERKEY_ENGINE=sftp xferkey ascp -i ./pem_sealed '* ]]
	rm pem_sealed.pub
	finds 0 'note	pair	there is no ./pem_sealed.pub; this shows it: xferkey pubfmt -P SOURCE ./p' -- pem_sealed
	[ "$(grep -c '	pair	' "$BATS_TEST_TMPDIR/out")" -eq 1 ]
	# check asks for a passphrase only with -P ask
	terminal -0 -- xferkey check pem_sealed
}

@test "the fips line of each key agrees with the result of fips-convert" {
	need openssl
	openssl genpkey -algorithm ED25519 -out ed8 2>/dev/null
	openssl dsaparam -genkey 1024 2>/dev/null | openssl pkey -out dsa8
	openssl pkcs8 -topk8 -nocrypt -in weak -out weak8
	openssl pkcs8 -topk8 -nocrypt -in pem -out pem8
	openssl pkey -in dsa -traditional -aes128 -passout env:SECRET -out dsa_sealed
	openssl pkcs8 -topk8 -v2 aes128 -v2prf hmacWithSHA1 -in pem -passout env:SECRET -out old8
	chmod 600 ./*8 dsa_sealed
	for key in pem pem8 weak weak8 dsa dsa8 dsa_sealed ed ed8 ecdsa sealed old8 pem_sealed; do
		line=$(LONG="$SECRET, longer" xferkey fips-convert -a 10000 -P env:SECRET -N env:LONG -o new "$key" 2>&1) || :
		rm -f new
		run bash -c 'xferkey check "$1" 2>/dev/null | grep "	fips	"' - "$key"
		echo "$key: $output: $line"
		why=$(sed -n 's/^.*: refused: //p; s/^.*: warning: //p' <<<"$line")
		case $key:$why in
		pem: | pem8:) [ "$output" = "ok	fips	$(xferkey keyinfo "$key" | cut -f 4): loads in FIPS mode" ] ;;
		weak*:?* | dsa*:?* | ed*:?*) [ "$output" = "note	fips	$why" ] ;;
		old8:)
			says='PKCS8: may load in FIPS mode; if not written by fips-convert: xferkey fips-convert -o NEW ./old8'
			equal "$output" "note	fips	$says"
			;;
		*:) [ "$output" = "note	fips	must be converted for FIPS mode: xferkey fips-convert -o NEW ./$key" ] ;;
		*) false ;;
		esac
	done
}

@test "keys that fail, besides those of t1700" {
	cp pem one
	cp ed.pub one.pub
	cp pem two
	echo nonsense >two.pub
	cp pem open
	ssh-keygen -e -f ed.pub >rfc4716
	xferkey privfmt -m PPK3 ed | sed G >"it's.ppk"
	head -n 9 "it's.ppk" >cut.ppk
	cp pem ./-pem
	cp pem $'new\nline'
	sed -E '3s/^(.{62})..../\1AAAA/' ed >damaged
	chmod 600 -- *
	chmod 640 open
	found <<-END
		1|fail	strength	DSA keys are no longer accepted: xferkey generate makes a key that servers accept|dsa
		1|fail	pair	./one.pub is of another key: $(print ed.pub)|one
		1|fail	pair	./two.pub|two
		0|note	pair	there is no ./-pem.pub|-- -pem
		0|note	pair	there is no ./new?line.pub|\$'new\nline'
		1|fail	format	./damaged: malformed key|damaged
		1|fail	permissions	ssh does not use the key: mode 0640 gives group or others access: chmod 600 ./open|open
		1|fail	format	a public key|rfc4716
		1|fail	format	a PuTTY key: xferkey import './it'\\''s.ppk'|"it's.ppk"
		1|fail	format	./cut.ppk: truncated|cut.ppk
	END
}

@test "text, a certificate or a public key around the private key is skipped" {
	need openssl
	openssl req -x509 -key pem -subj /CN=jane -out certificate
	print=$(print pem.pub)
	{ openssl rsa -in pem -text -traditional; cat certificate; } >text 2>/dev/null
	cat pem.pub pem >own
	chmod 600 text own
	for file in text own; do
		cp pem.pub "$file.pub"
		finds 0 'ok	format	PEM' "ok	pair	./$file.pub is its public half: $print" 'ok	strength	RSA, 2048 bits' -- "$file"
	done
	cat ed.pub pem >other
	cat ed.pub pem_sealed >sealed-other
	chmod 600 other sealed-other
	cp ed.pub other.pub
	cp ed.pub sealed-other.pub
	finds 0 'ok	format	PEM' 'note	pair	not compared: a public key of another pair is in ./other' -- other
	finds 0 'note	pair	not compared' -- sealed-other
	# with -P the public key in the file does not count as the pair
	finds 1 'fail	key	' -- -P env:PATH sealed-other
	run ! grep '	pair	./sealed-other.pub is its' "$BATS_TEST_TMPDIR/out"
}

@test "a file that ssh or libssh2 does not load: the cause, and the command that repairs it" {
	need openssl
	stand_in
	alone='libssh2, with which ascp reads keys, does not load it'
	none='neither ssh nor libssh2, with which ascp reads keys, loads it'
	sed 's/$/\r/' ecdsa >crlf
	sed 's/$/\r/' sealed >crlf_sealed
	sed 's/$/\r/' pem >crlf_pem
	sed '4s/$/\n/' pem >blank
	sed 's/^/ /' ed >"it's"
	openssl pkey -in pem -outform DER -out der
	openssl genpkey -algorithm ED25519 -out ed8 2>/dev/null
	openssl genpkey -algorithm ED448 -out ed448
	xferkey privfmt -m OPENSSH -Z aes256-gcm@openssh.com -a 1 -N env:SECRET -o gcm ed
	sed 's/$/\r/' gcm >both
	{ printf '\377\376'; iconv -t UTF-16LE pem; } >utf16
	tr '\n' '\r' <pem >cr
	chmod 600 ./*
	while IFS='|' read -r key kind said; do
		run bash -c 'xferkey check "$1" 2>/dev/null | grep "	format	"' - "$key"
		equal "$output" "$kind	format	$said"
	done <<-END
		crlf|note|ssh does not load it: CRLF line ends: xferkey privfmt -m PEM -o NEW ./crlf
		crlf_sealed|note|ssh does not load it: CRLF line ends: xferkey privfmt -m PKCS8 -o NEW ./crlf_sealed
		crlf_pem|ok|PEM
		blank|fail|$none: a blank line inside: xferkey privfmt -m PEM -o NEW ./blank
		it's|fail|$none: indented lines: xferkey privfmt -m OPENSSH -o NEW './it'\\''s'
		der|fail|$none: DER: xferkey privfmt -m PEM -o NEW ./der
		ed8|fail|$none: ED25519 in PKCS8 (ssh reads it since 9.6): xferkey privfmt -m OPENSSH -o NEW ./ed8
		ed448|fail|$none: ED448
		gcm|note|$alone: an AES-GCM cipher: xferkey privfmt -m OPENSSH -o NEW ./gcm
		both|fail|$none: CRLF line ends; an AES-GCM cipher: xferkey privfmt -m OPENSSH -o NEW ./both
		utf16|fail|not a key file without -F: UTF-16: xferkey privfmt -F -o NEW ./utf16
		cr|fail|not a key file without -F: line ends: xferkey privfmt -F -o NEW ./cr
		sealed|note|OPENSSH, which old versions of ascp cannot read: xferkey privfmt -m PKCS8 -o NEW ./sealed
	END
	run -1 env XFERKEY_ENGINE=sftp xferkey check crlf
	has_line 'fail	format	ssh does not load it: CRLF line ends: xferkey privfmt -m PEM -o NEW ./crlf' \
		'ok	ascp	not needed: XFERKEY_ENGINE=sftp'
	PATH=${PATH%":$STAND_IN"} finds 1 'fail	format	ssh does not load it' -- crlf
	# the command shown for an encrypted key works as typed
	xferkey privfmt -P env:SECRET -m PKCS8 -o NEW ./sealed
}

@test "the published keys of Aspera software fail" {
	stage stage
	publish stage "$(print pem.pub)" fpr authkeys keyinfo
	run -1 stage/bin/xferkey check pem
	has 'fail	strength	a key that comes with Aspera software'
	PATH=$PWD/stage/bin:$PATH says 2 'a key that comes with Aspera software' with_account xferkey -q authorize -w pem.pub
	says 2 'a key that comes with Aspera software' stage/bin/xferkey mail --to a@b.org pem.pub
}

@test "on a terminal the lines have columns of blanks; -n shows the commands and runs none" {
	mkdir -m 700 .ssh
	terminal -0 -- xferkey check pem
	has 'ok    format       PEM'
	[[ ${lines[-1]} = 'next: XFERKEY_ENGINE=sftp xferkey ascp -i ./pem FILE USER@HOST:DIRECTORY/' ]]
	# next depends on what exists: an ascp, a site and its account, the key of the site or another
	stand_in
	mkdir -p .config/xferkey/sites
	printf '%s\n' 'host = lab.example.org' 'user = jane' >.config/xferkey/sites/lab
	for site in ihmp lab; do
		cp pem .ssh/$site
		cp pem.pub .ssh/$site.pub
	done
	while IFS='|' read -r words next; do
		terminal -- xferkey check $words
		equal "${lines[-1]}" "next: xferkey $next"
	done <<-'END'
		pem|ascp -i ./pem FILE USER@HOST:DIRECTORY/
		--site ihmp --user jane|check --site ihmp --user jane --login
		--site ihmp --user jane --port 33001 pem|check --site ihmp --user jane ./pem --port 33001 --login
		--site ihmp|check --site ihmp --user USER --login
		--site lab|check --site lab --login
	END
	XFERKEY_ENGINE=sftp terminal -- xferkey check --site lab
	equal "${lines[-1]}" 'next: xferkey check --site lab --login'
	run -0 xferkey -n check pem --login jane@example.invalid --port 33001
	equal "$(sed 's/ -o [^ ]*//g' <<<"$output")" 'xferkey keyinfo -i ./pem
xferkey fpr -w ./pem
xferkey fpr -w ./pem.pub
xferkey permcheck -c ./pem
ssh -F none -i '"$HOME"'/pem -p 33001 -fN jane@example.invalid'
	run -0 xferkey -n check --site ihmp --user jane --login
	[[ ${lines[-1]} = 'ssh '*' -p 22 '*' -fN jane@aspera.ihmpdcc.org' ]]
}

@test "an ssh that cannot run, or is killed, is trouble and no refusal" {
	fake ssh 'case "$*" in *-fN*) exit 127 ;; esac'
	PATH=$PWD/path:$PATH says 2 'ssh ended with status 127: not known' xferkey -q check pem --login host
	fake ssh 'case "$*" in *-fN*) kill -s KILL $$ ;; esac'
	PATH=$PWD/path:$PATH run -2 xferkey -q check pem --login host
	has 'ssh ended with status 137: not known'
}

@test "a login is accepted or refused; s2135 and s1820 have the other cases" {
	mkdir -m 700 .ssh
	cp pem.pub .ssh/authorized_keys
	# check --login needs no command on the server
	start_sshd 'ForceCommand /bin/false'
	finds 0 'ok	login	test accepts the key' -- pem --login test
	finds 1 'fail	login	refused' -- ecdsa --login test
}

@test "without a name the key is the one that generate makes" {
	mkdir -p -m 700 .ssh
	mv pem .ssh/aspera_rsa
	mv pem.pub .ssh/aspera_rsa.pub
	equal "$(xferkey check)" "$(xferkey check ~/.ssh/aspera_rsa)"
}

@test "wrong sites, hosts and operands are status 2" {
	refused <<-'END'
		.ssh/ihmp: no such file: xferkey generate --site ihmp makes it| check --site ihmp
		nosuch: no such site| check --site nosuch
		--login: requires [USER@]HOST, or --site NAME| check pem --login
	END
	for host in -oProxyCommand=x a@-oProxyCommand=x 'a b' 'a;b' '$(x)' '`x`' $'a\nb' 'a@' '@b' ; do
		says 2 'is not the name of a host' xferkey check pem "--login=$host"
	done
}

# asuserdata DOCROOT [WRITE]: what Aspera's tool prints of an account.
asuserdata() {
	printf '%s\n' 'canonical_absolute: "/x"' "absolute: \"$1\"" '  read_allowed: "true"' \
		"  write_allowed: \"${2-true}\"" 'file_restriction: "AS_NULL"'
}

@test "--docroot: an account whose docroot has its key files fails; unknown text is not known, and nothing is evaluated" {
	as_account
	mkdir -p -m 700 .ssh below
	while read -r docroot real; do
		asuserdata "$docroot" >text
		run -1 xferkey check --docroot text
		has_line "fail	docroot	$me can upload $HOME/.ssh/authorized_keys, the file of its keys: it is in the docroot $real" \
			'note	docroot	by the text in text; not tried against a live server'
	done <<-END
		\$(home) $HOME
		AS_NULL /
	END
	asuserdata "$HOME/below" | xferkey check --docroot - >out
	grep "^ok	docroot	$me cannot upload $HOME/.ssh/authorized_keys$" out
	asuserdata "$HOME" false >text
	run -0 xferkey check --docroot text
	has 'nothing can be uploaded'
	asuserdata "$HOME" >text
	while IFS='|' read -r edit reason; do
		sed "$edit" text >edited
		says 2 "$reason" xferkey check --docroot edited
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done <<-'END'
		/^absolute/d|no line absolute
		/write_allowed/d|no line write_allowed
		s/AS_NULL/x/|file_restriction x: not known
		s/^absolute: .*/absolute: "$(touch evil)"/|not the path of a directory
		s/^absolute: .*/&\n&/|more than one line absolute
		s/.*/<CONF>/|no line write_allowed
	END
	[ ! -e evil ]
	says 2 'only --user and -j' xferkey check --docroot text key
}
