# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Whether an account of an Aspera server can upload its own SSH keys: check --docroot.
. "$libexecdir/lib/server.sh"

# asuserdata NAME: sets $value to its value in $tmp/asuserdata, which has lines NAME: "VALUE"; empty if it is not set.
# Status 1: no such line. Two are an error.
asuserdata() {
	rows=$(LC_ALL=C sed -n "s/^[ 	]*$1: \"\\([^\"]*\\)\"[ 	]*\$/\\1/p" "$tmp/asuserdata" && echo .) || die 'sed: failed'
	value=${rows%%"$newline"*}
	case $rows in
	.) return 1 ;;
	*"$newline"*"$newline"*) die "$given: more than one line $1: not known" ;;
	esac
	case $value in
	AS_NULL | '<Empty String>') value= ;;
	esac
}

# real_path FILE: sets $real to its path without symbolic links in the directories; missing ones are kept as they are,
# and $above is the deepest directory that exists.
real_path() {
	# bash keeps two slashes at the beginning
	squeeze "$1"
	above=${squeezed%/*} missing=/${1##*/}
	until [ -z "$above" ] || [ -e "$above" ] || [ -L "$above" ]; do
		missing=/${above##*/}$missing above=${above%/*}
	done
	real=$(cd "$above/" 2>/dev/null && pwd -P) || die "$1: $above: a directory that cannot be entered: not known"
	above=$real real=${real%/}$missing
}

# read_docroot: sets $docroot to the real path of the docroot of $user; status 1 if the account may not write there.
# shellcheck disable=SC2016 # the variables are Aspera's
read_docroot() {
	asuserdata write_allowed ||
		die "$given: no line write_allowed: \"true\" or \"false\": not the text of asuserdata -u $user"
	case $value in
	true) ;;
	false) return 1 ;;
	*) die "$given: write_allowed: neither true nor false: not known" ;;
	esac
	! asuserdata file_restriction || [ -z "$value" ] || die "$given: file_restriction $value: not known what it permits"
	asuserdata absolute || die "$given: no line absolute: \"DOCROOT\": not the text of asuserdata -u $user"
	docroot=${value:-/}
	case $home in
	*'$('*) die "$user: the home $home: not understood" ;;
	esac
	while :; do
		case $docroot in
		*'$(name)'*) docroot=${docroot%%'$(name)'*}$user${docroot#*'$(name)'} ;;
		*'$(home)'*) docroot=${docroot%%'$(home)'*}$home${docroot#*'$(home)'} ;;
		*'$('* | [!/]* | */.. | */../*) die "$given: the docroot $docroot: not the path of a directory here: not known" ;;
		*) break ;;
		esac
	done
	real_path "$docroot/."
	docroot=${real%/.}
}

# only_root_writes FILE: whether only root can make, replace or change $real, by the owners and modes.
only_root_writes() {
	trouble=''
	is_roots "$above" || return 1
	[ -e "$real" ] || [ -L "$real" ] || return 0
	others=$(find "$real" -prune \( ! -user 0 -o -perm -020 -o -perm -002 \) 2>/dev/null) && [ -z "$others" ]
}

# in_docroot FILE: whether the account can upload FILE, or a file or link that FILE leads to: sshd follows links; then
# sets $leads to words that say so.
in_docroot() {
	leads=
	set -- "$1" ........................................
	while real_path "$1"; do
		case $real/ in
		*/../*) die "$real: not known where it leads" ;;
		"$docroot"/*) [ "$uid" != 0 ] && only_root_writes || return 0 ;;
		esac
		[ -L "$real" ] || return 1
		[ -n "$2" ] || die "$real: too many symbolic links"
		# the dot keeps a name's last newline
		link=$(readlink "$real" && echo .) || die "$real: a symbolic link that cannot be read: not known"
		link=${link%"$newline".} leads='leads to a file that '
		[ "${link#/}" != "$link" ] || link=${real%/*}/$link
		set -- "$link" "${2#.}"
	done
}

# check_docroot FILE: prints check's findings about the docroot of --user in FILE, the text of asuserdata.
check_docroot() {
	given=$1
	set_account ${opt_user:+"$opt_user"}
	tmpdir
	read_from "$1"
	head -c 1048577 >"$tmp/asuserdata" || die "$1: cannot read"
	{ length -c "$tmp/asuserdata" && [ "$length" -le 1048576 ]; } || die "$1: more than 1 MiB"
	writes=yes
	read_docroot || writes=
	key_files
	[ -z "$unasked" ] || die "$unasked"
	[ -z "$elsewhere" ] || finding note docroot "HOME is not the home of $user: sshd looks in $elsewhere"
	[ -z "$assumed" ] ||
		finding note docroot 'sshd could not be asked where it looks: .ssh/authorized_keys and authorized_keys2 are assumed'
	if [ -z "$writes" ]; then
		finding ok docroot "$user: write_allowed is false: nothing can be uploaded"
		return
	fi
	keep_text lists "$lists"
	while IFS= read -r list; do
		if in_docroot "$list"; then
			finding fail docroot "$user can upload $list, the file of its keys: it ${leads}is in the docroot ${docroot:-/}"
		else
			finding ok docroot "$user cannot upload $list"
		fi
	done <"$tmp/lists"
	! in_docroot "$home/.ssh/rc" || [ "$(sshd_says permituserrc 2>/dev/null)" = no ] ||
		finding note docroot "$user can upload $home/.ssh/rc: sshd runs it, unless the key has restrict or no-user-rc"
	[ "$verdict" -eq 0 ] ||
		finding note docroot 'in sshd_config, AuthorizedKeysFile /etc/ssh/keys/%u keeps the keys outside the homes'
	finding note docroot "by the text in $given; not tried against a live server"
}
