#!/usr/bin/env bats
# What reads keys takes time in proportion to what it reads, whatever repeats in it.

load ../lib/test

setup() {
	private_home
}

@test "twice as much takes twice as long" {
	run -0 "$top/build/t/growth"
	[ "$(grep -c ', lenient: ' <<<"$output")" -gt 60 ]
	[ "$(grep -c ', mailed: ' <<<"$output")" -gt 60 ]
}

# Of a megabyte, as much as a file may have.
@test "a megabyte in one line is read in seconds" {
	while IFS='|' read -r again more; do
		for part in "$again" "$more"; do
			yes -- "$part" | tr -d '\n' | head -c 524288
		done >line
		for command in fpr pubfmt keyinfo; do
			says 2 'line: no key in it' bash -c 'ulimit -t 3 && exec xferkey "$@"' - $command -F line
		done
		says 2 line: bash -c 'ulimit -t 3 && exec xferkey pubfmt -R line'
	done <<-'END'
		-END X-| |
		x -END RSA PRIVATE KEY-| |
		x-	|x-	|
	END
}
