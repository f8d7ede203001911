# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# The common part of get and put, which set $usage and $example.
mask=$(umask) || exit 2
. "$libexecdir/lib/base.sh"
. "$libexecdir/lib/sites.sh"

usage="$usage

Runs xferkey ascp with the flags, rate, port and key in the profile of SITE;
options of ascp override these. xferkey sites lists the sites.
  $example

Status: that of xferkey ascp."

# find_key: sets $key to the key of -i or of the site, or unsets it if the site needs no key.
find_key() {
	key=$ascp_key
	! is_in "$ascp_given" -i || return 0
	site_key_file "$site"
	key=$site_path
	[ "$site_key:$site_keyfile" != password: ] || {
		unset key
		return
	}
	[ ! -e "$key" ] || return 0
	trouble=$(absent "$key")
	case $trouble:$site_key in
	'no such file:own' | 'no such file:') die "$key: no such file (xferkey generate --site $site makes it)" ;;
	*) die "$key: $trouble${site_keysource:+: $site_keysource}" ;;
	esac
}

# site_transfer send|recv ASCP-ARG ...: becomes xferkey ascp, with the profile's options before the user's.
site_transfer() {
	way=$1
	shift
	case ${1-} in
	-h | --help)
		print_line "$usage"
		exit 0
		;;
	-V | --version) answer "xferkey $version" ;;
	esac
	words=$("$libexecdir/xferkey-ascp-args" "$@" 2>&1) || die "${words#xferkey-ascp-args: }"
	eval "$words"
	case $ascp_given in
	*' --mode '* | *' --host '* | *' --user '* | *' --file-list '* | *' --file-pair-list '*)
		die '--mode, --host, --user and the lists of files are for xferkey ascp'
		;;
	esac
	[ -z "$ascp_unknown" ] || die "$ascp_unknown: no manual of ascp has it: xferkey ascp passes it on"
	case $ascp_mode:$way:${ascp_destination:+given} in
	send:send:* | recv:recv:given) ;;
	*:send:*) die 'required: FILE ... [USER@]SITE:PATH' ;;
	*) die 'required: [USER@]SITE:PATH ... DEST' ;;
	esac
	site=$ascp_host
	site_find "$site" || die "$site: no such site: xferkey sites lists them, and a host is for xferkey ascp"
	site_load "$site"
	host=$site_host user=${ascp_user:-$site_user}
	[ -n "$host" ] || die "$site_shown: no host"
	[ -n "$user" ] || die "$site: no account: USER@$site:PATH, or once: xferkey sites --user USER $site"
	find_key
	case $host in
	*:*) host="[$host]" ;;
	esac

	eval "set -- $ascp_sources"
	if [ "$way" = send ]; then
		set -- "$@" "$user@$host:$ascp_destination"
	else
		for path; do
			shift
			set -- "$@" "$user@$host:$path"
		done
		set -- "$@" "$ascp_destination"
	fi
	eval "set -- $ascp_other \"\$@\""
	[ "$site_port" != 22 ] || site_port=
	rate=${ascp_rate:-$site_rate} port=${ascp_port:-$site_port}
	set -- ${ascp_resume:+-k "$ascp_resume"} ${ascp_log:+-L "$ascp_log"} "$@"
	[ -z "${key+given}" ] || set -- -i "$key" "$@"
	set -- ${rate:+-l "$rate"} ${port:+-P "$port"} "$@"
	# ssh reads known_hosts instead
	[ -z "$site_hostsha1" ] || [ "${XFERKEY_ENGINE-}" = sftp ] || is_in "$ascp_given" --check-sshfp ||
		set -- "--check-sshfp=$site_hostsha1" "$@"
	# the user did not type them, and need not hear that SFTP ignores them
	[ "${XFERKEY_ENGINE-}" != sftp ] ||
		site_flags=$(echo "$site_flags" | tr ' ' '\n' | grep -vxE -e '-([QTrv]+|[mOZ].*|-policy=.*)' | tr '\n' ' ')
	eval "set -- $site_flags \"\$@\""
	umask "$mask"
	XFERKEY_TYPED=$tool exec "$libexecdir/xferkey-ascp" "$@"
}
