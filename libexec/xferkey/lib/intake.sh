# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# The keys and renewals in the messages that intake reads.
. "$libexecdir/lib/sshd.sh"
. "$libexecdir/lib/renewal.sh"

decode() {
	base64 -d <<-END
		$1
	END
}

# look_in PART [html]: reads the part, in base64 ("-": none). Sets $key to type and base64 of the only key so far, and
# $public to its line; $state to private or several; and $broken to the reason if a part cannot be read, unless it is
# the HTML of a message whose text has a key.
look_in() {
	[ "$1" != - ] || return 0
	if answer=$(decode "$1" | xferkey pubfmt -R ${claimed:+-u "$claimed"} 2>"$tmp/trouble"); then
		rest=${answer#* }
		bare="${answer%% *} ${rest%% *}"
		case $key in
		'') key=$bare public=$answer ;;
		"$bare") ;;
		*) state=${state:-several} ;;
		esac
		return 0
	fi
	IFS= read -r reason <"$tmp/trouble" || reason='pubfmt: failed'
	reason=${reason#*: } reason=${reason#standard input: }
	case $reason in
	'a private key'*) state=private ;;
	'more than one public key') state=${state:-several} ;;
	'no key in it' | 'no key in its text'*) ;;
	*) [ -n "${2:+$key}" ] || broken=$reason ;;
	esac
}

# private_print: sets $fingerprint to that of the private key in the parts, if it is the only one, whole and not
# encrypted. What another text states of its public half is only a claim: privfmt computes it.
private_print() {
	fingerprint=$(for part in "$text" $binary "$html"; do
		[ "$part" = - ] || { decode "$part" && echo; }
	done | "$libexecdir/xferkey-privfmt" -F -P none 2>/dev/null | xferkey fpr 2>/dev/null |
		awk '/\((RSA|DSA|ECDSA|ED25519)\)$/ { print $2 }' | sort -u)
	case $fingerprint in
	'' | *"$newline"*) fingerprint=- ;;
	esac
}

# judge_message: sets $verdict, $fingerprint, $line, $account and $replaces from the columns of xferkey-mail-parts.
judge_message() {
	key='' public='' state='' broken='' fingerprint=- line='#' replaces=- claimed=
	! is_name "$account" || claimed=$account
	account=${claimed:--}
	look_in "$text"
	for part in $binary; do
		look_in "$part"
	done
	look_in "$html" html
	case $state:${broken:+broken}:${key:+key}:$note in
	private:* | *:'a private key')
		verdict='private key received: compromised'
		private_print
		;;
	several:*) verdict='more than one key' ;;
	:broken:*) verdict="unreadable: $broken" ;;
	::key:*) judge_key ;;
	:::-) verdict='unreadable: no key in it' ;;
	*) verdict="unreadable: $note" ;;
	esac
	case $verdict in
	'new key' | renewal) ;;
	*) [ "$worst" -eq 2 ] || worst=1 ;;
	esac
}

judge_key() {
	row=$(printf '%s\n' "$public" | xferkey keyinfo 2>/dev/null) || die 'keyinfo: does not read what pubfmt wrote'
	read_row
	key_line="$key $comment"
	[ "$comment" != - ] || key_line=$key
	if [ -n "$weak" ]; then
		verdict="weak: $weak"
	elif [ "$renewal" != - ]; then
		judge_renewal
	else
		verdict='new key' line="#$account:$key_line"
	fi
}

judge_renewal() {
	verdict='refused: not a renewal as rotate writes it'
	decode "$renewal" | split_renewal || return 0
	IFS='	' read -r account site host when old new renewed <"$tmp/fields" || die "$tmp/fields: cannot read"
	if [ -n "${opt_site-}" ]; then
		case $site:$host in
		"$opt_site:$site_host" | "$opt_site:-" | "-:${site_host:-none}") ;;
		*)
			verdict="other site's"
			return 0
			;;
		esac
	fi
	got=0
	reason=$(check_renewal 2>"$tmp/said") || got=$?
	case $got:$reason in
	0:*)
		if is_in "$accepted" "$account:$new"; then
			verdict='refused: the second message with this renewal'
		else
			accepted="$accepted $account:$new"
			verdict=renewal line=$reason$account:$key_line replaces=$old
		fi
		;;
	1:?*) verdict="refused: $reason" ;;
	*)
		IFS= read -r reason <"$tmp/said" || reason="$account: not looked up"
		reason=${reason#*: }
		if [ "$reason" = "$account: no such account" ]; then
			verdict="refused: $reason"
		else
			worst=2 verdict="not known: $reason"
		fi
		;;
	esac
}

# refuse REASON: prints it; status 1.
refuse() {
	print_line "$1"
	leave 1
}

# check_renewal: in a process of its own: status 0: the renewal is one of the account's own key, and "#" is printed if
# that key has options; 1: it is refused, and the reason is printed; 2: not known, with a message.
check_renewal() {
	quiet=yes show='' options=
	rest=${renewed#* }
	[ "${renewed%% *} ${rest%% *}" = "$key" ] || refuse 'the attached key is not the key that is signed'
	[ "$new" = "$fingerprint" ] || refuse 'the new fingerprint is not that of its key'
	[ "${claimed:-$account}" = "$account" ] || refuse "its text is for the account $claimed"
	case $when in
	old) refuse 'older than 30 days' ;;
	future) refuse 'dated more than a day in the future' ;;
	esac
	is_name "$account" || refuse 'not the name of an account'
	[ "$me" = 0 ] || [ "$account" = "$own" ] || refuse "$account: only root may look at the keys of another account"
	set_account "$account"
	[ "$uid" != 0 ] || refuse 'an account with the uid 0'
	key_files
	[ -z "$unasked" ] || die "$unasked"
	bare_key=$key
	! sshd_refuses || refuse "sshd would refuse the new key: $trouble"
	old_key
	is_signed old 1 "$old_key"
	is_signed new 2 "$key"
	lets_in
	printf %s "$restricted"
}

# old_key: sets $old_key to type and base64 of the key of $old; $restricted to "#" if a line of it has options; and
# writes those lines that let it in to $tmp/lines: the number of the file, and options.
old_key() {
	keep_text lists "$lists"
	keep_text had ''
	number=0
	while IFS= read -r list; do
		number=$((number + 1))
		! is_in "$shared" "$list" "$newline" || die "$list: every account's keys are in it"
		keys_in "$list" -v || die "$trouble"
		sed "s/^/$number	/" "$tmp/keys" >>"$tmp/had" || die "$tmp/had: cannot write"
	done <"$tmp/lists"
	all_read "$number" "$tmp/lists" || exit 2
	had=$(awk -F '\t' -v old="$old" -v new="$new" -v lines="$tmp/lines" '
		BEGIN { printf "" >lines }
		$3 == new { taken = 1 }
		$3 != old { next }
		$6 != "-" { mark = "#" }
		now != "yes" { now = $2; key = $7 }
		$2 == "yes" { print $1 "\t" $6 >lines }
		END { print taken ? "taken" : now == "" ? "absent" : now == "yes" ? mark ":" key : now }' "$tmp/had") ||
		die "$tmp/had: cannot read"
	case $had in
	taken) refuse "the account has the new key already" ;;
	absent) refuse 'the old key is not one of the account' ;;
	no) refuse 'the old key no longer lets the account in' ;;
	unclear) die "$account: not known whether its old key lets it in" ;;
	esac
	restricted=${had%%:*} old_key=${had#*:}
}

# lets_in: refuses unless sshd would let $old_key in now, by one of $tmp/lines.
lets_in() {
	row=$(printf '%s\n' "$old_key" | xferkey keyinfo 2>/dev/null) || die 'keyinfo: does not read what authkeys wrote'
	read_row
	bare_key=$old_key unknown='' why=
	[ -z "$weak" ] || refuse "the old key: $weak"
	while IFS='	' read -r number options; do
		list=$(sed -n "${number}p" "$tmp/lists") || die 'sed: failed'
		verdict=0
		judge_file "$list" </dev/null
		case $verdict in
		0)
			sshd_refuses || return 0
			why="sshd would refuse the old key: $trouble"
			;;
		1) why="sshd may refuse the file of the old key: xferkey permcheck $judging" ;;
		*) unknown="$list: not known whether sshd reads it: xferkey permcheck $judging" ;;
		esac
	done <"$tmp/lines"
	[ -z "$unknown" ] || die "$unknown"
	refuse "$why"
}

# is_signed WHOSE N KEY: refuses unless the signature N is KEY's. The key was read and written by us: no other text of
# the account's file reaches ssh-keygen.
is_signed() {
	printf '%s namespaces="renewal@xferkey" %s\n' "$account" "$3" >"$tmp/allowed" || die "$tmp/allowed: cannot write"
	got=0
	ssh-keygen -Y verify -n renewal@xferkey -I "$account" -f "$tmp/allowed" -s "$tmp/sig$2" \
		<"$tmp/signed" >"$tmp/trouble" 2>&1 || got=$?
	case $got in
	0) return 0 ;;
	12[67]) die 'ssh-keygen: cannot be run' ;;
	esac
	said=$(tr -d '\r' <"$tmp/trouble" | sed q)
	refuse "the signature by the $1 key: $(visible "${said:-status $got}")"
}
