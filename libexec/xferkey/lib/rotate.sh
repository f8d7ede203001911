# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# A rotation from the pair $old to the pair $new. Its state is only the files. Sourced after check.sh and sites.sh.
#
# Without a profile, --finish links the old pair to NAME.old-DATE, removes NAME.pub, renames NAME.new to NAME, which
# replaces the private key in one step, and links NAME.new.pub to NAME.pub. So NAME is always a whole private key, and
# no NAME.pub of another key, which ssh would offer, is beside it. A certificate, NAME-cert.pub, goes with its NAME.pub.
# A profile of the user's own that names the key is rewritten instead: the new pair is linked to a name with the date,
# and the old pair keeps its name.

# run_command COMMAND [ARG ...]: shows and runs it.
run_command() {
	quote xferkey "$@"
	show_step "$quoted"
	[ -z "$show" ] || return 0
	program=$libexecdir/xferkey-$1
	shift
	attend env "XFERKEY_TYPED=$tool" "XFERKEY_TOOL=${tool#xferkey-}" "$program" "$@"
}

# change COMMAND ...: a step that changes names, and syncs their directory.
change() {
	quote "$@"
	show_step "$quoted"
	[ -z "$show" ] || return 0
	trouble=$("$@" 2>&1) || die "$quoted: ${trouble##*: }"
	sync_names "${old%/*}"
}

# rotate_command [--finish]: sets $quoted to the command for this rotation.
rotate_command() {
	if [ -n "${opt_site+given}" ]; then set -- "$@" --site "$opt_site"; else set -- "$@" "$old"; fi
	quote xferkey rotate "$@" ${host:+"$host"}
}

# final_name: sets $stem to the name that a profile gets, without the date; status 1 if no profile is rewritten.
final_name() {
	[ "${opt_site+$site_place}:${site_keyfile:+named}" = own:named ] || return 1
	stem=${old##*/}
	stem=${old%/*}/${stem%-[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*}
}

# is_link FILE NAME: whether NAME is another name of FILE, and not a symbolic link.
is_link() {
	# shellcheck disable=SC3013 # POSIX has -ef since 2024, and every sh had it before
	[ "$2" != "$1" ] && [ ! -L "$2" ] && [ "$2" -ef "$1" ]
}

# kept FILE NAME: ends unless NAME is another name of FILE. Each step that takes the name of a key away begins with it.
kept() {
	[ -n "$show" ] || is_link "$1" "$2" || die "$1: left alone: $2 is not another name of this file"
}

# drop FILE NAME: removes the name FILE, if it exists; NAME stays.
drop() {
	is_there "$1" || return 0
	kept "$1" "$2"
	change rm -f "$1"
}

# link_of FILE STEM: sets $pair to STEM-DATE, perhaps with a number, that is a link of FILE; status 1 if there is none.
link_of() {
	pair=
	for name in "$2"-[12]*; do
		# without the pattern, the rest is a path
		case ${name#"$2"-[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]} in
		*[!.0-9]*) ;;
		*) ! is_link "$1" "$name" || pair=$name ;;
		esac
	done
	[ -n "$pair" ]
}

# is_renewal FILE: whether FILE is a text of rotate, which may be replaced and removed.
is_renewal() {
	[ -f "$1" ] && [ ! -L "$1" ] || return 1
	line=$(sed 1q "$1" 2>/dev/null) || die "$1: cannot read"
	[ "$line" = 'xferkey renewal 1' ]
}

# is_alive PID: whether the process that made the lock may run. Of another user's, only root sees whether it has ended.
is_alive() {
	kill -0 "$1" 2>/dev/null || { [ "$me" != 0 ] && [ -z "$(find "$lock" -prune -user "$me")" ]; }
}

# lock: ends if another run of --finish works in the directory. A killed run leaves its link, but no process.
lock() {
	set_me
	lock=${old%/*}/.xferkey-rotate
	until ln -s "process-$$" "$lock" 2>/dev/null; do
		holder=$(readlink "$lock") || die "$lock: cannot create"
		# ln has made it, but failed
		[ "$holder" != "process-$$" ] || break
		! is_alive "${holder#process-}" ||
			die "$lock: another rotate --finish works here, or left this: process ${holder#process-}"
		rm -f "$lock" || die "$lock: cannot remove"
	done
	made='' ending=unlock
}

# unlock: removes the lock, and a new profile that did not get its name.
unlock() {
	rm -f "$lock" ${made:+"$made"} || :
}

# is_switched: whether $new.pub may be the public half of $old: an encrypted key does not always tell.
is_switched() {
	[ -f "$old" ] && ! is_there "$old.pub" || return 1
	got=0
	said=$(xferkey fpr "$new.pub" 2>/dev/null) || got=$?
	known_status "$got" fpr
	[ "$got" -eq 0 ] || return 1
	said=${said#* }
	xferkey fpr -P none -c "${said%% *}" "$old" >/dev/null 2>&1 || got=$?
	[ "$got" -ne 1 ]
}

# find_rotation: sets $new to the private key of the rotation; $state to "", open, or half if a run of --finish was
# ended after it changed NAME.pub, NAME or the profile; and $stray to a note if NAME.new.pub is of no rotation.
find_rotation() {
	new=$old.new state='' stray=
	for file in "$old" "$old.pub" "$old-cert.pub" "$new" "$new.pub" "$new-cert.pub"; do
		[ ! -L "$file" ] || die "$file: a symbolic link: name the key that it leads to"
		[ ! -e "$file" ] || [ -f "$file" ] || die "$file: not a file"
	done
	if is_there "$new"; then
		state=open
		is_there "$old.pub" || ! link_of "$old" "$old.old" || state=half
	elif is_there "$new.pub" && is_switched; then
		state=half
	fi
	for name in "${old%/*}"/*.new.pub; do
		! is_link "$old.pub" "$name" || new=${name%.pub} state=half
	done
	[ -n "$state" ] || ! is_there "$new.pub" || stray=": $new is missing, and $new.pub is not the public half of $old"
}

# show_rotation: answers --status.
show_rotation() {
	rotate_command --finish
	case $state in
	'')
		print_line "$(visible "$old: no rotation is open$stray")"
		leave 1
		;;
	half) answer "$(visible "$old: half switched; to end it: $quoted")" ;;
	esac
	is_there "$new.pub" || lacks_half
	fingerprint=$(xferkey fpr "$new.pub" | cut -d ' ' -f 2) && [ -n "$fingerprint" ] || exit 2
	since=
	! is_renewal "$old.renewal" || since=$(sed -n 's/^date: //p' "$old.renewal") || since=
	if [ -n "$since" ]; then
		since="waits since $since; when it is installed"
	else
		since='has no message'
		rotate_command
	fi
	answer "$(visible "$new: $fingerprint $since: $quoted")"
}

# one_public_key replaces standard input; "</dev/null" on the function restores it.

# old_half: sets $old_print and $tmp/old.pub to the public half of the old key.
old_half() {
	key=$old tolerant=yes
	private_key || die "$key: ${trouble#"$key: "}"
	find_repair
	[ -z "$ssh_odd" ] || die "$old: ssh-keygen cannot sign with it: $ssh_odd$repair"
	old_protection=$protection
	if [ -z "$fingerprint" ]; then
		[ -e "$old.pub" ] || die "$old.pub: no such file, and $old is encrypted as a whole"
		one_public_key "$old.pub" </dev/null
	else
		public=$(xferkey pubfmt "$old") || exit 2
	fi
	old_print=$fingerprint tolerant=
	keep_text old.pub "$public$newline"
}

# make_pair: makes the new pair, by default of the type and, if they are more than usual, the bits of the old key.
make_pair() {
	set -- -f "$new" ${opt_N+-N "$opt_N"} ${opt_b+-b "$opt_b"}
	case ${opt_t+given}:$type:${opt_b+given}$bits in
	given:*) set -- -t "$opt_t" "$@" ;;
	:ECDSA:[0-9]*) set -- -t ecdsa -b "$bits" "$@" ;;
	:ECDSA:* | :ED25519:*) set -- -t "$type" "$@" ;;
	:RSA:[0-9]*) [ "$bits" -le 3072 ] || set -- -b "$bits" "$@" ;;
	esac
	[ -n "${opt_N+given}" ] || [ "$old_protection" = none ] || { [ -t 0 ] && can_ask; } ||
		warn "$new: made with no passphrase, since nobody can be asked for one here"
	export XFERKEY_QUIET=1
	run_command generate ${opt_site+--site "$opt_site"} "$@" || failed
	XFERKEY_QUIET=$quiet
}

# signing KEY TEXT [ARG ...]: signs $tmp/TEXT with $tmp/KEY; ssh-keygen itself asks for a passphrase. If that fails, the
# status is 1, and $trouble is its message.
signing() {
	set -- "$@" "$tmp/$2"
	name=$1
	shift 2
	rm -f "$tmp/renewal.sig" "$tmp/probe.sig"
	can_ask || set -- -P '' "$@"
	got=0
	attend ssh-keygen -Y sign -n renewal@xferkey -f "$tmp/$name" "$@" 2>"$tmp/said" || got=$?
	[ "$got" -le 128 ] || [ "$got" -eq 255 ] || exit "$got"
	[ "$got" -ne 0 ] || return 0
	trouble=$(sed -e '/^Signing file /d' -e '/^@/d' -e q "$tmp/said")
	case $trouble in
	*"doesn't match private"*) trouble="its .pub is of another key" ;;
	*"$tmp"*) trouble=${trouble##*: } ;;
	esac
	return 1
}

lacks_half() {
	quote "$new"
	die "$new.pub: no such file: xferkey pubfmt $quoted >$quoted.pub makes it"
}

# can_sign NAME KEY: ends unless ssh-keygen can sign with KEY, whose public half is $tmp/NAME.pub, perhaps after it
# asked for a passphrase.
can_sign() {
	case $2 in
	/*) file=$2 ;;
	*) file=$PWD/$2 ;;
	esac
	{ rm -f "$tmp/$1" && ln -s "$file" "$tmp/$1"; } || die "$tmp: cannot write"
	keep_text probe ''
	signing "$1" probe -P '' </dev/null ||
		case $trouble in
		*'incorrect passphrase'*)
			can_ask || die "$2: has a passphrase, and nobody can be asked for it here: cannot sign"
			;;
		*) die "$2: ssh-keygen cannot sign with it: $trouble" ;;
		esac
}

# sign NAME KEY FINGERPRINT: adds the signature of KEY to $signed.
sign() {
	quote ssh-keygen -Y sign -n renewal@xferkey -f "$2" "$old.renewal"
	show_step "$quoted"
	[ -z "$show" ] || return 0
	signing "$1" renewal || die "$2: ssh-keygen did not sign with it: $trouble"
	is_signed_by "$3" "$tmp/renewal.sig" "$tmp/renewal" || die "$2: ssh-keygen's signature cannot be verified"
	read_whole "$tmp/renewal.sig"
	signed=$signed$text$newline
}

# write_renewal: writes NAME.renewal, with the time of now.
write_renewal() {
	if [ -n "$show" ]; then
		sign old "$old"
		sign new "$new"
		return
	fi
	one_public_key "$new.pub" </dev/null
	[ "$fingerprint" != "$old_print" ] || die "$new.pub: the same key as $old"
	keep_text new.pub "$public$newline"
	can_sign new "$new"
	now=$(date -u +%Y-%m-%dT%H:%M:%SZ) || die 'date: does not say what time it is'
	signed="xferkey renewal 1
account: $person
site: ${opt_site:--}
host: ${site_host:--}
date: $now
old: $old_print
new: $fingerprint
key: $public
"
	keep_text renewal "$signed"
	sign old "$old" "$old_print"
	sign new "$new" "$fingerprint"
	keep_text signed "$signed"
	if [ -e "$old.renewal" ] || [ -L "$old.renewal" ]; then
		is_renewal "$old.renewal" || die "$old.renewal exists and is left alone"
		rm -f "$old.renewal" || die "$old.renewal: cannot remove"
	fi
	write_new "$old.renewal" signed
}

# prove KEY: whether the server accepts KEY, with the status of check.
prove() {
	export XFERKEY_NESTED=yes
	set -- "$1" --login ${host:+"$host"}
	[ -z "${XFERKEY_HELD+held}" ] || set -- -P env:XFERKEY_HELD "$@"
	run_command check ${opt_site+--site "$opt_site"} ${opt_user+--user "$opt_user"} ${opt_port+--port "$opt_port"} "$@"
}

# is_taken NAME: whether a private or public key, or a certificate, has this name.
is_taken() {
	for name in "$1" "$1.pub" "$1-cert.pub"; do
		[ ! -e "$name" ] && [ ! -L "$name" ] || return 0
	done
	return 1
}

# link_halves FILE NAME: links the public key and the certificate of FILE, as far as they exist, to NAME's.
link_halves() {
	for end in -cert.pub .pub; do
		! is_there "$1$end" || is_link "$1$end" "$2$end" || change ln "$1$end" "$2$end"
	done
}

# link_pair FILE STEM: links FILE, its public key and its certificate to $pair, STEM-DATE, which is new, or was linked
# by an earlier run.
link_pair() {
	if ! link_of "$1" "$2"; then
		pair=$2-$(date -u +%Y-%m-%d) || die 'date: does not say what time it is'
		first=$pair n=1
		while is_taken "$pair"; do
			n=$((n + 1)) pair=$first.$n
		done
		change ln "$1" "$pair"
	fi
	link_halves "$1" "$pair"
}

# switch_profile: makes $pair the key file of the site's profile.
switch_profile() {
	read_whole "$site_file" "$site_shown"
	rest=$text$newline text='' file=${site_keyfile%/*}/${pair##*/}
	while [ -n "$rest" ]; do
		line=${rest%%"$newline"*} rest=${rest#*"$newline"}
		[ "$line" = "${line#keyfile = }" ] || line="keyfile = $file"
		text=$text$line$newline
	done
	keep_text profile "$text"
	quote sed -i "s|^keyfile = .*|keyfile = $file|" "$site_file"
	show_step "$quoted"
	[ -z "$show" ] || return 0
	# is_site allows no dot: this is no profile
	rm -f "$site_file.new" || die "$site_file.new: cannot remove"
	made=$site_file.new
	write_new "$made" profile
	trouble=$(mv -f "$made" "$site_file" 2>&1) || die "$site_file: cannot replace: ${trouble##*: }"
	made=
	sync_names "${site_file%/*}"
}

# switch_name: makes $old the new key.
switch_name() {
	if is_there "$new"; then
		link_pair "$old" "$old.old"
		drop "$old-cert.pub" "$pair-cert.pub"
		drop "$old.pub" "$pair.pub"
		kept "$old" "$pair"
		change mv -f "$new" "$old"
	else
		pair=
		one_public_key "$new.pub" </dev/null
		xferkey fpr ${XFERKEY_HELD+-P env:XFERKEY_HELD} -c "$fingerprint" "$old" >/dev/null ||
			die "$new: no such file, and $old is not the private half of $new.pub"
	fi
	link_halves "$new" "$old"
}

# finish_rotation: --finish, of a rotation in any state.
finish_rotation() {
	key=$new kept=
	is_there "$new" || key=$old
	is_there "$new.pub" || lacks_half
	unset XFERKEY_HELD || :
	private_key || die "$key: ${trouble#"$key: "}"
	[ "$protection" = none ] || [ -n "$show" ] || hold_passphrase
	if is_link "$new.pub" "$old.pub"; then
		pair=$old
		! is_there "$new" || is_link "$new" "$old" || die "$new: another key than $old, but $new.pub is $old.pub"
	else
		! is_there "$new" || prove "$new" || leave "$?"
		if is_there "$new" && final_name; then
			link_pair "$new" "$stem"
			switch_profile
			kept=$old
		else
			switch_name
			kept=$pair pair=$old
		fi
	fi
	prove "$pair" || { set -- "$?" && warn "$pair is the new key now, but this login failed" && leave "$1"; }
	drop "$new" "$pair"
	drop "$new-cert.pub" "$pair-cert.pub"
	! is_renewal "${new%.new}.renewal" || change rm -f "${new%.new}.renewal"
	# the last: by it the next run finds what is left to do
	drop "$new.pub" "$pair.pub"
	say "$pair is the new key${kept:+; the old pair is $kept}"
}
