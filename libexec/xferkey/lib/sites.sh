# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# The profiles of sites. They are data: no value is evaluated (ksh evaluates numbers) or read as an option.

site_fields='title host port user hostkey flags rate to subject key keyfile keysource individual types bits'
site_fields="$site_fields passphrase source checked tried"
# for shellcheck, which does not read eval
site_path='' site_title='' site_individual='' site_source=''

site_clear() {
	site_hostprint='' site_hostsha1=''
	for name in $site_fields; do
		eval "site_$name="
	done
}
site_clear

# the user's own profiles; XDG forbids a relative path
case ${XDG_CONFIG_HOME-}:${HOME-} in
/*:*) own_sites=$XDG_CONFIG_HOME/xferkey/sites ;;
*:/*) own_sites=$HOME/.config/xferkey/sites ;;
*) own_sites= ;;
esac

# is_site NAME: whether NAME can be a site. ~/.ssh/NAME is its key, so that no file of ssh can be NAME.
is_site() {
	case $1 in
	'' | -* | *[!a-z0-9-]* | config | environment | rc) return 1 ;;
	esac
}

# site_find NAME: sets $site_file to the first profile found, $site_place to its place (own, /etc or share), and
# $site_shown to its path for messages.
site_find() {
	is_site "$1" || return 1
	# in yash the variable of a loop is local
	for place in own /etc share; do
		site_place=$place
		case $place in
		own) site_file=$own_sites/$1 ;;
		/etc) site_file=/etc/xferkey/sites/$1 ;;
		share) site_file=$sharedir/sites/$1 ;;
		esac
		[ "$place:$own_sites" != own: ] || continue
		site_shown=${site_file#"$libexecdir/../../"}
		[ ! -e "$site_file" ] && [ ! -L "$site_file" ] || return 0
		is_absent "${site_file%/*}" "$1" || die "$site_shown: cannot look at it"
	done
	return 1
}

# is_absent DIRECTORY NAME: whether NAME is surely not there. If it cannot be looked at, no other profile replaces it.
is_absent() {
	[ -d "$1" ] || return 0
	looked=$(LC_ALL=C ls "$1" 2>/dev/null) || {
		[ -x "$1" ]
		return
	}
	! is_in "$looked" "$2" "$newline"
}

# site_names: sets $names to the files among the profiles, one on each line; is_site tells which are sites.
site_names() {
	set --
	for dir in "$own_sites" /etc/xferkey/sites "$sharedir/sites"; do
		[ ! -d "$dir" ] || set -- "$@" "$dir"
	done
	[ $# -gt 0 ] || die 'there are no profiles'
	# shellcheck disable=SC2012 # any name
	names=$({ ls "$@" && echo '~'; } 2>/dev/null | LC_ALL=C sort -u) || names=
	is_in "$names" '~' "$newline" || die 'the profiles cannot be listed'
}

# only_ours PROFILE: refuses it if others can change or redirect it: it decides where files go. It need not exist yet.
only_ours() {
	set -- "$1" "${1%/*}"
	case ${2%/*} in
	*/xferkey) set -- "$@" "${2%/*}" ;;
	esac
	[ -e "$1" ] || [ -L "$1" ] || shift
	set_me
	looked=$(find "$@" -prune ! -type l \( -user "$me" -o -user 0 \) ! -perm -020 ! -perm -002 2>/dev/null) ||
		die "$site_shown: find cannot look at it, or at its directory"
	[ "$looked" = "$(printf '%s\n' "$@")" ] ||
		die "$site_shown: the profile, or its directory, is a symbolic link, or others can change it:" \
			'use no link, chmod go-w, owner you or root'
}

# site_load NAME: sets $site_title and so on to the fields of its profile.
site_load() {
	is_site "$1" || die "$1: not the name of a site"
	site_find "$1" || die "$1: no such site (xferkey sites lists them)"
	[ -f "$site_file" ] || die "$site_shown: $(absent "$site_file")"
	[ -r "$site_file" ] || die "$site_shown: cannot read"
	[ "$site_place" = share ] || only_ours "$site_file"
	site_clear
	read_whole "$site_file" "$site_shown"
	[ -s "$site_file" ] ||
		die "$site_shown: empty: remove this file to use another profile of that name"
	rest=$text
	while [ -n "$rest" ]; do
		line=${rest%%"$newline"*} rest=${rest#"$line"} rest=${rest#"$newline"}
		name=${line%% = *}
		case $name:$line in
		:* | '#'*) continue ;;
		*[[:cntrl:]]*) die "$site_shown: a control character" ;;
		*[!a-z]*:"$name = "* | "$name:$name") name= ;;
		esac
		is_in "$site_fields" "$name" || die "$site_shown: ${line%% = *}: not a field"
		eval "site_$name=\${line#* = }"
	done
	site_check
}

site_is_not() {
	die "$site_shown: $1: not $2"
}

# host_prints: sets $site_hostprint to the SHA256 fingerprint in $site_hostkey, or of the public key in it; for such a
# key also $site_hostsha1 to its SHA-1 in hex.
host_prints() {
	site_hostprint=$site_hostkey
	case $site_hostkey in
	*[!A-Za-z0-9@.+/=\ -]* | *' '*' '* | *-cert-v[0-9]*) return 0 ;;
	*' '*) ;;
	*) return 0 ;;
	esac
	row=$(printf '%s\n' "$site_hostkey" | xferkey fpr 2>/dev/null) || return 0
	row=${row#* } site_hostprint=${row%% *}
	row=$(printf '%s\n' "$site_hostkey" | xferkey fpr -x -E sha1) || die "$site_shown: hostkey: no SHA-1 of it"
	row=${row#* } site_hostsha1=${row%% *}
}

# site_check: ends unless each field that a command uses is empty or valid.
site_check() {
	case $site_port in
	*[!0-9]* | 0* | ??????*) site_port=65536 ;;
	esac
	[ "${site_port:-1}" -le 65535 ] || site_is_not port 'a number from 1 to 65535'
	case $site_bits in
	*[!0-9]* | 0* | ??????*) site_is_not bits 'a number of bits' ;;
	esac
	case $site_checked in
	'' | [12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]) ;;
	*) site_is_not checked 'a date, YYYY-MM-DD' ;;
	esac
	case $site_host in
	-* | *[!A-Za-z0-9._:-]*) site_is_not host 'the name of a host' ;;
	esac
	case $site_user in
	-* | *[!A-Za-z0-9._@+-]*) site_is_not user 'the name of an account' ;;
	esac
	host_prints
	word=${site_hostprint#SHA256:}
	case ${word##*[!A-Za-z0-9+/]*}:${#site_hostprint}:$site_hostprint in
	:0: | ?*:50:SHA256:*) ;;
	*) site_is_not hostkey 'a fingerprint as xferkey fpr prints it, or a public key (type and base64)' ;;
	esac
	case $site_rate:${site_rate%[KMGkmg]} in
	:) ;;
	[!0-9]* | *[!0-9] | *:*[!0-9.]* | *:*.*.*) site_is_not rate 'a number, with K, M or G' ;;
	esac
	case $site_keyfile in
	*[[:cntrl:]]*) site_is_not keyfile 'a path of printable characters' ;;
	'' | /* | \~/?*) ;;
	*) site_is_not keyfile 'a path from / or ~/' ;;
	esac
	case $site_key in
	'' | own | site-issued | shared | password) ;;
	*) site_is_not key 'own, site-issued, shared or password' ;;
	esac
	case $site_individual in
	'' | yes) ;;
	*) site_is_not individual yes ;;
	esac
	case $site_passphrase in
	'' | none | wanted) ;;
	*) site_is_not passphrase 'none or wanted' ;;
	esac
	rest=$site_flags
	while [ -n "$rest" ]; do
		word=${rest%% *} rest=${rest#"${rest%% *}"} rest=${rest# }
		site_flag "$word" || site_is_not "flags: $word" 'an option for a profile'
	done
}

# site_flag WORD: whether this option only says how to transfer: it names no key, account, log or file, runs and removes
# nothing, and has no character special to sh.
site_flag() {
	case $1 in
	--policy=* | --overwrite=* | --symbolic-links=* | --file-checksum=*)
		word=${1#*=}
		case $word in
		'' | *[!a-z0-9+-]*) return 1 ;;
		*) return 0 ;;
		esac
		;;
	-?*) word=${1#-} ;;
	*) return 1 ;;
	esac
	word=${word#"${word%%[!QTdpqrv]*}"}
	value=${word#?}
	case $word in
	'' | k[0-3]) return 0 ;;
	[mOZ]*) value=${value%[KMGkmg]} ;;
	[!c]*) return 1 ;;
	esac
	case $word:$value in
	*: | c*:*[!a-z0-9-]* | [mOZ]*:*[!0-9]*) return 1 ;;
	esac
}

# site_option: loads the profile of $site, which --site names, and sets $site_path to its private key.
site_option() {
	if [ -n "${opt_site+given}" ]; then
		site=$opt_site
		site_load "$site"
		site_key_file "$opt_site"
	fi
}

# default_key SUFFIX: sets $path to the private key of the site, or to ~/.ssh/aspera_rsa, with SUFFIX; ends if no such
# file exists.
default_key() {
	if [ -z "$site_path" ]; then
		need_home
		site_path=$ssh_dir/aspera_rsa
	fi
	path=$site_path$1
	[ -z "$show" ] && [ ! -f "$path" ] || return 0
	trouble=$(absent "$path")
	quote "$site_path"
	[ "$trouble" = 'no such file' ] || die "$path: $trouble"
	[ ! -e "$site_path" ] || die "$path: no such file: xferkey pubfmt $quoted shows the public key"
	# generate replaces no link
	[ "${site_key:-own}:$([ ! -L "$site_path" ] || echo link)" = own: ] || die "$path: no such file"
	die "$path: no such file: xferkey generate${opt_site+ --site $opt_site} makes it"
}

# login_words KEY.pub: sets $quoted to check's arguments for a login with the private half of KEY.pub.
login_words() {
	safe_path "${1%.pub}"
	[ "$1" != "${1%.pub}" ] && [ -f "$path" ] || path=KEY
	set -- ${opt_user:+--user "$opt_user"} --login
	[ -n "$site_host" ] || set -- --login "${opt_user:-USER}@HOST"
	[ "$path" = "$site_path" ] || set -- "$path" "$@"
	quote ${opt_site:+--site "$opt_site"} "$@"
}

# site_takes SUBJECT TYPE BITS: refuses a key that the loaded $site does not accept, warns if the site asks for another
# type. SUBJECT may be empty; BITS need not be a number.
site_takes() {
	wanted=${site_types#only }
	if [ -n "$wanted" ] && ! is_in "$wanted" "$2"; then
		[ "$wanted" = "$site_types" ] || die "${1:+$1: }$2, and $site accepts only $wanted"
		warn "${1:+$1: }$2, and $site asks for $wanted"
	fi
	case $2:$3:$site_bits in
	RSA:: | RSA:*[!0-9]*:* | *:) ;;
	RSA:*) [ "$3" -ge "$site_bits" ] || die "${1:+$1: }RSA of $3 bits, and $site requires $site_bits or more" ;;
	esac
}

# site_protects SUBJECT none|ask|OTHER: warns if the loaded $site asks for another protection.
site_protects() {
	case $site_passphrase:$2 in
	wanted:none) warn "${1:+$1: }no passphrase, and $site asks for one" ;;
	wanted:ask) warn "${1:+$1: }$site asks for a passphrase" ;;
	none:none | wanted:*) ;;
	none:ask) warn "${1:+$1: }$site asks for a key without a passphrase: press Enter" ;;
	none:*) warn "${1:+$1: }a passphrase, and $site asks for none" ;;
	esac
}

site_next() {
	# HOME may be missing
	[ -t 2 ] && (need_home) 2>/dev/null || return 0
	site_key_file "$1"
	if [ -f "$site_path" ]; then
		[ -z "$site_host" ] || [ -z "$site_user" ] || advise "xferkey check --site $1 --login"
	elif [ "${site_key:-own}" = own ] && [ ! -e "$site_path" ] && [ ! -e "$site_path.pub" ]; then
		advise "xferkey generate --site $1"
	fi
}

# site_key_file NAME: sets $site_path to the loaded site's private key.
site_key_file() {
	site_path=$site_keyfile
	[ "${site_path#/}" = "$site_path" ] || return 0
	need_home
	site_path=$HOME/${site_path#\~/}
	[ -n "$site_keyfile" ] || site_path=$ssh_dir/$1
}
