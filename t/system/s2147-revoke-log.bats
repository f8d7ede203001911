#!/usr/bin/env bats
# revoke with a key revocation list, as root; logins are those of a real sshd.

load ../lib/test
load ../lib/accounts

setup() {
	setup_accounts
	for name in one two three; do
		new_key ed25519 -C "$name" -f "$name"
	done
	in_homes='AuthorizedKeysFile .ssh/authorized_keys'
}

@test "--krl: sshd refuses the key, and its certificate; keys revoked before stay so, and others log in" {
	inside 2 "$in_homes" 'TrustedUserCAKeys /srv/ca.pub' 'RevokedKeys /srv/ssh/krl' <<-'END'
		mkdir /srv/ssh
		cp three.pub /srv/ca.pub
		ssh-keygen -q -s three -I id -n u1 -z 7 one.pub
		cat one.pub two.pub >keys
		own u1 keys
		# the first list is new
		ends 0 xferkey revoke --krl /srv/ssh/krl three.pub >out 2>err
		grep -x "$(print three.pub) is added to /srv/ssh/krl" out
		grep -x "xferkey-revoke: /srv/ssh/krl: there is no undo: sshd will refuse $(print three.pub), and .*" err
		[ "$(stat -c '%a %U' /srv/ssh/krl)" = '644 root' ]
		rm one-cert.pub
		logs_in u1 one
		ssh-keygen -q -k -f /srv/ssh/krl /dev/null
		ssh-keygen -q -s three -I id -n u1 -z 7 one.pub
		rm $u1
		logs_in u1 one
		own u1 keys
		for words in one.pub "$(print one.pub)" one; do
			ssh-keygen -q -k -z 3 -f /srv/ssh/krl three.pub
			chmod 600 /srv/ssh/krl
			ends 0 revoke --krl /srv/ssh/krl $words
			kept_out u1 one
			mv one-cert.pub cert
			kept_out u1 one
			mv cert one-cert.pub
			logs_in u1 two
			ssh-keygen -Q -f /srv/ssh/krl three.pub | grep REVOKED
			[ "$(stat -c '%a %U' /srv/ssh/krl)" = '600 root' ]
			[ "$(ls -A /srv/ssh)" = krl ]
			# again: nothing changes
			cp /srv/ssh/krl before
			xferkey revoke --krl /srv/ssh/krl one.pub >out
			grep -x "$(print one.pub) was in /srv/ssh/krl already" out
			cmp before /srv/ssh/krl
		done
		xferkey revoke --krl /srv/ssh/krl three.pub >out
		grep ' already$' out
	END
}

@test "--krl: without sshd, or if sshd reads another list or none, that is said" {
	inside 1 "$in_homes" 'Match User u1' 'RevokedKeys none' <<-'END'
		ends 1 xferkey revoke --krl '/srv/a b' one.pub >out
		grep -x 'sshd is not configured to read it: add to sshd_config: RevokedKeys "/srv/a b"' out
		sed '1s/^/RevokedKeys \/srv\/other\n/' sshd/sshd_config >other
		XFERKEY_SSHD_CONFIG=$PWD/other ends 1 xferkey revoke --krl /srv/krl one.pub >out
		grep -x 'sshd is configured to read another list: RevokedKeys /srv/other' out
		echo nonsense >bad
		XFERKEY_SSHD_CONFIG=$PWD/bad ends 2 xferkey revoke --krl /srv/krl two.pub >out 2>err
		grep 'not known whether sshd is configured to read /srv/krl: sshd -T fails: ' err
		grep "$(print two.pub) is added to /srv/krl" out
		xferkey -n revoke --krl /srv/krl three.pub >out 2>err
		grep -x "echo 'hash: $(print three.pub)' | ssh-keygen -q -k -u -f /srv/krl -" out
		xferkey revoke -n --krl /srv/krl three.pub | cmp out
		[ ! -s err ]
		ends 0 ssh-keygen -Q -f /srv/krl three.pub
	END
}

@test "--krl: a list that is not a KRL, a link, a directory that others can write: refused, and nothing changes" {
	inside 1 <<-'END'
		mkdir -m 777 /srv/open
		mkdir /srv/ssh /srv/ssh/dir
		chown u1 /srv/u1
		cp two.pub /srv/ssh/text
		echo hello >/srv/ssh/words
		ssh-keygen -q -k -f /srv/ssh/krl two.pub
		head -c 60 /srv/ssh/krl >/srv/ssh/half
		ln -s krl /srv/ssh/link
		ln -s ssh /srv/linked
		install -o u1 /srv/ssh/krl /srv/ssh/theirs
		state() {
			find /srv -printf '%p %i %m %u %s %l %T@\n' | sort
		}
		unchanged() {
			before=$(state)
			XFERKEY_QUIET=1 ends 2 xferkey revoke --krl "$1" "${3-one.pub}" >out 2>err
			[ "$before" = "$(state)" ]
			tail -n 1 err | grep "^xferkey-revoke: $2"
		}
		unchanged /srv/open/krl '/srv/open: others than root may change it$'
		unchanged /srv/u1/krl '/srv/u1: others than root may change it$'
		unchanged /srv/ssh/text '/srv/ssh/text: a text list of keys, not a key revocation list: ssh-keygen -k -f NEW /srv/ssh/text conv'
		unchanged /srv/ssh/words '/srv/ssh/words: not a key revocation list$'
		unchanged /srv/ssh/half '/srv/ssh/half: ssh-keygen cannot list it: incomplete message$'
		unchanged /srv/ssh/link '/srv/ssh/link: a symbolic link: name the file itself$'
		unchanged /srv/linked/krl '/srv/linked: a symbolic link, which '
		unchanged /srv/ssh/dir '/srv/ssh/dir: not a file$'
		unchanged /srv/none/krl '/srv/none: no such directory$'
		unchanged /srv/ssh/theirs '/srv/ssh/theirs: others than root may change it$'
		unchanged $'/srv/ssh/a\nb' '--krl: sshd_config cannot name this file: /srv/ssh/a?b$'
		unchanged /srv/ssh/krl '.*: a key revocation list requires the SHA256 fingerprint' "$(print one.pub md5)"
		unchanged /srv/ssh/krl 'three.krl: ' three.krl
		: >/srv/ssh/empty
		revoke --krl /srv/ssh/empty one.pub 2>err || [ $? = 1 ] # by the sshd of this machine
		ssh-keygen -Q -f /srv/ssh/empty one.pub | grep REVOKED
		HOME=/srv/u1 TMPDIR=/tmp fails 'only root may change it' as u1 xferkey -q revoke --krl /srv/ssh/krl "$(print one.pub)"
	END
}

@test "--krl: killed at any time, it leaves the old list or the new one; of two at once, none is lost unsaid" {
	need strace
	inside 1 <<-'END'
		mkdir /srv/ssh
		ssh-keygen -q -k -f old three.pub
		# kill at each call of the program that writes, and at each process that the command starts
		n=0 new=0
		try() {
			n=$((n + 1))
			cp old /srv/ssh/krl
			XFERKEY_QUIET=1 strace -f -qq -o calls "$@" xferkey revoke --krl /srv/ssh/krl one.pub >out 2>err || :
			ssh-keygen -Q -f /srv/ssh/krl three.pub | grep -q REVOKED
			if ! cmp -s old /srv/ssh/krl; then
				new=$((new + 1))
				ssh-keygen -Q -f /srv/ssh/krl one.pub | grep -q REVOKED
			fi
		}
		for call in ftruncate fchmod fsync renameat; do
			try -e trace=$call -e inject=$call:signal=KILL:when=1
			try -e trace=$call -e inject=$call:error=EIO:when=1
		done
		try -e trace=fsync -e inject=fsync:signal=KILL:when=2
		for when in 20 40 60 70 80 90; do
			try -e trace=execve -e inject=execve:signal=KILL:when=$when
		done
		echo "$n tries, $new with the new list"
		[ "$new" -ge 2 ]
		[ "$new" -lt "$n" ]
		cp old /srv/ssh/krl
		revoke --krl /srv/ssh/krl one.pub 2>err || [ $? = 1 ]
		[ "$(ls -A /srv/ssh)" = krl ]
		for name in one two; do
			cp old /srv/ssh/krl
			got=0
			xferkey revoke --krl /srv/ssh/krl two.pub >out2 2>err2 &
			xferkey revoke --krl /srv/ssh/krl one.pub >out 2>err || got=$?
			[ "$got" -lt 2 ] || grep ': another program has changed it$' err
			[ "$got" -eq 2 ] || ssh-keygen -Q -f /srv/ssh/krl one.pub | grep REVOKED
			wait "$!" || grep ': another program has changed it$' err2 || ssh-keygen -Q -f /srv/ssh/krl two.pub | grep REVOKED
			ssh-keygen -Q -f /srv/ssh/krl three.pub | grep REVOKED
		done
	END
	echo "$output"
}
