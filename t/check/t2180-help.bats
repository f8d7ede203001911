#!/usr/bin/env bats
# xferkey help and the manual of each command.

load ../lib/test
load ../lib/porcelain

setup() {
	private_home
	prefix=$(cd "$(dirname "$(command -v xferkey)")/.." && pwd -P)
	manual=$prefix/share/man/man1
}

@test "every command of the manifest has a manual page with the sections of one" {
	while IFS=$'\t' read -r name kind group line; do
		page=$manual/xferkey-$name.1
		echo "$page"
		[ -f "$page" ]
		grep -qx ".Nm xferkey-$name" "$page"
		for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
			grep -qxE "\\.Sh \"?$section\"?" "$page"
		done
		[ "$kind" = filter ] || [ "$kind" = porcelain ]
		[ -n "$group" ]
		[ -n "$line" ]
		grep -q "^\\.\\(It \\)\\?Xr xferkey-$name 1" "$manual/xferkey.1"
	done <"$prefix/share/xferkey/commands"
	[ -f "$manual/xferkey.1" ]
}

@test "the options that -h names are those of the manual" {
	while IFS=$'\t' read -r name kind _; do
		[ "$kind" = porcelain ] || continue
		xferkey "$name" -h | sed -n '/^usage/,/^$/p' | grep -oE '(^|[[ ])--?[a-zA-Z]+' | tr -d '[ ' | sort -u |
			while IFS= read -r option; do
				echo "$name: $option"
				sed 's/ Fl Fl / --/g; s/ Fl / -/g; s/^\.It Fl Fl /.It --/; s/^\.It Fl /.It -/; s/^\.Op Fl Fl /.Op --/' \
					"$manual/xferkey-$name.1" | grep -qE -- "[ ,.]$option( |\$)"
			done
	done <"$prefix/share/xferkey/commands"
}

@test "help shows the page of this tree, without one or without man the short help" {
	mkdir path
	printf '#!/bin/sh\necho "$MANPATH/man1/$1.1"\n' >path/man
	chmod 755 path/man
	PATH=$PWD/path:$PATH
	run -0 xferkey -q help check
	[ "$output" -ef "$manual/xferkey-check.1" ]
	run xferkey -q help
	[ "$output" -ef "$manual/xferkey.1" ]
	printf '#!/bin/sh\nexit 16\n' >path/man
	run -0 xferkey -q help check
	[[ $output = 'usage: xferkey check'* ]]
	run -0 xferkey -q help
	[[ $output = 'usage: xferkey '* ]]
	says 2 'frobnicate: no such command' xferkey help frobnicate
	says 2 'no such command' xferkey help ../x
	says 2 'no such command' xferkey help base.sh
	says 2 'one command at a time' xferkey help check mail
}

@test "help shows the pages of all sections, compressed ones too, and what has no options names its page" {
	need gzip
	libexec=$(xferkey --exec-path)
	mkdir -p stage/libexec path stage/share/man
	cp -r "$prefix/bin" stage/
	cp -r "$libexec" stage/libexec/
	cp -r "$prefix/share/xferkey" stage/share/
	cp -r "$manual" "$manual/../man5" "$manual/../man7" "$manual/../man8" stage/share/man/
	printf '#!/bin/sh\nshift $(($# - 1))\nls "$MANPATH"/man?/"$1".?*\n' >path/man
	chmod 755 path/man
	for form in plain gz; do
		[ "$form" = plain ] || gzip -r stage/share/man
		for name in sites: sites:5 tutorial:7 ldap-authorized-keys:8 check:; do
			run env PATH="$PWD/path:$PATH" stage/bin/xferkey -q help "${name%:*}"
			echo "$form $name: $output"
			[ "$status" -eq 0 ]
			[[ $output = */man${name#*:}* ]]
		done
		# by the real one, which is told to show both
		command -v man >/dev/null || continue
		run -0 env MANPAGER=cat PAGER=cat stage/bin/xferkey help sites
		[[ $output = *'man -a xferkey-sites'* ]]
		[[ $output = *'profiles of data centres'* ]]
		run -0 env MANPAGER=cat PAGER=cat stage/bin/xferkey -q help ldap-authorized-keys
		[[ $output = *AuthorizedKeysCommand* ]]
	done
	printf '#!/bin/sh\nexit 16\n' >path/man
	PATH=$PWD/path:$PATH says 2 'xferkey-help: man did not show its manual, which is ' stage/bin/xferkey -q help ldap-authorized-keys
}

@test "the text of the page: by the real man, where there is one" {
	# without one it is the short help, which the other tests here assert
	command -v man >/dev/null || return 0
	MANPAGER=cat PAGER=cat run -0 xferkey -q help setup
	[[ $output = *xferkey* ]]
	[[ $output = *'.ssh'* ]]
}
