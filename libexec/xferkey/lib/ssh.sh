# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# The arguments of ssh. Sourced after base.sh.

# host_name WORD: refuses a WORD that is not [USER@]HOST, or that ssh could read as an option.
host_name() {
	name=${1%']'}
	# the brackets of an IPv6 address; ksh93 knows no pattern for them
	[ "$name" = "$1" ] || name=${name%%'['*}${name#*'['}
	case $name in
	'' | -* | *@-* | @* | *@ | *[!A-Za-z0-9._@%:+-]*) die "'$1' is not the name of a host" ;;
	esac
}

# ssh_options KEY: sets $quoted to the options of every ssh, for eval; KEY may be empty.
ssh_options() {
	batch=yes
	! can_ask || batch=no
	set -- "$1" -o BatchMode=$batch -o ConnectTimeout=20 -o ServerAliveInterval=10
	if [ -n "$1" ]; then
		case $1 in
		*"\${"* | *%*[\"\\]* | *[\"\\]*%*) die "$1: ssh would expand its name: rename it" ;;
		# not -i "$escaped": ssh would look for a file with "%%" in its name, and without it use other keys
		*%*)
			escaped=$(printf '%s\n' "$1" | LC_ALL=C sed 's/%/%%/g')
			set -- "$@" -o "IdentityFile=\"$escaped\""
			;;
		*) set -- "$@" -i "$1" ;;
		esac
		set -- "$@" -o IdentitiesOnly=yes
	fi
	shift
	quote ${XFERKEY_SSH_CONFIG:+-F "$XFERKEY_SSH_CONFIG"} "$@"
}

# ssh_starts ARG ...: whether ssh accepts its configuration and its user; if not, $text is its first message.
ssh_starts() {
	refusal=$(ssh -G "$@" 2>&1 >/dev/null </dev/null) && return
	text=$(print_line "$refusal" | tr -d '\r' | sed 1q)
	return 1
}
