# For the tests of the porcelain: load ../lib/test, then ../lib/porcelain.

# terminal [PATTERN ANSWER]... -- COMMAND ...: runs the command on a pseudo-terminal and types each
# answer and Return when it has printed the pattern. Sets $status and $output.
terminal() {
	local steps=
	need python3
	while [ "$1" != -- ]; do
		steps+="wait $1"$'\n'"say $2"$'\n'
		shift 2
	done
	shift
	run python3 "$top/t/fixture/pty" "$@" < <(printf %s "$steps")
}

# start_sshd [LINE ...]: a real sshd that lets this user in with the keys of this HOME, and the
# commands that use it; the caller runs stop_sshd.
start_sshd() {
	sshd=$BATS_TEST_TMPDIR/sshd
	"$top/t/fixture/sshd" start "$sshd" \
		"AuthorizedKeysFile $HOME/.ssh/authorized_keys" 'StrictModes no' "$@"
	port=$(cat "$sshd/port")
	export XFERKEY_SSH_CONFIG=$sshd/ssh_config
}

stop_sshd() {
	[ ! -d "$BATS_TEST_TMPDIR/sshd" ] || "$top/t/fixture/sshd" stop "$BATS_TEST_TMPDIR/sshd"
}

# stand_in: an ascp in PATH that records what it is given; arguments_are WORD ...: exactly these, where LOG stands for the
# directory of a log that xferkey adds, which is gone afterwards.
stand_in() {
	export STAND_IN=$BATS_TEST_TMPDIR/stand-in
	mkdir -p "$STAND_IN"
	cp "$top/t/fixture/stand-in-ascp" "$STAND_IN/ascp"
	PATH=$PATH:$STAND_IN
}

arguments_are() {
	local word log
	log=$(tr '\0' '\n' <"$STAND_IN/arguments" | sed -n 2p)
	for word; do
		if [ "$word" = LOG ]; then
			[[ $log = */xferkey.*/ascp ]]
			[ ! -e "$log" ]
			word=$log
		fi
		printf '%s\0' "$word"
	done >"$BATS_TEST_TMPDIR/want"
	cmp "$BATS_TEST_TMPDIR/want" "$STAND_IN/arguments"
}

# lacks FILE TEXT: the file does not hold the text.
lacks() {
	if grep -qF -- "$2" "$1"; then
		echo "$1 holds: $2" >&2
		return 1
	fi
}

# stage_sites: from now on xferkey is that of a copy of the tree, stage, without profiles in stage/share/xferkey/sites, and
# with stage/etc in the place of /etc/xferkey/sites.
stage_sites() {
	local prefix
	prefix=$(xferkey --exec-path)/../..
	mkdir stage stage/etc
	cp -R "$prefix/bin" "$prefix/libexec" "$prefix/share" stage/
	rm stage/share/xferkey/sites/*
	grep -rlIZ /etc/xferkey/sites stage/libexec | xargs -0 sed -i "s,/etc/xferkey/sites,$PWD/stage/etc,g"
	PATH=$PWD/stage/bin:$PATH
}

# as_account: where this is root, xferkey is run from now on by an account that is not: daemon, which has a home, and to
# which what is in HOME is given each time. As root, authorize and revoke must be told whose keys these are. Sets $me.
as_account() {
	local folder
	me=$(id -un)
	[ "$(id -u)" -eq 0 ] || return 0
	need setpriv
	for folder in "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR"; do
		[ ! -d "$folder" ] || chmod a+x "$folder"
	done
	me=daemon
	mkdir -p "$BATS_TEST_TMPDIR/as"
	printf '%s\n' '#!/bin/sh' "find '$BATS_TEST_TMPDIR/home' ! -user daemon -exec chown -h daemon {} +" \
		"exec setpriv --reuid daemon --regid daemon --clear-groups '$(command -v xferkey)' \"\$@\"" \
		>"$BATS_TEST_TMPDIR/as/xferkey"
	chmod 755 "$BATS_TEST_TMPDIR/as" "$BATS_TEST_TMPDIR/as/xferkey"
	PATH=$BATS_TEST_TMPDIR/as:$PATH
}

# with_account COMMAND ...: only this, and then HOME is one's own again.
with_account() {
	local got=0
	(as_account && "$@") || got=$?
	[ "$(id -u)" -ne 0 ] || chown -R 0 "$BATS_TEST_TMPDIR/home"
	return "$got"
}
