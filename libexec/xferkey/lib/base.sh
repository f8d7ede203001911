# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Messages, steps, options and traps of bin/xferkey and all commands, which set libexecdir first. A command checks every
# status itself; set -e is only a safety net.
set -eu
# until the trap below is set
trap '[ $? -ne 1 ] || exit 2' EXIT
umask 077
unset CDPATH
# make reads the version here
version=0.1
# without PATH, yash finds no command
export PATH="${PATH-/usr/bin:/bin}"
# to yash, a Turkish a-z has no i
letters=iI
case $letters in
[a-z][A-Z]) ;;
*)
	[ -z "${LC_ALL-}" ] || export LANG="$LC_ALL"
	unset LC_ALL
	export LC_COLLATE=C
	;;
esac
# a job may have neither standard input nor standard error; they can fail to be copied for another reason
{ true 3<&0; } 2>&- || [ -e /dev/fd/0 ] || exec </dev/null
{ true 3>&2; } || [ -e /dev/fd/2 ] || exec 2>/dev/null
IFS=' 	
'
newline='
'
tool=${XFERKEY_TYPED:-${0##*/}} # a command may run another command, whose name nobody typed
unset XFERKEY_TYPED XFERKEY_TOOL
# makes standard input safe for a terminal; -o FILE: writes it to the new FILE; -j: prints its operands as JSON
vis=$libexecdir/lib/xferkey-vis
sharedir=$libexecdir/../../share/xferkey
[ -d "$sharedir" ] || sharedir=/usr/local/share/xferkey # @DATADIR@
show=${XFERKEY_SHOW-}
quiet=${XFERKEY_QUIET-}
verdict=0 any_format='' tolerant='' done=
tmp='' attending='' ending='' tty_modes='' last_word='' leaving=

# keyless TEXT: sets $keyless to TEXT, or to a note if TEXT has a private key, such as one typed as an argument.
keyless() {
	keyless=$1
	case $1 in
	*'PRIVATE KEY'?*"$newline"* | *PuTTY-User-Key-File*) keyless='a private key, which is not shown here' ;;
	esac
}

# visible TEXT: prints TEXT as one line that is safe for a terminal and has no private key.
visible() {
	keyless "$1"
	printf '%s' "$keyless" | tr '\n\t' '??' | "$vis"
}

# warn FACT ...: prints a line on standard error, if that can be written.
warn() {
	printf '%s: %s\n' "$tool" "$(visible "$*")" >&2 || :
}

die() {
	warn "$@"
	exit 2
}

# leave STATUS: ends with STATUS. Only so can a command end with another status than 0, 2 or that of a signal.
leave() {
	leaving=yes
	exit "$1"
}

# COMMAND || failed: ends with the status of the signal that ended COMMAND, else with 2.
failed() {
	set -- "$?"
	[ "$1" -gt 128 ] || set -- 2
	exit "$1"
}

# print_line TEXT: prints TEXT on standard output. If that fails, it ends with status 2, or only warns if $done is set.
# say TEXT: the same, but nothing with -q or -n.
print_line() {
	printf '%s\n' "$1" 2>/dev/null || {
		# who closed a pipe needs no message
		[ ! -p /dev/stdout ] || set --
		# ksh93 keeps what it could not write, and would add it to the message
		exec >/dev/null
		[ $# -eq 0 ] || warn "standard output: cannot write${done:+; the work is done}"
		[ -n "$done" ] || exit 2
	}
}

# print_json NAME=TEXT|NAME#NUMBER ...: prints a JSON object with these members in one line; an empty value is null.
print_json() {
	object=$("$vis" -j "$@") || object=
	[ -n "$object" ] || die 'an object cannot be made'
	print_line "$object"
}

say() {
	[ -n "$quiet$show" ] || print_line "$1"
}

answer() {
	print_line "$1"
	exit 0
}

# is_in LIST ITEM [SEPARATOR]: whether ITEM is in LIST; the default SEPARATOR is a blank.
is_in() {
	case ${3- }$1${3- } in
	*"${3- }$2${3- }"*) ;;
	*) return 1 ;;
	esac
}

# quote WORD ...: sets $quoted to the words, quoted for sh.
quote() {
	quoted=
	for word; do
		case $word in
		'' | *[!A-Za-z0-9_./:=@%+,-]*)
			rest=$word word=
			while :; do
				case $rest in
				*\'*) word=$word${rest%%\'*}"'\\''" rest=${rest#*\'} ;;
				*) break ;;
				esac
			done
			word="'$word$rest'"
			;;
		esac
		quoted=$quoted${quoted:+ }$word
	done
}

# step COMMAND [ARG ...]: shows the command as it can be pasted, and runs it; -n only shows it, on standard output.
step() {
	quote "$@"
	show_step "$quoted"
	[ -n "$show" ] || "$@"
}

show_step() {
	keyless "$1"
	if [ -n "$show" ]; then
		print_line "$keyless"
	elif [ -z "$quiet" ]; then
		printf '+ %s\n' "$keyless" | "$vis" >&2 || :
	fi
}

advise() {
	if [ -t 2 ] && [ -z "$quiet$show${XFERKEY_NESTED-}" ]; then
		printf 'next: %s\n' "$(visible "$1")" >&2 || :
	fi
}

# xferkey COMMAND [ARG ...]: runs COMMAND. Its messages begin with the name of the command that the user typed.
xferkey() {
	command=$1
	shift
	XFERKEY_TYPED=$tool XFERKEY_TOOL=${tool#xferkey-} "$libexecdir/xferkey-$command" "$@"
}

# However a command ends, it ends its child, prints $last_word and removes $tmp. Some shells end with 1 if they cannot
# open a file or start a process: that is trouble, not an answer.
trap 'last=$?; tidy; [ -n "$leaving" ] || case $last in [02] | 1[2-9]?) ;; *) exit 2 ;; esac' EXIT

# end_by COMMANDS SIGNAL ...: each signal runs COMMANDS and ends this shell. Some shells survive kill, and need exit.
end_by() {
	last=$1
	shift
	for signal; do
		# shellcheck disable=SC2064 # expands now
		trap "trap - $signal EXIT; $last; kill -s $signal \$\$; exit 143" "$signal"
	done
}
end_by tidy HUP INT QUIT PIPE ALRM TERM USR1 USR2 XCPU VTALRM PROF
# a file that may not grow is an error like a full disk
trap '' XFSZ

tidy() {
	# a signal may come before a variable holds the child's process id
	[ -z "$attending" ] || {
		set +u
		kill "$!" 2>/dev/null || :
	}
	[ -z "$ending" ] || "$ending"
	[ -z "$tty_modes" ] || stty "$tty_modes" </dev/tty || :
	[ -z "$last_word" ] || warn "$last_word"
	# set -e would make another status of a failure
	[ -z "$tmp" ] || rm -rf "$tmp" || :
}

# tmpdir: sets $tmp to a new private directory, and writes a file there: a full disk may accept only directories.
tmpdir() {
	[ -z "$tmp" ] || return 0
	# at the end $tmp is removed: it must not be half of a path
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/xferkey.XXXXXX" 2>/dev/null) || {
		tmp=
		die "${TMPDIR:-/tmp}: cannot make a directory"
	}
	{ printf . >"$tmp/room"; } 2>/dev/null || die "${TMPDIR:-/tmp}: cannot write"
}

keep_text() {
	tmpdir
	printf '%s' "$2" 2>/dev/null >"$tmp/$1" || die "$tmp/$1: cannot write"
}

# read_whole FILE [SHOWN]: sets $text to the text of FILE without its last newline. The dot proves that all was read.
read_whole() {
	text=$(cat "$1" 2>/dev/null && echo .) || text=
	[ "$text" != "${text%.}" ] || die "${2-$1}: cannot read"
	text=${text%.} text=${text%"$newline"}
}

# finds GREP-ARG ...: whether grep finds a line; ends if grep fails.
finds() {
	found=0
	grep "$@" >/dev/null || found=$?
	[ "$found" -le 1 ] || die 'grep: failed'
	return "$found"
}

# length -c|-l FILE: sets $length to the bytes or lines of FILE; status 1 if they cannot be counted. A test must not get
# an empty number: to some shells it is 0.
length() {
	length=$(wc "$1" 2>/dev/null <"$2") && [ -n "$length" ]
}

# all_read NUMBER FILE: status 1, and a warning, unless FILE has NUMBER lines: read ends a loop at an error, too.
all_read() {
	{ length -l "$2" && [ "$1" -eq "$length" ]; } || {
		warn "$2: cannot read line $(($1 + 1))"
		return 1
	}
}

# write_new FILE NAME: copies $tmp/NAME completely to the new FILE, or makes no FILE.
write_new() {
	trouble=$("$vis" -o "$1" <"$tmp/$2" 2>&1) || die "$1: cannot create: ${trouble##*: }"
}

# sync_names FILE ...: makes changes of these files and directories survive a loss of power.
sync_names() {
	# some sync take no operand
	sync "$@" 2>/dev/null || sync || :
}

# attend PROGRAM [ARG ...]: runs it, so that a signal ends it at once, and returns its status.
attend() {
	# the user may have given any descriptor a meaning
	for descriptor in 9 8 7 6 5 4 3; do
		{ eval "true <&$descriptor"; } 2>/dev/null || break
	done
	attending=yes
	eval "exec $descriptor<&0; exec \"\$@\" <&$descriptor $descriptor<&- & exec $descriptor<&-"
	wait "$!" || {
		set -- "$?"
		[ "$1" -gt 128 ] || attending=
		# ksh93 and yash count signals from 256 and 384
		[ "$1" -le 256 ] || set -- $((128 + $1 % 128))
		return "$1"
	}
	attending=
}

# options SPEC [WORD ...]: reads long options, letters and operands in any order. In SPEC, "to=" requires a value;
# "login%" has a value unless an option or nothing follows; "y" has no value. Sets $opt_to to the value, or to 1 without
# a value; unsets $opt_to if the option is absent. The variable of "token-account" is $opt_token. Sets $operands to the
# operands, for: eval "set -- $operands"
options() {
	spec=" $1 "
	shift
	for name in $spec; do
		name=${name%[=%]}
		unset "opt_${name%%-*}" || :
	done
	operands=
	while [ $# -gt 0 ]; do
		word=$1
		shift
		case $word in
		-h | --help) answer "$usage" ;;
		-V | --version) answer "xferkey $version" ;;
		--)
			quote "$@"
			operands="$operands $quoted"
			break
			;;
		--?*=*) name=${word%%=*} attached="=${word#*=}" ;;
		--?*) name=$word attached= ;;
		-?*)
			attached=${word#-?} name=${word%"${word#-?}"}
			attached=${attached:+=$attached}
			;;
		*)
			quote "$word"
			operands="$operands $quoted"
			continue
			;;
		esac
		option=$name name=${name#-} name=${name#-}
		case $option:$name in
		*:*[!A-Za-z-]* | --?:?) name=- ;;
		esac
		case $spec in
		*" $name= "*) [ -n "$attached" ] || [ $# -gt 0 ] || die "$option: requires a value" ;;
		*" $name% "*)
			case ${1--} in
			-*) attached=${attached:-=} ;;
			esac
			;;
		*" $name "*)
			case $option$attached in
			--*=*) die "$option: takes no value" ;;
			*=*) set -- "-${attached#=}" "$@" ;;
			esac
			attached='=1'
			;;
		*) die "$option: no such option (-h lists them)" ;;
		esac
		if [ -z "$attached" ]; then
			attached="=$1"
			shift
		fi
		eval "opt_${name%%-*}=\${attached#=}"
	done
}

# by the rule of the filters
can_ask() {
	[ -t 2 ] && [ -z "${XFERKEY_BATCH-}" ]
}

# safe_path NAME: sets $path to NAME in a form that no command reads as an option.
safe_path() {
	path=$1
	[ "${1#-}" = "$1" ] || path=./$1
}

set_me() {
	me=$(id -u) || me=
	[ -n "$me" ] || die 'id: does not say who runs this'
}

# need_home: sets $ssh_dir to ~/.ssh; ends if HOME is not a usable absolute path.
need_home() {
	case ${HOME-} in
	'') die 'HOME: not set' ;;
	*[[:cntrl:]]* | [!/]*) die 'HOME: not an absolute path' ;;
	esac
	set_me
	# root would leave its files in somebody else's HOME
	if [ "$me" = 0 ] && [ -e "$HOME" ]; then
		looked=$(find -H "$HOME" -prune -user 0 2>/dev/null) || die "HOME: find cannot look at $HOME"
		[ -n "$looked" ] || die "HOME: $HOME belongs to another user than root"
	fi
	ssh_dir=$HOME/.ssh
}

# is_there FILE: whether FILE exists; ends if that cannot be seen.
is_there() {
	[ ! -e "$1" ] || return 0
	fact=$(absent "$1")
	case $fact in
	'no such file' | 'a symbolic link to '*) return 1 ;;
	esac
	die "$1: $fact"
}

# absent FILE [directory|program]: prints why FILE is not a file, or not a directory or program: it is missing, not
# accessible, or of another kind.
absent() {
	[ ! -e "$1" ] || {
		echo "not a ${2:-file}"
		return
	}
	fact=$(LC_ALL=C ls -dL -- "$1" 2>&1 >/dev/null) || :
	fact=${fact##*: }
	case $fact in
	'No such file or directory')
		fact='no such file'
		[ "${2-}" != directory ] || fact='no such directory'
		[ ! -L "$1" ] || fact="a symbolic link to $(readlink "$1"), which is not there"
		;;
	*) fact="cannot look at it${fact:+: $fact}" ;;
	esac
	printf %s "$fact"
}
