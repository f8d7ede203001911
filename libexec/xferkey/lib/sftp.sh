# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Copies over SFTP by lftp, or one file by OpenSSH's sftp, on a connection of ssh, whose log says why a login failed.
. "$libexecdir/lib/sftp-arguments.sh"

# run_client FILE: lftp, or sftp, executes $tmp/FILE, with errors in $tmp/said; sets $lost if the connection is lost.
run_client() {
	: >"$tmp/said"
	[ -z "$show$lost" ] || return 1
	cat ${lftp:+"$tmp/rc"} "$tmp/$1" >"$tmp/run"
	set -- ${limit:+timeout $((20 + number))} lftp --norc -f "$tmp/run"
	[ -n "$lftp" ] || eval "set -- ${limit:+timeout 20} sftp -qb \"\$tmp/run\" $over ${ascp_kbits:+-l $ascp_kbits} $ssh"
	eval "attend $tied env HOME=\"\$tmp\" LFTP_HOME=\"\$tmp\" LC_ALL=C \"\$@\"" 2>"$tmp/said" </dev/null &&
		[ ! -s "$tmp/said" ] && return
	[ $? -ne 124 ] || { echo 'Timeout - reconnecting' >"$tmp/0.log" && lost=yes; }
	! grep -q 'retries exc\|^Connection c' "$tmp/said" && ssh -S "$tmp/ctl" -O check x 2>/dev/null || lost=yes
	return 1
}

# each_source FUNCTION: calls it for each $source, with its quoted path $word, its quoted destination $to, and $own, the
# prefix of its files in $tmp.
each_source() {
	each=$1 number=0 bases=/ cls='cls -1qs --perms --block-size=1 --date --time-style=%s'
	eval "set -- $ascp_sources"
	for source; do
		number=$((number + 1)) own=$tmp/$number base=$(basename -- "$source")
		[ "$base" != .. ] || base=.
		case $bases:$base in
		*:.) ;;
		*/"$base"/*) die "$base: two sources have this name" ;;
		esac
		bases=$bases$base/ final=$target${into:+/$base}
		[ -n "$here" ] || [ "$final" != "${final#*/}" ] || final=./$final
		# a link may lead elsewhere when the part is continued
		[ -z "$here" ] || [ ! -L "$source" ] || [ -d "$source" ] || source=$(readlink -f -- "$source")
		quote_path "$final"
		to=$word there_is="$there $cls $pattern >\"$own.to\""
		quote_path "${source%/.}"
		here_is="$here $cls $pattern >\"$own"
		"$each"
	done
}

# ask_what_is_there: prints commands that ask whether the source and its target are directories, else for mode, size,
# time and name.
ask_what_is_there() {
	echo "${there:+$([ ! -d "$final" ] || echo dir)}" >"$own.to"
	echo "${here:+$([ ! -d "$source" ] || echo dir)}" >"$own.from"
	print_line "($here cd $word && echo dir >\"$own.from\") || $here_is.from\""
	# for a missing file, lftp 4.9 shows a file of that name in the working directory
	[ -z "$there" ] || [ -e "$final" ] || return 0
	print_line "($there cd $to && echo dir >\"$own.to\") || $there_is"
}

# plan_copy: prints the commands that copy a source, or continue its part. A part with a failed write may have holes.
plan_copy() {
	read -r mode size time name <"$own.to"
	set -- "$mode" "$size $time"
	read -r mode size time name <"$own.from"
	case $1:$mode in
	dir:dir) ;;
	dir:*) die "$final: a directory has this name" ;;
	*:l*) die "$source: a symbolic link: name its target" ;;
	esac
	if [ -z "$lftp" ]; then
		print_line "$verb -p $word ${to%/*}/.xferkey-${to##*/}"
		[ "$verb" = get ] || print_line "rename ${to%/*}/.xferkey-${to##*/} $to"
	elif [ "$mode" = dir ]; then
		[ -n "$here" ] || [ ! -d "$final" ] || keep_tree "$final"
		printf 'set xfer:temp-file-name .xferkey-*\nmirror %s\n' "$mirror $word $to"
		[ -z "$there" ] || print_line "find -l $word >\"$own.list\"" >>"$tmp/0.again"
		[ -n "$there" ] || find -L "$source" ! -type d ! -type f -o -name '.xferkey-*' >"$own.odd" 2>"$own.err" ||
			! grep -qi 'loop\|cycle\|many levels' "$own.err" || die "$source: a symbolic link in it leads back into it"
	elif [ -z "$mode" ] || [ -z "$again" ] || [ "$2" != "$size $time" ]; then
		printf 'set xfer:temp-file-name .xferkey-%s-%s-*\n' "$size" "$time"
		set -- "$verb ${mode:+$again} $word -o $to" "${here:+ || rm -f ${to%/*}/.xferkey-$size-$time-${to##*/}}"
		mode=$(echo "$mode" | sed 's/^.\(...\)\(...\)\(...\)$/u=\1,g=\2,o=\3/; s/[-ST]//g; s/[st]/x/g')
		print_line "$1${mode:+ && $there chmod -f $mode $to}$2"
		print_line "$here_is.again\"" >>"$tmp/0.again"
	elif [ -z "$quiet" ]; then
		warn "$final: not copied: it is there, with the same size and time"
	fi
}

# check_copied: prints which files changed or are not copied.
check_copied() {
	[ ! -s "$own.again" ] || cmp -s "$own.from" "$own.again" || print_line "$source: changed while it was copied"
	{ cat "$own.odd" || grep '^l\|/\.xferkey-[^/]*$' "$own.list"; } 2>/dev/null |
		sed 's/$/: not copied: a symbolic link, special file or partial file/'
}

# sftp_login: starts the ssh whose connection all others use, and waits for it.
sftp_login() {
	quote -E "$log" -o PermitLocalCommand=yes -o LocalCommand=pwd -o ControlPersist=no
	mkfifo "$tmp/0.in"
	# ssh may end before it opens $log
	{ true >>"$log"; } 2>/dev/null || die "$log: cannot write"
	attending=yes master=
	eval "exec $tied env SHELL=/bin/sh ssh -NM $quoted $over $ssh" >"$tmp/0.in" 2>"$tmp/said" </dev/null &
	master=$!
	attend grep -q . "$tmp/0.in"
}

# sftp_run: status 1: not all files are copied; 2: no file is copied; 255: no connection, or it was lost.
sftp_run() {
	lost='' number=0 limit=$(command -v timeout || :) ending=sftp_end here='' there=local verb=get again=-c
	mirror="--parallel=10 --no-symlinks -X .xferkey-*${meter:+ -v}"
	[ "$ascp_mode" = recv ] || here=local there='' verb=put mirror="-R -L --upload-older $mirror"
	[ -n "${ascp_resume#0}" ] || again='' mirror="$mirror --transfer-all"
	[ "$log" != - ] || log=$tmp/ssh.log
	sftp_end
	setpriv --pdeathsig TERM true 2>/dev/null && tied='setpriv --pdeathsig TERM' || tied=
	rm -f "$tmp"/[0-9]*.*
	quote -o "ControlPath=$tmp/ctl"
	over=$quoted
	quote_path "env $tied ssh -o BatchMode=yes $over $ssh -s sftp #"
	site="set sftp:connect-program \"exec ${word#???}${newline}open sftp://to${newline}set xfer:use-temp-file yes$newline"
	# lftp's defaults wait for disk space, try 1,000 times and go on after a hang-up
	printf 'set %s\n' 'net:timeout 20' 'net:max-retries 1' 'net:reconnect-interval-base 1' \
		'cmd:move-background no' 'cmd:verify-host no' 'xfer:log no' 'xfer:disk-full-fatal yes' \
		'sftp:protocol-version 3' 'xfer:make-backup no' 'xfer:clobber yes' \
		"net:limit-total-rate $((${ascp_kbits:-0} * 125))" >"$tmp/rc"
	printf 'debug -o "%s" 1\n%s' "$tmp/0.log" "$site" >>"$tmp/rc"
	[ -n "$show" ] || sftp_login || return 255
	quote_path "$target"
	[ "$into$verb" = makeput ] && make="$mkdir $word$newline" || make=
	printf '%scd %s\n' "$make" "$word" >"$tmp/look"
	if [ "$verb" = get ]; then
		[ "$into$show" != make ] || mkdir -p -- "$target" || return 2
		[ ! -d "$target" ] || into=yes
	elif run_client look >/dev/null; then
		into=yes
	elif [ -n "$into" ] && grep -q 'No such file\|not found\|ot a directory' "$tmp/said"; then
		die "$target: no such directory on $ascp_host; -d makes it"
	fi
	each_source ask_what_is_there >"$tmp/look"
	run_client look >/dev/null || :
	each_source plan_copy >"$tmp/copy"
	quote "$make$(cat "$tmp/copy")"
	quoted="printf '%s\n' $quoted | sftp -b - $ssh"
	[ -z "$lftp" ] || quote lftp --norc -c "$site$make$(cat "$tmp/copy")"
	show_step "$quoted"
	[ -z "$show" ] || return 0
	# cls may lack permission, and so must not be the last command
	{ cat "$tmp/0.again" 2>/dev/null; echo lcd .; } >>"$tmp/copy"
	shown=${meter:-/dev/null} limit=
	if [ -n "$meter" ] && { grep -q '^mirror' "$tmp/copy" || [ "$(visible "$final")" != "$final" ]; }; then
		shown=$tmp/0.shown
		mkfifo "$shown"
		"$vis" <"$shown" >&2 &
	fi
	run_client copy >"$shown" || [ -s "$tmp/said" ] || echo 'the copy failed' >"$tmp/said"
	if [ -n "$lost" ]; then
		# over a master, ssh does not say why it has no session
		grep Timeout "$tmp/0.log" >>"$log" 2>/dev/null || ! ssh -S "$tmp/ctl" -O check x 2>/dev/null ||
			eval "ssh -o BatchMode=yes -S none $ssh -s sftp" 2>&1 >/dev/null </dev/null | grep 'request failed' >>"$log" || :
		return 255
	fi
	[ -n "$lftp$here" ] || [ -s "$tmp/said" ] || mv -f -- "${final%/*}/.xferkey-${final##*/}" "$final" 2>"$tmp/said" || :
	[ "$verb" = put ] || attend env LC_ALL=C sh -c "{ sync -f \"\$0\" || sync; } 2>&1 | grep syncing & wait" \
		"$target" >>"$tmp/said"
	each_source check_copied >>"$tmp/said"
	! tr -d '\r' <"$tmp/said" | sed "/^Access failed: /d; s/^/$tool: /" | "$vis" | grep . >&2
}

# sftp_end: ends the clients, then the connection. lftp starts ssh in a child that is stopped at first, and may stay so.
sftp_end() {
	[ -z "$attending" ] || {
		wait "$!" || :
		ps -Ao pid= -o args= | while read -r pid text; do
			case $text in *"$tmp/"*) kill -9 "$pid" ;; esac
		done
	} 2>/dev/null
	[ -z "$master" ] || { kill "$master"; wait "$master"; } 2>/dev/null || :
}
