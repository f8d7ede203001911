# For tests as root with accounts of their own: load test, then load accounts; the functions after inside are for its
# scripts.

# setup_accounts: call it in setup.
setup_accounts() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	need unshare ssh-keygen getent
	unshare -m true 2>/dev/null || skip 'may not have a namespace of its own'
	private_home
	reachable "$HOME"
	export top
}

# inside N [CONFIG-LINE ...] <SCRIPT: bash runs SCRIPT, with some functions of test, on a system with accounts u1 to uN.
# Their homes are in /srv, an empty file system with the directory keys. If there are lines, an sshd runs. $u1 to $u9
# are /srv/u1/.ssh/authorized_keys and so on.
inside() {
	{
		declare -f new_key sh_script lacks print
		printf '%s\n' 'set -eu' '. "$top/t/lib/accounts.bash"' "trap 'head -n 50 out err' ERR" 'start_sshd "$@"'
		cat
	} >script
	run -0 unshare -m sh -c 'mount -t tmpfs -o mode=755 tmpfs /srv && mkdir /srv/keys && exec "$@"' sh \
		"$top/t/fixture/accounts" /srv "$1" bash ./script "${@:2}"
}

# start_sshd [CONFIG-LINE ...]: an sshd that runs until the script ends.
start_sshd() {
	export TMPDIR=$HOME/tmp SSHD_OWNER=$$
	mkdir -p "$TMPDIR"
	for i in {1..9}; do
		declare -g "u$i=/srv/u$i/.ssh/authorized_keys"
	done
	[ $# -gt 0 ] || return 0
	"$top/t/fixture/sshd" start "$HOME/sshd" "$@"
	PATH=$HOME/sshd:$PATH
	trap '"$top/t/fixture/sshd" stop "$HOME/sshd"' EXIT
}

# only_ours: the accounts are root with another home, nobody for sshd, and u1 to uN: others may have keys, too.
only_ours() {
	sed -n -i 's,:/root:,:/srv/root:,; /^root:/p; /^nobody:/p; /^u[0-9]/p' /etc/passwd
}

# logs_in NAME KEY [SSH-OPTION ...]: a real login succeeds, even if the account's shell then fails. If sshd does not
# answer, the script ends.
logs_in() {
	ssh -v -F "$HOME/sshd/ssh_config" "${@:3}" -i "$2" -l "$1" test true >login 2>&1 || :
	grep -q '^Authenticated to' login || {
		grep -q ': Permission denied (' login || exit 99
		return 1
	}
}

kept_out() {
	if logs_in "$@"; then return 1; fi
}

authorize() {
	xferkey -q authorize "$@"
}

revoke() {
	xferkey -q revoke "$@"
}

# ends STATUS COMMAND ...
ends() {
	local got=0
	"${@:2}" || got=$?
	[ "$got" = "$1" ]
}

# fails PATTERN COMMAND ...: COMMAND ends with status 2 and one line on standard error that matches; it is in err, the
# rest in out.
fails() {
	ends 2 "${@:2}" >out 2>err
	[ "$(wc -l <err)" = 1 ]
	grep -e "$1" err
}

# refused PATTERN ARGUMENT ...: authorize fails with this one line.
refused() {
	fails "$1" authorize "${@:2}"
	[ ! -s out ]
}

# batch USER KEY PATTERN: authorize -b ends with status 2, and its line for USER begins with PATTERN.
batch() {
	ends 2 authorize -b <<<"$1:$(cat "$2.pub")" >out
	grep "^$1	$3" out
}

# undo: runs the undo lines in out.
undo() {
	sh -ec "$(sed -n 's/^undo: //p' out)"
}

# columns LIST: those columns of the file rows, separated by blanks; "|" ends each row.
columns() {
	cut -f "$1" rows | tr '\t\n' ' |'
}

# as USER COMMAND ...
as() {
	setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"
}

# own USER FILE [NAME]: copies FILE to the account's .ssh/authorized_keys, or another NAME there.
own() {
	install -d -o "$1" -m 700 "/srv/$1/.ssh"
	install -o "$1" -m 600 "$2" "/srv/$1/.ssh/${3-authorized_keys}"
}

# hold USER SECONDS: holds the lock that authkeys needs for the account's list.
hold() {
	rm -f held
	as "$1" flock "/srv/$1/.ssh/.authorized_keys.xferkey" sh -c 'echo; exec sleep "$0"' "$2" >held 2>&1 3>&- &
	until [ -s held ]; do sleep 0.1; done
}

# own_dev: /dev is a directory of the script's own, where it can put a log socket; the machine's is /srv/dev.
own_dev() {
	mkdir /srv/dev
	mount --rbind /dev /srv/dev
	mount -t tmpfs -o mode=755 tmpfs /dev
	for name in null zero full random urandom tty ptmx pts fd stdin stdout stderr; do
		ln -s "/srv/dev/$name" /dev
	done
	mkdir -m 1777 /dev/shm
}

# own_syslog FILE: sshd and logger(1) write to this file, as syslog does; sshd is started anew.
own_syslog() {
	own_dev
	python3 - "$1" 3>&- <<-'PYTHON' &
		import re, socket, sys
		log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		log.bind("/dev/log")
		with open(sys.argv[1], "a", buffering=1) as out:
		    while True:
		        line = log.recv(8192).decode(errors="replace").rstrip("\n\0").replace("\n", "#012")
		        out.write(re.sub(r"^<\d+>(.{15}) ", r"\1 host ", line) + "\n")
	PYTHON
	"$top/t/fixture/sshd" watch "$$" "$!" 3>&- &
	for _ in {1..100}; do
		[ ! -S /dev/log ] || break
		sleep 0.1
	done
	"$top/t/fixture/sshd" stop "$HOME/sshd"
	"$HOME/sshd/sshd" 3>&-
	for _ in {1..100}; do
		[ ! -s "$HOME/sshd/pid" ] || break
		sleep 0.1
	done
	"$top/t/fixture/sshd" watch "$$" "$(cat "$HOME/sshd/pid")" 3>&- &
}
