# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # xferkey-check sets and reads what is used here
#
# Sourced, after base.sh, by xferkey-check: a passphrase that is read once, and that both a filter and ssh need.
# Only their environment has it: no argument, and no file.

# hold_passphrase: sets XFERKEY_HELD to the passphrase of $key, from where -P says or else from the terminal, and $opt_P
# to where a filter finds it; steps are shown with $held_from. Where there is none, XFERKEY_HELD is unset.
hold_passphrase() {
	source=${opt_P-ask} name=${opt_P-ask} held=
	name=${name#*:}
	case $source in
	env:[0-9]* | env:*[!A-Za-z0-9_]*) ;;
	env:*) eval "XFERKEY_HELD=\${$name-} held=\${$name+yes}" ;;
	file:*) ! { read_held <"$name"; } 2>/dev/null || held=yes ;;
	stdin) ! read_held || held=yes ;;
	fd:?) ! { eval "read_held <&$name"; } 2>/dev/null || held=yes ;;
	fd:*) ! { read_held <"/dev/fd/$name"; } 2>/dev/null || held=yes ;;
	ask)
		if can_ask && ask_held; then
			held=yes
		elif [ -n "${opt_P+given}" ]; then
			# once is enough
			opt_P=none
		fi
		;;
	esac
	if [ -z "$held" ]; then
		unset XFERKEY_HELD || :
		return 0
	fi
	export XFERKEY_HELD
	quote "$source"
	held_from=$quoted
	# what can be read again is named in messages as it was typed
	case $source in
	env:*) ;;
	file:*) [ -f "$name" ] || opt_P=env:XFERKEY_HELD ;;
	*) opt_P=env:XFERKEY_HELD ;;
	esac
}

# read_held: the next line of standard input, without its end. read leaves the line after it for the next reader.
read_held() {
	XFERKEY_HELD=
	IFS= read -r XFERKEY_HELD || [ -n "$XFERKEY_HELD" ] || return 1
	return=$(printf '\r')
	XFERKEY_HELD=${XFERKEY_HELD%"$return"}
}

# ask_held: the next line of the terminal, which does not show it; nor can the job be stopped meanwhile, which would go
# on with a terminal that does.
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
