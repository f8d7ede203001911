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

# matches_name PATTERN NAME: as sshd compares them: only * and ? are special.
matches_name() {
	case $1 in
	*[][\\]*) [ "$1" = "$2" ] ;;
	*)
		# shellcheck disable=SC2254 # a pattern
		case $2 in
		$1) ;;
		*) return 1 ;;
		esac
		;;
	esac
}

# sshd_accepts PATTERNS: whether sshd accepts a signature that the key of $type and $bits can make.
sshd_accepts() {
	case $type in
	RSA) set -- "$1" rsa-sha2-512 rsa-sha2-256 ssh-rsa ;;
	ECDSA) set -- "$1" "ecdsa-sha2-nistp$bits" ;;
	ED25519) set -- "$1" ssh-ed25519 ;;
	DSA) set -- "$1" ssh-dss ;;
	ECDSA-SK) set -- "$1" sk-ecdsa-sha2-nistp256@openssh.com ;;
	ED25519-SK) set -- "$1" sk-ssh-ed25519@openssh.com ;;
	*) return 0 ;;
	esac
	patterns=$1
	shift
	for algorithm; do
		rest=$patterns,
		while [ -n "$rest" ]; do
			! matches_name "${rest%%,*}" "$algorithm" || return 0
			rest=${rest#*,}
		done
	done
	return 1
}

# is_revoked FILE: whether $bare_key is in RevokedKeys, by revokes.
is_revoked() {
	printf '%s\t%s\n' "$fingerprint" "$bare_key" >"$tmp/asked" || return
	revokes "$1" && [ -s "$tmp/revoked" ]
}

not_revoking=' (neither a KRL nor only keys: sshd refuses every key)'

# revokes FILE: writes to $tmp/revoked the fingerprints of those keys in $tmp/asked (lines of fingerprint, tab, key) that
# RevokedKeys has, a KRL or a list of keys. A file that root cannot read, or sshd cannot parse ($unparsed says so),
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
		[ "$(wc -l <"$tmp/unanswered")" -ne "$(wc -l <"$tmp/each")" ] || unparsed=$not_revoking
		cat "$tmp/unanswered" >>"$tmp/revoked"
	fi
}

# in_krl FILE: revokes for a KRL, by one ssh-keygen; status 1 if that does not answer for each key.
in_krl() {
	rm -rf "$tmp/keys.d"
	mkdir "$tmp/keys.d" || return
	(cd "$tmp/keys.d" && LC_ALL=C awk -F '\t' '{ print $2 >NR; close(NR); print NR }' |
		xargs ssh-keygen -Q -f "$1") <"$tmp/asked" >"$tmp/answered" 2>/dev/null || :
	[ "$(wc -l <"$tmp/answered")" -eq "$(wc -l <"$tmp/asked")" ] || return 1
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

# from_names: whether from= in $options has only host names or patterns of them, which no address matches.
from_names() {
	printf '%s\n' "$options" | awk '
		{
			while (match($0, /^[^=",]+(="([^"\\]|\\.)*")?,?/)) {
				option = tolower(substr($0, 1, RLENGTH))
				$0 = substr($0, RLENGTH + 1)
				if (sub(/^from="/, "", option) && sub(/",?$/, "", option)) from = option
			}
			n = split(from, patterns, ",")
			for (i = 1; i <= n; i++) {
				if (patterns[i] ~ /^!/) continue
				if (patterns[i] !~ /:/ && (patterns[i] ~ /[g-z_]/ || patterns[i] ~ /[a-f]/ && patterns[i] !~ /[*?]/)) names++
				else others++
			}
		}
		END { exit !names || others }'
}

# in_group PATTERN: whether it matches a group of the account; 2: not known.
in_group() {
	if [ ! -e "$tmp/groups.$user" ]; then
		# shellcheck disable=SC2046 # numbers
		getent group $(id -G "$user") >"$tmp/groups" 2>/dev/null || :
		[ -s "$tmp/groups" ] || id -Gn "$user" 2>/dev/null | tr ' ' '\n' >"$tmp/groups" || return 2
		cut -d : -f 1 "$tmp/groups" >"$tmp/groups.$user" || return 2
	fi
	while IFS= read -r group; do
		! matches_name "$1" "$group" || return 0
	done <"$tmp/groups.$user"
	return 1
}

# account_refuses: whether sshd lets nobody into the account, as root can see; $trouble is the reason.
account_refuses() {
	trouble=''
	[ "$me" = 0 ] && row=$(getent passwd "$user" 2>/dev/null) && chroot=$(sshd_says chrootdirectory) || return 1
	case ${chroot:-none}:${row##*:} in
	none:?*) shell_refuses "${row##*:}" ;;
	esac
	[ -n "$trouble" ] || [ "$(sshd_says usepam)" = yes ] || shadow_refuses
	[ -n "$trouble" ]
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

# shadow_refuses: what PAM would decide; sets $trouble.
shadow_refuses() {
	# without a line in shadow, the password is in passwd
	row=$(getent shadow "$user" 2>/dev/null) || row=$(printf '%s\n' "$row" | cut -d : -f 1,2)
	IFS=: read -r _ password _ _ _ _ _ expires _ <<-END
		$row
	END
	case $password in
	!*) [ "$(uname -s)" != Linux ] || trouble='UsePAM no, and the account is locked (passwd -S)' ;;
	esac
	[ -z "$expires" ] || ! today=$(date +%s) || [ "$expires" -ge $((today / 86400)) ] ||
		trouble='UsePAM no, and the account is expired (chage -l)'
}

# sshd_refuses: whether sshd's configuration, as key_files has asked for it, refuses $bare_key of $type, $bits and
# $fingerprint with $options; $trouble is the setting. A setting that depends on unknown facts does not refuse.
sshd_refuses() {
	trouble='' users='' user_in='' groups='' group_in=
	[ -z "$assumed" ] || return 1
	while read -r word value; do
		case $word:$value in
		pubkeyauthentication:no) trouble='PubkeyAuthentication no' ;;
		pubkeyacceptedalgorithms:* | pubkeyacceptedkeytypes:*)
			sshd_accepts "$value" || trouble="PubkeyAcceptedAlgorithms $value"
			;;
		requiredrsasize:* | rsaminsize:*)
			[ "$type" != RSA ] || [ "$bits" -ge "$value" ] || trouble="RequiredRSASize $value"
			;;
		authenticationmethods:*)
			is_in "$value" any || is_in "$value" publickey || trouble="AuthenticationMethods $value"
			;;
		permitrootlogin:no) [ "$uid" != 0 ] || trouble='PermitRootLogin no' ;;
		permitrootlogin:forced-commands-only)
			case $uid:,${options-} in
			0:*,[Cc][Oo][Mm][Mm][Aa][Nn][Dd]=*) ;;
			0:*) trouble='PermitRootLogin forced-commands-only' ;;
			esac
			;;
		usedns:no) ! from_names || trouble='UseDNS no, and from= has only host names' ;;
		denyusers:*@*[!*]*) ;;
		denyusers:*) ! matches_name "${value%%@*}" "$user" || trouble="DenyUsers $value" ;;
		allowusers:*)
			users="$users $value"
			! matches_name "${value%%@*}" "$user" || user_in=yes
			;;
		denygroups:*) ! in_group "$value" || trouble="DenyGroups $value" ;;
		allowgroups:*)
			groups="$groups $value" found=0
			in_group "$value" || found=$?
			[ "$found" -eq 1 ] || group_in=yes
			;;
		revokedkeys:none) ;;
		revokedkeys:*) ! is_revoked "$value" || trouble="RevokedKeys $value$unparsed" ;;
		esac
	done <"$tmp/config"
	[ -z "$users" ] || [ -n "$user_in" ] || trouble="AllowUsers$users"
	[ -z "$groups" ] || [ -n "$group_in" ] || trouble="AllowGroups$groups"
	[ -n "$trouble" ] || {
		account_refuses
		return
	}
	if finds -i "^debug3: checking match for '[^']*\(address\|host\|rdomain\)" "$tmp/reading"; then
		trouble="$trouble (for a login from 127.0.0.1)"
	fi
}
