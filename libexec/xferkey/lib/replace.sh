# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# authorize --replaces: a new key in place of an old one, which expires.

# replaces_options: sets $old to the fingerprint of --replaces, or to nothing; and $until to authkeys' -e for --grace.
replaces_options() {
	old='' until=
	[ -n "${opt_replaces+given}${opt_grace+given}" ] || return 0
	[ -n "${opt_replaces+given}" ] || die '--grace: only with --replaces'
	[ -z "${opt_b-}" ] || die '-b and --replaces: one of them'
	[ -z "${opt_token-}" ] || die '--token-account and --replaces: one of them'
	[ -z "${opt_e+given}" ] || die '-e and --replaces: one of them; --grace says until when the old key is accepted'
	typed_fingerprint "$opt_replaces" || die "--replaces: $trouble"
	old=$fingerprint
	[ "$old" != "${old#SHA256:}" ] || die '--replaces: a SHA256 fingerprint is required'
	until=${opt_grace-14}
	case $until in
	'' | *[!0-9]* | ?????*) until=9999 ;;
	esac
	[ "$until" -le 3650 ] || die '--grace: not a number of days from 0 to 3650'
	# authkeys requires a time in the future
	if [ "$until" -eq 0 ]; then until=+1s; else until=+${until}d; fi
}

# find_old: sets $list to the file of $lists where a line lets $old in, and $old_options to its options. If there is
# none, the file that has the new key, too, as after the end of the grace; else the first that has $old. Status 1, and
# $trouble: none has it.
find_old() {
	[ "$fingerprint" != "$old" ] || die "--replaces: the new key is this one: nothing was changed"
	keep_text lists "$lists"
	list='' best=0
	files=0
	while IFS= read -r other; do
		files=$((files + 1))
		keys_in "$other" -v || return 1
		row=$(LC_ALL=C awk -F '\t' -v old="$old" -v new="$fingerprint" '
			$2 == new { both = 1 }
			$2 == old && rank < 3 { rank = $1 == "yes" ? 3 : 1; options = $5 }
			END { print (rank == 1 ? rank + both : rank + 0) "\t" options }' "$tmp/keys") || die "$tmp/keys: cannot read"
		[ "${row%%	*}" -gt "$best" ] || continue
		list=$other best=${row%%	*} old_options=${row#*	}
	done <"$tmp/lists"
	all_read "$files" "$tmp/lists" || exit 2
	trouble="$old is not among the keys of $user: nothing was changed"
	[ -n "$list" ]
}

# knows_expiry: ends if sshd, or ssh if no sshd was found, is not known to be OpenSSH 7.7, the first with expiry-time.
knows_expiry() {
	asked=${sshd:-ssh}
	release=$("$asked" -V 2>&1 </dev/null | sed -n 's/^OpenSSH_[^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1 \2/p') || release=
	case $release in
	[0-9]*' '[0-9]*) ;;
	*) die "$asked -V: not known whether it is OpenSSH 7.7, the first with expiry-time: nothing was changed" ;;
	esac
	[ "${release% *}" -gt 7 ] || { [ "${release% *}" -eq 7 ] && [ "${release#* }" -ge 7 ]; } ||
		die "$asked: OpenSSH ${release% *}.${release#* } has no expiry-time, as 7.7 has: nothing was changed"
}

# may_replace: ends, with status 1 or 2, if sshd would refuse the new key or its file, or that is not known: then the
# old key must stay.
may_replace() {
	knows_expiry
	[ -n "${opt_O+given}" ] || options=$old_options
	bare_key=$public
	! sshd_refuses || {
		warn "$fingerprint: sshd would refuse it: $trouble: nothing was changed"
		leave 1
	}
	verdict=0
	judge_file "$list"
	[ "$verdict" -eq 0 ] || {
		warn "$list: sshd may refuse the file: xferkey permcheck $judging: nothing was changed"
		leave "$verdict"
	}
}

# tell_replaced FILE: FILE has authkeys' rows for $list: prints until when $old is accepted, and how to undo that.
tell_replaced() {
	rows=$(LC_ALL=C awk -F '\t' -v old="$old" -v list="$list" '
		$1 != "superseded" { next }
		!seen[$9]++ { print "# " old " is accepted until " $9 " in " list }
		$5 != $8 { changed = 1 }
		# what the row has escaped cannot be typed
		($7 $8) ~ /\\[0-3][0-7][0-7]/ { odd = 1 }
		{ lines[++n] = ($8 == "-" ? "" : $8 " ") $6 ($7 == "" ? "" : " " $7) }
		END {
			if (changed && (odd || n > 20)) print "# to undo, change the expiry-time of " old " in " list
			else if (changed) for (i = 1; i <= n; i++) print lines[i]
		}' "$1") || die "$1: cannot read; $old expires in $list"
	keep_text rows "$rows$newline"
	set --
	while IFS= read -r row; do
		case $row in
		'# '*) tell "${row#??}" ;;
		?*) set -- "$@" "$row" ;;
		esac
	done <"$tmp/rows"
	[ $# -gt 0 ] || return 0
	quote "$@"
	tell "undo: xferkey authkeys ${list_words%' -r'} -d $old"
	tell "undo: printf '%s\\n' $quoted | xferkey authkeys ${list_words%' -r'} -A"
}

# expire_in_list: lets $old expire in $list. Status 1, and $trouble: that failed.
expire_in_list() {
	keys_in "$list" || return 1
	finds "^$old	" "$tmp/keys" || return 0
	trouble="$list: every account's keys are in it"
	! is_in "$shared" "$list" "$newline" || return 1
	list_words "$list" || return 1
	list_words=${list_words%' -r'}
	show_step "xferkey authkeys $list_words -E $old -e $until"
	[ -z "$show" ] || return 0
	authkeys "$tmp/expired" 1048576 -E "$old" -e "$until" || {
		[ "$status" != 1 ] || return 0
		! read_link "$tmp/expired" || behind_link '' -E "$old" -e "$until"
		return 1
	}
	log_change "$old is superseded by $fingerprint for $user in $list"
	tell_replaced "$tmp/expired"
}

# expire_elsewhere: the same for all files of the account but $list, if the new key is known to be let in; sets $verdict
# to 2 if that failed.
expire_elsewhere() {
	[ "$verdict" -eq 0 ] || return 0
	keep_text lists "$lists"
	first=$list files=0
	while IFS= read -r list; do
		files=$((files + 1))
		! is_same "$list" "$first" || continue
		expire_in_list </dev/null || {
			warn "$trouble: $old does not expire there"
			verdict=2
		}
	done <"$tmp/lists"
	all_read "$files" "$tmp/lists" || verdict=2
	list=$first
}
