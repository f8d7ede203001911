# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with the commands
#
# Speech, steps, options, traps. Sourced by every command, which sets libexecdir first, and by the dispatcher before it
# speaks. set -e is only a net: a command looks at every status itself.
set -eu
umask 077
unset CDPATH
# a job may have none of these; a standard output that is closed is for who writes there to say
{ true 3<&0; } 2>/dev/null || exec </dev/null
{ true 3>&2; } || exec 2>/dev/null
IFS=' 	
'
newline='
'
tool=${XFERKEY_TYPED:-${0##*/}} # a command may run another one, whose name nobody typed
unset XFERKEY_TYPED XFERKEY_TOOL
# shows what came from outside, standard input, such that it is safe; with -o FILE makes the new FILE of it
vis=$libexecdir/lib/xferkey-vis
sharedir=$libexecdir/../../share/xferkey
[ -d "$sharedir" ] || sharedir=/usr/local/share/xferkey # @DATADIR@
show=${XFERKEY_SHOW-}
quiet=${XFERKEY_QUIET-}
verdict=0
forgiving=
tolerant=
done=
tmp=
attending=
ending=
tty_modes=
last_word=

# visible TEXT: one line that shows it, whatever is in it; but not a private key that was given as a word.
visible() {
	case $1 in
	*'PRIVATE KEY'?*"$newline"* | *PuTTY-User-Key-File*) set -- 'a private key, which is not shown here' ;;
	esac
	printf '%s' "$1" | tr '\n\t' '??' | "$vis"
}

# warn FACT ...: one line on standard error; where that takes nothing, the status says enough. die FACT ...: and status
# 2.
warn() {
	printf '%s: %s\n' "$tool" "$(visible "$*")" >&2 || :
}

die() {
	warn "$@"
	exit 2
}

# failed: for COMMAND || failed: ends with the status of the signal that ended COMMAND, else with 2, whatever COMMAND
# had: 1 and 126 of another tool are not ours.
failed() {
	set -- "$?"
	[ "$1" -gt 128 ] || set -- 2
	exit "$1"
}

# print_line TEXT: the product of a command; once $done says that the work is, a standard output that
# takes nothing is only said. say TEXT: what -q and -n leave out.
print_line() {
	printf '%s\n' "$1" 2>/dev/null || {
		lost='standard output: cannot write'
		# whoever closed a pipe knows
		[ ! -p /dev/stdout ] || lost=
		# ksh93 keeps what it could not write, and would add it to the message
		exec >/dev/null
		[ -z "$lost" ] || warn "$lost${done:+; the work is done}"
		[ -n "$done" ] || exit 2
	}
}

say() {
	[ -n "$quiet$show" ] || print_line "$1"
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

# step COMMAND [ARG ...]: shows the command as it can be pasted, and runs it; with -n it is only
# shown, on standard output, so that sh can read it. step_from FILE COMMAND: with FILE as input.
step() {
	quote "$@"
	show_step "$quoted"
	[ -n "$show" ] || "$@"
}

show_step() {
	if [ -n "$show" ]; then
		print_line "$1"
	elif [ -z "$quiet" ]; then
		printf '+ %s\n' "$1" | "$vis" >&2 || :
	fi
}

# advise TEXT: what a person would do now.
advise() {
	if [ -t 2 ] && [ -z "$quiet$show${XFERKEY_NESTED-}" ]; then
		printf 'next: %s\n' "$(visible "$1")" >&2 || :
	fi
}

# xferkey COMMAND [ARG ...]: so that steps read as they are typed. What it says, the command that was typed says.
xferkey() {
	command=$1
	shift
	XFERKEY_TYPED=$tool XFERKEY_TOOL=${tool#xferkey-} "$libexecdir/xferkey-$command" "$@"
}

# However a command ends, its folder goes, and before that its child; $last_word is said then. Some shells
# outlive a signal to themselves.
trap tidy EXIT
for signal in HUP INT QUIT PIPE ALRM TERM USR1 USR2; do
	# shellcheck disable=SC2064 # the signal's name is wanted now
	trap "trap - $signal EXIT; tidy; kill -s $signal \$\$; exit 143" "$signal"
done

tidy() {
	# a signal may come between the start of the child and a variable that holds its number
	[ -z "$attending" ] || {
		set +u
		kill "$!" 2>/dev/null || :
	}
	[ -z "$ending" ] || "$ending"
	[ -z "$tty_modes" ] || stty "$tty_modes" </dev/tty || :
	[ -z "$last_word" ] || warn "$last_word"
	[ -z "$tmp" ] || rm -rf "$tmp"
}

# tmpdir: sets $tmp to a private folder. On a disk that is full, it can be made, and nothing can be written there: what
# other tools say would be lost.
tmpdir() {
	[ -z "$tmp" ] || return 0
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/xferkey.XXXXXX" 2>/dev/null) || die "${TMPDIR:-/tmp}: cannot make a directory"
	{ printf . >"$tmp/room"; } 2>/dev/null || die "${TMPDIR:-/tmp}: cannot write"
}

# keep_text NAME TEXT: makes it a file in the private folder.
keep_text() {
	tmpdir
	printf '%s' "$2" 2>/dev/null >"$tmp/$1" || die "$tmp/$1: cannot write"
}

# read_whole FILE [SHOWN]: sets $text to what is in it, without the last newline. sh alone cannot tell an error from
# the end of a file: the mark behind it can.
read_whole() {
	text=$(cat "$1" 2>/dev/null && echo .) || text=
	[ "$text" != "${text%.}" ] || die "${2-$1}: cannot read"
	text=${text%.} text=${text%"$newline"}
}

# write_new FILE NAME: makes what was kept as NAME the new FILE, whole and on disk, or not at all.
write_new() {
	trouble=$("$vis" -o "$1" <"$tmp/$2" 2>&1) || die "$1: cannot create: ${trouble##*: }"
}

# attend PROGRAM [ARG ...]: runs what may take long or ask, with standard input, such that a signal
# ends it at once, and returns its status.
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

# options SPEC [WORD ...]: reads long options, letters and operands in any order. SPEC names the
# options: "to=" takes a value, "login%" too unless an option or nothing follows, "y" none. $opt_to
# becomes the value, 1 where there is none to take, and is unset where the option is not given.
# $operands holds the rest, for: eval "set -- $operands"
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
		-h | --help)
			print_line "$usage"
			exit 0
			;;
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

# can_ask: is there somebody to answer (the filters ask on the same condition).
can_ask() {
	[ -t 2 ] && [ "${XFERKEY_BATCH-}" != 1 ]
}

# unasked: prints why nobody can be asked.
unasked() {
	[ "${XFERKEY_BATCH-}" = 1 ] && printf %s 'XFERKEY_BATCH=1 forbids to ask' ||
		printf %s 'there is no terminal to ask on'
}

# safe_path NAME: sets $path to it, such that no command takes it for an option.
safe_path() {
	case $1 in
	-*) path=./$1 ;;
	*) path=$1 ;;
	esac
}

# set_me: $me becomes the number of whoever runs this.
set_me() {
	me=$(id -u) || me=
	[ -n "$me" ] || die 'id: does not say who runs this'
}

# need_home: sets $ssh_dir to ~/.ssh, if HOME is what a path can begin with.
need_home() {
	case ${HOME-} in
	*[[:cntrl:]]* | [!/]* | '') die 'HOME: not an absolute path' ;;
	esac
	set_me
	# root with the HOME of somebody else would leave root's files there
	if [ "$me" = 0 ] && [ -e "$HOME" ]; then
		looked=$(find -H "$HOME" -prune -user 0 2>/dev/null) || die "HOME: find cannot look at $HOME"
		[ -n "$looked" ] || die "HOME: $HOME belongs to another user than root"
	fi
	ssh_dir=$HOME/.ssh
}

# absent FILE: prints what was seen where [ -e FILE ] is not so: it may be there, and not to be looked at.
absent() {
	fact=$(LC_ALL=C ls -dL -- "$1" 2>&1 >/dev/null) || :
	fact=${fact##*: }
	case $fact in
	'No such file or directory')
		fact='no such file'
		[ ! -L "$1" ] || fact="a symbolic link to $(readlink "$1"), which is not there"
		;;
	*) fact="cannot look at it${fact:+: $fact}" ;;
	esac
	printf %s "$fact"
}

# no_directory PATH: the same where [ -d PATH ] is not so.
no_directory() {
	fact='not a directory'
	[ -e "$1" ] || fact=$(absent "$1")
	[ "$fact" != 'no such file' ] || fact='no such directory'
	printf %s "$fact"
}

# no_program FILE: prints the same of what cannot be run.
no_program() {
	if [ -e "$1" ]; then printf %s 'not a program'; else absent "$1"; fi
}
