# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # the commands set libexecdir and usage, and read what is set here
#
# Sourced by every porcelain command, which sets libexecdir first, and by the dispatcher before it
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
tty_modes=
last_word=

# vis [-o FILE]: standard input, made safe to show; or the new FILE with it, whole and on disk, if it is safe.
vis() {
	"$libexecdir/lib/xferkey-vis" "$@"
}

# visible TEXT: one line that shows it, whatever is in it; but not a private key that was given as a word.
visible() {
	case $1 in
	*'PRIVATE KEY'?*"$newline"* | *PuTTY-User-Key-File*) set -- 'a private key, which is not shown here' ;;
	esac
	printf '%s' "$1" | tr '\n\t' '??' | vis
}

# warn FACT: one line on standard error; where that takes nothing, the status says enough. die FACT: and status 2.
warn() {
	printf '%s: %s\n' "$tool" "$(visible "$1")" >&2 || :
}

die() {
	warn "$1"
	exit 2
}

# failed: for COMMAND || failed: ends with the status of the signal that ended COMMAND, else with 2, whatever COMMAND
# had: 1 and 126 of another tool are not ours.
failed() {
	set -- "$?"
	[ "$1" -gt 128 ] || set -- 2
	exit "$1"
}

# put TEXT: the product of a command; once $done says that the work is, a standard output that
# takes nothing is only said. say TEXT: what -q and -n leave out.
put() {
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
	[ -n "$quiet$show" ] || put "$1"
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

step_from() {
	quote "$1"
	source=$1 input=$quoted
	shift
	quote "$@"
	show_step "$quoted <$input"
	[ -n "$show" ] || "$@" <"$source"
}

show_step() {
	if [ -n "$show" ]; then
		put "$1"
	elif [ -z "$quiet" ]; then
		printf '+ %s\n' "$1" | vis >&2 || :
	fi
}

# next TEXT: what a person would do now.
next() {
	if [ -t 2 ] && [ -z "$quiet$show${XFERKEY_NESTED-}" ]; then
		printf 'next: %s\n' "$(visible "$1")" >&2 || :
	fi
}

# finding ok|note|fail WHAT TEXT: a line of a verdict: columns apart by tabs where standard output is
# no terminal. $verdict becomes the status that the worst of them asks for.
finding() {
	[ "$1" != fail ] || verdict=1
	[ -z "$quiet" ] || return 0
	text=$(visible "$3") || die "$2: the finding cannot be shown"
	if [ -t 1 ]; then
		case $1:${NO_COLOR:+no}${TERM:-dumb} in
		*:no* | *:dumb) put "$(printf '%-5s %-12s %s' "$1" "$2" "$text")" ;;
		fail:*) put "$(printf '\033[31m%-5s\033[m %-12s %s' "$1" "$2" "$text")" ;;
		note:*) put "$(printf '\033[33m%-5s\033[m %-12s %s' "$1" "$2" "$text")" ;;
		*) put "$(printf '\033[32m%-5s\033[m %-12s %s' "$1" "$2" "$text")" ;;
		esac
	else
		put "$1	$2	$text"
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

# keep NAME TEXT: makes it a file in the private folder.
keep() {
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
	trouble=$(vis -o "$1" <"$tmp/$2" 2>&1) || die "$1: cannot create: ${trouble##*: }"
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
			put "$usage"
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

# left_alone FILE: ends where it is there, since nothing replaces a private key; it says how to make room, unless the
# name cannot be shown as it is.
left_alone() {
	[ -e "$1" ] || [ -L "$1" ] || return 0
	room=$1.old
	while [ -e "$room" ] || [ -L "$room" ]; do
		room=$room.old
	done
	quote "$1" "$room"
	if [ -f "$1" ] && [ "$(visible "$1")" = "$1" ]; then
		die "$1 exists and is left alone; to make room: mv $quoted"
	fi
	die "$1 exists and is left alone"
}

# safe_path NAME: sets $path to it, such that no command takes it for an option.
safe_path() {
	case $1 in
	-*) path=./$1 ;;
	*) path=$1 ;;
	esac
}

# private_name OPTION FILE: refuses a FILE whose name no new private key should have; OPTION gives another one.
private_name() {
	case ${2##*/} in
	'' | . | .. | *.[Pp][Uu][Bb] | *[[:cntrl:]]*) ;;
	authorized_keys* | known_hosts* | config | environment | rc | -* | .ppk)
		case $2 in
		*/*) folder=${2%/*}/ ;;
		*) folder=. ;;
		esac
		[ "$(cd "$folder" 2>/dev/null && pwd -P)" = "$(cd "${HOME:-/}/.ssh" 2>/dev/null && pwd -P)" ] || return 0
		;;
	*) return 0 ;;
	esac
	die "'${2##*/}' is no name for a private key: $1 gives it another"
}

# need_home: sets $ssh_dir to ~/.ssh, if HOME is what a path can begin with.
need_home() {
	case ${HOME-} in
	*[[:cntrl:]]* | [!/]* | '') die 'HOME: not an absolute path' ;;
	esac
	me=$(id -u) || me=
	[ -n "$me" ] || die 'id: does not say who runs this'
	# root with the HOME of somebody else would leave root's files there
	if [ "$me" = 0 ] && [ -e "$HOME" ]; then
		looked=$(find -H "$HOME" -prune -user 0 2>/dev/null) || die "HOME: find cannot look at $HOME"
		[ -n "$looked" ] || die "HOME: $HOME belongs to another user than root"
	fi
	ssh_dir=$HOME/.ssh
}

# passphrase_source OPTION WORD: refuses what is none, unseen: it may be the passphrase itself.
passphrase_source() {
	case $2 in
	# which change where a command has a variable of that name: they are in small letters
	env:*[abcdefghijklmnopqrstuvwxyz]*) die "$1: env: takes the name of a variable in capital letters" ;;
	'' | ask | none | stdin | env:?* | file:?* | fd:[0-9]*) ;;
	*) die "$1: not a source of a passphrase: ask, none, stdin, env:VAR, file:PATH or fd:N" ;;
	esac
}

# host_name WORD: refuses what is not [USER@]HOST, and what could be an option, or more, to ssh.
host_name() {
	name=${1%']'}
	# the brackets of an IPv6 address; ksh93 knows no pattern for them
	[ "$name" = "$1" ] || name=${name%%'['*}${name#*'['}
	case $name in
	'' | -* | *@-* | @* | *@ | *[!A-Za-z0-9._@%:+-]*) die "'$1' is not the name of a host" ;;
	esac
}

# ssh_options KEY: sets $quoted to what ssh gets in any case, for eval; KEY may be empty.
ssh_options() {
	if can_ask; then
		set -- "$1" -o BatchMode=no
	else
		set -- "$1" -o BatchMode=yes
	fi
	set -- "$@" -o ConnectTimeout=20 -o ServerAliveInterval=10
	if [ -n "$1" ]; then
		case $1 in
		# ssh would put something else in these places
		*"\${"* | *%*[\"\\]* | *[\"\\]*%*) die "$1: ssh would expand its name: rename it" ;;
		# after -i, ssh looks for a file of the doubled name, and takes others where it finds none
		*%*)
			escaped=$(printf '%s\n' "$1" | LC_ALL=C sed 's/%/%%/g')
			set -- "$@" -o "IdentityFile=\"$escaped\""
			;;
		*) set -- "$@" -i "$1" ;;
		esac
		set -- "$@" -o IdentitiesOnly=yes
	fi
	shift
	[ -z "${XFERKEY_SSH_CONFIG-}" ] || set -- -F "$XFERKEY_SSH_CONFIG" "$@"
	quote "$@"
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

# key_file NAME: sets $key to the file that ascp takes for -i NAME; a bare name may be in ~/.ssh.
key_file() {
	key=$1
	case $1 in
	*/*) ;;
	*)
		if [ ! -e "$1" ] && [ -e "${HOME-}/.ssh/$1" ]; then
			key=$HOME/.ssh/$1
		else
			# neither an option, nor an account to permcheck
			key=./$1
		fi
		;;
	esac
}

# ran STATUS FILTER: ends where that is no status of ours: it is no finding about a key.
ran() {
	[ "$1" -le 2 ] || die "xferkey $2: failed with status $1"
}

# look FILTER [ARG ...]: a step that only looks: $line is what it prints, or $trouble what is wrong.
look() {
	quote xferkey "$@"
	# a passphrase that is held came from where -P says
	case $quoted in
	*' env:XFERKEY_HELD '*) quoted="${quoted%%env:XFERKEY_HELD*}${held_from-env:XFERKEY_HELD}${quoted#*env:XFERKEY_HELD}" ;;
	esac
	show_step "$quoted"
	: >"$tmp/trouble"
	got=0
	if [ "$1 $2 ${3-}" = 'fpr -P ask' ]; then
		# a filter asks only where its messages go to a terminal
		line=$(xferkey "$@") || got=$?
		trouble='not opened'
		[ "$got" -eq 0 ] || echo "$tool: said above" >"$tmp/trouble"
	else
		line=$(xferkey "$@" 2>"$tmp/trouble") || got=$?
		[ "$got" -eq 0 ] || trouble=${line##*	}$(sed -e 's/^[^:]*: //' -e 1q "$tmp/trouble")
	fi
	ran "$got" "$1"
	[ "$got" -eq 0 ]
}

# private_key: sets $format, $protection, $type and $fips to what privfmt -l says of $key, and $ssh_odd and $libssh2_odd
# to what keeps these from loading it, empty where nothing does. Or returns 1, and $trouble says what else the file is:
# PuTTY's key too, unless $forgiving takes any form of one.
private_key() {
	trouble="$key: not a file"
	[ -e "$key" ] || trouble="$key: $(absent "$key")"
	[ -f "$key" ] || return 1
	quote "$key"
	got=0
	line=$(xferkey privfmt -l ${forgiving:+-F} "$key" 2>/dev/null) || got=$?
	ran "$got" privfmt
	if [ "$got" -eq 0 ]; then
		format=${line%%	*} trouble=
		rest=${line#*	}
		protection=${rest%%	*} rest=${rest#*	}
		type=${rest%%	*} rest=${rest#*	} rest=${rest#*	}
		fips=${rest%%	*} rest=${rest#*	}
		ssh_odd=${rest%%	*} libssh2_odd=${rest#*	}
		ssh_odd=${ssh_odd#-} libssh2_odd=${libssh2_odd#-}
	else
		trouble=$(xferkey privfmt -l ${forgiving:+-F} "$key" 2>&1 >/dev/null | sed -e '/: forgiven: /d' -e 1q)
		trouble=${trouble#*: } trouble=${trouble:-not read}
		line=$(head -c 100 "$key" 2>/dev/null | LC_ALL=C tr -d '\000\200-\377' | sed 1q)
	fi
	case $line in
	*"$newline"*) trouble="$key: more than one key in it" ;;
	PPK* | PuTTY-User-Key-File*) [ -n "$forgiving" ] || trouble="a PuTTY key: xferkey import $quoted" ;;
	SSHCOM*) [ -n "$forgiving" ] || trouble="a key of ssh.com: xferkey import $quoted" ;;
	ssh-* | ecdsa-* | sk-* | *'BEGIN '*'PUBLIC KEY'*)
		case $trouble in
		*'a public key, not a private one') ;;
		*) return 1 ;;
		esac
		! grep -q -e 'PRIVATE KEY' -e '^Private-Lines' "$key" || return 1
		trouble='a public key, and ascp -i takes the private one'
		for name in "${key%.*}" "${key%.*}.ppk"; do
			[ ! -f "$name" ] || [ "$name" = "$key" ] || trouble="a public key; its private one may be $name"
		done
		;;
	esac
	[ -z "$trouble" ]
}

# one_public_key FILE [ACCOUNT]: sets $public to the one public key in FILE ("-": standard input), without
# options, and $fingerprint, $bits, $type and $weak. FILE is read once, so that what is looked at is what is
# used, and by a filter alone: none of a private key is ever written. It may be a whole message: what was mended in it
# is said, with the fingerprint, and $lenient is the option to read it again. Refused are no key, two, a private one,
# a message for another account than ACCOUNT and, unless $tolerant, a weak one.
one_public_key() {
	if [ "$1" != - ]; then
		[ -e "$1" ] || die "$1: $(absent "$1")"
		[ -f "$1" ] || [ -p "$1" ] || die "$1: not a file"
		[ -r "$1" ] || die "$1: cannot read"
		exec <"$1"
	fi
	tmpdir
	public=$(xferkey pubfmt -R ${2:+-u "$2"} 2>"$tmp/trouble") || die "$1: $(received_trouble)"
	mended=$(received_trouble) || die 'sed: failed'
	# 1: it is weak
	line=$(printf '%s\n' "$public" | xferkey fpr -w 2>"$tmp/trouble") || [ $? -eq 1 ] || die "$1: no fingerprint"
	[ -n "$line" ] || die "$1: no fingerprint"
	read_fingerprint 'standard input'
	[ -z "$weak" ] || [ -n "$tolerant" ] || die "$1: $weak"
	lenient=
	if [ -n "$mended" ]; then
		lenient=' -F'
		warn "$1: mended: ${mended#forgiven: }: the key in it is $bits $fingerprint ($type)"
	fi
	quote "$1"
	show_step "xferkey pubfmt$lenient $quoted"
	show_step "xferkey fpr$lenient $quoted"
}

# received_trouble: what the filter said first of standard input.
received_trouble() {
	sed -e 's/^[^:]*: //' -e 's/^standard input: //' -e 1q "$tmp/trouble"
}

# typed_fingerprint WORD: sets $fingerprint to that in WORD as fpr writes it; else status 1, and $trouble says why it
# is none.
typed_fingerprint() {
	got=0
	fingerprint=$(xferkey fpr -n "$1" 2>&1) || got=$?
	ran "$got" fpr
	trouble=${fingerprint#*: -n: }
	[ "$got" -eq 0 ]
}

# read_fingerprint [PLACE]: sets $bits, $fingerprint and $type from $line, which fpr printed; and $weak to what
# fpr -w said of PLACE: why no server should let the key in.
read_fingerprint() {
	weak=
	[ $# -eq 0 ] || weak=$(sed -e 's/^[^:]*: //' -e 1q "$tmp/trouble") || die 'sed: failed'
	weak=${weak#"${1-}: "}
	bits=${line%% *} type=${line##*'('} fingerprint=${line#* }
	fingerprint=${fingerprint%% *} type=${type%')'}
}
