# Every .bats file loads this (load ../lib/test): a private HOME, the commands of this tree or of XFERKEY_BIN in PATH,
# and common assertions.

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
umask 022
bats_require_minimum_version 1.5.0 # run -STATUS
unset CDPATH XFERKEY_BATCH XFERKEY_SHOW XFERKEY_QUIET XFERKEY_ENGINE SSH_AUTH_SOCK SSH_ASKPASS DISPLAY XDG_CONFIG_HOME
# puttygen writes into HOME in setup_file, too
export HOME=$BATS_RUN_TMPDIR
export PATH="${XFERKEY_BIN:-$top/bin}:$PATH" LC_ALL=C NO_COLOR=1

# private_home: HOME is a new empty directory, and the working directory too.
private_home() {
	[ ! -e "$BATS_FILE_TMPDIR/skip" ] || skip "$(cat "$BATS_FILE_TMPDIR/skip")"
	HOME=$BATS_TEST_TMPDIR/home
	mkdir -p "$HOME"
	export HOME
	cd "$HOME" || return 1
}

# made_once MAKER: for setup_file: MAKER makes its files in $BATS_FILE_TMPDIR. If it skips, every test with a private
# home skips, because bats 1.8 can skip only in a test.
made_once() (
	skip() {
		echo "$1" >"$BATS_FILE_TMPDIR/skip"
		exit
	}
	cd "$BATS_FILE_TMPDIR" || exit
	"$1"
)

# need TOOL ...: skips, with the reason, if one is missing.
need() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || skip "no $tool"
	done
}

# not_packaged WHY: skips in make check-build, which runs on unknown machines.
not_packaged() {
	[ -z "${XFERKEY_PACKAGE-}" ] || skip "not in a package's build: $1"
}

# need_built FILE ...: skips if make has not made them in this checkout, as for an installed copy.
need_built() {
	local file
	for file; do
		[ -e "$top/build/$file" ] || skip "no build/$file"
	done
}

# has_argon2: the build has Argon2, from libargon2 or from libcrypto 3.2; runs no code of ours.
has_argon2() {
	grep -q argon2_ctx "$(xferkey --exec-path)/xferkey-privfmt" ||
		openssl list -kdf-algorithms | grep -qi argon2id
}

need_argon2() {
	has_argon2 || skip 'a build without Argon2'
}

# has_dsa: ssh supports DSA, which OpenSSH 10 does not.
has_dsa() {
	ssh -Q key | grep -x ssh-dss >/dev/null
}

# new_key TYPE ARG ...: by ssh-keygen, without a passphrase, or with that of -N.
new_key() {
	if [ "$1" = dsa ] && ! has_dsa; then new_dsa "${@:2}"; else ssh-keygen -q -N '' -t "$@"; fi
}

# new_dsa [-m PEM] [-C COMMENT] -f FILE: as ssh-keygen made it before OpenSSH 10.
new_dsa() {
	local option format=OPENSSH comment='' file OPTIND=1
	while getopts m:C:f: option; do
		case $option in
		m) format=$OPTARG ;;
		C) comment=$OPTARG ;;
		f) file=$OPTARG ;;
		*) return 2 ;;
		esac
	done
	need openssl
	openssl dsaparam -genkey 1024 2>/dev/null | xferkey privfmt -m "$format" -C "$comment" -o "$file"
	xferkey pubfmt -C "$comment" "$file" >"$file.pub"
}

# hex: standard input as hexadecimal.
hex() {
	od -An -v -tx1 | tr -d ' \n'
}

# says STATUS TEXT COMMAND ...: the command ends with STATUS and says TEXT (a
# fixed string) in one line on standard error.
says() {
	local want=$1 text=$2 got
	shift 2
	"$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null && got=0 || got=$?
	[ "$got" -eq "$want" ] && [ "$(wc -l <"$BATS_TEST_TMPDIR/err")" -eq 1 ] &&
		grep -qF -- "$text" "$BATS_TEST_TMPDIR/err" && return 0
	echo "$*: status $got, wanted $want with one line that says: $text" >&2
	cat "$BATS_TEST_TMPDIR/err" >&2
	return 1
}

# files: the state of all files in the working directory; each change shows.
files() {
	find . -type d -printf '%m %p\n' -o -printf '%i %m %s %T@ %p %l\n'
}

# refused: standard input has lines of "TEXT| [VARIABLE=VALUE] ARG ...": each time xferkey ARG ... ends with status 2
# and says TEXT in one line, without "horse", which is in each passphrase; no file is made, changed or left. An empty
# TEXT is that of the line before.
refused() {
	local -x XFERKEY_QUIET=1 # steps are not errors
	local text='' next words before
	before=$(files)
	while IFS='|' read -r next words; do
		text=${next:-$text}
		[[ $words =~ ^\ *(([A-Z_]+=[^ ]*\ )*)(.*) ]]
		eval "${BASH_REMATCH[1]}says 2 \"\$text\" xferkey ${BASH_REMATCH[3]}"
		lacks "$BATS_TEST_TMPDIR/err" horse
		equal "$(files)" "$before"
	done
}

# sh_script FILE LINE ...: makes a new executable file.
sh_script() {
	rm -f "$1"
	printf '%s\n' '#!/bin/sh' "${@:2}" >"$1"
	chmod 755 "$1"
}

# fake NAME BODY: makes the script path/NAME, for a PATH that begins with path.
fake() {
	mkdir -p path
	chmod 755 path
	sh_script "path/$1" "$2"
}

# await SECONDS COMMAND ...: repeats COMMAND until it succeeds; fails after so many seconds.
await() {
	local end
	end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -le "$end" ] || return 1
		sleep 0.05
	done
}

# gone PID: the process has ended, or is a zombie.
gone() {
	! kill -0 "$1" 2>/dev/null || grep -qs '^State:.Z' "/proc/$1/status"
}

# running TEXT: the command lines of processes that contain TEXT.
running() {
	local process words
	for process in /proc/[0-9]*; do
		mapfile -d '' words <"$process/cmdline" || continue
		[[ ${words[*]} != *"$1"* ]] || echo "${words[*]}"
	done 2>/dev/null
}

# inner_run FILE ...: runs other tests in this test, and shows those that are not ok.
inner_run() {
	local name clean=()
	for name in $(compgen -e BATS_); do
		clean+=(-u "$name")
	done
	run env "${clean[@]}" PATH="${PATH//"$BATS_LIBEXEC":/}" sh "$top/t/tools/run" "$@"
	echo "$output" | grep -v '^ok'
	[ "$status" -eq 0 ]
}

# has TEXT ...: $output holds each of them; has_line LINE ...: as a whole line.
has() {
	local text
	for text; do
		[[ $output = *"$text"* ]] || {
			echo "not said: $text"
			return 1
		}
	done
}

has_line() {
	local output=$'\n'$output$'\n'
	set -- "${@/#/$'\n'}"
	has "${@/%/$'\n'}"
}

# equal A B: two strings are the same, or both are shown.
equal() {
	[ "$1" = "$2" ] && return 0
	printf 'not equal:\n%s\n---\n%s\n' "$1" "$2" >&2
	return 1
}

# lacks FILE TEXT: the file does not hold the text.
lacks() {
	if grep -qF -- "$2" "$1"; then
		echo "$1 holds: $2" >&2
		return 1
	fi
}

# told [FILE ...]: keyinfo's columns about the form of each private key: format, protection, type, bits, FIPS, and what
# prevents ssh and libssh2 from loading it, or "-".
told() {
	xferkey keyinfo -i "$@" | awk -F '\t' -v OFS='\t' '{
		for (i = 11; i <= 12; i++)
			if ($i == "loads")
				$i = "-"
		print $4, $5, $6, $7, $10, $11, $12
	}'
	return "${PIPESTATUS[0]}"
}

# blob FILE: the first two fields of a public key file's first line.
blob() {
	awk 'NR == 1 { print $1, $2 }' "$1"
}

# same_key PRIVATE PUBLIC [PASSPHRASE]: ssh-keygen derives this public key from the private one.
same_key() {
	equal "$(ssh-keygen -y -P "${3-}" -f "$1" | cut -d ' ' -f 1,2)" "$(blob "$2")"
}

# print KEY [HASH]: its fingerprint, in the form for fpr -c.
print() {
	ssh-keygen -l -E "${2:-sha256}" -f "$1" | cut -d ' ' -f 2
}

# publish TREE FINGERPRINT FILTER ...: these filters of the copy TREE have this key in the place of a published one of
# Aspera software, because the private halves of those cannot be shipped.
publish() {
	local filter flags
	need_built flags libxferkey.a
	need cc pkg-config
	sed "s#SHA256:BcsXPUNZ4GJ/VM3QoV1jtlyOZble/IZva4yc+58p7XU#$2#" "$top/src/keyfile/key_policy.c" >key_policy.c
	grep -F "$2" key_policy.c
	# with the sanitizers and libraries of the build
	read -r -a flags < <(
		grep -o -e '-fsanitize=[^ ]*' -e -DXFERKEY_SANITIZE "$top/build/flags" | sort -u | tr '\n' ' '
		grep -o XFERKEY_LIBARGON2 "$top/build/flags" | sed 's/.*/-largon2/;q' | tr '\n' ' '
		pkg-config --libs libcrypto
	)
	for filter in "${@:3}"; do
		rm "$1/libexec/xferkey/xferkey-$filter"
		cc -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -I"$top/src" -o "$1/libexec/xferkey/xferkey-$filter" \
			key_policy.c "$top/src/cmd/$filter.c" "$top/build/libxferkey.a" "${flags[@]}"
	done
}

# other_account: sets other to the words in front of a command that is not to run as root; none if the tests do not.
other_account() {
	other=()
	if [ "$(id -u)" -eq 0 ]; then
		need setpriv
		other=(setpriv --reuid 54321 --regid 54321 --clear-groups)
	fi
}

# reachable [DIR ...]: other accounts can enter the directories of this test, and these.
reachable() {
	local dir
	for dir in "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR" "$@"; do
		[ ! -d "$dir" ] || chmod a+x "$dir"
	done
}
