#!/usr/bin/env bats
# xferkey who as root: the rows of accounts, the log of a real sshd, and its verdicts beside real logins.

load ../lib/test
load ../lib/accounts

setup() {
	setup_accounts
	new_key ed25519 -C 'one "\ comment' -f one
	new_key rsa -b 2048 -C two -f two
	in_homes='AuthorizedKeysFile .ssh/authorized_keys'
}

@test "a row for each key, in the order of passwd; -u and -b name accounts; -j has the same columns" {
	need jq
	inside 3 "$in_homes" <<-'END'
		only_ours
		own u1 one.pub
		echo "no-pty,expiry-time=\"20990102030405Z\",from=\"10.*\" $(cat two.pub)" >>$u1
		own u3 two.pub
		xferkey who >rows
		[ "$(columns 1-4,6,7,12,13)" = "u1 $u1:1 ED25519 256 - - one \"\\ comment yes|$(
			)u1 $u1:2 RSA 2048 no-pty,expiry-time=\"20990102030405Z\",from=\"10.*\" 2099-01-02T03:04:05Z two yes|$(
			)u3 $u3:1 RSA 2048 - - two yes|" ]
		[ "$(columns 5,8-11)" = "$(print one.pub) - - - -|$(print two.pub) - - - -|$(print two.pub) - - - -|" ]
		xferkey who -j | jq -r '[.[] | . // "-" | tostring] | join("\t")' | cmp - rows
		xferkey who -j -u u1 | jq -r 'keys_unsorted | join(" ")' | uniq >names
		[ "$(cat names)" = 'account place type bits fingerprint options expires installed last from used comment verdict' ]
		xferkey who -u u3 | cmp - <(grep ^u3 rows)
		printf '# names\n\nu3\r\nu2\n' | xferkey who -b - | cmp - <(grep ^u3 rows)
		fails 'nosuch: no such account' xferkey who -b <(printf 'u3\nnosuch\n')
		grep ^u3 rows | cmp - out
		fails 'only root' as u1 env HOME=/srv/u1 TMPDIR=/tmp xferkey who -u u3
		fails 'only root' as u1 env HOME=/srv/u1 TMPDIR=/tmp xferkey who -b /dev/null
		# sshd -T answers only root
		as u1 env HOME=/srv/u1 TMPDIR=/tmp xferkey who 2>/dev/null | cut -f 1-12 | cmp - <(grep ^u1 rows | cut -f 1-12)
	END
}

@test "who says when the key was installed, how often and when it logged in, and from where" {
	inside 2 "$in_homes" <<-'END'
		only_ours
		log() {
			echo "2026-01-0$1 host $2"
		}
		own u1 one.pub
		cat two.pub >>$u1
		own u2 one.pub
		{
			log 1T00:00:00Z "xferkey: $(print one.pub) is authorized for u1 in $u1 by root"
			for day in 2 3 4; do
				log ${day}T01:02:03Z "sshd[1]: Accepted publickey for u1 from 10.0.0.$day port 1 ssh2: ED25519 $(print one.pub)"
			done
		} | gzip >log.gz
		xferkey who --log log.gz >rows
		[ "$(columns 1,8-11)" = 'u1 2026-01-01T00:00:00Z 2026-01-04T01:02:03Z 10.0.0.4 3|u1 - - - 0|u2 - - - 0|' ]
		zcat log.gz | xferkey who --log - | cmp - rows
		xferkey who >rows
		[ "$(columns 8-11)" = '- - - -|- - - -|- - - -|' ]
		fails 'no line of sshd' xferkey who --log /etc/passwd
		fails 'no such file' xferkey who --log nosuch
		fails 'read to its end' xferkey who --log <(head -c 40 log.gz)
		fails 'a NUL in it' xferkey who --log <(zcat log.gz | cat - log.gz)
		fails 'only one' xferkey who -b - --log -
	END
}

@test "an account cannot stop who, nor put rows or bytes of its own into the answer" {
	inside 7 "$in_homes" <<-'END'
		only_ours
		for i in 1 2 3 4 5 6; do
			own u$i one.pub
		done
		truncate -s 9M $u1
		rm $u2 $u3 $u4 $u5
		mkfifo $u2
		as u3 ln -s /etc/shadow $u3
		mkdir $u4
		ln -s authorized_keys $u5
		printf 'ssh-ed25519 %s a\033[2J\tb\rc\n' "$(cut -d ' ' -f 2 one.pub)" >$u6
		own u7 two.pub
		got=0
		timeout 20 xferkey who >rows 2>err || got=$?
		[ "$got" = 2 ]
		[ "$(columns 1,12)" = 'u6 a\033[2J\011b\015c|u7 two|' ]
		grep 'u1: .*more than 8 MiB' err
		grep 'u2: its keys are not listed: .*not a regular file' err
		grep 'u3: its keys are not listed: .*u3 cannot read it' err
		grep 'u5: .*symbolic links' err
		[ "$(wc -l <err)" = 5 ]
		[ "$(ls $TMPDIR)" = '' ]
	END
}

@test "an odd row of passwd does not stop who for the others" {
	inside 5 "$in_homes" <<-'END'
		only_ours
		for i in 1 2 3 4 5; do
			own u$i one.pub
		done
		sed -i -e '1i a,b:x:4444:4444::/nosuch:/bin/false' -e 's,^\(u1:.*\):/srv/u1:,\1:none:,' -e 's,/srv/u2:,/srv/u[2]:,' \
			-e 's/^u3:/x\xff:/' /etc/passwd
		LC_ALL=C sed -i 's/^u3:\*/x\xff:!/' /etc/shadow
		mv /srv/u2 '/srv/u[2]'
		ends 2 xferkey who >rows 2>err
		[ "$(columns 1,13)" = 'x\377 not known: passwd has no such name|u4 yes|u5 yes|' ]
		grep ': u1: the home is not an absolute path$' err
		grep ': u2: .*may be a pattern$' err
		[ "$(wc -l <err)" = 2 ]
		kept_out $'x\xff' one
		fails 'u1: the home is not an absolute path' xferkey authkeys -l -u u1
		fails 'u1: the home is not an absolute path' xferkey permcheck u1
		sed -i 's,:/srv/u5:,::,' /etc/passwd
		echo "u5:$u5" | "$(xferkey --exec-path)/lib/xferkey-judge" | cut -f 1,2,11 >rows
		[ "$(cat rows)" = "u5	$u5	yes" ]
		# setgroups(2) accepts 65536 groups
		seq 300000 365600 | sed 's/.*/g&:x:&:u4/' >>/etc/group
		fails 'u4: Invalid argument' sh -c 'echo "u4:$1" | "$2"' sh "$u4" "$(xferkey --exec-path)/lib/xferkey-judge"
		fails 'u4:/srv: Invalid argument' sh -c 'echo u4:/srv | xferkey permcheck -'
	END
}

@test "where a Match block differs, each account is asked; an included file counts" {
	inside 3 "$in_homes" 'Include "/srv/keys/*.conf"' <<-'END'
		only_ours
		own u1 one.pub
		own u2 one.pub
		own u3 one.pub other
		asked() {
			rm -f /srv/keys/asked
			xferkey who >rows
			wc -l </srv/keys/asked
		}
		mv $HOME/sshd/sshd $HOME/sshd/real
		sh_script $HOME/sshd/sshd 'echo >>/srv/keys/asked' "exec $HOME/sshd/real \"\$@\""
		[ "$(asked)" = 2 ]
		[ "$(columns 1,13)" = 'u1 yes|u2 yes|' ]
		printf '%s\n' 'match user=u2' 'PubkeyAuthentication no' 'MATCH User u3' 'AuthorizedKeysFile .ssh/other' \
			>/srv/keys/a.conf
		[ "$(asked)" = "$((1 + $(wc -l </etc/passwd)))" ]
		[ "$(columns 1,2,13 | sed 's,/srv/u.,,g')" = \
			'u1 /.ssh/authorized_keys:1 yes|u2 /.ssh/authorized_keys:1 no: PubkeyAuthentication no|u3 /.ssh/other:1 yes|' ]
		echo nonsense >/srv/keys/a.conf
		fails 'sshd -T does not say where it looks: .*a.conf' xferkey who
		[ ! -s out ]
	END
}

@test "AllowGroups counts all groups of an account, also those that only the name service knows" {
	inside 4 "$in_homes" 'AllowGroups u1 staf?' <<-'END'
		only_ours
		for i in 1 2 3 4; do
			own u$i one.pub
		done
		printf 'staff:x:50:root,u3\n' >staff
		sed '/^staff:/d' /etc/group | cat staff - >group
		cp group /etc/group
		xferkey who >rows
		[ "$(columns 1,13)" = 'u1 yes|u2 no: AllowGroups u1 staf?|u3 yes|u4 no: AllowGroups u1 staf?|' ]
		logs_in u3 one
		kept_out u4 one
		sed 's/^group:.*/group: files [NOTFOUND=continue] nosuch/' /etc/nsswitch.conf >nsswitch
		cp nsswitch /etc/nsswitch.conf
		mkdir path
		sh_script path/getent "[ \"\$*\" != group ] && exec $(command -v getent) \"\$@\"" "$(command -v getent) group | sed 's/root,u3/root/'"
		PATH=$PWD/path:$PATH xferkey who | cmp - rows
	END
}

@test "a group has the first name of its id, which may have blanks; so may a pattern" {
	inside 5 "$in_homes" 'DenyGroups users second "domain ops"' 'AllowGroups "domain user?" first "domain ops" us*' <<-'END'
		only_ours
		for i in 1 2 3 4 5; do
			own u$i one.pub
		done
		printf '%s\n' 'domain users:x:777:u1' 'first:x:778:u2' 'second:x:778:u3' 'domain ops:x:779:u4' 'user:x:777:u5' >>/etc/group
		xferkey who >rows
		[ "$(columns 1,13)" = "u1 yes|u2 yes|u3 yes|u4 no: DenyGroups domain ops|u5 yes|" ]
		for i in 1 2 3 5; do
			logs_in u$i one
			xferkey authorize -u u$i two.pub
		done
		kept_out u4 one
		ends 1 xferkey authorize -u u4 two.pub >out
		grep 'DenyGroups domain ops' out
		sed -i 's/^domain users:/domain:/' /etc/group
		xferkey who -u u1 >rows
		[ "$(columns 13)" = 'no: AllowGroups domain user? first domain ops us*|no: AllowGroups domain user? first domain ops us*|' ]
		kept_out u1 one
	END
}

@test "none is also spelled None; nologin may be a link that leads nowhere" {
	inside 2 "$in_homes" AuthorizedKeysCommand\ None 'Match User u1' 'AuthorizedKeysFile None' <<-'END'
		only_ours
		own u1 one.pub
		own u1 one.pub ../None
		own u2 one.pub
		ln -s /nonexistent /etc/nologin
		xferkey who >rows
		[ "$(columns 1,13)" = 'u2 yes|' ]
		kept_out u1 one
		fails 'sshd reads no authorized_keys file' authorize -u u1 two.pub
		revoke -u u2 "$(print one.pub)" 2>err
		[ ! -s err ]
		own u2 one.pub
		touch "$HOME/there"
		ln -sf "$HOME/there" /etc/nologin
		xferkey who >rows
		[ "$(columns 1,13)" = 'u2 no: /etc/nologin exists|' ]
	END
}

@test "DenyUsers with a host refuses the account if that is any host; otherwise it is not known" {
	inside 4 "$in_homes" 'DenyUsers u1@* u2@10.0.0.1 *4@10.0.0.2 u4@**' 'AllowUsers u1 u2 u3@127.0.0.1 u4' <<-'END'
		only_ours
		for i in 1 2 3 4; do
			own u$i one.pub
		done
		xferkey who >rows
		[ "$(columns 1,13)" = 'u1 no: DenyUsers u1@*|u2 not known: DenyUsers u2@10.0.0.1|u3 yes|u4 no: DenyUsers u4@**|' ]
		kept_out u1 one
		logs_in u2 one
		logs_in u3 one
		kept_out u4 one
		ends 1 xferkey authorize -u u1 two.pub >out
		grep 'DenyUsers u1@\*' out
		xferkey authorize -u u2 two.pub
	END
}

@test "a list of RevokedKeys that sshd cannot parse refuses every key" {
	inside 1 "$in_homes" 'RevokedKeys /srv/keys/list' <<-'END'
		only_ours
		own u1 one.pub
		# list VERDICT: writes standard input to the list
		list() {
			cat >/srv/keys/list
			xferkey who >rows
			[ "$(columns 13)" = "$1|" ]
			case $1 in
			yes) logs_in u1 one ;;
			*) kept_out u1 one ;;
			esac
		}
		none='no: RevokedKeys /srv/keys/list (neither a KRL nor only keys: sshd refuses every key)'
		list yes <two.pub
		list yes < <(printf '\0\n\0x\n \t\n # x\n'; sed 's/ /\t/' two.pub)
		list 'no: RevokedKeys /srv/keys/list' < <(cat two.pub - one.pub <<<'# x')
		list "$none" < <(printf '\xef\xbb\xbf'; cat two.pub)
		list "$none" < <(sed 's/^ssh-rsa/ssh-ed25519/' two.pub)
		list "$none" < <(sed 's/^ssh-rsa/ssh-rs/' two.pub)
		list "$none" < <(sed 's/^/no-pty /' two.pub)
		list "$none" < <(cut -d ' ' -f 2 two.pub)
		list "$none" < <(cat two.pub; echo x)
		list yes < <(printf '\0')
	END
}

@test "the verdicts are those of 40 random logins" {
	run -0 "$top/t/long/who-logins" 40 7
	[[ $output == *$'same\tyes\tyes'* ]]
	[[ $output == *$'same\tno\tno: '* ]]
}

@test "1,000 accounts and a log of 100,000 lines: no process needs more than 64 MiB" {
	need python3
	run -0 "$top/t/long/who-accounts" 1000 100000
	echo "# $output" >&3
	[ "$(awk '/MiB/ { print ($1 < 64) }' <<<"$output")" = 1 ]
}
