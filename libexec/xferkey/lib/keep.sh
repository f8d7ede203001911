# shellcheck shell=sh disable=SC2034,SC2154,SC3013 # shared variables; every sh had -ef before POSIX
# Keeps the private keys here: none is sent, or overwritten by what is received. Sourced after key.sh.

# keep_keys: refuses to send $key, or to receive a file in place of a private key, as far as the arguments tell the
# names.
keep_keys() {
	case $ascp_mode in
	send) keeper=keep_from ;;
	recv) keeper=keep_under ;;
	*) return 0 ;;
	esac
	case $engine:${key##*/} in
	sftp:.xferkey-*) die "$key: partial files have such names: rename it" ;;
	esac
	eval "set -- $ascp_sources"
	for source; do
		"$keeper" "$source"
	done
	# a FIFO is for ascp to read
	if [ -f "$ascp_file_list" ]; then
		while IFS= read -r source || [ -n "$source" ]; do
			"$keeper" "$source"
		done <"$ascp_file_list"
	fi
	[ -f "$ascp_file_pair_list" ] || return 0
	while IFS= read -r source; do
		IFS= read -r name || [ -n "$name" ] || break
		[ "$ascp_mode" = recv ] || name=$source
		"$keeper" "$name"
	done <"$ascp_file_pair_list"
}

# keep_from SOURCE: refuses to send $key, or a directory that it is in.
keep_from() {
	[ -n "$key" ] && home=$(readlink -f -- "$key") || return 0
	[ ! "$1" -ef "$key" ] || die "$1: a private key is not sent"
	[ -d "$1" ] || return 0
	dir=$(cd -- "$1" 2>/dev/null && pwd -P) || die "$1: cannot be entered: not known whether the key is in it"
	dir=${dir%/}/
	[ "${home#"$dir"}" = "$home" ] || die "$1: the private key $key is in it, and is not sent"
}

# keep_under SOURCE: refuses to receive SOURCE if it would have the name of a private key here, or if ascp might
# receive a directory in which such a key is.
keep_under() {
	to=${ascp_destination:-.} name=$1
	keep_file "$to"
	while [ "$name" != "${name%/}" ]; do
		name=${name%/}
	done
	case " $ascp_given" in
	# ascp keeps an end of the path, and we do not know which
	*' --src-base'*) ;;
	*) name=${name##*/} ;;
	esac
	while :; do
		keep_file "$to/$name"
		case $engine:/$name in
		sftp:* | */ | */. | */..) ;;
		*) [ ! -d "$to/$name" ] || keep_tree "$to/$name" ;;
		esac
		[ "$name" != "${name#*/}" ] || return 0
		name=${name#*/}
	done
}

# keep_file FILE: refuses to receive FILE if it is a private key, or one half of $key.
keep_file() {
	[ -f "$1" ] || return 0
	for mine in "$key" "$key.pub" "$key-cert.pub"; do
		[ -z "$key" ] || [ ! "$1" -ef "$mine" ] || die "$1: the key in use is not overwritten"
	done
	# no filter reads more than 1 MiB
	! head -c 1048576 -- "$1" 2>/dev/null | LC_ALL=C grep -qE \
		'^(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|---- BEGIN SSH2 ENCRYPTED|PuTTY-User-Key-File-)' ||
		die "$1: a private key is not overwritten"
}

# keep_tree DIRECTORY: refuses to receive a tree there if $key or ~/.ssh is below it: the server chooses the names.
keep_tree() {
	for kept in "$key" "${HOME-}/.ssh/."; do
		[ -e "$kept" ] || continue
		for up in "$kept" "$(readlink -f -- "$kept")/."; do
			[ "${up#/}" != "$up" ] || up=$PWD/$up
			while [ -n "$up" ]; do
				up=${up%/*}
				[ ! "${up:-/}" -ef "$1" ] ||
					die "$1: ${kept%/.} is in it, and could be overwritten: receive into another directory"
			done
		done
	done
}
