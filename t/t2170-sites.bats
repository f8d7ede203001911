#!/usr/bin/env bats
# xferkey sites: the profiles, for people and for scripts.

load test
load porcelain

setup() {
	private_home
}

@test "off a terminal: six columns apart by tabs" {
	run xferkey sites
	[ "$status" -eq 0 ]
	IFS=$'\t' read -r name host port key source age rest <<<"$output"
	equal "$name $host $port $key" 'ihmp aspera.ihmpdcc.org 22 own'
	[[ $source = https://* ]]
	[[ $age =~ ^-?[0-9]+$ ]]
	[ -z "$rest" ]
}

@test "one site: every field; on a terminal too" {
	run xferkey sites ihmp
	[ "$status" -eq 0 ]
	grep -qx $'host\taspera.ihmpdcc.org' <<<"$output"
	grep -qx $'subject\tiHMP-DCC ASPERA ACCESS' <<<"$output"
	grep -qx $'tried\tnot tried against the live service' <<<"$output"
	equal "$(cut -f 1 <<<"$output" | tr '\n' ' ')" 'title host port flags to subject key individual types bits passphrase source checked tried '
	terminal -- xferkey sites ihmp
	[ "$status" -eq 0 ]
	grep -qx 'host *aspera.ihmpdcc.org' <<<"$output"
	terminal -- xferkey sites
	[ "$status" -eq 0 ]
	[[ ${lines[0]} = ihmp*aspera.ihmpdcc.org*iHMP* ]]
	[ "${lines[-1]}" = 'next: xferkey generate --site NAME' ]
}

@test "the age is counted in days, over leap years and centuries" {
	mkdir -p stage/libexec/xferkey stage/share/xferkey/sites path
	libexec=$(xferkey --exec-path)
	cp "$libexec/xferkey-sites" "$libexec/xferkey-sh-setup" "$libexec/xferkey-vis" stage/libexec/xferkey/
	while read -r checked today days; do
		printf 'title = x\nhost = h\nport = 1\nkey = own\nsource = s\nchecked = %s\n' "$checked" \
			>stage/share/xferkey/sites/x
		printf '#!/bin/sh\necho %s\n' "$today" >path/date
		chmod 755 path/date
		PATH=$PWD/path:$PATH run stage/libexec/xferkey/xferkey-sites
		equal "$checked $today ${output##*$'\t'}" "$checked $today $days"
	done <<-END
		2026-11-21 2026-11-21 0
		2026-11-21 2026-11-22 1
		2026-02-28 2026-03-01 1
		2028-02-28 2028-03-01 2
		2026-08-09 2027-08-09 365
		1999-12-31 2000-03-01 61
		2099-12-31 2100-03-01 60
		1970-01-01 2026-11-21 20778
	END
}

@test "a profile is data: nothing in it is evaluated, and what is no field is refused" {
	mkdir -p stage/libexec/xferkey stage/share/xferkey/sites
	libexec=$(xferkey --exec-path)
	cp "$libexec/xferkey-sites" "$libexec/xferkey-sh-setup" "$libexec/xferkey-vis" stage/libexec/xferkey/
	profile=stage/share/xferkey/sites/x
	# shellcheck disable=SC2016 # for a shell that would evaluate it
	for value in '$(touch evil)' '`touch evil`' '; touch evil' '"; touch evil' "'; touch evil" 'a[$(touch evil)]' '-x' '*'; do
		printf 'title = %s\n' "$value" >"$profile"
		equal "$(stage/libexec/xferkey/xferkey-sites x | sed 1q)" $'title\t'"$value"
		for field in port bits checked; do
			printf '%s = %s\n' "$field" "$value" >"$profile"
			[ "$field: $value" = 'checked: -x' ] ||
				says 2 'sites/x: port, bits or checked: not a number' stage/libexec/xferkey/xferkey-sites x
		done
	done
	for line in 'title host = x' 'colour = x' 'title' ' title = x' 'title=x' 'title	= x' 'a[$(touch evil)] = x'; do
		printf '%s\n' "$line" >"$profile"
		says 2 'sites/x: ' stage/libexec/xferkey/xferkey-sites x
	done
	for value in 'a\rBcc: x' 'a\r' 'a\033[31m' 'a\tb'; do
		printf "subject = $value\n" >"$profile"
		says 2 'sites/x: a control character' stage/libexec/xferkey/xferkey-sites x
	done
	[ ! -e evil ]
}

@test "what is no site is status 2" {
	says 2 'nosuch: no such site' xferkey sites nosuch
	says 2 'not the name of a site' xferkey sites ../commands
	says 2 'not the name of a site' xferkey sites ''
	says 2 'one site at a time' xferkey sites ihmp ihmp
}
