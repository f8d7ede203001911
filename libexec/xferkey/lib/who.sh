# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Which keys let whom in, for all accounts at once: tables in $tmp, joined by awk.
. "$libexecdir/lib/sshd.sh"

# first_rows: of several rows of passwd with one name the first, which counts for sshd.
first_rows() {
	LC_ALL=C awk -F : '!seen[$1]++'
}

# find_accounts: writes the rows of passwd of the accounts that are asked for to $tmp/rows.
find_accounts() {
	case ${opt_b+b}:${opt_u+u} in
	b:u) die '-u and -b: one of them' ;;
	b:)
		list_accounts -b
		read_from "$opt_b"
		named_rows
		;;
	:u)
		set_account "$opt_u"
		row=$(getent passwd "$user" 2>/dev/null) || row=$(first_rows </etc/passwd | grep -- "^$user:") ||
			die "$user: its row of passwd cannot be read"
		keep_text rows "$row$newline"
		;;
	*)
		if [ "$me" = 0 ]; then
			list_accounts 'all accounts'
			first_rows <"$tmp/passwd" >"$tmp/rows" || die "$tmp/rows: cannot write"
			return
		fi
		set_account
		row=$(getent passwd "$me" 2>/dev/null) || row=
		keep_text rows "$user:x:$uid:$(id -g)::$home:${row##*:}$newline"
		;;
	esac
}

# named_rows: the same for the names on standard input; the name service is asked for those that it does not list.
named_rows() {
	tr -d '\r' | sed -e 's/[[:space:]]*$//' -e '/^$/d' -e '/^#/d' | sort -u >"$tmp/names" || die "$tmp/names: cannot write"
	first_rows <"$tmp/passwd" | LC_ALL=C awk -F : -v found="$tmp/rows" '
		FILENAME != "-" { names[$1] = 1; next }
		$1 in names { print >found; delete names[$1] }
		END { printf "" >found; for (name in names) print name }' "$tmp/names" - >"$tmp/other" || die "$tmp/rows: cannot write"
	sort -o "$tmp/other" "$tmp/other" || die "$tmp/other: cannot write"
	while IFS= read -r name; do
		if is_name "$name" && row=$(getent passwd "$name" 2>/dev/null) && [ "${row%%:*}" = "$name" ]; then
			printf '%s\n' "$row" >>"$tmp/rows" || die "$tmp/rows: cannot write"
		else
			unlisted "$name: no such account"
		fi
	done <"$tmp/other"
}

unlisted() {
	warn "$1"
	verdict=2
}

# ask_for NAME: asks sshd for the account; sets $class to the name of its answer. $tmp/answers has a line for each line
# of each answer, which begins with its name; the words of AuthorizedKeysFile are those of keyfiles.
ask_for() {
	ask_key_words "$1"
	[ -z "$unasked" ] || die "$unasked"
	{
		if [ -n "$assumed" ]; then echo assumed yes; else cat "$tmp/config"; fi
		echo "keyfiles $words"
		[ -n "$assumed" ] || ! finds -i "^debug3: checking match for '[^']*\(address\|host\|rdomain\)" "$tmp/reading" ||
			echo suffix ' (for a login from 127.0.0.1)'
	} >"$tmp/answer" || die "$tmp/answer: cannot write"
	class=$(cksum <"$tmp/answer" | tr ' ' .) || die 'cksum: failed'
	[ -e "$tmp/answer.$class" ] || sed "s/^\([^ ]*\) /$class	\1	/" "$tmp/answer" |
		tee "$tmp/answer.$class" >>"$tmp/answers" || die "$tmp/answers: cannot write"
}

# ask_for_all: asks sshd once, or, if accounts may differ, for each of $tmp/rows; writes $tmp/classes: lines of an
# account and the name of its answer; "*" is any account.
ask_for_all() {
	find_sshd
	: >"$tmp/answers"
	if [ -z "$sshd" ] || one_answer; then
		ask_for root
		printf '*\t%s\n' "$class"
	else
		cut -d : -f 1 "$tmp/rows" >"$tmp/ask" || die "$tmp/ask: cannot write"
		while IFS= read -r name; do
			if is_name "$name"; then
				ask_for "$name"
				printf '%s\t%s\n' "$name" "$class"
			else
				unlisted "$name: sshd cannot be asked about this account"
			fi
		done <"$tmp/ask"
	fi >"$tmp/classes"
	[ -s "$tmp/classes" ] || [ ! -s "$tmp/rows" ] || die "$tmp/classes: cannot write"
	warn_assumed
}

# asked KEYWORD ...: the different values that the answers have for them.
asked() {
	for word; do
		LC_ALL=C awk -F '\t' -v word="$word" '$2 == word && !seen[$3]++ { print $3 }' "$tmp/answers"
	done
}

# list_files: writes to $tmp/files the files where sshd looks for keys, as lines of account and path (sshd_config(5),
# TOKENS); without an account if they are the invoking user's.
list_files() {
	own=
	[ "$me" = 0 ] || own=yes
	LC_ALL=C awk -F '\t' -v own="$own" '
		function path(word, name, uid, home,   i, c, all) {
			if (word ~ /[*?[]/)
				exit 3
			while ((i = index(word, "%")) > 0) {
				c = substr(word, i + 1, 1)
				if (c == "" || !index("huU%", c))
					exit 3
				all = all substr(word, 1, i - 1) (c == "h" ? home : c == "u" ? name : c == "U" ? uid : "%")
				word = substr(word, i + 2)
			}
			all = all word
			if (all !~ /^\//)
				all = home "/" all
			while (sub(/\/\.?\//, "/", all))
				;
			return all
		}
		part == "answers" { if ($2 == "keyfiles") words[$1] = $3; next }
		part == "classes" { class[$1] = $2; next }
		{
			split($0, row, ":")
			name = row[1]
			k = "*" in class ? class["*"] : class[name]
			n = split(words[k], word, " ")
			for (i = 1; i <= n; i++) {
				if (tolower(word[i]) == "none")
					continue
				file = path(word[i], name, row[3], row[6] == "" ? "/" : row[6])
				if (!((name, file) in seen))
					print (own ? "" : name) ":" file
				seen[name, file]
			}
		}' part=answers "$tmp/answers" part=classes "$tmp/classes" part=rows "$tmp/rows" >"$tmp/files" ||
		die "AuthorizedKeysFile $(asked keyfiles | sed 1q): not understood"
}

# list_shells: writes to $tmp/shells the login shells with which sshd lets nobody in, and why.
list_shells() {
	cut -d : -f 7 "$tmp/rows" | sort -u >"$tmp/ask" || die "$tmp/ask: cannot write"
	while IFS= read -r path; do
		trouble=
		[ -z "$path" ] || shell_refuses "$path"
		[ -z "$trouble" ] || printf '%s\t%s\n' "$path" "$(visible "$trouble")"
	done <"$tmp/ask" >"$tmp/shells" || die "$tmp/shells: cannot write"
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
	while IFS= read -r name; do
		# shellcheck disable=SC2046 # numbers
		getent group $(id -G "$name" 2>/dev/null) | awk -F : -v name="$name" '{ print $1 ":x:" $3 ":" name }'
	done <"$tmp/ask" >>"$tmp/groups"
}

# list_revoked: writes to $tmp/refused, for each file of RevokedKeys, the fingerprints of the keys in $tmp/keys that it
# revokes.
list_revoked() {
	: >"$tmp/refused"
	asked revokedkeys >"$tmp/krls" || die "$tmp/krls: cannot write"
	while IFS= read -r krl; do
		[ "$krl" != none ] || continue
		LC_ALL=C awk -F '\t' -v OFS='\t' '$11 !~ /^no: / && !seen[$6]++ { print $6, $14 }' "$tmp/keys" >"$tmp/asked" &&
			revokes "$krl" || die "$krl: not known which keys it revokes"
		krl=$krl unparsed=$unparsed LC_ALL=C awk '{ print ENVIRON["krl"] "\t" $1 "\t" ENVIRON["unparsed"] }' "$tmp/revoked"
	done <"$tmp/krls" >"$tmp/refused" || die "$tmp/refused: cannot write"
}

# read_log FILE: writes the rows of authlog for FILE, which may be compressed, to $tmp/log.
read_log() {
	if [ "$1" != - ]; then
		[ -f "$1" ] || [ -p "$1" ] || die "$1: $(absent "$1")"
		exec <"$1"
	fi
	got=0
	whole_log | xferkey authlog >"$tmp/log" || got=$?
	[ ! -e "$tmp/unread" ] || die "$1: $(cat "$tmp/unread")"
	[ "$got" -le 1 ] || die "$1: authlog cannot read it"
	[ "$(awk -F '\t' '$1 == "log" { print $6 + 0; exit }' "$tmp/log")" -gt 0 ] 2>/dev/null ||
		die "$1: no line of sshd in it: not known who has logged in"
}

# judge_keys: joins the tables, and prints the rows: tab-separated, as labels, or with -j as JSON.
judge_keys() {
	form=columns
	[ ! -t 1 ] || form=labels
	[ -z "${opt_j-}" ] || form=json
	days=$(($(date +%s) / 86400)) || die 'date: fails'
	[ -n "${opt_log+given}" ] || : >"$tmp/log"
	elsewhere=$elsewhere LC_ALL=C awk -F '\t' -v form="$form" -v log_given="${opt_log+yes}" -v me="$me" -v days="$days" \
		-v kernel="$(uname -s)" -v nologin="$([ ! -e /etc/nologin ] || echo /etc/nologin)" \
		-f "$sharedir/who.awk" \
		part=answers "$tmp/answers" part=classes "$tmp/classes" part=rows "$tmp/rows" part=groups "$tmp/groups" \
		part=shadow "$tmp/shadow" part=shells "$tmp/shells" part=refused "$tmp/refused" part=wanted "$tmp/keys" \
		part=log "$tmp/log" part=keys "$tmp/keys" >"$tmp/out" || die "awk: failed, or $tmp/out: cannot write"
}
