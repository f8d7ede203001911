#!/usr/bin/env bats
# authorize and revoke for other accounts, as root; logins are those of a real sshd.

load ../lib/test
load ../lib/accounts

setup() {
	setup_accounts
	new_key ed25519 -C one -f one
	new_key ed25519 -C two -f two
	new_key rsa -b 2048 -C three -f three
	export one two
	one=$(cat one.pub) two=$(cat two.pub)
	in_homes='AuthorizedKeysFile .ssh/authorized_keys' in_keys='AuthorizedKeysFile /srv/keys/%u'
}

@test "an authorized key logs in, a revoked one does not, and the undo lines undo both" {
	inside 2 "$in_homes" <<-'END'
		kept_out u1 one
		xferkey authorize -u u1 one.pub >out
		logs_in u1 one
		stat -c '%a %U' /srv/u1/.ssh $u1 | diff - <(printf '700 u1\n600 u1\n')
		grep 'is installed for u1' out
		lacks out assumed
		[ "$(sed -n 's/^undo: //p' out)" = "xferkey authkeys -f $u1 -u u1 -d $(print one.pub)" ]
		undo
		kept_out u1 one
		[ "$(stat -c '%s %U' $u1)" = '0 u1' ]
		authorize -u u1 <one.pub
		cmp one.pub $u1
		xferkey revoke -u u1 one.pub >out
		undo
		logs_in u1 one
		authorize -u u1 -O 'no-pty,command="echo \"a b\""' -e +1d two.pub
		logs_in u1 two
		xferkey revoke -u u1 two.pub >out
		kept_out u1 two
		logs_in u1 one
		undo
		logs_in u1 two
		grep 'no-pty,command="echo \\"a b\\"",expiry-time="[0-9]*" ssh-ed25519' $u1
		authorize -u u2 -O aspera three.pub
		grep '^restrict,command="/bin/aspshell -t" ' $u2
	END
}

@test "with the set aspera, sshd does not run ~/.ssh/rc; with command= and no-* alone it does" {
	inside 1 "$in_homes" <<-'END'
		sed -i '/^u1:/s;/bin/false$;/bin/sh;' /etc/passwd
		echo 'echo ran >/srv/u1/ran' >rc
		own u1 rc rc
		authorize -u u1 -O 'command="true",no-agent-forwarding,no-port-forwarding,no-X11-forwarding,no-pty' one.pub
		logs_in u1 one
		rm /srv/u1/ran
		revoke -u u1 one.pub
		authorize -u u1 -O aspera one.pub
		logs_in u1 one
		[ ! -e /srv/u1/ran ]
	END
}

@test "--token-account: Aspera's token key logs in to an account with aspshell only, and no rc of the account runs" {
	export tree=$PWD/stage
	mkdir "$tree"
	prefix=$(xferkey --exec-path)/../..
	cp -Rp "$prefix/bin" "$prefix/libexec" "$prefix/share" "$tree"
	publish "$tree" "$(print three.pub)" keyinfo authkeys
	reachable "$tree"
	inside 2 "$in_homes" <<-'END'
		PATH=$tree/bin:$PATH
		install -d /srv/bin
		sh_script /srv/bin/aspshell '[ "$1" = -t ] || exec /bin/sh "$@"' 'echo "$SSH_ORIGINAL_COMMAND" >/srv/u2/said'
		mount -t overlay -o lowerdir=/srv/bin:/usr/bin overlay /usr/bin
		refused 'a key that comes with Aspera software' -u u1 -O aspera three.pub
		refused 'the login shell is /bin/false, not /bin/aspshell' -u u1 --token-account three.pub
		refused 'uid 0' -u root --token-account three.pub
		refused 'one account at a time' -b --token-account three.pub
		refused '^xferkey-authorize: -O and --token-account' -u u1 -O no-pty --token-account three.pub
		[ ! -e $u1 ]
		sed -i '/^u2:/s;/bin/false$;/bin/aspshell;' /etc/passwd
		refused 'not a key that comes with Aspera software' -u u2 --token-account one.pub
		[ ! -e $u2 ]
		echo 'echo ran >/srv/u2/ran' >rc
		own u2 rc rc
		xferkey authorize -u u2 --token-account three.pub >out 2>err
		grep 'private half of .* is public' err
		grep 'not tried against a live server' out
		grep '^        <name>u2</name>$' out
		grep '^restrict,command="/bin/aspshell -t" ' $u2
		logs_in u2 three
		[ "$(cat /srv/u2/said)" = true ]
		[ ! -e /srv/u2/ran ]
		undo
		kept_out u2 three
	END
}

@test "check --docroot reports the key files that an account can upload, wherever sshd looks, and only those" {
	inside 3 "Match User u1
AuthorizedKeysFile .ssh/authorized_keys
Match User u2
AuthorizedKeysFile /srv/keys/%u
PermitUserRC no
Match User u3
AuthorizedKeysFile .ssh/authorized_keys /srv/keys/%u" <<-'END'
		# docroot STATUS USER DOCROOT [WRITE]
		docroot() {
			printf '%s: "%s"\n' absolute "$3" write_allowed "${4-true}" file_restriction '' >text
			ends "$1" xferkey check --docroot text --user "$2" >out 2>err
		}
		ln -s u1 /srv/link
		for path in /srv/u1 /srv/u1/ /srv //srv/./u1 '/srv/$(name)' '$(home)' / '' AS_NULL '<Empty String>' \
			/srv/u1/.ssh /srv/link; do
			docroot 1 u1 "$path"
			grep '^fail	docroot	u1 can upload /srv/u1/.ssh/authorized_keys,' out
			grep '^note	docroot	u1 can upload /srv/u1/.ssh/rc: ' out
			grep 'AuthorizedKeysFile /etc/ssh/keys/%u' out
		done
		for path in /srv/u1/transfer /srv/u /srv/u10 /srv/u2 /nosuch '$(home)/$(name)'; do
			docroot 0 u1 "$path"
			grep '^ok	docroot	u1 cannot upload /srv/u1/.ssh/authorized_keys$' out
		done
		docroot 0 u1 / false
		for path in relative '$(group)' s3://x 'file:///srv' /nosuch/../srv; do
			docroot 2 u1 "$path"
			[ ! -s out ]
			[ "$(wc -l <err)" = 1 ]
		done
		docroot 2 u1 / yes
		# only root can change /srv/keys, until a file there is the account's
		docroot 0 u2 /
		lacks out rc
		cp one.pub /srv/keys/u2
		docroot 0 u2 /
		chown u2 /srv/keys/u2
		docroot 1 u2 /
		grep '^fail	docroot	u2 can upload /srv/keys/u2,' out
		docroot 0 u2 /srv/u2
		docroot 1 u3 /
		grep '^ok	docroot	u3 cannot upload /srv/keys/u3$' out
		docroot 1 root /
		# sshd follows links: of the link, each link that it leads to, and the file, one must be in the docroot
		own u1 one.pub
		as u1 mkdir /srv/u1/sub /srv/u1/links /srv/u1/up
		as u1 mv $u1 /srv/u1/up/list
		as u1 ln -s ../up/list /srv/u1/links/next
		as u1 ln -s ../sub/../links/next $u1
		for path in up links .ssh; do
			docroot 1 u1 "/srv/u1/$path"
			grep '^fail	docroot	u1 can upload /srv/u1/.ssh/authorized_keys, the file of its keys: it .*is in the docroot '"/srv/u1/$path\$" out
		done
		lacks out 'leads to a file'
		docroot 0 u1 /srv/u1/sub
		rm /srv/u1/up/list
		docroot 1 u1 /srv/u1/up
		grep 'it leads to a file that is in the docroot' out
		ln -sf /srv/keys/../u1/up/list $u1
		docroot 1 u1 /srv/u1/up
		ln -sf ../links/missing/../list $u1
		docroot 2 u1 /srv/u1/up
		as u1 ln -sf authorized_keys $u1
		docroot 2 u1 /srv/u1/up
		grep 'too many symbolic links' err
		docroot 1 u1 /srv/u1
		fails 'only root may' as u1 xferkey check --docroot - --user u2 <text
	END
}

@test "an account may name only itself" {
	inside 1 <<-'END'
		export TMPDIR=/tmp
		HOME=/nonexistent as u1 xferkey -q authorize -u u1 <one.pub
		cmp one.pub $u1
		fails 'only root' as u1 xferkey -q authorize -u root <one.pub
		# with another HOME, a key in the home that sshd knows is not gone
		as u1 mkdir -p /srv/u1/more/.ssh
		own u1 one.pub ../more/.ssh/authorized_keys
		HOME=/srv/u1/more ends 2 as u1 xferkey -q revoke "$(print one.pub)" >out 2>err
		grep "^xferkey-revoke: $u1: $(print one.pub) is in line 1: HOME=/srv/u1 xferkey revoke $(print one.pub) removes it$" err
		[ ! -s /srv/u1/more/.ssh/authorized_keys ]
		as u1 sh -ec "$(sed -n 's/^.* is in line 1: \(.*\) removes it$/\1/p' err)"
	END
}

@test "sshd refuses an expired key; authorize refuses the key with other options" {
	inside 1 "$in_homes" <<-'END'
		authorize -u u1 -e +1s one.pub
		sleep 2
		kept_out u1 one
		refused "there already, with other options: remove it first: xferkey authkeys -d .* -u u1$" -u u1 -O no-pty one.pub
		sh -ec "$(sed 's/.*remove it first: //' err)"
		[ ! -s $u1 ]
		authorize -u u1 one.pub
		logs_in u1 one
	END
}

@test "authorize and revoke follow sshd's files: two names, another directory, a file of root's, none" {
	inside 4 "Match User u1
AuthorizedKeysFile .ssh/first %h/.ssh/second
Match User u2
AuthorizedKeysFile /srv/keys/%u
Match User u3
AuthorizedKeysFile none
Match User u4
AuthorizedKeysFile /srv/no%%such/%u" <<-'END'
		authorize -u u1 one.pub
		[ "$(ls /srv/u1/.ssh)" = first ]
		logs_in u1 one
		own u1 one.pub second
		xferkey revoke -u u1 one.pub >out
		[ "$(grep -c 'is removed from' out)" = 2 ]
		kept_out u1 one
		authorize -u u2 one.pub
		[ "$(stat -c '%a %U' /srv/keys/u2)" = '644 root' ]
		[ ! -e /srv/u2/.ssh ]
		logs_in u2 one
		revoke -u u2 one.pub
		kept_out u2 one
		refused u3 -u u3 one.pub
		refused 'no%such: no such directory' -u u4 one.pub
		[ ! -e /srv/u3/.ssh ]
		[ ! -e /srv/u4/.ssh ]
	END
}

@test "no home, another user's .ssh or list, a link, a full or read-only disk: refused, and nothing changes" {
	inside 7 <<-'END'
		mkdir roots
		unchanged() {
			before=$(find /srv roots -printf '%p %i %m %u %s %l\n' | sort)
			refused "$1" -u "$2" one.pub
			[ "$before" = "$(find /srv roots -printf '%p %i %m %u %s %l\n' | sort)" ]
		}
		rmdir /srv/u1
		unchanged 'no such directory' u1
		mkdir /srv/u2/.ssh
		unchanged 'belongs to another user' u2
		install -d -o u3 -m 700 /srv/u3/.ssh
		: >$u3
		unchanged 'belongs to another user' u3
		install -d -o u4 -m 700 /srv/u4/elsewhere
		ln -s elsewhere /srv/u4/.ssh
		unchanged '.ssh/authorized_keys: ' u4
		mount -t tmpfs -o size=8k tmpfs /srv/u5
		chown u5 /srv/u5
		head -c 8192 /dev/zero >/srv/u5/filler 2>/dev/null || :
		unchanged 'No space left' u5
		rm /srv/u5/filler
		mount -o remount,ro /srv/u5
		unchanged 'Read-only file system' u5
		# not even with root's rights
		ln -s /etc/passwd /srv/u6/.ssh
		unchanged u6 u6
		ln -s "$PWD/roots" /srv/u7/.ssh
		chown -h u7 /srv/u7/.ssh
		unchanged u7 u7
		xferkey -n authorize -u u7 one.pub | grep '| xferkey authkeys -f /srv/u7/.ssh/authorized_keys -u u7$'
	END
}

@test "a symbolic link through /proc/self/cwd is followed as sshd follows it; a file named twice is handled once" {
	inside 2 'AuthorizedKeysFile .ssh/authorized_keys %h/.ssh/authorized_keys' <<-'END'
		own u1 one.pub real
		as u1 ln -s /proc/self/cwd/srv/u1/.ssh/real $u1
		logs_in u1 one
		xferkey permcheck -s u1
		xferkey revoke --everywhere one.pub
		kept_out u1 one
		for n in 1 2; do
			authorize -u u2 -O no-pty two.pub
		done
		logs_in u2 two
	END
}

@test "-b prints a verdict for each line, and installs the good ones; --individual refuses a shared key" {
	inside 6 <<-'END'
		new_key rsa -b 1024 -f weak
		{
			printf 'u1:%s\n' "$one"
			printf '# a comment\n\nu2:command="rm -rf ~" %s\r\n' "$two"
			printf '%s\n' "nosuch:$one" "u3:$one" "u3:> $two" 'u4:ssh-ed25519 AAAA' "u4 $one" "u6:one.pub" "../u5:$one"
			printf 'u5:%s\n' "$(cat weak.pub)"
			printf '%s\n' 'u5:-----BEGIN PUBLIC KEY-----'
			printf 'u6:%s' "$one"
		} >batch
		fails 'sshd could not be asked where it looks: .ssh/authorized_keys and .ssh/authorized_keys2 are assumed$' \
			authorize -b --individual batch
		cut -f 1,2 out | diff - <(printf '%s\t%s\n' u1 added u2 added nosuch refused u3 refused u3 refused u4 refused \
			'line 9' refused u6 refused 'line 11' refused u5 refused u5 refused u6 refused)
		grep '^u3	refused	' out | diff - <(yes 'u3	refused	more than one key for this account: lines 6 and 7' | head -n 2)
		# the same key twice is one key
		printf 'u1:%s\n' "$one" "$one again" | authorize -b | cut -f 1,2 | diff - <(yes 'u1	present' | head -n 2)
		printf 'u3:%s\n' "$one" "$one" "$two" | ends 2 authorize -b | cut -f 3 >three
		diff three <(yes 'more than one key for this account: lines 1 and 2 and 3' | head -n 3)
		grep '^u6	refused	not an SSH key' out
		grep "^u2	added	$(print two.pub)	the options in it are dropped: command=\"rm -rf ~\"$" out
		grep "^u6	refused	u1 has the same key" out
		cmp one.pub $u1
		cmp two.pub $u2
		printf 'expiry-time="29991231" %s\n' "$two" >$u2
		authorize -b <<<"u2:$two" |
			diff - <(printf 'u2\tpresent\t%s\twith the options: expiry-time="29991231"\n' "$(print two.pub)")
		# sshd ignores an expired line, so one is added
		printf 'expiry-time="20200101" %s\n' "$two" >$u2
		authorize -b <<<"u2:$two" | diff - <(printf 'u2\tadded\t%s\n' "$(print two.pub)")
		[ "$(ls -d /srv/*/.ssh | wc -l)" = 2 ]
		authorize -b -w - <<<"u5:$(cat weak.pub)"
		chmod g+w /srv/u3
		chgrp u4 /srv/u3
		ends 1 authorize -b - <<<"u3:$two" >out
		grep "^u3	added	SHA256:[^ ]*	sshd may refuse $u3: xferkey permcheck -s -p [a-z]* u3:$u3\$" out
		authorize -u u6 one.pub
		xferkey revoke --everywhere one.pub >out 2>err
		[ "$(grep -c 'is removed from' out)" = 2 ]
		[ "$(grep -c '^+ xferkey authkeys' err)" = 2 ]
		[ ! -s $u1 ]
		ends 1 xferkey revoke --everywhere "$(print one.pub)" >out
		grep 'was not found' out
		# names of a machine, of an account of a directory, and one that sshd -T cannot be given
		printf '%s:x:20999%d:209990::%s:/bin/false\n' 'ws1$' 1 /nonexistent jane@corp.example 2 /srv/jane >>/etc/passwd
		install -d -o 209992 /srv/jane
		authorize --individual -b - <<<"jane@corp.example:$one" >out
		grep "^jane@corp.example	added" out
		cmp one.pub /srv/jane/.ssh/authorized_keys
		refused 'no such directory' -u 'ws1$' one.pub
		printf 'D\\jane:x:209993:209990::/:/bin/false\n' >>/etc/passwd
		refused '^xferkey-authorize: D\\jane: sshd cannot be asked about this account$' --individual -u u1 two.pub
		ends 2 revoke --everywhere one.pub 2>err
		grep '^xferkey-revoke: D\\jane: sshd cannot be asked about this account$' err
		[ ! -s /srv/jane/.ssh/authorized_keys ]
	END
}

@test "revoke says that a key is removed only if it really is: with two files, a weak key, a stopped authkeys, no home" {
	inside 3 'AuthorizedKeysFile .ssh/authorized_keys /srv/keys/%u' <<-'END'
		own u1 one.pub
		# the account kills or stops the processes that run as itself
		while read -r signal fact <&3; do
			hold u1 600
			until pkill "-$signal" -u u1 -f '[x]ferkey-authkeys'; do sleep 0.1; done &
			XFERKEY_AUTHKEYS_SECONDS=4 fails "$fact" revoke -u u1 one.pub
			pkill -u u1 sleep
			wait
		done 3<<-'SIGNALS'
			KILL authkeys was ended from outside
			STOP authkeys took longer than 4 s
		SIGNALS
		rm -f /srv/u1/.ssh/.authorized_keys.xferkey
		logs_in u1 one
		revoke -u u1 one.pub
		kept_out u1 one
		# root's list for an account whose home is missing
		install -m 644 one.pub /srv/keys/u2
		rmdir /srv/u2
		logs_in u2 one
		revoke --everywhere one.pub
		kept_out u2 one
		# a link on the way to the list
		install -d -o u3 /srv/own
		sed -i 's,^AuthorizedKeysFile.*,AuthorizedKeysFile /srv/own/conf/%u,' sshd/sshd_config
		mkdir root
		cp two.pub root/u3
		ln -s "$PWD/root" /srv/own/conf
		ends 2 authorize -u u3 one.pub 2>err
		cmp two.pub root/u3
		new_key rsa -b 1024 -f weak
		PATH=${PATH#*:} HOME=$PWD/own TMPDIR=$PWD/own
		mkdir -p own/.ssh
		cp weak.pub own/.ssh/authorized_keys2
		chown -R u2 own
		as u2 xferkey revoke weak.pub >out
		grep 'could not be asked' out
		[ ! -s own/.ssh/authorized_keys2 ]
		as u2 sh -c "$(sed -n 's/^undo: //p' out)"
		cmp weak.pub own/.ssh/authorized_keys2
	END
}

@test "authorize refuses empty options, a freer line in another file, and a key of another person" {
	inside 3 "$in_homes .ssh/authorized_keys2" <<-'END'
		refused '' -u u1 -O '' one.pub
		refused '' -u u1 -e '' one.pub
		[ ! -e /srv/u1/.ssh ]
		own u1 one.pub authorized_keys2
		refused 'authorized_keys2: the key is there already' -u u1 -O restrict one.pub
		authorize -u u1 one.pub
		# not in the home's own file, but sshd reads it
		install -d -o u2 -m 700 /srv/u2/.ssh /srv/u2/other
		install -m 644 two.pub /srv/u2/other/list
		ln -s ../other/list $u2
		refused 'u2 has the same key' -u u3 --individual two.pub
		# a private key; two keys, the first with PRIVATE KEY in its comment
		openssl genpkey -algorithm ed25519 -outform DER -out der
		refused 'a private key' -u u3 der
		printf '%s my PRIVATE KEY laptop\n%s\n' "$(cut -d ' ' -f 1,2 one.pub)" "$two" >both
		refused '' -u u3 both
		[ ! -e /srv/u3/.ssh ]
		printf '\r\n  \nu3:%s\r\n' "$one" | authorize -b
		cmp one.pub $u3
		ends 2 authorize -b one >out 2>err
		! grep -vE '^line [0-9]+	refused	not a line of USER:KEY$' out || false
	END
}

@test "if sshd cannot be asked, or its answer can be misread, authorize and revoke fail and change nothing" {
	inside 2 "$in_keys" <<-'END'
		# harmless PATTERN COMMAND ...: COMMAND fails with one line, PATTERN, and no file in /srv changes.
		harmless() {
			before=$(find /srv -printf '%p %i %s %T@\n' | sort)
			ends 2 "${@:2}" >out 2>err
			[ "$(cat out err | grep -c -e "$1")" = 1 ]
			[ "$before" = "$(find /srv -printf '%p %i %s %T@\n' | sort)" ]
		}
		cp sshd/sshd_config good
		install -m 644 one.pub /srv/keys/u1
		printf 'Match LocalPort 33001\nPasswordAuthentication no\n' >>sshd/sshd_config
		revoke --everywhere one.pub
		[ ! -s /srv/keys/u1 ]
		authorize -b - <<<"u1:$one" >out
		cmp one.pub /srv/keys/u1
		# keys only for logins at this port
		{
			sed '/^AuthorizedKeysFile/d' good
			printf 'Match LocalPort %s LocalAddress 127.0.0.1\nAuthorizedKeysFile /srv/keys/%%u\n' "$(cat sshd/port)"
		} >sshd/sshd_config
		revoke -u u1 one.pub
		authorize -u u1 one.pub
		echo 'NoSuchOption yes' >>sshd/sshd_config
		untold='sshd -T does not say where it looks: '
		harmless "$untold.*NoSuchOption" xferkey revoke --everywhere one.pub
		XFERKEY_SSHD_CONFIG=/nonexistent harmless \
			'^xferkey-revoke: /nonexistent: sshd -T does not read it: .*: nothing was removed$' \
			xferkey revoke --everywhere one.pub
		[ "$(wc -l <err)" = 1 ]
		lacks out 'was not found'
		logs_in u1 one
		harmless "^u1	refused	$untold" authorize -b - <<<"u1:$two"
		harmless "$untold" authorize --individual -u u1 two.pub
		harmless "$untold" xferkey authorize -u u2 two.pub
		[ ! -s out ]
		harmless "$untold" xferkey revoke -u u1 one.pub
		lacks out 'not among'
		{ sed '/^AuthorizedKeysFile/d' good; echo "Include $PWD/included"; } >sshd/sshd_config
		for list in '"/srv/my keys/%u"' '/srv/my\ keys/%u' ".ssh/a '.ssh/b'"; do
			echo "authorizedKeysfile $list" >included
			harmless 'AuthorizedKeysFile with a quote or a backslash: not understood' authorize -u u1 two.pub
			harmless 'not understood' revoke --everywhere one.pub
		done
		# a pattern since OpenSSH 10
		install -D -o u1 -m 644 one.pub /srv/u1/.ssh/keys.d/one
		echo 'AuthorizedKeysFile .ssh/keys.d/*' >included
		harmless '/\*: since OpenSSH 10, AuthorizedKeysFile may be a pattern: not understood' revoke -u u1 one.pub
		harmless 'may be a pattern: not understood' revoke --everywhere one.pub
		harmless 'may be a pattern: not understood' authorize -u u1 two.pub
	END
}

@test "revoke and authorize go on after a bad directory, an empty home, a stopped authkeys and a FIFO" {
	inside 3 'AuthorizedKeysFile /srv/keys/%u .ssh/authorized_keys' <<-'END'
		# an empty home counts as /, and a FIFO holds no key
		echo 'u9:x:200009:200009:::/bin/false' >>/etc/passwd
		echo 'u9:*:20000:0:99999:7:::' >>/etc/shadow
		install -m 644 one.pub /srv/keys/u9
		logs_in u9 one
		revoke -u u9 one.pub
		kept_out u9 one
		own u1 /dev/null
		rm $u1
		mkfifo -m 600 $u1
		chown u1 $u1
		timeout 20 sh -c 'while :; do cat "$1"; done >"$2"' sh two.pub $u1 >/dev/null 2>&1 &
		kept_out u1 two
		timeout 30 xferkey -q authorize --individual -u u2 two.pub 2>err
		[ "$(cat err)" = "xferkey-authorize: u1: $u1: not a regular file: skipped" ]
		logs_in u2 two
		# a number is not a name; not even for root is a key put where others can change the path
		for name in "$(id -u u1)" 0; do
			refused "$name: no such account" -u $name one.pub
			[ ! -e /srv/keys/$name ]
		done
		chmod 777 /srv/keys
		refused '/srv/keys: others than root may change it' -u root one.pub
		[ ! -e /srv/keys/root ]
		# the first directory is refused, the second file is searched
		own u3 one.pub
		fails '/srv/keys: others than root may change it' revoke -u u3 one.pub
		[ ! -s $u3 ]
		chmod 755 /srv/keys
		# the account stops the search of its list, which is long enough for the signal to meet it
		yes '# a long list' | head -c 50000000 >long
		rm $u1
		own u1 long
		timeout 40 setpriv --reuid u1 --regid u1 --clear-groups sh -c 'while :; do kill -STOP -1; done' >/dev/null 2>&1 &
		for way in '-u u1 -O no-pty' '-u u2 --individual'; do
			XFERKEY_AUTHKEYS_SECONDS=1 ends 2 timeout 30 xferkey -q authorize $way one.pub 2>err || {
				kill $!
				false
			}
		done
		grep 'u1: .*its keys cannot be read' err
		kill $!
	END
}

@test "-b killed at 20 moments and run again ends in the same state, which permcheck accepts" {
	inside "${XFERKEY_ACCOUNTS:-60}" <<-'END'
		n=$(ls -d /srv/u* | wc -l)
		for i in $(seq "$n"); do
			if [ $((i % 10)) -eq 0 ]; then echo "u$i:ssh-rsa AAAA"; else
				printf 'u%s:ssh-ed25519 %s k%s\n' "$i" "$({
					printf '\0\0\0\13ssh-ed25519\0\0\0\40'
					printf '%s' "$i" | openssl dgst -sha256 -binary
				} | base64)" "$i"
			fi
		done >batch
		# 32 bytes are not always a point: other keys are refused too
		while IFS=: read -r name key; do
			verdict=refused
			! printf '%s\n' "$key" | xferkey authkeys -f probe >/dev/null 2>&1 || verdict=added
			printf '%s\t%s\n' "$name" "$verdict"
			rm -f probe
		done <batch >want
		states() { find /srv/u* -mindepth 1 -printf '%p %m %u %s\n' | sort; }
		all_lines() { find /srv/u* -name authorized_keys -exec cat {} + | sort; }
		start=$(date +%s%N)
		authorize -b batch >whole 2>err || :
		took=$((($(date +%s%N) - start) / 1000000))
		cut -f 1,2 whole | diff want -
		[ "$(wc -l <err)" = 1 ]
		grep 'sshd could not be asked' err
		states >state
		all_lines >lines
		rm -rf /srv/u*/.ssh
		for point in $(seq 20); do
			setsid "$(xferkey --exec-path)/../../bin/xferkey" -q authorize -b batch >/dev/null 2>&1 &
			sleep "$(awk -v t="$took" -v p="$point" 'BEGIN { print t * p / 20000 }')"
			kill -KILL -- -$! 2>/dev/null || :
			wait $! 2>/dev/null || :
			! all_lines | grep -vxFf lines || false
		done
		authorize -b batch >again 2>err || :
		cut -f 1 again | diff <(cut -f 1 want) -
		states | diff state -
		all_lines | diff lines -
		ls -d /srv/u*/.ssh | cut -d / -f 3 | xargs xferkey permcheck -s -p debian
		echo "$n accounts, $(wc -l <lines) keys, $took ms"
	END
	echo "# ${lines[-1]}" >&3
}

@test "a short run of make races finds no fault" {
	run -0 "$top/t/long/races" 200
	[[ $output = *' 0 faults' ]]
}

@test "ssh-keygen decides: revoke fails if it still finds the key, authorize if it does not find it" {
	inside 3 "$in_homes" <<-'END'
		# a stand-in for authkeys that misses an unknown spelling
		libexec=$(xferkey --exec-path)
		mkdir -p blind/libexec/xferkey
		cp -R "$libexec/../../bin" "$libexec/../../share" blind/
		ln -s "$libexec"/* blind/libexec/xferkey/
		sh_script blind/libexec/xferkey/xferkey-authkeys 'case " $* " in *" -d "*) exit 1 ;; esac' \
			"exec '$libexec/xferkey-authkeys' \"\$@\""
		# given the file by name, ssh-keygen would read this as a private key and skip every line
		{ echo '# -----BEGIN OPENSSH PRIVATE KEY-----'; cat two.pub; echo; cat one.pub; } >list
		own u1 list
		logs_in u1 one
		for way in '-u u1' --everywhere; do
			fails "authorized_keys: $(print one.pub) is not removed: ssh-keygen finds it in line 4" \
				blind/bin/xferkey -q revoke $way one.pub
			[ ! -s out ]
		done
		# ssh-keygen runs as the account, without root's environment and terminal
		mkdir -m 755 stand-in
		keygen=$(command -v ssh-keygen)
		sh_script stand-in/ssh-keygen '{ id -u; env; ps -o tty= -p $$; } >/srv/u1/seen' "exec $keygen \"\$@\""
		SECRET=1 PATH=$PWD/stand-in:$PATH xferkey revoke -u u1 one.pub >out
		grep 'is removed from' out
		sed -n 1p /srv/u1/seen | grep -x "$(id -u u1)"
		lacks /srv/u1/seen SECRET
		[ "$(tail -n 1 /srv/u1/seen | tr -d ' ')" = '?' ]
		kept_out u1 one
		logs_in u1 two
		# ssh-keygen does not answer
		own u2 two.pub
		export XFERKEY_AUTHKEYS_SECONDS=2
		for answer in 'exit 0' 'exec sleep 30' 'exit 1'; do
			sh_script stand-in/ssh-keygen "$answer"
			PATH=$PWD/stand-in:$PATH refused \
				'not known whether the key is there: ssh-keygen does not read all\|took longer than 2 s' -u u2 one.pub
			for way in '-u u2' --everywhere; do
				PATH=$PWD/stand-in:$PATH ends 2 xferkey revoke $way one.pub >out 2>err
				lacks out 'is removed from'
				# the removed lines can be put back
				case $way in -u*) grep '^undo: printf' out ;; esac
			done
		done
		# ssh-keygen answers, and does not find the key
		sh_script stand-in/ssh-keygen "sed /$(cut -d ' ' -f 2 one.pub | cut -c 30-50 | tr / .)/d | $keygen \"\$@\""
		PATH=$PWD/stand-in:$PATH ends 2 xferkey authorize -u u2 one.pub >out 2>err
		grep 'authorized_keys: ssh-keygen does not find the key in it' err
		lacks out 'is installed'
		grep '^undo: ' out
		# there is no ssh-keygen
		mkdir few
		ln -s /usr/bin/{sh,awk,cat,cut,date,find,getent,grep,head,id,mktemp,mv,rm,rmdir,sed,tr,uname,wc,cmp,setpriv} \
			/usr/bin/{timeout,test} few/
		PATH=$PWD/few "$libexec/../../bin/xferkey" -q revoke -u u2 "$(print one.pub)"
	END
}

@test "100,000 copies in one list and a slow account: the others are done first, and the undo is a file" {
	inside 4 "$in_homes" <<-'END'
		{ yes "$one" | head -n 100000; echo '# mine'; } >list
		own u2 list
		head -n 8000 list >thousands
		own u1 thousands
		own u3 one.pub
		own u4 one.pub
		hold u4 600
		start=$(date +%s%N)
		XFERKEY_AUTHKEYS_SECONDS=9 ends 2 xferkey revoke --everywhere one.pub >out 2>err
		echo "$(wc -l <list) lines: $((($(date +%s%N) - start) / 1000000)) ms"
		pkill -u u4 sleep
		cut -c 1-200 err
		grep '^xferkey-revoke: u4: authkeys took longer than 9 s$' err
		for user in u1 u2 u3; do
			lacks /srv/$user/.ssh/authorized_keys ssh-
			kept_out $user one
			grep "is removed from /srv/$user/" out
		done
		[ "$(grep -n '^undo: ' out | head -n 1 | cut -d : -f 1)" = 4 ]
		logs_in u4 one
		grep -x '# mine' $u2
		stat -c '%a %U' xferkey-undo.*/* xferkey-undo.* | diff - <(printf '600 root\n600 root\n700 root\n')
		sed -n 's/^undo: //p' out | grep /u2/ >undo
		grep -x "xferkey authkeys -f $u2 -u u2 -A <$HOME/xferkey-undo\..*/[0-9]" undo
		sh -e ./undo
		logs_in u2 one
		sort list | cmp - <(sort $u2)
		# slow, but it ends: the second run succeeds
		hold u4 7
		xferkey revoke --everywhere "$(print one.pub)" >out 2>err || :
		grep 'is removed from /srv/u4/' out
		kept_out u4 one
	END
	echo "# $(grep 'lines: .* ms' <<<"$output")" >&3
}

@test "root must name the account; -b refuses accounts with uid 0; -u root works" {
	inside 1 "$in_keys" <<-'END'
		echo 'toor:x:0:0::/:/bin/false' >>/etc/passwd
		for words in 'authorize one.pub' 'authorize -O restrict -w one.pub' 'revoke one.pub'; do
			fails "as root, say for whom: xferkey ${words%% *} -u USER ${words#* }\$" xferkey $words
			[ ! -s out ]
		done
		ends 2 authorize -b <<<"root:$one
			toor:$one
			u1:$two" >out 2>err
		cat out
		grep '^root	refused	uid 0: ' out
		grep '^toor	refused	' out
		grep '^u1	added' out
		[ "$(ls /srv/keys)" = u1 ]
		authorize -u root one.pub
		cmp one.pub /srv/keys/root
		logs_in root one
		revoke -u root one.pub
		kept_out root one
	END
}

@test "if a tool fails or standard output is closed, the status is 2, and the finished work is reported" {
	inside 2 "$in_keys" <<-'END'
		mkdir broken
		# broken TOOL SCRIPT: puts a TOOL that runs SCRIPT into broken; real is the machine's own.
		broken() {
			rm -f broken/*
			sh_script "broken/$1" "real() { PATH='$PATH'; exec '$(type -P "$1")' \"\$@\"; }" "$2"
		}
		install -m 644 one.pub /srv/keys/u1
		while IFS='|' read -r tool fault <&3; do
			broken "$tool" "$fault"
			for words in 'revoke -u u1 one.pub' "revoke -u u1 $(print one.pub)" 'authorize -u u2 two.pub'; do
				cp -p /srv/keys/u1 kept
				got=0
				PATH=$PWD/broken:$PATH xferkey $words >out 2>err || got=$?
				echo "$tool: $fault: $words: $got: $(tr '\n' ' ' <err | cut -c 1-300)"
				case $got$words in
				2*) [ -s err ] ;;
				0revoke*) [ ! -s /srv/keys/u1 ] ;;
				0*) cmp two.pub /srv/keys/u2 ;;
				*) false ;;
				esac
				cp -p kept /srv/keys/u1
				rm -f /srv/keys/u2
			done
		done 3<<-'FAULTS'
			id|case "$*" in -un*) exit 1 ;; esac; real "$@"
			id|exit 1
			id|exit 127
			date|exit 1
			find|exit 1
			sshd|exit 1
			sshd|kill -KILL $$
			sshd|real "$@" | head -c 300; exit 1
			sed|exit 4
			grep|exit 126
			timeout|exit 126
			head|exit 1
			wc|exit 1
		FAULTS
		# standard output is full: standard error has the report
		for words in 'authorize -u u2 two.pub' 'revoke -u u2 two.pub'; do
			ends 2 xferkey $words >/dev/full 2>err
			grep '^xferkey-[a-z]*: standard output: cannot write: .* is \(installed for u2\|removed from /srv/keys/u2\)$' err
			grep 'standard output: cannot write: undo: ' err
		done
		[ ! -s /srv/keys/u2 ]
		# nobody reads the output: all accounts are still done
		install -m 644 two.pub /srv/keys/u2
		install -m 644 two.pub /srv/keys/u1
		{ xferkey revoke --everywhere two.pub 2>err || :; } | :
		[ ! -s /srv/keys/u1 ]
		[ ! -s /srv/keys/u2 ]
		# a failure in the extra text is harmless
		broken uname 'exit 1'
		PATH=$PWD/broken:$PATH xferkey authorize -u u2 two.pub >out
		grep 'tell them: .* is installed for u2\.' out
	END
}

@test "one file for all accounts: no key is added for one, and only --everywhere takes a key from all" {
	inside 2 'AuthorizedKeysFile /srv/admins .ssh/authorized_keys' <<-'END'
		refused "/srv/admins: every account's keys are in it" -u u1 one.pub
		[ ! -e /srv/admins ]
		batch u1 one "refused	/srv/admins: every account's keys"
		install -m 644 one.pub /srv/admins
		ends 2 revoke -u u1 one.pub 2>err >out
		grep "xferkey authkeys -f /srv/admins -d $(print one.pub)" err
		logs_in u2 one
		revoke --everywhere one.pub
		[ ! -s /srv/admins ]
		kept_out u2 one
	END
}

@test "a key that is restricted in another file is refused; a linked .ssh and a closed output are handled" {
	inside 3 "$in_homes .ssh/authorized_keys2" <<-'END'
		printf 'restrict,command="/bin/false" %s\n' "$one" >line
		own u1 line authorized_keys2
		refused 'authorized_keys2: the key is there already: remove it first' -u u1 one.pub
		[ ! -e $u1 ]
		own u1 one.pub authorized_keys2
		refused 'authorized_keys2: the key is there already: remove it first: ' -u u1 -e 20990101 one.pub
		sh -ec "$(sed 's/.*remove it first: //' err)"
		[ ! -s ${u1}2 ]
		own u1 one.pub authorized_keys2
		xferkey -q authorize -w -u u1 one.pub
		printf 'no-pty  %s\n' "$two" >line
		own u2 line
		chmod 700 /srv/u2
		chown root /srv/u2
		refused "^xferkey-authorize: u2: $u2: its keys cannot be read: Permission denied: xferkey permcheck u2$" \
			--individual -u u1 two.pub
		chown u2 /srv/u2
		mv /srv/u2/.ssh /srv/u2/real
		ln -s real /srv/u2/.ssh
		chown -h u2 /srv/u2/.ssh
		logs_in u2 two
		xferkey revoke --everywhere two.pub >out
		grep "is removed from /srv/u2/real/authorized_keys, to which a symbolic link leads from $u2\$" out
		kept_out u2 two
		undo
		logs_in u2 two
		ends 2 xferkey authorize -u u3 two.pub 2>err >&-
		grep 'standard output is closed' err
		[ ! -e /srv/u3/.ssh ]
		sshd= profile=production authorize -u u3 two.pub
		logs_in u3 two
		# blanks between options and key: ssh-keygen gets the line as sshd reads it
		printf 'no-pty \t %s\n' "$two" >$u3
		authorize -u u3 two.pub
		[ "$(xferkey authkeys -u u3 -k "$(print two.pub)" -f $u3)" = 1 ]
	END
}

@test "symbolic links: revoke follows one to the account's own file; another's file is named, without a command" {
	inside 6 "$in_homes" <<-'END'
		# link USER FILE: makes the account's list a link to FILE.
		link() {
			rm -rf "/srv/$1/.ssh"
			install -d -o "$1" -m 700 "/srv/$1/.ssh"
			ln -s "$2" "/srv/$1/.ssh/authorized_keys"
		}
		leads=': a symbolic link, which sshd follows and [a-z]* does not, leads to'
		look='nothing is removed from it: an administrator must look$'
		install -d -o u1 -m 700 '/srv/a b'
		install -o u1 -m 600 one.pub '/srv/a b/list'
		link u1 '/srv/a b/list'
		logs_in u1 one
		adds="xferkey authkeys -f '/srv/a b/list' -u u1\$"
		refused "$u1$leads /srv/a b/list: xferkey pubfmt two.pub | $adds" -u u1 two.pub
		sh -ec "$(sed 's/.*list: //' err)"
		logs_in u1 two
		batch u1 two "refused	.*$leads /srv/a b/list: printf .* | xferkey pubfmt | $adds"
		xferkey permcheck -s u1 | diff /dev/null -
		xferkey revoke -u u1 one.pub >out
		grep "is removed from /srv/a b/list, to which a symbolic link leads from $u1" out
		kept_out u1 one
		logs_in u1 two
		undo
		logs_in u1 one
		# root's or another account's file: no command, because the account may have made the link
		install -d -m 755 /srv/roots /srv/profile.d
		install -m 644 one.pub /srv/roots/list
		install -o u4 -m 644 one.pub /srv/u4/list
		link u2 /srv/roots/list
		link u3 /srv/u4/list
		logs_in u2 one
		fails "^xferkey-revoke: $u2$leads /srv/roots/list: $look" revoke -u u2 one.pub
		fails "$leads /srv/u4/list: $look" revoke -u u3 one.pub
		ends 2 revoke --everywhere one.pub 2>err
		[ "$(grep -c -e "$leads /srv/roots/list: $look" -e "$leads /srv/u4/list: $look" err)" = 2 ]
		[ "$(wc -l <err)" = 2 ]
		kept_out u1 one
		for file in /srv/roots/list /srv/u4/list /srv/profile.d/zz.sh; do
			link u2 "$file"
			for how in authorize 'authorize -O no-pty' authkeys 'authkeys -A'; do
				XFERKEY_QUIET=1 fails "$leads:* $file\$" xferkey $how -u u2 <two.pub
			done
			batch u2 two "refused	.*, leads to $file\$"
			# the account itself asks
			fails "leads to $file\$" as u2 env TMPDIR=/tmp HOME=/srv/u2 xferkey -q authorize <two.pub
			cmp one.pub /srv/roots/list
			cmp one.pub /srv/u4/list
		done
		[ ! -e /srv/profile.d/zz.sh ]
		# others can change the target: no command
		install -d -m 777 /srv/open
		install -d -o u5 /srv/open/u5
		install -o u5 -m 600 one.pub /srv/open/u5/list
		link u5 /srv/open/u5/list
		fails "leads to /srv/open/u5/list: $look" revoke -u u5 one.pub
		cmp one.pub /srv/open/u5/list
		# not to a regular file: sshd reads no key there
		rm -r /srv/u[23]/.ssh
		link u5 /dev/null
		for how in '-u u5' --everywhere; do
			ends 1 revoke $how one.pub 2>err >out
			[ ! -s err ]
			kept_out u5 one
		done
		refused 'leads to /dev/null$' -u u5 one.pub
		# to nothing: sshd reads no key there
		link u6 nothing
		ends 1 revoke -u u6 one.pub
		# where the account may not look
		chmod 700 /srv/u4
		link u6 /srv/u4/list
		fails "^xferkey-revoke: $u6$leads /srv/u4/list: $look" revoke -u u6 one.pub
		refused "$u6$leads /srv/u4/list$" -u u6 two.pub
		rm -r /srv/u6/.ssh
		ln -s ../u4/keys /srv/u6/.ssh
		refused "$u6$leads /srv/u4/keys/authorized_keys$" -u u6 two.pub
	END
}

@test "a certificate lets the key in after it is revoked: that is said, until RevokedKeys refuses it" {
	inside 2 "$in_homes" 'TrustedUserCAKeys /srv/ca.pub' 'RevokedKeys /srv/krl' <<-'END'
		cp three.pub /srv/ca.pub
		ssh-keygen -q -k -f /srv/krl two.pub
		ssh-keygen -q -s three -I id -n u1 one.pub
		own u1 one.pub
		says="^xferkey-revoke: $(print one.pub) may still get in, by sshd's TrustedUserCAKeys: RevokedKeys refuses it "
		xferkey -q revoke --everywhere one.pub >out 2>err
		[ "$(wc -l <err)" = 1 ]
		grep "$says" err
		logs_in u1 one
		for words in '-u u1 one.pub' "-u u1 $(print one.pub)"; do
			ends 1 revoke $words 2>err
			grep "$says" err
		done
		# so does the account's own certificate authority
		own u1 <(printf 'no-pty,Cert-Authority %s\n' "$(cat three.pub)")
		sed '/^TrustedUserCAKeys/d' sshd/sshd_config >own
		for way in '-u u1' --everywhere; do
			XFERKEY_SSHD_CONFIG=$PWD/own ends 1 revoke $way one.pub 2>err
			grep 'may still get in, by \(a line with cert-authority in /srv/u1/.*keys\|lines with cert-authority\): ' err
		done
		ssh-keygen -q -k -u -f /srv/krl one.pub
		ends 1 revoke --everywhere one.pub 2>err
		[ ! -s err ]
		kept_out u1 one
	END
}

@test "revoke looks wherever sshd may look at a login from another address" {
	inside 2 'AuthorizedKeysFile .ssh/authorized_keys' 'Match User u2' 'AuthorizedKeysFile /srv/keys/%u' <<-'END'
		# far LINE ...: sshd_config with these lines in a Match for other addresses, before all others.
		cp sshd/sshd_config near
		far() {
			{ sed '/^Match/,$d' near; echo 'match "user" *, ADDRESS 192.0.2.0/24'; printf '%s\n' "$@"
				sed -n '/^Match/,$p' near; } >sshd/sshd_config
		}
		far '	authorizedkeysfile = .ssh/far	/srv/keys/far-%u none'
		authorize -u u1 one.pub
		for way in '-u u1' --everywhere; do
			own u1 one.pub far
			install -m 644 one.pub /srv/keys/far-u1
			xferkey revoke $way one.pub >out
			cat /srv/u1/.ssh/far /srv/keys/far-u1 | cmp - /dev/null
			ends 1 xferkey revoke $way one.pub
		done
		kept_out u1 one
		# a file for all accounts counts if the key is in it
		far 'AuthorizedKeysFile /srv/keys/all'
		: >/srv/keys/all
		own u1 one.pub
		xferkey revoke -u u1 one.pub
		cp one.pub /srv/keys/all
		fails "^xferkey-revoke: /srv/keys/all: every account's keys are in it: " revoke -u u1 one.pub
		rm /srv/keys/all
		# in a file that a Match for this address, or an included file, names
		printf 'AuthorizedKeysFile .ssh/far\n' >more
		far "Include $PWD/more"
		own u1 one.pub far
		xferkey revoke -u u1 one.pub >out
		grep -x "$(print one.pub) is removed from /srv/u1/.ssh/far" out
		sed 's/192\.0\.2\.0.24/127.0.0.1/' sshd/sshd_config >local
		own u1 one.pub
		XFERKEY_SSHD_CONFIG=$PWD/local xferkey revoke -u u1 one.pub >out
		grep -x "$(print one.pub) is removed from $u1" out
		own u1 one.pub
		sed -e '/^AuthorizedKeysFile .ssh.auth/d' -i local
		XFERKEY_SSHD_CONFIG=$PWD/local xferkey revoke -u u1 one.pub >out
		grep -x "$(print one.pub) is removed from $u1" out
		far 'AuthorizedKeysFile "/srv/my keys/%u"'
		fails 'AuthorizedKeysFile with a quote or a backslash: not understood' revoke -u u1 one.pub
		# other ways, and another RevokedKeys
		far 'TrustedUserCAKeys /srv/ca.pub' 'AuthorizedKeysCommand none'
		ends 1 revoke -u u1 one.pub 2>err
		grep "may still get in, by sshd's TrustedUserCAKeys: " err
		ssh-keygen -q -k -f /srv/krl one.pub
		{ echo 'RevokedKeys /srv/krl'; cat sshd/sshd_config; } >krl
		XFERKEY_SSHD_CONFIG=$PWD/krl ends 1 revoke -u u1 one.pub 2>err
		[ ! -s err ]
		sed -i 's/^AuthorizedKeysCommand.*/RevokedKeys none/' krl
		XFERKEY_SSHD_CONFIG=$PWD/krl ends 1 revoke -u u1 one.pub 2>err
		grep 'may still get in' err
	END
}

@test "one directory for all accounts: an error about it is reported once, with a command if it is a link" {
	inside 4 'AuthorizedKeysFile //srv/keys/./%u' <<-'END'
		# a home that contains all files
		echo 'u5:x:200009:200009::/:/bin/false' >>/etc/passwd
		authorize -u u5 one.pub
		[ "$(stat -c '%a %U' /srv/keys/u5)" = '644 root' ]
		rm /srv/keys/u5
		sed 's,//srv,/srv/../srv,' "$HOME/sshd/sshd_config" >up
		XFERKEY_SSHD_CONFIG=$PWD/up fails '/srv/../srv/keys: has \.\. in it' revoke -u u1 one.pub
		# fill DIR MODE: installs the key for all in DIR. emptied DIR: no list has the key.
		fill() {
			mkdir -p -m "$2" "$1"
			for user in u1 u2 u3; do install -m 644 one.pub "$1/$user"; done
		}
		emptied() {
			kept_out u1 one
			cat "$1"/* | cmp /dev/null -
		}
		ends 1 revoke --everywhere one.pub 2>err
		[ ! -s err ]
		fill /srv/real 755
		rmdir /srv/keys
		ln -s real /srv/keys
		logs_in u1 one
		leads='/srv/keys: a symbolic link, which sshd follows and [a-z]* does not, leads to /srv/real'
		fails "$leads: xferkey authkeys -f /srv/real/u1 -d $(print one.pub)\$" revoke -u u1 one.pub
		refused "$leads: xferkey pubfmt one.pub | xferkey authkeys -f /srv/real/u4 -r\$" -u u4 one.pub
		# the link may be the work of another than root
		chown -h u4 /srv/keys
		fails "$leads: nothing is removed from it: an administrator must look" revoke --everywhere one.pub
		refused "$leads\$" -u u4 one.pub
		chown -h root /srv/keys
		fails "$leads: for list in /srv/real/\*; do" revoke --everywhere one.pub
		sh -ec "$(sed 's/.*real: //' err)"
		emptied /srv/real
		rm /srv/keys
		fill /srv/keys 775
		fails '/srv/keys: others than root may change it' revoke --everywhere one.pub
		chmod 700 /srv/keys
		fails '/srv/keys: .*: not known whether the key is removed' revoke --everywhere one.pub
		emptied /srv/keys
	END
}

@test "authorize names the setting of sshd that refuses the key; without such a setting the key logs in" {
	# user|key|setting for the user|shown text, if another
	cat >rows <<-'END'
		u1|one|PubkeyAuthentication no
		u2|one|PubkeyAcceptedAlgorithms rsa-sha2-*|PubkeyAcceptedAlgorithms has no ssh-ed25519
		u3|three|RequiredRSASize 3072
		u4|one|AuthenticationMethods publickey,password\nPasswordAuthentication yes|AuthenticationMethods publickey,
		u5|one|AllowUsers nobody u?x u[5]
		u6|one|DenyUsers u? root|DenyUsers u?
		u7|one|AllowGroups staff u1*
		u8|one|DenyGroups u*
		u9|one|RevokedKeys /srv/krl
		u10|one|RevokedKeys /srv/list
		u11|one|RevokedKeys /srv/nothing
		u17|one|RevokedKeys /srv/words|RevokedKeys /srv/words (neither a KRL nor only keys: sshd refuses every key)
		u18|one|RevokedKeys /srv/cut|RevokedKeys /srv/cut (neither a KRL nor only keys
		u19|one|RevokedKeys /srv/half.krl|RevokedKeys /srv/half.krl (neither a KRL nor only keys
		root|one|PermitRootLogin no
		u12|one|PubkeyAcceptedAlgorithms -ssh-ed25519|PubkeyAcceptedAlgorithms has no ssh-ed25519
		u13 Address 127.0.0.1|one|PubkeyAuthentication no|PubkeyAuthentication no (for a login from 127.0.0.1)
	END
	for_them=$(while IFS='|' read -r user _ lines _; do printf 'Match User %s\n%b\n' "$user" "$lines"; done <rows)
	inside 20 "AuthorizedKeysFile /srv/keys/%u
StrictModes no
$for_them
Match User u14
AllowUsers nobody u*@127.0.0.1
AllowGroups u1? staff
AuthenticationMethods password publickey
DenyUsers u
Match User u20
RevokedKeys /srv/others" <<-'END'
		ssh-keygen -q -k -f /srv/krl two.pub one.pub
		cat two.pub one.pub >/srv/list
		{ echo '# words'; cat two.pub; echo hello world; } >/srv/words
		cut -c 1-60 two.pub >/srv/cut
		head -c 60 /srv/krl >/srv/half.krl
		ssh-keygen -q -s three -I id two.pub
		{ printf '# none of it is refused\n\n \t# so\n  '; cat two.pub two-cert.pub; } >/srv/others
		from=
		# against USER KEY TEXT: authorize, with from=$from if that is set, says that sshd would refuse the key
		# because of TEXT, alone and with -b; and sshd refuses it.
		against() {
			ends 1 xferkey authorize -u "$1" ${from:+-O "from=\"$from\""} "$2.pub" >out 2>err
			kept_out "$1" "$2"
			grep -F "$(print "$2.pub") (" out | grep -F " is installed for $1, but sshd would refuse it: $3"
			lacks out 'tell them'
			[ "$1" != root ] || return 0
			ends 1 authorize -b ${from:+-O "from=\"$from\""} <<<"$1:$(cat "$2.pub")" >out
			grep "^$1	present	$(print "$2.pub")	" out | grep -F "	sshd would refuse the key: $3"
			[ -z "$from" ] || grep -F "	with the options: from=\"$from\"	" out
		}
		for_it() {
			xferkey authorize -u "$1" ${from:+-O "from=\"$from\""} "$2.pub" >out
			grep -F " is installed for $1" out
			grep "tell them: .* --login $1@[^ ]* --port $(cat sshd/port)\$" out
			logs_in "$1" "$2"
		}
		while IFS='|' read -r user key lines text <&3; do
			against "${user%% *}" "$key" "${text:-$lines}"
		done 3<rows
		for row in 'u2 three' 'u3 one' 'u9 three' 'u10 three' 'u20 one' 'u12 three' 'u14 one'; do
			for_it $row
		done
		# sshd compares names only if UseDNS is on
		for from in localhost '*host,!10.*' abc.de; do
			rm -f /srv/keys/u20
			against u20 one 'UseDNS no, and from= has only host names'
		done
		for from in '127.0.0.1,localhost' '*,!abc.de' '127.0.0.0/8,::1' '127.*'; do
			rm /srv/keys/u20
			for_it u20 one
		done
		from=
		# StrictModes no: modes do not count
		chmod 777 /srv/u15 /srv/keys
		install -m 666 -o u15 /dev/null /srv/keys/u15
		chown u15 /srv/keys
		for_it u15 one
		chown root /srv/keys
		chmod 755 /srv/keys
		# check, on the server itself, names the same setting after a refused login
		export XFERKEY_SSH_CONFIG=$PWD/sshd/ssh_config
		while IFS='|' read -r user key lines text <&3; do
			ends 1 xferkey check "$key" --login "$user@127.0.0.1" --port "$(cat sshd/port)" >out
			grep -F "refused: ${text:-$lines}" out
		done 3< <(grep -E '^u(1|3|5|9|17)\|' rows)
		# with several ports, none is named
		echo "ListenAddress 127.0.0.1:1$(cut -c 2- sshd/port)" >more
		sed '/^ListenAddress/r more' sshd/sshd_config >more.config
		XFERKEY_SSHD_CONFIG=$PWD/more.config xferkey authorize -u u16 two.pub >out
		grep 'tell them: .* --login u16@[^ ]*$' out
	END
}

@test "authorize says that sshd refuses an account that is locked, expired or without a shell" {
	inside 7 'AuthorizedKeysFile /srv/keys/%u' 'Match User u7' 'ChrootDirectory /' <<-'END'
		sed -i -e '/^u1:/s/:\*:/:!:/' -e '/^u2:/s/:::$/::20000:/' /etc/shadow
		: >/srv/shell
		for row in u3:/srv/nothing u4:/srv/shell u5:/srv u6: u7:/srv/nothing; do
			sed -i "/^${row%%:*}:/s,/bin/false\$,${row#*:}," /etc/passwd
		done
		while IFS='|' read -r user text <&3; do
			ends 1 xferkey authorize -u "$user" one.pub >out
			kept_out "$user" one
			grep -F "is installed for $user, but sshd would refuse it: $text" out
			lacks out 'tell them'
			ends 1 authorize -b <<<"$user:$one" >out
			grep "^$user	present	.*	sshd would refuse the key: $text" out
		done 3<<-'LIST'
			u1|UsePAM no, and the account is locked
			u2|UsePAM no, and the account is expired
			u3|the login shell /srv/nothing: no such file
			u4|the login shell /srv/shell: not a program
			u5|the login shell /srv: not a program
		LIST
		for user in u6 u7; do
			authorize -u "$user" one.pub
			logs_in "$user" one
		done
		export XFERKEY_SSH_CONFIG=$PWD/sshd/ssh_config
		ends 1 xferkey check one --login u3@127.0.0.1 --port "$(cat sshd/port)" >out
		grep 'refused: the login shell /srv/nothing: no such file' out
		# what PAM decides is not known
		sed 's/^UsePAM .*/UsePAM yes/' sshd/sshd_config >pam.config
		if ! XFERKEY_SSHD_CONFIG=$PWD/pam.config sshd -T -f pam.config | grep -x 'usepam yes'; then exit 0; fi
		XFERKEY_SSHD_CONFIG=$PWD/pam.config authorize -u u1 one.pub
	END
}

@test "sshd accepts the options that authkeys accepts; with those that authkeys refuses nobody logs in" {
	inside 1 'AuthorizedKeysFile /srv/list' <<-'END'
		while IFS= read -r options <&3; do
			printf '%s %s\n' "$options" "$one" >/srv/list
			in=yes
			logs_in u1 one || in=no
			rm /srv/list
			taken=yes
			xferkey authkeys -f /srv/list -r -O "$options" <one.pub 2>/dev/null || taken=no
			echo "$options: sshd $in, authkeys $taken"
			[ "$in" = "$taken" ]
		done 3<<-'LIST'
			from="127.0.0.1,fe80::1%eth0"
			from="127.0.0.0/8,::/0"
			from="127.0.0.1/8"
			from="!10.0.0.0/8"
			from="127.0.0.1,"
			from=""
			from="127.0.0.0/"
			from="127.0.0.0/8x"
			from="127.0.0.0/33"
			from="127.0.0.1,,x"
			from=",127.0.0.1"
			from="!*,127.0.0.1"
			from="!?*,127.0.0.1"
			permitopen="localhost:http"
			permitopen="localhost:*"
			permitopen="localhost:65535"
			permitopen="localhost:65536"
			permitopen="localhost"
			permitopen=":80"
			permitopen="[fe80::1%eth0]:80"
			permitopen="localhost:0"
			permitopen="::1:80"
			permitopen="localhost:no-such-service"
			permitlisten="8080"
			permitlisten="none"
			permitlisten="65536"
			permitlisten="*:80"
			tunnel="any"
			tunnel="2147483645"
			tunnel="2147483646"
			tunnel="none"
			expiry-time="29990101utc"
			expiry-time="29990101Z"
			expiry-time="20200101"
			expiry-time="20200101",expiry-time="29990101"
			expiry-time="2999-01-01"
			expiry-time="299901011"
			expiry-time="29991301"
			expiry-time="2999010112"
			expiry-time="299901012360"
			expiry-time="29990101235959"
			expiry-time="29990101x"
			cert-authority
			principals="x"
			no-pty,environment="A=b"
			environment="A-B=c"
		LIST
	END
}

@test "--replaces: the new key logs in at once, the old one until the end of its grace; the undo lines undo it" {
	inside 2 "$in_homes .ssh/authorized_keys2
PubkeyAcceptedAlgorithms ssh-ed25519" <<-'END'
		mkdir path
		sh_script path/logger 'shift 5; printf "%s\n" "$*" >>'"$PWD/log"
		PATH=$PWD/path:$PATH
		old=$(print one.pub) new=$(print two.pub)
		printf 'no-pty %s\n%s\n' "$one" "$(cat three.pub)" >list
		own u1 list
		own u1 one.pub authorized_keys2
		cat $u1 ${u1}2 >before
		xferkey authorize -u u1 --replaces "$old" two.pub >out
		ends='expiry-time="[0-9]\{14\}"'
		grep "^no-pty,$ends $one\$" $u1
		grep "^no-pty $two\$" $u1
		grep "^$ends $one\$" ${u1}2
		[ "$(stat -c '%a %U' $u1)" = '600 u1' ]
		when=$(date -u -d +14days +%Y-%m-%d)
		[ "$(grep -c "^$old is accepted until ${when}T[0-9:]*Z in /srv/u1/.ssh/authorized_keys" out)" = 2 ]
		diff log - <<-LOG
			$new is authorized for u1 in $u1 by ${SUDO_USER:-root}
			$old is superseded by $new for u1 in $u1 by ${SUDO_USER:-root}
			$old is superseded by $new for u1 in ${u1}2 by ${SUDO_USER:-root}
		LOG
		logs_in u1 one
		logs_in u1 two
		# again: the same file, and no undo line
		cp $u1 after
		xferkey authorize -u u1 --replaces "$old" --grace 30 two.pub >out2
		cmp $u1 after
		grep 'the key was there already' out2
		lacks out2 undo:
		undo
		cat $u1 ${u1}2 | sort | diff - <(sort before)
		logs_in u1 one
		kept_out u1 two
		# one second, as the old one may have no more
		authorize -u u1 --replaces "$old" --grace 0 two.pub
		logs_in u1 two
		sleep 2
		kept_out u1 one
		logs_in u1 two
		# ended in this file, it is found and ended there
		authorize -u u1 --replaces "$old" two.pub
		xferkey revoke -u u1 one.pub
		fails "$old is not among the keys of u1: nothing was changed" authorize -u u1 --replaces "$old" two.pub
		# expired in the first file, it works by the second, also after the end of the grace
		{ printf 'expiry-time="20200101" %s\n' "$one"; } >list
		own u1 list
		own u1 one.pub authorized_keys2
		cp $u1 before
		authorize -u u1 --replaces "$old" --grace 0 two.pub
		cmp before $u1
		logs_in u1 two
		sleep 2
		kept_out u1 one
		authorize -u u1 --replaces "$old" two.pub
		# a second name of the first file
		for link in -s ''; do
			rm /srv/u1/.ssh/*
			own u1 one.pub
			ln $link $u1 ${u1}2
			for again in '' -q; do
				ends 0 xferkey $again authorize -u u1 --replaces "$old" two.pub >out 2>err
				[ ! -s err ] || [ -z "$again" ]
			done
			logs_in u1 one
			logs_in u1 two
		done
		# the second is a link to another file
		rm /srv/u1/.ssh/*
		own u1 one.pub
		own u1 one.pub real
		ln -s real ${u1}2
		ends 2 authorize -u u1 --replaces "$old" two.pub >out 2>err
		[ "$(wc -l <err)" = 1 ]
		command=$(sed -n 's/.*: \(xferkey authkeys .*-e +14d\): .* does not expire there$/\1/p' err)
		sh -c "$command"
		grep "^$ends $one\$" /srv/u1/.ssh/real
		# the old key only in the second file
		own u2 one.pub authorized_keys2
		authorize -u u2 --replaces "$old" two.pub
		[ ! -e $u2 ]
		logs_in u2 two
		logs_in u2 one
	END
}

@test "sshd and authkeys agree on an expiry-time while daylight saving time begins, holds and ends" {
	[ -e /usr/share/zoneinfo/America/New_York ] || skip 'needs time zones'
	inside 1 "$in_homes" <<-'END'
		ln -sf /usr/share/zoneinfo/America/New_York /etc/localtime
		for hour in 2027-03-14T06:30 2027-03-14T07:30 2027-07-01T12:00 2027-11-07T05:30 2027-11-07T06:30 2027-11-07T07:30; do
			at=$(date -u -d "$hour" +%s)
			rm -rf .ssh
			xferkey authkeys -e "+$((at - $(date +%s)))s" <one.pub
			[ "$(xferkey authkeys -l -v | cut -f 8 | sed 's/:..Z$//')" = "$hour" ]
		done
		# a zone where this half of the year is summer
		zone=Australia/Sydney
		[ "$(TZ=$zone date +%z)" = +1100 ] || zone=Europe/Berlin
		ln -sf "/usr/share/zoneinfo/$zone" /etc/localtime
		for seconds in 2400 -1200; do
			echo "expiry-time=\"$(TZ=$zone date -d "@$(($(date +%s) + seconds - 3600))" +%Y%m%d%H%M%S)\" $(cat one.pub)" >line
			own u1 line
			case $(xferkey authkeys -u u1 -l -v | cut -f 1) in
			yes) logs_in u1 one ;;
			no) kept_out u1 one ;;
			*) false ;;
			esac
		done
	END
}

@test "--replaces: if sshd is too old or would refuse the new key, or if a line is unclear, the old key stays as it is" {
	inside 1 "$in_homes /srv/keys/%u
PubkeyAcceptedAlgorithms ssh-ed25519" <<-'END'
		old=$(print one.pub)
		own u1 one.pub
		# unchanged STATUS PATTERN ARGUMENT ...: one line, which matches
		unchanged() {
			before=$(find /srv -type f -printf '%p %i %s %T@\n' | sort)
			ends "$1" authorize -u u1 --replaces "$old" "${@:3}" >out 2>err
			[ "$(wc -l <err)" = 1 ]
			grep -e "$2" err
			[ ! -s out ]
			[ "$before" = "$(find /srv -type f -printf '%p %i %s %T@\n' | sort)" ]
		}
		unchanged 1 'sshd would refuse it: PubkeyAcceptedAlgorithms has no ssh-rsa: nothing was changed' three.pub
		unchanged 2 'the new key is this one: nothing was changed' one.pub
		ends 2 xferkey -n authorize -u u1 --replaces "$old" one.pub 2>err
		grep 'the new key is this one' err
		unchanged 2 'unknown or malformed options' -O no-such two.pub
		# sshd reads the other file only
		install -m 644 one.pub /srv/keys/u1
		chmod 666 $u1
		logs_in u1 one
		unchanged 1 "$u1: sshd may refuse the file: xferkey permcheck .*: nothing was changed" --grace 0 two.pub
		rm /srv/keys/u1
		chmod 600 $u1
		unchanged 2 '--grace: not a number of days from 0 to 3650' --grace 3651 two.pub
		unchanged 2 '--grace: not a number of days from 0 to 3650' --grace '' two.pub
		unchanged 2 '-e and --replaces: one of them' -e +1d two.pub
		unchanged 2 '-b and --replaces: one of them' -b two.pub
		for release in 7.6 6.7 ; do
			mkdir -p path
			sh_script path/sshd "[ \"\$*\" != -V ] || { echo OpenSSH_${release}p1, OpenSSL 1.0 >&2; exit 1; }" \
				"exec $(command -v sshd) \"\$@\""
			PATH=$PWD/path:$PATH unchanged 2 "sshd: OpenSSH $release has no expiry-time" two.pub
		done
		sh_script path/sshd '[ "$*" != -V ] || exit 1' "exec $(command -v sshd) \"\$@\""
		PATH=$PWD/path:$PATH unchanged 2 'not known whether it is OpenSSH 7.7' two.pub
		install -m 644 two.pub /srv/keys/u1
		unchanged 2 '/srv/keys/u1: the key is there already: remove it first' two.pub
		: >/srv/keys/u1
		printf '%s\nprincipals="x" %s\n' "$one" "$one" >list
		own u1 list
		unchanged 2 'the option principals, .*: principals="x" ssh-ed25519' two.pub
		printf 'expiry-time="20200101" %s\n' "$one" >list
		own u1 list
		unchanged 2 ': an expiry-time in the past: expiry-time="20200101"' two.pub
		old=SHA256:$(printf 'A%.0s' {1..43})
		unchanged 2 'not among the keys of u1: nothing was changed' two.pub
		old=$(ssh-keygen -E md5 -lf one.pub | cut -d ' ' -f 2)
		unchanged 2 'a SHA256 fingerprint is required' two.pub
		# root's file, after the account's own
		old=$(print one.pub)
		rm $u1
		install -m 644 one.pub /srv/keys/u1
		authorize -u u1 --replaces "$old" -O no-pty two.pub
		[ "$(stat -c '%a %U' /srv/keys/u1)" = '644 root' ]
		grep '^no-pty ssh-ed25519' /srv/keys/u1
		[ ! -e $u1 ]
		logs_in u1 two
	END
}
