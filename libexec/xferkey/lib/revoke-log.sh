# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Finds the keys that have not logged in for a time, or that another key has replaced, by the log of sshd.

# read_log FILE: read_sshd_log; writes its rows to $tmp/rows: kind, account, fingerprint, first and last time in
# seconds, and address. Sets $first and $last to the times of the first and the last line of sshd, and $began and
# $ended.
read_log() {
	read_sshd_log "$1" 'nothing is removed'
	LC_ALL=C awk -F '	' "$seconds_awk"'
		{ print $1 "\t" $2 "\t" $3 "\t" seconds($4) "\t" seconds($5) "\t" $7 }' "$tmp/log" >"$tmp/rows" ||
		die "$tmp/rows: cannot write"
	IFS='	' read -r _ _ _ began ended _ <"$tmp/rows" || die "$tmp/rows: cannot read"
	ask_system date +%s
	now=$answer
}

# covers FILE: ends unless the log in FILE has all of the last $days days. An ended log says nothing of what came after.
covers() {
	since=$((now - 86400 * days))
	[ "$began" -le "$since" ] ||
		die "$1: its first line of sshd is from $first, less than $days days ago: nothing is removed"
	[ "$ended" -gt $((now - 86400)) ] ||
		die "$1: its last line of sshd is from $last, more than a day ago: nothing is removed"
	[ "$ended" -le $((now + 86400)) ] ||
		die "$1: its last line of sshd is from $last, in the future: nothing is removed"
}

# logs_logins NAME: status 1, and $trouble, unless sshd logs each login of NAME. ask_sshd cannot tell: sshd -d sets the
# LogLevel.
logs_logins() {
	level=$("$sshd" ${XFERKEY_SSHD_CONFIG:+-f "$XFERKEY_SSHD_CONFIG"} -T \
		-C "user=$1,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=${port:-22}" 2>/dev/null </dev/null) || level=
	level=$(printf '%s\n' "$level" | sed -n 's/^loglevel //p')
	list_directives || level=
	for level in ${level:-not-known} $(other_values loglevel | tr '[:lower:]' '[:upper:]'); do
		case $level in
		INFO | VERBOSE | DEBUG*) ;;
		*)
			trouble="$1: sshd's LogLevel is $level: it does not log each login: no key is removed"
			return 1
			;;
		esac
	done
}

# list_keys: writes a row for each key of the account to $tmp/all: the number of its file; "all", if the file is for all
# accounts; "changed", if the file was changed in the last $days days, or that is not known; and authkeys' columns of
# -l -v: answer, fingerprint, bits, type, options, key, comment, until when.
list_keys() {
	keep_text all ''
	keep_text lists "$lists"
	number=0
	while IFS= read -r list; do
		number=$((number + 1)) whose=- age=-
		keys_in "$list" -v || return
		! is_in "$shared" "$list" "$newline" || whose=all
		[ -z "$(find "$list" -prune -ctime "-$days" 2>&1 && find -H "$list" -prune -ctime "-$days" 2>&1)" ] ||
			age=changed
		sed "s/^/$number	$whose	$age	/" "$tmp/keys" >>"$tmp/all" || die "$tmp/all: cannot write"
	done <"$tmp/lists"
	all_read "$number" "$tmp/lists" || exit 2
}

# judge_keys unused|superseded: writes a row for each key in $tmp/all to $tmp/fates:
#	go KEY TIME     it may be removed; TIME is that of its last login, or 0
#	go KEY NEW      the same, because NEW has replaced it
#	stay KEY WHY    it is not removed, because of WHY
#	other KEY       it is not asked for
judge_keys() {
	LC_ALL=C awk -F '\t' -v OFS='\t' -v user="$user" -v since="${since-}" -v mode="$1" '
		FILENAME == ARGV[1] && mode == "unused" {
			if ($1 ~ /^(login|certificate|authorized)$/ && $5 + 0 >= since) recent[$3]
			# a login was possible only if the key was there
			if ($1 ~ /^(login|authorized)$/ && $2 == user && $4 + 0 < since) old[$3]
			if ($1 ~ /^(login|certificate)$/ && $5 + 0 > used[$3] + 0) used[$3] = $5
			next
		}
		FILENAME == ARGV[1] {
			if ($2 != user) next
			if ($1 == "superseded") { at[$3] = $5 + 0; by[$3] = $6 }
			if ($1 == "login") used[$3] = $5 + 0
			if ($1 == "authorized") again[$3] = $5 + 0
			next
		}
		!($5 in here) { here[$5]; keys[++n] = $5 }
		$2 == "all" { common[$5] }
		$3 != "changed" { old[$5] }
		tolower($8) ~ /cert-authority/ { authority[$5] }
		$11 == "-" { endless[$5] }
		function unused(key) {
			if (key in recent) return "other"
			return (key in old) ? "go" : "stay"
		}
		# a replacement may have been replaced in its turn
		function superseded(key, t) {
			if (!(key in at)) return "other"
			t = at[key]
			new = by[key]
			while (new in at && at[new] > t) { t = at[new]; new = by[new] }
			why = ""
			if (new == key || again[key] > at[key]) why = "it was authorized again later"
			else if (key in endless) why = "a line of it has no expiry-time, as authorize --replaces puts there"
			else if (!(new in here)) why = "the new key " new " is not among the keys"
			else if (used[new] <= t) why = "the new key " new " has not logged in since"
			return why == "" ? "go" : "stay"
		}
		END {
			for (i = 1; i <= n; i++) {
				key = keys[i]
				why = "not known whether it is here for so long: its file was changed since"
				fate = mode == "unused" ? unused(key) : superseded(key)
				if (fate == "go" && key in authority) { fate = "stay"; why = "a line of it has cert-authority" }
				if (fate == "go" && key in common) { fate = "stay"; why = "it is in a file for all accounts" }
				print fate, key, fate == "stay" ? why : mode == "unused" ? used[key] + 0 : new
			}
		}' "$tmp/rows" "$tmp/all" >"$tmp/fates" || die "$tmp/fates: cannot write"
}

# lets_in KEY [LASTS]: writes the lines of KEY that let it in now, or, with LASTS, those without an expiry-time, to
# $tmp/lines: the number of the file, key and options.
lets_in() {
	LC_ALL=C awk -F '\t' -v OFS='\t' -v key="$1" -v lasts="${2-}" '
		$4 == "yes" && $5 == key && (lasts == "" || $11 == "-") { print $1, $9, $8 }' "$tmp/all" >"$tmp/lines" ||
		die "$tmp/lines: cannot write"
}

# works KEY [LASTS]: whether sshd would let KEY of the account in now, by the lines of lets_in. Not known is no.
works() {
	[ "$(try_lines "$@")" = yes ]
}

# try_lines: prints yes if works. To be called in a process of its own.
try_lines() {
	fingerprint=$1 show='' quiet=yes
	lets_in "$@"
	while IFS='	' read -r number bare_key options; do
		list=$(sed -n "${number}p" "$tmp/lists") || return
		verdict=0
		judge_file "$list" </dev/null 2>/dev/null
		[ "$verdict" -ne 0 ] || answer=$(sshd_verdict </dev/null) || answer=
		[ "$verdict:$answer" != 0:yes ] || {
			echo yes
			return
		}
	done <"$tmp/lines"
}

# stays KEY WHY: says that KEY is not removed.
stays() {
	warn "$user: $1 stays: $2"
}

# fates FATE [SORT-OPTION ...]: prints the other columns of these rows of judge_keys.
fates() {
	sed -n "s/^$1	//p" "$tmp/fates" >"$tmp/these" || die "$tmp/these: cannot write"
	shift
	[ $# -eq 0 ] || LC_ALL=C sort "$@" -o "$tmp/these" "$tmp/these" || die "$tmp/these: cannot write"
}

# spare_key: sets $spare to a key of the account that works, without an expiry-time, and is not asked for; else to such
# a key asked for that has the last login; else, or if the account has so many keys that it takes too long, to nothing.
spare_key() {
	spare=
	start_clock "$limit"
	for fate in other stay go; do
		case $fate in
		go) fates go -t '	' -k 2,2rn ;;
		*) fates "$fate" ;;
		esac
		LC_ALL=C awk -F '\t' '
			FILENAME == ARGV[1] { if ($4 == "yes" && $11 == "-") lasts[$5]; next }
			$1 in lasts' "$tmp/all" "$tmp/these" >"$tmp/able" || die "$tmp/able: cannot write"
		while IFS='	' read -r key at; do
			[ "$fate:$at" != go:0 ] || continue
			! is_late || return 0
			if works "$key" lasts; then spare=$key; fi
			[ -z "$spare" ] || return 0
		done <"$tmp/able"
	done
}

# plan_unused, plan_superseded: append the account's keys to remove to $tmp/plan: account, fingerprint, reason.
plan_unused() {
	spare_key
	fates go
	count=0
	while IFS='	' read -r key at; do
		count=$((count + 1))
		why='no login in the log'
		[ "$at" = 0 ] || why="no login for $(((now - at) / 86400)) days"
		if [ -z "$spare" ] || [ "$key" = "$spare" ]; then
			stays "$key" "$why, but no other key is known to work for good: xferkey revoke -u $user $key removes it"
		else
			printf '%s\t%s\t%s\n' "$user" "$key" "$why" >>"$tmp/plan" || die "$tmp/plan: cannot write"
		fi
	done <"$tmp/these"
	all_read "$count" "$tmp/these" || return
}

plan_superseded() {
	fates go
	count=0
	while IFS='	' read -r key new; do
		count=$((count + 1))
		if finds -F -e "go	$new	" "$tmp/fates" || ! works "$new"; then
			stays "$key" "the new key $new is not known to work"
		else
			printf '%s\t%s\t%s\n' "$user" "$key" "$new has logged in" >>"$tmp/plan" || die "$tmp/plan: cannot write"
		fi
	done <"$tmp/these"
	all_read "$count" "$tmp/these" || return
}

# plan_account unused|superseded [NAME]: plans for one account. Status 2: its keys are not known, and stay. Root's keys
# stay, unless -u names root.
plan_account() {
	[ $# -eq 1 ] || set_account "$2"
	[ -z "${opt_everywhere-}" ] || [ "$uid" != 0 ] || return 0
	key_files
	[ -z "$unasked" ] || unclear "$unasked"
	[ -z "$assumed" ] || unclear "sshd could not be asked for its LogLevel: no key is removed"
	if ! list_keys; then
		warn "$trouble: no key of the account is removed"
		return 2
	fi
	[ -s "$tmp/all" ] || return 0
	if ! logs_logins "$user"; then
		warn "$trouble"
		return 2
	fi
	judge_keys "$1"
	fates stay
	while IFS='	' read -r key why; do
		stays "$key" "$why"
	done <"$tmp/these"
	finds '^go	' "$tmp/fates" || return 0
	"plan_$1"
}

# plan_accounts unused|superseded: plan_account for each account, or for that of -u; sets $worst.
plan_accounts() {
	keep_text plan ''
	if [ -z "${opt_everywhere-}" ]; then
		(plan_account "$1") || worst=2
		return
	fi
	[ -z "$sshd" ] || logs_logins root || die "$trouble"
	[ "$limit" -le 5 ] || limit=5
	count=0
	while IFS= read -r name; do
		count=$((count + 1))
		if ! is_name "$name"; then
			warn "$name: sshd cannot be asked about this account"
			worst=2
		else
			(plan_account "$1" "$name" </dev/null) || worst=2
		fi
	done <"$tmp/accounts"
	all_read "$count" "$tmp/accounts" || worst=2
	[ ! -s "$tmp/unclear" ] || warn "$(cat "$tmp/unclear")"
}

# revoke_planned: removes the keys of $tmp/plan, as revoke removes one; sets $worst and $found_any.
revoke_planned() {
	count=0
	while IFS='	' read -r name fingerprint why; do
		status=0 count=$((count + 1))
		show_step "# $name: $fingerprint: $why"
		unbroken revoke_in_account ${opt_everywhere:+"$name"} </dev/null || status=$?
		case $status in
		0) found_any=0 ;;
		3) ;;
		*) worst=2 ;;
		esac
	done <"$tmp/plan"
	all_read "$count" "$tmp/plan" || worst=2
	fingerprint='a removed key'
}
