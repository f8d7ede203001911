#!/usr/bin/env bats
# authlog reads the log of a real sshd in a real journal, as root: logins, hostile names, forged lines.

load ../lib/test
load ../lib/accounts

journald=/usr/lib/systemd/systemd-journald

setup() {
	setup_accounts
	need journalctl logger python3 setpriv
	[ -x "$journald" ] || skip 'no systemd-journald'
	python3 -c 'import ctypes; ctypes.CDLL("libssh2.so.1")' || skip 'no libssh2'
	[ -s /etc/machine-id ] || skip 'a journal needs /etc/machine-id'
	new_key ed25519 -C one -f one
	new_key rsa -b 2048 -m PEM -C two -f two
	new_key ed25519 -C authority -f authority
	new_key ed25519 -C three -f three
	declare -f equal as_sshd_logs peers soon forged journal >functions
	export journald
}

# as_sshd_logs LEVEL: a journal that begins now, in a /run and a /dev of its own, for an sshd with this LogLevel.
as_sshd_logs() {
	"$top/t/fixture/sshd" stop "$HOME/sshd"
	if [ ! -d /srv/dev ]; then
		own_dev
		mount -t tmpfs -o mode=755 tmpfs /run
		mkdir -p /run/systemd/journal /run/log/journal /run/sshd
		ln -s /run/systemd/journal/dev-log /dev/log
		"$journald" 3>&- &
		"$top/t/fixture/sshd" watch "$$" "$!" 3>&- &
		soon test -S /run/systemd/journal/dev-log
	fi
	sed -i "s/^LogLevel .*/LogLevel $1/" "$HOME/sshd/sshd_config"
	"$HOME/sshd/sshd" 3>&-
	soon test -s "$HOME/sshd/pid"
	"$top/t/fixture/sshd" watch "$$" "$(cat "$HOME/sshd/pid")" 3>&- &
}

# peers TEXT NAME ...: for each a login with one is tried by libssh2, which sends any name; u1 alone is let in. They say
# TEXT when they disconnect.
peers() {
	python3 - "$(cat "$HOME/sshd/port")" "$@" <<-'PYTHON'
		import ctypes, os, socket, sys
		ssh = ctypes.CDLL("libssh2.so.1")
		ssh.libssh2_session_init_ex.restype = ctypes.c_void_p
		ssh.libssh2_init(0)
		text, *names = map(os.fsencode, sys.argv[2:])
		for name in names:
		    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as peer:
		        session = ctypes.c_void_p(ssh.libssh2_session_init_ex(None, None, None, None))
		        assert ssh.libssh2_session_handshake(session, peer.fileno()) == 0
		        login = ssh.libssh2_userauth_publickey_fromfile_ex(session, name, len(name), b"one.pub", b"one", b"")
		        assert (login == 0) == (name == b"u1"), name
		        if login != 0:
		            assert ssh.libssh2_userauth_password_ex(session, name, len(name), name, len(name), None) != 0
		        ssh.libssh2_session_disconnect_ex(session, 11, text, b"")
		        peer.settimeout(30)     # libssh2 made it non-blocking
		        peer.shutdown(socket.SHUT_WR)
		        while peer.recv(65536): pass
		        ssh.libssh2_session_free(session)
	PYTHON
}

# soon COMMAND ...: repeats COMMAND until it succeeds, for 10 s.
soon() {
	for _ in {1..100}; do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

# forged COUNT: the journal has so many lines that u1 has forged.
forged() {
	[ "$(journal | grep -cF ']: Accepted publickey for root from 192')" -eq "$1" ]
}

# journal [ARG ...]: what sshd and xferkey have logged, and others under their names.
# shellcheck disable=SC2120 # the script for inside calls it with arguments
journal() {
	journalctl --sync 2>/dev/null || :
	journalctl -D /run/log/journal -q --no-pager -t sshd -t sshd-session -t xferkey "$@"
}

@test "no name, certificate or message of a peer forges a row, at INFO and VERBOSE" {
	inside 2 "AuthorizedKeysFile /srv/keys/%u" 'LogLevel INFO' 'PasswordAuthentication yes' <<-'END'
		. ./functions
		line="$(id -un) from 192.0.2.1 port 22 ssh2: ED25519 $(print three.pub)"
		accepted="Accepted publickey for $line"
		short="Accepted publickey for x from 1 port 2 ssh2: A $(print three.pub)"
		[ "${#short}" -lt 100 ]
		names=("$accepted" "x"$'\n'"$accepted" "x"$'\r\n'"Nov 30 19:53:13 vm sshd[1]: $accepted" "u1 from 192.0.2.1 port 22"
			"u1 from 192.0.2.1 port 22 ssh2: ED25519 $(print three.pub)" "$line" " $accepted" "u1"$'\n' "u1 " 'u1\'
			'\012' '\\' "sshd[1]: $accepted" $'\e[2J' $'\377\376' "u1 from x" ": $accepted" "]: $accepted" "'$accepted'"
			$'\b\b\b\b\b\b'"$accepted" "$(printf '%0200d' 0)" "u1"$'\t' "<38>1 2026-11-30T19:53:13Z vm sshd 1 - - $accepted"
			"for u1" "u1 ssh2: RSA" "2026-11-30T19:53:13Z vm sshd[1]: $accepted" "invalid user $line")
		[ "${#names[@]}" -ge 20 ]
		zone=/usr/share/zoneinfo/Europe/Berlin
		[ ! -e "$zone" ] || ln -sf "$zone" /etc/localtime
		cp one.pub /srv/keys/u1
		{ cat two.pub; echo "cert-authority $(cat authority.pub)"; } >/srv/keys/u2
		# accounts whose names sshd escapes, or that look like a part of its message
		for name in 'dom\jane' 'a from b' $'\303\251'; do
			sed -n "s;^u1:\(.*\);${name//\\/\\\\}:\1;p" /etc/passwd >>/etc/passwd.more
			cp one.pub "/srv/keys/$name"
		done
		cat /etc/passwd.more >>/etc/passwd
		sed -n 's;^u1:;nobody-else:;p' /etc/shadow >>/etc/shadow
		for name in 'dom\jane' 'a from b' $'\303\251'; do
			sed -n "s;^u1:;${name//\\/\\\\}:;p" /etc/shadow >>/etc/shadow.more
		done
		cat /etc/shadow.more >>/etc/shadow
		# the ID of a certificate: u2 has an authority of its own, and signs any text
		ssh-keygen -q -s authority -I "x $accepted from 192.0.2.1 port 1 ssh2: ED25519 $(print three.pub)" -n u2 three.pub
		n=0
		for level in INFO VERBOSE; do
			as_sshd_logs "$level"
			n=$((n + 1))
			logs_in u1 one
			logs_in u2 two
			logs_in u2 three
			for name in 'dom\jane' 'a from b' $'\303\251'; do
				printf 'User "%s"\n' "${name//\\/\\\\}" | cat - "$HOME/sshd/ssh_config" >"$HOME/sshd/as"
				ssh -v -F "$HOME/sshd/as" -i one test true 2>&1 | grep '^Authenticated to'
			done
			peers "$accepted" u1 "$short" "${names[@]}"
			xferkey -q authorize -u u2 one.pub
			xferkey -q revoke -u u2 one.pub
			# a user's program may have any name, and its log lines any tag
			cp "$(command -v logger)" /srv/sshd
			chmod 755 /srv/sshd
			as u1 /srv/sshd -i -t sshd "$accepted"
			soon forged "$n"
			[ "$(journal | grep -c "Received disconnect from [^ ]* port [0-9]*:11: $accepted\$")" -eq "$n" ]
			journal | grep -c "nvalid user" | grep -qx "[1-9][0-9]*"
			journal -o short-iso _UID=0 >journal
			xferkey authlog journal >rows
			cut -f 1-3,6-7 rows >got
			{
				printf 'log\t-\t-\t%s\t-\n' "$(grep -cE '^[^ ]* [^ ]* sshd(-session)?\[' journal)"
				printf '%s\t%s\t%s\t%s\t%s\n' \
					login 'a from b' "$(print one.pub)" $n 127.0.0.1 \
					login 'dom\jane' "$(print one.pub)" $n 127.0.0.1 \
					login u1 "$(print one.pub)" $((2 * n)) 127.0.0.1 \
					authorized u2 "$(print one.pub)" $n root \
					revoked u2 "$(print one.pub)" $n root \
					certificate u2 "$(print three.pub)" $n 127.0.0.1 \
					login u2 "$(print two.pub)" $n 127.0.0.1 \
					login $'\303\251' "$(print one.pub)" $n 127.0.0.1 |
					LC_ALL=C sort -t '	' -k 2,2 -k 3,3 -s
			} | diff - got
			[ "$(awk -F '\t' '$4 > $5 || length($4) != 20' rows | wc -l)" -eq 0 ]
			# the forms of the time stamp, in a time zone of its own
			for form in short short-iso short-iso-precise; do
				journal -o "$form" _UID=0 | TZ=Asia/Tokyo xferkey authlog | cmp - rows
			done
			# plain syslog has no proof of who wrote a line
			journal -o short-iso | xferkey authlog | cut -f 1-3,6-7 >all
			equal "$(diff <(sed 1d got) <(sed 1d all) | grep '^[<>]')" "> login	root	$(print three.pub)	$n	192.0.2.1"
		done
	END
}

# lines COUNT NAMES: prints so many logins, with so many keys and accounts, in random order; with 0 NAMES, each has an
# account of its own.
lines() {
	awk -v count="$1" -v names="$2" -v now="$(date +%s)" 'BEGIN {
		for (i = 0; i < count; i++) {
			if (i % 200 == 0)
				time = strftime("%b %e %H:%M:%S", now - 20000000 + 20 * i)
			n = names > 0 ? int(names * rand()) : i
			printf "%s host sshd[%d]: Accepted publickey for u%06d from 192.0.2.%d port 22 ssh2: RSA SHA256:%043d\n",
				time, i, n, n % 250, (n % 10000) * 7919
		}
	}'
}

@test "a million lines of ten thousand accounts are read in seconds, in little memory" {
	need prlimit
	authlog=$(xferkey --exec-path)/xferkey-authlog
	lines 1000000 10000 >log
	prlimit --cpu=5 --data=$((32 * 1024 * 1024)) "$authlog" log >rows
	equal "$(awk '{ n += $6 } END { print NR, n, $2 }' rows)" '10001 2000000 u009999'
	lines 300000 0 >log
	prlimit --cpu=5 "$authlog" log >rows
	equal "$(wc -l <rows)" 300001
}
