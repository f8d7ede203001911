# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # xferkey-try-login sets and reads what is used here
#
# Sourced, after base.sh, by xferkey-try-login: ssh's command, the host key, and why a login failed.
#
# A server can write whole lines into what ssh logs (SSH_MSG_DEBUG, SSH_MSG_DISCONNECT and lists of names keep their
# newlines). So only ssh's exit status says that a login succeeded, and only KnownHostsCommand, which ssh runs itself
# during the key exchange, says which host key came. The log, which has no debug lines, only tells failures apart.

# host_key_pin: sets $script to what prints the host keys to believe, besides those in $known: its $0, $1, $2 and $3
# are %f, %H, %t and %K of ssh_config(5). $hooks is empty where there is none.
host_key_pin() {
	known='' script='' types='' hooks=yes
	ssh -G -F none -o KnownHostsCommand=none localhost >/dev/null 2>&1 || hooks=
	if [ -z "$hostkey" ]; then
		# a command of the user's own is part of what he knows
		! ssh -G -F "$config" "$host" 2>/dev/null | grep -q '^knownhostscommand ' || hooks=
	elif [ -n "$hooks" ]; then
		known=/dev/null script="[ \$0 != $hostkey ] || echo \$1 \$2 \$3"
	else
		# OpenSSH before 8.5
		known=known
	fi
}

# login_command KEY: sets $quoted to ssh's words. ascp reads no ssh configuration, and its keys would hide that this one
# is refused. Nothing is run there: the connection goes to the background once it is authenticated, and is then ended.
login_command() {
	ssh_options "$1"
	eval "set -- $quoted"
	[ "$config" != none ] || set -- -F none "$@"
	# the first of two counts
	[ -z "$encrypted" ] || set -- -o BatchMode=no -o NumberOfPasswordPrompts=1 "$@"
	set -- "$@" ${port:+-p "$port"} -o IdentityAgent=none -o PreferredAuthentications=publickey \
		-o ClearAllForwardings=yes -o PermitLocalCommand=no -o LogLevel=VERBOSE -o ControlPersist=no \
		-o StrictHostKeyChecking=yes -o UpdateHostKeys=no -o FingerprintHash=sha256
	[ -z "$known" ] || set -- "$@" -o "UserKnownHostsFile=$known" -o GlobalKnownHostsFile=/dev/null \
		-o VerifyHostKeyDNS=no -o NoHostAuthenticationForLocalhost=no
	[ "$known" != known ] || set -- "$@" -o HostKeyAlias=xferkey
	[ -z "$script" ] || set -- "$@" -o "KnownHostsCommand=/bin/sh -fc \"$script\" %f %H %t %K"
	quote "$@" ${types:+-o "HostKeyAlgorithms=-$types"} -fN "$host"
}

# asked COMMAND ...: attend, and the passphrase is there for whoever asks, more often than ssh does. What ssh starts inherits
# its environment, and may send it on; nothing inherits this.
asked() {
	if [ -z "$encrypted" ]; then
		attend "$@"
		return
	fi
	exec 8<>"$tmp/passphrase"
	printf '%s\n' "$held" "$held" "$held" "$held" >&8
	got=0
	attend "$@" 8<&- || got=$?
	exec 8<&-
	return "$got"
}

# decrypts: finds out whether the passphrase is that of the key, and if so gives it to ssh; the file is for ssh alone to
# read. Before OpenSSH 8.4 ssh itself asks where there is a terminal.
decrypts() {
	# one of that name in the environment would be there for all
	unset held || :
	held=$XFERKEY_HELD
	unset XFERKEY_HELD
	mkfifo "$tmp/passphrase" || die "$tmp: cannot make a FIFO"
	export SSH_ASKPASS="$libexecdir/lib/xferkey-askpass" SSH_ASKPASS_REQUIRE=force DISPLAY="${DISPLAY:-none}"
	export XFERKEY_ASKPASS_FOR='' XFERKEY_ASKPASS_FROM="$tmp/passphrase"
	! command -v ssh-keygen >/dev/null || LC_ALL=C asked ssh-keygen -y -f "$tmp/key" >/dev/null 2>said </dev/null ||
		case $(cat said) in
		*': incorrect passphrase '*) refused "not tried: wrong passphrase for $shown" ;;
		esac
	# ssh names no more of it
	XFERKEY_ASKPASS_FOR="'$(printf %s "$tmp/key" | LC_ALL=C cut -b 1-100)"
}

# scan: for ssh before 8.5: writes the host key with the profile's fingerprint to known, or all to came.
scan() {
	ssh -G -F "$config" ${port:+-p "$port"} "$host" >settings 2>/dev/null || :
	ssh-keyscan -T 20 -p "$(sed -n 's/^port //p' settings)" "$(sed -n 's/^hostname //p' settings)" \
		>scanned 2>/dev/null </dev/null || :
	while read -r word name blob; do
		line=$(printf '%s %s\n' "$name" "$blob" | xferkey fpr 2>/dev/null) || continue
		read_fingerprint
		echo "$name $fingerprint" >>came
		[ "$fingerprint" != "$hostkey" ] || printf 'xferkey %s %s\n' "$name" "$blob" >known
	done <scanned
	[ ! -f known ] || : >came
}

# try: sets $status to that of ssh, whose standard error is the server's banner; its log is in log.
try() {
	: >log
	: >came
	[ "$known" != known ] || scan
	login_command "$tmp/key"
	command='LC_ALL=C exec ssh "$@" </dev/null >/dev/null 2>&1' status=0
	eval "asked sh -c \"\$command\" sh -o ControlMaster=yes -S ctl -E log $quoted" || status=$?
}

# server_key: sets $type and $fingerprint to those of the host key that came; status 1 where none is known.
server_key() {
	type='' fingerprint=
	while read -r word rest; do
		[ "$word" = NONE ] || type=$word fingerprint=$rest
	done <came
	[ -n "$fingerprint" ]
}

# not_offered: ssh has no signature algorithm for the RSA key that the server takes, and offers no such key; only among its
# debug lines does it say so.
not_offered() {
	[ "$keytype" = RSA ] || return 1
	: >debug
	login_command "$tmp/key"
	eval "asked sh -c \"\$command\" sh -o ControlMaster=yes -S ctl -o LogLevel=DEBUG1 -E debug $quoted" || :
	grep -q -e '^debug1: send_pubkey_test: no mutual signature ' -e '^debug1: Skipping .* not in PubkeyAccepted' debug
}

# refused TEXT: the finding, and the end.
refused() {
	finding fail login "$1"
	exit 1
}

# changed_host_key: the finding, with what removes the old one from the file of known_hosts that has it.
changed_host_key() {
	ssh -G -F "$config" ${port:+-p "$port"} "$host" >settings 2>/dev/null || :
	number=$(sed -n 's/^port //p' settings) name=$(sed -n 's/^hostkeyalias //p' settings)
	if [ -z "$name" ]; then
		name=$(sed -n 's/^hostname //p' settings)
		[ "$number" = 22 ] || name="[$name]:$number"
	fi
	set -- ssh-keygen -R "$name"
	files=$(sed -n -e 's/^userknownhostsfile //p' -e 's/^globalknownhostsfile //p' settings)
	for file in $files; do
		[ $# -gt 3 ] || ! ssh-keygen -F "$name" -f "$file" >/dev/null 2>&1 || set -- "$@" -f "$file"
	done
	quote "$@"
	refused "the host key is not that of known_hosts${type:+, but $type $fingerprint}: ask the data centre; if it is theirs: $quoted"
}

# why: the finding of a login that failed. Lines with text of the server's are asked for first, and named as such; there
# was no authentication where no host key came; and with the last line ssh itself has ended.
why() {
	tr -d '\r' <log >said
	last=$(tail -n 1 said) line=$(grep '^Unable to negotiate with ' said | sed 1q) stage=keys
	[ -z "$line" ] || refused "ssh and the server have nothing in common; the server offers: ${line##*offer: }"
	server_key || stage=${hooks:+connection} stage=${stage:-unknown}
	case $stage:$last in
	*:'Disconnected from '*)
		line=$(sed -n 's/^Received disconnect from [^ ]* port [0-9]*:[0-9]*: //p' said | sed 1q)
		refused "the server ended the connection${line:+, and says: $line}"
		;;
	[!c]*:'Host key verification failed.')
		! grep -q 'IDENTIFICATION HAS CHANGED' said ||
			changed_host_key
		quote ssh -F "$config" -o StrictHostKeyChecking=ask ${port:+-p "$port"} "$host"
		refused "the host key is not known${type:+: $type $fingerprint}; where this asks, type the fingerprint that the data centre names: $quoted"
		;;
	[!c]*:*': Permission denied ('*').')
		# a server does not know this name
		line=$(grep -F "Load key \"$tmp/key\": " said | sed 1q)
		[ -z "$line" ] || refused "ssh does not load $key: ${line##*: }"
		! grep -q '^Authenticated using .* with partial success' said ||
			refused 'the server takes the key, and wants more than a key, which ascp may not have'
		! not_offered ||
			refused 'ssh does not offer the key: the server takes no RSA signature that this ssh makes (PubkeyAcceptedAlgorithms, there or here)'
		# ssh has ended
		[ -z "$encrypted" ] || export XFERKEY_HELD="$held"
		"$libexecdir/lib/xferkey-why-refused" "$key" "$host" "$port" || exit
		;;
	[!k]*:'ssh: Could not resolve '*': Temporary failure '*)
		refused "${host##*@}: its address cannot be looked up now: the network, or the name server"
		;;
	[!k]*:'ssh: Could not resolve '*) refused "${host##*@}: no address was found for this host" ;;
	[!k]*:'ssh: connect to '*': Connection refused') refused "nothing listens there${port:+ on port $port}, or a firewall refuses it" ;;
	[!k]*:*' timed out'* | [!k]*:*unreachable | [!k]*:*'No route to host') refused 'no answer: the network, or a firewall' ;;
	connection:*) refused "${last:-ssh ended with status $status}" ;;
	*) refused "ssh ended with status $status; its last line, which may be from the server, is: ${last:-empty}" ;;
	esac
}
