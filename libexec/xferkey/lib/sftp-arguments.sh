# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Over SFTP: what ascp's arguments mean, which program copies, and what ssh says of a failure.
. "$libexecdir/lib/ssh.sh"

# quote_path PATH: sets $word to PATH, quoted so that lftp and sftp see no URL, option or ~; $pattern for lftp's cls.
quote_path() {
	word=./$1
	[ "${1#/}" = "$1" ] || word=$1
	pattern=\"$(print_line "$word" | LC_ALL=C sed 's/\\/\\\\&\\/g; s/[][*?]/\\\\&/g; s/"/\\"/g')\"
	word=\"$(print_line "$word" | LC_ALL=C sed 's/[\\"]/\\&/g')\"
}

# sftp_arguments: sets $target; $into to yes if that must be a directory, to make if it is to be made; $meter to the
# terminal for the progress, or to nothing; and $ssh.
sftp_arguments() {
	lftp=$(command -v lftp || :) unused='' into='' key='' target=${ascp_destination:-.} meter=/dev/tty master=
	[ -z "$quiet" ] && [ -t 1 ] || meter=
	set -f
	for option in $ascp_given; do
		case $option:$ascp_resume:${ascp_kbits:-0} in
		-k:[!0-3]*:* | -k:[0-3]?*:*) die "-k $ascp_resume: not one of 0, 1, 2 and 3" ;;
		-k:[23]:*) unused="$unused -k$ascp_resume${lftp:+ (compared by size and time here)}" ;;
		-l:*:0) die "-l $ascp_rate: not a rate: Kbit a second, or with K, M or G" ;;
		-d:*) into='make' ;;
		-q:*) meter= ;;
		-[ikLlPp]:* | --host:* | --mode:* | --user:*) ;;
		-[mOQrTvZ]:* | --policy:*) unused="$unused $option" ;;
		*) die "$option: not possible over SFTP (xferkey help ascp)" ;;
		esac
	done
	set +f
	[ -n "$ascp_mode" ] || die 'one of source and destination must be HOST:PATH'
	[ "$ascp_mode:$ascp_destination" != recv: ] || die 'the destination has no path'
	eval "set -- $ascp_sources"
	[ $# -gt 0 ] || die 'a source and a destination are required (xferkey help ascp)'
	case $#/$target in
	1/*/ | 1/. | 1/*/. | 1/.. | 1/*/.. | [!1]* | 1[!/]*) into=${into:-yes} ;;
	esac
	for source; do
		[ -n "$source" ] || die "a source has no path${ascp_host:+ on $ascp_host}"
		[ "$ascp_mode" = recv ] || [ -e "$source" ] || die "$source: $(absent "$source")"
		[ "$ascp_mode" = recv ] || [ ! -d "$source" ] || into=${into:-yes}
	done
	find_lftp "$@"
	[ "$ascp_mode:$into" != recv:yes ] || [ -d "$target" ] || die "$target: $(absent "$target" directory)"
	[ "$log" = - ] || [ -d "${log%/*}" ] || [ -n "$show" ] || die "-L ${log%/*}: $(absent "${log%/*}" directory)"
	[ -z "$ascp_key" ] || key_file "$ascp_key"
	host_name "${ascp_user:+$ascp_user@}$ascp_host"
	ssh_options "$key"
	eval "set -- $quoted"
	# disables what ssh's configuration may add
	quote "$@" ${ascp_port:+-o "Port=$ascp_port"} -o ForwardAgent=no -o ForwardX11=no -o ClearAllForwardings=yes \
		-o PermitLocalCommand=no -o RemoteCommand=none ${ascp_user:+-o "User=$ascp_user"} "$ascp_host"
	ssh=$quoted
	[ -n "$quiet" ] || warn "over SFTP, not FASP${unused:+; without effect:$unused}"
}

# find_lftp SOURCE ...: without lftp, refuses what is not done by OpenSSH's sftp.
find_lftp() {
	mkdir='mkdir -p -f'
	[ -n "$lftp" ] || mkdir='-mkdir'
	case $lftp:$#:$((${#1} + ${#target} < 900)):$1$target in
	/*) ;;
	:1:1:*[\\\"*?[]*) die 'without lftp no name with \, ", *, ? or [ is copied: install lftp' ;;
	:1:1:*) command -v sftp >/dev/null || die 'neither lftp nor sftp is found: install lftp' ;;
	*) die 'without lftp only one file is copied, with paths of under 900 characters: install lftp' ;;
	esac
}

# judge_passphrase: sets $code after "Permission denied". ssh offers an encrypted key before it asks for the passphrase,
# unless it lacks the public half.
judge_passphrase() {
	case $text:$(eval "ssh -v -o BatchMode=yes -S none $ssh -s sftp" 2>&1 >/dev/null </dev/null) in
	*publickey*:*'debug1: Server accepts key: '*) code=wrong-passphrase text='' ;;
	*"debug1: Offering public key: $key "*) ;;
	*) code=encrypted-key ;;
	esac
}

# read_ssh_log: sets $code, a code of share's ascp-errors, and $text, from ssh's messages in $tmp/log.
read_ssh_log() {
	text=$(grep . "$tmp/log" | tail -n 1) || :
	text=${text#ssh: }
	case $(cat "$tmp/log") in
	*'Load key "'*'Permission denied ('*)
		code='unused-key'
		text=$(grep '^Load key "' "$tmp/log" | tail -n 1)
		;;
	*'Permission denied ('* | *'Too many authentication failures'*)
		code=19
		[ "$protection" = none ] || judge_passphrase
		;;
	*'HOST IDENTIFICATION HAS CHANGED'*'Host key verification failed'*) code=changed-host-key ;;
	*'Host key verification failed'*) code=unknown-host-key ;;
	*'request failed on channel'*) code=no-sftp ;;
	*'Timeout - reconnecting'*) code=silent ;;
	*'Unable to negotiate with'*) code=no-algorithm ;;
	*'Could not resolve'*'Temporary failure'*) code=no-name-server ;;
	*'Could not resolve'*) code=no-host ;;
	*'connect to host'*'Connection refused'*) code=refused ;;
	*'connect to host'* | *'banner exchange'*) code=no-answer ;;
	'') code=ended ;;
	*) code=16 ;;
	esac
	case $code in
	16 | ended) eval "ssh_starts $ssh" || code=not-started ;;
	esac
	[ -n "$quiet" ] || grep . "$tmp/log" | "$vis" >&2 || :
}
