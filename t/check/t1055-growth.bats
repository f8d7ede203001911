#!/usr/bin/env bats
# The readers of keys take time in proportion to their input, whatever the input repeats.

load ../lib/keys

setup() {
	not_packaged 'it measures time'
	private_home
}

@test "an input twice as long takes twice the time" {
	run -0 "$top/build/t/growth"
	[ "$(grep -c ', lenient: ' <<<"$output")" -gt 60 ]
	[ "$(grep -c ', mailed: ' <<<"$output")" -gt 60 ]
}

@test "a file of 1 MiB, the largest allowed, is read in seconds; a larger one is refused" {
	# the text that half of the file repeats, and the other half; "_" is a line end
	while IFS='|' read -r first second; do
		for half in "$first" "${second:-$first}"; do
			yes -- "$half" | tr -d '\n' | head -c 524288 | tr _ '\n'
		done >line
		for command in 'fpr -F' 'pubfmt -F' 'keyinfo -F' 'pubfmt -R'; do
			refuses 'line: ' bash -c 'ulimit -t 3 && exec xferkey "$@"' - $command line
		done
	done <<-'END'
		-END X-| |
		x -END RSA PRIVATE KEY-| |
		x-	|
		 -----BEGIN RSA PRIVATE KEY----- |
		-----BEGIN PRIVATE KEY-----_|
		x ssh-rsa "ssh-rsa AAAA |
		_A|
		=3D=_|
		_PuTTY-User-Key-File-3: x|
		=E2=80=94|
	END
	printf '\n ' >>line
	refuses 'line: too large' xferkey fpr -F line
}
