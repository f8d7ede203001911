# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Messages, steps, options, traps, for every command, which sets libexecdir first, and for the dispatcher. set -e is
# only a net: a command looks at every status itself.
set -eu
umask 077
unset CDPATH
# the one place of it: make reads it here
version=0.1
# without one, yash finds no command
export PATH="${PATH-/usr/bin:/bin}"
# a job may have none of these; a closed standard output is told where it is written to
{ true 3<&0; } 2>/dev/null || exec </dev/null
{ true 3>&2; } || exec 2>/dev/null
IFS=' 	
'
newline='
'
tool=${XFERKEY_TYPED:-${0##*/}} # a command may run another one, whose name nobody typed
unset XFERKEY_TYPED XFERKEY_TOOL
# prints standard input such that no terminal obeys it; -o FILE: to the new FILE; -j: its operands as JSON
vis=$libexecdir/lib/xferkey-vis
sharedir=$libexecdir/../../share/xferkey
[ -d "$sharedir" ] || sharedir=/usr/local/share/xferkey # @DATADIR@
show=${XFERKEY_SHOW-}
quiet=${XFERKEY_QUIET-}
verdict=0 any_format='' tolerant='' done=
tmp='' attending='' ending='' tty_modes='' last_word=

# keyless TEXT: sets $keyless to it, but to no private key that was given as an argument.
keyless() {
	keyless=$1
	case $1 in
	*'PRIVATE KEY'?*"$newline"* | *PuTTY-User-Key-File*) keyless='a private key, which is not shown here' ;;
	esac
}

# visible TEXT: prints it as one safe line, but no private key.
visible() {
	keyless "$1"
	printf '%s' "$keyless" | tr '\n\t' '??' | "$vis"
}

# warn FACT ...: a line on standard error; if that cannot be written, the status says enough.
warn() {
	printf '%s: %s\n' "$tool" "$(visible "$*")" >&2 || :
}

die() {
	warn "$@"
	exit 2
}

# COMMAND || failed: ends with the status of the signal that ended COMMAND, else with 2.
failed() {
	set -- "$?"
	[ "$1" -gt 128 ] || set -- 2
	exit "$1"
}

# print_line TEXT: on standard output. If that fails: status 2, or only a warning once $done is set.
# say TEXT: the same, unless -q or -n.
print_line() {
	printf '%s\n' "$1" 2>/dev/null || {
		# whoever closed a pipe knows
		[ ! -p /dev/stdout ] || set --
		# ksh93 keeps what it could not write, and would add it to the message
		exec >/dev/null
		[ $# -eq 0 ] || warn "standard output: cannot write${done:+; the work is done}"
		[ -n "$done" ] || exit 2
	}
}

# print_json NAME=TEXT|NAME#NUMBER ...: a JSON object of these members, a line; an empty value is null.
print_json() {
	object=$("$vis" -j "$@") || die 'an object cannot be made'
	print_line "$object"
}

say() {
	[ -n "$quiet$show" ] || print_line "$1"
}

# answer TEXT: that is all that was asked for.
answer() {
	print_line "$1"
	exit 0
}

# is_in LIST ITEM [SEPARATOR]: whether ITEM is in LIST; by default a blank separates.
is_in() {
	case ${3- }$1${3- } in
	*"${3- }$2${3- }"*) ;;
	*) return 1 ;;
	esac
}

# quote WORD ...: sets $quoted to the words as sh reads them back.
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

# xferkey COMMAND [ARG ...]: runs it as a step reads. Its messages bear the name of the command that was typed.
xferkey() {
	command=$1
	shift
	XFERKEY_TYPED=$tool XFERKEY_TOOL=${tool#xferkey-} "$libexecdir/xferkey-$command" "$@"
}

# However a command ends, its child is ended, $last_word said and $tmp removed. Some shells outlive their own signal.
trap tidy EXIT

# end_by COMMANDS SIGNAL ...: each signal runs these, and ends us.
end_by() {
	last=$1
	shift
	for signal; do
		# shellcheck disable=SC2064 # their values now
		trap "trap - $signal EXIT; $last; kill -s $signal \$\$; exit 143" "$signal"
	done
}
end_by tidy HUP INT QUIT PIPE ALRM TERM USR1 USR2

tidy() {
	# a signal may come before a variable holds the child's number
	[ -z "$attending" ] || {
		set +u
		kill "$!" 2>/dev/null || :
	}
	[ -z "$ending" ] || "$ending"
	[ -z "$tty_modes" ] || stty "$tty_modes" </dev/tty || :
	[ -z "$last_word" ] || warn "$last_word"
	[ -z "$tmp" ] || rm -rf "$tmp"
}

# tmpdir: sets $tmp to a private directory, where a file can be written: a full disk has room for directories only.
tmpdir() {
	[ -z "$tmp" ] || return 0
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/xferkey.XXXXXX" 2>/dev/null) || die "${TMPDIR:-/tmp}: cannot make a directory"
	{ printf . >"$tmp/room"; } 2>/dev/null || die "${TMPDIR:-/tmp}: cannot write"
}

# keep_text NAME TEXT: writes it to the file NAME in $tmp.
keep_text() {
	tmpdir
	printf '%s' "$2" 2>/dev/null >"$tmp/$1" || die "$tmp/$1: cannot write"
}

# read_whole FILE [SHOWN]: sets $text to it without the last newline. The mark behind it proves that all was read.
read_whole() {
	text=$(cat "$1" 2>/dev/null && echo .) || text=
	[ "$text" != "${text%.}" ] || die "${2-$1}: cannot read"
	text=${text%.} text=${text%"$newline"}
}

# write_new FILE NAME: copies $tmp/NAME to the new FILE, whole, or not at all.
write_new() {
	trouble=$("$vis" -o "$1" <"$tmp/$2" 2>&1) || die "$1: cannot create: ${trouble##*: }"
}

# attend PROGRAM [ARG ...]: runs what may take long or ask, such that a signal ends it at once; returns its status.
attend() {
	exec 9<&0
	attending=yes
	exec "$@" <&9 9<&- &
	exec 9<&-
	wait "$!" || {
		set -- "$?"
		[ "$1" -gt 128 ] || attending=
		# ksh93 and yash count signals from 256 and 384
		[ "$1" -le 256 ] || set -- $((128 + $1 % 128))
		return "$1"
	}
	attending=
}

# options SPEC [WORD ...]: reads long options, letters and operands in any order. In SPEC, "to=" requires a value,
# "login%" has one unless an option or nothing follows, "y" has none. Sets $opt_to to the value, to 1 if it has none,
# and unsets it if not given; sets $operands to the rest, for: eval "set -- $operands"
options() {
	spec=" $1 "
	shift
	for name in $spec; do
		unset "opt_${name%[=%]}" || :
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
		*:*[!A-Za-z]* | --?:?) name=- ;;
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
		eval "opt_$name=\${attached#=}"
	done
}

# as the filters decide it
can_ask() {
	[ -t 2 ] && [ -z "${XFERKEY_BATCH-}" ]
}

# safe_path NAME: sets $path to it, such that no command takes it for an option.
safe_path() {
	path=$1
	[ "${1#-}" = "$1" ] || path=./$1
}

set_me() {
	me=$(id -u) || me=
	[ -n "$me" ] || die 'id: does not say who runs this'
}

# need_home: sets $ssh_dir to ~/.ssh; ends unless HOME can begin a path.
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

# absent FILE [directory|program]: prints why FILE is none: it may be there, but not accessible, or something else.
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
