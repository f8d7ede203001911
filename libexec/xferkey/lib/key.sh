# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # the commands set and read what is used here, as in base.sh
#
# Sourced, after base.sh, by what judges a private key: check, line by line, and ascp, before it starts.

# worry TEXT: a warning; a refusal where XFERKEY_PREFLIGHT is strict.
worry() {
	[ "${XFERKEY_PREFLIGHT-}" != strict ] || die "$1"
	warn "$1"
}

# look_at_key NAME: refuses a key that cannot work, or for which somebody would be asked who is not there.
# Sets $key, $format, $protection and $type; $fingerprint and $bits where they can be seen; and $unloaded, for why_refused.
look_at_key() {
	fingerprint='' bits=''
	case $1 in
	'') die '-i: no key: an empty word' ;;
	-*) die "-i: no key before the option $1" ;;
	esac
	key_file "$1"
	# what can be read only once is ascp's
	[ ! -p "$key" ] || return 0
	if ! private_key; then
		lenient
		trouble="$1: ${trouble#"$key: "}"
		looks_private || die "$trouble"
		worry "$trouble; ssh or ascp may read it"
		return 0
	fi
	if [ "$protection" != none ] && ! can_ask; then
		case $engine:${ASPERA_SCP_PASS:+set} in
		ascp:set) ;;
		ascp:) die "$1: has a passphrase, which ASPERA_SCP_PASS does not give; $(unasked)" ;;
		*) die "$1: has a passphrase, and $(unasked)" ;;
		esac
	fi
	# 2: it says nothing of the key
	line=$(xferkey permcheck -c "$key" 2>/dev/null) || [ $? -ne 1 ] || worry "$1: ${line##*	}"
	mend
	case $engine:${ssh_odd:+odd}:${libssh2_odd:+odd}:$format:$type in
	sftp:odd:*) worry "$1: ssh does not load it: $ssh_odd$mend" ;;
	ascp:*:odd:*)
		worry "$1: libssh2, with which ascp reads keys, does not load it: $libssh2_odd$mend"
		unloaded="ascp may not load its file ($libssh2_odd$mend), or "
		;;
	ascp:*:OPENSSH:RSA | ascp:*:OPENSSH:ECDSA*) worry "$1: OPENSSH, which old ascp does not read$mend" ;;
	esac
	look_at_halves "$1"
}

# looks_private: has $key, which is not read here, the first and the last line of one private key as ssh has them?
looks_private() {
	case $trouble in
	# there too
	*'derivation would take longer'*) return 1 ;;
	esac
	[ -f "$key" ] && [ -r "$key" ] && [ "$(LC_ALL=C tr -d '\000\200-\377' <"$key" |
		grep -cE '^-----(BEGIN|END) [A-Z0-9 ]*PRIVATE KEY-----')" = 2 ]
}

# is_unread: may ssh read $key, which is not read here? It says so, as far as it goes without a passphrase.
is_unread() {
	case $trouble in
	# read, but of no use for a signature
	*'without its primes'*) return 1 ;;
	esac
	looks_private || return 1
	said=$(LC_ALL=C ssh-keygen -y -P '' -f "$key" 2>&1 </dev/null) && {
		trouble="$trouble; ssh reads it"
		return
	}
	case $said in
	*'incorrect passphrase'* | *'bad permissions'*) trouble="$trouble; ssh or ascp may read it" ;;
	*) return 1 ;;
	esac
}

# lenient: where privfmt -F reads $key, and only so, $trouble says what it mends, and the command.
lenient() {
	case $trouble in
	*' -F '*) line=$(xferkey privfmt -l -F "$key" 2>"$tmp/trouble") || return 0 ;;
	*) return 0 ;;
	esac
	case $line in
	*"$newline"*) return 0 ;;
	esac
	line=$(sed -n -e 's/^.*: forgiven: //p' "$tmp/trouble")
	trouble="not a key file as it stands: $line: xferkey privfmt -F -o NEW $quoted"
}

# mend: sets $mend to the command that writes $key such that ssh and libssh2 load it; empty where none can.
mend() {
	quote "$key"
	case $type:$protection:$ssh_odd:$libssh2_odd in
	ED448:* | *':RSA under 1024 bits:'* | *-SK:*::?*) mend= ;;
	ED25519* | *-SK:* | *:'ED25519 in PKCS8'*) mend=": xferkey privfmt -m OPENSSH -o NEW $quoted" ;;
	*:none:*) mend=": xferkey privfmt -m PEM -o NEW $quoted" ;;
	*) mend=": xferkey privfmt -m PKCS8 -o NEW $quoted" ;;
	esac
}

# half_in FILE: sets what read_fingerprint does; status 1 where no public half can be seen.
half_in() {
	got=0
	line=$(xferkey fpr -w "$1" 2>"$tmp/trouble") || got=$?
	[ "$got" -le 1 ] && [ -n "$line" ] && one_key || return 1
	read_fingerprint "$1"
}

# one_key: $line, of what fpr printed, becomes its first line; status 1 where the lines are of different keys: a public key
# beside a private one may be of another pair.
one_key() {
	case $line in
	*"$newline"*)
		print=${line#* }
		! printf '%s\n' "$line" | grep -qvF " ${print%% *} " || return 1
		line=${line%%"$newline"*}
		;;
	esac
}

# look_at_halves NAME: the strength of the key, and whether KEY.pub is its public half.
look_at_halves() {
	tmpdir
	if half_in "$key"; then
		[ -z "$weak" ] || worry "$1: $weak"
	fi
	half=$fingerprint
	if [ ! -f "$key.pub" ] || ! half_in "$key.pub"; then return 0; fi
	if [ -z "$half" ]; then
		[ -z "$weak" ] || worry "$1: $weak"
	elif [ "$half" != "$fingerprint" ]; then
		worry "$1.pub is of another key: what was installed may be that one"
		fingerprint=$half
	fi
}

# check_format, check_strength, check_halves: findings about $key, of what private_key sets.
check_format() {
	mend
	odd=$ssh_odd
	[ "$odd" = "$libssh2_odd" ] || odd="$ssh_odd; $libssh2_odd"
	case ${ssh_odd:+odd}:${libssh2_odd:+odd}:$format:$type in
	odd:odd:*) finding fail format "neither ssh nor libssh2, with which ascp reads keys, loads it: $odd$mend" ;;
	odd:*) finding note format "ssh does not load it: $ssh_odd$mend" ;;
	:odd:*) finding note format "libssh2, with which ascp reads keys, does not load it: $libssh2_odd$mend" ;;
	::OPENSSH:ED25519) finding ok format 'OPENSSH, as ssh and ascp want it for ED25519' ;;
	::OPENSSH:*) finding note format "OPENSSH, not for old ascp$mend" ;;
	*) finding ok format "$format" ;;
	esac
	case $protection in
	none) finding ok passphrase none ;;
	*) finding note passphrase "$protection: ascp asks for it, or takes it from ASPERA_SCP_PASS" ;;
	esac
	case $fips in
	loads) finding ok fips "$format: loads in FIPS mode" ;;
	convert) finding note fips "not in FIPS mode: xferkey fips-convert -o NEW $quoted" ;;
	-) finding note fips "$format: may load in FIPS mode; to be sure: xferkey fips-convert -o NEW $quoted" ;;
	*) finding note fips "$fips" ;;
	esac
}

check_strength() {
	if [ -n "$weak" ]; then
		finding fail strength "$weak"
	elif [ "$type" = ED25519 ]; then
		finding note strength "$type: not every ascp takes it; RSA is named by all of IBM's manuals"
	else
		finding ok strength "$type, $bits bits"
	fi
}

check_halves() {
	half=
	if [ "$protection" != none ] && [ "$format" != OPENSSH ] && [ -z "${opt_P+given}" ]; then
		finding note pair 'not compared: the private half is encrypted; -P SOURCE decrypts it'
	elif ! look fpr ${opt_P+-P "$opt_P"} -w "$key" && { [ "$got" -ne 1 ] || [ -z "$line" ]; }; then
		finding fail key "$trouble"
	elif ! one_key; then
		finding note pair "not compared: a public key of another pair is in $key"
	else
		read_fingerprint "$key"
		half=$fingerprint
		check_strength
	fi
	if [ ! -f "$key.pub" ]; then
		quote "$key"
		trouble='not a file'
		[ -e "$key.pub" ] || trouble=$(absent "$key.pub")
		case $trouble in
		'no such file') finding note pair "there is no $key.pub, which this shows: xferkey pubfmt $quoted" ;;
		*) finding note pair "not compared: $key.pub: $trouble" ;;
		esac
	elif ! look fpr -w "$key.pub" && [ -z "$line" ]; then
		finding fail pair "$trouble"
	else
		read_fingerprint "$key.pub"
		if [ -z "$half" ]; then
			check_strength
		elif [ "$fingerprint" = "$half" ]; then
			finding ok pair "$key.pub is its public half: $half"
		else
			finding fail pair "$key.pub is of another key: $fingerprint, but this one is $half"
		fi
	fi
}
