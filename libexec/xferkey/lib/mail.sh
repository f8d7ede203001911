# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# What a registration message needs besides the keys. Sourced after key.sh and sites.sh.

# plan_message: sets $to, $from, $person (the account), $subject, $terminal (the text is only shown), $send, $draft and
# $out from the options of mail and the loaded site; ends if the message cannot be written with them.
plan_message() {
	[ "${site_key:-own}" = own ] || die "$opt_site: accepts no key of your own"
	to=${opt_to-$site_to} from=${opt_from:-${EMAIL-}} person=${opt_user:-${site_user:-$(id -un 2>/dev/null)}} || person=
	subject=${opt_subject:-${site_subject:-Public key for Aspera access}} receiver=${opt_to+--to}
	sender=${opt_from:+--from} draft=${opt_o+yes} send=${opt_send-} terminal='' address=${opt_to+given}$site_to
	[ -n "$send$draft" ] || [ ! -t 1 ] || terminal=yes
	# a draft needs no sender: a mail program adds it
	[ -n "$terminal$draft$from" ] || from=$(id -un 2>/dev/null)@$(uname -n) || die '--from: an address is required'
	"$libexecdir/lib/xferkey-mail-words" "--user=$person" "--subject=$subject" \
		${address:+"${receiver:-$opt_site: to}=$to"} ${from:+"${sender:-sender${EMAIL:+ EMAIL}}=$from"} \
		${opt_replaces+"--replaces=$opt_replaces"} || exit 2
	if [ -n "${opt_replaces+given}" ]; then
		typed_fingerprint "$opt_replaces" || die "--replaces: $trouble"
		opt_replaces=$fingerprint
	fi
	[ -n "$to$terminal" ] || die "--to: an address is required${opt_site:+: none is known for $opt_site}"
	if [ -n "$draft" ]; then
		[ -z "$send" ] || die '--send or -o: one of them'
		[ -n "$opt_o" ] || die '-o: a file is required'
		safe_path "$opt_o" && out=$path
		if [ -e "$out" ] || [ -L "$out" ]; then die "$out: already there"; fi
	fi
}

# replaced_words: adds to $text which key the new one replaces, and what the receiver does with the renewal.
replaced_words() {
	if [ -z "${opt_renewal-}" ]; then
		text="$text

Once that works, please take away the key that it replaces:

    $opt_replaces"
		return
	fi
	message=$text
	read_whole "$tmp/names"
	quote xferkey authorize --replaces "$opt_replaces" -u "$person" "${text%%"$newline"*}"
	text="$message

It replaces this key, which should still work for some days:

    $opt_replaces

The attached ${text##*"$newline"} says so, signed with both keys. On a server with
xferkey, this command installs the new key, and lets the old one expire:

    $quoted"
}

# next_words KEY.pub: sets $quoted to the command that tries the key, when it is installed.
next_words() {
	if [ -z "${opt_renewal-}" ]; then
		login_words "$1"
		quoted="check $quoted"
		return
	fi
	safe_path "${opt_renewal%.renewal}"
	set -- "$path"
	[ "${opt_site+$site_path}" != "$path" ] || set -- --site "$opt_site"
	if [ "$1" != --site ] || [ -z "$site_host" ]; then set -- "$@" "${opt_user:-USER}@HOST"; fi
	quote rotate --finish "$@"
}
