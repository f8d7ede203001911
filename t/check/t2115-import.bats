#!/usr/bin/env bats
# xferkey import converts a key of PuTTYgen, or any other, to the pair that ascp and servers read, and back to PuTTY's
# format.

load ../lib/porcelain

setup_file() {
	made_once make_keys
}

make_keys() {
	need puttygen ssh-keygen openssl python3
	mkdir home
	cd home || return
	: >none
	echo 'correct horse' >pass
	new_key rsa -b 2048 -C 'jane@lab' -f rsa
	new_key ecdsa -C 'jane@lab' -f ecdsa
	new_key ed25519 -C "jane's key" -f ed
	puttygen -q -t rsa -b 1024 -C dcc --new-passphrase none -o dcc_aspera.ppk 2>/dev/null
	puttygen -q -t dsa -b 1024 -C old --new-passphrase none -o dsa.ppk 2>/dev/null
	puttygen -q -t ed448 -C new --new-passphrase none -o ed448.ppk
	for type in rsa ecdsa ed; do
		puttygen "$type" -o "$type.ppk"
		puttygen "$type" -o "$type-v2.ppk" --ppk-param version=2
		puttygen "$type" -P --new-passphrase pass -o "$type-sealed.ppk" --ppk-param memory=64,passes=1
		puttygen "$type" -P --new-passphrase pass -o "$type-sealed-v2.ppk" --ppk-param version=2
	done
	rm rsa ecdsa ed none
	chmod 644 ./*.ppk
}

setup() {
	private_home
	cp -a "$BATS_FILE_TMPDIR/home/." .
	unset P N
}

teardown() {
	stop_sshd
}

# pair KEY WANT.pub [PASSPHRASE]: KEY and KEY.pub are the key of WANT.pub, with its comment.
pair() {
	equal "$(stat -c %a "$1" "$1.pub" | tr '\n' ' ')" '600 644 '
	same_key "$1" "$2" "${3-}"
	cmp "$1.pub" "$2"
}

@test "a public key beside the private one is skipped" {
	new_key ed25519 -C one -f own
	new_key ed25519 -C two -f other
	{ echo hello; cat own own.pub; } >beside
	{ echo hello; cat other.pub own; } >others
	mkdir -m 700 .ssh
	for file in beside others; do
		run -0 xferkey import -N none -o .ssh/$file $file
		cmp .ssh/$file.pub own.pub
		[[ $output != *"$(print other.pub)"* ]]
		[ $file = others ] || has ": repaired: the key in it is 256 $(print own.pub) "
	done
}

@test "a key of PuTTYgen becomes ~/.ssh/NAME and .pub, and both are shown" {
	mkdir desk
	mv ed.ppk desk/dcc_ed.PPK
	before=$(files)
	run -0 xferkey import desk/dcc_ed.PPK
	pair .ssh/dcc_ed ed.pub
	equal "${lines[0]}" "+ mkdir -m 700 $HOME/.ssh"
	equal "${lines[1]}" "+ xferkey privfmt -F -f $HOME/.ssh/dcc_ed desk/dcc_ed.PPK"
	grep -x "private key, .*: $HOME/.ssh/dcc_ed" <<<"$output"
	grep -x "public key, .*: $HOME/.ssh/dcc_ed.pub" <<<"$output"
	has "$(ssh-keygen -lv -f ed.pub)"
	[[ $output = *"$(ls -l "$HOME"/.ssh/*)" ]]
	equal "$(head -n 1 .ssh/dcc_ed)" '-----BEGIN OPENSSH PRIVATE KEY-----'
	rm -r .ssh
	equal "$(files)" "$before"
}

@test "each type and version, encrypted or not, is imported, with -q without output" {
	need_argon2
	while IFS=: read -r name type phrase label; do
		P='correct horse' run -0 xferkey -q import "$name.ppk" -P env:P
		[ -z "$output" ]
		pair ".ssh/$name" "$type.pub" "$phrase"
		equal "$(head -n 1 ".ssh/$name")" "-----BEGIN $label-----"
	done <<-'END'
		rsa:rsa::RSA PRIVATE KEY
		rsa-v2:rsa::RSA PRIVATE KEY
		ecdsa:ecdsa::EC PRIVATE KEY
		ecdsa-v2:ecdsa::EC PRIVATE KEY
		ed:ed::OPENSSH PRIVATE KEY
		ed-v2:ed::OPENSSH PRIVATE KEY
		rsa-sealed-v2:rsa:correct horse:ENCRYPTED PRIVATE KEY
		ed-sealed:ed:correct horse:OPENSSH PRIVATE KEY
	END
}

@test "on a terminal import asks once for the passphrase, and keeps it without -N none" {
	need_argon2
	terminal -0 'Passphrase for' 'correct horse' -- xferkey import ed-sealed.ppk --site ihmp
	[[ $output != *horse* ]]
	[ "${lines[-1]}" = 'next: xferkey check --site ihmp' ]
	[[ $(told .ssh/ihmp) = 'OPENSSH	aes256-ctr	ED25519	256	'*'	-	-' ]]
	cmp .ssh/ihmp.pub ed.pub
	terminal -0 'Passphrase for' 'correct horse' -- xferkey import -N none rsa-sealed.ppk
	[ "${lines[-1]}" = "next: xferkey check $HOME/.ssh/rsa-sealed" ]
	pair .ssh/rsa-sealed rsa.pub
	xferkey -q import -P file:pass -N none ecdsa-sealed.ppk -o "it's a key" -C "it's me"
	equal "$(cat "it's a key.pub")" "$(blob ecdsa.pub) it's me"
	head -n 1 pass | xferkey -q import -P stdin -N '' ed-sealed.ppk -o -other
	pair ./-other ed.pub
	printf '%s\n' 'correct horse' again | xferkey -q import -P stdin -N stdin -m PPK2 ed-sealed.ppk -o new.ppk
	echo again >again
	puttygen new.ppk --old-passphrase again -O private-openssh -o back
	puttygen new.ppk -L | cmp ed.pub -
}

@test "a key that came by mail: the repairs are reported before the key is written" {
	need_argon2
	print=$(print rsa.pub)
	{ echo 'Here it is:'; sed 's/^/> /' rsa.ppk; } >letter
	run -0 xferkey -q import -o new letter
	equal "${lines[0]}" "xferkey-import: letter: repaired: the key in it is 2048 $print (RSA)"
	equal "${lines[1]}" 'xferkey-import: letter: repaired: quoting, text around (line 1)'
	equal "${#lines[@]}" 2
	pair new rsa.pub
	# nothing is written if the key of the repaired text was not shown first
	: >taken
	run -2 xferkey -q import -o taken letter
	[[ ${lines[0]} = *" $print "* ]]
	run xferkey -q import -o plain rsa.ppk
	equal "$status:$output" 0:
	sed 's/^/> /' rsa-sealed.ppk >letter
	run -0 xferkey -q import -P file:pass -o sealed letter
	[[ ${lines[0]} = *'letter: repaired: the key in it is '*' (RSA)' ]]
}

@test "an error of privfmt is reported under the name of import" {
	cp rsa.ppk k.ppk
	: >taken
	refused <<-'END'
		xferkey-import: taken exists and is left alone; to make room: mv taken taken.old| import -o taken k.ppk
		xferkey-import: -m| import -m nosuch -o new k.ppk
	END
}

@test "RSA under 2048 bits, DSA and Ed448 are imported, and import says who refuses them" {
	for row in 'dcc_aspera:RSA, 1024 bits: RSA under 2048 bits' 'dsa:DSA, 1024 bits' 'ed448:ED448, 448 bits'; do
		name=${row%%:*}
		puttygen -L "$name.ppk" >want.pub
		xferkey import "$name.ppk" 2>said >/dev/null
		cmp ".ssh/$name.pub" want.pub
		equal "$(xferkey pubfmt -C '' ".ssh/$name")" "$(blob want.pub)"
		equal "$(grep -c '^xferkey' said)" 1
		grep -qF "xferkey-import: ${row#*:}" said
	done
	same_key .ssh/dcc_aspera .ssh/dcc_aspera.pub
	xferkey import rsa.ppk 2>said >/dev/null
	lacks said 'xferkey-import: '
	equal "$(xferkey -q import dsa.ppk -o quiet 2>&1)" ''
}

@test "private keys of other formats, or in damaged text, are imported" {
	xferkey -q import rsa.ppk -m PEM -o pem
	xferkey -q import ed.ppk -m OPENSSH -o openssh
	openssl pkcs8 -topk8 -v2 aes128 -passout file:pass -in pem -out pkcs8.key
	openssl rsa -traditional -aes128 -passout file:pass -in pem -out dek.pem 2>/dev/null
	puttygen rsa.ppk -O private-sshcom -o sshcom
	iconv -f ascii -t utf-16 openssh >utf16.txt
	sed 's/^/> /' pem >quoted.txt
	{ echo 'Dear Jane, your key:'; cat ed.ppk; } >mail.txt
	for name in pkcs8.key dek.pem sshcom quoted.txt utf16.txt mail.txt; do
		P='correct horse' run -0 xferkey -q import $name -P env:P -N none
		made=${name%.key}
		made=.ssh/${made%.pem}
		want=rsa
		[[ $name != [um]*.txt ]] || want='ed'
		same_key "$made" "$want.pub"
		same_key "$made" "$made.pub"
	done
}

@test "-m PPK3 makes one file for Windows, which PuTTYgen loads" {
	need_argon2
	xferkey -q import ed-sealed.ppk -P file:pass -N none -o id_ed
	run -0 xferkey import -m PPK3 id_ed -o key.ppk
	[ "$(stat -c %a key.ppk)" = 600 ]
	[ ! -e key.ppk.pub ]
	[[ $output = *"+ xferkey privfmt -F -m PPK3 -o key.ppk id_ed
"*"$(ssh-keygen -lv -f ed.pub)"* ]]
	equal "$(head -n 1 key.ppk)" 'PuTTY-User-Key-File-3: ssh-ed25519'
	xferkey -q import -m Ppk2 id_ed -N file:pass
	equal "$(head -n 1 .ssh/id_ed.ppk)" 'PuTTY-User-Key-File-2: ssh-ed25519'
	equal "$(ls .ssh)" id_ed.ppk
	: >none
	for made in key.ppk .ssh/id_ed.ppk; do
		puttygen $made -L | cmp ed.pub -
		rm -f plain.ppk back
		puttygen $made --old-passphrase pass -P --new-passphrase none -o plain.ppk
		puttygen plain.ppk -O private-openssh -o back
		same_key back ed.pub
	done
	terminal -- xferkey import -m PPK3 id_ed -o again.ppk
	[ "${lines[-1]}" = 'next: copy again.ppk to Windows, where PuTTY, Pageant and WinSCP load it' ]
	refused <<-'END'
		.ssh/id_ed.ppk exists| import -m PPK2 id_ed
		PPK: not a format| import -m PPK id_ed
	END
}

@test "in PEM and PKCS8 the comment is that of the .pub, if it is the same key" {
	for format in PEM PKCS8; do
		xferkey privfmt -m $format -f k rsa.ppk
		xferkey -q import -m PPK2 -o k.ppk k
		puttygen k.ppk -L | cmp rsa.pub -
		xferkey -q import -C mine -o named k
		equal "$(cat named.pub)" "$(blob rsa.pub) mine"
		cp ed.pub k.pub
		xferkey -q import -o other k
		equal "$(cat other.pub)" "$(blob rsa.pub)"
		rm k* named* other*
	done
}

@test "no file is replaced; after the shown mv the import succeeds" {
	makes_room rsa import rsa.ppk
	mv .ssh/rsa.pub .ssh/rsa.pub.old
	ln -s nowhere .ssh/rsa.pub
	refused <<<'rsa.pub exists and is left alone| import rsa.ppk'
	rm .ssh/rsa.pub
	xferkey -q import rsa.ppk
	pair .ssh/rsa rsa.pub
	cd .ssh
	refused <<<'already: -o gives the new file another name| -q import rsa'
	cd ..
	mkdir folder
	refused <<-'END'
		.ssh/rsa: is | import .ssh/rsa
		folder exists and is left alone| import rsa.ppk -o folder
	END
}

@test "a FIFO or socket with the name of the public half is not read" {
	ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -f plain
	rm plain.pub
	mkfifo plain.pub
	timeout 10 xferkey -q import -o one plain
	rm plain.pub
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("plain.pub")'
	timeout 10 xferkey -q import -o two plain
	cmp one two
}

@test "a file without one private key, or an unsuitable name, is refused, and nothing is left" {
	puttygen ed.ppk -p -o ed-ssh2.pub
	cp ed-ssh2.pub lone
	puttygen ed.ppk -O public-openssh -o line
	cp ed.ppk ed-ssh2
	cp ed.ppk ed-ssh2.ppk
	: >empty
	cat rsa.ppk ed.ppk >two
	sed 's/^Private-MAC: ./&0/' rsa.ppk >damaged
	head -c 900 rsa.ppk >short
	# if one of two keys is damaged, neither is imported, and no repair is reported
	{ sed 1d rsa.ppk; cat ed.ppk; } >headless
	{ echo Mine:; xferkey privfmt -m PEM rsa.ppk | sed 's/-----BEGIN/-----BEGUN/'; echo Old:; cat ed.ppk; } >begun
	{ echo 'Hi, the public key:'; cat ed.pub; echo 'and the others:'; cat ed.ppk rsa.ppk; } >mail.txt
	for name in ./-x.ppk authorized_keys authorized_keys.ppk known_hosts.ppk config.key .ppk ..ppk $'a\nb.ppk'; do
		cp rsa.ppk "$name"
		says 2 'cannot be the name of a private key: name it with -o' xferkey import -- "$name"
	done
	for name in '' folder/ me.pub "$HOME/.ssh/config" "$HOME/.ssh/../.ssh/authorized_keys" $'a\eb'; do
		says 2 'cannot be the name of a private key' xferkey import rsa.ppk -o "$name"
	done
	mkdir -m 700 .ssh
	refused <<-'END'
		ed.pub: a public key; its private one may be ed.ppk| import ed.pub
		lone: a public key| import lone
		line: a public key| import line
		ed-ssh2.pub: a public key; its private one may be ed-ssh2| import ed-ssh2.pub
		.: not a file| import .
		empty: no key in it| import empty
		two: more than one key| import two
		damaged| import damaged
		short| import short
		one private key is required| import
		| import rsa.ppk ed.ppk
		read more than once| import /dev/stdin
		first line is missing or damaged| import headless
		| import begun
		line 2: a public key| import mail.txt
		nosuch/key: No such file| import rsa.ppk -o nosuch/key
		nosuch: no such site| import rsa.ppk --site nosuch
		rsa: no such file: xferkey import rsa.ppk| import rsa
		no such file; under WSL: xferkey import '/mnt/c/Users/Anna M/it'\''s.ppk'| import "C:\Users\Anna M\it's.ppk"
		no such option| import rsa.ppk -y
		HOME: not an absolute path| HOME=relative import rsa.ppk
	END
	run -2 xferkey import ed-ssh2.pub
	[[ $output = *' may be ed-ssh2' ]]
	{ echo 'ssh-key from Bob'; sed 5d rsa.ppk; } >letter
	refused <<<'letter| import letter'
	lacks "$BATS_TEST_TMPDIR/err" 'a public key'
	# a bare name is in the working directory, not in ~/.ssh
	cp rsa.ppk .ssh/elsewhere
	refused <<<'elsewhere: no such file| import elsewhere'
}

@test "no passphrase, a wrong one, or one in place of its source: refused, and nothing is left" {
	need_argon2
	echo 'wrong' >wrong
	mkdir -m 700 .ssh
	refused <<-'END'
		no passphrase| import rsa-sealed.ppk
		wrong passphrase| import rsa-sealed.ppk -P file:wrong
		| import rsa-sealed-v2.ppk -P file:wrong
		file:nosuch: No such file| import rsa-sealed.ppk -P file:nosuch
		-P: not a source| import rsa-sealed.ppk -P 'correct horse'
		-P: env: takes the name of a variable in capital letters| import rsa-sealed.ppk -P env:file
		-N: not a source| import rsa-sealed.ppk -P file:pass -N 'pass:correct horse'
		-m PEM: | import rsa-sealed.ppk -P file:pass -m PEM
		| import ed.ppk -m PEM
	END
}

@test "-n shows the steps, and they can be run" {
	run -0 xferkey -n import ed.ppk -C "it's"
	[ ! -e .ssh ]
	equal "$output" "mkdir -m 700 $HOME/.ssh
xferkey privfmt -F -C 'it'\\''s' -f $HOME/.ssh/ed ed.ppk
xferkey fpr -v $HOME/.ssh/ed.pub
ls -l $HOME/.ssh/ed $HOME/.ssh/ed.pub"
	sh -e <<<"$output"
	equal "$(cat .ssh/ed.pub)" "$(blob ed.pub) it's"
}

@test "a signal at the prompt ends import and privfmt, and nothing is left" {
	ends_at_prompt xferkey import rsa-sealed.ppk
	[ -z "$(ls -A .ssh)" ]
}

@test "the imported key logs in" {
	need ssh
	start_sshd
	says 0 'rsa-sealed-v2.ppk: a passphrase, and ihmp asks for none' \
		xferkey -q import rsa-sealed-v2.ppk -P file:pass --site ihmp
	rm .ssh/ihmp*
	run -0 xferkey import rsa-sealed-v2.ppk -P file:pass
	has ".ssh/rsa-sealed-v2, with the passphrase that it has"
	run -0 xferkey -q import rsa-sealed-v2.ppk -P file:pass -N none --site ihmp
	equal "$output" ''
	with_account xferkey -q authorize .ssh/ihmp.pub
	logs_in .ssh/ihmp
	xferkey -q import ed.ppk
	run -255 logs_in .ssh/ed
}

@test "if the key is made but cannot be shown, import says so and ends with status 0" {
	new_key ed25519 -f old
	fake ls 'exit 127'
	PATH=$PWD/path:$PATH xferkey import -o one old >out 2>said
	cmp one.pub old.pub
	grep -qF 'one is made, but cannot be listed' said
	xferkey import -o two old >/dev/full 2>said
	cmp two.pub old.pub
	grep -qF 'xferkey-import: standard output: cannot write; the work is done' said
	run -2 sh -c 'xferkey -n import -o three old >/dev/full'
	[ ! -e three ]
}
