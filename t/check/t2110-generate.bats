#!/usr/bin/env bats
# xferkey generate: the dialogue of ssh-keygen, the pair shown, nothing overwritten.

load ../lib/test
load ../lib/porcelain

setup() {
	private_home
}

# unlocks FILE PASSPHRASE: the passphrase opens the key; and without one it stays closed.
unlocks() {
	[ -z "$2" ] || [ -z "$(ssh-keygen -y -P '' -f "$1" 2>/dev/null)" ]
	equal "$(ssh-keygen -y -P "$2" -f "$1" | cut -d' ' -f 1,2)" "$(blob "$1.pub")"
}

@test "off a terminal: ~/.ssh/aspera_rsa, no passphrase, said so; both shown with fingerprint, art and listing" {
	run -0 xferkey generate
	equal "$(stat -c '%a %n' .ssh .ssh/*)" '700 .ssh
600 .ssh/aspera_rsa
644 .ssh/aspera_rsa.pub'
	[[ $output = *"private key, for ascp -i only: $HOME/.ssh/aspera_rsa, with no passphrase"* ]]
	[[ $output = *"public key, for your data centre: $HOME/.ssh/aspera_rsa.pub"* ]]
	[[ $output = *"$(ssh-keygen -lv -f .ssh/aspera_rsa.pub)"* ]]
	[[ $output = *"$(ls -l "$HOME/.ssh/aspera_rsa" "$HOME/.ssh/aspera_rsa.pub")" ]]
	[[ $output = *"+ mkdir -m 700 $HOME/.ssh
+ xferkey keygen -N none -f $HOME/.ssh/aspera_rsa
"* ]]
	equal "$(head -n 1 .ssh/aspera_rsa)" '-----BEGIN RSA PRIVATE KEY-----'
	equal "$(ssh-keygen -y -f .ssh/aspera_rsa | cut -d' ' -f 1,2)" "$(blob .ssh/aspera_rsa.pub)"
	equal "$(cut -d' ' -f 3- .ssh/aspera_rsa.pub)" "$(id -un)@$(uname -n)"
}

@test "--site names the file, -f more so, and options are passed on as they are" {
	xferkey -q generate --site ihmp --user jane -t ed25519
	[ -s .ssh/ihmp ]
	[ -s .ssh/ihmp.pub ]
	mkdir sub
	xferkey generate -f "sub/it's a key" --site ihmp -t ecdsa -b 384 -C "it's me" 2>shown >/dev/null
	equal "$(cut -d' ' -f 1,3- "sub/it's a key.pub")" "ecdsa-sha2-nistp384 it's me"
	grep -qF "+ xferkey keygen -t ecdsa -b 384 -C 'it'\\''s me' -N none -f 'sub/it'\\''s a key'" shown
	xferkey -q generate -f -key -t ed25519
	[ -s ./-key.pub ]
	says 2 'nosuch: no such site' xferkey generate --site nosuch
	says 2 'not the name of a site' xferkey generate --site ../../x
	says 2 'not the name of a file' xferkey generate -f ''
	says 2 'not the name of a file' xferkey generate -f sub/
	says 2 'takes no operand' xferkey generate key
	[ ! -e key ]
}

@test "--site and --user write a profile, where there is none, and --site is then enough" {
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
	says 0 "$HOME/$profile: left alone, with the user 'jane'" xferkey -q generate --site ihmp --user joe -b 2048
	xferkey -q generate --site ihmp --user jane -b 2048 -f two 2>said
	[ ! -s said ]
	cmp before "$profile"
	rm "$profile"
	xferkey -q generate --site ihmp --user jane -t ed25519 -f "it's"
	grep -qxF "keyfile = ~/it's" "$profile"
	run xferkey check --site ihmp
	[[ $output = *"ok	pair	$HOME/it's.pub is"* ]]
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

@test "on a terminal: the file and the passphrase are asked for, and the next step is shown" {
	terminal 'save the key .*aspera_rsa\): $' '' 'assphrase' 'correct horse' 'again' 'correct horse' -- \
		xferkey generate -t ed25519
	[ "$status" -eq 0 ]
	[[ $output != *horse* ]]
	[ "${lines[-1]}" = "next: xferkey mail --to ADDRESS $HOME/.ssh/aspera_rsa.pub" ]
	unlocks .ssh/aspera_rsa 'correct horse'
	tilde='~'
	terminal 'save the key' "$tilde/.ssh/other" 'assphrase' '' -- xferkey generate -t ed25519
	[ "$status" -eq 0 ]
	unlocks .ssh/other ''
	terminal 'assphrase for' '' -- xferkey generate --site ihmp --user jane -t ed25519
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = 'next: xferkey mail --site ihmp --to ADDRESS' ]
	[ -s .ssh/ihmp.pub ]
	[ ! -e .ssh/id_rsa ]
}

@test "-N names the source; a passphrase as a word is refused and shown nowhere" {
	echo 'from a file' >pass
	xferkey -q generate -f one -t ed25519 -N file:pass
	unlocks one 'from a file'
	SECRET='from the environment' xferkey -q generate -f two -t ed25519 -N env:SECRET
	unlocks two 'from the environment'
	echo 'from a pipe' | xferkey -q generate -f three -t ed25519 -N stdin
	unlocks three 'from a pipe'
	xferkey -q generate -f four -t ed25519 -N ''
	unlocks four ''
	XFERKEY_BATCH=1 terminal -- xferkey generate -f five -t ed25519
	[ "$status" -eq 0 ]
	unlocks five ''
	for word in Secret pass:Secret env: file: fd:Secret; do
		says 2 '-N: not a source of a passphrase' xferkey generate -f none -N "$word"
		lacks "$BATS_TEST_TMPDIR/err" Secret
	done
	says 2 'takes no operand' xferkey generate -f none -N none Secret
	lacks "$BATS_TEST_TMPDIR/err" Secret
	[ ! -e none ]
}

@test "a file that is there is never touched, and the mv makes room" {
	mkdir -m 700 .ssh
	echo old >.ssh/ihmp
	says 2 "to make room: mv $HOME/.ssh/ihmp $HOME/.ssh/ihmp.old" xferkey generate --site ihmp
	equal "$(cat .ssh/ihmp)" old
	[ ! -e .ssh/ihmp.pub ]
	sh -c "$(sed 's/.*to make room: //' "$BATS_TEST_TMPDIR/err")"
	echo old >.ssh/ihmp.pub
	says 2 "$HOME/.ssh/ihmp.pub exists and is left alone" xferkey generate --site ihmp
	[ ! -e .ssh/ihmp ]
	rm .ssh/ihmp.pub
	ln -s nowhere .ssh/ihmp
	says 2 'exists and is left alone' xferkey generate --site ihmp
	[ ! -e .ssh/nowhere ]
	mkdir folder
	says 2 'exists and is left alone' xferkey generate -f folder
	says 2 'nosuch' xferkey -q generate -f nosuch/key
}

@test "what is said before a key is made is generate's own, of what was typed" {
	: >one
	: >one.old
	says 2 'xferkey-generate: one exists and is left alone; to make room: mv one one.old.old' xferkey generate -f one
	rm one
	: >one.pub
	says 2 'xferkey-generate: one.pub exists and is left alone; to make room: mv one.pub one.pub.old' \
		xferkey generate -f one
	: >$'\xff'
	says 2 "exists and is left alone" xferkey generate -f $'\xff'
	[ "$(grep -c 'to make room' "$BATS_TEST_TMPDIR/err" || :)" -eq 0 ]
}

@test "--site: a type, a length or a passphrase that does not fit is said at once" {
	stage_sites
	mkdir -p .config/xferkey/sites
	chmod 700 .config .config/xferkey .config/xferkey/sites
	printf '%s\n' 'types = only RSA ECDSA' 'bits = 4096' 'passphrase = wanted' 'to = a@b.org' >.config/xferkey/sites/strict
	printf '%s\n' 'types = RSA' 'passphrase = none' 'user = jane' >.config/xferkey/sites/mild
	says 2 'xferkey-generate: ED25519, and strict accepts only RSA ECDSA' xferkey generate --site strict -t Ed25519
	says 2 'xferkey-generate: RSA of 3072 bits, and strict requires 4096 or more' xferkey generate --site strict
	says 2 'xferkey-generate: RSA of 2048 bits, and strict requires 4096 or more' xferkey generate --site strict -b 2048
	[ ! -e .ssh ]
	says 0 'xferkey-generate: no passphrase, and strict asks for one' xferkey -q generate --site strict -t ecdsa
	says 0 'xferkey-generate: ED25519, and mild asks for RSA' xferkey -q generate --site mild -t ed25519
	rm .ssh/mild*
	export PW='correct horse'
	says 0 'xferkey-generate: a passphrase, and mild asks for none' xferkey -q generate --site mild -b 2048 -N env:PW
	rm -r .ssh
	terminal 'strict asks for a passphrase.*\n.*assphrase for' 'correct horse' 'again' 'correct horse' -- \
		xferkey -q generate --site strict -t ecdsa
	[ "$status" -eq 0 ]
	terminal 'mild asks for a key without a passphrase: Enter is none.*\n.*assphrase for' '' -- \
		xferkey -q generate --site mild -b 2048
	[ "$status" -eq 0 ]
}

@test "the next step is one that works as it is shown" {
	mkdir -p .config/xferkey/sites
	chmod 700 .config .config/xferkey .config/xferkey/sites
	printf '%s\n' 'to = a@b.org' 'user = jane' >.config/xferkey/sites/lab
	terminal assphrase '' -- xferkey generate --site lab -t ed25519
	[ "${lines[-1]}" = 'next: xferkey mail --site lab' ]
	xferkey mail --site lab | grep -qx 'To: a@b.org'
	# the file that generate makes is there
	terminal -- xferkey setup
	[ "${lines[-1]}" = 'next: xferkey generate' ]
	terminal save '' assphrase '' -- xferkey generate -t ed25519
	terminal -- xferkey setup
	[ "${lines[-1]}" = "next: xferkey check $HOME/.ssh/aspera_rsa" ]
	xferkey check ~/.ssh/aspera_rsa
}

@test "-y is answered with pubfmt and leaves the key alone" {
	echo old >"it's"
	says 2 "xferkey pubfmt 'it'\\''s'" xferkey generate -y -f "it's"
	says 2 'xferkey pubfmt KEY' xferkey generate -y
	says 2 'xferkey pubfmt x' xferkey generate -yfx
	equal "$(cat "it's")" old
	[ ! -e .ssh ]
}

@test "-n shows the steps, which run as they are" {
	run -0 xferkey -n generate --site nig -t ed25519
	[ ! -e .ssh ]
	equal "$output" "mkdir -m 700 $HOME/.ssh
xferkey keygen -t ed25519 -N none -f $HOME/.ssh/nig
xferkey fpr -v $HOME/.ssh/nig.pub
ls -l $HOME/.ssh/nig $HOME/.ssh/nig.pub"
	sh -e <<<"$output"
	[ -s .ssh/nig.pub ]
}

@test "the mistakes of keygen end it, and nothing is left" {
	says 2 'xferkey-generate: ' xferkey -q generate -f key -t dsa
	says 2 'xferkey-generate: ' xferkey -q generate -f key -b 1024
	says 2 'xferkey-generate: ' xferkey -q generate -f key -N file:nosuch
	[ "$(ls -A)" = '' ]
}

@test "a signal at the question for the passphrase ends keygen too, and nothing is left" {
	need python3
	run python3 -c '
import os, pty, select, signal, time
def until(text):
    seen = b""
    while text not in seen:
        assert select.select([fd], [], [], 30)[0], seen
        seen += os.read(fd, 4096)
def keygen(pid):
    try:
        return ("-f\0" + os.environ["HOME"] + "/").encode() in open("/proc/" + pid + "/cmdline", "rb").read()
    except OSError:
        return False
def left():
    return [p for p in os.listdir("/proc") if p.isdigit() and keygen(p)]
pid, fd = pty.fork()
if pid == 0:
    os.execvp("sh", ["sh", "-c",
        "xferkey generate --site ihmp </dev/tty & echo $! >pid; wait $!; echo over; cat"])
until(b"assphrase for")
assert left()
os.kill(int(open("pid").read()), signal.SIGTERM)
until(b"over")
for i in range(300):
    if not left():
        break
    time.sleep(0.01)
assert not left()'
	[ "$status" -eq 0 ]
	[ -z "$(ls -A .ssh)" ]
}

@test "the pair is made: what only shows it is missed, said, and fails nothing" {
	mkdir path
	for status in 1 2 127; do
		printf '#!/bin/sh\nexit %s\n' "$status" >path/ls
		chmod 755 path/ls
		PATH=$PWD/path:$PATH xferkey generate -f "key$status" -t ed25519 >out 2>said
		unlocks "key$status" ''
		grep -qF "xferkey-generate: ./key$status and ./key$status.pub are made, but cannot be listed" said ||
			grep -qF "xferkey-generate: key$status and key$status.pub are made, but cannot be listed" said
	done
	xferkey generate -f full -t ed25519 2>said >/dev/full
	unlocks full ''
	grep -qF 'xferkey-generate: standard output: cannot write; the work is done' said
	xferkey generate -f closed -t ed25519 2>said >&-
	unlocks closed ''
	xferkey generate -f mute -t ed25519 2>/dev/full >/dev/full
	unlocks mute ''
	# what is not done is not
	run -2 sh -c 'xferkey -n generate -f shown -t ed25519 >/dev/full'
	printf '#!/bin/sh\nexit 127\n' >path/find
	chmod 755 path/find
	for mode in 700 755; do
		mkdir -m "$mode" .ssh
		run -2 env PATH="$PWD/path:$PATH" xferkey generate -t ed25519
		rmdir .ssh
	done
}

@test "the pair is made, the profile is not: status 2, and both are said" {
	mkdir -p .config/xferkey
	: >.config/xferkey/sites
	run -2 xferkey -q generate --site ihmp --user jane -t ed25519
	[[ $output = *"$HOME/.ssh/ihmp and $HOME/.ssh/ihmp.pub are made, but not the profile of ihmp" ]]
	unlocks .ssh/ihmp ''
}
