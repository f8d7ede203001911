#!/usr/bin/env bats
# authorize and revoke for the accounts of others, as root, against a real sshd where they speak of a login.

load ../lib/test

setup() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need unshare ssh-keygen getent
	unshare -m true 2>/dev/null || skip 'may not have a namespace of its own'
	private_home
	# others' way to their homes, and to the commands
	for folder in "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR" "$HOME"; do
		[ ! -d "$folder" ] || chmod a+x "$folder"
	done
	ssh-keygen -q -t ed25519 -N '' -C one -f one
	ssh-keygen -q -t ed25519 -N '' -C two -f two
	ssh-keygen -q -t rsa -b 2048 -N '' -C three -f three
	homes=$HOME/homes
	export homes top
}

# inside N [CONFIG-LINE ...] <SCRIPT: bash runs it, with accounts.bash, where there are N accounts, and an sshd if there are lines.
inside() {
	local n=$1
	shift
	{
		printf '%s\n' '. "$top/t/lib/accounts.bash"' '[ $# -eq 0 ] || start_sshd "$@"'
		cat
	} >script
	run -0 "$top/t/fixture/accounts" "$homes" "$n" bash ./script "$@"
}

@test "a login, with what was authorized; none, once it is revoked; the undo lines undo" {
	inside 2 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		! logs_in u1 one || false
		xferkey authorize -u u1 one.pub >out
		logs_in u1 one
		stat -c '%a %U' "$homes/u1/.ssh" "$homes/u1/.ssh/authorized_keys" | diff - <(printf '700 u1\n600 u1\n')
		grep -F 'is installed for u1' out
		! grep assumed out || false
		[ "$(sed -n 's/^undo: //p' out)" = "xferkey authkeys -f $homes/u1/.ssh/authorized_keys -u u1 -d $(print one.pub)" ]
		sh -ec "$(sed -n 's/^undo: //p' out)"
		! logs_in u1 one || false
		xferkey -q authorize -u u1 one.pub
		xferkey revoke -u u1 one.pub >out
		sh -ec "$(sed -n 's/^undo: //p' out)"
		logs_in u1 one
		xferkey authorize -u u1 -O 'no-pty,command="echo \"a b\""' -e +1d two.pub
		logs_in u1 two
		xferkey revoke -u u1 two.pub >out
		! logs_in u1 two || false
		logs_in u1 one
		sh -ec "$(sed -n 's/^undo: //p' out)"
		logs_in u1 two
		grep -c 'no-pty,command="echo \\"a b\\"",expiry-time="[0-9]*" ssh-ed25519' "$homes/u1/.ssh/authorized_keys"
		xferkey authorize -u u2 -O aspera three.pub
		grep '^command="/bin/aspshell -t",no-agent-forwarding,' "$homes/u2/.ssh/authorized_keys"
	END
}

@test "an expired key is refused by sshd; another set of options is no new line" {
	inside 1 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		xferkey -q authorize -u u1 -e +1s one.pub
		sleep 2
		! logs_in u1 one || false
		ends 2 xferkey -q authorize -u u1 -O no-pty one.pub 2>err
		grep 'there already, with other options' err
		xferkey -q revoke -u u1 one.pub
		xferkey -q authorize -u u1 one.pub
		logs_in u1 one
	END
}

@test "where sshd looks: two names, another folder, a file of root's, no file at all" {
	inside 4 "Match User u1
AuthorizedKeysFile .ssh/first %h/.ssh/second
Match User u2
AuthorizedKeysFile /srv/keys/%u
Match User u3
AuthorizedKeysFile none
Match User u4
AuthorizedKeysFile /srv/no%%such/%u" <<-'END'
		xferkey authorize -u u1 one.pub >out
		[ "$(ls "$homes/u1/.ssh")" = first ]
		logs_in u1 one
		install -o u1 -g u1 -m 600 one.pub "$homes/u1/.ssh/second"
		xferkey revoke -u u1 one.pub >out
		[ "$(grep -c 'is out of' out)" = 2 ]
		! logs_in u1 one || false
		# all of the way to root's file must be root's: not in /tmp
		mount -t tmpfs -o mode=755 tmpfs /srv
		mkdir -m 755 /srv/keys
		xferkey authorize -u u2 one.pub
		[ "$(stat -c '%a %U' /srv/keys/u2)" = '644 root' ]
		[ ! -e "$homes/u2/.ssh" ]
		logs_in u2 one
		xferkey revoke -u u2 one.pub
		! logs_in u2 one || false
		for user in u3 u4; do
			ends 2 xferkey -q authorize -u $user one.pub >out 2>err
			[ "$(wc -l <err) $(wc -c <out)" = '1 0' ]
			[ ! -e "$homes/$user/.ssh" ]
		done
		grep 'no%such: no such directory' err
	END
}

@test "no home, a foreign .ssh or list, a link, a full disk, a read-only one: status 2, one line, nothing changed" {
	inside 6 <<-'END'
		refused() {
			before=$(find "$homes" disk -printf '%p %i %m %u %s %l\n' | sort)
			ends 2 xferkey -q authorize -u "$2" one.pub >out 2>err
			[ "$(wc -l <err) $(wc -c <out)" = '1 0' ]
			grep -F -- "$1" err
			[ "$before" = "$(find "$homes" disk -printf '%p %i %m %u %s %l\n' | sort)" ]
		}
		mkdir disk
		rmdir "$homes/u1"
		refused 'no such directory' u1
		mkdir "$homes/u2/.ssh"
		refused 'belongs to another user' u2
		install -d -o u3 -m 700 "$homes/u3/.ssh"
		touch "$homes/u3/.ssh/authorized_keys"
		chmod 644 "$homes/u3/.ssh/authorized_keys"
		refused 'belongs to another user' u3
		install -d -o u4 -m 700 "$homes/u4/elsewhere"
		ln -s elsewhere "$homes/u4/.ssh"
		refused '.ssh/authorized_keys: ' u4
		mount -t tmpfs -o size=8k tmpfs disk
		install -d -o u5 disk/u5
		head -c 8192 /dev/zero >disk/filler 2>/dev/null || :
		sed -i "s,$homes/u5,$PWD/disk/u5," /etc/passwd
		refused 'No space left' u5
		rm disk/filler
		mount -o remount,ro disk
		refused 'Read-only file system' u5
		umount disk
	END
}

@test "-b: a verdict for each line; the good ones are in; --individual" {
	inside 6 <<-'END'
		{
			printf 'u1:%s\n' "$(cat one.pub)"
			printf '# a comment\n\nu2:command="rm -rf ~" %s\r\n' "$(cat two.pub)"
			printf 'nosuch:%s\n' "$(cat one.pub)"
			printf 'u3:%s\nu3:%s\n' "$(cat one.pub)" "$(cat two.pub)"
			printf 'u4:ssh-ed25519 AAAA\n'
			printf 'u4 %s\n' "$(cat one.pub)"
			printf '../u5:%s\n' "$(cat one.pub)"
			printf 'u5:%s\n' "$(ssh-keygen -q -t rsa -b 1024 -N '' -f weak >/dev/null; cat weak.pub)"
			printf 'u6:%s' "$(cat one.pub)"
		} >batch
		ends 2 xferkey -q authorize -b --individual batch >out 2>err
		diff err - <<<'xferkey-authorize: sshd could not be asked where it looks: .ssh/authorized_keys and .ssh/authorized_keys2 are assumed'
		cut -f 1,2 out | tr '\t\n' ': ' | grep -x 'u1:added u2:added nosuch:refused u3:refused u3:refused u4:refused line 9:refused line 10:refused u5:refused u6:refused '
		grep "^u6	refused	u1 has the same key" out
		cmp one.pub "$homes/u1/.ssh/authorized_keys"
		cmp two.pub "$homes/u2/.ssh/authorized_keys"
		printf 'expiry-time="29991231" %s\n' "$(cat two.pub)" >"$homes/u2/.ssh/authorized_keys"
		xferkey -q authorize -b <<<"u2:$(cat two.pub)" |
			diff - <(printf 'u2\tpresent\t%s\twith the options: expiry-time="29991231"\n' "$(print two.pub)")
		# sshd refuses it by a line that is over, so one is added
		printf 'expiry-time="20200101" %s\n' "$(cat two.pub)" >"$homes/u2/.ssh/authorized_keys"
		xferkey -q authorize -b <<<"u2:$(cat two.pub)" | diff - <(printf 'u2\tadded\t%s\n' "$(print two.pub)")
		[ "$(ls -d "$homes"/*/.ssh | wc -l)" = 2 ]
		xferkey -q authorize -b -w - <<<"u5:$(cat weak.pub)"
		chmod g+w "$homes/u3"
		chgrp u4 "$homes/u3"
		ends 1 xferkey -q authorize -b - <<<"u3:$(cat two.pub)" >out
		grep "^u3	added	SHA256:[^ ]*	sshd may refuse $homes/u3/.ssh/authorized_keys: xferkey permcheck -s -p [a-z]* u3:$homes/u3/.ssh/authorized_keys\$" out
		xferkey -q authorize -u u6 one.pub
		xferkey revoke --everywhere one.pub >out 2>err
		[ "$(grep -c 'is out of' out)" = 2 ]
		[ "$(grep -c '^+ xferkey authkeys' err)" = 2 ]
		[ ! -s "$homes/u1/.ssh/authorized_keys" ]
		ends 1 xferkey revoke --everywhere "$(print one.pub)" >out
		grep 'was not found' out
		# names of a machine, of a directory's account, and what sshd -T cannot be given
		printf '%s:x:20999%d:209990::%s:/bin/false\n' 'ws1$' 1 /nonexistent jane@corp.example 2 "$homes/jane" >>/etc/passwd
		install -d -o 209992 "$homes/jane"
		xferkey -q authorize --individual -b - <<<"jane@corp.example:$(cat one.pub)" >out
		grep "^jane@corp.example	added" out
		cmp one.pub "$homes/jane/.ssh/authorized_keys"
		xferkey -q authorize -u 'ws1$' one.pub 2>err || grep 'no such directory' err
		printf 'D\\jane:x:209993:209990::/:/bin/false\n' >>/etc/passwd
		ends 2 xferkey -q authorize --individual -u u1 two.pub 2>err
		grep '^xferkey-authorize: D\\jane: sshd cannot be asked about this account$' err
		ends 2 xferkey revoke --everywhere one.pub >out 2>err
		[ ! -s "$homes/jane/.ssh/authorized_keys" ]
		grep '^xferkey-revoke: D\\jane: sshd cannot be asked about this account$' err
	END
}

@test "revoke says out only of what is: both usual files, a weak key, a killed or stopped authkeys, no home" {
	inside 3 'AuthorizedKeysFile .ssh/authorized_keys /srv/keys/%u' <<-'END'
		install -d -o u1 -m 700 "$homes/u1/.ssh"
		install -o u1 -m 600 one.pub "$homes/u1/.ssh/authorized_keys"
		flag=$HOME/flag
		# the account ends, or stops, what runs as itself
		for signal in KILL STOP; do
			: >held
			setpriv --reuid u1 --regid u1 --clear-groups flock "$homes/u1/.ssh/.authorized_keys.xferkey" \
				sh -c 'echo; exec sleep 6' >held &
			until [ -s held ]; do sleep 0.1; done
			until pkill -$signal -u u1 -f '[x]ferkey-authkeys'; do sleep 0.1; done &
			XFERKEY_AUTHKEYS_SECONDS=4 ends 2 xferkey -q revoke -u u1 one.pub 2>err
			case $signal in
			KILL) grep 'authkeys was ended from outside' err ;;
			STOP) grep 'authkeys took longer than 4 s' err ;;
			esac
			wait
		done
		rm -f "$homes/u1/.ssh/.authorized_keys.xferkey"
		logs_in u1 one
		xferkey -q revoke -u u1 one.pub
		! logs_in u1 one || false
		# root's list of an account whose home is not there
		mount -t tmpfs -o mode=755 tmpfs /srv
		install -d /srv/keys
		install -m 644 one.pub /srv/keys/u2
		rmdir "$homes/u2"
		logs_in u2 one
		xferkey -q revoke --everywhere one.pub
		! logs_in u2 one || false
		# a link on the way to it
		install -d -o u3 /srv/own
		sed -i 's,^AuthorizedKeysFile.*,AuthorizedKeysFile /srv/own/conf/%u,' sshd/sshd_config
		mkdir root
		cp two.pub root/u3
		ln -s "$PWD/root" /srv/own/conf
		ends 2 xferkey -q authorize -u u3 one.pub 2>err
		cmp two.pub root/u3
		ssh-keygen -q -t rsa -b 1024 -N '' -f weak
		PATH=${PATH#*:} HOME=$PWD/own TMPDIR=$PWD/own
		mkdir -p own/.ssh
		cp weak.pub own/.ssh/authorized_keys2
		chown -R u2 own
		as_u2() { setpriv --reuid u2 --regid u2 --clear-groups "$@"; }
		as_u2 xferkey revoke weak.pub >out
		grep 'could not be asked' out
		[ ! -s own/.ssh/authorized_keys2 ]
		as_u2 sh -c "$(sed -n 's/^undo: //p' out)"
		cmp weak.pub own/.ssh/authorized_keys2
	END
}

@test "what was asked for holds: no empty options, no freer line elsewhere, one person's key" {
	inside 3 'AuthorizedKeysFile .ssh/authorized_keys .ssh/authorized_keys2' <<-'END'
		refused() {
			ends 2 xferkey -q authorize "$@" >out 2>err
			[ "$(wc -l <err) $(wc -c <out)" = '1 0' ]
		}
		refused -u u1 -O '' one.pub
		refused -u u1 -e '' one.pub
		[ ! -e "$homes/u1/.ssh" ]
		install -d -o u1 -m 700 "$homes/u1/.ssh"
		install -o u1 -m 600 one.pub "$homes/u1/.ssh/authorized_keys2"
		refused -u u1 -O restrict one.pub
		grep 'authorized_keys2: the key is there already' err
		xferkey -q authorize -u u1 one.pub
		# not one's own, but a file that sshd reads
		install -d -o u2 -m 700 "$homes/u2/.ssh" "$homes/u2/other"
		install -m 644 two.pub "$homes/u2/other/list"
		ln -s ../other/list "$homes/u2/.ssh/authorized_keys"
		refused -u u3 --individual two.pub
		grep 'u2 has the same key' err
		# a private half, and two keys of which one speaks of private ones
		openssl genpkey -algorithm ed25519 -outform DER -out der
		refused -u u3 der
		grep 'a private key' err
		printf '%s my PRIVATE KEY laptop\n%s\n' "$(cut -d ' ' -f 1,2 one.pub)" "$(cat two.pub)" >both
		refused -u u3 both
		[ ! -e "$homes/u3/.ssh" ]
		printf '\r\n  \nu3:%s\r\n' "$(cat one.pub)" | xferkey -q authorize -b
		cmp one.pub "$homes/u3/.ssh/authorized_keys"
		ends 2 xferkey authorize -b one >out 2>err
		! grep -vE '^line [0-9]+	refused	not a line of USER:KEY$' out || false
	END
}

@test "an sshd that cannot be asked, or whose answer can be misread, is no sshd without keys" {
	inside 2 'AuthorizedKeysFile /srv/keys/%u' <<-'END'
		# fails COMMAND ...: status 2, and nothing else in /srv.
		fails() {
			before=$(find /srv "$homes" -printf '%p %i %s %T@\n' | sort)
			ends 2 "$@" >out 2>err
			[ "$before" = "$(find /srv "$homes" -printf '%p %i %s %T@\n' | sort)" ]
		}
		mount -t tmpfs -o mode=755 tmpfs /srv
		mkdir -m 755 /srv/keys
		cp sshd/sshd_config good
		install -m 644 one.pub /srv/keys/u1
		printf 'Match LocalPort 33001\nPasswordAuthentication no\n' >>sshd/sshd_config
		xferkey -q revoke --everywhere one.pub
		[ ! -s /srv/keys/u1 ]
		xferkey -q authorize -b - <<<"u1:$(cat one.pub)" >out
		cmp one.pub /srv/keys/u1
		# where keys are for those who come in on the port
		port=$(cat sshd/port)
		{
			sed '/^AuthorizedKeysFile/d' good
			printf 'Match LocalPort %s LocalAddress 127.0.0.1\nAuthorizedKeysFile /srv/keys/%%u\n' "$port"
		} >sshd/sshd_config
		xferkey -q revoke -u u1 one.pub
		xferkey -q authorize -u u1 one.pub
		echo 'NoSuchOption yes' >>sshd/sshd_config
		fails xferkey revoke --everywhere one.pub
		grep -c 'sshd -T does not say where it looks: .*NoSuchOption' err | grep -x 1
		! grep 'was not found' out || false
		logs_in u1 one
		fails xferkey -q authorize -b - <<<"u1:$(cat two.pub)"
		grep "^u1	refused	sshd -T does not say where it looks: " out
		fails xferkey -q authorize --individual -u u1 two.pub
		fails xferkey authorize -u u2 two.pub
		grep 'sshd -T does not say' err
		[ ! -s out ]
		fails xferkey revoke -u u1 one.pub
		grep 'sshd -T does not say' err
		[ "$(grep -c 'not among' out)" = 0 ]
		for list in '"/srv/my keys/%u"' '/srv/my\ keys/%u' ".ssh/a '.ssh/b'"; do
			{ sed '/^AuthorizedKeysFile/d' good; echo "Include $PWD/included"; } >sshd/sshd_config
			echo "authorizedKeysfile $list" >included
			fails xferkey -q authorize -u u1 two.pub
			grep 'AuthorizedKeysFile with a quote or a backslash: not understood' err
			fails xferkey revoke --everywhere one.pub
			[ "$(grep -c 'not understood' err)" = 1 ]
		done
	END
}

@test "one bad folder, an empty home, a stopped authkeys and a FIFO do not hide the other files" {
	inside 3 'AuthorizedKeysFile /srv/keys/%u .ssh/authorized_keys' <<-'END'
		mount -t tmpfs -o mode=755 tmpfs /srv
		mkdir -m 755 /srv/keys
		# an empty home is /, and no key is in a FIFO
		echo 'u9:x:200009:200009:::/bin/false' >>/etc/passwd
		echo 'u9:*:20000:0:99999:7:::' >>/etc/shadow
		install -m 644 one.pub /srv/keys/u9
		logs_in u9 one
		xferkey -q revoke -u u9 one.pub
		! logs_in u9 one || false
		install -d -o u1 -m 700 "$homes/u1/.ssh"
		mkfifo -m 600 "$homes/u1/.ssh/authorized_keys"
		chown u1 "$homes/u1/.ssh/authorized_keys"
		timeout 20 sh -c 'while :; do cat "$1"; done >"$2"' sh two.pub "$homes/u1/.ssh/authorized_keys" >/dev/null 2>&1 &
		! logs_in u1 two || false
		timeout 30 xferkey -q authorize --individual -u u2 two.pub 2>err
		[ "$(cat err)" = "xferkey-authorize: u1: $homes/u1/.ssh/authorized_keys: not a regular file: no key of it is looked at" ]
		logs_in u2 two
		# what a name is: not a number, and of root's own account too nobody else changes the way
		for name in "$(id -u u1)" 0; do
			ends 2 xferkey -q authorize -u $name one.pub 2>err
			grep "$name: no such account" err
			[ ! -e /srv/keys/$name ]
		done
		chmod 777 /srv/keys
		ends 2 xferkey -q authorize -u root one.pub 2>err
		grep '/srv/keys: others than root may change it' err
		[ ! -e /srv/keys/root ]
		# the first folder is refused, the second file is looked at
		install -d -o u3 -m 700 "$homes/u3/.ssh"
		install -o u3 -m 600 one.pub "$homes/u3/.ssh/authorized_keys"
		ends 2 xferkey -q revoke -u u3 one.pub 2>err
		grep '/srv/keys: others than root may change it' err
		[ ! -s "$homes/u3/.ssh/authorized_keys" ]
		chmod 755 /srv/keys
		# the account stops what looks into its list
		rm "$homes/u1/.ssh/authorized_keys"
		# and it takes so long that it is met
		yes '# a long list' | head -c 50000000 >long
		install -o u1 -m 600 long "$homes/u1/.ssh/authorized_keys"
		timeout 40 setpriv --reuid u1 --regid u1 --clear-groups sh -c 'while :; do kill -STOP -1; done' >/dev/null 2>&1 &
		for way in '-u u1 -O no-pty' '-u u2 --individual'; do
			XFERKEY_AUTHKEYS_SECONDS=1 ends 2 timeout 30 xferkey -q authorize $way one.pub 2>err || {
				kill $!
				false
			}
		done
		grep 'u1: .*its keys cannot be looked at' err
		kill $!
	END
}

@test "-b: many accounts, killed at 20 moments and run again: the same end, which permcheck accepts" {
	n=${XFERKEY_ACCOUNTS:-60}
	inside "$n" <<-'END'
		n=$(ls "$homes" | wc -l)
		for i in $(seq "$n"); do
			if [ $((i % 10)) -eq 0 ]; then echo "u$i:ssh-rsa AAAA"; else
				printf 'u%s:ssh-ed25519 %s k%s\n' "$i" "$({
					printf '\0\0\0\13ssh-ed25519\0\0\0\40'
					printf '%s' "$i" | openssl dgst -sha256 -binary
				} | base64)" "$i"
			fi
		done >batch
		# not every 32 bytes are a point: those are refused too
		while IFS=: read -r name key; do
			if verdict=$(printf '%s\n' "$key" | xferkey authkeys -f probe 2>/dev/null && echo added); then :; fi
			printf '%s\t%s\n' "$name" "${verdict:-refused}"
			rm -f probe
		done <batch >want
		start=$(date +%s%N)
		xferkey -q authorize -b batch >whole 2>err || :
		took=$((($(date +%s%N) - start) / 1000000))
		cut -f 1,2 whole | diff want -
		grep -c . err | grep -x 1
		grep 'sshd could not be asked' err
		find "$homes" -mindepth 2 -printf '%P %m %u %s\n' | sort >state
		find "$homes" -name authorized_keys -exec cat {} + | sort >lines
		rm -rf "$homes"/u*/.ssh
		for point in $(seq 20); do
			setsid "$(xferkey --exec-path)/../../bin/xferkey" -q authorize -b batch >/dev/null 2>&1 &
			sleep "$(awk -v t="$took" -v p="$point" 'BEGIN { print t * p / 20000 }')"
			kill -KILL -- -$! 2>/dev/null || :
			wait $! 2>/dev/null || :
			! find "$homes" -name authorized_keys -exec cat {} + | grep -vxFf lines || false
		done
		xferkey -q authorize -b batch >again 2>err || :
		cut -f 1 again | diff <(cut -f 1 want) -
		find "$homes" -mindepth 2 -printf '%P %m %u %s\n' | sort | diff state -
		find "$homes" -name authorized_keys -exec cat {} + | sort | diff lines -
		for list in "$homes"/u*/.ssh/authorized_keys; do
			name=${list#"$homes/"}
			printf '%s\n' "${name%%/*}"
		done | xargs xferkey permcheck -s -p debian
		echo "$n accounts, $(wc -l <lines) keys, $took ms"
	END
	echo "# ${lines[-1]}" >&3
}

@test "a short pass of make races" {
	run -0 "$top/t/long/races" 200
	[[ $output = *' 0 faults' ]]
}

@test "a key that ssh-keygen still finds is not out, and one that it does not find is not installed: status 2, and which line" {
	inside 3 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		# what ours finds no key in: a stand-in for one spelling more
		libexec=$(xferkey --exec-path)
		mkdir blind
		cp -R "$libexec/../../bin" "$libexec/../../share" blind/
		mkdir -p blind/libexec/xferkey
		ln -s "$libexec"/* blind/libexec/xferkey/
		rm blind/libexec/xferkey/xferkey-authkeys
		cat >blind/libexec/xferkey/xferkey-authkeys <<-SH
			#!/bin/sh
			case " \$* " in
			*" -d "*) exit 1 ;;
			esac
			exec "$libexec/xferkey-authkeys" "\$@"
		SH
		chmod 755 blind/libexec/xferkey/xferkey-authkeys
		for user in u1 u2; do install -d -o $user -m 700 "$homes/$user/.ssh"; done
		# by name, ssh-keygen would read this as a private key, and no line of it
		{ echo '# -----BEGIN OPENSSH PRIVATE KEY-----'; cat two.pub; echo; cat one.pub; } >list
		install -o u1 -m 600 list "$homes/u1/.ssh/authorized_keys"
		logs_in u1 one
		for way in '-u u1' --everywhere; do
			ends 2 blind/bin/xferkey -q revoke $way one.pub >out 2>err
			[ "$(wc -c <out)" = '0' ]
			grep -F "authorized_keys: $(print one.pub) is not out: ssh-keygen finds it in line 4" err
		done
		# it runs as the account, without root's environment and terminal
		mkdir -m 755 stand-in
		printf '#!/bin/sh\n{ id -u; env; ps -o tty= -p $$; } >"%s/seen"; exec %s "$@"\n' "$homes/u1" "$(command -v ssh-keygen)" >stand-in/ssh-keygen
		chmod 755 stand-in/ssh-keygen
		SECRET=1 PATH=$PWD/stand-in:$PATH xferkey revoke -u u1 one.pub >out
		grep 'is out of' out
		sed -n 1p "$homes/u1/seen" | grep -x "$(id -u u1)"
		[ "$(grep -c SECRET "$homes/u1/seen")" = 0 ]
		[ "$(tail -n 1 "$homes/u1/seen" | tr -d ' ')" = '?' ]
		if logs_in u1 one; then false; fi
		logs_in u1 two
		# where it does not answer
		install -o u2 -m 600 two.pub "$homes/u2/.ssh/authorized_keys"
		for way in 'exit 0' 'exec sleep 30' 'exit 1'; do
			printf '#!/bin/sh\n%s\n' "$way" >stand-in/ssh-keygen
			XFERKEY_AUTHKEYS_SECONDS=2 PATH=$PWD/stand-in:$PATH ends 2 xferkey -q authorize -u u2 one.pub >out 2>err
			[ "$(wc -c <out) $(wc -l <err)" = '0 1' ]
			grep -e 'not known whether the key is there: ssh-keygen does not read all' -e 'took longer than 2 s' err
			for way in '-u u2' --everywhere; do
				XFERKEY_AUTHKEYS_SECONDS=2 PATH=$PWD/stand-in:$PATH ends 2 xferkey revoke $way one.pub >out 2>err
				[ "$(grep -c 'is out of' out)" = 0 ]
				# what was taken out can be put back
				case $way in -u*) grep '^undo: printf' out ;; esac
			done
		done
		# one that answers, and does not find it
		printf '#!/bin/sh\nsed /%s/d | %s "$@"\n' "$(cut -d ' ' -f 2 one.pub | cut -c 30-50 | tr / .)" "$(command -v ssh-keygen)" >stand-in/ssh-keygen
		PATH=$PWD/stand-in:$PATH ends 2 xferkey authorize -u u2 one.pub >out 2>err
		grep 'authorized_keys: ssh-keygen does not find the key in it' err
		[ "$(grep -c 'is installed' out)" = 0 ]
		grep '^undo: ' out
		# and none at all
		mkdir few
		for tool in sh awk cat cut date find getent grep head id mktemp mv rm rmdir sed tr uname wc cmp setpriv timeout test; do
			ln -s "$(type -P $tool)" few/
		done
		PATH=$PWD/few "$libexec/../../bin/xferkey" -q revoke -u u2 "$(print one.pub)"
	END
}

@test "8,000 and 100,000 copies in one list, and a slow account: the others are done, and first; the undo is a file" {
	inside 4 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		for user in u1 u2 u3 u4; do install -d -o $user -m 700 "$homes/$user/.ssh"; done
		fill() { install -o $1 -m 600 list "$homes/$1/.ssh/authorized_keys"; }
		# hold SECONDS: authkeys waits for u4's lock
		hold() {
			setpriv --reuid u4 --regid u4 --clear-groups flock "$homes/u4/.ssh/.authorized_keys.xferkey" sh -c 'echo; exec sleep "$0"' "$1" |
				head -n 1 >held
		}
		timed() {
			start=$(date +%s%N) got=0
			"$@" || got=$?
			echo "$(wc -l <list) lines: $((($(date +%s%N) - start) / 1000000)) ms"
		}
		line=$(cat one.pub)
		{ yes "$line" | head -n 100000; echo '# mine'; } >list
		fill u2
		cp list hundred
		yes "$line" | head -n 8000 >list
		fill u1
		cp one.pub list
		fill u3
		fill u4
		hold 600 &
		holder=$!
		until [ -s held ]; do sleep 0.1; done
		mv hundred list
		XFERKEY_AUTHKEYS_SECONDS=9 timed xferkey revoke --everywhere one.pub >out 2>err
		pkill -u u4 sleep
		cut -c 1-200 err
		[ "$got" = 2 ]
		grep '^xferkey-revoke: u4: authkeys took longer than 9 s$' err
		for user in u1 u2 u3; do
			[ "$(grep -c ssh- "$homes/$user/.ssh/authorized_keys")" = 0 ]
			if logs_in $user one; then false; fi
			grep "is out of $homes/$user/" out
		done
		[ "$(grep -n '^undo: ' out | head -n 1 | cut -d : -f 1)" = 4 ]
		logs_in u4 one
		grep -x '# mine' "$homes/u2/.ssh/authorized_keys"
		[ "$(stat -c '%a %U' "$HOME"/xferkey-undo.* "$HOME"/xferkey-undo.*/* | sort | uniq -c | tr -s ' \n' ' ')" = ' 2 600 root 1 700 root ' ]
		sed -n 's/^undo: //p' out | grep /u2/ >undo
		grep -x "xferkey authkeys -f $homes/u2/.ssh/authorized_keys -u u2 -A <$HOME/xferkey-undo\..*/[0-9]" undo
		sh -e ./undo
		logs_in u2 one
		sort list | cmp - <(sort "$homes/u2/.ssh/authorized_keys")
		# slow, and not for ever: the second time it is done
		rm held
		hold 7 &
		until [ -s held ]; do sleep 0.1; done
		xferkey revoke --everywhere "$(print one.pub)" >out 2>err || :
		grep "is out of $homes/u4/" out
		if logs_in u4 one; then false; fi
	END
	echo "# $(grep 'lines: .* ms' <<<"$output")" >&3
}

@test "root says for whom; a list of lines has nothing for uid 0; -u root, said, works" {
	inside 1 'AuthorizedKeysFile /srv/keys/%u' <<-'END'
		mount -t tmpfs -o mode=755 tmpfs /srv
		mkdir -m 755 /srv/keys
		echo 'toor:x:0:0::/:/bin/false' >>/etc/passwd
		for words in 'authorize one.pub' 'authorize -O restrict -w one.pub' 'revoke one.pub'; do
			ends 2 xferkey $words >out 2>err
			[ "$(wc -l <err) $(wc -c <out)" = '1 0' ]
			grep "as root, say for whom: xferkey ${words%% *} -u USER ${words#* }\$" err
		done
		printf '%s\n' "root:$(cat one.pub)" "toor:$(cat one.pub)" "u1:$(cat two.pub)" | ends 2 xferkey authorize -b >out 2>err
		grep '^root	refused	uid 0: ' out
		grep '^toor	refused	' out
		grep '^u1	added' out
		[ "$(ls /srv/keys)" = u1 ]
		xferkey -q authorize -u root one.pub
		cmp one.pub /srv/keys/root
		logs_in root one
		xferkey -q revoke -u root one.pub
		if logs_in root one; then false; fi
	END
}

@test "a tool that could not look is trouble, and what is done is done, whoever reads it" {
	inside 2 'AuthorizedKeysFile /srv/keys/%u' <<-'END'
		mount -t tmpfs -o mode=755 tmpfs /srv
		mkdir -m 755 /srv/keys broken
		# broken TOOL SCRIPT: the tool of this name.
		broken() {
			rm -f broken/*
			printf '#!/bin/sh\nreal() { PATH=%s; exec "%s" "$@"; }\n%s\n' "'$PATH'" "$1" "$2" >"broken/$1"
			chmod 755 "broken/$1"
		}
		install -m 644 one.pub /srv/keys/u1
		real_sshd=$(command -v sshd)
		for fault in 'id|case "$*" in -un*) exit 1 ;; esac; real "$@"' 'id|exit 1' 'id|exit 127' 'date|exit 1' \
			'find|exit 1' 'sshd|exit 1' 'sshd|kill -KILL $$' 'sshd|real "$@" | head -c 300; exit 1' 'sed|exit 4' 'grep|exit 126' \
			'timeout|exit 126' 'head|exit 1' 'wc|exit 1'; do
			broken "${fault%%|*}" "${fault#*|}"
			[ "${fault%%|*}" != sshd ] || sed -i "s,exec \"sshd\",exec \"$real_sshd\"," broken/sshd
			for words in 'revoke -u u1 one.pub' "revoke -u u1 $(print one.pub)" 'authorize -u u2 two.pub'; do
				cp -p /srv/keys/u1 kept
				got=0
				PATH=$PWD/broken:$PATH xferkey $words >out 2>err || got=$?
				echo "$fault: $words: $got: $(tr '\n' ' ' <err | cut -c 1-300)"
				case $got in
				2) [ -s err ] ;;
				0)
					case $words in
					revoke*) [ ! -s /srv/keys/u1 ] ;;
					*) cmp two.pub /srv/keys/u2 ;;
					esac
					;;
				*) false ;;
				esac
				cp -p kept /srv/keys/u1
				rm -f /srv/keys/u2
			done
		done
		# standard output takes nothing: it is said where it can be
		for words in 'authorize -u u2 two.pub' 'revoke -u u2 two.pub'; do
			ends 2 xferkey $words >/dev/full 2>err
			grep -e '^xferkey-authorize: standard output: cannot write: .* is installed for u2$' \
				-e '^xferkey-revoke: standard output: cannot write: .* is out of /srv/keys/u2$' err
			grep 'standard output: cannot write: undo: ' err
		done
		[ ! -s /srv/keys/u2 ]
		# nobody reads on: all accounts are done
		install -m 644 two.pub /srv/keys/u2
		install -m 644 two.pub /srv/keys/u1
		{ xferkey revoke --everywhere two.pub 2>err || echo $? >status; } | :
		[ ! -s /srv/keys/u1 ]
		[ ! -s /srv/keys/u2 ]
		# decoration may fail
		broken uname 'exit 1'
		PATH=$PWD/broken:$PATH xferkey authorize -u u2 two.pub >out
		grep "tell them: .* is installed for u2\\." out
	END
}

@test "one file for all accounts: no key gets in by it for one of them, and none is taken from all unsaid" {
	inside 2 'AuthorizedKeysFile /srv/admins .ssh/authorized_keys' <<-'END'
		mount -t tmpfs -o mode=755 tmpfs /srv
		ends 2 xferkey authorize -u u1 one.pub 2>err
		grep "/srv/admins: every account's keys are in it" err
		[ ! -e /srv/admins ]
		ends 2 xferkey -q authorize -b <<<"u1:$(cat one.pub)" >out
		grep "^u1	refused	/srv/admins: every account's keys" out
		install -m 644 one.pub /srv/admins
		ends 2 xferkey -q revoke -u u1 one.pub 2>err >out
		grep "xferkey authkeys -f /srv/admins -d $(print one.pub)" err
		logs_in u2 one
		xferkey revoke --everywhere one.pub >out
		[ ! -s /srv/admins ]
		! logs_in u2 one || false
	END
}

@test "restrictions in another file are not made void; a linked .ssh, a closed output and the environment hide nothing" {
	inside 3 'AuthorizedKeysFile .ssh/authorized_keys .ssh/authorized_keys2' <<-'END'
		install -d -o u1 -m 700 "$homes/u1/.ssh"
		printf 'restrict,command="/bin/false" %s\n' "$(cat one.pub)" >"$homes/u1/.ssh/authorized_keys2"
		chown u1 "$homes/u1/.ssh/authorized_keys2"
		ends 2 xferkey -q authorize -u u1 one.pub 2>err
		grep 'authorized_keys2: the key is there already: remove it first' err
		[ ! -e "$homes/u1/.ssh/authorized_keys" ]
		install -d -o u2 -m 700 "$homes/u2/real"
		printf 'no-pty  %s\n' "$(cat two.pub)" >"$homes/u2/real/authorized_keys"
		chown u2 "$homes/u2/real/authorized_keys"
		ln -s real "$homes/u2/.ssh"
		chown -h u2 "$homes/u2/.ssh"
		logs_in u2 two
		xferkey revoke --everywhere two.pub >out
		grep "is out of $homes/u2/real/authorized_keys, to which a symbolic link leads from $homes/u2/.ssh/authorized_keys\$" out
		! logs_in u2 two || false
		sh -ec "$(sed -n 's/^undo: //p' out)"
		logs_in u2 two
		ends 2 xferkey authorize -u u3 two.pub 2>err >&-
		grep 'standard output is closed' err
		[ ! -e "$homes/u3/.ssh" ]
		env sshd= profile=production xferkey -q authorize -u u3 two.pub
		logs_in u3 two
		# two blanks behind options: ssh-keygen is asked as sshd would read it
		printf 'no-pty \t %s\n' "$(cat two.pub)" >"$homes/u3/.ssh/authorized_keys"
		xferkey -q authorize -u u3 two.pub
		[ "$(xferkey authkeys -u u3 -k "$(print two.pub)" -f "$homes/u3/.ssh/authorized_keys")" = 1 ]
	END
}

@test "symbolic links: revoke takes the key out of the account's own file; another's is only named, with no command that root would run there" {
	inside 6 'AuthorizedKeysFile .ssh/authorized_keys' <<-'END'
		mount -t tmpfs -o mode=755 tmpfs /srv
		# link USER FILE: the account's list is a link to it.
		link() {
			rm -rf "$homes/$1/.ssh"
			install -d -o "$1" -m 700 "$homes/$1/.ssh"
			ln -s "$2" "$homes/$1/.ssh/authorized_keys"
		}
		install -d -o u1 -m 700 '/srv/a b'
		install -o u1 -m 600 one.pub '/srv/a b/list'
		link u1 '/srv/a b/list'
		logs_in u1 one
		ends 2 xferkey -q authorize -u u1 two.pub 2>err
		grep -xF "xferkey-authorize: $homes/u1/.ssh/authorized_keys: a symbolic link, which sshd follows and authorize does not, leads to $(
		)/srv/a b/list: xferkey pubfmt two.pub | xferkey authkeys -f '/srv/a b/list' -u u1" err
		sh -ec "$(sed 's/.*list: //' err)"
		logs_in u1 two
		ends 2 xferkey -q authorize -b <<<"u1:$(cat two.pub)" >out
		grep "^u1	refused	.*, leads to /srv/a b/list: printf .* | xferkey pubfmt | xferkey authkeys -f '/srv/a b/list' -u u1\$" out
		xferkey permcheck -s u1 | diff /dev/null -
		xferkey revoke -u u1 one.pub >out
		grep -F "is out of /srv/a b/list, to which a symbolic link leads from $homes/u1/.ssh/authorized_keys" out
		! logs_in u1 one || false
		logs_in u1 two
		sh -ec "$(sed -n 's/^undo: //p' out)"
		logs_in u1 one
		# root's own file, or another account's: never a command, as the account may have made the link
		install -d -m 755 /srv/roots
		install -m 644 one.pub /srv/roots/list
		link u2 /srv/roots/list
		logs_in u2 one
		install -d -o u4 -m 755 /srv/u4
		install -o u4 -m 644 one.pub /srv/u4/list
		link u3 /srv/u4/list
		for how in '-u u2' '-u u3' --everywhere; do
			ends 2 xferkey -q revoke $how one.pub 2>err >out
			case $how in
			'-u u2') [ "$(wc -l <err)" = 1 ] ;;
			--everywhere) [ "$(wc -l <err)" = 2 ] ;;
			esac
			cmp one.pub /srv/roots/list
			cmp one.pub /srv/u4/list
		done
		! logs_in u1 one || false
		grep -xF "xferkey-revoke: $homes/u2/.ssh/authorized_keys: a symbolic link, which sshd follows and revoke does not, leads to $(
		)/srv/roots/list: nothing is removed from it: an administrator must look" err
		grep 'leads to /srv/u4/list: nothing is removed from it: an administrator must look$' err
		! grep 'xferkey authkeys' err || false
		mkdir -m 755 /srv/profile.d
		for file in /srv/roots/list /srv/u4/list /srv/profile.d/zz.sh; do
			link u2 "$file"
			for how in 'authorize -u u2 two.pub' 'authorize -u u2 -O no-pty two.pub' 'authkeys -u u2' 'authkeys -u u2 -A'; do
				XFERKEY_QUIET=1 ends 2 xferkey $how <two.pub 2>err
				[ "$(wc -l <err)" = '1' ]
				grep ": a symbolic link, which sshd follows and [a-z]* does not, leads to:* $file\$" err
			done
			ends 2 xferkey -q authorize -b <<<"u2:$(cat two.pub)" >out
			grep "^u2	refused	.*, leads to $file\$" out
			# what the account itself asks for
			! TMPDIR=/tmp HOME=$homes/u2 setpriv --reuid u2 --regid u2 --clear-groups "$(command -v xferkey)" -q authorize <two.pub 2>err || false
			grep "leads to $file\$" err
		done
		cmp one.pub /srv/roots/list
		cmp one.pub /srv/u4/list
		[ ! -e /srv/profile.d/zz.sh ]
		# others can lead it elsewhere: no command
		install -d -m 777 /srv/open
		install -d -o u5 /srv/open/u5
		install -o u5 -m 600 one.pub /srv/open/u5/list
		link u5 /srv/open/u5/list
		ends 2 xferkey -q revoke -u u5 one.pub 2>err
		grep 'leads to /srv/open/u5/list: nothing is removed from it: an administrator must look$' err
		cmp one.pub /srv/open/u5/list
		# to no regular file, from which sshd reads no key
		rm -r "$homes/u2/.ssh" "$homes/u3/.ssh" "$homes/u5/.ssh"
		link u5 /dev/null
		for how in '-u u5' --everywhere; do
			XFERKEY_QUIET=1 ends 1 xferkey revoke $how one.pub 2>err >out
			[ "$(wc -l <err)" = '0' ]
			! logs_in u5 one || false
		done
		ends 2 xferkey -q authorize -u u5 one.pub 2>err
		grep 'leads to /dev/null$' err
		# and to nothing, as for sshd
		link u6 nothing
		ends 1 xferkey -q revoke -u u6 one.pub
	END
}

@test "one directory for all: what is wrong with it is said once, with what takes the key out behind a symbolic link" {
	inside 4 'AuthorizedKeysFile /srv/keys/%u' <<-'END'
		mount -t tmpfs -o mode=755 tmpfs /srv
		mkdir -m 755 /srv/real
		for user in u1 u2 u3; do install -m 644 one.pub /srv/real/$user; done
		once() {
			ends 2 xferkey -q revoke --everywhere one.pub 2>err
			[ "$(wc -l <err)" = '1' ]
			grep -F -- "$1" err
		}
		ends 1 xferkey -q revoke --everywhere one.pub 2>err
		[ "$(wc -l <err)" = '0' ]
		ln -s real /srv/keys
		logs_in u1 one
		once "/srv/keys: a symbolic link, which sshd follows and revoke does not, leads to /srv/real: for list in /srv/real/*; do"
		ends 2 xferkey -q revoke -u u1 one.pub 2>err
		grep "leads to /srv/real: xferkey authkeys -f /srv/real/u1 -d $(print one.pub)\$" err
		ends 2 xferkey -q authorize -u u4 one.pub 2>err
		grep 'leads to /srv/real: xferkey pubfmt one.pub | xferkey authkeys -f /srv/real/u4 -r$' err
		# a link that another than root may have made
		chown -h u4 /srv/keys
		once '/srv/keys: a symbolic link, which sshd follows and revoke does not, leads to /srv/real: nothing is removed from it: an administrator must look'
		ends 2 xferkey -q authorize -u u4 one.pub 2>err
		grep 'leads to /srv/real$' err
		chown -h root /srv/keys
		once /srv/keys:
		sh -ec "$(sed 's/.*real: //' err)"
		! logs_in u1 one || false
		cat /srv/real/* | cmp /dev/null -
		rm /srv/keys
		mkdir -m 775 /srv/keys
		for user in u1 u2 u3; do install -m 644 one.pub /srv/keys/$user; done
		once '/srv/keys: others than root may change it'
		chmod 700 /srv/keys
		once '/srv/keys: no account may enter it, and sshd reads the file as the account: not known whether the key is out'
		! logs_in u1 one || false
		cat /srv/keys/* | cmp /dev/null -
	END
}

@test "what sshd's configuration says against a key is said, with its value; what it does not say against it lets in" {
	inside 20 'AuthorizedKeysFile /srv/keys/%u
StrictModes no
Match User u1
PubkeyAuthentication no
Match User u2
PubkeyAcceptedAlgorithms rsa-sha2-*
Match User u3
RequiredRSASize 3072
Match User u4
PasswordAuthentication yes
AuthenticationMethods publickey,password password,publickey
Match User u5
AllowUsers nobody u?x u[5]
Match User u6
DenyUsers u? root
Match User u7
AllowGroups staff u1*
Match User u8
DenyGroups u*
Match User u9
RevokedKeys /srv/krl
Match User u10
RevokedKeys /srv/list
Match User u11
RevokedKeys /srv/nothing
Match User u17
RevokedKeys /srv/words
Match User u18
RevokedKeys /srv/cut
Match User u19
RevokedKeys /srv/half.krl
Match User u20
RevokedKeys /srv/others
Match User root
PermitRootLogin no
Match User u12
PubkeyAcceptedAlgorithms -ssh-ed25519
Match User u13 Address 127.0.0.1
PubkeyAuthentication no
Match User u14
AllowUsers nobody u*@127.0.0.1
AllowGroups u1? staff
AuthenticationMethods password publickey
DenyUsers u' <<-'END'
		mount -t tmpfs -o mode=755 tmpfs /srv
		mkdir -m 755 /srv/keys
		ssh-keygen -q -k -f /srv/krl two.pub one.pub
		cp two.pub /srv/list
		cat one.pub >>/srv/list
		{ echo '# words'; cat two.pub; echo hello world; } >/srv/words
		cut -c 1-60 two.pub >/srv/cut
		head -c 60 /srv/krl >/srv/half.krl
		ssh-keygen -q -s three -I id two.pub
		{ printf '# none of it is refused\n\n \t# so\n  '; cat two.pub two-cert.pub; } >/srv/others
		from=
		# against USER KEY TEXT, beside what is, with $from: sshd refuses it, and that is said of it, alone and in a batch.
		against() {
			ends 1 xferkey authorize -u "$1" ${from:+-O "from=\"$from\""} "$2.pub" >out 2>err
			if logs_in "$1" "$2"; then return 1; fi
			grep -F "$(print "$2.pub") (" out | grep -F " is installed for $1, but sshd would refuse it: $3"
			[ "$(grep -c 'tell them' out)" = 0 ]
			[ "$1" != root ] || return 0
			ends 1 xferkey -q authorize -b ${from:+-O "from=\"$from\""} <<<"$1:$(cat "$2.pub")" >out
			grep "^$1	present	$(print "$2.pub")	$(sed 's/[][*]/\\&/g' <<<"${from:+with the options: from=\"$from\"	}sshd would refuse the key: $3")" out
		}
		for_it() {
			xferkey authorize -u "$1" ${from:+-O "from=\"$from\""} "$2.pub" >out
			grep -F " is installed for $1" out
			grep "tell them: .* --login $1@[^ ]* --port $(cat sshd/port)\$" out
			logs_in "$1" "$2"
		}
		against u1 one 'PubkeyAuthentication no'
		against u2 one 'PubkeyAcceptedAlgorithms rsa-sha2-'
		for_it u2 three
		against u3 three 'RequiredRSASize 3072'
		for_it u3 one
		against u4 one 'AuthenticationMethods publickey,password password,publickey'
		against u5 one 'AllowUsers nobody u?x u[5]'
		against u6 one 'DenyUsers u?'
		against u7 one 'AllowGroups staff u1*'
		against u8 one 'DenyGroups u*'
		against u9 one 'RevokedKeys /srv/krl'
		for_it u9 three
		against u10 one 'RevokedKeys /srv/list'
		for_it u10 three
		against u11 one 'RevokedKeys /srv/nothing'
		for user in 17.words 18.cut 19.half.krl; do
			against "u${user%%.*}" one "RevokedKeys /srv/${user#*.} (neither a KRL nor only keys: sshd refuses every key)"
		done
		for_it u20 one
		# sshd compares names only where it looks them up
		for from in localhost '*host,!10.*' abc.de; do
			rm -f /srv/keys/u20
			against u20 one 'UseDNS no, and from= has only host names'
		done
		for from in '127.0.0.1,localhost' '*,!abc.de' '127.0.0.0/8,::1' '127.*'; do
			rm /srv/keys/u20
			for_it u20 one
		done
		from=
		against root one 'PermitRootLogin no'
		against u12 one 'PubkeyAcceptedAlgorithms '
		for_it u12 three
		against u13 one 'PubkeyAuthentication no (for a login from 127.0.0.1)'
		for_it u14 one
		# StrictModes no: no mode keeps the key out
		chmod 777 "$homes/u15" /srv/keys
		install -m 666 /dev/null /srv/keys/u15
		chown u15 /srv/keys/u15 /srv/keys
		for_it u15 one
		chown root /srv/keys
		chmod 755 /srv/keys
		# from the server itself the same is said of a login that was refused
		for user in u1 u3 u5 u9 u17; do
			key=one
			[ $user != u3 ] || key=three
			XFERKEY_SSH_CONFIG=$PWD/sshd/ssh_config xferkey check "$key" --login "$user@127.0.0.1:$(cat sshd/port)" >out || :
			case $user in
			u1) grep "refused: sshd's configuration: PubkeyAuthentication no" out ;;
			u3) grep "refused: sshd's configuration: RequiredRSASize 3072" out ;;
			u9) grep "refused: sshd's configuration: RevokedKeys /srv/krl (for" out ;;
			u17) grep "refused: sshd's configuration: RevokedKeys /srv/words (neither" out ;;
			u5) grep "refused: sshd's configuration: AllowUsers nobody u?x u\[5\]" out ;;
			esac
		done
		# of several ports none is the one
		echo "ListenAddress 127.0.0.1:1$(cat sshd/port | cut -c 2-)" >more
		sed "/^ListenAddress/r more" sshd/sshd_config >more.config
		xferkey -q authorize -u u16 two.pub
		rm /srv/keys/u16
		XFERKEY_SSHD_CONFIG=$PWD/more.config xferkey authorize -u u16 two.pub >out
		grep 'tell them: .* --login u16@[^ ]*$' out
	END
}

@test "options: what authkeys takes sshd takes, and what it refuses lets in nobody" {
	inside 1 'AuthorizedKeysFile /srv/list' <<-'END'
		mount -t tmpfs -o mode=755 tmpfs /srv
		while IFS= read -r options <&3; do
			printf '%s %s\n' "$options" "$(cat one.pub)" >/srv/list
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
			permitopen="localhost:http"
			permitopen=":80"
			permitopen="[fe80::1%eth0]:80"
			permitopen="localhost:0"
			permitopen="::1:80"
			permitopen="localhost:no-such-service"
			permitlisten="8080"
			permitlisten="none"
			tunnel="any"
			tunnel="2147483645"
			tunnel="2147483646"
			tunnel="none"
			expiry-time="29990101utc"
			expiry-time="29990101Z"
			expiry-time="20200101"
			expiry-time="20200101",expiry-time="29990101"
			expiry-time="2999-01-01"
			cert-authority
			principals="x"
			no-pty,environment="A=b"
			environment="A-B=c"
		LIST
	END
}
