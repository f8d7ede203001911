# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Before and after ascp: what its arguments mean, whether the key can work, and why a transfer failed.
. "$libexecdir/lib/ascp.sh"
. "$libexecdir/lib/keep.sh"
key='' type='' format='' protection=none fingerprint='' unloaded=''
ascp_mode='' ascp_given='' ascp_key='' ascp_rate='' ascp_kbits='' ascp_log='' ascp_sources='' ascp_destination=''
ascp_file_list='' ascp_file_pair_list=''

worry() {
	[ "${XFERKEY_PREFLIGHT-}" != strict ] || die "$1"
	warn "$1"
}

# look_at_key NAME: refuses a key that cannot work, or whose passphrase nobody can give. Calls private_key, and sets
# $unloaded to text for a refused login.
look_at_key() {
	fingerprint='' bits=''
	case $1 in
	'') die '-i: the name of the key is empty' ;;
	-*) die "-i: no key before the option $1" ;;
	esac
	key_file "$1"
	# a FIFO is for ascp to read
	[ ! -p "$key" ] || return 0
	if ! private_key; then
		try_lenient
		trouble="$1: ${trouble#"$key: "}"
		looks_private || die "$trouble"
		worry "$trouble; ssh or ascp may read it"
		return 0
	fi
	if [ "$protection" != none ] && ! can_ask; then
		why='there is no terminal to ask on'
		[ -z "${XFERKEY_BATCH-}" ] || why='XFERKEY_BATCH forbids to ask'
		case $engine:${ASPERA_SCP_PASS:+set} in
		ascp:set) ;;
		ascp:) die "$1: has a passphrase, which ASPERA_SCP_PASS does not give; $why" ;;
		*) die "$1: has a passphrase, and $why" ;;
		esac
	fi
	# status 2 says nothing about the key
	line=$(xferkey permcheck -c "$key" 2>/dev/null) || [ $? -ne 1 ] || {
		unfit_key
		worry "$1: $trouble"
	}
	find_repair
	case $engine:${ssh_odd:+odd}:${libssh2_odd:+odd}:$format:$type in
	sftp:odd:*) worry "$1: ssh does not load it: $ssh_odd$repair" ;;
	ascp:*:odd:*)
		worry "$1: libssh2, with which ascp reads keys, does not load it: $libssh2_odd$repair"
		unloaded="ascp may not load its file ($libssh2_odd$repair), or "
		;;
	ascp:*:OPENSSH:RSA | ascp:*:OPENSSH:ECDSA*) worry "$1: OPENSSH, which old versions of ascp cannot read$repair" ;;
	esac
	look_at_halves "$1"
}

# look_at_halves NAME: warns if the key is weak, or if $key.pub is not its public half.
look_at_halves() {
	[ -z "$weak" ] || worry "$1: $weak"
	[ -f "$key.pub" ] || return 0
	row=$(xferkey keyinfo "$key.pub" 2>/dev/null) || return 0
	private=$fingerprint
	read_row
	if [ -z "$private" ]; then
		[ -z "$weak" ] || worry "$1: $weak"
	elif [ "$private" != "$fingerprint" ]; then
		worry "$1.pub is of another key, which may be the installed one"
		fingerprint=$private
	fi
}

# preflight ARG ...: sets the variables that ascp-args prints; refuses arguments that cannot work.
preflight() {
	case ${XFERKEY_PREFLIGHT-} in
	'' | strict | off) ;;
	*) die 'XFERKEY_PREFLIGHT: neither strict nor off' ;;
	esac
	tmpdir
	words=$("$libexecdir/xferkey-ascp-args" "$@" 2>"$tmp/trouble") || {
		[ "$engine:${XFERKEY_PREFLIGHT-}" = ascp:off ] || die "$(sed -n 's/^xferkey-ascp-args: //p' "$tmp/trouble")"
		words=
	}
	eval "$words"
	case ${XFERKEY_PREFLIGHT-}:" $ascp_given " in
	off:*' -i '*) key_file "$ascp_key" ;;
	*' -i '*) look_at_key "$ascp_key" ;;
	esac
	[ "$engine:${XFERKEY_PREFLIGHT-}" = ascp:off ] || keep_keys
	[ "${XFERKEY_PREFLIGHT-}" != off ] || return 0
	case $engine:$ascp_rate:$ascp_kbits in
	sftp:* | *:: | *%: | *[Pp]: | *:*:?*) ;;
	*) worry "-l $ascp_rate: not a rate to ascp; 100M is 100 Mbit/s, 12.5 megabytes" ;;
	esac
}

# logged: sets $log to ascp's log file, and $from to its length; refuses a file that is not regular.
logged() {
	log=$ascp_log from=0
	[ "$log" != - ] || return 0
	case ${log##*:} in
	"$log" | '' | *[!0-9]*) ;;
	*) log=${log%:*} ;;
	esac
	is_in "$ascp_given" -L || log=$tmp/ascp
	log=$log/aspera-scp-transfer.log
	[ ! -e "$log" ] || [ -f "$log" ] || die "-L $log: not a regular file"
	keep_file "$log"
	[ ! -r "$log" ] || from=$(wc -c <"$log")
}

# run_ascp ARG ...: runs it once; sets $status, $code and $text.
run_ascp() {
	status=0
	logged
	umask "$mask"
	if [ "$engine" = sftp ]; then
		sftp_run || status=$?
	elif [ -z "$show" ]; then
		attend "$ascp" "$@" || status=$?
	fi
	umask 077
	[ "$status" -eq 0 ] || read_log "$log" "$from"
}

# shown ARG ...: sets $quoted to the command line, for the logs of jobs: without the secrets of -W and --proxy.
shown() {
	case $ascp_given in
	*' -W '* | *' --proxy '*)
		last=
		for word; do
			shift
			case $last:$word in
			secret:*) last='' word=... ;;
			:--prox*=*) word=${word%%=*}=... ;;
			:--prox* | :-W | :-[!-]*W) last=secret ;;
			:-W* | :-[!-]*W*) word=${word%%W*}W... ;;
			esac
			set -- "$@" "$word"
		done
		;;
	esac
	name=$ascp
	[ "$(command -v ascp || :)" != "$ascp" ] || name=ascp
	quote "$name" "$@"
}

# read_log FILE FROM: sets $code and $text to the error that ascp wrote after byte FROM, or to nothing.
read_log() {
	code='' text=''
	[ -f "$1" ] && [ -r "$1" ] || return 0
	# a shorter file is new
	{ length -c "$1" && [ "$length" -ge "$2" ]; } || set -- "$1" 0
	tail -c "+$(($2 + 1))" "$1" | LC_ALL=C tr '\r' '\n' >"$tmp/log" || return 0
	if [ "$engine" = sftp ]; then
		read_ssh_log
		return 0
	fi
	# a file's name comes later in the line
	line=$(LC_ALL=C sed -n 's/^[^"]*FASP Session [^"]*status=failed errcode=\([0-9][0-9]*\) errstr="\([^"]*\)".*/\1 \2/p' \
		"$tmp/log" | tail -n 1)
	code=${line%% *} text=${line#* }
	# a failed TCP connection has, and a refused key may have, the code of a failed UDP connection
	case $code in
	'' | 1[2-5])
		if grep -qi -e 'ERR .*SSH.*failed to authenticate' -e 'ERR \[asssh\] Failed to authenticate' "$tmp/log"; then
			code=19
		elif [ "$code" = 14 ] &&
			grep -q -e 'ERR \[ascp\] TCP connect failed' -e 'ERR Failed to open TCP connection' "$tmp/log"; then
			code=12
		fi
		;;
	esac
	[ -n "$text" ] || text=$(LC_ALL=C sed -n 's/^.*ERR //p' "$tmp/log" | tail -n 1)
}

# explain_failure: says what $code and $text mean, and sets $retry.
explain_failure() {
	retry=yes cause=
	while IFS='	' read -r number another line; do
		[ "$number" != "$code" ] || retry=$another cause=$line
	done <"$sharedir/ascp-errors"
	case $code in
	19 | encrypted-key) why_refused ;;
	wrong-passphrase) cause="$ascp_key: $cause" ;;
	*-host-key) cause="$cause$(check_line)" ;;
	esac
	name=ascp
	[ "$engine" = ascp ] || name=ssh
	set -- "${cause:-${text:-$name ended with status $status and gave no reason}}"
	[ -z "$cause" ] || [ -z "$text" ] || set -- "$1 ($name: $text)"
	warn "$1"
}

# check_line: prints the command that tells more about the key, with the ssh configuration of this run.
check_line() {
	[ -n "$key" ] || return 0
	quote xferkey check "$key" --login "${ascp_user:+$ascp_user@}$ascp_host" ${ascp_port:+--port "$ascp_port"}
	line=$quoted config=${XFERKEY_SSH_CONFIG-}
	[ "$engine$config" != sftp ] || [ ! -f "${HOME-}/.ssh/config" ] || config=$HOME/.ssh/config
	quote "$config"
	printf ': %s%s' "${config:+XFERKEY_SSH_CONFIG=$quoted }" "$line"
}

why_refused() {
	[ -n "$key" ] || cause='the server refused the login'
	named=${type#-}
	[ -z "$key" ] ||
		cause="$cause: $unloaded${named:-a key} ${fingerprint:+$fingerprint }must be installed for ${ascp_user:-you} there"
	case $engine:$format:$type in
	sftp:*:RSA) cause="$cause; or the server accepts no RSA" ;;
	sftp:*) ;;
	*:RSA) cause="$cause; old versions of ascp sign with RSA and SHA-1, which sshd since 8.8 refuses" ;;
	*:OPENSSH:*) cause="$cause; old versions of ascp cannot read OPENSSH" ;;
	esac
	[ "$engine" != ascp ] || ! others_run ||
		cause="$cause; or too many start at once: other transfers of yours run (XFERKEY_RETRY_AUTH=1 tries once more)"
	cause="$cause$(check_line)"
}

# others_run: whether another ascp runs; ours has ended.
others_run() {
	LC_ALL=C ps -u "$(id -u)" -o comm= 2>/dev/null | sed 's,.*/,,' | grep -qxF -e "$(printf %.15s "${ascp##*/}")"
}
