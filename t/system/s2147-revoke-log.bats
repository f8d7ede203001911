#!/usr/bin/env bats
# revoke by sshd's log, and with a key revocation list, as root; logins are those of a real sshd.

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
		ln -s krl /srv/other
		XFERKEY_SSHD_CONFIG=$PWD/other ends 1 xferkey revoke --krl /srv/krl one.pub >out
		grep -x 'sshd is configured to read it, but by a Match not at every login: RevokedKeys none' out
		sed -i '/^RevokedKeys none/d' other
		XFERKEY_SSHD_CONFIG=$PWD/other ends 0 xferkey revoke --krl /srv/krl one.pub
		echo ' revokedKEYS = "/srv/../srv/more"' >more
		printf 'Match Address 192.0.2.0/24\nInclude %s\n' "$PWD/more" >>other
		XFERKEY_SSHD_CONFIG=$PWD/other ends 1 xferkey revoke --krl /srv/krl one.pub >out
		grep -x 'sshd is configured to read it, but .*: RevokedKeys /srv/../srv/more' out
		printf 'RevokedKeys /srv/krl\n' >>other
		XFERKEY_SSHD_CONFIG=$PWD/other ends 1 xferkey revoke --krl /srv/krl one.pub
		{ sed '/^RevokedKeys/d; /^Match/,$d' other; printf 'Match User root\nRevokedKeys /srv/krl\n'; } >some
		XFERKEY_SSHD_CONFIG=$PWD/some ends 1 xferkey revoke --krl /srv/krl one.pub >out
		grep -x 'sshd is configured to read it, but .*: RevokedKeys none' out
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
		unchanged /srv/ssh/text '/srv/ssh/text: a text list of keys, not a key revocation list: ssh-keygen -k -f NEW '
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
			wait "$!" || grep ': another program has changed it$' err2 ||
				ssh-keygen -Q -f /srv/ssh/krl two.pub | grep REVOKED
			ssh-keygen -Q -f /srv/ssh/krl three.pub | grep REVOKED
		done
	END
	echo "$output"
}

# by_log N CONFIG-LINE ... <SCRIPT: inside, with functions that make a log.
by_log() {
	cat >log.script
	inside "$@" < <(
		cat <<-'END'
			# stamp DAYS: the time so many days ago. said DAYS TEXT: a line of xferkey's in the log.
			now=$(date +%s)
			stamp() {
				date -u -d "@$((now - $1 * 86400))" +%Y-%m-%dT%H:%M:%SZ
			}
			said() {
				echo "$(stamp "$1") host xferkey: $2 by root"
			}
			# logged DAYS: sshd's lines since the last time, as syslog writes them then.
			logged() {
				tr -d '\r' <sshd/log | sed "s/^/$(stamp "$1") host sshd[1]: /"
				: >sshd/log
			}
			# long: the log of a year, until now.
			long() {
				echo "$(stamp 365) host sshd[1]: Server listening on 0.0.0.0 port 22."
				cat "$@"
				echo "$(stamp 0) host sshd[1]: Received SIGHUP; restarting."
			}
			lists() {
				cat /srv/*/.ssh/authorized_keys | sort
			}
			# stay ARG ...: nothing is removed.
			stay() {
				before=$(lists)
				got=0
				xferkey revoke "$@" >out 2>err || got=$?
				[ "$before" = "$(lists)" ]
			}
			# aged: all files are old
			aged() {
				mkdir -p path
				sh_script path/find 'case $* in *-ctime*) exit ;; esac' "exec $(command -v find) \"\$@\""
				PATH=$PWD/path:$PATH
			}
			one=$(print one.pub) two=$(print two.pub) three=$(print three.pub)
		END
		cat log.script
	)
}

@test "--unused removes the key that did not log in, with undo; keys that did, are new, or not known to be old stay" {
	by_log 3 "$in_homes" <<-'END'
		cat one.pub two.pub three.pub >keys
		own u1 keys
		own u2 keys
		logs_in u1 one
		logs_in u2 one
		logs_in u2 two
		logged 100 >log
		logs_in u1 two
		logs_in u2 three
		logged 10 >>log
		said 200 "$three is authorized for u1 in $u1" >>log
		long log >whole
		# three of u2 is used, so it stays for u1 too: sshd logs any spelling of a name
		xferkey revoke --unused 90 -n -u u1 --log whole >out
		diff - out <<-EXPECTED
			# u1: $one: no login for 100 days
			xferkey authkeys -f $u1 -u u1 -d $one
		EXPECTED
		gzip -k whole
		xferkey revoke --unused 90 --everywhere --log whole.gz >out 2>err
		kept_out u1 one
		kept_out u2 one
		for key in two three; do
			logs_in u1 $key
			logs_in u2 $key
		done
		grep -x "$one is removed from $u1" out
		grep -x "$one is removed from $u2" out
		[ "$(grep -c '^undo: ' out)" = 2 ]
		undo
		logs_in u1 one
		# as it is in the files since today, by their times; no line of a log says that it is older
		own u3 keys
		grep -v "authorized\|for u[13] " whole >log
		sed "s/ for u2 / for other /" log >whole
		ends 1 xferkey revoke --unused 90 -u u3 --log - <whole >out 2>err
		[ "$(grep -c "^xferkey-revoke: u3: $one stays: not known whether it is here for so long" err)" = 1 ]
		grep -x 'no unused key is removed' out
		aged
		xferkey revoke --unused 90 -u u3 --log whole >out
		grep -x "$one is removed from $u3" out
		# authorized within the time
		own u3 keys
		said 80 "$one is authorized for u3 in $u3" >>whole
		revoke --unused 90 -u u3 --log whole
		grep ' one$' $u3
		revoke --unused 70 -u u3 --log whole
		cmp three.pub $u3
	END
}

@test "--unused: the last key that works stays, and a certificate authority, a common file, and root's keys" {
	by_log 5 "$in_homes /srv/common" 'TrustedUserCAKeys /srv/ca.pub' 'Match User u5' \
		'PubkeyAcceptedAlgorithms rsa-*' <<-'END'
		aged
		cp three.pub /srv/ca.pub
		cat one.pub two.pub >keys
		own u1 keys
		# nobody has used a key: not known which
		long >log
		stay --unused 90 --everywhere --log log
		[ "$got" = 1 ]
		grep "u1: $one stays: no login in the log, but no other key is known to work for good: xferkey revoke -u u1 $one " err
		# the last one that was used stays
		logs_in u1 one
		logged 200 >some
		logs_in u1 two
		logged 150 >>some
		long some >log
		xferkey revoke --unused 90 -u u1 --log log >out 2>err
		logs_in u1 two
		kept_out u1 one
		grep "$two stays: no login for 150 days, but no other key is known to work" err
		# if the other one is expired or will expire, if sshd refuses it or its line, or does not read its file
		for options in 'expiry-time="20200101" ' 'expiry-time="29990101" ' 'cert-authority ' 'no-such ' 'from=1.2.3.4 ' \
			'from="!*" ' 'command="a",command="b" ' 'tunnel="q" ' 'expiry-time="209912" ' \
			'expiry-time="29990101",expiry-time="20200101" '; do
			{ cat one.pub; printf %s "$options"; cat two.pub; } >keys
			own u1 keys
			long some | sed "\\,$two,s/^[^ ]*/$(stamp 1)/" >log
			stay --unused 90 -u u1 --log log
			[ "$got" = 1 ]
			grep "$one stays: no login for 200 days, but no other key" err
		done
		cat one.pub two.pub >keys
		own u5 keys
		sed 's/ u1 / u5 /' log >other
		stay --unused 90 -u u5 --log other
		[ "$got" = 1 ]
		rm $u5
		own u1 keys
		chmod 666 $u1
		stay --unused 90 -u u1 --log log
		[ "$got" = 1 ]
		chmod 600 $u1
		# a certificate counts as a login of its key
		ssh-keygen -q -s three -I id -n u1 one.pub
		: >sshd/log
		rm $u1
		logs_in u1 one
		own u1 keys
		logged 3 >cert
		long some cert >log2
		revoke --unused 90 -u u1 --log log2
		cmp one.pub $u1
		# a common file
		install -m 644 three.pub /srv/common
		{ echo -n 'cert-authority '; cat one.pub; } >authority
		cat authority two.pub >keys
		own u1 keys
		long some | sed "\\,$two,s/^[^ ]*/$(stamp 1)/" >log
		stay --unused 90 --everywhere --log log
		grep "u1: $one stays: a line of it has cert-authority" err
		grep "u1: $three stays: it is in a file for all accounts" err
		# root
		lacks err root
	END
}

@test "--unused: an account with many keys that do not work delays the others by the time limit only" {
	by_log 1 "$in_homes" 'PubkeyAcceptedAlgorithms rsa-*' <<-'END'
		{ echo "$(stamp 200) host sshd[1]: Accepted publickey for u1 from 10.0.0.1 port 5 ssh2: ED25519 $one"; } >some
		long some >log
		{
			cat one.pub
			printf 'expiry-time="20200101" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA%042d\n' {1..1000}
			printf 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA%042d\n' {1001..2000}
		} >keys
		own u1 keys
		export XFERKEY_AUTHKEYS_SECONDS=5
		ends 1 timeout 60 xferkey revoke --unused 90 --everywhere --log log >out 2>err
		grep "u1: $one stays: no login for 200 days, but no other key" err
		[ "$(wc -l <err)" = 2001 ]
	END
}

@test "--superseded removes the old key when the new one has logged in since, and not before" {
	by_log 2 "$in_homes" 'RevokedKeys /srv/krl' <<-'END'
		ssh-keygen -q -k -f /srv/krl /dev/null
		{ printf 'expiry-time="29990101" %s\n' "$(cat one.pub)"; cat two.pub; } >keys
		own u1 keys
		logs_in u1 two
		logged 30 >log
		said 20 "$two is authorized for u1 in $u1" >>log
		said 20 "$one is superseded by $two for u1 in $u1" >>log
		stay --superseded --everywhere --log log
		[ "$got" = 1 ]
		grep -x "xferkey-revoke: u1: $one stays: the new key $two has not logged in since" err
		logs_in u1 two
		logged 10 >>log
		# the owner's request is in the file, too
		cat one.pub two.pub >other
		own u1 other
		stay --superseded -u u1 --log log
		[ "$got" = 1 ]
		grep "$one stays: a line of it has no expiry-time" err
		for options in 'command="expiry-time=" ' 'environment="expiry-time=1" '; do
			{ echo "$options$(cat one.pub)"; cat two.pub; } >other
			own u1 other
			stay --superseded -u u1 --log log
			grep "$one stays: a line of it has no expiry-time" err
		done
		# the new key must be there, and work
		for new in '' 'expiry-time="20200101" ' 'no-such ' 'expiry-time="29990101",expiry-time="20200101" '; do
			{ sed 1q keys; [ -z "$new" ] || echo "$new$(cat two.pub)"; } >other
			own u1 other
			stay --superseded -u u1 --log log
			[ "$got" = 1 ]
			grep "$one stays: the new key $two is not " err
		done
		own u1 keys
		for words in two.pub sha1; do
			cp /srv/krl krl
			case $words in
			two.pub) ssh-keygen -q -k -u -f /srv/krl two.pub ;;
			*) sed 's/^/sha1: /' two.pub | ssh-keygen -q -k -u -f /srv/krl - ;;
			esac
			kept_out u1 two
			stay --superseded -u u1 --log log
			grep "$one stays: the new key $two is not known to work" err
			cp krl /srv/krl
		done
		# authorized again, or put back in place of the new one
		{ cat log; said 5 "$one is authorized for u1 in $u1"; } >again
		stay --superseded -u u1 --log again
		grep "$one stays: it was authorized again later" err
		{ cat log; said 5 "$two is superseded by $one for u1 in $u1"; } >again
		stay --superseded -u u1 --log again
		grep "$one stays: it was authorized again later" err
		sed 's/u1/u2/' log >again
		stay --superseded --everywhere --log again
		[ "$got" = 1 ]
		xferkey revoke --superseded -n --everywhere --log log >out
		diff - out <<-EXPECTED
			# u1: $one: $two has logged in
			xferkey authkeys -f $u1 -u u1 -d $one
		EXPECTED
		logs_in u1 one
		xferkey revoke --superseded --everywhere --log log >out
		kept_out u1 one
		logs_in u1 two
		undo
		logs_in u1 one
		# the new one was replaced in its turn
		{ sed 1q keys; sed 's/^/expiry-time="29990101" /' two.pub; cat three.pub; } >other
		own u1 other
		logged 6 >/dev/null
		logs_in u1 three
		{ cat log; said 5 "$two is superseded by $three for u1 in $u1"; logged 4; } >again
		xferkey revoke --superseded -u u1 --log again >out
		cmp three.pub $u1
	END
}

@test "a log that begins too late, has ended or is none, and a LogLevel that hides logins: refused, nothing changes" {
	by_log 2 "$in_homes" 'Match User u2' 'LogLevel ERROR' <<-'END'
		aged
		cat one.pub two.pub >keys
		own u1 keys
		own u2 keys
		logs_in u1 one
		logged 200 >some
		logs_in u1 two
		logged 3 >>some
		long some >log
		# no STATUS TEXT ARG ...
		no() {
			stay --unused "${@:3}"
			[ "$got" = "$1" ]
			grep "^xferkey-revoke: .*$2" err
		}
		grep "^$(stamp 3)" log >late
		no 2 'late: its first line of sshd is from .*, less than 90 days ago: nothing is removed$' 90 -u u1 --log late
		sed '$d' log >ended
		no 2 'ended: its last line of sshd is from .*, more than a day ago: nothing is removed$' 90 -u u1 --log ended
		sed "\$s/^[^ ]*/$(stamp -3)/" log >early
		no 2 'early: its last line of sshd is from .*, in the future: nothing is removed$' 90 -u u1 --log early
		no 2 'keys: no line of sshd in it: nothing is removed$' 90 -u u1 --log keys
		gzip <log | head -c -9 >half.gz
		no 2 'half.gz: cannot be read to its end: nothing is removed$' 90 -u u1 --log half.gz
		gzip <log | cat log - log >mixed
		no 2 'mixed: a NUL in it: a part of it is compressed, or lost: nothing is removed$' 90 -u u1 --log mixed
		no 2 'nosuch: no such file$' 90 -u u1 --log nosuch
		no 2 'u2: .* LogLevel is ERROR: it does not log each login: no key is removed$' 90 -u u2 --log log
		for level in QUIET FATAL ERROR; do
			sed "1s/^/LogLevel $level\n/" sshd/sshd_config | grep -v VERBOSE >"$level"
			XFERKEY_SSHD_CONFIG=$PWD/$level no 2 "root: sshd.s LogLevel is [A-Z]*: " 90 --everywhere --log log
		done
		for days in 0 -1 1.5 x 07 99999 ''; do
			no 2 '--unused: not a number of days$' "$days" -u u1 --log log
		done
		no 2 '--log is required' 90 -u u1
		no 2 'the log names the keys$' 90 -u u1 --log log one.pub
		no 2 'one of them$' 90 --superseded -u u1 --log log
		no 2 'one of them$' 90 --krl krl --log log
		no 2 'as root, say for whom: xferkey revoke -u USER --unused 90 --log log$' 90 --log log
		ends 2 xferkey revoke --log log -u u1 one.pub 2>err
		ends 2 xferkey revoke --krl krl -u u1 one.pub 2>err
		grep 'the list is for all accounts' err
		# the other account is done
		ends 2 xferkey revoke --unused 90 --everywhere --log log >out 2>err
		grep -x "$one is removed from $u1" out
		cmp keys $u2
		cmp two.pub $u1
	END
}
