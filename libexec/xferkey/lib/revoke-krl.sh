# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Adds a key to a key revocation list (KRL), which sshd reads if RevokedKeys names it.

# krl_trouble: prints the reason of ssh-keygen's last failure.
krl_trouble() {
	tr -d '\r' <"$tmp/trouble" | sed -e 's/.*: //' -e q
}

# list_krl FILE NAME: writes the sorted records of the KRL in FILE to $tmp/NAME. Status 1: ssh-keygen cannot list them.
list_krl() {
	ssh-keygen -Q -l -f "$1" >"$tmp/listing" 2>"$tmp/trouble" </dev/null &&
		sed -e '/^# KRL version /d' -e '/^# Generated at /d' -e '/^$/d' "$tmp/listing" >"$tmp/$2" &&
		LC_ALL=C sort -o "$tmp/$2" "$tmp/$2"
}

# krl_record: sets $record to the record of $fingerprint, as ssh-keygen lists it. Status 1: ssh-keygen cannot tell.
krl_record() {
	rm -f "$tmp/one"
	{ printf 'hash: %s\n' "$fingerprint" >"$tmp/spec"; } 2>/dev/null &&
		ssh-keygen -q -k -f "$tmp/one" "$tmp/spec" >/dev/null 2>"$tmp/trouble" </dev/null &&
		list_krl "$tmp/one" record && record=$(cat "$tmp/record") || return 1
	case $record in
	*"$newline"* | '') return 1 ;;
	esac
}

# krl_has NAME: whether list_krl has written a record of $fingerprint to $tmp/NAME: its hash, or the key itself.
krl_has() {
	finds -xF -e "$record" "$tmp/$1" || finds -F -e "hash: $fingerprint #" "$tmp/$1"
}

is_krl() {
	[ "$(head -c 6 "$1" 2>/dev/null | tr -d '\000')" = SSHKRL ]
}

# read_krl: copies the list $krl to $tmp/old and its records to $tmp/before. A file that is missing or empty has none.
read_krl() {
	{ : >"$tmp/old" && : >"$tmp/before"; } || die "$tmp/old: cannot write"
	[ -e "$krl" ] || return 0
	cat "$krl" >"$tmp/old" 2>/dev/null || die "$krl: cannot read"
	[ -s "$tmp/old" ] || return 0
	quote "$krl"
	is_krl "$tmp/old" ||
		if [ -n "$("$libexecdir/xferkey-authkeys" -l -f "$krl" 2>/dev/null)" ]; then
			die "$krl: a text list of keys, not a key revocation list: ssh-keygen -k -f NEW $quoted converts it"
		else
			die "$krl: not a key revocation list"
		fi
	list_krl "$tmp/old" before || die "$krl: ssh-keygen cannot list it: $(krl_trouble)"
}

# check_krl: ends unless $tmp/new is a KRL with the records of the old one and that of $fingerprint, and no others.
check_krl() {
	list_krl "$tmp/new" after || die "$krl: ssh-keygen cannot list the new list: $(krl_trouble)"
	{ printf '%s\n' "$record" | cat "$tmp/before" - >"$tmp/wanted" && LC_ALL=C sort -o "$tmp/wanted" "$tmp/wanted"; } ||
		die "$tmp/wanted: cannot write"
	cmp -s "$tmp/wanted" "$tmp/after" || die "$krl: the new list would not have the records of the old one and the new one"
	[ -z "$bare_key" ] || is_revoked "$tmp/new" || die "$krl: ssh-keygen -Q does not find the key in the new list"
}

# name_krl FILE: sets $krl to the absolute path of FILE; ends unless only root can change the file and its name.
name_krl() {
	squeeze "$1"
	krl=$squeezed
	[ "$krl" != "${krl#/}" ] || krl=$(pwd -P)/$krl
	case $krl in
	*[[:cntrl:]\"\\]*) die "--krl: sshd_config cannot name this file: $krl" ;;
	esac
	[ "$me" = 0 ] || die "--krl $krl: only root may change it"
	dir=${krl%/*} list=$krl trouble=''
	dir=${dir:-/}
	[ -d "$dir" ] || die "$dir: $(absent "$dir" directory)"
	only_roots "$dir" || die "$trouble"
	[ ! -L "$krl" ] || die "$krl: a symbolic link: name the file itself"
	[ ! -e "$krl" ] || [ -f "$krl" ] || die "$krl: not a file"
	[ ! -e "$krl" ] || is_roots "$krl" || die "$trouble"
}

# add_to_krl FILE: adds $fingerprint to the KRL in FILE, in one step: if sshd cannot read the file, it refuses all keys.
add_to_krl() {
	name_krl "$1"
	case $fingerprint in
	SHA256:*) ;;
	*) die "$fingerprint: a key revocation list requires the SHA256 fingerprint, or the key" ;;
	esac
	krl_record || die "ssh-keygen cannot make and list a key revocation list: $(krl_trouble)"
	read_krl
	if krl_has before; then
		tell "$fingerprint was in $krl already"
		return
	fi
	set -- -q -k
	[ ! -s "$tmp/old" ] || set -- -q -k -u
	quote ssh-keygen "$@" -f "$krl" -
	show_step "echo 'hash: $fingerprint' | $quoted"
	[ -z "$show" ] || return 0
	warn "$krl: there is no undo: sshd will refuse $fingerprint, and each certificate of it, for every account"
	cp "$tmp/old" "$tmp/new" || die "$tmp/new: cannot write"
	ssh-keygen "$@" -f "$tmp/new" "$tmp/spec" >/dev/null 2>"$tmp/trouble" </dev/null ||
		die "$krl: ssh-keygen cannot add the key: $(krl_trouble)"
	check_krl
	trouble=$("$vis" -r "$krl" "$tmp/old" <"$tmp/new" 2>&1) || die "${trouble#*: }"
	log_change "$fingerprint is revoked in $krl"
	tell "$fingerprint is added to $krl"
}

# say_reader: says whether sshd is configured to read $krl; if not, $verdict is 1.
say_reader() {
	[ -z "$show" ] || return 0
	line="RevokedKeys $krl"
	case $krl in
	*' '*) line="RevokedKeys \"$krl\"" ;;
	esac
	find_sshd
	if [ -z "$sshd" ]; then
		[ -z "${XFERKEY_SSHD_CONFIG-}" ] || not_read
		tell "no sshd was found here; sshd reads the list if sshd_config has the line: $line"
		return
	fi
	ask_sshd_for root || die "not known whether sshd is configured to read $krl: sshd -T fails$(sshd_trouble)"
	squeeze "$(sshd_says revokedkeys)"
	! is_same "$squeezed" "$krl" || {
		find_other_list
		[ -n "$other" ] || return 0
		verdict=1
		tell "sshd is configured to read it, but by a Match not at every login: RevokedKeys $other"
		return
	}
	case $squeezed in
	none | '')
		verdict=1
		tell "sshd is not configured to read it: add to sshd_config: $line"
		;;
	*)
		verdict=1
		tell "sshd is configured to read another list: RevokedKeys $squeezed"
		;;
	esac
}

# find_other_list: sets $other to a list, or none, that sshd may read at other logins than root's in place of $krl.
find_other_list() {
	list_directives || die "not known whether sshd is configured to read $krl: it does not name its files"
	other=none
	! finds '^revokedkeys	all	' "$tmp/directives" || other=
	while IFS='	' read -r word _ value; do
		squeeze "$(print_line "$value" | tr -d '"')"
		[ "$word" != revokedkeys ] || is_same "$squeezed" "$krl" || other=$squeezed
	done <"$tmp/directives"
}
