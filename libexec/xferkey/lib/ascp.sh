# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# Whether ssh and ascp can read a key, and where ascp is.
. "$libexecdir/lib/key.sh"

# looks_private: whether $key, which keyinfo cannot read, has the BEGIN and END lines of one private key.
looks_private() {
	case $trouble in
	# ssh would take as long
	*'derivation would take longer'*) return 1 ;;
	esac
	[ -f "$key" ] && [ -r "$key" ] && [ "$(LC_ALL=C tr -d '\000\200-\377' <"$key" |
		grep -cE '^-----(BEGIN|END) [A-Z0-9 ]*PRIVATE KEY-----')" = 2 ]
}

# try_lenient: if only -F can read $key, sets $trouble to what privfmt -F repairs, with the command.
try_lenient() {
	case $trouble in
	*' -F '*) row=$(xferkey keyinfo -i -F "$key" 2>"$tmp/trouble") || return 0 ;;
	*) return 0 ;;
	esac
	case $row in
	*"$newline"* | *'	public	'*) return 0 ;;
	esac
	line=$(sed -n -e 's/^.*: repaired: //p' "$tmp/trouble")
	trouble="not a key file without -F: $line: xferkey privfmt -F -o NEW $quoted"
}

# find_repair: sets $repair to the command that writes $key as a file which ssh and libssh2 load, or to nothing.
find_repair() {
	quote "$key"
	case $type:$protection:$ssh_odd:$libssh2_odd in
	ED448:* | *':RSA under 1024 bits:'* | *-SK:*::?*) repair= ;;
	ED25519* | *-SK:* | *:'ED25519 in PKCS8'*) repair=": xferkey privfmt -m OPENSSH -o NEW $quoted" ;;
	*:none:*) repair=": xferkey privfmt -m PEM -o NEW $quoted" ;;
	*) repair=": xferkey privfmt -m PKCS8 -o NEW $quoted" ;;
	esac
}

# unfit_key: sets $trouble to why ssh does not use $key, by the row of permcheck in $line, and what mends its mode.
unfit_key() {
	trouble=${line##*	}
	case $line in
	*'	key-mode	'*)
		quote "$key"
		trouble="$trouble: chmod 600 $quoted"
		;;
	esac
}

# find_ascp: sets $ascp to its path; status 1 if there is no such program.
find_ascp() {
	connect='Aspera Connect.app/Contents/Resources'
	ascp=${XFERKEY_ASCP-}
	if [ -n "$ascp" ]; then
		[ -f "$ascp" ] && [ -x "$ascp" ]
		return
	fi
	ascp=$(command -v ascp || :)
	# a function or alias has no path
	[ "$ascp" != "${ascp#*/}" ] || ascp=
	for dir in "${HOME-}/.aspera/connect/bin" "${HOME-}/.aspera/cli/bin" "${HOME-}/.aspera/sdk" \
		/opt/aspera/bin "${CONDA_PREFIX-}/bin" /Library/Aspera/bin "${HOME-}/Applications/Aspera CLI/bin" \
		"/Applications/$connect" "/Applications/IBM $connect" "${HOME-}/Applications/$connect" \
		"${HOME-}/Applications/IBM $connect" '/Applications/IBM Aspera.app/Contents/Resources/transferd/bin'; do
		[ -n "$ascp" ] || ! [ -x "$dir/ascp" ] || ascp=$dir/ascp
	done
	[ -n "$ascp" ]
}
