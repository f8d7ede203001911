#!/usr/bin/env bats
# xferkey authorize -u: another account, as root; makes one and removes it again.

load ../lib/test

setup() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	private_home
	user=xferkey$$
	useradd --create-home --home-dir "$BATS_TEST_TMPDIR/$user" --shell /bin/false "$user"
	# the account's way to its home, and to the commands
	for folder in "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR"; do
		[ ! -d "$folder" ] || chmod a+x "$folder"
	done
	setpriv --reuid "$user" --regid "$user" --init-groups test -x "$(command -v xferkey)" ||
		skip 'other accounts cannot reach this tree'
	home=$BATS_TEST_TMPDIR/$user
	list=$home/.ssh/authorized_keys
	ssh-keygen -q -t ed25519 -N '' -f key
	chmod 600 key.pub
}

teardown() {
	[ -z "${user-}" ] || userdel --remove "$user" 2>/dev/null || :
}

@test "root installs a key for an account without a shell; everything there belongs to it" {
	run -0 xferkey authorize -u "$user" key.pub
	equal "$(stat -c '%a %U' "$home/.ssh" "$list")" "700 $user
600 $user"
	equal "$(cat "$list")" "$(cat key.pub)"
	[[ $output = *"is installed for $user"* ]]
	undo=$(sed -n 's/^undo: //p' <<<"$output")
	[[ $undo = "xferkey authkeys -f $list -u $user -d SHA256:"* ]]
	sh -c "$undo"
	[ ! -s "$list" ]
	equal "$(stat -c %U "$list")" "$user"
	xferkey -q authorize -u "$user" <key.pub
	equal "$(cat "$list")" "$(cat key.pub)"
}

@test "root's environment and rights do not get there" {
	ln -s /etc/passwd "$home/.ssh"
	run -2 xferkey authorize -u "$user" key.pub
	rm "$home/.ssh"
	mkdir "$BATS_TEST_TMPDIR/roots"
	ln -s "$BATS_TEST_TMPDIR/roots" "$home/.ssh"
	chown -h "$user" "$home/.ssh"
	run -2 xferkey authorize -u "$user" key.pub
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/roots")" ]
	run xferkey -n authorize -u "$user" key.pub
	[[ $output = *"| xferkey authkeys -f $list -u $user"* ]]
}

@test "the account itself may name itself, and nobody else" {
	cp key.pub "$home/key.pub"
	chown "$user" "$home/key.pub"
	cd "$home"
	run -0 setpriv --reuid "$user" --regid "$user" --init-groups env HOME=/nonexistent \
		"$(command -v xferkey)" -q authorize -u "$user" key.pub
	equal "$(cat "$list")" "$(cat key.pub)"
	run -2 setpriv --reuid "$user" --regid "$user" --init-groups \
		"$(command -v xferkey)" authorize -u root key.pub
	[[ $output = *'only root'* ]]
}
