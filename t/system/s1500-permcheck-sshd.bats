#!/usr/bin/env bats
# permcheck against the real sshd and ssh, with accounts made for it: a login succeeds exactly if permcheck refuses
# nothing, and the commands of -x repair.

load ../lib/test

setup_file() {
	[ "$(id -u)" -eq 0 ] || {
		echo 'needs root, to make accounts' >"$BATS_FILE_TMPDIR/skip"
		return
	}
	local name
	export base me=xk$$ third=xk$$t alias=xk$$a group=xk$$g twin=xk$$h
	# Not below /tmp: every directory above a home must pass sshd's checks.
	base=$(mktemp -d "/opt/xk$$.XXXXXX")
	chmod 755 "$base"
	for name in $me $third; do
		useradd -M -U -p '*' -s /bin/sh -d "$base/homes/$name" "$name"
	done
	groupadd "$group"
	groupadd -o -g "$(getent group "$group" | cut -d : -f 3)" "$twin"
	useradd -M -N -o -u "$(id -u "$me")" -g nogroup -p '*' -s /bin/sh -d "$base/homes/$me" "$alias"
	mkdir "$base/sshd"
	new_key ed25519 -C key -f "$base/sshd/key"
	"$top/t/fixture/sshd" start "$base/sshd" 'PermitRootLogin no'
	profile=upstream
	if grep -aqE 'OpenSSH_[^ ]* (Debian|Ubuntu)' "$("$top/t/fixture/sshd" path)"; then profile=debian; fi
	export profile
}

teardown_file() {
	[ -n "${base-}" ] || return 0
	"$top/t/fixture/sshd" stop "$base/sshd"
	userdel -f "$alias"
	userdel "$me"
	userdel "$third"
	groupdel "$twin"
	groupdel "$group"
	rm -rf "$base" "/var/tmp/$me"
}

setup() {
	private_home
	cd /
	home=$base/homes/$me
	keys=$home/.ssh/authorized_keys
	mine=$(cat "$base/sshd/key.pub")
	rsa=$(cut -d ' ' -f 1,2 "$base/sshd/host_rsa.pub") ed25519=$(cut -d ' ' -f 1,2 "$base/sshd/host_ed25519.pub")
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

logs_in() {
	ssh -F "$base/sshd/ssh_config" -i "$base/sshd/key" -l "$me" test true </dev/null 2>/dev/null
}

# verdict ARGUMENT...: sets verdict to permcheck's, or to "undecided".
verdict() {
	run xferkey permcheck -s "$@"
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

# rows: standard input has lines "WHO|COMMAND". COMMAND changes a clean home. WHO are the profiles of permcheck that
# must then accept it: both, debian, none; or unknown. sshd must agree. Then the account runs the commands of -x: either
# permcheck and sshd accept the home, or -x has said that it cannot help.
rows() {
	local who command
	while IFS='|' read -r who command <&9; do
		row
	done 9<&0
}

row() {
	local upstream debian login=refuse repair
	clean_home
	local me=${account:-$me}
	eval "$command"
	verdict -p upstream "$me"
	upstream=$verdict
	verdict -p debian "$me"
	debian=$verdict
	if logs_in; then login=accept; fi
	echo "$command: upstream $upstream, debian $debian, sshd $login"
	case $upstream:$debian in
	accept:accept) [ "$who" = both ] ;;
	refuse:accept) [ "$who" = debian ] ;;
	refuse:refuse) [ "$who" = none ] ;;
	undecided:undecided) [ "$who" = unknown ] ;;
	*) false ;;
	esac
	[ "$login" = "${!profile/undecided/refuse}" ]
	[ "$upstream" = refuse ] || return 0
	repair=$(xferkey permcheck -x "$me") || [ "$?" -eq 1 ]
	as_me sh -c "$repair"
	verdict "$me"
	if [ "$verdict" = accept ]; then
		logs_in
	else
		grep '^# needs' <<<"$repair"
	fi
}

@test "permcheck and sshd agree: a clean home, and modes that the owner's private group may use" {
	rows <<-'END'
		both|:
		debian|chmod 664 $keys
		debian|chmod 775 $home/.ssh
		debian|chmod 775 $home
		debian|chmod -R g+w $home
		debian|gpasswd -M $me $me; chmod 775 $home
		debian|chown root $keys; chmod 664 $keys
		none|gpasswd -M $me $me; chown root $keys; chmod 664 $keys
	END
}

@test "permcheck and sshd agree: a group with another member may write" {
	for object in "$home" "$home/.ssh" "$keys"; do
		rows <<-'END'
			none|gpasswd -M $third $me; chmod g+w $object
			none|gpasswd -M $me,$third $me; chmod g+w $object
			none|usermod -g $me $third; chmod g+w $object
			none|chgrp $group $object; chmod g+w $object # no members
			none|gpasswd -M $third $group; chgrp $group $object; chmod g+w $object
			none|chgrp 64999 $object; chmod g+w $object # no such group
			none|chgrp 0 $object; chmod g+w $object
		END
	done
	rows <<<'debian|gpasswd -M $me $group; chgrp $group $home; chmod g+w $home'
}

@test "permcheck and sshd agree: of rows with one gid or one uid the first counts" {
	rows <<-'END'
		none|gpasswd -M $me $twin; chgrp $group $home; chmod g+w $home
		debian|gpasswd -M $me $group; gpasswd -M $third $twin; chgrp $group $home; chmod g+w $home
	END
	account=$alias
	rows <<-'END'
		none|gpasswd -M $alias $group; chgrp $group $home; chmod g+w $home
		debian|gpasswd -M ${alias%a} $group; chgrp $group $home; chmod g+w $home
	END
}

@test "permcheck and sshd agree: a key behind a link that cannot be followed" {
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
		! logs_in || false
	done
}

@test "permcheck and sshd agree: all may write" {
	rows <<-'END'
		none|chmod 1777 $home
		none|chmod 777 $home
		none|chmod 777 $home/.ssh
		none|chmod 666 $keys
		none|chmod -R 777 $home
		both|chmod 777 $base/homes
	END
}

@test "permcheck and sshd agree: owners" {
	rows <<-'END'
		none|chown $third $home
		none|chown $third $home/.ssh; chmod 755 $home/.ssh
		none|chown $third $keys; chmod 644 $keys
		both|chown root:root $home
		none|chown root:root $home/.ssh
		both|chown -R root:root $home; chmod 755 $home/.ssh; chmod 644 $keys
		both|chown root:root $keys; chmod 644 $keys
		none|chown root:root $keys
		both|chown $third $base/homes
	END
}

@test "permcheck and sshd agree: files that the account cannot read" {
	rows <<-'END'
		none|chmod 0 $keys
		none|chmod 0 $home/.ssh
		none|chmod 600 $home/.ssh
		none|chmod 600 $home
		none|chmod 022 $home/.ssh
		none|chmod 700 $base/homes
		both|gpasswd -M $me $group; chown root:$group $keys; chmod 640 $keys
		none|gpasswd -M $me $group; chown root:$group $keys; chmod 604 $keys
		both|chown root:root $keys; setfacl -m u:$me:r $keys
		none|chown root:root $keys; chmod 644 $keys; setfacl -m u:$me:- $keys
		none|chown root:root $home; setfacl -m u:$me:- $home
	END
}

@test "permcheck and sshd agree: ACLs that let others write" {
	rows <<-'END'
		debian|setfacl -m u:nobody:rw $keys
		debian|setfacl -m u:nobody:rwx $home/.ssh
		debian|setfacl -m u:nobody:rwx $home
		debian|setfacl -m g:$third:rwx $home
		none|chgrp $group $home; setfacl -m u:nobody:rwx $home
		both|setfacl -m u:nobody:rwx,m::rx $home
		both|setfacl -m u:nobody:rx $home
		both|setfacl -d -m u:nobody:rwx $home
	END
}

@test "permcheck and sshd agree: symbolic links" {
	rows <<-'END'
		none|mv $home/.ssh /var/tmp/$me; ln -s /var/tmp/$me $home/.ssh
		both|mv $home/.ssh $base/data; ln -s $base/data $home/.ssh
		both|mv $home $base/data; ln -s $base/data $home
		none|mv $home $base/data; chmod 777 $base/data; ln -s $base/data $home
		none|install -d -o $me /var/tmp/$me; mv $keys /var/tmp/$me/k; ln -s /var/tmp/$me/k $keys
		none|install -d -o $me $base/data; mv $keys $base/data/k; chmod 666 $base/data/k; ln -s $base/data/k $keys
		unknown|ln -sf authorized_keys $keys
		none|install -d -m 700 $base/data; mv $home/.ssh $base/data; ln -s $base/data/.ssh $home/.ssh
	END
}

@test "permcheck and sshd agree: a list that is not a regular file" {
	rows <<-'END'
		none|rm $keys; install -d -o $me $keys
		none|rm $keys; mkfifo $keys; chown $me $keys
		none|rm -r $home/.ssh; install -o $me /dev/null $home/.ssh
		none|ln -sf /dev/null $keys
	END
}

@test "permcheck and sshd agree: text that hides a key" {
	rows <<-'END'
		both|sed -i "s/\$/\r/" $keys
		both|truncate -s -1 $keys
		both|printf "%s\0more\n" "$mine" >$keys
		both|{ head -c 20000000 /dev/zero | tr "\0" x; echo; echo "$mine"; } >$keys
		both|printf "environment=\"A= \\\\\" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\" %s\n" "$mine" >$keys
		both|printf "\357\273\277#\n%s\n" "$mine" >$keys
		none|printf "\357\273\277%s\n" "$mine" >$keys
		none|iconv -t UTF-16 $base/sshd/key.pub >$keys
		none|iconv -t UTF-16LE $base/sshd/key.pub >$keys
		both|printf "%s old%s\n" "$mine" "$rsa" >$keys # another key in the comment
		both|printf "no-pty,environment=\"A=B AAAA\" %s %s\n" "$mine" "$rsa" >$keys
		none|printf "%s\r%s\r" "${mine% *}" "$ed25519" >$keys
		none|printf "%s%s\n" "$rsa" "$mine" >$keys # joined to a line without a comment
	END
}

@test "permcheck notes a key in the comment of another, and sshd refuses it" {
	for joined in ' ' ' comment' $'\t'; do
		clean_home
		printf '%s%s%s\n' "$ed25519" "$joined" "$mine" >"$keys"
		verdict "$me"
		[ "$verdict" = accept ]
		[[ $output == $'note\t'"$keys"$'\tjoined\tline 1: a second key is in the comment of the first,'* ]]
		! logs_in || false
		ssh-keygen -lf "$keys" | grep -q ED25519
	done
}

# of_root MODE FILE
of_root() {
	chown root "$2"
	chmod "$1" "$2"
}

@test "permcheck and ssh agree about private keys" {
	local key=$home/.ssh/id_ed25519 change does repair
	local by_ssh=(as_me ssh -F "$base/sshd/ssh_config" -i "$key" -l "$me" test true)
	chmod 755 "$base/sshd"
	for change in 'chmod '{600,400,640,604,644,700,610,0} "setfacl -m "{u:nobody:r,g:"$third":r,u:nobody:r\,m::-} \
		'of_root '{644,666,600}; do
		clean_home
		install -m 600 -o "$me" -g "$me" "$base/sshd/key" "$key"
		$change "$key"
		does=1
		! "${by_ssh[@]}" || does=0
		echo "$change: ssh $does"
		run "-$does" as_me xferkey permcheck -c "$key"
		run "-$does" xferkey permcheck -c "$me"
		[ "$does" -eq 1 ] || continue
		repair=$(xferkey permcheck -x -c "$me") || [ "$?" -eq 1 ]
		as_me sh -c "$repair"
		run xferkey permcheck -c "$me"
		if [ "$status" -eq 0 ]; then "${by_ssh[@]}"; else grep '^# needs' <<<"$repair"; fi
	done
}

@test "permcheck and ssh agree about ssh's configuration" {
	local config=$home/.ssh/config change does
	for change in : 'chmod '{664,666,620,0} "chown $third" 'chown root' "chgrp $group" 'setfacl -m u:nobody:rw'; do
		clean_home
		install -m 644 -o "$me" -g "$me" /dev/null "$config"
		$change "$config"
		[[ $change != chgrp* ]] || chmod g+w "$config"
		does=1
		! as_me ssh -G test >/dev/null 2>&1 || does=0
		echo "$change: ssh $does"
		run "-$does" as_me xferkey permcheck -c -p "$profile" "$me"
	done
}
