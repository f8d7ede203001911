# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Whether sshd would let a key in.
. "$libexecdir/lib/server.sh"

sshd_profile() {
	profile=upstream
	case $(ssh -V 2>&1) in
	*Debian* | *Ubuntu*) profile=debian ;;
	esac
}

# judge_file FILE: writes permcheck's findings to $tmp/judged, without owners and modes if StrictModes is no; sets
# $verdict, and $judging to permcheck's arguments.
judge_file() {
	[ -n "${profile-}" ] || sshd_profile
	quote -s -p "$profile" "${named_user:+$named_user:}$1"
	judging=$quoted
	eval "step xferkey permcheck $judging" >"$tmp/judged" || verdict=$?
	[ "$verdict" -le 2 ] || verdict=2
	[ "$verdict:$assumed" = 1: ] && [ "$(sshd_says strictmodes)" = no ] || return 0
	sed -e '/^refuse	[^	]*	owner	/d' -e '/^refuse	[^	]*	[wg][^	]*-writable	/d' -e '/^refuse	[^	]*	acl	/d' \
		"$tmp/judged" >"$tmp/left" || die "$tmp/left: cannot write"
	mv "$tmp/left" "$tmp/judged" || die "$tmp/judged: cannot write"
	finds '^refuse' "$tmp/judged" || verdict=0
}

# is_revoked FILE: whether $bare_key is in RevokedKeys, by revokes.
is_revoked() {
	printf '%s\t%s\n' "$fingerprint" "$bare_key" >"$tmp/asked" || return
	revokes "$1" && [ -s "$tmp/revoked" ]
}

not_revoking=' (neither a KRL nor only keys: sshd refuses every key)'

# revokes FILE: writes to $tmp/revoked the fingerprints of those keys in $tmp/asked (lines of fingerprint, tab, key)
# that RevokedKeys has, a KRL or a list of keys. A file that root cannot read, or sshd cannot parse ($unparsed says so),
# revokes every key.
revokes() {
	unparsed=
	: >"$tmp/revoked"
	if [ ! -r "$1" ]; then
		[ "$me" != 0 ] || cut -f 1 "$tmp/asked" >"$tmp/revoked"
	elif [ "$(head -c 6 "$1" 2>/dev/null | tr '\0' '#')" != SSHKRL ]; then
		in_list "$1" >"$tmp/revoked"
	elif command -v ssh-keygen >/dev/null && ! in_krl "$1"; then
		# a key that ssh-keygen does not read must not decide on others
		cp "$tmp/asked" "$tmp/each" && : >"$tmp/unanswered" || return
		while read -r asking; do
			printf '%s\n' "$asking" >"$tmp/asked"
			in_krl "$1" || printf '%s\n' "${asking%%	*}" >>"$tmp/unanswered"
		done <"$tmp/each"
		length -l "$tmp/unanswered" && unanswered=$length && length -l "$tmp/each" || return
		[ "$unanswered" -ne "$length" ] || unparsed=$not_revoking
		cat "$tmp/unanswered" >>"$tmp/revoked"
	fi
}

# in_krl FILE: revokes for a KRL, by one ssh-keygen; status 1 if that does not answer for each key.
in_krl() {
	rm -rf "$tmp/keys.d"
	mkdir "$tmp/keys.d" || return
	(cd "$tmp/keys.d" && LC_ALL=C awk -F '\t' '{ print $2 >NR; close(NR); print NR }' |
		xargs ssh-keygen -Q -f "$1") <"$tmp/asked" >"$tmp/answered" 2>/dev/null || :
	length -l "$tmp/answered" && answered=$length && length -l "$tmp/asked" && [ "$answered" -eq "$length" ] || return 1
	LC_ALL=C paste "$tmp/asked" "$tmp/answered" | sed -n 's/	.*: REVOKED$//p' >>"$tmp/revoked"
}

in_list() {
	if ! "$libexecdir/xferkey-authkeys" -l -v -f "$1" >"$tmp/listed" 2>/dev/null; then
		[ "$me" != 0 ] || cut -f 1 "$tmp/asked"
		return
	fi
	# in a list, sshd skips lines that begin with a NUL byte; each other line must begin with the type of its key
	tr '\0' '#' <"$1" | LC_ALL=C awk '
		part == "listed" { split($0, column, "\t"); type[++n] = column[6]; next }
		!/^[ \t]*(#|$)/ && (++lines > n || index(type[lines], $1 " ") != 1) { exit bad = 1 }
		END { exit bad || lines != n }' part=listed "$tmp/listed" part=list - || unparsed=$not_revoking
	if [ -n "$unparsed" ]; then
		cut -f 1 "$tmp/asked"
	else
		LC_ALL=C awk -F '\t' 'part == "list" { listed[$2]; next } $1 in listed { print $1 }' part=list "$tmp/listed" \
			part=asked "$tmp/asked"
	fi
}

# shell_refuses SHELL: sets $trouble if sshd lets nobody in with this login shell. Its working directory is /; it tests
# only the type and the mode.
shell_refuses() {
	shell=/$1
	shell=/${shell#//}
	if [ ! -e "$shell" ]; then
		trouble="the login shell $shell: $(absent "$shell")"
	elif seen=$(find -L "$shell" -prune -type f \( -perm -100 -o -perm -010 -o -perm -001 \) 2>/dev/null); then
		[ -n "$seen" ] || trouble="the login shell $shell: not a program"
	fi
}

# first_rows: of several rows of passwd with one name the first, which counts for sshd.
first_rows() {
	LC_ALL=C awk -F : '!seen[$1]++'
}

# one_row: writes the account's row of passwd, with the home of set_account, to $tmp/rows.
one_row() {
	row=$(getent passwd "$user" 2>/dev/null) || row=$(first_rows </etc/passwd | grep -- "^$user:") || row=
	[ -n "$row" ] || [ -z "$named_user" ] || die "$user: its row of passwd cannot be read"
	IFS=: read -r _ password _ group _ _ shell <<-END || die "getent's answer cannot be read"
		$row
	END
	keep_text rows "$user:$password:$uid:${group:-$(id -g)}::$home:$shell$newline"
}

# put_answer: prints the answer of ask_key_words; the words of AuthorizedKeysFile are those of keyfiles.
put_answer() {
	if [ -n "$assumed" ]; then echo assumed yes; else cat "$tmp/config"; fi &&
		echo "keyfiles $words" || return
	[ -n "$assumed" ] || ! finds -i "^debug3: checking match for '[^']*\(address\|host\|rdomain\)" "$tmp/reading" ||
		echo suffix ' (for a login from 127.0.0.1)'
}

# asked KEYWORD ...: the different values that the answers have for them.
asked() {
	for word; do
		LC_ALL=C awk -F '\t' -v word="$word" '$2 == word && !seen[$3]++ { print $3 }' "$tmp/answers"
	done
}

# list_shells: writes to $tmp/shells the login shells with which sshd lets nobody in, and why.
list_shells() {
	cut -d : -f 7 "$tmp/rows" | sort -u >"$tmp/ask" || die "$tmp/ask: cannot write"
	count=0
	while IFS= read -r path; do
		count=$((count + 1))
		trouble=
		[ -z "$path" ] || shell_refuses "$path"
		[ -z "$trouble" ] || printf '%s\t%s\n' "$path" "$(visible "$trouble")"
	done <"$tmp/ask" >"$tmp/shells" || die "$tmp/shells: cannot write"
	all_read "$count" "$tmp/ask" || exit 2
}

# list_groups: if the answers name groups, writes to $tmp/groups the rows of group, and a row without a name for each
# account whose groups only the name service knows.
list_groups() {
	: >"$tmp/groups"
	[ -n "$(asked allowgroups denygroups)" ] || return 0
	getent group >"$tmp/groups" 2>/dev/null || cat /etc/group >"$tmp/groups" || die 'the groups cannot be listed'
	! LC_ALL=C sed -n 's/^group:\(.*\)/\1/p' /etc/nsswitch.conf 2>/dev/null | sed 's/\[[^]]*\]//g; s/#.*//' |
		finds -v '^[[:space:]]*\(\(files\|compat\|systemd\)[[:space:]]*\)*$' || directory_groups
}

directory_groups() {
	cut -d : -f 1 "$tmp/rows" >"$tmp/ask" || die "$tmp/ask: cannot write"
	count=0
	while IFS= read -r name; do
		count=$((count + 1))
		# shellcheck disable=SC2046 # numbers
		getent group $(id -G "$name" 2>/dev/null) | awk -F : -v name="$name" '{ print $1 ":x:" $3 ":" name }'
	done <"$tmp/ask" >>"$tmp/groups"
	all_read "$count" "$tmp/ask" || exit 2
}

# list_revoked: writes to $tmp/refused, for each file of RevokedKeys, the fingerprints of the keys in $tmp/keys that it
# revokes.
list_revoked() {
	: >"$tmp/refused"
	asked revokedkeys >"$tmp/krls" || die "$tmp/krls: cannot write"
	count=0
	while IFS= read -r krl; do
		count=$((count + 1))
		[ "$krl" != none ] || continue
		LC_ALL=C awk -F '\t' -v OFS='\t' '$11 !~ /^no: / && !seen[$6]++ { print $6, $14 }' "$tmp/keys" >"$tmp/asked" &&
			revokes "$krl" || die "$krl: not known which keys it revokes"
		krl=$krl unparsed=$unparsed LC_ALL=C awk '{ print ENVIRON["krl"] "\t" $1 "\t" ENVIRON["unparsed"] }' "$tmp/revoked"
	done <"$tmp/krls" >"$tmp/refused" || die "$tmp/refused: cannot write"
	all_read "$count" "$tmp/krls" || exit 2
}

# judge_rows FORM: joins the tables in $tmp, and prints their rows: as columns, labels, json, or only the verdict.
judge_rows() {
	days=$(($(date +%s) / 86400)) || die 'date: fails'
	elsewhere=$elsewhere LC_ALL=C awk -F '\t' -v form="$1" -v log_given="${opt_log+yes}" -v me="$me" -v days="$days" \
		-v kernel="$(uname -s)" -v nologin="$([ ! -e /etc/nologin ] || echo /etc/nologin)" \
		-f "$sharedir/who.awk" \
		part=answers "$tmp/answers" part=classes "$tmp/classes" part=rows "$tmp/rows" part=groups "$tmp/groups" \
		part=shadow "$tmp/shadow" part=shells "$tmp/shells" part=refused "$tmp/refused" part=wanted "$tmp/keys" \
		part=log "$tmp/log" part=keys "$tmp/keys"
}

# sshd_verdict: prints who's verdict for a line of $options and $bare_key of the account, if sshd accepts its file, its
# options and its date. To be called in a process of its own.
sshd_verdict() {
	elsewhere=
	{ mkdir -p "$tmp/verdict" && put_answer >"$tmp/verdict/answer"; } || die "$tmp/verdict: cannot write"
	tmp=$tmp/verdict
	one_row
	case ${options-} in
	'' | -) line=$bare_key ;;
	*) line="$options $bare_key" ;;
	esac
	{
		sed 's/^\([^ ]*\) /*	\1	/' "$tmp/answer" >"$tmp/answers" && printf '*\t*\n' >"$tmp/classes" &&
			printf '%s\n' "$line" >"$tmp/line" && printf ':%s\n' "$tmp/line" >"$tmp/files" && : >"$tmp/log" &&
			HOME=/ "$libexecdir/lib/xferkey-judge" <"$tmp/files" >"$tmp/judged" &&
			LC_ALL=C awk -v user="$user" 'BEGIN { FS = OFS = "\t" } { $1 = user; $10 = "-"; $11 = "yes"; print }' \
				"$tmp/judged" >"$tmp/keys"
	} || die "$user: not known whether sshd would refuse the key"
	{ [ "$me" != 0 ] || getent shadow "$user" || grep -- "^$user:" /etc/shadow || :; } >"$tmp/shadow" 2>/dev/null
	list_shells
	list_groups
	list_revoked
	judge_rows verdict
}

# sshd_refuses: whether sshd, as key_files has asked it, refuses $bare_key of $fingerprint with $options; $trouble is
# the reason. Facts that are not known do not refuse.
sshd_refuses() {
	trouble=
	[ -z "$assumed" ] || return 1
	trouble=$(sshd_verdict) || trouble=
	case $trouble in
	'no: '*) trouble=${trouble#no: } ;;
	*) return 1 ;;
	esac
}
