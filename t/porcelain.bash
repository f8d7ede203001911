# For the tests of the porcelain: load test, then load porcelain.

# terminal [PATTERN ANSWER]... -- COMMAND ...: runs the command on a pseudo-terminal and types each
# answer and Return when it has printed the pattern. Sets $status and $output (without CR).
terminal() {
	need python3
	run python3 -c '
import errno, os, pty, re, select, sys
words = sys.argv[1:]
cut = words.index("--")
dialogue, command = words[:cut], words[cut + 1:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen, shown = b"", b""
while select.select([fd], [], [], 30)[0]:
    try:
        data = os.read(fd, 65536)
    except OSError as e:
        if e.errno != errno.EIO:
            raise
        break
    if not data:
        break
    seen += data
    shown += data
    while dialogue and re.search(dialogue[0].encode(), seen):
        os.write(fd, dialogue[1].encode() + b"\r")
        dialogue, seen = dialogue[2:], b""
else:
    os.kill(pid, 9)
    print("no end after 30 seconds")
sys.stdout.buffer.write(shown.replace(b"\r", b""))
status = os.waitpid(pid, 0)[1]
status = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
sys.stdout.flush()
if dialogue:
    print("never printed: " + dialogue[0])
    status = 99
sys.exit(status)' "$@"
}

# start_sshd [LINE ...]: a real sshd that lets this user in with the keys of this HOME, and the
# commands that use it; the caller runs stop_sshd.
start_sshd() {
	sshd=$BATS_TEST_TMPDIR/sshd
	"$BATS_TEST_DIRNAME/sshd" start "$sshd" \
		"AuthorizedKeysFile $HOME/.ssh/authorized_keys" 'StrictModes no' "$@"
	port=$(cat "$sshd/port")
	export XFERKEY_SSH_CONFIG=$sshd/ssh_config
}

stop_sshd() {
	[ ! -d "$BATS_TEST_TMPDIR/sshd" ] || "$BATS_TEST_DIRNAME/sshd" stop "$BATS_TEST_TMPDIR/sshd"
}

# stand_in: an ascp in PATH that records what it is given; arguments_are WORD ...: exactly these.
stand_in() {
	export STAND_IN=$BATS_TEST_TMPDIR/stand-in
	mkdir -p "$STAND_IN"
	cp "$BATS_TEST_DIRNAME/stand-in-ascp" "$STAND_IN/ascp"
	PATH=$PATH:$STAND_IN
}

arguments_are() {
	local want=$BATS_TEST_TMPDIR/want
	: >"$want"
	[ $# -eq 0 ] || printf '%s\0' "$@" >"$want"
	cmp "$want" "$STAND_IN/arguments"
}

# lacks FILE TEXT: the file does not hold the text.
lacks() {
	if grep -qF -- "$2" "$1"; then
		echo "$1 holds: $2" >&2
		return 1
	fi
}
