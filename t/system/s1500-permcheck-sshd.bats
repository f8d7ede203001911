#!/usr/bin/env bats
# permcheck against the real sshd and ssh, with accounts made for it: a login
# succeeds exactly when permcheck refuses nothing, and -x repairs.

load ../lib/permcheck

setup_file() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to make accounts'
	local name
	export base me=xk$$ third=xk$$t alias=xk$$a group=xk$$g twin=xk$$h
	# Every folder above a home must be clean, so not below /tmp.
	base=$(mktemp -d "/opt/xk$$.XXXXXX")
	chmod 755 "$base"
	for name in $me $third; do
		useradd -M -U -p '*' -s /bin/sh -d "$base/homes/$name" "$name"
	done
	groupadd "$group"
	# Rows that come second: sshd sees the first of a gid, and the first of a uid.
	groupadd -o -g "$(getent group "$group" | cut -d : -f 3)" "$twin"
	useradd -M -N -o -u "$(id -u "$me")" -g nogroup -p '*' -s /bin/sh -d "$base/homes/$me" "$alias"
	start_sshd "$base/sshd" 'PermitRootLogin no'
	# Debian's sshd and those made from it, by the banner they give.
	profile=upstream
	if grep -aqE 'OpenSSH_[^ ]* (Debian|Ubuntu)' "$("$root/t/fixture/sshd" path)"; then profile=debian; fi
	export profile
}

teardown_file() {
	[ -n "${base-}" ] || return 0
	"$root/t/fixture/sshd" stop "$base/sshd"
	userdel -f "$alias"
	userdel "$me"
	userdel "$third"
	groupdel "$twin"
	groupdel "$group"
	rm -rf "$base" "/var/tmp/$me"
}

setup() {
	home=$base/homes/$me
	keys=$home/.ssh/authorized_keys
}

as_me() {
	setpriv --reuid "$me" --regid "$(id -g "$me")" --init-groups env -i HOME="$home" PATH="$PATH" "$@"
}

clean_home() {
	rm -rf "$base/homes" "$base/data" "/var/tmp/$me"
	gpasswd -M '' "$me" >/dev/null
	gpasswd -M '' "$group" >/dev/null
	gpasswd -M '' "$twin" >/dev/null
	usermod -g "$third" "$third" 2>/dev/null
	install -d -m 755 "$base/homes"
	install -d -m 755 -o "$me" -g "$me" "$home"
	install -d -m 700 -o "$me" -g "$me" "$home/.ssh"
	install -m 600 -o "$me" -g "$me" "$base/sshd/key.pub" "$keys"
}


# verdict ARGUMENT...: what permcheck says, or "undecided".
verdict() {
	run "${permcheck[@]}" -s "$@"
	case $status in
	0)
		verdict=accept
		! grep '^refuse' <<<"$output" || false
		;;
	1)
		verdict=refuse
		grep -q '^refuse' <<<"$output"
		;;
	*) verdict=undecided ;;
	esac
}

# row UPSTREAM DEBIAN NAME COMMAND: what permcheck must say of a home that the
# command has changed, and sshd too. Then what -x prints is run by the account:
# either all is well and sshd agrees, or -x has said that it cannot help.
row() {
	local upstream debian login=refuse repair
	clean_home
	local me=${account:-$me}
	eval "$4"
	verdict "$me"
	upstream=$verdict
	verdict -p debian "$me"
	debian=$verdict
	if logs_in "$base/sshd" "$me"; then login=accept; fi
	echo "$3: upstream $upstream, debian $debian, sshd $login"
	[ "$upstream $debian" = "$1 $2" ]
	[ "$login" = "${!profile/undecided/refuse}" ]
	[ "$upstream" = refuse ] || return 0
	repair=$("${permcheck[@]}" -x "$me") || [ "$?" -eq 1 ]
	echo "$repair"
	as_me sh -c "$repair"
	verdict "$me"
	if [ "$verdict" = accept ]; then
		logs_in "$base/sshd" "$me"
		echo "# -x repairs: $3" >&3
	else
		grep '^# needs' <<<"$repair"
	fi
}

@test "clean, and what the owner's private group may write" {
	row accept accept 'clean' :
	row refuse accept 'authorized_keys 0664, private group' 'chmod 664 "$keys"'
	row refuse accept '.ssh 0775, private group' 'chmod 775 "$home/.ssh"'
	row refuse accept 'home 0775, private group' 'chmod 775 "$home"'
	row refuse accept 'all three, private group' 'chmod -R g+w "$home"'
	row refuse accept 'home 0775, the group lists its owner' \
		'gpasswd -M "$me" "$me"; chmod 775 "$home"'
	row refuse accept 'authorized_keys of root 0664, private group' \
		'chown root "$keys"; chmod 664 "$keys"'
	row refuse refuse 'the same, the group lists its owner' \
		'gpasswd -M "$me" "$me"; chown root "$keys"; chmod 664 "$keys"'
}

@test "group-writable for somebody else too" {
	for object in "$home" "$home/.ssh" "$keys"; do
		what=${object##*/}
		row refuse refuse "${what/$me/home}: a second member" \
			'gpasswd -M "$third" "$me"; chmod g+w "$object"'
		row refuse refuse "${what/$me/home}: an owner and a second member" \
			'gpasswd -M "$me,$third" "$me"; chmod g+w "$object"'
		row refuse refuse "${what/$me/home}: the own group of another" \
			'usermod -g "$me" "$third"; chmod g+w "$object"'
		row refuse refuse "${what/$me/home}: a group without members" \
			'chgrp "$group" "$object"; chmod g+w "$object"'
		row refuse refuse "${what/$me/home}: a group that only lists the owner" \
			'gpasswd -M "$third" "$group"; chgrp "$group" "$object"; chmod g+w "$object"'
		row refuse refuse "${what/$me/home}: a group that does not exist" \
			'chgrp 64999 "$object"; chmod g+w "$object"'
		row refuse refuse "${what/$me/home}: root's group" \
			'chgrp 0 "$object"; chmod g+w "$object"'
	done
	row refuse accept 'home: a group that lists only the owner' \
		'gpasswd -M "$me" "$group"; chgrp "$group" "$home"; chmod g+w "$home"'
}

@test "rows of one gid or one uid: sshd sees the first" {
	row refuse refuse 'home: a group without members, whose second row lists the owner' \
		'gpasswd -M "$me" "$twin"; chgrp "$group" "$home"; chmod g+w "$home"'
	row refuse accept 'home: a group that lists the owner, whose second row lists another' \
		'gpasswd -M "$me" "$group"; gpasswd -M "$third" "$twin"; chgrp "$group" "$home"; chmod g+w "$home"'
	account=$alias
	row refuse refuse 'home of an alias: a group that lists only the alias' \
		'gpasswd -M "$alias" "$group"; chgrp "$group" "$home"; chmod g+w "$home"'
	row refuse accept 'home of an alias: a group that lists only the first of the uid' \
		'gpasswd -M "${alias%a}" "$group"; chgrp "$group" "$home"; chmod g+w "$home"'
	account=
}

@test "a key behind a link that cannot be followed" {
	for text in "ln -s '$base/data/k'" "ln -s /etc/passwd/none"; do
		clean_home
		install -d -m 700 "$base/data"
		install -m 644 "$keys" "$base/data/k"
		rm "$keys"
		cp "$base/sshd/host_rsa.pub" "$keys"
		chown "$me" "$keys"
		eval "$text" '"$home/.ssh/authorized_keys2"'
		verdict "$me"
		echo "$text: $verdict: $output"
		[ "$verdict" = refuse ]
		! logs_in "$base/sshd" "$me" || false
	done
}

@test "world-writable" {
	row refuse refuse 'home 1777' 'chmod 1777 "$home"'
	row refuse refuse 'home 0777' 'chmod 777 "$home"'
	row refuse refuse '.ssh 0777' 'chmod 777 "$home/.ssh"'
	row refuse refuse 'authorized_keys 0666' 'chmod 666 "$keys"'
	row refuse refuse 'everything 0777' 'chmod -R 777 "$home"'
	row accept accept 'the folder above the home 0777' 'chmod 777 "$base/homes"'
}

@test "owners" {
	row refuse refuse 'home of a third account' 'chown "$third" "$home"'
	row refuse refuse '.ssh of a third account' \
		'chown "$third" "$home/.ssh"; chmod 755 "$home/.ssh"'
	row refuse refuse 'authorized_keys of a third account' 'chown "$third" "$keys"; chmod 644 "$keys"'
	row accept accept 'home of root' 'chown root:root "$home"'
	row refuse refuse '.ssh of root, 0700' 'chown root:root "$home/.ssh"'
	row accept accept 'all of root' \
		'chown -R root:root "$home"; chmod 755 "$home/.ssh"; chmod 644 "$keys"'
	row accept accept 'authorized_keys of root, 0644' 'chown root:root "$keys"; chmod 644 "$keys"'
	row refuse refuse 'authorized_keys of root, 0600' 'chown root:root "$keys"'
	row accept accept 'the folder above the home of a third account' \
		'chown "$third" "$base/homes"'
}

@test "what the account can read" {
	row refuse refuse 'authorized_keys 0000' 'chmod 0 "$keys"'
	row refuse refuse '.ssh 0000' 'chmod 0 "$home/.ssh"'
	row refuse refuse '.ssh 0600' 'chmod 600 "$home/.ssh"'
	row refuse refuse 'home 0600' 'chmod 600 "$home"'
	row refuse refuse '.ssh 0022' 'chmod 022 "$home/.ssh"'
	row refuse refuse 'the folder above the home cannot be entered' 'chmod 700 "$base/homes"'
	row accept accept 'authorized_keys readable through a second group' \
		'gpasswd -M "$me" "$group"; chown "root:$group" "$keys"; chmod 640 "$keys"'
	row refuse refuse 'authorized_keys barred to a second group' \
		'gpasswd -M "$me" "$group"; chown "root:$group" "$keys"; chmod 604 "$keys"'
	row accept accept 'authorized_keys readable through an ACL' \
		'chown root:root "$keys"; setfacl -m "u:$me:r" "$keys"'
	row refuse refuse 'authorized_keys barred by an ACL' \
		'chown root:root "$keys"; chmod 644 "$keys"; setfacl -m "u:$me:-" "$keys"'
	row refuse refuse 'home barred by an ACL' \
		'chown root:root "$home"; setfacl -m "u:$me:-" "$home"'
}

@test "ACLs that let others write" {
	row refuse accept 'authorized_keys, u:nobody:rw' 'setfacl -m u:nobody:rw "$keys"'
	row refuse accept '.ssh, u:nobody:rwx' 'setfacl -m u:nobody:rwx "$home/.ssh"'
	row refuse accept 'home, u:nobody:rwx' 'setfacl -m u:nobody:rwx "$home"'
	row refuse accept 'home, the group of another' 'setfacl -m "g:$third:rwx" "$home"'
	row refuse refuse 'home, u:nobody:rwx, a group without members' \
		'chgrp "$group" "$home"; setfacl -m u:nobody:rwx "$home"'
	row accept accept 'home, u:nobody:rwx under a mask r-x' 'setfacl -m u:nobody:rwx,m::rx "$home"'
	row accept accept 'home, u:nobody:rx' 'setfacl -m u:nobody:rx "$home"'
	row accept accept 'home, a default ACL' 'setfacl -d -m u:nobody:rwx "$home"'
}

@test "links" {
	row refuse refuse '.ssh a link into /var/tmp' \
		'mv "$home/.ssh" "/var/tmp/$me"; ln -s "/var/tmp/$me" "$home/.ssh"'
	row accept accept '.ssh a link into /opt' \
		'mv "$home/.ssh" "$base/data"; ln -s "$base/data" "$home/.ssh"'
	row accept accept 'home a link' 'mv "$home" "$base/data"; ln -s "$base/data" "$home"'
	row refuse refuse 'home a link to 0777' \
		'mv "$home" "$base/data"; chmod 777 "$base/data"; ln -s "$base/data" "$home"'
	row refuse refuse 'authorized_keys a link into /var/tmp' \
		'install -d -o "$me" "/var/tmp/$me"; mv "$keys" "/var/tmp/$me/k"; ln -s "/var/tmp/$me/k" "$keys"'
	row refuse refuse 'authorized_keys a link to 0666 of its own elsewhere' \
		'install -d -o "$me" "$base/data"; mv "$keys" "$base/data/k"; chmod 666 "$base/data/k"; ln -s "$base/data/k" "$keys"'
	row undecided undecided 'authorized_keys a loop' 'ln -sf authorized_keys "$keys"'
	row refuse refuse '.ssh a link to what cannot be entered' \
		'install -d -m 700 "$base/data"; mv "$home/.ssh" "$base/data"; ln -s "$base/data/.ssh" "$home/.ssh"'
}

@test "what is no file" {
	row refuse refuse 'authorized_keys a folder' 'rm "$keys"; install -d -o "$me" "$keys"'
	row refuse refuse 'authorized_keys a FIFO' 'rm "$keys"; mkfifo "$keys"; chown "$me" "$keys"'
	row refuse refuse '.ssh a file' 'rm -r "$home/.ssh"; install -o "$me" /dev/null "$home/.ssh"'
	row refuse refuse 'authorized_keys /dev/null' 'ln -sf /dev/null "$keys"'
}

@test "texts" {
	row accept accept 'CRLF' 'sed -i "s/\$/\r/" "$keys"'
	row accept accept 'no final newline' 'truncate -s -1 "$keys"'
	row accept accept 'NUL in the comment' 'printf "%s\0more\n" "$(cat "$keys")" >"$keys"'
	row accept accept 'a line of 20 MB before' \
		'{ head -c 20000000 /dev/zero | tr "\0" x; echo; cat "$base/sshd/key.pub"; } >"$keys"'
	row accept accept 'options with blanks and quotes' \
		'printf "environment=\"A= \\\\\" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\" %s\n" "$(cat "$keys")" >"$keys"'
	row accept accept 'a byte order mark before a comment line' \
		'printf "\357\273\277#\n%s\n" "$(cat "$base/sshd/key.pub")" >"$keys"'
	row refuse refuse 'a byte order mark' \
		'printf "\357\273\277%s\n" "$(cat "$base/sshd/key.pub")" >"$keys"'
	row refuse refuse 'UTF-16' 'iconv -t UTF-16 "$base/sshd/key.pub" >"$keys"'
	row refuse refuse 'UTF-16LE without a mark' 'iconv -t UTF-16LE "$base/sshd/key.pub" >"$keys"'
	row accept accept 'another key in the comment' \
		'printf "%s old%s\n" "$(cat "$base/sshd/key.pub")" "$(cat "$base/sshd/host_rsa.pub")" >"$keys"'
	row accept accept 'another key in the comment, after options' \
		'printf "no-pty,environment=\"A=B AAAA\" %s %s\n" "$(cat "$base/sshd/key.pub")" "$(cat "$base/sshd/host_rsa.pub")" >"$keys"'
	row refuse refuse 'lines that end in CR only' \
		'printf "%s\r%s\r" "$(cut -d" " -f1,2 "$base/sshd/key.pub")" "$(cat "$base/sshd/host_ed25519.pub")" >"$keys"'
	row refuse refuse 'appended to an unterminated line without a comment' \
		'printf "%s%s\n" "$(cut -d" " -f1,2 "$base/sshd/host_rsa.pub")" "$(cat "$base/sshd/key.pub")" >"$keys"'
}

# The second key is read by nobody, the first is: the file is not refused, and that is said.
@test "a key in the comment of another lets nobody in" {
	for joined in ' ' ' comment' $'\t'; do
		clean_home
		printf '%s%s%s\n' "$(cut -d ' ' -f 1,2 "$base/sshd/host_ed25519.pub")" "$joined" \
			"$(cat "$base/sshd/key.pub")" >"$keys"
		verdict "$me"
		[ "$verdict" = accept ]
		[[ $output == $'note\t'"$keys"$'\tjoined\tline 1: a second key is in the comment of the first,'* ]]
		! logs_in "$base/sshd" "$me" || false
		ssh-keygen -lf "$keys" | grep -q ED25519
	done
}

@test "private keys as ssh sees them" {
	local key=$base/homes/$me/.ssh/id_ed25519 mode ssh repair
	chmod 755 "$base/sshd"
	for mode in 0600 0400 0640 0604 0644 0700 0610 0000 u:nobody:r g:$third:r \
	    u:nobody:r,m::- root0644 root0666 root0600; do
		clean_home
		install -m 600 -o "$me" -g "$me" "$base/sshd/key" "$key"
		case $mode in
		*:*) setfacl -m "$mode" "$key" ;;
		root*)
			chown root "$key"
			chmod "${mode#root}" "$key"
			;;
		*) chmod "$mode" "$key" ;;
		esac
		ssh=1
		if as_me ssh -F "$base/sshd/ssh_config" -i "$key" -l "$me" test true; then ssh=0; fi
		run as_me "${permcheck[@]}" -c "$key"
		echo "$mode: ssh $ssh, permcheck $status: $output"
		[ "$status" -eq "$ssh" ]
		run "${permcheck[@]}" -c "$me"
		[ "$status" -eq "$ssh" ]
		[ "$ssh" -eq 1 ] || continue
		repair=$("${permcheck[@]}" -x -c "$me") || [ "$?" -eq 1 ]
		as_me sh -c "$repair"
		run "${permcheck[@]}" -c "$me"
		if [ "$status" -eq 0 ]; then
			as_me ssh -F "$base/sshd/ssh_config" -i "$key" -l "$me" test true
			echo "# -x repairs: private key $mode" >&3
		else
			grep '^# needs' <<<"$repair"
		fi
	done
}

@test "ssh's own configuration as ssh sees it" {
	local config=$base/homes/$me/.ssh/config change ssh
	for change in : 'chmod 664' 'chmod 666' "chown $third" 'chown root' "chgrp $group" \
	    'setfacl -m u:nobody:rw' "chmod 620" "chmod 0"; do
		clean_home
		install -m 644 -o "$me" -g "$me" /dev/null "$config"
		$change "$config"
		case $change in chgrp*) chmod g+w "$config" ;; esac
		ssh=1
		if as_me ssh -G test >/dev/null 2>&1; then ssh=0; fi
		run as_me "${permcheck[@]}" -c -p "$profile" "$me"
		echo "$change: ssh $ssh, permcheck $status: $output"
		[ "$status" -eq "$ssh" ]
	done
}
