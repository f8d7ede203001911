#!/usr/bin/env bats
# make lint finds nothing in this tree, and finds each planted problem.

load ../lib/test

setup() {
	unset MAKEFLAGS MFLAGS MAKELEVEL
}

# clean CHECK ...: lint finds nothing.
clean() {
	run -0 sh "$top/t/tools/lint" "$@"
	[ -z "$output" ]
}

@test "shellcheck is silent" {
	need shellcheck
	clean shell
}

@test "every disabled check of shellcheck has a reason beside it" {
	clean reasons
}

@test "every assertion of the tests can fail" {
	clean dead
}

@test "mandoc is silent" {
	need mandoc
	clean man
}

@test "gcc and clang are silent" {
	need gcc clang
	clean c
}

@test "mains, porcelain and functions do not exceed their sizes" {
	clean size
}

@test "every command has a -h of one screen, and its manual has the same options" {
	clean help
}

@test "every command of the manifest exists, with its manual" {
	clean manifest
}

@test "no unfinished work, and no path of one machine, is in the tree" {
	clean words
}

# plant FILE LINE: puts a problem into the copy.
plant() {
	printf '%s\n' "$2" >>"$tree/$1"
}

@test "lint finds each planted problem" {
	need shellcheck mandoc gcc clang
	tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/libexec/xferkey/lib" "$tree"/src/{base,cmd} "$tree/t/tools" "$tree/build"
	(cd "$top" && cp -R Makefile bin share "$tree")
	for file in libexec/xferkey/{xferkey-fpr,lib/base.sh} t/tools/lint src/rules src/base/slice.{c,h} src/cmd/fpr.c; do
		cp "$top/$file" "$tree/$file"
	done
	plant src/base/slice.c 'int slice_bad(int n) { int m; { int n = 1; m = n; } return n; }'
	printf '\n%.0s' {1..200} >>"$tree/src/cmd/fpr.c"
	plant src/base/slice.h "// $tree/src"
	plant src/base/slice.c '// /home/''joe/src'
	plant bin/xferkey 'echo $1'
	plant bin/xferkey '# shellcheck disable=SC2086'
	plant bin/xferkey "$(printf 'long() {\n'; printf ':\n%.0s' {1..60}; echo '}')"
	plant share/man/man1/xferkey-fpr.1 '.Ed'
	plant share/man/man7/xferkey-tutorial.7 '.Xr xferkey-none 5'
	plant share/man/man8/xferkey-ldap-authorized-keys.8 "$(printf 'word %.0s' {1..20})"
	sed -i 's/^\.It Fl v/.It Fl V/' "$tree/share/man/man1/xferkey-fpr.1"
	plant share/xferkey/commands 'late	porcelain	help	not yet'
	plant share/xferkey/commands 'half	filter'
	plant libexec/xferkey/lib/base.sh 'lib() { echo $1; }'
	plant t/test.bats $'f() {\n\tcd x\n}'
	# the library assigns tool and reads quiet
	sh_script "$tree/libexec/xferkey/xferkey-setup" 'yes | head -n 30' '[ -n "${GO-}" ] || exit 1' \
		'libexecdir=${0%/*}' '. "$libexecdir/lib/base.sh"' 'quiet=1 unread=1' 'echo "$tool $unset"'
	run -1 sh "$tree/t/tools/lint"
	[[ ! $output =~ xferkey-setup:[^$'\n']*(quiet|tool) ]]
	while read -r problem; do
		grep -E "$problem" <<<"$output" || {
			echo "not found: $problem"
			return 1
		}
	done <<-'END'
		^gcc: src/base/slice\.c:
		^clang: src/base/slice\.c:
		^src/cmd/fpr\.c: [0-9]+ lines, more than 200
		^src/base/slice\.h:[0-9]+: unfinished
		^src/base/slice\.c:[0-9]+: unfinished
		^bin/xferkey:.*Double quote
		^libexec/xferkey/lib/base\.sh:.*Double quote
		^libexec/xferkey/xferkey-setup:.*unset is referenced but not assigned
		^libexec/xferkey/xferkey-setup:.*unread appears unused
		^t/test\.bats:.*Use 'cd
		^bin/xferkey:[0-9]+: shellcheck disabled without a reason
		^bin/xferkey:[0-9]+: a function of 62 lines
		^share/man/man1/xferkey-fpr\.1: -v: not in it
		xferkey-tutorial\.7: xferkey-none\(5\): no such page
		xferkey-ldap-authorized-keys\.8:.*longer than 80 bytes
		xferkey-fpr\.1:.*: skipping end of block
		^share/xferkey/commands:[0-9]+: not a name
		^share/man/man1/xferkey-late\.1: missing
		^libexec/xferkey/xferkey-late: not an executable
		^xferkey setup -h: status 1
		^xferkey setup -h: 30 lines
		^src/cmd/keygen\.c: missing
	END
}

# in_copy FILE FIRST: makes FIRST and then standard input the only test in a copy, and runs lint there.
in_copy() {
	tree=$BATS_TEST_TMPDIR/tree
	rm -rf "$tree"
	mkdir -p "$tree/t/tools" "$tree/share/xferkey"
	cp "$top/t/tools/lint" "$tree/t/tools/"
	: >"$tree/Makefile"
	: >"$tree/share/xferkey/commands"
	{
		echo "$2"
		cat
	} >"$tree/t/$1"
	run sh "$tree/t/tools/lint" dead
}

@test "lint finds an assertion that cannot fail, in every form and at every place" {
	while IFS= read -r line; do
		line=${line#'# '}
		for file in t.bats h.bash script; do
			case $file:$line in
			script:equal*) continue ;; # scripts join many other commands with &&
			script:*) first=$'#!/bin/sh\nset -eu' n=3 ;;
			*) first='# a test' n=2 ;;
			esac
			in_copy "$file" "$first" < <(printf '%s\n' "$line" echo)
			[ "$status" -eq 1 ]
			[ "${#lines[@]}" -eq 1 ]
			[[ $output = "t/$file:$n: "* ]]
		done
	done <<-'END'
		# ! true
		# ! grep -q x file
		# ! printf x | grep x
		# ! [ 1 = 1 ]
		# ! { true; }
		# ! (cd / && true)
		# true; ! true; true
		# if true; then ! true; fi
		# for x in 1 2; do ! true; done
		# { ! true; true; }
		# (! true; true)
		# case x in x) ! true ;; esac
		# false || ! true
		# [ 1 = 2 ] && [ 1 = 1 ]
		# [ 1 = 2 ] && true
		# [ 1 = 2 ] && false
		# [[ 1 = 2 ]] && [[ 1 = 1 ]]
		# grep -q x /dev/null && grep -q y /dev/null
		# equal 1 2 && equal 1 1
		# [ 1 = 2 ] || true
		# [ 1 = 2 ] || :
		# [[ 1 = 2 ]] || true
		# grep -q x /dev/null || true
		# local x=$(false)
		# export x="$(false)"
		# run cat file | grep x
		# X=y run cat file | grep x
	END
	# in a function, in a here-document, in a quoted script, over two lines
	for shape in 'f() {\n! true\n}' 'sh -e <<-"END"\n! true\nEND' \
		"sh -ec '\n! true\ntrue'" '! true |\ncat' '[ 1 = 2 ] &&\ntrue'; do
		in_copy t.bats '#!/usr/bin/env bats' < <(printf "$shape"; printf '\necho\n')
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "lint does not report an assertion that can fail" {
	in_copy t.bats '#!/usr/bin/env bats' <<-'END'
		! true || false
		! printf x | grep x || return 1
		! grep -q x file ||
			finding "x"
		if ! true; then false; fi
		while ! true; do :; done
		true && ! true || false
		[ 1 = 1 ]
		[[ x = x && y = y ]]
		(cd / && [ -d tmp ])
		[ "$(cd / && pwd)" = / ]
		[ 1 = 1 ] && return 0
		[ 1 = 1 ] && x=1 || x=2
		kill 1 2>/dev/null || :
		grep x file >out || :
		x=$(grep -c x file || :)
		local x
		x=$(false)
		run bash -c 'cat file | grep x'
		# ! true
		echo "! true" '&& ! true' "it's && that"
		f() { ! true; }
		f() {
			[ 1 = 1 ] && [ 2 = 2 ]
		}
	END
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}
