#!/usr/bin/env bats
# Messages about a file, an option or a cause state only what was seen, with the names that were typed.

load ../lib/test

setup() {
	private_home
	[ -e "$BATS_FILE_TMPDIR/key" ] || {
		new_key ed25519 -f "$BATS_FILE_TMPDIR/key"
		new_key ed25519 -N 'secret words' -f "$BATS_FILE_TMPDIR/locked"
	}
	cp "$BATS_FILE_TMPDIR"/key* "$BATS_FILE_TMPDIR"/locked* .
	long=$(printf '%0300d' 0)
}

# each FACT NAME: every command that opens a named file says FACT about NAME.
each() {
	local command me
	me=$(id -un)
	for command in 'import -o new' "authorize -u $me" 'authorize -b' "revoke -u $me" 'mail --to a@b.org'; do
		says 2 "$2: $1" xferkey $command "$2"
	done
	XFERKEY_ENGINE=sftp says 2 "$2: $1" xferkey ascp "$2" h:
	XFERKEY_ENGINE=sftp says 2 "$2: $1" xferkey ascp -i "$2" key h:
	run xferkey check "$2"
	has "$2: $1"
}

@test "a file that cannot be examined is not called missing" {
	touch plain
	ln -s nowhere dangling
	ln -s loop loop
	each 'no such file' nosuch
	each 'cannot look at it: File name too long' "$long"
	each 'cannot look at it: Not a directory' plain/key
	each 'cannot look at it: Too many levels of symbolic links' loop
	each 'a symbolic link to nowhere, which is not there' dangling
	[ ! -e new ]
	if [ "$(id -u)" -ne 0 ]; then
		mkdir closed
		touch closed/key
		chmod 0 closed
		each 'cannot look at it: Permission denied' closed/key
		chmod 700 closed
	fi
}

@test "a default key, .ssh, a log, a .pub or XFERKEY_ASCP that cannot be examined is not called missing" {
	mkdir -m 700 .ssh
	ln -s nowhere .ssh/aspera_rsa
	says 2 'aspera_rsa: a symbolic link to nowhere, which is not there' xferkey check
	# generate would not replace the link, so it is not named
	says 2 'aspera_rsa.pub: no such file' xferkey mail --to a@b.org
	lacks "$BATS_TEST_TMPDIR/err" generate
	rm -r .ssh
	ln -s plain/x .ssh
	touch plain
	says 2 "$HOME/.ssh: cannot look at it: Not a directory" xferkey setup
	refused <<-END
		XFERKEY_ASCP: $long: cannot look at it: File name too long| XFERKEY_ASCP=$long ascp key h:
		XFERKEY_ASCP: nosuch: no such file| XFERKEY_ASCP=nosuch ascp key h:
		-L plain: not a directory| XFERKEY_ENGINE=sftp ascp -L plain key h:
		-L plain/x: cannot look at it: Not a directory| XFERKEY_ENGINE=sftp ascp -L plain/x key h:
	END
	rm key.pub
	mkdir key.pub
	run xferkey check key
	has 'not compared: ./key.pub: not a file'
	says 2 'as a file: cannot look at it: File name too long' xferkey revoke -u "$(id -un)" "SHA256:$long"
	says 2 'neither a file nor a fingerprint' xferkey revoke -u "$(id -un)" SHA256:nosuch
}

@test "if XFERKEY_BATCH forbids to ask, the message does not blame a missing terminal" {
	export XFERKEY_ENGINE=sftp
	says 2 'locked: has a passphrase, and there is no terminal to ask on' xferkey ascp -i locked key h:
	XFERKEY_BATCH=yes says 2 'locked: has a passphrase, and XFERKEY_BATCH forbids to ask' xferkey ascp -i locked key h:
	says 2 'new: nobody can be asked for the passphrase' xferkey keygen -t ed25519 -N ask -f new
}

@test "an error of a filter has the name of the typed command, and its help" {
	touch plain
	ln -s plain .ssh
	refused <<-'END'
		xferkey-generate: -b 1024: | generate -f new -b 1024
		xferkey-import: -m RFC4716: not a format that can be written here (xferkey import -h)| import -m RFC4716 -o new key
		xferkey-generate: | generate -f "$HOME/.ssh/new" -N none
		xferkey-check: 0: not a port| check key --login nobody@h --port 0
		-o: requires a value| import key -o
		xferkey-fpr: -E requires a value| fpr -E
		sender EMAIL: not an e-mail address| EMAIL=jane mail --to a@b.org key.pub
	END
	lacks "$BATS_TEST_TMPDIR/err" --from
}

@test "a lock file that is not a regular file is named in the error" {
	: >keys
	for make in mkfifo mkdir 'ln -s nothing' 'ln -s keys'; do
		$make .keys.xferkey
		# says provides no standard input
		says 2 'keys: its lock file, .NAME.xferkey beside it, is not a regular file of this user' \
			sh -c 'xferkey authkeys -f keys <key.pub'
		[ ! -s keys ]
		rm -r .keys.xferkey
	done
}
