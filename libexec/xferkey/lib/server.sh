# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # the commands set and read what is used here, as in base.sh
#
# Sourced, after base.sh, by the commands that change accounts' authorized_keys files. No status of another
# tool is their own: what could not be looked at is trouble, 2.

# us COMMAND ...: what id or the like prints, in $answer; trouble where it fails.
us() {
	answer=$("$@" 2>/dev/null) || die "$*: fails"
	[ -n "$answer" ] || die "$*: says nothing"
}

# of the environment nothing is taken over
unset sshd profile opt_everywhere opt_individual opt_b
{ true 3>&1; } 2>/dev/null || die 'standard output is closed: what is done could not be said'
us id -u
me=$answer
# the seconds that one look into an account's file, or change of it, may take, in the end
limit=${XFERKEY_AUTHKEYS_SECONDS:-60}
case $limit in
0* | *[!0-9]* | ??????*) die 'XFERKEY_AUTHKEYS_SECONDS: not a number of seconds' ;;
esac

# finds GREP-ARG ...: grep's yes or no; trouble where it cannot look.
finds() {
	found=0
	grep "$@" >/dev/null || found=$?
	[ "$found" -le 1 ] || die "grep: cannot look into what $tool has asked for"
	return "$found"
}

# tell TEXT: what a script reads after something was done. Where it cannot be written, standard error has it, and
# $verdict is 2. hint TEXT: what only a person reads.
unwritable=
tell() {
	[ -z "$quiet$show" ] || return 0
	if [ -z "$unwritable" ]; then
		# a closed pipe must not end what is to be done for others
		(trap '' PIPE && printf '%s\n' "$1") 2>/dev/null && return
		unwritable=yes
	fi
	verdict=2
	warn "standard output: cannot write: $1" || :
}

hint() {
	[ -n "$quiet$show$unwritable" ] || (trap '' PIPE && printf '%s\n' "$1") 2>/dev/null ||
		warn 'standard output: cannot write a hint' || :
}

# say_assumed TEXT: where sshd was not asked. Who is not told of success is told of that.
say_assumed() {
	[ -n "$assumed" ] || return 0
	if [ -n "$quiet" ] && [ -z "$show" ]; then
		warn "sshd could not be asked where it looks: $1" || :
	else
		tell "sshd could not be asked where it looks: $1"
	fi
}

# warn_assumed: the same, once, where it is for many.
warn_assumed() {
	[ ! -e "$tmp/assumed" ] || [ -n "$show" ] ||
		warn 'sshd could not be asked where it looks: .ssh/authorized_keys and .ssh/authorized_keys2 are assumed' || :
}

# name_account ARG ...: root must say whose keys these are: a stranger's key would come in as root.
name_account() {
	[ "$me" = 0 ] && [ -z "${opt_u+given}" ] || return 0
	quote "$@"
	die "as root, say for whom: xferkey ${tool#xferkey-} -u USER $quoted"
}

# is_name NAME: it can be one of an account (host$ is a machine's, user@domain a directory's).
is_name() {
	case ${1%\$} in
	'' | [!A-Za-z0-9_]* | *[!A-Za-z0-9._@+-]*) return 1 ;;
	esac
}

# account_option: account of what -u says. ksh93 passes no empty word for ${opt_u+"$opt_u"}.
account_option() {
	if [ -n "${opt_u+given}" ]; then
		account "$opt_u"
	else
		account
	fi
}

# account [NAME]: sets $user, $uid and $home; without a name one's own, with HOME. $who is then empty, and
# $elsewhere the home that sshd knows, where that is another.
account() {
	who=${1-} user=${1-} uid=$me elsewhere=
	allow "$limit"
	if [ $# -eq 0 ]; then
		need_home
		us id -un
		user=$answer home=$HOME
		is_name "$user" || return 0
		eval "elsewhere=~$user"
		case $(cd "$home" 2>/dev/null && pwd -P) in
		"$elsewhere" | "$(cd "$elsewhere" 2>/dev/null && pwd -P)") elsewhere= ;;
		esac
		return
	fi
	# a batch has names that -u did not name
	is_name "$1" || die "${opt_u+-u: }not the name of an account"
	# a number, or another way to write it, is not the name that sshd puts into a path
	found=0
	answer=$(id -un "$user" 2>/dev/null) || found=$?
	[ "$found" -le 1 ] || die "id -un $user: fails"
	[ "$found:$answer" = "0:$user" ] || die "$user: no such account"
	us id -u "$user"
	uid=$answer
	[ "$uid" = "$me" ] || [ "$me" = 0 ] || die "${opt_u+-u }$user: only root may do this for somebody else"
	eval "home=~$user"
	home=${home:-/}
}

# allow SECONDS: what each of those may take, from now on. late: so much has gone by.
allow() {
	us date +%s
	seconds=$1 deadline=$((answer + $1))
}

late() {
	us date +%s
	[ "$answer" -ge "$deadline" ]
}

# ask_sshd [WORD ...]: what its configuration is, in $tmp/config, and how it was read, in $tmp/reading.
ask_sshd() {
	"$sshd" ${XFERKEY_SSHD_CONFIG:+-f "$XFERKEY_SSHD_CONFIG"} -T -ddd "$@" >"$tmp/config" 2>"$tmp/reading" </dev/null
}

# sshd_says KEYWORD: what that is for the account that ask_sshd has asked for; nothing where there was no answer.
sshd_says() {
	sed -n "s/^$1 //p" "$tmp/config"
}

# sshd_trouble: why it did not answer, as it says.
sshd_trouble() {
	said=$(tr -d '\r' <"$tmp/reading" | sed -e '/^debug[123]: /d' | sed 1q) || said=
	printf %s "${said:+: $said}"
}

# find_sshd: sets $sshd to its path, which it wants to be absolute, empty where there is none; and $port to the
# first where it listens, which it sets before a Match may want to know it and end its answer; $reached to the words
# with which check reaches it there, none for 22, or where it listens on several.
find_sshd() {
	sshd='' ports='' reached=
	for path in "$(command -v sshd)" /usr/sbin/sshd /usr/local/sbin/sshd /sbin/sshd; do
		if [ -z "$sshd" ] && [ -x "$path" ]; then sshd=$path; fi
	done
	port=
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
	[ "${port:-22}" = 22 ] || reached=" --port $port"
	for other in $ports; do
		[ "$other" = "$port" ] || reached=
	done
}

# key_files: sets $lists to the files in which sshd looks for the account's keys, a line each, as its
# configuration has them, and none where it has none; or to the usual ones: $assumed is set then, and $unasked
# says why where it should have answered.
key_files() {
	assumed='' unasked='' lists='' shared='' words=
	[ -n "${sshd+known}" ] || find_sshd
	# half an answer is none
	if [ -n "$sshd" ] && ask_sshd -C "user=$user,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=${port:-22}"; then
		words=$(sshd_says authorizedkeysfile) || die "$sshd -T: its answer cannot be read"
		# it says the words without their quotes
		! finds -i '^debug3: .* setting authorizedkeysfile .*["'\''\\]' "$tmp/reading" ||
			unclear 'sshd_config: AuthorizedKeysFile with a quote or a backslash: not understood'
		# what sshd says of how it reads is cut at 1024 bytes
		[ "${#words}" -le 900 ] || unclear 'sshd_config: AuthorizedKeysFile is too long to be understood'
	fi
	if [ -z "$words" ]; then
		if [ -n "${XFERKEY_SSHD_CONFIG-}" ]; then
			[ -n "$sshd" ] ||
				die "$XFERKEY_SSHD_CONFIG: no sshd to read it was found in PATH, /usr/sbin, /usr/local/sbin and /sbin"
			die "$XFERKEY_SSHD_CONFIG: sshd -T does not read it$(sshd_trouble)"
		fi
		assumed=yes words='.ssh/authorized_keys .ssh/authorized_keys2'
		: >"$tmp/assumed" || die "$tmp/assumed: cannot write"
		if [ -n "$sshd" ] && [ "$me" = 0 ]; then
			unasked="sshd -T does not say where it looks$(sshd_trouble)"
		fi
	fi
	set -f
	for word in $words; do
		[ "$word" = none ] || expand "$word"
	done
	set +f
}

# unclear FACT: ends what is done for an account; where it is done for all, that is said once, in the end.
unclear() {
	[ -n "${opt_everywhere-}" ] || die "$1"
	printf '%s\n' "$1" >"$tmp/unclear"
	exit 2
}

# expand WORD: adds the file that sshd makes of it to $lists (sshd_config(5), TOKENS).
expand() {
	rest=$1 path=
	while :; do
		case $rest in
		*%*) path=$path${rest%%'%'*} rest=${rest#*'%'} ;;
		*) break ;;
		esac
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
	case $path in
	/*) ;;
	*) path=$home/$path ;;
	esac
	lists=$lists$path$newline
	# one file for all accounts
	case $1 in
	*%[hHuU]*) ;;
	/*) shared=$shared$path$newline ;;
	esac
}

# is_shared FILE: all accounts' keys are in it.
is_shared() {
	case $newline$shared in
	*"$newline$1$newline"*) return 0 ;;
	esac
	return 1
}

# list_words FILE: sets $words to authkeys' options for FILE, quoted: a file in the home, or in a folder
# of the account's, is changed as that account; another, such as /etc/ssh/keys/%u, as root, if
# nobody else can lead it elsewhere, and sshd must be able to read it as the account. Else status 1, and $trouble
# says why.
list_words() {
	set -- "$1" -f "$1"
	folder=${1%/*} trouble='' owned='' target='' rooted='' missing=
	case $1 in
	"$home"/*) [ "$uid" = "$me" ] || set -- "$@" -u "$user" ;;
	*)
		if [ ! -d "$folder" ]; then
			missing=yes trouble="$folder: $(no_directory "$folder")"
		elif [ "$me" != 0 ]; then
			:
		elif ! owned=$(find -H "$folder" -prune -user "$user" 2>/dev/null); then
			trouble="$folder: it cannot be told whose it is"
		elif [ "$uid" != 0 ] && [ -n "$owned" ]; then
			set -- "$@" -u "$user"
		else
			rooted=yes
			only_roots "$folder" || :
			[ "$uid" = 0 ] || set -- "$@" -r
		fi
		;;
	esac
	shift
	quote "$@"
	words=$quoted
	[ -z "$trouble" ]
}

# only_roots DIRECTORY: status 1 where a link leads to it, or others than root can change it, or replace it; $trouble
# says so, and of a link $target and $owner what behind_link has to know: root, if nobody else can have made the link
# or lead it elsewhere.
only_roots() {
	real=$(cd "$1" && pwd -P) || real=
	if [ -z "$real" ] || [ "$real" = "$1" ]; then
		is_roots "$1"
		return
	fi
	target=$real/${list##*/} owner=-
	if is_roots "$1" && is_roots "$real"; then owner=root; fi
	trouble="$1: a symbolic link, which sshd follows and ${tool#xferkey-} does not, leads to $real"
	return 1
}

# is_roots DIRECTORY: status 1 where others than root can change it, or a directory or link in its path; $trouble says
# so.
is_roots() {
	while [ -n "$1" ] && [ -z "$trouble" ]; do
		others=$(find "$1" -prune \( ! -user 0 -o ! -type l \( -perm -020 -o -perm -002 \) \) 2>/dev/null) ||
			trouble="$1: it cannot be told who may change it"
		[ -z "$others" ] || trouble="$1: others than root may change it"
		set -- "${1%/*}"
	done
	[ -z "$trouble" ]
}

# read_link FILE: sets $target to that of a symbolic link that authkeys has said, in FILE, it does not follow, and
# $owner to the account if it is the account's own file, else to "-": the account may have made the link. Status 1
# where there is none. FILE is empty then.
read_link() {
	row=$(sed -n 's/^link	//p' "$1" 2>/dev/null) || row=
	[ -n "$row" ] || return 1
	owner=${row%%	*} target=${row#*	}
	[ "$owner" = "$user" ] || owner=-
	trouble="$list: a symbolic link, which sshd follows and ${tool#xferkey-} does not, leads to $target"
	: >"$1"
}

# behind_link FRONT WORD ...: adds to $trouble the command, FRONT and authkeys with these words, for $target itself.
# Root must not run one for a path that the account chose: it may lead to root's keys.
behind_link() {
	[ "$owner" != - ] || return 0
	front=$1
	shift
	[ "$owner" = root ] || [ "$me" != 0 ] || set -- -u "$owner" "$@"
	quote -f "$target" "$@"
	trouble="$trouble: ${front}xferkey authkeys $quoted"
}

# limited COMMAND ...: not for long: the account may stop or kill what runs as itself.
limited() {
	if command -v timeout >/dev/null; then
		timeout -k 2 "$seconds" "$@"
	else
		"$@"
	fi
}

# bounded FILE BYTES COMMAND ...: runs it for no longer than $seconds; FILE gets what it prints, and $cut is
# set where that is more than BYTES or could not be written. Its status is 0, 1, or 2: then $trouble is what it says, or
# how it ended, and $overdue is set where it took too long.
bounded() {
	into=$1 most=$2 cut='' overdue='' status=
	shift 2
	rm -f "$into.cut"
	{ : >"$tmp/status" && : >"$into"; } || die "$into: cannot write"
	# a signal does not part what was done from what is said of it
	{
		trap : HUP INT QUIT TERM
		status=0
		limited "$@" 2>"$tmp/trouble" || status=$?
		echo "$status" >"$tmp/status"
	} | (trap '' HUP INT QUIT TERM && head -c $((most + 1))) >"$into" || : >"$into.cut"
	if [ -e "$into.cut" ]; then
		cut=yes
	elif [ -s "$into" ]; then
		[ "$(wc -c <"$into")" -le "$most" ] 2>/dev/null || cut=yes
	fi
	read -r status <"$tmp/status" || :
	case $status in
	[01]) return "$status" ;;
	2)
		trouble=$(received_trouble)
		# it prints when its work is done
		case $cut:$trouble in
		yes:'standard output: '*) return 0 ;;
		esac
		;;
	'' | 12[567]) trouble="$user: ${1##*/xferkey-} cannot be run" ;;
	*)
		trouble="$user: ${1##*/xferkey-} was ended from outside"
		if [ "$status" = 124 ] || late; then overdue=yes trouble="$user: ${1##*/xferkey-} took longer than $seconds s"; fi
		;;
	esac
	return 2
}

# authkeys FILE BYTES WORD ...: bounded authkeys with $words and these.
authkeys() {
	output=$1 size=$2
	shift 2
	eval "bounded \"\$output\" \"\$size\" \"\$libexecdir/xferkey-authkeys\" -v $words \"\$@\""
}

# openssh_has FILE: asks OpenSSH's ssh-keygen whether it finds $fingerprint in FILE, as the account; $numbers are those
# of the lines. 0: it does; 1: it does not; 2: not known, and $trouble says why; 3: there is no ssh-keygen.
openssh_has() {
	command -v ssh-keygen >/dev/null || return 3
	set -- -k "$fingerprint" -f "$1"
	[ "$uid" = "$me" ] || set -- "$@" -u "$user"
	status=0
	bounded "$tmp/numbers" 4096 "$libexecdir/xferkey-authkeys" "$@" || status=$?
	numbers=
	if [ -s "$tmp/numbers" ]; then numbers=$(tr '\n' ' ' <"$tmp/numbers"); fi
	numbers=${numbers%' '}
	[ "$status:$numbers" != 0: ] || status=2 trouble="$1: ssh-keygen's answer cannot be read"
	return "$status"
}

# confirm: OpenSSH finds in $list what was installed. Else status 1; $verdict is 2, and $trouble says what is known.
confirm() {
	found=0
	openssh_has "$list" || found=$?
	case $found in
	0 | 3) return 0 ;;
	1) trouble="$list: ssh-keygen does not find the key in it: not known whether sshd lets it in" ;;
	esac
	verdict=2
	return 1
}

# keep_undo: sets $kept to a private folder for what is taken out, where a reboot does not take it away.
undo_most=33554432
keep_undo() {
	kept=
	if [ -d "${HOME-}" ] &&
		[ -n "$(find -H "$HOME" -prune -user "$me" ! -perm -020 ! -perm -002 2>/dev/null)" ]; then
		kept=$(mktemp -d "$HOME/xferkey-undo.XXXXXX" 2>/dev/null) || kept=
	fi
	[ -n "$kept" ] || kept=$(mktemp -d "${TMPDIR:-/tmp}/xferkey-undo.XXXXXX") ||
		die 'no directory can be made for what is taken out: nothing was'
	: >"$kept/lists" || die "$kept/lists: cannot write: nothing was taken out"
	trap 'unkeep; tidy' EXIT
	for signal in HUP INT QUIT TERM; do
		# shellcheck disable=SC2064 # the signal's name is wanted now
		trap "trap - $signal EXIT; put_back; tidy; kill -s $signal \$\$; exit 143" "$signal"
	done
	last_word="what was taken out, if anything, is in $kept"
}

# unbroken COMMAND ...: what a signal does not end halfway: it ends us behind that, and the undo lines have all.
unbroken() (
	trap : HUP INT QUIT TERM
	"$@"
)

# unkeep: nothing was taken out, or its undo lines say where it is.
unkeep() {
	if [ -n "$last_word" ] && [ ! -s "$kept/lists" ] && [ ! -s "$kept/next" ]; then
		rm -rf "$kept"
		last_word=
	fi
}

# keep_lines: $kept/next was taken out of the list of $words.
keep_lines() {
	number=$(wc -l <"$kept/lists") || number=
	if [ -n "$number" ] && number=$((number + 1)) && mv "$kept/next" "$kept/$number" &&
		printf '%s\n' "$words" >>"$kept/lists"; then
		[ -z "$cut" ] || : >"$kept/$number"
	else
		warn "$list: what is out of it cannot be kept: there is no undo line" || :
		verdict=2
	fi
}

# put_back: the commands that undo all. Files that these need stay.
put_back() {
	[ -e "$kept/lists" ] || return 0
	number=0 needed=
	while IFS= read -r words; do
		number=$((number + 1))
		did=$kept/$number
		if [ ! -s "$did" ]; then
			tell "no undo line: what is out has more than $((undo_most >> 20)) MiB, or cannot be kept: xferkey authkeys $words"
		elif [ "$(wc -l <"$did")" -gt 20 ] || [ "$(wc -c <"$did")" -gt 16384 ]; then
			quote "$did"
			needed=yes
			tell "undo: xferkey authkeys $words -A <$quoted"
			continue
		else
			put_back_here
		fi
		rm -f "$did"
	done <"$kept/lists"
	last_word=
	rm -f "$kept/lists" "$kept/next"
	[ -n "$needed" ] || rmdir "$kept" 2>/dev/null || :
}

# put_back_here: the command that undoes what $did says, which has the lines in itself.
put_back_here() {
	vis <"$did" >"$tmp/shown" || :
	set --
	while IFS= read -r line; do
		set -- "$@" "$line"
	done <"$did"
	# a shell that is pasted into takes a tab for its own; yash reads no bytes that its locale does not know
	if ! cmp -s "$did" "$tmp/shown" || grep -q '	' "$did" || ! [ "$#" -eq "$(wc -l <"$did")" ] 2>/dev/null; then
		tell 'no undo line: what is out has bytes that cannot be pasted'
		return
	fi
	quote "$@"
	tell "undo: printf '%s\\n' $quoted | xferkey authkeys $words -A"
}

# sshd_profile: sets $profile to permcheck's word for this system.
sshd_profile() {
	profile=upstream
	case $(ssh -V 2>&1) in
	*Debian* | *Ubuntu*) profile=debian ;;
	esac
}

# judge FILE: what permcheck says of it, as the sshd of this system looks at it, in $tmp/judged; sets $verdict, and
# $judging to the words for permcheck. StrictModes no has sshd look at no owner and mode.
judge() {
	[ -n "${profile-}" ] || sshd_profile
	quote -s -p "$profile" "${who:+$who:}$1"
	judging=$quoted
	step xferkey permcheck -s -p "$profile" "${who:+$who:}$1" >"$tmp/judged" || verdict=$?
	[ "$verdict" -le 2 ] || verdict=2
	case $verdict:$assumed in
	1:) [ "$(sshd_says strictmodes)" = no ] || return 0 ;;
	*) return 0 ;;
	esac
	sed -e '/^refuse	[^	]*	owner	/d' -e '/^refuse	[^	]*	[wg][^	]*-writable	/d' -e '/^refuse	[^	]*	acl	/d' \
		"$tmp/judged" >"$tmp/left" || die "$tmp/left: cannot write"
	mv "$tmp/left" "$tmp/judged" || die "$tmp/judged: cannot write"
	if ! finds '^refuse' "$tmp/judged"; then verdict=0; fi
}

# names PATTERN NAME: as sshd compares them, for which * and ? alone are special.
names() {
	case $1 in
	*[][\\]*) [ "$1" = "$2" ] ;;
	*)
		# shellcheck disable=SC2254 # a pattern
		case $2 in
		$1) ;;
		*) return 1 ;;
		esac
		;;
	esac
}

# accepts PATTERNS: whether sshd takes a signature that the key of $type and $bits can make.
accepts() {
	case $type in
	RSA) set -- "$1" rsa-sha2-512 rsa-sha2-256 ssh-rsa ;;
	ECDSA) set -- "$1" "ecdsa-sha2-nistp$bits" ;;
	ED25519) set -- "$1" ssh-ed25519 ;;
	ECDSA-SK) set -- "$1" sk-ecdsa-sha2-nistp256@openssh.com ;;
	ED25519-SK) set -- "$1" sk-ssh-ed25519@openssh.com ;;
	*) return 0 ;;
	esac
	patterns=$1
	shift
	for algorithm; do
		rest=$patterns,
		while [ -n "$rest" ]; do
			if names "${rest%%,*}" "$algorithm"; then return 0; fi
			rest=${rest#*,}
		done
	done
	return 1
}

# is_revoked FILE: whether the key $bare is in RevokedKeys, a KRL or a list of keys; one that root cannot read revokes all,
# and so does one that sshd cannot parse: $unparsed says so.
is_revoked() {
	unparsed=
	[ -r "$1" ] || { [ "$me" = 0 ] && return; }
	status=0
	printf '%s\n' "$bare" >"$tmp/asked" || return
	ssh-keygen -Q -f "$1" "$tmp/asked" >/dev/null 2>&1 || status=$?
	case $status:$(head -c 6 "$1") in
	0:*) return 1 ;;
	1:*) return 0 ;;
	# without ssh-keygen a KRL is not known
	127:SSHKRL) return 1 ;;
	esac
	"$libexecdir/xferkey-authkeys" -l -f "$1" >"$tmp/revoked" 2>/dev/null || {
		[ "$me" = 0 ]
		return
	}
	if finds -F -e "$fingerprint" "$tmp/revoked"; then return 0; fi
	# in a list, sshd reads nothing but keys without options
	keys=$(awk -F '\t' '$4 == "-" { n++ } END { print n + 0 }' "$tmp/revoked") || keys=
	lines=$(awk '!/^[ \t]*(#|$)/ { n++ } END { print n + 0 }' "$1") || lines=none
	[ "$keys" != "$lines" ] || return 1
	unparsed=' (neither a KRL nor only keys: sshd refuses every key)'
}

# from_names: whether from= in $options has only host names, or patterns of some, which no address matches.
from_names() {
	printf '%s\n' "$options" | awk '
		{
			while (match($0, /^[^=",]+(="([^"\\]|\\.)*")?,?/)) {
				option = tolower(substr($0, 1, RLENGTH))
				$0 = substr($0, RLENGTH + 1)
				if (sub(/^from="/, "", option) && sub(/",?$/, "", option)) from = option
			}
			n = split(from, patterns, ",")
			for (i = 1; i <= n; i++) {
				if (patterns[i] ~ /^!/) continue
				if (patterns[i] !~ /:/ && (patterns[i] ~ /[g-z_]/ || patterns[i] ~ /[a-f]/ && patterns[i] !~ /[*?]/)) names++
				else others++
			}
		}
		END { exit !names || others }'
}

# in_group PATTERN: whether the account is in a group whose name it matches. 2: not known.
in_group() {
	if [ ! -e "$tmp/groups.$user" ]; then
		# shellcheck disable=SC2046 # numbers
		getent group $(id -G "$user") >"$tmp/groups" 2>/dev/null || :
		[ -s "$tmp/groups" ] || id -Gn "$user" 2>/dev/null | tr ' ' '\n' >"$tmp/groups" || return 2
		cut -d : -f 1 "$tmp/groups" >"$tmp/groups.$user" || return 2
	fi
	while IFS= read -r group; do
		if names "$1" "$group"; then return 0; fi
	done <"$tmp/groups.$user"
	return 1
}

# sshd_refuses: whether sshd, as it has answered key_files for the account, refuses the key $bare of $type, $bits and
# $fingerprint with the options $options, whatever is in the file; $trouble is what of its configuration says so. Where
# that depends on what is not known here, it does not.
sshd_refuses() {
	trouble='' users='' user_in='' groups='' group_in=
	[ -z "$assumed" ] || return 1
	while read -r word value; do
		case $word:$value in
		pubkeyauthentication:no) trouble='PubkeyAuthentication no' ;;
		pubkeyacceptedalgorithms:* | pubkeyacceptedkeytypes:*) accepts "$value" || trouble="PubkeyAcceptedAlgorithms $value" ;;
		requiredrsasize:* | rsaminsize:*)
			[ "$type" != RSA ] || [ "$bits" -ge "$value" ] || trouble="RequiredRSASize $value"
			;;
		authenticationmethods:*)
			case " $value " in
			*' any '* | *' publickey '*) ;;
			*) trouble="AuthenticationMethods $value" ;;
			esac
			;;
		permitrootlogin:no) [ "$uid" != 0 ] || trouble='PermitRootLogin no' ;;
		permitrootlogin:forced-commands-only)
			case $uid:,${options-} in
			0:*,[Cc][Oo][Mm][Mm][Aa][Nn][Dd]=*) ;;
			0:*) trouble='PermitRootLogin forced-commands-only' ;;
			esac
			;;
		usedns:no) ! from_names || trouble='UseDNS no, and from= has only host names' ;;
		denyusers:*@*) ;;
		denyusers:*) ! names "$value" "$user" || trouble="DenyUsers $value" ;;
		allowusers:*)
			users="$users $value"
			# from which host is not known
			if names "${value%@*}" "$user"; then user_in=yes; fi
			;;
		denygroups:*) ! in_group "$value" || trouble="DenyGroups $value" ;;
		allowgroups:*)
			groups="$groups $value" found=0
			in_group "$value" || found=$?
			[ "$found" -eq 1 ] || group_in=yes
			;;
		revokedkeys:none) ;;
		revokedkeys:*) ! is_revoked "$value" || trouble="RevokedKeys $value$unparsed" ;;
		esac
	done <"$tmp/config"
	[ -z "$users" ] || [ -n "$user_in" ] || trouble="AllowUsers$users"
	[ -z "$groups" ] || [ -n "$group_in" ] || trouble="AllowGroups$groups"
	[ -n "$trouble" ] || return 1
	if finds -i "^debug3: checking match for '[^']*\(address\|host\|rdomain\)" "$tmp/reading"; then
		trouble="$trouble (for a login from 127.0.0.1)"
	fi
}

# report: what authorize says of the key that install_key has put into $list; the status is $verdict.
report() {
	judge "$list"
	[ ! -s "$tmp/judged" ] || cat "$tmp/judged" 2>/dev/null || warn 'standard output: cannot write what permcheck says' || :
	[ -z "$show" ] || return 0
	key="$bits $fingerprint ($type)" file=$verdict
	if ! confirm; then
		warn "$trouble" || :
	elif [ "$file" -eq 2 ]; then
		warn "$list: the key is in it, but not known is whether sshd reads it: xferkey permcheck $judging" || :
	else
		refused=
		if sshd_refuses; then refused=$trouble verdict=1; fi
		if [ -n "$refused" ]; then
			tell "$key is installed for $user, but sshd would refuse it: $refused"
		elif [ "$file" -eq 0 ]; then
			tell "$key is installed for $user"
		fi
		[ "$file" -eq 0 ] || tell "$key is installed, but sshd may refuse the file: xferkey permcheck -x $judging"
	fi
	say_assumed "$list is assumed"
	[ -z "$elsewhere" ] || tell "HOME is not the home of $user: sshd looks in $elsewhere"
	[ "$options" = - ] || tell "with the options: $options"
	case $did:$beside in
	added*:yes) tell "to undo, take the last line out of $list: others of the key were there before" ;;
	added*) tell "undo: xferkey authkeys ${words%' -r'} -d $fingerprint" ;;
	*) tell 'it was there already' ;;
	esac
	case $verdict:$did in
	0:added*)
		login=$user@$(uname -n) || login=$user
		quote "$login"
		hint "tell them: Your key $fingerprint is installed for $login. Try it: xferkey check KEY --login $quoted$reached"
		;;
	esac
}

# record TEXT: a line in the system's log, where root does something.
record() {
	if [ "$me" = 0 ] && command -v logger >/dev/null; then
		logger -t xferkey -p authpriv.notice -- "$1 by ${SUDO_USER:-root}" 2>/dev/null || :
	fi
}

# accounts OPTION: every account, a name a line, in $tmp/accounts; for root only, who gave OPTION.
accounts() {
	[ "$me" = 0 ] || die "$1: only root can look at all accounts"
	getent passwd >"$tmp/passwd" 2>/dev/null || cat /etc/passwd >"$tmp/passwd" || die 'the accounts cannot be listed'
	cut -d : -f 1 "$tmp/passwd" >"$tmp/accounts" || : >"$tmp/accounts"
	[ -s "$tmp/accounts" ] || die 'the accounts cannot be listed'
}

# preset NAME: sets $options to those that go by this name, or else to the word itself.
preset() {
	options=$1
	case $1 in
	'' | *[!a-z-]*) ;;
	*) [ ! -f "$sharedir/options/$1" ] || options=$(cat "$sharedir/options/$1") || die "$sharedir/options/$1: cannot read" ;;
	esac
}

# is_individual: status 1 where $tmp/index, of every_key, has $fingerprint under another account; $trouble says
# which.
is_individual() {
	trouble=$(awk -v key="$fingerprint" -v user="$user" '$1 == key && $2 != user { print $2; exit }' "$tmp/index") ||
		die 'the keys of others cannot be looked at'
	[ -n "$trouble" ] || return 0
	trouble="$trouble has the same key"
	return 1
}

# keys_in FILE: authkeys' list of it, read as the account, in $tmp/keys; empty for what is no file: sshd takes no key
# from there. Status 1, and $trouble, where it cannot be looked at.
keys_in() {
	: >"$tmp/keys" || die "$tmp/keys: cannot write"
	# root may not be able to look into a home: only authkeys, as the account, says that there is nothing
	if [ -e "$1" ] && [ ! -f "$1" ]; then
		warn "$user: $1: not a regular file: no key of it is looked at" || :
		return 0
	fi
	set -- -l -f "$1"
	[ "$uid" = "$me" ] || set -- "$@" -u "$user"
	bounded "$tmp/keys" 16777216 "$libexecdir/xferkey-authkeys" "$@" && [ -z "$cut" ] && return
	trouble="$user: $3: its keys cannot be looked at"
	return 1
}

# is_listed [FREE]: $fingerprint is among those that keys_in has listed, with options other than FREE.
is_listed() {
	found=$(awk -F '\t' -v key="$fingerprint" -v free="${1-}" '
		$1 == key && (free == "" || $4 != free) { n = 1 }
		END { print n + 0 }' "$tmp/keys") ||
		die "$tmp/keys: cannot read"
	[ "$found" = 1 ]
}

# every_key: the fingerprint and the account of each key in all accounts' files; root only.
every_key() {
	accounts --individual
	while IFS= read -r name; do
		is_name "$name" || die "$name: sshd cannot be asked about this account"
		account "$name"
		key_files
		[ -z "$unasked" ] || die "$name: $unasked"
		printf '%s' "$lists" 2>/dev/null >"$tmp/lists" || die "$tmp/lists: cannot write"
		while IFS= read -r list; do
			keys_in "$list" || die "$trouble"
			awk -v user="$user" '{ print $1, user }' "$tmp/keys" || die "$tmp/index: cannot write"
		done <"$tmp/lists"
	done <"$tmp/accounts"
}

# not_elsewhere [FREE]: status 1 where another of $lists than $list has $fingerprint, with options other than FREE: its
# line may be free of what is asked for here, or have restrictions that a line here would make void; $trouble says which.
not_elsewhere() {
	printf '%s' "${lists#*"$newline"}" 2>/dev/null >"$tmp/lists" || die "$tmp/lists: cannot write"
	while IFS= read -r other; do
		keys_in "$other" || return 1
		if is_listed "$@"; then
			trouble="$other: the key is there already: remove it first"
			return 1
		fi
	done <"$tmp/lists"
}

# refused LINE: the verdict on a line of a batch, from $tmp/said; only a name is shown of what is no good line.
refused() {
	name=${1%%:*}
	if [ "$name" = "$1" ] || ! is_name "$name"; then name="line $number"; fi
	put "$name	refused	$(sed -e '/^+ /d' -e 's/^[^:]*: //' -e 1q "$tmp/said")"
}

# one LINE: installs what a line of a batch says; the verdict, where the key is in, is in $tmp/line.
one() {
	verdict=0
	case $1 in
	*"$stand_in"*) die 'a control character in it' ;;
	[!:]*:?*) public=${1#*:} name=${1%%:*} ;;
	*) die 'not a line of USER:KEY' ;;
	esac
	account "$name"
	[ "$uid" != 0 ] || die "uid 0: no key of a list is for root: xferkey authorize -u $name, if it is meant"
	! finds -xF -e "$name" "$tmp/twice" || die 'more than one key for this account'
	printf '%s\n' "$public" | xferkey fpr >"$tmp/print" 2>"$tmp/trouble" ||
		die "$(received_trouble)"
	line=$(cat "$tmp/print") || line=
	[ -n "$line" ] || die "$tmp/print: cannot read"
	read_fingerprint
	quote "$public"
	source="printf '%s\\n' $quoted | xferkey pubfmt"
	install_key || die "$trouble"
	[ -z "$show" ] || return 0
	line="$name	${did%%	*}	$fingerprint"
	case $did in
	present*) [ "$options" = - ] || line="$line	with the options: $options" ;;
	esac
	judge "$list" 2>"$tmp/judging"
	case $verdict in
	0) ;;
	1) line="$line	sshd may refuse $list: xferkey permcheck $judging" ;;
	*) line="$line	not known whether sshd reads $list: permcheck fails" ;;
	esac
	if ! confirm; then
		line="$line	$trouble"
	elif sshd_refuses; then
		line="$line	sshd would refuse the key: $trouble"
		[ "$verdict" -ne 0 ] || verdict=1
	fi
	printf '%s\n' "$line" >"$tmp/line" || die "cannot write what was done: $line"
	return "$verdict"
}

# batch FILE: installs what its lines say; $worst is the status that the worst of them asks for.
batch() {
	# sh passes over a NUL
	stand_in=$(printf '\001')
	case $1 in
	-) ;;
	*)
		[ -e "$1" ] || die "$1: $(absent "$1")"
		[ -f "$1" ] || [ -p "$1" ] || die "$1: not a file"
		[ -r "$1" ] || die "$1: cannot read"
		exec <"$1"
		;;
	esac
	# without a byte order mark; stops where a private key begins: none of it is written
	{ head -c 16777217 || : >"$tmp/unread"; } | tr '\000' "$stand_in" |
		LC_ALL=C awk '
			NR == 1 { sub(/^\357\273\277/, "") }
			{ print }
			/BEGIN .*PRIVATE KEY/ || /^PuTTY-User-Key-File/ { exit }' >"$tmp/batch" || die "$tmp/batch: cannot write"
	[ ! -e "$tmp/unread" ] || die "$1: cannot read"
	! finds -e 'BEGIN .*PRIVATE KEY' -e '^PuTTY-User-Key-File' "$tmp/batch" ||
		die "$1: a private key in it: only lines of USER:KEY, with public keys, are for others"
	[ "$(wc -c <"$tmp/batch")" -le 16777216 ] || die "$1: more than 16 MiB"
	case ${opt_e-} in
	+*) die "-b: -e needs a date here, so that the same command can be run again" ;;
	esac
	cut -d : -f 1 "$tmp/batch" >"$tmp/names" || die "$tmp/names: cannot write"
	sort -o "$tmp/names" "$tmp/names" || die "$tmp/names: cannot write"
	uniq -d "$tmp/names" >"$tmp/twice" || die "$tmp/twice: cannot write"
	find_sshd
	sshd_profile
	number=0 worst=0 return=$(printf '\r')
	while IFS= read -r line || [ -n "$line" ]; do
		number=$((number + 1)) line=${line%"$return"}
		case $line in
		'#'*) continue ;;
		*[![:space:]]*) ;;
		*) continue ;;
		esac
		rm -f "$tmp/line"
		status=0
		(one "$line") 2>"$tmp/said" || status=$?
		[ "$status" -le 2 ] || status=2
		[ "$status" -le "$worst" ] || worst=$status
		if [ -e "$tmp/line" ]; then
			line=$(cat "$tmp/line")
			(trap '' PIPE && printf '%s\n' "$line") 2>/dev/null || die "standard output: cannot write: $line"
		elif [ "$status" -ne 0 ]; then
			refused "$line"
		fi
	done <"$tmp/batch"
	warn_assumed
}

# take_out: $fingerprint out of the account's files. Status 1 where it was in none; 2 in trouble, which is said.
take_out() {
	result=1 verdict=0 slow=
	key_files
	if [ -n "$unasked" ]; then
		result=2
		if [ -n "${opt_everywhere-}" ]; then
			printf '%s\n' "$unasked" >"$tmp/unclear"
		else
			warn "$unasked" || :
		fi
	fi
	printf '%s' "$lists" 2>/dev/null >"$tmp/lists" || die "$tmp/lists: cannot write"
	while IFS= read -r list; do
		[ -n "$slow" ] || from_list </dev/null || fault
	done <"$tmp/lists"
	[ -n "${opt_everywhere-}" ] || say_assumed "$(printf '%s' "$lists" | tr '\n' ' ')are assumed"
	[ -z "$elsewhere" ] || tell "HOME is not the home of $user: sshd looks in $elsewhere"
	[ "$verdict" -ne 2 ] || result=2
	return "$result"
}

# fault: $trouble is the account's; one whose short time is over is tried again. What is true of all accounts is said
# once.
fault() {
	if [ "$overdue:$patient" = yes: ]; then
		printf '%s\n' "$user" >>"$tmp/slow" || die "$tmp/slow: cannot write"
		slow=yes
		return
	fi
	result=2
	set -- "$folder" "$trouble"
	case $2 in
	"$1: "*) [ ! -e "$tmp/faults" ] || ! finds -xF -e "$1" "$tmp/faults" || return 0 ;;
	*) set -- '' "$2" ;;
	esac
	warn "$2" || :
	[ -z "$1" ] || printf '%s\n' "$1" >>"$tmp/faults" || die "$tmp/faults: cannot write"
}

# remove: $fingerprint out of the file of $words. $taken is authkeys' status.
remove() {
	quote "$fingerprint"
	step="xferkey authkeys $words -d $quoted"
	# of all the accounts, those that have the key are worth a line
	if [ -z "${opt_everywhere-}" ] || [ -n "$show" ]; then show_step "$step"; fi
	taken=0
	[ -n "$show" ] || authkeys "$kept/next" "$undo_most" -d "$fingerprint" || taken=$?
}

# remove_behind_link: where a link has kept remove from the file, out of that which it leads to, if it is the account's.
remove_behind_link() {
	read_link "$kept/next" || return 0
	if [ "$owner" = - ]; then
		trouble="$trouble: nothing is removed from it: an administrator must look"
		return
	fi
	set -- -f "$target"
	[ "$uid" = "$me" ] || set -- "$@" -u "$user"
	quote "$@"
	words=$quoted place="$target, to which a symbolic link leads from $list"
	remove
}

# from_list: out of $list. Status 1 where $trouble says why that is not so, or not known.
from_list() {
	overdue='' folder='' place=$list
	if [ -z "${opt_everywhere-}" ] && is_shared "$list"; then
		quote "$list"
		trouble="$list: every account's keys are in it: xferkey authkeys -f $quoted -d $fingerprint takes it from all"
		return 1
	fi
	if ! list_words "$list" && [ -z "$missing" ]; then
		if [ -n "$target" ] && [ "$owner" = - ]; then
			trouble="$trouble: nothing is removed from it: an administrator must look"
		elif [ -n "$target" ] && [ -n "${opt_everywhere-}" ]; then
			# the folder is that of others too
			quote "${target%/*}"
			trouble="$trouble: for list in $quoted/*; do xferkey authkeys -f \"\$list\" -d $fingerprint; done"
		elif [ -n "$target" ]; then
			behind_link '' -d "$fingerprint"
		fi
		return 1
	fi
	# what root does not see the account may
	[ -z "$trouble" ] || [ "$uid" = "$me" ] || {
		quote -f "$list" -u "$user"
		words=$quoted
	}
	words=${words%' -r'}
	remove
	[ "$taken" -ne 2 ] || remove_behind_link
	if [ -n "$show" ]; then
		[ "$result" -eq 2 ] || result=0
		return 0
	fi
	if [ "$taken" -eq 0 ]; then
		[ "$result" -eq 2 ] || result=0
		keep_lines
		[ -z "${opt_everywhere-}" ] || show_step "$step"
		record "$fingerprint is revoked for $user in ${place%%,*}"
	fi
	[ "$taken" -ne 2 ] || return 1
	is_gone || return 1
	# of a slow account it may have been taken out before
	if [ "$taken" -eq 0 ] || finds -xF -e "$words" "$kept/lists"; then tell "$fingerprint is out of $place"; fi
}

# is_gone: OpenSSH does not find it in $list. Else status 1, and $trouble.
is_gone() {
	found=0
	openssh_has "$list" || found=$?
	case $found in
	0) trouble="$list: $fingerprint is not out: ssh-keygen finds it in line $numbers" ;;
	2)
		# in a folder of root's, which the mode may close to every account
		[ -z "$rooted" ] || [ "$uid" = "$me" ] || [ -n "$(find "$folder" -prune -perm -001 2>/dev/null)" ] ||
			trouble="$folder: its mode lets no account in, as which sshd reads the file: not known whether the key is out"
		;;
	*) return 0 ;;
	esac
	return 1
}

# account_out: $fingerprint out of those of $name.
account_out() {
	account "$name"
	take_out
}

# pass FILE: the accounts in it, a name a line, each within $limit.
pass() {
	while IFS= read -r name; do
		status=0
		if is_name "$name"; then
			unbroken account_out || status=$?
		else
			warn "$name: sshd cannot be asked about this account" || :
			status=2
		fi
		case $status in
		0) found_any=0 ;;
		1)
			[ -z "$patient" ] || {
				warn "$name: authkeys was ended after a short time, and may have taken the key out: there is no undo line" || :
				worst=2
			}
			;;
		*) worst=2 ;;
		esac
	done <"$1"
}
