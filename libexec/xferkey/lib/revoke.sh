# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Removes a key from an account's files, and prints the commands that undo it.
. "$libexecdir/lib/sshd.sh"

# keep_undo: sets $undo_dir to a private directory for the removed lines, in HOME if possible: a reboot empties /tmp.
undo_most=33554432 left_alone=': nothing is removed from it: an administrator must look'
keep_undo() {
	undo_dir=
	if [ -d "${HOME-}" ] &&
		[ -n "$(find -H "$HOME" -prune -user "$me" ! -perm -020 ! -perm -002 2>/dev/null)" ]; then
		undo_dir=$(mktemp -d "$HOME/xferkey-undo.XXXXXX" 2>/dev/null) || undo_dir=
	fi
	[ -n "$undo_dir" ] || undo_dir=$(mktemp -d "${TMPDIR:-/tmp}/xferkey-undo.XXXXXX") ||
		die 'cannot make a directory for the removed lines: nothing was removed'
	: >"$undo_dir/lists" || die "$undo_dir/lists: cannot write: nothing was removed"
	ending=unkeep
	end_by 'put_back; tidy' HUP INT QUIT TERM
	last_word="the removed lines, if any, are in $undo_dir"
}

# unbroken COMMAND ...: a signal ends us only after COMMAND, so that no undo line is missing.
unbroken() (
	trap : HUP INT QUIT TERM
	"$@"
)

unkeep() {
	if [ -n "$last_word" ] && [ ! -s "$undo_dir/lists" ] && [ ! -s "$undo_dir/next" ]; then
		rm -rf "$undo_dir" || :
		last_word=
	fi
}

# keep_lines: gives a number to $undo_dir/next, which has the lines removed from the file of $list_words.
keep_lines() {
	number=$(wc -l <"$undo_dir/lists") || number=
	if [ -n "$number" ] && number=$((number + 1)) && mv "$undo_dir/next" "$undo_dir/$number" &&
		printf '%s\n' "$list_words" >>"$undo_dir/lists"; then
		[ -z "$cut" ] || : >"$undo_dir/$number"
	else
		warn "$list: the removed lines cannot be kept: there is no undo line"
		verdict=2
	fi
}

# put_back: prints the commands that undo all changes, and keeps only the files that they read.
put_back() {
	[ -e "$undo_dir/lists" ] || return 0
	number=0 needed=
	while IFS= read -r list_words; do
		number=$((number + 1))
		did=$undo_dir/$number
		if [ ! -s "$did" ]; then
			tell "no undo line for xferkey authkeys $list_words:" \
				"more than $((undo_most >> 20)) MiB were removed, or the removed lines cannot be kept"
		elif ! length -l "$did" || [ "$length" -gt 20 ] || ! length -c "$did" || [ "$length" -gt 16384 ] ||
			! put_back_here; then
			quote "$did"
			needed=yes
			sync_names "$did" "$undo_dir" "${undo_dir%/*}"
			tell "undo: xferkey authkeys $list_words -A <$quoted"
			continue
		fi
		rm -f "$did" || :
	done <"$undo_dir/lists"
	all_read "$number" "$undo_dir/lists" || {
		verdict=2
		return
	}
	last_word=
	rm -f "$undo_dir/lists" "$undo_dir/next" || :
	[ -n "$needed" ] || rmdir "$undo_dir" 2>/dev/null || :
}

# put_back_here: prints an undo command that contains the lines of $did. Status 1: they cannot be pasted.
put_back_here() {
	"$vis" <"$did" >"$tmp/shown" || :
	set --
	while IFS= read -r line; do
		set -- "$@" "$line"
	done <"$did"
	# a terminal's shell completes at a tab; yash cannot read bytes that its locale does not know
	cmp -s "$did" "$tmp/shown" && ! grep -q '	' "$did" && length -l "$did" && [ "$#" -eq "$length" ] || return 1
	quote "$@"
	tell "undo: printf '%s\\n' $quoted | xferkey authkeys $list_words -A"
}

# note_other_ways: appends to $tmp/ways what may let a key in without a line of its own, unless RevokedKeys is known to
# have $bare_key.
note_other_ways() {
	for word in trustedusercakeys authorizedkeyscommand; do
		other_values $word | sed "s/^/$word /"
	done >"$tmp/more" || die "$tmp/more: cannot write"
	ways=$(sed -n -e '/ [Nn][Oo][Nn][Ee]$/d' -e "s/^trustedusercakeys .*/sshd's TrustedUserCAKeys/p" \
		-e "s/^authorizedkeyscommand .*/sshd's AuthorizedKeysCommand/p" "$tmp/config" "$tmp/more") ||
		die "$sshd -T: its answer cannot be read"
	ways=$ways${authority:+$newline$authority}
	[ -n "$ways" ] || return 0
	revoked=$(sshd_says revokedkeys) || revoked=
	[ -z "$(other_values revokedkeys)" ] || revoked=none
	[ -z "$bare_key" ] || [ "${revoked:-none}" = none ] || ! is_revoked "$revoked" || return 0
	printf '%s\n' "$ways" >>"$tmp/ways" || die "$tmp/ways: cannot write"
}

# warn_other_ways: prints the settings in $tmp/ways, once for all accounts.
warn_other_ways() {
	[ -e "$tmp/ways" ] || return 0
	ways=$(sort -u "$tmp/ways" | sed -e '/^$/d' -e '$!s/$/,/' | tr '\n' ' ')
	warn "$fingerprint may still get in, by ${ways% }: RevokedKeys refuses it (sshd_config(5))"
}

# revoke_in_account [NAME]: status 3: $fingerprint was in none of its files; 2: trouble, which is printed. Some shells end
# a process of their own with 1 when they cannot go on.
revoke_in_account() {
	[ $# -eq 0 ] || set_account "$1"
	result=3 verdict=0 slow='' authority=
	key_files
	other_key_files
	[ -z "$unasked" ] || (unclear "$unasked") || result=2
	keep_text lists "$lists"
	files=0
	while IFS= read -r list; do
		files=$((files + 1))
		[ -n "$slow" ] || revoke_in_list </dev/null || note_fault
	done <"$tmp/lists"
	all_read "$files" "$tmp/lists" || result=2
	[ -n "$assumed$show" ] || note_other_ways
	[ -n "${opt_everywhere-}" ] || say_assumed "$(printf '%s' "$lists" | tr '\n' ' ')are assumed"
	[ -z "$elsewhere" ] || look_elsewhere
	[ "$verdict" -ne 2 ] || result=2
	return "$result"
}

# look_elsewhere: warns, and $result is 2, unless ssh-keygen finds the key in no file of the home that sshd knows.
look_elsewhere() {
	home=$elsewhere
	key_files
	keep_text lists "$lists"
	files=0
	while IFS= read -r list; do
		files=$((files + 1)) found=0
		openssh_has "$list" </dev/null || found=$?
		quote "HOME=$home"
		case $found in
		0) trouble="$list: $fingerprint is in line $numbers: $quoted xferkey revoke $fingerprint removes it" ;;
		1) continue ;;
		3) trouble="$list: no ssh-keygen tells whether $fingerprint is in it" ;;
		esac
		warn "$trouble"
		result=2
	done <"$tmp/lists"
	all_read "$files" "$tmp/lists" || result=2
}

# note_fault: prints $trouble, only once for a directory; lists an account whose short time limit is over.
note_fault() {
	if [ "$overdue:$patient" = yes: ]; then
		printf '%s\n' "$user" >>"$tmp/slow" || die "$tmp/slow: cannot write"
		slow=yes
		return
	fi
	result=2
	set -- "$dir" "$trouble"
	case $2 in
	"$1: "*) [ ! -e "$tmp/faults" ] || ! finds -xF -e "$1" "$tmp/faults" || return 0 ;;
	*) set -- '' "$2" ;;
	esac
	warn "$2"
	[ -z "$1" ] || printf '%s\n' "$1" >>"$tmp/faults" || die "$tmp/faults: cannot write"
}

# remove_key: removes $fingerprint from the file of $list_words; sets $taken to authkeys' status.
remove_key() {
	quote "$fingerprint"
	step="xferkey authkeys $list_words -d $quoted"
	# with --everywhere, only accounts that have the key get a line
	if [ -z "${opt_everywhere-}" ] || [ -n "$show" ]; then show_step "$step"; fi
	taken=0
	[ -z "$show" ] || return 0
	authkeys "$undo_dir/next" "$undo_most" -d "$fingerprint" || taken=$?
	[ "$taken" -eq 2 ] || [ ! -s "$tmp/trouble" ] || ! finds ': a line has cert-authority' "$tmp/trouble" || {
		authority="a line with cert-authority in $list"
		[ -z "${opt_everywhere-}" ] || authority='lines with cert-authority'
	}
}

# remove_behind_link: if a symbolic link prevented remove_key, removes the key from its target, if the account owns it.
remove_behind_link() {
	read_link "$undo_dir/next" || return 0
	if [ "$owner" = - ]; then
		trouble="$trouble$left_alone"
		return
	fi
	quote -f "$target" ${as_user:+-u "$as_user"}
	list_words=$quoted place="$target, to which a symbolic link leads from $list"
	remove_key
}

# revoke_in_list: removes $fingerprint from $list. Status 1, and $trouble, if that fails or is not known.
revoke_in_list() {
	overdue='' dir='' place=$list
	# a key that --unused or --superseded has found is in no such file
	[ -z "$by_log" ] || ! is_in "$shared" "$list" "$newline" || return 0
	if [ -z "${opt_everywhere-}" ] && is_in "$shared" "$list" "$newline"; then
		found=0
		openssh_has "$list" || found=$?
		[ "$found" -ne 1 ] || return 0
		quote "$list"
		trouble="$list: every account's keys are in it: xferkey authkeys -f $quoted -d $fingerprint removes it for all"
		return 1
	fi
	if ! list_words "$list" && [ -z "$missing" ]; then
		case ${target:+$owner}:${opt_everywhere-} in
		:*) ;;
		-:*) trouble="$trouble$left_alone" ;;
		*:) behind_link '' -d "$fingerprint" ;;
		*)
			# the directory has files of other accounts too
			quote "${target%/*}"
			trouble="$trouble: for list in $quoted/*; do xferkey authkeys -f \"\$list\" -d $fingerprint; done"
			;;
		esac
		return 1
	fi
	# the account may see a file that root does not
	[ -z "$trouble" ] || [ "$uid" = "$me" ] || {
		quote -f "$list" -u "$user"
		list_words=$quoted
	}
	list_words=${list_words%' -r'}
	remove_key
	[ "$taken" -ne 2 ] || remove_behind_link
	[ "$taken" -ne 0 ] || [ "$result" -eq 2 ] || result=0
	[ -z "$show" ] || return 0
	if [ "$taken" -eq 0 ]; then
		keep_lines
		[ -z "${opt_everywhere-}" ] || show_step "$step"
		log_change "$fingerprint is revoked for $user in ${place%%,*}"
	fi
	[ "$taken" -ne 2 ] || return 1
	is_gone || return 1
	# for a slow account, the first try may have removed it
	if [ "$taken" -eq 0 ] || finds -xF -e "$list_words" "$undo_dir/lists"; then
		tell "$fingerprint is removed from $place"
	fi
}

# is_gone: status 1, and $trouble, if ssh-keygen finds $fingerprint in $list or does not answer.
is_gone() {
	found=0
	openssh_has "$list" || found=$?
	case $found in
	0) trouble="$list: $fingerprint is not removed: ssh-keygen finds it in line $numbers" ;;
	2)
		# root's directory may have a mode that excludes every account
		[ -z "$rooted" ] || [ "$uid" = "$me" ] || [ -n "$(find "$dir" -prune -perm -001 2>/dev/null)" ] ||
			trouble="$dir: no account may enter it, and sshd reads the file as the account: not known whether the key is removed"
		;;
	*) return 0 ;;
	esac
	return 1
}

# revoke_in_accounts FILE: revokes the key for each account that FILE lists.
revoke_in_accounts() {
	count=0
	while IFS= read -r name; do
		status=0 count=$((count + 1))
		if is_name "$name"; then
			unbroken revoke_in_account "$name" || status=$?
		else
			warn "$name: sshd cannot be asked about this account"
			status=2
		fi
		case $status in
		0) found_any=0 ;;
		3)
			[ -n "$patient" ] || continue
			warn "$name: authkeys was ended after a short time, and may have removed the key: there is no undo line"
			worst=2
			;;
		*) worst=2 ;;
		esac
	done <"$1"
	all_read "$count" "$1" || worst=2
}

# public_half FILE: sets $fingerprint to that of the private key in FILE.
public_half() {
	got=0
	line=$(XFERKEY_BATCH=1 "$libexecdir/xferkey-fpr" -F "$1" 2>"$tmp/trouble" </dev/null) || got=$?
	known_status "$got" fpr
	trouble=$(sed -e '/: repaired: /d' -e 's/^[^:]*: //' -e q "$tmp/trouble") || die 'sed: failed'
	case $got:$trouble in
	0:*) ;;
	*': encrypted, and no passphrase '*)
		die "$1: a private key whose public half is encrypted too: nothing is revoked;" \
			'its fingerprint or its .pub says what to revoke'
		;;
	*) die "$trouble" ;;
	esac
	fingerprint=$(printf '%s\n' "$line" | cut -d ' ' -f 2 | sort -u)
	case $fingerprint in
	*"$newline"*) die "$1: more than one key in it" ;;
	'') die "$1: no fingerprint" ;;
	esac
	warn "$1: a private key: the key to revoke is its public half $fingerprint; if the private key was" \
		'sent to you, it is compromised: its owner must make another'
}

# key_operand WORD: sets $fingerprint to WORD, or to that of the key in the file WORD, and $bare_key if that is public.
key_operand() {
	bare_key=
	# if a file's name begins like a fingerprint, it must be ./NAME
	if ! typed_fingerprint "$1"; then
		[ -e "$1" ] || [ "$1" = "${1#*:}" ] || case $(absent "$1") in
		'no such file') die "neither a file nor a fingerprint: $trouble" ;;
		*) die "no fingerprint: $trouble; as a file: $(absent "$1")" ;;
		esac
		[ -e "$1" ] || case ${#1}:$1 in
		*[!A-Za-z0-9+/:=]*) ;;
		32:* | 4[34]:*) die "$1: $(absent "$1"); a fingerprint begins with SHA256: or MD5:" ;;
		esac
		safe_path "$1"
		if receive_key "$path"; then
			judge_received "$path"
			bare_key=$public
		elif [ -f "$path" ] && finds ': a private key: ' "$tmp/trouble"; then
			public_half "$path"
		else
			die "$path: $(first_message)"
		fi
	fi
}
