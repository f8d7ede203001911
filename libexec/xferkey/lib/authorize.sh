# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# The messages of authorize, and its option -b.
. "$libexecdir/lib/sshd.sh"

# confirm_installed: if ssh-keygen does not find the installed key in $list: status 1, $verdict 2 and $trouble.
confirm_installed() {
	found=0
	openssh_has "$list" || found=$?
	case $found in
	0 | 3) return 0 ;;
	1) trouble="$list: ssh-keygen does not find the key in it: not known whether sshd lets it in" ;;
	*) trouble="$list: not known whether ssh-keygen finds the key in it: $trouble" ;;
	esac
	verdict=2
	return 1
}

# token_account: refuses Aspera's token key for an account that can do more than transfer, or with other options than
# those of the set aspera.
token_account() {
	[ -z "${opt_O+O}" ] || die '-O and --token-account: the token key gets the options of the set aspera'
	opt_O=aspera
	named_options aspera
	[ "$uid" != 0 ] || die "$user: uid 0: no account of root gets a key whose private half is public"
	is_name "$user" || die "$user: not a name for aspera.conf"
	row=$(getent passwd "$user" 2>/dev/null) || die "$user: the login shell is not known"
	[ "${row##*:}" = /bin/aspshell ] ||
		die "$user: the login shell is ${row##*:}, not /bin/aspshell: the account could do more than transfer"
}

# tell_token: prints how aspera.conf requires a token.
tell_token() {
	[ -n "$show" ] ||
		warn "the private half of this key is public: anybody can log in with it, so aspera.conf must require a token"
	quote "set_user_data;user_name,$user;authorization_transfer_in_value,token;authorization_transfer_out_value,token"
	tell "to require a token (not tried against a live server): /opt/aspera/bin/asconfigurator -x $quoted"
	tell "aspera.conf then has:
    <user>
        <name>$user</name>
        <authorization>
            <transfer>
                <in><value>token</value></in>
                <out><value>token</value></out>
            </transfer>
        </authorization>
    </user>"
}

# report_installed: prints the result of install_key; sets $verdict.
report_installed() {
	judge_file "$list"
	cat "$tmp/judged" 2>/dev/null || warn 'standard output: cannot write what permcheck says'
	[ -z "$show" ] || return 0
	key="$bits $fingerprint ($type)" file=$verdict
	if ! confirm_installed; then
		warn "$trouble"
	elif [ "$file" -eq 2 ]; then
		warn "$list: the key is in it; it is not known whether sshd reads it: xferkey permcheck $judging"
	else
		if sshd_refuses; then
			verdict=1
			tell "$key is installed for $user, but sshd would refuse it: $trouble"
		elif [ "$file" -eq 0 ]; then
			tell "$key is installed for $user"
		fi
		[ "$file" -eq 0 ] || tell "$key is installed, but sshd may refuse the file: xferkey permcheck -x $judging"
	fi
	say_assumed "$list is assumed"
	[ "$options" = - ] || tell "with the options: $options"
	[ -z "$old" ] || tell_replaced "$tmp/added"
	case $did:$beside in
	added*:yes) tell "to undo, remove the last line of $list: other lines of the key were there before" ;;
	added*) tell "undo: xferkey authkeys ${list_words%' -r'} -d $fingerprint" ;;
	*) tell 'the key was there already' ;;
	esac
	case $verdict:$did in
	0:added*)
		[ -z "${opt_token-}" ] || return 0
		login=$user@$(uname -n) || login=$user
		quote "$login"
		hint "tell them: Your key $fingerprint is installed for $login. Try it: xferkey check KEY --login $quoted$port_option"
		;;
	esac
}

# named_options NAME: sets $options to the text of the file NAME in share; else to NAME itself, and $sets to all names.
named_options() {
	options=$1 sets=
	case $1 in
	'' | *[!a-z-]*) return ;;
	esac
	set -- "$sharedir/options/$1"
	if [ -f "$1" ]; then
		options=$(cat "$1") || die "$1: cannot read"
	else
		sets=$(cd "${1%/*}" 2>/dev/null && printf '%s ' *) || sets=
	fi
}

is_individual() {
	trouble=$(awk -v key="$fingerprint" -v user="$user" '$1 == key && $2 != user { print $2; exit }' "$tmp/index") ||
		die 'the keys of other accounts cannot be read'
	[ -n "$trouble" ] || return 0
	trouble="$trouble has the same key"
	return 1
}

# every_key: prints the fingerprint and account of every key.
every_key() {
	list_accounts --individual
	count=0
	while IFS= read -r name; do
		count=$((count + 1)) files=0
		is_name "$name" || die "$name: sshd cannot be asked about this account"
		set_account "$name"
		key_files
		[ -z "$unasked" ] || die "$name: $unasked"
		keep_text lists "$lists"
		while IFS= read -r list; do
			files=$((files + 1))
			keys_in "$list" || die "$trouble"
			awk -v user="$user" '{ print $1, user }' "$tmp/keys" || die "$tmp/index: cannot write"
		done <"$tmp/lists"
		all_read "$files" "$tmp/lists" || exit 2
	done <"$tmp/accounts"
	all_read "$count" "$tmp/accounts" || exit 2
}

# not_elsewhere [FREE]: status 1, and $trouble, if a file of $lists other than $list has $fingerprint with options other
# than FREE: one of the two lines would void the restrictions of the other.
not_elsewhere() {
	keep_text lists "$lists"
	files=0
	while IFS= read -r other; do
		files=$((files + 1))
		! is_same "$other" "$list" || continue
		keys_in "$other" || return 1
		if is_listed "$@"; then
			trouble="$other: the key is there already: remove it first: xferkey revoke${named_user:+ -u $user} $fingerprint"
			return 1
		fi
	done <"$tmp/lists"
	all_read "$files" "$tmp/lists" || exit 2
}

# refused LINE: prints the verdict on a bad LINE of a batch, with the account or the number of the line.
refused() {
	name=${1%%:*}
	[ "$name" != "$1" ] && is_name "$name" || name="line $number"
	print_line "$name	refused	$(sed -e '/^+ /d' -e 's/^[^:]*: //' -e 1q "$tmp/said")"
}

# install_line LINE: installs its key. Writes the verdict to $tmp/line if the key is now in the file.
install_line() {
	verdict=0
	case $1 in
	*"$stand_in"*) die 'the line has a control character' ;;
	[!:]*:?*) public=${1#*:} name=${1%%:*} ;;
	*) die 'not a line of USER:KEY' ;;
	esac
	set_account "$name"
	[ "$uid" != 0 ] || die "uid 0: -b installs no key for root; instead: xferkey authorize -u $name"
	row=$(printf '%s\n' "$public" | xferkey keyinfo 2>"$tmp/trouble") || die "$(first_message)"
	read_row
	twice=$(awk -F '\t' -v name="$name" '$1 == name { print $2 }' "$tmp/twice") || die "$tmp/twice: cannot read"
	[ -z "$twice" ] || die "more than one key for this account: lines $twice"
	quote "$public"
	source="printf '%s\\n' $quoted | xferkey pubfmt"
	install_key || die "$trouble"
	[ -z "$show" ] || return 0
	dropped_options
	line="$name	${did%%	*}	$fingerprint"
	case $did in
	present*) [ "$options" = - ] || line="$line	with the options: $options" ;;
	esac
	[ -z "$dropped" ] || line="$line	the options in it are dropped: $dropped"
	judge_file "$list" 2>"$tmp/judging"
	case $verdict in
	0) ;;
	1) line="$line	sshd may refuse $list: xferkey permcheck $judging" ;;
	*) line="$line	not known whether sshd reads $list: permcheck fails" ;;
	esac
	if ! confirm_installed; then
		line="$line	$trouble"
	elif sshd_refuses; then
		line="$line	sshd would refuse the key: $trouble"
		[ "$verdict" -ne 0 ] || verdict=1
	fi
	printf '%s\n' "$line" >"$tmp/line" || die "cannot write what was done: $line"
	return "$verdict"
}

# note_twice: writes to $tmp/twice the accounts for which the batch has more than one key, and the lines of these.
note_twice() {
	{ cut -d : -f 1 "$tmp/batch" >"$tmp/names" && sort -o "$tmp/names" "$tmp/names" &&
		uniq -d "$tmp/names" >"$tmp/twice" && : >"$tmp/rows"; } || die "$tmp/names: cannot write"
	number=0
	while [ -s "$tmp/twice" ] && IFS= read -r line; do
		number=$((number + 1)) got=0
		finds -xF -e "${line%%:*}" "$tmp/twice" || continue
		row=$(printf '%s\n' "${line#*:}" | xferkey keyinfo 2>"$tmp/trouble") || got=$?
		known_status "$got" keyinfo
		[ "$got" -ne 0 ] && [ -s "$tmp/trouble" ] || printf '%s\t%s\t%s\n' "${line%%:*}" "$number" "$row" >>"$tmp/rows" ||
			die "$tmp/rows: cannot write"
	done <"$tmp/batch"
	LC_ALL=C awk -F '\t' '
		{ lines[$1] = lines[$1] ($1 in n ? " and " : "") $2 }
		# column 8 of keyinfo is the fingerprint
		{ n[$1] += !seen[$1, $10]++ }
		END { for (name in n) if (n[name] > 1) print name "\t" lines[name] }' "$tmp/rows" >"$tmp/twice" ||
		die "$tmp/twice: cannot write"
}

# install_batch FILE: installs the keys in FILE; sets $worst to the highest status.
install_batch() {
	# sh skips a NUL
	stand_in=$(printf '\001')
	read_from "$1"
	# drops a byte order mark, and stops where a private key begins
	{ head -c 16777217 || : >"$tmp/unread"; } | tr '\000' "$stand_in" |
		LC_ALL=C awk '
			NR == 1 { sub(/^\357\273\277/, "") }
			{ print }
			/BEGIN .*PRIVATE KEY/ || /^PuTTY-User-Key-File/ { exit }' >"$tmp/batch" || die "$tmp/batch: cannot write"
	[ ! -e "$tmp/unread" ] || die "$1: cannot read"
	! finds -e 'BEGIN .*PRIVATE KEY' -e '^PuTTY-User-Key-File' "$tmp/batch" ||
		die "$1: a private key in it: only lines of USER:KEY, with public keys, are accepted"
	{ length -c "$tmp/batch" && [ "$length" -le 16777216 ]; } || die "$1: more than 16 MiB"
	case ${opt_e-} in
	+*) die "-b: -e needs a date here, so that the same command can be run again" ;;
	esac
	note_twice
	ask_once
	sshd_profile
	number=0 worst=0 return=$(printf '\r')
	while IFS= read -r line; do
		number=$((number + 1)) line=${line%"$return"}
		case $line in
		'#'*) continue ;;
		*[![:space:]]*) ;;
		*) continue ;;
		esac
		rm -f "$tmp/line"
		status=0
		(install_line "$line") 2>"$tmp/said" || status=$?
		[ "$status" -eq 0 ] || [ -e "$tmp/line" ] && [ "$status" -le 2 ] || status=2
		[ "$status" -le "$worst" ] || worst=$status
		if [ -e "$tmp/line" ]; then
			line=$(cat "$tmp/line")
			try_line "$line" || die "standard output: cannot write: $line"
		elif [ "$status" -ne 0 ]; then
			refused "$line"
		fi
	done <"$tmp/batch"
	# yash cannot read bytes that its locale does not know
	{ length -l "$tmp/batch" && [ "$number" -eq "$length" ]; } || die "line $((number + 1)): sh cannot read it"
	warn_assumed
}
