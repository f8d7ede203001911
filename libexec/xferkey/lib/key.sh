# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Reads the filters' answers about a key.
. "$libexecdir/lib/base.sh"

# finding ok|note|fail WHAT TEXT: prints it, tab-separated unless on a terminal, or as JSON for check -j. After fail,
# $verdict is 1, or stays 2.
finding() {
	[ "$1" != fail ] || [ "$verdict" -eq 2 ] || verdict=1
	[ -z "$quiet" ] || return 0
	if [ -n "${XFERKEY_JSON-}" ]; then
		keyless "$3"
		print_json "verdict=$1" "subject=$2" "reason=$keyless"
		return
	fi
	text=$(visible "$3") || die "$2: the finding cannot be shown"
	if [ ! -t 1 ]; then
		print_line "$1	$2	$text"
		return
	fi
	case $1:${NO_COLOR:+no}${TERM:-dumb} in
	*:no* | *:dumb) columns='%-5s' ;;
	fail:*) columns='\033[31m%-5s\033[m' ;;
	note:*) columns='\033[33m%-5s\033[m' ;;
	*) columns='\033[32m%-5s\033[m' ;;
	esac
	# shellcheck disable=SC2059 # a format
	print_line "$(printf "$columns %-12s %s" "$1" "$2" "$text")"
}

# key_file NAME: sets $key to the file that ascp reads for -i NAME; a bare name may be in ~/.ssh.
key_file() {
	key=$1
	[ "$1" = "${1#*/}" ] || return 0
	# not an option, and not an account for permcheck
	key=./$1
	[ -e "$1" ] || [ ! -e "${HOME-}/.ssh/$1" ] || key=$HOME/.ssh/$1
}

# known_status STATUS FILTER: ends unless STATUS is 0, 1 or 2.
known_status() {
	[ "$1" -le 2 ] || die "xferkey $2: failed with status $1"
}

# ask_filter FILTER [ARG ...]: shows and runs it; sets $line to its output, and $trouble if it fails.
ask_filter() {
	quote xferkey "$@"
	# shows the source that -P named
	case $quoted in
	*' env:XFERKEY_HELD '*)
		quoted="${quoted%%env:XFERKEY_HELD*}${held_from-env:XFERKEY_HELD}${quoted#*env:XFERKEY_HELD}"
		;;
	esac
	show_step "$quoted"
	: >"$tmp/trouble"
	got=0
	if [ "$1 $2 ${3-}" = 'fpr -P ask' ]; then
		# a filter asks only if its messages go to a terminal
		line=$(xferkey "$@") || got=$?
		trouble='not decrypted'
		[ "$got" -eq 0 ] || echo "$tool: said above" >"$tmp/trouble"
	else
		line=$(xferkey "$@" 2>"$tmp/trouble") || got=$?
		[ "$got" -eq 0 ] || trouble=${line##*	}$(first_message)
	fi
	known_status "$got" "$1"
	[ "$got" -eq 0 ]
}

# read_row: sets $at, $half, $format, $protection, $type, $bits, $fips, $fingerprint, $comment and $derivation from the
# first row of keyinfo in $row; and $weak, $ssh_odd and $libssh2_odd to why servers, ssh and libssh2 refuse the key, or
# to nothing.
read_row() {
	IFS='	' read -r _ at half format protection type bits fingerprint weak fips ssh_odd libssh2_odd comment \
		derivation <<-END || die "keyinfo's answer cannot be read"
		$row
	END
	fingerprint=${fingerprint#-} weak=${weak#-} ssh_odd=${ssh_odd#-} libssh2_odd=${libssh2_odd#-}
	[ "$weak" != ok ] || weak=
	[ "$ssh_odd" != loads ] || ssh_odd=
	[ "$libssh2_odd" != loads ] || libssh2_odd=
}

# private_key: read_row for the one private key in $key; sets $said to all output of keyinfo. Status 1, and $trouble, if
# the file is something else, or, unless $any_format is set, a key of PuTTY or ssh.com.
private_key() {
	[ -f "$key" ] || trouble="$key: $(absent "$key")"
	[ -f "$key" ] || return 1
	quote "$key"
	got=0
	said=$(xferkey keyinfo -i ${any_format:+-F} "$key" 2>&1) || got=$?
	known_status "$got" keyinfo
	if [ "$got" -ne 0 ]; then
		trouble=$(printf '%s\n' "$said" | sed -e '/: repaired: /d' -e q)
		trouble=${trouble#*: } trouble=${trouble:-not read}
		[ -n "$any_format" ] || case $(xferkey keyinfo -i -F "$key" 2>/dev/null | cut -f 4) in
		PPK?) trouble="a PuTTY key: xferkey import $quoted" ;;
		esac
		return 1
	fi
	row=$said trouble=
	# the rows come last
	while [ "$row" != "${row#xferkey-*"$newline"}" ]; do
		row=${row#*"$newline"}
	done
	read_row
	case $half:$any_format$format:$row in
	*'	private	'*"$newline"* | *"$newline"*'	private	'*)
		trouble="$key: more than one key in it"
		[ "$half" = private ] || trouble="$key: line $at: a public key beside a private one"
		;;
	public:*)
		trouble='a public key, but ascp -i requires the private one'
		for name in "${key%.*}.ppk" "${key%.*}"; do
			[ ! -f "$name" ] || [ "$name" = "$key" ] || trouble="a public key; its private one may be $name"
		done
		;;
	private:PPK*) trouble="a PuTTY key: xferkey import $quoted" ;;
	private:SSHCOM*) trouble="a key of ssh.com: xferkey import $quoted" ;;
	esac
	[ -z "$trouble" ]
}

read_from() {
	[ "$1" != - ] || return 0
	[ -f "$1" ] || [ -p "$1" ] || die "$1: $(absent "$1")"
	[ -r "$1" ] || die "$1: cannot read"
	exec <"$1"
}

# one_public_key FILE [ACCOUNT]: sets $public to the one public key in FILE ("-": standard input), without options,
# $dropped to these options, and $fingerprint, $bits, $type and $weak. FILE may be a mail message. It is read once, by a
# filter that writes no private key. If the key is repaired, a message says so, and $lenient is -F. Refused are: no key,
# two keys, a private key, a message for another account, and, unless $tolerant, a weak key. It has two steps:
# receive_key FILE [ACCOUNT] reads (if it fails, first_message prints why), judge_received FILE does the rest.
one_public_key() {
	receive_key "$@" || die "$1: $(first_message)"
	judge_received "$1"
}

receive_key() {
	read_from "$1"
	tmpdir
	public=$(xferkey pubfmt -R ${2:+-u "$2"} 2>"$tmp/trouble")
}

judge_received() {
	mended=$(sed -n -e 's/^[^:]*: standard input: //' -e '/^repaired: /p' "$tmp/trouble") || die 'sed: failed'
	dropped_options
	row=$(printf '%s\n' "$public" | xferkey keyinfo 2>/dev/null) || die "$1: no fingerprint"
	read_row
	[ -z "$weak" ] || [ -n "$tolerant" ] || die "$1: $weak"
	lenient=
	if [ -n "$mended" ]; then
		lenient=' -F'
		warn "$1: $mended: the key in it is $bits $fingerprint ($type)"
	fi
	quote "$1"
	show_step "xferkey pubfmt$lenient $quoted"
	show_step "xferkey fpr$lenient $quoted"
}

# dropped_options: sets $dropped to the options that the filter has dropped.
dropped_options() {
	dropped=$(sed -n 's/^[^:]*: standard input: the options in it are dropped: //p' "$tmp/trouble") || die 'sed: failed'
}

first_message() {
	sed -e 's/^[^:]*: //' -e 's/^standard input: //' -e 1q "$tmp/trouble"
}

# typed_fingerprint WORD: sets $fingerprint to WORD as fpr writes it; status 1, and $trouble, if WORD is malformed.
typed_fingerprint() {
	got=0
	fingerprint=$(xferkey fpr -n "$1" 2>&1) || got=$?
	known_status "$got" fpr
	trouble=${fingerprint#*: -n: }
	[ "$got" -eq 0 ]
}

# lent_comment: in PEM and PKCS8 the key has no comment: sets $opt_C to that of its .pub.
lent_comment() {
	case ${opt_C+given}$format:$fingerprint in
	PEM:?* | PKCS8:?*) ;;
	*) return 0 ;;
	esac
	# a FIFO that nobody named would be waited for
	[ -f "$key.pub" ] || return 0
	got=0
	row=$(xferkey keyinfo "$key.pub" 2>&1) || got=$?
	known_status "$got" keyinfo
	row=$(printf '%s\n' "$row" | cut -f 8,13) || die 'cut: failed'
	case $row in
	"$tool: "*) ;;
	*"$newline"* | *'	-') ;;
	"$fingerprint	"*) opt_C=${row#*	} ;;
	*'	'*) ;;
	*) die "$key.pub: keyinfo's answer cannot be read" ;;
	esac
}

# other_name FILE: FILE is missing: adds to $trouble the command with the name that may be meant.
other_name() {
	case $1 in
	[A-Za-z]:\\*)
		drive=$(printf %s "${1%%:*}" | tr '[:upper:]' '[:lower:]')
		quote "/mnt/$drive$(printf %s "${1#*:}" | tr '\134' /)"
		trouble="$trouble; under WSL: xferkey import $quoted"
		;;
	*)
		quote "$1.ppk"
		[ ! -f "$1.ppk" ] || [ "$(visible "$1")" != "$1" ] || trouble="$trouble: xferkey import $quoted"
		;;
	esac
}

# is_name NAME: whether it can be an account (host$ is one of a machine, user@domain one of a directory service).
is_name() {
	case ${1%\$} in
	'' | [!A-Za-z0-9_]* | *[!A-Za-z0-9._@+-]*) return 1 ;;
	esac
}
