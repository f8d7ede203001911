# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Accounts, and the files where sshd looks for their keys. If one cannot be read, the status is 2.
. "$libexecdir/lib/key.sh"

ask_system() {
	answer=$("$@" 2>/dev/null) || die "$*: fails"
	[ -n "$answer" ] || die "$*: says nothing"
}

# not from the environment
unset build sshd profile same_for_all opt_everywhere opt_individual opt_b
{ true 3>&1; } 2>/dev/null || die 'standard output is closed: the result could not be printed'
ask_system id -u
me=$answer
# the time limit for reading or changing one file
limit=${XFERKEY_AUTHKEYS_SECONDS:-60}
case $limit in
0* | *[!0-9]* | ??????*) die 'XFERKEY_AUTHKEYS_SECONDS: not a number of seconds' ;;
esac

# try_line TEXT: prints TEXT; a closed pipe does not end the work that is left.
try_line() {
	(trap '' PIPE && printf '%s\n' "$1") 2>/dev/null
}

# tell TEXT ...: prints a result; if that fails, on standard error, with $verdict 2. hint TEXT: prints advice.
unwritable=
tell() {
	[ -z "$quiet$show" ] || return 0
	if [ -z "$unwritable" ]; then
		try_line "$*" && return
		unwritable=yes
	fi
	verdict=2
	warn "standard output: cannot write: $*"
}

hint() {
	[ -n "$quiet$show$unwritable" ] || try_line "$1" || warn 'standard output: cannot write a hint'
}

# say_assumed TEXT: says, even with -q, if sshd could not be asked, or if HOME is not where sshd looks.
say_assumed() {
	set -- "${assumed:+sshd could not be asked where it looks: $1}" \
		"${elsewhere:+HOME is not the home of $user: sshd looks in $elsewhere}"
	for text; do
		[ -n "$text" ] || continue
		if [ -n "$quiet" ] && [ -z "$show" ]; then warn "$text"; else tell "$text"; fi
	done
}

# the same, once for many accounts
warn_assumed() {
	[ ! -e "$tmp/assumed" ] || [ -n "$show" ] ||
		warn 'sshd could not be asked where it looks: .ssh/authorized_keys and .ssh/authorized_keys2 are assumed'
}

# option_account ARG ...: set_account by -u. Root must name an account, or a stranger's key would log in as root.
option_account() {
	# ksh93 passes no empty word for ${opt_u+"$opt_u"}
	if [ -n "${opt_u+given}" ]; then
		set_account "$opt_u"
	elif [ "$me" != 0 ]; then
		set_account
	else
		quote "$@"
		die "as root, say for whom: xferkey ${tool#xferkey-} -u USER $quoted"
	fi
}

# set_account [NAME]: sets $user, $uid and $home, by default of the invoking user; $named_user to NAME; $as_user to NAME
# if it is another user. Without NAME, sets $elsewhere to the home that sshd knows, if HOME is a different directory.
set_account() {
	named_user=${1-} user=${1-} uid=$me elsewhere='' as_user=
	start_clock "$limit"
	if [ $# -eq 0 ]; then
		need_home
		home=$HOME
		# for a uid without a name, id prints the uid, with status 1; such a user has a HOME too
		user=$(id -un 2>/dev/null) || [ "$user" = "$me" ] || die 'id -un: fails'
		[ -n "$user" ] || die 'id -un: says nothing'
		[ "$user" != "$me" ] || return 0
		is_name "$user" || return 0
		eval "elsewhere=~$user"
		case $(cd "$home" 2>/dev/null && pwd -P) in
		"$elsewhere" | "$(cd "$elsewhere" 2>/dev/null && pwd -P)") elsewhere= ;;
		esac
		return
	fi
	# a batch has names without -u
	is_name "$1" || die "${opt_u+-u: }not the name of an account"
	# sshd puts this name into a path: no uid, no other spelling
	found=0
	answer=$(id -un "$user" 2>/dev/null) || found=$?
	[ "$found" -le 1 ] || die "id -un $user: fails"
	[ "$found:$answer" = "0:$user" ] || die "$user: no such account"
	ask_system id -u "$user"
	uid=$answer
	[ "$uid" = "$me" ] || as_user=$user
	[ -z "$as_user" ] || [ "$me" = 0 ] || die "${opt_u+-u }$user: only root may do this for somebody else"
	[ -z "$as_user" ] || need_accounts "${opt_u+-u }$user"
	eval "home=~$user"
	home=${home:-/}
}

# need_accounts WHOSE: ends in a static build, which cannot look up all accounts and groups.
need_accounts() {
	: "${build:=$("$libexecdir/xferkey-authkeys" -V)}"
	case $build in
	*'(static)') die "$1: not the invoking user, and this static build has no name service to ask for other accounts" ;;
	esac
}

# start_clock SECONDS: starts the time limit. is_late: whether it is over.
start_clock() {
	ask_system date +%s
	seconds=$1 deadline=$((answer + $1))
}

is_late() {
	ask_system date +%s
	[ "$answer" -ge "$deadline" ]
}

# ask_sshd [ARG ...]: writes sshd's configuration to $tmp/config, and its debug lines to $tmp/reading.
ask_sshd() {
	"$sshd" ${XFERKEY_SSHD_CONFIG:+-f "$XFERKEY_SSHD_CONFIG"} -T -ddd "$@" >"$tmp/config" 2>"$tmp/reading" </dev/null
}

# sshd_says KEYWORD: prints its value for the account of ask_sshd.
sshd_says() {
	sed -n "s/^$1 //p" "$tmp/config"
}

sshd_trouble() {
	said=$(tr -d '\r' <"$tmp/reading" | sed -e '/^debug[123]: /d' -e q) || said=
	printf %s "${said:+: $said}"
}

# find_sshd: sets $sshd to the absolute path of sshd, or to nothing; $port to its first port, from the debug lines if
# sshd -T ends at a Match for ports; and $port_option to check's option for it, or to nothing for 22 or several ports.
find_sshd() {
	sshd='' ports='' port='' port_option=
	for path in "$(command -v sshd)" /usr/sbin/sshd /usr/local/sbin/sshd /sbin/sshd; do
		[ -n "$sshd" ] || [ ! -x "$path" ] || sshd=$path
	done
	[ -n "$sshd" ] || return 0
	ask_sshd || :
	# ListenAddress may have a port of its own
	for where in 's/^listenaddress [^ ]*[]0-9a-z*]:\([0-9]*\)$/\1/' 's/^port //' \
		's/^debug3: .* setting [Ll][Ii][Ss][Tt][Ee][Nn][Aa][Dd][Dd][Rr][Ee][Ss][Ss] \([^: ]*\|\[.*\]\):\([0-9]*\)$/\2/' \
		's/^debug3: .* setting [Pp][Oo][Rr][Tt] \([0-9]*\).*/\1/'; do
		[ -z "$ports" ] || continue
		ports=$(tr -d '\r' <"$tmp/reading" | cat "$tmp/config" - | sed -n -e "$where" -e t1 -e d -e :1 -e p) ||
			die "$sshd -T: its answer cannot be read"
	done
	port=${ports%%"$newline"*}
	[ "${port:-22}" = 22 ] || port_option=" --port $port"
	for other in $ports; do
		[ "$other" = "$port" ] || port_option=
	done
}

# ask_sshd_for NAME: ask_sshd about a login of this account, unless $same_for_all.
ask_sshd_for() {
	[ -n "${same_for_all-}" ] || ask_sshd -C "user=$1,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=${port:-22}"
}

# not_read: ends because the configuration that XFERKEY_SSHD_CONFIG names is not read.
not_read() {
	[ -n "$sshd" ] ||
		die "$XFERKEY_SSHD_CONFIG: no sshd to read it was found in PATH, /usr/sbin, /usr/local/sbin and /sbin"
	die "$XFERKEY_SSHD_CONFIG: sshd -T does not read it$(sshd_trouble)${opt_everywhere:+: nothing was removed}"
}

# list_directives: writes to $tmp/directives the directives of the files that sshd, asked last, itself names as read:
# keyword in lower case; "all", "account" under a Match for users and groups, or "login" under another Match, which may
# decide by the address; and value. Status 1 in doubt.
list_directives() {
	tr -d '\r' <"$tmp/reading" | sed -n 's/^debug2: load_server_config: filename //p' >"$tmp/configured" &&
		[ -s "$tmp/configured" ] && LC_ALL=C awk -v OFS='\t' '
			# keyword and value as sshd separates them
			function directive() {
				gsub(/^[ \t\f]+|[ \t\r\f]+$/, "", line)
				word = line
				sub(/[ \t\f=].*/, "", word)
				value = substr(line, length(word) + 1)
				sub(/^[ \t\f]*=?[ \t\f]*/, "", value)
				gsub(/"/, "", word)
				word = tolower(word)
			}
			function matches(n, i, part) {
				n = split(tolower(value), part, /[ \t\f=]+/)
				for (i = 1; i <= n; i += 2)
					if (part[i] !~ /^(user|group|all)$/) return "login"
				return value ~ /"/ ? "login" : "account"
			}
			{
				where = nested ? "login" : "all"
				file = $0
				while ((got = (getline line <file)) > 0) {
					directive()
					if (word == "" || word ~ /^#/) continue
					if (word == "match") where = matches()
					# not known which of the next files it means
					if (word == "include" && where != "all") nested = 1
					print word, where, value
				}
				if (got < 0) exit bad = 1
			}
			END { exit bad }' "$tmp/configured" >"$tmp/directives"
}

# one_answer: whether sshd, which was asked last, answers the same for every account. Status 1 in doubt.
one_answer() {
	list_directives && ! finds -i match "$tmp/directives"
}

# other_values KEYWORD: prints all values of KEYWORD in sshd's files, if logins from other addresses than the one that
# sshd was asked about may have another value than it said.
other_values() {
	[ -z "${assumed-}${same_for_all-}" ] && finds "^$1	login	" "$tmp/directives" || return 0
	sed -n "s/^$1	[^	]*	//p" "$tmp/directives"
}

# ask_once: asks sshd for all accounts, if its answer is the same for each: then ask_sshd_for does not ask again.
ask_once() {
	find_sshd
	[ -z "$sshd" ] || ! ask_sshd_for root || ! one_answer || same_for_all=yes
}

usual_files='.ssh/authorized_keys .ssh/authorized_keys2'

# ask_key_words NAME: ask_sshd_for; sets $words to the words of AuthorizedKeysFile. If sshd does not answer, sets $words
# to the usual files, and $assumed; if root asked an sshd, also $unasked: the reason.
ask_key_words() {
	assumed='' unasked='' words=
	[ -n "${sshd+known}" ] || find_sshd
	# an incomplete answer does not count
	if [ -n "$sshd" ] && ask_sshd_for "$1"; then
		words=$(sshd_says authorizedkeysfile) || die "$sshd -T: its answer cannot be read"
		# sshd prints paths without their quotes
		! finds -i '^debug3: .* setting authorizedkeysfile .*["'\''\\]' "$tmp/reading" ||
			unclear 'sshd_config: AuthorizedKeysFile with a quote or a backslash: not understood'
		# sshd cuts its debug lines at 1024 bytes
		[ "${#words}" -le 900 ] || unclear 'sshd_config: AuthorizedKeysFile is too long to be understood'
	fi
	if [ -z "$words" ]; then
		[ -z "${XFERKEY_SSHD_CONFIG-}" ] || not_read
		assumed=yes words=$usual_files
		keep_text assumed ''
		if [ -n "$sshd" ] && [ "$me" = 0 ]; then
			unasked="sshd -T does not say where it looks$(sshd_trouble)"
		fi
	fi
}

# key_files: ask_key_words for $user; sets $lists to the files where sshd looks for the account's keys, a line each.
key_files() {
	lists='' shared=''
	ask_key_words "$user"
	expand_words
}

# expand_words: adds the files that $words mean to $lists.
expand_words() {
	set -f
	for word in $words; do
		case $word in
		[Nn][Oo][Nn][Ee]) ;;
		*) expand_path "$word" ;;
		esac
	done
	set +f
}

# other_key_files: adds the files to $lists where sshd may look at logins from other addresses than the one that it was
# asked about.
other_key_files() {
	[ -z "$assumed${same_for_all-}" ] || return 0
	list_directives || unclear "sshd_config: not known which files sshd reads at logins from other addresses"
	words=$(other_values authorizedkeysfile)
	[ -n "$words" ] || return 0
	case $words in
	*[\"\'\\]*) unclear 'sshd_config: AuthorizedKeysFile with a quote or a backslash: not understood' ;;
	esac
	finds '^authorizedkeysfile	all	' "$tmp/directives" || words="$words $usual_files"
	expand_words
}

# unclear FACT: ends the work for an account; with --everywhere, FACT is printed once, at the end.
unclear() {
	[ -n "${opt_everywhere-}" ] || die "$1"
	printf '%s\n' "$1" >"$tmp/unclear"
	exit 2
}

# expand_path WORD: adds the file that WORD means to $lists (sshd_config(5), TOKENS).
expand_path() {
	rest=$1 path=
	while [ "$rest" != "${rest#*%}" ]; do
		path=$path${rest%%'%'*} rest=${rest#*'%'}
		case $rest in
		h*) path=$path$home ;;
		u*) path=$path$user ;;
		U*) path=$path$uid ;;
		%*) path=$path% ;;
		*) die "AuthorizedKeysFile $1: not understood" ;;
		esac
		rest=${rest#?}
	done
	path=$path$rest
	[ "${path#/}" != "$path" ] || path=$home/$path
	squeeze "$path"
	path=$squeezed
	case $path in
	*[*?[]*) unclear "$path: since OpenSSH 10, AuthorizedKeysFile may be a pattern: not understood" ;;
	esac
	is_in "$newline$lists" "$path" "$newline" || lists=$lists$path$newline
	# $shared: files with the keys of all accounts
	case $1 in
	*%[hHuU]*) ;;
	/*) shared=$shared$path$newline ;;
	esac
}

# is_same FILE OTHER: whether both are one file, maybe by a link.
is_same() {
	# shellcheck disable=SC3013 # POSIX.1-2024; all shells have it
	[ "$1" = "$2" ] || [ "$1" -ef "$2" ]
}

squeeze() {
	squeezed=$1
	while :; do
		case $squeezed in
		*//*) squeezed=${squeezed%%//*}/${squeezed#*//} ;;
		*/./*) squeezed=${squeezed%%/./*}/${squeezed#*/./} ;;
		*) return ;;
		esac
	done
}

# in_home FILE: whether FILE is in the account's home. If the home is /, only files in /.ssh are.
in_home() {
	squeeze "$home/"
	[ "$squeezed" != / ] || squeezed=/.ssh/
	[ "$1" != "${1#"$squeezed"}" ]
}

# list_words FILE: sets $list_words to authkeys' options for FILE, quoted. A file in the home, or in the account's own
# directory, is changed as the account; another file, such as /etc/ssh/keys/%u, as root, with a mode that lets the
# account read it, if only root can redirect it. Otherwise status 1, and $trouble.
list_words() {
	set -- "$1" -f "$1"
	dir=${1%/*} trouble='' owned='' target='' rooted='' missing=
	if in_home "$1"; then
		set -- "$@" ${as_user:+-u "$user"}
	elif [ ! -d "$dir" ]; then
		missing=yes trouble="$dir: $(absent "$dir" directory)"
	elif [ "$me" != 0 ]; then
		:
	elif ! owned=$(find -H "$dir" -prune -user "$user" 2>/dev/null); then
		trouble="$dir: its owner is not known"
	elif [ "$uid" != 0 ] && [ -n "$owned" ]; then
		set -- "$@" -u "$user"
	else
		rooted=yes
		only_roots "$dir" || :
		[ "$uid" = 0 ] || set -- "$@" -r
	fi
	shift
	quote "$@"
	list_words=$quoted
	[ -z "$trouble" ]
}

# only_roots DIRECTORY: status 1, and $trouble, if its path has a symbolic link, or others than root can change it. For
# a link, sets $target, and $owner to root if only root can have made or redirected the link, else to "-".
only_roots() {
	real=$(cd "$1" && pwd -P) || real=
	if [ -z "$real" ] || [ "$real" = "$1" ]; then
		is_roots "$1"
		return
	fi
	case $1/ in
	*/../*)
		trouble="$1: has .. in it, which sshd follows and ${tool#xferkey-} does not"
		return 1
		;;
	esac
	target=$real/${list##*/} owner=-
	if is_roots "$1" && is_roots "$real"; then owner=root; fi
	trouble="$1: a symbolic link, which sshd follows and ${tool#xferkey-} does not, leads to $real"
	return 1
}

# is_roots DIRECTORY: status 1, and $trouble, if others than root can change it, or any part of its path.
is_roots() {
	while [ -n "$1" ] && [ -z "$trouble" ]; do
		others=$(find "$1" -prune \( ! -user 0 -o ! -type l \( -perm -020 -o -perm -002 \) \) 2>/dev/null) ||
			trouble="$1: not known who may change it"
		[ -z "$others" ] || trouble="$1: others than root may change it"
		set -- "${1%/*}"
	done
	[ -z "$trouble" ]
}

# read_link FILE: if authkeys' output in FILE names a link that it did not follow, sets $target to the link's target,
# and $owner to the account if it owns the target, else to "-"; and empties FILE. Status 1: there is no link.
read_link() {
	row=$(sed -n 's/^link	//p' "$1" 2>/dev/null) || row=
	[ -n "$row" ] || return 1
	owner=${row%%	*} target=${row#*	}
	[ "$owner" = "$user" ] || owner=-
	trouble="$list: a symbolic link, which sshd follows and ${tool#xferkey-} does not, leads to $target"
	: >"$1"
}

# behind_link FRONT ARG ...: adds to $trouble the command, FRONT and authkeys with ARG, that changes $target, unless the
# account may have chosen that path: it may lead root to root's keys.
behind_link() {
	[ "$owner" != - ] || return 0
	front=$1
	shift
	[ "$owner" = root ] || [ "$me" != 0 ] || set -- -u "$owner" "$@"
	quote -f "$target" "$@"
	trouble="$trouble: ${front}xferkey authkeys $quoted"
}

# bounded FILE BYTES ARG ...: runs authkeys with ARG, for $seconds at most: the account may stop a process that runs as
# itself. Writes the output to FILE; sets $cut if that has more than BYTES or cannot be written. Status 0, 1, or 2 with
# $trouble; and sets $overdue if it took too long.
bounded() {
	into=$1 most=$2 cut='' overdue='' status=
	shift 2
	rm -f "$into.cut"
	{ : >"$tmp/status" && : >"$into"; } || die "$into: cannot write"
	# a signal must not end authkeys or head alone
	{
		trap : HUP INT QUIT TERM
		set -- "$libexecdir/xferkey-authkeys" "$@"
		! command -v timeout >/dev/null || set -- timeout -k 2 "$seconds" "$@"
		status=0
		"$@" 2>"$tmp/trouble" || status=$?
		echo "$status" >"$tmp/status"
	} | (trap '' HUP INT QUIT TERM && head -c $((most + 1))) >"$into" || : >"$into.cut"
	[ ! -s "$into" ] || { length -c "$into" && [ "$length" -le "$most" ]; } || cut=yes
	[ ! -e "$into.cut" ] || cut=yes
	read -r status <"$tmp/status" || :
	case $status in
	[01]) return "$status" ;;
	2)
		trouble=$(first_message)
		# authkeys prints when its work is done
		case $cut:$trouble in
		yes:'standard output: '*) return 0 ;;
		esac
		;;
	'' | 12[567]) trouble="$user: authkeys cannot be run" ;;
	*)
		trouble="$user: authkeys was ended from outside"
		if [ "$status" = 124 ] || is_late; then overdue=yes trouble="$user: authkeys took longer than $seconds s"; fi
		;;
	esac
	return 2
}

# authkeys FILE BYTES ARG ...: bounded, with $list_words before ARG.
authkeys() {
	output=$1 size=$2
	shift 2
	eval "bounded \"\$output\" \"\$size\" -v $list_words \"\$@\""
}

# openssh_has FILE: asks ssh-keygen, as the account, whether $fingerprint is in FILE; sets $numbers to the numbers of
# its lines. Status 0: yes; 1: no; 2: not known, and $trouble; 3: there is no ssh-keygen.
openssh_has() {
	command -v ssh-keygen >/dev/null || return 3
	numbers='' status=0
	bounded "$tmp/numbers" 4096 -k "$fingerprint" -f "$1" ${as_user:+-u "$as_user"} || status=$?
	[ ! -s "$tmp/numbers" ] || numbers=$(tr '\n' ' ' <"$tmp/numbers")
	numbers=${numbers%' '}
	[ "$status:$numbers" != 0: ] || status=2 trouble="$1: ssh-keygen's answer cannot be read"
	return "$status"
}

log_change() {
	if [ "$me" = 0 ] && command -v logger >/dev/null; then
		logger -t xferkey -p authpriv.notice -- "$1 by ${SUDO_USER:-root}" 2>/dev/null || :
	fi
}

# whole_log: prints the log on standard input, which may be compressed. If not all of it can be read, writes the reason
# to $tmp/unread. A compressed log after one of text has a NUL, and so has a file after a crash, in place of lines.
whole_log() {
	mkfifo "$tmp/copy" || die "$tmp/copy: cannot make"
	tr -cd '\000' <"$tmp/copy" | wc -c >"$tmp/nuls" &
	{ zcat -f 2>/dev/null || echo 'cannot be read to its end' >"$tmp/unread"; } | tee "$tmp/copy"
	wait "$!"
	{ nuls=$(cat "$tmp/nuls" 2>/dev/null) && [ "${nuls:-1}" -eq 0 ]; } ||
		echo 'a NUL in it: a part of it is compressed, or lost' >"$tmp/unread"
}

# read_sshd_log FILE SO: writes the rows of authlog for FILE, which may be compressed, to $tmp/log. Ends, with the
# consequence SO, if FILE has no line of sshd.
read_sshd_log() {
	read_from "$1"
	got=0
	whole_log | xferkey authlog >"$tmp/log" 2>"$tmp/trouble" || got=$?
	known_status "$got" authlog
	[ "$got" -le 1 ] || die "$1: $(first_message): $2"
	[ ! -e "$tmp/unread" ] || die "$1: $(cat "$tmp/unread"): $2"
	IFS='	' read -r kind _ _ first last count _ <"$tmp/log" || kind=
	[ "$kind" = log ] || die "xferkey authlog: its answer cannot be read"
	[ "$count" -gt 0 ] 2>/dev/null || die "$1: no line of sshd in it: $2"
}

# list_accounts OPTION: writes all names to $tmp/accounts; only root may use OPTION.
list_accounts() {
	[ "$me" = 0 ] || die "$1: only root can look at all accounts"
	need_accounts "$1"
	{ { getent passwd >"$tmp/passwd" 2>/dev/null || cat /etc/passwd >"$tmp/passwd"; } &&
		cut -d : -f 1 "$tmp/passwd" >"$tmp/accounts" && [ -s "$tmp/accounts" ]; } || die 'the accounts cannot be listed'
}

# keys_in FILE [-v]: writes authkeys' list of FILE, read as the account, to $tmp/keys; nothing if FILE is not regular:
# sshd reads no key there. Status 1, and $trouble, if FILE cannot be read.
keys_in() {
	keep_text keys ''
	# root may not see into a home, and a test that cannot look is false: then only authkeys, as the account, can tell
	if [ -d "$1" ] || [ -p "$1" ] || [ -S "$1" ] || [ -c "$1" ] || [ -b "$1" ]; then
		warn "$user: $1: not a regular file: skipped"
		return 0
	fi
	bounded "$tmp/keys" 16777216 -l ${2:+"$2"} -f "$1" ${as_user:+-u "$as_user"} && [ -z "$cut" ] && return
	[ -z "$cut" ] || trouble='more than 16 MiB of them, or no room'
	trouble="$user: $1: its keys cannot be read: ${trouble#"$1: "}"
	case $trouble in
	*': Permission denied') trouble="$trouble: xferkey permcheck $user" ;;
	esac
	return 1
}

# is_listed [FREE]: whether keys_in has listed $fingerprint, with options other than FREE.
is_listed() {
	found=$(awk -F '\t' -v key="$fingerprint" -v free="${1-}" '
		$1 == key && (free == "" || $4 != free) { n = 1 }
		END { print n + 0 }' "$tmp/keys") ||
		die "$tmp/keys: cannot read"
	[ "$found" = 1 ]
}
