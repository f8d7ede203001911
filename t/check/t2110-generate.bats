#!/usr/bin/env bats
# xferkey generate: asks as ssh-keygen does, shows the pair, and overwrites nothing.

load ../lib/porcelain

setup() {
	private_home
}

# locked FILE PASSPHRASE: only PASSPHRASE decrypts the key.
locked() {
	[ -z "$(ssh-keygen -y -P '' -f "$1" 2>/dev/null)" ]
	same_key "$1" "$1.pub" "$2"
}

@test "without a terminal: ~/.ssh/aspera_rsa, no passphrase; both files shown" {
	run -0 xferkey generate
	equal "$(stat -c '%a %n' .ssh .ssh/* | tr '\n' ' ')" '700 .ssh 600 .ssh/aspera_rsa 644 .ssh/aspera_rsa.pub '
	grep -x "private key, .*: $HOME/.ssh/aspera_rsa, with no passphrase, .*" <<<"$output"
	grep -x "public key, .*: $HOME/.ssh/aspera_rsa.pub" <<<"$output"
	has "$(ssh-keygen -lv -f .ssh/aspera_rsa.pub)"
	[[ $output = *"$(ls -l "$HOME"/.ssh/*)" ]]
	equal "${lines[0]}" "+ mkdir -m 700 $HOME/.ssh"
	equal "${lines[1]}" "+ xferkey keygen -N none -f $HOME/.ssh/aspera_rsa"
	equal "$(head -n 1 .ssh/aspera_rsa)" '-----BEGIN RSA PRIVATE KEY-----'
	same_key .ssh/aspera_rsa .ssh/aspera_rsa.pub
	equal "$(cut -d' ' -f 3- .ssh/aspera_rsa.pub)" "$(id -un)@$(uname -n)"
}

@test "--site names the file, -f overrides it, and other options go to keygen unchanged" {
	xferkey -q generate --site ihmp --user jane -t ed25519
	[ -s .ssh/ihmp ]
	[ -s .ssh/ihmp.pub ]
	mkdir sub
	xferkey generate -f "sub/it's a key" --site ihmp -t ecdsa -b 384 -C "it's me" 2>shown >/dev/null
	equal "$(cut -d' ' -f 1,3- "sub/it's a key.pub")" "ecdsa-sha2-nistp384 it's me"
	grep -qF "+ xferkey keygen -t ecdsa -b 384 -C 'it'\\''s me' -N none -f 'sub/it'\\''s a key'" shown
	xferkey -q generate -f -key -t ed25519
	[ -s ./-key.pub ]
	refused <<-'END'
		nosuch: no such site| generate --site nosuch
		not the name of a site| generate --site ../../x
		not the name of a file| generate -f ''
		| generate -f sub/
		takes no operand| generate key
		| generate -f none -N none horse
		-N: not a source of a passphrase| generate -f none -N horse
		| generate -f none -N pass:horse
		| generate -f none -N env:
		| generate -f none -N file:
		| generate -f none -N fd:horse
		xferkey-generate: file:nosuch: No such file| generate -f none -t ed25519 -N file:nosuch
	END
}

@test "--site and --user write a profile if there is none" {
	profile=.config/xferkey/sites/ihmp
	run xferkey -n generate --site ihmp --user jane -b 2048
	[ "${lines[2]}" = 'xferkey sites --user jane ihmp' ]
	[ -z "$(ls -A)" ]
	sh -e <<<"$output"
	rm -r .ssh .config
	run -0 xferkey generate --site ihmp --user jane -t ed25519
	[ "$(grep -c '^+ xferkey sites --user jane ihmp$' <<<"$output")" -eq 1 ]
	grep -qx 'user = jane' "$profile"
	grep -qx 'keyfile = ~/.ssh/ihmp' "$profile"
	xferkey mail --site ihmp --to a@b.org | grep -qx '    jane'
	run xferkey -n check --site ihmp --login
	[[ $output = *" -i $HOME/.ssh/ihmp "*' jane@aspera.ihmpdcc.org' ]]

	rm -r .ssh
	cp "$profile" before
	says 0 "$HOME/$profile: left alone, with the user 'jane': change its line user =" \
		xferkey -q generate --site ihmp --user joe -b 2048
	xferkey -q generate --site ihmp --user jane -b 2048 -f two 2>said
	[ ! -s said ]
	cmp before "$profile"
	rm "$profile"
	xferkey -q generate --site ihmp --user jane -t ed25519 -f "it's"
	grep -qxF "keyfile = ~/it's" "$profile"
	run xferkey check --site ihmp
	has "ok	pair	$HOME/it's.pub is"
	says 2 "it's exists and is left alone" xferkey generate --site ihmp

	rm -r .config
	for user in -x 'a b' $'a\nport = 1' '$(x)'; do
		says 2 'not the name of an account' xferkey generate --site ihmp --user "$user" -f three
	done
	mkdir -p .config/xferkey/sites
	printf 'key = site-issued\nkeysource = the portal\n' >.config/xferkey/sites/lab
	says 2 "lab: accepts no key of your own: the portal" xferkey generate --site lab
	rm -r .config
	: >.config
	run -2 xferkey -q generate --site ihmp --user jane -t ed25519 -f four
	[ -s four.pub ]
	[ ! -e three ]
}

@test "on a terminal generate asks for file and passphrase, and shows the next step" {
	terminal -0 'save the key .*aspera_rsa\): $' '' 'assphrase' 'correct horse' 'again' 'correct horse' -- \
		xferkey generate -t ed25519
	[[ $output != *horse* ]]
	[ "${lines[-1]}" = "next: xferkey mail --to ADDRESS $HOME/.ssh/aspera_rsa.pub" ]
	locked .ssh/aspera_rsa 'correct horse'
	tilde='~'
	terminal -0 'save the key' "$tilde/.ssh/other" 'assphrase' '' -- xferkey generate -t ed25519
	same_key .ssh/other .ssh/other.pub
	terminal -0 'assphrase for' '' -- xferkey generate --site ihmp --user jane -t ed25519
	[ "${lines[-1]}" = 'next: xferkey mail --site ihmp --to ADDRESS' ]
	[ -s .ssh/ihmp.pub ]
	[ ! -e .ssh/id_rsa ]
}

@test "-N names the source of the passphrase" {
	echo 'from a file' >pass
	xferkey -q generate -f one -t ed25519 -N file:pass
	locked one 'from a file'
	SECRET='from the environment' xferkey -q generate -f two -t ed25519 -N env:SECRET
	locked two 'from the environment'
	echo 'from a pipe' | xferkey -q generate -f three -t ed25519 -N stdin
	locked three 'from a pipe'
	xferkey -q generate -f four -t ed25519 -N ''
	same_key four four.pub
	XFERKEY_BATCH=1 terminal -0 -- xferkey generate -f five -t ed25519
	same_key five five.pub
}

@test "an existing file is never changed, and the shown mv makes room" {
	makes_room ihmp generate --site ihmp
	echo old >.ssh/ihmp
	use='left alone: xferkey mail --site ihmp, or xferkey check --site ihmp --login; to make room: '
	move="mv $HOME/.ssh/ihmp $HOME/.ssh/ihmp.old.old && mv $HOME/.ssh/ihmp.pub $HOME/.ssh/ihmp.old.old.pub"
	refused <<<"$use$move| generate --site ihmp"
	use=${use//ihmp/ihmp --user jane}
	refused <<<"$use$move| generate --site ihmp --user jane"
	sh -c "$move"
	xferkey -q generate --site ihmp -b 2048
	# the message is generate's own, with the name that was typed
	: >one
	: >one.old
	: >two.pub
	: >$'\xff'
	refused <<-'END'
		xferkey-generate: one exists and is left alone: xferkey check one; to make room: mv one one.old.old| generate -f one
		xferkey-generate: two.pub exists and is left alone; to make room: mv two.pub two.old.pub| generate -f two
	END
	# yash reads only characters of the locale, not bytes
	IFS= read -r interpreter <"$(xferkey --exec-path)/xferkey-setup"
	[[ $interpreter != *yash ]] || return 0
	refused <<<"exists and is left alone| generate -f \$'\\xff'"
	lacks "$BATS_TEST_TMPDIR/err" 'to make room'
}

@test "--site: an unsuitable type, size or passphrase is reported before the key is made" {
	stage_sites
	mkdir -p .config/xferkey/sites
	printf '%s\n' 'types = only RSA ECDSA' 'bits = 4096' 'passphrase = wanted' 'to = a@b.org' >.config/xferkey/sites/strict
	printf '%s\n' 'types = RSA' 'passphrase = none' 'user = jane' >.config/xferkey/sites/mild
	refused <<-'END'
		xferkey-generate: ED25519, and strict accepts only RSA ECDSA| generate --site strict -t Ed25519
		xferkey-generate: RSA of 3072 bits, and strict requires 4096 or more| generate --site strict
		xferkey-generate: RSA of 2048 bits, and strict requires 4096 or more| generate --site strict -b 2048
	END
	says 0 'xferkey-generate: no passphrase, and strict asks for one' xferkey -q generate --site strict -t ecdsa
	says 0 'xferkey-generate: ED25519, and mild asks for RSA' xferkey -q generate --site mild -t ed25519
	rm .ssh/mild*
	export PW='correct horse'
	says 0 'xferkey-generate: a passphrase, and mild asks for none' xferkey -q generate --site mild -b 2048 -N env:PW
	rm -r .ssh
	terminal -0 'strict asks for a passphrase.*\n.*assphrase for' 'correct horse' 'again' 'correct horse' -- \
		xferkey -q generate --site strict -t ecdsa
	terminal -0 'mild asks for a key without a passphrase: press Enter.*\n.*assphrase for' '' -- \
		xferkey -q generate --site mild -b 2048
}

@test "the next step that is shown works" {
	mkdir -p .config/xferkey/sites
	printf '%s\n' 'to = a@b.org' 'user = jane' >.config/xferkey/sites/lab
	terminal assphrase '' -- xferkey generate --site lab -t ed25519
	[ "${lines[-1]}" = 'next: xferkey mail --site lab' ]
	xferkey mail --site lab | grep -qx 'To: a@b.org'
	# generate's default file exists
	terminal -- xferkey setup
	[ "${lines[-1]}" = 'next: xferkey generate' ]
	terminal save '' assphrase '' -- xferkey generate -t ed25519
	terminal -- xferkey setup
	[ "${lines[-1]}" = "next: xferkey check $HOME/.ssh/aspera_rsa" ]
	xferkey check ~/.ssh/aspera_rsa
}

@test "-y is refused, names pubfmt, and leaves the key alone" {
	echo old >"it's"
	refused <<-'END'
		xferkey pubfmt 'it'\''s'| generate -y -f "it's"
		xferkey pubfmt KEY| generate -y
		xferkey pubfmt x| generate -yfx
	END
}

@test "-n shows the steps, and they can be run" {
	run -0 xferkey -n generate --site nig -t ed25519
	[ ! -e .ssh ]
	equal "$output" "mkdir -m 700 $HOME/.ssh
xferkey keygen -t ed25519 -N none -f $HOME/.ssh/nig
xferkey fpr -v $HOME/.ssh/nig.pub
ls -l $HOME/.ssh/nig $HOME/.ssh/nig.pub"
	sh -e <<<"$output"
	[ -s .ssh/nig.pub ]
}

@test "a signal at the prompt ends generate and keygen, and nothing is left" {
	ends_at_prompt xferkey generate --site ihmp
	[ -z "$(ls -A .ssh)" ]
}

@test "if the pair is made but cannot be shown, generate says so and ends with status 0" {
	for status in 1 2 127; do
		fake ls "exit $status"
		PATH=$PWD/path:$PATH xferkey generate -f "key$status" -t ed25519 >out 2>said
		same_key "key$status" "key$status.pub"
		grep -q "^xferkey-generate: [./]*key$status and [./]*key$status.pub are made, but cannot be listed" said
	done
	xferkey generate -f full -t ed25519 2>said >/dev/full
	grep -qF 'xferkey-generate: standard output: cannot write; the work is done' said
	xferkey generate -f closed -t ed25519 2>said >&-
	xferkey generate -f mute -t ed25519 2>/dev/full >/dev/full
	for key in full closed mute; do
		same_key $key $key.pub
	done
	# with -n, or if a step cannot be done, the status is 2
	run -2 sh -c 'xferkey -n generate -f shown -t ed25519 >/dev/full'
	fake find 'exit 127'
	for mode in 700 755; do
		mkdir -m "$mode" .ssh
		run -2 env PATH="$PWD/path:$PATH" xferkey generate -t ed25519
		rmdir .ssh
	done
}

@test "if the pair is made but the profile is not, generate says both and ends with status 2" {
	mkdir -p .config/xferkey
	: >.config/xferkey/sites
	run -2 xferkey -q generate --site ihmp --user jane -t ed25519
	[[ $output = *"$HOME/.ssh/ihmp and $HOME/.ssh/ihmp.pub are made, but not the profile of ihmp" ]]
	same_key .ssh/ihmp .ssh/ihmp.pub
}
