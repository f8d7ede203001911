#!/usr/bin/env bats
# ascp-args: parses the arguments of ascp.

load ../lib/test

setup() {
	private_home
}

names='given mode user host sources destination key port rate kbits resume log file_list file_pair_list other unknown'

# means WANTED ARGUMENT ...: prints the variables that are not empty, as sh reads them, separated by a blank.
means() {
	local got
	got=$(
		for name in $names; do unset "ascp_$name"; done
		out=$(xferkey ascp-args "${@:2}") || exit
		eval "$out"
		for name in $names; do
			eval "value=\${ascp_$name-unset}"
			[ -z "$value" ] || printf '%s=%s ' "$name" "$value"
		done
	)
	equal "${got% }" "$1"
}

@test "short options: joined, separate, in one argument, anywhere; the last value counts" {
	means 'given= -Q -T -l  mode=send user=jane host=h sources=a destination=up/ rate=300m kbits=300000 other=-Q -T' \
		-QTl300m a jane@h:up/
	means 'given= -T -l -i  mode=send host=h sources=a destination=d key=k rate=100M kbits=100000 other=-T' \
		-T a -l100M h:d -i k
	means 'given= -i -i  mode=recv host=h sources=a destination=b key=k2' -i k1 -ik2 h:a b
	means 'given= -P -O -k -L  mode=recv host=h sources=a destination=. port=33001 resume=1 log=- other=-O33001' \
		-P 33001 -O 33001 -k1 -L- h:a .
	means 'given= -P -m -Z -R  mode=recv host=h sources=a destination=. port=33001 other=-m1M -Z1500 -Rx' \
		-P 33001 -m 1M -Z 1500 -R x h:a .
	means 'given= -w  mode=send host=h sources=a destination=. other=-wr' a -wr h:.
	means 'given= -A  other=-A' -A
	means 'given= -i  mode=send host=h sources=a' -i '' a h:
	means 'given= -S  mode=send host=h sources=a destination=b other=-SSH' -SSH a h:b
}

@test "-D may be repeated, and options after it in the argument keep their values; the P of -DDP is not a port" {
	means 'given= -D -D -L -i  mode=send host=h sources=a destination=. key=k log=- other=-D -D' -DDL- -i k a h:.
	means 'given= -D -L  mode=send host=h sources=a destination=. log=/dir:10 other=-D' -DL/dir:10 a h:.
	means 'given= -D -D -D -L  mode=send host=h sources=a destination=. log=dir other=-D -D -D' -DDDL dir a h:.
	means 'given= -Q -T -D -D -v -i  mode=send host=h sources=a destination=. key=k other=-Q -T -D -D -v' -QTDDvik a h:.
	means 'given= -D -D  mode=send host=h sources=a destination=. other=-D -DP' -DDP a h:.
	means 'given= -D -P  mode=send host=h sources=a destination=. port=33001 other=-D' -DP33001 a h:.
	means 'given= -P  mode=send host=h sources=a destination=. port=22' -P 22 a h:.
}

@test "long options: the value after = or in the next argument; full or shortened names; known or not" {
	means 'given= --mode --host --user --file-list  mode=send user=u host=h destination=. file_list=l' \
		--mode=send --host h --user=u --file-list=l .
	means "given= --mode --host  mode=recv host=h sources=a:b c@d:e destination=f" --mode recv --host=h a:b c@d:e f
	means "given= --policy --overwrite  mode=send host=h sources=a destination=b \
other='--policy=fair' '--overwrite=diff+older'" \
		--pol fair a h:b --overwrite=diff+older
	means 'given= --file  mode=send host=h sources=a destination=b other=--file unknown=--file' --file a h:b
	means "given= --new -z  mode=send host=h sources=a destination=b other='--new=x y' -z unknown='--new=x y' -z" \
		'--new=x y' -z a h:b
	means "given= --ignore-host-key --tags  mode=send host=h sources=a destination=b other=--ignore-host-key '--tags={}'" \
		--ignore-host-key '--tags={}' a h:b
}

@test "operands: users, IPv6, colons after slashes, blanks and quotes" {
	means "mode=send user=a@b.org host=h.example sources='x y' 'it'\\''s' ./c:d destination=~/up" \
		'x y' "it's" ./c:d 'a@b.org@h.example:~/up'
	means 'mode=recv user=jane host=::1 sources=/a destination=b' 'jane@[::1]:/a' b
	means 'mode=recv host=fe80::1%eth0 sources=a:b destination=.' '[fe80::1%eth0]:a:b' .
	means "mode=recv user=u host=h sources=a 'b*' destination=c" u@h:a 'u@h:b*' c
	means 'sources=a destination=b' a b
	means "mode=send host=h sources='stdio:///x?5' file:///a destination=b" 'stdio:///x?5' file:///a h:b
	means 'mode=recv host=h sources=a' h:a
	means ''
	[ ! -e evil ]
	means "mode=send host=h sources='\$(touch evil)' '\`touch evil\`' destination=;touch evil" \
		'$(touch evil)' '`touch evil`' 'h:;touch evil'
	[ ! -e evil ]
}

@test "rates: a number is Kbit/s; K, M, G and decimals; the variable is empty for an unknown rate" {
	while read -r rate kbits; do
		eval "$(xferkey ascp-args -l "$rate" a h:b)"
		equal "$ascp_rate=$ascp_kbits" "$rate=$kbits"
	done <<-END
		10000 10000
		10M 10000
		1.5g 1500000
		300m 300000
		0.0001M 1
		1.1234569M 1124
		500k 500
		0 0
		999999999G 999999999000000
		1000000000
		100MB
		50%
		10P
		M
		.
		1..5
		-5
		1e3
		x
	END
}

@test "contradictory or invalid arguments have status 2 and one line, and nothing is printed" {
	while IFS='|' read -r text arguments; do
		eval "set -- $arguments"
		says 2 "xferkey-ascp-args: $text" xferkey ascp-args "$@"
		[ ! -s "$BATS_TEST_TMPDIR/out" ]
	done <<-'END'
		-i: requires a value|-T a h:b -i
		--policy: requires a value|a h:b --policy
		--mode=up: neither send nor recv|--mode=up --host=h a b
		--host=-x: begins with -|--mode=send --host=-x a b
		--host=a b: not the name of a host|--mode=send '--host=a b' a b
		--user=-x: begins with -|--user=-x a h:b
		h:b: both sides have a host|g:a h:b
		h:b: another host or user than that of the source before it|g:a h:b c
		u@g:b: another host or user than that of the source before it|g:a u@g:b c
		g:b: another host or user than that of|a g:b c
		b: another host or user than that of|g:a b c
		:b: no host before the colon|a :b
		@h:b: no user before the @|a @h:b
		-oProxyCommand=x:b: not the name of a host|a -- -oProxyCommand=x:b
		-v:b: begins with -|a -- -v:b
		-u@h:b: begins with -|-- a -u@h:b
		h;x:b: not the name of a host|a 'h;x:b'
		h:-rf: begins with -|a h:-rf
		-x: begins with -|-- -x h:
		a\012b: a control character|$'a\nb' h:
		h:a\177: a control character|x $'h:a\177'
		[::1:b: not the name of a host|a '[::1:b'
		-: begins with -|a -
		h:a\015: a control character|x $'h:a\r'
	END
	# only the first
	run -2 xferkey ascp-args --mode=up --user=-u a b
	equal "$output" 'xferkey-ascp-args: --mode=up: neither send nor recv'
}

@test "an error on standard output is reported" {
	[ ! -c /dev/full ] || says 2 'xferkey-ascp-args: standard output: ' sh -c 'exec xferkey ascp-args a h: >/dev/full'
}
