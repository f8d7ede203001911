#!/usr/bin/env bats
# xferkey mail with other software: a real mail system delivers the messages of --send, and Python, mutt and mpack read
# them.

load ../lib/porcelain

setup() {
	private_home
	export LC_ALL=C.UTF-8
	need python3 mutt munpack
	"$top/t/fixture/mta" path >/dev/null 2>&1 || skip 'no exim: make check-deps unpacks one'
	# root's mail system runs as nobody
	reachable
	mta=$BATS_TEST_TMPDIR/mta
	"$top/t/fixture/mta" start "$mta"
	export XFERKEY_SENDMAIL=$mta/sendmail
	keys
}

teardown() {
	[ ! -d "${mta-}" ] || "$top/t/fixture/mta" stop "$mta"
	stop_sshd
}

# keys: the longest key, one with a comment that is not ASCII, and one with all ASCII punctuation in its comment.
keys() {
	python3 -c '
import base64
def field(b):
    return len(b).to_bytes(4, "big") + b
n = int.from_bytes(b"\xc1" * 2048, "big")
while any(n % p == 0 for p in range(3, 65536, 2)):
    n += 2
blob = field(b"ssh-rsa") + field(b"\1\0\1") + field(b"\0" + n.to_bytes(2048, "big"))
print("ssh-rsa", base64.b64encode(blob).decode(), "big")' >rsa16384.pub
	new_key ed25519 -C 'Jürgen Müller 日本 🔑' -f utf8
	new_key ecdsa -C '!"#$%&'\''()*+,-./:;<=>?@[\]^_`{|}~' -f ascii
	for key in rsa16384 utf8 ascii; do
		xferkey pubfmt "$key.pub" >"$key.want"
		cmp "$key.pub" "$key.want"
	done
}

# arrived N: waits until N whole messages are in the mailbox.
arrived() {
	await 10 bash -c '[ "$(grep -c "^--=_.*--\$" "$1")" -ge "$2" ]' - "$mta/mailbox" "$1"
	equal "$(grep -c '^From ' "$mta/mailbox")" "$1"
}

# mutt_saves DIR BOX COUNT: mutt, on a terminal, saves the attachments of the first message in BOX.
mutt_saves() {
	local n keys='<view-attachments>'
	mkdir "$1"
	cp "$2" mutt.box
	for ((n = 1; n <= $3; n++)); do
		keys+="<next-entry><save-entry><kill-line>$1/$n<enter>"
	done
	# newer curses need the size of the terminal
	TERM=vt100 terminal -0 -- sh -c 'stty rows 24 cols 80 && exec "$@"' sh mutt -n -F /dev/null -f mutt.box \
		-e "set folder='$1' wait_key=no resolve=no" -e "push '$keys<exit><exit>'"
}

@test "Python, mutt and munpack save the same keys from pipe, draft and mailbox" {
	set -- rsa16384.pub utf8.pub ascii.pub
	xferkey -q mail --to a@b.org "$@" >piped
	xferkey -q mail --to a@b.org "$@" -o draft.eml
	xferkey -q mail --to a@b.org "$@" --send
	arrived 1
	for message in piped draft.eml "$mta/mailbox"; do
		rm -rf p u m
		mkdir p u
		message "$message" p >text
		{
			[ "$message" = "$mta/mailbox" ] || echo 'From a@b.org Sun Nov 22 06:00:00 2026'
			cat "$message"
			echo
		} >box
		munpack -q -C "$PWD/u" "$PWD/box"
		mutt_saves "$PWD/m" "$PWD/box" 3
		for n in 1 2 3; do
			key=${!n}
			cmp "${key%.pub}.want" "p/$key"
			cmp "${key%.pub}.want" "u/$key"
			cmp "${key%.pub}.want" "m/$n"
			grep -qxF "$(cat "${key%.pub}.want")" text
			grep -qF "$(ssh-keygen -l -f "$key" | cut -d ' ' -f 1,2)" text
		done
	done
}

@test "a key goes from generate by mail --send and mutt to authorize, logs in with ssh and libssh2, and is revoked" {
	# libssh2 before 1.11 signs with ssh-rsa
	start_sshd 'PubkeyAcceptedAlgorithms +ssh-rsa'
	echo hello >file
	xferkey -q generate --site ihmp --user jane -N none
	xferkey -q mail --send --site ihmp --user jane --from 'Jane Doe <jane@example.org>' --to 'DCC Help <dcc@example.org>'
	arrived 1
	message "$mta/mailbox" . >text
	equal "$(sed 3q text)" "Jane Doe <jane@example.org>
DCC Help <dcc@example.org>
iHMP-DCC ASPERA ACCESS"
	mutt_saves "$PWD/m" "$mta/mailbox" 1
	cmp .ssh/ihmp.pub m/1
	cmp .ssh/ihmp.pub ihmp.pub
	grep -qF "$(ssh-keygen -l -f m/1 | cut -d ' ' -f 1,2)" text
	with_account xferkey -q authorize m/1
	logs_in .ssh/ihmp
	equal "$(libssh2 .ssh/ihmp "$HOME/file")" hello
	with_account xferkey -q revoke ihmp.pub
	run ! logs_in .ssh/ihmp
	run -67 libssh2 .ssh/ihmp "$HOME/file"
}

@test "special characters in a name, subject, comment or path: one message arrives, for one address" {
	printf '%s \033[31m a\rBcc: b@b.org\t\000 \342\200\256\377\n' "$(blob utf8.pub)" >$'-a\nBcc: b@b.org\e[31m.pub'
	run ! xferkey -q mail --send --to 'Bcc: x@b.org, y: "z" <dcc@example.org>' --from '=?utf-8?q?x?= (c) <-@-x.org>' \
		$'./-a\nBcc: b@b.org\e[31m.pub'
	xferkey -q mail --send --to 'Bcc: x@b.org, y: "z <dcc@example.org>' --from '=?utf-8?q?x?= (c) <j@b.org>' \
		--subject '=?utf-8?q?=0D=0ABcc:_b@b.org?= -oQ/tmp $(touch evil)' --user '. -bs `touch evil`' \
		$'./-a\nBcc: b@b.org\e[31m.pub'
	arrived 1
	mkdir p
	message "$mta/mailbox" p >text
	equal "$(sed 3q text)" '"=?utf-8?q?x?= (c)" <j@b.org>
"Bcc: x@b.org, y: \"z" <dcc@example.org>
=?utf-8?q?=0D=0ABcc:_b@b.org?= -oQ/tmp $(touch evil)'
	grep -qxF '    . -bs `touch evil`' text
	lacks text $'\e'
	equal "$(ls p)" key-a_Bcc__b_b.org__31m.pub
	equal "$(cat p/*)" "$(blob utf8.pub) "'\033[31m a\015Bcc: b@b.org\011\000 \342\200\256\377'
	equal "$(grep -c '<= ' "$mta/log/centre-main")" 1
	equal "$(sed -n 's/.* => .*<\(.*\)> R=.*/\1/p' "$mta/log/centre-main")" dcc@example.org
	[ ! -e evil ]
}

@test "a message that the mail system refuses is kept, and can be sent from its file" {
	spool=$mta/spool/relay
	[ -d "$spool" ] || spool=$mta/spool
	chmod 000 "$spool"
	export TMPDIR=$HOME/tmp
	mkdir tmp
	run -2 xferkey -q mail --send --to dcc@example.org utf8.pub
	[[ ${lines[-1]} = "xferkey-mail: $XFERKEY_SENDMAIL: exit status 1: the message is kept in $PWD/tmp/"* ]]
	chmod 755 "$spool"
	"$XFERKEY_SENDMAIL" -t -i <"${output##* kept in }"
	arrived 1
	mkdir p
	message "$mta/mailbox" p
	cmp utf8.want p/utf8.pub
}

@test "t/fixture/mta works for an ordinary user too, and leaves no process" {
	[ "$(id -u)" -eq 0 ] || skip 'the others have run as one'
	need setpriv pgrep
	"$top/t/fixture/mta" stop "$mta"
	install -d -o nobody of-nobody
	chmod a+x "$HOME"
	set -- setpriv --reuid nobody --regid nogroup --clear-groups env HOME=/nonexistent
	"$@" test -x "$top/t/fixture/mta" || skip 'nobody cannot reach this tree'
	mta=$PWD/of-nobody/mta
	"$@" "$top/t/fixture/mta" start "$mta"
	XFERKEY_SENDMAIL=$mta/sendmail "$@" "$(command -v xferkey)" -q mail --send --to a@b.org utf8.pub
	arrived 1
	pid=$(cat "$mta/pid")
	"$top/t/fixture/mta" stop "$mta"
	gone "$pid"
	equal "$(pgrep -f "$mta")" ''
}
