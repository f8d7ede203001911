#!/usr/bin/env bats
# xferkey help and the manual of each command.

load ../lib/porcelain

setup() {
	private_home
	prefix=$(cd "$(dirname "$(command -v xferkey)")/.." && pwd -P)
	manual=$BATS_TEST_TMPDIR/man
	mkdir "$manual"
	cp "$prefix"/share/man/man1/xferkey* "$manual" || skip 'no manuals are installed'
	uncompress "$manual"
}

# uncompress DIRECTORY: expands the pages that a package has compressed.
uncompress() {
	find "$1" -name '*.gz' -exec gunzip {} +
}

@test "the manual of each command has all sections" {
	while read -r name _; do
		for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
			grep -xE "\\.Sh \"?$section\"?" "$manual/xferkey-$name.1"
		done
	done <"$prefix/share/xferkey/commands"
	for name in keygen privfmt fips-convert generate import mail authorize authkeys revoke ascp; do
		grep -x '.Sh SECURITY CONSIDERATIONS' "$manual/xferkey-$name.1"
	done
}

@test "the manual has every option that -h names" {
	while IFS=$'\t' read -r name kind _; do
		[ "$kind" = porcelain ] || continue
		xferkey "$name" -h | sed -n '/^usage/,/^$/p' | grep -oE '(^|[[ ])--?[a-zA-Z][a-zA-Z-]*' | tr -d '[ ' | sort -u |
			while IFS= read -r option; do
				echo "$name: $option"
				sed 's/ Fl Fl / --/g; s/ Fl / -/g; s/^\.It Fl Fl /.It --/; s/^\.It Fl /.It -/; s/^\.Op Fl Fl /.Op --/' \
					"$manual/xferkey-$name.1" | grep -qE -- "[ ,.]$option( |\$)"
			done
	done <"$prefix/share/xferkey/commands"
}

@test "help shows the page of this tree; without a page or man, the short help" {
	fake man 'ls "$MANPATH/man1/$1".1*'
	PATH=$PWD/path:$PATH
	for name in -check ''; do
		for typed in ${name#-} xferkey$name "xferkey$name(1)"; do
			run -0 xferkey -q help "$typed"
			[ "$output" -ef "$(echo "$prefix/share/man/man1/xferkey$name".1*)" ]
		done
	done
	run -0 xferkey -q help
	[ "$output" -ef "$(echo "$prefix/share/man/man1/xferkey".1*)" ]
	fake man 'exit 16'
	run -0 xferkey -q help check
	[[ $output = 'usage: xferkey check'* ]]
	run -0 xferkey -q help
	[[ $output = 'usage: xferkey '* ]]
	refused <<-'END'
		frobnicate: no such command| help frobnicate
		no such command| help ../x
		| help base.sh
		mime: no such command (xferkey lists them; xferkey help -h: the other pages)| help mime
		one command at a time| help check mail
	END
}

@test "help shows the pages of all sections, compressed ones too" {
	need gzip
	stage stage
	uncompress stage/share/man
	fake man 'shift $(($# - 1)); ls "$MANPATH"/man?/"$1".?*'
	for form in plain gz; do
		[ "$form" = plain ] || gzip -r stage/share/man
		for name in sites: sites:5 tutorial:7 ldap-authorized-keys:8 check:; do
			run -0 env PATH="$PWD/path:$PATH" stage/bin/xferkey -q help "${name%:*}"
			[[ $output = */man${name#*:}* ]]
		done
		# the real man shows both pages
		command -v man >/dev/null || continue
		run -0 env MANPAGER=cat PAGER=cat stage/bin/xferkey help sites
		has 'man -a xferkey-sites' 'profiles of data centres'
		run -0 env MANPAGER=cat PAGER=cat stage/bin/xferkey -q help ldap-authorized-keys
		has AuthorizedKeysCommand
	done
}

@test "if man is missing or fails, help prints the page of another subject as text" {
	need gzip
	stage stage
	uncompress stage/share/man
	fake man 'exit 16'
	PATH=$PWD/path:$PATH
	macro='(^|'$'\n'')[.][A-Z]|\\[e&-]'
	for name in tutorial formats ldap-authorized-keys; do
		page=$(echo stage/share/man/man?/xferkey-$name.?)
		for compress in : gzip; do
			"$compress" "$page"
			run -0 stage/bin/xferkey -q help $name
			has_line NAME DESCRIPTION 'SEE ALSO'
			[[ ! $output =~ $macro ]]
		done
		mv "$page.gz" "$page.xz"
		says 2 "man did not show the manual " stage/bin/xferkey -q help $name
	done
	# the machine has no manuals
	rm stage/share/man/man?/xferkey*
	says 2 'tutorial: no such command; the manuals are not in ' stage/bin/xferkey help tutorial
	run -0 stage/bin/xferkey -q help check
	[[ $output = 'usage: xferkey check'* ]]
}
