# For the tests of the porcelain, loaded instead of test.
load ../lib/test

# terminal [-STATUS] [PATTERN ANSWER]... -- COMMAND ...: runs the command on a pseudo-terminal, and types each answer
# and Return when it has printed the pattern. Sets $status and $output.
terminal() {
	local steps='' expected=''
	need python3
	[[ $1 != -[0-9]* ]] || { expected=${1#-}; shift; }
	while [ "$1" != -- ]; do
		steps+="wait $1"$'\n'"say $2"$'\n'
		shift 2
	done
	shift
	run python3 "$top/t/fixture/pty" "$@" < <(printf %s "$steps")
	[ "$status" -eq "${expected:-$status}" ] || {
		echo "status $status: $output"
		return 1
	}
}

# ends_at_prompt COMMAND ...: SIGTERM at the prompt for a passphrase ends COMMAND and all processes with HOME in an
# argument.
ends_at_prompt() {
	need python3
	python3 - "$@" <<'END'
import os, pty, select, signal, sys, time
def until(text):
    seen = b""
    while text not in seen:
        assert select.select([fd], [], [], 30)[0], seen
        seen += os.read(fd, 4096)
def ours(pid):
    try:
        return ("\0" + os.environ["HOME"] + "/").encode() in open("/proc/" + pid + "/cmdline", "rb").read()
    except OSError:
        return False
def left():
    return [p for p in os.listdir("/proc") if p.isdigit() and ours(p)]
pid, fd = pty.fork()
if pid == 0:
    os.execvp("sh", ["sh", "-c", '"$@" </dev/tty & echo $! >../pid; wait $!; echo over; cat', "sh"] + sys.argv[1:])
until(b"assphrase for")
assert left()
os.kill(int(open("../pid").read()), signal.SIGTERM)
until(b"over")
for i in range(300):
    if not left():
        break
    time.sleep(0.01)
assert not left()
END
}

# ended_by SIGNAL FILE: when a process ID is in FILE, sends SIGNAL to the last job; the job ends with its status, and
# that process ends too.
ended_by() {
	local got=0
	await 10 test -s "$2"
	kill -s "$1" "$!"
	wait "$!" || got=$?
	equal "$got" "$((128 + $(kill -l "$1")))"
	await 5 gone "$(cat "$2")"
}

need_sshd() {
	"$top/t/fixture/sshd" path >/dev/null 2>&1 || skip 'no sshd'
}

# start_sshd [LINE ...]: a real sshd that lets this user in with the keys of this HOME, and the
# commands that use it; the caller runs stop_sshd.
start_sshd() {
	need_sshd
	sshd=$BATS_TEST_TMPDIR/sshd
	"$top/t/fixture/sshd" start "$sshd" "$@" "AuthorizedKeysFile $HOME/.ssh/authorized_keys" 'StrictModes no'
	port=$(cat "$sshd/port")
	export XFERKEY_SSH_CONFIG=$sshd/ssh_config
}

# logs_in KEY
logs_in() {
	ssh -F "$XFERKEY_SSH_CONFIG" -i "$1" test true
}

# asked_sshd [LINE ...]: start_sshd, with a server that check and authorize can ask.
asked_sshd() {
	start_sshd "$@"
	export XFERKEY_SSHD_CONFIG=$sshd/sshd_config
	PATH=$sshd:$PATH
}

# lab_site FINGERPRINT: writes the profile lab: this user at 127.0.0.1, $port, with this host key.
lab_site() {
	mkdir -p .config/xferkey/sites
	printf '%s\n' 'host = 127.0.0.1' "port = $port" "user = $(id -un)" "keyfile = $HOME/key" "hostkey = $1" \
		>.config/xferkey/sites/lab
}

stop_sshd() {
	[ ! -d "$BATS_TEST_TMPDIR/sshd" ] || "$top/t/fixture/sshd" stop "$BATS_TEST_TMPDIR/sshd"
}

# stand_in: puts into PATH an ascp that records its input. arguments_are WORD ...: it got exactly these; LOG stands for
# the directory of a log that xferkey adds and then removes.
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

# stage DIRECTORY: copies the tree of the xferkey in PATH.
stage() {
	XFERKEY_BIN=$(xferkey --exec-path)/../../bin "$top/t/tools/stage-shell" /bin/sh "$1"
}

# stage_sites: from now on xferkey is that of a copy of the tree, with stage/etc instead of /etc/xferkey/sites, and no
# shipped profiles in $profiles. staged [FIELD=VALUE ...]: the only profile is "x", with these fields; $profile is its
# file.
stage_sites() {
	stage stage
	profiles=stage/share/xferkey/sites profile=stage/share/xferkey/sites/x
	mkdir stage/etc
	rm "$profiles"/*
	grep -rlIZ /etc/xferkey/sites stage/libexec | xargs -0 sed -i "s,/etc/xferkey/sites,$PWD/stage/etc,g"
	PATH=$PWD/stage/bin:$PATH
}

staged() {
	[ -d stage ] || stage_sites
	printf '%s\n' "$@" >"$profile"
}

# makes_room KEY ARG ...: xferkey ARG ... is refused if .ssh/KEY exists, names the mv that helps, and is refused again
# if .ssh/KEY.pub exists.
makes_room() {
	mkdir -m 700 .ssh
	echo old >".ssh/$1"
	refused <<<"to make room: mv $HOME/.ssh/$1 $HOME/.ssh/$1.old| ${*:2}"
	sh -c "$(sed 's/.*to make room: //' "$BATS_TEST_TMPDIR/err")"
	echo old >".ssh/$1.pub"
	refused <<<"$HOME/.ssh/$1.pub exists and is left alone| ${*:2}"
}

# whole_or_none FILE COMMAND FAULT ...: with each fault that strace injects, FILE is as COMMAND made it before; or
# absent, and the status tells so. Nothing else is left.
whole_or_none() {
	local file=$1 command=$2 fault
	need strace
	export ASAN_OPTIONS=detect_leaks=0 TMPDIR=$BATS_TEST_TMPDIR
	mv "$file" whole
	for fault in "${@:3}"; do
		rm -f "$file"
		run strace -f -qq -o calls -e "trace=${fault%%:*}" -e "inject=$fault" -- sh -c "$command"
		echo "$fault: $status: $output"
		grep -qE 'INJECTED|SIGKILL' calls
		if [ -e "$file" ]; then
			equal "$(sed 's/=_[0-9a-f]*/=_/' "$file")" "$(sed 's/=_[0-9a-f]*/=_/' whole)"
		else
			[ "$status" -ne 0 ]
		fi
		[ "$status" -eq 0 ] || [ "$status" -eq 2 ] || [[ $fault = *KILL ]]
		[ -z "$(find . -name '.xferkey.*' -type f)" ]
	done
	# its contents and its directory are synced before the message
	rm -f "$file"
	strace -f -qq -o calls -y -e trace=fsync -- sh -c "$command"
	grep -E "fsync\([0-9]+<$(realpath "$(dirname "$file")")/.* = 0$" calls
	grep -E "fsync\([0-9]+<$(realpath "$(dirname "$file")")>.* = 0$" calls
}

# as_account: if this is root, the account daemon runs xferkey from now on. HOME becomes its home, and gets its files
# each time. Root would have to name the account to authorize and revoke. Sets $me.
as_account() {
	me=$(id -un)
	[ "$(id -u)" -eq 0 ] || return 0
	need setpriv
	reachable "$BATS_FILE_TMPDIR"
	me=daemon
	mkdir -p "$BATS_TEST_TMPDIR/as"
	chmod 755 "$BATS_TEST_TMPDIR/as"
	sh_script "$BATS_TEST_TMPDIR/as/xferkey" \
		"find '$BATS_TEST_TMPDIR/home' ! -user daemon -exec chown -h daemon {} +" \
		"exec setpriv --reuid daemon --regid daemon --clear-groups '$(command -v xferkey)' \"\$@\""
	PATH=$BATS_TEST_TMPDIR/as:$PATH
}

# see_before_rm: makes an rm that first copies the contents of TMPDIR into seen, for a PATH that begins with path.
see_before_rm() {
	fake rm "cp -R \"\$TMPDIR\"/. '$PWD/seen'; exec $(command -v rm) \"\$@\""
}

# with_account COMMAND ...: runs only COMMAND as as_account does; then HOME is one's own again.
with_account() {
	local got=0
	(as_account && "$@") || got=$?
	[ "$(id -u)" -ne 0 ] || chown -R 0 "$BATS_TEST_TMPDIR/home"
	return "$got"
}

# need_libssh2: curl with libssh2, the library inside ascp. libssh2 KEY FILE [PASSPHRASE]: gets a file from the sshd
# on $port.
need_libssh2() {
	need curl
	curl --version | grep -q 'libssh2/' || skip 'curl has no libssh2'
}

libssh2() {
	curl -sS -k --key "$1" ${3:+--pass "$3"} -u "$(id -un):" --connect-timeout 10 "sftp://127.0.0.1:$port$2"
}

# since ssh|libssh2 VERSION: the installed version is at least this.
since() {
	local here
	case $1 in
	ssh) here=$(ssh -V 2>&1 | sed 's/^OpenSSH_\([0-9.]*\).*/\1/') ;;
	*) here=$(curl --version | sed -n '1s,.*libssh2/\([0-9.]*\).*,\1,p') ;;
	esac
	[ "$(printf '%s\n' "$here" "$2" | sort -V | head -n 1)" = "$2" ]
}

# message FILE [DIR]: Python parses a message, or an mbox with one, and prints From, To, Subject, the text, and for each
# attachment "-- NAME" and its contents, which go to DIR if given. Fails on any defect. Only a draft has no date.
message() {
	python3 - "$@" <<'END'
import email, email.policy, re, sys
data = re.sub(rb"\AFrom .*\n", b"", open(sys.argv[1], "rb").read())
assert all(len(line) <= 998 for line in data.split(b"\n")), "a line is too long"
assert max(data) < 128 and b"\r" not in data and b"\0" not in data
m = email.message_from_bytes(data, policy=email.policy.default.clone(raise_on_defect=True))
for part in m.walk():
    for value in (part, *part.values()):
        assert not getattr(value, "defects", ()), (value, value.defects)
text, *keys = m.iter_parts()
by_mta = "received", "return-path", "envelope-to", "delivery-date"
seen = sorted({name.lower() for name in m.keys()}.difference(by_mta))
assert len(seen) == len([name for name in m.keys() if name.lower() not in by_mta]), m.keys()
common = {"content-type", "mime-version", "subject", "to"}
if m["x-unsent"]:
    assert {*seen} - {"from"} == common | {"x-unsent"}, seen
else:
    assert {*seen} == common | {"date", "from", "message-id"}, seen
    assert m["date"].datetime and m["message-id"].startswith("<")
assert m["mime-version"] == "1.0" and text.get_content_type() == "text/plain"
print(m["from"], m["to"], m["subject"], text.get_content(), sep="\n", end="", flush=True)
for key in keys:
    name = key.get_filename()
    assert key.get_content_disposition() == "attachment" and key["content-transfer-encoding"] == "base64"
    assert name == key.get_param("name") and len(keys) == len({k.get_filename() for k in keys})
    print("--", name, flush=True)
    out = open(sys.argv[2] + "/" + name, "xb") if sys.argv[2:] else sys.stdout.buffer
    content = key.get_content()
    out.write(content.encode() if isinstance(content, str) else content)
    out.flush()
END
}
