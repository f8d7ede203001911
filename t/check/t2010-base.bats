#!/usr/bin/env bats
# base.sh, which the porcelain uses: quoting, steps, options, temporary directories.

load ../lib/porcelain

setup() {
	private_home
	# yash reads only characters of the locale, not bytes
	export LC_ALL=C.UTF-8
	libexec=$(xferkey --exec-path)
	IFS= read -r interpreter <"$libexec/xferkey-setup"
}

# script: standard input becomes xferkey-try, a porcelain command.
script() {
	[ -d libexec ] || stage .
	{
		printf '%s\n' "$interpreter" "usage='usage: try'" "libexecdir=\${0%/*}" \
			'. "$libexecdir/lib/base.sh"'
		cat
	} >libexec/xferkey/xferkey-try
	chmod 755 libexec/xferkey/xferkey-try
	try=$PWD/libexec/xferkey/xferkey-try
}

hostile=(plain '' 'a b' "it's" "'" "''" '"' '\' 'a\b' '*' '?' '[a]' '~' '~root' '$HOME' '`id`' '$(id)' '#x'
	'a;b' '&' '|' '<' '>' '(' ')' '{a,b}' '!' '=' '=x' -n -- - 'tab	tab' $'new\nline' $'\n' 'ünï' 'a=b')

@test "quote: every shell reads back the original text" {
	script <<'END'
quote "$@"
printf '%s\n' "$quoted"
END
	quoted=$("$try" "${hostile[@]}")
	printf '%s\0' "${hostile[@]}" >want
	for shell in sh bash dash 'busybox sh' mksh ksh93 yash; do
		command -v "${shell%% *}" >/dev/null || continue
		echo "$shell"
		$shell -c "printf '%s\\0' $quoted" >got
		cmp want got
	done
	equal "$("$try" a 'b c' /x/y.z-1:@%+,=)" "a 'b c' /x/y.z-1:@%+,="
}

@test "step: shown in a form to paste, run as given, only shown with -n" {
	script <<'END'
step "$@"
END
	sh_script record 'printf "%s\0" "$@" >got'
	printf '%s\0' "${hostile[@]}" >want
	"$try" ./record "${hostile[@]}" 2>shown
	cmp want got
	rm got
	sed '1s/^+ //' shown >pasted
	sh pasted
	cmp want got
	rm got
	XFERKEY_SHOW=1 "$try" ./record "${hostile[@]}" >shown 2>silent
	[ ! -s silent ]
	[ ! -e got ]
	sh shown
	cmp want got
	XFERKEY_QUIET=1 "$try" ./record a 2>silent
	[ ! -s silent ]
	"$try" ./record $'\e]0;title\a' 2>shown
	grep -qF "+ ./record '\033]0;title\007'" shown
	run -2 "$try" sh -c 'exit 7'
}

@test "options: long, short, joined, after operands, --, values like options" {
	script <<'END'
options 'to= o= q y login% on-off' "$@"
eval "set -- $operands"
for name in to o q y login on; do
	eval "[ -z \"\${opt_$name+given}\" ] || printf '%s=[%s] ' $name \"\$opt_$name\""
done
for operand; do
	printf '<%s>' "$operand"
done
echo
END
	while IFS='	' read -r words want; do
		eval "set -- $words"
		equal "$words: $(opt_q=x opt_to=x "$try" "$@")" "$words: $want"
	done <<-'END'
		a --to x b	to=[x] <a><b>
		--to=x=y a	to=[x=y] <a>
		--to= a	to=[] <a>
		--to '' a	to=[] <a>
		--to -x a	to=[-x] <a>
		-qy a	q=[1] y=[1] <a>
		-qyoF a	o=[F] q=[1] y=[1] <a>
		-qo F a	o=[F] q=[1] <a>
		-o-q a	o=[-q] <a>
		a -- -q --to -- b	<a><-q><--to><--><b>
		-- --	<-->
		--on-off a	on=[1] <a>
		- a	<-><a>
		"it's" '*' ''	<it's><*><>
		a --login	login=[] <a>
		--login -q a	q=[1] login=[] <a>
		a --login h	login=[h] <a>
		a --login=h b	login=[h] <a><b>
		--login= b	login=[] <b>
	END
	equal "$("$try" $'a\nb' $'--to=c\nd')" $'to=[c\nd] <a\nb>'
	while IFS='	' read -r words want; do
		eval "set -- $words"
		says 2 "xferkey-try: $want" "$try" "$@"
	done <<-'END'
		--nosuch	--nosuch: no such option
		--secret=hush	--secret: no such option
		-x	-x: no such option
		-qx	-x: no such option
		-xhush	-x: no such option
		--q=1	--q: no such option
		--to	--to: requires a value
		a -o	-o: requires a value
		--'q y'	--q y: no such option
		-=	-=: no such option
		-'?'	-?: no such option
	END
	run -0 "$try" a -h --nosuch
	equal "$output" 'usage: try'
}

@test "a temporary directory that cannot be removed does not change the status" {
	script <<'END'
tmpdir
exit 0
END
	fake rm 'echo "rm: no" >&2; exit 1'
	mkdir tmp
	TMPDIR=$PWD/tmp PATH=$PWD/path:$PATH run -0 "$try"
	equal "$output" 'rm: no'
}

@test "all_read: a loop that read ended before the last line is trouble" {
	script <<'END'
printf '1\n2\n' >f
all_read 2 f || echo wrong
all_read 1 f || echo cut
all_read 0 /nonexistent/f || echo absent
END
	run -0 --separate-stderr "$try"
	equal "$output" $'cut\nabsent'
	grep -q 'f: cannot read line 2' <<<"$stderr"
}

@test "only leave ends with another status than 0 and 2: what a shell says when it cannot go on is no answer" {
	for end in 'exit 1' 'exit 3' false 'exit 77' 'while :; do break; done <nosuch'; do
		script <<<"$end"
		run "$try"
		echo "$end: $status: $output"
		[ "$status" -eq 2 ]
	done
	for status in 0 1 75 77; do
		script <<<"leave $status"
		run -$status "$try"
	done
}

@test "tmpdir: private, and removed after success, an error and each signal" {
	export TMPDIR="$PWD/t m p"
	mkdir "$TMPDIR"
	script <<'END'
tmpdir
echo secret >"$tmp/file"
ls -ld "$tmp" "$tmp/file" | cut -c 1-10
case $1 in
die) die 'trouble' ;;
fail) false ;;
child)
	attend sh -c 'echo "$$" >"$1"; exec sleep 60' sh "$2" || exit
	;;
big) head -c 3000 /dev/zero >"$tmp/file" || die "$tmp/file: cannot write" ;;
answer) leave 1 ;;
*) exit "$1" ;;
esac
END
	for case in '0 0' '3 2' 'answer 1' 'die 2' 'fail 2'; do
		run "$try" "${case% *}"
		echo "$case: $status: $output"
		[ "$status" -eq "${case#* }" ]
		[ "${lines[0]}" = drwx------ ]
		[ "${lines[1]}" = -rw------- ]
		[ -z "$(ls -A "$TMPDIR")" ]
	done
	# a file that may not grow is an error, and no end by a signal
	for blocks in 0 1; do
		run -2 bash -c "ulimit -f $blocks; exec \"\$0\" big" "$try"
		has 'xferkey-try: '
		[ -z "$(ls -A "$TMPDIR")" ]
	done
	for signal in HUP INT TERM XCPU VTALRM; do
		rm -f pid
		# INT is not ignored, as if started from a terminal
		env --default-signal=INT "$try" child pid >/dev/null 3>&- &
		ended_by $signal pid
		[ -z "$(ls -A "$TMPDIR")" ]
	done
	TMPDIR=/nonexistent says 2 '/nonexistent: cannot make a directory' "$try" 0
}

@test "attend: the command has standard input and each descriptor that the user gave" {
	script <<<'attend sh -c "cat - /dev/fd/[389]"'
	run -0 "$try" <<<0 3<<<3 8<<<8 9<<<9
	equal "$output" $'0\n3\n8\n9'
}

@test "die: prints one line, whatever the text" {
	script <<'END'
die "$1"
END
	says 2 'xferkey-try: a?b\033c -n %s \n' "$try" $'a\nb\ec -n %s \\n'
}

@test "advise: prints only on a terminal" {
	script <<'END'
advise 'xferkey something'
END
	run "$try"
	equal "$output" ''
	terminal -- "$try"
	equal "$output" 'next: xferkey something'
	XFERKEY_QUIET=1 terminal -- "$try"
	equal "$output" ''
}

@test "ask_filter: status 1 and 2 are findings; a filter that cannot be run is an error" {
	script <<'END'
. "$libexecdir/lib/key.sh"
tmpdir
if ask_filter fake "$1"; then print_line "yes $line"; else print_line "no $trouble"; fi
END
	sh_script libexec/xferkey/xferkey-fake 'echo said' 'echo "xferkey-fake: file: a fact" >&2' 'exit "$1"'
	equal "$("$try" 0 2>/dev/null)" 'yes said'
	equal "$("$try" 1 2>/dev/null)" 'no saidfile: a fact'
	equal "$("$try" 2 2>/dev/null)" 'no saidfile: a fact'
	for status in 3 126 127 137; do
		run "$try" "$status"
		[ "$status:${lines[-1]}" = "2:xferkey-try: xferkey fake: failed with status ${output##* }" ]
	done
}
