# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Where a new private key goes, and where its passphrase comes from. Sourced after base.sh.

# left_alone FILE USE: ends if FILE or FILE.pub exists: no private key is replaced. Prints USE, how to use FILE, and how
# to make room for both, if the names can be shown.
left_alone() {
	taken='' words='' room=$1.old
	while [ -e "$room" ] || [ -L "$room" ] || [ -e "$room.pub" ] || [ -L "$room.pub" ]; do
		room=$room.old
	done
	for end in '' .pub; do
		[ -e "$1$end" ] || [ -L "$1$end" ] || continue
		taken=${taken:-$1$end}
		quote mv "$1$end" "$room$end"
		[ ! -f "$1$end" ] || words="$words${words:+ && }$quoted"
	done
	[ -n "$taken" ] || return 0
	[ "$(visible "$1")" = "$1" ] || words=
	use=
	[ "$taken" != "$1" ] || [ ! -f "$1" ] || use=${words:+$2}
	die "$taken exists and is left alone$use${words:+; to make room: $words}"
}

# private_name OPTION FILE: refuses a name that no private key should have; the message names OPTION.
private_name() {
	case ${2##*/} in
	'' | . | .. | *.[Pp][Uu][Bb] | *[[:cntrl:]]*) ;;
	authorized_keys* | known_hosts* | config | environment | rc | -* | .ppk)
		dir=${2%"${2##*/}"}
		[ "$(cd "${dir:-.}" 2>/dev/null && pwd -P)" = "$(cd "${HOME:-/}/.ssh" 2>/dev/null && pwd -P)" ] || return 0
		;;
	*) return 0 ;;
	esac
	die "'${2##*/}' cannot be the name of a private key: name it with $1"
}

make_ssh_dir() {
	[ "${file%/*}" != "${HOME-}/.ssh" ] || (export XFERKEY_NESTED=1 && xferkey setup) || failed
}

# passphrase_source OPTION WORD: refuses an invalid source, without showing it: it may be the passphrase.
passphrase_source() {
	case $2 in
	# our own variables are in small letters
	env:*[abcdefghijklmnopqrstuvwxyz]*) die "$1: env: takes the name of a variable in capital letters" ;;
	'' | ask | none | stdin | env:?* | file:?* | fd:[0-9]*) ;;
	*) die "$1: not a source of a passphrase: ask, none, stdin, env:VAR, file:PATH or fd:N" ;;
	esac
}
