# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Findings about a private key. Its passphrase is read once, for a filter and ssh, and is only in their environment.
. "$libexecdir/lib/ascp.sh"

# is_unread: whether ssh may be able to read $key, as far as ssh-keygen tells without a passphrase.
is_unread() {
	case $trouble in
	# ssh reads this key, but cannot sign with it
	*'without its primes'*) return 1 ;;
	esac
	looks_private || return 1
	said=$(LC_ALL=C ssh-keygen -y -P '' -f "$key" 2>&1 </dev/null) && {
		trouble="$trouble; ssh reads it"
		return
	}
	case $said in
	*'bad permissions'*) ;;
	# ssh-keygen prints this also for a damaged OPENSSH key with the cipher none
	*'incorrect passphrase'*) ! finds '^b3BlbnNzaC1rZXktdjEAAAAABG5vbmU' "$key" || return 1 ;;
	*) return 1 ;;
	esac
	trouble="$trouble; ssh or ascp may read it"
}

# read_fingerprint FILE: sets $bits, $fingerprint and $type from $line, the output of fpr -w, and $weak to its warning.
read_fingerprint() {
	weak=$(first_message) || die 'sed: failed'
	weak=${weak#"$1: "}
	bits=${line%% *} type=${line##*'('} fingerprint=${line#* }
	fingerprint=${fingerprint%% *} type=${type%')'}
}

# fail WHAT: a finding of $trouble; $verdict is 2 if that is an error of the system, which says nothing about the key.
fail() {
	case $trouble in
	*'ermission denied') [ ! -r "$key" ] || verdict=2 ;;
	'' | *'Input/output error' | *'I/O error' | *'No space left on device' | *'oo many open files'* | \
		*'o file descriptors available' | *'annot allocate memory' | *'ut of memory') verdict=2 ;;
	esac
	finding fail "$1" "$trouble"
}

# is_one_key: cuts $line, the output of fpr, to its first line; status 1 if the fingerprints in it differ.
is_one_key() {
	case $line in
	*"$newline"*)
		print=${line#* }
		! printf '%s\n' "$line" | grep -qvF " ${print%% *} " || return 1
		line=${line%%"$newline"*}
		;;
	esac
}

check_format() {
	find_repair
	odd=$ssh_odd
	[ "$odd" = "$libssh2_odd" ] || odd="$ssh_odd; $libssh2_odd"
	case ${ssh_odd:+odd}:${libssh2_odd:+odd}:$format:$type in
	odd:odd:*) finding fail format "neither ssh nor libssh2, with which ascp reads keys, loads it: $odd$repair" ;;
	odd:*)
		# without ascp only ssh can use it
		kind=fail
		[ "${XFERKEY_ENGINE-}" = sftp ] || ! find_ascp || kind=note
		finding $kind format "ssh does not load it: $ssh_odd$repair"
		;;
	:odd:*) finding note format "libssh2, with which ascp reads keys, does not load it: $libssh2_odd$repair" ;;
	::OPENSSH:ED25519) finding ok format 'OPENSSH, which ssh and ascp require for ED25519' ;;
	::OPENSSH:*) finding note format "OPENSSH, which old versions of ascp cannot read$repair" ;;
	*) finding ok format "$format" ;;
	esac
	case $protection in
	none) finding ok passphrase none ;;
	*) finding note passphrase "$protection, $derivation: ascp asks for it, or reads it from ASPERA_SCP_PASS" ;;
	esac
	case $fips in
	loads) finding ok fips "$format: loads in FIPS mode" ;;
	convert) finding note fips "must be converted for FIPS mode: xferkey fips-convert -o NEW $quoted" ;;
	-)
		finding note fips \
			"$format: may load in FIPS mode; if not written by fips-convert: xferkey fips-convert -o NEW $quoted"
		;;
	*) finding note fips "$fips" ;;
	esac
}

check_strength() {
	if [ -n "$weak" ]; then
		finding fail strength "$weak: xferkey generate makes a key that servers accept"
	elif [ "$type" = ED25519 ]; then
		finding note strength "$type: some versions of ascp cannot read it; all of IBM's manuals name RSA"
	else
		finding ok strength "$type, $bits bits"
	fi
}

check_halves() {
	half='' words=
	[ "$protection" = none ] || [ "$format" = OPENSSH ] || words='-P SOURCE '
	if [ -n "$words" ] && [ -z "${opt_P+given}" ]; then
		[ ! -f "$key.pub" ] || finding note pair 'not compared: the private half is encrypted; -P SOURCE decrypts it'
	elif ! ask_filter fpr ${opt_P+-P "$opt_P"} -w "$key" && { [ "$got" -ne 1 ] || [ -z "$line" ]; }; then
		fail key
	elif ! is_one_key; then
		finding note pair "not compared: a public key of another pair is in $key"
	else
		read_fingerprint "$key"
		half=$fingerprint
		check_strength
	fi
	if [ ! -f "$key.pub" ]; then
		quote "$key"
		trouble=$(absent "$key.pub")
		case $trouble in
		'no such file') finding note pair "there is no $key.pub; this shows it: xferkey pubfmt $words$quoted" ;;
		*) finding note pair "not compared: $key.pub: $trouble" ;;
		esac
	elif ! ask_filter fpr -w "$key.pub" && [ -z "$line" ]; then
		fail pair
	else
		read_fingerprint "$key.pub"
		if [ -z "$half" ]; then
			check_strength
		elif [ "$fingerprint" = "$half" ]; then
			finding ok pair "$key.pub is its public half: $half"
		else
			finding fail pair "$key.pub is of another key: $fingerprint, but $key is $half"
		fi
	fi
}

# check_site: prints which requirements of the site's profile the key does not meet.
check_site() {
	[ "$type" = - ] || site_finding site_takes '' "$type" "$bits"
	site_finding site_protects '' "$protection"
}

# site_finding RULE [ARG ...]: prints a finding if the command RULE warns of a key, or refuses it.
site_finding() {
	kind=note
	trouble=$("$@" 2>&1) || kind=fail
	[ -z "$trouble" ] || finding $kind site "${trouble##*"$tool: "}"
}

check_ascp() {
	if [ "${XFERKEY_ENGINE-}" = sftp ]; then
		finding ok ascp 'not needed: XFERKEY_ENGINE=sftp'
	elif find_ascp; then
		# shellcheck disable=SC2016 # for the inner sh
		set -- sh -c 'unset XFERKEY_HELD; exec "$@"' sh "$ascp" -A
		! command -v timeout >/dev/null || set -- timeout -k 1 10 "$@"
		attend "$@" >"$tmp/version" 2>&1 </dev/null || :
		line=$(sed -n 's/^.*ascp version \([0-9][0-9.]*\).*/, version \1/p' "$tmp/version" | sed 1q)
		finding ok ascp "$ascp$line"
	elif [ -n "$ascp" ]; then
		finding fail ascp "XFERKEY_ASCP: $ascp: $(absent "$ascp" program)"
	else
		finding note ascp 'not found; XFERKEY_ENGINE=sftp needs none, if the server allows SFTP'
	fi
}

# hold_passphrase: sets XFERKEY_HELD to the passphrase of $key, from the source of -P or the terminal, or unsets it;
# $opt_P to the source for a filter; and $held_from to the source that a step shows.
hold_passphrase() {
	# the shell's core file would have it
	# shellcheck disable=SC3045 # every sh has it
	ulimit -c 0 2>/dev/null || :
	source=${opt_P-ask}
	name=${source#*:}
	case $source in
	env:[0-9]* | env:*[!A-Za-z0-9_]*) false ;;
	env:*) eval "XFERKEY_HELD=\${$name-} && [ -n \"\${$name+given}\" ]" ;;
	file:*) { read_held <"$name"; } 2>/dev/null ;;
	stdin) read_held ;;
	fd:?) { eval "read_held <&$name"; } 2>/dev/null ;;
	fd:*) { read_held <"/dev/fd/$name"; } 2>/dev/null ;;
	ask) can_ask && ask_held ;;
	*) false ;;
	esac || {
		unset XFERKEY_HELD || :
		# do not ask again
		[ "${opt_P-}" != ask ] || opt_P=none
		return 0
	}
	export XFERKEY_HELD
	quote "$source"
	held_from=$quoted
	# a source that can be read again keeps its name, for messages
	case $source in
	env:*) ;;
	file:*) [ -f "$name" ] || opt_P=env:XFERKEY_HELD ;;
	*) opt_P=env:XFERKEY_HELD ;;
	esac
}

# read_held: reads a line into XFERKEY_HELD; the next line stays for another reader.
read_held() {
	XFERKEY_HELD=
	IFS= read -r XFERKEY_HELD || [ -n "$XFERKEY_HELD" ] || return 1
	return=$(printf '\r')
	XFERKEY_HELD=${XFERKEY_HELD%"$return"}
}

# ask_held: reads a line from the terminal without echo, and disables ^Z: after it the terminal would show the line.
ask_held() {
	tty_modes=$(stty -g </dev/tty 2>/dev/null) || tty_modes=
	[ -n "$tty_modes" ] && stty -echo susp undef </dev/tty || return 1
	printf 'Passphrase for %s: ' "$(visible "$key")" >/dev/tty
	! read_held </dev/tty || set -- yes
	echo >/dev/tty
	stty "$tty_modes" </dev/tty
	tty_modes=
	[ $# -gt 0 ]
}
