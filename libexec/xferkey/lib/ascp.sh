# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with the commands
#
# Whether ssh and ascp can read a key, and where ascp is. Sourced, after key.sh, by xferkey-check and xferkey-ascp.

# looks_private: has $key, which is not read here, the first and the last line of one private key as ssh has them?
looks_private() {
	case $trouble in
	# there too
	*'derivation would take longer'*) return 1 ;;
	esac
	[ -f "$key" ] && [ -r "$key" ] && [ "$(LC_ALL=C tr -d '\000\200-\377' <"$key" |
		grep -cE '^-----(BEGIN|END) [A-Z0-9 ]*PRIVATE KEY-----')" = 2 ]
}

# try_lenient: where privfmt -F reads $key, and only so, $trouble says what it mends, and the command.
try_lenient() {
	case $trouble in
	*' -F '*) row=$(xferkey keyinfo -i -F "$key" 2>"$tmp/trouble") || return 0 ;;
	*) return 0 ;;
	esac
	case $row in
	*"$newline"* | *'	public	'*) return 0 ;;
	esac
	line=$(sed -n -e 's/^.*: forgiven: //p' "$tmp/trouble")
	trouble="not a key file as it stands: $line: xferkey privfmt -F -o NEW $quoted"
}

# find_repair: sets $repair to the command that writes $key such that ssh and libssh2 load it; empty where none can.
find_repair() {
	quote "$key"
	case $type:$protection:$ssh_odd:$libssh2_odd in
	ED448:* | *':RSA under 1024 bits:'* | *-SK:*::?*) repair= ;;
	ED25519* | *-SK:* | *:'ED25519 in PKCS8'*) repair=": xferkey privfmt -m OPENSSH -o NEW $quoted" ;;
	*:none:*) repair=": xferkey privfmt -m PEM -o NEW $quoted" ;;
	*) repair=": xferkey privfmt -m PKCS8 -o NEW $quoted" ;;
	esac
}

# find_ascp: sets $ascp to it; status 1 where there is none.
find_ascp() {
	connect='Aspera Connect.app/Contents/Resources'
	ascp=${XFERKEY_ASCP-}
	case $ascp in
	?*)
		[ -f "$ascp" ] && [ -x "$ascp" ]
		return
		;;
	esac
	# neither a function nor an alias
	case $(command -v ascp || :) in
	*/*) ascp=$(command -v ascp) ;;
	esac
	for folder in "${HOME-}/.aspera/connect/bin" "${HOME-}/.aspera/cli/bin" "${HOME-}/.aspera/sdk" \
		/opt/aspera/bin "${CONDA_PREFIX-}/bin" /Library/Aspera/bin "${HOME-}/Applications/Aspera CLI/bin" \
		"/Applications/$connect" "/Applications/IBM $connect" "${HOME-}/Applications/$connect" \
		"${HOME-}/Applications/IBM $connect" '/Applications/IBM Aspera.app/Contents/Resources/transferd/bin'; do
		[ -n "$ascp" ] || ! [ -x "$folder/ascp" ] || ascp=$folder/ascp
	done
	[ -n "$ascp" ]
}
