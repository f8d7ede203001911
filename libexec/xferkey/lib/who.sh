# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Which keys let whom in, for all accounts at once: tables in $tmp, joined by awk.
. "$libexecdir/lib/sshd.sh"

# find_accounts: writes the rows of passwd of the accounts that are asked for to $tmp/rows.
find_accounts() {
	case ${opt_b+b}:${opt_u+u} in
	b:u) die '-u and -b: one of them' ;;
	b:)
		list_accounts -b
		read_from "$opt_b"
		named_rows
		;;
	*)
		if [ -n "${opt_u+u}" ]; then
			set_account "$opt_u"
		elif [ "$me" != 0 ]; then
			set_account
		else
			list_accounts 'all accounts'
			first_rows <"$tmp/passwd" >"$tmp/rows" || die "$tmp/rows: cannot write"
			return
		fi
		one_row
		;;
	esac
}

# named_rows: the same for the names on standard input; the name service is asked for those that it does not list.
named_rows() {
	tr -d '\r' | sed -e 's/[[:space:]]*$//' -e '/^$/d' -e '/^#/d' | sort -u >"$tmp/names" || die "$tmp/names: cannot write"
	first_rows <"$tmp/passwd" | LC_ALL=C awk -F : -v found="$tmp/rows" '
		FILENAME != "-" { names[$1] = 1; next }
		$1 in names { print >found; delete names[$1] }
		END { printf "" >found; for (name in names) print name }' "$tmp/names" - >"$tmp/other" ||
		die "$tmp/rows: cannot write"
	sort -o "$tmp/other" "$tmp/other" || die "$tmp/other: cannot write"
	count=0
	while IFS= read -r name; do
		count=$((count + 1))
		if is_name "$name" && row=$(getent passwd "$name" 2>/dev/null) && [ "${row%%:*}" = "$name" ]; then
			printf '%s\n' "$row" >>"$tmp/rows" || die "$tmp/rows: cannot write"
		else
			unlisted "$name: no such account"
		fi
	done <"$tmp/other"
	all_read "$count" "$tmp/other" || verdict=2
}

unlisted() {
	warn "$1"
	verdict=2
}

# ask_for NAME: asks sshd for the account; sets $class to the name of its answer. $tmp/answers has a line for each line
# of each answer, which begins with its name.
ask_for() {
	ask_key_words "$1"
	[ -z "$unasked" ] || die "$unasked"
	put_answer >"$tmp/answer" || die "$tmp/answer: cannot write"
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
		count=0
		while IFS= read -r name; do
			count=$((count + 1))
			if is_name "$name"; then
				ask_for "$name"
				printf '%s\t%s\n' "$name" "$class"
			else
				unlisted "$name: sshd cannot be asked about this account"
			fi
		done <"$tmp/ask"
		all_read "$count" "$tmp/ask" || exit 2
	fi >"$tmp/classes"
	[ -s "$tmp/classes" ] || [ ! -s "$tmp/rows" ] || die "$tmp/classes: cannot write"
	warn_assumed
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
