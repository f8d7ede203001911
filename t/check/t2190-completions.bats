#!/usr/bin/env bats
# share/xferkey/arguments lists what commands accept, and bash, zsh and fish complete it.

load ../lib/test

# Options of other programs, which no list has: they are refused with the right command.
traps='keygen:-y generate:-y fips-convert:-i'

setup() {
	private_home
	prefix=$(cd "$(dirname "$(command -v xferkey)")/.." && pwd -P)
	table=$prefix/share/xferkey/arguments
	commands=$(cut -f 1 "$prefix/share/xferkey/commands")
}

# options_of TEXT: the options in TEXT, one on each line, sorted; -ab is -a and -b.
options_of() {
	grep -oE -- '(^|[][ |,])--?[A-Za-z][A-Za-z-]*' <<<"$1" | sed 's/^[^-]*//' |
		awk '/^--/ { print; next } { for (i = 2; i <= length; i++) print "-" substr($0, i, 1) }' | sort -u
}

# The options in the table, with "=" after one that has a value; in the help, the manual and the source.
in_table() {
	sed -n "s/^$1 //p" "$table" | tr ' ' '\n' | sed -n 's/^\(-[^=:]*\)[=:].*/\1=/p; t; /^-/p' | sort -u
}

in_help() {
	# shellcheck disable=SC2046 # xferkey itself has no name
	options_of "$(xferkey $([ "$1" = xferkey ] || echo "$1") -h | awk '
		/^$/ { listed = 1 }
		!listed { print }
		listed && sub(/^ +-/, "-") { sub(/  .*/, ""); print }')"
}

in_synopsis() {
	local name=xferkey-$1
	options_of "$(awk '
		/^\.Sh/ { inside = $2 == "SYNOPSIS" }
		inside {
			gsub(/Fl Fl /, "Fl -")
			for (i = 1; i < NF; i++)
				if ($i ~ /^\.?Fl$/ && $(i + 1) !~ /^(Ar|Cm|Ns|Oc|Oo|Op|[|])$/)
					print "-" $(i + 1)
		}' "$top/share/man/man1/${name%-xferkey}.1")"
}

in_source() {
	case $1:$(sed -n "s/^$1	\([a-z]*\).*/\1/p" "$prefix/share/xferkey/commands") in
	xferkey:)
		sed -n 's/^while getopts :\([^ ]*\) .*/\1/p' "$prefix/bin/xferkey" | sed 's/./-&\n/g'
		sed -n 's/^\(--[a-z-]*\))$/\1/p' "$prefix/bin/xferkey"
		;;
	*:filter)
		sed -n 's/.*getopt(argc, argv, ":\([^"]*\)").*/\1/p' "$top/src/cmd/$1.c" |
			sed 's/[A-Za-z]/\n-&/g; s/:/=/g'
		;;
	*)
		sed -n "s/^options '\(.*\)' .*/\1/p" "$(xferkey --exec-path)/xferkey-$1" | tr ' %' '\n=' |
			sed 's/^[^=]=*$/-&/; t; s/^./--&/'
		;;
	esac | grep -e '^-[^hV]' -e '^--' | sort -u
}

@test "the options in -h, SYNOPSIS, the source and the table of completions are the same" {
	equal "$(grep -v '^#' "$table" | cut -d ' ' -f 1 | uniq)" xferkey$'\n'"$commands"
	for name in xferkey $commands; do
		case $name in
		ascp | ascp-args | get | put) continue ;;
		esac
		want=$(in_table "$name")
		source=$(in_source "$name")
		for trap in $traps; do
			[ "${trap%:*}" != "$name" ] || source=$(grep -vxF -- "${trap#*:}" <<<"$source")
		done
		equal "$name, source: $source" "$name, source: $want"
		want=${want//=/}
		equal "$name -h: $(in_help "$name" | grep -vxe -h -e -V)" "$name -h: $want"
		equal "$name(1): $(in_synopsis "$name" | grep -vxe -h -e -V)" "$name(1): $want"
	done
}

@test "an option of another program is refused with the right command" {
	for trap in $traps; do
		run -2 xferkey "${trap%:*}" "${trap#*:}"
		has 'xferkey '
	done
}

@test "ascp-args knows each option of ascp in the table" {
	for name in ascp ascp-args get put; do
		for option in $(in_table "$name"); do
			eval "$(xferkey ascp-args "${option%=}" ${option#"${option%=}"} x h:)"
			equal "$option:$ascp_unknown" "$option:"
		done
		[ -n "$option" ]
	done
}

@test "the commands accept the values in the table, and the table has all formats of the converters" {
	known=$(sed -n 's/.*\.name = "\([A-Z0-9]*\)".*/\1/p' "$top"/src/format/*.c)
	for name in keygen pubfmt privfmt fips-convert fpr permcheck; do
		for option in $(sed -n "s/^$name //p" "$table" | tr ' ' '\n' | grep :); do
			words=${option#*:} option=${option%%:*}
			for word in ${words//,/ }; do
				run -0 xferkey "$name" "$option" "$word" -h
			done
			[ "${name#*fmt}$option" = -m ] || continue
			for word in $known; do
				run xferkey "$name" -m "$word" -h
				[ "$status" -ne 0 ] || [[ ,$words, = *",$word,"* ]]
			done
		done
	done
	[ -n "$known" ]
}

# lists SHELL LINE PATTERN: after LINE and Tab, SHELL shows text that matches PATTERN, in which a blank stands for any
# blanks and line ends. Sets $output.
lists() {
	local share=$prefix/share start steps
	case $1 in
	# fish has not yet read the file
	fish) run -0 env XDG_DATA_DIRS="$share" fish -c 'complete -C $argv[1]' "$2" ;;
	bash) start="bind 'set show-all-if-ambiguous on'; . $share/bash-completion/completions/xferkey" ;;
	zsh)
		start="fpath=($share/zsh/site-functions $share/zsh/vendor-completions \$fpath)"
		start+='; autoload -Uz compinit; compinit -u -d ~/.dump'
		;;
	esac
	steps=("say $start; PS1=re''ady" 'wait ready' "type $2\\t" "wait (?s)${3// /\\s+}" 'type \x15exit 0\n')
	[ "$1" = fish ] || run -0 python3 "$top/t/fixture/pty" "${@:4}" -i < <(printf '%s\n' "${steps[@]}")
	grep -qzE -- "${3// /[[:space:]]+}" <<<"$output" || {
		echo "$2: $output"
		return 1
	}
}

# completes SHELL [OPTION ...]
completes() {
	mkdir d
	touch key key.pub
	lists "$1" 'xferkey pubfmt -m ' 'OPENSSH PEM PKCS8 RFC4716' "$@"
	lists "$1" 'xferkey -q ge' 'generate .*get' "$@"
	lists "$1" 'xferkey mail --su' '--subject' "$@"
	lists "$1" 'xferkey generate --site ena' 'ena ena-hub ena-upload' "$@"
	lists "$1" 'xferkey get ena' 'ena: ena-hub: ena-upload:|ena-hub: ena-upload: ena:' "$@"
	lists "$1" 'xferkey authorize -u daemo' 'daemon' "$@"
	lists "$1" 'xferkey import ' 'd/ key' "$@"
	run -1 grep -F key.pub <<<"$output"
	lists "$1" 'xferkey mail ' 'd/ key.pub|key.pub d/' "$@"
	lists "$1" 'xferkey fpr -P fi' 'file:' "$@"
	lists "$1" 'xferkey fpr -P file:' 'key key.pub|file:key file:key.pub' "$@"
}

@test "bash completes commands, options, formats, files, sites and accounts" {
	need python3
	completes bash --norc
}

@test "zsh completes commands, options, formats, files, sites and accounts" {
	need zsh python3
	completes zsh -f
}

@test "fish completes commands, options, formats, files, sites and accounts" {
	need fish
	completes fish
}
