# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Where a new private key goes, and where its passphrase comes from. Sourced after base.sh.

# left_alone FILE: ends if it exists: no private key is replaced. Says how to make room, if the name can be shown.
left_alone() {
	[ -e "$1" ] || [ -L "$1" ] || return 0
	room=$1.old
	while [ -e "$room" ] || [ -L "$room" ]; do
		room=$room.old
	done
	quote "$1" "$room"
	room="; to make room: mv $quoted"
	[ -f "$1" ] && [ "$(visible "$1")" = "$1" ] || room=
	die "$1 exists and is left alone$room"
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
